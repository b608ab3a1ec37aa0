"""Which column of a delivery is which row of its crosswalk; what is on one side only is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem
from lostudy.study import CrosswalkRow
from lostudy.study.codebook import normal

KNOWN_SHARE = 0.2


@dataclass(frozen=True)
class Column:
    """A column of a delivery with its row of the crosswalk.

    `cells` are categories of text, `labels` and `declared` what the file itself says about a cell
    text: its label, and that it means missing. `file` is the delivery's name in messages.
    """

    file: str
    heading: str
    row: CrosswalkRow
    cells: pd.Series
    labels: dict[str, str]
    declared: frozenset[str]

    def spellings(self, text: str) -> list[str]:
        """A cell's text and its label, as they are compared."""
        label = self.labels.get(text)
        return [normal(text), *([normal(label)] if label else [])]

    @property
    def texts(self) -> list[str]:
        """The distinct cell texts."""
        return [str(text) for text in self.cells.cat.categories]

    @property
    def crosswalk(self) -> str:
        """The crosswalk and its row, as messages name them."""
        place = "-".join(self.file.split("/")[:2])
        return f"row {self.row.row} of codebook/crosswalk/{place}.csv"

    def problem(
        self, what: str, cure: str, rows: Iterable[int], rule: str, topic: str = ""
    ) -> Problem:
        """Something wrong in this column, at these rows of the delivery."""
        places = tuple(int(row) for row in rows)
        return Problem(
            what, cure, self.file, places[0], self.heading, rule, rows=places, topic=topic
        )


def match_columns(
    rows: tuple[CrosswalkRow, ...],
    delivery: SurveyDelivery,
    name: str,
    file: str,
    problems: list[Problem],
) -> list[Column]:
    """Every column that the crosswalk in `file` maps or ignores, in the order of the delivery."""
    found = {
        heading: _row(rows, heading, code)
        for heading, code in zip(
            delivery.columns["column"], delivery.columns["code"].astype("str"), strict=True
        )
    }
    if sum(row is not None for row in found.values()) < KNOWN_SHARE * len(found):
        problems.append(_another_form(name, file))
        return []
    problems.extend(_problems(rows, found, name, file))
    return [
        _column(name, heading, row, delivery) for heading, row in found.items() if row is not None
    ]


def _row(rows: tuple[CrosswalkRow, ...], heading: str, code: str) -> CrosswalkRow | None:
    """By heading, then by the tool's code, then by heading in another case, then by pattern."""
    named = [row for row in rows if not row.source.endswith("*")]
    patterns = [row for row in rows if row.source.endswith("*")]
    fits = chain(
        (row for row in named if row.source == heading),
        (row for row in named if row.source == code),
        (row for row in named if normal(row.source) == normal(heading)),
        (row for row in patterns if heading.startswith(row.source[:-1])),
    )
    return next(fits, None)


def _column(name: str, heading: str, row: CrosswalkRow, delivery: SurveyDelivery) -> Column:
    return Column(
        name,
        heading,
        row,
        delivery.answers[heading].astype("category"),
        delivery.value_labels.get(heading, {}),
        delivery.user_missing.get(heading, frozenset()),
    )


def _another_form(name: str, file: str) -> Problem:
    """Headings are not shown here: in a file without them, they are a respondent's answers."""
    what = "hardly any heading of this delivery is in its crosswalk"
    cure = f"is the first row with headings missing, or is {file} of another form? Compare them"
    return Problem(what, cure, name, 1, rule="C3", topic="headings.unknown")


def _problems(
    rows: tuple[CrosswalkRow, ...],
    found: dict[str, CrosswalkRow | None],
    name: str,
    file: str,
) -> Iterator[Problem]:
    used: set[int] = set()
    for heading, row in found.items():
        if row is None:
            cure = f"map it in {file}, or ignore it there with a note"
            what = "a column that the crosswalk does not know"
            yield Problem(what, cure, name, 1, heading, "crosswalk.column")
        elif row.row in used and not row.source.endswith("*"):
            cure = f"row {row.row} of {file} names two columns; name each by its whole heading"
            what = "two columns for one row of the crosswalk"
            yield Problem(what, cure, name, 1, heading, "crosswalk.double")
        else:
            used.add(row.row)
    for row in (each for each in rows if each.row not in used and each.target != "ignore"):
        cure = f"mend row {row.row} of {file}, or take it out if this was not asked"
        what = "this source of the crosswalk is not in the delivery"
        yield Problem(what, cure, name, 1, row.source, "crosswalk.source")
