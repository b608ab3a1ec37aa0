"""Weighted means and totals with errors that know how the sample and its weights came about.

Linearisation for clusters, strata, a finite staff and raked or post-stratified weights; jackknife
replicates as the second opinion. A sensitivity beside the models, never silently primary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.columns import weights_of, with_numbers
from lostudy.statistics.estimates import as_frame, missing_row, need_columns, t_row

ROUNDS = 200
LONELY = "a stratum with one cluster: no interval"
EVERYBODY = "no sampling error: everybody answered, or all the same"


@dataclass(frozen=True)
class SurveyDesign:
    """How a sample came about, by names of columns.

    `weight`: what each row counts for. `cluster`: rows that came together (a team drawn as a
    whole); none: every row by itself. `strata`: drawn apart (an organisation). `population`: in its
    rows, how many clusters (or persons, without `cluster`) there are in the stratum; then those who
    all answered have no sampling error. `margins`: the columns to which `weight` was raked;
    `base`: the column of weights before raking, else 1. `cells`: margins is one set of cells
    (post-stratification).
    """

    weight: str
    cluster: str | None = None
    strata: str | None = None
    population: str | None = None
    margins: tuple[str, ...] = ()
    base: str | None = None
    cells: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns that a frame must have."""
        named = [self.weight, self.cluster, self.strata, self.population, self.base, *self.margins]
        return [name for name in named if name is not None]


def design_mean(
    frame: pd.DataFrame, value: str, design: SurveyDesign, level: float = 0.95
) -> pd.DataFrame:
    """The weighted mean of `value` and its linearised standard error: one row.

    `design`: a `SurveyDesign`. Residuals w (y - mean)/sum w, freed from what the margins explain,
    summed per cluster; their variance within strata times n/(n - 1) and 1 - n/population (Binder
    1983; Deville & Sarndal 1992; R: survey, svymean). Rows without a value count in the design,
    with nothing to add. df: clusters less strata. `n` counts values. `effect`: the variance over
    that of a simple random sample (of the finite staff, if `population`). Columns: estimate, se,
    df, low, high, statistic, p, n, method, note, effect.

    Equal weights give the ordinary error, here sqrt(2.5 / 5):

    >>> equal = pd.DataFrame({"y": [1, 2, 3, 4, 5.], "w": 2.0})
    >>> design_mean(equal, "y", SurveyDesign("w"))[["estimate", "se", "effect"]].round(4).values
    array([[3.    , 0.7071, 1.    ]])
    """
    rows, y, w, n = _known(frame, value, design)
    method, note = _method(design, "mean"), _problem(rows, n, design)
    if note:
        return as_frame([missing_row(n=n, method=method, note=note)]).assign(effect=np.nan)
    mean = float(w @ y / w.sum())
    given = rows[value].notna().to_numpy()
    x = np.where(given, rows[design.weight] * (y - mean), 0.0) / w.sum()
    variance, df = _variance(rows, x, design)
    simple = _simple(y[given], w[given], mean, design)
    effect = variance / simple if simple > 0 else np.nan
    return as_frame([_row(mean, variance, df, n, method, level)]).assign(effect=effect)


def _simple(y: np.ndarray, w: np.ndarray, mean: float, design: SurveyDesign) -> float:
    """The variance of the mean of a simple random sample of this size from these people."""
    n = len(y)
    spread = float(w @ (y - mean) ** 2 / w.sum()) * n / (n - 1)
    share = n / w.sum() if design.population is not None else 0.0
    return spread / n * (1 - share)


def design_total(
    frame: pd.DataFrame, value: str, design: SurveyDesign, level: float = 0.95
) -> pd.DataFrame:
    """The weighted sum of `value` over the whole staff, with its linearised error: one row.

    `design`: a `SurveyDesign`. Columns: as `design_mean`, without `effect`.

    >>> equal = pd.DataFrame({"y": [1, 2, 3, 4, 5.], "w": 2.0})
    >>> design_total(equal, "y", SurveyDesign("w"))["estimate"].item()
    30.0
    """
    rows, y, w, n = _known(frame, value, design)
    method, note = _method(design, "total"), _problem(rows, n, design)
    if note:
        return as_frame([missing_row(n=n, method=method, note=note)])
    variance, df = _variance(rows, w * y, design)
    return as_frame([_row(float(w @ y), variance, df, n, method, level)])


def _row(
    estimate: float, variance: float, df: float, n: int, method: str, level: float
) -> dict[str, Any]:
    note = LONELY if np.isnan(variance) else EVERYBODY if variance <= 0 else ""
    se = np.sqrt(max(variance, 0.0)) if np.isfinite(variance) else np.nan
    return t_row(estimate, se, df, n=n, method=method, note=note, level=level)


def _known(
    frame: pd.DataFrame, value: str, design: SurveyDesign
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, int]:
    """Rows of which the design is known, their values and weights (0 without a value), how many."""
    need_columns(frame, [value, *design.columns])
    frame = with_numbers(frame, [value, design.weight, design.base, design.population])
    rows = frame.dropna(subset=design.columns).reset_index(drop=True)
    given = rows[value].notna().to_numpy()
    y = rows[value].fillna(0.0).to_numpy()
    return rows, y, np.where(given, rows[design.weight].to_numpy(), 0.0), int(given.sum())


