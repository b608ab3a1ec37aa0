"""Qualtrics: a CSV with three header rows (code, question, ImportId), previews, IP and location.

At the second wave the export was made with numeric codes, at the others with choice text.
"""

from __future__ import annotations

import json
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
    background_values,
    inline,
    item_texts,
    number_labels,
    submitted,
)
from lostudy.simulate.model import DONT_KNOW, NOT_ANSWERED
from lostudy.simulate.writers.fixed import write_csv

MOMENT = "%Y-%m-%d %H:%M:%S"
UNKNOWN_CODE = "-99"
FIRST_ITEM = 5
BEFORE = {
    "StartDate": ("Start Date", "started", ""),
    "EndDate": ("End Date", "submitted", ""),
    "Status": ("Response Type", "preview", ""),
    "IPAddress": ("IP Address", "ignore", IDENTIFIER),
    "Progress": ("Progress", "ignore", TOOL_OWN),
    "Duration (in seconds)": ("Duration (in seconds)", "seconds", ""),
    "Finished": ("Finished", "ignore", TOOL_OWN),
    "RecordedDate": ("Recorded Date", "ignore", TOOL_OWN),
    "ResponseId": ("Response ID", "record", ""),
    "RecipientLastName": ("Recipient Last Name", "ignore", IDENTIFIER),
    "RecipientFirstName": ("Recipient First Name", "ignore", IDENTIFIER),
    "RecipientEmail": ("Recipient Email", "ignore", IDENTIFIER),
    "ExternalReference": ("External Data Reference", "ignore", IDENTIFIER),
    "LocationLatitude": ("Location Latitude", "ignore", IDENTIFIER),
    "LocationLongitude": ("Location Longitude", "ignore", IDENTIFIER),
    "DistributionChannel": ("Distribution Channel", "ignore", TOOL_OWN),
    "UserLanguage": ("User Language", "language", ""),
}
IMPORT_IDS = {
    "StartDate": "startDate", "EndDate": "endDate", "Status": "status", "IPAddress": "ipAddress",
    "Progress": "progress", "Duration (in seconds)": "duration", "Finished": "finished",
    "RecordedDate": "recordedDate", "ResponseId": "_recordId",
    "RecipientLastName": "recipientLastName", "RecipientFirstName": "recipientFirstName",
    "RecipientEmail": "recipientEmail", "ExternalReference": "externalDataReference",
    "LocationLatitude": "locationLatitude", "LocationLongitude": "locationLongitude",
    "DistributionChannel": "distributionChannel", "UserLanguage": "userLanguage",
}


def survey(occasion: Occasion) -> SurveyFile:
    """The export of this occasion."""
    def write(path: Path, records: pd.DataFrame) -> None:
        _write(path, records, occasion)
    return SurveyFile(".csv", 4, _columns(occasion), "v1", write)


def _numeric(occasion: Occasion) -> bool:
    return occasion.number == 1


def _columns(occasion: Occasion) -> tuple[Column, ...]:
    coded = _numeric(occasion)
    study = occasion.study
    before = [
        Column(code, target, code, text, note=note) for code, (text, target, note) in BEFORE.items()
    ]
    asked = [Column("Q1", "link", "Q1", LINK), Column("Q2", "team", "Q2", TEAM)]
    for code, target, text in (
        ("Q3", "role", "Wat is uw functiegroep?"), ("Q4", "tenure", "Hoe lang werkt u hier?"),
    ):
        values = dict(enumerate(background_values(study, target), 1))
        asked.append(Column(code, target, code, text, inline(values) if coded else ""))
    for number, item in enumerate(study.items.values(), FIRST_ITEM):
        labels = number_labels(study, item.id, {UNKNOWN_CODE: "dont_know"}) if coded else ""
        status = "recoded" if coded else "identical"
        code = f"Q{number}"
        asked.append(Column(code, item.id, code, item.text.nl, labels, status))
    last = f"Q{FIRST_ITEM + len(study.items)}"
    return (
        *before, *asked,
        Column(last, "ignore", last, COMMENT, note=FREE_TEXT),
        Column("gesimuleerd", "ignore", "gesimuleerd", SIMULATED, note="herinnering"),
    )


def _write(path: Path, records: pd.DataFrame, occasion: Occasion) -> None:
    columns = _columns(occasion)
    cells = _cells(records, occasion, columns)
    table = zip(*(cells[column.code] for column in columns), strict=True)
    header = [
        [column.code for column in columns],
        [_question(column) for column in columns],
        [_import_id(column, number) for number, column in enumerate(columns)],
    ]
    rows: list[Any] = [*header, *table]
    write_csv(path, rows, encoding="utf-8-sig")


def _question(column: Column) -> str:
    """The question text; the one about the team holds a line break, as pasted texts do."""
    return f"{column.text}\n(kies er één)" if column.target == "team" else column.text


def _import_id(column: Column, number: int) -> str:
    if column.code in BEFORE:
        return json.dumps({"ImportId": IMPORT_IDS[column.code]})
    if column.code == "gesimuleerd":
        return json.dumps({"ImportId": column.code})
    text = "_TEXT" if column.target in ("link", "team", "ignore") else ""
    return json.dumps({"ImportId": f"QID{number - len(BEFORE) + 1}{text}"})


def _cells(
    records: pd.DataFrame, occasion: Occasion, columns: tuple[Column, ...]
) -> dict[str, Any]:
    rng, size, study = occasion.rng, len(records), occasion.study
    coded = _numeric(occasion)
    sent = submitted(records).dt.strftime(MOMENT)
    answered = (records[list(study.items)] != NOT_ANSWERED).mean(axis=1)
    done = answered > 0.75
    preview = records["preview"].to_numpy()
    words = ("1", "0") if coded else ("Survey Preview", "IP Address")
    codes = {column.target: column.code for column in columns if column.target != "ignore"}
    answers = {
        codes[item]: _coded(records[item]) if coded
        else item_texts(study, item, records[item], records["language"])
        for item in study.items
    }
    background = {
        codes[target]: _positions(study, target, records[target]) if coded
        else background_texts(study, target, records[target], records["language"])
        for target in ("role", "tenure")
    }
    return {
        "StartDate": records["started"].dt.strftime(MOMENT),
        "EndDate": sent,
        "Status": np.where(preview, *words),
        "IPAddress": [f"198.51.100.{number}" for number in rng.integers(1, 255, size)],
        "Progress": np.where(done, 100, (answered * 100).round().astype(int)),
        "Duration (in seconds)": records["seconds"].astype(int),
        "Finished": np.where(done, *(("1", "0") if coded else ("True", "False"))),
        "RecordedDate": sent,
        "ResponseId": records["record"],
        **dict.fromkeys(
            ("RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference"),
            [""] * size,
        ),
        "LocationLatitude": rng.uniform(52.0, 52.2, size).round(4),
        "LocationLongitude": rng.uniform(5.0, 5.3, size).round(4),
        "DistributionChannel": np.where(preview, "preview", "anonymous"),
        "UserLanguage": records["language"].str.upper(),
        "Q1": records["link"],
        "Q2": records["team"],
        **background,
        **answers,
        columns[-2].code: records["comment"],
        "gesimuleerd": ["gesimuleerd"] * size,
    }


def _coded(answers: pd.Series) -> pd.Series:
    return answers.astype(str).replace({str(NOT_ANSWERED): "", str(DONT_KNOW): UNKNOWN_CODE})


def _positions(study: Any, target: str, values: pd.Series) -> pd.Series:
    positions = {value: str(rank) for rank, value in enumerate(background_values(study, target), 1)}
    return values.map(positions).fillna("")
