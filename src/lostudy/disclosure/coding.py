"""What is told about the coding of conversations: agreement, codes together, places, saturation.

The unit is the conversation. A number of conversations is told as a band, never exactly, and
nothing is told of fewer conversations than the policy's minimum. Coefficients over few
conversations are told in words: with five, alpha to one decimal beside another coefficient has one
solution for how many conversations both coders gave the code to.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lostudy.disclosure.claims import CONVERSATIONS, Claims, claims_of
from lostudy.disclosure.people import check_people, distinct, places
from lostudy.disclosure.policy import check_policy
from lostudy.disclosure.protect import withheld_rows
from lostudy.disclosure.rounding import round_values
from lostudy.disclosure.safe import ABSENT, PROTECTED, Safe, sealed
from lostudy.disclosure.tables import check_shape
from lostudy.disclosure.voices import FEWEST, band, open_share, open_size, whole_numbers
from lostudy.errors import DisclosureError, Problem
from lostudy.study import Disclosure

NUMBERS = ("estimate", "low", "high")
MANY = 20  # of fewer conversations two decimals tell how many had what
WORDS = ("measure", "note", "method", "more", "estimand", "valence")
KNOWN = ("conversations", "k", *NUMBERS, *WORDS)
MAIN = "alpha"
ENOUGH = (
    (0.8, "alpha .80 or more"),
    (2 / 3, "alpha from .67 to .80"),
    (-np.inf, "alpha under .67"),
)


def protect_coding(
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    people: pd.DataFrame,
    policy: Disclosure,
    kind: str,
    numbers: bool = False,
) -> Safe:
    """A table about the coding of conversations as it may be shown.

    `table`: columns `by`, `conversations` (behind each row), and where known `k` (conversations
    with what the row is about), `estimate`, `low`, `high`, `measure`, `note`, `method`, and `more`
    (together more or less often than by chance). `people`: which conversations stand in which
    group: `person`, here the conversation, and columns of `by`. Result: `k` as `band`, numbers to
    one decimal, two from twenty conversations, `n` conversations; hidden where fewer conversations
    than the policy's minimum. `more` is told where three or more have it. A row without a number
    and without a band, whose `note` says why, is absent. Of coefficients (`measure`) over under
    twenty conversations only alpha is told, in words (Krippendorff's customary limits .667 and
    .800), unless `numbers`: they are over passages, or over all organisations together. Raises
    DisclosureError for a table that is not of this shape.
    """
    _check(table, by, people, policy)
    shown = table.reset_index(drop=True).copy()
    counted = distinct(people, places(shown, by, people))
    held = np.minimum(shown["conversations"].to_numpy(), counted)
    few = (held < policy.conversations) | withheld_rows(shown, by, policy, kind)
    hidden = pd.Series("", index=shown.index, dtype="str").mask(few, PROTECTED)
    hidden = hidden.mask(_empty(shown) & ~few, ABSENT)
    shown["hidden"] = hidden.mask(held == 0, ABSENT)
    if "measure" in shown and not numbers:
        shown = _in_words(shown, held)
    gone = shown["hidden"] != ""
    alone = open_size(shown, by) if "organisation" in by else _one_hidden(shown, by)
    shown["n"] = pd.Series(held, index=shown.index, dtype="Int64").mask(gone | alone)
    if "k" in shown:
        pairs = zip(shown["k"].tolist(), held.tolist(), strict=True)
        bands = [band(min(int(k), int(of)), int(of)) if of else "" for k, of in pairs]
        shown["band"] = pd.Series(bands, index=shown.index, dtype="str").mask(gone, "")
        if "more" in shown:
            shown["more"] = shown["more"].astype("str").mask(gone | (shown["k"] < FEWEST), "")
    for name in (each for each in NUMBERS if each in shown):
        places_of = [decimals_of_talks(int(of)) for of in held]
        shown[name] = round_values(shown[name].astype("float64").mask(gone), places_of)
    claims = _claims(shown, by, people, held)
    told = shown.drop(columns=["conversations", "k"], errors="ignore")
    return sealed(told, kind, tuple(by), claims=(claims,))


def _one_hidden(shown: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Roles beside a single hidden one: their numbers, and the whole elsewhere, would tell its own.

    Counted within each theme.
    """
    others = [shown[each] for each in by if each != "role"]
    if "role" not in by or not others:
        return pd.Series(False, index=shown.index)
    hidden = shown["hidden"] == PROTECTED
    return hidden.groupby(others).transform("sum") == 1


def _in_words(shown: pd.DataFrame, held: np.ndarray) -> pd.DataFrame:
    """Coefficients over few conversations: alpha by the limits that it reaches, the others not."""
    few = (held < MANY) & (shown["hidden"] != PROTECTED)
    told = few & (shown["measure"] == MAIN) & shown["estimate"].notna()
    reached = [
        next(words for limit, words in ENOUGH if not value < limit)
        for value in shown["estimate"].astype("float64")
    ]
    numbers = {name: shown[name].mask(few) for name in NUMBERS if name in shown}
    note = shown["note"] if "note" in shown else pd.Series("", index=shown.index)
    return shown.assign(
        **numbers,
        note=note.mask(few, "").mask(told, pd.Series(reached, index=shown.index)),
        hidden=shown["hidden"].mask(few & ~told & (held > 0), PROTECTED),
    )


def _claims(
    shown: pd.DataFrame, by: Sequence[str], people: pd.DataFrame, held: np.ndarray
) -> Claims:
    """How many conversations stand behind each row and, by its band, how many had what it names."""
    size = pd.DataFrame({"least": shown["n"], "most": shown["n"]})
    pairs = zip(shown.get("k", pd.Series(0, index=shown.index)).tolist(), held.tolist(),
                strict=True)  # fmt: skip
    error = pd.Series([open_share(int(min(k, of)), int(of)) for k, of in pairs])
    span = pd.Series(1.0, index=shown.index)
    return claims_of(
        shown, by, people, places(shown, by, people), counts=size, error=error, span=span,
        counted="k" not in shown, unit=CONVERSATIONS,
    )  # fmt: skip


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
    if problems := check_shape(table, by):
        raise DisclosureError(problems)
    problems = [*check_policy(policy), *check_people(people, by)]
    for column in (each for each in (*by, "conversations") if each not in table):
        what = f"a table of coding without '{column}'"
        problems.append(Problem(what, "count the conversations behind each row"))
    for column in (str(each) for each in table if each not in (*by, *KNOWN)):
        what = f"column '{column}' is unknown to protect_coding"
        problems.append(Problem(what, "leave it out, or name it in by"))
    counts = [each for each in ("conversations", "k") if each in table]
    if not problems and not all(whole_numbers(table[each]) for each in counts):
        problems.append(Problem("a number of conversations that is not whole", "count them"))
    if not problems and any((table[each] < 0).any() for each in counts):
        problems.append(Problem("a number of conversations under 0", "count them"))
    if not problems and table.duplicated(list(by)).any():
        problems.append(Problem("two rows for one group", f"one row per {' × '.join(by)}"))
    if not problems and "k" in table and (table["k"] > table["conversations"]).any():
        what = "more conversations with a code than conversations"
        problems.append(Problem(what, "count distinct conversations"))
    if problems:
        raise DisclosureError(problems)
