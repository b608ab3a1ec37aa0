"""Change of the same people: who was seen at both waves, and how many those are.

"The same people changed" compares persons with themselves; "the workforce changed" compares who was
there then with who is there now. They answer different questions and can have different signs, so
both are always shown, with the turnover beside them. Four organisations are fixed: they are these
four, not a sample of a sector; the teams are what carries the uncertainty.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.columns import once_per_wave, with_numbers
from lostudy.statistics.describe import groups_of
from lostudy.statistics.estimates import as_frame, as_list, missing_row, need_columns
from lostudy.statistics.everyone import ALL
from lostudy.statistics.robust import cluster_ols

SAME_PEOPLE = "same people"
PAIRED = "paired differences, CR2 by team, Satterthwaite df"


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
    Satterthwaite df (Pustejovsky & Tipton 2018). The row "all" weighs organisations equally; an
    organisation without an estimate leaves it none, and one with a single team no interval.
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
    frame = with_numbers(frame, [value])
    paired = pairs(frame, value, person, wave, team, first, last, organisation)
    keys = {"estimand": SAME_PEOPLE}
    rows = []
    names = _names(frame, organisation)
    for name in names:
        part = paired[paired["organisation"] == name]
        rows.append(
            _paired_row(part, np.ones((len(part), 1)), level, {"organisation": name, **keys})
        )
    if len(names) > 1:
        whole = all(np.isfinite(row["estimate"]) for row in rows)
        X = _equal_weights(paired["organisation"], names) if whole else None
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
    """One row per person who answered at both waves: the difference last - first.

    Columns: organisation, person, team (at the first wave, within its organisation), difference. A
    person seen twice in a wave stops the work.

    >>> long = pd.DataFrame({"y": [1., 3.], "p": [7, 7], "w": [0, 1], "t": ["a", "b"]})
    >>> pairs(long, "y", "p", "w", "t", 0, 1)[["team", "difference"]].values.tolist()
    [['all / a', 2.0]]
    """
    frame = with_numbers(frame, [value])
    known = frame[frame[value].notna() & frame[person].notna()].reset_index(drop=True)
    site = pd.Series(ALL, index=known.index) if organisation is None else known[organisation]
    tidy = pd.DataFrame(
        {"organisation": site, "person": known[person], "team": known[team].astype(object),
         "wave": known[wave], "value": known[value]}
    )  # fmt: skip
    tidy = tidy[tidy["wave"].isin([first, last])]
    once_per_wave(tidy, ["organisation", "person", "wave"])
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
    found = cluster_ols(part["difference"], X, part["team"], "CR2", level, first=1)
    row = found.to_dict("records")[0]
    return {**keys, **{str(k): v for k, v in row.items() if k != "term"}, "method": PAIRED}


def _equal_weights(organisation: pd.Series, names: list[Any]) -> np.ndarray | None:
    """Effect coding: the first coefficient is the unweighted mean of the organisations."""
    if not len(organisation) or not set(names) <= set(organisation):
        return None
    dummies = np.column_stack([(organisation == name).to_numpy(float) for name in names])
    return np.column_stack([np.ones(len(dummies)), dummies[:, :-1] - dummies[:, [-1]]])


def _names(frame: pd.DataFrame, organisation: str | None) -> list[Any]:
    names = [] if organisation is None else sorted(frame[organisation].dropna().unique())
    return names or [ALL]


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
    asked = frame[frame[wave].isin([first, last])]
    once_per_wave(asked, [*as_list(organisation), person, wave])
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
