"""The command of the disclosure gate: attack, search, approve, copy."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lostudy.cli.options import JsonOption, RawOption, StudyOption, declared_study, near

if TYPE_CHECKING:
    from lostudy.run.release import Review


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

    declared = declared_study(study)
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
    typer.echo(f"Released to {near(folder)}; written down in {near(record)}.")


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
