"""Groups that stand in a total and not in the table: what the total tells beyond its parts.

A table of two groups and their total, of three groups that there are, gives the third away as if
it stood there and were hidden. So for the closing of a table (`suppression`) it does stand there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lostudy.disclosure.people import distinct, places
from lostudy.disclosure.sums import sums_of

NOWHERE = "\x00"


def unlisted(
    frame: pd.DataFrame, by: Sequence[str], columns: Sequence[str], people: pd.DataFrame
) -> pd.DataFrame:
    """The groups of `people` that stand in a total of `frame` and have no row: `by` and `n`.

    `columns`: those over which groups add up; people of whom it is not known are a group too.

    >>> frame = pd.DataFrame({"team": ["a", "all"]})
    >>> people = pd.DataFrame({"team": ["a", "a", "b"], "person": [1, 2, 3]})
    >>> unlisted(frame, ["team"], ["team"], people)
      team  n
    0    b  1
    """
    texts = people.assign(**{each: _named(people[each]) for each in by if each in people})
    rows = [
        row
        for column in columns
        if column in people
        for each in sums_of(frame, by, [column])
        for row in _left_out(frame, by, column, each.parts, texts, each.total)
    ]
    found = pd.DataFrame(rows, columns=list(by)).drop_duplicates(ignore_index=True)
    counts = distinct(texts, places(found, by, texts)) if len(found) else np.array([], dtype=int)
    return found.assign(n=pd.Series(counts, dtype="Int64"))


def _named(groups: pd.Series) -> pd.Series:
    return groups.astype("str").where(groups.notna(), NOWHERE)


def _left_out(
    frame: pd.DataFrame,
    by: Sequence[str],
    column: str,
    parts: Sequence[int],
    people: pd.DataFrame,
    total: int,
) -> list[dict[str, str]]:
    """The groups of one total that have no row beside it."""
    whole = frame.loc[[total], list(by)].astype("str")
    standing = people.iloc[places(whole, by, people)[0]]
    listed = set(frame[column].iloc[list(parts)].astype("str"))
    key = {str(each): str(value) for each, value in whole.iloc[0].items()}
    return [{**key, column: name} for name in sorted(set(standing[column]) - listed)]
