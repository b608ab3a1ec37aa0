"""The tidy tables: what their columns are, checked on writing and on reading.

They stand per organisation in data/processed/<organisation>/<table>.parquet, so that a change in
one organisation's delivery touches that organisation's files only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lostudy.cleaning.log import LOG_COLUMNS
from lostudy.errors import DataError, Problem
from lostudy.study import Study
from lostudy.study.model import MISSING_REASONS, STATUSES

if TYPE_CHECKING:
    from pandera.pandas import Column

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
    "received": "str",
    "version": "int64",
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
ALLOWED: dict[str, dict[str, tuple[str, ...]]] = {
    "missing": {"reason": MISSING_REASONS},
    "harmonisation": {"status": STATUSES},
    "segments": {"offset_status": ("exact", "repaired", "unverified", "absent")},
}


def shape(study: Study, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly the columns and types of the table, checked; no extra columns."""
    columns = {**TABLES[name], **(_item_types(study) if name == "responses" else {})}
    extra = set(frame.columns) - set(columns)
    if extra:
        raise ValueError(f"table {name} has no columns {sorted(extra)}")
    tidy = frame.reindex(columns=list(columns)).astype(columns)
    check(study, name, tidy)
    return tidy


def check(study: Study, name: str, frame: pd.DataFrame) -> None:
    """Raise DataError if a column is absent, of another type, or holds what it may not hold."""
    allowed: dict[str, tuple[int | str, ...]] = dict(ALLOWED.get(name, {}))
    types = dict(TABLES[name])
    if name == "responses":
        types |= _item_types(study)
        sets = {item: study.item_labels(item) for item in study.items}
        allowed |= {item: known.values for item, known in sets.items() if known}
    broken = {name: values for name, values in allowed.items() if _strays(frame, name, values)}
    if broken or frame.dtypes.astype("str").to_dict() != types:
        _tell(name, frame, {each: _column(kind, broken.get(each)) for each, kind in types.items()})


def _tell(name: str, frame: pd.DataFrame, specs: dict[str, Column]) -> None:
    """Raise with everything that pandera finds wrong with a table."""
    import pandera.pandas as pa

    try:
        pa.DataFrameSchema(specs, strict=True).validate(frame, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as error:
        raise DataError(_problems(name, error.failure_cases)) from None


def _strays(frame: pd.DataFrame, column: str, values: tuple[int | str, ...]) -> bool:
    """Whether pandera has a cell to report: its own check of each cell costs five times more."""
    return column in frame and not set(frame[column].dropna().unique()) <= set(values)


def _item_types(study: Study) -> dict[str, str]:
    numbers = {item.id for item in study.items.values() if item.labels == "number"}
    return {item: "Float64" if item in numbers else "Int8" for item in study.items}


def _column(kind: str, values: tuple[int | str, ...] | None) -> Column:
    """Of a category pandera would compare every name; its labels are checked, where listed."""
    import pandera.pandas as pa

    if kind == "category":
        return pa.Column(None, nullable=True, checks=pa.Check(_labelled(values), name="labels"))
    checks = pa.Check.isin(list(values)) if values else None
    return pa.Column(kind, nullable=True, checks=checks)


def _labelled(values: tuple[int | str, ...] | None) -> Callable[[pd.Series], bool]:
    return lambda cells: isinstance(cells.dtype, pd.CategoricalDtype) and (
        values is None or set(cells.cat.categories) <= set(values)
    )


def _problems(name: str, cases: pd.DataFrame) -> list[Problem]:
    """Pandera prints the failing values; here only the column, the rule and how many."""
    cure = "run `lostudy clean` again; if it stays, report it: this is a fault of lostudy"
    rules = cases["check"].astype("str").str.split("(").str[0]
    counted = Counter(zip(cases["column"].astype("str"), rules, strict=True))
    return [
        Problem(
            f"table {name}: {count} cells break the rule {rule}",
            cure,
            f"{name}.parquet",
            column=column,
            rule="C24",
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
    frames = [_read(path) for path in paths if path.exists()]
    if not frames:
        raise DataError(
            Problem(
                f"table {name} has not been made", "run `lostudy clean`", "data/processed",
                rule="C24",
            )
        )
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return shape(study, name, table)


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError):
        cure = "run `lostudy clean` again"
        what = "this tidy table cannot be read: it was cut off or is no Parquet file"
        place = f"{path.parent.name}/{path.name}"
        raise DataError(Problem(what, cure, place, rule="C24")) from None
