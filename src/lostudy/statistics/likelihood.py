"""The likelihood of a factor model: of complete rows, or of all answers (full information).

Rows that answered the same items are summed into one pattern, so that a likelihood touches patterns
and never rows. With complete rows there is one pattern per group. The model that restricts nothing
(for chi-square) has a closed form there, and is found by EM where answers are missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lostudy.statistics.structure import Matrices, Table, matrices, slopes

RIDGE = 1e-8
EXPECTED, OBSERVED = "expected", "observed"


@dataclass(frozen=True)
class Pattern:
    """Rows of a group with the same items answered: `used` items, n rows, moments (divisor n)."""

    used: np.ndarray
    rows: np.ndarray
    n: int
    S: np.ndarray
    mean: np.ndarray


@dataclass(frozen=True)
class Moments:
    """Per group its patterns, the unrestricted covariances and means, and n; `means`: modelled?

    `unrestricted` and `alone`: minus the log likelihood, less its constant, of the model that
    restricts nothing and of the one in which no items go together. `cells`: answers in all.
    """

    groups: tuple[tuple[Pattern, ...], ...] = ()
    S: tuple[np.ndarray, ...] = ()
    mean: tuple[np.ndarray, ...] = ()
    n: tuple[int, ...] = ()
    means: bool = False
    unrestricted: float = np.nan
    alone: float = np.nan
    cells: int = 0

    @property
    def complete(self) -> bool:
        """Whether no answer is missing."""
        return all(len(patterns) == 1 for patterns in self.groups)


@dataclass(frozen=True)
class Solution:
    """Estimates, their covariances, minus the log likelihood less its constant, a note."""

    theta: np.ndarray
    spread: np.ndarray
    misfit: float
    note: str
    information: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False)


def patterns_of(X: np.ndarray) -> tuple[Pattern, ...]:
    """The rows of a group (n x p, missing allowed; rows without any answer left out) by pattern.

    >>> [p.n for p in patterns_of(np.array([[1., 2], [3, 4], [5, np.nan]]))]
    [1, 2]
    """
    known = np.isfinite(X)
    found = []
    for shape in np.unique(known[known.any(axis=1)], axis=0):
        rows, used = X[(known == shape).all(axis=1)][:, shape], np.flatnonzero(shape)
        centred = rows - rows.mean(axis=0)
        S = centred.T @ centred / len(rows)
        found.append(Pattern(used, rows, len(rows), S, rows.mean(axis=0)))
    return tuple(found)


def moments(parts: list[np.ndarray], means: bool) -> Moments:
    """The moments of the rows of each group (n x p)."""
    groups = tuple(patterns_of(part) for part in parts)
    free = [_unrestricted(each, part.shape[1]) for each, part in zip(groups, parts, strict=True)]
    S, mean = tuple(s for s, _ in free), tuple(m for _, m in free)
    n = tuple(sum(pattern.n for pattern in patterns) for patterns in groups)
    cells = sum(pattern.n * len(pattern.used) for patterns in groups for pattern in patterns)
    saturated = sum(_misfit(p, s, m) for p, (s, m) in zip(groups, free, strict=True))
    alone = sum(_alone(part) for part in parts)
    return Moments(groups, S, mean, n, means, saturated, alone, cells)


def _alone(X: np.ndarray) -> float:
    """Items that go together with nothing: each by its own mean and variance."""
    counts, spread = np.isfinite(X).sum(axis=0), np.nanvar(X, axis=0)
    return float((counts / 2 * (np.log(spread) + 1)).sum())


def _unrestricted(patterns: tuple[Pattern, ...], p: int) -> tuple[np.ndarray, np.ndarray]:
    """Covariances and means by maximum likelihood; EM where answers are missing (Little 1987)."""
    if len(patterns) == 1 and len(patterns[0].used) == p:
        return patterns[0].S, patterns[0].mean
    n = sum(pattern.n for pattern in patterns)
    mean, spread = univariate(patterns, p)
    S = np.diag(spread)
    before = np.inf
    for _ in range(5000):
        total, cross = np.zeros(p), np.zeros((p, p))
        for one in patterns:
            _expect(one, S, mean, total, cross)
        mean = total / n
        S = cross / n - np.outer(mean, mean)
        value = _misfit(patterns, S, mean)
        if abs(before - value) < 1e-10 * n:
            break
        before = value
    return S, mean


def univariate(patterns: tuple[Pattern, ...], p: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the variance (divisor n) of each item over all its answers (p each)."""
    sums, squares, counts = np.zeros(p), np.zeros(p), np.zeros(p)
    for one in patterns:
        sums[one.used] += one.n * one.mean
        squares[one.used] += one.n * (np.diag(one.S) + one.mean**2)
        counts[one.used] += one.n
    mean = sums / counts
    return mean, squares / counts - mean**2


