"""The command that does everything: its progress, how it ends, and what it says of what it did."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lostudy.cli.options import RawOption, StudyOption, declared_study, near
from lostudy.study import Study

if TYPE_CHECKING:
    from lostudy.run import Summary


class Engine(StrEnum):
    """What runs the cells of a notebook."""

    auto = "auto"
    warm = "warm"
    forked = "forked"
    kernel = "kernel"


class Executor(StrEnum):
    """Where notebooks run."""

    here = "here"
    dask = "dask"


def run(
    question: Annotated[str | None, typer.Option(help="Only this learning question.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Only this organisation.")] = None,
    wave: Annotated[str, typer.Option(help="Up to this wave.")] = "all",
    language: Annotated[str | None, typer.Option(help="nl or en; default: the study's.")] = None,
    jobs: Annotated[int, typer.Option(help="Notebooks at the same time.", min=1)] = 2,
    force: Annotated[bool, typer.Option("--force", help="Run what is up to date too.")] = False,
    engine: Annotated[
        Engine, typer.Option(help="Warm and forked start at once, on Linux; auto: warm there.")
    ] = Engine.auto,
    limit: Annotated[int, typer.Option(help="Seconds that a notebook may take.", min=1)] = 600,
    shard: Annotated[
        str | None, typer.Option(help="Only this part, such as 2/5, into data/shards.")
    ] = None,
    merge: Annotated[
        bool, typer.Option("--merge", help="Join the parts in data/shards into reports/.")
    ] = False,
    executor: Annotated[
        Executor, typer.Option(help="Run on this machine, or on a Dask cluster.")
    ] = Executor.here,
    scheduler: Annotated[str, typer.Option(help="The address of the Dask scheduler.")] = "",
    study: StudyOption = None,
    raw: RawOption = None,
) -> None:
    """Everything: check, clean, run the notebooks, write reports/. Only what changed.

    Example: lostudy run --question lq2 --organisation B
    """
    from lostudy.run import Shard, run_shard, run_study

    if (executor is Executor.dask) != bool(scheduler):
        raise typer.BadParameter("--executor dask and --scheduler ADDRESS go together")
    if shard is not None and (question or organisation or raw or merge or force):
        raise typer.BadParameter("--shard is a part of the whole plan; it stands alone")
    declared = declared_study(study)
    how: dict[str, Any] = {
        "wave": wave, "language": language, "workers": jobs, "engine": engine.value, "limit": limit,
        "scheduler": scheduler, "progress": Progress(),
    }  # fmt: skip
    what: dict[str, Any] = {
        "raw": raw, "question": question, "organisation": organisation, "force": force,
        "merging": merge,
    }  # fmt: skip
    try:
        with _ended_alike():
            if shard is not None:
                part = Shard.parse(shard)
                _print_shard(part.name, run_shard(declared, part, **how))
                return
            summary = run_study(declared, **what, **how)
    except (KeyboardInterrupt, _Ended) as stop:
        said = "the reports are those of before; what was finished is not run again"
        typer.echo(f"Interrupted: {said}.", err=True)
        raise typer.Exit(143 if isinstance(stop, _Ended) else 130) from None
    _print_summary(declared, summary)


class _Ended(BaseException):
    """Somebody ended the run: a batch system, or a machine that shuts down."""


@contextmanager
def _ended_alike() -> Iterator[None]:
    """A run that is ended (SIGTERM) stops as cleanly as one that is interrupted."""

    def stop(*_: object) -> None:
        raise _Ended

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_shard(name: str, summary: Summary) -> None:
    from lostudy.run import raise_failures

    raise_failures(summary)
    typer.echo(
        f"{len(summary.ran)} notebooks run, {len(summary.skipped)} were done: data/shards/{name}. "
        "Next: bring all parts into data/shards of one study and `lostudy run --merge` there."
    )


class Progress:
    """A line per finished job, with an estimate of the time that is left."""

    def __init__(self) -> None:
        import time

        self.clock = time.perf_counter
        self.start = self.clock()

    def __call__(self, name: str, outcome: Any, done: int, of: int) -> None:
        if outcome is None:
            typer.echo(f"  {name}", err=True)
            self.start = self.clock()
            return
        left = (self.clock() - self.start) / done * (of - done)
        state = f"FAILED ({outcome.failed})" if outcome.failed else "done"
        typer.echo(
            f"  [{done:>3}/{of}] {name:<24} {state:<8} {outcome.seconds:5.1f} s"
            f"   about {left:.0f} s left",
            err=True,
        )


def _print_summary(study: Study, summary: Summary) -> None:
    from lostudy.run import raise_failures
    from lostudy.run.cells import takes_parameters

    seconds = sum(outcome.seconds for outcome in summary.ran)
    typer.echo(
        f"{len(summary.ran)} notebooks run ({seconds:.0f} s of work), "
        f"{len(summary.skipped)} up to date, {len(summary.failed)} failed, "
        f"{summary.findings} findings."
    )
    if summary.retold:
        typer.echo(
            f"{len(summary.retold)} pages have the new text of their notebook; no cell was run."
        )
    for outcome in (each for each in summary.ran if each.left_out):
        cells = ", ".join(map(str, outcome.left_out))
        typer.echo(
            f"Left out of reports/{outcome.job.name}, because it was not protected: what cell "
            f"{cells} shows. The whole notebook stands under data/executed/."
        )
    for outcome in (each for each in summary.ran if each.strays):
        typer.echo(
            f"Left out of reports/{outcome.job.name}, because lostudy did not make it: "
            f"{', '.join(outcome.strays)}. Files of a notebook itself stand under data/executed/."
        )
    for path in dict.fromkeys(each.job.notebook for each in summary.ran):
        if not takes_parameters(path):
            typer.echo(
                f"notebooks/{path.name} has no cell with the tag `parameters`: it is not told for "
                "which organisation it runs, and shows the same for each."
            )
    silent = dict.fromkeys(each.job.notebook.name for each in summary.ran if each.unproven)
    if silent:
        typer.echo(
            f"No output of lostudy stands in what {', '.join(silent)} shows: nothing proves of "
            "which organisation its pages are."
        )
    raise_failures(summary)
    typer.echo(
        f"Open {near(study.folder / 'reports' / 'index.html')}. "
        "Next: `lostudy findings` lists the numbers by name."
    )
