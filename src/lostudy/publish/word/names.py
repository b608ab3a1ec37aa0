"""The names of WordprocessingML: namespaces, and the elements that this room reads and writes."""

from __future__ import annotations

from typing import Any

from lxml import etree

Element = Any
SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
STRICT_MAIN = "http://purl.oclc.org/ooxml/wordprocessingml/main"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def name(short: str) -> str:
    """The full name of `w:p`, as lxml writes it."""
    space, local = short.split(":")
    return f"{{{SPACES[space]}}}{local}"


P, R, T, TAB, BR, CR = (name(f"w:{each}") for each in ("p", "r", "t", "tab", "br", "cr"))
RPR, PPR, SDT, SDT_PR, SDT_IN = (
    name(f"w:{each}") for each in ("rPr", "pPr", "sdt", "sdtPr", "sdtContent")
)
INS, DEL, MOVED_FROM, MOVED_TO = (
    name(f"w:{each}") for each in ("ins", "del", "moveFrom", "moveTo")
)
TBL, TR, TC, VAL, ID = (name(f"w:{each}") for each in ("tbl", "tr", "tc", "val", "id"))
PROOF, NO_BREAK_HYPHEN = name("w:proofErr"), name("w:noBreakHyphen")
FALLBACK, BODY, SECT = name("mc:Fallback"), name("w:body"), name("w:sectPr")
DRAWING, BOX = name("w:drawing"), name("w:txbxContent")
SPACE = name("xml:space")


def make(short: str, *children: Element, **attributes: str) -> Element:
    """An element of ours; attributes are of the same space: `make("w:tag", val="x")`."""
    made = etree.Element(name(short), nsmap={key: SPACES[key] for key in (short.split(":")[0],)})
    space = short.split(":")[0]
    for key, value in attributes.items():
        made.set(name(f"{space}:{key}"), value)
    for child in children:
        made.append(child)
    return made


def ancestor(element: Element, *names: str) -> Element | None:
    """The nearest element above with one of these names."""
    return next(element.iterancestors(*names), None)
