"""Jobs side by side, each in a process of its own: a crash or a hang of one touches no other."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import (
    current_process,
    forkserver,
    get_context,
    parent_process,
    set_start_method,
)
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from lostudy.kernel.forking import SINGLE
from lostudy.run.kept import UNFINISHED, failed, keep_half, under_way
from lostudy.run.outcome import Outcome
from lostudy.run.plan import Job

LIMIT = 600
STUDY = "LOSTUDY_STUDY"


@dataclass
class Running:
    """A job under way."""

    job: Job
    process: BaseProcess
    answer: Connection
    since: float
    unfinished: Path
    place: Path


def run_jobs(
    jobs: Sequence[Job],
    study_folder: Path,
    fresh: Path,
    workers: int,
    *,
    engine: str = "auto",
    limit: int = LIMIT,
) -> Iterator[Outcome]:
    """The outcome of each job as it ends; interrupting kills what is under way.

    `engine`: "warm" (in a process forked from one with the imports done; Linux), "forked" (in a
    kernel forked from such a process; Linux), "kernel" (papermill's own), or "auto".
    """
    chosen = ("warm" if sys.platform == "linux" else "kernel") if engine == "auto" else engine
    context = _context(chosen, study_folder)
    waiting = list(jobs)
    running: list[Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < max(1, workers):
                running.append(_start(context, waiting.pop(0), study_folder, fresh, chosen, limit))
            yield from _finished(running, limit)
    finally:
        for each in running:
            _kill(each.process)


def _context(engine: str, study_folder: Path) -> ForkServerContext | SpawnContext:
    """Where processes come from: a preloaded server on Linux, else fresh ones."""
    os.environ.update({name: os.environ.get(name, value) for name, value in SINGLE.items()})
    if engine != "warm":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["lostudy.run.preload"])
    before = os.environ.get(STUDY)
    os.environ[STUDY] = str(study_folder)
    forkserver.ensure_running()
    os.environ.update({} if before is None else {STUDY: before})
    if before is None:
        del os.environ[STUDY]
    return context


def _start(
    context: ForkServerContext | SpawnContext,
    job: Job,
    study_folder: Path,
    fresh: Path,
    engine: str,
    limit: int,
) -> Running:
    answer, tell = context.Pipe(duplex=False)
    folder = fresh / job.stem / job.organisation
    process = context.Process(target=_work, args=(job, study_folder, folder, engine, limit, tell))
    with _no_interrupt():
        process.start()
    tell.close()
    unfinished, place = folder / UNFINISHED, failed(study_folder, job)
    return Running(job, process, answer, time.monotonic(), unfinished, place)


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ctrl-C is for this process alone: what is started here does not see it; we kill it."""
    if threading.current_thread() is not threading.main_thread():
        yield  # a worker of a cluster: the signal does not reach it
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _work(
    job: Job,
    study_folder: Path,
    folder: Path,
    engine: str,
    limit: int,
    tell: Connection,
) -> None:
    from lostudy.run.engine import run_job

    _follow_parent()
    set_start_method(None, force=True)  # what a notebook starts, it starts as anywhere else
    current_process().name = "MainProcess"
    if engine == "warm":
        from lostudy.run.preload import THREADS

        engine = "warm" if THREADS == 1 else "kernel"
    tell.send(run_job(job, study_folder, folder, engine, limit))
    tell.close()
    os._exit(0)  # threads that a notebook left running are not waited for


def _follow_parent() -> None:
    """End with the run, however that ends; what a notebook starts ends with its process."""
    if sys.platform != "linux":
        return
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)


def _kill(process: BaseProcess) -> None:
    """End a job's process and what it started."""
    if sys.platform == "linux" and process.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()


def _finished(running: list[Running], limit: int) -> Iterator[Outcome]:
    """Outcomes of what ended, or of what took too long, since the last look."""
    wait([each.answer for each in running], timeout=1.0)
    for each in list(running):
        if each.answer.poll():
            yield _outcome(each)
            _kill(each.process)
        elif time.monotonic() - each.since > limit + 5:
            _kill(each.process)
            yield _cut_off(each, f"it took longer than {limit} seconds")
        elif each.process.is_alive():
            continue
        else:
            yield _outcome(each)
        each.process.join()
        each.answer.close()
        running.remove(each)


def _outcome(each: Running) -> Outcome:
    try:
        return each.answer.recv()
    except EOFError:
        each.process.join()
        code = each.process.exitcode
        how = (
            f"its process ended with signal {-code}"
            if code is not None and code < 0
            else f"its process ended with code {code}"
        )
        return _cut_off(each, how)


def _cut_off(each: Running, how: str) -> Outcome:
    """How a job went that could not tell it itself; its notebook says in which cell it was."""
    cell = under_way(each.unfinished)
    kept = keep_half(each.unfinished, each.place)
    return Outcome(each.job, time.monotonic() - each.since, how, cell, kept=kept)
