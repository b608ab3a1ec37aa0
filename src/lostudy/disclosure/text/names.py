"""The project's own list of names, kept outside the study's folder, and where they stand in a text.

It holds what no rule knows: real names of organisations and their aliases, teams, places, first
names of staff, towns of clients.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from lostudy.disclosure.text.folding import as_written, folded, with_places
from lostudy.disclosure.text.marks import Mark, apart
from lostudy.errors import Problem, StudyError
from lostudy.study import Study

KINDS = ("organisation", "team", "place", "person")
COMPOUND = 7
BETWEEN, ENDING = r"[\s_-]*", r"(?:['’]?s|['’])?"
ARTICLES, VAN = ("de", "het", "'t"), rf"van{re.escape(BETWEEN)}de[rn]?(?={re.escape(BETWEEN)})"


@dataclass(frozen=True)
class Name:
    """A name and what it is of: organisation, team, place or person."""

    kind: str
    text: str


def private_names(study: Study) -> list[Name]:
    """The names on the private list; empty where there is none.

    LOSTUDY_NAMES names the file, else it is <study>.names.csv beside the study's key: two columns,
    kind and text. Raises StudyError with the row that cannot be read.
    """
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "lostudy"
    path = Path(os.environ.get("LOSTUDY_NAMES") or home / f"{study.about.id}.names.csv")
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    cure = f"two columns, kind (one of {', '.join(KINDS)}) and text, in every row"
    wrong = [
        Problem("a name that cannot be read", cure, path.name, number, rule="D14")
        for number, row in enumerate(rows, start=2)
        if row.get("kind") not in KINDS or not (row.get("text") or "").strip()
    ]
    if wrong or not rows:
        nothing = Problem("the private list of names holds none", cure, path.name, rule="D14")
        raise StudyError(wrong or nothing)
    return [Name(row["kind"], row["text"].strip()) for row in rows]


def by_list(text: str, names: Iterable[Name]) -> list[Mark]:
    """The places where names of a list stand, in any case, with a possessive, over a line break.

    A first name that is a word as well ("Hoop", "Roos") is found where it has a capital.

    >>> names = [Name("person", "Eva"), Name("organisation", "Stichting Zonnedauw")]
    >>> [mark.kind for mark in by_list("Eva's team bij STICHTING\\nzonnedauw", names)]
    ['person', 'organisation']
    """
    return _marks(text, names, _pattern)


def as_words(text: str, names: Iterable[Name]) -> list[Mark]:
    """Where names that are words as well stand in small letters: for a person to see.

    >>> as_words("De roos van Roos.", [Name("person", "Roos")])
    [Mark(start=3, end=7, kind='person')]
    """
    usual = [Name(each.kind, each.text.casefold()) for each in names if _usual(each)]
    return _marks(text, usual, _pattern)


def _marks(
    text: str, names: Iterable[Name], pattern: Callable[[Name], re.Pattern[str]]
) -> list[Mark]:
    plain, places = with_places(text)
    return apart(
        Mark(*as_written(places, *found.span()), name.kind)
        for name in names
        for found in pattern(name).finditer(plain)
    )


@cache
def _pattern(name: Name) -> re.Pattern[str]:
    """How a name may be written: any case, unless it is one short word of everyday use.

    "v.d. Berg" is Van der Berg; of "De Hoge Brug" the article may be left out; a long name may be
    the beginning of a word.
    """
    words = [word for word in re.split(r"[\s_-]+", folded(name.text)) if word]
    told = words[1:] if len(words) > 2 and words[0].casefold() in ARTICLES else words
    body = BETWEEN.join(map(re.escape, told))
    body = re.sub(VAN, lambda _: r"(?:van\s+de[rn]?|v\.?\s?d\.?)", body, flags=re.IGNORECASE)
    optional = rf"(?:{re.escape(words[0])}{BETWEEN})?" if told != words else ""
    usual, whole = _usual(name), "".join(words)
    if usual and not name.text.islower():
        body = rf"{body}|{body.upper()}"
    ending = r"\w*" if len(whole) >= COMPOUND and not usual else ENDING
    flags = re.NOFLAG if usual else re.IGNORECASE
    return re.compile(rf"(?<!\w){optional}(?:{body}){ending}(?!\w)", flags)


def _usual(name: Name) -> bool:
    return name.text.casefold() in everyday()


@cache
def everyday() -> frozenset[str]:
    """Names that are words as well."""
    return frozenset(files(__package__).joinpath("everyday.txt").read_text("utf-8").split())
