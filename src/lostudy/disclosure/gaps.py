"""What is hidden must stay hidden beside the totals: more is hidden until nothing gives it away.

Two rules, repeated until both hold (METHODS D5). Beside a total that is shown, what is hidden are
at least two cells that hold the threshold of persons together. And no hidden cell is fixed by all
totals taken together: the linear equations "parts add up to their total" leave every hidden cell
free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

ALL = "all"
GAPS = ("few", "derivable", "uniform")


@dataclass(frozen=True)
class Sum:
    """One equation: the places of the parts, and the place of their total."""

    parts: np.ndarray
    total: int

    @property
    def cells(self) -> np.ndarray:
        """Every place in the equation."""
        return np.append(self.parts, self.total)


def closed(
    frame: pd.DataFrame,
    hidden: pd.Series,
    by: Sequence[str],
    columns: Sequence[str],
    threshold: int,
) -> pd.Series:
    """The reasons in `hidden`, with more cells "derivable" until no hidden cell can be derived.

    `columns`: the columns of `by` over which groups add up to the row with "all".
    """
    reasons = hidden.to_numpy(dtype=object).copy()
    counts = frame["n"].astype("float64").fillna(0).to_numpy()
    sums = [each for column in columns for each in _sums(frame, column, by)]
    while True:
        more = _too_few(sums, reasons, counts, threshold) or _fixed(sums, reasons, counts)
        if more is None:
            return pd.Series(reasons, index=hidden.index, dtype="str")
        reasons[more] = "derivable"


def _sums(frame: pd.DataFrame, column: str, by: Sequence[str]) -> list[Sum]:
    """The equations over one column: a total row and the rows beside it."""
    keys = frame[[each for each in by if each != column]].astype("str")
    group = keys.agg("\x1f".join, axis=1) if len(keys.columns) else pd.Series("", index=keys.index)
    total = (frame[column].astype("str") == ALL).to_numpy()
    found = []
    for key in group.unique():
        mine = (group == key).to_numpy()
        totals, parts = np.flatnonzero(mine & total), np.flatnonzero(mine & ~total)
        found += [Sum(parts, int(place)) for place in totals if len(parts)]
    return found


def _too_few(
    sums: list[Sum], reasons: np.ndarray, counts: np.ndarray, threshold: int
) -> int | None:
    """A cell to hide where what is hidden beside a shown total is one cell, or too few persons."""
    for each in (each for each in sums if reasons[each.total] == ""):
        gaps = each.parts[np.isin(reasons[each.parts], GAPS)]
        if not len(gaps) or (len(gaps) >= 2 and counts[gaps].sum() >= threshold):
            continue
        return _smallest(each.parts, reasons, counts, each.total)
    return None


def _fixed(sums: list[Sum], reasons: np.ndarray, counts: np.ndarray) -> int | None:
    """A cell to hide where all totals together fix a hidden cell."""
    unknown = np.flatnonzero(np.isin(reasons, GAPS))
    if not len(unknown) or not sums:
        return None
    place = {int(cell): number for number, cell in enumerate(unknown)}
    equations = np.zeros((len(sums), len(unknown)))
    for row, each in enumerate(sums):
        for cell in each.cells:
            if int(cell) in place:
                equations[row, place[int(cell)]] = -1.0 if cell == each.total else 1.0
    for cell in unknown[_determined(equations)]:
        for each in (each for each in sums if cell in each.cells):
            more = _smallest(each.parts, reasons, counts, each.total)
            if more is not None:
                return more
    return None


def _determined(equations: np.ndarray) -> np.ndarray:
    """Which unknowns have one value only: those without a share in the null space."""
    _, sizes, rows = np.linalg.svd(equations)
    rank = int((sizes > 1e-9 * max(equations.shape)).sum())
    return np.linalg.norm(rows[rank:], axis=0) < 1e-9


def _smallest(parts: np.ndarray, reasons: np.ndarray, counts: np.ndarray, total: int) -> int | None:
    """The shown part with the fewest persons; the total where no part is shown any more."""
    left = parts[reasons[parts] == ""]
    if len(left):
        return int(left[np.argmin(counts[left])])
    return total if reasons[total] == "" else None
