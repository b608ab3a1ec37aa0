"""Change of the workforce: everybody's answers at two waves, also of those who were seen once.

Every organisation has a model of its own. So its number is the same whether it is looked at alone
or beside the others, and what arrives from one organisation moves no number of another. Over all
they count equally.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.columns import once_per_wave, with_numbers
from lostudy.statistics.combine import combined
from lostudy.statistics.describe import groups_of
from lostudy.statistics.estimates import as_frame, missing_row, need_columns, t_row
from lostudy.statistics.mixed import contrast, fit_mixed
from lostudy.statistics.refusals import organisation_level
from lostudy.statistics.robust import cluster_ols

ALL = "all"
WORKFORCE = "workforce"
TEAM_MEANS = "OLS on changes of team means"
ALL_ANSWERS = "OLS on all answers, CR2 by team, Satterthwaite df"
WEIGHTED = "weighted least squares on all answers, CR2 by team, Satterthwaite df, sensitivity"
NO_TEAMS = "no teams known: interval without teams"
NO_WAVE = "a wave without answers"


def workforce(
    frame: pd.DataFrame,
    value: str,
    wave: str,
    team: str,
    organisation: str | None,
    first: Any,
    last: Any,
    person: str | None = None,
    covariates: Sequence[str] = (),
    df: str = "kenward-roger",
    level: float = 0.95,
    shared: bool = False,
    team_means: bool = True,
) -> pd.DataFrame:
    """How much the workforce changed, per organisation and over all with equal weights.

    All answers count, also those of persons seen once. Per organisation: a random-intercept model
    with the waves fixed and the team random; with `person` the person is random within the team (an
    empty id is a person of their own; where nobody is linked the team alone is random, as `method`
    says). Standard errors and degrees of freedom are Kenward & Roger's (1997), or "satterthwaite".
    "all" is the equally weighted mean of the organisations (see `combined`). `shared`: one model
    over all organisations instead, with variances in common; then an organisation's row depends on
    the answers of the others. `covariates` enter as numbers or as categories; what is the same for
    everybody in an organisation changes nothing, for organisations are fixed.

    The change of the means of teams seen at both waves (OLS, equal weight per team) stands
    beside it, unless `team_means` is False: it needs no model for how teams differ in their change.
    With only the workforce of each wave known this cannot separate change of people from change by
    turnover; see `same_people` and `turnover`. Columns: organisation, estimand, estimate, se, df,
    low, high, statistic, p, n (answers; teams for team means), method, note.

    Two teams of two, up by 1 and by 3: the team means changed by 2, with standard error 1.

    >>> long = pd.DataFrame({"y": [1., 2, 2, 3, 5, 6, 8, 9], "w": [0, 0, 1, 1] * 2,
    ...                      "t": list("aaaabbbb"), "o": "A"})
    >>> workforce(long, "y", "w", "t", "o", 0, 1)[["estimate", "method"]].values.tolist()[-1]
    [2.0, 'OLS on changes of team means']
    """
    asked = _asked(frame, value, wave, team, organisation, first, last, person, covariates)
    if shared:
        model = _shared_rows(asked, df, level)
    else:
        model = _with_total([_model_row(asked, name, df, level) for name in asked.names], level)
    if not team_means:
        return as_frame(model)
    means = _with_total([_team_mean_row(asked, name, level) for name in asked.names], level)
    return as_frame([*model, *means])


def all_answers(
    frame: pd.DataFrame,
    value: str,
    wave: str,
    team: str,
    organisation: str | None,
    first: Any,
    last: Any,
    covariates: Sequence[str] = (),
    weight: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """The workforce's change without a model for teams: least squares, CR2 errors by team.

    Per organisation the difference of the means of the two waves, and "all" with equal weights. The
    second check on `workforce`: over-careful where an organisation has two teams. `weight`: a
    column of weights (see `rake`) for weighted least squares; `method` then says "sensitivity", and
    `n` still counts answers. Columns as there.

    >>> long = pd.DataFrame({"y": [1., 2, 2, 3, 5, 6, 8, 9], "w": [0, 0, 1, 1] * 2,
    ...                      "t": list("aaaabbbb"), "o": "A"})
    >>> all_answers(long, "y", "w", "t", "o", 0, 1)[["estimate", "se"]].round(4).values.tolist()
    [[2.0, 1.0]]
    """
    asked = _asked(frame, value, wave, team, organisation, first, last, None, covariates, weight)
    return as_frame(_with_total([_plain_row(asked, name, level) for name in asked.names], level))


def _plain_row(asked: _Asked, name: Any, level: float) -> dict[str, Any]:
    part = asked.of(name)
    keys = {"organisation": name, "estimand": WORKFORCE}
    if part["wave"].nunique() < 2:
        return missing_row(n=len(part), method=asked.plain, note=NO_WAVE, **keys)
    root = np.sqrt(part["weight"])
    X = _design(asked, part).mul(root, axis=0)
    found = cluster_ols(part["value"] * root, X, part["team"], "CR2", level)
    return {**keys, **_first(found), "method": asked.plain}


def _design(asked: _Asked, part: pd.DataFrame) -> pd.DataFrame:
    """The change first, then the level at the first wave, then the covariates."""
    later = (part["wave"] == asked.last).astype(float).rename("change")
    one = pd.Series(1.0, index=part.index, name="one")
    return pd.concat([later, one, _centred(part, asked.covariates)], axis=1)


def _first(found: pd.DataFrame) -> dict[str, Any]:
    row = found.to_dict("records")[0]
    return {str(key): each for key, each in row.items() if key != "term"}


@dataclass(frozen=True)
class _Asked:
    """The answers of the two waves, a row each, with fixed column names; and what is compared."""

    rows: pd.DataFrame
    names: tuple[Any, ...]
    first: Any
    last: Any
    covariates: tuple[str, ...]
    plain: str

    def of(self, name: Any) -> pd.DataFrame:
        return self.rows[self.rows["organisation"] == name].reset_index(drop=True)


def _asked(
    frame: pd.DataFrame, value: str, wave: str, team: str, organisation: str | None, first: Any,
    last: Any, person: str | None, covariates: Sequence[str], weight: str | None = None,
) -> _Asked:  # fmt: skip
    need_columns(frame, [value, wave, team, organisation, person, weight, *covariates])
    frame = with_numbers(frame, [value, weight]).reset_index(drop=True)
    site = pd.Series(ALL, index=frame.index) if organisation is None else frame[organisation]
    alone = pd.Series([f"alone {i}" for i in range(len(frame))], index=frame.index, dtype=object)
    known = {
        "value": frame[value], "wave": frame[wave], "organisation": site,
        "has_team": frame[team].notna(), "team": _within(site, frame[team], alone),
        "linked": False if person is None else frame[person].notna(),
        "person": alone if person is None else _within(site, frame[person], alone),
        "weight": 1.0 if weight is None else frame[weight],
    }  # fmt: skip
    rows = pd.DataFrame(known, index=frame.index).join(frame[list(covariates)])
    whole = rows["value"].notna() & site.notna() & (rows["weight"] > 0)
    rows = rows[whole & rows["wave"].isin([first, last])].reset_index(drop=True)
    if person is not None:
        once_per_wave(rows[rows["linked"]], ["person", "wave"])
    names = (ALL,) if organisation is None else tuple(sorted(site.dropna().unique())) or (ALL,)
    plain = ALL_ANSWERS if weight is None else WEIGHTED
    return _Asked(rows, names, first, last, tuple(covariates), plain)


def _within(organisation: pd.Series, inner: pd.Series, alone: pd.Series) -> pd.Series:
    """Names made unique over organisations; who has none gets one of their own."""
    filled = inner.astype(object).where(inner.notna(), alone)
    return organisation.astype(str) + " / " + filled.astype(str)


def _centred(part: pd.DataFrame, covariates: Sequence[str]) -> pd.DataFrame:
    """Numbers around their mean; categories as columns of 0 and 1 around theirs."""
    columns = {}
    for name in covariates:
        one = part[[name]]
        if not pd.api.types.is_numeric_dtype(one[name]):
            known = one[name].notna()
            one = pd.get_dummies(one[name], drop_first=True, prefix=name).astype(float)
            one = one.where(known)
        for label in one:
            numbers = one[label].astype(float)
            if numbers.nunique() > 1:
                columns[f"covariate {label}"] = numbers - numbers.mean()
    return pd.DataFrame(columns, index=part.index)


def _model_row(asked: _Asked, name: Any, df: str, level: float) -> dict[str, Any]:
    part = asked.of(name)
    keys = {"organisation": name, "estimand": WORKFORCE}
    group, nested, random, note = _random(part)
    method = f"mixed model per organisation on all answers, {random}, REML, {df} df"
    if part["wave"].nunique() < 2:
        return missing_row(n=len(part), method=method, note=NO_WAVE, **keys)
    if group is None:  # neither teams nor links: every answer stands alone
        row = _plain_row(asked, name, level)
        return {**row, "note": row["note"] or note}
    fit = fit_mixed(part["value"], _design(asked, part), group, nested, df=df, level=level)
    row = _first(fit.fixed)
    row.update(n=len(part), method=method, note=row["note"] or note)
    return {**keys, **row}


def _random(part: pd.DataFrame) -> tuple[pd.Series | None, pd.Series | None, str, str]:
    """What is random, by what is known: team and person, team, the person, or nothing."""
    team, person = part["team"], part["person"]
    linked, teams = bool(person.duplicated().any()), bool(part["has_team"].any())
    if linked and teams:
        return team, person, "random team and person", ""
    if linked:
        return person, None, "random person", NO_TEAMS
    return (team, None, "random team", "") if teams else (None, None, "nothing random", NO_TEAMS)


def _with_total(rows: list[dict[str, Any]], level: float) -> list[dict[str, Any]]:
    """A row per organisation, and where there are several one over all, equally weighted."""
    if len(rows) < 2:
        return rows
    table = as_frame(rows)
    keys = {"organisation": ALL, "estimand": WORKFORCE}
    methods = table["method"].drop_duplicates().tolist()
    method = max(methods, key=len)  # where nobody is linked in one of them, the fuller model
    return [*rows, _first(combined(table, None, method, level, **keys))]


def _shared_rows(asked: _Asked, df: str, level: float) -> list[dict[str, Any]]:
    """One model over all organisations: organisation x wave fixed, variances in common."""
    used, names = asked.rows, list(asked.names)
    cells = cell_design(used, "organisation", "wave")
    inner = [c for c in asked.covariates if not organisation_level(used, c, "organisation")]
    X = pd.concat([cells, _centred(used, inner)], axis=1)
    X = X.set_axis([*cells.columns, *X.columns[cells.shape[1] :]], axis=1)
    group, nested, random, note = _random(used)
    method = f"one mixed model over all organisations, {random}, REML, {df} df"
    group = used["team"] if group is None else group
    fit = fit_mixed(used["value"], X, group, nested, df=df, level=level)
    rows = []
    for name in names if len(names) == 1 else [*names, ALL]:
        chosen = names if name == ALL else [name]
        weights = _change_weights(X, chosen, asked.first, asked.last)
        keys = {"organisation": name, "estimand": WORKFORCE}
        n = int(used["organisation"].isin(chosen).sum())
        if weights is None or fit.state is None:
            reason = fit.note if weights is not None else NO_WAVE
            rows.append(missing_row(n=n, method=method, note=reason, **keys))
            continue
        row = contrast(fit, weights, df, level).to_dict("records")[0]
        named = {str(k): v for k, v in row.items()}
        rows.append({**keys, **named, "n": n, "method": method, "note": named["note"] or note})
    return rows


def cell_design(frame: pd.DataFrame, organisation: str, wave: str) -> pd.DataFrame:
    """A column of 0 and 1 per organisation x wave that occurs (n x cells).

    >>> cell_design(pd.DataFrame({"o": ["A", "A"], "w": [0, 1]}), "o", "w").columns.tolist()
    [('A', 0), ('A', 1)]
    """
    cells: dict[Any, Any] = {
        tuple(keys.values()): frame.index.isin(part.index).astype(float)
        for keys, part in groups_of(frame, [organisation, wave])
    }
    return pd.DataFrame(cells, index=frame.index).set_axis(list(cells), axis=1)


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


def _team_mean_row(asked: _Asked, name: Any, level: float) -> dict[str, Any]:
    """The mean change of the means of the teams seen at both waves."""
    part = asked.of(name)
    both = part[part["has_team"]]
    means = both.groupby(["team", "wave"], observed=True)["value"].mean().unstack("wave")
    means = means.reindex(columns=[asked.first, asked.last])
    change = (means[asked.last] - means[asked.first]).dropna()
    n = len(change)
    keys = {"organisation": name, "estimand": WORKFORCE, "method": TEAM_MEANS}
    if n < 2:
        return missing_row(n=n, note="too few teams seen at both waves", **keys)
    se = float(change.std() / np.sqrt(n))
    return t_row(float(change.mean()), se, n - 1, n=n, level=level, **keys)
