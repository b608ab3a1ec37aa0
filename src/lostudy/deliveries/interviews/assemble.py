"""The three tables of an interview delivery, put together the same way for every tool."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from lostudy.deliveries.files import refusal, repair, sha256
from lostudy.deliveries.interviews.told import lookalikes, offsets_note, unknown_codes
from lostudy.deliveries.tables import (
    CASES,
    CODES,
    DOCUMENTS,
    HISTORY,
    NOTES,
    SEGMENTS,
    InterviewDelivery,
    Source,
)
from lostudy.errors import Problem

BETWEEN = " > "
VALUES_BETWEEN = "; "
OBJECTS: dict[str, Any] = {"variables": {}, "attributes": {}, "parents": ()}
NUMBERS = ("start", "end", "row")


@dataclass(frozen=True)
class Coded:
    """One row of a table of coded passages; `code` is the path of names from the root.

    `place`: from which to before which sign the passage stands, where the table says so.
    """

    document: str
    code: tuple[str, ...]
    row: int
    coder: str = ""
    text: str = ""
    group: str = ""
    memo: str = ""
    created: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    place: tuple[int, int] | None = None


def deliver(
    path: Path | str,
    tool: str,
    evidence: str,
    *,
    documents: Sequence[dict[str, Any]],
    codes: Sequence[dict[str, Any]],
    segments: Sequence[dict[str, Any]],
    cases: Sequence[dict[str, Any]] = (),
    notes: Sequence[dict[str, Any]] = (),
    history: Sequence[dict[str, Any]] = (),
    kinds: Mapping[str, str] | None = None,
    repairs: Iterable[Problem] = (),
    encoding: str = "",
    separator: str = "",
    fingerprint: str = "",
) -> InterviewDelivery:
    """The delivery; absent keys are missing values, and coder names that look alike are noted.

    Of two documents or codes under one key the first stands in the tables, and it is told.
    """
    source = Source(
        str(path), tool, evidence, fingerprint or sha256(path), encoding, separator
    )
    problems = [*repairs, *lookalikes(path, segments), *offsets_note(path, segments)]
    problems += unknown_codes(path, tool, codes, segments)
    documents, missing = _with_all_documents(path, documents, segments)
    problems += missing
    tables = {}
    for key, rows in (("document", documents), ("code", codes)):
        tables[key] = list({row[key]: row for row in reversed(rows)}.values())[::-1]
        problems += _twice(path, key, len(rows) - len(tables[key]))
    return InterviewDelivery(
        source, frame(tables["document"], DOCUMENTS), frame(tables["code"], CODES),
        frame(segments, SEGMENTS), tuple(problems),
        frame(cases, CASES), frame(notes, NOTES), frame(history, HISTORY), kinds or {})


def _with_all_documents(
    path: Path | str, documents: Sequence[dict[str, Any]], segments: Sequence[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The documents, and a nameless one for passages of a document that is not in the file."""
    known = {each["document"] for each in documents}
    lost = [each for each in segments if each["document"] not in known]
    more = [{"document": key} for key in dict.fromkeys(each["document"] for each in lost)]
    if not lost:
        return list(documents), []
    return [*documents, *more], [repair(
        path, f"{len(lost)} passage(s) stand in a document that is not in the file; they are kept",
        "export the project again", rule="tool.documents", severity="note")]


def _twice(path: Path | str, key: str, count: int) -> list[Problem]:
    if not count:
        return []
    return [repair(
        path, f"{count} {key}(s) have the key of another {key} and are taken as the same",
        "look up in the tool whether they are", rule="tool.twice", severity="note")]


