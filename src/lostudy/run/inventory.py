"""What a run made: every file under reports/ and every page of the ledger, by content.

The list stands under data/. A file that was put beside them, or changed afterwards, is not of the
run: it does not leave, and what it belongs to is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from lostudy.errors import Problem
from lostudy.run.ledger import page
from lostudy.run.plan import Job
from lostudy.study.contents import file_hash, files_hash

FILE, PAGES = "data/ledger/made.json", "pages"
Entry = tuple[int, int, str]  # bytes, time of the last change, hash of the content


def take_stock(study_folder: Path, fresh: Path, jobs: Iterable[Job], kept: Iterable[Job]) -> None:
    """Write down what a run made: the files in `fresh`, and the pages of its `jobs`.

    What is of `kept` jobs was made by an earlier run, and stays as it was written down then.
    """
    before, jobs, kept = _read(study_folder), tuple(jobs), tuple(kept)
    old = {job.name for job in kept}
    files = {
        name: entry
        for name, entry in before["files"].items()
        if _folder(name) in old and (fresh / name).exists()
    }
    for name, path in _standing(fresh):
        if _folder(name) not in old:
            files[name] = _entry(path)
    pages = {job.name: before[PAGES].get(job.name, "") for job in kept}
    pages |= {job.name: page_hash(page(study_folder, job)) for job in jobs}
    path = study_folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps({"files": files, PAGES: pages}, sort_keys=True), encoding="utf-8")
    beside.replace(path)


def changed(study_folder: Path, reports: Path) -> set[str]:
    """The files under `reports` that the run did not make or that are not as it made them.

    Those that it made and that are gone belong to them.
    """
    known, found = _read(study_folder)["files"], dict(_standing(reports))
    other = {name for name in found if name not in known or not _same(known[name], found[name])}
    return other | (set(known) - set(found))


def turned(study_folder: Path, jobs: Iterable[Job]) -> list[Job]:
    """The jobs whose page of the ledger is not as the run wrote it."""
    known = _read(study_folder)[PAGES]
    return [job for job in jobs if known.get(job.name) != page_hash(page(study_folder, job))]


def touched(job: Job, names: Iterable[str]) -> bool:
    """Whether a file of a job is among these."""
    return job.name in set(map(_folder, names))


def problems(
    study_folder: Path, reports: Path, jobs: list[Job], leaving: set[str]
) -> list[Problem]:
    """What keeps reports from being released: files and pages that are not those of the run.

    `leaving`: the files that would be released, as they are called under `reports`.
    """
    found = []
    for name in sorted(changed(study_folder, reports) & leaving):
        what = "this file is not as the run made it, or no run made it"
        cure = "`lostudy run` makes what is of a run again; release other files by --with FILE"
        found.append(Problem(what, cure, name))
    for job in turned(study_folder, jobs):
        what = "what was written down of this report for the ledger is not complete any more"
        found.append(Problem(what, "`lostudy run` makes it again", job.name))
    return found


def page_hash(folder: Path) -> str:
    """A hash over a page of the ledger; empty where there is none."""
    paths = sorted(path for path in folder.glob("*") if path.is_file())
    return files_hash(paths, folder) if paths else ""


def _read(study_folder: Path) -> dict[str, dict]:
    path = study_folder / FILE
    empty: dict[str, dict] = {"files": {}, PAGES: {}}
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else empty


def _standing(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() or path.is_symlink():
            yield path.relative_to(folder).as_posix(), path


def _entry(path: Path) -> Entry:
    state = path.lstat()
    return state.st_size, state.st_mtime_ns, file_hash(path)


def _same(entry: Entry, path: Path) -> bool:
    """Whether a file is as it was; it is read only where its time says that it may not be."""
    size, time, content = entry
    state = path.lstat()
    if path.is_symlink() or state.st_size != size:
        return False
    return state.st_mtime_ns == time or file_hash(path) == content


def _folder(name: str) -> str:
    """The job's folder in which a file stands; empty for what is over all jobs."""
    parts = name.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else ""

