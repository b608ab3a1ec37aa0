"""What every reader returns: the delivery as raw tables, with the evidence of how it was read.

Readers know no study. Nothing is recoded, renamed or dropped here: a cell is the text that stands
in the file, or missing. Rows carry the number that a person sees in a spreadsheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from lostudy.errors import Problem

COLUMNS = ["column", "code", "text"]
DOCUMENTS = ["document", "name", "text", "group", "variables"]
CODES = ["code", "name", "parent", "path", "description"]
SEGMENTS = [
    "document", "code", "coder", "text", "start", "end",
    "offset_status", "memo", "created", "attributes", "row",
]
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


@dataclass(frozen=True)
class InterviewDelivery:
    """A file of coded interviews as its tool wrote it.

    `documents`: DOCUMENTS; `document` is the tool's own key, `text` the plain text or missing,
    `group` the document group or set, `variables` a dict of text. `codes`: CODES; `code` is the
    tool's key (guid, id or path), `parent` a key or missing, `path` the names from the root joined
    with " > ". `segments`: SEGMENTS; one row per code on a passage; `start`/`end` count Unicode
    code points in the document's text, end exclusive, nullable Int64; `offset_status` is one of
    OFFSET_STATUS; `created` is text as written; `attributes` a dict of text (weight, memo fields);
    `row` the row in a table or the running number in the file.
    """

    source: Source
    documents: pd.DataFrame
    codes: pd.DataFrame
    segments: pd.DataFrame
    repairs: tuple[Problem, ...] = ()
