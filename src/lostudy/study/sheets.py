"""The codebook's CSV files as people save them: any separator and encoding, with row numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from lostudy.errors import Problem, shown


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

    Comma, semicolon and tab are recognised from the header; UTF-8 (with or without mark) and
    Windows-1252 are read.
    """
    if not path.exists():
        problems.append(Problem("this file is missing", "add it", shown(path)))
        return []
    lines = _decode(path.read_bytes())
    header = lines.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    table = list(csv.reader(io.StringIO(lines, newline=""), delimiter=separator))
    columns = [name.strip() for name in table[0]] if table else []
    _check_columns(path, columns, required, optional, problems)
    filled = (
        (number, cells) for number, cells in enumerate(table[1:], 2) if any(map(str.strip, cells))
    )
    return [
        Row(number, dict(zip(columns, map(str.strip, cells), strict=False)))
        for number, cells in filled
    ]


def _decode(raw: bytes) -> str:
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
    for name in required:
        if name not in columns:
            problems.append(Problem(f"column '{name}' is missing", "add it", shown(path), row=1))
    for name in columns:
        if name not in known:
            cure = f"known columns: {', '.join(known)}"
            problems.append(Problem(f"unknown column '{name}'", cure, shown(path), row=1))
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        problems.append(Problem(f"column '{name}' stands twice", "keep one", shown(path), row=1))
