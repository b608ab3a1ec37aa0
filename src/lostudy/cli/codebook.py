"""The command for the codebook through time, of the study or of a coding tool."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lostudy.cli.options import (
    JsonOption,
    RawOption,
    StudyOption,
    declared_study,
    deliveries_of,
    near,
)

if TYPE_CHECKING:
    from lostudy.deliveries import InterviewDelivery
    from lostudy.study import Study


def codebook(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Codebooks or projects of a coding tool, oldest first."),
    ] = None,
    study: StudyOption = None,
    raw: RawOption = None,
    as_json: JsonOption = False,
) -> None:
    """The codebook through time: versions, merges and splits, and what recoding changed.

    Without files: the study's codes.csv, and the counts of conversations that its merges moved.
    With files: what came and went between exported codebooks, and the log inside a project.

    Example: lostudy codebook

    Example: lostudy codebook codebook-january.csv codebook-march.csv
    """
    said = _of_files(files) if files else _of_study(declared_study(study), raw)
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1, default=str))
        return
    for line in _lines(said):
        typer.echo(line)


def _of_study(study: Study, raw: Path | None) -> dict[str, Any]:
    from lostudy.cleaning.recoding import compared
    from lostudy.study.versions import codebook_versions

    versions = codebook_versions(study.codes)
    folder = deliveries_of(study, raw)
    recoded = any(code.became for code in study.codes.values())
    effect, deliveries = compared(study, folder) if recoded else (None, 0)
    return {
        "versions": [
            {"version": each.number, "since": each.since, "codes": len(each.codes),
             "changes": [asdict(change) for change in each.changes]} for each in versions],
        "recoded": recoded, "compared": deliveries, "deliveries": near(folder),
        "effect": [] if effect is None else effect.to_dict("records"),
    }


def _of_files(files: list[Path]) -> dict[str, Any]:
    from lostudy.deliveries import read_interviews
    from lostudy.deliveries.interviews.codebooks import compare_codebooks

    read = [(path.name, read_interviews(path)) for path in files]
    table = compare_codebooks(read)
    return {
        "versions": [
            {"version": row["version"], "since": None, "codes": row["codes"], "changes": [
                {"kind": kind, "code": name, "became": []}
                for kind, column in (("added", "added"), ("gone", "gone")) for name in row[column]]}
            for row in table.to_dict("records")],
        "log": [found for name, delivery in read if (found := _log(name, delivery))],
    }


def _log(name: str, delivery: InterviewDelivery) -> dict[str, Any]:
    """What the tool's own log says, and which codes of today took others in."""
    from lostudy.deliveries.interviews.codebooks import lineage

    if delivery.history.empty:
        return {}
    origins = lineage(delivery)
    return {
        "file": name, "changes": delivery.history["change"].value_counts().to_dict(),
        "first": delivery.history["when"].min(), "last": delivery.history["when"].max(),
        "took in": origins.loc[origins["merged"] > 0, ["name", "from"]].to_dict("records")}


def _lines(said: dict[str, Any]) -> list[str]:
    lines = []
    for each in said["versions"]:
        since = f" from {each['since']}" if each["since"] else ""
        lines.append(f"version {each['version']}{since}: {each['codes']} codes")
        lines += [_change(change) for change in each["changes"]]
    for log in said.get("log", []):
        counts = ", ".join(f"{count} {change}" for change, count in log["changes"].items())
        lines.append(f"the log of {log['file']}, {log['first']} to {log['last']}: {counts}")
        lines += [f"  {each['name']}: took in {len(each['from'])}" for each in log["took in"]]
    if "effect" in said:
        lines += _effect(said)
    return lines


def _change(change: dict[str, Any]) -> str:
    became = " and ".join(change["became"])
    return f"  {change['kind']:<8} {change['code']}{f' -> {became}' if became else ''}"


def _effect(said: dict[str, Any]) -> list[str]:
    """What moved, in numbers of conversations: for the researchers themselves."""
    rows = said["effect"]
    if not said["recoded"]:
        return ["No code became another, so recoding moved nothing."]
    if not said["compared"]:
        return [f"No count was compared: in {said['deliveries']} stand no coded interviews with a "
                "conversation of their register. To do: name the folder of deliveries with --raw, "
                "and see what `lostudy check` says."]
    if not rows:
        return [f"Recoding moved no count of conversations in {said['compared']} deliveries."]
    lines = ["Recoding moved these counts of conversations (about persons: not to be published):"]
    for row in rows:
        question = f" of {row['question']}" if row["question"] else ""
        lines.append(
            f"  {row['is']} {row['code']}{question}, {row['organisation']} {row['wave']}: "
            f"{row['before']} -> {row['after']} of {row['asked']} asked")
    return lines
