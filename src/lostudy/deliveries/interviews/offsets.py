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

from lostudy.deliveries.interviews.quoting import (
    SHORTEST_QUOTE,
    agrees,
    begins_with,
    is_quote,
    squeezed,
    uncut,
)

UNITS = ("code point", "UTF-16 unit", "UTF-8 byte")
THRESHOLD = 0.6
NEARBY = 200
TRIED = 48
BESIDE = 5
SAME_LENGTH = 2


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


@dataclass(frozen=True, slots=True)
class Passage:
    """A selection as the tool wrote it; `quote` is the text it claims to select, where known.

    `named`: the quote is only the selection's name. Some tools put the words there, whole or cut
    off, and people put a name of their own there, so that a name may be no quote.
    """

    start: int
    end: int
    quote: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
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
    return _edges(code_points(text), convention)


def code_points(text: str) -> np.ndarray:
    """The numbers of a text's code points."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _edges(points: np.ndarray, convention: Convention) -> np.ndarray:
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


def scores(text: str, passages: Sequence[Passage]) -> dict[Convention, float]:
    """How well each convention fits, the standard's own way first.

    1 where every quote matches, or every passage without one lies on words; 0 without passages.
    A name that fits under no convention is no quote, and its passage one without.
    Of many passages some are tried, spread over the text; each is verified when it is placed.
    """
    passages = passages[:: max(1, len(passages) // TRIED)]
    points = code_points(text)
    starts, ends = (_bounded(each) for each in (
        [passage.start for passage in passages], [passage.end for passage in passages]))
    spans = []
    for convention in CONVENTIONS:
        left = _edges(points, convention)
        spans.append(list(zip(_located(left, starts), _located(left, ends), strict=True)))
    columns = [_fits(text, passage, [each[number] for each in spans])
               for number, passage in enumerate(passages)]
    return {
        convention: sum(column[way] for column in columns) / max(1, len(passages))
        for way, convention in enumerate(CONVENTIONS)
    }


def _fits(text: str, passage: Passage, spans: Sequence[tuple[int, int]]) -> list[float]:
    """How well a passage fits in each of the places where the conventions put it."""
    quote = squeezed(passage.quote)
    found = {span: _fit(text, quote, *span, passage.named) for span in set(spans)}
    if passage.named and max(found.values()) < 1:
        found = {span: _fit(text, "", *span) for span in found}
    return [found[span] for span in spans]


def _bounded(positions: Sequence[int]) -> np.ndarray:
    """Positions as numbers of a machine; one far beyond any text stays beyond."""
    return np.array([min(max(each, -1), 2**62) for each in positions], dtype=np.int64)


def _located(left: np.ndarray, positions: np.ndarray) -> list[int]:
    """The code point at each position, -1 outside the text."""
    inside = np.maximum(np.searchsorted(left, positions, side="right") - 1, 0)
    return list(np.where((positions < 0) | (positions > left[-1]), -1, inside).tolist())


def _fit(text: str, quote: str, start: int, end: int, named: bool = False) -> float:
    if start < 0 or end < 0 or start >= end:
        return 0.0
    words = text[start:end]
    if quote and (is_quote(words, quote) or (named and begins_with(words, quote))):
        return 1.0
    on_words = _boundaries(text, start, end)
    return 0.2 * on_words if quote else on_words


def _boundaries(text: str, start: int, end: int) -> float:
    begins = _at_word(text, start)
    ends = not text[end - 1].isspace() and (end == len(text) or not text[end].isalnum())
    return (begins + ends) / 2


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
    if start is not None and end is not None and start < end and passage.named:
        return _named(text, start, end, passage.quote, trusted)
    moved = nearby(text, passage.quote, start if start is not None else 0, end)
    if moved is not None:
        return Place(moved[0], moved[1], text[moved[0] : moved[1]], "repaired")
    cut = uncut(passage.quote) != passage.quote
    shown = text[start:end] if inside and cut else passage.quote
    return Place(start, end, shown, "unverified") if inside else Place(
        None, None, passage.quote, "unverified")


def _named(text: str, start: int, end: int, name: str, trusted: bool) -> Place:
    """A passage inside its text with a name: only one that cannot stand by itself is moved.

    Moved is what begins or ends within a word (or is counted in an unknown way) and has the length
    of its name, or begins within a word beside the first of the words that the name repeats.
    """
    if begins_with(text[start:end], name):
        return Place(start, end, text[start:end], "exact")
    moved = None
    if not trusted or _boundaries(text, start, end) < 1:
        moved = _beside(text, start, end, name)
    if moved is None:
        return Place(start, end, text[start:end], "exact" if trusted else "unverified")
    return Place(*moved, text[slice(*moved)], "repaired")


def _beside(text: str, start: int, end: int, name: str) -> tuple[int, int] | None:
    """Where a passage that was shifted belongs, if its name is the words it should have."""
    found = nearby(text, uncut(name), start, end)
    if found is None:
        return None
    if abs(len(squeezed(text[start:end])) - len(squeezed(name))) <= SAME_LENGTH:
        return found
    shift = found[0] - start
    if abs(shift) > BESIDE or _at_word(text, start) or found[1] - found[0] > end - start:
        return None
    ends = end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
    return found[0], end if ends else min(len(text), end + shift)


def _at_word(text: str, start: int) -> bool:
    """Whether a word, or a sign before it, begins here."""
    return not text[start].isspace() and (start == 0 or not text[start - 1].isalnum())


def nearby(text: str, quote: str, start: int, end: int | None) -> tuple[int, int] | None:
    """The one occurrence of the quote that is nearest, at most 200 characters away.

    >>> nearby("Eerst dit. Wij leren. En dan dat.", "Wij leren.", 9, 19)
    (11, 21)
    """
    cut = uncut(quote)
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
