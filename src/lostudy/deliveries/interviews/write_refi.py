"""A delivery written as a REFI-QDA project (.qdpx) or codebook (.qdc), to go back to coding tools.

Valid against the standard's schema; positions count code points from zero, as the standard says.
What the standard has no place for goes where people see it: a passage's attributes become lines of
its memo ("werking: werkt"), and of a document without text its passages are written as its text.
The same delivery gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import refusal
from lostudy.deliveries.interviews.assemble import VALUES_BETWEEN, join_values
from lostudy.deliveries.interviews.write_sources import Written, add_source, add_values
from lostudy.deliveries.interviews.write_xml import (
    CODEBOOK,
    PROJECT,
    clean,
    colour,
    element,
    is_a,
    key_guid,
    moment,
    records,
    root_element,
    serialised,
    text_element,
    write_zip,
)
from lostudy.deliveries.tables import InterviewDelivery

WRITER = "lostudy"
UNDER = "is under"
Record = dict[str, Any]


def write(path: Path, delivery: InterviewDelivery) -> None:
    """A project for a name that ends in .qdpx, a codebook for .qdc."""
    _refuse(path, Path(delivery.source.file))
    kind = path.suffix.casefold()
    if kind == ".qdpx":
        write_project(path, delivery)
    elif kind == ".qdc":
        write_codebook(path, delivery)
    else:
        raise refusal(
            path, "only REFI-QDA projects (.qdpx) and codebooks (.qdc) are written",
            "let the name end in .qdpx or .qdc", rule="refi.write")


def _refuse(path: Path, read: Path) -> None:
    """Stop before anything is written over a delivery, or where there is no folder."""
    whole = path.resolve()
    if whole == read.resolve() or read.resolve() in whole.parents:
        raise refusal(path, "this is the file that was read, and it would be written over",
                      "give another name", rule="refi.write")
    if not whole.parent.is_dir():
        raise refusal(path, "the folder for this file does not exist",
                      "make the folder, or name another one", rule="refi.write")


def write_codebook(path: Path, delivery: InterviewDelivery) -> None:
    """The codes alone, with their sets."""
    codes = records(delivery.codes)
    if not codes:
        raise refusal(path, "there is no code to write", "read a delivery with codes",
                      rule="refi.write")
    root = root_element("CodeBook", CODEBOOK, origin=_origin())
    _add_codes(element(root, "Codes"), codes, {})
    sets = _sets([(each["code"], each["attributes"].get("groups")) for each in codes])
    for name, members in sets.items():
        one = element(_part(root, "Sets"), "Set", guid=key_guid("set", name), name=name)
        for member in members:
            element(one, "MemberCode", guid=key_guid("code", member))
    path.write_bytes(serialised(root))


def write_project(path: Path, delivery: InterviewDelivery) -> None:
    """The whole delivery: users, codes, variables, cases, sources with their texts, notes, sets."""
    codes, documents, segments, cases, notes = (records(table) for table in (
        delivery.codes, delivery.documents, delivery.segments, delivery.cases, delivery.notes))
    _without_places([*cases, *notes], documents)
    _with_all_codes(codes, segments)
    users = _users(documents, segments, notes)
    root = root_element("Project", PROJECT, name=path.stem or "project", origin=_origin())
    for name, guid in users.items():
        element(_part(root, "Users"), "User", guid=guid, name=name)
    if codes:
        book = element(element(root, "CodeBook"), "Codes")
        _add_codes(book, codes, _notes_of(notes, "code"))
    written = _written(documents, segments, cases, notes, users)
    kinds = _add_variables(root, written, cases, delivery.kinds)
    for one in written:
        one.kinds = kinds
    _add_cases(root, cases, kinds)
    members: dict[str, bytes] = {}
    for one in written:
        member = add_source(_part(root, "Sources"), one)
        members |= dict([member]) if member else {}
    _add_notes(root, notes, users, written)
    _add_links(root, codes)
    _add_sets(root, codes, documents)
    for note in (each for each in notes if each["note"] == "project"):
        text_element(root, "Description", note["text"] or "")
    write_zip(path, {"project.qde": serialised(root), **members})


def _without_places(rows: list[Record], documents: list[Record]) -> None:
    """A case or note on a place in a text that did not come stands on the document as a whole."""
    textless = {each["document"] for each in documents if each["text"] is None}
    for row in (each for each in rows if each["document"] in textless):
        row["start"] = row["end"] = None


def _origin() -> str:
    return f"{WRITER} {version('lostudy')}"


def _part(root: Any, tag: str) -> Any:
    """A section of the file, made when its first member comes."""
    namespace = root.tag.rpartition("}")[0]
    found = root.find(f"{namespace}}}{tag}")
    return element(root, tag) if found is None else found


def _with_all_codes(codes: list[Record], segments: list[Record]) -> None:
    """A code that is only pointed to gets a place in the book: the schema asks for it."""
    known = {each["code"] for each in codes}
    for code in dict.fromkeys(each["code"] for each in segments):
        if code is not None and code not in known:
            codes.append({"code": code, "name": code, "parent": None, "description": None,
                          "parents": (), "attributes": {}})


def _users(
    documents: list[Record], segments: list[Record], notes: list[Record]
) -> dict[str, str]:
    names = [each["coder"] for each in (*segments, *notes)]
    names += [(each["attributes"] or {}).get("created by") for each in documents]
    return {name: key_guid("user", name) for name in dict.fromkeys(names) if name}


def _add_codes(top: Any, codes: list[Record], notes: dict[str, list[str]]) -> None:
    """The tree of codes, each below its first parent, in the order of the table."""
    below: dict[str | None, list[Record]] = {}
    for code in codes:
        below.setdefault(code["parent"], []).append(code)
    stack = [(top, code) for code in reversed(below.get(None, []))]
    while stack:
        above, code = stack.pop()
        attributes = code["attributes"] or {}
        made = element(
            above, "Code", guid=key_guid("code", code["code"]),
            isCodable="false" if attributes.get("codable") == "false" else "true",
            color=colour(attributes.get("color", "")))
        made.set("name", clean(code["name"] or ""))
        text_element(made, "Description", code["description"] or "")
        for note in notes.get(code["code"], []):
            element(made, "NoteRef", targetGUID=note)
        stack += [(made, each) for each in reversed(below.get(code["code"], []))]


def _notes_of(notes: list[Record], column: str) -> dict[str, list[str]]:
    """Key of a code or document -> the notes on it as a whole."""
    found: dict[str, list[str]] = {}
    for note in notes:
        if note[column] is not None and note["start"] is None:
            found.setdefault(note[column], []).append(key_guid("note", note["note"]))
    return found


def _written(
    documents: list[Record], segments: list[Record], cases: list[Record], notes: list[Record],
    users: dict[str, str],
) -> list[Written]:
    """Every document with its segments, marks, notes and own variables."""
    on_documents = _notes_of(notes, "document")
    found = {
        each["document"]: Written(each, notes=on_documents.get(each["document"], []), users=users)
        for each in documents
    }
    for segment in segments:
        found[segment["document"]].segments.append(segment)
    for case in (each for each in cases if each["start"] is not None):
        found[case["document"]].marks.append({**case, "guid": _case_mark(case), "text": None})
    for note in notes:
        if note["document"] is not None and note["start"] is not None:
            end = note["end"] if note["end"] is not None else note["start"] + 1
            guid = key_guid("note", note["note"])
            found[note["document"]].marks.append({
                "guid": key_guid("mark", guid), "start": note["start"], "end": end, "text": None,
                "note": guid})
    for key, one in found.items():
        one.values = _own_values(one.document, [c for c in cases if c["document"] == key])
    return list(found.values())


def _case_mark(case: Record) -> str:
    return key_guid("mark", "|".join(str(case[n]) for n in ("case", "document", "start", "end")))


def _own_values(document: Record, cases: list[Record]) -> dict[str, str]:
    """A document's variables without what its cases already say."""
    told: dict[str, str] = {}
    for case in cases:
        join_values(told, {**case["variables"], **({"case": case["name"]} if case["name"] else {})})
    own = {}
    for name, value in (document["variables"] or {}).items():
        said = told.get(name, "").split(VALUES_BETWEEN) if name in told else []
        kept = [part for part in str(value).split(VALUES_BETWEEN) if part not in said]
        if kept:
            own[name] = VALUES_BETWEEN.join(kept)
    return own


