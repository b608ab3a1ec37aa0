"""reports/findings.json: every finding of a run, in a fixed order, each id once."""

from __future__ import annotations

import difflib
import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from lostudy.errors import Problem, RunError, StudyError
from lostudy.findings.record import Finding

FILE, REPORTS = "findings.json", "reports"
LINES = "findings.jsonl"


def append(folder: Path, findings: Iterable[Finding]) -> None:
    """Add findings to those of the running notebook."""
    with (folder / LINES).open("a", encoding="utf-8") as file:
        for finding in findings:
            file.write(json.dumps(finding.as_dict(), ensure_ascii=False, sort_keys=True) + "\n")


def read_lines(folder: Path) -> list[dict]:
    """The findings that one notebook wrote, each with the cell that shows it."""
    path = folder / LINES
    if not path.exists():
        return []
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    shown = _shown(folder / "notebook.ipynb")
    return [{**each, "cell": _cell(shown, each)} for each in records]


def _shown(notebook: Path) -> list[tuple[str, str]]:
    """The cells of an executed notebook with all that they show as text."""
    if not notebook.exists():
        return []
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [(cell.get("id", ""), json.dumps(cell.get("outputs", []))) for cell in cells]


def _cell(shown: list[tuple[str, str]], record: dict) -> str:
    """The cell in which a finding is named; empty where none shows it."""
    name = f"{record['id']}: "
    if record["kind"] == "figure":
        name = f'"name": "{Path(record["files"]["png"]).stem}"'
    return next((cell for cell, text in shown if name in text), "")


def write_registry(path: Path, records: Iterable[dict]) -> int:
    """All findings of a run in one file; raises RunError where two notebooks use one id.

    A quote stands where it was shown first: its words come from one list, wherever it is shown.
    """
    by_id: dict[str, dict] = {}
    problems = []
    for record in records:
        other = by_id.setdefault(record["id"], record)
        if other is not record and not _one_quote(other, record):
            writers = f"{other['notebook']} and by {record['notebook']}"
            what = f"finding '{record['id']}' is written by {writers}"
            problems.append(Problem(what, "give one of them another id"))
    if problems:
        raise RunError(problems)
    ordered = [_spoken(by_id[name]) for name in sorted(by_id)]
    text = json.dumps(ordered, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)
    return len(ordered)


def _one_quote(one: dict, other: dict) -> bool:
    """Whether two records are one quote, shown twice."""
    said = ("kind", "status", "text_nl", "text_en")
    return one["kind"] == "quote" and all(one[name] == other[name] for name in said)


def _spoken(record: dict) -> dict:
    """The record; of a quote that was not checked, or was withdrawn, only that it is there."""
    if record["kind"] != "quote" or record["status"] == "checked":
        return record
    return {**record, "text_nl": "", "text_en": "", "words": {}, "cells": []}


def read_registry(reports: Path) -> dict[str, dict]:
    """The findings by id; raises RunError where nothing was run yet."""
    path = reports / FILE
    if not path.exists():
        raise RunError(
            Problem("there are no findings yet", "run `lostudy run` first", "reports/findings.json")
        )
    return {record["id"]: record for record in json.loads(path.read_text(encoding="utf-8"))}


NEEDED = {"id", "kind", "status", "text_nl", "text_en"}


def earlier_registry(study_folder: Path, revision: str) -> dict[str, dict]:
    """The findings of a file that was kept, or of a git revision of the study."""
    path = Path(revision)
    kept = path.is_file()
    try:
        text = path.read_text(encoding="utf-8") if kept else _in_git(study_folder, revision)
        found = {record["id"]: record for record in json.loads(text)}
        if not all(record.keys() >= NEEDED for record in found.values()):
            raise KeyError
        return found
    except (ValueError, TypeError, KeyError, AttributeError):
        problem = Problem("this holds no findings", "give a findings.json you kept", path.name)
        raise RunError(problem) from None


def _in_git(study_folder: Path, revision: str) -> str:
    command = ["git", "show", f"{revision}:./{REPORTS}/{FILE}"]
    shown = subprocess.run(
        command, cwd=study_folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    if revision.startswith("-") or shown.returncode:
        what = f"'{revision}' is no file, and holds no {REPORTS}/{FILE} in git"
        raise StudyError(Problem(what, "give a findings.json you kept"))
    return shown.stdout


def chosen(records: dict[str, dict], name: str | None) -> dict[str, dict]:
    """The findings whose names begin with `name`; all of them where none is given."""
    kept = {key: record for key, record in records.items() if key.startswith(name or "")}
    if kept or name is None:
        return kept
    near = difflib.get_close_matches(name, records, n=3)
    cure = f"near: {', '.join(near)}" if near else "`lostudy findings` lists them"
    raise StudyError(Problem(f"finding '{name}' does not exist", cure))
