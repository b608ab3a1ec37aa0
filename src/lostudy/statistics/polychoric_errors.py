"""How sure thresholds and polychoric correlations are, together: by it ordinal models weigh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.polychorics import bivariate_cells, density_cells, polychoric, thresholds


@dataclass(frozen=True)
class Polychorics:
    """Complete rows of ordered items: thresholds per item, correlations (k x k), their spread.

    `spread`: n times the asymptotic covariances of the correlations, in the order of the lower
    triangle by columns ((1,0), (2,0), ... (2,1), ...).
    """

    thresholds: tuple[np.ndarray, ...]
    R: np.ndarray
    spread: np.ndarray
    n: int


def polychorics_with_spread(items: pd.DataFrame) -> Polychorics:
    """Two-step polychorics of complete rows with their joint spread (Muthen 1984).

    From the scores of the univariate and bivariate likelihoods: with A their derivatives (first
    order) and B their cross products, A^-1 B A^-T (R's lavaan).

    >>> pair = pd.DataFrame({"a": [1] * 5 + [2] * 5, "b": [1] * 4 + [2] + [1] + [2] * 4})
    >>> polychorics_with_spread(pair).spread.shape
    (1, 1)
    """
    data = items.dropna()
    codes = [pd.factorize(data[name], sort=True)[0] for name in data.columns]
    cuts = tuple(thresholds(data[name]) for name in data.columns)
    R = polychoric(data).to_numpy()
    k, n = len(codes), len(data)
    first = np.cumsum([0, *(len(c) for c in cuts)])
    T = np.hstack([_threshold_scores(code, c) for code, c in zip(codes, cuts, strict=True)])
    pairs = [(i, j) for j in range(k) for i in range(j + 1, k)]
    P = np.empty((n, len(pairs)))
    cross = np.zeros((len(pairs), T.shape[1]))
    for place, (i, j) in enumerate(pairs):
        by_r, by_i, by_j = _pair_scores(codes[i], codes[j], cuts[i], cuts[j], R[i, j])
        P[:, place] = by_r
        cross[place, first[i] : first[i + 1]] = by_r @ by_i
        cross[place, first[j] : first[j + 1]] = by_r @ by_j
    own = np.zeros((T.shape[1], T.shape[1]))
    for j in range(k):
        part = slice(first[j], first[j + 1])
        own[part, part] = T[:, part].T @ T[:, part]
    size = (P**2).sum(axis=0)
    # the last rows of A^-1: correlations lean on the thresholds they were given
    influence = (P - T @ np.linalg.solve(own, cross.T)) / size
    return Polychorics(cuts, R, n * influence.T @ influence, n)


def _threshold_scores(code: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Per row the slope of its own log likelihood by the thresholds of the item: n x cuts."""
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    share = np.diff(special.ndtr(edges))
    density = np.exp(-(cuts**2) / 2) / np.sqrt(2 * np.pi)
    table = np.zeros((len(share), len(cuts)))
    place = np.arange(len(cuts))
    table[place, place] = density / share[:-1]
    table[place + 1, place] = -density / share[1:]
    return table[code]


def _pair_scores(
    one: np.ndarray, two: np.ndarray, cuts: np.ndarray, cuts_two: np.ndarray, r: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per row the slopes of its cell's log probability by the correlation and both thresholds."""
    cells = bivariate_cells(r, cuts, cuts_two)
    by_r = density_cells(r, cuts, cuts_two) / cells
    root = np.sqrt(1 - r**2)
    by_one = _by_threshold(cuts, cuts_two, r, root)  # cuts x categories of the other
    by_two = _by_threshold(cuts_two, cuts, r, root)
    place, place_two = np.arange(len(cuts)), np.arange(len(cuts_two))
    first = np.zeros((*cells.shape, len(cuts)))
    first[place, :, place] = by_one / cells[:-1]
    first[place + 1, :, place] = -by_one / cells[1:]
    second = np.zeros((*cells.shape, len(cuts_two)))
    second[:, place_two, place_two] = by_two.T / cells[:, :-1]
    second[:, place_two + 1, place_two] = -by_two.T / cells[:, 1:]
    return by_r[one, two], first[one, two], second[one, two]


def _by_threshold(cuts: np.ndarray, others: np.ndarray, r: float, root: float) -> np.ndarray:
    """phi(t) [P(other < upper | t) - P(other < lower | t)]: cuts x categories of the other."""
    edges = np.concatenate([[-np.inf], others, [np.inf]])
    below = special.ndtr((edges[None, :] - r * cuts[:, None]) / root)
    density = np.exp(-(cuts**2) / 2) / np.sqrt(2 * np.pi)
    return density[:, None] * np.diff(below, axis=1)
