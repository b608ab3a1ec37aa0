"""What can go wrong, in five classes, each with its own exit code.

A message says what, where and what to do, and never holds a respondent's value. Problems are
collected and shown together, so that somebody who mends a delivery mends it once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is, and the cure.

    `file` is shown as given, `row` counts as a spreadsheet does (the header is row 1), `column` is
    the heading. `severity` is "error" (stops), "repair" (mended and logged) or "note".

    >>> print(Problem("item 'pm09' is in no scale", "add it to scales.csv", "items.csv", row=4))
    items.csv, row 4: item 'pm09' is in no scale. To do: add it to scales.csv
    """

    what: str
    cure: str
    file: str = ""
    row: int | None = None
    column: str | None = None
    rule: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        row = "" if self.row is None else f"row {self.row}"
        column = "" if self.column is None else f"column '{_short(self.column)}'"
        where = ", ".join(part for part in (self.file, row, column) if part)
        said = f"{self.what}. To do: {self.cure}"
        return f"{where}: {said}" if where else said


def _short(heading: str, most: int = 60) -> str:
    return heading if len(heading) <= most else heading[: most - 1] + "…"


class LostudyError(Exception):
    """The base of the five classes; carries every problem found, not only the first."""

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple:
        return (type(self), (self.problems,))


class StudyError(LostudyError):
    """The declaration (study.toml, codebook/) or a parameter is wrong."""

    exit_code = 10


class DataError(LostudyError):
    """A delivery cannot be read, or holds what the declaration does not know."""

    exit_code = 11


class DisclosureError(LostudyError):
    """A table or file would show something about a person."""

    exit_code = 12


class RunError(LostudyError):
    """A notebook failed, or a run could not be finished."""

    exit_code = 13


class DocumentError(LostudyError):
    """An author's document cannot be read or written, or says what the findings do not."""

    exit_code = 14


def shown(path: Path | str, base: Path | None = None) -> str:
    """A path as messages show it: relative to `base` where possible, else its last two parts.

    >>> shown("/home/somebody/study/data/raw/A/T0/survey.csv")
    'T0/survey.csv'
    """
    path = Path(path)
    if base is not None and path.is_relative_to(base):
        return path.relative_to(base).as_posix()
    return "/".join(path.parts[-2:]).lstrip("/")
