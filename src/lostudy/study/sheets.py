"""The codebook's CSV files as people save them: any separator and encoding, with row numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lostudy.errors import Problem, shown

UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Row:
    """A row of a sheet: its number as Excel shows it, and its cells, stripped."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_sheet(
    path: Path, required: tuple[str, ...], optional: tuple[str, ...], problems: list[Problem]
) -> list[Row]:
    """The filled rows of a CSV file; what is wrong with it is added to `problems`.

    Comma, semicolon and tab are recognised from the header; UTF-8, UTF-16 (with its mark) and
    Windows-1252 are read.
    """
    if not path.exists():
        problems.append(Problem("this file is missing", "add it", shown(path)))
        return []
    table = _table(path, problems)
    columns = [name.strip() for name in table[0]] if table else []
    _check_columns(path, columns, required, optional, problems)
    filled = [
        (number, [cell.strip() for cell in cells])
        for number, cells in enumerate(table[1:], 2)
        if any(map(str.strip, cells))
    ]
    _check_width(path, filled, columns, problems)
    return [Row(number, dict(zip(columns, cells, strict=False))) for number, cells in filled]


def _table(path: Path, problems: list[Problem]) -> list[list[str]]:
    """The records of the file; none where a quote is not closed."""
    text = _decode(path.read_bytes())
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    table: list[list[str]] = []
    try:
        for record in reader:
            table.append(record)
    except csv.Error:
        what = "a double quote is not closed, or stands inside a quoted cell"
        cure = "mend the quotes in this row, or save the file again from Excel"
        problems.append(Problem(what, cure, shown(path), row=len(table) + 1))
        return table[:1]
    return table


def _decode(raw: bytes) -> str:
    if raw.startswith(UTF_16):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _check_columns(
    path: Path,
    columns: list[str],
    required: tuple[str, ...],
    optional: tuple[str, ...],
    problems: list[Problem],
) -> None:
    known = (*required, *optional)
    found = [
        (f"column '{name}' is missing", "add it") for name in required if name not in columns
    ]
    cure = f"known columns: {', '.join(known)}"
    found += [(f"unknown column '{name}'", cure) for name in columns if name and name not in known]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    found += [(f"column '{name}' stands twice", "keep one") for name in twice]
    problems.extend(Problem(what, cure, shown(path), row=1) for what, cure in found)


def _check_width(
    path: Path,
    rows: Sequence[tuple[int, list[str]]],
    columns: list[str],
    problems: list[Problem],
) -> None:
    """A separator that was not quoted shifts cells to where they do not belong."""
    for number, cells in rows:
        headings = [*columns, *[""] * len(cells)]
        if any(cell and not name for cell, name in zip(cells, headings, strict=False)):
            what = "a cell without a heading above it"
            cure = "put cells that hold a separator between double quotes"
            problems.append(Problem(what, cure, shown(path), row=number))
