"""Stata files: .dta, with labels; tagged missing values stay visible as ".a" to ".z"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from lostudy.deliveries.files import kind_of, refusal
from lostudy.deliveries.survey.apart import read_apart
from lostudy.deliveries.survey.typed import delivery, key_text, texts_of
from lostudy.deliveries.tables import SurveyDelivery

TOOL = "stata"


def read(path: Path, evidence: str = "") -> SurveyDelivery:
    """The delivery; the observation number in Stata's data view is the row."""
    if kind_of(path) != "stata":
        raise refusal(
            path, "the first bytes are not those of a Stata file",
            "deliver the .dta as Stata saved it", rule="stata.magic")
    try:
        frame, meta = read_apart(path, "Stata", "read_dta", user_missing=True)
    except OverflowError:
        raise refusal(
            path, "a date lies outside the calendar", "correct the date in Stata",
            rule="stata.date") from None
    tags = {name: set(values) for name, values in (meta.missing_user_values or {}).items()}
    answers = pd.DataFrame(
        {name: _column(frame[name], tags.get(name, set())) for name in frame.columns}, copy=False)
    missing = {name: frozenset("." + tag for tag in found) for name, found in tags.items()}
    return delivery(
        path, TOOL, evidence or "the first bytes are those of a Stata file (.dta)", answers, meta,
        labels=_labels(meta), missing=missing)


def _column(column: pd.Series, tags: set[str]) -> pd.Categorical:
    """A tag comes as a bare letter; in a column of numbers it can only be a missing value."""
    if not tags:
        return texts_of(column)
    dotted = [f".{value}" if value in tags else value for value in column]
    return texts_of(pd.Series(dotted, dtype="object"))


def _labels(meta: Any) -> dict[str, dict[str, str]]:
    labelled = {}
    for name, labels in meta.variable_value_labels.items():
        labelled[name] = {_key(value): str(label) for value, label in labels.items()}
    return labelled


def _key(value: Any) -> str:
    """Stata labels numbers only, so a letter among the labelled values is a tag."""
    return f".{value}" if isinstance(value, str) else key_text(value)
