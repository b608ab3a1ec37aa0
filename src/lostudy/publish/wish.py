"""What is asked of a refresh, and what it did: the same for Word and for texts."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from lostudy.errors import DocumentError, Problem
from lostudy.publish.states import Report


@dataclass(frozen=True)
class Change:
    """What a refresh did at one place: adopted a token, wrote it anew, accepted a sentence."""

    did: str
    id: str
    where: str
    before: str
    after: str


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did, the report on the document as it is now, and the copy that was kept."""

    changes: tuple[Change, ...]
    report: Report
    backup: Path | None


@dataclass(frozen=True)
class Wish:
    """What is asked of a refresh: in which language, with comments, what to overwrite or accept.

    `force` and `accept` are ids, with `*` for any letters.
    """

    language: str = "nl"
    comments: bool = True
    force: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()


def kept_copy(path: Path) -> Path:
    """Keep a copy beside a document, under the first number that is free."""
    for number in range(1, 10_000):
        copy = path.with_name(f"{path.stem}.backup-{number}{path.suffix}")
        if not copy.exists():
            shutil.copyfile(path, copy)
            return copy
    raise DocumentError(Problem("ten thousand copies stand beside it", "remove some", path.name))
