"""One job: a notebook run by papermill, its outputs in a folder of its own."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from pathlib import Path

from lostudy.kernel import JUPYTER
from lostudy.kernel import NAME as FORKED
from lostudy.run.identity import facts_of
from lostudy.run.kept import CELL, UNFINISHED, failed, keep, under_way, whole
from lostudy.run.ledger import fresh_page
from lostudy.run.normalise import normalise
from lostudy.run.outcome import NOTEBOOK, Outcome
from lostudy.run.outputs import publishable, put_aside
from lostudy.run.plan import Job
from lostudy.run.trouble import in_words, told


def run_job(job: Job, study_folder: Path, folder: Path, engine: str, limit: int) -> Outcome:
    """Run a notebook into `folder`; when it fails, the notebook goes to data/failed."""
    from nbclient.exceptions import CellTimeoutError
    from papermill.exceptions import PapermillExecutionError

    start = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(fresh_page(study_folder, job), ignore_errors=True)
    target, place = folder / UNFINISHED, failed(study_folder, job)
    cell, said = None, ""
    try:
        with _environment(job, study_folder, folder, engine):
            _execute(job, study_folder, target, engine, limit)
        target.with_suffix(CELL).unlink(missing_ok=True)
        left_out, strays = _finish(job, study_folder, target)
    except PapermillExecutionError as error:
        what, cell = error.ename, error.cell_index
        said = error.evalue if error.ename in OURS else told(error.ename, error.evalue)
    except CellTimeoutError:
        what, cell = f"a cell took longer than {limit} seconds", under_way(target)
    except Exception as error:
        what, said = type(error).__name__, in_words(error)
    else:
        place.unlink(missing_ok=True)
        seconds = time.perf_counter() - start
        return Outcome(job, seconds, left_out=left_out, strays=strays)
    kept = keep(target, place)
    return Outcome(job, time.perf_counter() - start, what, cell, said, kept=kept)


def _execute(job: Job, study_folder: Path, target: Path, engine: str, limit: int) -> None:
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)  # parameters are told by the run
    papermill.execute_notebook(
        str(job.notebook),
        str(target),
        parameters=job.parameters,
        cwd=str(study_folder),
        kernel_name=FORKED if engine == "forked" else "python3",
        language="python",
        progress_bar=False,
        log_output=False,
        execution_timeout=limit,
        engine_name=_engine_name(engine),
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )


def _finish(
    job: Job, study_folder: Path, target: Path
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Give an executed notebook its final content, then its name: what has that name is whole.

    The cells and the files that are left out of the reports.
    """
    normalise(target, facts_of(job))
    fresh_page(study_folder, job).mkdir(parents=True, exist_ok=True)
    kept = whole(study_folder, job)
    left_out = publishable(target, kept, job.language)
    strays = put_aside(target.parent, UNFINISHED, kept.with_suffix(""))
    target.replace(target.with_name(NOTEBOOK))
    return left_out, strays


def _engine_name(engine: str) -> str | None:
    if engine != "warm":
        return None
    from lostudy.run.warm import register

    return register()


OURS = ("StudyError", "DataError", "DisclosureError", "RunError")


def _before(path: Path, name: str) -> str:
    """A folder before those that an environment variable names."""
    return os.pathsep.join(each for each in (str(path), os.environ.get(name)) if each)


class _environment:
    """What the kernel must know, for the time of one job."""

    def __init__(self, job: Job, study_folder: Path, folder: Path, engine: str) -> None:
        from lostudy.analysis.output import AUDIENCE, LEDGER, VARIABLE

        self.values = {
            VARIABLE: str(folder),
            LEDGER: str(fresh_page(study_folder, job)),
            AUDIENCE: job.audience,
            "LOSTUDY_NOTEBOOK": job.name,
            "LOSTUDY_STUDY": str(study_folder),
            "JUPYTER_PATH": _before(JUPYTER, "JUPYTER_PATH"),
            "PYTHONPATH": _before(job.notebook.parent, "PYTHONPATH"),
        }
        if engine == "warm":  # a kernel looks there by itself
            sys.path[:0] = [str(job.notebook.parent), str(study_folder)]

    def __enter__(self) -> None:
        self.before = {name: os.environ.get(name) for name in self.values}
        os.environ.update(self.values)

    def __exit__(self, *_: object) -> None:
        for name, value in self.before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
