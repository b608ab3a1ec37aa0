"""What can go wrong, in five classes, each with its own exit code.

A message says what, where and what to do, and never holds a respondent's value. Problems are
collected and shown together, so that somebody who mends a delivery mends it once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is, and the cure.

    `file` is shown as given, `row` counts as a spreadsheet does (the header is row 1), `column` is
    the heading. `severity` is "error" (stops), "repair" (mended and logged) or "note". `rows` are
    all rows it is about, where there are more; `row` is the first of them. `topic` is what a letter
    calls it, where the rule alone does not say so.

    >>> print(Problem("item 'pm09' is in no scale", "add it to scales.csv", "items.csv", row=4))
    items.csv, row 4: item 'pm09' is in no scale. To do: add it to scales.csv
    >>> print(Problem("not a date", "mend them", "survey.csv", row=4, rows=(4, 7)))
    survey.csv, rows 4 and 7: not a date. To do: mend them
    """

    what: str
    cure: str
    file: str = ""
    row: int | None = None
    column: str | None = None
    rule: str = ""
    severity: str = "error"
    rows: tuple[int, ...] = ()
    topic: str = ""

    def __str__(self) -> str:
        row = "" if self.row is None else listed(self.rows or (self.row,))
        column = "" if self.column is None else f"column '{_short(self.column)}'"
        where = ", ".join(part for part in (self.file, row, column) if part)
        said = f"{self.what}. To do: {self.cure}"
        return f"{where}: {said}" if where else said


def listed(rows: Sequence[int], most: int = 5) -> str:
    """Row numbers in words; of many only the first ones.

    >>> listed([4]), listed([4, 7, 9]), listed(range(2, 20))
    ('row 4', 'rows 4, 7 and 9', 'rows 2, 3, 4, 5, 6 and 13 more')
    """
    shown = [str(row) for row in rows[:most]]
    if len(rows) > most:
        return f"rows {', '.join(shown)} and {len(rows) - most} more"
    *first, last = shown
    return f"rows {', '.join(first)} and {last}" if first else f"row {last}"


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
