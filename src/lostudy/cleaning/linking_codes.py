"""Linking codes that name nobody: words, rows of one sign, and codes of several people (rule C16).

Who writes "onbekend" for a code says that there is none. A record with such a code counts, is no
duplicate by it and is linked to nobody: a link would invent a person.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy.cleaning.people import normal_codes

WORDS = (
    "geen, geen code, geen idee, geen antwoord, onbekend, onb, weet niet, weet ik niet, weet "
    "het niet, ik weet het niet, weet niet meer, vergeten, niet van toepassing, nvt, niet "
    "bekend, niet ingevuld, anoniem, geheim, prive, privacy, liever niet, wil ik niet, leeg, "
    "nee, niet, niets, code, none, no code, no idea, unknown, not known, don't know, i don't "
    "know, do not know, idk, na, nan, null, nil, not applicable, anonymous, anonym, forgotten, "
    "forgot, private, secret, rather not, refused, no answer, blank, empty, no, nothing, keine, "
    "unbekannt, asdf, qwerty, azerty, x, xx, 0, 00"
)
NO_CODE = frozenset(normal_codes(pd.Series(WORDS.split(", "))))
WORD = "the code is a word or a row of signs that is nobody's"
SHARED = "several records have this code and contradict each other"
FEWEST_SAME_SIGNS, FEWEST_IN_ORDER = 3, 4
ALIKE, FEWEST_BOTH, FEWEST_BOTH_OF_MANY = 0.5, 10, 3


def names_nobody(code: str) -> bool:
    """Whether a code, as compared, is a word for none, one sign repeated, or signs in order.

    >>> [names_nobody(code) for code in ("ONBEKEND", "XXXXXXX", "00000000", "12345", "ANNA07")]
    [True, True, True, True, False]
    """
    if code in NO_CODE:
        return True
    if len(code) < FEWEST_SAME_SIGNS or abs(ord(code[1]) - ord(code[0])) > 1:
        return False
    steps = {ord(after) - ord(before) for before, after in zip(code, code[1:], strict=False)}
    return len(steps) == 1 and (steps == {0} or len(code) >= FEWEST_IN_ORDER)


def own_codes(
    codes: pd.Series, items: pd.DataFrame, aside: pd.Series
) -> tuple[pd.Series, dict[int, str]]:
    """The codes as compared, "" where they name nobody, and for each such row why.

    `items`: the answers of the same rows; `aside`: records that do not count anyway. Numbers that
    were given out (most codes are digits) may be in order or of one digit; only zeros are none. Two
    records of one code are of two people where fewer than half of ten or more answers agree: who
    answers twice agrees with herself, strangers agree on 30%.

    >>> codes = pd.Series(["onbekend", "ANN07", "ann 07"])
    >>> answers = pd.DataFrame([[3] * 10, [1] * 10, [5] * 10])
    >>> own_codes(codes, answers, pd.Series([False] * 3))[0].tolist()
    ['', '', '']
    """
    codes = normal_codes(codes)
    filled = codes[codes != ""]
    numbers = bool(len(filled)) and filled.str.isdigit().mean() > 0.5
    nobody = {
        code for code in filled.unique()
        if (not code.strip("0") if numbers and code.isdigit() else names_nobody(code))
    }
    why = dict.fromkeys(filled.index[filled.isin(nobody)], WORD)
    rest = filled[~filled.isin(nobody) & ~aside[filled.index]]
    rest = rest[rest.duplicated(keep=False)]
    for _, rows in rest.groupby(rest).groups.items():
        if _contradict(items.loc[rows].to_numpy(dtype="float64", na_value=np.nan)):
            why |= dict.fromkeys(rows, SHARED)
    nobodys = {int(row): said for row, said in why.items()}
    return codes.where(~codes.index.isin(list(why)), ""), nobodys


def _contradict(answers: np.ndarray) -> bool:
    """Whether one of the records cannot be of whom the most complete one is."""
    first = answers[np.argmax(np.isfinite(answers).sum(axis=1))]
    both = np.isfinite(answers) & np.isfinite(first)
    agree = ((answers == first) & both).sum(axis=1)
    fewest = FEWEST_BOTH if len(answers) == 2 else FEWEST_BOTH_OF_MANY
    count = both.sum(axis=1)
    return bool(((count >= fewest) & (agree < ALIKE * count)).any())
