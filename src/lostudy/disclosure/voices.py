"""What people said, protected: conversations counted in bands, exactly only over all.

The unit is the conversation, never the segment (METHODS section 3, D16).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lostudy.disclosure.claims import CONVERSATIONS, claims_of
from lostudy.disclosure.people import check_people, distinct, places
from lostudy.disclosure.policy import check_policy
from lostudy.disclosure.protect import withheld_rows
from lostudy.disclosure.safe import ABSENT, PROTECTED, Safe, sealed
from lostudy.disclosure.sums import ALL
from lostudy.disclosure.tables import check_behind, check_groups, check_shape
from lostudy.errors import DisclosureError, Problem
from lostudy.study import Disclosure

BANDS = ("none", "some", "several", "most")
KNOWN = ("k", "asked", "valence")
FEWEST = 3


def band(k: int, asked: int) -> str:
    """How many of the conversations in which it was asked, in four bands.

    >>> [band(k, 9) for k in (0, 2, 4, 6)]
    ['none', 'some', 'several', 'most']
    """
    if k == 0:
        return "none"
    if k >= asked / 2 and k > 2:
        return "most"
    return "some" if k <= 2 else "several"


def protect_voices(
    counts: pd.DataFrame,
    *,
    by: Sequence[str],
    people: pd.DataFrame,
    policy: Disclosure,
    kind: str = "voices",
) -> Safe:
    """Counts of conversations per code and organisation as they may be shown.

    `counts`: columns `by` (one of them `organisation`, "all" for all together), `k` conversations
    with the code, `asked` conversations in which the question was asked, `valence` what they say.
    `people`: which conversations stand in which group: columns of `by`, and `person`, here the
    conversation. Result: band and valence, and k only where organisation is "all" and the number
    there tells no organisation's own; hidden where fewer conversations than the policy's minimum.
    What one or two conversations say of a theme is not told.
    """
    _check_counts(counts, by, people, policy)
    table = counts.reset_index(drop=True).copy()
    where = places(table, by, people)
    asked = np.minimum(table["asked"].to_numpy(), distinct(people, where))
    if (table["k"] > asked).any():
        what = "more conversations with a code than conversations"
        raise DisclosureError(Problem(what, "count distinct conversations"))
    table["asked"] = asked
    few = (asked < policy.conversations) | withheld_rows(table, by, policy, kind)
    hidden = pd.Series("", index=table.index, dtype="str").mask(few, PROTECTED)
    table["hidden"] = hidden.mask(asked == 0, ABSENT)
    pairs = list(zip(table["k"].tolist(), asked.tolist(), strict=True))
    bands = [band(k, of) if of else "" for k, of in pairs]
    table["band"] = pd.Series(bands, index=table.index, dtype="str").mask(few, "")
    exact = (table["organisation"] == ALL) & ~few & ~_telling(table, by)
    error = [0.0 if known else open_share(*pair) for known, pair in zip(exact, pairs, strict=True)]
    table["n"] = table["asked"].astype("Int64").mask(open_size(table, by) | few)
    if "valence" in table:
        table["valence"] = table["valence"].astype("str").mask(few | (table["k"] < FEWEST), "")
    table["k"] = table["k"].astype("Int64").where(exact)
    claims = claims_of(
        table, by, people, where, counts=pd.DataFrame({"least": table["n"], "most": table["n"]}),
        error=pd.Series(error), span=pd.Series(1.0, index=table.index), unit=CONVERSATIONS,
    )  # fmt: skip
    return sealed(table.drop(columns="asked"), kind, tuple(by), claims=(claims,))


def open_share(k: int, asked: int) -> float:
    """Half of the share of conversations that a band leaves open."""
    low, high = _range(band(k, asked), asked)
    return (high - low) / 2 / asked if asked else 0.5


def _check_counts(
    counts: pd.DataFrame, by: Sequence[str], people: pd.DataFrame, policy: Disclosure
) -> None:
    """Raise where the counts are not what is promised."""
    if problems := check_policy(policy) or check_shape(counts, by) or check_people(people, by):
        raise DisclosureError(problems)
    problems = [*check_groups(by, policy), *check_behind(people, by, policy)]
    for column in (each for each in (*by, "organisation", "k", "asked") if each not in counts):
        what = f"a table of conversations without '{column}'"
        problems.append(Problem(what, "count conversations per code and organisation"))
    for column in (str(each) for each in counts if each not in (*by, *KNOWN)):
        what = f"column '{column}' is unknown to protect_voices"
        problems.append(Problem(what, "leave it out, or name it in by"))
    if not problems and not all(whole_numbers(counts[column]) for column in ("k", "asked")):
        problems.append(Problem("a number of conversations that is not whole", "count them"))
    if not problems and ((counts["k"] > counts["asked"]) | (counts["k"] < 0)).any():
        what = "more conversations with a code than were asked"
        problems.append(Problem(what, "count distinct conversations"))
    if not problems and counts.duplicated(list(by)).any():
        problems.append(Problem("two rows for one group", f"one row per {' × '.join(by)}"))
    if problems:
        raise DisclosureError(problems)


def whole_numbers(counts: pd.Series) -> bool:
    """Whether counts are whole numbers, each of them known."""
    kind = counts.dtype
    whole = pd.api.types.is_integer_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
    return whole and not bool(counts.isna().any())


def _others(by: Sequence[str]) -> list[str]:
    return [column for column in by if column != "organisation"]


def _telling(table: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Rows over all whose exact number, with the bands beside it, is that of one organisation."""
    telling = pd.Series(False, index=table.index)
    for rows in _families(table, by):
        parts = rows[rows["organisation"] != ALL]
        for place in rows.index[rows["organisation"] == ALL]:
            telling[place] = _tells(parts, int(rows.loc[place, "k"]))
    return telling


def _families(table: pd.DataFrame, by: Sequence[str]) -> list[pd.DataFrame]:
    """The rows that belong together: each organisation and the total of one code."""
    others = _others(by)
    return [rows for _, rows in table.groupby(others, sort=False)] if others else [table]


def _tells(parts: pd.DataFrame, total: int) -> bool:
    """Whether a total fixes an organisation's number that its band leaves open."""
    if (parts["hidden"] == PROTECTED).any():
        return True
    ranges = [
        _range(name, asked) for name, asked in zip(parts["band"], parts["asked"], strict=True)
    ]
    least, most = sum(low for low, _ in ranges), sum(high for _, high in ranges)
    return any(
        low < high and max(low, total - (most - high)) == min(high, total - (least - low))
        for low, high in ranges
    )


def _range(name: str, asked: int) -> tuple[int, int]:
    """The numbers of conversations that a band leaves open."""
    fits = [k for k in range(asked + 1) if band(k, asked) == name]
    return (fits[0], fits[-1]) if fits else (0, 0)


def open_size(table: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Totals whose number of conversations, less that of the others, is that of one hidden one."""
    alone = pd.Series(False, index=table.index)
    for rows in _families(table, by):
        hidden = (rows["hidden"] == PROTECTED) & (rows["organisation"] != ALL)
        if hidden.sum() == 1:
            alone[rows.index[rows["organisation"] == ALL]] = True
    return alone
