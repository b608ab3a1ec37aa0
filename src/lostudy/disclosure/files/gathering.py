"""What there is to search for: gathered from the deliveries, the tidy tables and a private list.

The private list holds what no table knows: the real names of organisations and their aliases,
teams, places, first names of staff. It stands outside the study's folder, as its key does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from lostudy.cleaning import read_table
from lostudy.cleaning.inventory import Delivered, find_deliveries
from lostudy.deliveries import read_interviews, read_survey
from lostudy.deliveries.identifiers import heading_kind
from lostudy.disclosure.files.sought import NAMED, Sought, answer_rows, passages, phrases, words_of
from lostudy.disclosure.text.names import private_names
from lostudy.study import Study

RARE, LONGEST = 3, 5


def gather(study: Study, raw: Path, processed: Path, cleared: Iterator[str] | tuple = ()) -> Sought:
    """Everything about people that may stand in no finished file, but for `cleared` quotes."""
    responses = read_table(study, processed, "responses")
    texts = list(_of_tables(study, responses))
    spoken: list[tuple[str, str]] = []
    for delivered in find_deliveries(study, raw):
        for text, kind in _of_delivery(study, delivered):
            (texts if len(words_of(text)) <= LONGEST else spoken).append((text, kind))
    texts += [(name.text, NAMED[name.kind]) for name in private_names(study)]
    common = [*_own_words(study), *cleared]
    return Sought(
        phrases(texts),
        passages((text for text, _ in spoken), common),
        answer_rows(responses, list(study.items)),
        _labels(study),
    )


def _labels(study: Study) -> dict[str, int]:
    """Answers in words, of label sets of numbers."""
    return {
        said.casefold(): value
        for each in study.label_sets.values()
        if each.numeric
        for value, label in each.labels.items()
        for said in (label.nl, label.en)
        if isinstance(value, int) and said
    }


def _of_tables(study: Study, responses: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Keys of persons, and what teams are called outside this study."""
    yield from ((person, "the key of a person") for person in responses["person"].unique())
    for organisation in study.organisations:
        known = {organisation.id.casefold(), *(team.casefold() for team in organisation.teams)}
        for alias in organisation.team_aliases:
            if "".join(words_of(alias)) not in known:
                yield alias, "the name of a team"


def _of_delivery(study: Study, delivered: Delivered) -> Iterator[tuple[str, str]]:
    """What only this delivery knows: cells that are no answers, and words of conversations."""
    if delivered.kind == "survey":
        yield from _of_survey(study, delivered)
    elif delivered.kind == "interviews":
        documents = read_interviews(delivered.path, delivered.tool).documents
        yield from ((str(name), "the name of a document") for name in documents["name"].dropna())
        yield from ((str(text), "words of a person") for text in documents["text"].dropna())
        segments = read_interviews(delivered.path, delivered.tool).segments
        yield from ((str(text), "words of a person") for text in segments["text"].dropna())


def _of_survey(study: Study, delivered: Delivered) -> Iterator[tuple[str, str]]:
    """Texts that hardly anyone shares, in columns that are neither items nor background.

    One plain word counts only where the heading says that it is a name or an address.
    """
    answers = read_survey(delivered.path, delivered.tool).answers
    rows = study.crosswalks.get(f"{delivered.organisation}-{delivered.wave}", ())
    asked = {*study.items, "role", "tenure", "language"}
    kept = {row.source for row in rows if row.target in asked}
    for heading in (each for each in answers if not {each, str(each).split(".")[0]} & kept):
        counts = answers[heading].astype("str").value_counts()
        for text in counts.index[counts <= RARE]:
            words = words_of(str(text))
            plain = len(words) == 1 and words[0].isalpha() and not heading_kind(str(heading))
            if str(text) != "nan" and telling(words) and not plain:
                yield str(text), "a cell of a delivery"


def telling(words: list[str]) -> bool:
    """Whether a cell is no everyday number: it has a word, a long number, or a whole moment.

    >>> telling(["fmunvb7"]), telling(["8", "0", "1"]), telling("2025 01 13 09 12 33".split())
    (True, False, True)
    """
    digits = [word for word in words if word.isdigit()]
    return (
        any(len(word) > 2 for word in words if not word.isdigit())
        or any(len(word) > 5 for word in digits)
        or sum(map(len, digits)) > 11
    )


def _own_words(study: Study) -> Iterator[str]:
    """What the study itself says: people who quote its questions are not quoted."""
    for item in study.items.values():
        yield from (item.text.nl, item.text.en)
    for code in study.codes.values():
        yield from (code.label.nl, code.label.en, code.definition.nl, code.definition.en)
    for question in study.questions:
        yield from (question.text.nl, question.text.en)
    yield from (study.about.title.nl, study.about.title.en, study.about.source)
