"""The sources of a written REFI-QDA project, with their selections and codings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lostudy.deliveries.interviews.quoting import squeezed
from lostudy.deliveries.interviews.write_xml import (
    clean,
    clean_text,
    element,
    key_guid,
    moment,
    text_element,
    whole,
)

Record = dict[str, Any]
HOLDERS = {"PDFSource": "Representation", "PictureSource": "TextDescription",
           "AudioSource": "Transcript", "VideoSource": "Transcript"}
OWN = {"PDFSource": "PDFSelection", "PictureSource": "PictureSelection",
       "AudioSource": "AudioSelection", "VideoSource": "VideoSelection"}
BOX = ("firstX", "firstY", "secondX", "secondY")
NEEDED = {"PDFSelection": ("page", *BOX), "PictureSelection": BOX,
          "AudioSelection": ("begin", "end"), "VideoSelection": ("begin", "end")}
PLACE_NAMES = {"pdf_page": "page", "x1": "firstX", "y1": "firstY", "x2": "secondX",
               "y2": "secondY", "pos0": "begin", "pos1": "end"}
LONGEST_NAME = 120
IN_WORDS = ("", "TranscriptSelection")
UNSURE = "place: not verified"
QUOTED = f"{UNSURE}, the name is what was quoted"


@dataclass
class Written:
    """One document with all that is to be written of it."""

    document: Record
    segments: list[Record] = field(default_factory=list)
    marks: list[Record] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    more_notes: list[Record] = field(default_factory=list)

    @property
    def guid(self) -> str:
        """The source's guid."""
        return key_guid("document", str(self.document["document"]))

    @property
    def kind(self) -> str:
        """The kind of source: as read, or by what is coded in it."""
        kind = (self.document.get("attributes") or {}).get("kind", "")
        if kind in (*HOLDERS, "TextSource") or self.document.get("text") is not None:
            return kind if kind in HOLDERS else "TextSource"
        kinds = {each["attributes"].get("selection") for each in self.segments}
        return ("PictureSource" if "image" in kinds
                else "VideoSource" if "recording" in kinds else "TextSource")


def add_source(parent: Any, one: Written) -> tuple[str, bytes] | None:
    """One source; its text comes back as a member of the zip.

    A source of words always has one, be it empty: not every tool can do without.
    """
    text = one.document.get("text")
    if text is None:
        text = _of_passages(one)
    if text is None and one.kind == "TextSource":
        text = ""
    source = _source(parent, one)
    in_text, elsewhere, on_whole = _sorted_out(one)
    if one.kind not in HOLDERS:
        _text_selections(source, one, in_text)
    else:
        _parts(source, one, elsewhere, in_text, text is not None)
    for segment in on_whole:
        _coding(source, one, segment, one.guid, _kept_beside(one, segment))
    for note in one.notes:
        element(source, "NoteRef", targetGUID=note)
    add_values(source, one.values, one.kinds)
    if text is None:
        return None
    return f"sources/{one.guid}.txt", clean_text(text).encode("utf-8")


def _source(parent: Any, one: Written) -> Any:
    """The source's element with its dates, maker and memo; a text source names its text.

    A picture or recording that stood inside the delivered project does not go along.
    """
    attributes = one.document.get("attributes") or {}
    whole, path = one.kind not in HOLDERS, attributes.get("path", "")
    source = element(
        parent, one.kind, guid=one.guid, name=one.document.get("name") or "",
        plainTextPath=_path(one) if whole else "",
        path="" if whole or path.startswith("internal:") else path,
        creatingUser=one.users.get(attributes.get("created by", ""), ""),
        creationDateTime=moment(attributes.get("created", "")),
        modifiedDateTime=moment(attributes.get("modified", "")))
    text_element(source, "Description", one.document.get("memo") or "")
    return source


def _path(one: Written) -> str:
    return f"internal://{one.guid}.txt"