def frame(rows: Sequence[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    """Records as a table with these columns and the types that a delivery has."""
    table: dict[str, Any] = {}
    for name in columns:
        cells = [row.get(name) for row in rows]
        if name in OBJECTS:
            table[name] = pd.Series([cell or OBJECTS[name] for cell in cells], dtype="object")
        elif name in NUMBERS:
            table[name] = pd.array([pd.NA if c is None else c for c in cells], dtype="Int64")
        else:
            table[name] = pd.Series([None if c in (None, "") else c for c in cells], dtype="str")
    return pd.DataFrame(table, columns=columns)


def with_paths(codes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Codes with `path`, the names from the root, and `parents`, all keys above.

    A parent that does not exist is no parent, and neither is one by which a code would stand
    under itself.
    """
    known = {code["code"]: code for code in codes}
    parents = {key: code.get("parent") for key, code in known.items()}
    for key in parents:
        if parents[key] not in known or key in _above(key, parents):
            parents[key] = None
    out = []
    for code in codes:
        key, others = code["code"], code.get("parents", ())
        up = parents[key]
        more = [each for each in others if each in known and each not in (up, key)]
        names = [known[each]["name"] or "" for each in (*reversed(_above(key, parents)), key)]
        all_above = (() if up is None else (up,)) + tuple(dict.fromkeys(more))
        out.append({**code, "parent": up, "parents": all_above, "path": BETWEEN.join(names)})
    return out


def _above(key: str, parents: dict[str, str | None]) -> list[str]:
    """The keys above a code, nearest first; a circle is walked once."""
    found: list[str] = []
    up = parents.get(key)
    while up is not None and up not in found and up in parents:
        found.append(up)
        up = parents[up]
    return found


def circles(path: Path | str, codes: Sequence[dict[str, Any]]) -> list[Problem]:
    """A note where codes stand under themselves; the circle is cut where it was first met."""
    parents = {code["code"]: code.get("parent") for code in codes}
    caught = sum(key in _above(key, parents) for key in parents)
    if not caught:
        return []
    return [repair(
        path, f"{caught} code(s) stand under themselves; the circle was cut open",
        "mend the code tree in the tool", rule="tool.circle", severity="note")]


def join_values(known: dict[str, str], more: dict[str, str]) -> int:
    """Put a case's variables beside a document's; where they differ both stand.

    >>> known = {"rol": "leider"}
    >>> join_values(known, {"rol": "lid", "team": "1"}), known["rol"]
    (1, 'leider; lid')
    """
    clashes = 0
    for name, value in more.items():
        had = known[name].split(VALUES_BETWEEN) if name in known else []
        clashes += bool(had) and value not in had
        known[name] = VALUES_BETWEEN.join(dict.fromkeys([*had, value]))
    return clashes


def code_path(text: str, separators: str = r"\\|\s>\s|::|\s*->\s*") -> tuple[str, ...]:
    """The names in a code's path.

    >>> code_path("Reflectie\\\\Tijd"), code_path("Reflectie > Tijd"), code_path("Tijd")
    (('Reflectie', 'Tijd'), ('Reflectie', 'Tijd'), ('Tijd',))
    """
    return tuple(part.strip() for part in re.split(separators, text) if part.strip())


def from_table(
    path: Path | str,
    tool: str,
    evidence: str,
    rows: Sequence[Coded],
    *,
    uncoded: Sequence[Coded] = (),
    codes: Sequence[tuple[tuple[str, ...], str]] = (),
    of: int = 0,
    repairs: Iterable[Problem] = (),
    encoding: str = "",
    separator: str = "",
) -> InterviewDelivery:
    """A delivery from a table without texts: documents and codes are those the rows name.

    A document's key is its group and name together: two coders can hold one document twice. `of`:
    how many rows the table has; those that carry no code are told. `uncoded`: passages that were
    read and got no code; their documents are there too, because who was read and not coded was
    silent, and who is absent was not read.
    """
    if not rows and not codes:
        raise refusal(
            path, "there is no coded passage in the file",
            "export the coded passages, not an empty selection", rule="interviews.empty")
    documents = {document_key(row): row for row in (*uncoded, *rows)}
    without = uncoded_rows(path, of - len({row.row for row in rows}))
    without += _nowhere(path, [row.row for row in rows if not row.document])
    return deliver(
        path, tool, evidence, repairs=[*repairs, *without],
        encoding=encoding, separator=separator,
        documents=[
            {"document": key, "name": row.document, "group": row.group}
            for key, row in documents.items()
        ],
        codes=code_rows([row.code for row in rows], dict(codes)),
        segments=[_segment(row) for row in rows],
    )


def uncoded_rows(path: Path | str, count: int) -> list[Problem]:
    """A passage without a code is no segment; how many there are is told."""
    if count <= 0:
        return []
    return [repair(
        path, f"{count} row(s) carry no code and give no segment",
        "nothing, if these passages were read and not coded", rule="tool.uncoded",
        severity="note")]


def _nowhere(path: Path | str, rows: Sequence[int]) -> list[Problem]:
    """A note where nobody wrote down in which document a passage stands."""
    count = len(set(rows))
    return [] if not count else [repair(
        path, f"{count} row(s) do not say in which document the passage stands",
        "fill in the document in every row; an empty cell does not mean the one above it",
        rows=rows, rule="tool.document", severity="note")]


def document_key(row: Coded) -> str:
    """Group and name; the name alone where there is no group."""
    return f"{row.group}{BETWEEN}{row.document}" if row.group else row.document


def _segment(row: Coded) -> dict[str, Any]:
    return {
        "document": document_key(row), "code": BETWEEN.join(row.code), "coder": row.coder,
        "text": row.text, "offset_status": "unverified" if row.place else "absent",
        "start": row.place[0] if row.place else None, "end": row.place[1] if row.place else None,
        "memo": row.memo, "created": row.created,
        "attributes": row.attributes, "row": row.row,
    }


def code_rows(
    paths: Iterable[tuple[str, ...]], descriptions: dict[tuple[str, ...], str] | None = None
) -> list[dict[str, Any]]:
    """Codes keyed by their path, with the codes above them."""
    described = descriptions or {}
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for path in [*described, *paths]:
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            key = BETWEEN.join(part)
            rows.setdefault(part, {
                "code": key, "name": part[-1], "parent": BETWEEN.join(part[:-1]), "path": key,
                "description": described.get(part, ""),
                "parents": (BETWEEN.join(part[:-1]),) if depth > 1 else (),
            })
    return list(rows.values())
