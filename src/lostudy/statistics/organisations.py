"""Four organisations are four cases: what may be compared, and what is refused.

An organisation may be set against the others, because its teams carry the uncertainty. What is the
same for everybody in an organisation may not be tested (see refusals).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.columns import with_numbers
from lostudy.statistics.estimates import as_frame, missing_row, need_columns, t_row
from lostudy.statistics.mixed import contrast, fit_mixed
from lostudy.statistics.refusals import organisation_level
from lostudy.statistics.robust import cluster_ols

MODEL = "random-intercept model, organisation fixed, REML"
TEAM_MEANS = "OLS on team means"
CR2 = "OLS, CR2 by team, Satterthwaite df"


def against_rest(
    frame: pd.DataFrame,
    value: str,
    team: str,
    organisation: str,
    df: str = "satterthwaite",
    level: float = 0.95,
) -> pd.DataFrame:
    """Each organisation against the unweighted mean of the others, at one wave, three ways.

    `frame`: a row per person. A mixed model with random teams (the primary one), least squares on
    team means (equal variances), and CR2 by team (over-careful where an organisation has two
    teams). Columns: organisation, estimate, se, df, low, high, statistic, p, n (persons; teams for
    the team means), method, note.

    Two organisations of two teams with means 1, 3 and 6, 8: a difference of 5, error 1.414.

    >>> data = pd.DataFrame({"y": [0., 2, 2, 4, 5, 7, 7, 9], "t": list("aabbccdd"),
    ...                      "o": list("AAAABBBB")})
    >>> rows = against_rest(data, "y", "t", "o")
    >>> means = rows[rows["method"] == "OLS on team means"]
    >>> means[["estimate", "se", "df"]].round(3).values.tolist()
    [[-5.0, 1.414, 2.0], [5.0, 1.414, 2.0]]
    """
    need_columns(frame, [value, team, organisation])
    frame = with_numbers(frame, [value])
    known = frame[frame[[value, organisation]].notna().all(axis=1)]
    names = sorted(known[organisation].unique())
    if len(names) < 2:
        note = "one organisation: nothing to compare"
        return as_frame([missing_row(n=len(known), method=MODEL, note=note, organisation="all")])
    dummies = pd.DataFrame({str(n): (known[organisation] == n).astype(float) for n in names})
    alone = pd.Series([f"alone {i}" for i in range(len(known))], index=known.index, dtype=object)
    inner = known[team].astype(object).where(known[team].notna(), alone)
    teams = known[organisation].astype(str) + " / " + inner.astype(str)
    weights = [_against(i, len(names)) for i in range(len(names))]
    rows = []
    fit = fit_mixed(known[value], dummies, teams, df=df)
    for name, w in zip(names, weights, strict=True):
        row = contrast(fit, w, df, level).to_dict("records")[0]
        named = {str(k): v for k, v in row.items()}
        rows.append({"organisation": name, **named, "method": f"{MODEL}, {df} df"})
    rows += _team_means(known[value], teams, known[organisation], names, weights, level)
    rows += _clustered(known[value], teams, dummies, names, level)
    return as_frame(rows)


def _against(place: int, count: int) -> np.ndarray:
    weights = np.full(count, -1 / (count - 1))
    weights[place] = 1.0
    return weights


def _team_means(
    y: pd.Series, teams: pd.Series, site: pd.Series, names: list[Any], weights: Any, level: float
) -> list[dict[str, Any]]:
    means = y.groupby(teams).mean()
    where = site.groupby(teams).first()
    groups = means.groupby(where)
    centre, sizes, free = groups.mean()[names], groups.size()[names], len(means) - len(names)
    spread = float(((means - groups.transform("mean")) ** 2).sum() / free) if free > 0 else np.nan
    rows = []
    for name, w in zip(names, weights, strict=True):
        if free < 1:
            note = "no organisation with two teams"
            rows.append(missing_row(n=len(means), method=TEAM_MEANS, note=note, organisation=name))
            continue
        se = float(np.sqrt(spread * (w**2 / sizes.to_numpy()).sum()))
        row = t_row(float(w @ centre), se, free, n=len(means), method=TEAM_MEANS, level=level)
        rows.append({"organisation": name, **row})
    return rows


def _clustered(
    y: pd.Series, teams: pd.Series, dummies: pd.DataFrame, names: list[Any], level: float
) -> list[dict[str, Any]]:
    rows = []
    for i, name in enumerate(names):
        own = dummies.iloc[:, i].to_numpy()
        others = np.delete(dummies.to_numpy(), i, axis=1)
        coded = others[:, :-1] - others[:, [-1]]  # the others around their unweighted mean
        X = np.column_stack([own, np.ones(len(own)), coded])
        row = cluster_ols(y, X, teams, "CR2", level).to_dict("records")[0]
        named = {str(k): v for k, v in row.items() if k != "term"}
        rows.append({"organisation": name, **named, "method": CR2})
    return rows


def within_team_association(
    frame: pd.DataFrame,
    outcome: str,
    predictor: str,
    team: str,
    organisation: str,
    level: float = 0.95,
) -> pd.DataFrame:
    """Do colleagues in one team who score higher on one scale score higher on another? One row.

    `outcome`, `predictor`: columns of scores. The predictor is centred on its team mean, so
    differences between teams and organisations play no part; random team, organisation fixed
    (Enders & Tofighi 2007). A predictor that is constant within organisations is refused: the
    estimate is missing and the note says why. Columns: estimate (points per point), se, df, low,
    high, statistic, p, n, method, note.

    >>> data = pd.DataFrame({"y": [1., 2, 3, 4], "size": [3, 3, 9, 9], "t": list("abcd"),
    ...                      "o": list("AABB")})
    >>> within_team_association(data, "y", "size", "t", "o")["estimate"].item()
    nan
    """
    method = "within-team slope, random-intercept model, REML, satterthwaite df"
    need_columns(frame, [outcome, predictor, team, organisation])
    frame = with_numbers(frame, [outcome, predictor])
    known = frame.dropna(subset=[outcome, predictor, team, organisation])
    note = organisation_level(known, predictor, organisation)
    teams = known[organisation].astype(str) + " / " + known[team].astype(str)
    centred = (known[predictor] - known[predictor].groupby(teams).transform("mean")).astype(float)
    if not note and centred.abs().max() < 1e-12:
        note = f"'{predictor}' is the same for everybody within a team: no slope within teams"
    if note:
        return as_frame([missing_row(n=len(known), method=method, note=note)])
    sites = pd.get_dummies(known[organisation]).astype(float)
    fit = fit_mixed(known[outcome], pd.concat([centred.rename("slope"), sites], axis=1), teams)
    row = contrast(fit, np.eye(sites.shape[1] + 1)[0], level=level)
    return row.assign(method=method)


def mixture_p(statistic: float) -> float:
    """The p of a likelihood ratio test of one variance at 0: half a chi-square (Self & Liang 1987).

    `statistic`: twice the difference of the log likelihoods.

    >>> round(mixture_p(2.705543), 4)  # the 10% point of chi-square(1)
    0.05
    """
    return float(0.5 * special.chdtrc(1, statistic)) if statistic > 0 else 1.0
