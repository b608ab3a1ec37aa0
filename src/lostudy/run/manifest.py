"""What each job was made from, by content: what is up to date is not run again.

A job's key holds the notebook's code cells (not its prose or outputs), its parameters, the tidy
tables it reads, the declaration, the package's code and the versions of the libraries.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from lostudy.run.cells import code_cells
from lostudy.run.plan import Job
from lostudy.study import Study
from lostudy.study.contents import (
    code_hash,
    declaration_hash,
    file_hash,
    files_hash,
    hashes_read,
    libraries,
    versions,
    whole_hashes,
)

FILE = "manifest.json"
# What a notebook says that looks at tables itself, where row numbers and the log stand too.
OTHER = re.compile(r"processed|parquet|\brow\b|responses|scored|_log|deliver", re.IGNORECASE)
ROOMS = (
    "errors.py",
    "formats.py",
    "words.py",
    "words_documents.py",
    "words_interviews.py",
    "words_statistics.py",
    "__init__.py",
    "study",
    "cleaning",
    "statistics",
    "integration",
    "disclosure",
    "figures",
    "findings",
    "analysis",
    "publish",
    "run",
)


def common_key(study: Study) -> str:
    """What every job depends on: declaration, code of the package and beside the notebooks,
    versions of libraries."""
    chosen = study.folder / "data" / "quotes.csv"
    quoted = file_hash(chosen) if chosen.exists() else ""
    own = [*study.folder.glob("*.py"), *(study.folder / "notebooks").rglob("*.py")]
    seen = [path for path in own if ".ipynb_checkpoints" not in path.parts]
    helpers = files_hash(seen, study.folder)
    return _digest(declaration_hash(study), package_hash(), quoted, helpers)


def package_hash() -> str:
    """What results depend on besides a study: the code of the package, versions of libraries."""
    return _digest(code_hash(ROOMS), versions(libraries()))


def keys_of(study: Study, jobs: Iterable[Job]) -> dict[str, str]:
    """Name of each job → what it would be made from now, as one hash."""
    processed = study.folder / "data" / "processed"
    whole = whole_hashes(study, processed)
    tables, common = hashes_read(processed, whole), common_key(study)
    return {
        job.name: job_key(job, common, whole if _reads_files(job) else tables)
        for job in jobs
        if job.notebook.exists()
    }


def _reads_files(job: Job) -> bool:
    """Whether a notebook may read more of the tables than the verbs do: where an answer stood."""
    return OTHER.search(code_cells(job.notebook)) is not None


def job_key(job: Job, common: str, tables: dict[str, str]) -> str:
    """The content key of a job; `tables`: organisation → hash of its tidy tables."""
    read = tables if job.reads_all else {job.organisation: tables.get(job.organisation, "")}
    return _digest(
        common,
        code_cells(job.notebook),
        json.dumps(job.parameters, sort_keys=True),
        json.dumps(read, sort_keys=True),
    )


@dataclass(frozen=True)
class Made:
    """What a job's outputs in reports/ were made from, their language, and what the text was."""

    key: str
    language: str
    wave: str = "all"
    text: str = ""


def read_manifest(reports: Path) -> dict[str, Made]:
    """Job name → what its outputs in reports/ were made from; empty where that cannot be read.

    Reports can be made anew at will: a manifest that was cut off or is of another version counts as
    none, and everything runs again.
    """
    try:
        entries = json.loads((reports / FILE).read_text(encoding="utf-8"))
        return {name: Made(**entry) for name, entry in entries.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_manifest(reports: Path, made: dict[str, Made]) -> None:
    """Record what stands in reports/."""
    entries = {name: asdict(each) for name, each in made.items()}
    (reports / FILE).write_text(
        json.dumps(entries, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
