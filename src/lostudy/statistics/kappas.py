"""Kappa: agreement beyond chance of two coders, or of several who all rated every unit.

Where only one category was ever used, agreement beyond chance is 0/0: the estimate is missing with
the note "no variation", never 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.agreement import NO_PAIRS, NO_VARIATION, counts_of
from lostudy.statistics.estimates import (
    as_frame,
    interval_row,
    missing_row,
    need_choice,
    t_probability,
    t_quantile,
)


def fleiss_kappa(ratings: pd.DataFrame) -> pd.DataFrame:
    """Fleiss' (1971) kappa of any number of coders who all rated every unit: one row.

    Units with a missing rating are left out. `se` and `p` are those under no agreement (Fleiss, Nee
    & Landis 1979). Columns: estimate, se, statistic, p, n, method, note.

    >>> same = pd.DataFrame({"A": [1, 1], "B": [1, 1]})
    >>> fleiss_kappa(same)["note"].item()
    'no variation'
    """
    counts, _ = counts_of(ratings.dropna())
    method, m, N = "Fleiss' kappa", ratings.shape[1], len(counts)
    columns = ["estimate", "se", "statistic", "p"]
    if N == 0 or m < 2:
        return as_frame([missing_row(n=N, method=method, note=NO_PAIRS)], columns)
    agree = float(((counts**2).sum(axis=1) - m).mean() / (m * (m - 1)))
    p = counts.sum(axis=0) / (N * m)
    chance = float((p**2).sum())
    if chance >= 1 - 1e-12:
        return as_frame([missing_row(n=N, method=method, note=NO_VARIATION)], columns)
    value, pq = (agree - chance) / (1 - chance), p * (1 - p)
    variance = 2 * (pq.sum() ** 2 - (pq * (1 - 2 * p)).sum()) / (pq.sum() ** 2 * N * m * (m - 1))
    row = _with_test(missing_row(n=N, method=method, note=""), value, float(np.sqrt(variance)))
    return as_frame([row], columns)


def _with_test(row: dict[str, Any], value: float, se: float) -> dict[str, Any]:
    z = value / se if se > 0 else np.nan
    p = t_probability(z, np.inf) if np.isfinite(z) else np.nan
    return {**row, "estimate": value, "se": se, "statistic": z, "p": p}


def agreement_of_two(
    one: Any,
    two: Any,
    weights: str | np.ndarray = "none",
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Cohen's (1960, 1968) kappa of two coders, plain or weighted: one row, normal interval.

    `weights`: "none", "linear", "quadratic" (Fleiss & Cohen 1973) or a c x c matrix of agreement
    weights. The variance is Fleiss, Cohen & Everitt's (1969). Columns: estimate, se, low, high, n,
    method, note.

    Cohen's (1960) table of 200 judgements has kappa .492 (R: psych, cohen.kappa):

    >>> cells = {("1", "1"): 88, ("1", "2"): 14, ("1", "3"): 18, ("2", "1"): 10, ("2", "2"): 40,
    ...          ("2", "3"): 10, ("3", "1"): 2, ("3", "2"): 6, ("3", "3"): 12}
    >>> pairs = [pair for pair, count in cells.items() for _ in range(count)]
    >>> agreement_of_two(*zip(*pairs))["estimate"].round(3).item()
    0.492
    """
    sides = {"one": list(one), "two": list(two)}
    if len(sides["one"]) != len(sides["two"]):
        what = f"{len(sides['one'])} ratings of one coder and {len(sides['two'])} of the other"
        raise StudyError(Problem(what, "give both one rating per unit, missing where none is"))
    both = pd.DataFrame({name: pd.Series(side, dtype=object) for name, side in sides.items()})
    both = both.dropna()
    label = weights if isinstance(weights, str) else "given"
    method = "Cohen's kappa" if label == "none" else f"Cohen's kappa, {label} weights"
    columns = ["estimate", "se", "low", "high"]
    _, found = counts_of(both, categories)
    if both.empty or len(found) < 2:
        note = NO_PAIRS if both.empty else NO_VARIATION
        return as_frame([missing_row(n=len(both), method=method, note=note)], columns)
    place = {value: i for i, value in enumerate(found)}
    table = np.zeros((len(found), len(found)))
    np.add.at(
        table, (both["one"].map(place).to_numpy(int), both["two"].map(place).to_numpy(int)), 1
    )
    value, se = kappa_of(table, kappa_weights(weights, len(found)))
    if not np.isfinite(value):
        return as_frame([missing_row(n=len(both), method=method, note=NO_VARIATION)], columns)
    half = t_quantile(level, np.inf) * se
    row = interval_row(value, value - half, value + half, n=len(both), method=method)
    return as_frame([{**row, "se": se}], columns)


def kappa_weights(weights: str | np.ndarray, c: int) -> np.ndarray:
    """Agreement weights, 1 on the diagonal (c x c): none, linear, quadratic, or a given matrix.

    `weights`: one of these words or the matrix; `c`: how many categories.

    >>> kappa_weights("linear", 3).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    if not isinstance(weights, str):
        return np.asarray(weights, dtype=float)
    gap = np.abs(np.arange(c)[:, None] - np.arange(c)[None, :]) / (c - 1)
    choices = {"none": np.eye(c), "linear": 1 - gap, "quadratic": 1 - gap**2}
    need_choice("weights", weights, choices)
    return choices[weights]


def kappa_of(table: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Weighted kappa and its standard error from a table of counts or shares.

    `table`: c x c, one coder in the rows; `weights`: c x c of agreement, see `kappa_weights`.

    >>> round(kappa_of(np.array([[20., 5], [10, 15]]), np.eye(2))[0], 4)  # by hand (.7 - .5)/.5
    0.4
    """
    n = table.sum()
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = (weights * p).sum(), rows @ weights @ columns
    if chance >= 1 - 1e-12:
        return np.nan, np.nan
    value = (observed - chance) / (1 - chance)
    turn = (weights @ columns)[:, None] + (weights.T @ rows)[None, :]
    spread = (p * (weights - turn * (1 - value)) ** 2).sum() - (value - chance * (1 - value)) ** 2
    return float(value), float(np.sqrt(max(spread, 0.0) / n) / (1 - chance))
