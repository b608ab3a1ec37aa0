"""A run in parts, on several machines: each part apart, then all of them together, or none.

`lostudy run --shard 2/5` makes the second of five parts into data/shards/2-of-5, with what it tells
of persons. `lostudy run --merge` takes the parts that stand in data/shards, whichever
machine they came from, and writes the reports that one machine would have written.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lostudy.errors import Problem, RunError, StudyError
from lostudy.run.ledger import fresh_page
from lostudy.run.outcome import NOTEBOOK
from lostudy.run.plan import Job
from lostudy.study.contents import files_hash

FOLDER, FILE = "data/shards", "shard.json"
REPORTS, LEDGER = "reports", "ledger"


@dataclass(frozen=True)
class Shard:
    """Part `number` of `of` parts; the first is 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The part that a text like 2/5 names; raises StudyError for anything else.

        >>> Shard.parse("2/5")
        Shard(number=2, of=5)
        """
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise StudyError(Problem(f"'{text}' is no part of a run", "say which of how many: 2/5"))
        return cls(int(found[1]), int(found[2]))

    @property
    def name(self) -> str:
        """Its folder under data/shards."""
        return f"{self.number}-of-{self.of}"

    def part(self, jobs: Sequence[Job]) -> list[Job]:
        """Its jobs: every job is in one part, and the long ones are spread."""
        ordered = sorted(jobs, key=lambda job: (job.organisation != "all", job.name))
        return ordered[self.number - 1 :: self.of]


def put_away(study_folder: Path, shard: Shard, jobs: Sequence[Job]) -> Path:
    """Put what jobs told of persons beside their outputs, and write down what the part holds."""
    folder = study_folder / FOLDER / shard.name
    for job in jobs:
        told = fresh_page(study_folder, job)
        if told.exists():
            kept = folder / LEDGER / job.name
            shutil.rmtree(kept, ignore_errors=True)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(told, kept)
    holds = {
        "number": shard.number,
        "of": shard.of,
        "jobs": {job.name: job.key for job in sorted(jobs, key=lambda job: job.name)},
        "files": {job.name: _content(folder, job.name) for job in jobs},
    }
    text = json.dumps(holds, indent=1) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def _content(part: Path, name: str) -> str:
    """A hash over what a part holds of a job: its outputs, and what it told of persons."""
    roots = (part / REPORTS / name, part / LEDGER / name)
    paths = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return files_hash(paths, part)


def merge(study_folder: Path, jobs: Sequence[Job], fresh: Path) -> None:
    """Put the outputs of all parts into `fresh`, as if they had been made there.

    Raises RunError with every reason why the parts are not one whole run: a job in two parts, or in
    none, one that failed, that was made from other data, code or declaration, or that was damaged.
    """
    parts = _parts(study_folder)
    problems = [*_overlaps(parts), *_gaps(parts, jobs), *_others(parts, jobs)]
    problems += [] if problems else _damaged(parts)
    if problems:
        raise RunError(problems)
    where = {name: folder for folder, holds in parts.items() for name in holds["jobs"]}
    for job in jobs:
        folder = where[job.name]
        _copy(folder / REPORTS / job.name, fresh / job.name)
        if (folder / LEDGER / job.name).exists():
            _copy(folder / LEDGER / job.name, fresh_page(study_folder, job))


def _copy(origin: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(origin, target)


def _parts(study_folder: Path) -> dict[Path, dict]:
    """Folder of each part → what it holds."""
    found = sorted((study_folder / FOLDER).glob(f"*/{FILE}"))
    if not found:
        cure = "make them: `lostudy run --shard 1/2`, `lostudy run --shard 2/2`"
        raise RunError(Problem("there are no parts of a run", cure, FOLDER))
    return {path.parent: _holds(path) for path in found}


def _holds(path: Path) -> dict:
    try:
        holds = json.loads(path.read_text(encoding="utf-8"))
        return {"number": holds["number"], "of": holds["of"], "jobs": dict(holds["jobs"]),
                "files": dict(holds.get("files", {}))}  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        cure = "bring this part again from the machine that made it"
        place = f"{FOLDER}/{path.parent.name}/{FILE}"
        raise RunError(Problem("what this part holds cannot be read", cure, place)) from None


def _overlaps(parts: dict[Path, dict]) -> list[Problem]:
    counted = Counter(name for holds in parts.values() for name in holds["jobs"])
    twice = sorted(name for name, count in counted.items() if count > 1)
    cure = "take away the folder that does not belong to this run"
    return [
        Problem(f"{name} stands in more than one part", cure, FOLDER) for name in twice
    ]


def _gaps(parts: dict[Path, dict], jobs: Sequence[Job]) -> list[Problem]:
    """Jobs that stand in no part, or whose notebook is not there because it failed."""
    where = {name: folder for folder, holds in parts.items() for name in holds["jobs"]}
    of = sorted({holds["of"] for holds in parts.values()})
    there = {(holds["number"], holds["of"]) for holds in parts.values()}
    absent = [f"{number}/{n}" for n in of for number in range(1, n + 1) if (number, n) not in there]
    cure = f"run `lostudy run --shard {absent[0]}`" if absent else "run that part again"
    missing = [
        job.name
        for job in jobs
        if job.name not in where or not (where[job.name] / REPORTS / job.name / NOTEBOOK).exists()
    ]
    return [Problem(f"{name} stands in no part", cure, FOLDER) for name in missing]


def _damaged(parts: dict[Path, dict]) -> list[Problem]:
    """Jobs of which a file is not as the part made it: it was cut off or changed on the way."""
    cure = "bring this part again from the machine that made it"
    return [
        Problem(f"{name} is not as this part made it", cure, f"{FOLDER}/{folder.name}")
        for folder, holds in parts.items()
        for name in holds["jobs"]
        if holds.get("files", {}).get(name) != _content(folder, name)
    ]


def _others(parts: dict[Path, dict], jobs: Sequence[Job]) -> list[Problem]:
    """Jobs that were made from something else than what stands here."""
    wanted = {job.name: job.key for job in jobs}
    cure = "make every part from the same deliveries, notebooks and version of lostudy"
    return [
        Problem(
            f"{name} was made from other data, code or declaration", cure, f"{FOLDER}/{folder.name}"
        )
        for folder, holds in parts.items()
        for name, key in holds["jobs"].items()
        if name in wanted and wanted[name] != key
    ]
