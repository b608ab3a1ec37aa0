"""The command for one text of people: what points at somebody is taken out, the rest is listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lostudy.cli.options import JsonOption, StudyOption, declared_study, near
from lostudy.errors import Problem, StudyError


def scrub(
    file: Annotated[Path, typer.Argument(help="A text in UTF-8.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where the scrubbed text goes: a new file.")
    ] = None,
    study: StudyOption = None,
    as_json: JsonOption = False,
) -> None:
    """What in a text points at somebody, by kind, and where a person must still look.

    By form (addresses, numbers with a check, dates) and by the study's private list of names. Shown
    are numbers and lines, never the words; with --out the text is written with a word in brackets
    for each. What is listed for a person is in the written text as it was: look at those lines. A
    scrubbed text is not a safe text.

    Example: lostudy scrub data/notes.txt --out data/notes-scrubbed.txt
    """
    from lostudy.disclosure.text import private_names
    from lostudy.disclosure.text import scrub as scrubbed

    made = scrubbed(_text(file), private_names(declared_study(study)))
    lines = sorted(made.text.count("\n", 0, mark.start) + 1 for mark in made.queue)
    if out is not None:
        if out.exists():
            raise StudyError(Problem("the file to write exists", "name a new one", near(out)))
        out.write_text(made.text, encoding="utf-8")
    if as_json:
        typer.echo(json.dumps({"replaced": made.replaced, "look": lines}))
        return
    for kind, count in sorted(made.replaced.items()):
        typer.echo(f"{count:>5}  {kind}")
    where = ", ".join(map(str, dict.fromkeys(lines)))
    typer.echo(f"{len(lines)} words for a person to look at" + (f": line {where}" if lines else ""))
    typer.echo(f"Written: {near(out)}. A second reader clears it." if out else "Nothing written.")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        what, cure = "this text cannot be read", "give a file of plain text in UTF-8"
        raise StudyError(Problem(what, cure, near(file))) from None
