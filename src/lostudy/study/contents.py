"""What things are made from, by content: files, declaration, tidy tables, the code of the package.

Nothing here reads a table: these answers come before anything heavy is imported.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from lostudy.study.model import Study

FEW = 20  # organisations of which a finding keeps each hash
KEY = "key.json"
OWN = "organisations"  # in it: what the tables of each were made from
FILES = "files"  # in it: the hash of each delivered file
UNMADE = "not cleaned yet: clean first"
DELIVERED = "deliveries changed: clean first"
OTHERWISE = "what cleans, or the declaration, changed: clean first"
RESULTS = ("statistics", "analysis", "cleaning", "disclosure", "integration")  # make the numbers
SURROUNDINGS = {"jupyterlab", "rich", "typer"}  # libraries that no result depends on
READERS = (
    "lxml", "numpy", "openpyxl", "pandas", "pandera", "pyarrow", "pypdf", "pyreadstat",
    "python-docx", "xlrd",
)  # fmt: skip
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
    return _over({path.relative_to(base).as_posix(): file_hash(path) for path in sorted(paths)})


def _over(hashes: dict[str, str]) -> str:
    lines = [f"{name}:{each}" for name, each in hashes.items()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def code_hash(rooms: Iterable[str]) -> str:
    """A hash over the code of rooms of this package, and over what comes with it (templates)."""
    package = Path(__file__).parents[1]
    paths = [
        path
        for room in rooms
        for path in ([package / room] if room.endswith(".py") else _files(package / room))
    ]
    return files_hash(paths, package)


def _files(room: Path) -> list[Path]:
    return [path for path in room.rglob("*") if path.is_file() and path.suffix != ".pyc"]


@lru_cache
def libraries() -> tuple[str, ...]:
    """The libraries on which results and pages depend, as this package declares them."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        declared = requires("lostudy") or []
    except PackageNotFoundError:  # run from its source, without being installed
        return READERS
    names = [re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in declared if "extra" not in each]
    return tuple(sorted(set(names) - SURROUNDINGS))


@lru_cache
def versions(names: tuple[str, ...]) -> str:
    """The versions of libraries, in one line; of one that is not installed, none."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in names:
        with suppress(PackageNotFoundError):
            found.append(f"{name}={version(name)}")
    return ",".join(found)


def declaration_hash(study: Study) -> str:
    """A hash over study.toml and the codebook."""
    paths = [study.folder / "study.toml", *(study.folder / "codebook").rglob("*.csv")]
    return files_hash(paths, study.folder)


def delivered_files(raw: Path) -> dict[str, str]:
    """The hash of each file that stands in the folder of deliveries, by its name there."""
    paths = [
        path
        for path in sorted(raw.rglob("*"))
        if path.is_file() and not path.name.startswith((".", "~"))
    ]
    return {path.relative_to(raw).as_posix(): file_hash(path) for path in paths}


def cleaning_key(
    study: Study, raw: Path, files: dict[str, str] | None = None
) -> dict[str, str]:
    """What the tidy tables depend on, each part by its hash; nothing of a folder that is gone.

    `files`: the hashes of the delivered files, where they are known.
    """
    if not raw.exists():
        return {"folder": _shortest(raw, study.folder)}
    return {
        "raw": _over(delivered_files(raw) if files is None else files),
        "declaration": declaration_hash(study),
        "code": code_hash(ROOMS),
        "libraries": versions(READERS),
        "folder": _shortest(raw, study.folder),
    }


def recorded(processed: Path) -> dict[str, Any]:
    """What the tidy tables that stand there were made from; empty where there are none."""
    path = processed / KEY
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def table_hashes(study: Study, processed: Path) -> dict[str, str]:
    """A hash over what runs read of the tidy tables of each organisation that has them.

    Where cleaning wrote down what that is, row numbers of deliveries, the log and the list of
    deliveries are not in it: the same answers in another file are the same.
    """
    return hashes_read(processed, whole_hashes(study, processed))


def whole_hashes(study: Study, processed: Path) -> dict[str, str]:
    """A hash over the files of the tidy tables of each organisation that has them."""
    hashes = {each.id: tables_hash(processed / each.id) for each in study.organisations}
    return {organisation: made for organisation, made in hashes.items() if made}


def hashes_read(processed: Path, whole: dict[str, str]) -> dict[str, str]:
    """Of these hashes over files, those over what runs read, where that was written down."""
    known = recorded(processed).get(OWN, {})
    return {name: _read(known.get(name, []), files) for name, files in whole.items()}


def _read(known: list[str], files: str) -> str:
    """The recorded hash of what is read, if it was recorded for these same files."""
    return known[2] if known[1:2] == [files] and len(known) == 3 else files


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
    return not behind(study, processed, raw)


def behind(study: Study, processed: Path, raw: Path | None = None) -> dict[str, str]:
    """Organisation → why its tidy tables are not up to date; empty where all are.

    Where it is not known whose deliveries changed, it is every organisation.
    """
    known, folder = recorded(processed), deliveries_behind(study, processed, raw)
    if known and not folder.exists():
        return {}
    if not known:
        return dict.fromkeys(_everyone(study), UNMADE)
    files = delivered_files(folder)
    key = cleaning_key(study, folder, files)
    other = {part for part in key if known.get(part) != key[part]}
    if other == {"raw"}:
        return dict.fromkeys(_whose(study, known, files), DELIVERED)
    return dict.fromkeys(_everyone(study), OTHERWISE) if other else {}


def _whose(study: Study, known: dict[str, Any], files: dict[str, str]) -> list[str]:
    """The organisations of which a delivered file came, went or changed."""
    before = known.get(FILES, {})
    names = [name for name in {*before, *files} if before.get(name) != files.get(name)]
    owners = {_owner(study, name) for name in names}
    everyone = _everyone(study)
    return [each for each in everyone if each in owners] if owners <= {*everyone} else everyone


def _owner(study: Study, name: str) -> str:
    """Whose delivery a file is, by its name in the folder of deliveries; "" of a stray one."""
    for each in study.deliveries:
        if f"{name}/".startswith(f"{each.file}/"):
            return each.organisation
    first = name.split("/")[0]
    return first if first in _everyone(study) else ""


def _everyone(study: Study) -> list[str]:
    return [each.id for each in study.organisations]


def _shortest(raw: Path, study_folder: Path) -> str:
    """The folder of deliveries as seen from the study if it lies inside: a study can move."""
    inside = raw.is_relative_to(study_folder)
    return raw.relative_to(study_folder).as_posix() if inside else str(raw)
