"""What was released before: each release with a hash over what the ledger keeps of it.

A release that is forgotten cannot be attacked together with the next one; one that is gone, or
changed, holds everything back.
"""

from __future__ import annotations

import json
from pathlib import Path

from lostudy.errors import Problem
from lostudy.study.contents import files_hash

RELEASES, FILE = "data/ledger/releases", "data/ledger/history.json"


def write_down(study_folder: Path, release: Path) -> None:
    """Remember a release, by the folder that the ledger keeps of it."""
    known = {**_read(study_folder), release.name: _hash(release)}
    text = json.dumps(known, indent=1, sort_keys=True) + "\n"
    (study_folder / FILE).write_text(text, encoding="utf-8")


def problems(study_folder: Path) -> list[Problem]:
    """The releases that are gone from the ledger, were changed, or are not known to it."""
    known, base = _read(study_folder), study_folder / RELEASES
    standing = {folder.name for folder in base.glob("*") if folder.is_dir()}
    wrong = [name for name in sorted(known) if name not in standing]
    wrong += [name for name in sorted(standing) if known.get(name) != _hash(base / name)]
    cure = "put it back from a copy: what was released before is attacked together with this"
    what = "what the ledger keeps of this release is gone, or is not what was written down"
    return [Problem(what, cure, f"{RELEASES}/{name}") for name in wrong]


def _hash(folder: Path) -> str:
    return files_hash([path for path in folder.rglob("*") if path.is_file()], folder)


def _read(study_folder: Path) -> dict[str, str]:
    path = study_folder / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
