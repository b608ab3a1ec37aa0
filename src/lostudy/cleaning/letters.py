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

from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.pipeline import Cleaned
from lostudy.cleaning.told import everything
from lostudy.errors import Problem
from lostudy.study import Study
from lostudy.words import word

NOT_TOLD = ("flagged", "excluded.careless", "excluded.partial", "C24", "file.changed",
            "offset.convention", "answer.seen")
CODING_TOOLS = ("docx", "dedoose", "handmade", "maxqda", "rqda", "taguette", "coder")
ORDER = {"error": 0, "repair": 1, "note": 2}
MOST_ROWS = 200


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
        return shown if more <= 0 else f"{shown}, {word('and_more', language, more)}"


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
        return word(key, self.language, *values)

    def save(self, path: Path, delivered: list[Delivered], found: list[Line]) -> None:
        """Write both sheets: the letter, and what was noticed."""
        import openpyxl

        book = openpyxl.Workbook()
        self._letter(book.active, delivered, found)
        if found:
            self._table(book.create_sheet(self._word("letter_noticed")), found)
        book.properties.creator = "lostudy"
        book.properties.title = self._word("letter_title")
        book.save(path)

    def _letter(self, sheet: Any, delivered: list[Delivered], found: list[Line]) -> None:
        from openpyxl.styles import Alignment, Font

        sheet.title = self._word("letter")
        name = self.study.organisation(self.organisation).name(self.language)
        texts = [
            self._word("letter_title"),
            f"{name} · {self.study.about.title(self.language)} · {self.today.isoformat()}",
            "",
            self._word("letter_thanks"),
            self._word("letter_files", len(delivered)),
            *(f"    {each.name.partition('/')[2]}" for each in delivered),
            "",
            self._word("letter_nothing") if not found else self._counted(found),
            *([self._word("letter_table", self._word("letter_noticed"))] if found else []),
            self._word("letter_rows"),
            self._word("letter_safe"),
        ]
        for number, text in enumerate(texts, 1):
            cell = sheet.cell(number, 1, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1, size=16 if number == 1 else 11)
        sheet.column_dimensions["A"].width = 96
        sheet.sheet_view.showGridLines = False
        _on_one_page(sheet, landscape=False)

    def _counted(self, found: list[Line]) -> str:
        counts = {name: sum(line.severity == name for line in found) for name in ORDER}
        return self._word("letter_counts", counts["error"], counts["repair"], counts["note"])

    def _table(self, sheet: Any, found: list[Line]) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        names = ("letter_kind", "letter_wave", "letter_file", "letter_row", "letter_column",
                 "letter_wrong", "letter_done", "letter_asked")
        widths = (16, 8, 20, 14, 30, 44, 32, 44)
        sheet.append([self._word(name) for name in names])
        for line in found:
            sheet.append(self._cells(line))
        colours = {"error": "F8D7C9", "repair": "FFF2CC", "note": "FFFFFF"}
        for row, line in zip(sheet.iter_rows(min_row=2), found, strict=True):
            row[0].fill = PatternFill("solid", fgColor=colours[line.severity])
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.data_type = "s" if cell.value else cell.data_type
        for number, width in enumerate(widths, 1):
            head = sheet.cell(1, number)
            head.font = Font(bold=True, color="FFFFFF")
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
            self._word(f"letter_{line.severity}"), wave, file, line.places(self.language),
            line.column, *line.said(self.language),
        ]


def _on_one_page(sheet: Any, *, landscape: bool) -> None:
    """As wide as one page of paper, whatever its length."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
