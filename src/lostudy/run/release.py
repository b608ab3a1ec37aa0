"""The gate: the release attacked, every file searched; then, with two names, a clean folder.

Nothing leaves that was not reviewed as it stands: approvals hold for the content they were given
for. What was released stays in the ledger, and the next release is attacked together with it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lostudy.analysis.quotes import parents_of, read_quotes
from lostudy.cleaning import read_table
from lostudy.disclosure.exposures import exposures
from lostudy.disclosure.files import scan_files
from lostudy.disclosure.files.gathering import gather
from lostudy.disclosure.ledger import read_ledger
from lostudy.disclosure.numbers import recoverable
from lostudy.disclosure.policy import policy_hash
from lostudy.disclosure.quotes import judge_quotes
from lostudy.disclosure.text import private_names
from lostudy.errors import DisclosureError, Problem, RunError
from lostudy.run import history, inventory, manifest
from lostudy.run.approvals import Names, accepted, names_for
from lostudy.run.history import RELEASES
from lostudy.run.ledger import CURRENT, key_of
from lostudy.run.plan import OWN, Job
from lostudy.study import Study
from lostudy.study.contents import behind, file_hash, recorded
from lostudy.study.parameters import PUBLIC

RECORD, HOMES = "record.json", "homes.parquet"
INTERNAL = {manifest.FILE, "findings.jsonl"}


@dataclass(frozen=True)
class Review:
    """What a release would hold, what is wrong with it, and the digest that approvals are for.

    `hidden`: kind of table → rows that are not shown; `waived`: problems that two persons accepted,
    with their reason.
    """

    audience: str
    files: tuple[tuple[str, Path], ...]
    content: str
    policy: str
    ledger: str
    hidden: dict[str, int]
    problems: tuple[Problem, ...]
    waived: tuple[tuple[Problem, str], ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """What is written down of a review."""
        return {
            "audience": self.audience,
            "content": self.content,
            "policy": self.policy,
            "ledger": self.ledger,
            "files": len(self.files),
            "hidden": self.hidden,
            "exceptions": [reason for _, reason in self.waived],
        }


def review(
    study: Study, audience: str = PUBLIC, besides: Sequence[Path] = (), raw: Path | None = None
) -> Review:
    """Attack the whole release, earlier ones included, and search every file of it.

    `audience`: public, or an organisation for its own report; `besides`: other files to release,
    such as a document. Raises RunError where there are no reports, DisclosureError where the ledger
    cannot be read.
    """
    reports, processed = study.folder / "reports", study.folder / "data" / "processed"
    jobs = _standing(study, reports)
    problems = [*_stale(study, jobs, reports, processed)]
    told = _ledger(study, jobs)
    homes = _homes(study, processed)
    earlier = {str(each) for each in told["source"] if str(each).startswith(RELEASES)}
    problems += [each.problem() for each in exposures(told, study.disclosure, homes, earlier)]
    problems += [each.problem() for each in recoverable(told, study.disclosure)]
    files = _files(reports, jobs, audience, besides)
    problems += inventory.problems(study.folder, reports, jobs, {name for name, _ in files})
    problems += history.problems(study.folder)
    problems += searched(study, files, raw)
    waived = accepted(study, problems)
    known = {problem for problem, _ in waived}
    policy, ledger = policy_hash(study.disclosure), _ledger_hash(told)
    content = _digest(
        [*(f"{name}:{file_hash(path)}" for name, path in files), audience, policy, ledger]
    )
    return Review(
        audience, tuple(files), content, policy, ledger,
        _hidden(told), tuple(each for each in problems if each not in known), waived,
    )  # fmt: skip


def searched(
    study: Study, files: Sequence[tuple[str, Path]], raw: Path | None = None
) -> list[Problem]:
    """What in these files may not leave; each has the name by which it is told of."""
    processed = study.folder / "data" / "processed"
    deliveries = raw or study.folder / recorded(processed).get("folder", "data/raw")
    cleared = _cleared(study, processed)
    return scan_files(files, gather(study, deliveries, processed, cleared))


def release(study: Study, found: Review, target: Path) -> Path:
    """Copy what passed into an empty folder and write it into the ledger; the record of it.

    Raises DisclosureError where something is wrong, or fewer than two persons approved this very
    content.
    """
    names = names_for(study, found.content)
    problems = list(found.problems)
    if not problems and len(names) < 2:
        what = f"{len(names)} of two persons approved this content ({found.content})"
        cure = "each of two persons: look at the files, then `lostudy release DIR --approve NAME`"
        problems.append(Problem(what, cure))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        what = "the folder to release to is not empty"
        problems.append(Problem(what, "name a new one", target.name))
    if problems:
        raise DisclosureError(problems)
    for name, path in found.files:
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    today = dt.date.today().isoformat()
    about = {"study": study.about.id, "status": study.about.status, "released": today}
    facts = {**about, **found.facts}
    (target / "release.json").write_text(_written(facts), encoding="utf-8")
    return _kept(study, found, facts, names, today)


def _kept(study: Study, found: Review, facts: dict, names: Names, today: str) -> Path:
    """The release in the ledger: its pages, and the record with who approved it."""
    base = study.folder / RELEASES
    number = len(list(base.glob("*"))) + 1
    folder = base / f"{number:03d}-{today}-{found.audience}"
    for page in sorted((study.folder / CURRENT).glob("*/*")):
        if page.is_dir() and _of_audience(page, found.audience):
            shutil.copytree(page, folder / page.parent.name / page.name)
    homes = _homes(study, study.folder / "data" / "processed")
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(homes.items(), columns=["person", "organisation"]).to_parquet(folder / HOMES)
    record = folder / RECORD
    record.write_text(_written({**facts, "approved": names}), encoding="utf-8")
    history.write_down(study.folder, folder)
    return record


def _of_audience(page: Path, audience: str) -> bool:
    own = page.parent.name.endswith(OWN)
    return own and page.name == audience if audience != PUBLIC else not own


def _standing(study: Study, reports: Path) -> list[Job]:
    """The jobs whose outputs stand in the reports."""
    made = manifest.read_manifest(reports)
    if not made:
        raise RunError(Problem("there are no reports yet", "run `lostudy run` first", "reports"))
    jobs = []
    for name, each in made.items():
        stem, organisation = name.split("/")
        notebook = study.folder / "notebooks" / f"{stem}.ipynb"
        jobs.append(Job(notebook, organisation, each.wave, each.language))
    return jobs


def _stale(study: Study, jobs: list[Job], reports: Path, processed: Path) -> list[Problem]:
    """Reports that are not those of these data, and those whose page of the ledger is another."""
    made, keys = manifest.read_manifest(reports), manifest.keys_of(study, jobs)
    waiting = behind(study, processed)
    problems = []
    for job in jobs:
        key = made[job.name].key
        page = study.folder / CURRENT / job.stem / job.organisation
        older = waiting if job.reads_all else job.organisation in waiting
        if older or keys.get(job.name) != key:
            what = "this report is not up to date"
            problems.append(Problem(what, "`lostudy run` first", job.name))
        elif key_of(page) != key:
            what = "what this report tells of persons was not written down"
            problems.append(Problem(what, "`lostudy run --force` first", job.name))
    return problems


def _cleared(study: Study, processed: Path) -> tuple[str, ...]:
    """The words of quotes that pass, judged anew: reports cannot clear what stands in them."""
    chosen = read_quotes(study.folder / "data" / "quotes.csv")
    talks, said = (read_table(study, processed, name) for name in ("interviews", "segments"))
    judged = judge_quotes(chosen, talks, said, private_names(study), parents_of(study),
                          dt.date.today())
    checked = judged[judged["status"] == "checked"]
    return tuple(each for text in ("text", "text_en") for each in checked[text] if each)


def _ledger(study: Study, jobs: list[Job]) -> pd.DataFrame:
    """Every claim of these reports and of all earlier releases."""
    pages = [(job.name, study.folder / CURRENT / job.stem / job.organisation) for job in jobs]
    for page in sorted((study.folder / RELEASES).glob("*/*/*")):
        if page.is_dir():
            pages.append((page.relative_to(study.folder).as_posix(), page))
    return read_ledger(pages)


def _homes(study: Study, processed: Path) -> dict[str, str]:
    """Person or conversation → organisation, those included who stood in earlier releases only."""
    before = sorted((study.folder / RELEASES).glob(f"*/{HOMES}"))
    frames = [pd.read_parquet(path) for path in before]
    responses = read_table(study, processed, "responses")
    talks = read_table(study, processed, "interviews").rename(columns={"interview": "person"})
    frames += [frame[["person", "organisation"]] for frame in (responses, talks)]
    everyone = pd.concat(frames, ignore_index=True)
    return dict(zip(everyone["person"], everyone["organisation"], strict=True))


def _files(
    reports: Path, jobs: list[Job], audience: str, besides: Sequence[Path]
) -> list[tuple[str, Path]]:
    """What would leave, by the name it gets: everything but own reports, or one own report."""
    own = {job.stem for job in jobs if job.stem.endswith(OWN)}
    kept = []
    for path in sorted(each for each in reports.rglob("*") if each.is_file() or each.is_symlink()):
        parts = path.relative_to(reports).parts
        mine = parts[0] in own and parts[1] == audience
        public = audience == PUBLIC and parts[0] not in own
        if path.name not in INTERNAL and (mine or public):
            kept.append((Path(*parts).as_posix(), path))
    return [*kept, *((path.name, path) for path in besides)]


def _hidden(told: pd.DataFrame) -> dict[str, int]:
    rows = told.drop_duplicates(["source", "row"])
    counts = rows[~rows["shown"]].groupby("kind").size()
    return {str(kind): int(count) for kind, count in counts.items()}


def _ledger_hash(told: pd.DataFrame) -> str:
    rows = told.sort_values(list(told.columns)).astype("str")
    return hashlib.sha256(rows.to_csv(index=False).encode()).hexdigest()[:16]


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def _written(facts: dict) -> str:
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
