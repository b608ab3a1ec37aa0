"""A survey file of rows and cells: its first records parsed, its body read only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from lostudy.deliveries.files import kind_of, refusal, repair, sha256
from lostudy.deliveries.sheets import WORKBOOKS, Sheet, describe, read_sheets
from lostudy.deliveries.survey.csvbody import frame_of, text_body
from lostudy.deliveries.tables import COLUMNS, Source, SurveyDelivery
from lostudy.deliveries.text import (
    TextFile,
    numbered_records,
    open_text,
    sniff_decimal,
    sniff_separator,
)
from lostudy.errors import Problem

TOTALS = frozenset({
    "totaal", "total", "totals", "totalen", "grand total", "eindtotaal", "gemiddelde", "gemiddeld",
    "average", "mean", "sum", "som", "subtotaal", "subtotal",
})


@dataclass(frozen=True)
class Grid:
    """A file of rows, from a text file or from the first sheet of a workbook.

    `head` are the first records, `lines` the physical lines read up to and with each of them.
    """

    path: Path
    kind: str
    sha256: str
    head: list[list[str]]
    lines: list[int] = field(default_factory=list)
    separator: str = ""
    decimal: str = ""
    text: TextFile | None = None
    sheet: Sheet | None = None
    repairs: tuple[Problem, ...] = ()

    def source(self, tool: str, evidence: str) -> Source:
        """The delivery's Source, once the tool is known."""
        encoding = self.text.encoding if self.text else ""
        return Source(
            str(self.path), tool, evidence, self.sha256, encoding, self.separator, self.decimal
        )


def open_grid(path: Path | str) -> Grid:
    """Open a text file or a workbook; anything else is not a table of rows."""
    path = Path(path)
    kind = kind_of(path)
    if kind in ("text", "gzip"):
        return _text_grid(path, kind)
    if kind in WORKBOOKS:
        return _sheet_grid(path, kind)
    raise refusal(
        path, f"this is {describe(kind)}, not a table of answers",
        "deliver the survey as CSV UTF-8, .xlsx, .ods, .sav or .dta", rule="survey.kind",
    )


def _text_grid(path: Path, kind: str) -> Grid:
    text = open_text(path)
    separator = sniff_separator(text)
    numbered = numbered_records(text, separator)
    head = [record for record, _ in numbered]
    if not any(any(cell.strip() for cell in record) for record in head):
        raise refusal(path, "the file holds no text", "ask for it again", rule="survey.blank")
    if not any(cell.strip() for cell in head[0]):
        raise refusal(
            path, "the first line is empty; it should hold the headings",
            "delete the lines above the headings", row=1, rule="survey.first-line")
    decimal = sniff_decimal(head[1:])
    lines = [line for _, line in numbered]
    repairs = text.repairs
    return Grid(path, kind, text.sha256, head, lines, separator, decimal, text, repairs=repairs)


def _sheet_grid(path: Path, kind: str) -> Grid:
    sheets = read_sheets(path)
    if not sheets:
        raise refusal(path, "the workbook has no filled sheet", "ask for it again",
                      rule="survey.blank")
    first, repairs = sheets[0], []
    if len(first.rows) < 2 and any(len(sheet.rows) > 1 for sheet in sheets):
        raise refusal(
            path, f"the first sheet ('{first.name}') holds no answers; {len(sheets) - 1} other "
            "filled sheet(s) were not read", "put the answers on the first sheet",
            rule="survey.sheets")
    if len(sheets) > 1:
        repairs.append(repair(
            path, f"only the first sheet ('{first.name}') was read; {len(sheets) - 1} other filled "
            "sheet(s) were not", "put the answers on the first sheet", rule="survey.sheets",
            severity="note",
        ))
    return Grid(path, kind, sha256(path), first.rows[:60], sheet=first, repairs=tuple(repairs))


def unique_headings(
    path: Path, headings: Sequence[str], first_unnamed: str = "column 1"
) -> tuple[list[str], list[Problem]]:
    """Headings made unique by " (2)", " (3)" ...; unnamed ones get their number.

    >>> unique_headings(Path("a.csv"), ["a", "a", ""])[0]
    ['a', 'a (2)', 'column 3']
    """
    names: list[str] = []
    problems: list[Problem] = []
    for number, heading in enumerate(headings, start=1):
        name = heading.strip() or (first_unnamed if number == 1 else f"column {number}")
        if not heading.strip():
            problems.append(repair(
                path, f"column {number} has no heading and is called by another name here",
                "give the column a heading", row=1, column=name, rule="heading.empty"))
        wanted, times = name, 1
        while name in names:
            times += 1
            name = f"{wanted} ({times})"
        if name != wanted:
            problems.append(repair(
                path, f"the heading stands above more than one column; this one is called '{name}'",
                "give every column its own heading", row=1, column=wanted,
                rule="heading.double"))
        names.append(name)
    return names, problems


