"""What a run keeps under data/, which never leaves: whole notebooks, and those that failed.

How the last try of a job failed is kept too, by its key: another notebook is another try.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from lostudy.run.ledger import CURRENT
from lostudy.run.outcome import Outcome
from lostudy.run.plan import Job

EXECUTED, FAILED, FILE = "data/executed", "data/failed", "failed.json"
UNFINISHED, CELL = "unfinished.ipynb", ".cell"


def whole(study_folder: Path, job: Job) -> Path:
    """The notebook with everything that it showed, where something was left out of the reports."""
    return study_folder / EXECUTED / f"{job.stem}-{job.organisation}.ipynb"


def failed(study_folder: Path, job: Job) -> Path:
    """The notebook as far as it came, where it failed."""
    return study_folder / FAILED / f"{job.stem}-{job.organisation}.failed.ipynb"


def keep(made: Path, place: Path) -> bool:
    """Keep a failed notebook to look at, where there is one and room for it."""
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        made.replace(place)
        return True
    return False


def say_under_way(notebook: Path, cell: int) -> None:
    """Say beside a notebook in which cell it is: its process may end before it can tell."""
    with suppress(OSError):
        notebook.with_suffix(CELL).write_text(str(cell), encoding="ascii")


def under_way(notebook: Path) -> int | None:
    """The cell in which a notebook was when its process ended; None where that is not known."""
    said = notebook.with_suffix(CELL)
    with suppress(OSError, ValueError):
        return int(said.read_text(encoding="ascii"))
    return _running(notebook)


def _running(notebook: Path) -> int | None:
    """The same of a notebook that papermill saves at each cell, as it does in a kernel."""
    with suppress(OSError, ValueError, KeyError, AttributeError):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        states = [cell["metadata"].get("papermill", {}).get("status") for cell in cells]
        return states.index("running")
    return None


def keep_half(made: Path, place: Path) -> bool:
    """Keep a notebook of which the process is gone, if it was saved as far as it came."""
    return _running(made) is not None and keep(made, place)


def remember(study_folder: Path, outcomes: Sequence[Outcome], every: Iterable[Job]) -> None:
    """Write down which jobs failed in this run, beside those that failed before and did not run."""
    names = {job.name for job in every} - {each.job.name for each in outcomes}
    known = {name: entry for name, entry in failures(study_folder).items() if name in names}
    known |= {each.job.name: [each.job.key, each.failed] for each in outcomes if each.failed}
    path = study_folder / FAILED / FILE
    if known:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    else:
        path.unlink(missing_ok=True)


def failures(study_folder: Path) -> dict[str, list[str]]:
    """Name of each job whose last try failed → the key of that try, and how it failed."""
    try:
        return dict(json.loads((study_folder / FAILED / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def sweep(study_folder: Path, every: Sequence[Job]) -> None:
    """Take away what belongs to jobs that are not in the plan any more."""
    stems = {f"{job.stem}-{job.organisation}" for job in every}
    for path in [*(study_folder / EXECUTED).glob("*"), *(study_folder / FAILED).glob("*.ipynb")]:
        if path.name.removesuffix(".ipynb").removesuffix(".failed") not in stems:
            _remove(path)
    pages = {study_folder / CURRENT / job.stem / job.organisation for job in every}
    for path in (study_folder / CURRENT).glob("*/*"):
        if path not in pages and path.with_suffix("") not in pages:
            _remove(path)
    for folder in (study_folder / CURRENT).glob("*"):
        with suppress(OSError):
            folder.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
