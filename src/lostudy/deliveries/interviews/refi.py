"""REFI-QDA projects (.qdpx) and codebooks (.qdc): NVivo, ATLAS.ti, MAXQDA and others write them.

Elements are matched by local name, because the namespace differs between versions. Codes and
sources are keyed by guid, never by name: a name may occur in several places of the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import refusal, repair
from lostudy.deliveries.interviews.assemble import deliver, with_paths
from lostudy.deliveries.interviews.offsets import unmarked
from lostudy.deliveries.interviews.package import opened
from lostudy.deliveries.interviews.selections import (
    Prepared,
    Selection,
    prepare,
    project_scores,
    segments_of,
)
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.deliveries.xml import children, every, guid, local, parse
from lostudy.errors import Problem

TOOL = "refi"
SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
TEXT_BEARERS = ("TextSource", "PDFSource")


def read_project(path: Path) -> InterviewDelivery:
    """A .qdpx: one .qde and the texts of the sources."""
    with opened(path) as package:
        root = parse(path, package.read(package.qde))
        return _project(path, root, f"a zip with {package.qde}", package.text)


def read_codebook(path: Path) -> InterviewDelivery:
    """A .qdc: codes only; documents and segments are empty tables."""
    root = parse(path, path.read_bytes())
    if local(root) == "Project":
        return _project(path, root, "XML with Project as root", lambda uri: None)
    if local(root) != "CodeBook":
        raise refusal(
            path, "the XML is no REFI-QDA codebook or project", "export it as REFI-QDA again",
            rule="refi.root")
    return deliver(
        path, TOOL, f"XML with CodeBook as root{_origin(root)}", documents=[],
        codes=with_paths(list(_codes(root))), segments=[])


def _origin(root: Any) -> str:
    origin = root.get("origin")
    return f", written by {origin.split(',')[0].strip()}" if origin else ""


def _project(path: Path, root: Any, evidence: str, text_at: Any) -> InterviewDelivery:
    if local(root) != "Project":
        raise refusal(
            path, "the .qde file does not begin with a Project", "export the project again",
            rule="refi.root")
    users = {guid(u.get("guid")): u.get("name") or "" for u in every(root, "User")}
    codes = with_paths([c for book in children(root, "CodeBook") for c in _codes(book)])
    notes = {guid(n.get("guid")): _note(n, text_at) for n in every(root, "Note")}
    variables, groups = _variables(root), _groups(root)
    documents: list[dict[str, Any]] = []
    prepared: list[Prepared] = []
    for source in (s for part in children(root, "Sources") for s in children(part, *SOURCES)):
        key = guid(source.get("guid"))
        text = _source_text(source, text_at)
        prepared.append(prepare(text, list(_selections(source, users, notes))))
        documents.append({
            "document": key, "name": source.get("name"), "text": text,
            "group": "; ".join(groups.get(key, [])), "variables": variables.get(key, {}),
            "bears": local(source) in TEXT_BEARERS})
    segments, problems = _segments(path, documents, prepared)
    problems += _absent(path, documents) + _unknown_codes(path, codes, segments)
    return deliver(
        path, TOOL, f"{evidence}{_origin(root)}", documents=documents, codes=codes,
        segments=segments, repairs=problems)


def _segments(
    path: Path, documents: list[dict[str, Any]], prepared: list[Prepared]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    project = project_scores(prepared)
    segments, ways = [], []
    for document, one in zip(documents, prepared, strict=True):
        found, way = segments_of(one, project)
        segments += [{**segment, "document": document["document"]} for segment in found]
        ways.append(way)
    for number, segment in enumerate(segments, start=1):
        segment["row"] = number
    return segments, _conventions(path, [way for way in ways if way])


def _codes(book: Any) -> Iterator[dict[str, Any]]:
    """The code tree, flat; the parent is the code that encloses it."""
    for code in every(book, "Code"):
        above = code.getparent()
        parent = guid(above.get("guid")) if above is not None and local(above) == "Code" else None
        description = next((d.text for d in children(code, "Description")), None)
        yield {
            "code": guid(code.get("guid")), "name": code.get("name") or "", "parent": parent,
            "description": description}


def _note(note: Any, text_at: Any) -> str:
    inline = next((n.text for n in children(note, "PlainTextContent") if n.text), None)
    return inline or text_at(note.get("plainTextPath") or "") or ""


def _variables(root: Any) -> dict[str, dict[str, str]]:
    """Source guid -> variables, the source's own and those of the cases it belongs to."""
    names = {guid(v.get("guid")): v.get("name") or "" for v in every(root, "Variable")}
    found: dict[str, dict[str, str]] = {}
    for source in every(root, *SOURCES):
        found.setdefault(guid(source.get("guid")), {}).update(_values(source, names))
    for case in every(root, "Case"):
        values = _values(case, names) | ({"case": case.get("name")} if case.get("name") else {})
        for reference in children(case, "SourceRef"):
            found.setdefault(guid(reference.get("targetGUID")), {}).update(values)
    return found


