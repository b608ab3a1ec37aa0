"""Selections of one source as segments: twins counted once, positions tried, quotes verified."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lostudy.deliveries.interviews.offsets import (
    THRESHOLD,
    Convention,
    Passage,
    Place,
    best,
    edges,
    located,
    place_at,
    scores,
    together,
)
from lostudy.deliveries.interviews.quoting import (
    SHORTEST_QUOTE,
    agrees,
    begins_with,
    squeezed,
    uncut,
)
from lostudy.deliveries.interviews.write_sources import QUOTED, UNSURE

LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Selection:
    """One code on one selection. `inner` is text that the selection itself carries."""

    key: str
    code: str
    coder: str
    name: str = ""
    start: int | None = None
    end: int | None = None
    inner: str = ""
    memo: str = ""
    created: str = ""
    kind: str = "PlainTextSelection"
    notes: tuple[str, ...] = ()
    place: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """A source's selections, each twin once, with every convention's score on its passages."""

    text: str | None
    kept: list[Selection]
    passages: dict[int, Passage]
    scores: dict[Convention, float]
    twins: int = 0


def prepare(text: str | None, selections: Sequence[Selection]) -> Prepared:
    """Try all conventions on one source; choosing waits until the whole project was tried."""
    kept = once(selections)
    if text is None:
        return Prepared(None, kept, {}, {}, len(selections) - len(kept))
    quotable = squeezed(text)
    passages = {
        number: _passage(s, s.start, s.end, quotable)
        for number, s in enumerate(kept) if s.start is not None and s.end is not None
    }
    twins = len(selections) - len(kept)
    return Prepared(text, kept, passages, scores(text, list(passages.values())), twins)


def project_scores(prepared: Sequence[Prepared]) -> dict[Convention, float]:
    """The conventions' scores over all sources of a project."""
    return together([(len(one.passages), one.scores) for one in prepared if one.passages])


def segments_of(
    one: Prepared, project: dict[Convention, float], known: Convention | None = None
) -> tuple[list[dict[str, Any]], str]:
    """Segments of one source, and in words how its positions were counted ("" if not tried).

    `known`: the way of counting, where the writer of the file is known to keep to it.
    """
    if one.text is None or not one.passages:
        return [_without_text(selection) for selection in one.kept], ""
    way = known or best(one.scores, project)
    trusted = known is not None or one.scores[way] >= THRESHOLD
    left = edges(one.text, way)
    segments = []
    for number, selection in enumerate(one.kept):
        doubted = known is not None and number in one.passages
        if doubted and selection.memo.rpartition("\n")[2] in (UNSURE, QUOTED):
            segments.append(_unsure(one.text, left, selection))
        elif number in one.passages:
            where = place_at(one.text, left, one.passages[number], trusted)
            segments.append(_segment(selection, where))
        else:
            segments.append(_without_text(selection))
    doubt = "" if trusted else ", but this fits badly and is not verified"
    return segments, f"were {way}{doubt}"


def _unsure(text: str, left: np.ndarray, selection: Selection) -> dict[str, Any]:
    """A passage of which we wrote down that nobody verified its place."""
    memo, _, said = selection.memo.rpartition("\n")
    start, end = (None if at is None else located(left, at)
                  for at in (selection.start, selection.end))
    quoted = said == QUOTED
    where = Place(start, end, selection.name if quoted else text[start:end], "unverified")
    return _segment(replace(selection, memo=memo, name="" if quoted else selection.name), where)


def once(selections: Sequence[Selection]) -> list[Selection]:
    """A PDF selection and its twin in the text share a guid: one coding, the one with positions.

    Anything else under one guid is no twin: two places are two passages, whatever their guids say.
    """
    placed = {_identity(s) for s in selections if s.start is not None}
    kept: dict[tuple[object, ...], Selection] = {}
    for number, selection in enumerate(selections):
        own = _identity(selection)
        if selection.start is None and selection.kind == "PDFSelection" and own in placed:
            continue
        where = (selection.start, selection.end, *sorted(selection.place.items()))
        kept.setdefault((*own, *where) if selection.key else (number,), selection)
    return list(kept.values())


def _identity(selection: Selection) -> tuple[str, str, str]:
    return (selection.key, selection.code, selection.coder)


def quote_of(selection: Selection, quotable: str) -> str:
    """The selection's name where it is a quote: some tools name selections "Quotation 6:1"."""
    for candidate in (selection.inner, selection.name):
        wanted = squeezed(uncut(candidate))
        if len(wanted) >= SHORTEST_QUOTE and wanted in quotable:
            return candidate
    return ""


def _passage(selection: Selection, start: int, end: int, quotable: str) -> Passage:
    quote = quote_of(selection, quotable)
    return Passage(start, end, quote, named=quote != selection.inner)


def own_name(name: str, text: str | None) -> str:
    """A name that somebody gave a passage; "" for its words and for a number that a tool gave.

    >>> own_name("De kern van het gesprek", "Wij leren"), own_name("Quotation 6:1", "Wij leren")
    ('De kern van het gesprek', '')
    """
    words = LETTERS.findall(name)
    numbered = len(words) < 2 and any(map(str.isdigit, name))
    said = text is not None and (agrees(text, name) or begins_with(text, name))
    return "" if not words or numbered or said else name


def _without_text(selection: Selection) -> dict[str, Any]:
    text = selection.inner or (
        selection.name if selection.kind == "PlainTextSelection" else None)
    where = Place(selection.start, selection.end, text, "absent")
    return _segment(selection, where)


def _segment(selection: Selection, where: Place) -> dict[str, Any]:
    attributes = {} if selection.kind == "PlainTextSelection" else {"selection": selection.kind}
    attributes |= selection.place
    name = own_name(selection.name, where.text)
    if name and selection.kind == "PlainTextSelection":
        attributes["name"] = name
    if where.start is None and selection.start is not None:
        attributes["position"] = f"{selection.start}-{selection.end}"
    return {
        "key": selection.key, "notes": selection.notes,
        "code": selection.code, "coder": selection.coder, "text": where.text,
        "start": where.start, "end": where.end, "offset_status": where.status,
        "memo": selection.memo, "created": selection.created, "attributes": attributes,
    }
