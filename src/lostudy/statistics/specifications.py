"""Does the answer hold under the other choices that could have been made? A frozen list of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.combine import combined
from lostudy.statistics.estimates import as_frame, missing_row, need_columns

Estimator = Callable[[pd.DataFrame], pd.DataFrame]
MOST = 100  # values left out in turn
ONE_ROW = ["estimate", "se", "df", "low", "high", "statistic", "p"]


def specification_curve(
    frame: pd.DataFrame, specifications: Mapping[str, Estimator]
) -> pd.DataFrame:
    """The estimate under each specification of a list that was fixed beforehand: a row each.

    `specifications`: name -> a function of the frame to a one-row frame (exclusion rule, scoring,
    weights, estimator, covariates). Sorted by estimate; what gives no number keeps its row
    and note.
    Columns: specification, estimate, se, df, low, high, statistic, p, n, method, note.

    >>> from lostudy.statistics.describe import mean_by
    >>> data = pd.DataFrame({"y": [1., 2, 3], "z": [2., 2, 5]})
    >>> choices = {"z": lambda d: mean_by(d, "z"), "y": lambda d: mean_by(d, "y")}
    >>> curve = specification_curve(data, choices)
    >>> curve[["specification", "estimate"]].values.tolist()
    [['y', 2.0], ['z', 3.0]]
    """
    rows = [_row(name, estimate(frame)) for name, estimate in specifications.items()]
    if not rows:
        raise StudyError(Problem("there are no specifications", "list them in the frozen plan"))
    return as_frame(rows).sort_values("estimate", ignore_index=True, kind="stable")


def leave_one_out(frame: pd.DataFrame, column: str, estimate: Estimator) -> pd.DataFrame:
    """The estimate without each team, or each organisation, in turn: a row each.

    `column`: what is left out by its values; `estimate`: rows to a one-row frame. Columns:
    specification (what was left out by its place in sorted order, not by name), estimate, ...

    >>> from lostudy.statistics.describe import mean_by
    >>> data = pd.DataFrame({"y": [1., 2, 9, 9], "t": ["a", "b", "c", "c"]})
    >>> leave_one_out(data, "t", lambda d: mean_by(d, "y"))["estimate"].round(2).tolist()
    [1.5, 6.33, 6.67]
    """
    need_columns(frame, [column])
    left = sorted(frame[column].dropna().unique())
    choices: dict[str, Estimator] = {
        f"without {column} {i + 1} of {len(left)}": _without(column, name, estimate)
        for i, name in enumerate(left)
    }
    return specification_curve(frame, choices)


def without_one(
    frame: pd.DataFrame, column: str, by: str, estimate: Estimator, level: float = 0.95
) -> pd.DataFrame:
    """The equally weighted total over the groups of `by` without each value of `column` in turn.

    For estimates that every group makes from its own rows: leaving out a team works out its own
    organisation again and no other; with `column` equal to `by` a whole organisation is left out.
    `estimate`: the rows of one group to a one-row frame. Columns: specification (what was left out
    by its place in sorted order, not by name), estimate, se, df, low, high, statistic, p, n,
    method, note. Of more than MOST values as many are left out, spread evenly over the sorted list:
    the work grows with the groups, not with their square.

    >>> from lostudy.statistics.describe import mean_by
    >>> data = pd.DataFrame({"y": [1., 3, 5, 7, 9, 11], "t": list("aabbcd"), "o": list("AAAABB")})
    >>> without_one(data, "t", "o", lambda d: mean_by(d, "y"))["estimate"].tolist()
    [8.0, 6.0, 7.5, 6.5]
    >>> without_one(data, "o", "o", lambda d: mean_by(d, "y"))["estimate"].tolist()
    [10.0, 4.0]
    """
    need_columns(frame, [column, by])
    parts = dict(iter(frame.groupby(by, observed=True, sort=True)))
    whole = {group: estimate(part) for group, part in parts.items()}
    places = frame[[by, column]].dropna().drop_duplicates().itertuples(index=False, name=None)
    values = sorted(places, key=lambda place: tuple(map(str, place)))
    rows = []
    for place in spread_evenly(len(values), MOST):
        group, value = values[place]
        left = {key: made for key, made in whole.items() if key != group}
        if column != by:
            own = parts[group]
            left = {**whole, group: estimate(own[own[column] != value])}
        method = str(whole[group]["method"].iloc[0])
        name = f"without {column} {place + 1} of {len(values)}"
        rows.append(_row(name, _total(list(left.values()), method, level)))
    return as_frame(rows)


def spread_evenly(number: int, most: int) -> list[int]:
    """At most `most` places among `number`, from the first to the last, evenly spread.

    >>> spread_evenly(3, 5), spread_evenly(10, 4)
    ([0, 1, 2], [0, 3, 6, 9])
    """
    if number <= most:
        return list(range(number))
    return [round(step * (number - 1) / (most - 1)) for step in range(most)]


def _total(parts: list[pd.DataFrame], method: str, level: float) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if table.empty:
        return as_frame([missing_row(n=0, method=method, note="nothing left")])
    if len(table) == 1:
        return table
    complete = table.reindex(columns=[*table.columns, *{"se", "df"} - set(table.columns)])
    return combined(complete, None, method, level)


def _without(column: str, name: Any, estimate: Estimator) -> Estimator:
    return lambda frame: estimate(frame[frame[column] != name])


def _row(name: str, result: pd.DataFrame) -> dict[str, Any]:
    if len(result) != 1:
        what = f"specification '{name}' gave {len(result)} rows"
        raise StudyError(Problem(what, "give one estimate"))
    found = result.to_dict("records")[0]
    row = missing_row(n=found["n"], method=found["method"], note=found.get("note", ""))
    numbers = {key: found[key] for key in ONE_ROW if key in found}
    return {"specification": name, **row, **numbers}


def same_sign_share(curve: pd.DataFrame, estimate: float) -> float:
    """The share of the specifications whose estimate has the sign of `estimate`; missing ones count
    against it. `curve`: rows of `specification_curve`, `leave_one_out` or `without_one`.

    >>> same_sign_share(pd.DataFrame({"estimate": [.1, .2, -.1, np.nan]}), .15)
    0.5
    """
    if not len(curve) or not np.isfinite(estimate) or estimate == 0:
        return 0.0
    return float((np.sign(curve["estimate"]) == np.sign(estimate)).mean())
