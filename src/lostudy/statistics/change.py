"""Change between two waves, by both estimands, with the turnover beside them.

"The same people changed" compares persons with themselves; "the workforce changed" compares who was
there then with who is there now. They answer different questions and can have different signs, so
both are always shown. Four organisations are fixed: they are these four, not a sample of a sector;
the teams are what carries the uncertainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.describe import groups_of
from lostudy.statistics.estimates import as_frame, as_list, missing_row, need_columns, t_row
from lostudy.statistics.mixed import contrast, fit_mixed
from lostudy.statistics.robust import cluster_ols

ALL = "all"
SAME_PEOPLE = "same people"
WORKFORCE = "workforce"
PAIRED = "paired differences, CR2 by team, Satterthwaite df"
TEAM_MEANS = "OLS on changes of team means"


def same_people(
    frame: pd.DataFrame,
    value: str,
    person: str,
    wave: str,
    team: str,
    first: Any,
    last: Any,
    organisation: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """How much the persons seen at both waves changed, per organisation and over all.

    `frame`: a row per person and wave. The mean of the differences last - first, with CR2 standard
    errors by the team at the first wave (persons without a team count as their own) and
    Satterthwaite df (Pustejovsky & Tipton 2018). The row "all" weighs organisations equally.
    Columns: organisation, estimand, estimate, se, df, low, high, statistic, p, n (persons), method,
    note.

    Student's (1908) sleep data, each patient a team: 1.58 more hours, 0.70 to 2.46 (R: t.test).

    >>> more = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, .8, 4.6, 1.4]
    >>> long = pd.DataFrame({"hours": [0.] * 10 + more, "who": [*range(10)] * 2,
    ...                      "wave": ["T0"] * 10 + ["T1"] * 10, "ward": None})
    >>> same_people(long, "hours", "who", "wave", "ward", "T0", "T1")[
    ...     ["organisation", "estimate", "low", "high", "n"]].round(2)
      organisation  estimate  low  high   n
    0          all      1.58  0.7  2.46  10
    """
    need_columns(frame, [value, person, wave, team, organisation])
    paired = pairs(frame, value, person, wave, team, first, last, organisation)
    keys = {"estimand": SAME_PEOPLE}
    rows = []
    names = _names(frame, organisation)
    for name in names:
        part = paired[paired["organisation"] == name]
        rows.append(
            _paired_row(part, np.ones((len(part), 1)), level, {"organisation": name, **keys})
        )
    if len(names) != 1 or names[0] != ALL:
        X = _equal_weights(paired["organisation"], names)
        rows.append(_paired_row(paired, X, level, {"organisation": ALL, **keys}))
    return as_frame(rows)


def pairs(
    frame: pd.DataFrame,
    value: str,
    person: str,
    wave: str,
    team: str,
    first: Any,
    last: Any,
    organisation: str | None = None,
) -> pd.DataFrame:
    """One row per person answered at both waves: organisation, team (at the first), difference.

    A person seen twice in a wave stops the work.

    >>> long = pd.DataFrame({"y": [1., 3.], "p": [7, 7], "w": [0, 1], "t": ["a", "b"]})
    >>> pairs(long, "y", "p", "w", "t", 0, 1)[["team", "difference"]].values.tolist()
    [['all / a', 2.0]]
    """
    known = frame[frame[value].notna() & frame[person].notna()].reset_index(drop=True)
    site = pd.Series(ALL, index=known.index) if organisation is None else known[organisation]
    tidy = pd.DataFrame(
        {"organisation": site, "person": known[person], "team": known[team].astype(object),
         "wave": known[wave], "value": known[value].astype(float)}
    )  # fmt: skip
    tidy = tidy[tidy["wave"].isin([first, last])]
    twice = int(tidy.duplicated(["organisation", "person", "wave"]).sum())
    if twice:
        raise ValueError(f"{twice} rows repeat a person within a wave: remove duplicates first")
    before, after = (tidy[tidy["wave"] == w] for w in (first, last))
    both = before.merge(after, on=["organisation", "person"], suffixes=("", "_after"))
    alone = pd.Series([f"alone {i}" for i in range(len(both))], dtype=object)
    both["team"] = both["team"].where(both["team"].notna(), alone)
    both["team"] = both["organisation"].astype(str) + " / " + both["team"].astype(str)
    return both.assign(difference=both["value_after"] - both["value"])[
        ["organisation", "person", "team", "difference"]
    ]


def _paired_row(
    part: pd.DataFrame, X: np.ndarray | None, level: float, keys: dict[str, Any]
) -> dict[str, Any]:
    if X is None or len(part) < 2:
        return missing_row(n=len(part), method=PAIRED, note="too few linked persons", **keys)
    row = cluster_ols(part["difference"], X, part["team"], "CR2", level).to_dict("records")[0]
    return {**keys, **{str(k): v for k, v in row.items() if k != "term"}, "method": PAIRED}


def _equal_weights(organisation: pd.Series, names: list[Any]) -> np.ndarray | None:
    """Effect coding: the first coefficient is the unweighted mean of the organisations."""
    if not len(organisation) or not set(names) <= set(organisation):
        return None
    dummies = np.column_stack([(organisation == name).to_numpy(float) for name in names])
    return np.column_stack([np.ones(len(dummies)), dummies[:, :-1] - dummies[:, [-1]]])


def _names(frame: pd.DataFrame, organisation: str | None) -> list[Any]:
    return [ALL] if organisation is None else sorted(frame[organisation].dropna().unique())


def workforce(
    frame: pd.DataFrame,
    value: str,
    wave: str,
    team: str,
    organisation: str,
    first: Any,
    last: Any,
    person: str | None = None,
    covariates: Sequence[str] = (),
    df: str = "satterthwaite",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much the workforce changed, per organisation and over all with equal weights.

    All answers count, also those of persons seen once: a random-intercept model with organisation x
    wave fixed and the team random; with `person` the person is random within the team (an empty id
    is a person of their own; where nobody is linked the team alone is random, as `method` says).
    `covariates` enter as numbers or as categories. The change of the means of teams
    seen at both waves (OLS, equal weight per team) stands beside it: it needs no model for how
    teams differ in their change. With only the workforce of each wave known this
    cannot separate change of people from change by turnover; see `same_people` and `turnover`.
    Columns: organisation, estimand, estimate, se, df, low, high, statistic, p, n (answers; teams
    for team means), method, note.

    Two teams of two, up by 1 and by 3: the team means changed by 2, with standard error 1.

    >>> long = pd.DataFrame({"y": [1., 2, 2, 3, 5, 6, 8, 9], "w": [0, 0, 1, 1] * 2,
    ...                      "t": list("aaaabbbb"), "o": "A"})
    >>> workforce(long, "y", "w", "t", "o", 0, 1)[["estimate", "method"]].values.tolist()[-1]
    [2.0, 'OLS on changes of team means']
    """
    need_columns(frame, [value, wave, team, organisation, person, *covariates])
    used = frame[frame[[value, wave, organisation]].notna().all(axis=1)].reset_index(drop=True)
    names = _names(frame, organisation)
    asked = _Question(value, wave, team, organisation, first, last, level)
    return as_frame(
        [
            *_model_rows(used, asked, person, covariates, df, names),
            *_team_mean_rows(used, asked, names),
        ]
    )


