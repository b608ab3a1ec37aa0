"""From answers to scale scores: reversal and the 75% rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lostudy.errors import LostudyError
from lostudy.statistics.reliability import alpha
from lostudy.statistics.scores import reverse, scale_scores

answers = st.lists(st.integers(1, 5), min_size=1, max_size=30)


@given(answers)
def test_reversing_twice_changes_nothing(values: list[int]) -> None:
    series = pd.Series(values)
    pd.testing.assert_series_equal(reverse(reverse(series, 1, 5), 1, 5), series)


@given(answers)
def test_reversing_keeps_the_range_and_turns_the_order(values: list[int]) -> None:
    turned = reverse(pd.Series(values), 1, 5)
    assert turned.between(1, 5).all()
    assert (np.sign(turned.diff().dropna()) == -np.sign(pd.Series(values).diff().dropna())).all()


def test_missing_stays_missing() -> None:
    assert reverse(pd.Series([1.0, np.nan]), 1, 5).isna().tolist() == [False, True]


def test_a_missing_code_stops_the_work_and_is_not_shown() -> None:
    with pytest.raises(LostudyError) as caught:
        reverse(pd.Series([1, 9, 99]), 1, 5)
    assert str(caught.value) == "2 answers outside 1 to 5. To do: recode the missing codes first"


@pytest.mark.parametrize(
    ("items", "answered", "scored"),
    [(4, 2, False), (4, 3, True), (5, 3, False), (5, 4, True), (3, 2, False), (3, 3, True),
     (6, 4, False), (6, 5, True), (8, 5, False), (8, 6, True), (1, 1, True)],
)  # fmt: skip
def test_three_quarters_of_the_items_rounded_up(items: int, answered: int, scored: bool) -> None:
    row = [4.0] * answered + [np.nan] * (items - answered)
    frame = pd.DataFrame([row], columns=[f"i{k}" for k in range(items)])
    score = scale_scores(frame, [], 1, 5).item()
    assert score == 4.0 if scored else np.isnan(score)


def test_the_mean_is_of_the_answered_items_after_reversal() -> None:
    frame = pd.DataFrame({"a": [5.0], "b": [1.0], "c": [np.nan], "d": [4.0]})
    assert scale_scores(frame, ["b"], 1, 5).item() == pytest.approx((5 + 5 + 4) / 3)


def test_forgetting_the_reversal_shows_in_alpha() -> None:
    """The trap `alpha_A_unreversed` of the gold values, in small: forgotten reversal."""
    frame = pd.DataFrame(
        {"a": [1, 2, 3, 4, 5, 4], "b": [1, 2, 3, 4, 4, 5], "c": [5, 4, 4, 2, 1, 2]}
    )
    turned = frame.assign(c=reverse(frame["c"], 1, 5))
    assert alpha(turned)["estimate"].item() > 0.9
    assert alpha(frame)["note"].item() == "negative: is an item not reversed?"


def test_an_unknown_reversed_item_is_refused() -> None:
    with pytest.raises(LostudyError) as caught:
        scale_scores(pd.DataFrame({"a": [1]}), ["z"], 1, 5)
    assert str(caught.value) == "item 'z' does not exist. To do: choose one of a"


@pytest.mark.parametrize("share", [0, -0.5, 1.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(LostudyError, match="answered_share is not a share"):
        scale_scores(pd.DataFrame({"a": [1]}), [], 1, 5, share)


def test_the_frame_of_the_caller_is_not_changed() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    before = frame.copy()
    scale_scores(frame, ["a"], 1, 5)
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=30)
@given(st.permutations(list(range(6))))
def test_the_order_of_persons_does_not_matter(order: list[int]) -> None:
    frame = pd.DataFrame({"a": [1, 2, 3, 4, 5, 1], "b": [2, 2, 3, 5, 5, np.nan]})
    shuffled = scale_scores(frame.iloc[order], ["b"], 1, 5).sort_index()
    pd.testing.assert_series_equal(shuffled, scale_scores(frame, ["b"], 1, 5))


def test_no_answers_give_no_score() -> None:
    frame = pd.DataFrame({"a": [np.nan, np.nan], "b": [np.nan, np.nan]})
    assert scale_scores(frame, [], 1, 5).isna().all()
