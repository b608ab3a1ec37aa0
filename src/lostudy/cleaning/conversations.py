"""Coded interviews and the researchers' register → `interviews` and `segments` (rule C23).

Nothing coded is dropped silently: codes and coders get the study's names, a passage coded twice by
one coder becomes one segment, a withdrawn conversation leaves altogether; each is a line in the
log.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd

from lostudy.cleaning.codes import code_map, coder_map
from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.cleaning.register import REQUIRED, Conversation, read_register
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem
from lostudy.study import Study
from lostudy.study.codebook import normal

PASSAGE = ["interview", "start", "end", "text"]


@dataclass
class Conversations:
    """The two tables of one delivery, with what was changed and what is wrong."""

    interviews: pd.DataFrame = field(default_factory=pd.DataFrame)
    segments: pd.DataFrame = field(default_factory=pd.DataFrame)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def tidy_conversations(
    study: Study, delivered: Delivered, delivery: InterviewDelivery, register: Path | None
) -> Conversations:
    """The conversations of one organisation at one wave."""
    result = Conversations()
    if register is None:
        what = "coded interviews without a register of conversations"
        cure = f"put conversations.csv beside it with columns {', '.join(REQUIRED)}"
        result.problems.append(Problem(what, cure, delivered.name))
        return result
    known = read_register(register, _register_name(delivered), study, result.problems)
    names = _documents(delivery, known, delivered, result)
    segments = _segments(study, delivered, delivery, names, result)
    withdrawn = {entry.interview for entry in known.values() if entry.withdrawn}
    result.segments = _without_withdrawn(segments, withdrawn, delivered, result)
    result.interviews = _interviews(known, delivered, delivery, names, result.segments)
    return result


def _register_name(delivered: Delivered) -> str:
    return f"{delivered.organisation}/{delivered.wave}/conversations.csv"


def _documents(
    delivery: InterviewDelivery,
    known: dict[str, Conversation],
    delivered: Delivered,
    result: Conversations,
) -> dict[str, str]:
    """The tool's document key → the conversation; what is on one side only is a problem."""
    names: dict[str, str] = {}
    listed = delivery.documents[["document", "name"]].itertuples(index=False, name=None)
    for document, name in listed:
        entry = known.get(normal(str(name))) or known.get(normal(Path(str(name)).stem))
        if entry is None:
            cure = f"add a row with this document's name to {_register_name(delivered)}"
            what = "a document that is not in the register"
            result.problems.append(Problem(what, cure, delivered.name, rule="C23"))
        else:
            names[document] = entry.interview
    for entry in known.values():
        if entry.interview not in names.values():
            what = f"conversation {entry.interview} is registered but not delivered"
            cure = "mend its document name in the register, or deliver it"
            result.problems.append(Problem(what, cure, delivered.name, rule="C23"))
    return names


def _segments(
    study: Study,
    delivered: Delivered,
    delivery: InterviewDelivery,
    names: dict[str, str],
    result: Conversations,
) -> pd.DataFrame:
    told = (result.changes, result.problems)
    raw = delivery.segments[delivery.segments["document"].isin(names)].copy()
    raw["interview"] = raw["document"].map(names)
    raw["code"] = raw["code"].map(code_map(study, delivered, delivery, *told))
    coders = raw["coder"].fillna("").astype("str")
    raw["coder"] = coders.map(coder_map(study, delivered, coders[coders != ""], *told))
    raw = _with_attributes(raw, delivered, result)
    raw = _merged(raw, delivered, result)
    _log_offsets(raw, delivered, result)
    number = raw.groupby("interview").cumcount() + 1
    raw["segment"] = raw["interview"] + "-s" + number.astype("str").str.zfill(3)
    return raw[["segment", *PASSAGE, "code", "coder", "attributes", "offset_status"]]


def _with_attributes(
    raw: pd.DataFrame, delivered: Delivered, result: Conversations
) -> pd.DataFrame:
    """The coded rows, each with its attributes as text: of memo, of tool, of other codes."""
    own = pd.Series(
        [
            {**noted(memo), **(each or {})}
            for memo, each in zip(raw["memo"], raw["attributes"], strict=True)
        ],
        index=raw.index,
        dtype="object",
    )
    coded = raw[raw["code"].notna()]
    marks = coded["code"].str.contains("=")
    told = _told_by_codes(coded[marks])
    coded = coded[~marks]
    keys = list(coded[[*PASSAGE, "coder"]].itertuples(index=False, name=None))
    _log_attributes(told, set(keys), delivered, result)
    texts = [
        json.dumps({**own[row], **told.get(key, {})}, ensure_ascii=False, sort_keys=True)
        for row, key in zip(coded.index, keys, strict=True)
    ]
    return coded.assign(attributes=pd.Series(texts, index=coded.index, dtype="str"))


