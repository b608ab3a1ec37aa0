"""The likelihood of a factor model: of complete rows, or of all answers (full information)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from lostudy.statistics.patterns import Moments, Patterns, group_misfit
from lostudy.statistics.structure import Matrices, Table, matrices, slopes

RIDGE = 1e-8
EXPECTED, OBSERVED = "expected", "observed"


@dataclass(frozen=True)
class Solution:
    """Estimates, their covariances, minus the log likelihood less its constant, a note."""

    theta: np.ndarray
    spread: np.ndarray
    misfit: float
    note: str
    information: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False)


def misfit(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> float:
    """Minus the log likelihood without its constant; infinite where a covariance is impossible."""
    total = 0.0
    for g, group in enumerate(data.groups):
        M = matrices(table, theta, g, p, m)
        total += group_misfit(group, M.sigma, M.mu if data.means else None)
    return total


def slope(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> np.ndarray:
    """The derivatives of the log likelihood by the free parameters."""
    total = np.zeros(len(theta))
    for g, group in enumerate(data.groups):
        M = matrices(table, theta, g, p, m)
        D, d = slopes(table, M, g, len(theta))
        G, g_mean, sigma, mu = np.zeros((p, p)), np.zeros(p), M.sigma, M.mu
        for each in group:
            own, n = sigma[each.square], each.n[:, None]
            W = np.linalg.inv(own)
            gap = each.mean - mu[each.used] if data.means else np.zeros_like(each.mean)
            spread = each.S + gap[:, :, None] * gap[:, None, :]
            np.add.at(G, each.square, n[:, :, None] / 2 * (W @ (spread - own) @ W))
            np.add.at(g_mean, each.used, n * np.einsum("pij,pj->pi", W, gap))
        total += np.tensordot(D, G, 2) + d @ g_mean
    return total


def expected_information(
    table: Table, theta: np.ndarray, data: Moments, p: int, m: int
) -> np.ndarray:
    """The expected information as if no answer was missing (q x q)."""
    q = len(theta)
    total = np.zeros((q, q))
    for g, n in enumerate(data.n):
        M = matrices(table, theta, g, p, m)
        W = np.linalg.inv(M.sigma)
        D, d = slopes(table, M, g, q)
        WD = W @ D
        turned = WD.transpose(0, 2, 1).reshape(q, -1)
        total += n * (0.5 * WD.reshape(q, -1) @ turned.T + d @ W @ d.T)
    return total


def observed_information(
    table: Table, theta: np.ndarray, data: Moments, p: int, m: int
) -> np.ndarray:
    """Minus the second derivatives of the log likelihood, by differences of the exact slope."""
    q = len(theta)
    H = np.empty((q, q))
    expected = np.diag(expected_information(table, theta, data, p, m))
    wide = np.sqrt(sum(data.n) / np.maximum(expected, 1e-300))  # of the errors of one person
    for j in range(q):
        h = np.zeros(q)
        h[j] = 1e-4 * max(wide[j], abs(theta[j]))
        up, down = (slope(table, theta + side * h, data, p, m) for side in (1, -1))
        H[j] = (down - up) / (2 * h[j])
    return (H + H.T) / 2


def case_scores(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> np.ndarray:
    """The slope of every row's own log likelihood: n x q."""
    q, rows = len(theta), []
    for g, group in enumerate(data.groups):
        M = matrices(table, theta, g, p, m)
        D, d = slopes(table, M, g, q)
        for used, answers, mean in _each(group):
            W = np.linalg.inv(M.sigma[np.ix_(used, used)])
            own = D[:, used[:, None], used[None, :]]
            Z = (answers - (M.mu[used] if data.means else mean)) @ W
            inner = np.einsum("ni,qij,nj->nq", Z, own, Z, optimize=True)
            score = 0.5 * (inner - (own * W).sum(axis=(1, 2)))
            rows.append(score + (Z @ d[:, used].T if data.means else 0.0))
    return np.vstack(rows)


def _each(group: tuple[Patterns, ...]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Which items, the answers and their means, pattern by pattern."""
    for one in group:
        yield from zip(one.used, one.rows, one.mean, strict=True)


def solve(
    table: Table, data: Moments, p: int, m: int, rounds: int = 1000, kind: str = EXPECTED
) -> Solution:
    """Fisher scoring with step halving until the expected gain is nothing, in any units of items.

    `kind`: the information behind the errors, expected or observed (with missing answers always
    observed, as in R's lavaan).
    """
    theta = np.array(table.start, dtype=float)
    value = misfit(table, theta, data, p, m)
    gain = np.inf
    for _ in range(rounds):
        change = slope(table, theta, data, p, m)
        information = expected_information(table, theta, data, p, m)
        root = _root(information)
        unit = information / np.outer(root, root) + RIDGE * np.eye(len(root))
        step = np.linalg.lstsq(unit, change / root, rcond=None)[0] / root
        gain = float(change @ step)
        if gain < 1e-12 * sum(data.n):
            break
        size, new = 1.0, misfit(table, theta + step, data, p, m)
        while not new <= value and size > 1e-6:
            size /= 2
            new = misfit(table, theta + size * step, data, p, m)
        if size <= 1e-6:
            break
        theta, value = theta + size * step, new
    observed = kind == OBSERVED or not data.complete
    information = (observed_information if observed else expected_information)(
        table, theta, data, p, m
    )
    note = "" if gain < 1e-7 * sum(data.n) else "no convergence: the model cannot be fitted"
    root = _root(information)
    unit = information / np.outer(root, root)
    if not note and np.linalg.matrix_rank(unit) < len(theta):
        note = "singular: the model is not identified in these data"
    spread = np.linalg.pinv(unit) / np.outer(root, root)
    return Solution(theta, spread, value, note, information)


def _root(information: np.ndarray) -> np.ndarray:
    """The unit of each parameter's slope: items may stand on scales that differ a thousandfold."""
    return np.sqrt(np.maximum(np.diag(information), 1e-300))


def filled(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> tuple[Matrices, ...]:
    """The matrices of every group at these estimates."""
    return tuple(matrices(table, theta, g, p, m) for g in range(len(data.groups)))
