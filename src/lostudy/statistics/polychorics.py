"""Correlations of the normal variables that are thought to lie behind ordered answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.columns import numbers

NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)
EDGE = 0.9999
FAR = 38.0
FEWEST = 3


def polychoric(items: pd.DataFrame) -> pd.DataFrame:
    """Polychoric correlations of ordered items, k x k, pairwise over who answered both.

    Two-step estimates (Olsson 1979, Psychometrika 44:443): thresholds from the margins of each
    item, then each correlation by maximum likelihood given them. No continuity correction. A
    constant item, or a pair that fewer than three answered, gives missing correlations.

    For two items with two answers and medians as thresholds it is sin(pi/2 (4p - 1)), p the share
    low on both; here p = .4:

    >>> pair = pd.DataFrame({"a": [1] * 5 + [2] * 5, "b": [1] * 4 + [2] + [1] + [2] * 4})
    >>> bool(np.isclose(polychoric(pair).iloc[0, 1], np.sin(np.pi / 2 * .6)))
    True
    """
    items = numbers(items)
    codes = {name: _codes(items[name]) for name in items.columns}
    thresholds_of = {name: thresholds(items[name]) for name in items.columns}
    k = len(items.columns)
    R = np.eye(k)
    for i, one in enumerate(items.columns):
        for j, two in enumerate(items.columns[:i]):
            table = _table(codes[one], codes[two], len(thresholds_of[one]), len(thresholds_of[two]))
            R[i, j] = R[j, i] = correlation(table, thresholds_of[one], thresholds_of[two])
        if len(thresholds_of[one]) < 1:
            R[i, i] = np.nan
    return pd.DataFrame(R, index=items.columns, columns=items.columns)


def thresholds(item: pd.Series) -> np.ndarray:
    """The normal quantiles between the answer categories of `item` that occur (cuts of them).

    >>> thresholds(pd.Series([1, 2, 2, 3])).round(4).tolist()
    [-0.6745, 0.6745]
    """
    counts = item.dropna().value_counts().sort_index().to_numpy()
    if not len(counts):
        return np.empty(0)
    return special.ndtri(np.cumsum(counts)[:-1] / counts.sum())


def _codes(item: pd.Series) -> np.ndarray:
    return pd.factorize(item, sort=True)[0]


def _table(one: np.ndarray, two: np.ndarray, cuts: int, cuts_two: int) -> np.ndarray:
    both = (one >= 0) & (two >= 0)
    flat = one[both] * (cuts_two + 1) + two[both]
    return np.bincount(flat, minlength=(cuts + 1) * (cuts_two + 1)).reshape(cuts + 1, cuts_two + 1)


def correlation(table: np.ndarray, cuts_row: np.ndarray, cuts_column: np.ndarray) -> float:
    """The correlation that makes a table of counts most likely, given the thresholds.

    >>> round(correlation(np.array([[4, 1], [1, 4]]), np.zeros(1), np.zeros(1)), 4)
    0.809
    """
    if table.sum() < FEWEST or not len(cuts_row) or not len(cuts_column):
        return np.nan

    def slope(r: float) -> tuple[float, float]:
        """First derivative of the log likelihood and its expected information."""
        cells = bivariate_cells(r, cuts_row, cuts_column)
        density = density_cells(r, cuts_row, cuts_column)
        return float((table / cells * density).sum()), float((density**2 / cells).sum())

    return _root(slope, float(table.sum()))


def _root(slope: object, n: float) -> float:
    """Fisher scoring, kept inside a shrinking bracket."""
    low, high, r = -EDGE, EDGE, 0.0
    for _ in range(60):
        s, information = slope(r)  # type: ignore[operator]
        low, high = (r, high) if s > 0 else (low, r)
        step = s / (n * information) if information > 0 else 0.0
        new = r + step
        if not low < new < high:
            new = (low + high) / 2
        if abs(new - r) < 1e-10:
            return float(new)
        r = new
    return float(r)


def bivariate_cells(r: float, cuts_row: np.ndarray, cuts_column: np.ndarray) -> np.ndarray:
    """The probability of every cell between two sets of thresholds, at correlation r.

    >>> bivariate_cells(0.0, np.zeros(1), np.zeros(1)).tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    a, b = _edges(cuts_row), _edges(cuts_column)
    F = bivariate_normal(a[:, None], b[None, :], r)
    return np.maximum(np.diff(np.diff(F, axis=0), axis=1), 1e-15)


def density_cells(r: float, cuts_row: np.ndarray, cuts_column: np.ndarray) -> np.ndarray:
    """The derivative of every cell's probability by the correlation."""
    h, k, left = _edges(cuts_row)[:, None], _edges(cuts_column)[None, :], 1 - r**2
    density = np.exp(-(h**2 - 2 * r * h * k + k**2) / (2 * left)) / (2 * np.pi * np.sqrt(left))
    return np.diff(np.diff(density, axis=0), axis=1)


def _edges(cuts: np.ndarray) -> np.ndarray:
    return np.concatenate([[-FAR], cuts, [FAR]])


def bivariate_normal(h: np.ndarray, k: np.ndarray, r: float) -> np.ndarray:
    """P(X < h, Y < k), standard bivariate normal with correlation r (Drezner & Wesolowsky 1990).

    >>> round(float(bivariate_normal(np.zeros(1), np.zeros(1), .5)[0]), 6)  # 1/4 + asin(.5)/(2 pi)
    0.333333
    """
    angle = np.arcsin(r)
    theta = angle * (NODES + 1) / 2
    sine, cosine2 = np.sin(theta), np.cos(theta) ** 2
    h, k = np.broadcast_arrays(np.asarray(h, dtype=float), np.asarray(k, dtype=float))
    top = h[..., None] ** 2 + k[..., None] ** 2 - 2 * h[..., None] * k[..., None] * sine
    inner = np.exp(-top / (2 * cosine2)) @ WEIGHTS
    return special.ndtr(h) * special.ndtr(k) + angle / 2 * inner / (2 * np.pi)
