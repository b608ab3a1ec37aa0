"""Corrections by hand (corrections.csv): applied only where the old value still stands."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from lostudy.cleaning.log import Change
from lostudy.cleaning.seen import FILE, is_seen
from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem
from lostudy.study import Correction, Study


def correct(
    study: Study, name: str, delivery: SurveyDelivery
) -> tuple[SurveyDelivery, list[Change], list[Problem]]:
    """The delivery with its corrections; `key` is the row number, `column` the heading."""
    wanted = [each for each in study.corrections if each.delivery == name and not is_seen(each)]
    if not wanted:
        return delivery, [], []
    answers = delivery.answers.copy()
    changes, problems = [], []
    first: dict[tuple[str, str], int] = {}
    for each in wanted:
        column = _heading(each, delivery)
        earlier = first.setdefault((each.key, column or each.column), each.row)
        problem = _twice(each, earlier) or _mismatch(each, answers, column)
        if problem:
            problems.append(problem)
        else:
            _put(answers, int(each.key), column, each.new)
            changes.append(_change(each, name, column))
    return replace(delivery, answers=answers), changes, problems


def unused(study: Study, delivered: set[str]) -> list[Problem]:
    """Corrections of deliveries that are not there."""
    return [
        _problem(each, "a correction of a delivery that is not there", "mend its name", "delivery")
        for each in study.corrections
        if each.delivery not in delivered
    ]


def _heading(each: Correction, delivery: SurveyDelivery) -> str:
    if each.column in delivery.answers:
        return each.column
    columns = delivery.columns
    return next(iter(columns.loc[columns["code"] == each.column, "column"]), "")


def _put(answers: pd.DataFrame, row: int, column: str, value: str) -> None:
    cells = answers[column].astype("object")
    cells[row] = value or None
    answers[column] = cells.astype("category")


def _change(each: Correction, name: str, column: str) -> Change:
    change = ("correction", "corrected", each.reason, each.who)
    return Change(
        name, "responses", each.key, each.column, *change, source=column, to=each.new
    )


def _twice(each: Correction, earlier: int) -> Problem | None:
    """A log in which a cell became two things would not say what it is."""
    if earlier == each.row:
        return None
    what = f"this cell is corrected in row {earlier} too"
    cure = "keep one line for it: old as delivered, new as it must be, and why in its reason"
    return _problem(each, what, cure, "key")


def _mismatch(each: Correction, answers: pd.DataFrame, column: str) -> Problem | None:
    if not column:
        what = "a correction of a column that is not there"
        return _problem(each, what, "mend the column's name", "column")
    if not each.key.isdigit() or int(each.key) not in answers.index:
        what = "a correction of a row that is not there"
        return _problem(each, what, "give the row as a spreadsheet counts", "key")
    if answers[column].astype("str").fillna("")[int(each.key)] != each.old:
        what = "the old value of this correction does not stand there"
        cure = "look at the row again: the delivery changed, or the correction is of another row"
        return _problem(each, what, cure, "old")
    return None


def _problem(each: Correction, what: str, cure: str, column: str) -> Problem:
    return Problem(what, cure, FILE, each.row, column, "correction")
