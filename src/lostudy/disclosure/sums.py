"""Which cells of a table add up to which: the equations that an attacker solves.

A row with "all" in a column is the total of the rows beside it. What an attacker does not know is
how far each hidden cell is from what it could be; an equation says that what one cell gains the
others lose, so it holds for these deviations even where a total counts persons once who stand in
two parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

ALL = "all"


@dataclass(frozen=True)
class Sum:
    """One equation: the places of the parts, and the place of their total."""

    parts: tuple[int, ...]
    total: int


def sums_of(frame: pd.DataFrame, by: Sequence[str], columns: Sequence[str]) -> list[Sum]:
    """The equations over `columns`: each row with "all" there, and the rows that make it up.

    >>> frame = pd.DataFrame({"organisation": ["A", "B", "all"]})
    >>> sums_of(frame, ["organisation"], ["organisation"])
    [Sum(parts=(0, 1), total=2)]
    """
    return [each for column in columns for each in _over(frame, column, by)]


def _over(frame: pd.DataFrame, column: str, by: Sequence[str]) -> list[Sum]:
    """The equations over one column."""
    keys = frame[[each for each in by if each != column]].astype("str").fillna("")
    group = keys.agg("\x1f".join, axis=1) if len(keys.columns) else pd.Series("", index=keys.index)
    whole = (frame[column].astype("str") == ALL).to_numpy()
    found = []
    for key in group.unique():
        mine = (group == key).to_numpy()
        totals, parts = np.flatnonzero(mine & whole), np.flatnonzero(mine & ~whole)
        found += [Sum(tuple(map(int, parts)), int(place)) for place in totals if len(parts)]
    return found


def as_matrix(sums: Sequence[Sum], cells: int) -> csr_array:
    """The equations as rows: 1 for a part, -1 for the total; their product with deviations is 0."""
    rows = [number for number, each in enumerate(sums) for _ in (*each.parts, each.total)]
    columns = [place for each in sums for place in (*each.parts, each.total)]
    values = [value for each in sums for value in (*[1.0] * len(each.parts), -1.0)]
    return csr_array((values, (rows, columns)), shape=(len(sums), cells))


def components(sums: Sequence[Sum]) -> list[list[Sum]]:
    """Equations that share cells, together; those of other cells know nothing of them."""
    groups: list[tuple[set[int], list[Sum]]] = []
    for each in sums:
        cells = {*each.parts, each.total}
        touched = [group for group in groups if group[0] & cells]
        groups = [group for group in groups if not group[0] & cells]
        joined = [member for group in touched for member in group[1]]
        groups.append((cells.union(*(group[0] for group in touched)), [*joined, each]))
    return [group[1] for group in groups]
