"""The text of a document as a reader sees it, and where each letter of it stands.

Tracked deletions, field codes and the old halves of compatibility blocks are not read.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from lostudy.publish.word.names import (
    BR,
    CR,
    DEL,
    FALLBACK,
    INS,
    MOVED_FROM,
    MOVED_TO,
    NO_BREAK_HYPHEN,
    PPR,
    PROOF,
    RPR,
    SDT_PR,
    SPACE,
    TAB,
    TBL,
    TC,
    TR,
    Element,
    P,
    R,
    T,
    make,
    name,
)

OWN_THINGS = tuple(
    name(f"w:{each}")
    for each in ("footnoteReference", "endnoteReference", "commentReference", "drawing", "pict",
                 "object")
)  # fmt: skip
GONE = (DEL, MOVED_FROM, FALLBACK, PPR, RPR, SDT_PR)
SIGNS = {TAB: "\t", BR: "\n", CR: "\n", NO_BREAK_HYPHEN: "\u2011"}
Piece = tuple[Element, str]


def pieces(element: Element, *, nested: bool = False) -> Iterator[Piece]:
    """The elements with text in reading order; `nested`: also those of paragraphs further in."""
    for child in element:
        if child.tag == T:
            yield child, child.text or ""
        elif child.tag in SIGNS:
            yield child, SIGNS[child.tag]
        elif child.tag in GONE or not isinstance(child.tag, str) or child.tag == P and not nested:
            continue
        else:
            yield from pieces(child, nested=nested)


def paragraph_text(paragraph: Element) -> str:
    """The text of a paragraph, without that of text boxes anchored in it."""
    return "".join(text for _, text in pieces(paragraph))


def visible(element: Element, without: frozenset[Element] = frozenset()) -> str:
    """What a reader sees inside an element: paragraphs on lines, cells apart.

    `without`: elements whose text does not count (the numbers inside an author's own sentence).
    """
    parts: list[str] = []
    for child in element:
        if child in without:
            continue
        if child.tag == T:
            parts.append(child.text or "")
        elif child.tag in SIGNS:
            parts.append(SIGNS[child.tag])
        elif child.tag in GONE or not isinstance(child.tag, str):
            continue
        else:
            parts.append(visible(child, without))
            parts.append({P: "\n", TC: "|", TR: "\n"}.get(child.tag, ""))
    return "".join(parts)


def table_rows(table: Element) -> list[list[str]]:
    """The cells of a Word table as text."""
    return [
        [visible(cell).strip("\n|") for cell in row.iter(TC)]
        for row in table.iter(TR)
        if next(row.iterancestors(TBL)) is table
    ]


def rows_text(rows: list[list[str]]) -> str:
    """Cells as one text, for a digest."""
    return "\n".join("|".join(row) for row in rows)


def set_text(element: Element, text: str) -> None:
    """Put text into a `w:t`, its spaces kept."""
    element.text = text
    element.set(SPACE, "preserve")


def emptied(element: Element) -> bool:
    """Take the text out of runs; whether a note, comment or picture of an author is left in them.

    `element`: a run, or what stands around runs.
    """
    for piece, _ in list(pieces(element)):
        piece.getparent().remove(piece)
    return next(element.iter(*OWN_THINGS), None) is not None


def run_of(text: str, look: Element | None = None) -> Element:
    """A run with text; line breaks and tabs become elements. `look`: its run properties."""
    run = make("w:r")
    if look is not None:
        run.append(copy.deepcopy(look))
    for place, line in enumerate(text.split("\n")):
        if place:
            run.append(make("w:br"))
        for column, part in enumerate(line.split("\t")):
            if column:
                run.append(make("w:tab"))
            if part or not text:
                piece = make("w:t")
                set_text(piece, part)
                run.append(piece)
    return run


def cut_out(paragraph: Element, start: int, end: int) -> tuple[Element, Element | None] | None:
    """Take the letters from `start` to `end` out of a paragraph.

    Returns the run behind which something may be put in their place and the run properties of the
    first letter; None where the letters stand in runs that something cannot be put behind.
    """
    found = list(_spanned(paragraph, start, end))
    runs = [next(piece.iterancestors(R)) for piece, _, _ in found]
    first = runs[0]
    if any(each.getparent() is None for each in runs):
        return None
    (piece, left, _), (last, _, right) = found[0], found[-1]
    rest = (last.text or "")[right:]
    if piece is last:
        set_text(piece, (piece.text or "")[:left])
        behind = list(piece.itersiblings())
        if rest or behind:
            after = _like(first)
            if rest:
                after.append(_text_of(rest))
            for each in behind:
                after.append(each)
            first.addnext(after)
    else:
        set_text(piece, (piece.text or "")[:left])
        for middle, _, _ in found[1:-1]:
            middle.getparent().remove(middle)
        if rest:
            set_text(last, rest)
        else:
            last.getparent().remove(last)
        _drop_marks(first, runs[-1])
        for run in dict.fromkeys(runs[1:]):
            _drop_empty(run)
    return first, first.find(RPR)


def _spanned(paragraph: Element, start: int, end: int) -> Iterator[tuple[Element, int, int]]:
    """The `w:t` elements of a span, each with the part of it that lies in the span."""
    at = 0
    for piece, text in pieces(paragraph):
        left, right = max(start - at, 0), min(end - at, len(text))
        if left < right and piece.tag == T:
            yield piece, left, right
        at += len(text)


def _text_of(text: str) -> Element:
    piece = make("w:t")
    set_text(piece, text)
    return piece


def _like(run: Element) -> Element:
    """An empty run with the look of another."""
    made = make("w:r")
    look = run.find(RPR)
    if look is not None:
        made.append(copy.deepcopy(look))
    return made


def _drop_marks(first: Element, last: Element) -> None:
    """The spelling marks between two runs: they flagged a token as a mistake."""
    if first.getparent() is not last.getparent():
        return
    for each in list(first.itersiblings()):
        if each is last:
            return
        if each.tag == PROOF:
            each.getparent().remove(each)


def drop_if_empty(run: Element) -> None:
    """Take a run away that holds nothing any more, and a tracked insertion around it."""
    for piece in [each for each in run if each.tag == T and not each.text]:
        run.remove(piece)
    _drop_empty(run)


def _drop_empty(run: Element) -> None:
    if any(child.tag != RPR for child in run):
        return
    parent = run.getparent()
    if parent is None:
        return
    parent.remove(run)
    if parent.tag in (INS, MOVED_TO) and len(parent) == 0 and parent.getparent() is not None:
        parent.getparent().remove(parent)
