"""The command that checks deliveries, or one file by itself, and writes the return letters."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lostudy.cli.options import (
    JsonOption,
    RawOption,
    StudyOption,
    declared_study,
    deliveries_of,
    near,
)
from lostudy.errors import Problem


def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="One survey file, looked at by itself: no study is needed."),
    ] = None,
    letters: Annotated[
        Path | None,
        typer.Option(help="Where return letters go; default: data/letters in the study."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="nl or en, of letters and of a single file.")
    ] = None,
    study: StudyOption = None,
    raw: RawOption = None,
    as_json: JsonOption = False,
) -> None:
    """Deliveries against the declaration: every problem as one row, never a value.

    Writes a return letter per organisation, with row numbers and without answers. With FILE it
    looks at one file alone, on the machine of who wants to send it.

    Example: lostudy check

    Example: lostudy check survey.csv
    """
    if file is not None:
        _check_file(file, language or "nl", as_json)
        return
    from lostudy.cleaning import clean_study, everything, look, write_letters

    declared = declared_study(study)
    folder = deliveries_of(declared, raw)
    cleaned = clean_study(declared, folder, None)
    problems = everything(cleaned)
    _print_problems(problems, as_json)
    target = letters or declared.folder / "data" / "letters"
    spoken = language or declared.about.language
    delivered, _ = look(declared, folder)
    written = write_letters(declared, delivered, cleaned, target, spoken)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        typer.echo(f"Errors: {len(errors)}; nothing was cleaned.", err=True)
    if not as_json:
        typer.echo(
            f"{len(written)} return letters in {near(target)}: row numbers and no answers; each "
            "may be sent to its own organisation."
        )
    if errors:
        raise typer.Exit(11)
    if not as_json:
        typer.echo(
            f"{len(cleaned)} of {len(declared.organisations)} organisations can be cleaned; "
            f"{len(problems)} repairs and notes. "
            "Next: `lostudy clean` or `lostudy run`."
        )


def _print_problems(problems: list[Problem], as_json: bool) -> None:
    if as_json:
        rows = [asdict(problem) for problem in problems]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for problem in problems:
        typer.echo(f"{problem.severity:<7} {problem}")


def _check_file(file: Path, language: str, as_json: bool) -> None:
    """One file by itself: what it is, and what to mend before it is sent."""
    from lostudy.cleaning.alone import look_at

    seen = look_at(file, language)
    if as_json:
        _print_problems(seen.problems, as_json)
    else:
        for line in seen.said:
            typer.echo(line)
    if seen.stops:
        raise typer.Exit(11)