def _add_variables(
    root: Any, written: list[Written], cases: list[Record], said: Mapping[str, str]
) -> dict[str, str]:
    """The variables, each of the kind that its tool gave it if all its values are of that kind."""
    values: dict[str, list[str]] = {}
    for held in (*(one.values for one in written), *(case["variables"] for case in cases)):
        for name, value in held.items():
            values.setdefault(name, []).append(str(value))
    kinds = {}
    for name, found in values.items():
        kind = said.get(name, "Text")
        kinds[name] = kind if all(is_a(kind, value) for value in found) else "Text"
        variable = element(_part(root, "Variables"), "Variable", guid=key_guid("variable", name),
                           typeOfVariable=kinds[name])
        variable.set("name", clean(name))
    return kinds


def _add_cases(root: Any, cases: list[Record], kinds: dict[str, str]) -> None:
    rows: dict[str, list[Record]] = {}
    for case in cases:
        rows.setdefault(case["case"], []).append(case)
    for key, places in rows.items():
        made = element(_part(root, "Cases"), "Case", guid=key_guid("case", key),
                       name=places[0]["name"] or "")
        text_element(made, "Description", places[0]["memo"] or "")
        add_values(made, places[0]["variables"], kinds)
        whole = [each for each in places if each["document"] and each["start"] is None]
        for document in dict.fromkeys(each["document"] for each in whole):
            element(made, "SourceRef", targetGUID=key_guid("document", document))
        for each in (one for one in places if one["start"] is not None):
            element(made, "SelectionRef", targetGUID=_case_mark(each))


