"""Whether the tidy tables are those of these deliveries, this declaration and this code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from lostudy.errors import Problem
from lostudy.study import Study

KEY = "key.json"
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
    """What the tidy tables depend on, each part by its hash."""
    delivered = [
        path
        for path in Path(raw).rglob("*")
        if path.is_file() and not path.name.startswith((".", "~"))
    ]
    return {
        "raw": files_hash(delivered, Path(raw)),
        "declaration": declaration_hash(study),
        "code": code_hash(ROOMS),
    }


def recorded(processed: Path) -> dict[str, str]:
    """What the tidy tables that stand there were made from; empty where there are none."""
    path = processed / KEY
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def table_hashes(study: Study, processed: Path) -> dict[str, str]:
    """A hash over the tidy tables of each organisation."""
    hashes = {}
    for organisation in study.organisations:
        files = sorted((processed / organisation.id).glob("*.parquet"))
        if files:
            hashes[organisation.id] = _digest(files)
    return hashes


def _digest(files: list[Path]) -> str:
    lines = "\n".join(f"{path.name}:{file_hash(path)}" for path in files)
    return hashlib.sha256(lines.encode()).hexdigest()[:32]


def _shortest(raw: Path, study_folder: Path) -> str:
    """The folder of deliveries as seen from the study if it lies inside: a study can move."""
    inside = raw.is_relative_to(study_folder)
    return raw.relative_to(study_folder).as_posix() if inside else str(raw)


def ensure_clean(
    study: Study,
    processed: Path,
    raw: Path | None = None,
    *,
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
    told: Callable[[Problem], None] = lambda _: None,
) -> bool:
    """Make the tidy tables unless they are up to date; True if they were made.

    `raw`: the folder of deliveries; default the one the tables were made from, else data/raw.
    `told` hears every repair and note, such as a raw file that is not the one of before.
    """
    from lostudy.cleaning.pipeline import clean_study
    from lostudy.cleaning.storing import restore

    restore(processed)
    known = recorded(processed)
    known_folder = study.folder / known.get("folder", "data/raw")
    raw = Path(raw or known_folder).resolve()
    if not force and known and not raw.exists():
        return False
    key = cleaning_key(study, raw) if raw.exists() else {}
    key["folder"] = _shortest(raw, study.folder)
    if not force and known == key:
        return False
    for cleaned in clean_study(study, raw, processed, progress):
        for problem in cleaned.problems:
            told(problem)
    (processed / KEY).write_text(json.dumps(key, indent=1), encoding="utf-8")
    return True
