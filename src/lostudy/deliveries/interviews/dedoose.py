"""Dedoose: the table of excerpts (Excel), or a transcript in Word with a comment per excerpt."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import BROKEN_ZIP, check_zip, refusal, repair
from lostudy.deliveries.interviews.assemble import (
    BETWEEN,
    Coded,
    code_path,
    code_rows,
    deliver,
    from_table,
)
from lostudy.deliveries.interviews.rows import Rows, matched, take, unread
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.deliveries.xml import local, parse

TOOL = "dedoose"
HEADINGS: dict[str, tuple[str, ...]] = {
    "document": ("media title", "resource title"), "range": ("excerpt range",),
    "coder": ("excerpt creator",), "created": ("excerpt date",),
    "text": ("excerpt copy", "excerpt"), "codes": ("codes applied combined", "codes applied"),
    "resource creator": ("resource creator",), "resource date": ("resource date",),
}
APPLIED = re.compile(r"code:\s*(.+?)\s+applied", re.IGNORECASE)
FIRST_LINE = re.compile(r"Codes? \((\d+)-(\d+)\)")
YES = frozenset({"true", "1", "yes"})


def recognise(rows: Rows) -> str | None:
    """The evidence for a table of excerpts, or None."""
    fields = matched(rows, HEADINGS)
    if {"document", "text"} <= set(fields) and {"range", "coder", "codes"} & set(fields):
        return "excerpts with the columns " + ", ".join(list(fields.values())[:4])
    return None


def read_table(rows: Rows, evidence: str) -> InterviewDelivery:
    """One row per excerpt, one column per code; without those the combined column is taken."""
    fields = matched(rows, HEADINGS)
    columns = {
        heading.strip().casefold(): match.group(1)
        for heading in rows.headings if (match := APPLIED.fullmatch(heading.strip()))
    }
    coded = []
    for number, record in rows:
        applied = [name for key, name in columns.items() if record[key].casefold() in YES]
        if not columns:
            applied = re.split(r"[,;]\s*", take(record, fields, "codes"))
        for name in filter(None, applied):
            coded.append(_coded(number, record, fields, name))
    known = [*fields.values(), "codes applied combined",
             *(key for key in rows.folded() if key.startswith("code:"))]
    return from_table(
        rows.path, TOOL, evidence, coded, of=len(rows.records),
        repairs=[*rows.repairs, *unread([(rows, known)])], **rows.how())


def _coded(number: int, record: dict[str, str], fields: dict[str, str], name: str) -> Coded:
    attributes = {
        part: take(record, fields, part)
        for part in ("range", "resource creator", "resource date") if take(record, fields, part)
    }
    weight = record.get(f"code: {name} weight".casefold(), "")
    return Coded(
        take(record, fields, "document"), code_path(name), number,
        coder=take(record, fields, "coder"), text=take(record, fields, "text"),
        created=take(record, fields, "created"),
        attributes=attributes | ({"weight": weight} if weight else {}))


def read_document(path: Path) -> InterviewDelivery:
    """A transcript: the passage is what the comment is anchored to, the codes are its lines."""
    body, comments = _parts(path)
    text, anchors = _text(body)
    found = list(_comments(comments))
    segments: list[dict[str, Any]] = []
    for key, coder, created, lines in found:
        first = FIRST_LINE.match(lines[0]) if lines else None
        if first is None or key not in anchors:
            continue
        start, end = anchors[key]
        for line in lines[1:]:
            segments.append({
                "document": path.name, "code": BETWEEN.join(code_path(line)), "coder": coder,
                "text": text[start:end], "start": start, "end": end, "offset_status": "exact",
                "created": created, "attributes": {"range": f"{first[1]}-{first[2]}"},
                "row": len(segments) + 1})
    if not segments:
        raise refusal(
            path, "no comment in this Word document begins with 'Codes (from-to)'",
            "export the transcript from Dedoose with its codes as comments",
            rule="dedoose.comments")
    skipped = len(found) - len({(s["start"], s["end"], s["attributes"]["range"]) for s in segments})
    notes = [] if skipped <= 0 else [repair(
        path, f"{skipped} comment(s) hold no codes and were not read", "nothing",
        rule="dedoose.comments", severity="note")]
    return deliver(
        path, TOOL, "a Word document with comments that begin with Codes (from-to)",
        documents=[{"document": path.name, "name": path.name, "text": text}],
        codes=code_rows([tuple(s["code"].split(BETWEEN)) for s in segments]),
        segments=segments, repairs=notes)


def _parts(path: Path) -> tuple[Any, Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(path, archive)
            document, comments = (archive.read(f"word/{name}.xml")
                                  for name in ("document", "comments"))
    except KeyError:
        raise refusal(
            path, "the Word document holds no comments, so no codes",
            "export the transcript from Dedoose with its codes as comments",
            rule="dedoose.comments") from None
    except BROKEN_ZIP:
        raise refusal(
            path, "the Word document is cut off or damaged", "ask for the delivery again",
            rule="docx.damaged") from None
    return parse(path, document), parse(path, comments)


def _text(body: Any) -> tuple[str, dict[str, tuple[int, int]]]:
    """The document's text, paragraphs on lines of their own, and where each comment is anchored."""
    parts: list[str] = []
    size = 0
    starts: dict[str, int] = {}
    anchors: dict[str, tuple[int, int]] = {}
    for element in body.iter():
        name = local(element)
        piece = {"t": element.text or "", "tab": "\t", "br": "\n"}.get(name, "")
        if name == "p" and parts:
            piece = "\n"
        if piece:
            parts.append(piece)
            size += len(piece)
        elif name == "commentRangeStart":
            starts[_key(element)] = size
        elif name == "commentRangeEnd":
            anchors[_key(element)] = (starts.get(_key(element), size), size)
    return "".join(parts), anchors


def _comments(root: Any) -> Iterator[tuple[str, str, str, list[str]]]:
    for comment in root.iter():
        if local(comment) == "comment":
            lines = ["".join(t.text or "" for t in p.iter() if local(t) == "t").strip()
                     for p in comment.iter() if local(p) == "p"]
            created = _attribute(comment, "date")
            yield _key(comment), _attribute(comment, "author"), created, [x for x in lines if x]


def _key(element: Any) -> str:
    return _attribute(element, "id")


def _attribute(element: Any, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")
