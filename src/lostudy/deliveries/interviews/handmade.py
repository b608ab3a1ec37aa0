"""Hand-made tables of coded passages, in Dutch or English, in the four shapes people make.

1. one row per passage and code (`Organisatie, Gesprek, Fragment, Code, Codeur, Opmerking`);
2. one row per passage with `Code 1` ... `Code 8`, also as `Code`, `Code 2` or under one heading
   `Code` several times, and several such families side by side;
3. one row per passage with one 0/1 column per code;
4. one sheet per question and coder, each sheet in one of the other shapes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lostudy.deliveries.files import refusal, repair
from lostudy.deliveries.interviews.assemble import Coded, code_path, from_table, uncoded_rows
from lostudy.deliveries.interviews.rows import Rows, matched, take, unread
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem

TOOL = "handmade"
HEADINGS: dict[str, tuple[str, ...]] = {
    "group": ("organisatie", "organisation", "organization", "groep", "group"),
    "document": (
        "gesprek", "interview", "document", "documentnaam", "document name", "transcript",
        "respondent", "participant", "bestand", "file", "interviewnummer", "gespreksnummer",
        "responseid", "case", "p",
    ),
    "text": (
        "fragment", "citaat", "quote", "text", "tekst", "segment", "passage", "uitspraak",
        "excerpt", "antwoord", "statement",
    ),
    "code": ("code", "codes", "label", "thema", "theme", "tag"),
    "coder": ("codeur", "coder", "gecodeerd door", "coded by", "beoordelaar", "rater"),
    "memo": ("opmerking", "opmerkingen", "memo", "comment", "notitie", "toelichting", "note"),
    "created": ("datum", "date", "gecodeerd op", "created"),
    "wave": ("meting", "wave", "moment"),
    "question": ("vraag", "question", "section", "leervraag", "varname"),
    "key": ("id", "nr", "nummer", "fragmentnummer"),
    "werking": ("werking",),
    "start": ("begin", "start", "van", "beginpositie"),
    "end": ("eind", "einde", "end", "tot", "eindpositie"),
}
ATTRIBUTES = ("wave", "question", "key", "werking")
NUMBERED = re.compile(r"(.*[^\d(])\s*\(?(\d{1,2})\)?")
YES = frozenset({"1", "x", "ja", "yes", "true", "waar", "v", "✓"})
NO = frozenset({"", "0", "nee", "no", "false", "onwaar", "-"})
LONG_TEXT = 25
DOCUMENT = re.compile(r"(interview|gesprek|document|transcript|respondent|participant)\W?.*\d",
                      re.IGNORECASE)
QUESTION = re.compile(r"(vraag|question|leervraag)\W?\s*\d+$", re.IGNORECASE)
DEFAULT = re.compile(r"(blad|sheet|tabelle|feuille?|hoja|foglio)\s*\d*", re.IGNORECASE)


def shape(rows: Rows) -> str | None:
    """Which of the shapes a sheet has, in words, or None."""
    fields, numbered = matched(rows, HEADINGS), families(rows)
    if "code" in fields and "text" in fields and not numbered:
        return "one row per passage and code"
    if numbered:
        return "numbered code columns (" + ", ".join(list(numbered)[:4]) + ")"
    if len(indicators(rows)) >= 2 and text_column(rows):
        return f"{len(indicators(rows))} columns of 0 and 1, one per code"
    return None


def recognise(sheets: Sequence[Rows]) -> str | None:
    """The evidence that these are hand-made codings, or None."""
    shapes = [(rows, found) for rows in sheets if (found := shape(rows))]
    if not shapes:
        return None
    more = f", in {len(shapes)} sheets" if len(shapes) > 1 else ""
    return f"{shapes[0][1]}{more}"


def read_tables(path: Path, sheets: Sequence[Rows], evidence: str) -> InterviewDelivery:
    """All sheets that hold codings; the others are named and left out."""
    coding = [rows for rows in sheets if shape(rows)]
    if not coding:
        raise refusal(
            path, "no sheet holds coded passages; looked for a text column with a Code column, "
            "with Code 1, Code 2 ..., or with 0/1 columns",
            "give the columns these headings", row=1, rule="handmade.shape")
    people = _coders_of_sheets([rows.sheet for rows in coding])
    told = [
        _with_sheet(one, rows.sheet, people, len(coding) > 1)
        for rows in coding for one in _told(rows)
    ]
    coded = [one for one in told if one.code]
    uncoded = [one for one in told if not one.code]
    problems = [problem for rows in coding for problem in rows.repairs]
    problems += [*uncoded_rows(path, len(uncoded)), *_unread_places(path, coding)]
    problems += unread((rows, _read(rows)) for rows in coding)
    if len(coding) < len(sheets):
        problems.append(repair(
            path, f"{len(sheets) - len(coding)} sheet(s) hold no coded passages and were not read",
            "nothing, if these are code books or totals", rule="handmade.sheets",
            severity="note"))
    read = [one for one in uncoded if one.document and one.text.strip()]
    return from_table(
        path, TOOL, evidence, coded, uncoded=read, repairs=problems, **coding[0].how())


def _place(
    record: dict[str, str], fields: dict[str, str], text: str | None
) -> tuple[int, int] | None:
    """Where the passage stands; numbers that are no signs (lines, minutes) are left alone."""
    start, end = (take(record, fields, name) for name in ("start", "end"))
    if text is None or not (start.isdigit() and end.isdigit()):
        return None
    fits = int(end) - int(start) == len(record[text].strip()) > 0
    return (int(start), int(end)) if fits else None


def _unread_places(path: Path, coding: Sequence[Rows]) -> Iterator[Problem]:
    """A note where begin and end are given and do not fit the words."""
    for rows in coding:
        fields = matched(rows, HEADINGS)
        text = fields.get("text") or text_column(rows)
        given = [(number, record) for number, record in rows
                 if any(take(record, fields, name) for name in ("start", "end"))]
        odd = [number for number, record in given if _place(record, fields, text) is None]
        if odd:
            yield repair(
                path, f"begin and end of {len(odd)} passage(s) do not fit the length of the words: "
                "not read as places in the text",
                "give the places as numbers of signs, or leave these columns out", row=odd[0],
                rule="handmade.places", severity="note")


def _told(rows: Rows) -> Iterator[Coded]:
    """Each code on a passage; a passage without a code once, with an empty one."""
    fields = matched(rows, HEADINGS)
    text = fields.get("text") or text_column(rows)
    numbered, flags = families(rows), indicators(rows)
    wide = "code" not in fields or bool(numbered)
    headings = dict(zip(rows.folded(), (each.strip() for each in rows.headings), strict=True))
    paths: list[tuple[tuple[str, ...], dict[str, str]]]
    for number, record in rows:
        base = Coded(
            take(record, fields, "document"), (), number, coder=take(record, fields, "coder"),
            text=record[text] if text else "", place=_place(record, fields, text),
            group=take(record, fields, "group"),
            memo=take(record, fields, "memo"), created=take(record, fields, "created"),
            attributes={
                name: take(record, fields, name)
                for name in ATTRIBUTES if take(record, fields, name)
            })
        if not wide:
            paths = [(code_path(part), {})
                     for part in re.split(r"[;\n]", take(record, fields, "code"))]
        elif numbered:
            paths = _numbered(record, numbered, headings)
        else:
            paths = [(code_path(name), {}) for key, name in flags.items()
                     if record[key].strip().casefold() in YES]
        given = [(path, more) for path, more in paths if path]
        for path, more in given or [((), {})]:
            yield replace(base, code=path, attributes=base.attributes | more)


def _read(rows: Rows) -> set[str]:
    """The columns of a sheet that are read."""
    fields, numbered, text = matched(rows, HEADINGS), families(rows), text_column(rows)
    read = {*fields.values(), *(key for keys in numbered.values() for key in keys)}
    if text:
        read.add(text)
    return read if numbered or "code" in fields else read | set(indicators(rows))


def families(rows: Rows) -> dict[str, list[str]]:
    """Family -> its numbered columns; a family begins at 1 and has at least two columns.

    A heading for codes may stand without a number: `Code`, `Code 2`, or `Code` above two columns.
    """
    found: dict[str, dict[int, str]] = {}
    plain: dict[str, str] = {}
    for heading, key in zip(rows.headings, rows.folded(), strict=True):
        match = NUMBERED.fullmatch(heading.strip())
        if match and not re.fullmatch(r"column", match.group(1).strip()):
            found.setdefault(match.group(1).strip(), {})[int(match.group(2))] = key
        elif key in HEADINGS["code"]:
            plain[key] = heading.strip()
    kept = {
        name: [columns[number] for number in sorted(columns)]
        for name, columns in found.items() if _is_family(rows, name.casefold(), columns, plain)
    }
    beside = {name: [*(key for key in plain if key == name.casefold()), *keys]
              for name, keys in kept.items()}
    alone = set(plain) - {key for keys in beside.values() for key in keys}
    return beside | ({plain[key]: [key] for key in plain if key in alone} if kept else {})


def _is_family(rows: Rows, name: str, columns: dict[int, str], plain: dict[str, str]) -> bool:
    if name in HEADINGS["code"]:
        return name in plain or {1, 2} <= set(columns)
    return {1, 2} <= set(columns) and _hold_codes(rows, list(columns.values()))


def _hold_codes(rows: Rows, keys: list[str]) -> bool:
    """Codes repeat and are short; answers to numbered questions are neither."""
    cells = [record[key].strip() for _, record in rows for key in keys if record[key].strip()]
    return bool(cells) and max(map(len, cells)) <= 80


def _numbered(
    record: dict[str, str], found: dict[str, list[str]], headings: dict[str, str]
) -> list[tuple[tuple[str, ...], dict[str, str]]]:
    """Paths with the column that each stands in: it tells which code is compared with which.

    A cell with spaces around its code is the same code; how it was written is kept beside it.
    """
    paths = []
    for name, keys in found.items():
        head = () if name.casefold() in HEADINGS["code"] else (name,)
        for key in keys:
            for part in [record[key]] if head else re.split(r"[;\n]", record[key]):
                path = code_path(part)
                if path:
                    odd = {"written": part} if part != part.strip() and part == record[key] else {}
                    paths.append(((*head, *path), {"column": headings[key], **odd}))
    return paths


def indicators(rows: Rows) -> dict[str, str]:
    """Folded heading -> heading, of columns that hold only yes and no, and at least one yes."""
    known = set(matched(rows, HEADINGS).values())
    found = {}
    for heading, key in zip(rows.headings, rows.folded(), strict=True):
        cells = {record[key].strip().casefold() for _, record in rows}
        if key not in known and cells <= YES | NO and cells & YES:
            found[key] = heading.strip()
    return found


def text_column(rows: Rows) -> str | None:
    """The column of passages: known by its heading, else the one with long, various texts."""
    named = matched(rows, HEADINGS).get("text")
    if named:
        return named
    lengths = {
        key: sum(len(record[key]) for _, record in rows) / max(1, len(rows.records))
        for key in rows.folded()
    }
    longest = max(lengths, key=lambda key: lengths[key], default=None)
    return longest if longest and lengths[longest] >= LONG_TEXT else None


def _coders_of_sheets(names: list[str]) -> dict[str, tuple[str, str]]:
    """Sheet -> (coder, question), where names read `question - coder` and a part comes back.

    >>> _coders_of_sheets(["V1 - Anna", "V2 - Anna", "V1 - Bo", "V2 - Bo"])["V2 - Bo"]
    ('Bo', 'V2')
    """
    parts = {name: [p.strip() for p in re.split(r"\s[-–]\s|_|\s[x×]\s", name)] for name in names}
    split = {name: (found[0], found[1]) for name, found in parts.items() if len(found) == 2}
    times = Counter(part for found in split.values() for part in found)
    if max(times.values(), default=0) < 2:
        return {}
    numbered = [tuple(any(map(str.isdigit, part)) for part in found) for found in split.values()]
    coder = 0 if all(found == (False, True) for found in numbered) else 1
    return {name: (found[coder], found[1 - coder]) for name, found in split.items()}


def _names_document(sheet: str) -> bool:
    """Whether a sheet is called after a conversation, as "Interview 3"."""
    return DOCUMENT.match(sheet.strip()) is not None


def _with_sheet(
    one: Coded, sheet: str, people: dict[str, tuple[str, str]], several: bool
) -> Coded:
    """Where rows do not name a coder, the sheet does, unless it is called after something else."""
    if _names_document(sheet):
        return one if one.document else replace(one, document=sheet)
    if not several or not sheet or DEFAULT.fullmatch(sheet.strip()):
        return one
    if QUESTION.match(sheet.strip()):
        return replace(one, attributes={"question": sheet, **one.attributes})
    coder, question = people.get(sheet, (sheet, ""))
    extra = {"sheet": sheet} | ({"question": question} if question else {})
    return replace(one, coder=one.coder or coder, attributes={**extra, **one.attributes})
