"""One survey delivery → its rows of `responses`, `missing` and the log."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lostudy.cleaning import rules
from lostudy.cleaning.answers import IMPOSSIBLE, REASONS
from lostudy.cleaning.careless import FEWEST_TIMES
from lostudy.cleaning.corrections import correct
from lostudy.cleaning.harmonise import Harmonised, harmonise
from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.linking_codes import own_codes
from lostudy.cleaning.log import Change
from lostudy.cleaning.people import row_hashes, row_names
from lostudy.cleaning.seen import Seen
from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem
from lostudy.study import Study

LEAST_SECONDS = 1.0
FLAGS = {
    "preview": ("C9", "marked as a test by the tool, or called test"),
    "empty": ("C10", "no answer at all"),
    "before_launch": ("C9", "started before the wave opened"),
    "late": ("C19", "started after the wave closed"),
    "partial": ("C10", "less than half of every primary scale answered"),
    "speeder": ("C11", "under the seconds per item and under a third of the median"),
    "straightliner": ("C12", "one answer on half of the items in a row"),
    "inconsistent": ("C14", "answers that contradict each other within scales"),
    "inattentive": ("C15", "another answer than the item asks for"),
    "duplicate": ("C8", "the same record, code or answers as a more complete or earlier one"),
    "careless": ("C15", "two independent signs of careless answering"),
}


@dataclass
class SurveyRows:
    """What one delivery adds; `code` and `name` are used for linking and then forgotten.

    `named` says what a record without a linking code is called after: its record number or content.
    `headings`: item -> its heading, in the order of the delivery. Where columns could not be told
    apart there are no responses.
    """

    delivered: Delivered
    seen: Seen
    responses: pd.DataFrame = field(default_factory=pd.DataFrame)
    reasons: dict[str, np.ndarray] = field(default_factory=dict)
    statuses: list[dict[str, str]] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    named: str = ""
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def file(self) -> str:
        """How messages and the log call the delivery."""
        return self.delivered.name

    @property
    def stops(self) -> bool:
        """Whether one of the problems is an error."""
        return any(problem.severity == "error" for problem in self.problems)


def tidy_survey(study: Study, delivered: Delivered, delivery: SurveyDelivery) -> SurveyRows:
    """The records of one organisation at one wave, flagged but all there.

    Problems of cells do not keep the records from being looked at, so that all come at once.
    """
    result = SurveyRows(delivered, Seen(study, delivered.name))
    delivery, changes, problems = correct(study, delivered.name, delivery)
    rows = harmonise(study, delivered, delivery)
    rows.changes += _worked_out(delivered, rows.fields)
    rows.fields = _with_seconds(rows.fields)
    _impossible_times(rows)
    rows.problems += _in_minutes(delivered, rows)
    result.changes += changes + rows.changes
    result.problems += problems + rows.problems
    result.statuses, result.headings = rows.statuses, rows.headings
    if rows.reasons:
        result.named = "record" if _own_records(rows.fields) else "content"
        result.responses = _responses(study, rows, delivery.answers, result)
        result.reasons = rows.reasons
        result.changes += _log_flags(delivered, result.responses)
    return result


def _responses(
    study: Study, rows: Harmonised, answers: pd.DataFrame, result: SurveyRows
) -> pd.DataFrame:
    fields, delivered = rows.fields, result.delivered
    answered = _answered(rows)
    if "link" in fields:
        aside = rules.set_aside(study, delivered.wave, fields, answered)
        codes, nobody = own_codes(fields["link"], rows.items, aside)
        fields = fields.assign(link=codes)
        result.changes += [_without_code(delivered.name, *each) for each in nobody.items()]
    flags = rules.flag(study, delivered.wave, rows.items, fields, answers, answered)
    _silence(flags, result)
    reason = rules.exclusion(study, flags)
    known = pd.DataFrame(_background(fields))
    known["organisation"], known["wave"] = delivered.organisation, delivered.wave
    known["exclusion"], known["included"] = reason, reason == ""
    known["flags"] = _joined(flags)
    known["row"] = known.index.astype("Int64")
    known["code"] = fields.get("link", "")
    known["name"] = _record_names(fields, answers)
    return pd.concat([known, rows.items], axis=1)


def _without_code(file: str, row: int, why: str) -> Change:
    return Change(file, "responses", str(row), "person", "C16", "code not used", why)


def _answered(rows: Harmonised) -> pd.DataFrame:
    """Where somebody answered, also with something that the item does not have."""
    why = np.column_stack(list(rows.reasons.values()))
    given = (why == 0) | (why == IMPOSSIBLE)
    return pd.DataFrame(given, index=rows.items.index, columns=list(rows.reasons))


def _silence(flags: pd.DataFrame, result: SurveyRows) -> None:
    """Take away the flags that a person looked at and found fine; each is a line in the log."""
    for row, old, line in result.seen.flags():
        named = [name for name in flags if old in (name, FLAGS[str(name)][0])]
        mine = [name for name in named if row in flags.index and flags.at[row, name]]
        for name in mine:
            flags.at[row, name] = False
            result.changes.append(line)
            result.seen.use(row, old)


def _with_seconds(fields: pd.DataFrame) -> pd.DataFrame:
    """The fields, with the time taken from the two moments where the tool does not give it."""
    if "seconds" in fields or not {"started", "submitted"} <= set(fields):
        return fields
    taken = (fields["submitted"] - fields["started"]).dt.total_seconds()
    return fields.assign(seconds=taken.astype("Float64"))


def _impossible_times(rows: Harmonised) -> None:
    """Times below zero are missing, a line each: sent in before it was started (C11)."""
    if "seconds" not in rows.fields:
        return
    below = (rows.fields["seconds"] < 0).fillna(False).astype("bool")
    rows.fields["seconds"] = rows.fields["seconds"].mask(below)
    why = "a time below zero: sent in before it was started"
    rows.changes += [
        Change(rows.file, "responses", str(row), "seconds", "C11", "set missing", why)
        for row in rows.fields.index[below]
    ]


def _in_minutes(delivered: Delivered, rows: Harmonised) -> list[Problem]:
    """A note where half of the people took under a second per answer: minutes? (C11)"""
    if "seconds" not in rows.fields or not rows.reasons:
        return []
    taken = rows.fields["seconds"].astype("float64")
    per_answer = taken / _answered(rows).sum(axis=1).replace(0, np.nan)
    if per_answer.notna().sum() < FEWEST_TIMES or per_answer.median() >= LEAST_SECONDS:
        return []
    what = "half of the times are under a second per answer: are these minutes?"
    cure = "look how the tool counts; give the moment of sending in instead of the time taken"
    return [delivered.problem(what, cure, "C11", severity="note", topic="time.minutes")]


def _worked_out(delivered: Delivered, fields: pd.DataFrame) -> list[Change]:
    """A line where the time taken is not in the delivery but follows from its two moments."""
    if "seconds" in fields or not {"started", "submitted"} <= set(fields):
        return []
    why = "the moment of sending in minus the moment of starting"
    return [Change(
        delivered.name, "responses", "*", "seconds", "C11", "worked out", why, cells=len(fields)
    )]


def _background(fields: pd.DataFrame) -> dict[str, pd.Series]:
    """What is kept of the fields; a column of missing cells where the delivery has none."""
    kinds = {**dict.fromkeys(("team", "role", "tenure", "language"), "str"),
             **dict.fromkeys(("seconds", "weight"), "Float64"), "started": "datetime64[ns]"}
    return {
        column: fields[column] if column in fields
        else pd.Series(pd.NA if kind != "datetime64[ns]" else pd.NaT, fields.index, dtype=kind)
        for column, kind in kinds.items()
    }


def _record_names(fields: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """The tool's own record id where each row has another one, else the name from the content."""
    if _own_records(fields):
        return fields["record"].astype("str")
    return row_names(row_hashes(answers))


