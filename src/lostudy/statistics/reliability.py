"""How well the items of one scale hang together: alpha, omega, and their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.columns import numbers
from lostudy.statistics.estimates import (
    as_frame,
    interval_row,
    missing_row,
    need_choice,
    t_quantile,
    tails,
)
from lostudy.statistics.onefactor import one_factor
from lostudy.statistics.polychorics import polychoric

MISSING = ("pairwise", "listwise")
INTERVALS = ("feldt", "duhachek")
DENOMINATORS = ("observed", "model", "unique")
ALPHA_COLUMNS = ["estimate", "se", "low", "high"]


def covariances(items: pd.DataFrame, missing: str = "pairwise") -> tuple[np.ndarray, int]:
    """The covariances of the items (k x k, divisor n - 1) and the number of persons behind them.

    Pairwise: each from the persons who answered both items; n counts who answered any item.

    >>> covariances(pd.DataFrame({"a": [1., 2, 3], "b": [1., 2, None]}), "listwise")
    (array([[0.5, 0.5],
           [0.5, 0.5]]), 2)
    """
    need_choice("missing", missing, MISSING)
    X = numbers(items).to_numpy()
    known = np.isfinite(X)
    keep = known.all(axis=1) if missing == "listwise" else known.any(axis=1)
    X, n = X[keep], int(keep.sum())
    if n < 2 or X.shape[1] == 0:
        return np.full((X.shape[1], X.shape[1]), np.nan), n
    if known[keep].all():
        centred = X - X.mean(axis=0)
        return centred.T @ centred / (n - 1), n
    return pd.DataFrame(X).cov().to_numpy(), n


def problem_of(C: np.ndarray, n: int, names: Any) -> str:
    """Why a scale of these items has no reliability, or nothing."""
    if len(C) < 2:
        return "fewer than two items"
    if n == 0:
        return "no answers"
    if n < 3:
        return "fewer than three persons"
    constant = [str(name) for name, v in zip(names, np.diag(C), strict=True) if v <= 1e-14]
    if constant:
        return f"no variation in {', '.join(constant)}"
    if not np.isfinite(C).all():
        return "two items were never answered by the same persons"
    return "" if C.sum() > 1e-12 * np.trace(C) else "no variation in the sum"


def alpha_of(C: np.ndarray) -> float:
    """k/(k-1) (1 - trace/sum) of a covariance or correlation matrix.

    >>> alpha_of(np.array([[1, .5], [.5, 1]]))  # Spearman-Brown: 2 x .5 / 1.5
    0.6666666666666667
    """
    k = len(C)
    return float(k / (k - 1) * (1 - np.trace(C) / C.sum()))


def alpha(
    items: pd.DataFrame,
    missing: str = "pairwise",
    interval: str = "feldt",
    level: float = 0.95,
    standardised: bool = False,
) -> pd.DataFrame:
    """Cronbach's alpha of the items of one scale (already reversed), with an interval: one row.

    `items`: a row per person. `missing`: pairwise covariances, as R's psych, or listwise.
    `interval`: Feldt's F interval (Feldt, Woodruff & Salih 1987; exact under equal covariances) or
    Duhachek & Iacobucci's (2004) normal one; `se` is the latter's. A negative alpha is shown and
    noted: an item was perhaps not reversed. `standardised`: of correlations instead of covariances.
    Columns: estimate, se, low, high, n, method, note.

    Six persons and three items, worked by hand: item variances .8 + 1.9 + 1.6, of the sum 11.9.

    >>> answers = pd.DataFrame({"a": [1, 2, 3, 3, 2, 1], "b": [1, 2, 4, 4, 3, 1],
    ...                         "c": [2, 2, 4, 5, 3, 2]})
    >>> alpha(answers)["estimate"].round(4).item()
    0.958
    """
    need_choice("interval", interval, INTERVALS)
    kind = "standardised alpha" if standardised else "alpha"
    method = f"{kind}, {missing}, {interval} interval"
    C, n = covariances(items, missing)
    problem = problem_of(C, n, items.columns)
    if problem:
        return as_frame([missing_row(n=n, method=method, note=problem)], ALPHA_COLUMNS)
    C = _correlations(C) if standardised else C
    value, se = alpha_of(C), _alpha_se(C, n)
    low, high = _feldt(value, n, len(C), level)
    if interval == "duhachek":
        half = t_quantile(level, np.inf) * se
        low, high = value - half, value + half
    note = "" if value > 0 else "negative: is an item not reversed?"
    row = interval_row(value, low, high, n=n, method=method, note=note)
    return as_frame([{**row, "se": se}], ALPHA_COLUMNS)


def _feldt(value: float, n: int, k: int, level: float) -> tuple[float, float]:
    tail = tails(level)[0]
    quantile = special.fdtri(n - 1, (n - 1) * (k - 1), np.array([1 - tail, tail]))
    low, high = 1 - (1 - value) * quantile
    return float(low), float(high)


def _alpha_se(C: np.ndarray, n: int) -> float:
    k, total, trace = len(C), C.sum(), np.trace(C)
    inner = total * (np.trace(C @ C) + trace**2) - 2 * trace * (C @ C).sum()
    return float(np.sqrt(max(2 * k**2 / ((k - 1) ** 2 * total**3) * inner / n, 0.0)))


def _correlations(C: np.ndarray) -> np.ndarray:
    sd = np.sqrt(np.diag(C))
    return C / np.outer(sd, sd)


def omega(
    items: pd.DataFrame,
    denominator: str = "observed",
    missing: str = "listwise",
    fit: str = "ml",
    standardised: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    """McDonald's omega from a one-factor model: (sum of loadings)^2 / variance of the sum. One row.

    `denominator`: "observed", the variance of the sum in the data, or "model", the one the model
    implies; where one factor fits badly they differ, so `method` names it (McDonald 1999; semTools
    compRelSEM). "unique" is 1 - the unique variances / the observed variance, psych's omega.tot.
    `fit`: "ml" or "minres" (Harman & Jones 1966). `standardised` works on correlations, as R's
    psych does. A unique variance at its lower bound (Heywood case) is noted. The interval, of ML on
    complete rows, is by the delta method on the logit (Raykov 2002; Browne 1982); for doubtful
    cases see `reliability_interval`. Columns: estimate, se, low, high, n, method, note.

    Items with loadings 1 and unique variances 1, 2, 3 exactly: 9 / (9 + 6).

    >>> C = np.ones((3, 3)) + np.diag([1., 2, 3])
    >>> X = np.random.default_rng(1).normal(size=(40, 3))
    >>> X = (X - X.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(X.T)).T)
    >>> data = pd.DataFrame(X @ np.linalg.cholesky(C).T)
    >>> omega(data)["estimate"].round(4).item()
    0.6
    """
    need_choice("denominator", denominator, DENOMINATORS)
    metric = ", correlations" if standardised else ""
    sure = fit == "ml" and missing == "listwise" and not standardised
    way = ", delta interval" if sure else ""
    method = f"omega, one factor by {fit}, {denominator} variance, {missing}{metric}{way}"
    C, n = covariances(items, missing)
    problem = problem_of(C, n, items.columns) or ("fewer than three items" if len(C) < 3 else "")
    if problem:
        return as_frame([missing_row(n=n, method=method, note=problem)], ALPHA_COLUMNS)
    if standardised:  # each correlation with the variances of its own pair, as R's cor
        C = _correlations(C) if missing == "listwise" else numbers(items).corr().to_numpy()
    found = one_factor(C, fit)
    value = omega_of(found.loadings, found.unique, C, denominator)
    note = found.note or ("" if value > 0 else "not positive: is an item not reversed?")
    row = {**missing_row(n=n, method=method, note=note), "estimate": value}
    if not np.isfinite(value):
        row["note"] = "one factor cannot be fitted"
    elif sure and 0 < value < 1:
        row["se"] = _omega_se(found.loadings, found.unique, n)
        half = t_quantile(level, np.inf) * row["se"] / (value * (1 - value))
        ends = special.expit(special.logit(value) + np.array([-half, half]))
        row.update(low=float(ends[0]), high=float(ends[1]))
    return as_frame([row], ALPHA_COLUMNS)


def _omega_se(loadings: np.ndarray, unique: np.ndarray, n: int) -> float:
    """The standard error of (sum of loadings)^2 / that + unique variances, by the delta method."""
    k = len(loadings)
    W = np.linalg.inv(np.outer(loadings, loadings) + np.diag(unique))
    D = np.zeros((2 * k, k, k))
    for i in range(k):
        D[i, i, :] += loadings
        D[i, :, i] += loadings
        D[k + i, i, i] = 1.0
    WD = W @ D
    information = n / 2 * np.einsum("aij,bji->ab", WD, WD)
    s, rest = loadings.sum(), unique.sum()
    slope = np.repeat([2 * s * rest, -(s**2)], k) / (s**2 + rest) ** 2
    return float(np.sqrt(max(slope @ np.linalg.pinv(information) @ slope, 0.0)))


def omega_of(
    loadings: np.ndarray, unique: np.ndarray, C: np.ndarray, denominator: str = "observed"
) -> float:
    """Omega of given loadings and unique variances (k each) and covariances (k x k)."""
    common, observed = float(loadings.sum() ** 2), float(C.sum())
    if denominator == "unique":
        return 1 - float(unique.sum()) / observed
    return common / (observed if denominator == "observed" else common + float(unique.sum()))


def guttman_lambda6(items: pd.DataFrame, missing: str = "pairwise") -> pd.DataFrame:
    """Guttman's (1945) lambda 6, 1 - sum(1 - smc)/sum(R), on correlations: one row.

    Columns: estimate, n, method, note. For two items 1 - 2 (1 - r^2)/(2 + 2 r):

    >>> a = [1, 2, 3, 4, 5, 6]
    >>> items = pd.DataFrame({"a": a, "b": [2, 1, 4, 3, 6, 5]})
    >>> r = np.corrcoef(items.T)[0, 1]
    >>> ours = guttman_lambda6(items)["estimate"].item()
    >>> bool(np.isclose(ours, 1 - 2 * (1 - r**2) / (2 + 2 * r)))
    True
    """
    C, n = covariances(items, missing)
    method = f"lambda 6 on correlations, {missing}"
    problem = problem_of(C, n, items.columns)
    if not problem and np.linalg.matrix_rank(_correlations(C)) < len(C):
        problem = "an item is a combination of the others"
    row = missing_row(n=n, method=method, note=problem)
    if not problem:
        R = _correlations(C)
        row["estimate"] = 1 - (1 / np.diag(np.linalg.inv(R))).sum() / R.sum()
    return as_frame([row], ["estimate"])


def ordinal_alpha(items: pd.DataFrame) -> pd.DataFrame:
    """Alpha of the polychoric correlations (Zumbo, Gadermann & Zeisser 2007): one row.

    It is the alpha of answers measured without the coarseness of the scale, not the reliability of
    the sum score (Chalmers 2018); never show it alone. Columns: estimate, n, method, note.

    Four answers cut from normals whose every correlation is .5, so alpha without the cuts is .8:

    >>> draw = np.random.default_rng(1)
    >>> answers = draw.normal(size=(3000, 1)) + draw.normal(size=(3000, 4))
    >>> items = pd.DataFrame(np.digitize(answers, [-1, 0, 1.5]), columns=list("abcd"))
    >>> round(ordinal_alpha(items)["estimate"].item(), 1)
    0.8
    """
    method = "ordinal alpha, polychoric correlations (two-step)"
    C, n = covariances(items)
    problem = problem_of(C, n, items.columns)
    row = missing_row(n=n, method=method, note=problem)
    if not problem:
        R = polychoric(items)
        known = np.isfinite(R.to_numpy()).all()
        row["estimate"] = alpha_of(R.to_numpy()) if known else np.nan
        row["note"] = "" if known else "a pair of items has too few answers"
    return as_frame([row], ["estimate"])
