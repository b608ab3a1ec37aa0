"""ATLAS.ti: the table of quotations (Excel or CSV). Its headings differ by version and setting."""

from __future__ import annotations

import re

from lostudy.deliveries.interviews.assemble import Coded, code_path, from_table
from lostudy.deliveries.interviews.rows import Rows, matched, take, unread
from lostudy.deliveries.tables import InterviewDelivery

TOOL = "atlasti"
HEADINGS: dict[str, tuple[str, ...]] = {
    "key": ("id", "quotation id", "nummer", "number", "nr.", "nr", "número", "citaat-id"),
    "document": ("document", "document name", "dokument", "documents", "documento",
                 "primary document"),
    "group": ("document groups", "document group", "dokumentgruppen", "documentgroepen",
              "grupos de documentos"),
    "name": ("quotation name", "name", "zitatname", "nombre de la cita", "nome da citação"),
    "text": ("quotation content", "text content", "content", "zitatinhalt", "quotation",
             "textinhalt", "inhalt", "contenido de la cita", "conteúdo da citação", "citaat",
             "zitat"),
    "code": ("codes", "code", "kodes", "códigos", "coded with"),
    "memo": ("comment", "quotation comment", "kommentar", "comentario", "comentário"),
    "reference": ("reference", "referenz", "referencia", "referência", "location"),
    "start": ("start", "begin", "start position"),
    "end": ("end", "ende", "end position"),
    "coder": ("created by", "creator", "creating user", "erstellt von", "author", "coding by",
              "creado por", "criado por"),
    "created": ("created", "created on", "creation date", "erstellt", "creado", "criado"),
    "modified": ("modified", "geändert", "modified on", "modificado"),
}
ATTRIBUTES = ("key", "name", "reference", "start", "end", "modified")
OWN = frozenset({"quotation content", "zitatinhalt", "contenido de la cita", "quotation name",
                 "zitatname", "nombre de la cita", "conteúdo da citação"})
BULLET = re.compile(r"^[○●•◯*\-–]\s+")
QUOTATION = re.compile(r"\d+:\d+")


def recognise(rows: Rows) -> str | None:
    """The evidence for a table of quotations (`3:10`), or None."""
    fields = matched(rows, HEADINGS)
    if not {"key", "code"} <= set(fields) or not {"text", "name"} & set(fields):
        return None
    keys = [take(record, fields, "key") for _, record in rows]
    if keys and OWN & set(fields.values()):
        return f"quotations with the column {min(OWN & set(fields.values()))}"
    if keys and all(QUOTATION.match(key) for key in keys if key) and any(keys):
        return f"quotations numbered document:quotation, codes in the column {fields['code']}"
    return None


def read_table(rows: Rows, evidence: str) -> InterviewDelivery:
    """One row per quotation; several codes stand in one cell, on lines of their own."""
    fields = matched(rows, HEADINGS)
    coded = []
    for number, record in rows:
        document = take(record, fields, "document") or take(record, fields, "key").split(":")[0]
        attributes = {
            name: take(record, fields, name) for name in ATTRIBUTES if take(record, fields, name)
        }
        for written in re.split(r"[\r\n;|]+", take(record, fields, "code")):
            code = BULLET.sub("", written.strip())
            if code:
                coded.append(Coded(
                    document, code_path(code, "::"), number,
                    coder=take(record, fields, "coder"),
                    text=take(record, fields, "text") or take(record, fields, "name"),
                    group=take(record, fields, "group"), memo=take(record, fields, "memo"),
                    created=take(record, fields, "created"), attributes=attributes))
    return from_table(
        rows.path, TOOL, evidence, coded, of=len(rows.records),
        repairs=[*rows.repairs, *unread([(rows, fields.values())])], **rows.how())
