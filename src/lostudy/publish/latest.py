"""What a finding says now, as one text: what is compared with what stands in a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lostudy.findings.forms import forms_of, text_of

Records = Mapping[str, Mapping[str, Any]]


def latest(record: Mapping[str, Any], form: str, language: str) -> str:
    """The text of a finding in a form: of a table its cells, of a figure its words and values."""
    if form == "" and record["kind"] == "table":
        return cells_text(record)
    if form == "" and record["kind"] == "figure":
        words = [text_of(record, each, language) for each in ("title", "caption", "alt")]
        return "\n".join([*words, cells_text(record)])
    return text_of(record, form, language)


def cells_text(record: Mapping[str, Any]) -> str:
    """The cells of a table, or the values behind a figure, as one text."""
    return "\n".join("|".join(row) for row in record["cells"])


def has_form(record: Mapping[str, Any], form: str) -> bool:
    """Whether a finding can be written in a form."""
    return form == "" or form in forms_of(record)


def ready(record: Mapping[str, Any]) -> bool:
    """Whether a finding may be put in a document: a claim that holds, a quote that was checked."""
    wanted = {"claim": "holds", "quote": "checked"}.get(record["kind"], "")
    return record["status"] == wanted
