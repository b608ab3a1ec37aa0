"""What in a text points at somebody by its form: addresses, numbers with a check, dates, places.

Numbers that carry a check are checked, so that an ordinary number is left alone. Names are found
by list (`names`), and what no list knows by its capital (`capitals`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lostudy.deliveries.identifiers import IP6, is_bsn, is_iban, is_phone
from lostudy.disclosure.text.folding import as_written, with_places


@dataclass(frozen=True, order=True)
class Mark:
    """A place in a text that points at somebody: from `start` up to `end`, and what kind it is."""

    start: int
    end: int
    kind: str


MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|"
    "jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec"
)
PATTERNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "email": re.compile(
            r"[\w.+'-]+(?:@|\s@\s|\s?[\[(](?:at|apenstaartje)[\])]\s?)[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}"
        ),
        "url": re.compile(
            r"\b(?:https?://|www\.)[^\s<>\"')]+|\b[\w-]+\.(?:nl|com|org|eu|be)\b(?:/\S*)?"
            r"|(?<![\w.@])@[A-Za-z]\w{2,}"
        ),
        "ip": re.compile(rf"(?<![\d.])(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\d.])|{IP6.pattern}"),
        "iban": re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\s?\d{2}(?:[\s.-]?[A-Za-z0-9]){11,30}"),
        "bsn": re.compile(
            r"(?<![\d.,-])(?:\d{4}[.\s]?\d{2}[.\s]?\d{3}|\d{3}[.\s-]\d{3}[.\s-]\d{3})(?![.,-]?\d)"
        ),
        "coordinates": re.compile(r"\b\d{1,2}[.,]\d{3,}\s*°?\s*[NZ]?\s*[,;/ ]\s*\d{1,3}[.,]\d{3,}"),
        "date": re.compile(
            rf"\b\d{{1,2}}\s+(?:{MONTHS})\.?(?:\s+(?:'?\d{{2}}|\d{{4}}))?\b"
            r"|\b\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b",
            re.IGNORECASE,
        ),
        "phone": re.compile(
            r"(?<![\w.,:/+-])(?:(?:\+|00)?\(?\d(?:[\s().-]{0,3}\d){7,14}"
            r"|0\d{1,3}\s?/\s?\d(?:[\s.-]?\d){5,7})(?![\w/:])"
        ),
        "postcode": re.compile(r"(?<![\w-])[1-9]\d{3}[\s-]?(?!S[ADS])[A-Z]{2}(?![\w-])"),
        "plate": re.compile(
            r"(?<![\w-])(?:[A-Z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2}-\d{2}"
            r"|[A-Z]{2}-\d{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}"
            r"|\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2}|[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}"
            r"|[A-Z]{3}-\d{2}-[A-Z]|[A-Z]-\d{2}-[A-Z]{3}|\d-[A-Z]{2}-\d{3}|\d{3}-[A-Z]{2}-\d)(?![\w-])",
            re.IGNORECASE,
        ),
        "address": re.compile(
            r"\b(?:[A-Z][\w'-]*\s+){0,2}[A-Z][\w'-]*(?:straat|laan|weg|plein|singel|kade|gracht|hof"
            r"|dreef|pad|einde|dijk|steeg|park)\s+\d{1,4}\s?[a-z]?\b"
        ),
    }
)
CHECKS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "iban": lambda text: _iban_end(text) > 0,
        "bsn": lambda text: is_bsn(re.sub(r"\D", "", text)),
        "phone": is_phone,
        "ip": lambda text: ":" in text or all(int(part) < 256 for part in text.split(".")),
    }
)


def by_form(text: str) -> list[Mark]:
    """The places in a text that point at somebody by their form, none within another.

    >>> [mark.kind for mark in by_form("Bel 06-12 34 56 78 of mail eva@voorbeeld.nl vóór 3 maart.")]
    ['phone', 'email', 'date']
    >>> by_form("In 2025 stegen 12 van de 40 stellingen, met 0,25 punt (95%-BI 0,10 tot 0,40).")
    []
    """
    plain, places = with_places(text)
    return apart(
        Mark(*as_written(places, mark.start, mark.end), mark.kind)
        for kind in PATTERNS
        for mark in of_kind(plain, kind)
    )


def of_kind(text: str, kind: str) -> Iterator[Mark]:
    """The places of one kind in a text that is folded already."""
    for found in PATTERNS[kind].finditer(text):
        start, end = found.span()
        if kind == "iban":
            end = start + _iban_end(found[0])
        if kind in CHECKS and not CHECKS[kind](text[start : max(end, start + 1)]):
            continue
        yield Mark(start, end, kind)


def _iban_end(text: str) -> int:
    """Where a bank account at the beginning of a text ends; 0 where there is none."""
    ends = [place for place in range(len(text), 14, -1) if text[place - 1].isalnum()]
    return next((end for end in ends if is_iban(re.sub(r"[\s.-]", "", text[:end]).upper())), 0)


def apart(marks: Iterator[Mark] | list[Mark]) -> list[Mark]:
    """Marks in the order of the text; of those that overlap, the first, and of those the longest.

    >>> apart([Mark(0, 4, "name"), Mark(0, 9, "organisation"), Mark(5, 9, "place")])
    [Mark(start=0, end=9, kind='organisation')]
    """
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda each: (each.start, -each.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept
