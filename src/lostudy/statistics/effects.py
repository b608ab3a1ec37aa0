"""Effect sizes: the same change in standard deviations, corrected for few degrees of freedom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.estimates import (
    as_frame,
    interval_row,
    missing_row,
    need_columns,
    t_quantile,
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
    standardised effects are attenuated. The keys of `changes` are kept.

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
