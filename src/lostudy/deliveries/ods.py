"""LibreOffice and OpenOffice workbooks (.ods): the standard's zip and XML, read without a library.

What is written once for many cells (`number-columns-repeated`) is written out where something
follows; a sheet that would unpack to more than a delivery can hold is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import BROKEN_ZIP, refusal, zip_names
from lostudy.deliveries.xml import children, local, parse

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 1_100_000, 20_000, 20_000_000
GROUPS = ("table-header-rows", "table-rows", "table-row-group", "table-columns")


@dataclass
class Table:
    """A sheet: `rows` of text, `merged` places as "A1:B2", formulas without a stored value."""

    name: str
    rows: list[list[str]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    unvalued: list[tuple[int, str]] = field(default_factory=list)


def read_tables(path: Path) -> list[Table]:
    """Every sheet of the workbook, hidden ones too."""
    zip_names(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.casefold(): name for name in archive.namelist()}
            manifest = archive.read(names["meta-inf/manifest.xml"]) if (
                "meta-inf/manifest.xml" in names) else b""
            if b"encryption-data" in manifest:
                raise refusal(
                    path, "the workbook is protected with a password",
                    "save it again without a password", rule="ods.encrypted")
            root = parse(path, archive.read(names["content.xml"]), huge=True)
    except BROKEN_ZIP:
        raise refusal(
            path, "the workbook is damaged and cannot be opened",
            "open it in LibreOffice, save it again, or ask for the delivery again",
            rule="ods.damaged") from None
    sheets = [each for each in root.iter() if local(each) == "spreadsheet"]
    return [_table(path, each) for sheet in sheets for each in children(sheet, "table")]


def _table(path: Path, element: Any) -> Table:
    table = Table(_attribute(element, "name"))
    waiting = 0
    for row, times in _rows(element):
        cells = _cells(path, table, row, len(table.rows) + waiting + 1)
        if not any(cells):
            waiting += times
            continue
        _room(path, table, waiting + times, len(cells))
        table.rows += [[] for _ in range(waiting)]
        table.rows += [list(cells) for _ in range(times)]
        waiting = 0
    return table


def _room(path: Path, table: Table, rows: int, width: int) -> None:
    """Refuse what would unpack to more than a delivery can hold."""
    total = len(table.rows) + rows
    if total > MOST_ROWS or total * width > MOST_CELLS:
        raise _bomb(path)


def _bomb(path: Path) -> Exception:
    return refusal(
        path, "the workbook would unpack to far more than a delivery can hold",
        "do not open it; ask the sender how it was made", rule="ods.bomb")


def _rows(element: Any) -> Iterator[tuple[Any, int]]:
    """The rows in order, those in groups and headers too, and how often each stands there."""
    for child in element:
        name = local(child)
        if name == "table-row":
            yield child, _times(child, "number-rows-repeated")
        elif name in GROUPS:
            yield from _rows(child)


def _cells(path: Path, table: Table, row: Any, number: int) -> list[str]:
    """The texts of a row, up to the last filled cell."""
    texts: list[str] = []
    waiting = 0
    for cell in children(row, "table-cell", "covered-table-cell"):
        place, times = len(texts) + waiting, _times(cell, "number-columns-repeated")
        text = _text(cell)
        _note(table, cell, place, number, text)
        if not text:
            waiting += times
            continue
        if place + times > MOST_COLUMNS:
            raise _bomb(path)
        texts += [""] * waiting + [text] * times
        waiting = 0
    return texts


def _note(table: Table, cell: Any, place: int, number: int, text: str) -> None:
    """Remember merged cells, and formulas that nobody calculated."""
    from openpyxl.utils import get_column_letter

    wide, high = _times(cell, "number-columns-spanned"), _times(cell, "number-rows-spanned")
    if wide > 1 or high > 1:
        first, last = get_column_letter(place + 1), get_column_letter(place + wide)
        table.merged.append(f"{first}{number}:{last}{number + high - 1}")
    if _attribute(cell, "formula") and not text and not _attribute(cell, "value-type"):
        table.unvalued.append((number, get_column_letter(place + 1)))


def _text(cell: Any) -> str:
    """A cell as its shortest text: the stored value, not how it is shown."""
    from lostudy.deliveries.sheets import cell_text

    kind = _attribute(cell, "value-type")
    if kind in ("float", "percentage", "currency"):
        value = _attribute(cell, "value")
        try:
            return cell_text(float(value))
        except ValueError:
            return value
    if kind == "date":
        return _attribute(cell, "date-value").removesuffix("T00:00:00")
    if kind == "time":
        return _clock(_attribute(cell, "time-value"))
    if kind == "boolean":
        return _attribute(cell, "boolean-value").upper()
    return _attribute(cell, "string-value") or "\n".join(
        _paragraph(each) for each in children(cell, "p")
    )


def _paragraph(element: Any) -> str:
    """The text of a paragraph; spaces that stand together are written as a mark."""
    parts = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            parts.append(" " * _times(child, "c"))
        elif name in ("tab", "line-break"):
            parts.append("\t" if name == "tab" else "\n")
        elif name != "annotation":
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _clock(duration: str) -> str:
    """A time of day as people write it.

    >>> _clock("PT09H05M00S"), _clock("anders")
    ('09:05:00', 'anders')
    """
    found = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", duration)
    return ":".join(part.zfill(2) for part in found.groups()) if found else duration


def _attribute(element: Any, name: str) -> str:
    """An attribute by its local name; the namespaces of versions differ."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def _times(element: Any, name: str) -> int:
    text = _attribute(element, name)
    return max(1, int(text)) if text.isdigit() else 1
