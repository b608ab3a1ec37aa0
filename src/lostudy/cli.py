"""The commands: parse, call, print. Each says what it did and what to do next."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lostudy.errors import LostudyError
from lostudy.study import Study, find_study, load_study

if TYPE_CHECKING:
    from lostudy.run import Summary
    from lostudy.run.release import Review

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="From the deliveries of several organisations to the sentences of one essay."
    "\n\nExample: lostudy run",
)
StudyOption = Annotated[
    Path | None,
    typer.Option("--study", help="The study's folder; default: the nearest study.toml upward."),
]
RawOption = Annotated[
    Path | None,
    typer.Option("--raw", help="The folder of deliveries; default: data/raw in the study."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="For a machine to read.")]


def _study(folder: Path | None) -> Study:
    return load_study(folder if folder is not None else find_study())


def _deliveries(study: Study, raw: Path | None) -> Path:
    return raw if raw is not None else study.folder / "data" / "raw"


@app.command()
def run(
    question: Annotated[str | None, typer.Option(help="Only this learning question.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Only this organisation.")] = None,
    wave: Annotated[str, typer.Option(help="Up to this wave.")] = "all",
    language: Annotated[str | None, typer.Option(help="nl or en; default: the study's.")] = None,
    jobs: Annotated[int, typer.Option(help="Notebooks at the same time.", min=1)] = 2,
    force: Annotated[bool, typer.Option("--force", help="Run what is up to date too.")] = False,
    engine: Annotated[str, typer.Option(help="auto, warm (Linux) or kernel.")] = "auto",
    study: StudyOption = None,
    raw: RawOption = None,
) -> None:
    """Everything: check, clean, run the notebooks, write reports/. Only what changed.

    Example: lostudy run --question lq2 --organisation B
    """
    from lostudy.run import run_study

    declared = _study(study)
    try:
        summary = run_study(
            declared,
            raw=raw,
            question=question,
            organisation=organisation,
            wave=wave,
            language=language,
            workers=jobs,
            force=force,
            engine=engine,
            progress=Progress(),
        )
    except KeyboardInterrupt:
        typer.echo("Interrupted: the reports are those of before.", err=True)
        raise typer.Exit(130) from None
    _print_summary(declared, summary)


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

    seconds = sum(outcome.seconds for outcome in summary.ran)
    typer.echo(
        f"{len(summary.ran)} notebooks run ({seconds:.0f} s of work), "
        f"{len(summary.skipped)} up to date, {len(summary.failed)} failed, "
        f"{summary.findings} findings."
    )
    for outcome in (each for each in summary.ran if each.left_out):
        cells = ", ".join(map(str, outcome.left_out))
        typer.echo(
            f"Left out of reports/{outcome.job.name}, because it was not protected: what cell "
            f"{cells} shows. The whole notebook stands under data/executed/."
        )
    raise_failures(summary)
    typer.echo(
        f"Open {_near(study.folder / 'reports' / 'index.html')}. "
        "Next: `lostudy findings` lists the numbers by name."
    )


def _near(path: Path) -> str:
    """A path as seen from here, where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@app.command()
def check(study: StudyOption = None, raw: RawOption = None, as_json: JsonOption = False) -> None:
    """Deliveries against the declaration: every problem as one row, never a value.

    Example: lostudy check
    """
    from lostudy.cleaning import clean_study

    declared = _study(study)
    cleaned = clean_study(declared, _deliveries(declared, raw), None)
    problems = [problem for each in cleaned for problem in each.problems]
    if as_json:
        typer.echo(
            json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=1)
        )
    else:
        for problem in problems:
            typer.echo(f"{problem.severity:<7} {problem}")
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        typer.echo(f"Errors: {len(errors)}; nothing was written.", err=True)
        raise typer.Exit(11)
    if not as_json:
        typer.echo(
            f"{len(cleaned)} of {len(declared.organisations)} organisations can be cleaned; "
            f"{len(problems)} repairs and notes. "
            "Next: `lostudy clean` or `lostudy run`."
        )


@app.command()
def clean(study: StudyOption = None, raw: RawOption = None) -> None:
    """Deliveries → data/processed/ with the log of every change.

    Example: lostudy clean
    """
    import pandas as pd

    from lostudy.cleaning import flow, read_table
    from lostudy.cleaning.freshness import ensure_clean

    declared = _study(study)
    processed = declared.folder / "data" / "processed"
    made = ensure_clean(
        declared,
        processed,
        raw,
        force=True,
        progress=lambda name: typer.echo(f"  cleaning {name}", err=True),
        told=lambda problem: typer.echo(f"{problem.severity:<7} {problem}", err=True),
    )
    counted = flow(read_table(declared, processed, "responses"), declared)
    with pd.option_context("display.width", 160):
        typer.echo(counted.to_string(index=False))
    typer.echo(
        f"{'Written' if made else 'Up to date'}: {_near(processed)} "
        "(about persons: it never leaves). Next: `lostudy run`."
    )


