"""The parameters of a factor model: which are free, which are fixed, which are equal.

In each group the covariances are L F L' + T and the means v + L a, with loadings L, factor
covariances F, residual covariances T, intercepts v and factor means a. Every number is fixed or is
one of the free parameters; parameters that must be equal share a place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

KINDS = ("loading", "factor", "residual", "intercept", "mean")


@dataclass(frozen=True)
class Entry:
    """One cell of one matrix in one group: free (`place` 0 or more) or fixed at `value`."""

    kind: str
    group: int
    row: int
    column: int
    place: int
    value: float


@dataclass
class Table:
    """The parameter table while it is built; `start` holds a value per free parameter."""

    entries: list[Entry] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    places: dict[tuple, int] = field(default_factory=dict)

    def fix(self, kind: str, group: int, row: int, column: int, value: float) -> None:
        """A cell that is not estimated."""
        self.entries.append(Entry(kind, group, row, column, -1, value))

    def free(
        self, kind: str, group: int, row: int, column: int, start: float, key: tuple | None = None
    ) -> None:
        """A cell to estimate; cells with the same key are equal."""
        label = (kind, group, row, column) if key is None else key
        if label not in self.places:
            self.places[label] = len(self.start)
            self.start.append(start)
        self.entries.append(Entry(kind, group, row, column, self.places[label], start))


@dataclass(frozen=True)
class Matrices:
    """The matrices of one group."""

    L: np.ndarray
    F: np.ndarray
    T: np.ndarray
    v: np.ndarray
    a: np.ndarray

    @property
    def sigma(self) -> np.ndarray:
        return self.L @ self.F @ self.L.T + self.T

    @property
    def mu(self) -> np.ndarray:
        return self.v + self.L @ self.a


def matrices(table: Table, theta: np.ndarray, group: int, p: int, m: int) -> Matrices:
    """Fill the matrices of a group."""
    L, F, T = np.zeros((p, m)), np.zeros((m, m)), np.zeros((p, p))
    v, a = np.zeros(p), np.zeros(m)
    for e in table.entries:
        if e.group != group:
            continue
        value = e.value if e.place < 0 else theta[e.place]
        if e.kind == "loading":
            L[e.row, e.column] = value
        elif e.kind == "factor":
            F[e.row, e.column] = F[e.column, e.row] = value
        elif e.kind == "residual":
            T[e.row, e.column] = T[e.column, e.row] = value
        elif e.kind == "intercept":
            v[e.row] = value
        else:
            a[e.row] = value
    return Matrices(L, F, T, v, a)


def slopes(table: Table, M: Matrices, group: int, q: int) -> tuple[np.ndarray, np.ndarray]:
    """The derivatives of covariances (q x p x p) and means (q x p) by the free parameters."""
    p = len(M.v)
    D, d = np.zeros((q, p, p)), np.zeros((q, p))
    FL = M.F @ M.L.T
    for e in table.entries:
        if e.group != group or e.place < 0:
            continue
        if e.kind == "loading":
            D[e.place, e.row, :] += FL[e.column]
            D[e.place, :, e.row] += FL[e.column]
            d[e.place, e.row] += M.a[e.column]
        elif e.kind == "factor":
            outer = np.outer(M.L[:, e.row], M.L[:, e.column])
            D[e.place] += outer if e.row == e.column else outer + outer.T
        elif e.kind == "residual":
            D[e.place, e.row, e.column] += 1
            D[e.place, e.column, e.row] += float(e.row != e.column)
        elif e.kind == "intercept":
            d[e.place, e.row] += 1
        else:
            d[e.place] += M.L[:, e.row]
    return D, d
