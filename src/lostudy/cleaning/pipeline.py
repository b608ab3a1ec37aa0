"""Deliveries → tidy tables, one organisation at a time; nothing is written unless all is well."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from lostudy.cleaning.audit import prove, registers_of
from lostudy.cleaning.balance import check_balance
from lostudy.cleaning.conversations import Conversations, tidy_conversations
from lostudy.cleaning.corrections import unused
from lostudy.cleaning.fingerprints import Receipt, receive, record_file, remember
from lostudy.cleaning.inventory import Delivered, look
from lostudy.cleaning.log import Change, log_table
from lostudy.cleaning.persons import responses_and_missing, stack
from lostudy.cleaning.side_by_side import in_order
from lostudy.cleaning.storing import replace_tables
from lostudy.cleaning.survey import SurveyRows, tidy_survey
from lostudy.cleaning.tables import shape
from lostudy.cleaning.wholes import check_wholes
from lostudy.deliveries import (
    InterviewDelivery,
    Source,
    SurveyDelivery,
    read_interviews,
    read_survey,
)
from lostudy.errors import DataError, Problem
from lostudy.study import Study

Read = TypeVar("Read", SurveyDelivery, InterviewDelivery)
DECIDED_LATER = ("coder.alike",)


@dataclass(frozen=True)
class Cleaned:
    """The tables of one organisation, and what is wrong, repaired or worth a note.

    Where something stops there are no tables; the log says how far it came.
    """

    organisation: str
    tables: dict[str, pd.DataFrame]
    problems: tuple[Problem, ...]
    log: pd.DataFrame = field(default_factory=lambda: log_table([]))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass
class Work:
    """What is gathered while the deliveries of one organisation are read."""

    study: Study
    receipts: dict[str, Receipt]
    raw: dict[str, SurveyDelivery | InterviewDelivery] = field(default_factory=dict)
    rows: list[SurveyRows] = field(default_factory=list)
    voices: list[Conversations] = field(default_factory=list)
    sources: list[dict] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def clean_study(
    study: Study,
    raw: Path,
    processed: Path | None,
    progress: Callable[[str], None] = lambda _: None,
    *,
    workers: int = 1,
    standing: Collection[str] = (),
) -> list[Cleaned]:
    """Every organisation cleaned; written to `processed` in one step when there are no errors.

    Raises one DataError with every error of every delivery. `processed=None` only checks.
    `workers`: the processes among which many organisations are divided. `standing`: organisations
    whose tables in `processed` are up to date; they are kept, and are not among what is returned.
    """
    deliveries, stray = look(study, raw)
    memory = record_file(study, raw)
    notes: list[Problem] = [*stray, *unused(study, {each.name for each in deliveries})]
    receipts, seen = receive(deliveries, memory, notes)
    own = _by_organisation(study, deliveries)
    waiting = [part for part in own.items() if part[0] not in standing] or [*own.items()][:1]
    make = partial(_clean, study, receipts)
    cleaned = []
    for (organisation, _), made in in_order(make, waiting, workers):
        progress(organisation)
        cleaned.append(made)
    cleaned = _with_notes(cleaned, notes, deliveries)
    if processed is not None:
        _write(cleaned, processed, {*own} - {each.organisation for each in cleaned})
        remember(memory, seen)
    return cleaned


def _by_organisation(study: Study, deliveries: list[Delivered]) -> dict[str, list[Delivered]]:
    """The deliveries of each organisation that has any, in the order of study.toml."""
    own = {
        each.id: [one for one in deliveries if one.organisation == each.id]
        for each in study.organisations
    }
    return {name: mine for name, mine in own.items() if mine}


def _clean(
    study: Study, receipts: dict[str, Receipt], part: tuple[str, list[Delivered]]
) -> Cleaned:
    organisation, mine = part
    return clean_organisation(study, organisation, mine, receipts)


def _with_notes(
    cleaned: list[Cleaned], notes: list[Problem], deliveries: list[Delivered]
) -> list[Cleaned]:
    """Notes about a delivery go to its organisation, others to the first one."""
    owner = {each.name: each.organisation for each in deliveries}
    first = cleaned[0].organisation
    return [
        replace(each, problems=(*_of(each.organisation, notes, owner, first), *each.problems))
        for each in cleaned
    ]


def _of(
    organisation: str, notes: list[Problem], owner: dict[str, str], first: str
) -> list[Problem]:
    return [note for note in notes if owner.get(note.file, first) == organisation]


def _write(cleaned: list[Cleaned], processed: Path, standing: Collection[str]) -> None:
    errors = [problem for each in cleaned for problem in each.errors]
    if errors:
        raise DataError(errors)
    replace_tables(processed, {each.organisation: each.tables for each in cleaned}, standing)


def clean_organisation(
    study: Study,
    organisation: str,
    deliveries: list[Delivered],
    receipts: dict[str, Receipt] | None = None,
    *,
    proven: bool = True,
) -> Cleaned:
    """The tables of one organisation; where there are errors, no tables.

    With `proven` they are made again from deliveries and log alone, and must be the same.
    """
    work = Work(study, receipts or {})
    registers = {each.wave: each for each in deliveries if each.kind == "conversations"}
    for each in deliveries:
        if each.kind == "survey":
            _survey(each, work)
        elif each.kind == "interviews":
            _voices(each, registers.get(each.wave), work)
    _finish_surveys(work)
    place = {each.name: number for number, each in enumerate(deliveries)}
    work.problems.sort(key=lambda problem: place.get(problem.file, len(place)))
    if any(problem.severity == "error" for problem in work.problems):
        return Cleaned(organisation, {}, tuple(work.problems), log_table(work.changes))
    tables = _tables(study, organisation, work)
    check_balance(study, tables)
    if proven:
        proof = prove(study, tables, work.raw, registers_of(deliveries))
        work.problems += proof.problems
    return Cleaned(organisation, tables, tuple(work.problems), tables["cleaning_log"])


def _tables(study: Study, organisation: str, work: Work) -> dict[str, pd.DataFrame]:
    tables = responses_and_missing(study, organisation, work.rows, work.changes)
    tables["interviews"] = stack([voice.interviews for voice in work.voices])
    tables["segments"] = stack([voice.segments for voice in work.voices])
    statuses = [status for part in work.rows for status in part.statuses]
    tables["harmonisation"] = pd.DataFrame(statuses)
    tables["cleaning_log"] = log_table(work.changes)
    tables["deliveries"] = pd.DataFrame(work.sources)
    return {name: shape(study, name, tables.pop(name)) for name in list(tables)}


def _survey(delivered: Delivered, work: Work) -> None:
    delivery = _read(read_survey, delivered, work)
    if delivery is None:
        return
    work.sources.append(_source(delivered, delivery.source, len(delivery.answers), work.receipts))
    work.rows.append(tidy_survey(work.study, delivered, delivery))


def _finish_surveys(work: Work) -> None:
    """What shows only in whole deliveries; then every survey's problems and log are complete."""
    check_wholes(work.study, [part for part in work.rows if len(part.responses)])
    for part in work.rows:
        work.problems += [*part.problems, *part.seen.idle()]
        work.changes += part.changes


