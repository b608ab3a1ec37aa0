"""Where a run keeps the ledger: a page per job, under data/ledger/current."""

from __future__ import annotations

import shutil
from pathlib import Path

from lostudy.run.plan import Job

CURRENT, KEY = "data/ledger/current", "key"


def page(study_folder: Path, job: Job) -> Path:
    """The folder with what a job's reports tell about persons."""
    return study_folder / CURRENT / job.stem / job.organisation


def fresh_page(study_folder: Path, job: Job) -> Path:
    """The same for a job that is running."""
    done = page(study_folder, job)
    return done.with_name(f"{done.name}.new")


def turn_page(study_folder: Path, job: Job, key: str) -> None:
    """Put the page of a job that ended well in the place of its old one, with the job's key."""
    fresh, done = fresh_page(study_folder, job), page(study_folder, job)
    if not fresh.exists() and key_of(done) == key:
        return  # turned by a run that was cut off after this
    fresh.mkdir(parents=True, exist_ok=True)
    (fresh / KEY).write_text(key, encoding="ascii")
    shutil.rmtree(done, ignore_errors=True)
    fresh.rename(done)


def key_of(folder: Path) -> str:
    """The key of the job whose page this is; empty where there is none."""
    path = folder / KEY
    return path.read_text(encoding="ascii") if path.exists() else ""
