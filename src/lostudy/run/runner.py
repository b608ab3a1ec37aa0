"""The whole run: clean, plan, run what changed, write the reports in one step, tell what happened.

A notebook that fails leaves its last good output, marked stale.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lostudy.errors import Problem, RunError
from lostudy.findings.registry import read_registry
from lostudy.run.alone import alone, check_writable
from lostudy.run.assemble import assemble, beside, mended, swap
from lostudy.run.cells import matches
from lostudy.run.identity import proof, unproven
from lostudy.run.inventory import changed
from lostudy.run.kept import FAILED, remember, sweep
from lostudy.run.machines import Machines
from lostudy.run.manifest import read_manifest
from lostudy.run.outcome import NOTEBOOK, Outcome
from lostudy.run.plan import Job, plan
from lostudy.run.pool import LIMIT
from lostudy.run.shards import FOLDER as SHARDS
from lostudy.run.shards import REPORTS as SHARD_REPORTS
from lostudy.run.shards import Shard, merge, put_away
from lostudy.run.states import TEXT, status
from lostudy.run.trouble import told_in_words
from lostudy.run.unfinished import resume
from lostudy.study import Study
from lostudy.study.contents import tidy_is_current, whole_hashes

Progress = Callable[[str, Outcome | None, int, int], None]
IDENTITY = "it does not prove whose it is"


@dataclass(frozen=True)
class Summary:
    """What a run did; `retold` are the jobs of which only the text was renewed."""

    ran: tuple[Outcome, ...]
    skipped: tuple[Job, ...]
    findings: int
    retold: tuple[Job, ...] = ()

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The jobs that failed."""
        return tuple(outcome for outcome in self.ran if outcome.failed)


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
    limit: int = LIMIT,
    scheduler: str = "",
    merging: bool = False,
    progress: Progress = lambda *_: None,
) -> Summary:
    """Run what changed since the last run; what is wrong is raised before a notebook starts.

    `limit`: the seconds that a notebook may take. `scheduler`: the address of a Dask scheduler.
    `merging`: take the parts that `run_shard` made instead of running anything.
    """
    machines = Machines(workers, engine, limit, scheduler)
    jobs = plan(study, question=question, organisation=organisation, wave=wave, language=language)
    every = plan(study, wave=wave, language=language)
    check_writable(study.folder, study.folder / "reports")
    with alone(study.folder), told_in_words():
        return _run(study, jobs, every, raw, force, machines, merging, progress)


def run_shard(
    study: Study,
    shard: Shard,
    *,
    wave: str = "all",
    language: str | None = None,
    workers: int = 2,
    engine: str = "auto",
    limit: int = LIMIT,
    scheduler: str = "",
    progress: Progress = lambda *_: None,
) -> Summary:
    """Run one part of the whole plan into data/shards; `run_study(merging=True)` joins the parts.

    Raises RunError where the tidy tables are not up to date: parts that run at the same time cannot
    each make them.
    """
    if not tidy_is_current(study, study.folder / "data" / "processed"):
        cure = "run `lostudy clean` once before the parts"
        raise RunError(Problem("the tidy tables are not up to date", cure, "data/processed"))
    machines = Machines(workers, engine, limit, scheduler)
    fresh = study.folder / SHARDS / shard.name / SHARD_REPORTS
    with alone(study.folder, shared=True), told_in_words():
        fresh.mkdir(parents=True, exist_ok=True)
        jobs = shard.part(_delivered(study, plan(study, wave=wave, language=language)))
        keyed = [each.job for each in status(study, jobs, fresh, force=True)]
        resumed, outcomes = _make(study, keyed, fresh, machines, progress)
        good = [*resumed, *(each.job for each in outcomes if not each.failed)]
        put_away(study.folder, shard, good)
    return Summary(tuple(outcomes), resumed, 0)


def _make(
    study: Study, jobs: list[Job], fresh: Path, machines: Machines, progress: Progress
) -> tuple[tuple[Job, ...], list[Outcome]]:
    """The jobs that a run which was cut off had finished, and how the others went."""
    resumed = tuple(resume(study.folder, jobs, fresh))
    waiting = [job for job in jobs if job not in resumed]
    waiting.sort(key=lambda job: job.organisation != "all")  # the longest first
    outcomes: list[Outcome] = []
    for outcome in machines.run(waiting, study.folder, fresh):
        outcomes.append(outcome)
        progress(outcome.job.name, outcome, len(outcomes), len(waiting))
    return resumed, _proven(study, outcomes, resumed, fresh)


