"""The command for coders who meet: where they part, with both passages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lostudy.cli.options import StudyOption, declared_study, near
from lostudy.errors import Problem, StudyError


def disagreements(
    question: Annotated[
        str | None, typer.Option(help="Only the themes of this learning question.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Where the list goes; default data/disagreements.csv."),
    ] = None,
    study: StudyOption = None,
) -> None:
    """Each place where two coders of one conversation part, as a table for a meeting of coders.

    It holds what people said: it is written under data/, which never leaves. A list that stands
    there is replaced.

    Example: lostudy disagreements --question lq2
    """
    from lostudy.analysis import View
    from lostudy.analysis.disagreements import parted
    from lostudy.cleaning.freshness import ensure_clean

    declared = declared_study(study)
    data = declared.folder / "data"
    target = (out or data / "disagreements.csv").resolve()
    if not target.is_relative_to(data.resolve()):
        what, cure = "a list of what people said outside data/", "name a file under data/"
        raise StudyError(Problem(what, cure, near(target)))
    ensure_clean(declared, data / "processed")
    view = View(declared, "all", "all", declared.about.language)
    table = parted(view.question(question) if question else view)
    target.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(target, index=False, encoding="utf-8-sig", lineterminator="\n")
    for kind, count in table["kind"].value_counts().items():
        typer.echo(f"{count:>5}  {kind}")
    typer.echo(
        f"{len(table)} places in {table['interview'].nunique()} conversations. "
        f"Written: {near(target)} (what people said: it never leaves)."
    )
