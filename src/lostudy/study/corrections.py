"""codebook/corrections.csv → the changes that people made by hand, each with a reason and a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from lostudy.errors import Problem, shown
from lostudy.study.model import Correction
from lostudy.study.sheets import read_sheet

CORRECTION_COLUMNS = ("delivery", "key", "column", "old", "new", "reason", "who", "date")


def read_corrections(path: Path, problems: list[Problem]) -> tuple[Correction, ...]:
    """The lines of corrections.csv; an empty cell or a day that is none is added to `problems`."""
    if not path.exists():
        return ()
    rows = read_sheet(path, CORRECTION_COLUMNS, (), problems)
    for row in rows:
        for column in (
            name for name in ("delivery", "key", "column", "reason", "who", "date") if not row[name]
        ):
            problems.append(Problem("an empty cell", "fill it in", shown(path), row.number, column))
        if row["date"] and not _is_day(row["date"]):
            what, cure = "not a date", "write the day of the correction as year-month-day"
            problems.append(Problem(what, cure, shown(path), row.number, "date"))
    return tuple(
        Correction(row=row.number, **{column: row[column] for column in CORRECTION_COLUMNS})
        for row in rows
    )


def _is_day(text: str) -> bool:
    """Whether this is a day, year first or as a Dutch Excel writes it back (day first)."""
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return bool(dt.datetime.strptime(text, form))
        except ValueError:
            continue
    return False
