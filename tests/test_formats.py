"""Numbers as they are printed: half up of what stands there, in Dutch and in English."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.formats import count, half_up, interval, number, percent, rounded, sample

NUMBERS = st.decimals(-1000, 1000, places=4).map(float)


@pytest.mark.parametrize(("value", "decimals", "dutch", "english"), [
    (3.05, 1, "3,1", "3.1"),
    (2.675, 2, "2,68", "2.68"),
    (1.005, 2, "1,01", "1.01"),
    (-0.04, 1, "0,0", "0.0"),
    (-0.05, 1, "−0,1", "−0.1"),
    (0.5, 0, "1", "1"),
    (1e-9, 2, "0,00", "0.00"),
    (1234.5, 1, "1234,5", "1234.5"),
    (None, 1, "–", "–"),
    (float("nan"), 1, "–", "–"),
    (float("inf"), 1, "–", "–"),
])
def test_numbers(value, decimals, dutch, english):
    assert number(value, decimals) == dutch
    assert number(value, decimals, "en") == english


def test_signs():
    assert number(0.2, 2, sign=True) == "+0,20"
    assert number(-0.2, 2, sign=True) == "−0,20"
    assert number(0.001, 2, sign=True) == "0,00"


def test_intervals_percentages_and_counts():
    assert interval(-0.12, 0.3) == "[−0,12; 0,30]"
    assert interval(None, 0.3) == interval(float("nan"), 1) == "–"
    assert interval(0.1, 0.2, 1, sign=True) == "[+0,1; +0,2]"
    assert (percent(0.655), percent(0.655, "en"), percent(None)) == ("66\u00a0%", "66%", "–")
    assert percent(0.12345, decimals=1) == "12,3\u00a0%"
    assert (count(7382), count(7382, "en"), count(None)) == ("7.382", "7,382", "–")
    assert sample(1212, "en") == "n\u00a0=\u00a01,212"


@given(NUMBERS, st.integers(0, 3))
def test_half_up_is_near_and_never_towards_even(value, decimals):
    step = Decimal(1).scaleb(-decimals)
    printed = half_up(value, decimals)
    exact = Decimal(repr(value))
    assert abs(printed - exact) <= step / 2
    if abs(printed - exact) == step / 2:
        assert abs(printed) > abs(exact)


@given(NUMBERS, st.integers(0, 3))
def test_half_up_has_a_mirror_and_stays_where_it_is(value, decimals):
    assert half_up(-value, decimals) == -half_up(value, decimals)
    once = rounded(value, decimals)
    assert rounded(once, decimals) == once
    assert str(once) != "-0.0"


@given(NUMBERS, NUMBERS, st.integers(0, 3))
def test_half_up_keeps_the_order(one, other, decimals):
    low, high = sorted([one, other])
    assert half_up(low, decimals) <= half_up(high, decimals)


def test_missing_stays_missing():
    assert rounded(float("nan"), 1) != rounded(float("nan"), 1)
