"""reports/findings.json: every finding of a run, in a fixed order, each id once."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path

from lostudy import formats
from lostudy.errors import Problem, RunError
from lostudy.findings.record import Finding

FILE = "findings.json"
LINES = "findings.jsonl"


def append(folder: Path, findings: Iterable[Finding]) -> None:
    """Add findings to those of the running notebook."""
    with (folder / LINES).open("a", encoding="utf-8") as file:
        for finding in findings:
            file.write(json.dumps(finding.as_dict(), ensure_ascii=False, sort_keys=True) + "\n")


def read_lines(folder: Path) -> list[dict]:
    """The findings that one notebook wrote."""
    path = folder / LINES
    return (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        if path.exists()
        else []
    )


def write_registry(path: Path, records: Iterable[dict]) -> int:
    """All findings of a run in one file; raises RunError where two notebooks use one id."""
    by_id: dict[str, dict] = {}
    problems = []
    for record in records:
        other = by_id.setdefault(record["id"], record)
        if other is not record:
            writers = f"{other['notebook']} and by {record['notebook']}"
            what = f"finding '{record['id']}' is written by {writers}"
            problems.append(Problem(what, "give one of them another id"))
    if problems:
        raise RunError(problems)
    ordered = [by_id[name] for name in sorted(by_id)]
    path.write_text(
        json.dumps(ordered, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return len(ordered)


def read_registry(reports: Path) -> dict[str, dict]:
    """The findings by id; raises RunError where nothing was run yet."""
    path = reports / FILE
    if not path.exists():
        raise RunError(
            Problem("there are no findings yet", "run `lostudy run` first", "reports/findings.json")
        )
    return {record["id"]: record for record in json.loads(path.read_text(encoding="utf-8"))}


def compare(
    before: dict[str, dict], after: dict[str, dict], language: str = "nl", tolerance: float = 1e-9
) -> list[str]:
    """What changed between two registries, a line each, in words."""
    lines = [f"- {name}" for name in sorted(before.keys() - after.keys())]
    lines += [f"+ {name}" for name in sorted(after.keys() - before.keys())]
    for name in sorted(before.keys() & after.keys()):
        lines += _differences(name, before[name], after[name], language, tolerance)
    return lines


def _differences(name: str, old: dict, new: dict, language: str, tolerance: float) -> list[str]:
    lines = []
    for key in ("value", "low", "high", "n"):
        one, two = old.get(key), new.get(key)
        if one != two and not (
            one is not None
            and two is not None
            and math.isclose(one, two, rel_tol=tolerance, abs_tol=tolerance)
        ):
            shown = [formats.number(each, 2, language) for each in (one, two)]
            lines.append(f"{name}: {key} {' → '.join(shown)}")
    if old.get("status") != new.get("status"):
        lines.append(f"{name}: {old.get('status')} → {new.get('status')}")
    return lines
