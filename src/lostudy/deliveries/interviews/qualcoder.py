"""QualCoder: the project folder with its SQLite store, or the report of coded text as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lostudy.deliveries.interviews.assemble import Coded, deliver, from_table, with_paths
from lostudy.deliveries.interviews.database import Database, Record, opened, text
from lostudy.deliveries.interviews.offsets import Convention, unmarked
from lostudy.deliveries.interviews.rows import Rows, matched, take
from lostudy.deliveries.interviews.stores import placed, whole
from lostudy.deliveries.tables import InterviewDelivery

TOOL = "qualcoder"
TABLES = frozenset({"code_text", "code_name", "source"})
CATEGORY = "category "
REPORT: dict[str, tuple[str, ...]] = {
    "document": ("file", "filename"), "case": ("case",), "coder": ("coder",),
    "text": ("coded",), "key": ("id",), "code": ("codename",), "memo": ("coded_memo",),
    "category": ("category",),
}


def read(path: Path) -> InterviewDelivery:
    """A .qda project; columns differ by version and are asked for by name."""
    with opened(path, "QualCoder") as store:
        documents, codes = _documents(store), _codes(store)
        segments = [
            _segment(number, row) for number, row in enumerate(store.rows("code_text"), start=1)
        ]
    texts = {document["document"]: document["text"] for document in documents}
    found, notes = placed(path, texts, segments, Convention())
    return deliver(
        path, TOOL, "a SQLite database with the tables code_text, code_name, source",
        documents=documents, codes=codes, segments=found, repairs=notes)


def _documents(store: Database) -> list[dict[str, Any]]:
    variables: dict[Any, dict[str, str]] = {}
    values: dict[Any, dict[str, str]] = {}
    for row in store.rows("attribute"):
        kept = variables if row.get("attr_type") == "file" else values
        kept.setdefault(row["id"], {})[row["name"]] = text(row["value"])
    cases = {row["caseid"]: row["name"] for row in store.rows("cases")}
    for row in store.rows("case_text"):
        linked = {"case": cases.get(row["caseid"], ""), **values.get(row["caseid"], {})}
        variables.setdefault(row["fid"], {}).update(linked)
    return [
        {"document": text(row["id"]), "name": row["name"],
         "text": None if row.get("fulltext") is None else unmarked(row["fulltext"]),
         "variables": variables.get(row["id"], {})}
        for row in store.rows("source")
    ]


def _codes(store: Database) -> list[dict[str, Any]]:
    categories = [
        {"code": f"{CATEGORY}{row['catid']}", "name": row["name"],
         "parent": _category(row.get("supercatid")), "description": row.get("memo")}
        for row in store.rows("code_cat")
    ]
    codes = [
        {"code": text(row["cid"]), "name": row["name"], "description": row.get("memo"),
         "parent": text(row.get("supercid")) or _category(row.get("catid"))}
        for row in store.rows("code_name")
    ]
    return with_paths([*categories, *codes])


def _category(key: Any) -> str | None:
    return None if key is None else f"{CATEGORY}{key}"


def _segment(number: int, row: Record) -> dict[str, Any]:
    important = {"important": "1"} if row.get("important") else {}
    return {
        "document": text(row["fid"]), "code": text(row["cid"]), "coder": text(row.get("owner")),
        "text": row.get("seltext") or "", "start": whole(row["pos0"]), "end": whole(row["pos1"]),
        "memo": text(row.get("memo")), "created": text(row.get("date")),
        "attributes": important, "row": number,
    }


def recognise(rows: Rows) -> str | None:
    """The evidence for a report of coded text, or None."""
    fields = matched(rows, REPORT)
    if {"coder", "text", "code"} <= set(fields):
        return "a report with the columns Coder, Coded, Codename"
    return None


def read_report(rows: Rows, evidence: str) -> InterviewDelivery:
    """One row per coded passage, without positions."""
    fields = matched(rows, REPORT)
    coded = []
    for number, record in rows:
        category = take(record, fields, "category")
        path = tuple(part for part in (category, take(record, fields, "code")) if part)
        variables = {
            key: value for key, value in record.items()
            if key.startswith(("filevar_", "casevar_")) and value
        }
        coded.append(Coded(
            take(record, fields, "document") or take(record, fields, "case"), path, number,
            coder=take(record, fields, "coder"), text=record[fields["text"]],
            memo=take(record, fields, "memo"),
            attributes={"key": take(record, fields, "key"), **variables}))
    return from_table(rows.path, TOOL, evidence, coded, repairs=rows.repairs, **rows.how())