def _own_records(fields: pd.DataFrame) -> bool:
    """Whether each record has a number of the tool that no other record has."""
    if "record" not in fields:
        return False
    return bool(fields["record"].notna().all() and fields["record"].is_unique)


def _joined(flags: pd.DataFrame) -> pd.Series:
    """The names of the flags of each row, joined with ";"."""
    joined = [""] * len(flags)
    for name in flags.columns.astype("str"):
        for row in np.flatnonzero(flags[name].to_numpy()):
            joined[row] += f";{name}" if joined[row] else name
    return pd.Series(joined, index=flags.index, dtype="str")


def _log_flags(delivered: Delivered, responses: pd.DataFrame) -> list[Change]:
    """A line for every record that is left out and for every flag that is only a flag."""
    flagged = responses.loc[responses["flags"] != "", ["row", "flags", "exclusion"]]
    return [
        _flag_line(delivered.name, str(row), name, "excluded" if name == reason else "flagged")
        for row, names, reason in flagged.itertuples(index=False, name=None)
        for name in names.split(";")
    ]


def _flag_line(file: str, row: str, name: str, change: str) -> Change:
    rule, why = FLAGS[name]
    return Change(file, "responses", row, "flags", rule, change, why, to=name)


def missing_rows(
    responses: pd.DataFrame, persons: pd.Series, reasons: dict[str, np.ndarray]
) -> pd.DataFrame:
    """One row per unanswered cell: person, wave, item and reason."""
    unanswered = {item: np.flatnonzero(reason).astype("int32") for item, reason in reasons.items()}
    counts = [len(rows) for rows in unanswered.values()]
    rows = np.concatenate([*unanswered.values(), np.array([], dtype="int32")])
    why = [reasons[item][place] for item, place in unanswered.items()]
    which = np.concatenate([*why, np.array([], dtype="int8")])
    item = np.repeat(np.arange(len(counts), dtype="int16"), counts)
    return pd.DataFrame(
        {
            "person": pd.Categorical(persons).take(rows),
            "wave": pd.Categorical(responses["wave"]).take(rows),
            "item": pd.Categorical.from_codes(item, pd.Index(list(reasons))),
            "reason": pd.Categorical.from_codes(which - 1, pd.Index(list(REASONS[1:]))),
        }
    )
