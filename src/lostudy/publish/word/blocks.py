"""A document to copy from: every finding with its name, ready to be pasted into an essay."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lostudy.findings.forms import OWN, forms_of
from lostudy.publish.latest import ready
from lostudy.publish.wish import Wish
from lostudy.publish.word.package import open_package
from lostudy.publish.word.refresh import refresh
from lostudy.study import Study
from lostudy.words import word

KINDS = ("claim", "figure", "table", "quote", "interval", "number")
TAGS = {"nl": "nl-NL", "en": "en-GB"}


def write_blocks(
    study: Study,
    records: Mapping[str, Mapping[str, Any]],
    reports: Path,
    output: Path,
    language: str,
    question: str | None = None,
) -> int:
    """Write the document; how many findings it holds. Claims that are broken are left out, and
    so are quotes that nobody checked, and what single organisations' own runs drew. The
    same findings give the same bytes."""
    kept = [each for each in records.values()
            if ready(each) and each["parameters"].get("organisation", "all") == "all"
            and (question is None or each["question"] == question)]  # fmt: skip
    made = _document(study, language)
    for heading, group in _groups(study, kept, language).items():
        made.add_heading(heading, 1)
        for kind in KINDS:
            _section(made, kind, [each for each in group if each["kind"] == kind], language)
    buffer = io.BytesIO()
    made.core_properties.title = word("blocks_title", language)
    made.core_properties.author = "lostudy"
    made.save(buffer)
    output.write_bytes(buffer.getvalue())
    package = open_package(output)
    package.dates.clear()
    refresh(package, records, reports, Wish(language, comments=False))
    package.save(output)
    return len(kept)


def _groups(
    study: Study, records: list[Mapping[str, Any]], language: str
) -> dict[str, list[Mapping[str, Any]]]:
    """Findings under their learning question; those of no question at the end."""
    titles = {each.id: each.text(language) for each in study.questions}
    groups: dict[str, list[Mapping[str, Any]]] = {title: [] for title in titles.values()}
    for record in records:
        title = titles.get(record["question"], word("blocks_other", language))
        groups.setdefault(title, []).append(record)
    return {title: group for title, group in groups.items() if group}


def _section(made: Document, kind: str, group: list[Mapping[str, Any]], language: str) -> None:
    if not group:
        return
    made.add_heading(word(f"blocks_{kind}", language), 2)
    if kind in ("interval", "number"):
        _numbers(made, group, language)
        return
    for record in group:
        made.add_heading(record["id"], 3)
        token = f"{{{{{record['id']}}}}}"
        made.add_paragraph(token)
        if kind == "figure":
            made.add_paragraph(f"{{{{{record['id']}:caption}}}}").style = made.styles["Caption"]


def _numbers(made: Document, group: list[Mapping[str, Any]], language: str) -> None:
    """Numbers in a table: what it is, its name, and the texts to copy."""
    table = made.add_table(1, 4)
    table.style = made.styles["Light List"]
    heads = ("blocks_what", "origin_name", "blocks_text", "blocks_forms")
    for cell, key in zip(table.rows[0].cells, heads, strict=True):
        cell.text = word(key, language)
    row_of = table.rows[0]._tr
    row_of.get_or_add_trPr().append(row_of.makeelement(qn("w:tblHeader"), {}))
    for record in group:
        cells = table.add_row().cells
        cells[0].text = str(record[f"label_{language}"])
        cells[1].text = record["id"]
        cells[2].text = f"{{{{{record['id']}}}}}"
        wanted = [form for form in forms_of(record) if form not in ("label", OWN, "low", "high")]
        cells[3].text = "  ".join(f"{form}: {{{{{record['id']}:{form}}}}}" for form in wanted)


def _document(study: Study, language: str) -> Document:
    """An empty document on A4, in the right language, that says what it is."""
    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    for lang in made.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), TAGS[language])
    made.add_heading(word("blocks_title", language), 0)
    made.add_paragraph(study.about.title(language))
    made.add_paragraph(word("blocks_how", language))
    if study.simulated:
        said = word("simulated_data", language)
        made.add_paragraph(said).runs[0].bold = True
        section.header.paragraphs[0].text = said
    return made