def _add_notes(
    root: Any, notes: list[Record], users: dict[str, str], written: list[Written]
) -> None:
    for note in (each for each in notes if each["note"] != "project"):
        made = element(
            _part(root, "Notes"), "Note", guid=key_guid("note", note["note"]),
            name=note["name"] or "", creatingUser=users.get(note["coder"] or "", ""),
            creationDateTime=moment(note["created"] or ""))
        text_element(made, "PlainTextContent", note["text"] or "")
    for extra in (note for one in written for note in one.more_notes):
        made = element(_part(root, "Notes"), "Note", guid=extra["guid"])
        text_element(made, "PlainTextContent", extra["text"])


def _add_links(root: Any, codes: list[Record]) -> None:
    """Where a code stands under several, all but the first are links, which tools show as such."""
    for code in codes:
        for parent in (each for each in code["parents"] if each != code["parent"]):
            origin, target = key_guid("code", code["code"]), key_guid("code", parent)
            element(_part(root, "Links"), "Link", guid=key_guid("link", f"{origin}|{target}"),
                    name=UNDER, direction="OneWay", originGUID=origin, targetGUID=target)


def _add_sets(root: Any, codes: list[Record], documents: list[Record]) -> None:
    of_codes = _sets([(each["code"], (each["attributes"] or {}).get("groups")) for each in codes])
    of_documents = _sets([(each["document"], each["group"]) for each in documents])
    for name in dict.fromkeys([*of_documents, *of_codes]):
        one = element(_part(root, "Sets"), "Set", guid=key_guid("set", name), name=name)
        for member in of_codes.get(name, []):
            element(one, "MemberCode", targetGUID=key_guid("code", member))
        for member in of_documents.get(name, []):
            element(one, "MemberSource", targetGUID=key_guid("document", member))


def _sets(groups: list[tuple[str, str | None]]) -> dict[str, list[str]]:
    """Name of a set -> its members."""
    found: dict[str, list[str]] = {}
    for member, names in groups:
        for name in (names or "").split(VALUES_BETWEEN):
            if name:
                found.setdefault(name, []).append(member)
    return found
