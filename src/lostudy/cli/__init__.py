"""The commands: parse, call, print. Each says what it did and what to do next."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

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
from lostudy.cli.run import run
from lostudy.cli.scrub import scrub
from lostudy.errors import LostudyError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="From the deliveries of several organisations to the sentences of one essay."
    "\n\nExample: lostudy run",
)
app.command()(run)
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
