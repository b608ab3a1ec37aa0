"""What things are made from, by content: files, declaration, tidy tables, the code of the package.

Nothing here reads a table: these answers come before anything heavy is imported.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lostudy.study.model import Study

FEW = 20  # organisations of which a finding keeps each hash
KEY = "key.json"
OWN = "organisations"  # in it: what the tables of each were made from
RESULTS = ("statistics", "analysis", "cleaning", "disclosure", "integration")  # make the numbers
ROOMS = ("errors.py", "study", "deliveries", "cleaning", "statistics")


def file_hash(path: Path) -> str:
    """The SHA-256 of a file; of a folder (QualCoder), of its files by name."""
    if path.is_dir():
        parts = [
            f"{each.relative_to(path)}:{file_hash(each)}"
            for each in sorted(path.rglob("*"))
            if each.is_file()
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files_hash(paths: Iterable[Path], base: Path) -> str:
    """One hash over files, by their names relative to `base` and their content."""
    lines = [f"{path.relative_to(base).as_posix()}:{file_hash(path)}" for path in sorted(paths)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def code_hash(rooms: Iterable[str]) -> str:
    """A hash over the code of rooms of this package."""
    package = Path(__file__).parents[1]
    paths = [
        path
        for room in rooms
        for path in ([package / room] if room.endswith(".py") else (package / room).rglob("*.py"))
    ]
    return files_hash(paths, package)


def declaration_hash(study: Study) -> str:
    """A hash over study.toml and the codebook."""
    paths = [study.folder / "study.toml", *(study.folder / "codebook").rglob("*.csv")]
    return files_hash(paths, study.folder)


def cleaning_key(study: Study, raw: Path) -> dict[str, str]:
    """What the tidy tables depend on, each part by its hash; nothing of a folder that is gone."""
    if not raw.exists():
        return {"folder": _shortest(raw, study.folder)}
    delivered = [
        path
        for path in raw.rglob("*")
        if path.is_file() and not path.name.startswith((".", "~"))
    ]
    return {
        "raw": files_hash(delivered, raw),
        "declaration": declaration_hash(study),
        "code": code_hash(ROOMS),
        "folder": _shortest(raw, study.folder),
    }


def recorded(processed: Path) -> dict[str, Any]:
    """What the tidy tables that stand there were made from; empty where there are none."""
    path = processed / KEY
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def table_hashes(study: Study, processed: Path) -> dict[str, str]:
    """A hash over the tidy tables of each organisation that has them."""
    hashes = {each.id: tables_hash(processed / each.id) for each in study.organisations}
    return {organisation: made for organisation, made in hashes.items() if made}


def read_hashes(hashes: dict[str, str]) -> dict[str, str]:
    """What a finding keeps of these hashes: each, or over many organisations one over all of them.

    Of hundreds of organisations, each in thousands of findings, the hashes would be most of them.

    >>> many = {f"O{i}": "1" for i in range(99)}
    >>> list(read_hashes({"A": "1", "B": "2"})), list(read_hashes(many))
    (['A', 'B'], ['all'])
    """
    short = {name: each[:16] for name, each in hashes.items()}
    if len(short) <= FEW:
        return short
    lines = "\n".join(f"{name}:{each}" for name, each in sorted(short.items()))
    return {"all": hashlib.sha256(lines.encode()).hexdigest()[:16]}


def tables_hash(folder: Path) -> str:
    """A hash over the tidy tables of one organisation, in their folder; "" where there are none."""
    files = sorted(folder.glob("*.parquet"))
    return _digest(files) if files else ""


def _digest(files: list[Path]) -> str:
    lines = "\n".join(f"{path.name}:{file_hash(path)}" for path in files)
    return hashlib.sha256(lines.encode()).hexdigest()[:32]


def deliveries_behind(study: Study, processed: Path, raw: Path | None = None) -> Path:
    """`raw`, else the folder that the tidy tables were made from, else data/raw."""
    known = recorded(processed).get("folder", "data/raw")
    return Path(raw or study.folder / known).resolve()


def tidy_is_current(study: Study, processed: Path, raw: Path | None = None) -> bool:
    """Whether the tidy tables are those of these deliveries, this declaration and this code.

    Tables whose deliveries are gone are taken as they are.
    """
    known, folder = recorded(processed), deliveries_behind(study, processed, raw)
    if known and not folder.exists():
        return True
    key = cleaning_key(study, folder)
    return bool(known) and {name: known.get(name) for name in key} == key


def _shortest(raw: Path, study_folder: Path) -> str:
    """The folder of deliveries as seen from the study if it lies inside: a study can move."""
    inside = raw.is_relative_to(study_folder)
    return raw.relative_to(study_folder).as_posix() if inside else str(raw)
