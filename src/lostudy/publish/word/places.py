"""Where a Word document speaks of findings: controls, tokens that were typed, marks, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lostudy.findings.forms import OWN
from lostudy.publish.anchors import (
    BEGIN,
    END,
    PREFIX,
    TOKEN,
    UNCLOSED,
    Address,
    address_of,
    digest_of,
    resolved,
    unsealed,
)
from lostudy.publish.word.controls import BOUND, PLAIN, anchor_of, marked
from lostudy.publish.word.names import (
    DRAWING,
    FALLBACK,
    SDT,
    SDT_IN,
    SDT_PR,
    TBL,
    TC,
    TR,
    Element,
    P,
    ancestor,
    name,
)
from lostudy.publish.word.package import Package
from lostudy.publish.word.pictures import DOC_PR, drawing_in
from lostudy.publish.word.text import GONE, paragraph_text, pieces, rows_text, table_rows, visible

Records = Mapping[str, Mapping[str, Any]]
STORY = re.compile(r"(header|footer|footnotes|endnotes)")
BOOKMARK, BOOKMARK_END, NAME = (
    name(f"w:{each}") for each in ("bookmarkStart", "bookmarkEnd", "name")
)
FIELD, FIELD_KIND = name("w:fldChar"), name("w:fldCharType")


@dataclass(frozen=True)
class Place:
    """A place in a document that names a finding.

    `kind`: control, token, mark (a bookmark around an own sentence) or picture (a figure whose
    control was lost). `digest`: of the text that was written there. `shown`: the text that stands
    there, `intact`: a digest of it. `span`: of a token, its letters in the paragraph. `problem`:
    why nothing can be put there. `twin`: the old half of a text box, which repeats the new one.
    """

    kind: str
    part: str
    story: str
    paragraph: int
    element: Element = field(repr=False)
    address: Address
    digest: str = ""
    shown: str = ""
    intact: str = ""
    span: tuple[int, int] = (0, 0)
    inner: tuple[int, int] = (0, 0)
    problem: str = ""
    twin: bool = False


def places_in(package: Package, records: Records) -> list[Place]:
    """Every place of a document that names a finding, in reading order of each part."""
    found = []
    for part in package.stories:
        root = package.tree(part)
        numbers = {each: at for at, each in enumerate(root.iter(P), 1)}
        twins = next(root.iter(FALLBACK), None) is not None
        story = STORY.search(part.rsplit("/", 1)[-1])
        for place in _in_part(root, records, b"{" in package.bytes_of(part)):
            at = place.element if place.element.tag == P else _paragraph(place.element)
            twin = twins and ancestor(place.element, FALLBACK) is not None
            found.append(replace(place, part=part, story=story[1] if story else "body",
                                 paragraph=numbers.get(at, 0), twin=twin))  # fmt: skip
    return found


def _paragraph(element: Element) -> Element | None:
    above = ancestor(element, P)
    return above if above is not None else next(element.iter(P), None)


def _in_part(root: Element, records: Records, tokens: bool) -> Iterator[Place]:
    owned = set()
    for each in root.iter(SDT):
        anchor = anchor_of(each)
        if anchor is not None and ancestor(each, *GONE[:2]) is None:
            place = _control(each, anchor, records)
            if place is not None:
                owned.add((place.address.id, place.address.form))
                yield place
    yield from _marks(root, records, owned)
    for drawing in root.iter(DRAWING):
        place = _picture(drawing, records)
        if place is not None:
            yield place
    if tokens:
        yield from _tokens(root, records)


def _control(control: Element, anchor: tuple[Address, str], records: Records) -> Place | None:
    address = replace(anchor[0], id=resolved(anchor[0].id, records))
    content = control.find(SDT_IN)
    if content is None:
        return None
    record = records.get(address.id, {})
    kind = record.get("kind") if address.form == "" else ""
    if kind == "figure":
        shown = "" if drawing_in(content) is None else str(record.get("text_nl", ""))
        intact = anchor[1] if shown else digest_of("")
        return Place("control", "", "", 0, control, address, anchor[1], shown, intact)
    if kind == "table":
        table = table_of(control)
        shown = rows_text(table_rows(table)) if table is not None else visible(content)
    elif address.form == OWN:
        shown = visible(content, frozenset(_nested(content)))
    else:
        shown = visible(content)
    shown = shown.strip("\n|")
    if not shown and _struck(content):
        return None
    return Place("control", "", "", 0, control, address, anchor[1], shown, digest_of(shown))


def _nested(content: Element) -> Iterator[Element]:
    return (each for each in content.iter(SDT) if anchor_of(each) is not None)


def _struck(content: Element) -> bool:
    """Whether everything in a control was deleted with track changes on."""
    return next(content.iter(*GONE[:2]), None) is not None


def table_of(control: Element) -> Element | None:
    """The table of a control: inside it, or around it where an editor moved it into a cell."""
    inside = next(control.find(SDT_IN).iter(TBL), None)
    if inside is not None:
        return inside
    cell = ancestor(control, TC)
    if cell is None or cell.getparent().index(cell) > _first(cell.getparent(), TC):
        return None
    row = cell.getparent()
    table = ancestor(row, TBL)
    return table if table is not None and table.index(row) == _first(table, TR) else None


def _first(parent: Element, tag: str) -> int:
    return next((at for at, each in enumerate(parent) if each.tag == tag), 0)


def _marks(root: Element, records: Records, owned: set[tuple[str, str]]) -> Iterator[Place]:
    """Own sentences whose control an editor took away: their bookmark is still there."""
    for start in root.iter(BOOKMARK):
        found = marked(start.get(NAME) or "", records)
        if found is None or (found[0], OWN) in owned:
            continue
        shown = _between(start)
        address = Address(found[0], OWN)
        yield Place("mark", "", "", 0, start, address, found[1], shown, digest_of(shown))


def _between(start: Element) -> str:
    """The text between a bookmark's ends, without the findings inside."""
    parts = []
    for each in start.itersiblings():
        if each.tag == BOOKMARK_END and each.get(name("w:id")) == start.get(name("w:id")):
            break
        if not (each.tag == SDT and anchor_of(each) is not None) and each.tag not in GONE:
            parts.append(visible(each))
    return "".join(parts)


