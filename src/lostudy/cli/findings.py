"""The commands about findings: list them, say what changed, trace one back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lostudy.cli.options import JsonOption, StudyOption, declared_study

BROKEN = 14


def findings(
    name: Annotated[
        str | None, typer.Argument(help="A finding, or the beginning of names.")
    ] = None,
    diff: Annotated[
        str | None, typer.Option(help="An earlier findings.json, or a git revision.")
    ] = None,
    tolerance: Annotated[
        float,
        typer.Option(min=0, help="Numbers that differ by no more, or by that part, are the same."),
    ] = 1e-9,
    study: StudyOption = None,
    as_json: JsonOption = False,
) -> None:
    """The numbers by name; what changed since, in words. Exit code 14: a claim no longer holds.

    Example: lostudy findings lq2.VA
    """
    from lostudy.findings.registry import chosen, read_registry

    declared = declared_study(study)
    records = read_registry(declared.folder / "reports")
    kept = chosen(records, name)
    language = declared.about.language
    if diff is not None:
        _differences(declared.folder, diff, kept, name, language, tolerance, as_json)
        return
    if as_json:
        typer.echo(json.dumps(list(kept.values()), ensure_ascii=False, indent=1))
        return
    for key, record in kept.items():
        status = f"  [{record['status']}]" if record["status"] else ""
        typer.echo(f"{key:<40} {record[f'text_{language}']}{status}")


def _differences(
    folder: Path, revision: str, after: dict, name: str | None, language: str, tolerance: float,
    as_json: bool,
) -> None:  # fmt: skip
    from lostudy.findings import differences
    from lostudy.findings.registry import earlier_registry

    before = earlier_registry(folder, revision)
    before = {key: each for key, each in before.items() if key.startswith(name or "")}
    found = differences(before, after, language, tolerance)
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(map(str, found)) if found else "Nothing changed.")
    broken = [each for each in found if each.broken]
    if broken:
        typer.echo(f"Sentences that no longer hold: {len(broken)}.", err=True)
        raise typer.Exit(BROKEN)


def trace(
    what: Annotated[str, typer.Argument(help="A finding, or a PNG, SVG, PDF or Word file.")],
    study: StudyOption = None,
    as_json: JsonOption = False,
) -> None:
    """A number, figure or document back to notebook, parameters, data, raw files and code.

    Example: lostudy trace lq2.change.VA.A
    """
    from lostudy.cli.altered import tell_altered
    from lostudy.findings.registry import read_registry
    from lostudy.publish.trail import trail_of

    declared = declared_study(study)
    found = trail_of(declared, what)
    records = read_registry(declared.folder / "reports")
    tell_altered(declared, records, (each.id for each in found.trails))
    typer.echo(found.as_json() if as_json else found.as_text())
