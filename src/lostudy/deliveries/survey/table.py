"""A plain table of respondents (CSV, TSV, xlsx): one header row, one record per row.

What cannot be such a table is refused with the reason: nobody should have to guess what a number
under a merged cell or in a row of totals meant.
"""

from __future__ import annotations

import re

from lostudy.deliveries.files import refusal
from lostudy.deliveries.survey.grid import Grid, deliver
from lostudy.deliveries.tables import SurveyDelivery

TOOL = "table"
NUMBER = re.compile(r"-?\d+([.,]\d+)?%?")


def recognise(grid: Grid) -> str | None:
    """Any table with a header row will do; this reader comes last."""
    return None if refuse(grid) else "one header row, no columns of a known survey tool"


def read(grid: Grid, evidence: str) -> SurveyDelivery:
    """The delivery, after what is no table of respondents was refused."""
    problem = refuse(grid)
    if problem is not None:
        raise problem
    return deliver(
        grid, TOOL, evidence, header_rows=1, headings=grid.head[0], first_unnamed="index"
    )


def refuse(grid: Grid) -> Exception | None:
    """Why this cannot be a table of respondents, or None."""
    if grid.sheet is not None and grid.sheet.merged:
        return refusal(
            grid.path, f"cells are merged ({', '.join(sorted(grid.sheet.merged)[:3])})",
            "undo the merging: one heading per column, one value per cell", rule="table.merged")
    if grid.sheet is not None and grid.sheet.unvalued:
        row, letter = grid.sheet.unvalued[0]
        return refusal(
            grid.path, f"{len(grid.sheet.unvalued)} formula(s) have no stored value; the first is "
            f"in column {letter}", "open the workbook in Excel, save it, and deliver it again",
            row=row, rule="table.formula")
    return _refuse_head(grid)


def _refuse_head(grid: Grid) -> Exception | None:
    headings = [cell.strip() for cell in grid.head[0]]
    named = [cell for cell in headings if cell]
    width = max(len(row) for row in grid.head)
    if width > 2 and len(named) <= 1:
        return refusal(
            grid.path, "the first row is a title or empty, not a row of headings",
            "delete the rows above the headings", row=1, rule="table.title")
    if len(named) < len(headings) / 2:
        return refusal(
            grid.path, f"only {len(named)} of {len(headings)} columns have a heading",
            "give every column a heading in row 1", row=1, rule="table.headings")
    if sum(bool(NUMBER.fullmatch(cell)) for cell in named) > len(named) / 2:
        return refusal(
            grid.path, "the first row holds numbers, not headings",
            "put the headings in row 1", row=1, rule="table.no-headings")
    return None
