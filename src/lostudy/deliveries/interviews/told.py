"""What is told of all passages of a delivery: coders alike, codes gone, places unsure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import repair
from lostudy.errors import Problem


def unknown_codes(
    path: Path | str,
    tool: str,
    codes: Sequence[dict[str, Any]],
    segments: Sequence[dict[str, Any]],
) -> list[Problem]:
    """A note where passages have a code that the codebook of the file does not have."""
    known = {code["code"] for code in codes}
    lost = sum(segment["code"] not in known for segment in segments)
    return [] if not lost else [repair(
        path, f"{lost} coding(s) point to a code that is not in the codebook; they are kept",
        "export the project again", rule=f"{tool}.code", severity="note")]


def lookalikes(path: Path | str, segments: Sequence[dict[str, Any]]) -> list[Problem]:
    """A note where one coder may stand under two names; that would fake a second coder."""
    names = sorted({segment.get("coder") or "" for segment in segments} - {""})
    folded = [name.casefold().replace(".", " ").split() for name in names]
    pairs = sum(
        1 for number, one in enumerate(folded) for other in folded[number + 1 :]
        if set(one) <= set(other) or set(other) <= set(one)
    )
    if not pairs:
        return []
    return [repair(
        path, f"{pairs} pair(s) of coder names look like one person under two names",
        "join them in the study's table of coders", rule="coder.alike", severity="note")]


def offsets_note(path: Path | str, segments: Sequence[dict[str, Any]]) -> list[Problem]:
    """How many positions were repaired or could not be verified; nothing is dropped."""
    status = Counter(segment.get("offset_status") for segment in segments)
    notes = []
    if status["repaired"]:
        notes.append(repair(
            path, f"{status['repaired']} passage(s) stood a little beside their quote and were "
            "moved to it", "nothing", rule="offset.repaired"))
    if status["unverified"]:
        notes.append(repair(
            path, f"{status['unverified']} passage(s) could not be verified in their source",
            "look these passages up in the tool", rule="offset.unverified", severity="note"))
    return notes
