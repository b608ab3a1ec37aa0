"""Which quotes may be published, and why others may not.

The rules: consent, release, a second reader, nobody named, the words as they were said, at most two
of one person, and no more about the speaker than a role that several share. A participant who
withdrew is gone at the next run, and so are their words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pandas as pd

from lostudy.disclosure.safe import PROTECTED, Safe, sealed
from lostudy.disclosure.text import scrub
from lostudy.disclosure.text.names import Name
from lostudy.errors import DisclosureError, Problem

COLUMNS = ("name", "question", "code", "conversation", "text", "text_en", "chosen_by", "chosen_on",
           "read_by", "read_on", "released", "passage")  # fmt: skip
REASONS = ("withdrawn", "no_consent", "not_the_words", "not_placed", "another_theme",
           "names_somebody", "no_second_reader", "changed_since", "not_released",
           "third_of_one")  # fmt: skip
FOUND = ("organisation", "status", "reasons", "role", "now")
MOST, SHARED = 2, 3
LEFT_OUT = re.compile(r"\[(?:…|\.\.\.)\]|\(…\)|\(\.\.\.\)")
PUT_IN_PLACE = re.compile(r"\[([^\[\]]*)\]")
FEW, MOST_IN_PLACE = 3, 2  # words of a piece between what was left out; words in brackets
PLACED = ("exact", "repaired", "absent")
ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u00ad": None})


def passage_hash(text: str) -> str:
    """The mark of a passage that a second reader writes down: it changes with every letter.

    >>> passage_hash("Wij leren.") == passage_hash("Wij  leren. ") != passage_hash("Wij leerden.")
    True
    """
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:12]


def _plain(text: str) -> str:
    return " ".join(text.translate(ALIKE).split())


def verbatim(quote: str, passage: str) -> bool:
    """Whether a quote has the words of a passage, in their order.

    What stands in square brackets is of the author: […] for words left out, or one or two general
    words put in their place ([team], [het gezin]). A piece between words left out has three words
    or more: of loose words anything can be made.

    >>> verbatim("Wij leren echt […] en elke week.", "Wij leren echt veel, en elke week.")
    True
    >>> verbatim("Wij leren elke dag.", "Wij leren elke week.")
    False
    >>> verbatim("[De teamleider van B4] leert elke week.", "Wij leren, en Jan leert elke week.")
    False
    """
    pieces = [each for each in LEFT_OUT.split(quote) if each.strip()]
    words = PUT_IN_PLACE.findall("".join(pieces))
    short = len(pieces) > 1 and any(_few(each) for each in pieces)
    if short or not all(map(_general, words)):
        return False
    parts = [_plain(part) for each in pieces for part in PUT_IN_PLACE.sub("\0", each).split("\0")]
    place, text = 0, _plain(passage)
    for part in (part for part in parts if part):
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return any(parts)


def _few(words: str) -> bool:
    """Whether these are fewer than three words, without what the author put in place."""
    return len(PUT_IN_PLACE.sub(" ", LEFT_OUT.sub(" ", words)).split()) < FEW


def _general(put: str) -> bool:
    """Whether what stands in brackets is a word or two that say nothing of anybody."""
    words = put.casefold().split()
    return 0 < len(words) <= MOST_IN_PLACE and all(word in general() for word in words)


@cache
def general() -> frozenset[str]:
    """Words that may stand in brackets: they say nothing of anybody."""
    return frozenset(
        files("lostudy.disclosure.text").joinpath("general.txt").read_text("utf-8").split()
    )


def judge_quotes(
    quotes: pd.DataFrame,
    interviews: pd.DataFrame,
    segments: pd.DataFrame,
    names: Sequence[Name] = (),
    parents: Mapping[str, str] = MappingProxyType({}),
    today: date | None = None,
) -> pd.DataFrame:
    """Each quote with its status, what stands in its way, and the role of who says it.

    `quotes`: the columns COLUMNS, as text. `interviews` and `segments`: the tidy tables of all
    organisations; `names`: the private list; `parents`: code → the code above it, for a quote with
    the theme above that of its passage; `today`: after which day nobody can have read it. Columns:
    those of `quotes`, organisation, status (checked, draft, withdrawn), reasons (keys of REASONS
    apart by ";"), role (empty where fewer than three conversations have it) and now (the mark of
    the passage as it is).
    """
    missing = [name for name in COLUMNS if name not in quotes]
    if missing:
        raise DisclosureError(Problem(f"quotes without '{missing[0]}'", "add the column"))
    talks = interviews.set_index("interview")
    shared = interviews["role_band"].value_counts()
    said = dict(list(segments.groupby("interview")))
    counted: dict[Any, int] = {}
    rows = []
    for quote in quotes.to_dict("records"):
        row = _judged(quote, talks, said, names, parents, today)
        if not row["reasons"]:
            counted[quote["conversation"]] = counted.get(quote["conversation"], 0) + 1
            if counted[quote["conversation"]] > MOST:
                row["reasons"] = ["third_of_one"]
        role = row["role"] if shared.get(row["role"], 0) >= SHARED else ""
        gone = "withdrawn" in row["reasons"]
        status = "withdrawn" if gone else "draft" if row["reasons"] else "checked"
        row.update(role=role, status=status, reasons=";".join(row["reasons"]))
        rows.append({**{name: quote[name] for name in COLUMNS}, **row})
    return pd.DataFrame(rows, columns=[*COLUMNS, *FOUND])


def _judged(
    quote: dict[Hashable, Any],
    talks: pd.DataFrame,
    said: dict[Any, pd.DataFrame],
    names: Sequence[Name],
    parents: Mapping[str, str],
    today: date | None,
) -> dict[str, Any]:
    if quote["conversation"] not in talks.index:
        return {"organisation": "", "role": "", "now": "", "reasons": ["withdrawn"]}
    talk = talks.loc[quote["conversation"]]
    passage = _passage(quote, said.get(quote["conversation"]))
    now = passage_hash(passage["text"]) if passage else ""
    themes = _themes(passage, said.get(quote["conversation"]), parents)
    checks = {
        "no_consent": not bool(talk["consent"]),
        "not_the_words": passage is None,
        "not_placed": passage is not None and passage["offset_status"] not in PLACED,
        "another_theme": passage is not None and quote["code"] not in themes,
        "names_somebody": any(scrub(quote[text], names).replaced for text in ("text", "text_en")),
        "no_second_reader": not _read_by_another(quote, today),
        "changed_since": passage is not None and quote["read_by"] != "" and quote["passage"] != now,
        "not_released": quote["released"].strip().lower() not in ("yes", "ja", "1", "true"),
    }
    return {
        "organisation": talk["organisation"], "role": talk["role_band"], "now": now,
        "reasons": [name for name, stands in checks.items() if stands],
    }  # fmt: skip


def _read_by_another(quote: dict[Hashable, Any], today: date | None) -> bool:
    """Whether one person chose it and another read it, each on a day that came, in this order."""
    chosen, read = (" ".join(quote[name].split()) for name in ("chosen_by", "read_by"))
    days = [pd.to_datetime(quote[name], format="%Y-%m-%d", errors="coerce")
            for name in ("chosen_on", "read_on")]  # fmt: skip
    dated = not any(pd.isna(day) for day in days) and days[0] <= days[1]
    came = today is None or (dated and days[1].date() <= today)
    return bool(chosen and read and not one_person(chosen, read) and dated and came)


def one_person(one: str, other: str) -> bool:
    """Whether two names may be of one person: initials, or a part of the name, are no other reader.

    >>> one_person("Anna Bakker", "A. Bakker"), one_person("Anna Bakker", "Bo Bakker")
    (True, False)
    """
    names = [each.casefold().replace(".", " ").replace(",", " ").split() for each in (one, other)]
    short, long = sorted(names, key=len)
    if set(short) <= set(long):
        return True
    initials = ["".join(part[0] for part in each) for each in names]
    if any(set(map(len, each)) <= {1} and "".join(each) == initials[1 - at]
           or len(each) == 1 and each[0] == initials[1 - at] for at, each in enumerate(names)):
        return True
    first = [each[0] for each in names]
    cut = any(len(each) == 1 for each in first) and first[0][0] == first[1][0]
    return len(short) > 1 and short[-1] == long[-1] and cut


def _themes(
    passage: dict[Hashable, Any] | None,
    segments: pd.DataFrame | None,
    parents: Mapping[str, str],
) -> set[str]:
    """The codes of a passage, and those above them."""
    if passage is None or segments is None:
        return set()
    found = set(segments.loc[segments["text"] == passage["text"], "code"].dropna().astype("str"))
    while more := {parents[code] for code in found if parents.get(code)} - found:
        found |= more
    return found


def _passage(
    quote: dict[Hashable, Any], segments: pd.DataFrame | None
) -> dict[Hashable, Any] | None:
    """The passage that holds the words of a quote: the one that was read, or the surest place.

    None for a quote of fewer than three words: those stand everywhere.
    """
    if segments is None or _few(quote["text"]):
        return None
    order = {status: spot for spot, status in enumerate((*PLACED, "unverified"))}
    fits = [row for row in segments[["text", "offset_status"]].to_dict("records")
            if isinstance(row["text"], str) and verbatim(quote["text"], row["text"])]  # fmt: skip
    read = quote["passage"]
    return min(
        fits,
        key=lambda row: (passage_hash(row["text"]) != read, order.get(row["offset_status"], 9)),
        default=None,
    )


def protect_quotes(judged: pd.DataFrame, language: str = "nl") -> Safe:
    """Quotes as they may be shown: theme, role and words of those that are checked.

    `judged`: of `judge_quotes`; `language`: "en" for the translation where there is one, which
    `translated` tells. Of the others only that they are there; of withdrawn ones nothing.
    """
    table = judged[judged["status"] != "withdrawn"].reset_index(drop=True)
    checked = table["status"] == "checked"
    translated = (table["text_en"] != "") & (language == "en")
    words = table["text"].mask(translated, table["text_en"])
    shown = pd.DataFrame({
        "name": table["name"], "code": table["code"], "role": table["role"].where(checked, ""),
        "text": words.where(checked, ""), "translated": translated & checked,
        "hidden": pd.Series("", index=table.index, dtype="str").mask(~checked, PROTECTED),
    })  # fmt: skip
    return sealed(shown, "quotes", ("name",))


def balance(judged: pd.DataFrame, organisations: int) -> tuple[int, int, bool]:
    """Of how many organisations, of all, there are checked quotes; whether one has over half.

    `judged`: of `judge_quotes`; `organisations`: how many take part. One with over half is told
    only where there are four quotes or more.

    >>> balance(pd.DataFrame({"status": ["checked"] * 4, "organisation": list("AAAB")}), 4)
    (2, 4, True)
    """
    checked = judged.loc[judged["status"] == "checked", "organisation"].value_counts()
    lopsided = checked.sum() > SHARED and checked.max() > checked.sum() / 2
    return len(checked), organisations, bool(lopsided)
