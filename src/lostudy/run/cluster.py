"""Jobs on the workers of a Dask scheduler, which see the study in the same folder.

Each worker keeps a process of its own with the imports done, from which its notebooks are forked. A
worker that dies takes its notebooks with it; the scheduler gives those jobs to another one.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import current_process
from pathlib import Path

from distributed import Client, as_completed

from lostudy.errors import Problem, RunError
from lostudy.run import manifest
from lostudy.run.outcome import NOTEBOOK, Outcome
from lostudy.run.plan import Job
from lostudy.run.pool import run_jobs

BESIDE, PATIENCE = "data/beside", 30  # seconds to wait for the scheduler


def run_jobs_on(
    scheduler: str, jobs: Sequence[Job], study_folder: Path, fresh: Path, *, engine: str, limit: int
) -> Iterator[Outcome]:
    """The outcome of each job as a worker ends it; raises RunError where nobody answers."""
    with _client(scheduler) as client:
        code = manifest.package_hash()
        beside = study_folder / BESIDE / uuid.uuid4().hex
        given = (study_folder, fresh, beside, engine, limit, code)
        futures = {client.submit(one, job, *given, pure=False): job for job in jobs}
        try:
            for future in as_completed(futures):
                job = futures[future]
                error = future.exception()
                yield Outcome(job, 0.0, type(error).__name__) if error else future.result()
        finally:
            client.cancel(list(futures), force=True)
            shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    try:
        client = Client(scheduler, timeout=PATIENCE)
    except OSError:
        cure = "start it (`dask scheduler`) or mend --scheduler"
        raise RunError(Problem(f"no Dask scheduler answers at {scheduler}", cure)) from None
    try:
        yield client
    finally:
        client.close()


def one(
    job: Job, study_folder: Path, fresh: Path, beside: Path, engine: str, limit: int, code: str
) -> Outcome:
    """Run a job on this worker, beside its place; what is whole is put there in one step."""
    if manifest.package_hash() != code:
        return Outcome(job, 0.0, "this worker has another version of lostudy")
    _may_have_children()
    own = beside / uuid.uuid4().hex
    outcome = next(run_jobs([job], study_folder, own, 1, engine=engine, limit=limit))
    if not outcome.failed:
        _place(own / job.name, fresh / job.name)
    return replace(outcome, job=job)


def _place(made: Path, place: Path) -> None:
    """Two workers may have made the same: the first stays, for they are equal."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not (place / NOTEBOOK).exists():
        shutil.rmtree(place, ignore_errors=True)
        shutil.move(made, place)


def _may_have_children() -> None:
    """A worker under a nanny may have no processes; ours end with it, whatever happens to it."""
    current_process()._config["daemon"] = False  # type: ignore[attr-defined]
