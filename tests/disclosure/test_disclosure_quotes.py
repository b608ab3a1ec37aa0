"""Each promise about quotes: one row that keeps it, one that breaks it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.disclosure.quotes import (
    COLUMNS,
    REASONS,
    balance,
    judge_quotes,
    one_person,
    passage_hash,
    protect_quotes,
    verbatim,
)
from lostudy.disclosure.safe import require_safe
from lostudy.disclosure.text.names import Name
from lostudy.errors import DisclosureError

WORDS = "Wij kijken elke week terug, en dan pas merk je wat er gebeurde."
TALKS = pd.DataFrame({
    "interview": ["a1", "a2", "a3", "b1", "b2"], "organisation": list("AAABB"),
    "role_band": ["professional"] * 3 + ["leader", "leader"],
    "consent": [True, True, False, True, True],
})  # fmt: skip
SAID = pd.DataFrame({
    "interview": ["a1", "a1", "a2", "a3", "b1", "b2"],
    "text": [WORDS, "Iets anders.", WORDS, WORDS, WORDS, WORDS], "code": "LV2.VORM",
    "offset_status": ["exact", "exact", "repaired", "exact", "absent", "unverified"],
})  # fmt: skip
GOOD = {
    "name": "lq2.quote.terug", "question": "lq2", "code": "LV2.VORM", "conversation": "a1",
    "text": "Wij kijken elke week terug […] wat er gebeurde.", "text_en": "", "chosen_by": "r1",
    "chosen_on": "2026-03-01", "read_by": "r2", "read_on": "2026-03-08", "released": "yes",
    "passage": passage_hash(WORDS),
}  # fmt: skip
CASES: dict[str, tuple[dict[str, str], str]] = {
    "checked": ({}, ""),
    "consent": ({"conversation": "a3"}, "no_consent"),
    "other words": ({"text": "Wij kijken nooit terug."}, "not_the_words"),
    "other order": ({"text": "wat er gebeurde […] Wij kijken"}, "not_the_words"),
    "somebody else's words": ({"text": "Iets anders.", "conversation": "a2"}, "not_the_words"),
    "only dots": ({"text": "[…]"}, "not_the_words"),
    "unverified": ({"conversation": "b2"}, "not_placed"),
    "no transcript": ({"conversation": "b1"}, ""),
    "repaired place": ({"conversation": "a2"}, ""),
    "a telephone": ({"text_en": "Call me at 06-12345678."}, "names_somebody"),
    "a name": ({"text_en": "As Eva says."}, "names_somebody"),
    "nobody read it": ({"read_by": ""}, "no_second_reader"),
    "read by who chose it": ({"read_by": "r1"}, "no_second_reader"),
    "changed since": ({"passage": "0" * 12}, "changed_since"),
    "not released": ({"released": "no"}, "not_released"),
    "read by who chose it, written otherwise": ({"read_by": " R1 "}, "no_second_reader"),
    "chosen by nobody": ({"chosen_by": ""}, "no_second_reader"),
    "chosen on no day": ({"chosen_on": ""}, "no_second_reader"),
    "read on no day": ({"read_on": "maart"}, "no_second_reader"),
    "read before it was chosen": ({"read_on": "2026-02-28"}, "no_second_reader"),
    "read by who chose it, in initials": (
        {"chosen_by": "Anna Bakker", "read_by": "A. Bakker"}, "no_second_reader"),
    "read by another of that name": ({"chosen_by": "Anna Bakker", "read_by": "Bo Bakker"}, ""),
    "two words": ({"text": "elke week"}, "not_the_words"),
    "two words and one put in place": ({"text": "[Wij] kijken elke"}, "not_the_words"),
    "three words": ({"text": "kijken elke week"}, ""),
    "another theme": ({"code": "LEID.CONTROLE"}, "another_theme"),
    "the theme above": ({"code": "LV2"}, ""),
    "somebody described in brackets": (
        {"text": "[De teamleider van B4, een vrouw van 58, zei] Wij kijken elke week terug"},
        "not_the_words",
    ),
    "a number in brackets": (
        {"text": "[B4 111] Wij kijken elke"},
        "not_the_words",
    ),
    "somebody in pieces": ({"text": "[een vrouw] [van team] Wij kijken elke"}, "not_the_words"),
    "a general word in brackets": ({"text": "[Wij] kijken elke week terug"}, ""),
    "letters of a passage": ({"text": "e […] e […] n"}, "not_the_words"),
    "loose words": ({"text": "Wij kijken […] merk je wat"}, "not_the_words"),
    "withdrawn": ({"conversation": "a9"}, "withdrawn"),
}


def judged(*changes: dict[str, str]) -> pd.DataFrame:
    rows = [{**GOOD, "name": f"lq2.quote.q{i}", **each} for i, each in enumerate(changes)]
    return judge_quotes(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        TALKS,
        SAID,
        [Name("person", "Eva")],
        {"LV2.VORM": "LV2"},
    )


@pytest.mark.parametrize("case", CASES)
def test_a_quote_is_checked_or_says_what_stands_in_its_way(case: str) -> None:
    change, reason = CASES[case]
    row = judged(change).iloc[0]
    assert row["reasons"] == reason
    assert row["status"] == {"": "checked", "withdrawn": "withdrawn"}.get(reason, "draft")
    assert not reason or reason in REASONS


def test_what_stands_in_brackets_is_scrubbed_as_well() -> None:
    row = judged({"text": "[bsn 111.222.333 tel 06/12345678] Wij kijken elke week"}).iloc[0]
    assert row["reasons"] == "not_the_words;names_somebody"


def test_nobody_can_have_read_a_quote_on_a_day_that_has_not_come() -> None:
    for read_on, today, reason in (("2026-03-08", date(2026, 3, 7), "no_second_reader"),
                                   ("2026-03-08", date(2026, 3, 8), "")):
        chosen = pd.DataFrame([{**GOOD, "read_on": read_on}], columns=list(COLUMNS))
        found = judge_quotes(chosen, TALKS, SAID, today=today)
        assert found["reasons"].tolist() == [reason]


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Anna Bakker", "A. Bakker", True), ("a bakker", "Anna  Bakker", True),
    ("Anna Bakker", "Bakker", True), ("Anna", "Anna Bakker", True), ("A.B.", "Anna Bakker", True),
    ("AB", "Anna Bakker", True), ("Anna Bakker", "Bo Bakker", False),
    ("A. Bakker", "B. Bakker", False), ("r1", "r2", False), ("Anna Bakker", "A. Visser", False),
    ("Anna Maria de Vries", "A.M. de Vries", True),
])
def test_initials_and_parts_of_a_name_are_no_other_person(
    one: str, other: str, same: bool
) -> None:
    assert one_person(one, other) is same is one_person(other, one)


def test_every_reason_has_a_case() -> None:
    assert {reason for _, reason in CASES.values()} | {"third_of_one"} == {"", *REASONS}


def test_of_one_person_at_most_two_and_a_draft_takes_no_place() -> None:
    table = judged({}, {"released": "no"}, {}, {}, {"conversation": "a2"})
    assert table["status"].tolist() == ["checked", "draft", "checked", "draft", "checked"]
    assert table["reasons"][3] == "third_of_one"


def test_a_role_is_told_only_where_three_conversations_share_it() -> None:
    assert judged({}, {"conversation": "b1"})["role"].tolist() == ["professional", ""]


def test_only_words_theme_and_role_of_checked_quotes_are_shown() -> None:
    table = judged({}, {"released": "no"}, {"conversation": "a9"})
    shown = require_safe(protect_quotes(table)).table
    assert list(shown) == ["name", "code", "role", "text", "translated", "hidden"]
    assert shown["hidden"].tolist() == ["", "protected"] and shown["text"].tolist()[1] == ""
    everything = shown.to_csv()
    assert not any(name in everything for name in ("a1", "a9", "r1", "r2"))


def test_a_translation_is_shown_in_its_language_and_said_to_be_one() -> None:
    table = judged({"text_en": "Every week we look back."}, {})
    dutch, english = (protect_quotes(table, language).table for language in ("nl", "en"))
    assert dutch["text"].tolist() == [GOOD["text"]] * 2 and not dutch["translated"].any()
    assert english["text"].tolist() == ["Every week we look back.", GOOD["text"]]
    assert english["translated"].tolist() == [True, False]


def test_the_words_of_who_withdrew_are_nowhere() -> None:
    with_them, without = (
        judged({}),
        judge_quotes(judged({})[list(COLUMNS)], TALKS[TALKS["interview"] != "a1"], SAID),
    )
    assert with_them["status"].tolist() == ["checked"]
    assert without["status"].tolist() == ["withdrawn"]
    assert protect_quotes(without).table.empty


@pytest.mark.parametrize(
    ("organisations", "expected"),
    [("AABB", (2, 4, False)), ("AAAB", (2, 4, True)), ("AAA", (1, 4, False)), ("", (0, 4, False))],
)
def test_balance_over_organisations(organisations: str, expected: tuple) -> None:
    table = pd.DataFrame({"status": "checked", "organisation": list(organisations)})
    assert balance(table, 4) == expected


@pytest.mark.parametrize(
    "quote",
    ["Wij kijken  elke week terug", "[Wij] kijken elke week", "Wij kijken elke (…) merk je wat",
     WORDS, "kijken elke\u00a0week"],
)  # fmt: skip
def test_marks_of_the_author_and_layout_are_no_change_of_words(quote: str) -> None:
    assert verbatim(quote, WORDS)


@given(st.integers(0, 40), st.integers(1, 20))
def test_any_piece_is_verbatim_and_with_a_letter_changed_is_not(start: int, size: int) -> None:
    piece = WORDS[start : start + size].strip()
    if piece:
        assert verbatim(piece, WORDS)
        assert not verbatim(f"{piece}ß", WORDS)


def test_a_table_without_a_column_is_refused() -> None:
    with pytest.raises(DisclosureError, match="passage"):
        judge_quotes(pd.DataFrame([GOOD]).drop(columns="passage"), TALKS, SAID)
