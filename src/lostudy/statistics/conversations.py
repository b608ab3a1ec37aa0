"""In how many conversations a theme came up, where it was asked.

The unit is the conversation, never the passage: one person who says a thing nine times is one
person. Silence is not the same as not being asked, and what somebody brought up unasked is told
apart too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.agreement import sorted_values
from lostudy.statistics.estimates import as_list, need_columns

STATUS = ("said", "silence", "not_asked")


def conversations_with(
    segments: pd.DataFrame,
    conversations: pd.DataFrame,
    codes: Sequence[Any] | None = None,
    by: str | Sequence[str] | None = None,
    asked: pd.DataFrame | None = None,
    parents: Mapping[Any, Any] | None = None,
) -> pd.DataFrame:
    """Of M conversations in which a theme was asked, k brought it up: a row per code and group.

    `segments`: conversation and code, a row per passage. `conversations`: a row per conversation,
    with the columns of `by` (organisation, role band, wave). `codes`: those to count (else all
    found). `asked`: conversation and code, a row for each theme that a conversation asked about
    (else every theme in each). `parents`: code to the code above it: a passage counts for all codes
    above its own. Columns: code, those of `by`, k (with the theme, where asked), asked (M), unasked
    (with the theme though not asked), conversations (all in the group), status (said, silence where
    it was asked and nobody brought it up, not_asked).

    >>> said = pd.DataFrame({"conversation": ["i", "i", "j"], "code": ["trust", "trust", "fear"]})
    >>> who = pd.DataFrame({"conversation": list("ijk"), "organisation": ["A", "A", "B"]})
    >>> table = conversations_with(said, who, by="organisation")
    >>> table[["code", "organisation", "k", "asked", "status"]].values.tolist()
    [['fear', 'A', 1, 2, 'said'], ['fear', 'B', 0, 1, 'silence'], \
['trust', 'A', 1, 2, 'said'], ['trust', 'B', 0, 1, 'silence']]
    """
    groups = as_list(by)
    need_columns(segments, ["conversation", "code"])
    need_columns(conversations, ["conversation", *groups])
    if conversations["conversation"].duplicated().any():
        raise StudyError(Problem("a conversation twice", "give one row per conversation"))
    strangers = ~segments["conversation"].isin(conversations["conversation"])
    if strangers.any():
        what = f"{int(strangers.sum())} passages of an unknown conversation"
        raise StudyError(Problem(what, "name all conversations, or leave these passages out"))
    said = with_parents(segments[["conversation", "code"]].drop_duplicates(), parents)
    wanted = sorted_values(said["code"].unique()) if codes is None else list(codes)
    each = conversations[["conversation", *groups]].merge(
        pd.DataFrame({"code": pd.Series(wanted, dtype=object)}), how="cross"
    )
    keys = ["conversation", "code"]
    each["said"] = _listed(each[keys], said)
    each["asked"] = True if asked is None else _listed(each[keys], asked)
    each["k"], each["unasked"] = each["said"] & each["asked"], each["said"] & ~each["asked"]
    each["conversations"] = 1
    counts = ["k", "asked", "unasked", "conversations"]
    table = each.groupby(["code", *groups], sort=False, observed=True)[counts].sum()
    table = table.astype("int64").reset_index()
    status = pd.Series("said", index=table.index).mask(table["k"] == 0, "silence")
    table["status"] = status.mask(table["asked"] == 0, "not_asked")
    order = table["code"].map({code: i for i, code in enumerate(wanted)})
    return table.assign(order=order).sort_values(["order", *groups]).drop(columns="order"
        ).reset_index(drop=True)  # fmt: skip


def _listed(rows: pd.DataFrame, among: pd.DataFrame) -> pd.Series:
    """Whether each pair of conversation and code is among some."""
    need_columns(among, ["conversation", "code"])
    known = pd.MultiIndex.from_frame(among[["conversation", "code"]].drop_duplicates())
    return pd.Series(pd.MultiIndex.from_frame(rows).isin(known), index=rows.index)


def with_parents(said: pd.DataFrame, parents: Mapping[Any, Any] | None) -> pd.DataFrame:
    """Conversations and codes, and a row more for every code above a code; each pair once.

    `said`: conversation and code; `parents`: code to the code above it, missing or empty at the
    top. A circle of codes raises. Columns: those of `said`.

    >>> said = pd.DataFrame({"conversation": ["i"], "code": ["feedback"]})
    >>> with_parents(said, {"feedback": "learning", "learning": ""})["code"].tolist()
    ['feedback', 'learning']
    """
    rows = [said]
    for code in said["code"].unique():
        above = ancestors(code, parents or {})
        mine = said[said["code"] == code]
        rows += [mine.assign(code=each) for each in above]
    return pd.concat(rows).drop_duplicates().reset_index(drop=True)


def ancestors(code: Any, parents: Mapping[Any, Any]) -> list[Any]:
    """All codes above a code, the nearest first.

    `code`: the code; `parents`: as in `with_parents`.

    >>> ancestors("feedback", {"feedback": "learning", "learning": "culture"})
    ['learning', 'culture']
    """
    found: list[Any] = []
    above = parents.get(code)
    while above is not None and above == above and above != "":
        if above in found or above == code:
            what = f"code '{code}' stands above itself"
            raise StudyError(Problem(what, "break the circle in the codebook"))
        found.append(above)
        above = parents.get(above)
    return found