def _voices(delivered: Delivered, register: Delivered | None, work: Work) -> None:
    delivery = _read(read_interviews, delivered, work)
    if delivery is None:
        return
    work.sources.append(_source(delivered, delivery.source, len(delivery.segments), work.receipts))
    path = register.path if register else None
    part = tidy_conversations(work.study, delivered, delivery, path)
    if register is not None:
        own = Source(register.name, "register", "conversations.csv of the researchers", "")
        work.sources.append(_source(register, own, len(part.interviews), work.receipts))
    work.problems += part.problems
    work.changes += part.changes
    work.voices.append(part)


def _read(
    reader: Callable[[Path, str | None], Read], delivered: Delivered, work: Work
) -> Read | None:
    """The delivery, or None where it cannot be read; problems get the delivery's own name."""
    try:
        delivery = reader(delivered.path, delivered.tool)
    except DataError as error:
        work.problems += [replace(problem, file=delivered.name) for problem in error.problems]
        return None
    work.raw[delivered.name] = delivery
    repairs = [
        replace(problem, file=delivered.name)
        for problem in delivery.repairs
        if problem.rule not in DECIDED_LATER
    ]
    work.problems += repairs
    work.changes += [_repair(delivered, problem) for problem in repairs]
    return delivery


def _repair(delivered: Delivered, problem: Problem) -> Change:
    row = "*" if problem.row is None else str(problem.row)
    rule, column = problem.rule or "reading", problem.column or ""
    return Change(delivered.name, delivered.kind, row, column, rule, "repaired", problem.what)


def _source(
    delivered: Delivered, source: Source, rows: int, receipts: dict[str, Receipt]
) -> dict[str, object]:
    receipt = receipts.get(delivered.name, Receipt(source.sha256, "", 1))
    return {
        "organisation": delivered.organisation,
        "wave": delivered.wave,
        "kind": delivered.kind,
        "file": delivered.name,
        "tool": source.tool,
        "evidence": source.evidence,
        "sha256": receipt.sha256,
        "encoding": source.encoding,
        "separator": source.separator,
        "rows": rows,
        "received": receipt.received,
        "version": receipt.version,
    }
