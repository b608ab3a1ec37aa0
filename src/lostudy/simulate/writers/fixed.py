"""Files without a clock: zip, xlsx and CSV that are the same bytes on every run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

MOMENT = (2026, 3, 2, 9, 0, 0)
ISO = b"2026-03-02T09:00:00Z"


def write_csv(
    path: Path, rows: Iterable[Sequence[Any]], *, separator: str = ",", encoding: str = "utf-8"
) -> None:
    """Rows as a CSV file with Windows line ends, quoted only where needed."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def write_zip(path: Path, members: dict[str, bytes]) -> None:
    """A zip whose members all carry the same date."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)


def write_xlsx(path: Path, sheets: dict[str, list[Sequence[Any]]], title: str) -> None:
    """Sheets of rows (the first is the heading); `title` stands in the file's properties."""
    book = Workbook()
    book.properties.title = title
    book.properties.creator = "gesimuleerd"
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.freeze_panes = "A2"
        for number in range(1, len(rows[0]) + 1):
            sheet.column_dimensions[get_column_letter(number)].width = 22
    saved = io.BytesIO()
    book.save(saved)
    write_zip(path, _without_clock(saved))


def _without_clock(saved: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(saved) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    stamp = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
    return {**members, core: stamp.sub(ISO, members[core])}
