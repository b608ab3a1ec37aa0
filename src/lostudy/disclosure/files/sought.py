"""What finished files are searched for: everything that the deliveries and tables know of people.

Texts are compared as words, without case, accents, punctuation and line breaks, and without what
hides a name from a search only (`folding`), so that a name is found however it was cut, escaped or
joined to other words. Rows of answers are compared as numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from lostudy.disclosure.text.folding import folded

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SHINGLE, ANSWERS, SHORTEST, COMPOUND = 5, 12, 4, 6
BETWEEN = r"(?:[\"']?\s*[,;|\t/]\s*[\"']?|\s+)"
NUMBERS = re.compile(rf"(?<![\w.])\d{{1,2}}(?:\.0)?(?:{BETWEEN}\d{{1,2}}(?:\.0)?){{11,}}(?![\w.])")
CLOSE = re.compile(r"(?<![\w.])[0-9]{12,400}(?![\w.])")
NAMED = {
    "organisation": "the name of an organisation",
    "team": "the name of a team",
    "place": "the name of a place",
    "person": "the name of a person",
}
NAMES = frozenset(NAMED.values())


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared.

    >>> words_of("J. de Vries,\\n Zorg-\\u00adteam, Zoë")
    ['j', 'de', 'vries', 'zorg', 'team', 'zoe']
    """
    return [word.casefold() for word in _written(text)]


def _written(text: str) -> list[str]:
    """The same, with their capitals."""
    return WORD.findall(folded(text))


def shingles(words: Sequence[str], size: int = SHINGLE) -> Iterator[tuple[str, ...]]:
    """Every row of so many words that follow each other."""
    return (tuple(words[place : place + size]) for place in range(len(words) - size + 1))


@dataclass(frozen=True)
class Sought:
    """`phrases`: short texts by their first word, each with what it is; `passages`: five words that
    follow each other in what people said or wrote; `answers`: twelve answers that follow each other
    in a record or a column; `labels`: answers in words, with their numbers. None of it is ever
    shown: a message says what kind was found.
    """

    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    passages: frozenset[tuple[str, ...]] = frozenset()
    answers: frozenset[bytes] = frozenset()
    labels: Mapping[str, int] = field(default_factory=dict)

    def found_in(self, text: str) -> list[str]:
        """What kinds of things about people stand in a text."""
        written = _written(text)
        words = [word.casefold() for word in written]
        found = {
            kind
            for place, word in enumerate(words)
            for phrase, kind in self.phrases.get(word, ())
            if tuple(words[place : place + len(phrase)]) == phrase
            and (sum(map(len, phrase)) >= SHORTEST or _capital(written[place]))
        }
        found |= {kind for word in set(words) for kind in self._within(word)}
        if self.passages and not self.passages.isdisjoint(shingles(words)):
            found.add("words of a person")
        if self.answers and any(window in self.answers for window in self._windows(text)):
            found.add("answers of a person")
        return sorted(found)

    @cached_property
    def _compounds(self) -> list[tuple[str, str]]:
        """Names that are long enough to be found inside a longer word."""
        known = {("".join(phrase), kind) for each in self.phrases.values() for phrase, kind in each}
        return [(name, kind) for name, kind in known if kind in NAMES and len(name) >= COMPOUND]

    @cached_property
    def _seen(self) -> dict[str, tuple[str, ...]]:
        """Words that were looked through already: most files hold the same ones."""
        return {}

    def _within(self, word: str) -> tuple[str, ...]:
        """The kinds of names inside one word."""
        if len(word) < COMPOUND:
            return ()
        if word not in self._seen:
            found = tuple(kind for name, kind in self._compounds if name in word)
            if len(word) > LONGEST_WORD:
                return found
            self._seen[word] = found
        return self._seen[word]

    @cached_property
    def _label(self) -> re.Pattern[str]:
        told = sorted(map(re.escape, self.labels), key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)", re.IGNORECASE)

    def _windows(self, text: str) -> Iterator[bytes]:
        """Every twelve answers that follow each other in a text, as numbers or as words."""
        if self.labels:
            text = self._label.sub(lambda found: str(self.labels[found[0].casefold()]), text)
        rows = [re.findall(r"\d{1,2}(?=\.0|\b)", each[0].replace(".0", ""))
                for each in NUMBERS.finditer(text)]  # fmt: skip
        for row in [*rows, *(list(each) for each in CLOSE.findall(text))]:
            numbers = np.array(row, dtype=np.uint8)
            starts = range(len(numbers) - ANSWERS + 1)
            yield from (numbers[start : start + ANSWERS].tobytes() for start in starts)


LONGEST_WORD = 60


def _capital(word: str) -> bool:
    """Whether a word is written as a name: a capital, then small letters."""
    return word[:1].isupper() and word[1:].islower()


def phrases(texts: Iterable[tuple[str, str]]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Short texts, each with what it is, by their first word; very short ones if they are names."""
    found: dict[str, set[tuple[tuple[str, ...], str]]] = {}
    for text, kind in texts:
        words = tuple(words_of(text))
        size = sum(map(len, words))
        if size >= SHORTEST or (kind in NAMES and size > 1):
            found.setdefault(words[0], set()).add((words, kind))
    return {first: sorted(each) for first, each in found.items()}


def passages(texts: Iterable[str], common: Iterable[str] = ()) -> frozenset[tuple[str, ...]]:
    """The rows of five words in what people said, but for those that the study itself uses."""
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
