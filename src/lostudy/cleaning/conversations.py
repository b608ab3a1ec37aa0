"""Coded interviews and the researchers' register → the tables `interviews` and `segments` (rule C23).

Nothing coded is dropped silently: codes and coders get the study's names, a passage coded twice by
one coder becomes one segment, a withdrawn conversation leaves altogether; each is a line in the log.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem
from lostudy.study import Code, Study
from lostudy.study.codebook import normal
from lostudy.study.sheets import read_sheet

REGISTER = ("document", "conversation", "role_band", "questions_asked", "consent")
REGISTER_EXTRA = ("date", "minutes", "withdrawn", "note")


@dataclass
class Conversations:
    """The two tables of one delivery, with what was changed and what is wrong."""

    interviews: pd.DataFrame
    segments: pd.DataFrame
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def tidy_conversations(
    study: Study, delivered: Delivered, delivery: InterviewDelivery, register: Path | None
) -> Conversations:
    """The conversations of one organisation at one wave."""
    result = Conversations(pd.DataFrame(), pd.DataFrame())
    if register is None:
        cure = f"put conversations.csv beside it with columns {', '.join(REGISTER)}"
        result.problems.append(
            Problem("coded interviews without a register of conversations", cure, delivered.name)
        )
        return result
    known = _register(register, study, delivered, result)
    names = _documents(delivery, known, delivered, result)
    segments = _segments(study, delivered, delivery, names, result)
    withdrawn = {row["interview"] for row in known.values() if row["withdrawn"]}
    result.segments = _without_withdrawn(segments, withdrawn, delivered, result)
    result.interviews = _interviews(known, delivered, delivery, names, result.segments)
    return result


def _register(
    path: Path, study: Study, delivered: Delivered, result: Conversations
) -> dict[str, dict]:
    """Document name → what the researchers wrote down about the conversation."""
    questions = {question.id for question in study.questions}
    known: dict[str, dict] = {}
    for row in read_sheet(path, REGISTER, REGISTER_EXTRA, result.problems):
        asked = row["questions_asked"].lower().replace(";", " ").split()
        for question in (each for each in asked if each not in questions):
            cure = f"one of: {', '.join(sorted(questions))}"
            result.problems.append(
                Problem(
                    f"question '{question}' does not exist",
                    cure,
                    _register_name(delivered),
                    row.number,
                    "questions_asked",
                )
            )
        if normal(row["document"]) in known:
            result.problems.append(
                Problem(
                    "a document stands twice",
                    "keep one row",
                    _register_name(delivered),
                    row.number,
                    "document",
                )
            )
        known[normal(row["document"])] = {
            "interview": row["conversation"],
            "role_band": row["role_band"],
            "minutes": int(row["minutes"]) if row["minutes"].isdigit() else None,
            "consent": row["consent"].lower() in ("yes", "ja", "1", "true"),
            "withdrawn": row["withdrawn"].lower() in ("yes", "ja", "1", "true"),
            "questions_asked": ";".join(asked),
        }
    return known


def _register_name(delivered: Delivered) -> str:
    return f"{delivered.organisation}/{delivered.wave}/conversations.csv"


def _documents(
    delivery: InterviewDelivery, known: dict[str, dict], delivered: Delivered, result: Conversations
) -> dict[str, str]:
    """The tool's document key → the conversation; a document that is not registered is a problem."""
    names: dict[str, str] = {}
    for document, name in zip(
        delivery.documents["document"], delivery.documents["name"], strict=True
    ):
        entry = known.get(normal(str(name))) or known.get(normal(Path(str(name)).stem))
        if entry is None:
            cure = f"add a row with this document's name to {_register_name(delivered)}"
            result.problems.append(
                Problem("a document that is not in the register", cure, delivered.name, rule="C23")
            )
        else:
            names[document] = entry["interview"]
    for entry in known.values():
        if entry["interview"] not in names.values():
            cure = "mend its document name in the register, or deliver it"
            result.problems.append(
                Problem(
                    f"conversation {entry['interview']} is registered but not delivered",
                    cure,
                    delivered.name,
                    rule="C23",
                )
            )
    return names


