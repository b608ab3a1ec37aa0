"""Intervals by resampling persons, or whole teams, for the reliability of a scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.columns import beside, numbers
from lostudy.statistics.design import ranked
from lostudy.statistics.estimates import as_frame, interval_row, missing_row, need_choice, tails
from lostudy.statistics.onefactor import one_factor
from lostudy.statistics.reliability import alpha_of, covariances, omega_of, problem_of

STATISTICS = ("alpha", "omega")


def reliability_interval(
    items: pd.DataFrame,
    statistic: str = "alpha",
    draws: int = 1000,
    seed: int = 1,
    team: Any = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Alpha or omega (ML, observed variance) with a percentile bootstrap interval: one row.

    `statistic`: "alpha" or "omega". Complete rows only. `team` (one per row): resample whole teams
    instead of persons. The order of rows plays no part. All resamples are weighted sums of the same
    products, so no data are copied. Draws that have no reliability are left out and counted in the
    note. Columns: estimate, se, low, high, n, method, note.

    Four items whose every correlation is .5, so alpha is .8:

    >>> from scipy.linalg import hadamard
    >>> apart = hadamard(64)
    >>> items = pd.DataFrame(apart[:, [1]] + apart[:, 2:6], columns=list("abcd"))
    >>> row = reliability_interval(items)[["estimate", "low", "high"]].iloc[0].tolist()
    >>> round(row[0], 6), .65 < row[1] < .8 < row[2] < .9
    (0.8, True)
    """
    need_choice("statistic", statistic, STATISTICS)
    C, n = covariances(items, "listwise")
    unit = "persons" if team is None else "teams"
    method = f"{statistic}, percentile bootstrap of {unit}, {draws} draws, seed {seed}"
    columns = ["estimate", "se", "low", "high"]
    problem = problem_of(C, n, items.columns)
    if not problem and statistic == "omega" and len(C) < 3:
        problem = "fewer than three items"
    data = numbers(items)
    codes = _codes(data, team)
    if not problem and codes.max() < 1:
        problem = "one team: nothing to resample"
    if problem:
        return as_frame([missing_row(n=n, method=method, note=problem)], columns)
    known = data.dropna().to_numpy()
    drawn = resampled(known, ranked(codes, known), draws, seed)
    start = one_factor(C).unique / np.diag(C) if statistic == "omega" else None
    values = np.array([_value(S, statistic, start) for S in drawn])
    good = values[np.isfinite(values)]
    low, high = (
        np.quantile(good, tails(level)) if len(good) > 1 else [np.nan] * 2
    )
    note = "" if len(good) == draws else f"{draws - len(good)} draws without a value"
    row = interval_row(_value(C, statistic), low, high, n=n, method=method, note=note)
    return as_frame([{**row, "se": float(good.std(ddof=1)) if len(good) > 1 else np.nan}], columns)


def _codes(data: pd.DataFrame, team: Any) -> np.ndarray:
    """The unit of resampling of each complete row."""
    keep = data.notna().all(axis=1).to_numpy()
    if team is None:
        return np.arange(int(keep.sum()))
    names = beside(team, data.index, "team").reset_index(drop=True)
    alone = pd.Series([f"alone {i}" for i in range(len(names))], dtype=object)
    return pd.factorize(names.where(names.notna(), alone)[keep])[0]


def resampled(X: np.ndarray, codes: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Covariance matrices of `draws` resamples of the units in `codes`: draws x k x k.

    >>> resampled(np.eye(3), np.arange(3), 5, 1).shape
    (5, 3, 3)
    """
    k, units = X.shape[1], int(codes.max()) + 1
    X = X - X.mean(axis=0)
    upper = np.triu_indices(k)
    products = np.column_stack([np.ones(len(X)), X, X[:, upper[0]] * X[:, upper[1]]])
    sums = np.column_stack([np.bincount(codes, weights=c, minlength=units) for c in products.T])
    total = drawn_counts(units, draws, seed) @ sums
    count, mean = total[:, :1], total[:, 1 : k + 1] / total[:, :1]
    S = np.empty((draws, k, k))
    flat = (total[:, k + 1 :] - count * mean[:, upper[0]] * mean[:, upper[1]]) / (count - 1)
    S[:, upper[0], upper[1]] = flat
    S[:, upper[1], upper[0]] = flat
    return S


def drawn_counts(units: int, draws: int, seed: int) -> np.ndarray:
    """How often each unit is drawn in each resample with replacement: draws x units.

    >>> drawn_counts(4, 3, 1).sum(axis=1).tolist()
    [4.0, 4.0, 4.0]
    """
    picked = np.random.default_rng(seed).integers(0, units, (draws, units))
    flat = (picked + units * np.arange(draws)[:, None]).ravel()
    return np.bincount(flat, minlength=draws * units).reshape(draws, units).astype(float)


def _value(S: np.ndarray, statistic: str, start: np.ndarray | None = None) -> float:
    if np.diag(S).min() <= 1e-14 or S.sum() <= 0:
        return np.nan
    if statistic == "alpha":
        return alpha_of(S)
    found = one_factor(S, start=start)
    return omega_of(found.loadings, found.unique, S)
