"""From estimates to what may be said: effect sizes, many tests, equivalence, wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.estimates import (
    FEW_DF,
    as_frame,
    interval_row,
    missing_row,
    need_columns,
    t_quantile,
)

WORDINGS = (
    "rose", "fell", "points_to_rise", "points_to_fall", "no_noteworthy_change", "too_uncertain",
)  # fmt: skip
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


def holm(p: Any) -> np.ndarray:
    """Holm's (1979) adjusted p values, in the order given; missing ones do not count.

    >>> holm([.01, .04, .03]).round(4).tolist()  # R: p.adjust
    [0.03, 0.06, 0.06]
    """
    values, order = _sorted(p)
    m = len(order)
    adjusted = np.maximum.accumulate(values[order] * (m - np.arange(m)))
    return _unsorted(adjusted, values, order)


def benjamini_hochberg(p: Any) -> np.ndarray:
    """Benjamini & Hochberg's (1995) adjusted p values (false discovery rate).

    >>> benjamini_hochberg([.01, .04, .03]).round(4).tolist()  # R: p.adjust
    [0.03, 0.04, 0.04]
    """
    values, order = _sorted(p)
    m = len(order)
    scaled = values[order] * m / (np.arange(m) + 1)
    return _unsorted(np.minimum.accumulate(scaled[::-1])[::-1], values, order)


def _sorted(p: Any) -> tuple[np.ndarray, np.ndarray]:
    values = np.asarray(p, dtype=float).ravel()
    if (values < 0).any() or (values > 1).any():
        raise ValueError("a p lies between 0 and 1: give p values, not statistics")
    known = np.flatnonzero(np.isfinite(values))
    return values, known[np.argsort(values[known], kind="stable")]


def _unsorted(adjusted: np.ndarray, values: np.ndarray, order: np.ndarray) -> np.ndarray:
    result = np.full(len(values), np.nan)
    result[order] = np.minimum(adjusted, 1.0)
    return result


def equivalence(
    estimate: float, se: float, df: float, sesoi: float, n: int, level: float = 0.95
) -> pd.DataFrame:
    """Is the change too small to matter? Two one-sided tests against +-sesoi: one row.

    `sesoi`: the smallest change of interest, fixed beforehand, in the units of the estimate. `low`
    and `high` are the 2 level - 1 interval (90% for .95); p is the larger of the two one-sided p
    values (Schuirmann 1987). Columns: estimate, se, df, low, high, p, n, method, note.

    A change of 0 with se .1 against .25 (normal): p is that of z = 2.5.

    >>> equivalence(0, .1, np.inf, .25, 100)["p"].round(5).item()
    0.00621
    """
    if not sesoi > 0:
        raise ValueError("sesoi is a size above 0: the smallest change that would matter")
    method = f"equivalence to 0 within {sesoi:g} (two one-sided tests)"
    columns = ["estimate", "se", "df", "low", "high", "p"]
    if not (np.isfinite(estimate) and np.isfinite(se) and se > 0 and df > 0):
        return as_frame([missing_row(n=n, method=method, note="no estimate to test")], columns)
    gap = (sesoi - abs(estimate)) / se
    p = float(special.ndtr(-gap) if np.isinf(df) else special.stdtr(df, -gap))
    half = t_quantile(2 * level - 1, df) * se
    row = interval_row(estimate, estimate - half, estimate + half, n=n, method=method)
    return as_frame([{**row, "se": se, "df": df, "p": p}], columns)


def wording(
    workforce: Mapping[str, Any] | pd.Series,
    same_people: Mapping[str, Any] | pd.Series | None,
    adjusted_p: float | None,
    same_sign_share: float | None,
    sesoi: float,
    level: float = 0.95,
) -> str:
    """The strongest wording the evidence bears: one of WORDINGS; an author may only weaken it.

    `workforce`, `same_people`: the rows of the two estimands (estimate, se, df, low, high at
    `level`); `adjusted_p`: Holm-adjusted p of the primary test; `same_sign_share`: share of the
    specifications with the sign of the estimate. "rose"/"fell": adjusted p under 1 - level, sign
    the same in at least 90% of specifications and in both estimands. "points_to_...": an interval
    excludes 0, unadjusted, for either estimand, and the other does not exclude 0 on the other side.
    "no_noteworthy_change": every estimand known lies inside +-sesoi by two one-sided tests.
    Otherwise, and where df is under 4, "too_uncertain".

    >>> row = {"estimate": .3, "se": .1, "df": 40, "low": .1, "high": .5}
    >>> wording(row, row, .01, 1.0, .25), wording(row, None, .01, 1.0, .25)
    ('rose', 'points_to_rise')
    """
    known = [row for row in (workforce, same_people) if row is not None and _usable(row)]
    signs = [_sign(row) for row in known]
    clear = {sign for sign in signs if sign}
    if len(clear) == 1:
        up = clear.pop() > 0
        primary = len(known) == 2 and _usable(workforce) and _sign(workforce) != 0
        same = len({np.sign(row["estimate"]) for row in known}) == 1
        sure = adjusted_p is not None and adjusted_p < 1 - level
        stable = same_sign_share is not None and same_sign_share >= 0.9
        if primary and same and sure and stable:
            return "rose" if up else "fell"
        return "points_to_rise" if up else "points_to_fall"
    if known and not clear and all(_inside(row, sesoi, level) for row in known):
        return "no_noteworthy_change"
    return "too_uncertain"


def _usable(row: Mapping[str, Any] | pd.Series) -> bool:
    numbers = [row["estimate"], row["se"], row["low"], row["high"]]
    return bool(np.isfinite(np.asarray(numbers, dtype=float)).all() and row["df"] >= FEW_DF)


def _sign(row: Mapping[str, Any] | pd.Series) -> int:
    return int(row["low"] > 0) - int(row["high"] < 0)


def _inside(row: Mapping[str, Any] | pd.Series, sesoi: float, level: float) -> bool:
    test = equivalence(row["estimate"], row["se"], row["df"], sesoi, 0, level)
    return bool(test["p"].item() < 1 - level)
