"""What people said, protected: conversations counted in bands per organisation, exactly only over all.

The unit is the conversation, never the segment (METHODS section 3, D16).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.disclosure.protect import ALL
from lostudy.disclosure.safe import Safe, sealed
from lostudy.errors import DisclosureError, Problem
from lostudy.study import Disclosure

BANDS = ("none", "some", "several", "most")


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
    counts: pd.DataFrame, *, by: Sequence[str], policy: Disclosure, kind: str = "voices"
) -> Safe:
    """Counts of conversations per code and organisation as they may be shown.

    `counts`: columns `by` (one of them `organisation`, "all" for all together), `k` conversations
    with the code, `asked` conversations in which the question was asked. Result: band, and k and
    asked only where organisation is "all"; hidden where fewer conversations than the policy's minimum.
    """
    for column in (each for each in (*by, "organisation", "k", "asked") if each not in counts):
        raise DisclosureError(
            Problem(
                f"a table of conversations without '{column}'",
                "count conversations per code and organisation",
            )
        )
    if (counts["k"] > counts["asked"]).any() or (counts["k"] < 0).any():
        raise DisclosureError(
            Problem(
                "more conversations with a code than were asked", "count distinct conversations"
            )
        )
    table = counts.reset_index(drop=True).copy()
    few = table["asked"] < policy.conversations
    table["hidden"] = (
        pd.Series("", index=table.index, dtype="str")
        .mask(few, "few")
        .mask(table["asked"] == 0, "absent")
    )
    bands = [
        band(k, asked) if asked else "" for k, asked in zip(table["k"], table["asked"], strict=True)
    ]
    table["band"] = pd.Series(bands, index=table.index, dtype="str").mask(table["hidden"] != "", "")
    exact = (table["organisation"] == ALL) & (table["hidden"] == "")
    table["k"] = table["k"].astype("Int64").where(exact)
    table["n"] = table["asked"].astype("Int64").mask(table["hidden"] != "")
    return sealed(table.drop(columns="asked"), kind, tuple(by))
