"""A token that an author typed becomes a content control, in the look of its first letter."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lostudy.findings.forms import OWN, text_of
from lostudy.publish.anchors import BEGIN, END, TOKEN, Address, address_of, digest_of, seal
from lostudy.publish.latest import latest
from lostudy.publish.word.controls import control, part_behind, put_behind
from lostudy.publish.word.names import PPR, SECT, TC, Element, make
from lostudy.publish.word.package import Package
from lostudy.publish.word.pictures import EMU_PER_TWIP, put_picture, room_of
from lostudy.publish.word.places import Place, stands_alone
from lostudy.publish.word.rewrite import (
    control_number,
    drawing_numbers,
    keep_sentence,
    picture_of,
)
from lostudy.publish.word.table import new_table
from lostudy.publish.word.text import cut_out, drop_if_empty, paragraph_text, run_of


def adopt(
    package: Package, place: Place, record: Mapping[str, Any], reports: Path, language: str
) -> bool:
    """Put a finding in the place of a token; False where the token must stay as it is."""
    form, kind = place.address.form, record["kind"]
    if form == OWN:
        return _sentence(package, place)
    if form == "" and kind == "table":
        return _table(package, place, record, language)
    picture = picture_of(record, reports, language) if (form, kind) == ("", "figure") else None
    now = latest(record, form, language)
    tag = seal(place.address, digest_of(now))
    spot = cut_out(place.element, *place.span)
    if spot is None:
        return False
    run, look = spot
    if place.problem == "field":
        run.addnext(run_of(now, look))
        drop_if_empty(run)
        return True
    content = make("w:r") if picture is not None else run_of(now, look)
    seed = f"{place.part}/{place.paragraph}/{place.span[0]}/{place.address}"
    made = control(tag, control_number(package, seed), content, plain=picture is None)
    put_behind(run, made)
    if picture is not None:
        number = max(drawing_numbers(package), default=0) + 1
        put_picture(package, place.part, content, picture, tag, number, room_of(place.element))
    drop_if_empty(run)
    return True


def _table(package: Package, place: Place, record: Mapping[str, Any], language: str) -> bool:
    """A table in the place of a paragraph that holds its token and nothing else."""
    paragraph = place.element
    if not stands_alone(place):
        return False
    room = room_of(paragraph) // EMU_PER_TWIP
    table = new_table(record["cells"], str(record[f"text_{language}"]), room)
    tag = seal(place.address, digest_of(latest(record, "", language)))
    number = control_number(package, f"{place.part}/{place.paragraph}/{place.address}")
    paragraph.addprevious(control(tag, number, table, plain=False))
    _notes(package, place, record, language)
    return True


def _notes(package: Package, place: Place, record: Mapping[str, Any], language: str) -> None:
    """What must stand under a table, in a control of its own, in the paragraph of the token."""
    paragraph = place.element
    keep = paragraph.find(PPR)
    for each in [child for child in paragraph if child is not keep]:
        paragraph.remove(each)
    notes = text_of(record, "notes", language)
    address = Address(place.address.id, "notes")
    if notes:
        look = make("w:rPr", make("w:sz", val="16"), make("w:szCs", val="16"))
        tag = seal(address, digest_of(notes))
        number = control_number(package, f"{place.part}/{place.paragraph}/{address}")
        paragraph.append(control(tag, number, run_of(notes, look), plain=True))
    elif not _needed(paragraph):
        paragraph.getparent().remove(paragraph)


def _needed(paragraph: Element) -> bool:
    """Whether a paragraph must stay: it ends a cell or a section."""
    last = paragraph.getnext() is None and paragraph.getparent().tag == TC
    return last or paragraph.find(f"{PPR}/{SECT}") is not None


def _sentence(package: Package, place: Place) -> bool:
    """An author's own sentence between its begin and end, with the numbers that stand in it."""
    begin, end = _ends(place)
    marks: list[Element] = []
    for left, right in (end, begin):
        spot = cut_out(place.element, left, right)
        if spot is None:
            return False
        mark = make("w:proofErr", type="gramStart")
        part_behind(spot[0], mark)
        drop_if_empty(spot[0])
        marks.insert(0, mark)
    opening, closing = marks
    if opening.getparent() is not closing.getparent():
        return False
    inside = list(itertools.takewhile(lambda each: each is not closing, opening.itersiblings()))
    number = control_number(package, f"{place.part}/{place.paragraph}/{place.address}")
    made = control(str(place.address), number, *inside, plain=False)
    closing.addprevious(made)
    for mark in marks:
        mark.getparent().remove(mark)
    keep_sentence(package, made, place.address.id)
    return True


def _ends(place: Place) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the begin and the end of a sentence stand now that what is inside it was put in."""
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for each in TOKEN.finditer(paragraph_text(place.element)):
        address = address_of(each[1])
        if address is not None and address.id.lower() == place.address.id.lower():
            found[BEGIN if address.form in BEGIN else END] = each.span()
    return found[BEGIN], found[END]
