"""The pieces of a REFI-QDA project, each read from its own element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lostudy.deliveries.interviews.assemble import VALUES_BETWEEN, join_values
from lostudy.deliveries.interviews.offsets import unmarked
from lostudy.deliveries.interviews.selections import Selection
from lostudy.deliveries.interviews.write_refi import UNDER
from lostudy.deliveries.xml import children, every, guid, local

SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
TEXT_BEARERS = ("TextSource", "PDFSource")
PIECES = ("User", "CodeBook", "Variable", "Case", *SOURCES, "Note", "Link", "Set", "Graph")
PLACES = ("page", "firstX", "firstY", "secondX", "secondY", "begin", "end")
Record = dict[str, Any]
TextAt = Callable[[str], str | None]


@dataclass(frozen=True)
class Source:
    """A source without its selections."""

    key: str
    name: str
    text: str | None
    kind: str
    coder: str
    memo: str
    values: dict[str, str]
    notes: tuple[str, ...]
    attributes: dict[str, str]

    @property
    def bears_text(self) -> bool:
        """Whether a source of this kind should have a text."""
        return self.kind in TEXT_BEARERS


@dataclass(frozen=True)
class Case:
    """A case with its variables and where it stands: whole sources, and passages."""

    key: str
    name: str
    memo: str = ""
    values: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """A line that somebody drew between two things."""

    name: str
    origin: str
    target: str


def link(element: Any) -> Link:
    """A link, or a drawing as one without ends."""
    return Link(element.get("name") or "", guid(element.get("originGUID")),
                guid(element.get("targetGUID")))


def placed_under(
    found: Sequence[Record], links: Sequence[Link]
) -> tuple[list[Record], list[Link]]:
    """Codes with the further codes that a link places them under; the links that are left."""
    known = {code["code"] for code in found}
    used = [one for one in links
            if one.name == UNDER and one.origin in known and one.target in known]
    more: dict[str, list[str]] = {}
    for one in used:
        more.setdefault(one.origin, []).append(one.target)
    codes = [{**code, "parents": more.get(code["code"], [])} for code in found]
    return codes, [one for one in links if one not in used]


def codes(book: Any) -> Iterator[Record]:
    """The code tree, flat; the parent is the code that encloses it."""
    for number, code in enumerate(every(book, "Code"), start=1):
        above = code.getparent()
        parent = guid(above.get("guid")) if above is not None and local(above) == "Code" else None
        attributes = {
            name: value for name, value in (
                ("color", code.get("color")), ("codable", code.get("isCodable"))) if value}
        yield {
            "code": guid(code.get("guid")) or f"code {number} without a guid",
            "name": code.get("name") or "", "parent": parent,
            "description": _description(code), "attributes": attributes}


def add_code_notes(notes: dict[str, list[str]], book: Any) -> None:
    """Code guid -> the notes that it refers to."""
    for code in every(book, "Code"):
        for reference in children(code, "NoteRef"):
            notes.setdefault(guid(code.get("guid")), []).append(guid(reference.get("targetGUID")))


def add_members(groups: dict[str, list[str]], one: Any) -> None:
    """Guid of a member (source or code) -> the names of its sets."""
    for member in children(one, "MemberSource", "MemberCode"):
        key = guid(member.get("targetGUID") or member.get("guid"))
        groups.setdefault(key, []).append(one.get("name") or "")


def grouped(found: Sequence[Record], groups: dict[str, list[str]]) -> list[Record]:
    """Codes with the names of the sets they are in."""
    return [
        {**code, "attributes": code["attributes"] | (
            {"groups": VALUES_BETWEEN.join(groups[code["code"]])}
            if code["code"] in groups else {})}
        for code in found
    ]


def note(element: Any, text_at: TextAt) -> Record:
    """A note: its text, name, writer and date."""
    inline = next((n.text for n in children(element, "PlainTextContent") if n.text), None)
    text = inline or text_at(element.get("plainTextPath") or "") or _description(element)
    return {
        "name": element.get("name"), "text": text, "coder": guid(element.get("creatingUser")),
        "created": element.get("creationDateTime")}


def case(element: Any) -> Case:
    """A case; its variables are keyed by guid until all names are known."""
    return Case(
        guid(element.get("guid")), element.get("name") or "", _description(element),
        _values(element), _targets(element, "SourceRef"), _targets(element, "SelectionRef"))


def source(element: Any, text_at: TextAt) -> Source:
    """A source; its text is inline, in the zip, or a PDF's or recording's text."""
    written = (("kind", local(element)), ("created", element.get("creationDateTime")),
               ("modified", element.get("modifiedDateTime")), ("path", element.get("path")))
    notes = tuple(note for each in (element, *children(element, "Transcript"))
                  for note in _targets(each, "NoteRef"))
    return Source(
        guid(element.get("guid")), element.get("name") or "", _text(element, text_at),
        local(element), guid(element.get("creatingUser")), _description(element),
        _values(element), notes, {name: value for name, value in written if value})


def _text(element: Any, text_at: TextAt) -> str | None:
    holders = [element, *children(element, "Representation", "Transcript", "TextDescription")]
    for holder in holders:
        inline = next((c.text or "" for c in children(holder, "PlainTextContent")), None)
        text = unmarked(inline) if inline is not None else text_at(
            holder.get("plainTextPath") or "")
        if text is not None:
            return str(text)
    return None


def selections(element: Any) -> Iterator[Selection]:
    """One per code on a selection, one without code where a selection has none."""
    points = {
        guid(point.get("guid")): point.get("position") for point in every(element, "SyncPoint")}
    for holder in element.iter():
        name = local(holder)
        if not (name.endswith("Selection") or holder is element):
            continue
        codings = [(c, r) for c in children(holder, "Coding") for r in children(c, "CodeRef")]
        for coding, reference in codings:
            yield _selection(holder, coding, guid(reference.get("targetGUID")), points,
                             holder is element)
        if not codings and holder is not element:
            yield _selection(holder, holder, "", points, False)


def _selection(
    holder: Any, coding: Any, code: str, points: dict[str, str | None], whole: bool
) -> Selection:
    inner = next((c.text for r in children(holder, "Representation")
                  for c in children(r, "PlainTextContent")), None)
    kind = "document" if whole else local(holder)
    start, end = _span(holder, points)
    notes = (*(() if whole else _targets(holder, "NoteRef")),
             *(_targets(coding, "NoteRef") if coding is not holder else ()))
    return Selection(
        key=(not whole and guid(holder.get("guid"))) or guid(coding.get("guid")),
        code=code,
        coder=guid(coding.get("creatingUser")) or guid(holder.get("creatingUser")),
        name="" if whole else holder.get("name") or "",
        start=start, end=end, inner=inner or "",
        memo="" if whole else _description(holder),
        created=coding.get("creationDateTime") or holder.get("creationDateTime") or "",
        kind=kind, notes=notes,
        place={} if kind in ("document", "PlainTextSelection") else {
            name: holder.get(name) for name in PLACES if holder.get(name)})


def _span(holder: Any, points: dict[str, str | None]) -> tuple[int | None, int | None]:
    """Positions of a text selection; those of a transcript stand in its sync points."""
    if local(holder) == "PlainTextSelection":
        return _number(holder.get("startPosition")), _number(holder.get("endPosition"))
    if local(holder) == "TranscriptSelection":
        return tuple(  # type: ignore[return-value]
            _number(holder.get(own) or points.get(guid(holder.get(point))))
            for own, point in (("startPosition", "fromSyncPoint"), ("endPosition", "toSyncPoint")))
    return None, None


def document_variables(
    sources: Sequence[Source], cases: Sequence[Case], names: dict[str, str]
) -> tuple[dict[str, dict[str, str]], int]:
    """Source guid -> variables, its own and its cases'; and how many values clash.

    Where two cases of one document differ, both values stand, with "; " between them.
    """
    found = {one.key: _named(one.values, names) for one in sources}
    clashes = 0
    for one in cases:
        for key in one.sources:
            known = found.setdefault(key, {})
            clashes += join_values(known, _named(one.values, names))
            if one.name:
                join_values(known, {"case": one.name})
    return found, clashes


def case_rows(
    cases: Sequence[Case], names: dict[str, str], segments: Sequence[Record]
) -> list[Record]:
    """One row per case and source or passage; a case that stands nowhere has one row too."""
    places = {segment["key"]: {n: segment[n] for n in ("document", "start", "end")}
              for segment in segments}
    rows = []
    for one in cases:
        stands = [{"document": key} for key in one.sources]
        stands += [places[key] for key in one.selections if key in places]
        rows += [{"case": one.key, "name": one.name, "variables": _named(one.values, names),
                  "memo": one.memo, **place} for place in stands or [{}]]
    return rows


def _named(values: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    return {names.get(key) or key: value for key, value in values.items()}


def _values(element: Any) -> dict[str, str]:
    values = {}
    for value in children(element, "VariableValue"):
        key = next((guid(r.get("targetGUID")) for r in children(value, "VariableRef")), "")
        text = next((v.text for v in value if local(v).endswith("Value") and v.text), None)
        if text is not None:
            values[key] = text
    return values


def _targets(element: Any, name: str) -> tuple[str, ...]:
    return tuple(guid(each.get("targetGUID")) for each in children(element, name))


def _description(element: Any) -> str:
    return "\n".join(d.text for d in children(element, "Description") if d.text)


def _number(text: str | None) -> int | None:
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None