def _expect(
    one: Pattern, S: np.ndarray, mean: np.ndarray, total: np.ndarray, cross: np.ndarray
) -> None:
    """Add the expected sums and cross products of the rows of a pattern to `total` and `cross`."""
    p = len(mean)
    absent = np.setdiff1d(np.arange(p), one.used)
    B = np.linalg.solve(S[np.ix_(one.used, one.used)], S[np.ix_(one.used, absent)])
    full = np.empty(p)
    full[one.used] = one.mean
    full[absent] = mean[absent] + (one.mean - mean[one.used]) @ B
    spread = np.zeros((p, p))
    spread[np.ix_(one.used, one.used)] = one.S
    spread[np.ix_(one.used, absent)] = one.S @ B
    spread[np.ix_(absent, one.used)] = B.T @ one.S
    left = S[np.ix_(absent, absent)] - S[np.ix_(absent, one.used)] @ B
    spread[np.ix_(absent, absent)] = B.T @ one.S @ B + left
    total += one.n * full
    cross += one.n * (spread + np.outer(full, full))


def _misfit(patterns: tuple[Pattern, ...], sigma: np.ndarray, mu: np.ndarray | None) -> float:
    """Minus the log likelihood of a group, less its constant; infinite where sigma is none."""
    value = 0.0
    for one in patterns:
        own = sigma[np.ix_(one.used, one.used)]
        try:
            root = np.linalg.cholesky(own)
        except np.linalg.LinAlgError:
            return np.inf
        W = np.linalg.inv(own)
        gap = np.zeros(len(one.used)) if mu is None else one.mean - mu[one.used]
        inner = 2 * np.log(np.diag(root)).sum() + (W * one.S).sum() + gap @ W @ gap
        value += one.n / 2 * float(inner)
    return value


def misfit(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> float:
    """Minus the log likelihood without its constant; infinite where a covariance is impossible."""
    total = 0.0
    for g, patterns in enumerate(data.groups):
        M = matrices(table, theta, g, p, m)
        total += _misfit(patterns, M.sigma, M.mu if data.means else None)
    return total


def slope(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> np.ndarray:
    """The derivatives of the log likelihood by the free parameters."""
    total = np.zeros(len(theta))
    for g, patterns in enumerate(data.groups):
        M = matrices(table, theta, g, p, m)
        D, d = slopes(table, M, g, len(theta))
        G, g_mean = np.zeros((p, p)), np.zeros(p)
        for one in patterns:
            place = np.ix_(one.used, one.used)
            W = np.linalg.inv(M.sigma[place])
            gap = one.mean - M.mu[one.used] if data.means else np.zeros(len(one.used))
            G[place] += one.n / 2 * (W @ (one.S + np.outer(gap, gap) - M.sigma[place]) @ W)
            g_mean[one.used] += one.n * (W @ gap)
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
    for j in range(q):
        h = np.zeros(q)
        h[j] = 1e-4 * max(1.0, abs(theta[j]))
        up, down = (slope(table, theta + side * h, data, p, m) for side in (1, -1))
        H[j] = (down - up) / (2 * h[j])
    return (H + H.T) / 2


def case_scores(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> np.ndarray:
    """The slope of every row's own log likelihood: n x q."""
    q, rows = len(theta), []
    for g, patterns in enumerate(data.groups):
        M = matrices(table, theta, g, p, m)
        D, d = slopes(table, M, g, q)
        for one in patterns:
            place = np.ix_(one.used, one.used)
            W = np.linalg.inv(M.sigma[place])
            own = D[:, one.used[:, None], one.used[None, :]]
            Z = (one.rows - (M.mu[one.used] if data.means else one.mean)) @ W
            inner = np.einsum("ni,qij,nj->nq", Z, own, Z, optimize=True)
            score = 0.5 * (inner - (own * W).sum(axis=(1, 2)))
            rows.append(score + (Z @ d[:, one.used].T if data.means else 0.0))
    return np.vstack(rows)


def solve(
    table: Table, data: Moments, p: int, m: int, rounds: int = 1000, kind: str = EXPECTED
) -> Solution:
    """Fisher scoring with step halving until the expected gain is nothing.

    `kind`: the information behind the errors, expected or observed (with missing answers always
    observed, as in R's lavaan).
    """
    theta = np.array(table.start, dtype=float)
    value = misfit(table, theta, data, p, m)
    gain = np.inf
    for _ in range(rounds):
        change = slope(table, theta, data, p, m)
        information = expected_information(table, theta, data, p, m)
        ridge = RIDGE * np.diag(np.maximum(np.diag(information), 1e-12))
        step = np.linalg.lstsq(information + ridge, change, rcond=None)[0]
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
    if not note and np.linalg.matrix_rank(information / _scale(information)) < len(theta):
        note = "singular: the model is not identified in these data"
    return Solution(theta, np.linalg.pinv(information), value, note, information)


def _scale(information: np.ndarray) -> np.ndarray:
    root = np.sqrt(np.maximum(np.diag(information), 1e-300))
    return np.outer(root, root)


def filled(table: Table, theta: np.ndarray, data: Moments, p: int, m: int) -> tuple[Matrices, ...]:
    """The matrices of every group at these estimates."""
    return tuple(matrices(table, theta, g, p, m) for g in range(len(data.groups)))
