"""How much the members of a team agree: rwg, rwg(j), AD and awg, each team by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem, StudyError
from lostudy.statistics.aggregation import Referent, climate_problem
from lostudy.statistics.columns import beside, numbers
from lostudy.statistics.estimates import as_frame, interval_row, missing_row, need_choice, t_row


def uniform_variance(options: int) -> float:
    """The variance of answers spread evenly over 1..`options`: (A^2 - 1)/12 (James et al. 1984).

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
    referent: Referent = "team",
    lowest: float = 1,
) -> pd.DataFrame:
    """How much the members of each team agree: a row per team.

    `items`: one row per person, one column per item; `team`: one per row; `options`: how many
    answers there are; one outside `lowest` to the highest stops the work. `measure`:
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
    need_choice("measure", measure, MEASURES)
    expected = _expected(null, options)
    answers = numbers(items)
    _check(answers, options, expected, lowest)
    teams = beside(team, answers.index, "team")
    what = f"null variance {expected:g}" if measure == "rwg" else f"{options} answer options"
    rows = []
    for name, part in answers.groupby(teams, sort=True):
        data = part.dropna()
        method = f"{measure}, {items.shape[1]} items, {what}"
        note = climate_problem(referent) or ("" if len(data) > 1 else "fewer than two persons")
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
    cure = "choose 'uniform', 'slight skew' (5 to 11 options) or a variance"
    raise StudyError(Problem(f"null '{null}' does not exist", cure))


def _check(answers: pd.DataFrame, options: int, expected: float, lowest: float) -> None:
    """Stop where there is no scale, or an answer lies outside it."""
    if not (options >= 2 and expected > 0):
        what = "fewer than two answers to choose from, or a null variance of 0 or less"
        raise StudyError(Problem(what, "give how many answers the items have"))
    highest = lowest + options - 1
    outside = int(((answers < lowest) | (answers > highest)).to_numpy().sum())
    if outside:
        what = f"{outside} answers outside {lowest:g} to {highest:g}"
        raise DataError(Problem(what, "recode the missing codes first, or give `lowest`"))


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


def agreement_mean(rows: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """The mean over teams of a within-team measure, each team once, with its t interval.

    `rows`: of `within_team_agreement`; teams without a number are left out. Under five teams the
    note says that the interval is not to be tested. Columns: estimate, se, df, low, high,
    statistic, p, n (persons), method, note.

    >>> rows = pd.DataFrame({"estimate": [.2, .5, .8], "n": [6, 5, 7], "method": "ad"})
    >>> agreement_mean(rows)[["estimate", "se", "n"]].round(4).values.tolist()
    [[0.5, 0.1732, 18.0]]
    """
    known = rows[rows["estimate"].notna()]
    method = "mean over teams, t interval"
    persons, values = int(known["n"].sum()), known["estimate"].astype(float)
    if known.empty:
        notes = rows["note"] if "note" in rows and len(rows) else ["no team with two persons"]
        return as_frame([missing_row(n=0, method=method, note=str(next(iter(notes))))])
    se = float(values.std() / np.sqrt(len(values))) if len(values) > 1 else np.nan
    middle, df = float(values.mean()), len(values) - 1
    return as_frame([t_row(middle, se, df, n=persons, method=method, level=level)])
