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
    best,
    edges,
    place_at,
    scores,
    together,
)
from lostudy.errors import Problem

Scores = dict[Convention, float]
PREFERENCE = 0.01


def placed(
    path: Path,
    texts: dict[str, str | None],
    segments: Sequence[dict[str, Any]],
    expected: Convention,
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Segments with code-point positions; each comes with the tool's `start`, `end` and `text`.

    `expected` is what the tool is known to do; it wins unless another way fits clearly better.
    """
    numbers_of: dict[str, list[int]] = {}
    for number, segment in enumerate(segments):
        numbers_of.setdefault(segment["document"], []).append(number)
    passages = _passages(segments)
    found: dict[str, tuple[int, Scores]] = {}
    for document, numbers in numbers_of.items():
        text, inside = texts.get(document), [passages[n] for n in numbers if n in passages]
        if text is not None and inside:
            found[document] = (len(inside), scores(text, inside))
    project = together(list(found.values()))
    project[expected] += PREFERENCE
    out, ways = [dict(segment) for segment in segments], []
    for document, numbers in numbers_of.items():
        text = texts.get(document)
        if text is None or document not in found:
            status = "absent" if text is None else "unverified"
            places: list[dict[str, Any]] = [{"offset_status": status}] * len(numbers)
        else:
            own = found[document][1]
            way = expected if own[expected] >= THRESHOLD else best(own, project)
            places = _places(text, [passages.get(n) for n in numbers], way, own[way] >= THRESHOLD)
            ways.append(str(way))
        for number, place in zip(numbers, places, strict=True):
            if place.get("start", 0) is None:
                out[number]["attributes"] = {
                    **(out[number].get("attributes") or {}),
                    "position": f"{out[number]['start']}-{out[number]['end']}"}
            out[number].update(place)
    return out, _told(path, ways)


def _passages(segments: Sequence[dict[str, Any]]) -> dict[int, Passage]:
    return {
        number: Passage(s["start"], s["end"], (s["text"] or "").strip("\n"))
        for number, s in enumerate(segments) if s["start"] is not None and s["end"] is not None
    }


def _places(
    text: str, passages: Sequence[Passage | None], way: Convention, trusted: bool
) -> list[dict[str, Any]]:
    """What becomes of each segment of one document; without positions it is unverified."""
    left = edges(text, way)
    places: list[dict[str, Any]] = []
    for passage in passages:
        if passage is None:
            places.append({"offset_status": "unverified"})
            continue
        where = place_at(text, left, passage, trusted)
        places.append({
            "start": where.start, "end": where.end, "text": where.text,
            "offset_status": where.status})
    return places


def _told(path: Path, ways: Sequence[str]) -> list[Problem]:
    return [
        repair(path, f"positions in {ways.count(way)} document(s) were {way}", "nothing",
               rule="offset.convention", severity="note")
        for way in dict.fromkeys(ways)
    ]


def whole(value: Any) -> int | None:
    """A position of a database as int; RQDA keeps them as reals."""
    try:
        return None if value is None else int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
