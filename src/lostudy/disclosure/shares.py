"""Shares of answers, protected: small categories joined, no group in which everyone says the same.

Answers are outcomes, not identities: the threshold is on the group, and inside a group a category
with fewer than five persons makes the whole table fall back to three categories (METHODS D2, D3).
Percentages go in steps: whole ones beside a rounded number of persons give the exact numbers back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from lostudy.disclosure.claims import claims_of
from lostudy.disclosure.people import check_people, distinct, places
from lostudy.disclosure.protect import withheld_rows
from lostudy.disclosure.rounding import between, round_count
from lostudy.disclosure.safe import ABSENT, PROTECTED, Safe, sealed
from lostudy.disclosure.sums import ALL
from lostudy.disclosure.tables import check_behind, check_counts, check_shape
from lostudy.errors import DisclosureError, Problem
from lostudy.formats import half_up
from lostudy.study import Disclosure

SMALL, LARGE, EDGE = 5, 200, 1e-9
STEPS = (0.01, 0.05, 0.10, 0.20)
THREE = ("low", "middle", "high")
COLUMNS = ["category", "share", "n", "hidden"]


def protect_shares(
    counts: pd.DataFrame,
    *,
    by: Sequence[str],
    values: Sequence[int],
    people: pd.DataFrame,
    policy: Disclosure,
    kind: str = "shares",
) -> Safe:
    """Counts of answers per group → shares that may be shown.

    `counts`: columns `by`, `value` and `count` (distinct persons with that answer), one row per
    group and value. `values`: the answers in their order. `people`: who stands in which group, as
    for `protect`; more answers than persons in a group are refused. Result columns: `by`, category
    (a value, or low, middle, high), share, n, hidden.

    >>> counts = pd.DataFrame({"team": "a", "value": [1, 2], "count": [7, 13]})
    >>> people = pd.DataFrame({"team": "a", "person": range(20)})
    >>> policy = Disclosure(signed_by="An officer", signed_on="2025-01-06")
    >>> protect_shares(counts, by=["team"], values=[1, 2], people=people, policy=policy).table
      team category  share   n hidden
    0    a        1   0.35  20
    1    a        2   0.65  20
    """
    _check_answers(counts, by, values, people, policy)
    groups = {
        key: _counted(group, values)
        for key, group in counts.groupby(list(by), sort=False, observed=True, dropna=False)
    }
    keys = pd.DataFrame(list(groups), columns=list(by))
    where = places(keys, by, people)
    _check_persons(list(groups.values()), distinct(people, where).tolist())
    n = pd.Series([int(each.sum()) for each in groups.values()], dtype="Int64")
    rows = _rows(keys, list(groups.values()), len(values), policy, kind)
    table = pd.DataFrame(
        [{**dict(zip(by, key, strict=True)), **row} for key, each in zip(groups, rows, strict=True)
         for row in each],
        columns=[*by, *COLUMNS],
    ).astype({"category": "str", "hidden": "str", "n": "Int64"})  # fmt: skip
    seen = keys.assign(hidden=[each[0]["hidden"] for each in rows])
    shown = round_count(n, policy).mask(seen["hidden"] != "")
    claims = claims_of(
        seen, by, people, where, counts=between(shown, policy), span=pd.Series(1.0, index=n.index),
        error=(n >= LARGE).map({True: STEPS[0] / 2, False: STEPS[1] / 2}),
    )  # fmt: skip
    return sealed(table, kind, tuple(by), claims=(claims,))


def step(counts: Sequence[int], least: int, most: int) -> float | None:
    """The finest step for the percentages of these answers that gives no number of persons away.

    Each number from `least` to `most`, which is how a reader understands the rounded n, must be
    able to give the same percentages. Steps of 1 % are for two hundred persons or more, of 5 % for
    twenty or more, and where an answer has one to four persons, which a finer step would tell
    apart. None where no step does.

    >>> step([6, 6], 10, 12), step([25, 35], 58, 62), step([100, 140], 238, 242)
    (0.1, 0.05, 0.01)
    """
    n = sum(counts)
    finest = 0.10 if n < 20 else 0.05 if n < LARGE or min(counts) < SMALL else 0.01
    for wide in (each for each in STEPS if each >= finest):
        shares = [in_steps(count / n, wide) for count in counts]
        if all(_possible(shares, wide, number) for number in range(least, most + 1)):
            return wide
    return None


def in_steps(share: float, wide: float) -> float:
    """A share rounded half up to a step.

    >>> in_steps(0.325, 0.05)
    0.35
    """
    return round(float(half_up(round(share / wide, 9), 0)) * wide, 2)


def _possible(shares: Sequence[float], wide: float, n: int) -> bool:
    """Whether whole numbers that add up to n have these shares when rounded to this step."""
    first = [max(0, math.ceil((share - wide / 2) * n - EDGE)) for share in shares]
    last = [math.ceil((share + wide / 2) * n - EDGE) - 1 for share in shares]
    return sum(first) <= n <= sum(last) and all(a <= b for a, b in zip(first, last, strict=True))


def _check_answers(
    counts: pd.DataFrame,
    by: Sequence[str],
    values: Sequence[int],
    people: pd.DataFrame,
    policy: Disclosure,
) -> None:
    """Raise where the counts are not what is promised: what is not understood is refused."""
    if problems := check_shape(counts, by):
        raise DisclosureError(problems)
    missing = [column for column in (*by, "value", "count") if column not in counts]
    if missing or not by:
        what = f"a table of answers without {', '.join(missing or ['groups'])}"
        raise DisclosureError(Problem(what, "give counts per group and answer"))
    if problems := check_people(people, by):
        raise DisclosureError(problems)
    if not counts["value"].isin(list(values)).all():
        what = "answers that are not among the values"
        raise DisclosureError(Problem(what, "name every answer in values, or recode it"))
    for column in (each for each in by if (counts[each].astype("str") == ALL).any()):
        what = f"a total over '{column}' among the groups of answers"
        raise DisclosureError(Problem(what, "give the groups only, or the total only"))
    table = counts[[*by, "value", "count"]].rename(columns={"count": "n"})
    check_counts(table, by, policy, (), answers=["value"])
    if problems := check_behind(people, by, policy):
        raise DisclosureError(problems)


def _check_persons(groups: list[pd.Series], persons: Sequence[int]) -> None:
    """Raise where a group has more answers than persons: segments or records were counted."""
    if any(int(each.sum()) > known for each, known in zip(groups, persons, strict=True)):
        what = "more answers in a group than persons behind it"
        raise DisclosureError(Problem(what, "count each person once per answer"))


def _counted(group: pd.DataFrame, values: Sequence[int]) -> pd.Series:
    return group.set_index("value")["count"].reindex(list(values)).fillna(0).astype("int64")


def _rows(
    keys: pd.DataFrame, groups: list[pd.Series], answers: int, policy: Disclosure, kind: str
) -> list[list[dict]]:
    """The rows of each group; all groups of a table have the same categories, to be compared."""
    withheld = withheld_rows(keys, [str(each) for each in keys], policy, kind)
    shown = [each for each in groups if each.sum() >= policy.threshold]
    joined = answers > 3 and any((each < SMALL).any() for each in shown)
    return [
        [_nothing(PROTECTED)] if hide else _group(_three(each) if joined else each, policy)
        for each, hide in zip(groups, withheld, strict=True)
    ]


def _group(counted: pd.Series, policy: Disclosure) -> list[dict]:
    """The rows of a group, or the one that says why it has none."""
    n = int(counted.sum())
    if n < policy.threshold or _uniform(counted, n, policy):
        return [_nothing(PROTECTED if n else ABSENT)]
    size = round_count(pd.Series([n], dtype="Int64"), policy)
    wide = step(counted.tolist(), *between(size, policy).iloc[0].tolist())
    if wide is None:
        return [_nothing(PROTECTED)]
    shown = {"n": int(size.iloc[0]), "hidden": ""}
    return [
        {"category": value, "share": in_steps(count / n, wide), **shown}
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
