"""A finding: a number, table, figure, quote or claim with a stable name, its texts, its origin."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field

from lostudy.errors import Problem, StudyError

LONGEST = 52
FORM = re.compile(r"[a-z0-9_]+(\.[A-Za-z0-9_]+)*")
KINDS = ("number", "interval", "claim", "figure", "table", "quote")
STATUSES = {
    "claim": ("holds", "broken", "too_few"),
    "quote": ("draft", "checked", "withdrawn"),
}


@dataclass(frozen=True)
class Finding:
    """One record of reports/findings.json; `evidence` is what a claim or a number rests on.

    `label_*`: what it is about. `decimals` and `signed`: how its numbers are printed. `wording`:
    the judgement on a change, a key of the wording ladder. `words`: the further texts of a kind:
    of a figure `caption` and `alt`, of a table `notes`, of a quote `who_nl` and `who_en`. `cells`:
    the cells of a table or the values behind a figure as they are read, the headings first.
    `files`: ending → path under reports/. `tables`: organisation → hash of the tidy tables that
    were read. `status`: of a claim holds, broken or too_few; of a quote draft, checked or
    withdrawn (then it has no words any more); of the other kinds empty.
    """

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
    tables: dict[str, str] = field(default_factory=dict)
    code: str = ""
    label_nl: str = ""
    label_en: str = ""
    decimals: int | None = None
    signed: bool = False
    wording: str = ""
    words: dict[str, str] = field(default_factory=dict)
    cells: tuple[tuple[str, ...], ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    cell: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            cure = f"one of: {', '.join(KINDS)}"
            raise StudyError(Problem(f"kind '{self.kind}' of finding '{self.id}' is unknown", cure))
        allowed = STATUSES.get(self.kind, ("",))
        if self.status not in allowed:
            what = f"status '{self.status}' of finding '{self.id}' is none of a {self.kind}"
            raise StudyError(Problem(what, f"one of: {', '.join(allowed) or 'none'}"))

    def as_dict(self) -> dict:
        """The record as it stands in the registry."""
        lists = {"evidence": list(self.evidence), "cells": [list(row) for row in self.cells]}
        return {**asdict(self), **lists}


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
