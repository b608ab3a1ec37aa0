"""A finding: a number or a claim with a stable name, its text in two languages, its origin."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field

from lostudy.errors import Problem, StudyError

LONGEST = 52
FORM = re.compile(r"[a-z0-9_]+(\.[A-Za-z0-9_]+)*")
KINDS = ("number", "interval", "claim", "figure", "table", "quote")


@dataclass(frozen=True)
class Finding:
    """One record of reports/findings.json; `evidence` is what a claim or a number rests on."""

    id: str
    kind: str
    question: str
    organisation: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    unit: str
    text_nl: str
    text_en: str
    method: str
    status: str = ""
    condition: str = ""
    evidence: tuple[str, ...] = ()
    notebook: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    plan: str = ""
    tables: str = ""
    code: str = ""

    def as_dict(self) -> dict:
        """The record as it stands in the registry."""
        return {**asdict(self), "evidence": list(self.evidence)}


def finding_id(*parts: str) -> str:
    """A finding's name from its parts; raises StudyError where it is no name or too long for Word.

    >>> finding_id("lq2", "VA", "change", "B")
    'lq2.VA.change.B'
    """
    name = ".".join(part for part in parts if part)
    if not FORM.fullmatch(name):
        raise StudyError(
            Problem(
                f"'{name}' is no name of a finding", "use letters, digits and _, joined with dots"
            )
        )
    if len(name) > LONGEST:
        raise StudyError(
            Problem(
                f"finding '{name}' has a name of {len(name)} characters", f"use at most {LONGEST}"
            )
        )
    return name
