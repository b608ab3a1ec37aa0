"""Who approved what: two names for the content of a release, two for a problem that is accepted.

They stand in data/ledger/approvals.csv, a line each: what, who, when, and for a problem why. A name
is written for a digest of the content; another content needs other approvals.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

from lostudy.errors import DisclosureError, Problem
from lostudy.study import Study

FILE = "data/ledger/approvals.csv"
COLUMNS = ["what", "name", "on", "reason"]
Names = list[str]


def code_of(problem: Problem) -> str:
    """A short name for a problem, by which it can be accepted.

    >>> code_of(Problem("x", "y")) == code_of(Problem("x", "y"))
    True
    """
    return hashlib.sha256(str(problem).encode()).hexdigest()[:8]


def approve(study: Study, what: str, name: str, reason: str = "") -> None:
    """Write down that somebody approves a content, or accepts a problem for a reason.

    Raises DisclosureError for a name that is none, and for a problem accepted without a reason.
    """
    accepts = len(what) == len(code_of(Problem("", "")))
    problems = []
    if len(name.split()) < 2:
        problems.append(Problem("an approval without first and last name", "give both"))
    if accepts and len(reason.split()) < 3:
        problems.append(Problem("an exception without a reason", "say why in a sentence: --reason"))
    if problems:
        raise DisclosureError(problems)
    path = study.folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerow([what, " ".join(name.split()), dt.date.today().isoformat(), reason])


def names_for(study: Study, what: str) -> Names:
    """The different persons who approved something, in the order in which they did."""
    names = [row["name"] for row in _rows(study.folder) if row["what"] == what]
    return list({name.casefold(): name for name in names}.values())


def accepted(study: Study, problems: Sequence[Problem]) -> tuple[tuple[Problem, str], ...]:
    """The problems that two different persons accepted, each with the reason first given."""
    reasons = {row["what"]: row["reason"] for row in reversed(_rows(study.folder))}
    codes = {problem: code_of(problem) for problem in problems}
    twice = {code for code in codes.values() if len(names_for(study, code)) >= 2}
    return tuple((problem, reasons[code]) for problem, code in codes.items() if code in twice)


def _rows(folder: Path) -> list[dict[str, str]]:
    path = folder / FILE
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
