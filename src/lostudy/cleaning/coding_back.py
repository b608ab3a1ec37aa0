"""Cleaned coding in the shape of a delivery, so that it can go back to a coding tool.

Documents keep their names and texts; codes and coders are the study's, passages those of the tidy
table: repaired, merged, and without anyone who withdrew.
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
    interviews = _interviews(file, delivery, tables)
    tidy = tables["segments"]
    mine = tidy[tidy["interview"].isin(set(interviews.values()))]
    documents = delivery.documents[
        delivery.documents["document"].isin(set(interviews))].reset_index(drop=True)
    documents_of = {interview: document for document, interview in interviews.items()}
    rows: list[dict[str, Any]] = [
        {**{str(name): cell for name, cell in row.items()},
         "document": documents_of[row["interview"]], "row": number,
         "attributes": json.loads(row["attributes"]),
         "start": None if pd.isna(row["start"]) else row["start"],
         "end": None if pd.isna(row["end"]) else row["end"]}
        for number, row in enumerate(mine.to_dict("records"), start=1)
    ]
    return replace(
        delivery, documents=documents, codes=_codes(study), segments=frame(rows, SEGMENTS),
        repairs=(), cases=frame([], CASES), notes=frame([], NOTES))


def _interviews(
    file: Path, delivery: InterviewDelivery, tables: dict[str, pd.DataFrame]
) -> dict[str, str]:
    """Document → conversation, as the log of this delivery says; not of those who withdrew."""
    deliveries = tables["deliveries"]
    names = deliveries.loc[deliveries["sha256"] == delivery.source.sha256, "file"]
    log = tables["cleaning_log"]
    log = log[log["delivery"].isin(set(names))]
    said = (log["table"] == "segments") & (log["column"] == "interview")
    named = log[said & (log["source"] != "")]
    left = set(log.loc[(log["table"] == "interviews") & (log["change"] == "left out"), "key"])
    if names.empty or named.empty:
        raise DataError(Problem(
            "this file is not among the cleaned deliveries of the study",
            "run `lostudy clean` first, or leave out --cleaned", shown(file)))
    pairs = zip(named["source"], named["to"], strict=True)
    return {document: interview for document, interview in pairs if interview not in left}


def _codes(study: Study) -> pd.DataFrame:
    """The study's codebook; codes that became others are history and are left out."""
    rows = [
        {"code": code.id, "name": code.label.nl or code.id, "parent": code.parent or None,
         "description": code.definition.nl,
         "attributes": {"codable": "true" if code.assignable else "false"}}
        for code in study.codes.values() if not code.became
    ]
    return frame(with_paths(rows), CODES)
