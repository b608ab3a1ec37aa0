"""What is asked of a refresh, and what it did: the same for Word and for texts."""

from __future__ import annotations

import fnmatch
import shutil
from dataclasses import dataclass
from pathlib import Path

from lostudy.errors import DocumentError, Problem
from lostudy.publish.latest import Records
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

    def require_known(self, records: Records) -> None:
        """DocumentError for a wish that is about no finding."""
        asked = (*self.force, *self.accept)
        wrong = [each for each in asked if not fnmatch.filter(records, each)]
        if wrong:
            cure = "`lostudy findings` lists them"
            problems = [Problem(f"finding '{each}' does not exist", cure) for each in wrong]
            raise DocumentError(problems)


def same_file(one: Path, two: Path) -> bool:
    """Whether two names, absolute or not, are of one file."""
    return one.resolve() == two.resolve()


def require_place(path: Path) -> None:
    """DocumentError where a document cannot be written, before any work."""
    if path.is_dir() or not path.parent.is_dir():
        problem = Problem("there is no such folder to write in", "give another with -o", str(path))
        raise DocumentError(problem)
    if path.exists() and not path.stat().st_mode & 0o222:
        what = "it is read-only, so nothing was changed"
        raise DocumentError(Problem(what, "take that off, or give another with -o", path.name))


def put(made: Path, target: Path) -> Path | None:
    """Put a document that was made in its place; the copy of what stood there, where it differs."""
    other = target.exists() and target.read_bytes() != made.read_bytes()
    backup = kept_copy(target) if other else None
    shutil.copyfile(made, target)
    return backup


def kept_copy(path: Path) -> Path:
    """Keep a copy beside a document, under the first number that is free."""
    for number in range(1, 10_000):
        copy = path.with_name(f"{path.stem}.backup-{number}{path.suffix}")
        if not copy.exists():
            shutil.copyfile(path, copy)
            return copy
    raise DocumentError(Problem("ten thousand copies stand beside it", "remove some", path.name))
