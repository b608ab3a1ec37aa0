"""A whole study of any number of organisations: declaration, codebook, notebooks, deliveries."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from lostudy.errors import Problem, StudyError
from lostudy.simulate.deliver import simulate_study
from lostudy.simulate.model import with_organisations
from lostudy.study import Study

TABLE = "organisations"


def simulate_whole(study: Study, target: Path, seed: int, organisations: int) -> None:
    """Write a study like `study`, but of this many organisations, into a new folder.

    Nobody reads what simulated people say against what they answer: the notebooks do not wait for
    explanations of contradictions (`explained=True` of `lo.joint_display`).
    Raises StudyError where the folder holds something, or the data of `study` are real.
    """
    if target.exists() and any(target.iterdir()):
        raise StudyError(Problem("this folder exists and is not empty", "name a new one"))
    if not study.simulated:
        cure = "take a simulated study with --study"
        raise StudyError(Problem("a simulated study like one of real people", cure, "study.toml"))
    larger = with_organisations(study, organisations)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copytree(
        study.folder / "codebook", target / "codebook", ignore=shutil.ignore_patterns("crosswalk")
    )
    _copy_notebooks(study.folder / "notebooks", target / "notebooks")
    text = (study.folder / "study.toml").read_text(encoding="utf-8")
    declared = f"{without_organisations(text)}\n{organisation_tables(larger)}"
    (target / "study.toml").write_text(declared, encoding="utf-8", newline="\n")
    simulate_study(study, target / "data" / "raw", seed, organisations, target / "codebook")


def _copy_notebooks(source: Path, target: Path) -> None:
    target.mkdir()
    for path in sorted(source.glob("*.ipynb")):
        text = path.read_text(encoding="utf-8").replace("explained=True", "explained=False")
        (target / path.name).write_text(text, encoding="utf-8", newline="\n")


def without_organisations(text: str) -> str:
    """A declaration without its organisations.

    >>> print(without_organisations('[study]\\n[[organisations]]\\nid = "A"\\n[[waves]]'))
    [study]
    [[waves]]
    """
    kept, inside = [], False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line.strip("[] ").split("]")[0].split(".")[0] == TABLE
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def organisation_tables(study: Study) -> str:
    """The organisations of a study, as study.toml declares them."""
    return "\n".join(
        f"[[{TABLE}]]\n" + "\n".join(f"{key} = {_toml(value)}" for key, value in each.items())
        + "\n"
        for each in (
            organisation.model_dump(exclude_none=True) for organisation in study.organisations
        )
    )  # fmt: skip


def _toml(value: Any) -> str:
    """A value as TOML on one line: text, numbers, lists, tables."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
