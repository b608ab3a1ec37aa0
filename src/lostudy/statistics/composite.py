"""What a fitted factor model says of the scores: reliability, variance it shares, distinctness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.columns import numbers
from lostudy.statistics.estimates import as_frame, missing_row, need_choice, need_columns
from lostudy.statistics.factor import CfaFit

DENOMINATORS = ("observed", "model")
TOTAL = "total"


def composite_reliability(
    fit: CfaFit, denominator: str = "observed", total: bool = False
) -> pd.DataFrame:
    """Omega of each factor: the variance of its sum that the factors explain / of the sum. A row
    per factor, and of the sum of all items where `total` asks it.

    `denominator`: "observed" (the sum's variance in the data) or "model" (as R's semTools,
    compRelSEM with obs.var TRUE or FALSE). One-group models only. Columns: factor, estimate, n,
    method, note.

    Loadings 1, .8, 1.2, .9 and unique variances .36: 3.9^2 / (3.9^2 + 4 x .36) = .91.

    >>> draw = np.random.default_rng(1)
    >>> factor = draw.normal(size=(20000, 1))
    >>> X = factor @ [[1, .8, 1.2, .9]] + .6 * draw.normal(size=(20000, 4))
    >>> items = pd.DataFrame(X, columns=list("abcd"))
    >>> from lostudy.statistics.factor import cfa
    >>> composite_reliability(cfa(items, {"f": list("abcd")}))["estimate"].round(2).item()
    0.91
    """
    need_choice("denominator", denominator, DENOMINATORS)
    method = f"omega from CFA, {denominator} variance"
    if fit.note:
        return as_frame([missing_row(n=0, method=method, note=fit.note)], ["estimate"])
    _one_group(fit)
    M, S = fit.matrices[0], fit.moments.S[0]
    common = M.L @ M.F @ M.L.T
    spread = S if denominator == "observed" else M.sigma
    members, rows = _members(fit), []
    if total:
        members[TOTAL] = np.arange(len(S))
    for name, used in members.items():
        place = np.ix_(used, used)
        row = missing_row(n=sum(fit.moments.n), method=method, note="", factor=name)
        rows.append({**row, "estimate": float(common[place].sum() / spread[place].sum())})
    return as_frame(rows, ["estimate"])


def average_variance(fit: CfaFit) -> pd.DataFrame:
    """The share of the variance of a factor's items that the factor explains: a row per factor.

    Sum of loading^2 x factor variance over the sum of the items' implied variances (Fornell &
    Larcker 1981; R's semTools, AVE). Columns: factor, estimate, n, method, note.

    Loadings 1, .8, 1.2, .9 and unique variances .36: 3.89 / (3.89 + 1.44) = .73.

    >>> draw = np.random.default_rng(1)
    >>> factor = draw.normal(size=(20000, 1))
    >>> X = factor @ [[1, .8, 1.2, .9]] + .6 * draw.normal(size=(20000, 4))
    >>> items = pd.DataFrame(X, columns=list("abcd"))
    >>> from lostudy.statistics.factor import cfa
    >>> average_variance(cfa(items, {"f": list("abcd")}))["estimate"].round(1).item()
    0.7
    """
    method = "average variance extracted"
    if fit.note:
        return as_frame([missing_row(n=0, method=method, note=fit.note)], ["estimate"])
    _one_group(fit)
    M, rows = fit.matrices[0], []
    for f, (name, used) in enumerate(_members(fit).items()):
        explained = (M.L[used, f] ** 2 * M.F[f, f]).sum() / np.diag(M.sigma)[used].sum()
        row = missing_row(n=sum(fit.moments.n), method=method, note="", factor=name)
        rows.append({**row, "estimate": float(explained)})
    return as_frame(rows, ["estimate"])


def _one_group(fit: CfaFit) -> None:
    if len(fit.matrices) > 1:
        raise StudyError(Problem("this fit has several groups", "fit each group by itself"))


def _members(fit: CfaFit) -> dict[str, np.ndarray]:
    """The places of the items of each factor."""
    L = fit.matrices[0].L
    return {name: np.flatnonzero(L[:, f]) for f, name in enumerate(fit.factors)}


def htmt(items: pd.DataFrame, factors: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The heterotrait-monotrait ratio of every two scales: a row per pair.

    The mean size of the correlations between items of two scales over the geometric mean of those
    within them (Henseler, Ringle & Sarstedt 2015; R's semTools); near 1: the two scales measure one
    thing. `factors`: name -> items, already reversed. Complete rows. Columns: one, two, estimate,
    n, method, note.

    Correlations of .5 within and .25 between give a ratio of one half:

    >>> R = np.full((4, 4), .25) + .25 * np.kron(np.eye(2), np.ones((2, 2))) + .5 * np.eye(4)
    >>> X = np.random.default_rng(1).normal(size=(50, 4))
    >>> X = (X - X.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(X.T)).T)
    >>> data = pd.DataFrame(X @ np.linalg.cholesky(R).T, columns=list("abcd"))
    >>> htmt(data, {"f": ["a", "b"], "g": ["c", "d"]})["estimate"].round(6).item()
    0.5
    """
    names = [item for members in factors.values() for item in members]
    need_columns(items, names)
    data = numbers(items, names).dropna()
    R, method = data.corr().abs(), "heterotrait-monotrait ratio, complete rows"
    rows = []
    scales = list(factors)
    for j, two in enumerate(scales):
        for one in scales[:j]:
            row = missing_row(n=len(data), method=method, note="", one=one, two=two)
            between = float(R.loc[list(factors[one]), list(factors[two])].to_numpy().mean())
            within = [_mean_within(R.loc[list(factors[f]), list(factors[f])]) for f in (one, two)]
            if np.isfinite([between, *within]).all() and min(within) > 0:
                row["estimate"] = between / np.sqrt(within[0] * within[1])
            else:
                row["note"] = "items of one scale do not go together"
            rows.append(row)
    return as_frame(rows, ["estimate"])


def _mean_within(R: pd.DataFrame) -> float:
    lower = R.to_numpy()[np.tril_indices(len(R), -1)]
    return float(lower.mean()) if len(lower) else 1.0
