"""Passages of a store with texts and quotes: how its positions count is tried and verified here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import repair
from lostudy.deliveries.interviews.offsets import (
    THRESHOLD,
    Convention,
    Passage,
    Place,
    best,
    edges,
    place_at,
    scores,
    together,
)
from lostudy.errors import Problem


def placed(
    path: Path,
    texts: dict[str, str | None],
    segments: Sequence[dict[str, Any]],
    expected: Convention,
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Segments with code-point positions; each comes with the tool's `start`, `end` and `text`.

    `expected` is what the tool is known to do; it wins unless another way fits clearly better.
    """
    by_document: dict[str, list[int]] = {}
    for number, segment in enumerate(segments):
        by_document.setdefault(segment["document"], []).append(number)
    passages = {
        number: Passage(s["start"], s["end"], (s["text"] or "").strip("\n"))
        for number, s in enumerate(segments) if s["start"] is not None and s["end"] is not None
    }
    found = {}
    for document, numbers in by_document.items():
        text = texts.get(document)
        inside = [passages[number] for number in numbers if number in passages]
        if text is not None and inside:
            found[document] = (len(inside), scores(text, inside))
    project = together(list(found.values()))
    project[expected] += 0.01
    out = [dict(segment) for segment in segments]
    ways: list[str] = []
    for document, numbers in by_document.items():
        text = texts.get(document)
        if text is None or document not in found:
            for number in numbers:
                out[number]["offset_status"] = "absent" if text is None else "unverified"
            continue
        own = found[document][1]
        way = expected if own[expected] >= THRESHOLD else best(own, project)
        ways.append(str(way))
        left = edges(text, way)
        for number in numbers:
            where = _place(text, left, passages.get(number), own[way] >= THRESHOLD)
            if where is not None:
                out[number] |= {"start": where.start, "end": where.end, "text": where.text,
                                "offset_status": where.status}
            else:
                out[number]["offset_status"] = "unverified"
    notes = [
        repair(path, f"positions in {ways.count(way)} document(s) were {way}", "nothing",
               rule="offset.convention", severity="note")
        for way in dict.fromkeys(ways)
    ]
    return out, notes


def _place(text: str, left: Any, passage: Passage | None, trusted: bool) -> Place | None:
    return None if passage is None else place_at(text, left, passage, trusted)


def whole(value: Any) -> int | None:
    """A position of a database as int; RQDA keeps them as reals."""
    try:
        return None if value is None else int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
