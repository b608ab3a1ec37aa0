"""Qualtrics exports: three header rows with ImportId, or two header rows in older layouts."""

from __future__ import annotations

import ast
import json
import re

from lostudy.deliveries.survey.grid import Grid, deliver
from lostudy.deliveries.tables import SurveyDelivery

TOOL = "qualtrics"
OWN_COLUMNS = frozenset({
    "startdate", "enddate", "status", "ipaddress", "progress", "duration (in seconds)", "finished",
    "recordeddate", "responseid", "responseset", "recipientlastname", "recipientfirstname",
    "recipientemail", "externalreference", "externaldatareference", "locationlatitude",
    "locationlongitude", "locationaccuracy", "distributionchannel", "userlanguage", "emailaddress",
})
TAGS = re.compile(r"<[^>]{1,200}>")


def recognise(grid: Grid) -> str | None:
    """The evidence for a Qualtrics export, in words, or None."""
    return _layout(grid)[1]


def read(grid: Grid, evidence: str) -> SurveyDelivery:
    """The delivery; the question text without HTML and line breaks."""
    rows = _layout(grid)[0]
    headings = grid.head[0]
    texts = [plain(text) for text in grid.head[1 if rows > 1 else 0]]
    texts = (texts + [""] * len(headings))[: len(headings)]
    return deliver(grid, TOOL, evidence, header_rows=rows, headings=headings, texts=texts)


def _layout(grid: Grid) -> tuple[int, str | None]:
    """How many header rows there are, and by what that is seen."""
    head = grid.head
    if len(head) > 2 and sum(import_id(cell) != "" for cell in head[2]) > len(head[2]) / 2:
        return 3, "three header rows with ImportId"
    first = _own(head[0])
    second = _own(head[1]) if len(head) > 1 else []
    if [cell.strip() for cell in head[0][:3]] == ["V1", "V2", "V3"] and len(second) >= 3:
        return 2, "two header rows, V1 V2 V3 above " + ", ".join(second[:4])
    if len(first) < 4 or not {"responseid", "_recordid"} & {name.casefold() for name in first}:
        return 1, None
    if len(second) >= 3:
        return 2, "two header rows with the columns " + ", ".join(first[:4])
    return 1, "one header row with the columns " + ", ".join(first[:4])


def _own(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells if cell.strip().casefold() in OWN_COLUMNS]


def import_id(cell: str) -> str:
    """The ImportId in a cell of the third header row, "" where there is none.

    >>> import_id('{"ImportId": "QID1"}'), import_id("{'ImportId': 'QID2'}"), import_id("x")
    ('QID1', 'QID2', '')
    """
    if "ImportId" not in cell or len(cell) > 2_000:
        return ""
    try:
        found = json.loads(cell)
    except ValueError:
        try:
            found = ast.literal_eval(cell.strip())
        except (ValueError, SyntaxError):
            return ""
    return str(found.get("ImportId", "")) if isinstance(found, dict) else ""


def plain(text: str) -> str:
    """A header cell without HTML and line breaks.

    >>> plain("Wij <b>leren</b>\\nvan fouten")
    'Wij leren van fouten'
    """
    return " ".join(TAGS.sub(" ", text).split())
