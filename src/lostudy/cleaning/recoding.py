"""What merging, renaming and splitting codes changed in what is counted of the interviews.

The deliveries are made tidy twice, with and without the codebook's history, and conversations are
counted both times: a theme can only be said to have grown when its codes did not simply move.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from lostudy.cleaning.conversations import tidy_conversations
from lostudy.cleaning.inventory import Delivered, look
from lostudy.deliveries import InterviewDelivery, read_interviews
from lostudy.study import Study

EFFECT = ["code", "is", "question", "organisation", "wave", "asked", "before", "after"]


def recoding_effect(study: Study, raw: Path) -> pd.DataFrame:
    """A row per theme or recoded code and organisation in which the recoding moved a count.

    `before` and `after` are numbers of conversations in which the code (or one below it) was given,
    as delivered and under the codebook of today, of the `asked` ones in which its question was
    asked. `is` tells whether the code is a theme of that question or a code of the history. Exact
    numbers per organisation: for the researchers, not to be published.
    """
    return compared(study, raw)[0]


def compared(study: Study, raw: Path) -> tuple[pd.DataFrame, int]:
    """As `recoding_effect`, and in how many deliveries conversations could be counted.

    `raw`: the folder of deliveries; 0 deliveries where it holds no coded interviews, or none with a
    conversation of its register: then nothing is known of what moved.
    """
    if not raw.is_dir():
        return pd.DataFrame(columns=EFFECT), 0
    places, _ = look(study, raw)
    registers = {(each.organisation, each.wave): each.path
                 for each in places if each.kind == "conversations"}
    rows: list[dict[str, object]] = []
    counted = 0
    for delivered in (each for each in places if each.kind == "interviews"):
        delivery = read_interviews(delivered.path, delivered.tool)
        register = registers.get((delivered.organisation, delivered.wave))
        found = _of_delivery(study, delivered, delivery, register)
        rows += found or []
        counted += found is not None
    return pd.DataFrame(rows, columns=EFFECT), counted


def _of_delivery(
    study: Study, delivered: Delivered, delivery: InterviewDelivery, register: Path | None
) -> list[dict[str, object]] | None:
    """The counts that moved; None where there is no conversation to count."""
    without = study.model_copy(update={"codes": {
        name: code.model_copy(update={"became": ()}) for name, code in study.codes.items()}})
    before = tidy_conversations(without, delivered, delivery, register)
    after = tidy_conversations(study, delivered, delivery, register)
    if after.interviews.empty:
        return None
    rows = []
    for code, kind, question in _looked_at(study):
        asked = _asked(after.interviews, question)
        family = _family(study, code)
        counts = [_conversations(each.segments, family, asked) for each in (before, after)]
        if counts[0] != counts[1]:
            rows.append({
                "code": code, "is": kind, "question": question,
                "organisation": delivered.organisation, "wave": delivered.wave,
                "asked": len(asked), "before": counts[0], "after": counts[1]})
    return rows


def _looked_at(study: Study) -> list[tuple[str, str, str]]:
    """(code, what it is, question): themes of each question, and codes that have a history."""
    themes = [(theme, "theme", question.id)
              for question in study.questions for theme in question.themes]
    moved = [code for code in study.codes.values() if code.became]
    names = dict.fromkeys([*(code.id for code in moved),
                           *(name for code in moved for name in code.became)])
    return [*themes, *((name, "code", "") for name in names)]


def _asked(interviews: pd.DataFrame, question: str) -> set[str]:
    """Conversations in which a question was asked; all of them where there is no question."""
    if not question:
        return set(interviews["interview"])
    about = interviews["questions_asked"].str.split(";").map(lambda each: question in each)
    return set(interviews.loc[about, "interview"])


def _family(study: Study, code: str) -> set[str]:
    """A code and everything under it."""
    family, grown = {code}, True
    while grown:
        more = {each.id for each in study.codes.values() if each.parent in family} - family
        family, grown = family | more, bool(more)
    return family


def _conversations(segments: pd.DataFrame, family: set[str], asked: set[str]) -> int:
    mine = segments[segments["code"].isin(family) & segments["interview"].isin(asked)]
    return int(mine["interview"].nunique())
