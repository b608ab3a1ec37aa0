"""Which conversation of the register a delivered document is, and where that is in doubt (C23)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lostudy.cleaning.codes import rows_of
from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.register import Conversation
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem
from lostudy.study.codebook import normal

BETWEEN = " > "
PROJECTS = "these are projects: export the one that belongs here as a database of its own, or "
NAMED = ("write the group before the name in the register, as 'group > name', a row for each; "
         "copies of one conversation by two coders get the same conversation there")


def matching(
    delivery: InterviewDelivery, known: Mapping[str, Conversation]
) -> dict[str, str | None]:
    """The tool's document key → its name in the register: with its group, else by itself.

    Both with or without the ending of the file; None where the register does not have it.
    """
    found: dict[str, str | None] = {}
    listed = delivery.documents[["document", "name", "group"]].itertuples(index=False, name=None)
    for document, name, group in listed:
        written = [str(name), Path(str(name)).stem]
        if isinstance(group, str) and group:
            written = [*(f"{group}{BETWEEN}{each}" for each in written), *written]
        found[document] = next((each for each in map(normal, written) if each in known), None)
    return found


def mistakable(
    delivery: InterviewDelivery,
    found: Mapping[str, str | None],
    known: Mapping[str, Conversation],
    delivered: Delivered,
    problems: list[Problem],
) -> set[str]:
    """Documents that are told apart by nothing in the register, or are one with other texts.

    Two coders may hold one conversation twice: then both copies have the same text, or each has
    its own row in the register. Whether two others are one conversation only the researchers know.
    """
    texts = dict(zip(delivery.documents["document"], delivery.documents["text"], strict=True))
    doubtful: set[str] = set()
    for documents in _together(found):
        if not all(isinstance(texts[each], str) for each in documents) or _differ(documents, texts):
            doubtful.update(documents)
            problems.append(_one_name(delivery, documents, delivered))
    conversations = {document: known[at].interview for document, at in found.items() if at}
    for documents in _together(conversations):
        if _differ(documents, texts) and not doubtful & set(documents):
            doubtful.update(documents)
            what = f"{len(documents)} documents of one conversation have different texts"
            cure = "give each its own conversation in the register, or deliver one text of it"
            problems.append(_problem(delivery, documents, delivered, what, cure))
    return doubtful


def _together(found: Mapping[str, str | None]) -> list[list[str]]:
    """The documents that stand for the same, where there are several."""
    same: dict[str, list[str]] = {}
    for document, at in found.items():
        if at is not None:
            same.setdefault(at, []).append(document)
    return [documents for documents in same.values() if len(documents) > 1]


def _differ(documents: list[str], texts: Mapping[str, object]) -> bool:
    return len({text for each in documents if isinstance(text := texts[each], str)}) > 1


def _one_name(delivery: InterviewDelivery, documents: list[str], delivered: Delivered) -> Problem:
    mine = delivery.documents["document"].isin(documents)
    groups = ", ".join(dict.fromkeys(delivery.documents.loc[mine, "group"].dropna()))
    what = f"{len(documents)} documents have one name" + (f" (in {groups})" if groups else "")
    cure = (PROJECTS if delivery.source.tool == "taguette" and groups else "") + NAMED
    return _problem(delivery, documents, delivered, what, cure)


def _problem(
    delivery: InterviewDelivery, documents: list[str], delivered: Delivered, what: str, cure: str
) -> Problem:
    rows = [row for each in documents for row in rows_of(delivery.segments, "document", each)]
    return delivered.problem(what, cure, "C23", rows, topic="document.twice")
