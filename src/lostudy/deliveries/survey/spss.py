"""SPSS files: .sav, .zsav and .por, with their labels and their user-missing values.

Read with `user_missing=True`: without it "don't know" and "refused" turn into one empty cell.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd

from lostudy.deliveries.files import kind_of, refusal, repair
from lostudy.deliveries.sheets import cell_text
from lostudy.deliveries.survey.apart import read_apart
from lostudy.deliveries.survey.typed import (
    delivery,
    key_text,
    labels_of,
    note_sets,
    texts_of,
)
from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem

TOOL = "spss"
EPOCH = dt.datetime(1582, 10, 14)
DAYS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE")
MOMENTS = ("DATETIME", "YMDHMS")


def read(path: Path, evidence: str = "") -> SurveyDelivery:
    """The delivery; the case number in SPSS's data view is the row."""
    kind = kind_of(path)
    if kind not in ("spss", "spss portable"):
        raise refusal(
            path, "the first bytes are not those of an SPSS file ($FL2, $FL3 or a portable file)",
            "deliver the .sav as SPSS saved it", rule="spss.magic")
    frame, meta, repairs = _read_portable(path) if kind != "spss" else _read_system(path)
    answers = pd.DataFrame({name: texts_of(frame[name]) for name in frame.columns}, copy=False)
    return delivery(
        path, TOOL, evidence or evidence_of(path), answers, meta, labels=labels_of(meta),
        missing=_user_missing(answers, meta), repairs=(*repairs, *note_sets(path, meta)),
    )


def evidence_of(path: Path) -> str:
    """What the first bytes say."""
    start = path.read_bytes()[:4]
    names = {b"$FL2": "$FL2 (.sav)", b"$FL3": "$FL3 (.zsav)"}
    return "the first bytes are " + names.get(start, "those of a portable SPSS file (.por)")


def _read_portable(path: Path) -> tuple[pd.DataFrame, Any, tuple[Problem, ...]]:
    try:
        frame, meta = read_apart(path, "portable SPSS", "read_por")
    except OverflowError:
        raise refusal(
            path, "a date lies outside the calendar", "deliver it as .sav",
            rule="spss.date") from None
    note = repair(
        path, "a portable file does not tell which values SPSS declared missing",
        "deliver the .sav", rule="spss.portable", severity="note")
    return frame, meta, (note,)


def _read_system(path: Path) -> tuple[pd.DataFrame, Any, tuple[Problem, ...]]:
    def read(plain: bool = False) -> Any:
        return read_apart(
            path, "SPSS", "read_sav", user_missing=True,
            disable_datetime_conversion=plain)

    try:
        frame, meta = read()
        return frame, meta, ()
    except OverflowError:  # a date outside the calendar: write the others out ourselves
        frame, meta = read(plain=True)
    for name, form in meta.original_variable_types.items():
        kind = form.rstrip("0123456789.")
        if kind in DAYS + MOMENTS:
            frame[name] = [_moment(value, kind) for value in frame[name]]
    note = repair(
        path, "a date lies outside the calendar; it stands as SPSS's number of seconds",
        "correct the date", rule="spss.date")
    return frame, meta, (note,)


def _moment(value: Any, kind: str) -> str | None:
    if value is None or value != value:
        return None
    try:
        moment = EPOCH + dt.timedelta(seconds=float(value))
    except OverflowError:
        return key_text(float(value))
    return moment.date().isoformat() if kind in DAYS else cell_text(moment)


def _user_missing(answers: pd.DataFrame, meta: Any) -> dict[str, frozenset[str]]:
    """Every declared value, and every value in the data that lies in a declared range."""
    found = {}
    for name, ranges in meta.missing_ranges.items():
        single = {key_text(r["lo"]) for r in ranges if r["lo"] == r["hi"]}
        wide = [(r["lo"], r["hi"]) for r in ranges if r["lo"] != r["hi"]]
        inside = {
            str(text) for text in answers[name].cat.categories
            if any(_within(str(text), low, high) for low, high in wide)
        }
        found[name] = frozenset(single | inside)
    return found


def _within(text: str, low: Any, high: Any) -> bool:
    try:
        return float(low) <= float(text) <= float(high)
    except ValueError:
        return False
