"""How well the items of one scale hang together: alpha, omega, item analysis, intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.estimates import as_frame, interval_row, missing_row, t_quantile
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
    if missing not in MISSING:
        raise ValueError(f"missing is one of {', '.join(MISSING)}, not '{missing}'")
    X = items.to_numpy(dtype=float, na_value=np.nan)
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
    noted: an item was perhaps not reversed.
    Columns: estimate, se, low, high, n, method, note.

    Six persons and three items, worked by hand: item variances .8 + 1.9 + 1.6, of the sum 11.9.

    >>> answers = pd.DataFrame({"a": [1, 2, 3, 3, 2, 1], "b": [1, 2, 4, 4, 3, 1],
    ...                         "c": [2, 2, 4, 5, 3, 2]})
    >>> alpha(answers)["estimate"].round(4).item()
    0.958
    """
    if interval not in INTERVALS:
        raise ValueError(f"interval is one of {', '.join(INTERVALS)}, not '{interval}'")
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
    tail = (1 - level) / 2
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
) -> pd.DataFrame:
    """McDonald's omega from a one-factor model: (sum of loadings)^2 / variance of the sum. One row.

    `denominator`: "observed", the variance of the sum in the data, or "model", the one the model
    implies; where one factor fits badly they differ, so `method` names it (McDonald 1999; semTools
    compRelSEM). "unique" is 1 - the unique variances / the observed variance, psych's omega.tot.
    `fit`: "ml" or "minres" (Harman & Jones 1966). `standardised` works on correlations, as R's
    psych does. A unique variance at its lower bound (Heywood case) is noted. Columns: estimate, n,
    method, note.

    Items with loadings 1 and unique variances 1, 2, 3 exactly: 9 / (9 + 6).

    >>> from lostudy.statistics.onefactor import one_factor
    >>> C = np.ones((3, 3)) + np.diag([1., 2, 3])
    >>> fit = one_factor(C)
    >>> round(omega_of(fit.loadings, fit.unique, C), 4)
    0.6
    """
    if denominator not in DENOMINATORS:
        raise ValueError(f"denominator is one of {', '.join(DENOMINATORS)}, not '{denominator}'")
    metric = ", correlations" if standardised else ""
    method = f"omega, one factor by {fit}, {denominator} variance, {missing}{metric}"
    C, n = covariances(items, missing)
    problem = problem_of(C, n, items.columns) or ("fewer than three items" if len(C) < 3 else "")
    if problem:
        return as_frame([missing_row(n=n, method=method, note=problem)], ["estimate"])
    if standardised:  # each correlation with the variances of its own pair, as R's cor
        C = _correlations(C) if missing == "listwise" else items.astype(float).corr().to_numpy()
    found = one_factor(C, fit)
    value = omega_of(found.loadings, found.unique, C, denominator)
    note = found.note or ("" if value > 0 else "not positive: is an item not reversed?")
    row = {**missing_row(n=n, method=method, note=note), "estimate": value}
    if not np.isfinite(value):
        row["note"] = "one factor cannot be fitted"
    return as_frame([row], ["estimate"])


def omega_of(
    loadings: np.ndarray, unique: np.ndarray, C: np.ndarray, denominator: str = "observed"
) -> float:
    """Omega of given loadings and unique variances (k each) and covariances (k x k)."""
    common, observed = float(loadings.sum() ** 2), float(C.sum())
    if denominator == "unique":
        return 1 - float(unique.sum()) / observed
    return common / (observed if denominator == "observed" else common + float(unique.sum()))


def item_rest(items: pd.DataFrame, missing: str = "pairwise") -> pd.DataFrame:
    """Per item its correlation with the sum of the others, its mean and its standard deviation.

    Columns: item, mean, sd, estimate (item-rest r), n (answers), method, note. A negative r is
    noted: the item may not have been reversed, or twice.

    >>> items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "c": [4, 3, 2, 1]})
    >>> item_rest(items)["note"].tolist()[2]
    'negative: the wrong way round?'
    """
    C, n = covariances(items, missing)
    problem = problem_of(C, n, items.columns)
    rows = []
    for i, name in enumerate(items.columns):
        answers = items[name].dropna().astype(float)
        keys = {"item": name, "mean": answers.mean(), "sd": answers.std()}
        method = f"item-rest correlation, {missing}"
        row = missing_row(n=len(answers), method=method, note=problem, **keys)
        if not problem:
            others = np.delete(np.arange(len(C)), i)
            rest = C[np.ix_(others, others)].sum()
            row["estimate"] = C[i, others].sum() / np.sqrt(C[i, i] * rest) if rest > 0 else np.nan
            row["note"] = "negative: the wrong way round?" if row["estimate"] < 0 else ""
        rows.append(row)
    return as_frame(rows, ["estimate"])


def alpha_if_dropped(items: pd.DataFrame, missing: str = "pairwise") -> pd.DataFrame:
    """Per item the alpha of the scale without it: item, estimate, n, method, note.

    >>> items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "c": [2, 1, 4, 3]})
    >>> alpha_if_dropped(items).round(3)["estimate"].tolist()
    [0.75, 0.75, 1.0]
    """
    C, n = covariances(items, missing)
    problem = problem_of(C, n, items.columns) or ("fewer than three items" if len(C) < 3 else "")
    rows = []
    for i, name in enumerate(items.columns):
        row = missing_row(n=n, method=f"alpha without the item, {missing}", note=problem, item=name)
        if not problem:
            others = np.delete(np.arange(len(C)), i)
            row["estimate"] = alpha_of(C[np.ix_(others, others)])
        rows.append(row)
    return as_frame(rows, ["estimate"])


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

    >>> items = pd.DataFrame({"a": [1, 1, 1], "b": [1, 2, 1]})
    >>> ordinal_alpha(items)["note"].item()
    'no variation in a'
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
