"""A text as it is compared: without accents, signs that are not seen, other alphabets' letters.

Full-width letters, letters of another alphabet that look alike, a soft hyphen or a zero-width space
hide a name from a search and from nobody who reads.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

OTHER = "авекмнорстухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅοаιυνρκ"
LATIN = "abekmhopctyxijsdhqwABEKMHOPCTYXIJSoaiuvpk"
ALIKE = dict(zip(OTHER, LATIN, strict=True))
OTHERS = re.compile(r"[^\x00-\x7f]")
DASHES = dict.fromkeys("‐‑‒–—―−", "-")


def folded(text: str) -> str:
    """A text as it is compared.

    >>> folded("José\\u0301, \\uff2bwa\\u200bkk\\u0435l – Zoë")
    'Jose, Kwakkel - Zoe'
    """
    return text if text.isascii() else OTHERS.sub(lambda found: _sign(found[0]), text)


def with_places(text: str) -> tuple[str, list[int]]:
    """The same, with the place in `text` of each of its signs, and the end of `text`."""
    if text.isascii():
        return text, list(range(len(text) + 1))
    signs = [_sign(each) for each in text]
    places = [place for place, sign in enumerate(signs) for _ in sign]
    return "".join(signs), [*places, len(text)]


def as_written(places: list[int], start: int, end: int) -> tuple[int, int]:
    """From where up to where a piece of the folded text stands in the text, accents included."""
    return places[start], max(places[end], places[end - 1] + 1)


@cache
def _sign(sign: str) -> str:
    """What one sign is compared as; nothing where it is not seen or only an accent."""
    if sign.isascii():
        return sign
    if sign in ALIKE or sign in DASHES:
        return ALIKE.get(sign) or DASHES[sign]
    apart = unicodedata.normalize("NFKD", sign)
    return "".join(each for each in apart if unicodedata.category(each) not in ("Mn", "Cf"))
