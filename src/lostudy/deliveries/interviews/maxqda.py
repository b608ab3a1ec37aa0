"""MAXQDA: coded segments as Excel (English, German, Polish headings) and the exchange file (.mex).

Beginning and end in the table are paragraph numbers, not positions: they are kept as attributes.
The exchange file has positions but its texts are encrypted and its previews end at 63 characters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lostudy.deliveries.files import repair
from lostudy.deliveries.interviews.assemble import (
    Coded,
    circles,
    code_path,
    deliver,
    from_table,
    with_paths,
)
from lostudy.deliveries.interviews.database import opened, text
from lostudy.deliveries.interviews.rows import Rows, matched, take, unread
from lostudy.deliveries.interviews.stores import whole
from lostudy.deliveries.tables import InterviewDelivery

TOOL = "maxqda"
TABLES = frozenset({"Codings", "Codewords", "Texts"})
PREVIEW = 63
HEADINGS: dict[str, tuple[str, ...]] = {
    "group": ("document group", "dokumentgruppe", "grupa dokumentów", "documentgroep",
              "grupo de documentos", "groupe de documents", "gruppo di documenti"),
    "document": ("document name", "dokumentname", "nazwa dokumentu", "documentnaam",
                 "nombre del documento", "nom du document", "nome do documento",
                 "nome documento"),
    "code": ("code", "kod", "código", "codice"),
    "text": ("segment", "fragment", "coded segment", "codiertes segment", "segmento",
             "gecodeerd segment"),
    "memo": ("comment", "kommentar", "komentarz", "opmerking", "comentario", "commentaire",
             "comentário", "commento"),
    "begin": ("beginning", "anfang", "początek", "begin", "inicio", "début", "início", "inizio"),
    "end": ("end", "ende", "koniec", "einde", "fin", "fim", "fine"),
    "weight": ("weight score", "weight", "gewicht", "waga", "ponderación", "peso"),
    "coder": ("created by", "erstellt von", "autor", "author", "gemaakt door", "auteur",
              "creado por", "créé par", "criado por", "creato da"),
    "created": ("created on", "erstellt am", "data utworzenia", "created", "gemaakt op",
                "creation date", "erstellungsdatum", "erstellt", "creado el", "créé le"),
    "modified by": ("modified by", "bearbeitet von", "geändert von"),
    "modified on": ("modified on", "bearbeitet am", "geändert am", "modified"),
    "area": ("area", "fläche", "objętość", "área", "surface"),
    "coverage": ("coverage %", "abdeckungsgrad %", "obszar %", "abdeckung %", "cobertura %"),
    "color": ("color", "farbe", "colour", "kolor", "couleur"),
}
ATTRIBUTES = ("begin", "end", "weight", "area", "coverage", "modified by", "modified on")


def recognise(rows: Rows) -> str | None:
    """The evidence for a table of coded segments, or None."""
    fields = matched(rows, HEADINGS)
    own = {"begin", "weight", "color", "group"} & set(fields)
    if {"document", "code", "text"} <= set(fields) and own:
        named = ", ".join(fields[name] for name in ("document", "code", "text"))
        return f"coded segments with the columns {named}"
    return None


def read_table(rows: Rows, evidence: str) -> InterviewDelivery:
    """One row per coded segment."""
    fields = matched(rows, HEADINGS)
    coded = [
        Coded(
            take(record, fields, "document"), code_path(take(record, fields, "code")), number,
            coder=take(record, fields, "coder"), text=record[fields["text"]],
            group=take(record, fields, "group"), memo=take(record, fields, "memo"),
            created=take(record, fields, "created"),
            attributes={
                name: take(record, fields, name)
                for name in ATTRIBUTES if take(record, fields, name)
            })
        for number, record in rows if take(record, fields, "code")
    ]
    return from_table(
        rows.path, TOOL, evidence, coded, of=len(rows.records),
        repairs=[*rows.repairs, *unread([(rows, fields.values())])], **rows.how())


def read_exchange(path: Path) -> InterviewDelivery:
    """A .mex: names, authors, dates and positions; the texts stay encrypted."""
    with opened(path, "MAXQDA") as store:
        groups = {row["ID"]: row["Name"] for row in store.rows("Textgroups")}
        documents = [
            {"document": text(row["ID"]), "name": row["Name"],
             "group": groups.get(row.get("GroupID")), "attributes": _made(row)}
            for row in store.rows("Texts")
        ]
        codes: list[dict[str, Any]] = [
            {"code": text(row["ID"]), "name": row["Name"], "parent": text(row.get("WordID")),
             "attributes": _made(row) | _colour(row.get("Color"))}
            for row in store.rows("Codewords")
        ]
        segments = [_segment(row) for row in store.rows("Codings")]
        notes = [_memo(row) for row in store.rows("Memos")]
    note = repair(
        path, "the texts in a MAXQDA exchange file are encrypted: positions, names and at most "
        f"{PREVIEW} characters of each passage are known",
        "deliver the coded segments as Excel, or a REFI-QDA project", rule="maxqda.encrypted",
        severity="note")
    return deliver(
        path, TOOL, "a SQLite database with the tables Codings, Codewords, Texts",
        documents=documents, codes=with_paths(codes), segments=segments, notes=notes,
        repairs=[note, *circles(path, codes)])


def _made(row: dict[str, Any]) -> dict[str, str]:
    written = (("created", row.get("Date")), ("created by", row.get("Author")))
    return {name: text(value) for name, value in written if value}


def _colour(number: Any) -> dict[str, str]:
    """MAXQDA keeps a colour as a number: alpha, red, green, blue."""
    return {"color": f"#{int(number) & 0xFFFFFF:06X}"} if isinstance(number, int) else {}


def _memo(row: dict[str, Any]) -> dict[str, Any]:
    """A memo; its text is encrypted, its title and beginning are known."""
    return {
        "note": text(row["ID"]), "name": text(row.get("Title")), "text": text(row.get("Preview")),
        "document": text(row.get("TextID") or None), "code": text(row.get("WordID") or None),
        "coder": text(row.get("Author")), "created": text(row.get("Date"))}


def _segment(row: dict[str, Any]) -> dict[str, Any]:
    preview = text(row.get("Preview"))
    attributes = {"weight": text(row.get("Weight"))}
    if len(preview) >= PREVIEW:
        attributes["text"] = "cut off"
    return {
        "document": text(row["TextID"]), "code": text(row["WordID"]),
        "coder": text(row.get("Author")), "text": preview, "start": whole(row.get("SegPos1X")),
        "end": whole(row.get("SegPos2X")), "offset_status": "absent",
        "memo": text(row.get("CommentL")), "created": text(row.get("Date")),
        "attributes": attributes, "row": whole(row["ID"]),
    }
