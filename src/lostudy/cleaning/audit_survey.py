"""Answers made again from survey deliveries and the log, line by line (rule C24).

A column is read by what its one line says of each distinct text; then come the lines of single
cells and records. Large deliveries are proven at each run, so distinct texts are read once.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from dateutil import parser

from lostudy.cleaning.dates import ZONED
from lostudy.cleaning.log import EVERY_OTHER
from lostudy.cleaning.people import person_keys, row_hashes, row_names
from lostudy.deliveries import SurveyDelivery
from lostudy.errors import DataError, Problem

TEXTS = ("team", "role", "tenure", "language")
MOMENTS, NUMBERS = ("started", "submitted"), ("seconds", "weight")
FLAG_ORDER = (
    "preview", "empty", "before_launch", "late", "partial", "speeder", "straightliner",
    "inconsistent", "inattentive", "duplicate", "careless",
)
REASONS = (
    "", "not_asked", "not_answered", "not_applicable", "dont_know", "refused", "impossible",
)
UNTOLD = len(REASONS)
DUTCH = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
ENGLISH = re.compile(
    r"\b(januari|februari|maart|mrt|april|mei|juni|juli|augustus|september|okt(?:ober)?|november"
    r"|december)\b\.?", re.IGNORECASE,
)
EMPTY: dict[str, Any] = {
    **dict.fromkeys(TEXTS), **dict.fromkeys(MOMENTS, np.datetime64("NaT", "ns")),
    **dict.fromkeys(NUMBERS, np.nan),
}


@dataclass
class Replayed:
    """One delivery made again: an array per column, and for items one of places in REASONS."""

    file: str
    organisation: str
    wave: str
    rows: np.ndarray
    values: dict[str, np.ndarray] = field(default_factory=dict)
    reasons: dict[str, np.ndarray] = field(default_factory=dict)
    persons: np.ndarray = field(default_factory=lambda: np.array([], dtype=object))
    flags: np.ndarray = field(default_factory=lambda: np.array([], dtype=object))
    exclusions: np.ndarray = field(default_factory=lambda: np.array([], dtype=object))


def replay_surveys(
    key: bytes,
    items: list[str],
    surveys: pd.DataFrame,
    log: pd.DataFrame,
    raw: Mapping[str, object],
) -> dict[str, pd.DataFrame]:
    """The tables `responses` and `missing`."""
    lines = log[log["table"] == "responses"]
    parts = []
    for file, organisation, wave in _places(surveys):
        delivery = raw[file]
        assert isinstance(delivery, SurveyDelivery)
        part = Replayed(file, organisation, wave, delivery.answers.index.to_numpy())
        _replay(part, items, lines[lines["delivery"] == file], delivery, key)
        parts.append(part)
    return {"responses": _responses(parts, items), "missing": _missing(parts)}


def _places(surveys: pd.DataFrame) -> list[tuple[str, str, str]]:
    columns = (surveys[name].astype("str") for name in ("file", "organisation", "wave"))
    return list(zip(*columns, strict=True))


def _replay(
    part: Replayed, items: list[str], lines: pd.DataFrame, delivery: SurveyDelivery, key: bytes
) -> None:
    records = lines.to_dict("records")
    answers = _corrected(delivery.answers, records)
    cells = _single_cells(records)
    whole = {each["column"]: each for each in records if each["key"] == "*" and each["column"]}
    for name in (each for each in items if each in whole):
        _item(part, name, whole[name], answers, cells.get(name, {}))
    for name in (each for each in (*TEXTS, *MOMENTS, *NUMBERS) if each in whole):
        if whole[name]["change"] != "worked out":
            read = _field(name, whole[name], answers)
            read[np.isin(part.rows, list(cells.get(name, ())))] = EMPTY[name]
            part.values[name] = read
    if whole.get("seconds", {}).get("change") == "worked out":
        taken = part.values["submitted"] - part.values["started"]
        part.values["seconds"] = taken / np.timedelta64(1, "s")
        part.values["seconds"][np.isin(part.rows, list(cells.get("seconds", ())))] = np.nan
    _flags(part, records)
    part.persons = _persons(part, records, answers, key)


def _corrected(answers: pd.DataFrame, records: list[dict]) -> pd.DataFrame:
    """The cells as delivered, with what people corrected by hand."""
    by_hand = [each for each in records if each["change"] == "corrected"]
    answers = answers.copy(deep=False)
    for each in by_hand:
        cells = answers[each["source"]].astype("object")
        cells[int(each["key"])] = each["to"] or None
        answers[each["source"]] = cells.astype("category")
    return answers


def _single_cells(records: list[dict]) -> dict[str, dict[int, str]]:
    """Column → row → the reason why there is no value, where the log has a line for one cell."""
    cells: dict[str, dict[int, str]] = {}
    for each in records:
        if each["key"] != "*" and each["change"] == "set missing":
            cells.setdefault(each["column"], {})[int(each["key"])] = each["to"]
    return cells


def _item(
    part: Replayed, name: str, line: dict, answers: pd.DataFrame, alone: dict[int, str]
) -> None:
    """The values and reasons of an item by its line in the log, and by lines of single cells."""
    size = len(part.rows)
    if line["change"] == "not asked":
        part.values[name] = np.full(size, np.nan)
        part.reasons[name] = np.full(size, REASONS.index(line["to"]), dtype="int8")
        return
    cells, means = answers[line["source"]], json.loads(line["to"])
    read = [_answer(str(text), means) for text in cells.cat.categories]
    read.append((np.nan, REASONS.index("not_answered")))
    codes = cells.cat.codes.to_numpy()
    values = np.array([value for value, _ in read], dtype="float64")[codes]
    reasons = np.array([reason for _, reason in read], dtype="int8")[codes]
    for row, reason in alone.items():
        place = int(np.flatnonzero(part.rows == row)[0])
        values[place], reasons[place] = np.nan, REASONS.index(reason)
    if (reasons == UNTOLD).any():
        rows = tuple(int(row) for row in part.rows[reasons == UNTOLD])
        raise DataError(Problem(
            "no line of the log accounts for these cells", "run `lostudy clean` again",
            part.file, rows[0], line["source"], "C24", rows=rows,
        ))
    part.values[name], part.reasons[name] = values, reasons


def _answer(text: str, means: dict[str, Any]) -> tuple[float, int]:
    """What a cell text became: a value, or the reason why there is none."""
    to = means.get(text)
    if to is None and not text.strip():
        to = "not_answered"
    if to is None:
        to = means.get(EVERY_OTHER)
    if to == "number":
        return float(text.strip().replace(",", ".")), 0
    if isinstance(to, str):
        return np.nan, REASONS.index(to)
    return (np.nan, UNTOLD) if to is None else (float(to), 0)


def _field(name: str, line: dict, answers: pd.DataFrame) -> np.ndarray:
    """A column besides the items: closed lists by their map, numbers and moments by their form."""
    cells, means = answers[line["source"]], json.loads(line["to"])
    texts = [str(text) for text in cells.cat.categories]
    if name in MOMENTS:
        kinds = _moments(texts, means[EVERY_OTHER].removeprefix("date, "))
    elif name in NUMBERS:
        kinds = np.array([*map(_number, texts), np.nan], dtype="float64")
    else:
        kinds = np.array([*map(means.get, texts), None], dtype=object)
    return kinds[cells.cat.codes.to_numpy()]


def _number(text: str) -> float:
    text = text.strip().replace(",", ".")
    try:
        return float(text) if text.strip("+-.0123456789eE") == "" else np.nan
    except ValueError:
        return np.nan


def _moments(texts: list[str], order: str) -> np.ndarray:
    """The moments of distinct texts, and NaT behind them; plain ISO text at once."""
    if order == "year first":
        try:
            return np.array([*(text.strip() for text in texts), "NaT"], dtype="datetime64[ns]")
        except ValueError:
            pass
    return np.array([*(_moment(text, order) for text in texts), None], dtype="datetime64[ns]")


def _moment(text: str, order: str) -> dt.datetime | None:
    """A moment read by Python's and dateutil's own readers, in the order the log names."""
    text = text.strip()
    try:
        if order == "year first":
            return dt.datetime.fromisoformat(text)
        number = text.replace(",", ".", 1)
        if number.replace(".", "", 1).isdigit() and 20_000 <= float(number) < 80_000:
            day = dt.datetime(1899, 12, 30) + dt.timedelta(days=float(number))
            return (day + dt.timedelta(milliseconds=500)).replace(microsecond=0)
        starts_with_year = text[:4].isdigit()
        bare = ZONED.sub(r"\1", text)
        return parser.parse(
            ENGLISH.sub(_english, bare), dayfirst=not starts_with_year and order == "day first",
            yearfirst=starts_with_year, ignoretz=True, default=dt.datetime(2000, 1, 1),
        )
    except (ValueError, OverflowError):
        return None


def _english(found: re.Match[str]) -> str:
    """A Dutch month under its English name."""
    number = DUTCH.index(found[1].casefold()[:3].replace("maa", "mrt")) + 1
    return f"{dt.date(2000, number, 1):%b}"


def _flags(part: Replayed, records: list[dict]) -> None:
    """The flags of each record, and for which of them it is left out."""
    told: dict[int, dict[str, str]] = {}
    for each in records:
        if each["column"] == "flags":
            told.setdefault(int(each["key"]), {})[each["to"]] = each["change"]
    part.flags = np.full(len(part.rows), "", dtype=object)
    part.exclusions = part.flags.copy()
    for place in np.flatnonzero(np.isin(part.rows, list(told))):
        mine = told[int(part.rows[place])]
        part.flags[place] = ";".join(name for name in FLAG_ORDER if name in mine)
        out = [name for name, change in mine.items() if change == "excluded"]
        part.exclusions[place] = out[0] if out else ""


def _persons(
    part: Replayed, records: list[dict], answers: pd.DataFrame, key: bytes
) -> np.ndarray:
    """Who each record is of: by code, record number or content; or as the log links it."""
    heading = {each["column"]: each["source"] for each in records if each["change"] == "used"}
    linked = {
        int(each["key"]): each["to"] for each in records
        if each["change"] == "linked" and each["key"] != "*"
    }
    named = [each["to"] for each in records if each["change"] == "named"]
    codes = [""] * len(part.rows)
    if "link" in heading:
        unused = {int(each["key"]) for each in records if each["change"] == "code not used"}
        cells = zip(part.rows, answers[heading["link"]].astype("object"), strict=True)
        codes = ["" if row in unused else _code(cell) for row, cell in cells]
    if "record" in named:
        names = answers[heading["record"]].astype("str").tolist()
    else:
        names = row_names(row_hashes(answers)).tolist()
    kept = zip(codes, names, part.exclusions, strict=True)
    parts: list[tuple[str, ...]] = [
        (part.organisation, "code", code) if code and not out
        else (part.organisation, part.wave, name)
        for code, name, out in kept
    ]
    persons = np.empty(len(parts), dtype=object)
    persons[:] = person_keys(key, parts)
    for row, name in linked.items():
        persons[part.rows == row] = name
    return persons


def _code(cell: object) -> str:
    """A linking code in capitals, without accents and signs."""
    if not isinstance(cell, str):
        return ""
    if not cell.isascii():
        signs = unicodedata.normalize("NFKD", cell.upper())
        cell = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return cell.upper() if cell.isalnum() else "".join(filter(str.isalnum, cell.upper()))


def _responses(parts: list[Replayed], items: list[str]) -> pd.DataFrame:
    """The records under each other, with who counts at more than one wave."""
    columns: dict[str, Any] = {
        "person": _joined([part.persons for part in parts]),
        "organisation": np.repeat([part.organisation for part in parts], _sizes(parts)),
        "wave": np.repeat([part.wave for part in parts], _sizes(parts)),
        "row": _joined([part.rows for part in parts]),
        "flags": _joined([part.flags for part in parts]),
        "exclusion": _joined([part.exclusions for part in parts]),
    }
    columns["included"] = columns["exclusion"] == ""
    columns["linked"] = _linked(columns["person"], columns["wave"], columns["included"])
    for name in (*TEXTS, "started", *NUMBERS, *items):
        columns[name] = _joined([
            part.values.get(name, np.full(len(part.rows), EMPTY.get(name, np.nan)))
            for part in parts
        ])
    return pd.DataFrame(columns)


def _sizes(parts: list[Replayed]) -> list[int]:
    return [len(part.rows) for part in parts]


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(arrays) if arrays else np.array([], dtype=object)


def _linked(persons: np.ndarray, waves: np.ndarray, included: np.ndarray) -> np.ndarray:
    """Whether a person counts at more than one wave."""
    who, when = pd.factorize(persons)[0], pd.factorize(waves)[0]
    pairs = np.unique(who[included] * (when.max(initial=0) + 1) + when[included])
    times = np.bincount(pairs // (when.max(initial=0) + 1), minlength=who.max(initial=-1) + 1)
    return times[who] > 1 if len(who) else np.array([], dtype=bool)


def _missing(parts: list[Replayed]) -> pd.DataFrame:
    """One row per item without a value."""
    columns: dict[str, list[np.ndarray]] = {
        "person": [], "wave": [], "item": [], "reason": [],
    }
    for part in parts:
        for item, reasons in part.reasons.items():
            places = np.flatnonzero(reasons)
            columns["person"].append(part.persons[places])
            columns["wave"].append(np.full(len(places), part.wave, dtype=object))
            columns["item"].append(np.full(len(places), item, dtype=object))
            columns["reason"].append(np.array(REASONS, dtype=object)[reasons[places]])
    return pd.DataFrame({name: _joined(arrays) for name, arrays in columns.items()})
