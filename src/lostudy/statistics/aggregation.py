"""May answers of persons be read as something of the team? Agreement and reliability of teams.

An item about "I" is never a climate, however high its ICC: pass the referent of the items and these
functions refuse. The numbers are shown; no cut-off decides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.design import complete
from lostudy.statistics.estimates import as_frame, interval_row, missing_row, need_columns
from lostudy.statistics.mixed import fit_mixed

SIZES = ("mean", "k0")
REFERENT = "the items ask about the person: not a climate of the team"
PERSON = "person"
ICC_COLUMNS = ["estimate", "df", "low", "high", "statistic", "p"]


def icc(
    frame: pd.DataFrame,
    value: str,
    team: str,
    size: str = "mean",
    referent: str = "team",
    level: float = 0.95,
) -> pd.DataFrame:
    """ICC(1) and ICC(2) of a score within teams, by analysis of variance: two rows.

    ICC(1) = (MSB - MSW)/(MSB + (k - 1) MSW): the share of variance between teams; ICC(2) = (MSB -
    MSW)/MSB: the reliability of a team's mean (Bliese 2000). `size`: k is the mean team size, as
    R's multilevel, or "k0" = (N - sum n^2/N)/(J - 1), right for unequal teams; `method` names it.
    Negative values are kept. `referent="person"` refuses. The interval is the F one with k in the
    place of n (Searle 1971). Columns: measure, estimate, df (between), low, high, statistic (F), p,
    n, method, note.

    Three teams of two, by hand MSB 8, MSW .5: (8 - .5)/(8 + .5).

    >>> two = pd.DataFrame({"y": [1, 2, 3, 4, 5, 6.], "t": list("aabbcc")})
    >>> icc(two, "y", "t")["estimate"].round(4).tolist()
    [0.8824, 0.9375]
    """
    if size not in SIZES:
        raise ValueError(f"size is one of {', '.join(SIZES)}, not '{size}'")
    need_columns(frame, [value, team])
    data = complete(frame[value], np.ones((len(frame), 1)), frame[team])
    codes, n = data.groups[0], len(data.y)
    word = "mean team size" if size == "mean" else "k0"
    methods = {m: f"{m} by analysis of variance, {word}" for m in ("ICC(1)", "ICC(2)")}
    problem = REFERENT if referent == PERSON else _problem(codes)
    parts = None if problem else _mean_squares(data.y, codes)
    if parts is not None and parts[1] <= 1e-14 * max(1.0, parts[0]):
        problem = "no variation within teams"
    if problem or parts is None:
        rows = [missing_row(n=n, method=methods[m], note=problem, measure=m) for m in methods]
        return as_frame(rows, ICC_COLUMNS)
    between, within, df1, df2 = parts
    counts = np.bincount(codes)
    k = n / len(counts) if size == "mean" else (n - (counts**2).sum() / n) / (len(counts) - 1)
    F = between / within
    ends = [F / _f_quantile(df1, df2, q) for q in ((1 + level) / 2, (1 - level) / 2)]
    shared = {"df": df1, "statistic": F, "p": float(special.fdtrc(df1, df2, F))}
    one, two = ([(f - 1) / (f + k - 1) for f in [F, *ends]], [1 - 1 / f for f in [F, *ends]])
    return as_frame(
        (
            {**interval_row(*values, n=n, method=methods[m], measure=m), **shared}
            for m, values in zip(methods, (one, two), strict=True)
        ),
        ICC_COLUMNS,
    )


def _problem(codes: np.ndarray) -> str:
    if not len(codes):
        return "no answers"
    counts = np.bincount(codes)
    if len(counts) < 2:
        return "one team: no variation between teams"
    return "one person per team: team and person cannot be told apart" if counts.max() < 2 else ""


def _mean_squares(y: np.ndarray, codes: np.ndarray) -> tuple[float, float, int, int]:
    counts = np.bincount(codes)
    means = np.bincount(codes, weights=y) / counts
    df1, df2 = len(counts) - 1, len(y) - len(counts)
    between = float((counts * (means - y.mean()) ** 2).sum() / df1)
    return between, float(((y - means[codes]) ** 2).sum() / df2), df1, df2


def _f_quantile(df1: int, df2: int, share: float) -> float:
    return float(special.fdtri(df1, df2, share))


def icc_reml(frame: pd.DataFrame, value: str, team: str, referent: str = "team") -> pd.DataFrame:
    """ICC(1) and ICC(2) from the variances of a random-intercept model by REML: two rows.

    ICC(1) = team / (team + residual), never negative; ICC(2) by Spearman-Brown with the mean team
    size. With unequal teams it differs from the analysis of variance, so the method is named.
    Columns: measure, estimate, n, method, note.

    With equal teams both agree (see `icc`):

    >>> two = pd.DataFrame({"y": [1, 2, 3, 4, 5, 6.], "t": list("aabbcc")})
    >>> icc_reml(two, "y", "t")["estimate"].round(4).tolist()
    [0.8824, 0.9375]
    """
    need_columns(frame, [value, team])
    fit = fit_mixed(frame[value], np.ones((len(frame), 1)), frame[team])
    note = REFERENT if referent == PERSON else fit.note
    rows = [
        missing_row(n=fit.n, method=f"{m} by REML, mean team size", note=note, measure=m)
        for m in ("ICC(1)", "ICC(2)")
    ]
    if not note:
        tau, residual = fit.variance["estimate"]
        share, k = tau / (tau + residual), fit.n / fit.variance["n"].iloc[0]
        rows[0]["estimate"], rows[1]["estimate"] = share, k * share / (1 + (k - 1) * share)
    return as_frame(rows, ["estimate"])


def uniform_variance(options: int) -> float:
    """The variance of answers spread evenly over 1..options: (A^2 - 1)/12.

    >>> uniform_variance(5)
    2.0
    """
    return (options**2 - 1) / 12


# James, Demaree & Wolf (1984); LeBreton & Senter (2008), table 2: slight skew
SLIGHTLY_SKEWED = {5: 1.34, 6: 1.85, 7: 2.14, 8: 2.79, 9: 3.16, 10: 3.76, 11: 4.73}


def within_team_agreement(
    items: pd.DataFrame,
    team: Any,
    options: int,
    measure: str = "rwg",
    null: str | float = "uniform",
    referent: str = "team",
    lowest: float = 1,
) -> pd.DataFrame:
    """How much the members of each team agree: a row per team.

    `items`: one row per person, one column per item; `team`: one per row. `measure`:
    "rwg": one item 1 - s2/sE2, several J(1 - m)/(J(1 - m) + m) with m the mean s2/sE2 (James,
    Demaree & Wolf 1984); a variance above the expected one gives 0, and the
    note says so; "ad" and "ad_median": mean distance from the team's mean or median, averaged over
    items (Burke et al. 1999; low is agreement); "awg": 1 - 2 s2/(maximum variance at this mean)
    (Brown & Hauenstein 2005). Complete rows only. `null`: "uniform", "slight skew" or a variance
    sE2. `lowest`: the lowest answer. Columns: team, estimate, n (persons), method, note.

    Three persons answering 3, 4 and 5 on 1..5: variance 1 of an expected 2.

    >>> within_team_agreement(pd.DataFrame({"q": [3, 4, 5]}), ["a"] * 3, 5)["estimate"].item()
    0.5
    """
    if measure not in MEASURES:
        raise ValueError(f"measure is one of {', '.join(MEASURES)}, not '{measure}'")
    expected = _expected(null, options)
    teams = pd.Series(np.asarray(team, dtype=object), index=items.index)
    what = f"null variance {expected:g}" if measure == "rwg" else f"{options} answer options"
    rows = []
    for name, part in items.astype(float).groupby(teams, sort=True):
        data = part.dropna()
        method = f"{measure}, {items.shape[1]} items, {what}"
        note = REFERENT if referent == PERSON else ""
        note = note or ("" if len(data) > 1 else "fewer than two persons")
        row = missing_row(n=len(data), method=method, note=note, team=name)
        if not note:
            row["estimate"], row["note"] = MEASURES[measure](data, expected, lowest, options)
        rows.append(row)
    return as_frame(rows, ["estimate"])


def _expected(null: str | float, options: int) -> float:
    if not isinstance(null, str):
        return float(null)
    if null == "uniform":
        return uniform_variance(options)
    if null == "slight skew" and options in SLIGHTLY_SKEWED:
        return SLIGHTLY_SKEWED[options]
    raise ValueError("null is 'uniform', 'slight skew' (5 to 11 options) or a variance")


def _rwg(data: pd.DataFrame, expected: float, lowest: float, options: int) -> tuple[float, str]:
    ratio, J = float(data.var().mean()) / expected, data.shape[1]
    if ratio > 1:
        return 0.0, "more spread than the null: set to 0"
    return J * (1 - ratio) / (J * (1 - ratio) + ratio), ""


def _ad(data: pd.DataFrame, expected: float, lowest: float, options: int) -> tuple[float, str]:
    return float((data - data.mean()).abs().mean().mean()), ""


def _ad_median(
    data: pd.DataFrame, expected: float, lowest: float, options: int
) -> tuple[float, str]:
    return float((data - data.median()).abs().mean().mean()), ""


def _awg(data: pd.DataFrame, expected: float, lowest: float, options: int) -> tuple[float, str]:
    highest = lowest + options - 1
    mean, n = data.mean(), data.notna().sum()
    most = ((highest + lowest) * mean - mean**2 - highest * lowest) * n / (n - 1)
    usable = n > 1
    values = (1 - 2 * data.var() / most).where(most > 1e-12, 1.0)[usable]
    if not len(values):
        return np.nan, "fewer than two persons per item"
    all_equal = bool((most[usable] <= 1e-12).any())
    return float(values.mean()), "an item where all chose an end: counted as 1" if all_equal else ""


MEASURES = {"rwg": _rwg, "ad": _ad, "ad_median": _ad_median, "awg": _awg}


def agreement_summary(rows: pd.DataFrame) -> pd.DataFrame:
    """The median over teams of a within-team measure, with its quartiles as low and high.

    `rows`: of `within_team_agreement`. Columns: estimate, low, high, n (teams), method, note.

    >>> rows = pd.DataFrame({"estimate": [.2, .5, .9], "method": "rwg"})
    >>> agreement_summary(rows)["estimate"].item()
    0.5
    """
    known = rows["estimate"].dropna()
    method = (
        f"median and quartiles over teams of {rows['method'].iloc[0]}" if len(rows) else "median"
    )
    if known.empty:
        note = "no team with two persons"
        return as_frame([missing_row(n=0, method=method, note=note)], ["estimate", "low", "high"])
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
    return as_frame(
        [interval_row(middle, low, high, n=len(known), method=method)], ["estimate", "low", "high"]
    )
