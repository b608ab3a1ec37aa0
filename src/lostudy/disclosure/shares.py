"""Shares of answers, protected: small categories joined, no group in which everyone says the same.

Answers are outcomes, not identities: the threshold is on the group, and inside a group a category
with fewer than five persons makes the whole table fall back to three categories (METHODS D2, D3).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.disclosure.protect import _check, round_count
from lostudy.disclosure.safe import Safe, sealed
from lostudy.errors import DisclosureError, Problem
from lostudy.formats import rounded
from lostudy.study import Disclosure

SMALL = 5
THREE = ("low", "middle", "high")


def protect_shares(
    counts: pd.DataFrame,
    *,
    by: Sequence[str],
    values: Sequence[int],
    policy: Disclosure,
    kind: str = "shares",
) -> Safe:
    """Counts of answers per group → shares that may be shown.

    `counts`: columns `by`, `value` and `count` (distinct persons with that answer), one row per group
    and value. `values`: the answers in their order. Result columns: `by`, category (a value, or low,
    middle, high), share, n, hidden.
    """
    missing = [column for column in (*by, "value", "count") if column not in counts]
    if missing:
        raise DisclosureError(
            Problem(
                f"a table of answers without {', '.join(missing)}",
                "give counts per group and answer",
            )
        )
    _check(counts[[*by, "value", "count"]].rename(columns={"count": "n"}), (*by, "value"), policy)
    groups = {
        key: _counted(group, values)
        for key, group in counts.groupby(list(by), sort=False, observed=True)
    }
    joined = len(values) > 3 and any(
        (each < SMALL).any() for each in groups.values() if each.sum() >= policy.threshold
    )
    rows = [
        row
        for key, each in groups.items()
        for row in _group(dict(zip(by, key, strict=True)), each, joined, policy)
    ]
    table = pd.DataFrame(rows, columns=[*by, "category", "share", "n", "hidden"])
    table["n"] = table["n"].astype("Int64")
    table["category"] = table["category"].astype("str")
    return sealed(table, kind, tuple(by))


def _counted(group: pd.DataFrame, values: Sequence[int]) -> pd.Series:
    return group.set_index("value")["count"].reindex(list(values)).fillna(0).astype("int64")


def _group(place: dict, counted: pd.Series, joined: bool, policy: Disclosure) -> list[dict]:
    """The rows of one group; all groups of a table have the same categories, so that they compare."""
    n = int(counted.sum())
    if n < policy.threshold:
        return [
            {
                **place,
                "category": "",
                "share": float("nan"),
                "n": None,
                "hidden": "few" if n else "absent",
            }
        ]
    if joined:
        counted = _three(counted)
    if _uniform(counted, n, policy):
        return [{**place, "category": "", "share": float("nan"), "n": None, "hidden": "uniform"}]
    shown_n = int(round_count(pd.Series([n], dtype="Int64"), policy).iloc[0])
    digits = 2 if n < 100 else 3
    return [
        {
            **place,
            "category": value,
            "share": rounded(count / n, digits),
            "n": shown_n,
            "hidden": "",
        }
        for value, count in counted.items()
    ]


def _three(counted: pd.Series) -> pd.Series:
    middle = (len(counted) - 1) / 2
    places = pd.Series(range(len(counted)), index=counted.index)
    three = places.map(
        lambda place: THREE[0] if place < middle else THREE[2] if place > middle else THREE[1]
    )
    return counted.groupby(three).sum().reindex([name for name in THREE if (three == name).any()])


def _uniform(counted: pd.Series, n: int, policy: Disclosure) -> bool:
    """Whether the table would tell what (nearly) everyone of the group answered."""
    top = counted.max() / n
    if top == 1:
        return True
    return n < policy.group_size and (top >= policy.group_share or bool((counted == 0).any()))
