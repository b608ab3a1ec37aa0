"""One survey delivery → its rows of `responses`, `missing` and the log."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lostudy.cleaning import rules
from lostudy.cleaning.corrections import correct
from lostudy.cleaning.dates import read_dates
from lostudy.cleaning.harmonise import REASONS, Harmonised, harmonise
from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.cleaning.people import normal_code, row_names
from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem
from lostudy.study import Study


@dataclass
class SurveyRows:
    """What one delivery adds; `code` and `name` are used for linking and then forgotten."""

    responses: pd.DataFrame
    reasons: dict[str, np.ndarray]
    statuses: list[dict[str, str]]
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def tidy_survey(study: Study, delivered: Delivered, delivery: SurveyDelivery) -> SurveyRows:
    """The records of one organisation at one wave, flagged but all there."""
    delivery, changes, problems = correct(study, delivered.name, delivery)
    rows = harmonise(study, delivered.name, delivered.organisation, delivered.wave, delivery)
    rows.changes += changes
    rows.problems += problems
    if any(problem.severity == "error" for problem in rows.problems):
        return SurveyRows(pd.DataFrame(), {}, rows.statuses, rows.changes, rows.problems)
    fields = _fields(rows)
    names = row_names(delivery.answers)
    flags = rules.flag(study, delivered.wave, rows.items, fields, names)
    responses = _responses(
        delivered, rows.items, fields, flags, rules.exclusion(study, flags), names
    )
    log = [*rows.changes, *_log_flags(delivered, responses)]
    return SurveyRows(responses, rows.reasons, rows.statuses, log, rows.problems)


def _fields(rows: Harmonised) -> pd.DataFrame:
    """The fields besides items in their types: times, seconds, weights."""
    fields = rows.fields.copy()
    for column in ("started", "submitted"):
        if column in fields:
            fields[column] = read_dates(fields[column])
    for column in ("seconds", "weight"):
        if column in fields:
            fields[column] = pd.to_numeric(fields[column], errors="coerce").astype("Float64")
    if "seconds" not in fields and {"started", "submitted"} <= set(fields):
        fields["seconds"] = (
            (fields["submitted"] - fields["started"]).dt.total_seconds().astype("Float64")
        )
    return fields


def _responses(
    delivered: Delivered,
    items: pd.DataFrame,
    fields: pd.DataFrame,
    flags: pd.DataFrame,
    reason: pd.Series,
    names: pd.Series,
) -> pd.DataFrame:
    index = items.index
    empty = pd.Series(pd.NA, index=index, dtype="str")
    columns = {
        column: fields.get(column, empty) for column in ("team", "role", "tenure", "language")
    }
    for column, kind in (("seconds", "Float64"), ("weight", "Float64")):
        columns[column] = fields.get(column, pd.Series(pd.NA, index=index, dtype=kind))
    columns["started"] = fields.get("started", pd.Series(pd.NaT, index=index))
    known = pd.DataFrame(columns)
    known["organisation"], known["wave"] = delivered.organisation, delivered.wave
    known["exclusion"], known["included"] = reason, reason == ""
    known["flags"] = _joined(flags)
    known["row"] = index.astype("Int64")
    known["code"] = fields["link"].fillna("").map(normal_code) if "link" in fields else ""
    known["name"] = _record_names(fields, names)
    return pd.concat([known, items], axis=1)


def _record_names(fields: pd.DataFrame, names: pd.Series) -> pd.Series:
    """The tool's own record id where each row has another one, else the name from the content."""
    if "record" in fields and fields["record"].notna().all() and fields["record"].is_unique:
        return fields["record"].astype("str")
    return names


def _joined(flags: pd.DataFrame) -> pd.Series:
    """The names of the flags of each row, joined with ";"."""
    joined = pd.Series("", index=flags.index, dtype="str")
    for name in flags:
        joined = joined.where(~flags[name], joined + ";" + name)
    return joined.str.strip(";")


def _log_flags(delivered: Delivered, responses: pd.DataFrame) -> list[Change]:
    """A line for every record that is left out and for every flag that is only a flag."""
    flagged = responses[responses["flags"] != ""]
    log = []
    for row, names, reason in zip(
        flagged["row"], flagged["flags"], flagged["exclusion"], strict=True
    ):
        for name in names.split(";"):
            change = "excluded" if name == reason else "flagged"
            log.append(Change(delivered.name, "responses", str(row), "", RULES[name], change, name))
    return log


RULES = {
    "preview": "C9",
    "empty": "C10",
    "before_launch": "C9",
    "late": "C19",
    "partial": "C10",
    "speeder": "C11",
    "straightliner": "C12",
    "duplicate": "C8",
    "careless": "C15",
}


def missing_rows(
    responses: pd.DataFrame, persons: pd.Series, reasons: dict[str, np.ndarray]
) -> pd.DataFrame:
    """One row per unanswered cell: person, wave, item and reason."""
    items = list(reasons)
    who, what, why = [], [], []
    for place, item in enumerate(items):
        rows = np.flatnonzero(reasons[item])
        who.append(rows.astype("int32"))
        what.append(np.full(len(rows), place, dtype="int16"))
        why.append(reasons[item][rows])
    rows = np.concatenate(who) if who else np.array([], dtype="int32")
    people = pd.Categorical(persons)
    waves = pd.Categorical(responses["wave"])
    return pd.DataFrame(
        {
            "person": people.take(rows),
            "wave": waves.take(rows),
            "item": pd.Categorical.from_codes(np.concatenate(what) if what else [], items),
            "reason": pd.Categorical.from_codes(
                np.concatenate(why) - 1 if why else [], REASONS[1:]
            ),
        }
    )
