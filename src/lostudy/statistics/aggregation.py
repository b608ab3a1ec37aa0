"""May answers of persons be read as something of the team? Intraclass correlations, referents.

An item about "I" ("ik") is never a climate, however high its ICC: pass the referents of the items,
as the codebook has them, and these functions refuse. The numbers are shown; no cut-off decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.design import Design, complete
from lostudy.statistics.estimates import (
    as_frame,
    interval_row,
    missing_row,
    need_choice,
    need_columns,
    tails,
)
from lostudy.statistics.mixed import fit_mixed

SIZES = ("mean", "k0")
REFERENT = "the items ask about the person: not a climate of the team"
PERSON = ("self", "person", "ik")
REFERENTS = ("team", "organisation", "manager", *PERSON)
ICC_COLUMNS = ["estimate", "df", "low", "high", "statistic", "p"]
Referent = str | Mapping[Any, str]


def climate_problem(referent: Referent) -> str:
    """Why answers may not be read as a climate of the team, or nothing.

    `referent`: of whom the items speak, for all ("team") or item -> referent; one of REFERENTS, in
    small letters or capitals, else StudyError. One item about the person ("self", "person" or "ik")
    is enough to refuse (Chan 1998; Glick 1985).

    >>> climate_problem({"q1": "team", "q2": "self"})
    'the items ask about the person: not a climate of the team'
    >>> climate_problem("team")
    ''
    """
    given = list(referent.values()) if isinstance(referent, Mapping) else [referent]
    named = [str(each).strip().lower() for each in given]
    for shown, each in zip(given, named, strict=True):
        if each not in REFERENTS:
            need_choice("referent", shown, REFERENTS)
    return REFERENT if any(each in PERSON for each in named) else ""


def icc(
    frame: pd.DataFrame,
    value: str,
    team: str,
    size: str = "mean",
    referent: Referent = "team",
    within: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """ICC(1) and ICC(2) of a score within teams, by analysis of variance: two rows.

    ICC(1) = (MSB - MSW)/(MSB + (k - 1) MSW): the share of variance between teams; ICC(2) = (MSB -
    MSW)/MSB: the reliability of a team's mean (Bliese 2000). `size`: k is the mean team size, as
    R's multilevel, or "k0" = (N - sum n^2/N)/(J - 1), right for unequal teams; `method` names it.
    Negative values are kept. `referent`: see `climate_problem`; items about the person are refused.
    `within`: the column of organisations; then teams are compared within them, so that differences
    between organisations do not count as teams. The interval is the F one with k in the place of n
    (Searle 1971). Columns: measure, estimate, df (between), low, high, statistic (F), p, n, method,
    note.

    Three teams of two, by hand MSB 8, MSW .5: (8 - .5)/(8 + .5).

    >>> two = pd.DataFrame({"y": [1, 2, 3, 4, 5, 6.], "t": list("aabbcc")})
    >>> icc(two, "y", "t")["estimate"].round(4).tolist()
    [0.8824, 0.9375]
    """
    need_choice("size", size, SIZES)
    need_columns(frame, [value, team, within])
    data = _rows(frame, value, team, within)
    codes, n, outer = data.groups[0], len(data.y), data.groups[1]
    word = _words("mean team size" if size == "mean" else "k0", within)
    methods = {m: f"{m} by analysis of variance, {word}" for m in ("ICC(1)", "ICC(2)")}
    problem = climate_problem(referent) or _problem(codes)
    parts = None if problem else _mean_squares(data.y, codes, outer)
    if parts is not None and parts[2] < 1:
        parts, problem = None, "no organisation with two teams"
    if parts is not None and parts[1] <= 1e-14 * max(1.0, parts[0]):
        problem = "no variation within teams"
    if problem or parts is None:
        rows = [missing_row(n=n, method=methods[m], note=problem, measure=m) for m in methods]
        return as_frame(rows, ICC_COLUMNS)
    between, inside, df1, df2 = parts
    counts = np.bincount(codes)
    k = n / len(counts) if size == "mean" else (n - (counts**2).sum() / n) / (len(counts) - 1)
    F = between / inside
    ends = [F / _f_quantile(df1, df2, q) for q in tails(level)[::-1]]
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


def _words(size: str, within: str | None) -> str:
    return size + (", within organisations" if within else "")


def _rows(frame: pd.DataFrame, value: str, team: str, within: str | None) -> Design:
    """Complete rows with the team, named within its organisation, and the organisation."""
    outer = pd.Series("all", index=frame.index) if within is None else frame[within]
    inner = frame[team] if within is None else (
        outer.astype(str) + " / " + frame[team].astype(str)
    ).where(frame[team].notna() & outer.notna())  # fmt: skip
    return complete(frame[value], np.ones((len(frame), 1)), inner, outer)


def _mean_squares(
    y: np.ndarray, codes: np.ndarray, outer: np.ndarray
) -> tuple[float, float, int, int]:
    """Between teams within organisations, within teams, and their degrees of freedom."""
    counts = np.bincount(codes)
    means = np.bincount(codes, weights=y) / counts
    centre = (np.bincount(outer, weights=y) / np.bincount(outer))[outer]
    df1, df2 = len(counts) - int(outer.max()) - 1, len(y) - len(counts)
    between = float(((means[codes] - centre) ** 2).sum() / df1) if df1 > 0 else np.nan
    return between, float(((y - means[codes]) ** 2).sum() / df2), df1, df2


def _f_quantile(df1: int, df2: int, share: float) -> float:
    return float(special.fdtri(df1, df2, share))


def icc_reml(
    frame: pd.DataFrame,
    value: str,
    team: str,
    referent: Referent = "team",
    within: str | None = None,
) -> pd.DataFrame:
    """ICC(1) and ICC(2) from the variances of a random-intercept model by REML: two rows.

    ICC(1) = team / (team + residual), never negative; ICC(2) by Spearman-Brown with the mean team
    size. With unequal teams it differs from the analysis of variance, so the method is named.
    `within`: the column of organisations, which then are fixed. Columns: measure, estimate, n,
    method, note.

    With equal teams both agree (see `icc`):

    >>> two = pd.DataFrame({"y": [1, 2, 3, 4, 5, 6.], "t": list("aabbcc")})
    >>> icc_reml(two, "y", "t")["estimate"].round(4).tolist()
    [0.8824, 0.9375]
    """
    need_columns(frame, [value, team, within])
    data = _rows(frame, value, team, within)
    outer = data.groups[1]
    fit = fit_mixed(data.y, np.eye(int(outer.max(initial=0)) + 1)[outer], data.groups[0])
    note = climate_problem(referent) or fit.note
    words = _words("mean team size", within)
    rows = [
        missing_row(n=fit.n, method=f"{m} by REML, {words}", note=note, measure=m)
        for m in ("ICC(1)", "ICC(2)")
    ]
    if not note:
        tau, residual = fit.variance["estimate"]
        share, k = tau / (tau + residual), fit.n / fit.variance["n"].iloc[0]
        rows[0]["estimate"], rows[1]["estimate"] = share, k * share / (1 + (k - 1) * share)
    return as_frame(rows, ["estimate"])
