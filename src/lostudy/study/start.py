"""A new study: a small declaration, codebook and notebooks that work, to be changed by hand.

What is written stands in the folder `start/` beside this module; only the names that cannot stand
in a package are made here.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from lostudy.errors import Problem, StudyError, shown
from lostudy.study.declaration import FILE

MODEL = Path(__file__).with_name("start")
EMPTY = {
    ".gitignore": "# about persons: never in git\n/data/\n# made by a run\n/reports/\n*.key\n",
    "data/raw/.gitkeep": "",
    "codebook/crosswalk/.gitkeep": "",
}


def start_study(folder: Path) -> list[Path]:
    """Write a new study into `folder`, which must be empty or not exist yet; what was written.

    The study loads once its disclosure policy is signed in study.toml.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "this folder exists and is not empty"
        raise StudyError(Problem(what, "name a folder that does not exist yet", shown(folder)))
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _write(fresh, _study_id(folder.resolve().name))
    if folder.exists():
        folder.rmdir()
    fresh.rename(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write(folder: Path, study: str) -> None:
    shutil.copytree(MODEL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    declaration = folder / FILE
    text = declaration.read_text(encoding="utf-8")
    declaration.write_text(text.replace('"my-study"', f'"{study}"'), encoding="utf-8")
    for name, content in EMPTY.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _study_id(name: str) -> str:
    """The folder's name as an id of a study.

    >>> _study_id("Mijn Onderzoek 2026"), _study_id("__")
    ('mijn-onderzoek-2026', 'my-study')
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "my-study"
