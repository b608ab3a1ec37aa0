"""The tidy tables: what their columns are, checked on writing and on reading.

They stand per organisation in data/processed/<organisation>/<table>.parquet, so that a change in
one organisation's delivery touches that organisation's files only.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from lostudy.cleaning.log import LOG_COLUMNS
from lostudy.errors import DataError, Problem
from lostudy.study import Study
from lostudy.study.model import MISSING_REASONS, STATUSES

RESPONSES = {
    "person": "str",
    "organisation": "str",
    "wave": "str",
    "team": "str",
    "role": "str",
    "tenure": "str",
    "language": "str",
    "started": "datetime64[ns]",
    "seconds": "Float64",
    "weight": "Float64",
    "linked": "bool",
    "included": "bool",
    "exclusion": "str",
    "flags": "str",
    "row": "Int64",
}
MISSING = {"person": "category", "wave": "category", "item": "category", "reason": "category"}
INTERVIEWS = {
    "interview": "str",
    "organisation": "str",
    "wave": "str",
    "role_band": "str",
    "words": "Int64",
    "minutes": "Int64",
    "consent": "bool",
    "questions_asked": "str",
    "coders": "str",
}
SEGMENTS = {
    "segment": "str",
    "interview": "str",
    "start": "Int64",
    "end": "Int64",
    "text": "str",
    "code": "str",
    "coder": "str",
    "attributes": "str",
    "offset_status": "str",
}
HARMONISATION = {
    "organisation": "str",
    "wave": "str",
    "item": "str",
    "status": "str",
    "evidence": "str",
}
LOG = {**dict.fromkeys(LOG_COLUMNS, "str"), "cells": "int64"}
DELIVERIES = {
    "organisation": "str",
    "wave": "str",
    "kind": "str",
    "file": "str",
    "tool": "str",
    "evidence": "str",
    "sha256": "str",
    "encoding": "str",
    "separator": "str",
    "rows": "int64",
}
TABLES: dict[str, dict[str, str]] = {
    "responses": RESPONSES,
    "missing": MISSING,
    "interviews": INTERVIEWS,
    "segments": SEGMENTS,
    "harmonisation": HARMONISATION,
    "cleaning_log": LOG,
    "deliveries": DELIVERIES,
}
ALLOWED = {
    "missing": {"reason": MISSING_REASONS},
    "harmonisation": {"status": STATUSES},
    "segments": {"offset_status": ("exact", "repaired", "unverified", "absent")},
}


def shape(study: Study, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly the columns and types of the table, checked; no extra columns."""
    columns = dict(TABLES[name])
    if name == "responses":
        columns |= {
            item.id: "Float64" if item.labels == "number" else "Int8"
            for item in study.items.values()
        }
    extra = set(frame.columns) - set(columns)
    if extra:
        raise ValueError(f"table {name} has no columns {sorted(extra)}")
    tidy = frame.reindex(columns=list(columns)).astype(columns)
    check(study, name, tidy)
    return tidy


def check(study: Study, name: str, frame: pd.DataFrame) -> None:
    """Raise DataError if a column is absent, of another type, or holds what it may not hold."""
    import pandera.pandas as pa

    columns = dict(TABLES[name])
    items = {item.id: item for item in study.items.values()} if name == "responses" else {}
    specs = {
        column: pa.Column(kind, nullable=True, checks=_allowed(name, column))
        for column, kind in columns.items()
    }
    for item in items.values():
        known = study.item_labels(item.id)
        kind = "Int8" if known else "Float64"
        specs[item.id] = pa.Column(
            kind, nullable=True, checks=pa.Check.isin(list(known.values)) if known else None
        )
    try:
        pa.DataFrameSchema(specs, strict=True).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        raise DataError(_problems(name, error.failure_cases)) from None


def _allowed(name: str, column: str) -> object:
    import pandera.pandas as pa

    values = ALLOWED.get(name, {}).get(column)
    return pa.Check.isin(list(values)) if values else None


def _problems(name: str, cases: pd.DataFrame) -> list[Problem]:
    """Pandera prints the failing values; here only the column, the rule and how many."""
    cure = "run `lostudy clean` again; if it stays, report it: this is a fault of lostudy"
    counted = cases.groupby(["column", "check"], dropna=False).size()
    return [
        Problem(
            f"table {name}: {count} cells break the rule {str(rule).split('(')[0]}",
            cure,
            f"{name}.parquet",
            column=str(column),
        )
        for (column, rule), count in counted.items()
    ]


def write_tables(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    """The tables of one organisation as Parquet files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)


def read_table(
    study: Study, processed: Path, name: str, organisations: Iterable[str] = ()
) -> pd.DataFrame:
    """A tidy table of the given organisations (default: all that were delivered), checked."""
    wanted = list(organisations) or [each.id for each in study.organisations]
    paths = [processed / each / f"{name}.parquet" for each in wanted]
    frames = [pd.read_parquet(path) for path in paths if path.exists()]
    if not frames:
        raise DataError(
            Problem(f"table {name} has not been made", "run `lostudy clean`", "data/processed")
        )
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return shape(study, name, table)
