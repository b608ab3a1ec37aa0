"""Means with intervals and answer distributions per group: what is looked at first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem
from lostudy.statistics.columns import with_numbers
from lostudy.statistics.estimates import (
    as_frame,
    as_list,
    missing_row,
    need_columns,
    t_row,
)
from lostudy.statistics.robust import cluster_ols

T_INTERVAL = "mean, t interval"
TEAM_INTERVAL = "mean, team-clustered CR2 interval, Satterthwaite df"
MEAN_COLUMNS = ["estimate", "se", "df", "low", "high", "n", "method", "note"]


def mean_by(
    frame: pd.DataFrame,
    value: str,
    by: str | Sequence[str] | None = None,
    team: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """The mean of `value` per group of `by`, with an interval that allows for teams.

    Without `team`: the t interval. With `team`: the standard error is CR2 with Satterthwaite df of
    an intercept-only model (Pustejovsky & Tipton 2018); under two teams the t interval is given and
    `method` and `note` say so; under 4 df the note says that the interval is not to be tested.
    Persons without a team count as a team of their own. Columns: by..., estimate, se, df, low,
    high, n, method, note, sd, teams.

    Student's (1908) ten differences in sleep: mean 1.58, 95% interval 0.70 to 2.46 (R: t.test).

    >>> sleep = pd.DataFrame({"extra": [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, .8, 4.6, 1.4], "group": "A"})
    >>> mean_by(sleep, "extra", "group")[["group", "estimate", "low", "high", "n"]].round(2)
      group  estimate  low  high   n
    0     A      1.58  0.7  2.46  10
    """
    need_columns(frame, [value, *as_list(by), team])
    rows = []
    for keys, part in groups_of(with_numbers(frame, [value]), by):
        values = part[value]
        teams = None if team is None else _own_team(part[team], values.index)
        rows.append(_mean_row(values, teams, level, keys))
    columns = [*as_list(by), *MEAN_COLUMNS, "sd", "teams"]
    return pd.DataFrame(rows).reindex(columns=columns)


def _mean_row(
    values: pd.Series, teams: pd.Series | None, level: float, keys: dict[str, Any]
) -> dict[str, Any]:
    known = values.notna()
    values, n = values[known], int(known.sum())
    count = 0 if teams is None else int(teams[known].nunique())
    extra = {**keys, "sd": float(values.std()) if n > 1 else np.nan, "teams": count}
    if n == 0:
        return missing_row(n=0, method=T_INTERVAL, note="no answers", **extra)
    if teams is not None and count >= 2:
        row = cluster_ols(values, np.ones((n, 1)), teams[known], "CR2", level).to_dict("records")[0]
        return {
            **{str(k): v for k, v in row.items()},
            **extra,
            "method": TEAM_INTERVAL,
            "note": row["note"],
        }
    note = "" if teams is None else "under two teams: interval without teams"
    if n == 1:
        return {
            **missing_row(n=1, method=T_INTERVAL, note="one answer: no interval", **extra),
            "estimate": float(values.iloc[0]),
        }
    constant = values.max() == values.min()
    se = 0.0 if constant else float(values.std() / np.sqrt(n))
    note = "no variation: no interval" if constant else note
    return t_row(values.mean(), se, n - 1, n=n, method=T_INTERVAL, note=note, level=level, **extra)


def _own_team(team: pd.Series, index: pd.Index) -> pd.Series:
    """The team, or a team of one where none is known."""
    alone = pd.Series([f"alone {i}" for i in range(len(index))], index=index, dtype=object)
    return team.astype(object).where(team.notna(), alone)


def groups_of(
    frame: pd.DataFrame, by: str | Sequence[str] | None
) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """The keys and the rows of each group that occurs, sorted; the whole frame without `by`."""
    names = as_list(by)
    if not names:
        yield {}, frame
        return
    for key, part in frame.groupby(names, observed=True, sort=True):
        yield dict(zip(names, key, strict=True)), part


def frequencies(
    frame: pd.DataFrame, item: str, by: str | Sequence[str] | None, values: Sequence[Any]
) -> pd.DataFrame:
    """How often each answer was given: a row per group and answer value, also where it is 0.

    `item`: the column of answers. `values`: every answer that is possible, in order; an answer
    outside it stops the work. The share is of those who answered. Columns: by..., value, count,
    estimate (share), n, method, note.

    >>> answers = pd.DataFrame({"q1": [1, 1, 2, None]})
    >>> frequencies(answers, "q1", None, [1, 2, 3])[["value", "count", "estimate", "n"]].round(3)
       value  count  estimate  n
    0      1      2     0.667  3
    1      2      1     0.333  3
    2      3      0     0.000  3
    """
    need_columns(frame, [item, *as_list(by)])
    strange = int((frame[item].notna() & ~frame[item].isin(list(values))).sum())
    if strange:
        raise DataError(
            Problem(f"{strange} answers to '{item}' are not among the values", "add or recode them")
        )
    rows = []
    for keys, part in groups_of(frame, by):
        counts = part[item].value_counts().reindex(list(values), fill_value=0)
        base = int(counts.sum())
        for answer, count in counts.items():
            row = missing_row(n=base, method="share of answers", note="" if base else "no answers")
            row["estimate"] = count / base if base else np.nan
            rows.append({**keys, "value": answer, "count": int(count), **row})
    return as_frame(rows, ["estimate"])
