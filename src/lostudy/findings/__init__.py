"""Named results with their evidence: what the essay can use and CI can check."""

from lostudy.findings.claims import CONDITIONS, LIMITS, judge, judge_limits
from lostudy.findings.differences import Difference, compare, differences
from lostudy.findings.forms import FORMS, forms_of, text_of
from lostudy.findings.record import Finding, finding_id
from lostudy.findings.registry import append, read_registry, write_registry

__all__ = [
    "CONDITIONS",
    "FORMS",
    "LIMITS",
    "Difference",
    "Finding",
    "append",
    "compare",
    "differences",
    "finding_id",
    "forms_of",
    "judge",
    "judge_limits",
    "read_registry",
    "text_of",
    "write_registry",
]
