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
from lostudy.deliveries.interviews.database import Database, Record, opened, text
from lostudy.deliveries.interviews.offsets import Convention
from lostudy.deliveries.interviews.rows import Rows, unread
from lostudy.deliveries.interviews.stores import placed, whole
from lostudy.deliveries.interviews.taguette_history import history
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem

TOOL = "taguette"
TABLES = frozenset({"documents", "highlights", "highlight_tags", "tags"})
WORDS = frozenset({
    "contents", "date", "description", "login", "name", "path", "snippet", "user_login"})
COUNTED = Convention("UTF-8 byte")
HIGHLIGHTS = ("id", "document", "tag", "content")
CODEBOOK = ("tag", "description", "number of highlights")


def read_database(path: Path) -> InterviewDelivery:
    """A project database; where it holds several projects, a document's group is its project."""
    with opened(path, "Taguette", WORDS) as store:
        projects = {row["id"]: text(row["name"]) for row in store.rows("projects")}
        documents = [_document(row, projects) for row in store.rows("documents")]
        codes = [_code(row, projects) for row in store.rows("tags")]
        commands = _commands(store)
        segments = _segments(store, _added(commands))
        note = [*_anonymous(path, store), *_loose(path, store), *_several(path, store, projects)]
    texts = {document["document"]: document["text"] for document in documents}
    found, notes = placed(path, texts, segments, COUNTED)
    return deliver(
        path, TOOL, "a SQLite database with the tables documents, highlights, highlight_tags, tags",
        documents=documents, codes=codes, segments=found, history=history(commands),
        repairs=[*note, *notes])


def _document(row: Record, projects: dict[Any, str]) -> Record:
    several = len(projects) > 1
    return {
        "document": text(row["id"]), "name": row["name"], "text": plain(row["contents"]),
        "memo": row.get("description"),
        "group": projects.get(row.get("project_id")) if several else None,
        "attributes": {"created": text(row["created"])} if row.get("created") else {}}


def _code(row: Record, projects: dict[Any, str]) -> Record:
    project = projects.get(row.get("project_id"), "")
    parent = text(row.get("parent_id"))
    return {
        "code": text(row["id"]), "name": row["path"], "path": row["path"],
        "parent": parent, "parents": (parent,) if parent else (),
        "description": row.get("description"),
        "attributes": {"groups": project} if len(projects) > 1 and project else {}}


def _segments(store: Database, added: dict[int, Record]) -> list[Record]:
    highlights = {row["id"]: row for row in store.rows("highlights")}
    segments = []
    for number, link in enumerate(store.rows("highlight_tags"), start=1):
        row = highlights.get(link["highlight_id"])
        if row is None:
            continue
        command = added.get(row["id"], {})
        segments.append({
            "document": text(row["document_id"]), "code": text(link["tag_id"]),
            "coder": text(command.get("user_login")), "text": plain(row["snippet"]),
            "start": whole(row["start_offset"]), "end": whole(row["end_offset"]),
            "created": text(command.get("date")), "attributes": {"highlight": text(row["id"])},
            "row": number,
        })
    return segments


def _commands(store: Database) -> list[Record]:
    """The log of commands in its order; a payload that is no record is passed over."""
    found = []
    for command in store.rows("commands"):
        try:
            payload = json.loads(command["payload"])
        except (ValueError, TypeError):
            continue
        if isinstance(payload, dict):
            found.append({**command, "payload": payload})
    return found


def _added(commands: list[Record]) -> dict[int, Record]:
    """Highlight -> the command that added it last: who and when."""
    return {
        command["payload"]["highlight_id"]: command for command in commands
        if command["payload"].get("type") == "highlight_add"
        and isinstance(command["payload"].get("highlight_id"), int)
    }


def _anonymous(path: Path, store: Database) -> list[Problem]:
    users = {row["login"] for row in store.rows("users")}
    if not users <= {"admin"}:
        return []
    return [repair(
        path, "a project export names every user 'admin', so coders cannot be told apart",
        "tell in the study's table of coders who coded this file", rule="taguette.admin",
        severity="note")]


def _several(path: Path, store: Database, projects: dict[Any, str]) -> list[Problem]:
    """Which projects there are, where documents of more than one stand in the database."""
    used = {row.get("project_id") for row in store.rows("documents")} & set(projects)
    if len(used) < 2:
        return []
    names = ", ".join(name for key, name in projects.items() if key in used)
    return [repair(
        path, f"the database holds {len(used)} projects: {names}; each is a group of documents",
        "export the project that belongs here as a database of its own", rule="taguette.projects",
        severity="note")]


def _loose(path: Path, store: Database) -> list[Problem]:
    """What is no coded passage: a highlight without tag, a tag on a highlight that is gone."""
    highlights = {row["id"] for row in store.rows("highlights")}
    tagged = {link["highlight_id"] for link in store.rows("highlight_tags")}
    counts = ((len(highlights - tagged), "highlight(s) carry no tag and give no segment"),
              (len(tagged - highlights), "tagged highlight(s) are not in the project"))
    return [repair(path, f"{count} {what}", "look them up in Taguette",
                   rule="taguette.loose", severity="note") for count, what in counts if count]


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
    return from_table(
        rows.path, TOOL, evidence, coded, of=len(rows.records),
        repairs=[*rows.repairs, *unread([(rows, HIGHLIGHTS)])], **rows.how())