def _picture(drawing: Element, records: Records) -> Place | None:
    properties = next(drawing.iter(DOC_PR), None)
    label = (properties.get("name") or "") if properties is not None else ""
    if not label.startswith(PREFIX):
        return None
    if any(anchor_of(each) is not None for each in drawing.iterancestors(SDT)):
        return None
    anchor = unsealed(label.partition("+")[0])
    if anchor is None or ancestor(drawing, *GONE[:2]) is not None:
        return None
    address = replace(anchor[0], id=resolved(anchor[0].id, records))
    shown = str(records.get(address.id, {}).get("text_nl", ""))
    return Place("picture", "", "", 0, drawing, address, anchor[1], shown, anchor[1])


def _tokens(root: Element, records: Records) -> Iterator[Place]:
    results = _field_results(root)
    for paragraph in root.iter(P):
        text = paragraph_text(paragraph)
        if "{{" in text and ancestor(paragraph, *GONE[:2]) is None:
            yield from _in_paragraph(paragraph, text, records, results)


def _in_paragraph(
    paragraph: Element, text: str, records: Records, results: set[Element]
) -> Iterator[Place]:
    opened: Place | None = None
    waiting: list[Place] = []
    for found in TOKEN.finditer(text):
        address = address_of(found[1])
        place = Place("token", "", "", 0, paragraph, Address(found[1].strip()), shown=found[0],
                      span=found.span())  # fmt: skip
        if address is None:
            yield place
            continue
        place = replace(place, address=replace(address, id=resolved(address.id, records)),
                        problem=_hindrance(paragraph, found.start(), results))  # fmt: skip
        if place.problem == "inside":
            continue
        if address.form in BEGIN:
            if opened is not None:
                yield replace(opened, problem="alone")
            opened = place
        elif address.form in END and opened is not None and opened.address.id == place.address.id:
            span = opened.span[0], place.span[1]
            inner = opened.span[1], place.span[0]
            yield replace(opened, address=Address(place.address.id, OWN), span=span, inner=inner,
                          shown=text[inner[0] : inner[1]])  # fmt: skip
            yield from waiting
            opened, waiting = None, []
        elif address.form in END:
            yield replace(place, problem="alone")
        elif opened is not None:
            waiting.append(place)
        else:
            yield place
    if opened is not None:
        yield replace(opened, problem="alone")
        yield from waiting
    closed = [each.span() for each in TOKEN.finditer(text)]
    for half in UNCLOSED.finditer(text):
        if not any(start <= half.start() < end for start, end in closed):
            yield Place("token", "", "", 0, paragraph, Address(half[0].strip("{} ")),
                        shown=half[0], problem="unclosed")  # fmt: skip


def _hindrance(paragraph: Element, start: int, results: set[Element]) -> str:
    """Why nothing can be put in the place of a token: "" where it can."""
    piece = _piece_at(paragraph, start)
    for above in piece.iterancestors(SDT):
        anchor = anchor_of(above)
        if anchor is not None and anchor[0].form != OWN:
            return "inside"
        properties = above.find(SDT_PR)
        kinds = {each.tag for each in properties} if properties is not None else set()
        if anchor is None and ({PLAIN, BOUND[0]} & kinds):
            return "plain"
    if ancestor(piece, name("w:ruby"), name("w:rt")) is not None:
        return "ruby"
    return "field" if piece.getparent() in results else ""


def _piece_at(paragraph: Element, place: int) -> Element:
    """The element in which a letter of a paragraph stands."""
    at = 0
    for piece, text in pieces(paragraph):
        at += len(text)
        if at > place:
            return piece
    raise AssertionError("the letter is not in this paragraph")


def stands_alone(place: Place) -> bool:
    """Whether a token is all there is in its paragraph, where a table may stand."""
    paragraph = place.element
    homes = ("body", "tc", "hdr", "ftr", "footnote", "endnote", "txbxContent", "sdtContent")
    at_home = paragraph.getparent().tag in {name(f"w:{each}") for each in homes}
    return at_home and paragraph_text(paragraph).strip() == place.shown.strip()


def _field_results(root: Element) -> set[Element]:
    """The runs that an editor fills in by itself, such as those of a table of contents."""
    depth, found = [], set()
    for run in root.iter(name("w:r")):
        for mark in run.iter(FIELD):
            kind = mark.get(FIELD_KIND)
            if kind == "begin":
                depth.append(False)
            elif kind == "separate" and depth:
                depth[-1] = True
            elif kind == "end" and depth:
                depth.pop()
        if any(depth):
            found.add(run)
    return found
