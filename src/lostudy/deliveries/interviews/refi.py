"""REFI-QDA projects (.qdpx) and codebooks (.qdc): NVivo, ATLAS.ti, MAXQDA and others write them.

Elements are matched by local name, because the namespace differs between versions. Codes and
sources are keyed by guid, never by name: a name may occur in several places of the tree. A project
is read in one pass, source by source, so that its size is not held twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from lostudy.deliveries.files import refusal, repair
from lostudy.deliveries.interviews import refi_parts as parts
from lostudy.deliveries.interviews.assemble import deliver, with_paths
from lostudy.deliveries.interviews.offsets import Convention
from lostudy.deliveries.interviews.package import Package, damaged_guard, opened
from lostudy.deliveries.interviews.selections import (
    Prepared,
    prepare,
    project_scores,
    segments_of,
)
from lostudy.deliveries.interviews.write_refi import WRITER
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.deliveries.xml import children, guid, local, parse, pieces
from lostudy.errors import Problem

TOOL = "refi"
Record = dict[str, Any]
TextAt = Callable[[str], str | None]


@dataclass
class Found:
    """What one pass over a project gathers; guids are resolved when all of it is known."""

    root: Any = None
    users: dict[str, str] = field(default_factory=dict)
    codes: list[Record] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    cases: list[parts.Case] = field(default_factory=list)
    sources: list[parts.Source] = field(default_factory=list)
    prepared: deque[Prepared] = field(default_factory=deque)
    notes: dict[str, Record] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    code_notes: dict[str, list[str]] = field(default_factory=dict)
    links: list[parts.Link] = field(default_factory=list)


def read_project(path: Path) -> InterviewDelivery:
    """A .qdpx: one .qde and the texts of the sources."""
    with opened(path) as package, damaged_guard(path), package.open(package.qde) as stream:
        return _project(path, stream, f"a zip with {package.qde}", package)


def read_codebook(path: Path) -> InterviewDelivery:
    """A .qdc: codes only; documents and segments are empty tables."""
    data = path.read_bytes()
    root = parse(path, data)
    if local(root) == "Project":
        return _project(path, BytesIO(data), "XML with Project as root", None)
    if local(root) != "CodeBook":
        raise refusal(
            path, "the XML is no REFI-QDA codebook or project", "export it as REFI-QDA again",
            rule="refi.root")
    groups: dict[str, list[str]] = {}
    for one in (s for part in children(root, "Sets") for s in children(part, "Set")):
        parts.add_members(groups, one)
    codes = parts.grouped([*parts.codes(root)], groups)
    return deliver(
        path, TOOL, f"XML with CodeBook as root{_origin(root)}", documents=[],
        codes=with_paths(codes), segments=[])


def _origin(root: Any) -> str:
    origin = root.get("origin")
    return f", written by {origin.split(',')[0].strip()}" if origin else ""


def _project(
    path: Path, stream: IO[bytes], evidence: str, package: Package | None
) -> InterviewDelivery:
    found = _gather(path, stream, package.text if package else lambda uri: None)
    if local(found.root) != "Project":
        raise refusal(
            path, "the .qde file does not begin with a Project", "export the project again",
            rule="refi.root")
    alike = _joined_users(found)
    codes, links = parts.placed_under(parts.grouped(found.codes, found.groups), found.links)
    codes = with_paths(codes)
    segments, ways, twins = _segments(found)
    coded = [segment for segment in segments if segment["code"]]
    for number, segment in enumerate(coded, start=1):
        segment["row"] = number
    problems = [*_conventions(path, ways), *_twins(path, twins)]
    problems += [*_absent(path, found), *_uncoded(path, found, segments)]
    problems += [*_links(path, len(links)), *_one_name(path, alike)]
    values, clashes = parts.document_variables(found.sources, found.cases, found.variables)
    return deliver(
        path, TOOL, f"{evidence}{_origin(found.root)}",
        documents=[_document(one, found, values) for one in found.sources],
        codes=codes, segments=coded, repairs=[*problems, *_clashes(path, clashes)],
        cases=parts.case_rows(found.cases, found.variables, segments),
        notes=_notes(found, segments), kinds=found.kinds)


def _gather(path: Path, stream: IO[bytes], text_at: TextAt) -> Found:
    """One pass: each piece of the project is taken up as it ends, and let go."""
    found = Found()
    for root, piece in pieces(path, stream, parts.PIECES):
        found.root = root
        name = local(piece) if piece is not root else ""
        if name == "User":
            found.users[guid(piece.get("guid"))] = piece.get("name") or piece.get("id") or ""
        elif name == "CodeBook":
            found.codes += parts.codes(piece)
            parts.add_code_notes(found.code_notes, piece)
        elif name == "Variable":
            found.variables[guid(piece.get("guid"))] = piece.get("name") or ""
            if (kind := piece.get("typeOfVariable") or "Text") != "Text":
                found.kinds[piece.get("name") or ""] = kind
        elif name == "Case":
            found.cases.append(parts.case(piece))
        elif name == "Note":
            found.notes[guid(piece.get("guid"))] = parts.note(piece, text_at)
        elif name == "Set":
            parts.add_members(found.groups, piece)
        elif name in ("Link", "Graph"):
            found.links.append(parts.link(piece))
        elif name in parts.SOURCES:
            made = parts.source(piece, text_at)
            key = made.key or f"source {len(found.sources) + 1} without a guid"
            found.sources.append(replace(made, key=key))
            found.prepared.append(
                prepare(found.sources[-1].text, list(parts.selections(piece))))
    return found


def _segments(found: Found) -> tuple[list[Record], list[str], int]:
    """Every selection placed in its text, those without a code too (code "")."""
    project = project_scores(list(found.prepared))
    ours = (found.root.get("origin") or "").startswith(WRITER)
    twins = sum(one.twins for one in found.prepared)
    segments, ways = [], []
    for source in found.sources:
        one = found.prepared.popleft()
        placed, way = segments_of(one, project, Convention() if ours else None)
        segments += [_resolved(segment, source, found) for segment in placed]
        ways.append(way)
    return segments, [way for way in ways if way], twins


def _resolved(segment: Record, source: parts.Source, found: Found) -> Record:
    """A segment with the names behind its guids."""
    memos = [segment["memo"], *(found.notes.get(n, {}).get("text", "") for n in segment["notes"])]
    segment |= {
        "document": source.key,
        "coder": found.users.get(segment["coder"]) or segment["coder"],
        "memo": "\n".join(memo for memo in memos if memo)}
    return segment


def _document(one: parts.Source, found: Found, values: dict[str, dict[str, str]]) -> Record:
    coder = found.users.get(one.coder) or one.coder
    return {
        "document": one.key, "name": one.name, "text": one.text, "memo": one.memo,
        "group": "; ".join(found.groups.get(one.key, [])), "variables": values.get(one.key, {}),
        "attributes": one.attributes | ({"created by": coder} if coder else {})}


def _notes(found: Found, segments: list[Record]) -> list[Record]:
    """Notes that stand on no coded passage, each with the place where it is referred to."""
    told = {note for segment in segments if segment["code"] for note in segment["notes"]}
    places: dict[str, Record] = {}
    for source in found.sources:
        places |= {note: {"document": source.key} for note in source.notes}
    places |= {note: {"code": code} for code, refs in found.code_notes.items() for note in refs}
    alone: list[Record] = []
    for segment in (each for each in segments if not each["code"]):
        place = {name: segment[name] for name in ("document", "start", "end")}
        places |= dict.fromkeys(segment["notes"], place)
        if segment["memo"] and not segment["notes"]:
            alone.append({**place, "note": segment["key"], "text": segment["memo"],
                          "coder": segment["coder"], "created": segment["created"]})
    kept = [{**note, "note": key, **places.get(key, {}),
             "coder": found.users.get(note["coder"]) or note["coder"]}
            for key, note in found.notes.items() if key not in told]
    described = next((d.text for d in children(found.root, "Description") if d.text), "")
    project = [{"note": "project", "name": "project", "text": described}] if described else []
    return [*kept, *alone, *project]


def _told(path: Path, count: int, what: str, cure: str, rule: str) -> list[Problem]:
    if not count:
        return []
    return [repair(path, f"{count} {what}", cure, rule=rule, severity="note")]


def _twins(path: Path, count: int) -> list[Problem]:
    return _told(
        path, count, "coding(s) stand twice (as on a page of a PDF and in its text) and count once",
        "nothing", "tool.twins")


def _absent(path: Path, found: Found) -> list[Problem]:
    count = sum(one.text is None and one.bears_text for one in found.sources)
    return _told(
        path, count, "source(s) are not in the zip; their codings are kept without positions "
        "verified", "export the project with its sources", "refi.absent")


def _uncoded(path: Path, found: Found, segments: list[Record]) -> list[Problem]:
    """Passages that are neither coded, nor a case's, nor carry a remark."""
    of_cases = {key for one in found.cases for key in one.selections}
    bare = [each for each in segments if not each["code"] and not each["memo"]
            and not each["notes"] and each["key"] not in of_cases]
    return _told(
        path, len(bare), "passage(s) carry no code and give no segment",
        "nothing, if these passages were read and not coded", "tool.uncoded")


def _links(path: Path, count: int) -> list[Problem]:
    return _told(
        path, count, "link(s) and drawing(s) of the project are not read", "nothing; they "
        "hold no codings", "tool.links")


def _joined_users(found: Found) -> int:
    """Give users of one name, but for capitals and spaces around it, the first one's; how many."""
    first: dict[str, str] = {}
    for key, name in found.users.items():
        found.users[key] = first.setdefault(name.strip().casefold(), name) if name.strip() else ""
    return sum(bool(name) for name in found.users.values()) - len(first)


def _one_name(path: Path, count: int) -> list[Problem]:
    return _told(
        path, count, "user(s) have the name of another user and count as "
        "the same coder", "if they are two persons, give them two names in the tool",
        "coder.same")


def _clashes(path: Path, count: int) -> list[Problem]:
    return _told(
        path, count, "value(s) differ between the cases of one document; all are kept",
        "look in the table of cases for each case's own", "tool.cases")


def _conventions(path: Path, evidence: list[str]) -> list[Problem]:
    return [
        repair(path, f"positions in {evidence.count(way)} source(s) {way}", "nothing",
               rule="offset.convention", severity="note")
        for way in dict.fromkeys(evidence)
    ]
