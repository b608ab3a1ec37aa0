"""Conversations put together from the written bank: who spoke, what was asked, what was said.

Which codes come up, how often and with which valence differs per organisation (code_rates.csv). No
passage occurs twice within an organisation.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from lostudy.simulate.effects import PROFILES
from lostudy.simulate.model import wave_window
from lostudy.simulate.passages import Passage, passages, spoken, suits
from lostudy.study import Study

FIRST_LINE = "Gesimuleerd gesprek"
NUMBERS = (9, 7, 10, 6)             # conversations per organisation
LONGEST = 11                        # coded passages in one conversation
MIXED = 0.2                         # of what is said is neither this nor that
LEAVES_ONE_OUT = 0.2                # of the conversations: one learning question was not asked
WORDS_PER_MINUTE = 22.0             # what is left of an hour after transcribing in excerpts


@dataclass(frozen=True)
class Said:
    """A passage in a conversation; `start` and `end` count code points in the text."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True)
class Conversation:
    """One simulated conversation; `text` has a line per turn, with "\\n" between them."""

    id: str
    document: str
    role: str
    date: dt.date
    minutes: int
    consent: bool
    asked: tuple[str, ...]
    text: str
    said: tuple[Said, ...]


@dataclass
class _Plan:
    role: str
    asked: tuple[str, ...]
    chosen: list[Passage]
    codes: set[str]


def conversations(study: Study, rank: int, seed: int) -> list[Conversation]:
    """The conversations of the organisation with this rank, held in the last wave."""
    rng = np.random.default_rng([seed, rank, 303])
    plans = _plans(study, rank, rng)
    _choose(study, plans, rank, rng)
    opens, _ = wave_window(study, study.waves[-1])
    silent = int(rng.integers(len(plans)))
    organisation = study.organisations[rank].id
    return [
        _conversation(study, organisation, number, plan, opens, number != silent, rng)
        for number, plan in enumerate(plans)
    ]


@cache
def code_rates() -> dict[str, dict[str, float]]:
    """Code -> how often it is said (said1...) and how often it works (works1...), per profile."""
    text = (files("lostudy.simulate") / "code_rates.csv").read_text(encoding="utf-8")
    return {
        row.pop("code"): {name: float(value) for name, value in row.items()}
        for row in csv.DictReader(text.splitlines())
    }


def _plans(study: Study, rank: int, rng: np.random.Generator) -> list[_Plan]:
    number = NUMBERS[rank % len(NUMBERS)]
    leaders = specialists = max(1, round(0.2 * number))
    roles = ["leader"] * leaders + ["specialist"] * specialists + ["support"]
    roles = ["professional"] * (number - len(roles)) + roles
    questions = [question.id for question in study.questions]
    plans = []
    for role in rng.permutation(roles):
        left_out = rng.choice(questions) if rng.random() < LEAVES_ONE_OUT else ""
        asked = tuple(question for question in questions if question != left_out)
        plans.append(_Plan(str(role), asked, [], set()))
    return plans


def _choose(study: Study, plans: list[_Plan], rank: int, rng: np.random.Generator) -> None:
    """Fill the plans code by code, themes before other codes, the least filled plans first."""
    rates, used = code_rates(), set[Passage]()
    profile = rank % PROFILES + 1
    themes = {theme for question in study.questions for theme in question.themes}
    known = rng.permutation([code for code in rates if code in study.codes])
    for code in sorted(known, key=lambda code: code not in themes):
        share = rates[code][f"said{profile}"]
        wanted = int(share * len(plans) + rng.random())
        for plan in sorted(plans, key=lambda plan: (len(plan.chosen), rng.random())):
            already = sum(code in plan.codes for plan in plans)
            if already >= wanted:
                break
            valence = _valence(rates[code][f"works{profile}"], rng)
            found = _passage(study, str(code), plan, valence, used)
            if found is not None:
                used.add(found)
                plan.chosen.append(found)
                plan.codes |= set(found.codes)


def _valence(works: float, rng: np.random.Generator) -> str:
    if rng.random() < MIXED:
        return "gemengd"
    return "werkt" if rng.random() < works else "werkt_niet"


