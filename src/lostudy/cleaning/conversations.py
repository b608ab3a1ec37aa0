"""Coded interviews and the researchers' register → `interviews` and `segments` (rule C23).

Nothing coded is dropped silently: codes and coders get the study's names, a passage coded twice by
one coder becomes one segment, a withdrawn conversation leaves altogether; each is a line in the
log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pandas as pd

from lostudy.cleaning.answers import counted
from lostudy.cleaning.attributes import with_attributes
from lostudy.cleaning.codes import check_dates, code_map, coder_map, rows_of, todays
from lostudy.cleaning.documents import matching, mistakable
from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.cleaning.passages import merged
from lostudy.cleaning.register import REQUIRED, Conversation, read_register
from lostudy.deliveries.identifiers import identifying_rows
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem
from lostudy.study import Study

PASSAGE = ["interview", "start", "end", "text"]
WITHDREW = "the participant withdrew"


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
        result.problems.append(delivered.problem(what, cure, "C23", topic="register.missing"))
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
    found = matching(delivery, known)
    doubtful = mistakable(delivery, found, known, delivered, result.problems)
    names: dict[str, str] = {}
    for document, at in found.items():
        if at is None:
            cure = f"add a row with this document's name to {_register_name(delivered)}"
            what, rows = _unregistered(delivery, document)
            result.problems.append(
                delivered.problem(what, cure, "C23", rows, topic="document.unknown")
            )
        elif document not in doubtful:
            names[document] = known[at].interview
    told = {known[at].interview for at in found.values() if at is not None}
    for entry in known.values():
        if entry.interview not in told:
            what = f"conversation {entry.interview} is registered but not delivered"
            cure = "mend its document name in the register, or deliver it"
            result.problems.append(delivered.problem(what, cure, "C23", topic="document.missing"))
    return names


def _unregistered(delivery: InterviewDelivery, document: object) -> tuple[str, tuple[int, ...]]:
    """What to say of a document that the register does not have, and where it stands."""
    if isinstance(document, str):
        named = delivery.documents.loc[delivery.documents["document"] == document, "name"]
        what = f"a document that is not in the register ('{named.iloc[0]}')"
        return what, rows_of(delivery.segments, "document", document)
    rows = delivery.segments.loc[delivery.segments["document"].isna(), "row"].dropna()
    return "passages of no document", tuple(dict.fromkeys(int(row) for row in rows))


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
    result.changes += _log_documents(raw, delivered)
    codes = code_map(study, delivered, delivery, *told)
    check_dates(study, delivered, raw, codes, result.problems)
    raw["code"] = raw["code"].map(todays(study, codes))
    coders = raw["coder"].fillna("").astype("str")
    raw["coder"] = coders.map(coder_map(study, delivered, coders, raw["row"], *told))
    raw = with_attributes(study, raw, delivered, *told)
    result.problems += [*_identifying(raw, delivered), *_without_coder(raw, delivered)]
    raw = merged(raw, _texts(delivery, names), delivered, result.changes)
    _log_offsets(raw, delivered, result)
    number = raw.groupby("interview").cumcount() + 1
    raw["segment"] = raw["interview"] + "-s" + number.astype("str").str.zfill(3)
    return raw[["segment", *PASSAGE, "code", "coder", "attributes", "offset_status"]]


def _identifying(raw: pd.DataFrame, delivered: Delivered) -> Iterator[Problem]:
    """A note where the words of a passage point straight at a person (C2)."""
    words = raw.loc[raw["row"].notna() & raw["text"].notna()].drop_duplicates("row")
    cells = pd.Series(words["text"].astype("str").to_numpy(), words["row"].astype("int64"))
    for kind, rows in identifying_rows(cells).items():
        what = f"{kind} stands in the words of {counted(len(rows), 'passage')}"
        cure = "take it out of the transcript and code that again: passages are kept word by word"
        yield delivered.problem(
            what, cure, "C2", rows, severity="note", topic="identifier.passage"
        )


def _without_coder(raw: pd.DataFrame, delivered: Delivered) -> Iterator[Problem]:
    """A note where some passages name their coder and others do not."""
    without = raw["coder"] == ""
    if without.any() and not without.all():
        rows = raw.loc[without, "row"].dropna()
        what = f"{counted(int(without.sum()), 'passage')} without a coder, where others have one"
        cure = "fill in who coded them: agreement between coders is worked out without them"
        yield delivered.problem(what, cure, "C23", rows, severity="note", topic="coder.none")


def _log_documents(raw: pd.DataFrame, delivered: Delivered) -> list[Change]:
    """Which conversation each document is, by the register."""
    counts = raw["document"].value_counts().to_dict()
    interviews = dict(zip(raw["document"], raw["interview"], strict=True))
    why = "the conversation that the register names for this document"
    return [
        Change(
            delivered.name, "segments", "*", "interview", "C23", "read", why, "register",
            int(counts[document]), str(document), interview,
        )
        for document, interview in interviews.items()
    ]


def _texts(delivery: InterviewDelivery, names: dict[str, str]) -> dict[str, str]:
    """Conversation → its text, where the delivery holds it."""
    listed = zip(delivery.documents["document"], delivery.documents["text"], strict=True)
    return {
        names[document]: text
        for document, text in listed
        if document in names and isinstance(text, str)
    }


def _log_offsets(raw: pd.DataFrame, delivered: Delivered, result: Conversations) -> None:
    why = "place in the text against the quoted text"
    for status, count in raw["offset_status"].astype("str").value_counts().items():
        if status != "exact":
            change = ("segments", "*", "start", "C23", str(status), why, "rule", int(count))
            result.changes.append(Change(delivered.name, *change))


def _without_withdrawn(
    segments: pd.DataFrame, withdrawn: set[str], delivered: Delivered, result: Conversations
) -> pd.DataFrame:
    """A conversation whose participant withdrew leaves altogether, a line each."""
    out = segments["interview"].isin(withdrawn)
    for interview in sorted(withdrawn):
        cells = int((segments["interview"] == interview).sum())
        for table, count in (("interviews", 1), ("segments", cells)):
            change = (table, interview, "interview", "C23", "left out", WITHDREW, "register", count)
            result.changes.append(Change(delivered.name, *change))
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
        for entry in {each.interview: each for each in known.values()}.values()
        if not entry.withdrawn and entry.interview in texts
    ]
    frame = pd.DataFrame(rows).drop(columns="withdrawn", errors="ignore")
    return frame.sort_values("interview", ignore_index=True) if rows else frame


def _words(text: object) -> int | None:
    return len(text.split()) if isinstance(text, str) else None
