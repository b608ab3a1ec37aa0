"""Named results with their evidence: numbers and claims that the essay can use and CI can check."""

from lostudy.findings.claims import CONDITIONS, judge
from lostudy.findings.record import Finding, finding_id
from lostudy.findings.registry import append, compare, read_registry, write_registry

__all__ = [
    "CONDITIONS",
    "Finding",
    "append",
    "compare",
    "finding_id",
    "judge",
    "read_registry",
    "write_registry",
]
