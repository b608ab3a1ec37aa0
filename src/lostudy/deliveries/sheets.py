"""Workbooks (.xlsx, .xls and .ods) as rows of text, with what a table may not have pointed out."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import BROKEN_ZIP, existing, kind_of, refusal, zip_names
from lostudy.deliveries.ods import read_tables

Row = list[str]
WORKBOOKS = ("xlsx", "xls", "ods", "encrypted")
MOST_CELLS = 20_000_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is row 1 of the spreadsheet; an empty cell is ""; all rows equally wide.

    `merged`: ranges of merged cells; `unvalued`: (row, column letters) of formulas without a stored
    value, which happens when a program writes a formula and no spreadsheet ever calculated it.
    """

    name: str
    rows: list[Row]
    merged: tuple[str, ...] = ()
    unvalued: tuple[tuple[int, str], ...] = ()


def cell_text(value: Any) -> str:
    """A typed cell as its shortest text; dates as ISO text, to the second.

    >>> cell_text(15.0), cell_text(3.5), cell_text(True), cell_text(None)
    ('15', '3.5', 'TRUE', '')
    >>> cell_text(dt.datetime(2026, 3, 1, 9, 30))
    '2026-03-01T09:30:00'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, dt.datetime):
        if value.microsecond:
            value = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
        day = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if day else value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds")
    return str(value)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return ""
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return repr(float(value))


def read_sheets(path: Path | str) -> list[Sheet]:
    """All sheets that can be seen and hold something; hidden sheets too, in workbook order."""
    path = existing(path)
    kind = kind_of(path)
    if kind == "encrypted":
        raise refusal(
            path, "the workbook is protected with a password",
            "save it again without a password", rule="xlsx.encrypted",
        )
    if kind == "xls":
        return _read_xls(path)
    if kind == "ods":
        return [
            Sheet(table.name, trimmed(table.rows), tuple(table.merged), tuple(table.unvalued))
            for table in read_tables(path)
            if any(any(row) for row in table.rows)
        ]
    if kind != "xlsx":
        raise refusal(
            path, f"this is not a workbook but {describe(kind)}",
            "save it as .xlsx or CSV UTF-8", rule="xlsx.kind",
        )
    return _read_xlsx(path)


def describe(kind: str) -> str:
    """A kind of file in words.

    >>> describe("ods")
    'a LibreOffice spreadsheet (.ods)'
    """
    words = {
        "ods": "a LibreOffice spreadsheet (.ods)", "odt": "a LibreOffice document (.odt)",
        "xlsb": "a binary Excel workbook (.xlsb)", "xls": "an old Excel workbook (.xls)",
        "xlsx": "an Excel workbook (.xlsx)", "docx": "a Word document", "pdf": "a PDF",
        "qdpx": "a REFI-QDA project", "zip": "a zip of other files", "sqlite": "a SQLite database",
        "gzip": "a gzip file", "xml": "an XML or HTML file", "text": "plain text",
        "image": "a picture", "rtf": "a rich text document", "stata": "a Stata file",
        "spss": "an SPSS file", "spss portable": "a portable SPSS file",
        "encrypted": "a workbook protected with a password",
    }
    return words.get(kind, "an unknown kind of file")


def _read_xlsx(path: Path) -> list[Sheet]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    zip_names(path)
    broken = (
        *BROKEN_ZIP, InvalidFileException, KeyError, TypeError, AttributeError, IndexError,
        SyntaxError, AssertionError,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data = path.read_bytes()  # handed over as bytes: openpyxl judges by the extension
            values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
            formulas = openpyxl.load_workbook(io.BytesIO(data)) if _has_formulas(path) else None
            ends = [(ws, _end(path, ws)) for ws in values.worksheets]
            return [_sheet(ws, end, formulas) for ws, end in ends if end]
    except broken:
        raise refusal(
            path, "the workbook is damaged and cannot be opened",
            "open it in Excel, save it again as .xlsx, or ask for the delivery again",
            rule="xlsx.damaged",
        ) from None


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(re.search(rb"<(?:\w+:)?f[ >/]", archive.read(name)) for name in sheets)


def _end(path: Path, sheet: Any) -> tuple[int, int] | None:
    """Row and column of the last values; None without any.

    Formatting reaches to row 1,048,576 in many a workbook, so only the cells that are there are
    looked at (openpyxl offers them under a private name alone; its iter_rows makes up the rest).
    """
    held = [place for place, cell in sheet._cells.items() if cell.value is not None]
    if not held:
        return None
    end = max(row for row, _ in held), max(column for _, column in held)
    if end[0] * end[1] > MOST_CELLS:
        raise refusal(
            path, "a cell stands very far from the others, so that nearly all between is empty",
            "remove what stands far below and to the right of the answers", rule="xlsx.far",
            row=end[0],
        )
    return end


def _sheet(sheet: Any, end: tuple[int, int], formulas: Any) -> Sheet:
    cells = sheet.iter_rows(max_row=end[0], max_col=end[1], min_row=1, min_col=1, values_only=True)
    rows = [[cell_text(value) for value in row] for row in cells]
    merged = tuple(str(found) for found in sheet.merged_cells.ranges)
    return Sheet(sheet.title, trimmed(rows), merged, tuple(_unvalued(sheet, formulas)))


def _unvalued(sheet: Any, formulas: Any) -> Iterable[tuple[int, str]]:
    if formulas is None:
        return
    for (row, column), cell in sorted(formulas[sheet.title]._cells.items()):
        if cell.data_type == "f" and sheet.cell(row, column).value is None:
            yield row, cell.column_letter


def _read_xls(path: Path) -> list[Sheet]:
    import xlrd

    try:
        book = xlrd.open_workbook(path, formatting_info=False, logfile=_Silent())
        return [
            Sheet(sheet.name, trimmed([_xls_row(book, sheet, i) for i in range(sheet.nrows)]))
            for sheet in book.sheets()
            if sheet.nrows
        ]
    except Exception:  # xlrd raises whatever its parsing of damaged bytes runs into
        raise refusal(
            path, "the old Excel workbook (.xls) is damaged, protected or of another kind",
            "open it in Excel and save it as .xlsx without a password", rule="xls.damaged",
        ) from None


class _Silent:
    """xlrd prints what it finds odd; a log line may hold a value, so nothing is printed."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return None


def _xls_row(book: Any, sheet: Any, number: int) -> Row:
    import xlrd

    texts = []
    for cell in sheet.row(number):
        if cell.ctype == xlrd.XL_CELL_DATE:
            texts.append(cell_text(xlrd.xldate_as_datetime(cell.value, book.datemode)))
        elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
            texts.append(cell_text(bool(cell.value)))
        else:
            texts.append("" if cell.ctype == xlrd.XL_CELL_ERROR else cell_text(cell.value))
    return texts


def trimmed(rows: list[Row]) -> list[Row]:
    """Rows without empty rows at the end and empty columns at the right, all equally wide."""
    last = max((number for number, row in enumerate(rows, 1) if any(row)), default=0)
    rows = rows[:last]
    filled = [index for row in rows for index, cell in enumerate(row) if cell]
    width = max(filled, default=-1) + 1
    return [(row + [""] * width)[:width] for row in rows]
