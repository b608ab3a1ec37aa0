"""RQDA: a SQLite project in which deleted rows stay, with another status than 1, in every table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lostudy.deliveries.files import repair
from lostudy.deliveries.interviews.assemble import deliver, join_values, with_paths
from lostudy.deliveries.interviews.database import Database, Record, made, opened, text
from lostudy.deliveries.interviews.offsets import Convention, unmarked
from lostudy.deliveries.interviews.stores import placed, whole
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem

TOOL = "rqda"
TABLES = frozenset({"coding", "freecode", "source"})
CATEGORY = "category "
PICTURE = "image "


def read(path: Path) -> InterviewDelivery:
    """A .rqda project; only rows with status 1 count."""
    with opened(path, "RQDA") as store:
        documents, cases, notes = _documents(store), _cases(store), _notes(store)
        codes, problems = _codes(path, store)
        segments = [_segment(row) for row in active(store, "coding")]
        segments += [_picture(row) for row in active(store, "imageCoding")]
        gone = _deleted(store, {code["code"] for code in codes}, segments)
        problems += _told_deleted(path, gone, segments)
        codes += gone
    for number, segment in enumerate(segments, start=1):
        segment["row"] = number
    texts = {document["document"]: document["text"] for document in documents}
    found, told = placed(path, texts, segments, Convention())
    return deliver(
        path, TOOL, "a SQLite database with the tables coding, freecode, source",
        documents=documents, codes=with_paths(codes), segments=found, cases=cases, notes=notes,
        repairs=[*problems, *told])


def active(store: Database, table: str) -> list[Record]:
    """The rows of a table that were not deleted."""
    return [row for row in store.rows(table) if row.get("status", 1) == 1]


def _documents(store: Database) -> list[Record]:
    groups = {row["catid"]: row["name"] for row in active(store, "filecat")}
    member = {row["fid"]: groups.get(row["catid"]) for row in active(store, "treefile")}
    variables: dict[Any, dict[str, str]] = {}
    for row in active(store, "fileAttr"):
        variables.setdefault(row["fileID"], {})[row["variable"]] = text(row["value"])
    cases, values = _case_values(store)
    for row in active(store, "caselinkage"):
        linked = {"case": cases.get(row["caseid"], ""), **values.get(row["caseid"], {})}
        join_values(variables.setdefault(row["fid"], {}), linked)
    texts = [
        {"document": text(row["id"]), "name": row["name"],
         "text": unmarked(text(row["file"])), "group": member.get(row["id"]),
         "variables": variables.get(row["id"], {}), "memo": row.get("memo"),
         "attributes": made(row)}
        for row in active(store, "source")
    ]
    pictures = [
        {"document": f"{PICTURE}{row['id']}", "name": row["name"], "text": None,
         "attributes": made(row)}
        for row in active(store, "image")
    ]
    return [*texts, *pictures]


def _case_values(store: Database) -> tuple[dict[Any, str], dict[Any, dict[str, str]]]:
    names = {row["id"]: text(row["name"]) for row in active(store, "cases")}
    values: dict[Any, dict[str, str]] = {}
    for row in active(store, "caseAttr"):
        values.setdefault(row["caseID"], {})[row["variable"]] = text(row["value"])
    return names, values


def _cases(store: Database) -> list[Record]:
    _, values = _case_values(store)
    stands: dict[Any, list[Record]] = {}
    for row in active(store, "caselinkage"):
        stands.setdefault(row["caseid"], []).append({
            "document": text(row["fid"]), "start": whole(row.get("selfirst")),
            "end": whole(row.get("selend"))})
    return [
        {"case": text(row["id"]), "name": row["name"], "memo": row.get("memo"),
         "variables": values.get(row["id"], {}), **place}
        for row in active(store, "cases") for place in stands.get(row["id"]) or [{}]
    ]


def _notes(store: Database) -> list[Record]:
    """Annotations at a place in a text, the journal, and the project's memo."""
    notes = [
        {"note": f"annotation {number}", "text": text(row.get("annotation")),
         "document": text(row["fid"]), "start": whole(row.get("position")),
         "coder": text(row.get("owner")), "created": text(row.get("date"))}
        for number, row in enumerate(active(store, "annotation"), start=1)
    ]
    notes += [
        {"note": f"journal {number}", "name": text(row.get("name")),
         "text": text(row.get("journal")), "coder": text(row.get("owner")),
         "created": text(row.get("date"))}
        for number, row in enumerate(active(store, "journal"), start=1)
    ]
    notes += [{"note": "project", "name": "project", "text": text(row["memo"])}
              for row in store.rows("project") if row.get("memo")]
    return notes


def _codes(path: Path, store: Database) -> tuple[list[Record], list[Problem]]:
    """Codes below their categories; the path of a code in several goes by the first."""
    above: dict[Any, list[Any]] = {}
    for row in active(store, "treecode"):
        above.setdefault(row["cid"], []).append(row["catid"])
    codes = [
        {"code": f"{CATEGORY}{row['catid']}", "name": row["name"], "description": row.get("memo"),
         "attributes": made(row) | {"codable": "false"}}
        for row in active(store, "codecat")
    ]
    codes += [
        {"code": text(row["id"]), "name": row["name"], "description": row.get("memo"),
         "parent": f"{CATEGORY}{above[row['id']][0]}" if row["id"] in above else None,
         "parents": [f"{CATEGORY}{each}" for each in above.get(row["id"], [])],
         "attributes": made(row) | ({"color": text(row["color"])} if row.get("color") else {})}
        for row in active(store, "freecode")
    ]
    several = sum(len(found) > 1 for found in above.values())
    problems = [] if not several else [repair(
        path, f"{several} code(s) stand in more than one category; their path goes by the first",
        "nothing, if that is meant; all categories are kept", rule="rqda.categories",
        severity="note")]
    return codes, problems


def _deleted(store: Database, known: set[str], segments: list[Record]) -> list[Record]:
    """Codes that were deleted while passages still carry them, under their own names."""
    used = {segment["code"] for segment in segments} - known
    return [
        {"code": text(row["id"]), "name": row["name"], "description": row.get("memo"),
         "attributes": made(row) | {"deleted": "true"}}
        for row in store.rows("freecode") if text(row["id"]) in used
    ]


def _told_deleted(path: Path, gone: list[Record], segments: list[Record]) -> list[Problem]:
    names = {code["code"] for code in gone}
    count = sum(segment["code"] in names for segment in segments)
    return [] if not count else [repair(
        path, f"{count} coding(s) have a code that was deleted in the tool; they are kept under "
        "its name", "give them another code, or take the code up again", rule="rqda.deleted",
        severity="note")]


def _segment(row: Record) -> Record:
    return {
        "document": text(row["fid"]), "code": text(row["cid"]), "coder": text(row.get("owner")),
        "text": row.get("seltext") or "", "start": whole(row["selfirst"]),
        "end": whole(row["selend"]), "memo": text(row.get("memo")),
        "created": text(row.get("date")),
    }


def _picture(row: Record) -> Record:
    """A code on a part of a picture: kept with its place, without text."""
    place = {name: text(row[name]) for name in ("x1", "y1", "x2", "y2")
             if row.get(name) is not None}
    return {
        "document": f"{PICTURE}{row['iid']}", "code": text(row["cid"]), "text": "",
        "start": None, "end": None, "coder": text(row.get("owner")), "memo": text(row.get("memo")),
        "created": text(row.get("date")), "attributes": {"selection": "image", **place}}