def _values(element: Any, names: dict[str, str]) -> dict[str, str]:
    values = {}
    for value in children(element, "VariableValue"):
        key = next((guid(r.get("targetGUID")) for r in children(value, "VariableRef")), "")
        text = next((v.text for v in value if local(v).endswith("Value") and v.text), None)
        if text is not None:
            values[names.get(key) or key] = text
    return values


def _groups(root: Any) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for one in every(root, "Set"):
        for member in children(one, "MemberSource"):
            groups.setdefault(guid(member.get("targetGUID")), []).append(one.get("name") or "")
    return groups


def _source_text(source: Any, text_at: Any) -> str | None:
    """Inline text, a text in the zip, or the text representation of a PDF or transcript."""
    holders = [source, *children(source, "Representation", "Transcript", "TextDescription")]
    for holder in holders:
        inline = next((c.text for c in children(holder, "PlainTextContent")), None)
        text = unmarked(inline) if inline is not None else text_at(
            holder.get("plainTextPath") or "")
        if text is not None:
            return str(text)
    return None


def _selections(
    source: Any, users: dict[str, str], notes: dict[str, str]
) -> Iterator[Selection]:
    for holder in source.iter():
        name = local(holder)
        if not (name.endswith("Selection") or holder is source):
            continue
        for coding in children(holder, "Coding"):
            for reference in children(coding, "CodeRef"):
                yield _selection(holder, coding, reference, users, notes, holder is source)


def _selection(
    holder: Any, coding: Any, reference: Any, users: dict[str, str], notes: dict[str, str],
    whole: bool,
) -> Selection:
    user = guid(coding.get("creatingUser")) or guid(holder.get("creatingUser"))
    memos = [d.text or "" for d in children(holder, "Description")]
    memos += [notes.get(guid(n.get("targetGUID")), "") for n in children(holder, "NoteRef")]
    inner = next((c.text for r in children(holder, "Representation")
                  for c in children(r, "PlainTextContent")), None)
    text = local(holder) in ("PlainTextSelection", "TranscriptSelection")
    return Selection(
        key=guid(holder.get("guid")) or guid(coding.get("guid")),
        code=guid(reference.get("targetGUID")),
        coder=users.get(user) or user,
        name="" if whole else holder.get("name") or "",
        start=_number(holder.get("startPosition")) if text else None,
        end=_number(holder.get("endPosition")) if text else None,
        inner=inner or "",
        memo="\n".join(memo for memo in memos if memo),
        created=coding.get("creationDateTime") or holder.get("creationDateTime") or "",
        kind="document" if whole else local(holder),
    )


def _number(text: str | None) -> int | None:
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None


def _absent(path: Path, documents: list[dict[str, Any]]) -> list[Problem]:
    absent = sum(d["text"] is None and d.pop("bears") for d in documents)
    if not absent:
        return []
    return [repair(
        path, f"{absent} source(s) are not in the zip; their codings are kept without positions "
        "verified", "export the project with its sources", rule="refi.absent", severity="note")]


def _unknown_codes(
    path: Path, codes: list[dict[str, Any]], segments: list[dict[str, Any]]
) -> list[Problem]:
    known = {code["code"] for code in codes}
    lost = sum(segment["code"] not in known for segment in segments)
    if not lost:
        return []
    return [repair(
        path, f"{lost} coding(s) point to a code that is not in the codebook; they are kept",
        "export the project again", rule="refi.code", severity="note")]


def _conventions(path: Path, evidence: list[str]) -> list[Problem]:
    return [
        repair(path, f"positions in {evidence.count(way)} source(s) {way}", "nothing",
               rule="offset.convention", severity="note")
        for way in dict.fromkeys(evidence)
    ]
