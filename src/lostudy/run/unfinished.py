"""What a run that was cut off had finished: the next run takes it instead of doing it again."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from lostudy.run.identity import carried, facts_of
from lostudy.run.ledger import fresh_page, key_of, page
from lostudy.run.outcome import NOTEBOOK
from lostudy.run.plan import Job
from lostudy.run.shards import LEDGER


def resume(study_folder: Path, jobs: Sequence[Job], fresh: Path) -> list[Job]:
    """The jobs whose whole output stands in `fresh`; everything else in it is taken away.

    A job's notebook gets its name last; one that is made from something else than wanted now does
    not carry the key.
    """
    kept = [job for job in jobs if finished(study_folder, job, fresh)]
    keep = {fresh / job.name for job in kept}
    for path in fresh.glob("*"):
        if path.is_dir() and any(each.parent == path for each in keep):
            _clear(path, keep)
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return kept


def _clear(folder: Path, keep: set[Path]) -> None:
    for path in folder.iterdir():
        if path in keep:
            continue
        shutil.rmtree(path)


def finished(study_folder: Path, job: Job, fresh: Path) -> bool:
    """Whether the whole output of a job, as it would be made now, stands in `fresh`."""
    if not (fresh / job.name / NOTEBOOK).exists() or carried(fresh / job.name) != facts_of(job):
        return False
    told = fresh_page(study_folder, job).exists() or _put_away(job, fresh).exists()
    return told or key_of(page(study_folder, job)) == job.key


def _put_away(job: Job, fresh: Path) -> Path:
    """What a job of a part told of persons, once the part is whole."""
    return fresh.parent / LEDGER / job.name
