"""What a model works on: complete rows, a design matrix with names, groups as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.columns import beside, number, numbers

SINGULAR = "singular: the columns of the design are not independent"


@dataclass(frozen=True)
class Design:
    """Complete rows of one model: `y` (n), `X` (n x k), its names, one code per row and group."""

    y: np.ndarray
    X: np.ndarray
    names: tuple[str, ...]
    groups: tuple[np.ndarray, ...]

    @property
    def problem(self) -> str:
        """Why no coefficients can be estimated, or nothing."""
        rows, columns = self.X.shape
        if rows == 0:
            return "no complete rows"
        if rows <= columns:
            return "no more rows than coefficients"
        return SINGULAR if _dependent(self.X) else ""


def _dependent(X: np.ndarray) -> bool:
    """Is a column (nearly) a combination of the others? Judged on columns of length 1."""
    length = np.sqrt((X**2).sum(axis=0))
    if (length == 0).any():
        return True
    unit = X / length
    return bool(np.linalg.eigvalsh(unit.T @ unit).min() < 1e-12)


def complete(y: Any, X: Any, *groups: Any) -> Design:
    """Rows in which nothing is missing; X keeps its column names, or gets b0, b1, ...

    >>> complete([1, 2, None], np.ones((3, 1)), ["a", "b", "b"]).groups[0].tolist()
    [0, 1]
    """
    names = tuple(map(str, X.columns)) if isinstance(X, pd.DataFrame) else ()
    outcome, matrix = _column(y), _matrix(X)
    if matrix.shape[0] != len(outcome):
        what = f"y has {len(outcome)} rows and X {matrix.shape[0]}"
        raise StudyError(Problem(what, "give one row of X per y"))
    names = names or tuple(f"b{i}" for i in range(matrix.shape[1]))
    index = _index(y, X, len(outcome))
    if isinstance(y, pd.Series) and not y.index.equals(index):
        outcome = beside(pd.Series(outcome, index=y.index), index, "y").to_numpy(float)
    columns = [beside(g, index, "a grouping").to_numpy() for g in groups]
    keep = np.isfinite(outcome) & np.isfinite(matrix).all(axis=1)
    for g in columns:
        keep &= ~pd.isna(g)
    coded = tuple(pd.factorize(g[keep])[0] for g in columns)
    return Design(outcome[keep], matrix[keep], names, coded)


def _index(y: Any, X: Any, rows: int) -> pd.Index:
    """The rows that everything else is held against: those of X, else those of y."""
    named = [each.index for each in (X, y) if isinstance(each, pd.DataFrame | pd.Series)]
    return named[0] if named else pd.RangeIndex(rows)


def _column(y: Any) -> np.ndarray:
    if isinstance(y, pd.DataFrame):
        return numbers(y).to_numpy().ravel()
    return number(y, str(y.name) if isinstance(y, pd.Series) and y.name is not None else "y")


def _matrix(X: Any) -> np.ndarray:
    if isinstance(X, pd.DataFrame):
        return numbers(X).to_numpy()
    values = np.atleast_2d(X if isinstance(X, np.ndarray) else np.asarray(X, dtype=object))
    return numbers(pd.DataFrame(values).add_prefix("b")).to_numpy()


def ranked(codes: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Groups renumbered by what they hold (n codes; table n x m), so that row order draws nothing.

    Random draws go by the number of a group; numbered by content they are the same in any order.

    >>> ranked(np.array([0, 1, 1]), np.array([[5.], [2], [1]])).tolist()
    [1, 0, 0]
    """
    if not len(codes):
        return codes
    table = np.ascontiguousarray(table, dtype=float) + 0.0
    order = np.lexsort((*table.T[::-1], codes))
    starts = np.flatnonzero(np.diff(codes[order])) + 1
    parts = np.split(table[order], starts)
    names = np.split(codes[order], starts)
    place = np.empty(int(codes.max(initial=-1)) + 1, dtype=int)
    first = sorted(range(len(parts)), key=lambda g: parts[g].tolist())
    for rank, g in enumerate(first):
        place[names[g][0]] = rank
    return place[codes]


def group_sums(values: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    """The sum of the rows of `values` (n x m) within each group: count x m.

    >>> group_sums(np.array([[1.], [2.], [3.]]), np.array([0, 1, 0]), 2).tolist()
    [[4.0], [2.0]]
    """
    return np.column_stack(
        [np.bincount(codes, weights=column, minlength=count) for column in values.T]
    )
