"""MAXQDA: the table of coded segments, English headings, code paths with a backslash."""

from __future__ import annotations

from pathlib import Path

from lostudy.simulate.coding import Coding
from lostudy.simulate.conversations import Conversation
from lostudy.simulate.forms import Occasion
from lostudy.simulate.writers.fixed import write_xlsx
from lostudy.study import Study

SUFFIX = ".xlsx"
DEFECTS: tuple[str, ...] = ()
HEADINGS = (
    "Color", "Comment", "Document group", "Document name", "Code", "Beginning", "End",
    "Weight score", "Segment", "Modified by", "Modified on", "Created by", "Created on", "Area",
    "Coverage %",
)
CREATED = "02/03/2026 09:00:00"
WEIGHTS = {"werkt": 2, "gemengd": 1, "werkt_niet": 0}


def code_names(study: Study) -> dict[str, tuple[str, str]]:
    """Nothing to map: the names are the codebook's own labels."""
    return {}


def coder_names() -> dict[str, tuple[str, str]]:
    """Nothing to map."""
    return {}


def code_path(study: Study, code: str) -> str:
    """The labels from the root to the code, as MAXQDA joins them."""
    parts = []
    while code:
        parts.append(study.codes[code].label("en"))
        code = study.codes[code].parent
    return "\\".join(reversed(parts))


def write(
    path: Path, occasion: Occasion, held: list[Conversation], coded: list[Coding]
) -> dict[int, str]:
    """The workbook; which coder name stands beside each coding."""
    rows = [HEADINGS, *(_row(occasion, held[coding.conversation], coding) for coding in coded)]
    write_xlsx(path, {"Coded segments": [list(row) for row in rows]}, occasion.name)
    return {coding.number: coding.coder for coding in coded}


def _row(occasion: Occasion, conversation: Conversation, coding: Coding) -> tuple[object, ...]:
    passage = conversation.text[coding.start:coding.end]
    paragraph = conversation.text.count("\n", 0, coding.start) + 1
    share = round(100 * len(passage) / len(conversation.text), 2)
    return (
        "●", coding.memo, "Gesimuleerd", conversation.document,
        code_path(occasion.study, coding.code), paragraph, paragraph, WEIGHTS[coding.valence],
        passage, coding.coder, CREATED, coding.coder, CREATED, len(passage), share,
    )
