"""Return letters: per organisation a workbook that says what was wrong with its delivery.

By file, row and column, in the organisation's language: what there is, what was done, what is
asked. Safe to send to the organisation that made the delivery: there are no answers in it, and
nothing about how a person answered (haste, one answer throughout, breaking off, being linked).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.pipeline import Cleaned
from lostudy.cleaning.told import everything
from lostudy.errors import Problem
from lostudy.study import Study

NOT_TOLD = (
    "flagged", "excluded.careless", "excluded.partial", "C24", "file.changed", "offset.convention",
    "code-not-used",
)
CODING_TOOLS = ("docx", "dedoose", "handmade", "maxqda", "rqda", "taguette", "coder")
ORDER = {"error": 0, "repair": 1, "note": 2}
MOST_ROWS, DATED_ROW = 200, 2
FRAME = {
    "letter": ("Brief", "Letter"),
    "title": ("Terugkoppeling op uw levering", "What we noticed in your delivery"),
    "thanks": (
        "Dank voor uw levering. Wij hebben de bestanden gelezen en gecontroleerd voordat er iets "
        "mee wordt gerekend.",
        "Thank you for your delivery. We read and checked the files before anything is worked out.",
    ),
    "files": ("Ontvangen bestanden: {}", "Files received: {}"),
    "nothing": (
        "Er is niets opgevallen. Dank voor de zorgvuldige levering.",
        "Nothing was noticed. Thank you for the careful delivery.",
    ),
    "counts": (
        "Graag herstellen: {}. Door ons opgelost: {}. Ter informatie: {}.",
        "Please mend: {}. Solved by us: {}. For your information: {}.",
    ),
    "table": (
        "Op het tabblad '{}' staat per bestand wat er is, wat wij deden en wat wij u vragen.",
        "The sheet '{}' says per file what there is, what we did and what we ask.",
    ),
    "rows": (
        "Rijen zijn geteld zoals Excel ze toont (de kopregel is rij 1); bij SPSS en Stata is het "
        "het nummer van de case, bij gecodeerde gesprekken het nummer van het fragment.",
        "Rows are counted as Excel shows them (the headings are row 1); for SPSS and Stata it is "
        "the number of the case, for coded interviews that of the passage.",
    ),
    "safe": (
        "In dit bestand staan geen antwoorden van mensen, en niets over hoe iemand heeft ingevuld.",
        "This file holds no answers of people, and nothing about how anybody filled in.",
    ),
    "noticed": ("Wat opviel", "What we noticed"),
    "kind": ("Soort", "Kind"),
    "wave": ("Meting", "Wave"),
    "file": ("Bestand", "File"),
    "row": ("Rij", "Row"),
    "column": ("Kolom", "Column"),
    "wrong": ("Wat er is", "What there is"),
    "done": ("Wat wij deden", "What we did"),
    "asked": ("Wat wij vragen", "What we ask"),
    "error": ("graag herstellen", "please mend"),
    "repair": ("door ons opgelost", "solved by us"),
    "note": ("ter informatie", "for information"),
    "more": ("en {} meer", "and {} more"),
}
HEADS = (
    ("kind", 17), ("wave", 10), ("file", 18), ("row", 14), ("column", 30), ("wrong", 44),
    ("done", 32), ("asked", 44),
)
FONT, LINE = "Calibri", 14.5
COLOURS = {"error": "F8D7C9", "repair": "FFF2CC", "note": "FFFFFF"}


def framed(key: str, language: str, *values: object) -> str:
    """A word or sentence of the letter itself.

    >>> framed("more", "nl", 3)
    'en 3 meer'
    """
    return FRAME[key][0 if language == "nl" else 1].format(*values)


@dataclass(frozen=True)
class Line:
    """One line of a letter; `key` is the topic that its words belong to."""

    file: str
    rows: tuple[int, ...]
    column: str
    key: str
    severity: str

    def said(self, language: str) -> tuple[str, str, str]:
        """What is wrong, what was done, what is asked."""
        words = wording()[self.key]
        return tuple(words[f"{part}_{language}"] for part in ("wrong", "done", "asked"))  # type: ignore[return-value]

    def places(self, language: str) -> str:
        """The rows in words."""
        shown = ", ".join(str(row) for row in self.rows[:MOST_ROWS])
        more = len(self.rows) - MOST_ROWS
        return shown if more <= 0 else f"{shown}, {framed('more', language, more)}"


@cache
def wording() -> dict[str, dict[str, str]]:
    """The words of each topic, in Dutch and English."""
    with (files("lostudy.cleaning") / "letters.csv").open(encoding="utf-8") as stream:
        return {row["key"]: row for row in csv.DictReader(stream)}


def key_of(problem: Problem) -> str:
    """Under which topic a problem is told, "" where it is not for the organisation."""
    for name in (problem.topic, problem.rule):
        if name.split(".")[0] in NOT_TOLD or name in NOT_TOLD:
            return ""
    family = problem.rule.split(".")[0]
    for name in (problem.topic, problem.rule, family):
        if name in wording():
            return name
    if problem.file.startswith("codebook/") or family.startswith("C"):
        return ""
    return "tool" if family in CODING_TOOLS else "file"


def lines(problems: Iterable[Problem]) -> list[Line]:
    """The problems as lines: one per file, column and topic, with all rows together."""
    rows: dict[tuple[str, str, str, str], set[int]] = {}
    for problem in problems:
        key = key_of(problem)
        if key:
            place = (problem.file, problem.column or "", key, problem.severity)
            found = problem.rows or ((problem.row,) if problem.row is not None else ())
            rows.setdefault(place, set()).update(found)
    listed = [
        Line(file, tuple(sorted(found)), column, key, severity)
        for (file, column, key, severity), found in rows.items()
    ]
    return sorted(
        listed, key=lambda line: (ORDER[line.severity], line.file, line.rows, line.column)
    )


def write_letters(
    study: Study,
    delivered: list[Delivered],
    cleaned: list[Cleaned],
    folder: Path,
    language: str,
    today: dt.date | None = None,
) -> list[Path]:
    """A workbook for each organisation that delivered something; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for each in cleaned:
        mine = [one for one in delivered if one.organisation == each.organisation]
        path = folder / f"{each.organisation}.xlsx"
        letter = Letter(study, each.organisation, language, today or dt.date.today())
        letter.save(path, mine, lines(everything([each])))
        written.append(path)
    return written


