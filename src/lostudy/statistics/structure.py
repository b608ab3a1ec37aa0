"""The engine of confirmatory factor analysis: free and equal parameters, Fisher scoring.

In each group the covariances are L F L' + T and the means v + L a, with loadings L, factor
covariances F, residual covariances T, intercepts v and factor means a. Every number is fixed or is
one of the free parameters; parameters that must be equal share a place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

KINDS = ("loading", "factor", "residual", "intercept", "mean")
RIDGE = 1e-8


@dataclass(frozen=True)
class Entry:
    """One cell of one matrix in one group: free (`place` 0 or more) or fixed at `value`."""

    kind: str
    group: int
    row: int
    column: int
    place: int
    value: float


@dataclass(frozen=True)
class Moments:
    """Per group the covariances (divisor n), the means and n of the complete rows."""

    S: tuple[np.ndarray, ...]
    mean: tuple[np.ndarray, ...]
    n: tuple[int, ...]
    means: bool


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


@dataclass(frozen=True)
class Solution:
    """Estimates, their covariances, minus the log likelihood less its constant, a note."""

    theta: np.ndarray
    spread: np.ndarray
    misfit: float
    note: str


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


def _slopes(table: Table, M: Matrices, group: int, q: int) -> tuple[np.ndarray, np.ndarray]:
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


def misfit(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> float:
    """Minus the log likelihood without its constant; infinite where a covariance is impossible."""
    total = 0.0
    for g, S in enumerate(data.S):
        M = matrices(table, theta, g, p, m)
        try:
            root = np.linalg.cholesky(M.sigma)
        except np.linalg.LinAlgError:
            return np.inf
        W = np.linalg.inv(M.sigma)
        gap = data.mean[g] - M.mu if data.means else np.zeros(p)
        value = 2 * np.log(np.diag(root)).sum() + (W * S).sum() + gap @ W @ gap
        total += data.n[g] / 2 * float(value)
    return total


def _score(
    table: Table, theta: np.ndarray, data: Moments, p: int, m: int
) -> tuple[np.ndarray, np.ndarray]:
    """The slope of the log likelihood and its expected information."""
    q = len(theta)
    slope, information = np.zeros(q), np.zeros((q, q))
    for g, S in enumerate(data.S):
        M = matrices(table, theta, g, p, m)
        W = np.linalg.inv(M.sigma)
        D, d = _slopes(table, M, g, q)
        gap = data.mean[g] - M.mu if data.means else np.zeros(p)
        rest = W @ (S + np.outer(gap, gap) - M.sigma) @ W
        slope += data.n[g] * (0.5 * np.tensordot(D, rest, 2) + d @ W @ gap)
        WD = (W @ D).reshape(q, -1)
        turned = (W @ D).transpose(0, 2, 1).reshape(q, -1)
        information += data.n[g] * (0.5 * WD @ turned.T + d @ W @ d.T)
    return slope, information


def solve(table: Table, data: Moments, p: int, m: int, rounds: int = 400) -> Solution:
    """Fisher scoring with step halving until the expected gain is nothing."""
    theta = np.array(table.start, dtype=float)
    value = misfit(table, theta, data, p, m)
    gain = np.inf
    for _ in range(rounds):
        slope, information = _score(table, theta, data, p, m)
        ridge = RIDGE * np.diag(np.maximum(np.diag(information), 1e-12))
        step = np.linalg.lstsq(information + ridge, slope, rcond=None)[0]
        gain = float(slope @ step)
        if gain < 1e-12 * sum(data.n):
            break
        size, new = 1.0, misfit(table, theta + step, data, p, m)
        while not new <= value and size > 1e-6:
            size /= 2
            new = misfit(table, theta + size * step, data, p, m)
        if size <= 1e-6:
            break
        theta, value = theta + size * step, new
    _, information = _score(table, theta, data, p, m)
    note = "" if gain < 1e-7 * sum(data.n) else "no convergence: the model cannot be fitted"
    if not note and np.linalg.matrix_rank(information / _scale(information)) < len(theta):
        note = "singular: the model is not identified in these data"
    return Solution(theta, np.linalg.pinv(information), value, note)


def _scale(information: np.ndarray) -> np.ndarray:
    root = np.sqrt(np.maximum(np.diag(information), 1e-300))
    return np.outer(root, root)
