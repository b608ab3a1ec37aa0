"""A table of coded passages as records: CSV or the sheets of a workbook, headings as written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import kind_of, repair
from lostudy.deliveries.sheets import WORKBOOKS, Sheet, read_sheets
from lostudy.deliveries.survey.grid import body, open_grid, unique_headings
from lostudy.errors import DataError, Problem

TITLE_ROWS = 8
FEWEST_HEADINGS = 3
SHOWN = 40
RANGE = re.compile(r"([A-Z]+)(\d+):[A-Z]+(\d+)")
UNNAMED = re.compile(r"column \d+")


@dataclass(frozen=True)
class Rows:
    """Headings (unique) and records; a record is (row in the file, {folded heading: text})."""

    path: Path
    headings: list[str]
    records: list[tuple[int, dict[str, str]]]
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    repairs: tuple[Problem, ...] = field(default=())

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        return iter(self.records)

    def folded(self) -> list[str]:
        """The headings in lower case, without spaces around them."""
        return [heading.strip().casefold() for heading in self.headings]

    def how(self) -> dict[str, Any]:
        """How the file was decoded, for the delivery's Source."""
        return {"encoding": self.encoding, "separator": self.separator}


def open_rows(path: Path) -> list[Rows]:
    """One Rows per filled sheet, or one for a text file."""
    if kind_of(path) in WORKBOOKS:
        return [
            _records(path, sheet) for sheet in read_sheets(path) if sheet.rows
        ]
    grid = open_grid(path)
    names, mended = unique_headings(path, grid.head[0])
    try:
        frame, more = body(grid, 1, names)
    except DataError as error:
        if error.problems[0].rule == "survey.no-records":
            return [Rows(path, names, [], encoding="", separator=grid.separator)]
        raise
    keys = [name.strip().casefold() for name in names]
    cells = frame.astype("object").where(frame.notna(), "")
    records = [
        (int(row), dict(zip(keys, values, strict=True)))
        for row, values in zip(frame.index, cells.itertuples(index=False), strict=True)
    ]
    encoding = grid.text.encoding if grid.text else ""
    repairs = (*grid.repairs, *mended, *more)
    return [Rows(path, names, records, "", encoding, grid.separator, repairs)]


def below_title(rows: Rows) -> Iterator[Rows]:
    """A sheet read again from each of its first rows: reports have a title above their headings."""
    for at in range(min(TITLE_ROWS, len(rows.records))):
        number, record = rows.records[at]
        head = [cell.strip() for cell in record.values()]
        if rows.sheet and sum(bool(cell) for cell in head) >= FEWEST_HEADINGS:
            names, mended = unique_headings(rows.path, head)
            keys = [name.strip().casefold() for name in names]
            rest = [(row, dict(zip(keys, each.values(), strict=True)))
                    for row, each in rows.records[at + 1 :]]
            told = repair(
                rows.path, f"{at + 1} row(s) above the headings were passed over", "nothing",
                row=number, rule="tool.title", severity="note")
            yield Rows(rows.path, names, rest, rows.sheet, repairs=(told, *mended))


def _records(path: Path, sheet: Sheet) -> Rows:
    rows, spread = unmerged(sheet)
    names, mended = unique_headings(path, rows[0])
    keys = [name.strip().casefold() for name in names]
    records = [
        (number, dict(zip(keys, row, strict=True)))
        for number, row in enumerate(rows[1:], start=2) if any(row)
    ]
    told = [] if not spread else [repair(
        path, f"{len(spread)} row(s) take over what stands in a merged cell that reaches over them",
        "nothing", rows=spread, rule="tool.merged", severity="note")]
    return Rows(path, names, records, sheet.name, repairs=(*mended, *told))


def unmerged(sheet: Sheet) -> tuple[list[list[str]], list[int]]:
    """The rows, what a merged cell holds in every filled row that it reaches over; which rows.

    Cells that are only empty stay so, and cells merged with the headings too.
    """
    rows, spread = [list(row) for row in sheet.rows], set()
    for found in sheet.merged:
        match = RANGE.fullmatch(found)
        if match is None or int(match[2]) == 1 or int(match[2]) > len(rows):
            continue
        column, first = _column(match[1]), int(match[2]) - 1
        for number in range(first + 1, min(int(match[3]), len(rows))):
            if column < len(rows[0]) and rows[first][column] and any(sheet.rows[number]):
                rows[number][column] = rows[first][column]
                spread.add(number + 1)
    return rows, sorted(spread)


def _column(letters: str) -> int:
    """A column's place from its letters: A is 0."""
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def matched(rows: Rows, headings: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Field -> the folded heading that stands for it in this file."""
    present = rows.folded()
    found = {}
    for name, choices in headings.items():
        for choice in choices:
            if choice in present:
                found[name] = choice
                break
    return found


def take(record: dict[str, str], fields: dict[str, str], name: str) -> str:
    """A field's text in a record, "" where the file has no such column."""
    heading = fields.get(name)
    return record[heading].strip() if heading else ""


def unread(sheets: Iterable[tuple[Rows, Iterable[str]]]) -> list[Problem]:
    """One note that names the filled columns nobody reads; each sheet comes with those it reads.

    Columns without a heading of their own are left alone.
    """
    names: dict[str, Path] = {}
    for rows, read in sheets:
        known = set(read)
        for heading, key in zip(rows.headings, rows.folded(), strict=True):
            filled = any(record[key].strip() for _, record in rows)
            if key not in known and filled and not UNNAMED.fullmatch(key):
                names[heading.strip()] = rows.path
    if not names:
        return []
    shown = ", ".join(name if len(name) <= SHOWN else f"{name[:SHOWN]}…" for name in names)
    return [repair(
        next(iter(names.values())), f"{len(names)} column(s) are not read: {shown}",
        "nothing, if the study can do without; what stands beside a passage can go into its memo, "
        "as 'werking: werkt'", rule="tool.columns", severity="note")]
