"""What SPSS and Stata files have in common: typed values, labels and declared missing values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from lostudy.deliveries.files import refusal, repair, sha256
from lostudy.deliveries.sheets import cell_text
from lostudy.deliveries.survey.csvbody import categorical
from lostudy.deliveries.tables import COLUMNS, Source, SurveyDelivery
from lostudy.errors import Problem


def key_text(value: Any) -> str:
    """A value as `answers` shows it, so that labels and missing values can be looked up.

    >>> key_text(8.0), key_text("x  ")
    ('8', 'x')
    """
    if isinstance(value, str):
        return value.rstrip()
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, pd.Timestamp):
        return cell_text(value.to_pydatetime())
    return cell_text(value.item() if hasattr(value, "item") else value)


def texts_of(column: pd.Series) -> pd.Categorical:
    """A typed column as categorical text; each distinct value is written out once."""
    codes, values = pd.factorize(column, sort=False)
    written = [key_text(value) for value in values]
    return categorical([written[code] or None if code >= 0 else None for code in codes])


def labels_of(meta: Any) -> dict[str, dict[str, str]]:
    """Heading -> {cell text: label}."""
    return {
        name: {key_text(value): str(label).rstrip() for value, label in labels.items()}
        for name, labels in meta.variable_value_labels.items()
        if labels
    }


def delivery(
    path: Path,
    tool: str,
    evidence: str,
    answers: pd.DataFrame,
    meta: Any,
    *,
    labels: dict[str, dict[str, str]],
    missing: dict[str, frozenset[str]],
    repairs: tuple[Problem, ...] = (),
) -> SurveyDelivery:
    """The delivery; `row` is the case number that the tool's data view shows (from 1)."""
    if answers.empty:
        raise refusal(
            path, "the file declares variables but holds no record",
            "ask for the delivery again, with the answers", rule="survey.no-records")
    answers = answers.set_axis(pd.RangeIndex(1, len(answers) + 1, name="row"), axis=0)
    answers.columns = pd.Index(answers.columns, dtype="str")
    texts = [(text or "").strip() for text in meta.column_labels]
    columns = pd.DataFrame(
        {"column": answers.columns, "code": answers.columns, "text": texts},
        columns=COLUMNS, dtype="str")
    source = Source(str(path), tool, evidence, sha256(path), encoding=meta.file_encoding or "")
    return SurveyDelivery(source, answers, columns, labels, missing, repairs)


def note_sets(path: Path, meta: Any) -> tuple[Problem, ...]:
    """Multiple-response sets are kept as separate columns; say so."""
    sets = getattr(meta, "mr_sets", None) or {}
    if not sets:
        return ()
    return (repair(
        path, f"{len(sets)} multiple-response set(s) stand as one column per option",
        "map the options in the crosswalk", rule="typed.sets", severity="note"),)
