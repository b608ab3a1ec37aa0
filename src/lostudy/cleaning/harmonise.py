"""A survey delivery → the study's items and fields, by its crosswalk (rules C3–C6, C18–C20).

Everything in the delivery is mapped or ignored with a reason; everything else is a problem.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lostudy.cleaning.answers import REASONS, is_recoded, read_item, told_note
from lostudy.cleaning.columns import Column, match_columns
from lostudy.cleaning.fields import read_field
from lostudy.cleaning.ignored import left_out
from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem
from lostudy.study import CrosswalkRow, Study

SUGGESTION = "suggestion: "


@dataclass
class Harmonised:
    """What harmonising one delivery gives; rows keep the delivery's row numbers as index.

    `items`: one column per item of the study (Int8, or Float64 for numbers). `reasons`: for each
    item an int8 array that points into REASONS (0 = answered). `fields`: the other targets.
    """

    file: str
    items: pd.DataFrame
    reasons: dict[str, np.ndarray]
    fields: pd.DataFrame
    headings: dict[str, str] = field(default_factory=dict)
    statuses: list[dict[str, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def harmonise(study: Study, delivered: Delivered, delivery: SurveyDelivery) -> Harmonised:
    """The delivery in the study's terms; problems are collected, not raised."""
    index = delivery.answers.index
    result = Harmonised(
        delivered.name, pd.DataFrame(index=index), {}, pd.DataFrame(index=index)
    )
    name = f"{delivered.organisation}-{delivered.wave}"
    file = f"codebook/crosswalk/{name}.csv"
    rows = study.crosswalks.get(name)
    if rows is None:
        cure = f"`lostudy crosswalk FILE` writes one; save it as {file}"
        what = "this delivery has no crosswalk"
        result.problems.append(delivered.problem(what, cure, "crosswalk.none"))
        return result
    result.problems += _suggestions(file, rows)
    columns = match_columns(rows, delivery, delivered.name, file, result.problems)
    _read_columns(study, delivered, columns, result)
    result.statuses = _statuses(study, delivered, columns)
    return result


def _suggestions(file: str, rows: tuple[CrosswalkRow, ...]) -> list[Problem]:
    """A note where a suggestion of the template still stands beside a target: was it judged?"""
    left = tuple(row.row for row in rows if SUGGESTION in row.note)
    if not left:
        return []
    what = f"a suggestion still stands in the note of {len(left)} row(s)"
    cure = "judge whether it is right, and take the word out of the note"
    return [Problem(what, cure, file, left[0], "note", "C3", "note", left)]


def _read_columns(
    study: Study, delivered: Delivered, columns: list[Column], result: Harmonised
) -> None:
    organisation, wave = study.organisation(delivered.organisation), study.wave(delivered.wave)
    items: dict[str, pd.Series] = {}
    fields: dict[str, pd.Series] = {}
    for column in columns:
        target, told = column.row.target, (result.changes, result.problems)
        if target in study.items:
            read = read_item(study, study.items[target], column, *told)
            items[target], result.reasons[target] = read
            result.headings[target] = column.heading
        elif target != "ignore":
            fields[target] = read_field(study, organisation, wave, column, *told)
        else:
            left_out(column, *told)
    result.fields = pd.DataFrame(fields, index=result.items.index)
    result.items = _all_items(study, items, result)


def _all_items(study: Study, columns: dict[str, pd.Series], result: Harmonised) -> pd.DataFrame:
    index = result.items.index
    for item in study.items.values():
        if item.id not in columns:
            kind = "Float64" if item.labels == "number" else "Int8"
            columns[item.id] = pd.Series(pd.NA, index=index, dtype=kind)
            result.reasons[item.id] = np.full(len(index), REASONS.index("not_asked"), dtype="int8")
            result.changes.append(_not_asked(result.file, item.id, len(index)))
    return pd.DataFrame({item: columns[item] for item in study.items}, index=index, copy=False)


def _not_asked(file: str, item: str, cells: int) -> Change:
    why = "no column of the delivery is this item"
    return Change(
        file, "responses", "*", item, "C5", "not asked", why, "crosswalk", cells, to="not_asked"
    )


def _statuses(
    study: Study, delivered: Delivered, columns: list[Column]
) -> list[dict[str, str]]:
    by_item = {column.row.target: column.row for column in columns}
    place = {"organisation": delivered.organisation, "wave": delivered.wave}
    return [
        {
            **place,
            "item": item,
            "status": _status(study, item, by_item.get(item)),
            "evidence": _evidence(by_item.get(item)),
        }
        for item in study.items
    ]


def _status(study: Study, item: str, row: CrosswalkRow | None) -> str:
    """As the crosswalk says; a row that gives labels another value is recoded, whatever it says."""
    if row is None:
        return "not_asked"
    if row.status == "identical" and is_recoded(row, study.item_labels(item)):
        return "recoded"
    return row.status


def _evidence(row: CrosswalkRow | None) -> str:
    """Where the status stands; what a template found in the delivery does not travel further."""
    if row is None:
        return "not in the crosswalk"
    version = f", form {row.form_version}" if row.form_version else ""
    note = told_note(row)
    return f"crosswalk row {row.row}{version}{': ' + note if note else ''}"
