"""Where notebooks run: in processes of this machine, or on the workers of a Dask scheduler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lostudy.errors import Problem, RunError
from lostudy.run.outcome import Outcome
from lostudy.run.plan import Job
from lostudy.run.pool import LIMIT, run_jobs


@dataclass(frozen=True)
class Machines:
    """How many notebooks at a time, with which engine, for how many seconds at most each.

    `scheduler`: the address of a Dask scheduler whose workers see the study in the same folder.
    """

    workers: int = 2
    engine: str = "auto"
    limit: int = LIMIT
    scheduler: str = ""

    def run(self, jobs: Sequence[Job], study_folder: Path, fresh: Path) -> Iterator[Outcome]:
        """The outcome of each job as it ends."""
        if not jobs:
            return iter(())
        if not self.scheduler:
            return run_jobs(
                jobs, study_folder, fresh, self.workers, engine=self.engine, limit=self.limit
            )
        try:
            from lostudy.run.cluster import run_jobs_on
        except ImportError:
            cure = "install it: pip install 'lostudy[dask]'"
            raise RunError(Problem("Dask is not installed", cure)) from None
        return run_jobs_on(
            self.scheduler, jobs, study_folder, fresh, engine=self.engine, limit=self.limit
        )
