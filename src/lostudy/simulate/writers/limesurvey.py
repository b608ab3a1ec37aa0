"""LimeSurvey: one CSV with headings "code. question text" and answers as labels.

At the first wave somebody opened the export in Excel and saved it again: semicolons, Windows-1252
and day-month-year dates. At the second the labels were edited while the survey was open.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lostudy.simulate.forms import (
    COMMENT,
    FREE_TEXT,
    IDENTIFIER,
    LINK,
    SIMULATED,
    TEAM,
    TOOL_OWN,
    Column,
    Occasion,
    SurveyFile,
    background_texts,
    item_texts,
    older_labels,
    submitted,
)
from lostudy.simulate.writers.fixed import write_csv

TRAILING_SPACE = 0.04           # of the cells of a few items: a label typed twice in the tool
LINK_CODE, TEAM_CODE, ROLE_CODE, TENURE_CODE = "koppel", "team", "functie", "dienst"
BEFORE = {
    "id": ("Antwoord-ID", "record", ""),
    "submitdate": ("Datum ingestuurd", "submitted", ""),
    "lastpage": ("Laatste pagina", "ignore", TOOL_OWN),
    "startlanguage": ("Taal bij begin", "language", ""),
    "seed": ("Seed", "ignore", TOOL_OWN),
    "token": ("Toegangscode", "ignore", IDENTIFIER),
    "startdate": ("Begindatum", "started", ""),
    "datestamp": ("Datum laatste actie", "ignore", TOOL_OWN),
    "ipaddr": ("IP-adres", "ignore", IDENTIFIER),
}


def survey(occasion: Occasion) -> SurveyFile:
    """The export of this occasion."""
    def write(path: Path, records: pd.DataFrame) -> None:
        _write(path, records, occasion)
    return SurveyFile(".csv", 2, _columns(occasion), f"v{min(occasion.number, 1) + 1}", write)


def _column(code: str, text: str, target: str, note: str = "") -> Column:
    return Column(f"{code}. {text}", target, code, text, note=note)


def _columns(occasion: Occasion) -> tuple[Column, ...]:
    items = [_column(item.id, item.text.nl, item.id) for item in occasion.study.items.values()]
    return (
        *(_column(code, text, target, note) for code, (text, target, note) in BEFORE.items()),
        _column(LINK_CODE, LINK, "link"),
        _column(TEAM_CODE, TEAM, "team"),
        _column(ROLE_CODE, "Wat is uw functiegroep?", "role"),
        _column(TENURE_CODE, "Hoe lang werkt u hier, in één of meer functies?", "tenure"),
        *items,
        _column("opm", COMMENT, "ignore", FREE_TEXT),
        _column("gesim", SIMULATED, "ignore", "herinnering dat dit gesimuleerd is"),
        _column("interviewtime", "Totale tijd", "seconds"),
    )


def _write(path: Path, records: pd.DataFrame, occasion: Occasion) -> None:
    saved_by_excel = occasion.number == 0
    columns = _columns(occasion)
    cells = _cells(records, occasion, "%d-%m-%Y %H:%M" if saved_by_excel else "%Y-%m-%d %H:%M:%S")
    table = zip(*(cells[column.source] for column in columns), strict=True)
    rows: list[Any] = [[column.heading for column in columns], *table]
    if saved_by_excel:
        write_csv(path, rows, separator=";", encoding="cp1252")
    else:
        write_csv(path, rows)


def _cells(records: pd.DataFrame, occasion: Occasion, moment: str) -> dict[str, Any]:
    rng, size = occasion.rng, len(records)
    answered = (records[list(occasion.study.items)] != 0).to_numpy()
    last = np.where(answered.any(axis=1), answered.shape[1] - answered[:, ::-1].argmax(axis=1), 0)
    sent = submitted(records).dt.strftime(moment)
    study = occasion.study
    return {
        "id": records["record"],
        "submitdate": sent.where(last > 0.75 * answered.shape[1], ""),
        "lastpage": np.ceil(last / 10).astype(int),
        "startlanguage": records["language"],
        "seed": rng.integers(10**8, 10**9, size),
        "token": _tokens(size, rng),
        "startdate": records["started"].dt.strftime(moment),
        "datestamp": sent,
        "ipaddr": [f"192.0.2.{number}" for number in rng.integers(1, 255, size)],
        LINK_CODE: records["link"],
        TEAM_CODE: records["team"],
        ROLE_CODE: background_texts(study, "role", records["role"], records["language"]),
        TENURE_CODE: background_texts(study, "tenure", records["tenure"], records["language"]),
        **{item: _answers(item, records, occasion, rng) for item in study.items},
        "opm": records["comment"],
        "gesim": ["gesimuleerd"] * size,
        "interviewtime": records["seconds"].map("{:.2f}".format),
    }


def _tokens(size: int, rng: np.random.Generator) -> list[str]:
    letters = np.array(list("abcdefghijkmnpqrstuvwxyz23456789"))
    return ["".join(row) for row in rng.choice(letters, (size, 15))]


def _answers(
    item: str, records: pd.DataFrame, occasion: Occasion, rng: np.random.Generator
) -> pd.Series:
    texts = item_texts(occasion.study, item, records[item], records["language"])
    labels = occasion.study.item_labels(item)
    if labels is not None and occasion.number == 1:
        early = np.argsort(records["started"].to_numpy())[:round(0.3 * len(records))]
        older = older_labels(labels)
        texts.iloc[early] = [older.get(text, text) for text in texts.iloc[early]]
    spaced = (rng.random(len(texts)) < TRAILING_SPACE) & (texts != "").to_numpy()
    return texts.where(~spaced, texts + " ")
