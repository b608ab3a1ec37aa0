"""The reports of a run, built beside the old ones and put in their place in one step.

What was not run again, or failed, comes from the old reports; an interruption leaves the old ones.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from lostudy.findings.registry import FILE as FINDINGS
from lostudy.findings.registry import read_lines, write_registry
from lostudy.run import manifest
from lostudy.run.cells import renew, text_of
from lostudy.run.inventory import take_stock
from lostudy.run.kept import whole
from lostudy.run.ledger import turn_page
from lostudy.run.manifest import Made
from lostudy.run.outcome import NOTEBOOK, Outcome
from lostudy.run.plan import Job
from lostudy.study import Study
from lostudy.study.parameters import PUBLIC

NEW, OLD = ".new", ".old"


def assemble(
    study: Study,
    done: list[Job],
    outcomes: list[Outcome],
    every: list[Job],
    reports: Path,
    fresh: Path,
    retold: Sequence[Job] = (),
) -> int:
    """Pages, findings and catalogue in `fresh`, from what was run and what still stands.

    `done`: what was run, `outcomes`: how that went, `every`: all jobs of the plan, `retold`: those
    of which the text alone is renewed. The number of findings.
    """
    from lostudy.publish.catalogue import write_catalogue
    from lostudy.publish.deposit import write_deposit
    from lostudy.publish.exports import write_exports
    from lostudy.publish.page import write_page
    from lostudy.publish.tables import write_tables

    failed = {outcome.job.name for outcome in outcomes if outcome.failed}
    _only(every, fresh)
    _take_over(every, failed, reports, fresh)
    _no_empty(fresh)
    for job in retold:
        _retell(study.folder, job, fresh)
    standing = [job for job in every if (fresh / job.stem / job.organisation / NOTEBOOK).exists()]
    ran = {job.name for job in done} - failed
    there = {job.name for job in standing}
    new = [job for job in (*done, *retold) if job.name in there - failed]
    made = {**manifest.read_manifest(reports), **{job.name: _made(job, fresh) for job in new}}
    for job in new:
        write_page(study, fresh / job.name, job.stem, job.organisation, job.language)
        if job.name in ran:
            turn_page(study.folder, job, job.key)
    public = [job for job in standing if job.audience == PUBLIC]
    records = [
        record for job in public for record in read_lines(fresh / job.stem / job.organisation)
    ]
    records = write_tables(fresh, records)
    count = write_registry(fresh / FINDINGS, records)
    manifest.write_manifest(
        fresh, {name: each for name, each in made.items() if name in there - failed}
    )
    language = _language(study, made, there)
    write_exports(fresh, records, language)
    write_deposit(study, fresh, records, language)
    write_catalogue(
        study, fresh, [(job.stem, job.organisation, language) for job in public], failed
    )
    take_stock(study.folder, fresh, new, [job for job in standing if job not in new])
    return count


def _made(job: Job, fresh: Path) -> Made:
    """What a job was made from; its text is that of the notebook that was executed."""
    return Made(job.key, job.language, job.wave, text_of(fresh / job.name / NOTEBOOK))


def _retell(study_folder: Path, job: Job, fresh: Path) -> None:
    """Renew the text of what was executed: in the reports, and of the whole under data/."""
    for executed in (fresh / job.name / NOTEBOOK, whole(study_folder, job)):
        if executed.exists():
            renew(executed, job.notebook)


def _language(study: Study, made: dict[str, Made], names: set[str]) -> str:
    """The catalogue's language: that of all pages where they share one, else the study's."""
    languages = {each.language for name, each in made.items() if name in names}
    return languages.pop() if len(languages) == 1 else study.about.language


def _only(every: list[Job], fresh: Path) -> None:
    """Take away what is in no job's folder: a notebook that wrote outside its own."""
    folders = {fresh / job.stem / job.organisation for job in every}
    parents = {folder.parent for folder in folders}
    for path in [*fresh.glob("*"), *(each for one in parents for each in one.glob("*"))]:
        if path.is_file() or path.is_symlink():
            path.unlink()
        elif path not in folders | parents:
            shutil.rmtree(path)


def _take_over(every: list[Job], failed: set[str], reports: Path, fresh: Path) -> None:
    """What was not run again, or failed, comes from the old reports."""
    for job in every:
        new, old = fresh / job.stem / job.organisation, reports / job.stem / job.organisation
        if job.name not in failed and (new / NOTEBOOK).exists():
            continue
        shutil.rmtree(new, ignore_errors=True)
        if (old / NOTEBOOK).exists():
            shutil.copytree(old, new)


def _no_empty(fresh: Path) -> None:
    """Take away folders in which nothing stands: of a job that failed, of files put aside."""
    for path in sorted(fresh.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def swap(fresh: Path, reports: Path) -> None:
    """Put the new reports in the place of the old ones."""
    old = reports.with_name(reports.name + OLD)
    clear(old)
    if reports.exists():
        reports.rename(old)
    fresh.rename(reports)
    clear(old)


def beside(reports: Path) -> Path:
    """Where new reports are made, beside the ones that stand."""
    reports = reports.resolve()
    return reports.with_name(reports.name + NEW)


def clear(path: Path) -> None:
    """Take away a folder; of a link, the link alone."""
    if path.is_symlink():
        path.unlink()
    shutil.rmtree(path, ignore_errors=True)


def mended(reports: Path) -> Path:
    """The folder of the reports, where a link leads to it.

    Where a run was cut off between its two renames, the old ones are put back.
    """
    reports = reports.resolve()
    old = reports.with_name(reports.name + OLD)
    if old.exists() and not old.is_symlink() and not reports.exists():
        old.rename(reports)
    return reports
