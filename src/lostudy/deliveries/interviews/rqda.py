"""RQDA: a SQLite project in which deleted rows stay, with another status than 1, in every table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lostudy.deliveries.files import repair
from lostudy.deliveries.interviews.assemble import deliver, with_paths
from lostudy.deliveries.interviews.database import Database, Record, opened, text
from lostudy.deliveries.interviews.offsets import Convention, unmarked
from lostudy.deliveries.interviews.stores import placed, whole
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem

TOOL = "rqda"
TABLES = frozenset({"coding", "freecode", "source"})
CATEGORY = "category "


def read(path: Path) -> InterviewDelivery:
    """A .rqda project; only rows with status 1 count."""
    with opened(path, "RQDA") as store:
        documents = _documents(store)
        codes, problems = _codes(path, store)
        segments = [
            _segment(number, row) for number, row in enumerate(active(store, "coding"), start=1)
        ]
    texts = {document["document"]: document["text"] for document in documents}
    found, notes = placed(path, texts, segments, Convention())
    return deliver(
        path, TOOL, "a SQLite database with the tables coding, freecode, source",
        documents=documents, codes=codes, segments=found, repairs=[*problems, *notes])


def active(store: Database, table: str) -> list[Record]:
    """The rows of a table that were not deleted."""
    return [row for row in store.rows(table) if row.get("status", 1) == 1]


def _documents(store: Database) -> list[dict[str, Any]]:
    groups = {row["catid"]: row["name"] for row in active(store, "filecat")}
    member = {row["fid"]: groups.get(row["catid"]) for row in active(store, "treefile")}
    variables: dict[Any, dict[str, str]] = {}
    for row in active(store, "fileAttr"):
        variables.setdefault(row["fileID"], {})[row["variable"]] = text(row["value"])
    cases = {row["id"]: row["name"] for row in active(store, "cases")}
    values: dict[Any, dict[str, str]] = {}
    for row in active(store, "caseAttr"):
        values.setdefault(row["caseID"], {})[row["variable"]] = text(row["value"])
    for row in active(store, "caselinkage"):
        linked = {"case": cases.get(row["caseid"], ""), **values.get(row["caseid"], {})}
        variables.setdefault(row["fid"], {}).update(linked)
    return [
        {"document": text(row["id"]), "name": row["name"], "text": unmarked(row["file"] or ""),
         "group": member.get(row["id"]), "variables": variables.get(row["id"], {})}
        for row in active(store, "source")
    ]


def _codes(path: Path, store: Database) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Codes below their category; a code in several categories stands below the first."""
    above: dict[Any, list[Any]] = {}
    for row in active(store, "treecode"):
        above.setdefault(row["cid"], []).append(row["catid"])
    codes = [
        {"code": f"{CATEGORY}{row['catid']}", "name": row["name"], "description": row.get("memo")}
        for row in active(store, "codecat")
    ]
    codes += [
        {"code": text(row["id"]), "name": row["name"], "description": row.get("memo"),
         "parent": f"{CATEGORY}{above[row['id']][0]}" if row["id"] in above else None}
        for row in active(store, "freecode")
    ]
    several = sum(len(found) > 1 for found in above.values())
    problems = [] if not several else [repair(
        path, f"{several} code(s) stand in more than one category; the first is taken",
        "place each code in one category", rule="rqda.categories", severity="note")]
    return with_paths(codes), problems


def _segment(number: int, row: Record) -> dict[str, Any]:
    return {
        "document": text(row["fid"]), "code": text(row["cid"]), "coder": text(row.get("owner")),
        "text": row.get("seltext") or "", "start": whole(row["selfirst"]),
        "end": whole(row["selend"]), "memo": text(row.get("memo")),
        "created": text(row.get("date")), "row": number,
    }
