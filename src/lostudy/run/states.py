"""What is up to date, and what is not and why; nothing heavy is imported to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lostudy.run import manifest
from lostudy.run.assemble import beside
from lostudy.run.cells import text_of
from lostudy.run.inventory import changed, touched, turned
from lostudy.run.kept import failures
from lostudy.run.outcome import NOTEBOOK
from lostudy.run.plan import Job, plan
from lostudy.run.unfinished import finished
from lostudy.study import Study
from lostudy.study.contents import DELIVERED, behind, whole_hashes

NEVER = "never run"
WAITS = "finished, waits for the next run"
TEXT = "text changed"  # nothing runs for it


@dataclass(frozen=True)
class Status:
    """A job and whether its output is up to date, and why not."""

    job: Job
    key: str
    why: str


def status(study: Study, jobs: list[Job], reports: Path, *, force: bool = False) -> list[Status]:
    """Which jobs are up to date; the tidy tables are taken as they are."""
    keys = manifest.keys_of(study, jobs)
    before, other = manifest.read_manifest(reports), changed(study.folder, reports)
    lost = turned(study.folder, jobs)
    found = []
    for job in jobs:
        key = keys[job.name]
        known = before.get(job.name)
        stands = (reports / job.stem / job.organisation / NOTEBOOK).exists()
        why = (
            NEVER
            if known is None or not stands
            else "changed"
            if known.key != key
            else "its files are not as they were made"
            if touched(job, other) or job in lost
            else "asked for"
            if force
            else TEXT
            if known.text != text_of(job.notebook)
            else ""
        )
        found.append(Status(replace(job, key=key), key, why))
    return found


def overview(study: Study) -> list[Status]:
    """The same of the whole plan, and whether the tidy tables are up to date themselves."""
    processed = study.folder / "data" / "processed"
    waiting = behind(study, processed)
    new = [name for name, why in waiting.items() if why == DELIVERED]
    there = {"all", *new, *whole_hashes(study, processed)}
    jobs = [job for job in plan(study) if job.organisation in there]
    reports = study.folder / "reports"
    tried, fresh = failures(study.folder), beside(reports)
    return [
        _cleaned(_tried(each, tried, study.folder, fresh), waiting)
        for each in status(study, jobs, reports)
    ]


def _tried(
    found: Status, tried: Mapping[str, list[str]], study_folder: Path, fresh: Path
) -> Status:
    """A state that also says what became of the last try, if that was of what stands here."""
    key, how = tried.get(found.job.name, ["", ""])
    if not found.why:
        return found
    if finished(study_folder, found.job, fresh):
        return replace(found, why=WAITS)
    return replace(found, why=f"failed: {how}") if key == found.key else found


def _cleaned(found: Status, waiting: Mapping[str, str]) -> Status:
    """A state that also says whether cleaning must come first."""
    job = found.job
    reasons = list(waiting.values()) if job.reads_all else [waiting.get(job.organisation, "")]
    first = next((why for why in reasons if why), "")
    return replace(found, why=first) if first and found.why != NEVER else found
