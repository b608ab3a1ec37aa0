"""Words with a capital in the middle of a sentence: for a person to see.

Dutch writes names with a capital, and hardly anything else. What the study itself uses (its scales,
its codes) is known; what was seen and found harmless can be given.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from lostudy.disclosure.text.marks import Mark

CAPITAL = r"[A-ZÀ-Þ][\w'’-]*"
WORD = re.compile(
    rf"(?<![\w@./-]){CAPITAL}(?:\s+(?:van|de|der|den|het|ten|ter|'t)(?=\s)|\s+{CAPITAL})*"
)
STARTS = re.compile(r"(?:^|[.!?:…\n]|[\"“„‘']\s*)\s*[-–•]?\s*$")


@cache
def harmless() -> frozenset[str]:
    """Words that Dutch writes with a capital and that name nobody."""
    return frozenset(files(__package__).joinpath("harmless.txt").read_text("utf-8").split())


def unknown_capitals(text: str, known: Collection[str] = ()) -> list[Mark]:
    """The words with a capital inside a sentence that are not known to be harmless.

    `known`: words, compared without case.

    >>> text = "We belden met Eva van der Berg. Zij werkt in Nederland."
    >>> [text[mark.start : mark.end] for mark in unknown_capitals(text)]
    ['Eva van der Berg']
    """
    fine = harmless() | {word.casefold() for word in known}
    found = []
    for match in WORD.finditer(text):
        start, end = match.span()
        words = match[0].split()
        if STARTS.search(text[:start]):
            start += len(words[0])
            words = words[1:]
            start += len(text[start:end]) - len(text[start:end].lstrip())
        named = [word for word in words if word[:1].isupper() and word.casefold() not in fine]
        if named:
            found.append(Mark(start, end, "capital"))
    return found