def _delivered(study: Study, jobs: list[Job]) -> list[Job]:
    """The jobs for which something was delivered."""
    there = {"all", *whole_hashes(study, study.folder / "data" / "processed")}
    return [job for job in jobs if job.organisation in there]


def _run(
    study: Study,
    jobs: list[Job],
    every: list[Job],
    raw: Path | None,
    force: bool,
    machines: Machines,
    merging: bool,
    progress: Progress,
) -> Summary:
    """Clean, run what changed and put the new reports in place."""
    _ensure_clean(
        study, raw, machines.workers, lambda name: progress(f"cleaned {name}", None, 0, len(jobs))
    )
    reports = mended(study.folder / "reports")
    states = status(study, _delivered(study, jobs), reports, force=force or merging)
    retold = [each.job for each in states if each.why == TEXT and _matches(each.job, reports)]
    todo = [each for each in states if each.why and each.job not in retold]
    fresh_enough = tuple(each.job for each in states if not each.why)
    every = _delivered(study, every)
    gone = {*read_manifest(reports)} - {job.name for job in every}
    if not (todo or retold or gone or changed(study.folder, reports)):
        return Summary((), fresh_enough, len(read_registry(reports)))
    fresh = beside(reports)
    if fresh.is_symlink():
        fresh.unlink()
    fresh.mkdir(parents=True, exist_ok=True)
    wanted = [each.job for each in todo]
    if force or merging:
        resume(study.folder, [], fresh)
    if merging:
        merge(study.folder, wanted, fresh)
    resumed, outcomes = _make(study, wanted, fresh, machines, progress)
    remember(study.folder, outcomes, every)
    findings = assemble(study, wanted, outcomes, every, reports, fresh, retold)
    swap(fresh, reports)
    sweep(study.folder, every)
    return Summary(tuple(outcomes), (*fresh_enough, *resumed), findings, tuple(retold))


def _matches(job: Job, reports: Path) -> bool:
    return matches(reports / job.name / NOTEBOOK, job.notebook)


def _proven(
    study: Study, outcomes: list[Outcome], resumed: Sequence[Job], fresh: Path
) -> list[Outcome]:
    """The outcomes; a notebook that is not the one it stands for has failed."""
    made = [*resumed, *(each.job for each in outcomes if not each.failed)]
    wrong, silent = proof(study, made, fresh), unproven(made, fresh)
    lost = [job for job in resumed if job.name in wrong]
    known = [*outcomes, *(Outcome(job, 0.0) for job in lost)]
    told = [replace(each, unproven=each.job.name in silent) for each in known]
    return [
        replace(each, failed=IDENTITY, said=wrong[each.job.name].what)
        if each.job.name in wrong
        else each
        for each in told
    ]


def _ensure_clean(
    study: Study, raw: Path | None, workers: int, progress: Callable[[str], None]
) -> None:
    """Clean unless that was done; what cleans is imported only when there is something to do."""
    processed = study.folder / "data" / "processed"
    if tidy_is_current(study, processed, raw):
        return
    from lostudy.cleaning.freshness import ensure_clean

    ensure_clean(study, processed, raw, workers=workers, progress=progress)


def failure(outcome: Outcome) -> Problem:
    """A failed job as a problem: which cell, what kind of error, how to look at it."""
    cell = "" if outcome.cell is None else f", cell {outcome.cell + 1}"
    said = f": {outcome.said}" if outcome.said else ""
    look = f"{FAILED}/{outcome.job.stem}-{outcome.job.organisation}.failed.ipynb"
    first = f"open {look} (it may hold answers: keep it there), " if outcome.kept else ""
    part = "notebook" if outcome.cell is None else "cell"
    return Problem(
        f"{outcome.failed}{cell}{said}",
        f"{first}mend the {part}, and `lostudy run` again",
        f"notebooks/{outcome.job.notebook.name} ({outcome.job.organisation})",
    )


def raise_failures(summary: Summary) -> None:
    """RunError with every failed job, if there is one."""
    if summary.failed:
        raise RunError([failure(outcome) for outcome in summary.failed])
