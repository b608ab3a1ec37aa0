"""QualCoder: the project folder with its SQLite store, or the report of coded text as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lostudy.deliveries.interviews.assemble import (
    Coded,
    circles,
    deliver,
    from_table,
    join_values,
    with_paths,
)
from lostudy.deliveries.interviews.database import Database, Record, made, opened, text
from lostudy.deliveries.interviews.offsets import Convention, unmarked
from lostudy.deliveries.interviews.rows import Rows, matched, take, unread
from lostudy.deliveries.interviews.stores import placed, whole
from lostudy.deliveries.tables import InterviewDelivery

TOOL = "qualcoder"
TABLES = frozenset({"code_text", "code_name", "source"})
CATEGORY = "category "
VARIABLES = ("filevar_", "casevar_")
REPORT: dict[str, tuple[str, ...]] = {
    "document": ("file", "filename"), "case": ("case",), "coder": ("coder",),
    "text": ("coded",), "key": ("id",), "code": ("codename",), "memo": ("coded_memo",),
    "category": ("category",),
}


def read(path: Path) -> InterviewDelivery:
    """A .qda project; columns differ by version and are asked for by name."""
    with opened(path, "QualCoder") as store:
        documents, codes = _documents(store), _codes(store)
        cases, notes = _cases(store), _notes(store)
        segments = [_segment(row) for row in store.rows("code_text")]
        segments += [_elsewhere(row, "image") for row in store.rows("code_image")]
        segments += [_elsewhere(row, "recording") for row in store.rows("code_av")]
    for number, segment in enumerate(segments, start=1):
        segment["row"] = number
    texts = {document["document"]: document["text"] for document in documents}
    found, told = placed(path, texts, segments, Convention())
    return deliver(
        path, TOOL, "a SQLite database with the tables code_text, code_name, source",
        documents=documents, codes=with_paths(codes), segments=found, cases=cases, notes=notes,
        repairs=[*told, *circles(path, codes)])


def _documents(store: Database) -> list[Record]:
    variables = _attributes(store, "file")
    values = _attributes(store, "case")
    cases = {row["caseid"]: row["name"] for row in store.rows("cases")}
    for row in store.rows("case_text"):
        linked = {"case": cases.get(row["caseid"], ""), **values.get(row["caseid"], {})}
        join_values(variables.setdefault(row["fid"], {}), linked)
    return [
        {"document": text(row["id"]), "name": row["name"], "memo": row.get("memo"),
         "text": None if row.get("fulltext") is None else unmarked(text(row["fulltext"])),
         "variables": variables.get(row["id"], {}), "attributes": made(row) | (
             {"path": text(media)} if (media := row.get("mediapath") or row.get("imagepath"))
             else {})}
        for row in store.rows("source")
    ]


def _attributes(store: Database, kind: str) -> dict[Any, dict[str, str]]:
    """Key of a file, case or journal -> its attributes; an empty value is none."""
    found: dict[Any, dict[str, str]] = {}
    for row in store.rows("attribute"):
        if (row.get("attr_type") or "case") == kind and row.get("value") not in (None, ""):
            found.setdefault(row["id"], {})[text(row["name"])] = text(row["value"])
    return found


def _cases(store: Database) -> list[Record]:
    values = _attributes(store, "case")
    stands: dict[Any, list[Record]] = {}
    for row in store.rows("case_text"):
        stands.setdefault(row["caseid"], []).append({
            "document": text(row["fid"]), "start": whole(row.get("pos0")),
            "end": whole(row.get("pos1"))})
    return [
        {"case": text(row["caseid"]), "name": row["name"], "memo": row.get("memo"),
         "variables": values.get(row["caseid"], {}), **place}
        for row in store.rows("cases") for place in stands.get(row["caseid"]) or [{}]
    ]


def _notes(store: Database) -> list[Record]:
    """Annotations of passages, the journal, and the project's own memo."""
    notes = [
        {"note": f"annotation {row['anid']}", "text": text(row.get("memo")),
         "document": text(row["fid"]), "start": whole(row.get("pos0")),
         "end": whole(row.get("pos1")), "coder": text(row.get("owner")),
         "created": text(row.get("date"))}
        for row in store.rows("annotation")
    ]
    notes += [
        {"note": f"journal {number}", "name": text(row.get("name")),
         "text": text(row.get("jentry")), "coder": text(row.get("owner")),
         "created": text(row.get("date"))}
        for number, row in enumerate(store.rows("journal"), start=1)
    ]
    notes += [{"note": "project", "name": "project", "text": text(row["memo"])}
              for row in store.rows("project") if row.get("memo")]
    return notes


def _codes(store: Database) -> list[Record]:
    categories = [
        {"code": f"{CATEGORY}{row['catid']}", "name": row["name"],
         "parent": _category(row.get("supercatid")), "description": row.get("memo"),
         "attributes": made(row) | {"codable": "false"}}
        for row in store.rows("code_cat")
    ]
    codes = [
        {"code": text(row["cid"]), "name": row["name"], "description": row.get("memo"),
         "parent": text(row.get("supercid")) or _category(row.get("catid")),
         "attributes": made(row) | ({"color": text(row["color"])} if row.get("color") else {})}
        for row in store.rows("code_name")
    ]
    return [*categories, *codes]


def _category(key: Any) -> str | None:
    return None if key is None else f"{CATEGORY}{key}"


def _segment(row: Record) -> Record:
    important = {"important": "1"} if row.get("important") else {}
    return {
        "document": text(row["fid"]), "code": text(row["cid"]), "coder": text(row.get("owner")),
        "text": row.get("seltext") or "", "start": whole(row["pos0"]), "end": whole(row["pos1"]),
        "memo": text(row.get("memo")), "created": text(row.get("date")),
        "attributes": important,
    }


def _elsewhere(row: Record, kind: str) -> Record:
    """A code on a part of a picture or recording: kept with its place, without text."""
    places = ("x1", "y1", "width", "height", "pdf_page", "pos0", "pos1")
    place = {name: text(row[name]) for name in places if row.get(name) is not None}
    important = {"important": "1"} if row.get("important") else {}
    return {
        "document": text(row["id"]), "code": text(row["cid"]), "coder": text(row.get("owner")),
        "text": "", "start": None, "end": None, "memo": text(row.get("memo")),
        "created": text(row.get("date")), "attributes": {"selection": kind, **place, **important}}


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
            if key.startswith(VARIABLES) and value
        }
        coded.append(Coded(
            take(record, fields, "document") or take(record, fields, "case"), path, number,
            coder=take(record, fields, "coder"), text=record[fields["text"]],
            memo=take(record, fields, "memo"),
            attributes={"key": take(record, fields, "key"), **variables}))
    return from_table(
        rows.path, TOOL, evidence, coded, of=len(rows.records),
        repairs=[*rows.repairs, *unread([(rows, _known(rows, fields))])], **rows.how())


def _known(rows: Rows, fields: dict[str, str]) -> set[str]:
    """The columns that are read; variables are told by how their heading begins."""
    return {*fields.values(), *(each for each in rows.folded() if each.startswith(VARIABLES))}
