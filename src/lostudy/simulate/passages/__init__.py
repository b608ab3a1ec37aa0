"""The written bank of interview passages, and reading it.

Every passage was made up for this study. It carries the code it is about (`code`), sometimes a
second one (`also`), whether things work there (`valence`), who could say it (`voice`) and, for
depth of reflection, the level (`slag`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

BANKS = ("disciplines", "leadership", "conditions", "challenges", "questions")
VALENCES = ("werkt", "werkt_niet", "gemengd")
STAFF = ("professional", "specialist", "support")


@dataclass(frozen=True)
class Passage:
    """One to four sentences, as somebody could have said them."""

    code: str
    also: str
    valence: str
    voice: str
    slag: str
    text: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The code it was written for, and the second one where it has one."""
        return (self.code, self.also) if self.also else (self.code,)


@cache
def passages() -> tuple[Passage, ...]:
    """The whole bank.

    >>> len({passage.text for passage in passages()}) == len(passages())
    True
    """
    return tuple(Passage(**row) for bank in BANKS for row in _read(bank))


@cache
def spoken(bank: str) -> dict[str, list[str]]:
    """Moment in the conversation -> what is said then; banks: interviewer, small_talk."""
    found: dict[str, list[str]] = {}
    for row in _read(bank):
        found.setdefault(row["moment"], []).append(row["text"])
    return found


def suits(voice: str, role: str) -> bool:
    """Whether somebody in this role could say a passage with this voice.

    >>> suits("staff", "support"), suits("leader", "support")
    (True, False)
    """
    return voice == role or (voice == "staff" and role in STAFF)


def _read(bank: str) -> list[dict[str, str]]:
    path = files("lostudy.simulate.passages") / f"{bank}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter=";", quoting=csv.QUOTE_NONE))
