"""The commands for authors: blocks to copy from, check, refresh and release a document."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lostudy.cli.altered import altered, tell_altered
from lostudy.cli.options import JsonOption, StudyOption, declared_study, near
from lostudy.errors import DisclosureError, DocumentError, Problem, StudyError
from lostudy.study import Study

if TYPE_CHECKING:
    from lostudy.publish.states import Report

essay = typer.Typer(
    name="essay",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Findings in a Word, Markdown, Quarto or LaTeX document: put in, checked, refreshed."
    "\n\nExample: lostudy essay check essay/essay.docx",
)
FileArgument = Annotated[Path, typer.Argument(help="A .docx, .md, .qmd or .tex file.")]


def _spoken(language: str | None) -> str | None:
    if language not in (None, "nl", "en"):
        raise typer.BadParameter("nl or en")
    return language


LanguageOption = Annotated[
    str | None,
    typer.Option(
        help="nl or en: the language of the document; default: the study's.", callback=_spoken
    ),
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write.")]
NEEDS_ATTENTION, WITHDRAWN = 14, 12


@essay.command()
def blocks(
    output: OutputOption = None,
    question: Annotated[str | None, typer.Option(help="Only this learning question.")] = None,
    language: LanguageOption = None,
    study: StudyOption = None,
) -> None:
    """A Word document to copy from: every number, figure, table, quote and claim with its name.

    Example: lostudy essay blocks -o bouwstenen.docx
    """
    from lostudy.findings.registry import read_registry
    from lostudy.publish.wish import put, require_place
    from lostudy.publish.word.blocks import write_blocks
    from lostudy.publish.word.package import require_closed

    declared = declared_study(study)
    reports = declared.folder / "reports"
    known = [each.id for each in declared.questions]
    if question is not None and question not in known:
        cure = f"it has {', '.join(known)}"
        raise StudyError(Problem(f"the study has no question '{question}'", cure))
    target = output or Path("bouwstenen.docx")
    spoken = language or declared.about.language
    require_place(target)
    require_closed(target)
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "blocks.docx"
        count = write_blocks(declared, read_registry(reports), reports, made, spoken, question)
        _kept(put(made, target))
    typer.echo(f"{count} findings. Written: {near(target)}. Next: copy what you need, or type its")
    typer.echo("name between double braces in your own document, and `lostudy essay refresh` it.")


@essay.command()
def check(
    file: FileArgument,
    strict: Annotated[
        bool, typer.Option("--strict", help="Hand edits, rewordings and tokens fail too.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="List what is fine, and unused findings, too.")
    ] = False,
    language: LanguageOption = None,
    study: StudyOption = None,
    as_json: JsonOption = False,
) -> None:
    """What became of each finding in a document. Exit code 14: something needs attention.

    Example: lostudy essay check essay/essay.docx --strict
    """
    from lostudy.findings.registry import read_registry
    from lostudy.publish.document import check_document

    declared = declared_study(study)
    reports, spoken = declared.folder / "reports", language or declared.about.language
    records = read_registry(reports)
    report = check_document(file, records, reports, spoken)
    tell_altered(declared, records, (row.id for row in report.rows))
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        _tell(report, spoken, everything)
    _stop(report, strict)


@essay.command()
def refresh(
    file: FileArgument,
    output: OutputOption = None,
    comments: Annotated[
        bool, typer.Option("--comments/--no-comments", help="A comment beside what changed.")
    ] = True,
    force: Annotated[
        list[str] | None, typer.Option(help="Overwrite hand edits of this finding (* for any).")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option(help="This claim's sentence was reworded, and is right.")
    ] = None,
    language: LanguageOption = None,
    study: StudyOption = None,
) -> None:
    """Put findings in the place of tokens and renew what went stale; hand edits stay.

    Example: lostudy essay refresh essay/essay.docx
    """
    from lostudy.findings.registry import read_registry
    from lostudy.publish.document import refresh_document
    from lostudy.publish.wish import Wish

    declared = declared_study(study)
    reports, spoken = declared.folder / "reports", language or declared.about.language
    wish = Wish(spoken, comments, tuple(force or ()), tuple(accept or ()))
    records = read_registry(reports)
    done = refresh_document(file, records, reports, wish, output)
    tell_altered(declared, records, (row.id for row in done.report.rows))
    for change in done.changes:
        before = f"{change.before} → " if change.before else ""
        typer.echo(f"{change.did:<9} {change.id} ({change.where}): {before}{_line(change.after)}")
    kept = f" A copy of before: {near(done.backup)}." if done.backup else ""
    typer.echo(f"{len(done.changes)} places written in {near(output or file)}.{kept}")
    _tell(done.report, spoken, False)
    _stop(done.report, False)


@essay.command()
def release(
    file: FileArgument,
    output: OutputOption = None,
    language: LanguageOption = None,
    study: StudyOption = None,
) -> None:
    """A copy for the designer: controls gone, text kept, language set, origins at the end.

    Example: lostudy essay release essay/essay.docx -o essay-definitief.docx
    """
    from lostudy.findings.registry import read_registry
    from lostudy.publish.document import check_document, release_document
    from lostudy.publish.wish import put, require_place
    from lostudy.publish.word.package import require_closed

    declared = declared_study(study)
    target = output or file.with_name(f"{file.stem}-release{file.suffix}")
    if target.resolve() == file.resolve():
        raise DocumentError(Problem("a release is a copy", "give another name with -o", file.name))
    require_place(target)
    require_closed(target)
    reports, spoken = declared.folder / "reports", language or declared.about.language
    records = read_registry(reports)
    report = check_document(file, records, reports, spoken)
    other = altered(declared, records, (row.id for row in report.rows))
    if other:
        raise DocumentError(other)
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / target.name
        done = release_document(declared, file, records, made, spoken)
        _search(declared, made)
        _kept(put(made, target))
    for note in done.notes:
        typer.echo(note)
    typer.echo(f"{done.count} findings kept as text. Written: {near(target)}.")


def _kept(backup: Path | None) -> None:
    if backup is not None:
        typer.echo(f"A copy of what stood there: {near(backup)}.")


def _search(study: Study, made: Path) -> None:
    """DisclosureError where a document holds what may not leave; authors without data are told."""
    if not (study.folder / "data" / "processed").exists():
        where = "`lostudy release DIR --with FILE` does so where the data are"
        typer.echo(f"Not searched for names and answers, because no data stand here: {where}.")
        return
    from lostudy.run.release import searched

    wrong = searched(study, [(made.name, made)])
    if wrong:
        raise DisclosureError(wrong)


def _line(text: str, most: int = 90) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _tell(report: Report, language: str, everything: bool) -> None:
    """The report in words: what needs attention, and how many there are of each."""
    for note in report.notes:
        typer.echo(note)
    for row in (row for row in report.rows if everything or row.state != "ok"):
        typer.echo(row.line(language))
    if everything:
        for name in report.unused:
            typer.echo(f"unused       {name}")
    counts = [f"{count} {state}" for state, count in report.counts().items() if count]
    typer.echo(", ".join(counts) + "." if counts else "Nothing in it names a finding.")


def _stop(report: Report, strict: bool) -> None:
    failing = report.failing(strict)
    if any(row.state == "withdrawn" for row in failing):
        raise typer.Exit(WITHDRAWN)
    if failing:
        raise typer.Exit(NEEDS_ATTENTION)