def body(
    grid: Grid, header_rows: int, headings: Sequence[str]
) -> tuple[pd.DataFrame, list[Problem]]:
    """The answers under the headings, and what was mended on the way.

    Empty rows at the end are dropped; the index is the row as a spreadsheet counts records.
    """
    if grid.text is not None:
        lines = grid.lines[header_rows - 1]
        if not grid.text.anything_below(lines):
            raise no_records(grid.path)
        frame = text_body(
            grid.text, grid.separator, skip_lines=lines, width=len(headings))
    else:
        assert grid.sheet is not None
        frame = frame_of(grid.sheet.rows[header_rows:], len(headings))
    frame.columns = pd.Index(list(headings), dtype="str")
    frame.index = pd.RangeIndex(header_rows + 1, header_rows + 1 + len(frame), name="row")
    return _without_empty_end(grid.path, frame)


def _without_empty_end(path: Path, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    empty = np.ones(len(frame), dtype=bool)
    for name in frame.columns:
        if not empty.any():
            break
        empty &= _blank(frame[name])
    kept = len(frame)
    while kept and empty[kept - 1]:
        kept -= 1
    problems = []
    if kept == 0:
        raise no_records(path)
    if kept < len(frame):
        problems.append(repair(
            path, f"{len(frame) - kept} empty row(s) at the end were dropped", "nothing",
            row=int(frame.index[kept]), rule="rows.empty-end"))
    inside = int(empty[:kept].sum())
    if inside:
        problems.append(repair(
            path, f"{inside} row(s) between the records are wholly empty; they are kept",
            "check whether these are persons", row=int(frame.index[int(empty.argmax())]),
            rule="rows.empty-inside", severity="note"))
    return frame.iloc[:kept], problems


def _blank(cells: pd.Series) -> np.ndarray:
    """Where nothing stands, or only spaces: a stray one far below makes no records."""
    texts = cells.cat.categories.astype("str")
    spaces = [place for place, text in enumerate(texts) if not text.strip()]
    return np.isin(cells.cat.codes.to_numpy(), [-1, *spaces])


def deliver(
    grid: Grid,
    tool: str,
    evidence: str,
    *,
    header_rows: int,
    headings: Sequence[str],
    codes: Sequence[str] | None = None,
    texts: Sequence[str] | None = None,
    first_unnamed: str = "column 1",
) -> SurveyDelivery:
    """Put a delivery together from the headings a tool's reader found."""
    names, mended = unique_headings(grid.path, headings, first_unnamed)
    answers, more = body(grid, header_rows, names)
    _refuse_totals(grid.path, answers)
    columns = pd.DataFrame(
        {"column": names, "code": list(codes or names), "text": list(texts or headings)},
        columns=COLUMNS, dtype="str",
    )
    columns["code"] = [code or name for code, name in zip(columns["code"], names, strict=True)]
    answers, columns, dropped = _without_ghosts(grid.path, answers, columns, headings)
    if dropped:
        mended = [p for p in mended if p.rule != "heading.empty" or p.column in answers.columns]
    return SurveyDelivery(
        grid.source(tool, evidence), answers, columns,
        repairs=(*grid.repairs, *mended, *dropped, *more),
    )


def _refuse_totals(path: Path, answers: pd.DataFrame) -> None:
    """A row of totals under the records is nobody's answers."""
    for row in answers.index[-3:]:
        filled = answers.loc[row].dropna()
        first = str(filled.iloc[0]) if len(filled) else ""
        if first.strip().rstrip(":").casefold() in TOTALS:
            raise refusal(
                path, "a row of totals stands among the records",
                "leave totals out of the delivery", row=int(row), rule="table.totals")


def _without_ghosts(
    path: Path, answers: pd.DataFrame, columns: pd.DataFrame, headings: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[Problem]]:
    """Leave out columns that have neither a heading nor a value (a separator at the line's end)."""
    ghosts = [
        name for name, heading in zip(columns["column"], headings, strict=True)
        if not heading.strip() and len(answers[name].cat.categories) == 0
    ]
    if not ghosts:
        return answers, columns, []
    problems = [repair(
        path, f"{len(ghosts)} column(s) without heading and without values were left out",
        "nothing", rule="column.ghost")]
    columns = columns[~columns["column"].isin(ghosts)].reset_index(drop=True)
    return answers.drop(columns=ghosts), columns, problems


def no_records(path: Path) -> Exception:
    """The error for a file with headings and nothing below them."""
    return refusal(
        path, "the file has headings but no record row",
        "ask for the delivery again, with the answers", rule="survey.no-records")
