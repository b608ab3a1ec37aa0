"""Selections of one source as segments: twins counted once, positions tried, quotes verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lostudy.deliveries.interviews.offsets import (
    ELLIPSIS,
    SHORTEST_QUOTE,
    THRESHOLD,
    Convention,
    Passage,
    Place,
    best,
    edges,
    place_at,
    scores,
    squeezed,
    together,
)


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Prepared:
    """A source's selections, each twin once, with every convention's score on its passages."""

    text: str | None
    kept: list[Selection]
    passages: dict[int, Passage]
    scores: dict[Convention, float]


def prepare(text: str | None, selections: Sequence[Selection]) -> Prepared:
    """Try all conventions on one source; choosing waits until the whole project was tried."""
    kept = once(selections)
    if text is None:
        return Prepared(None, kept, {}, {})
    quotable = squeezed(text)
    passages = {
        number: Passage(s.start, s.end, quote_of(s, quotable))
        for number, s in enumerate(kept) if s.start is not None and s.end is not None
    }
    return Prepared(text, kept, passages, scores(text, list(passages.values())))


def project_scores(prepared: Sequence[Prepared]) -> dict[Convention, float]:
    """The conventions' scores over all sources of a project."""
    return together([(len(one.passages), one.scores) for one in prepared if one.passages])


def segments_of(
    one: Prepared, project: dict[Convention, float]
) -> tuple[list[dict[str, Any]], str]:
    """Segments of one source, and in words how its positions were counted ("" if not tried)."""
    if one.text is None or not one.passages:
        return [_without_text(selection) for selection in one.kept], ""
    way = best(one.scores, project)
    trusted = one.scores[way] >= THRESHOLD
    left = edges(one.text, way)
    segments = []
    for number, selection in enumerate(one.kept):
        if number in one.passages:
            where = place_at(one.text, left, one.passages[number], trusted)
            segments.append(_segment(selection, where))
        else:
            segments.append(_without_text(selection))
    doubt = "" if trusted else ", but this fits badly and is not verified"
    return segments, f"were {way}{doubt}"


def once(selections: Sequence[Selection]) -> list[Selection]:
    """A PDF selection and its twin in the text share a guid: one coding, the one with positions."""
    kept: dict[tuple[str, str, str], Selection] = {}
    for selection in selections:
        key = (selection.key, selection.code, selection.coder)
        known = kept.get(key)
        if known is None or (known.start is None and selection.start is not None):
            kept[key] = selection
    return list(kept.values())


def quote_of(selection: Selection, quotable: str) -> str:
    """The selection's name where it is a quote: some tools name selections "Quotation 6:1"."""
    for candidate in (selection.inner, selection.name):
        wanted = squeezed(ELLIPSIS.sub("", candidate))
        if len(wanted) >= SHORTEST_QUOTE and wanted in quotable:
            return candidate
    return ""


def _without_text(selection: Selection) -> dict[str, Any]:
    text = selection.inner or (
        selection.name if selection.kind == "PlainTextSelection" else None)
    where = Place(selection.start, selection.end, text, "absent")
    return _segment(selection, where)


def _segment(selection: Selection, where: Place) -> dict[str, Any]:
    attributes = {} if selection.kind == "PlainTextSelection" else {"selection": selection.kind}
    return {
        "code": selection.code, "coder": selection.coder, "text": where.text,
        "start": where.start, "end": where.end, "offset_status": where.status,
        "memo": selection.memo, "created": selection.created, "attributes": attributes,
    }
