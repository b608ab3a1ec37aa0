"""Shares of answers, protected: small categories joined, no group in which everyone says the same.

Answers are outcomes, not identities: the threshold is on the group, and inside a group a category
with fewer than five persons makes the whole table fall back to three categories (METHODS D2, D3).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.disclosure.gaps import ALL
from lostudy.disclosure.protect import _check, round_count
from lostudy.disclosure.safe import Safe, sealed
from lostudy.errors import DisclosureError, Problem
from lostudy.formats import rounded
from lostudy.study import Disclosure

SMALL = 5
THREE = ("low", "middle", "high")
COLUMNS = ["category", "share", "n", "hidden"]


def protect_shares(
    counts: pd.DataFrame,
    *,
    by: Sequence[str],
    values: Sequence[int],
    policy: Disclosure,
    kind: str = "shares",
) -> Safe:
    """Counts of answers per group → shares that may be shown.

    `counts`: columns `by`, `value` and `count` (distinct persons with that answer), one row per
    group and value. `values`: the answers in their order. Result columns: `by`, category (a value,
    or low, middle, high), share, n, hidden.
    """
    _check_answers(counts, by, values, policy)
    groups = {
        key: _counted(group, values)
        for key, group in counts.groupby(list(by), sort=False, observed=True, dropna=False)
    }
    shown = [each for each in groups.values() if each.sum() >= policy.threshold]
    joined = len(values) > 3 and any((each < SMALL).any() for each in shown)
    rows = [
        {**dict(zip(by, key, strict=True)), **row}
        for key, each in groups.items()
        for row in _group(each, joined, policy)
    ]
    table = pd.DataFrame(rows, columns=[*by, *COLUMNS])
    table["n"] = table["n"].astype("Int64")
    return sealed(table.astype({"category": "str", "hidden": "str"}), kind, tuple(by))


def _check_answers(
    counts: pd.DataFrame, by: Sequence[str], values: Sequence[int], policy: Disclosure
) -> None:
    """Raise where the counts are not what is promised: what is not understood is refused."""
    missing = [column for column in (*by, "value", "count") if column not in counts]
    if missing or not by:
        what = f"a table of answers without {', '.join(missing or ['groups'])}"
        raise DisclosureError(Problem(what, "give counts per group and answer"))
    if not counts["value"].isin(list(values)).all():
        what = "answers that are not among the values"
        raise DisclosureError(Problem(what, "name every answer in values, or recode it"))
    for column in (each for each in by if (counts[each].astype("str") == ALL).any()):
        what = f"a total over '{column}' among the groups of answers"
        raise DisclosureError(Problem(what, "give the groups only, or the total only"))
    table = counts[[*by, "value", "count"]].rename(columns={"count": "n"})
    _check(table, (*by, "value"), policy, ())


def _counted(group: pd.DataFrame, values: Sequence[int]) -> pd.Series:
    return group.set_index("value")["count"].reindex(list(values)).fillna(0).astype("int64")


def _group(counted: pd.Series, joined: bool, policy: Disclosure) -> list[dict]:
    """The rows of a group; all groups of a table have the same categories, to be compared."""
    n = int(counted.sum())
    if n < policy.threshold:
        return [_nothing("few" if n else "absent")]
    if joined:
        counted = _three(counted)
    if _uniform(counted, n, policy):
        return [_nothing("uniform")]
    size = int(round_count(pd.Series([n], dtype="Int64"), policy).iloc[0])
    digits = 2 if size < 100 else 3
    return [
        {"category": value, "share": rounded(count / n, digits), "n": size, "hidden": ""}
        for value, count in counted.items()
    ]


def _nothing(reason: str) -> dict:
    return {"category": "", "share": float("nan"), "n": None, "hidden": reason}


def _three(counted: pd.Series) -> pd.Series:
    """Counts below the middle answer, of it, and above it; no middle where the number is even."""
    half, odd = divmod(len(counted), 2)
    sizes = [counted.iloc[:half], counted.iloc[half : half + odd], counted.iloc[half + odd :]]
    joined = {name: each.sum() for name, each in zip(THREE, sizes, strict=True) if len(each)}
    return pd.Series(joined, dtype="int64")


def _uniform(counted: pd.Series, n: int, policy: Disclosure) -> bool:
    """Whether the table would tell what (nearly) everyone of the group answered."""
    top = counted.max()
    if top == n:
        return True
    nearly = top / n >= policy.group_share or bool((counted == 0).any())
    return n < policy.group_size and nearly
