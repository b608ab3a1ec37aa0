"""One run of a study at a time, and only where its reports can be written: told before any work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lostudy.errors import Problem, RunError

LOCK = ".run.lock"


@contextmanager
def alone(study_folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the study's lock; raises RunError where another run holds it.

    `shared`: beside others that share it, which are parts of one run.
    The lock ends with the process that holds it, however that ends.
    """
    folder = study_folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w", encoding="ascii") as file:
        if not _locked(file.fileno(), shared):
            what = "another run of this study is under way"
            raise RunError(Problem(what, "wait until it has ended, then run again", "reports"))
        yield


def _locked(descriptor: int, shared: bool) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows has no such lock: two runs at once are not told there
        return True
    try:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def check_writable(study_folder: Path, reports: Path) -> None:
    """Raise RunError where the reports could not be put in their place in the end."""
    problems = []
    real = reports.resolve()  # a link leads to the folder that is written
    parts = [real, *(real.with_name(f"{real.name}.{word}") for word in ("new", "old"))]
    for path in (each for each in parts if each.exists() and not each.is_dir()):
        cure = "move this file away: it stands where the reports go"
        problems.append(Problem("it is a file, not a folder", cure, path.name))
    if not real.parent.is_dir():
        cure = "make the folder that it leads to, or take the link away"
        problems.append(Problem("it is a link that leads nowhere", cure, reports.name))
    beside = [real.parent, *parts, *real.parent.glob(f"{real.name}.*")]
    for path in dict.fromkeys(each for each in (study_folder, *beside) if each.is_dir()):
        if not os.access(path, os.W_OK):
            cure = "give yourself the right to write there, or run on a copy of the study"
            name = "the study's folder" if path == study_folder else path.name
            problems.append(Problem("it cannot be written", cure, name))
    if problems:
        raise RunError(problems)
