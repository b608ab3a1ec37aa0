"""Cleaned coding in the shape of a delivery, so that it can go back to a coding tool.

Documents keep their names and texts; codes and coders are the study's, passages those of the tidy
table: repaired, merged, and without anyone who withdrew. A passage that stands there as it was
delivered keeps its date.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from lostudy.deliveries import CASES, CODES, NOTES, SEGMENTS, InterviewDelivery
from lostudy.deliveries.interviews.assemble import frame, with_paths
from lostudy.errors import DataError, Problem, shown
from lostudy.study import Study


def cleaned_delivery(
    study: Study, file: Path, delivery: InterviewDelivery, tables: dict[str, pd.DataFrame]
) -> InterviewDelivery:
    """The delivery with the study's codes and the tidy passages of its conversations.

    `tables`: the tidy tables `segments`, `deliveries` and `cleaning_log` of the study.
    """
    log = _log(file, delivery, tables)
    interviews = _interviews(log)
    dates = _dates(delivery, log, interviews)
    tidy = tables["segments"]
    mine = tidy[tidy["interview"].isin(set(interviews.values()))]
    documents = delivery.documents[
        delivery.documents["document"].isin(set(interviews))].reset_index(drop=True)
    documents_of = {interview: document for document, interview in interviews.items()}
    rows: list[dict[str, Any]] = [
        {**{str(name): cell for name, cell in row.items()},
         "document": documents_of[row["interview"]], "row": number,
         "attributes": json.loads(row["attributes"]), "created": dates.get(_place(row)),
         "start": None if pd.isna(row["start"]) else row["start"],
         "end": None if pd.isna(row["end"]) else row["end"]}
        for number, row in enumerate(mine.to_dict("records"), start=1)
    ]
    return replace(
        delivery, documents=documents, codes=_codes(study), segments=frame(rows, SEGMENTS),
        repairs=(), cases=frame([], CASES), notes=frame([], NOTES))


def _log(
    file: Path, delivery: InterviewDelivery, tables: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """What the cleaning log says of this delivery."""
    deliveries = tables["deliveries"]
    names = deliveries.loc[deliveries["sha256"] == delivery.source.sha256, "file"]
    log = tables["cleaning_log"]
    log = log[log["delivery"].isin(set(names))]
    if names.empty or not _said(log, "interview"):
        raise DataError(Problem(
            "this file is not among the cleaned deliveries of the study",
            "run `lostudy clean` first, or leave out --cleaned", shown(file)))
    return log


def _said(log: pd.DataFrame, column: str) -> dict[str, str]:
    """Name as the tool wrote it → the study's, by the lines of one column."""
    named = log[(log["table"] == "segments") & (log["column"] == column) & (log["source"] != "")]
    return dict(zip(named["source"], named["to"], strict=True))


def _interviews(log: pd.DataFrame) -> dict[str, str]:
    """Document → conversation, as the log says; not of those who withdrew."""
    left = set(log.loc[(log["table"] == "interviews") & (log["change"] == "left out"), "key"])
    return {document: interview for document, interview in _said(log, "interview").items()
            if interview not in left}


def _dates(
    delivery: InterviewDelivery, log: pd.DataFrame, interviews: dict[str, str]
) -> dict[tuple[Any, ...], str]:
    """Passage of the tidy table → when it was coded, where the delivery tells one moment."""
    codes, coders = _said(log, "code"), _said(log, "coder")
    found: dict[tuple[Any, ...], set[str]] = {}
    dated = delivery.segments.dropna(subset=["created"]).to_dict("records")
    for row in (each for each in dated if each["document"] in interviews):
        coder = row["coder"] if isinstance(row["coder"], str) else ""
        key = _place({**row, "interview": interviews[row["document"]],
                      "code": codes.get(str(row["code"]), row["code"]),
                      "coder": coders.get(coder, coder)})
        found.setdefault(key, set()).add(row["created"])
    return {key: next(iter(moments)) for key, moments in found.items() if len(moments) == 1}


def _place(row: dict[Any, Any]) -> tuple[Any, ...]:
    """What tells a passage from others: its place, or its words where it has none."""
    placed = not pd.isna(row["start"]) and not pd.isna(row["end"])
    where = (int(row["start"]), int(row["end"])) if placed else (row["text"],)
    return (row["interview"], row["code"], row["coder"], *where)


def _codes(study: Study) -> pd.DataFrame:
    """The study's codebook; codes that became others are history and are left out."""
    rows = [
        {"code": code.id, "name": code.label.nl or code.id, "parent": code.parent or None,
         "description": code.definition.nl,
         "attributes": {"codable": "true" if code.assignable else "false"}}
        for code in study.codes.values() if not code.became
    ]
    return frame(with_paths(rows), CODES)
