"""What every reader returns: the delivery as raw tables, with the evidence of how it was read.

Readers know no study. Nothing is recoded, renamed or dropped here: a cell is the text that stands
in the file, or missing. Rows carry the number that a person sees in a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from lostudy.errors import Problem

COLUMNS = ["column", "code", "text"]
DOCUMENTS = ["document", "name", "text", "group", "variables", "memo", "attributes"]
CODES = ["code", "name", "parent", "path", "description", "parents", "attributes"]
SEGMENTS = [
    "document", "code", "coder", "text", "start", "end",
    "offset_status", "memo", "created", "attributes", "row",
]
CASES = ["case", "name", "document", "start", "end", "variables", "memo"]
NOTES = ["note", "name", "text", "document", "start", "end", "code", "coder", "created"]
HISTORY = ["when", "coder", "change", "code", "name", "to"]
OFFSET_STATUS = ("exact", "repaired", "unverified", "absent")


@dataclass(frozen=True)
class Source:
    """Where a delivery came from and how it was recognised and decoded."""

    file: str
    tool: str
    evidence: str
    sha256: str
    encoding: str = ""
    separator: str = ""
    decimal: str = ""


@dataclass(frozen=True)
class SurveyDelivery:
    """A survey file as its tool wrote it.

    `answers`: one row per record, index `row` (int, as in a spreadsheet), one column per column of
    the file under its heading (made unique by " (2)", " (3)" ...; each repair is a Problem); dtype
    `category` of text, missing where the cell is empty. Numbers of typed files (xlsx, sav, dta)
    stand as the shortest text ("3", "3.5"); a cell of a text file stands exactly as written. In an
    SPSS or Stata file `row` is the case number of the data view, from 1.
    `columns`: COLUMNS, one row per column: heading, the tool's short code, the question text.
    `value_labels`: heading -> {cell text: label}, where the file carries labels (SPSS, Stata).
    `user_missing`: heading -> the cell texts that the file itself declares missing.
    `repairs`: what the reader had to mend, told without values.
    """

    source: Source
    answers: pd.DataFrame
    columns: pd.DataFrame
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    user_missing: dict[str, frozenset[str]] = field(default_factory=dict)
    repairs: tuple[Problem, ...] = ()


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([], dtype="str") for name in columns})


@dataclass(frozen=True)
class InterviewDelivery:
    """A file of coded interviews as its tool wrote it.

    `documents`: DOCUMENTS; `document` is the tool's own key, `text` the plain text or missing,
    `group` the document group or set, `variables` a dict of text: the document's own and, where
    they do not clash, those of its cases; `attributes` who made it and when.
    `codes`: CODES; `code` is the tool's key (guid, id or path), `parent` a key or missing, `path`
    the names from the root joined with " > "; `parents` are all keys above it, because some tools
    keep a graph; `attributes` colour, whether it may be given, the groups it is in.
    `segments`: SEGMENTS; one row per code on a passage; `start`/`end` count Unicode code points in
    the document's text, end exclusive, nullable Int64; `offset_status` is one of OFFSET_STATUS;
    `created` is text as written; `attributes` a dict of text (weight, memo fields); `row` the row
    in a table or the running number in the file.
    `cases`: CASES; one row per case and document or passage it stands in, with its own variables.
    `notes`: NOTES; memos that stand on no code's passage: on a document, a code, a passage without
    code, or on the project. `history`: HISTORY; what the tool logged of its codebook: `change` is
    added, merged, renamed or deleted, `to` the key of the code it went into. `kinds`: name of a
    variable -> Integer, Boolean, Float, Date or DateTime, where the tool says it is no Text.
    """

    source: Source
    documents: pd.DataFrame
    codes: pd.DataFrame
    segments: pd.DataFrame
    repairs: tuple[Problem, ...] = ()
    cases: pd.DataFrame = field(default_factory=lambda: _empty(CASES))
    notes: pd.DataFrame = field(default_factory=lambda: _empty(NOTES))
    history: pd.DataFrame = field(default_factory=lambda: _empty(HISTORY))
    kinds: Mapping[str, str] = field(default_factory=dict)