@dataclass(frozen=True)
class _Question:
    """The columns and waves of one comparison."""

    value: str
    wave: str
    team: str
    organisation: str
    first: Any
    last: Any
    level: float


def _model_rows(
    used: pd.DataFrame,
    asked: _Question,
    person: str | None,
    covariates: Sequence[str],
    df: str,
    names: list[Any],
) -> list[dict[str, Any]]:
    cells = cell_design(used, asked.organisation, asked.wave, covariates)
    site = used[asked.organisation]
    teams = _within(site, used[asked.team], "team")
    persons = None if person is None else _within(site, used[person], "person")
    linked = persons is not None and bool(persons.duplicated().any())
    random = "random team and person" if linked else "random team"
    method = f"mixed model on all answers, {random}, REML, {df} df"
    fit = fit_mixed(
        used[asked.value], cells, teams, persons if linked else None, df=df, level=asked.level
    )
    rows = []
    for name in names if len(names) == 1 else [*names, ALL]:
        chosen = names if name == ALL else [name]
        weights = _change_weights(cells, chosen, asked.first, asked.last)
        keys = {"organisation": name, "estimand": WORKFORCE}
        n = int((site.isin(chosen) & used[asked.wave].isin([asked.first, asked.last])).sum())
        if weights is None or fit.state is None:
            note = fit.note if weights is not None else "a wave without answers"
            rows.append(missing_row(n=n, method=method, note=note, **keys))
            continue
        row = contrast(fit, weights, df, asked.level).to_dict("records")[0]
        named = {str(k): v for k, v in row.items()}
        rows.append({**keys, **named, "n": n, "method": method})
    return rows


def cell_design(
    frame: pd.DataFrame, organisation: str, wave: str, covariates: Sequence[str] = ()
) -> pd.DataFrame:
    """A column per organisation x wave that occurs, then the covariates around their mean.

    >>> cell_design(pd.DataFrame({"o": ["A", "A"], "w": [0, 1]}), "o", "w").columns.tolist()
    [('A', 0), ('A', 1)]
    """
    cells: dict[Any, Any] = {
        tuple(keys.values()): frame.index.isin(part.index).astype(float)
        for keys, part in groups_of(frame, [organisation, wave])
    }
    columns = dict(cells)
    for name in covariates:
        part = frame[[name]]
        if not pd.api.types.is_numeric_dtype(part[name]):
            part = pd.get_dummies(part[name], drop_first=True, prefix=name).where(
                part[name].notna()
            )
        for label in part:
            numbers = part[label].astype(float)
            columns[("covariate", str(label))] = (numbers - numbers.mean()).to_numpy()
    return pd.DataFrame(columns, index=frame.index).set_axis(list(columns), axis=1)