@app.command()
def status(study: StudyOption = None, as_json: JsonOption = False) -> None:
    """What is up to date, what is not, and why.

    Example: lostudy status
    """
    from lostudy.run import plan
    from lostudy.run.manifest import table_hashes
    from lostudy.run.runner import status as states

    declared = _study(study)
    cleaned = table_hashes(declared, declared.folder / "data" / "processed")
    jobs = [job for job in plan(declared) if job.organisation in {"all", *cleaned}]
    found = states(declared, jobs, declared.folder / "reports")
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

    Example: lostudy crosswalk data/raw/E/T0/survey.csv -o codebook/crosswalk/E-T0.csv
    """
    from lostudy.cleaning.template import write_template

    target = output or file.with_name(file.stem + "-crosswalk.csv")
    counts = write_template(_study(study), file, target)
    typer.echo(
        f"{counts['columns']} columns: {counts['matched']} named as an item, "
        f"{counts['suggested']} suggestions, {counts['unknown']} without one."
    )
    typer.echo(
        f"Written: {_near(target)} (it lists the answer labels of the delivery: "
        "keep it with the data until filled in)."
    )
    typer.echo(
        "Next: fill in every target (or ignore with a note), take 'suggestion' out of what is "
        "right, and run `lostudy check`."
    )


@app.command()
def findings(
    name: Annotated[
        str | None, typer.Argument(help="A finding, or the beginning of names.")
    ] = None,
    diff: Annotated[
        str | None, typer.Option(help="An earlier findings.json, or a git revision.")
    ] = None,
    study: StudyOption = None,
    as_json: JsonOption = False,
) -> None:
    """The numbers by name; what changed since, in words.

    Example: lostudy findings lq2.VA
    """
    from lostudy.findings.registry import chosen, compare, earlier_registry, read_registry

    declared = _study(study)
    records = read_registry(declared.folder / "reports")
    if diff is not None:
        lines = compare(earlier_registry(declared.folder, diff), records, declared.about.language)
        typer.echo("\n".join(lines) if lines else "Nothing changed.")
        return
    kept = chosen(records, name)
    if as_json:
        typer.echo(json.dumps(list(kept.values()), ensure_ascii=False, indent=1))
        return
    text = f"text_{declared.about.language}"
    for key, record in kept.items():
        typer.echo(
            f"{key:<40} {record[text]}{'  [' + record['status'] + ']' if record['status'] else ''}"
        )


@app.command()
def release(
    folder: Annotated[Path, typer.Argument(help="An empty folder: what passes is copied there.")],
    organisation: Annotated[
        str | None, typer.Option(help="This organisation's own report instead of the public ones.")
    ] = None,
    approve: Annotated[
        str | None, typer.Option(help="Your first and last name: you looked at these files.")
    ] = None,
    accept: Annotated[
        str | None, typer.Option(help="The code of a problem that you accept, with --reason.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why a problem is accepted.")] = "",
    besides: Annotated[
        list[Path] | None, typer.Option("--with", help="Another file to release: a document.")
    ] = None,
    study: StudyOption = None,
    raw: RawOption = None,
    as_json: JsonOption = False,
) -> None:
    """The disclosure gate: attack the whole release, search every file, then copy what passed.

    Example: lostudy release published --approve "Ada Lovelace"
    """
    from lostudy.run.approvals import approve as written
    from lostudy.run.approvals import code_of, names_for
    from lostudy.run.release import PUBLIC, review
    from lostudy.run.release import release as copied

    declared = _study(study)
    if accept is not None:
        written(declared, accept, approve or "", reason)
    found = review(declared, organisation or PUBLIC, besides or (), raw)
    if approve is not None and accept is None and not found.problems:
        written(declared, found.content, approve)
    if as_json:
        problems = [{"code": code_of(each), **asdict(each)} for each in found.problems]
        typer.echo(json.dumps({**found.facts, "problems": problems}, ensure_ascii=False, indent=1))
    else:
        _print_review(found, names_for(declared, found.content))
    if found.problems:
        raise typer.Exit(12)
    if len(names_for(declared, found.content)) < 2:
        typer.echo("Nothing was released: two persons must approve this content.", err=True)
        raise typer.Exit(12)
    record = copied(declared, found, folder)
    typer.echo(f"Released to {_near(folder)}; written down in {_near(record)}.")


def _print_review(found: Review, names: list[str]) -> None:
    """The review in words: what would leave, what is hidden, what is wrong, who approved."""
    from lostudy.run.approvals import code_of

    hidden = ", ".join(f"{kind} {count}" for kind, count in found.hidden.items()) or "none"
    typer.echo(f"{len(found.files)} files for {found.audience}. Rows hidden: {hidden}.")
    typer.echo(f"policy {found.policy} · ledger {found.ledger} · content {found.content}")
    for problem, reason in found.waived:
        typer.echo(f"accepted [{code_of(problem)}] {problem.what}. Because: {reason}")
    for problem in found.problems:
        typer.echo(f"[{code_of(problem)}] {problem}", err=True)
    if found.problems:
        typer.echo(f"{len(found.problems)} problems; nothing was released.", err=True)
    else:
        typer.echo(f"Nothing found. Approved by: {', '.join(names) or 'nobody yet'}.")


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Where to write the deliveries.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 20250113,
    study: StudyOption = None,
) -> None:
    """Simulated deliveries with known truths, as each tool writes them.

    Example: lostudy simulate /tmp/deliveries --seed 7
    """
    from lostudy.simulate import simulate_study

    simulate_study(_study(study), folder, seed)
    typer.echo(
        f"Written: {_near(folder)} with truths.json. Next: `lostudy run --raw {_near(folder)}`."
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
        typer.echo(f"  {_near(path)}")
    typer.echo(
        f"Next: fill in {_near(folder / 'study.toml')} and codebook/items.csv, "
        f"then `lostudy check --study {_near(folder)}`."
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


if __name__ == "__main__":
    main()
