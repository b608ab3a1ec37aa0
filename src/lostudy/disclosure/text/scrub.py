"""A text without what points at somebody, and what a person must still look at.

Rules and lists find what they know. They never find everything, so a scrubbed text is not a safe
text: a second reader clears it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from lostudy.disclosure.text.capitals import unknown_capitals
from lostudy.disclosure.text.marks import Mark, apart, by_form
from lostudy.disclosure.text.names import Name, as_words, by_list

SAID = {
    "email": ("e-mailadres", "e-mail address"), "url": ("webadres", "web address"),
    "ip": ("IP-adres", "IP address"), "iban": ("rekeningnummer", "account number"),
    "bsn": ("burgerservicenummer", "citizen service number"),
    "coordinates": ("plaatsbepaling", "position"), "date": ("datum", "date"),
    "phone": ("telefoonnummer", "telephone number"), "postcode": ("postcode", "postal code"),
    "plate": ("kenteken", "number plate"), "address": ("adres", "address"),
    "organisation": ("organisatie", "organisation"), "team": ("team", "team"),
    "place": ("plaats", "place"), "person": ("naam", "name"),
}  # fmt: skip


@dataclass(frozen=True)
class Scrubbed:
    """A text in which `replaced` was taken out, and the places in it that a person must look at.

    `replaced`: kind → how often. `queue`: marks in the scrubbed text, words that may be names.
    """

    text: str
    replaced: dict[str, int]
    queue: tuple[Mark, ...]


def scrub(
    text: str,
    names: Sequence[Name] = (),
    *,
    known: Collection[str] = (),
    language: str = "nl",
    second: Callable[[str], list[Mark]] | None = None,
) -> Scrubbed:
    """A text with a word in brackets for each thing that points at somebody.

    `names`: the private list; `known`: words with a capital that are harmless; `second`: another
    finder of marks, such as `lostudy.disclosure.text.second.second_pass`.

    >>> made = scrub("Eva belde 06-12345678 over Guus.", [Name("person", "Eva")])
    >>> made.text, [made.text[mark.start : mark.end] for mark in made.queue]
    ('[naam] belde [telefoonnummer] over Guus.', ['Guus'])
    """
    own = [*by_form(text), *by_list(text, names)]
    marks = apart([*own, *(second(text) if second else [])])
    pieces, place, replaced = [], 0, dict[str, int]()
    for mark in marks:
        pieces += [text[place : mark.start], f"[{SAID[mark.kind][language != 'nl']}]"]
        place = mark.end
        replaced[mark.kind] = replaced.get(mark.kind, 0) + 1
    clean = "".join([*pieces, text[place:]])
    queue = [*unknown_capitals(clean, known), *as_words(clean, names)]
    return Scrubbed(clean, replaced, tuple(apart(queue)))