def _parts(
    source: Any, one: Written, elsewhere: list[Record], in_text: list[Record], has_text: bool
) -> None:
    """Selections on pages and in the text of a source; the schema wants a PDF's pages first."""
    if one.kind == "PDFSource":
        _own_selections(source, one, elsewhere)
    if has_text:
        _holder(source, one, in_text)
    if one.kind != "PDFSource":
        _own_selections(source, one, elsewhere)


def add_values(parent: Any, values: dict[str, str], kinds: Mapping[str, str]) -> None:
    """Variables of a source or case; text where no more is known of them."""
    for name, value in values.items():
        made = element(parent, "VariableValue")
        element(made, "VariableRef", targetGUID=key_guid("variable", name))
        text_element(made, f"{kinds.get(name, 'Text')}Value", value)


def _of_passages(one: Written) -> str | None:
    """The text of a document of which only passages came: these, a paragraph each, in order.

    Where a passage stood in the text that did not come is kept beside it.
    """
    mine = [each for each in one.segments if each["attributes"].get("selection", "") in IN_WORDS]
    for each in (one for one in mine if one["start"] is not None):
        was = f"{each['start']}-{each['end']}"
        each["attributes"] = {**each["attributes"], "position": was}
        each["start"] = each["end"] = None
    size, parts, places = 0, [], {}
    for each in (one for one in mine if one["text"]):
        passage = str(each["text"]).replace("\r\n", "\n").replace("\r", "\n")
        if passage not in places:
            places[passage] = (size, size + len(passage))
            parts.append(passage)
            size += len(passage) + 2
        each["start"], each["end"] = places[passage]
        each["text"], each["offset_status"] = passage, "exact"
    return "\n\n".join(parts) if parts else None


def _sorted_out(one: Written) -> tuple[list[Record], list[Record], list[Record]]:
    """Segments in the text, on another part of the source, and on the whole source."""
    in_text, elsewhere, on_whole = [], [], []
    for each in one.segments:
        kind = each["attributes"].get("selection", "")
        if kind in IN_WORDS and each["start"] is not None:
            in_text.append(each)
        elif kind and kind != "document" and one.kind in OWN and _place(one, each):
            elsewhere.append(each)
        else:
            on_whole.append(each)
    return in_text, elsewhere, on_whole


def _holder(source: Any, one: Written, in_text: list[Record]) -> None:
    tag = HOLDERS[one.kind]
    holder = element(source, tag, guid=key_guid("text", one.guid), plainTextPath=_path(one))
    if tag == "Transcript":
        marks = sorted({int(each[name]) for each in (*in_text, *one.marks)
                        for name in ("start", "end")})
        for position in marks:
            element(holder, "SyncPoint", guid=_point(one, position), position=str(position))
    _text_selections(holder, one, in_text)


def _point(one: Written, position: int) -> str:
    return key_guid("point", f"{one.guid}|{position}")


def _text_selections(holder: Any, one: Written, in_text: list[Record]) -> None:
    for number, group in enumerate(_together(in_text)):
        first = group[0]
        guid = key_guid("selection", f"{one.guid}|{number}")
        selection = _text_selection(holder, one, guid, first)
        text_element(selection, "Description", "\n".join(filter(None, [
            _memo(first), _doubt(one, first)])))
        for each in group:
            _coding(selection, one, each, guid)
    for mark in one.marks:
        selection = _text_selection(holder, one, mark["guid"], mark)
        if mark.get("note"):
            element(selection, "NoteRef", targetGUID=mark["note"])


def _text_selection(holder: Any, one: Written, guid: str, place: Record) -> Any:
    own, sure = place.get("attributes", {}).get("name", ""), _doubt(one, place) != UNSURE
    words = _quote(place.get("text")) if sure else ""
    who = _made(one, place) | {"guid": guid, "name": own or words}
    start, end = int(place["start"]), int(place["end"])
    if holder.tag.endswith("Transcript"):
        return element(holder, "TranscriptSelection", fromSyncPoint=_point(one, start),
                       toSyncPoint=_point(one, end), **who)
    return element(holder, "PlainTextSelection", startPosition=str(start), endPosition=str(end),
                   **who)


