"""Taguette: the project as SQLite, or its exports of highlights and of the codebook.

Documents are HTML; positions count UTF-8 bytes of their text content. There is no coder column: who
made a highlight is told by the log of commands, where the log is still whole.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import repair
from lostudy.deliveries.interviews.assemble import Coded, deliver, from_table
from lostudy.deliveries.interviews.database import Database, opened, text
from lostudy.deliveries.interviews.offsets import Convention
from lostudy.deliveries.interviews.rows import Rows
from lostudy.deliveries.interviews.stores import placed, whole
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem

TOOL = "taguette"
TABLES = frozenset({"documents", "highlights", "highlight_tags", "tags"})
COUNTED = Convention("UTF-8 byte")
HIGHLIGHTS = ("id", "document", "tag", "content")
CODEBOOK = ("tag", "description", "number of highlights")


def read_database(path: Path) -> InterviewDelivery:
    """A project database."""
    with opened(path, "Taguette") as store:
        documents = [
            {"document": text(row["id"]), "name": row["name"], "text": plain(row["contents"])}
            for row in store.rows("documents")
        ]
        codes = [
            {"code": text(row["id"]), "name": row["path"], "path": row["path"],
             "description": row.get("description")}
            for row in store.rows("tags")
        ]
        coders, note = _coders(path, store)
        segments = _segments(store, coders)
    texts = {document["document"]: document["text"] for document in documents}
    found, notes = placed(path, texts, segments, COUNTED)
    return deliver(
        path, TOOL, "a SQLite database with the tables documents, highlights, highlight_tags, tags",
        documents=documents, codes=codes, segments=found, repairs=[*note, *notes])


def _segments(store: Database, coders: dict[int, str]) -> list[dict[str, Any]]:
    highlights = {row["id"]: row for row in store.rows("highlights")}
    segments = []
    for number, link in enumerate(store.rows("highlight_tags"), start=1):
        row = highlights.get(link["highlight_id"])
        if row is None:
            continue
        segments.append({
            "document": text(row["document_id"]), "code": text(link["tag_id"]),
            "coder": coders.get(row["id"], ""), "text": plain(row["snippet"]),
            "start": whole(row["start_offset"]), "end": whole(row["end_offset"]),
            "attributes": {"highlight": text(row["id"])}, "row": number,
        })
    return segments


def _coders(path: Path, store: Database) -> tuple[dict[int, str], list[Problem]]:
    """Highlight -> who added it last, from the log of commands."""
    coders: dict[int, str] = {}
    for command in store.rows("commands"):
        try:
            payload = json.loads(command["payload"])
        except ValueError:
            continue
        if payload.get("type") == "highlight_add" and "highlight_id" in payload:
            coders[payload["highlight_id"]] = command["user_login"]
    users = {row["login"] for row in store.rows("users")}
    if users <= {"admin"}:
        return coders, [repair(
            path, "a project export names every user 'admin', so coders cannot be told apart",
            "tell in the study's table of coders who coded this file", rule="taguette.admin",
            severity="note")]
    return coders, []


class _TextContent(HTMLParser):
    """Gathers the text nodes of a document, in order and as they stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain(html: str | None) -> str:
    """The text content of a document, as positions count it.

    >>> plain("<p>Caf&eacute; &amp; thee</p>")
    'Café & thee'
    """
    parser = _TextContent()
    parser.feed(html or "")
    parser.close()
    return "".join(parser.parts)


def recognise(rows: Rows) -> str | None:
    """The evidence for an export of highlights or of a codebook, or None."""
    folded = rows.folded()
    if folded[:4] == list(HIGHLIGHTS):
        return "the columns are id, document, tag, content"
    if folded[:3] == list(CODEBOOK):
        return "the columns are tag, description, number of highlights"
    return None


def read_table(rows: Rows, evidence: str) -> InterviewDelivery:
    """Highlights: one row per highlight and tag. Codebook: one row per tag."""
    if rows.folded()[:3] == list(CODEBOOK):
        codes = [((record["tag"],), record["description"]) for _, record in rows if record["tag"]]
        return from_table(rows.path, TOOL, evidence, [], codes=codes, **rows.how())
    coded = [
        Coded(
            record["document"], (record["tag"],), number, text=record["content"],
            attributes={"highlight": record["id"]})
        for number, record in rows if record["tag"]
    ]
    return from_table(rows.path, TOOL, evidence, coded, repairs=rows.repairs, **rows.how())