def _segments(
    study: Study,
    delivered: Delivered,
    delivery: InterviewDelivery,
    names: dict[str, str],
    result: Conversations,
) -> pd.DataFrame:
    raw = delivery.segments[delivery.segments["document"].isin(names)].copy()
    raw["interview"] = raw["document"].map(names)
    raw["code"] = raw["code"].map(_code_map(study, delivered, delivery, result))
    raw["coder"] = raw["coder"].fillna("").map(_coder_map(study, delivered, raw["coder"], result))
    raw["attributes"] = [
        {**_noted(memo), **(each or {})}
        for memo, each in zip(raw["memo"], raw["attributes"], strict=True)
    ]
    raw = _attributes_from_codes(raw[raw["code"].notna()])
    raw["attributes"] = raw["attributes"].map(
        lambda each: json.dumps(each, ensure_ascii=False, sort_keys=True)
    )
    place = ["interview", "start", "end", "text", "code", "coder"]
    raw = raw.sort_values(place)
    double = raw.duplicated(place)
    for row in raw.loc[double, "row"]:
        result.changes.append(
            Change(
                delivered.name,
                "segments",
                str(row),
                "code",
                "C23",
                "merged",
                "the same code by the same coder on the same passage",
            )
        )
    _log_offsets(raw, delivered, result)
    raw = raw[~double]
    number = raw.groupby("interview").cumcount() + 1
    raw["segment"] = raw["interview"] + "-s" + number.astype("str").str.zfill(3)
    return raw[["segment", *place[:4], "code", "coder", "attributes", "offset_status"]]


def _noted(memo: object) -> dict[str, str]:
    """What a memo says as "name: value" or "name=value", a line each.

    >>> _noted("werking: werkt\\nmooi citaat")
    {'werking': 'werkt'}
    """
    lines = memo.splitlines() if isinstance(memo, str) else []
    pairs = [
        line.replace("=", ":", 1).split(":", 1) for line in lines if ":" in line or "=" in line
    ]
    return {
        name.strip().lower(): value.strip() for name, value in pairs if name.strip().isidentifier()
    }


def _attributes_from_codes(raw: pd.DataFrame) -> pd.DataFrame:
    """Codes that stand for an attribute ("werking=werkt" in the crosswalk) go to their passage's other codes."""
    marks = raw["code"].str.contains("=")
    if not marks.any():
        return raw
    place = ["interview", "start", "end", "text", "coder"]
    told: dict[tuple, dict[str, str]] = {}
    for row in raw[marks].itertuples():
        name, value = str(row.code).split("=", 1)
        told.setdefault(tuple(getattr(row, column) for column in place), {})[name] = value
    coded = raw[~marks].copy()
    keys = coded[place].itertuples(index=False, name=None)
    coded["attributes"] = [
        {**each, **told.get(key, {})} for each, key in zip(coded["attributes"], keys, strict=True)
    ]
    return coded


def _log_offsets(raw: pd.DataFrame, delivered: Delivered, result: Conversations) -> None:
    for status, rows in raw.groupby("offset_status", observed=True):
        if status != "exact":
            result.changes.append(
                Change(
                    delivered.name,
                    "segments",
                    "*",
                    "start",
                    "C23",
                    str(status),
                    "place in the text against the quoted text",
                    cells=len(rows),
                )
            )


def _code_map(
    study: Study, delivered: Delivered, delivery: InterviewDelivery, result: Conversations
) -> dict[str, str]:
    """The tool's code key → the study's code: by crosswalk, else by exact id or label."""
    crosswalk = study.crosswalks.get(f"{delivered.organisation}-{delivered.wave}-interviews", ())
    mapped = {normal(row.source): row.target for row in crosswalk}
    own = _own_names(study.codes)
    used = set(delivery.segments["code"].dropna())
    codes: dict[str, str] = {}
    for key, name, path in zip(
        delivery.codes["code"], delivery.codes["name"], delivery.codes["path"], strict=True
    ):
        spellings = [normal(str(each)) for each in (path, name) if isinstance(each, str)]
        target = next((mapped[each] for each in spellings if each in mapped), None)
        target = target or next((own[each] for each in spellings if each in own), None)
        if target is None and key in used:
            cure = (
                "map it in "
                f"codebook/crosswalk/{delivered.organisation}-{delivered.wave}-interviews.csv, or ignore it there with a note"
            )
            result.problems.append(
                Problem(f"code '{name}' is not in the codebook", cure, delivered.name, rule="C23")
            )
        if target is not None and target != "ignore":
            codes[key] = target
        elif target == "ignore" and key in used:
            count = int((delivery.segments["code"] == key).sum())
            result.changes.append(
                Change(
                    delivered.name,
                    "segments",
                    "*",
                    "code",
                    "C23",
                    "left out",
                    f"code '{name}' is ignored by the crosswalk",
                    "crosswalk",
                    count,
                )
            )
    return codes


