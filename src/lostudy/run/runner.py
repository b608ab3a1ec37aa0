"""The whole run: clean, plan, run what changed, write the reports in one step, tell what happened.

The new reports are built beside the old ones and take their place at the end; an interruption leaves
the old reports. A notebook that fails leaves its last good output, marked stale.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lostudy.cleaning.freshness import ensure_clean
from lostudy.errors import Problem, RunError
from lostudy.findings.registry import read_lines, write_registry
from lostudy.publish import write_catalogue, write_page
from lostudy.run import manifest
from lostudy.run.engine import NOTEBOOK, Outcome
from lostudy.run.plan import Job, plan
from lostudy.run.pool import run_jobs
from lostudy.study import Study


OLD = ".old"


@dataclass(frozen=True)
class Status:
    """A job and whether its output is up to date, and why not."""

    job: Job
    key: str
    why: str


@dataclass(frozen=True)
class Summary:
    """What a run did."""

    ran: tuple[Outcome, ...]
    skipped: tuple[Job, ...]
    findings: int

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The jobs that failed."""
        return tuple(outcome for outcome in self.ran if outcome.failed)


def status(study: Study, jobs: list[Job], reports: Path, *, force: bool = False) -> list[Status]:
    """Which jobs are up to date; the tidy tables are taken as they are."""
    common = manifest.common_key(study)
    tables = manifest.table_hashes(study, study.folder / "data" / "processed")
    before = manifest.read_manifest(reports)
    found = []
    for job in jobs:
        key = manifest.job_key(job, common, tables)
        known = before.get(job.name)
        stands = (reports / job.stem / job.organisation / NOTEBOOK).exists()
        why = (
            "never run"
            if known is None or not stands
            else "changed"
            if known != key
            else "asked for"
            if force
            else ""
        )
        found.append(Status(job, key, why))
    return found


def run_study(
    study: Study,
    *,
    raw: Path | None = None,
    question: str | None = None,
    organisation: str | None = None,
    wave: str = "all",
    language: str | None = None,
    workers: int = 2,
    force: bool = False,
    engine: str = "auto",
    progress: Callable[[str, Outcome | None, int, int], None] = lambda *_: None,
) -> Summary:
    """Everything that changed since the last run; raises the study's or the data's errors before a kernel starts."""
    jobs = plan(study, question=question, organisation=organisation, wave=wave, language=language)
    every = plan(study, wave=wave, language=language)
    ensure_clean(
        study,
        study.folder / "data" / "processed",
        raw,
        progress=lambda name: progress(f"clean {name}", None, 0, len(jobs)),
    )
    reports = _mended(study.folder / "reports")
    delivered = set(manifest.table_hashes(study, study.folder / "data" / "processed"))
    jobs = [job for job in jobs if job.organisation in {"all", *delivered}]
    states = status(study, jobs, reports, force=force)
    todo = [each for each in states if each.why]
    if not todo and (reports / "index.html").exists():
        return Summary((), tuple(each.job for each in states), len(_kept_findings(reports, jobs)))
    fresh = reports.with_name(reports.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        return _build(
            study,
            states,
            todo,
            [job for job in every if job.organisation in {"all", *delivered}],
            reports,
            fresh,
            workers,
            engine,
            progress,
        )
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _build(
    study: Study,
    states: list[Status],
    todo: list[Status],
    every: list[Job],
    reports: Path,
    fresh: Path,
    workers: int,
    engine: str,
    progress: Callable[[str, Outcome | None, int, int], None],
) -> Summary:
    outcomes = []
    for outcome in run_jobs(
        [each.job for each in todo], study.folder, fresh, workers, engine=engine
    ):
        outcomes.append(outcome)
        progress(outcome.job.name, outcome, len(outcomes), len(todo))
    failed = {outcome.job.name for outcome in outcomes if outcome.failed}
    for outcome in (each for each in outcomes if each.failed):
        shutil.rmtree(fresh / outcome.job.stem / outcome.job.organisation, ignore_errors=True)
    keys = manifest.read_manifest(reports)
    keys.update({each.job.name: each.key for each in todo if each.job.name not in failed})
    _take_over(every, reports, fresh)
    standing = [job for job in every if (fresh / job.stem / job.organisation / NOTEBOOK).exists()]
    for job in standing:
        write_page(
            study, fresh / job.stem / job.organisation, job.stem, job.organisation, job.language
        )
    records = [
        record for job in standing for record in read_lines(fresh / job.stem / job.organisation)
    ]
    count = write_registry(fresh / "findings.json", records)
    names = {job.name for job in standing}
    manifest.write_manifest(
        fresh, {name: key for name, key in keys.items() if name in names and name not in failed}
    )
    write_catalogue(
        study, fresh, [(job.stem, job.organisation, job.language) for job in standing], stale=failed
    )
    _swap(fresh, reports)
    ran = {outcome.job.name for outcome in outcomes}
    return Summary(
        tuple(outcomes), tuple(each.job for each in states if each.job.name not in ran), count
    )


def _take_over(every: list[Job], reports: Path, fresh: Path) -> None:
    """What was not run again, or failed, comes from the old reports; files are linked, not copied."""
    for job in every:
        new, old = fresh / job.stem / job.organisation, reports / job.stem / job.organisation
        if not (new / NOTEBOOK).exists() and (old / NOTEBOOK).exists():
            shutil.rmtree(new, ignore_errors=True)
            shutil.copytree(old, new)
        elif not (new / NOTEBOOK).exists():
            shutil.rmtree(new, ignore_errors=True)


def _swap(fresh: Path, reports: Path) -> None:
    old = reports.with_name(reports.name + OLD)
    shutil.rmtree(old, ignore_errors=True)
    if reports.exists():
        reports.rename(old)
    fresh.rename(reports)
    shutil.rmtree(old, ignore_errors=True)


def _mended(reports: Path) -> Path:
    """The reports folder; where a run was cut off between its two renames, the old one is put back."""
    old = reports.with_name(reports.name + OLD)
    if old.exists() and not reports.exists():
        old.rename(reports)
    return reports


def _kept_findings(reports: Path, jobs: list[Job]) -> list[dict]:
    return [record for job in jobs for record in read_lines(reports / job.stem / job.organisation)]


def failure(outcome: Outcome) -> Problem:
    """A failed job as a problem: which cell, what kind of error, how to look at it."""
    cell = "" if outcome.cell is None else f", cell {outcome.cell + 1}"
    said = f": {outcome.said}" if outcome.said else ""
    look = f"data/failed/{outcome.job.stem}-{outcome.job.organisation}.failed.ipynb"
    cure = (
        f"open {look} (it may hold answers: keep it there), mend the cell, and `lostudy run` again"
    )
    return Problem(
        f"{outcome.failed}{cell}{said}",
        cure,
        f"notebooks/{outcome.job.notebook.name} ({outcome.job.organisation})",
    )


def raise_failures(summary: Summary) -> None:
    """RunError with every failed job, if there is one."""
    if summary.failed:
        raise RunError([failure(outcome) for outcome in summary.failed])
