"""Corrections by hand (corrections.csv): applied only where the old value still stands."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from lostudy.cleaning.log import Change
from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem
from lostudy.study import Correction, Study

FILE = "codebook/corrections.csv"


def correct(
    study: Study, name: str, delivery: SurveyDelivery
) -> tuple[SurveyDelivery, list[Change], list[Problem]]:
    """The delivery with its corrections; `key` is the row number, `column` the heading."""
    wanted = [each for each in study.corrections if each.delivery == name]
    if not wanted:
        return delivery, [], []
    answers = delivery.answers.copy()
    headings = dict(
        zip(delivery.columns["code"].astype("str"), delivery.columns["column"], strict=True)
    )
    changes, problems = [], []
    for each in wanted:
        column = each.column if each.column in answers else headings.get(each.column, "")
        problem = _mismatch(each, answers, column)
        if problem:
            problems.append(problem)
            continue
        cells = answers[column].astype("object")
        cells[int(each.key)] = each.new or None
        answers[column] = pd.Series(cells, index=answers.index).astype("category")
        changes.append(
            Change(
                name,
                "responses",
                each.key,
                column,
                "correction",
                "corrected",
                each.reason,
                each.who,
            )
        )
    return replace(delivery, answers=answers), changes, problems


def _mismatch(each: Correction, answers: pd.DataFrame, column: str) -> Problem | None:
    if not column:
        return Problem(
            "a correction of a column that is not there",
            "mend the column's name",
            FILE,
            each.row,
            "column",
        )
    if not each.key.isdigit() or int(each.key) not in answers.index:
        return Problem(
            "a correction of a row that is not there",
            "give the row as a spreadsheet counts",
            FILE,
            each.row,
            "key",
        )
    stands = answers.at[int(each.key), column]
    if ("" if pd.isna(stands) else str(stands)) != each.old:
        cure = "look at the row again: the delivery changed, or the correction is of another row"
        return Problem(
            "the old value of this correction does not stand there", cure, FILE, each.row, "old"
        )
    return None
