"""Deliveries → tidy tables, one organisation at a time; nothing is written unless all is well."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lostudy.cleaning.balance import check_balance
from lostudy.cleaning.conversations import tidy_conversations
from lostudy.cleaning.inventory import Delivered, find_deliveries
from lostudy.cleaning.log import Change, log_table
from lostudy.cleaning.people import link, person_key, study_key
from lostudy.cleaning.survey import SurveyRows, missing_rows, tidy_survey
from lostudy.cleaning.tables import shape, write_tables
from lostudy.deliveries import read_interviews, read_survey
from lostudy.deliveries.tables import Source
from lostudy.errors import DataError, Problem
from lostudy.study import Study


@dataclass(frozen=True)
class Cleaned:
    """The tables of one organisation, and what is wrong, repaired or worth a note."""

    organisation: str
    tables: dict[str, pd.DataFrame]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def clean_study(
    study: Study,
    raw: Path,
    processed: Path | None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Cleaned]:
    """Every organisation cleaned; written to `processed` in one step when there are no errors.

    Raises one DataError with every error of every delivery. `processed=None` only checks.
    """
    deliveries = find_deliveries(study, raw)
    cleaned = []
    for organisation in study.organisations:
        mine = [each for each in deliveries if each.organisation == organisation.id]
        if mine:
            progress(organisation.id)
            cleaned.append(clean_organisation(study, organisation.id, mine))
    if processed is not None:
        errors = [problem for each in cleaned for problem in each.errors]
        if errors:
            raise DataError(errors)
        _replace(processed, cleaned)
    return cleaned


def clean_organisation(study: Study, organisation: str, deliveries: list[Delivered]) -> Cleaned:
    """The tables of one organisation; where there are errors, no tables."""
    problems: list[Problem] = []
    sources: list[dict] = []
    surveys = [each for each in deliveries if each.kind == "survey"]
    rows = [part for each in surveys if (part := _survey(study, each, sources, problems))]
    voices = [
        _voices(study, each, deliveries, sources, problems)
        for each in deliveries
        if each.kind == "interviews"
    ]
    if any(problem.severity == "error" for problem in problems):
        return Cleaned(organisation, {}, tuple(problems))
    changes = [change for part in rows for change in part.changes]
    tables = _people(study, organisation, rows, changes)
    tables["interviews"] = _stack([voice[0] for voice in voices if voice])
    tables["segments"] = _stack([voice[1] for voice in voices if voice])
    changes += [change for voice in voices if voice for change in voice[2]]
    tables["harmonisation"] = pd.DataFrame([status for part in rows for status in part.statuses])
    tables["cleaning_log"] = log_table(changes)
    tables["deliveries"] = pd.DataFrame(sources)
    tidy = {name: shape(study, name, frame) for name, frame in tables.items()}
    check_balance(study, tidy)
    return Cleaned(organisation, tidy, tuple(problems))


def _survey(
    study: Study, delivered: Delivered, sources: list[dict], problems: list[Problem]
) -> SurveyRows | None:
    try:
        delivery = read_survey(delivered.path, delivered.tool)
    except DataError as error:
        problems.extend(_named(problem, delivered) for problem in error.problems)
        return None
    problems.extend(_named(problem, delivered) for problem in delivery.repairs)
    sources.append(_source(delivered, delivery.source, len(delivery.answers)))
    part = tidy_survey(study, delivered, delivery)
    part.changes += [_repair(delivered, problem) for problem in delivery.repairs]
    problems.extend(part.problems)
    return None if part.stops else part


def _voices(
    study: Study,
    delivered: Delivered,
    deliveries: list[Delivered],
    sources: list[dict],
    problems: list[Problem],
) -> tuple[pd.DataFrame, pd.DataFrame, list[Change]] | None:
    try:
        delivery = read_interviews(delivered.path, delivered.tool)
    except DataError as error:
        problems.extend(_named(problem, delivered) for problem in error.problems)
        return None
    problems.extend(_named(problem, delivered) for problem in delivery.repairs)
    sources.append(_source(delivered, delivery.source, len(delivery.segments)))
    register = next(
        (
            each.path
            for each in deliveries
            if each.kind == "conversations" and each.wave == delivered.wave
        ),
        None,
    )
    part = tidy_conversations(study, delivered, delivery, register)
    problems.extend(part.problems)
    changes = part.changes + [_repair(delivered, problem) for problem in delivery.repairs]
    return part.interviews, part.segments, changes


def _named(problem: Problem, delivered: Delivered) -> Problem:
    return Problem(
        problem.what,
        problem.cure,
        delivered.name,
        problem.row,
        problem.column,
        problem.rule,
        problem.severity,
    )


def _repair(delivered: Delivered, problem: Problem) -> Change:
    row = "*" if problem.row is None else str(problem.row)
    return Change(
        delivered.name,
        delivered.kind,
        row,
        problem.column or "",
        problem.rule or "reading",
        "repaired",
        problem.what,
    )


def _source(delivered: Delivered, source: Source, rows: int) -> dict:
    place = {"organisation": delivered.organisation, "wave": delivered.wave, "kind": delivered.kind}
    read = {
        name: getattr(source, name)
        for name in ("tool", "evidence", "sha256", "encoding", "separator")
    }
    return {**place, "file": delivered.name, **read, "rows": rows}


def _people(
    study: Study, organisation: str, parts: list[SurveyRows], changes: list[Change]
) -> dict[str, pd.DataFrame]:
    """`responses` and `missing`, with persons linked over the waves and their codes forgotten."""
    if not parts:
        return {"responses": pd.DataFrame(), "missing": pd.DataFrame()}
    order = pd.CategoricalDtype([wave.id for wave in study.waves], ordered=True)
    everyone = pd.concat([part.responses for part in parts], ignore_index=True)
    everyone["person"] = _persons(study, organisation, everyone, order)
    first = 0
    missing = []
    for part in parts:
        persons = everyone["person"].iloc[first : first + len(part.responses)]
        missing.append(missing_rows(part.responses, persons, part.reasons))
        first += len(part.responses)
    waves = everyone[everyone["included"]].groupby("person")["wave"].nunique()
    everyone["linked"] = everyone["person"].map(waves).fillna(0) > 1
    changes += _log_links(everyone, parts)
    tidy = everyone.drop(columns=["code", "name"])
    tidy = tidy.sort_values(["wave", "person", "row"], key=_in_order(order)).reset_index(drop=True)
    return {
        "responses": tidy,
        "missing": _stack(missing).sort_values(["wave", "person", "item"]).reset_index(drop=True),
    }


def _in_order(order: pd.CategoricalDtype) -> Callable[[pd.Series], pd.Series]:
    return lambda column: column.astype(order).cat.codes if column.name == "wave" else column


def _persons(
    study: Study, organisation: str, everyone: pd.DataFrame, order: pd.CategoricalDtype
) -> pd.Series:
    key = study_key(study)
    coded = everyone["included"] & (everyone["code"] != "")
    codes = everyone.loc[coded, ["wave", "code"]].assign(
        wave=everyone.loc[coded, "wave"].astype(order)
    )
    found = link(codes, study.cleaning.link_elements)
    known = found.map(
        {code: person_key(key, organisation, "code", code) for code in found.unique()}
    )
    rest = everyone[~coded]
    alone = [
        person_key(key, organisation, wave, name)
        for wave, name in zip(rest["wave"], rest["name"], strict=True)
    ]
    return pd.concat([known, pd.Series(alone, index=rest.index, dtype="str")]).reindex(
        everyone.index
    )


def _log_links(everyone: pd.DataFrame, parts: list[SurveyRows]) -> list[Change]:
    """How many records of each wave were found at another wave; no single link is written."""
    counts = everyone[everyone["linked"] & everyone["included"]].groupby("wave").size()
    return [
        Change(
            "*",
            "responses",
            "*",
            "person",
            "C16",
            "linked",
            f"found at another wave than {wave} too",
            cells=int(count),
        )
        for wave, count in counts.items()
    ]


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame()
    categories = {
        column: pd.api.types.union_categoricals([frame[column] for frame in filled]).categories
        for column in filled[0]
        if isinstance(filled[0][column].dtype, pd.CategoricalDtype)
    }
    return pd.concat(
        [
            frame.assign(
                **{
                    column: frame[column].cat.set_categories(known)
                    for column, known in categories.items()
                }
            )
            for frame in filled
        ],
        ignore_index=True,
    )


def _replace(processed: Path, cleaned: list[Cleaned]) -> None:
    """The new tables in place of the old ones: written beside, then swapped."""
    fresh, old = (
        processed.with_name(processed.name + ".new"),
        processed.with_name(processed.name + ".old"),
    )
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    for each in cleaned:
        write_tables(fresh / each.organisation, each.tables)
    if processed.exists():
        processed.rename(old)
    fresh.rename(processed)
    shutil.rmtree(old, ignore_errors=True)