def noted(memo: object) -> dict[str, str]:
    """What a memo says as "name: value" or "name=value", a line each.

    >>> noted("werking: werkt\\nmooi citaat")
    {'werking': 'werkt'}
    """
    lines = memo.splitlines() if isinstance(memo, str) else []
    pairs = [
        line.replace("=", ":", 1).split(":", 1) for line in lines if ":" in line or "=" in line
    ]
    return {
        name.strip().lower(): value.strip() for name, value in pairs if name.strip().isidentifier()
    }


def _told_by_codes(marks: pd.DataFrame) -> dict[tuple, dict[str, str]]:
    """Codes that stand for an attribute ("werking=werkt" in the crosswalk), by passage."""
    told: dict[tuple, dict[str, str]] = {}
    for *place, code in marks[[*PASSAGE, "coder", "code"]].itertuples(index=False, name=None):
        name, value = code.split("=", 1)
        told.setdefault(tuple(place), {})[name] = value
    return told


def _log_attributes(
    told: dict[tuple, dict[str, str]],
    coded: set[tuple],
    delivered: Delivered,
    result: Conversations,
) -> None:
    """How many codes became an attribute, and how many had no code to be an attribute of."""
    moved = sum(len(each) for place, each in told.items() if place in coded)
    lost = sum(len(each) for place, each in told.items() if place not in coded)
    why = "a code that stands for an attribute of the passage's other codes"
    alone = "a code for an attribute, on a passage that its coder gave no other code"
    for change, reason, cells in (("moved", why, moved), ("left out", alone, lost)):
        if cells:
            what = ("segments", "*", "attributes", "C23", change, reason, "crosswalk", cells)
            result.changes.append(Change(delivered.name, *what))


def _merged(raw: pd.DataFrame, delivered: Delivered, result: Conversations) -> pd.DataFrame:
    """One row where a coder put the same code on the same passage twice."""
    place = [*PASSAGE, "code", "coder"]
    raw = raw.sort_values([*place, "attributes"])
    double = raw.duplicated(place)
    why = "the same code by the same coder on the same passage"
    result.changes.extend(
        Change(delivered.name, "segments", str(row), "code", "C23", "merged", why)
        for row in raw.loc[double, "row"]
    )
    return raw[~double].copy()


def _log_offsets(raw: pd.DataFrame, delivered: Delivered, result: Conversations) -> None:
    why = "place in the text against the quoted text"
    for status, count in raw["offset_status"].astype("str").value_counts().items():
        if status != "exact":
            change = ("segments", "*", "start", "C23", str(status), why, "rule", int(count))
            result.changes.append(Change(delivered.name, *change))


def _without_withdrawn(
    segments: pd.DataFrame, withdrawn: set[str], delivered: Delivered, result: Conversations
) -> pd.DataFrame:
    out = segments["interview"].isin(withdrawn)
    why = "the participant withdrew"
    counts = {"interview": len(withdrawn), "segment": int(out.sum())} if withdrawn else {}
    for column, count in counts.items():
        change = ("*", column, "C23", "left out", why, "register", count)
        result.changes.append(Change(delivered.name, f"{column}s", *change))
    return segments[~out].reset_index(drop=True)


def _interviews(
    known: dict[str, Conversation],
    delivered: Delivered,
    delivery: InterviewDelivery,
    names: dict[str, str],
    segments: pd.DataFrame,
) -> pd.DataFrame:
    documents = delivery.documents["document"].map(names)
    texts = dict(zip(documents, delivery.documents["text"], strict=True))
    coders = segments.groupby("interview")["coder"].agg(
        lambda each: ";".join(sorted(set(each) - {""}))
    )
    place = {"organisation": delivered.organisation, "wave": delivered.wave}
    rows = [
        {
            **asdict(entry),
            **place,
            "words": _words(texts.get(entry.interview)),
            "coders": coders.get(entry.interview, ""),
        }
        for entry in known.values()
        if not entry.withdrawn and entry.interview in texts
    ]
    frame = pd.DataFrame(rows).drop(columns="withdrawn", errors="ignore")
    return frame.sort_values("interview", ignore_index=True) if rows else frame


def _words(text: object) -> int | None:
    return len(text.split()) if isinstance(text, str) else None
