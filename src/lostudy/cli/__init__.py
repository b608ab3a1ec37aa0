"""The commands: parse, call, print. Each says what it did and what to do next."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lostudy.cli.check import check
from lostudy.cli.codebook import codebook
from lostudy.cli.coding import coding
from lostudy.cli.disagreements import disagreements
from lostudy.cli.essay import essay
from lostudy.cli.findings import findings, trace
from lostudy.cli.kernel import kernel
from lostudy.cli.options import (
    JsonOption,
    RawOption,
    StudyOption,
    declared_study,
    deliveries_of,
    near,
)
from lostudy.cli.release import release
from lostudy.cli.scrub import scrub
from lostudy.errors import LostudyError
from lostudy.study import Study

if TYPE_CHECKING:
    from lostudy.run import Summary

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="From the deliveries of several organisations to the sentences of one essay."
    "\n\nExample: lostudy run",
)
app.command()(check)
app.command()(codebook)
app.command()(coding)
app.add_typer(essay)
app.command()(findings)
app.command()(kernel)
app.command()(trace)
app.command()(release)
app.command()(scrub)
app.command()(disagreements)


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


@app.command()
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


@app.command()
def clean(
    study: StudyOption = None,
    raw: RawOption = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Only make log and tables again, and compare.")
    ] = False,
    jobs: Annotated[int, typer.Option(help="Organisations at the same time.", min=1)] = 2,
) -> None:
    """Deliveries → data/processed/ with the log of every change.

    Example: lostudy clean
    """
    import pandas as pd

    from lostudy.cleaning import audit_study, flow, read_table
    from lostudy.cleaning.freshness import ensure_clean

    declared = declared_study(study)
    processed = declared.folder / "data" / "processed"
    if audit:
        proof = audit_study(declared, deliveries_of(declared, raw), processed)
        typer.echo(
            f"Tidy = raw + log: {proof.records} records, {proof.cells} cells and {proof.segments} "
            "segments were made again from the deliveries and the log, and the log from the "
            "deliveries; all are equal."
        )
        return
    made = ensure_clean(
        declared,
        processed,
        raw,
        force=True,
        workers=jobs,
        progress=lambda name: typer.echo(f"  cleaned {name}", err=True),
        told=lambda problem: typer.echo(f"{problem.severity:<7} {problem}", err=True),
    )
    counted = flow(read_table(declared, processed, "responses"), declared)
    with pd.option_context("display.width", 160):
        typer.echo(counted.to_string(index=False))
    typer.echo(
        f"{'Written and proven (tidy = raw + log)' if made else 'Up to date'}: {near(processed)} "
        "(about persons: it never leaves). Next: `lostudy run`."
    )


@app.command()
def status(study: StudyOption = None, as_json: JsonOption = False) -> None:
    """What is up to date, what is not, and why.

    Example: lostudy status
    """
    from lostudy.run import overview

    found = overview(declared_study(study))
    if as_json:
        typer.echo(
            json.dumps([{"job": each.job.name, "why": each.why} for each in found], indent=1)
        )
        return
    for each in found:
        typer.echo(f"{each.job.name:<24} {each.why or 'up to date'}")


@app.command()
def crosswalk(
    file: Annotated[Path, typer.Argument(help="A survey file as delivered.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to write; default: beside the file."),
    ] = None,
    study: StudyOption = None,
) -> None:
    """A filled-in crosswalk for a new delivery: columns found, likely items, unknown labels.

    Example: lostudy crosswalk data/raw/E/T0/survey.csv -o data/E-T0.csv
    """
    from lostudy.cleaning.template import write_template

    target = output or file.with_name(file.stem + "-crosswalk.csv")
    counts = write_template(declared_study(study), file, target)
    typer.echo(
        f"{counts['columns']} columns: {counts['matched']} named as an item, "
        f"{counts['suggested']} suggestions, {counts['unknown']} without one."
    )
    typer.echo(
        f"Written: {near(target)} (it lists the answer labels of the delivery: "
        "keep it with the data until filled in)."
    )
    typer.echo(
        "Next: fill in every target (or ignore with a note), take 'suggestion' out of what is "
        "right, and run `lostudy check`."
    )


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Where to write the deliveries.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 20250113,
    organisations: Annotated[
        int | None, typer.Option(help="A whole study like this one, of so many.", min=1)
    ] = None,
    study: StudyOption = None,
) -> None:
    """Simulated deliveries with known truths, as each tool writes them.

    Example: lostudy simulate /tmp/deliveries --seed 7
    """
    from lostudy.simulate import simulate_study, simulate_whole

    if organisations is not None:
        simulate_whole(declared_study(study), folder, seed, organisations)
        typer.echo(
            f"Written: {near(folder)}, a study of {organisations} organisations. "
            f"Next: `lostudy run --study {near(folder)}`."
        )
        return
    simulate_study(declared_study(study), folder, seed)
    typer.echo(
        f"Written: {near(folder)} with truths.json. Next: `lostudy run --raw {near(folder)}`."
    )


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    study: StudyOption = None,
) -> None:
    """A new study: a declaration, a codebook and notebooks to start from.

    Example: lostudy new my-study
    """
    from lostudy.study.start import start_study

    for path in start_study(folder):
        typer.echo(f"  {near(path)}")
    typer.echo(
        f"Next: fill in {near(folder / 'study.toml')} and codebook/items.csv, "
        f"then `lostudy check --study {near(folder)}`."
    )


def main() -> None:
    """The command line: our errors are shown without a traceback, with their exit code."""
    try:
        app(standalone_mode=True)
    except LostudyError as error:
        for problem in error.problems:
            typer.echo(f"error: {problem}", err=True)
        if len(error.problems) > 1:
            failed = error.exit_code == 13
            left = "the other reports stand" if failed else "nothing was written"
            typer.echo(f"{len(error.problems)} problems in all; {left}.", err=True)
        sys.exit(error.exit_code)
