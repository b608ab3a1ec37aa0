"""What a questionnaire looked like in an organisation at a wave: its columns and their meaning.

A writer lists its columns here once; the file and its crosswalk are both made from that list, so
they cannot tell different stories.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lostudy.simulate.model import DONT_KNOW, NOT_ANSWERED, bounds
from lostudy.study import LabelSet, Study, Wave

SIMULATED = "Deze antwoorden zijn gesimuleerd; geen van de personen bestaat."
LINK = (
    "Maak uw eigen code: vier letters (voornaam van uw moeder, uw geboorteplaats, "
    "uw eerste straat, uw eerste school) en drie cijfers (geboortedag, eerste huisnummer, telefoon)"
)
TEAM = "In welk team werkt u?"
COMMENT = "Wilt u verder nog iets kwijt?"
DONT_KNOW_TEXT = {"nl": "Weet ik niet", "en": "Don't know"}
FREE_TEXT = "vrije tekst; kan personen aanwijzen"
IDENTIFIER = "direct herleidbaar"
TOOL_OWN = "eigen kolom van het programma"


@dataclass(frozen=True)
class Column:
    """A column of a delivery: its heading, the tool's short code, and its crosswalk row."""

    heading: str
    target: str
    code: str = ""
    text: str = ""
    labels: str = ""
    status: str = "identical"
    note: str = ""

    @property
    def source(self) -> str:
        """What the crosswalk calls this column."""
        return self.code or self.heading


@dataclass(frozen=True)
class Occasion:
    """One organisation at one wave: `rank` counts organisations, `number` waves, from 0."""

    study: Study
    organisation: str
    rank: int
    wave: Wave
    number: int
    seed: int

    @property
    def rng(self) -> np.random.Generator:
        """A generator of its own, so that no file depends on another."""
        return np.random.default_rng([self.seed, self.rank, self.number, 101])

    @property
    def name(self) -> str:
        """Which delivery this is, in words."""
        return f"gesimuleerd, organisatie {self.organisation}, {self.wave.id}"


@dataclass(frozen=True)
class SurveyFile:
    """How a tool writes a survey: its ending, the row of the first record, and the columns.

    `first_row` counts as the tool's own view does: under the headings, or from 1 in SPSS.
    """

    suffix: str
    first_row: int
    columns: tuple[Column, ...]
    form_version: str
    write: Any = field(repr=False)      # (Path, records) -> None

    def save(self, folder: Path, records: pd.DataFrame) -> Path:
        """Write the records to `folder`; the path of the file."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"survey{self.suffix}"
        self.write(path, records)
        return path


def inline(values: Mapping[Any, Any]) -> str:
    """Labels as a crosswalk cell writes them.

    >>> inline({"1": 1, "8": "dont_know"})
    '1=1|8=dont_know'
    """
    return "|".join(f"{cell}={value}" for cell, value in values.items())


def item_texts(
    study: Study, item: str, answers: pd.Series, language: Sequence[str] | pd.Series
) -> pd.Series:
    """Answers as labels in the language of each respondent; an open cell is "".

    A number that is no answer stays a number: that is what an import by hand leaves behind.
    """
    labels = study.item_labels(item)
    if labels is None:
        return answers.map(lambda value: "" if value in (NOT_ANSWERED, DONT_KNOW) else str(value))
    texts = {tongue: label_texts(labels, tongue) for tongue in ("nl", "en")}
    pairs = zip(answers, language, strict=True)
    found = [texts[tongue].get(value, str(value)) for value, tongue in pairs]
    return pd.Series(found, answers.index)


def label_texts(labels: LabelSet, language: str) -> dict[Any, str]:
    """Value -> label in one language, with the two ways of not answering."""
    unknown = DONT_KNOW_TEXT[language]
    known = unknown if unknown.casefold() in labels.missing else ""
    return {
        **{value: text(language) for value, text in labels.labels.items()},
        NOT_ANSWERED: "", DONT_KNOW: known,
    }


def older_labels(labels: LabelSet) -> dict[str, str]:
    """Main label -> another accepted Dutch spelling: a survey whose labels were edited half-way."""
    lowered = {
        label.casefold() for text in labels.labels.values() for label in (text.nl, text.en)
    }
    older: dict[str, str] = {}
    for spelling, value in labels.accepted.items():
        if spelling not in lowered and labels.labels[value].nl not in older:
            older[labels.labels[value].nl] = spelling.capitalize()
    return older


def background_texts(
    study: Study, target: str, values: pd.Series, language: pd.Series
) -> pd.Series:
    """Role or tenure as labels in the language of each respondent."""
    names = {each.id: each.labels for each in study.background}
    if target not in names:
        return values
    labels = study.label_sets[names[target]].labels
    pairs = zip(values, language, strict=True)
    return pd.Series(
        [labels[value](tongue) if value in labels else "" for value, tongue in pairs], values.index
    )


def background_values(study: Study, target: str) -> list[str]:
    """The values of a background variable, in the order of labels.csv."""
    names = {each.id: each.labels for each in study.background}
    if target in names:
        return [str(value) for value in study.label_sets[names[target]].values]
    return ["professional", "specialist", "leader", "support"] if target == "role" else \
        ["under2", "2to5", "5to10", "over10"]


def number_labels(study: Study, item: str, missing: Mapping[str, str]) -> str:
    """Inline labels for cells that hold the answer as a number."""
    low, high = bounds(study, item)
    return inline({**{str(value): value for value in range(low, high + 1)}, **missing})


def submitted(records: pd.DataFrame) -> pd.Series:
    """When each record was sent in."""
    return records["started"] + pd.to_timedelta(records["seconds"], unit="s")


def day(moment: dt.date) -> dt.datetime:
    """A date as the moment at which it starts."""
    return dt.datetime.combine(moment, dt.time())