def _method(design: SurveyDesign, what: str) -> str:
    calibrated = "post-stratified" if design.cells else "raked"
    parts = [
        "clusters" if design.cluster else "",
        "strata" if design.strata else "",
        "finite staff" if design.population else "",
        calibrated if design.margins else "",
    ]
    known = ", ".join(part for part in parts if part)
    return f"weighted {what}, linearised{' (' + known + ')' if known else ''}, sensitivity"


def _problem(known: pd.DataFrame, n: int, design: SurveyDesign) -> str:
    if n < 2:
        return "fewer than two answers"
    if not (known[design.weight] > 0).all():
        return "a weight is not above 0"
    if design.cluster is not None and known[design.cluster].nunique() < 2:
        return "one cluster"
    if design.population is not None and _overfull(known, design):
        return "a stratum has more clusters or persons than its population"
    return ""


def _overfull(known: pd.DataFrame, design: SurveyDesign) -> bool:
    stratum = _codes(known, design.strata)
    units = known.index if design.cluster is None else known[design.cluster]
    counts = pd.Series(units, index=known.index).groupby(stratum).nunique()
    return bool((counts > known[str(design.population)].groupby(stratum).first()).any())


def _variance(known: pd.DataFrame, x: np.ndarray, design: SurveyDesign) -> tuple[float, float]:
    """The variance of the sum of `x` (n) under the design, and its degrees of freedom."""
    x = _freed(known, x, design)
    stratum = _codes(known, design.strata)
    cluster = np.arange(len(x)) if design.cluster is None else _codes(known, design.cluster)
    total, df = 0.0, 0.0
    for h in range(int(stratum.max()) + 1):
        own = stratum == h
        units = pd.factorize(cluster[own])[0]
        sums, count = np.bincount(units, weights=x[own]), int(units.max()) + 1
        if count < 2:
            return np.nan, np.nan  # a stratum with one cluster shows no variation
        left = 1.0
        if design.population is not None:
            left -= count / float(known.loc[own, design.population].iloc[0])
        total += max(left, 0.0) * count / (count - 1) * float(((sums - sums.mean()) ** 2).sum())
        df += count - 1
    return total, df


def _codes(known: pd.DataFrame, name: str | None) -> np.ndarray:
    return np.zeros(len(known), dtype=int) if name is None else pd.factorize(known[name])[0]


def _freed(known: pd.DataFrame, x: np.ndarray, design: SurveyDesign) -> np.ndarray:
    """What is left of `x` when the margins, which are known without error, explain their part."""
    if not design.margins:
        return x
    w = known[design.weight].to_numpy(float)
    before = np.ones(len(w)) if design.base is None else known[design.base].to_numpy(float)
    names = list(design.margins)
    codes = (
        [known.groupby(names, observed=True).ngroup().to_numpy()]
        if design.cells
        else [_codes(known, name) for name in names]
    )
    rest = x / w
    for _ in range(1 if len(codes) == 1 else ROUNDS):
        for code in codes:
            top = np.bincount(code, weights=before * rest)
            rest = rest - (top / np.bincount(code, weights=before))[code]
    return rest * w


def jackknife_mean(
    frame: pd.DataFrame,
    value: str,
    weights: Callable[[pd.DataFrame], Sequence[float] | np.ndarray],
    cluster: str,
    population: int | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """A weighted mean whose error comes from leaving out each cluster in turn: one row.

    `weights`: from rows to their weights; it is called anew without each cluster, so raking is
    repeated (JK1: variance (G - 1)/G sum (mean_g - mean)^2, times 1 - G/`population`; Wolter 2007;
    R: survey, as.svrepdesign). df: G - 1. Columns: estimate, se, df, low, high, statistic, p, n,
    method, note.

    For a mean of single rows it is the ordinary error, here sqrt(2.5 / 5):

    >>> data = pd.DataFrame({"y": [1, 2, 3, 4, 5.], "who": range(5)})
    >>> jackknife_mean(data, "y", lambda d: np.ones(len(d)), "who")["se"].round(4).item()
    0.7071
    """
    need_columns(frame, [value, cluster])
    known = with_numbers(frame, [value]).dropna(subset=[value, cluster])
    names = known[cluster].unique()
    count, method = len(names), "weighted mean, jackknife over clusters (JK1), sensitivity"
    if count < 2:
        return as_frame([missing_row(n=len(known), method=method, note="one cluster")])

    def mean(rows: pd.DataFrame) -> float:
        w = weights_of(weights(rows))
        return float(w @ rows[value].to_numpy(float) / w.sum())

    whole = mean(known)
    parts = np.array([mean(known[known[cluster] != name]) for name in names])
    left = 1.0 if population is None else 1 - count / population
    variance = left * (count - 1) / count * float(((parts - parts.mean()) ** 2).sum())
    row = t_row(whole, np.sqrt(variance), count - 1, n=len(known), method=method, level=level)
    return as_frame([row])
