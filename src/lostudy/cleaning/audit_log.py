"""The proof for what stands on disk: tables against log, and the log against cleaning anew (C24).

That the tables follow from the log says nothing of who made a correction, or of a line that tells
and changes no cell. So the log, the sources and the status of each item are made again and compared
line by line, before the auditor's own hand makes the tables from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from lostudy.cleaning.audit import CHANGED, KEYS, Proof, audit_tables, differences
from lostudy.cleaning.pipeline import Cleaned, clean_study
from lostudy.cleaning.tables import read_table
from lostudy.errors import DataError, Problem
from lostudy.study import Study

LINES = ("cleaning_log", "deliveries", "harmonisation")


def audit_study(study: Study, raw: Path, processed: Path) -> Proof:
    """The proof that tables and log in `processed` are what the deliveries in `raw` make.

    Raises DataError with every difference; a line is told by its table, file and row, never by
    what stands there.
    """
    problems: list[Problem] = []
    again = clean_study(study, raw, None)
    if errors := [problem for each in again for problem in each.errors]:
        raise DataError(errors)
    for each in again:
        problems += _log_problems(study, processed, each)
    if not problems:
        return audit_tables(study, raw, processed)
    for each in again:
        for name in KEYS:
            table = read_table(study, processed, name, [each.organisation])
            problems += differences(name, table, each.tables[name], CHANGED)
    raise DataError(problems)


def _log_problems(study: Study, processed: Path, cleaned: Cleaned) -> Iterator[Problem]:
    for name in LINES:
        here = read_table(study, processed, name, [cleaned.organisation])
        mine, other = _lines(here), _lines(cleaned.tables[name])
        for found, said in ((mine - other, "lines too many or changed"),
                            (other - mine, "lines that are gone or changed")):
            if found:
                what = f"table {name}: {found.total()} {said}"
                place = f"{cleaned.organisation}/{name}.parquet"
                yield Problem(what, CHANGED, place, rule="C24")


def _lines(table: pd.DataFrame) -> Counter[tuple]:
    return Counter(table.astype("str").itertuples(index=False, name=None))
