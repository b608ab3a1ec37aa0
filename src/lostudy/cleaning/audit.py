"""The proof that tidy = raw + log: the tables made again from both alone, and compared (rule C24).

An auditor's own hand: nothing of the rules of cleaning is used here, only what the log says was
done, cell by cell. A cell that changed without a line, or a line that was not carried out, shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from lostudy.cleaning.audit_survey import replay_surveys
from lostudy.cleaning.audit_voices import replay_conversations
from lostudy.cleaning.inventory import Delivered, find_deliveries
from lostudy.cleaning.people import study_key
from lostudy.cleaning.tables import read_table
from lostudy.deliveries import InterviewDelivery, SurveyDelivery, read_interviews, read_survey
from lostudy.errors import DataError, Problem
from lostudy.study import Study

Raw = SurveyDelivery | InterviewDelivery
KEYS = {
    "responses": ["wave", "row"], "missing": ["wave", "person", "item"],
    "interviews": ["interview"], "segments": ["interview", "segment"],
}
FAULT = "this is a fault of lostudy: report it"
CHANGED = "deliveries, tables or log were changed afterwards: run `lostudy clean` again"


@dataclass(frozen=True)
class Proof:
    """How many records, cells and segments were made again, and where they differ (if anywhere)."""

    records: int
    cells: int
    segments: int
    problems: tuple[Problem, ...]


def prove(
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    raw: Mapping[str, Raw],
    registers: Mapping[str, Path],
    cure: str = FAULT,
) -> Proof:
    """Make the tables of KEYS again and compare them with `tables`.

    `raw`: the deliveries by their name in the log; `registers`: the registers of conversations by
    the name of the interview delivery they belong to.
    """
    again = replay(study, tables["deliveries"], tables["cleaning_log"], raw, registers)
    problems = [
        problem
        for name in KEYS
        for problem in differences(name, tables[name], again[name], cure)
    ]
    answers = tables["responses"][list(study.items)]
    return Proof(len(answers), answers.size, len(tables["segments"]), tuple(problems))


def replay(
    study: Study,
    deliveries: pd.DataFrame,
    log: pd.DataFrame,
    raw: Mapping[str, Raw],
    registers: Mapping[str, Path],
) -> dict[str, pd.DataFrame]:
    """The tidy tables from the deliveries and the log; `study` gives the key and the items' order.

    Raises DataError where a cell of a delivery is accounted for by no line of the log.
    """
    surveys = deliveries[deliveries["kind"] == "survey"]
    voices = deliveries[deliveries["kind"] == "interviews"]
    return {
        **replay_surveys(study_key(study), list(study.items), surveys, log, raw),
        **replay_conversations(voices, log, raw, registers),
    }


def audit_tables(study: Study, raw: Path, processed: Path) -> Proof:
    """The proof that the tables in `processed` follow from its log and the deliveries in `raw`.

    Raises DataError with every difference.
    """
    delivered = find_deliveries(study, raw)
    problems: list[Problem] = []
    proofs: list[Proof] = []
    for organisation in dict.fromkeys(each.organisation for each in delivered):
        mine = [each for each in delivered if each.organisation == organisation]
        tables = {
            name: read_table(study, processed, name, [organisation])
            for name in (*KEYS, "deliveries", "cleaning_log")
        }
        proofs.append(prove(study, tables, _read(mine), registers_of(mine), CHANGED))
        problems += proofs[-1].problems
    if problems:
        raise DataError(problems)
    return Proof(
        sum(each.records for each in proofs), sum(each.cells for each in proofs),
        sum(each.segments for each in proofs), (),
    )


def _read(delivered: list[Delivered]) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for each in delivered:
        if each.kind == "survey":
            found[each.name] = read_survey(each.path, each.tool)
        elif each.kind == "interviews":
            found[each.name] = read_interviews(each.path, each.tool)
    return found


def registers_of(delivered: list[Delivered]) -> dict[str, Path]:
    """Name of an interview delivery → the register of conversations of its wave."""
    paths = {each.wave: each.path for each in delivered if each.kind == "conversations"}
    return {
        each.name: paths[each.wave]
        for each in delivered
        if each.kind == "interviews" and each.wave in paths
    }


def differences(
    name: str, table: pd.DataFrame, again: pd.DataFrame, cure: str
) -> Iterator[Problem]:
    """Where a table is not what deliveries and log make; how many rows, never what stands there."""
    if len(table) != len(again):
        what = f"table {name} has {len(table)} rows; deliveries and log make {len(again)}"
        yield Problem(what, cure, f"{name}.parquet", rule="C24")
        return
    if name == "missing":
        differ = _unlike_rows(table, again)
        if differ:
            what = f"table {name}: {differ} rows are not what deliveries and log make"
            yield Problem(what, cure, f"{name}.parquet", rule="C24")
        return
    order, other = _order(table, KEYS[name]), _order(again, KEYS[name])
    for column in table.columns.astype("str"):
        differ = _unlike(table[column].iloc[order], again[column].iloc[other])
        if differ:
            what = f"table {name}: {differ} cells are not what deliveries and log make"
            yield Problem(what, cure, f"{name}.parquet", column=column, rule="C24")


def _order(table: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """The places of the rows in the order of their keys."""
    codes = [pd.factorize(table[key], sort=True)[0] for key in keys]
    return np.lexsort(codes[::-1])


def _unlike(one: pd.Series, other: pd.Series) -> int:
    """In how many cells two columns differ; missing is like missing."""
    if pd.api.types.is_numeric_dtype(one.dtype) and not pd.api.types.is_bool_dtype(one.dtype):
        numbers = [
            pd.to_numeric(each).to_numpy(dtype="float64", na_value=np.nan) for each in (one, other)
        ]
        absent = np.isnan(numbers[0]) & np.isnan(numbers[1])
        return int(((numbers[0] != numbers[1]) & ~absent).sum())
    if pd.api.types.is_datetime64_any_dtype(one.dtype):
        moments = [
            pd.to_datetime(each).astype("datetime64[ns]").to_numpy().view("int64")
            for each in (one, other)
        ]
        return int((moments[0] != moments[1]).sum())
    first, second = np.asarray(one, dtype=object), np.asarray(other, dtype=object)
    empty = np.asarray(pd.isna(first)) & np.asarray(pd.isna(second))
    return int((np.asarray(first != second, dtype=bool) & ~empty).sum())


def _unlike_rows(one: pd.DataFrame, other: pd.DataFrame) -> int:
    """How many rows of a table have no equal in the other, in any order."""
    first, second = (
        np.sort(pd.util.hash_pandas_object(each[KEYS["missing"] + ["reason"]], index=False))
        for each in (one, other)
    )
    return int((first != second).sum())
