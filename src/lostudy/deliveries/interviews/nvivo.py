"""NVivo: the codebook and tables of coding references. A whole project comes as REFI-QDA."""

from __future__ import annotations

from lostudy.deliveries.interviews.assemble import Coded, code_path, from_table
from lostudy.deliveries.interviews.rows import Rows, matched, take, unread
from lostudy.deliveries.tables import InterviewDelivery

TOOL = "nvivo"
BOOK: dict[str, tuple[str, ...]] = {
    "name": ("name", "code", "hierarchical name"),
    "description": ("description", "beschrijving"),
    "files": ("files", "sources", "bestanden"),
    "references": ("references", "verwijzingen"),
}
HEADINGS: dict[str, tuple[str, ...]] = {
    "document": ("file name", "source name", "file", "source", "name of file", "document"),
    "group": ("folder location", "folder", "in folder"),
    "code": ("hierarchical name", "code", "node", "code name", "node name"),
    "text": ("coded text", "reference text", "text", "content"),
    "coder": ("coded by initials", "coded by", "coder", "user", "initials"),
    "created": ("coded on", "modified on", "created on"),
    "coverage": ("coverage", "coverage percent"),
}


def recognise(rows: Rows) -> str | None:
    """The evidence for a codebook or a table of references, or None."""
    book = matched(rows, BOOK)
    if {"name", "files", "references"} <= set(book):
        return f"the columns are {book['name']}, {book['files']}, {book['references']}"
    fields = matched(rows, HEADINGS)
    if {"document", "code", "text"} <= set(fields) and {"coverage", "group"} & set(fields):
        named = ", ".join(fields[name] for name in ("document", "code", "text"))
        return f"coding references with the columns {named}"
    return None


def read_table(rows: Rows, evidence: str) -> InterviewDelivery:
    """The codes of a codebook, or one row per coding reference."""
    book = matched(rows, BOOK)
    if {"name", "files", "references"} <= set(book):
        codes = [
            (code_path(take(record, book, "name")), take(record, book, "description"))
            for _, record in rows if take(record, book, "name")
        ]
        return from_table(rows.path, TOOL, evidence, [], codes=codes, **rows.how())
    fields = matched(rows, HEADINGS)
    coded = [
        Coded(
            take(record, fields, "document"), code_path(take(record, fields, "code")), number,
            coder=take(record, fields, "coder"), text=take(record, fields, "text"),
            group=take(record, fields, "group"), created=take(record, fields, "created"),
            attributes={"coverage": take(record, fields, "coverage")}
            if take(record, fields, "coverage") else {})
        for number, record in rows if take(record, fields, "code")
    ]
    return from_table(
        rows.path, TOOL, evidence, coded, of=len(rows.records),
        repairs=[*rows.repairs, *unread([(rows, fields.values())])], **rows.how())