def _own_names(codes: dict[str, Code]) -> dict[str, str]:
    """Ids and labels of the codebook, where they mean one code only."""
    names: dict[str, set[str]] = {}
    for code in codes.values():
        for spelling in {code.id, code.label.nl, code.label.en}:
            names.setdefault(normal(spelling), set()).add(code.id)
    assignable = {each.id for each in codes.values() if each.assignable}
    clear = {name: (ids & assignable or ids) for name, ids in names.items() if name}
    return {name: next(iter(ids)) for name, ids in clear.items() if len(ids) == 1}


def _coder_map(
    study: Study, delivered: Delivered, coders: pd.Series, result: Conversations
) -> dict[str, str]:
    """Coder names as written → the study's coders; names that look alike are noted."""
    written = sorted({str(name) for name in coders.dropna()} | {""})
    mapped = {name: study.coder(name) for name in written}
    for name, coder in mapped.items():
        if name.strip() != coder:
            count = int((coders == name).sum())
            result.changes.append(
                Change(
                    delivered.name,
                    "segments",
                    "*",
                    "coder",
                    "C23",
                    "renamed",
                    "an alias in coders.csv",
                    "crosswalk",
                    count,
                )
            )
    distinct = sorted(set(mapped.values()) - {""})
    for position, one in enumerate(distinct):
        for other in distinct[position + 1 :]:
            if _alike(one, other):
                cure = (
                    "if they are one person, say so in codebook/coders.csv; two names fake a "
                    "second coder"
                )
                result.problems.append(
                    Problem(
                        "two coder names look alike",
                        cure,
                        delivered.name,
                        rule="C23",
                        severity="note",
                    )
                )
    return mapped


def _alike(one: str, other: str) -> bool:
    one, other = normal(one), normal(other)
    if one[-1:].isdigit() and other[-1:].isdigit():
        return False
    return (
        one in other.split()
        or other in one.split()
        or difflib.SequenceMatcher(None, one, other).ratio() > 0.85
    )


def _without_withdrawn(
    segments: pd.DataFrame, withdrawn: set[str], delivered: Delivered, result: Conversations
) -> pd.DataFrame:
    out = segments["interview"].isin(withdrawn)
    if withdrawn:
        result.changes.append(
            Change(
                delivered.name,
                "interviews",
                "*",
                "interview",
                "C23",
                "left out",
                "the participant withdrew",
                "register",
                len(withdrawn),
            )
        )
        result.changes.append(
            Change(
                delivered.name,
                "segments",
                "*",
                "segment",
                "C23",
                "left out",
                "the participant withdrew",
                "register",
                int(out.sum()),
            )
        )
    return segments[~out].reset_index(drop=True)


def _interviews(
    known: dict[str, dict],
    delivered: Delivered,
    delivery: InterviewDelivery,
    names: dict[str, str],
    segments: pd.DataFrame,
) -> pd.DataFrame:
    texts = dict(
        zip(delivery.documents["document"].map(names), delivery.documents["text"], strict=True)
    )
    coders = segments.groupby("interview")["coder"].agg(
        lambda each: ";".join(sorted(set(each) - {""}))
    )
    rows = []
    for entry in known.values():
        if not entry["withdrawn"] and entry["interview"] in names.values():
            text = texts.get(entry["interview"])
            words = len(text.split()) if isinstance(text, str) else None
            place = {"organisation": delivered.organisation, "wave": delivered.wave}
            rows.append(
                {
                    **{key: value for key, value in entry.items() if key != "withdrawn"},
                    **place,
                    "words": words,
                    "coders": coders.get(entry["interview"], ""),
                }
            )
    return (
        pd.DataFrame(rows).sort_values("interview").reset_index(drop=True)
        if rows
        else pd.DataFrame()
    )
