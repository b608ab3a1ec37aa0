"""What finished files are searched for: everything that the deliveries and tables know of people.

Texts are compared as words, without case, accents of writing, punctuation and line breaks, so that
a name is found however it was cut or escaped. Rows of answers are compared as numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SHINGLE, ANSWERS, SHORTEST = 6, 12, 4
NUMBERS = re.compile(
    r"(?<![\w.])\d{1,2}(?:\.0)?(?:(?:\s*[,;|\t]\s*|\s+)\d{1,2}(?:\.0)?){11,}(?![\w.])"
)


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared.

    >>> words_of("J. de Vries,\\n Zorg-\\u00adteam")
    ['j', 'de', 'vries', 'zorg', 'team']
    """
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return WORD.findall(plain.casefold())


def shingles(words: Sequence[str], size: int = SHINGLE) -> Iterator[tuple[str, ...]]:
    """Every row of so many words that follow each other."""
    return (tuple(words[place : place + size]) for place in range(len(words) - size + 1))


@dataclass(frozen=True)
class Sought:
    """`phrases`: short texts by their first word, each with what it is; `passages`: six words that
    follow each other in what people said or wrote; `answers`: twelve answers that follow each other
    in a record or a column. None of it is ever shown: a message says what kind was found.
    """

    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    passages: frozenset[tuple[str, ...]] = frozenset()
    answers: frozenset[bytes] = frozenset()

    def found_in(self, text: str) -> list[str]:
        """What kinds of things about people stand in a text."""
        words = words_of(text)
        found = {
            kind
            for place, word in enumerate(words)
            for phrase, kind in self.phrases.get(word, ())
            if tuple(words[place : place + len(phrase)]) == phrase
        }
        if self.passages and not self.passages.isdisjoint(shingles(words)):
            found.add("words of a person")
        if self.answers and any(window in self.answers for window in _windows(text)):
            found.add("answers of a person")
        return sorted(found)


def _windows(text: str) -> Iterator[bytes]:
    """Every twelve numbers that follow each other in a text."""
    for row in NUMBERS.findall(text):
        numbers = np.array(re.findall(r"\d{1,2}(?=\.0|\b)", row.replace(".0", "")), dtype=np.uint8)
        starts = range(len(numbers) - ANSWERS + 1)
        yield from (numbers[start : start + ANSWERS].tobytes() for start in starts)


def phrases(texts: Iterable[tuple[str, str]]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Short texts, each with what it is, by their first word."""
    found: dict[str, set[tuple[tuple[str, ...], str]]] = {}
    for text, kind in texts:
        words = tuple(words_of(text))
        if words and sum(map(len, words)) >= SHORTEST:
            found.setdefault(words[0], set()).add((words, kind))
    return {first: sorted(each) for first, each in found.items()}


def passages(texts: Iterable[str], common: Iterable[str] = ()) -> frozenset[tuple[str, ...]]:
    """The rows of six words in what people said, but for those that the study itself uses."""
    said = {each for text in texts for each in shingles(words_of(text))}
    return frozenset(said - {each for text in common for each in shingles(words_of(text))})


def answer_rows(responses: pd.DataFrame, items: Sequence[str]) -> frozenset[bytes]:
    """Twelve answers that follow each other in a record, or in a column; all alike are left out.

    Rows of equal answers say nothing of anyone and would be found in any list of numbers.
    """
    values = responses[list(items)].astype("float64").to_numpy()
    lines = [row[~np.isnan(row)].astype(np.uint8) for row in (*values, *values.T)]
    found = {
        line[start : start + ANSWERS].tobytes()
        for line in lines
        for start in range(len(line) - ANSWERS + 1)
        if len(set(line[start : start + ANSWERS].tolist())) > 2
    }
    return frozenset(found)
