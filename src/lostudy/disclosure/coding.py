"""What is told about the coding of conversations: agreement, codes together, places, saturation.

The unit is the conversation. A number of conversations is told as a band, never exactly, and
nothing is told of fewer conversations than the policy's minimum.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lostudy.disclosure.people import check_people, distinct, places
from lostudy.disclosure.policy import check_policy
from lostudy.disclosure.protect import withheld_rows
from lostudy.disclosure.rounding import round_values
from lostudy.disclosure.safe import ABSENT, PROTECTED, Safe, sealed
from lostudy.disclosure.voices import FEWEST, band
from lostudy.errors import DisclosureError, Problem
from lostudy.study import Disclosure

NUMBERS = ("estimate", "low", "high")
MANY = 20  # of fewer conversations two decimals tell how many had what
WORDS = ("measure", "note", "method", "more", "estimand", "valence")
KNOWN = ("conversations", "k", *NUMBERS, *WORDS)


def protect_coding(
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    people: pd.DataFrame,
    policy: Disclosure,
    kind: str,
) -> Safe:
    """A table about the coding of conversations as it may be shown.

    `table`: columns `by`, `conversations` (behind each row), and where known `k` (conversations
    with what the row is about), `estimate`, `low`, `high`, `measure`, `note`, `method`, and `more`
    (together more or less often than by chance). `people`: which conversations stand in which
    group: `person`, here the conversation, and columns of `by`. Result: `k` as `band`, numbers to
    one decimal, two from twenty conversations, `n` conversations; hidden where fewer conversations
    than the policy's minimum. `more` is told where three or more have it. A row without a number
    and without a band, whose `note` says why, is absent. Raises DisclosureError for a table that is
    not of this shape.
    """
    _check(table, by, people, policy)
    shown = table.reset_index(drop=True).copy()
    counted = distinct(people, places(shown, by, people))
    held = np.minimum(shown["conversations"].to_numpy(), counted)
    few = (held < policy.conversations) | withheld_rows(shown, by, policy, kind)
    hidden = pd.Series("", index=shown.index, dtype="str").mask(few, PROTECTED)
    hidden = hidden.mask(_empty(shown) & ~few, ABSENT)
    shown["hidden"] = hidden.mask(held == 0, ABSENT)
    gone = shown["hidden"] != ""
    shown["n"] = pd.Series(held, index=shown.index, dtype="Int64").mask(gone)
    if "k" in shown:
        pairs = zip(shown["k"].tolist(), held.tolist(), strict=True)
        bands = [band(min(int(k), int(of)), int(of)) if of else "" for k, of in pairs]
        shown["band"] = pd.Series(bands, index=shown.index, dtype="str").mask(gone, "")
        if "more" in shown:
            shown["more"] = shown["more"].astype("str").mask(gone | (shown["k"] < FEWEST), "")
    for name in (each for each in NUMBERS if each in shown):
        places_of = [decimals_of_talks(int(of)) for of in held]
        shown[name] = round_values(shown[name].astype("float64").mask(gone), places_of)
    return sealed(shown.drop(columns=["conversations", "k"], errors="ignore"), kind, tuple(by))


def decimals_of_talks(n: int | None) -> int:
    """Two decimals from twenty conversations, else one.

    >>> decimals_of_talks(20), decimals_of_talks(19), decimals_of_talks(None)
    (2, 1, 1)
    """
    return 2 if n is not None and n >= MANY else 1


def _empty(table: pd.DataFrame) -> pd.Series:
    """Rows that have nothing to tell, and say why."""
    if "note" not in table:
        return pd.Series(False, index=table.index)
    number = table["estimate"] if "estimate" in table else pd.Series(np.nan, index=table.index)
    return (table["note"] != "") & number.isna()


def _check(
    table: pd.DataFrame, by: Sequence[str], people: pd.DataFrame, policy: Disclosure
) -> None:
    problems = [*check_policy(policy), *check_people(people, by)]
    for column in (each for each in (*by, "conversations") if each not in table):
        what = f"a table of coding without '{column}'"
        problems.append(Problem(what, "count the conversations behind each row"))
    for column in (str(each) for each in table if each not in (*by, *KNOWN)):
        what = f"column '{column}' is unknown to protect_coding"
        problems.append(Problem(what, "leave it out, or name it in by"))
    if not problems and table.duplicated(list(by)).any():
        problems.append(Problem("two rows for one group", f"one row per {' × '.join(by)}"))
    if not problems and "k" in table and (table["k"] > table["conversations"]).any():
        what = "more conversations with a code than conversations"
        problems.append(Problem(what, "count distinct conversations"))
    if problems:
        raise DisclosureError(problems)
