"""REFI-QDA as NVivo writes it: UTF-8 text with CRLF, positions in UTF-16 units, a nested codebook.

The first coder worked on two machines and stands there as two users.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from lxml import etree

from lostudy.simulate.coding import CODERS, Coding
from lostudy.simulate.conversations import Conversation
from lostudy.simulate.forms import Occasion
from lostudy.simulate.writers.fixed import write_zip
from lostudy.study import Study

SUFFIX = ".qdpx"
DEFECTS: tuple[str, ...] = ("utf16_offsets", "coder_alias", "code_outside_codebook")
NAMESPACE = "urn:QDA-XML:project:1.0"
SPACE = uuid.UUID("5f0c8f5e-6b1f-5d0a-9d57-0d3f1c2b7a11")
SECOND_NAME = "Codeur-1 (laptop)"
IN_VIVO = "Mooi citaat"                 # a code of the coders' own, ignored by the crosswalk
CREATED = "2026-03-02T09:00:00Z"
EVERY_FIFTH, EVERY_NINTH = 5, 9


def code_names(study: Study) -> dict[str, tuple[str, str]]:
    """Names in this file that the study does not know -> (target, note)."""
    return {IN_VIVO: ("ignore", "geheugensteun van de codeurs, geen code")}


def coder_names() -> dict[str, tuple[str, str]]:
    """Users of this file that are somebody else's second name -> (coder, note)."""
    return {SECOND_NAME: (CODERS[0], "dezelfde persoon op een andere computer")}


def utf16_position(text: str, position: int) -> int:
    """A position in code points as NVivo counts it: UTF-16 units, a line end counts 2.

    >>> utf16_position("a\\U0001F642\\nb", 3)
    5
    """
    before = text[:position]
    return len(before.replace("\n", "\r\n").encode("utf-16-le")) // 2


def write(
    path: Path, occasion: Occasion, held: list[Conversation], coded: list[Coding]
) -> dict[int, str]:
    """The project; which coder name stands beside each coding."""
    users = _users(coded)
    root = etree.Element(
        f"{{{NAMESPACE}}}Project", nsmap={None: NAMESPACE}, name=occasion.name, origin="NVivo",
        creationDateTime=CREATED, modifiedDateTime=CREATED,
        creatingUserGUID=_guid("user", CODERS[0]))
    _add_users(root, users)
    _add_codes(root, occasion.study)
    members = _add_sources(root, occasion, held, coded, users)
    xml = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    write_zip(path, {"Project.qde": xml, **members})
    return users


def _guid(*parts: str) -> str:
    return str(uuid.uuid5(SPACE, "|".join(parts))).upper()


def _users(coded: list[Coding]) -> dict[int, str]:
    """Coding -> the name it was made under; the first coder's laptop made a fifth."""
    return {
        coding.number: SECOND_NAME
        if coding.coder == CODERS[0] and coding.conversation % EVERY_FIFTH == 1 else coding.coder
        for coding in coded
    }


def _element(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", **attributes)


def _add_users(root: etree._Element, users: dict[int, str]) -> None:
    part = _element(root, "Users")
    for name in sorted({*users.values(), CODERS[0]}):
        _element(part, "User", guid=_guid("user", name), name=name)


def _add_codes(root: etree._Element, study: Study) -> None:
    top = _element(_element(root, "CodeBook"), "Codes")
    placed: dict[str, etree._Element] = {}
    for code in study.codes.values():
        above = placed.get(code.parent, top)
        placed[code.id] = _element(
            above, "Code", guid=_guid("code", code.id), name=code.label.nl,
            isCodable="true" if code.assignable else "false")
        _element(placed[code.id], "Description").text = code.definition.nl
    _element(top, "Code", guid=_guid("code", IN_VIVO), name=IN_VIVO, isCodable="true")


def _add_sources(
    root: etree._Element, occasion: Occasion, held: list[Conversation], coded: list[Coding],
    users: dict[int, str],
) -> dict[str, bytes]:
    part, members = _element(root, "Sources"), {}
    for number, conversation in enumerate(held):
        key = _guid("source", conversation.id)
        source = _element(
            part, "TextSource", guid=key, name=conversation.document,
            plainTextPath=f"internal://{key}.txt", creatingUser=_guid("user", CODERS[0]),
            creationDateTime=CREATED)
        members[f"sources/{key}.txt"] = b"\xef\xbb\xbf" + conversation.text.replace(
            "\n", "\r\n").encode("utf-8")
        for coding in (each for each in coded if each.conversation == number):
            _add_coding(source, conversation, coding, users[coding.number])
    return members


def _add_coding(
    source: etree._Element, conversation: Conversation, coding: Coding, user: str
) -> None:
    selection = _element(
        source, "PlainTextSelection", guid=_guid("selection", conversation.id, str(coding.number)),
        name=f"Selectie {coding.number}", creatingUser=_guid("user", user),
        startPosition=str(utf16_position(conversation.text, coding.start)),
        endPosition=str(utf16_position(conversation.text, coding.end)), creationDateTime=CREATED)
    _element(selection, "Description").text = coding.memo
    codes = [coding.code]
    if coding.number % EVERY_NINTH == 0:
        codes.append(IN_VIVO)
    for code in codes:
        made = _element(
            selection, "Coding", guid=_guid("coding", conversation.id, str(coding.number), code),
            creatingUser=_guid("user", user), creationDateTime=CREATED)
        _element(made, "CodeRef", targetGUID=_guid("code", code))
