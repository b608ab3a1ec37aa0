"""What is hidden must stay hidden beside the totals: the fewest persons more are hidden for it.

Complementary cell suppression (Fischetti & Salazar 2000; Hundepool et al. 2012, chapter 4): a
hidden count is safe if two tables that agree with everything shown give it values that lie at least
the threshold apart. Which cells to hide besides is a mixed integer programme whose cost is the
number of persons hidden; then a linear programme proves the width of every hidden cell, those
hidden in addition included. Tables too large for the integer programme are closed cell by cell
until the same proof holds: more may be hidden, never less.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, diags_array, eye_array, hstack, kron, sparray

from lostudy.disclosure.sums import Sum, as_matrix, components, sums_of

LARGEST = 6_000
TINY = 1e-6


def hidden_too(
    frame: pd.DataFrame,
    primary: np.ndarray,
    by: Sequence[str],
    columns: Sequence[str],
    threshold: int,
) -> np.ndarray:
    """Which rows must be hidden, `primary` and those that would give one of them away.

    `frame`: a row per group with its number of persons `n`; `primary`: true where a row is hidden
    for its own sake; `columns`: the columns of `by` over which groups add up to the row with "all".
    Every hidden count keeps an interval at least `threshold` wide for who knows all that is shown.

    >>> frame = pd.DataFrame({"organisation": ["A", "B", "C", "all"], "n": [50, 6, 20, 76]})
    >>> hidden_too(frame, np.array([False, True, False, False]), ["organisation"],
    ...            ["organisation"], 10).tolist()
    [False, True, True, False]
    """
    hidden = primary.copy()
    counts = frame["n"].astype("float64").fillna(0).to_numpy()
    for sums in components(sums_of(frame, by, columns)):
        cells = _sorted_cells(sums, frame, by)
        if hidden[cells].any():
            hidden[cells] = _closed(_placed(sums, cells), counts[cells], hidden[cells], threshold)
    return hidden


def _sorted_cells(sums: list[Sum], frame: pd.DataFrame, by: Sequence[str]) -> np.ndarray:
    """The cells of these equations by name: the order of rows decides nothing."""
    cells = sorted({cell for each in sums for cell in (*each.parts, each.total)})
    names = frame.iloc[cells][list(by)].astype("str").fillna("").agg("\x1f".join, axis=1)
    return np.array(cells)[np.argsort(names.to_numpy(dtype=object), kind="stable")]


def _placed(sums: list[Sum], cells: np.ndarray) -> csr_array:
    """The equations over these cells only, each equation once."""
    place = {int(cell): number for number, cell in enumerate(cells)}
    moved = {
        Sum(tuple(sorted(place[cell] for cell in each.parts)), place[each.total]) for each in sums
    }
    return as_matrix(sorted(moved, key=lambda each: (each.total, each.parts)), len(cells))


def _closed(
    equations: csr_array, counts: np.ndarray, hidden: np.ndarray, threshold: int
) -> np.ndarray:
    """Hide more until each hidden cell keeps an interval of the threshold.

    What is wide enough stays so when more is hidden: only the narrow cells need to be widened.
    """
    must, targets = hidden.copy(), np.zeros(len(hidden), dtype=bool)
    while True:
        narrow = hidden & (widths(equations, counts, hidden) < threshold - TINY)
        if not narrow.any():
            return hidden
        fresh = narrow & ~targets
        targets |= narrow
        if fresh.any() and equations.shape[1] * (1 + 2 * int(targets.sum())) <= LARGEST:
            hidden = cheapest(equations, counts, must, targets, threshold)
        else:
            must = hidden = hidden | _next(equations, counts, hidden, narrow)


def cheapest(
    equations: csr_array,
    counts: np.ndarray,
    must: np.ndarray,
    widen: np.ndarray,
    threshold: int,
) -> np.ndarray:
    """The cells to hide with the fewest persons, `must` among them, and widen all of `widen`.

    For each cell to widen there are two tables of deviations, one that raises it and one that
    lowers it; a deviation is possible only where a cell is hidden, and no count falls under zero.
    """
    cells, targets = len(counts), np.flatnonzero(widen)
    tables = 2 * len(targets)
    each, every = eye_array(tables), eye_array(tables * cells)
    column = csr_array(np.ones((tables, 1)))
    most, least = np.full(cells, float(threshold)), np.minimum(counts, threshold)
    constraints = [
        LinearConstraint(_beside(None, kron(each, equations), cells), 0, 0),
        LinearConstraint(_beside(kron(column, diags_array(-most)), every, cells), -np.inf, 0),
        LinearConstraint(_beside(kron(column, diags_array(least)), every, cells), 0, np.inf),
        LinearConstraint(_beside(None, _widening(targets, cells), cells), float(threshold), np.inf),
    ]
    nothing = np.zeros(tables * cells)
    order = np.arange(cells) / (cells * 1e4)
    solved = milp(
        np.concatenate([counts + 1 + order, nothing]),
        integrality=np.concatenate([np.ones(cells), nothing]),
        bounds=Bounds(
            np.concatenate([must.astype(float), nothing - threshold]),
            np.concatenate([np.ones(cells), nothing + threshold]),
        ),
        constraints=constraints,
    )
    return must if solved.x is None else must | (solved.x[:cells] > 0.5)


def _beside(left: sparray | None, right: sparray, cells: int) -> csr_array:
    """Coefficients of what is hidden, beside those of the deviations."""
    return csr_array(hstack([csr_array((right.shape[0], cells)) if left is None else left, right]))


def _widening(targets: np.ndarray, cells: int) -> csr_array:
    """For each cell to protect: its value in the raised table less that in the lowered one."""
    numbers = np.arange(len(targets))
    raised, lowered = 2 * numbers * cells + targets, (2 * numbers + 1) * cells + targets
    values = np.concatenate([np.ones(len(targets)), -np.ones(len(targets))])
    places = (np.tile(numbers, 2), np.concatenate([raised, lowered]))
    return csr_array((values, places), shape=(len(targets), 2 * len(targets) * cells))


def widths(equations: csr_array, counts: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """How far apart the least and the most persons are that each cell can have: 0 where shown.

    `counts`: what the cells hold, `hidden`: which of them are not shown. Infinite where no total
    holds a cell.
    """
    free = np.flatnonzero(hidden)
    found = np.zeros(len(counts))
    if not len(free):
        return found
    system = equations[:, free]
    bounds = np.column_stack([-counts[free], np.full(len(free), np.inf)])
    for place, cell in enumerate(free):
        goal = np.zeros(len(free))
        goal[place] = 1.0
        ends = [
            linprog(sign * goal, A_eq=system, b_eq=np.zeros(system.shape[0]), bounds=bounds)
            for sign in (1.0, -1.0)
        ]
        found[cell] = sum(np.inf if end.status == 3 else -end.fun for end in ends)
    return found


def _next(
    equations: csr_array, counts: np.ndarray, hidden: np.ndarray, narrow: np.ndarray
) -> np.ndarray:
    """One more cell to hide: the one with the fewest persons beside the first narrow cell."""
    cell = int(np.flatnonzero(narrow)[0])
    beside = np.abs(equations)[np.abs(equations)[:, [cell]].toarray().ravel() > 0].sum(axis=0) > 0
    choice = np.flatnonzero(np.asarray(beside).ravel() & ~hidden)
    if not len(choice):
        choice = np.flatnonzero(~hidden)
    more = np.zeros(len(hidden), dtype=bool)
    more[choice[np.argmin(counts[choice])]] = True
    return more