@dataclass(frozen=True)
class Letter:
    """The workbook of one organisation."""

    study: Study
    organisation: str
    language: str
    today: dt.date

    def _word(self, key: str, *values: object) -> str:
        return framed(key, self.language, *values)

    def save(self, path: Path, delivered: list[Delivered], found: list[Line]) -> None:
        """Write both sheets: the letter, and what was noticed."""
        import openpyxl

        book = openpyxl.Workbook()
        self._letter(book.active, delivered, found)
        if found:
            self._table(book.create_sheet(self._word("noticed")), found)
        book.properties.creator = "lostudy"
        book.properties.title = self._word("title")
        if not (path.exists() and _said(book) == _said(_opened(path))):
            book.save(path)

    def _letter(self, sheet: Any, delivered: list[Delivered], found: list[Line]) -> None:
        from openpyxl.styles import Alignment, Font

        sheet.title = self._word("letter")
        name = self.study.organisation(self.organisation).name(self.language)
        texts = [
            self._word("title"),
            f"{name} · {self.study.about.title(self.language)} · {self.today.isoformat()}",
            "",
            self._word("thanks"),
            self._word("files", len(delivered)),
            *(f"    {each.name.partition('/')[2]}" for each in delivered),
            "",
            self._word("nothing") if not found else self._counted(found),
            *([self._word("table", self._word("noticed"))] if found else []),
            self._word("rows"),
            self._word("safe"),
        ]
        for number, text in enumerate(texts, 1):
            cell = sheet.cell(number, 1, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(name=FONT, bold=number == 1, size=16 if number == 1 else 11)
            sheet.row_dimensions[number].height = 26 if number == 1 else _height(text, 92)
        sheet.column_dimensions["A"].width = 96
        sheet.sheet_view.showGridLines = False
        _on_one_page(sheet, landscape=False)

    def _counted(self, found: list[Line]) -> str:
        counts = {name: sum(line.severity == name for line in found) for name in ORDER}
        return self._word("counts", counts["error"], counts["repair"], counts["note"])

    def _table(self, sheet: Any, found: list[Line]) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        sheet.append([self._word(name) for name, _ in HEADS])
        for line in found:
            sheet.append(self._cells(line))
        for row, line in zip(sheet.iter_rows(min_row=2), found, strict=True):
            row[0].fill = PatternFill("solid", fgColor=COLOURS[line.severity])
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(name=FONT, size=10)
                cell.data_type = "s" if cell.value else cell.data_type
            texts = zip(row, HEADS, strict=True)
            sheet.row_dimensions[row[0].row].height = max(
                _height(str(cell.value or ""), width - 2) for cell, (_, width) in texts
            )
        for number, (_, width) in enumerate(HEADS, 1):
            head = sheet.cell(1, number)
            head.font = Font(name=FONT, bold=True, color="FFFFFF")
            head.fill = PatternFill("solid", fgColor="1F4E5F")
            head.alignment = Alignment(wrap_text=True, vertical="center")
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
        sheet.print_title_rows = "1:1"
        _on_one_page(sheet, landscape=True)

    def _cells(self, line: Line) -> list[str]:
        place = [*line.file.split("/"), "", ""]
        wave, file = (place[1], place[2]) if place[2] else ("", line.file)
        return [
            self._word(line.severity), wave, file, line.places(self.language),
            line.column, *line.said(self.language),
        ]


def _opened(path: Path) -> Any:
    """The letter that stands there, or an empty workbook where it cannot be read."""
    import openpyxl

    try:
        return openpyxl.load_workbook(path)
    except (OSError, KeyError, ValueError, BadZipFile):
        return openpyxl.Workbook()


def _said(book: Any) -> list[tuple[str, list[tuple]]]:
    """The sheets with their cells, without the line that holds the day of writing."""
    return [
        (sheet.title, [
            tuple(cell or "" for cell in row)
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
            if sheet.title not in FRAME["letter"] or number != DATED_ROW
        ])
        for sheet in book.worksheets
    ]


def _height(text: str, width: int) -> float:
    """The height of a wrapped cell: not every program works it out by itself."""
    return LINE * sum(max(1, -(-len(part) // width)) for part in text.split("\n"))


def _on_one_page(sheet: Any, *, landscape: bool) -> None:
    """As wide as one page of paper, whatever its length."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
