"""How a finding reads in a sentence: each kind has a text of its own and a few other forms.

An author writes `{{lq2.change.VA.A}}` for the text and `{{lq2.change.VA.A:abs}}` for a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lostudy import formats
from lostudy.words import word

OWN = "own"
NUMBER = ("value", "abs", "n", "full", "label", "wording")
FORMS: dict[str, tuple[str, ...]] = {
    "number": ("value", "abs", "n", "label"),
    "interval": ("value", "abs", "interval", "low", "high", "n", "full", "label", "wording"),
    "claim": ("label", OWN),
    "figure": ("title", "caption", "alt"),
    "table": ("title", "notes"),
    "quote": ("words", "who"),
}


def forms_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The forms that a finding can be written in besides its own text."""
    known = FORMS[record["kind"]]
    return known if record.get("wording") else tuple(form for form in known if form != "wording")


def text_of(record: Mapping[str, Any], form: str = "", language: str = "nl") -> str:
    """The finding as it stands in a sentence; raises KeyError for a form it does not have.

    >>> change = {"kind": "interval", "text_nl": "−0,2 [−0,5; 0,0]", "value": -0.2, "low": -0.5,
    ...           "high": 0.0, "n": 40, "decimals": 1, "signed": True, "unit": "", "wording": ""}
    >>> text_of(change), text_of(change, "abs"), text_of(change, "interval")
    ('−0,2 [−0,5; 0,0]', '0,2', '[−0,5; 0,0]')
    """
    if form == "":
        return _plain(record, language)
    if form not in forms_of(record):
        raise KeyError(form)
    if form == "label":
        return str(record.get(f"label_{language}") or record["id"])
    if record["kind"] in ("number", "interval"):
        return _number(record, form, language)
    if form == "title":
        return str(record[f"text_{language}"])
    found = record.get("words", {})
    return _one_line(str(found.get(f"{form}_{language}", found.get(form, ""))))


def _one_line(text: str) -> str:
    """Lines as sentences after each other: editors lose line breaks inside a control."""
    lines = text.split("\n")
    return " ".join(
        each if each[-1:] in ("", ".") or len(lines) == 1 else f"{each}." for each in lines
    )


def _plain(record: Mapping[str, Any], language: str) -> str:
    text = " ".join(str(record[f"text_{language}"]).split("\n"))
    if record["kind"] != "quote" or not text:
        return text
    who = text_of(record, "who", language)
    quoted = f"‘{text}’" if language == "nl" else f"“{text}”"
    return f"{quoted} ({who})" if who else quoted


def _number(record: Mapping[str, Any], form: str, language: str) -> str:
    places = record.get("decimals") or 0
    value, low, high = record["value"], record["low"], record["high"]
    if form == "n":
        return formats.count(record["n"], language)
    if form == "wording":
        return word(record["wording"], language)
    if form == "interval":
        return formats.interval(low, high, places, language)
    if form == "full":
        return _full(record, places, language)
    number = {"value": value, "abs": None if value is None else abs(value)}
    number |= {"low": low, "high": high}
    signed = bool(record.get("signed")) and form == "value"
    if not places:
        return formats.count(number[form], language)
    return formats.number(number[form], places, language, sign=signed)


def _full(record: Mapping[str, Any], places: int, language: str) -> str:
    """Value, interval and number of persons, as a methods section wants them."""
    value = formats.number(record["value"], places, language, sign=bool(record.get("signed")))
    ends = formats.interval(record["low"], record["high"], places, language)
    between = "; " if language == "nl" else ", "
    name = word("interval", language)
    return f"{value} ({name} {ends}{between}{formats.sample(record['n'], language)})"
