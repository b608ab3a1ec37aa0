"""Which items were answered together, and the model of them that restricts nothing.

Rows that answered the same items are one pattern; patterns of equally many items are computed
together, so that a likelihood touches neither rows nor single patterns. With complete rows there is
one pattern per group. The model that restricts nothing (for chi-square) has a closed form there,
and is found by EM where answers are missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ROUNDS = 5000


@dataclass(frozen=True)
class Patterns:
    """The P patterns of a group in which k items were answered.

    `used` (P x k): which items; `n` (P): rows; `S` (P x k x k) and `mean` (P x k): their moments,
    divisor n; `rows`: the answers of each pattern (n x k).
    """

    used: np.ndarray
    n: np.ndarray
    S: np.ndarray
    mean: np.ndarray
    rows: tuple[np.ndarray, ...]

    @property
    def square(self) -> tuple[np.ndarray, np.ndarray]:
        """The places of their items in a p x p matrix."""
        return self.used[:, :, None], self.used[:, None, :]


@dataclass(frozen=True)
class Moments:
    """Per group its patterns, the unrestricted covariances and means, and n; `means`: modelled?

    `unrestricted` and `alone`: minus the log likelihood, less its constant, of the model that
    restricts nothing and of the one in which no items go together. `cells`: answers in all.
    """

    groups: tuple[tuple[Patterns, ...], ...] = ()
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
        return all(
            len(group) == 1 and len(group[0].n) == 1 and group[0].used.shape[1] == len(S)
            for group, S in zip(self.groups, self.S, strict=True)
        )


def patterns_of(X: np.ndarray) -> tuple[Patterns, ...]:
    """The rows of a group (n x p, missing allowed; rows without any answer left out) by pattern.

    >>> [p.n.tolist() for p in patterns_of(np.array([[1., 2], [3, 4], [5, np.nan], [np.nan, 6]]))]
    [[1, 1], [2]]
    """
    known = np.isfinite(X)
    shapes, codes = np.unique(known, axis=0, return_inverse=True)
    sizes, found = shapes.sum(axis=1), []
    for k in np.unique(sizes[sizes > 0]):
        places = np.flatnonzero(sizes == k)
        rows = tuple(X[codes.ravel() == each][:, shapes[each]] for each in places)
        mean = np.array([each.mean(axis=0) for each in rows])
        S = np.array([np.cov(each.T, bias=True).reshape(k, k) for each in rows])
        used = np.array([np.flatnonzero(shapes[each]) for each in places])
        found.append(Patterns(used, np.array([len(each) for each in rows]), S, mean, rows))
    return tuple(found)


def moments(parts: list[np.ndarray], means: bool) -> Moments:
    """The moments of the rows of each group (n x p)."""
    groups = tuple(patterns_of(part) for part in parts)
    free = [_unrestricted(each, part.shape[1]) for each, part in zip(groups, parts, strict=True)]
    S, mean = tuple(s for s, _ in free), tuple(m for _, m in free)
    n = tuple(int(sum(each.n.sum() for each in group)) for group in groups)
    cells = int(sum(np.isfinite(part).sum() for part in parts))
    saturated = sum(group_misfit(p, s, m) for p, (s, m) in zip(groups, free, strict=True))
    return Moments(groups, S, mean, n, means, saturated, sum(map(_alone, parts)), cells)


def _alone(X: np.ndarray) -> float:
    """Items that go together with nothing: each by its own mean and variance."""
    counts, spread = np.isfinite(X).sum(axis=0), np.nanvar(X, axis=0)
    return float((counts / 2 * (np.log(spread) + 1)).sum())


def _unrestricted(group: tuple[Patterns, ...], p: int) -> tuple[np.ndarray, np.ndarray]:
    """Covariances and means by maximum likelihood; EM where answers are missing (Little 1987)."""
    if len(group) == 1 and group[0].used.shape == (1, p):
        return group[0].S[0], group[0].mean[0]
    n = sum(each.n.sum() for each in group)
    mean, spread = univariate(group, p)
    S, before = np.diag(spread), np.inf
    for _ in range(ROUNDS):
        total, cross = np.zeros(p), np.zeros((p, p))
        for each in group:
            _expect(each, S, mean, total, cross)
        mean = total / n
        S = cross / n - np.outer(mean, mean)
        value = group_misfit(group, S, mean)
        if abs(before - value) < 1e-10 * n:
            break
        before = value
    return S, mean


def univariate(group: tuple[Patterns, ...], p: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the variance (divisor n) of each item over all its answers (p each)."""
    sums, squares, counts = np.zeros(p), np.zeros(p), np.zeros(p)
    for each in group:
        n = each.n[:, None]
        variances = np.diagonal(each.S, axis1=1, axis2=2)
        np.add.at(sums, each.used, n * each.mean)
        np.add.at(squares, each.used, n * (variances + each.mean**2))
        np.add.at(counts, each.used, n)
    mean = sums / counts
    return mean, squares / counts - mean**2


def _expect(
    each: Patterns, S: np.ndarray, mean: np.ndarray, total: np.ndarray, cross: np.ndarray
) -> None:
    """Add the expected sums and cross products of these rows to `total` and `cross`."""
    p, count = len(mean), len(each.n)
    unseen = np.ones((count, p), dtype=bool)
    np.put_along_axis(unseen, each.used, False, axis=1)
    absent = np.nonzero(unseen)[1].reshape(count, -1)
    seen = each.used
    own, between = S[each.square], S[seen[:, :, None], absent[:, None, :]]
    B = np.linalg.solve(own, between)
    full = np.empty((count, p))
    np.put_along_axis(full, seen, each.mean, axis=1)
    guess = mean[absent] + np.einsum("pi,pij->pj", each.mean - mean[seen], B)
    np.put_along_axis(full, absent, guess, axis=1)
    n = each.n[:, None, None]
    turned = B.transpose(0, 2, 1)
    left = S[absent[:, :, None], absent[:, None, :]] - between.transpose(0, 2, 1) @ B
    np.add.at(cross, each.square, n * each.S)
    beside = n * (each.S @ B)
    np.add.at(cross, (seen[:, :, None], absent[:, None, :]), beside)
    np.add.at(cross, (absent[:, :, None], seen[:, None, :]), beside.transpose(0, 2, 1))
    np.add.at(
        cross, (absent[:, :, None], absent[:, None, :]), n * (turned @ each.S @ B + left)
    )
    total += each.n @ full
    cross += (each.n[:, None] * full).T @ full


def group_misfit(
    group: tuple[Patterns, ...], sigma: np.ndarray, mu: np.ndarray | None
) -> float:
    """Minus the log likelihood of a group, less its constant; infinite where sigma is none."""
    value = 0.0
    for each in group:
        own = sigma[each.square]
        try:
            root = np.linalg.cholesky(own)
        except np.linalg.LinAlgError:
            return np.inf
        W = np.linalg.inv(own)
        gap = np.zeros_like(each.mean) if mu is None else each.mean - mu[each.used]
        logs = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        inner = logs + (W * each.S).sum(axis=(1, 2)) + np.einsum("pi,pij,pj->p", gap, W, gap)
        value += float(each.n @ inner) / 2
    return value
