"""What two coders made of the conversations: the first coded all, the second about half of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lostudy.simulate.conversations import Conversation, Said
from lostudy.study import Study

CODERS = ("codeur-1", "codeur-2")
SAME = 0.86                 # of the first coder's codes, the second gives too
OTHER = 0.05                # of the passages gets another code of the same family from the second
OTHER_EDGE = 0.25           # of the second coder's passages is shorter or longer


@dataclass(frozen=True)
class Coding:
    """A code on a passage by a coder.

    `number` tells codings apart; `start` and `end` count code points in the conversation's text.
    """

    number: int
    conversation: int
    code: str
    coder: str
    start: int
    end: int
    valence: str
    slag: str

    @property
    def memo(self) -> str:
        """The attributes as people write them beside a passage, a line each.

        >>> print(Coding(1, 0, "LV2.DIEPTE", "codeur-1", 0, 9, "werkt", "2").memo)
        werking: werkt
        slag: 2
        """
        level = f"\nslag: {self.slag}" if self.slag else ""
        return f"werking: {self.valence}{level}"


def codings(
    study: Study, held: Sequence[Conversation], rank: int, seed: int
) -> list[Coding]:
    """Every coding of an organisation's conversations, in the order of the texts."""
    rng = np.random.default_rng([seed, rank, 404])
    both = set(rng.permutation(len(held))[:(len(held) + 1) // 2].tolist())
    found: list[Coding] = []
    for number, conversation in enumerate(held):
        for said in conversation.said:
            for code in said.passage.codes:
                found.append(_coding(number, said, code, CODERS[0], said.start, said.end))
            if number in both:
                found += _second(study, number, conversation, said, rng)
    return [Coding(**{**vars(coding), "number": place}) for place, coding in enumerate(found, 1)]


def _coding(number: int, said: Said, code: str, coder: str, start: int, end: int) -> Coding:
    slag = said.passage.slag if code == said.passage.code else ""
    return Coding(0, number, code, coder, start, end, said.passage.valence, slag)


def _second(
    study: Study, number: int, conversation: Conversation, said: Said, rng: np.random.Generator
) -> list[Coding]:
    start, end = said.start, said.end
    if rng.random() < OTHER_EDGE:
        start, end = _other_edges(conversation.text, said, rng)
    codes = [code for code in said.passage.codes if rng.random() < SAME]
    if rng.random() < OTHER:
        codes.append(_sibling(study, said.passage.code, rng))
    return [_coding(number, said, code, CODERS[1], start, end) for code in dict.fromkeys(codes)]


def _sibling(study: Study, code: str, rng: np.random.Generator) -> str:
    parent = study.codes[code].parent
    family = [each.id for each in study.codes.values()
              if each.parent == parent and each.assignable and each.id != code]
    return str(rng.choice(family)) if family else code


def _other_edges(text: str, said: Said, rng: np.random.Generator) -> tuple[int, int]:
    """Without the last sentence, or with the whole turn."""
    stops = [match.end() for match in re.finditer(r"[.?!](?= )", said.passage.text)]
    if stops and rng.random() < 0.6:
        return said.start, said.start + stops[-1]
    line = text.rfind("\n", 0, said.start)
    end = text.find("\n", said.end)
    return line + len("\nR: "), end if end >= 0 else len(text)
