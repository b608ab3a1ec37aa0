"""What changed between two registries, in words: numbers within a tolerance did not change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import zip_longest

from lostudy import formats
from lostudy.words import word

Records = dict[str, dict]
NUMBERS = ("value", "low", "high", "n")


@dataclass(frozen=True)
class Difference:
    """One finding that changed: what happened, told in a sentence.

    `what` is added, gone, number, claim, words, cells or status; `broken` marks a claim that held
    and no longer does, and a quote that was withdrawn.
    """

    id: str
    what: str
    said: str
    broken: bool = False

    def __str__(self) -> str:
        return f"{self.id}: {self.said}"


def compare(
    before: Records, after: Records, language: str = "nl", tolerance: float = 1e-9
) -> list[str]:
    """What changed between two registries, a line each, in words."""
    return [str(each) for each in differences(before, after, language, tolerance)]


def differences(
    before: Records, after: Records, language: str = "nl", tolerance: float = 1e-9
) -> list[Difference]:
    """What changed between two registries.

    `tolerance`: numbers that differ by no more, relatively or absolutely, did not change.
    """
    found = [
        Difference(name, "gone", word("diff_gone", language, before[name][f"text_{language}"]))
        for name in sorted(before.keys() - after.keys())
    ]
    found += [
        Difference(name, "added", word("diff_added", language, after[name][f"text_{language}"]))
        for name in sorted(after.keys() - before.keys())
    ]
    for name in sorted(before.keys() & after.keys()):
        found += _changed(name, before[name], after[name], language, tolerance)
    return found


def _changed(name: str, old: dict, new: dict, language: str, tolerance: float) -> list[Difference]:
    found = [*_status(name, old, new, language), *_numbers(name, old, new, language, tolerance)]
    found += _cells(name, old, new, language, tolerance)
    text = f"text_{language}"
    numbers = all(old.get(key) == new.get(key) for key in NUMBERS)
    quiet = not found and (numbers or old.get("kind") not in ("number", "interval"))
    if quiet and old.get(text) != new.get(text):
        said = word("diff_words", language, old.get(text), new.get(text))
        found.append(Difference(name, "words", said))
    return [*found, *_verdict(name, old, new, language)]


def _verdict(name: str, old: dict, new: dict, language: str) -> list[Difference]:
    """The strongest words that the data bear, where they are others: whatever the tolerance."""
    before, after = (each.get("wording") or "" for each in (old, new))
    if before == after or new.get("kind") == "claim":
        return []
    said = [word(each, language) if each else "–" for each in (before, after)]
    return [Difference(name, "words", word("diff_words", language, *said))]


def _status(name: str, old: dict, new: dict, language: str) -> list[Difference]:
    before, after = old.get("status", ""), new.get("status", "")
    if before == after:
        return []
    if new.get("kind") == "claim":
        key = {"broken": "diff_broken", "holds": "diff_holds"}.get(after, "diff_too_few")
        said = word(key, language, new.get(f"text_{language}", ""))
        return [Difference(name, "claim", said, broken=before == "holds")]
    said = f"{word(before, language) or '–'} → {word(after, language) or '–'}"
    return [Difference(name, "status", said, broken=after == "withdrawn")]


def _numbers(name: str, old: dict, new: dict, language: str, tolerance: float) -> list[Difference]:
    parts = []
    for key in NUMBERS:
        one, two = old.get(key), new.get(key)
        if not _close(one, two, tolerance):
            places = 0 if key == "n" else _places(old, new)
            shown = [formats.number(each, places, language) for each in (one, two)]
            parts.append(f"{word(f'diff_{key}', language)} {' → '.join(shown)}")
    return [Difference(name, "number", "; ".join(parts))] if parts else []


def _places(old: dict, new: dict) -> int:
    """The decimals in which a changed number is told: those of counts are none."""
    known = [each["decimals"] for each in (old, new) if each.get("decimals") is not None]
    return max(known, default=2)


def _cells(name: str, old: dict, new: dict, language: str, tolerance: float) -> list[Difference]:
    """How many cells of a table, or values behind a figure, differ."""
    pairs: list[tuple] = list(zip_longest(old.get("cells", []), new.get("cells", []), fillvalue=[]))
    cells = [pair for rows in pairs for pair in zip_longest(*rows, fillvalue="")]
    other = [pair for pair in cells if not _same_cell(pair[0], pair[1], tolerance)]
    if not other:
        return []
    example = " → ".join(map(str, other[0]))
    said = word("diff_cells", language, len(other), len(cells), example)
    return [Difference(name, "cells", said)]


def _same_cell(one: str, two: str, tolerance: float) -> bool:
    if one == two:
        return True
    try:
        return _close(float(one), float(two), tolerance)
    except ValueError:
        return False


def _close(one: float | None, two: float | None, tolerance: float) -> bool:
    if one is None or two is None:
        return one == two
    return math.isclose(one, two, rel_tol=tolerance, abs_tol=tolerance)