def _change_weights(
    cells: pd.DataFrame, chosen: list[Any], first: Any, last: Any
) -> np.ndarray | None:
    places: dict[Any, int] = {label: i for i, label in enumerate(cells.columns)}
    weights = np.zeros(len(places))
    for name in chosen:
        if (name, first) not in places or (name, last) not in places:
            return None
        weights[places[(name, last)]] += 1 / len(chosen)
        weights[places[(name, first)]] -= 1 / len(chosen)
    return weights


def _within(organisation: pd.Series, inner: pd.Series, word: str) -> pd.Series:
    """Names made unique over organisations; who has none gets one of their own."""
    alone = pd.Series(
        [f"{word} alone {i}" for i in range(len(inner))], index=inner.index, dtype=object
    )
    filled = inner.astype(object).where(inner.notna(), alone)
    return organisation.astype(str) + " / " + filled.astype(str)


def _team_mean_rows(used: pd.DataFrame, asked: _Question, names: list[Any]) -> list[dict[str, Any]]:
    """The OLS of changes of team means on organisation, one residual variance over all teams."""
    change = _team_changes(used, asked)
    site = change.index.get_level_values(0)
    counts = pd.Series(site).value_counts().reindex(names, fill_value=0)
    centre = change.groupby(level=0).transform("mean")
    free = len(change) - int((counts > 0).sum())
    spread = float(((change - centre) ** 2).sum() / free) if free > 0 else np.nan
    rows = []
    for name in names if len(names) == 1 else [*names, ALL]:
        chosen = names if name == ALL else [name]
        sizes = counts[chosen]
        keys = {"organisation": name, "estimand": WORKFORCE, "method": TEAM_MEANS}
        n = int(sizes.sum())
        if not len(sizes) or int(sizes.min()) == 0 or free < 1:
            rows.append(missing_row(n=n, note="too few teams seen at both waves", **keys))
            continue
        estimate = change[site.isin(chosen)].groupby(level=0).mean().mean()
        se = np.sqrt(spread * (1 / sizes).sum()) / len(chosen)
        rows.append(t_row(estimate, se, free, n=n, level=asked.level, **keys))
    return rows


def _team_changes(used: pd.DataFrame, asked: _Question) -> pd.Series:
    """The change of the mean of every team seen at both waves, by organisation and team."""
    by = [asked.organisation, asked.team, asked.wave]
    both = used[used[asked.team].notna() & used[asked.wave].isin([asked.first, asked.last])]
    means = both.groupby(by, observed=True)[asked.value].mean().unstack(asked.wave)
    means = means.reindex(columns=[asked.first, asked.last])
    return (means[asked.last] - means[asked.first]).dropna()


def turnover(
    frame: pd.DataFrame,
    person: str,
    wave: str,
    first: Any,
    last: Any,
    organisation: str | None = None,
) -> pd.DataFrame:
    """Who is behind a change: counts per organisation and over all.

    Columns: organisation, first and last (persons who answered), both (linked), left (seen at the
    first only), joined (at the last only), unlinked (answers without an id), estimate (share of the
    first wave seen again), n (persons at the first wave), method, note.

    >>> seen = pd.DataFrame({"p": [1, 2, 3, 2, 4], "w": [0, 0, 0, 1, 1]})
    >>> turnover(seen, "p", "w", 0, 1)[["both", "left", "joined"]].values.tolist()
    [[1, 2, 1]]
    """
    need_columns(frame, [person, wave, organisation])
    parts = [(keys[organisation], part) for keys, part in groups_of(frame, as_list(organisation))
             if organisation is not None]  # fmt: skip
    return as_frame(
        [_turnover_row(name, p, person, wave, first, last) for name, p in [*parts, (ALL, frame)]],
        ["estimate"],
    )


def _turnover_row(
    name: Any, part: pd.DataFrame, person: str, wave: str, first: Any, last: Any
) -> dict[str, Any]:
    asked = part[part[wave].isin([first, last])]
    before, after = (set(asked.loc[asked[wave] == w, person].dropna()) for w in (first, last))
    both = len(before & after)
    counts = {
        "organisation": name, "first": int((asked[wave] == first).sum()),
        "last": int((asked[wave] == last).sum()), "both": both, "left": len(before) - both,
        "joined": len(after) - both, "unlinked": int(asked[person].isna().sum()),
    }  # fmt: skip
    note = "" if before else "nobody with an id at the first wave"
    row = missing_row(n=len(before), method="share seen again", note=note, **counts)
    return {**row, "estimate": both / len(before) if before else np.nan}
