"""What an organisation can see in its own file before it sends it; no study is needed.

The reader tells whether the file can be read and what it had to mend. Here the whole is looked
through for what should not be sent, and for what is often an accident. Never a value is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from lostudy.deliveries.files import repair
from lostudy.deliveries.identifiers import heading_kind, identifying_rows
from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem

SHEET_ERROR = re.compile(
    r"#(?:N/A|N/B|(?:REF|VERW|VALUE|WAARDE|DIV/0|DEEL/0|NUM|GETAL|NULL|LEEG)!|(?:NAME|NAAM)\?)"
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
LOGICAL = re.compile(r"(?i)true|false|waar|onwaar")
FEWEST_CELLS, FEW, FEWEST_HEADINGS = 10, 0.1, 3
MARKED = re.compile(r"-?\d+([.,])\d+")


def screen(delivery: SurveyDelivery) -> list[Problem]:
    """Everything worth a second look, by column and then by row; the reader's repairs first."""
    found = [*delivery.repairs]
    for heading, text in zip(
        delivery.columns["column"].astype("str"), delivery.columns["text"].astype("str"),
        strict=True,
    ):
        found += _column(delivery, heading, text)
    return [*found, *_headings_inside(delivery), *_same_records(delivery)]


def _column(delivery: SurveyDelivery, heading: str, text: str) -> Iterator[Problem]:
    cells = delivery.answers[heading]
    texts = [str(each) for each in cells.cat.categories]
    if not texts or cells.isna().all():
        yield _note(delivery, "this column is empty", heading, "column.empty")
        return
    kind = heading_kind(heading, text)
    if kind:
        what = f"by its heading this column holds a {kind}"
        yield _note(delivery, what, heading, "identifier.heading", rule="C2", severity="error")
        return
    for found, rows in identifying_rows(cells).items():
        what = f"{found} stands in {len(rows)} cell(s)"
        yield _note(delivery, what, heading, "identifier.seen", rows, "C2", "error")
    odd = odd_cells(cells)
    if odd:
        what = f"{len(odd)} cell(s) are of another kind than the rest of this column"
        yield _note(delivery, what, heading, "cell.odd-kind", odd)
    if mixed_marks(texts):
        what = "commas and points both stand as decimal mark"
        yield _note(delivery, what, heading, "csv.decimals")


def odd_cells(cells: pd.Series) -> list[int]:
    """The rows of errors of a spreadsheet, and of a few dates, TRUE or FALSE among other answers.

    >>> odd_cells(pd.Series(["Eens"] * 20 + ["#N/A", "2025-05-04", "TRUE"]))
    [20, 21, 22]
    """
    cells = cells.astype("category")
    texts = [str(each).strip() for each in cells.cat.categories]
    codes, filled = cells.cat.codes.to_numpy(), int(cells.notna().sum())
    found = [place for place, text in enumerate(texts) if SHEET_ERROR.fullmatch(text)]
    for kind in (DATE, LOGICAL):
        mine = [place for place, text in enumerate(texts) if kind.fullmatch(text)]
        if filled >= FEWEST_CELLS and np.isin(codes, mine).sum() <= FEW * filled:
            found += mine
    return [int(row) for row in cells.index[np.isin(codes, found)]]


def _headings_inside(delivery: SurveyDelivery) -> Iterator[Problem]:
    """Rows that repeat the headings: two files were pasted under each other."""
    answers = delivery.answers
    same = sum(
        (answers[heading].astype("str").str.strip() == heading.strip()).fillna(False).astype(int)
        for heading in answers.columns.astype("str")
    )
    rows = answers.index[(same >= FEWEST_HEADINGS) & (same >= answers.notna().sum(axis=1) / 2)]
    if len(rows):
        what = f"{len(rows)} row(s) repeat the headings"
        places = [int(row) for row in rows]
        yield _note(delivery, what, None, "rows.headings", places, severity="error")


def mixed_marks(texts: Iterable[str]) -> bool:
    """Whether numbers with a decimal comma and numbers with a decimal point stand together.

    >>> mixed_marks(["1,5", "1.5"]), mixed_marks(["1,5", "2"])
    (True, False)
    """
    found = (MARKED.fullmatch(text.strip()) for text in texts)
    return len({match[1] for match in found if match}) > 1


def _same_records(delivery: SurveyDelivery) -> Iterator[Problem]:
    """Rows that equal an earlier one in every cell."""
    filled = delivery.answers[delivery.answers.notna().any(axis=1)]
    rows = filled.index[filled.astype("object").duplicated()]
    if len(rows):
        what = f"{len(rows)} row(s) equal an earlier row in every cell"
        yield _note(delivery, what, None, "record.twice", [int(row) for row in rows], "C8")


def _note(
    delivery: SurveyDelivery,
    what: str,
    column: str | None,
    topic: str,
    rows: list[int] | None = None,
    rule: str = "",
    severity: str = "note",
) -> Problem:
    told = repair(
        delivery.source.file, what, "look at it before sending",
        row=rows[0] if rows else None, column=column, rule=rule or topic, severity=severity,
    )
    return Problem(**{**vars(told), "rows": tuple(rows or ()), "topic": topic})
