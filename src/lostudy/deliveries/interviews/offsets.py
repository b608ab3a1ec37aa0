"""From a tool's positions to Unicode code points, with the quote as the witness.

Tools count differently: code points, UTF-16 units or UTF-8 bytes; a line end as one or as two; with
or without the byte order mark. Which way was meant is found by trying all twelve on the source and
seeing under which one the quotes match and the passages begin and end at words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

UNITS = ("code point", "UTF-16 unit", "UTF-8 byte")
THRESHOLD = 0.6
NEARBY = 200
SHORTEST_QUOTE = 3
ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)$")


@dataclass(frozen=True)
class Convention:
    """A way of counting positions in a text."""

    unit: str = "code point"
    crlf: bool = False
    mark: bool = False

    def __str__(self) -> str:
        ends = "a line end counts as two" if self.crlf else "a line end counts as one"
        mark = "the byte order mark counts" if self.mark else "no byte order mark counts"
        return f"counted in {self.unit}s, {ends}, {mark}"


CONVENTIONS = tuple(
    Convention(unit, crlf, mark)
    for mark, crlf, unit in product((False, True), (False, True), UNITS)
)


@dataclass(frozen=True)
class Passage:
    """A selection as the tool wrote it; `quote` is the text it claims to select, where known."""

    start: int
    end: int
    quote: str = ""


@dataclass(frozen=True)
class Place:
    """Where a passage is: code points in the text, and how sure that is."""

    start: int | None
    end: int | None
    text: str | None
    status: str


def unmarked(text: str) -> str:
    """A text without byte order mark and with "\\n" as line end: what positions refer to."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def edges(text: str, convention: Convention) -> np.ndarray:
    """The position of each code point's left edge, and of the end, in a convention.

    >>> edges("é\\n!", Convention("UTF-8 byte", crlf=True)).tolist()
    [0, 2, 4, 5]
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    widths = np.ones(len(points), dtype=np.int64)
    first = 1
    if convention.unit == "UTF-16 unit":
        widths += points > 0xFFFF
    elif convention.unit == "UTF-8 byte":
        widths += (points > 0x7F).astype(int) + (points > 0x7FF) + (points > 0xFFFF)
        first = 3
    if convention.crlf:
        widths += points == ord("\n")
    return np.concatenate(([0], np.cumsum(widths))) + (first if convention.mark else 0)


def located(found: np.ndarray, position: int) -> int | None:
    """The code point at a position, None outside the text; inside a code point its left edge."""
    if position < 0 or position > found[-1]:
        return None
    return max(0, int(np.searchsorted(found, position, side="right")) - 1)


def squeezed(text: str) -> str:
    """White space as single spaces, so that a quote may differ from its source in line breaks."""
    return " ".join(text.split())


def agrees(text: str, quote: str) -> bool:
    """Whether a passage is the quote, or begins with a quote that was cut off with an ellipsis.

    >>> agrees("Wij leren\\nvan fouten", "Wij leren van fouten"), agrees("Wij leren", "Wij le…")
    (True, True)
    """
    wanted, found = squeezed(quote), squeezed(text)
    cut = ELLIPSIS.sub("", wanted)
    return found == wanted or (cut != wanted and cut != "" and found.startswith(cut))


def score(text: str, passages: Sequence[Passage], convention: Convention) -> float:
    """How well a convention fits: 1 where every quote matches, or every passage lies on words."""
    if not passages:
        return 0.0
    found = edges(text, convention)
    return sum(_fit(text, found, passage) for passage in passages) / len(passages)


def _fit(text: str, found: np.ndarray, passage: Passage) -> float:
    start, end = located(found, passage.start), located(found, passage.end)
    if start is None or end is None or start >= end:
        return 0.0
    on_words = _boundaries(text, start, end)
    if not passage.quote:
        return on_words
    return 1.0 if agrees(text[start:end], passage.quote) else 0.2 * on_words


def _boundaries(text: str, start: int, end: int) -> float:
    begins = not text[start].isspace() and (start == 0 or not text[start - 1].isalnum())
    ends = not text[end - 1].isspace() and (end == len(text) or not text[end].isalnum())
    return (begins + ends) / 2


def scores(text: str, passages: Sequence[Passage]) -> dict[Convention, float]:
    """Every convention's score, the standard's own way first."""
    return {convention: score(text, passages, convention) for convention in CONVENTIONS}


def best(own: dict[Convention, float], project: dict[Convention, float]) -> Convention:
    """The best for one source; where sources of a project tie, the project's best decides."""
    return max(own, key=lambda convention: (round(own[convention], 6), project[convention]))


def together(all_scores: Sequence[tuple[int, dict[Convention, float]]]) -> dict[Convention, float]:
    """Scores over the sources of a project, weighted by their numbers of passages."""
    total = max(1, sum(weight for weight, _ in all_scores))
    return {
        convention: sum(weight * found[convention] for weight, found in all_scores) / total
        for convention in CONVENTIONS
    }


def place(text: str, passage: Passage, convention: Convention, trusted: bool = True) -> Place:
    """Where the passage is; the quote decides, and a quote found nearby repairs the position."""
    found = edges(text, convention)
    return place_at(text, found, passage, trusted)


def place_at(text: str, found: np.ndarray, passage: Passage, trusted: bool = True) -> Place:
    """As `place`, with the edges already computed (once per source)."""
    start, end = located(found, passage.start), located(found, passage.end)
    inside = start is not None and end is not None and start < end
    if not passage.quote:
        if inside:
            return Place(start, end, text[start:end], "exact" if trusted else "unverified")
        return Place(None, None, None, "unverified")
    if inside and agrees(text[start:end], passage.quote):
        return Place(start, end, text[start:end], "exact")
    moved = nearby(text, passage.quote, start if start is not None else 0, end)
    if moved is not None:
        return Place(moved[0], moved[1], text[moved[0] : moved[1]], "repaired")
    cut = ELLIPSIS.search(passage.quote) is not None
    shown = text[start:end] if inside and cut else passage.quote
    return Place(start, end, shown, "unverified") if inside else Place(
        None, None, passage.quote, "unverified")


def nearby(text: str, quote: str, start: int, end: int | None) -> tuple[int, int] | None:
    """The one occurrence of the quote that is nearest, at most 200 characters away.

    >>> nearby("Eerst dit. Wij leren. En dan dat.", "Wij leren.", 9, 19)
    (11, 21)
    """
    cut = ELLIPSIS.sub("", quote)
    words = [re.escape(word) for word in cut.split()]
    if not words or len(squeezed(cut)) < SHORTEST_QUOTE:
        return None
    low = max(0, start - NEARBY)
    high = min(len(text), (end if end is not None else start) + NEARBY + len(quote))
    spans = [m.span() for m in re.compile(r"\s+".join(words)).finditer(text, low, high)]
    hits = sorted((abs(one[0] - start), one) for one in spans if abs(one[0] - start) <= NEARBY)
    if not hits or (len(hits) > 1 and hits[0][0] == hits[1][0]):
        return None
    first, last = hits[0][1]
    if cut != quote and end is not None:
        last = min(len(text), max(last, first + end - start))
    return first, last
