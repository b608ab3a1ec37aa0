"""Codes that name nobody delete nobody and link nobody; what joins two persons removes neither."""

import numpy as np
import pandas as pd
import pytest

from lostudy.cleaning import clean_study
from lostudy.cleaning.linking_codes import SHARED, WORD, own_codes

from .test_cleaning_rules import flags_of, small_study

CODES = pd.Series(["onbekend", "Geen", "XXXXXXX", "0000", "12345", "weet niet", "EDCBA", "ann 07"])


def kept(codes, answers, aside=()):
    index = pd.RangeIndex(2, len(codes) + 2)
    left = pd.Series([number in aside for number in range(len(codes))], index=index)
    codes, why = own_codes(pd.Series(codes, index=index), pd.DataFrame(answers, index=index), left)
    return codes.tolist(), why


def test_words_and_rows_of_signs_are_nobodys_code():
    found, why = kept(CODES.tolist(), [[1] * 12] * len(CODES))
    assert found == [""] * 7 + ["ANN07"]
    assert why == dict.fromkeys(range(2, 9), WORD)


def test_numbers_that_were_given_out_may_be_in_order():
    assert kept(["1234", "1111", "5063", "0000"], [[1]] * 4)[0] == ["1234", "1111", "5063", ""]


@pytest.mark.parametrize(("second", "same"), [
    ([1] * 12, True),                            # sent in twice
    ([1] * 5 + [None] * 7, True),                # broken off, then begun again
    ([1] * 7 + [2] * 5, True),                   # filled in again another day
    ([1] * 3 + [2] * 9, False),                  # somebody else
    ([2] * 9 + [None] * 3, True),                # too little to tell
])
def test_two_records_of_one_code(second, same):
    found, why = kept(["ANN07", "ann-07"], [[1] * 12, second])
    assert found == (["ANN07"] * 2 if same else ["", ""])
    assert set(why.values()) == (set() if same else {SHARED})


def test_a_record_that_is_set_aside_takes_nobodys_code():
    assert kept(["ANN07", "ANN07"], [[1] * 12, [5] * 12], aside=(1,))[0] == ["ANN07"] * 2


def test_a_record_that_joins_two_persons_goes_and_they_stay():
    flags = flags_of("""
        link  s1 s2 s3 s4 flags
        ANN07 1  2  3  4  .
        ANN07 4  3  2  2  duplicate
        BEA11 4  3  2  2  .
        """, small_study(4, duplicate_items=4))[2]
    assert flags["duplicate"].tolist() == [False, True, False]


def people_with(somebody, word, letters):
    """Twelve people, the first three with a word for a code."""
    rng = np.random.default_rng(5)
    answers = ("Oneens", "Neutraal", "Eens")
    return [
        somebody(number, code=word if number < 4 else f"{letters}{number * 91}",
                 **{item: answers[rng.integers(3)] for item in ("s1", "s2", "s3", "s4")})
        for number in range(1, 13)
    ]


def test_nobody_is_deleted_or_invented_by_a_word(folder, somebody):
    folder.deliver(people_with(somebody, "onbekend", "KLM"))
    folder.deliver(people_with(somebody, "Onbekend", "XYZ"), "A/T1")
    cleaned = clean_study(folder.study, folder.raw, None)[0]
    responses = cleaned.tables["responses"]
    assert responses["included"].all() and not responses["linked"].any()
    lines = cleaned.log[cleaned.log["change"] == "code not used"]
    assert sorted(lines["key"]) == ["2", "2", "3", "3", "4", "4"]
    assert "nbekend" not in lines.to_csv().casefold()