def _doubt(one: Written, place: Record) -> str:
    """What is said of a place that nobody verified; its name is not to vouch for it."""
    if place.get("offset_status") != "unverified":
        return ""
    found = (one.document.get("text") or "")[int(place["start"]) : int(place["end"])]
    named = place["attributes"].get("name") or not place["text"] or place["text"] == found
    return UNSURE if named else QUOTED


def _made(one: Written, place: Record) -> dict[str, str]:
    return {"creatingUser": one.users.get(place.get("coder") or "", ""),
            "creationDateTime": moment(place.get("created") or "")}


def _own_selections(source: Any, one: Written, elsewhere: list[Record]) -> None:
    tag = OWN[one.kind]
    for number, group in enumerate(_together(elsewhere)):
        guid = key_guid("selection", f"{one.guid}|part|{number}")
        selection = element(source, tag, guid=guid, name=group[0]["text"] or "",
                            **_made(one, group[0]), **_place(one, group[0]))
        text_element(selection, "Description", _memo(group[0]))
        for each in group:
            _coding(selection, one, each, guid)


def _place(one: Written, segment: Record) -> dict[str, str]:
    """Where a part of a picture, page or recording is; {} where it is not whole."""
    found = {PLACE_NAMES.get(name, name): value for name, value in segment["attributes"].items()}
    for corner, size, far in (("firstX", "width", "secondX"), ("firstY", "height", "secondY")):
        if far not in found and corner in found and size in found:
            found[far] = str(whole(found[corner]) + whole(found[size]))
    needed = NEEDED[OWN[one.kind]]
    return {name: str(whole(found[name])) for name in needed} if set(needed) <= set(found) else {}


def _together(segments: list[Record]) -> list[list[Record]]:
    """What a coder marked at one moment: some tools know who made a selection, not a coding."""
    groups: dict[tuple[Any, ...], list[Record]] = {}
    times: dict[tuple[Any, ...], int] = {}
    for each in segments:
        place = (each["start"], each["end"], each["coder"], each["created"], _memo(each),
                 each["offset_status"], each["text"] or "",
                 *sorted(each["attributes"].items()))
        same = (*place, each["code"])
        times[same] = times.get(same, 0) + 1
        groups.setdefault((*place, times[same]), []).append(each)
    return list(groups.values())


def _memo(segment: Record) -> str:
    """The memo, and a line for each attribute that has no place of its own in the standard."""
    placed = {"selection", "width", "height", *PLACE_NAMES, *PLACE_NAMES.values()}
    if segment["start"] is not None:
        placed.add("name")
    lines = [f"{name}: {value}" for name, value in segment["attributes"].items()
             if name not in placed]
    return "\n".join(filter(None, [segment["memo"] or "", *lines]))


def _coding(holder: Any, one: Written, segment: Record, where: str, note: str = "") -> None:
    key = "|".join(str(each) for each in (
        where, segment["code"], segment["coder"], segment["start"], len(holder)))
    coding = element(holder, "Coding", guid=key_guid("coding", key), **_made(one, segment))
    element(coding, "CodeRef", targetGUID=key_guid("code", segment["code"] or ""))
    if note:
        element(coding, "NoteRef", targetGUID=note)


def _kept_beside(one: Written, segment: Record) -> str:
    """A note for what a code on a whole source cannot carry: a memo, words without a place."""
    quote = segment["text"] if segment["attributes"].get("selection") != "document" else ""
    said = "\n".join(filter(None, [_memo(segment), quote]))
    if not said:
        return ""
    guid = key_guid("note", f"{one.guid}|{len(one.more_notes)}")
    one.more_notes.append({"guid": guid, "text": said})
    return guid


def _quote(text: str | None) -> str:
    """The words as the selection's name."""
    if not text or clean(text) != text:
        return ""
    name = squeezed(text)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 20] + "…"
