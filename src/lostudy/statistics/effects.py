"""Effect sizes: the same change in standard deviations, corrected for few degrees of freedom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.columns import number
from lostudy.statistics.estimates import (
    as_frame,
    interval_row,
    missing_row,
    need_columns,
    t_quantile,
    tails,
)

HEDGES = "standardised by the SD within organisation and wave, Hedges-corrected"


def hedges_factor(df: float) -> float:
    """The exact small-sample factor J = G(df/2) / (sqrt(df/2) G((df-1)/2)), Hedges (1981).

    >>> round(hedges_factor(2), 4)  # table 1 of Hedges (1981)
    0.5642
    """
    return float(np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / np.sqrt(df / 2))


def pooled_sd(frame: pd.DataFrame, value: str, by: Sequence[str]) -> tuple[float, int]:
    """The standard deviation within the cells of `by`, pooled, and its degrees of freedom.

    >>> pooled_sd(pd.DataFrame({"y": [1., 3, 11, 13], "o": list("AABB")}), "y", ["o"])
    (1.4142135623730951, 2)
    """
    need_columns(frame, [value, *by])
    known = frame[frame[[value, *by]].notna().all(axis=1)]
    cells = known.groupby(list(by), observed=True)[value]
    df = len(known) - cells.ngroups
    if df < 1:
        return np.nan, 0
    return float(np.sqrt(((known[value] - cells.transform("mean")) ** 2).sum() / df)), df


def standardised(changes: pd.DataFrame, sd: float, df: int, level: float = 0.95) -> pd.DataFrame:
    """The same estimates in standard deviations, with Hedges' correction and cluster-aware errors.

    `changes`: rows of `same_people`, `workforce` or any estimate with `se` and `df`; `sd` and `df`
    from `pooled_sd`. g = J estimate/sd, and the variance is J2 ((se/sd)2 + d2/(2 df)): the standard
    error already allows for teams (Hedges 2007, J. Educ. Behav. Stat. 32:341). On five-point scales
    standardised effects are attenuated. Columns: the keys of `changes`, estimate, se, df, low,
    high, n, method, note.

    >>> rows = pd.DataFrame({"estimate": [1.0], "se": [0.5], "df": [np.inf], "n": [50]})
    >>> standardised(rows, 2.0, 2)["estimate"].round(4).item()  # .5 x .5642
    0.2821
    """
    need_columns(changes, ["estimate", "se", "df", "n"])
    names = ("estimate", "se", "df", "low", "high", "statistic", "p", "n", "method", "note")
    keys = [name for name in changes.columns if name not in names]
    rows = []
    for _, row in changes.iterrows():
        own = {key: row[key] for key in keys}
        if not (np.isfinite(row["se"]) and sd > 0 and df > 1):
            note = str(row.get("note", "")) or "no variation to standardise by"
            rows.append(missing_row(n=row["n"], method=HEDGES, note=note, **own))
            continue
        factor, d = hedges_factor(df), row["estimate"] / sd
        se = factor * np.sqrt((row["se"] / sd) ** 2 + d**2 / (2 * df))
        half = t_quantile(level, row["df"]) * se
        g = factor * d
        done = interval_row(g, g - half, g + half, n=row["n"], method=HEDGES, **own)
        rows.append({**done, "se": se, "df": row["df"], "note": str(row.get("note", ""))})
    return as_frame(rows, ["estimate", "se", "df", "low", "high"])


def two_group_difference(one: Any, two: Any, level: float = 0.95) -> pd.DataFrame:
    """How far two groups of independent persons lie apart, in standard deviations: two rows.

    "d": (mean one - mean two) over the pooled standard deviation (Cohen 1988); "g": d times Hedges'
    (1981) factor. Intervals by the noncentral t (Steiger & Fouladi 1997; R: effectsize). It knows
    nothing of teams: for organisations use `standardised` on rows of `against_rest`. Missing values
    are left out. Columns: measure, estimate, df, low, high, n, method, note.

    Means 3 and 2, both with variance 1:

    >>> two_group_difference([2., 3, 4], [1., 2, 3])["estimate"].round(4).tolist()
    [1.0, 0.7979]
    """
    x, y = (number(part, name) for part, name in ((one, "one"), (two, "two")))
    x, y = x[np.isfinite(x)], y[np.isfinite(y)]
    n, df, method = len(x) + len(y), len(x) + len(y) - 2, "difference in SD, noncentral t interval"
    columns = ["estimate", "df", "low", "high"]
    squares = ((x - x.mean()) ** 2).sum() + ((y - y.mean()) ** 2).sum() if len(x) and len(y) else 0
    if df < 1 or not squares > 0:
        note = "too few persons" if df < 1 or not len(x) or not len(y) else "no variation"
        rows = [missing_row(n=n, method=method, note=note, measure=name) for name in ("d", "g")]
        return as_frame(rows, columns)
    d = (x.mean() - y.mean()) / np.sqrt(squares / df)
    root = np.sqrt(len(x) * len(y) / n)
    ends = [_noncentral(d * root, df, share) / root for share in tails(level)[::-1]]
    rows = []
    for name, scale in (("d", 1.0), ("g", hedges_factor(df))):
        low, high = (scale * end for end in ends)
        row = interval_row(scale * d, low, high, n=n, method=method, measure=name)
        rows.append({**row, "df": df})
    return as_frame(rows, columns)


def _noncentral(t: float, df: float, share: float) -> float:
    """The noncentrality under which a t this small or smaller has this share."""
    return float(special.nctdtrinc(df, share, t))
