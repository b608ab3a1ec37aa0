"""What a run keeps under data/, which never leaves: whole notebooks and those that failed."""

from __future__ import annotations

from pathlib import Path

from lostudy.run.plan import Job

EXECUTED, FAILED = "data/executed", "data/failed"


def whole(study_folder: Path, job: Job) -> Path:
    """The notebook with everything that it showed, where something was left out of the reports."""
    return study_folder / EXECUTED / f"{job.stem}-{job.organisation}.ipynb"