def _passage(
    study: Study, code: str, plan: _Plan, valence: str, used: set[Passage]
) -> Passage | None:
    """An unused passage that this speaker could say, of the wanted valence where there is one."""
    serves = study.codes[code].questions
    if code in plan.codes or len(plan.chosen) >= LONGEST:
        return None
    if serves and not set(serves) & set(plan.asked):
        return None
    fit = [
        each for each in passages()
        if each.code == code and each not in used and suits(each.voice, plan.role)
        and each.also not in plan.codes and (not each.also or each.also in study.codes)
    ]
    exact = [each for each in fit if each.valence == valence]
    near = [each for each in fit if each.valence == "gemengd"]
    return next(iter([*exact, *near]), None)


def _conversation(
    study: Study, organisation: str, number: int, plan: _Plan, opens: dt.date, consent: bool,
    rng: np.random.Generator,
) -> Conversation:
    text, said = _Transcript(study, plan, number, rng).written()
    minutes = int(round(len(text.split()) / WORDS_PER_MINUTE + rng.integers(8, 20)))
    return Conversation(
        id=f"{organisation}-g{number + 1:02d}",
        document=f"Gesprek {organisation}{number + 1:02d} {plan.role}",
        role=plan.role,
        date=opens + dt.timedelta(days=int(rng.integers(0, 26))),
        minutes=minutes, consent=consent, asked=plan.asked, text=text, said=said,
    )


class _Transcript:
    """Turns one after another; remembers where the passages came to stand."""

    def __init__(self, study: Study, plan: _Plan, number: int, rng: np.random.Generator) -> None:
        self.study, self.plan, self.rng = study, plan, rng
        self.text = FIRST_LINE
        self.said: list[Said] = []
        self.asks = {moment: list(rng.permutation(texts))
                     for moment, texts in spoken("interviewer").items()}
        self.talk = {moment: list(rng.permutation(texts))
                     for moment, texts in spoken("small_talk").items()}
        starts = spoken("small_talk")["start"]
        self.talk["start"] = [starts[number % len(starts)]]

    def written(self) -> tuple[str, tuple[Said, ...]]:
        """The whole text and its passages."""
        self._turn("I", self.asks["start"][0])
        self._turn("R", self.talk["start"][0])
        for question in self.plan.asked:
            self._block(question)
        self._turn("I", self.asks["end"][0])
        self._turn("R", self.talk["end"][0])
        return self.text, tuple(self.said)

    def _block(self, question: str) -> None:
        """One learning question: what serves it, each passage after a question or a probe."""
        for place, passage in enumerate(self._serving(question)):
            bank = self.asks.get(question) or self.asks["probe"]
            self._turn("I", bank.pop() if bank else "En verder?")
            if place and self.rng.random() < 0.15 and self.talk["chat"]:
                self._turn("R", self.talk["chat"].pop())
                self._turn("I", "Neem rustig de tijd.")
            self._passage(passage)

    def _serving(self, question: str) -> Sequence[Passage]:
        """What is said when this question is on the table."""
        return [each for each in self.plan.chosen if self._question(each.code) == question]

    def _question(self, code: str) -> str:
        asked = self.plan.asked
        return next((each for each in self._serves(code) if each in asked), asked[-1])

    def _serves(self, code: str) -> tuple[str, ...]:
        """The learning questions of a code, starting at another one for each code."""
        serves = self.study.codes[code].questions
        turn = sum(map(ord, code)) % len(serves) if serves else 0
        return (*serves[turn:], *serves[:turn])

    def _passage(self, passage: Passage) -> None:
        lead = self._some("lead", 0.5)
        tail = self._some("tail", 0.3)
        start = len(self.text) + len("\nR: ") + (len(lead) + 1 if lead else 0)
        self._turn("R", " ".join(part for part in (lead, passage.text, tail) if part))
        self.said.append(Said(passage, start, start + len(passage.text)))

    def _some(self, moment: str, chance: float) -> str:
        said = bool(self.talk[moment]) and self.rng.random() < chance
        return str(self.talk[moment].pop()) if said else ""

    def _turn(self, speaker: str, words: str) -> None:
        self.text += f"\n{speaker}: {words}"
