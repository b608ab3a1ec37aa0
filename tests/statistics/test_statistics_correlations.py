"""Correlations, item statistics, raters and effect sizes, beside scipy and numbers by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statistics_data import likert, seeded

from lostudy.errors import LostudyError
from lostudy.statistics.correlations import (
    correlation_interval,
    correlation_matrix,
    sampling_adequacy,
    sphericity,
    within_between,
)
from lostudy.statistics.effects import two_group_difference
from lostudy.statistics.item_analysis import item_statistics
from lostudy.statistics.raters import rater_icc


def test_a_correlation_is_that_of_scipy_with_its_interval() -> None:
    draw = seeded("scipy")
    x = draw.normal(size=50)
    y = 0.5 * x + draw.normal(size=50)
    row, theirs = correlation_interval(x, y).iloc[0], stats.pearsonr(x, y)
    ends = theirs.confidence_interval()
    assert (row["estimate"], row["p"]) == pytest.approx((theirs.statistic, theirs.pvalue))
    assert (row["low"], row["high"]) == pytest.approx((ends.low, ends.high))
    assert correlation_interval([1, 2, 3], [1, 2, 3])["note"].item() == "fewer than four persons"
    assert correlation_interval([1] * 9, range(9))["note"].item() == "no variation"


def test_ranks_and_missing_answers() -> None:
    items = likert("ranks", 80)
    items.loc[::7, "q1"] = np.nan
    pair = items[["q1", "q2"]].dropna()
    ours = correlation_matrix(items, "spearman").loc["q1", "q2"]
    assert ours == pytest.approx(stats.spearmanr(pair["q1"], pair["q2"]).statistic)
    whole = correlation_matrix(items, missing="listwise").loc["q2", "q3"]
    complete = items.dropna()
    assert whole == pytest.approx(complete["q2"].corr(complete["q3"]))
    with pytest.raises(LostudyError, match="kind 'kendall' does not exist"):
        correlation_matrix(items, "kendall")


def test_within_and_between_can_have_other_signs() -> None:
    """Colleagues who score higher on a score lower on b; teams that do score higher on both."""
    draw = seeded("ecology")
    team = np.repeat(np.arange(40), 15)
    level = draw.normal(0, 2, 40)[team]
    own = draw.normal(size=600)
    frame = pd.DataFrame({"a": level + own, "b": level - own, "t": team})
    rows = within_between(frame, ["a", "b"], "t").set_index("level")
    assert rows.loc["within", "estimate"] == pytest.approx(-1)
    assert rows.loc["between", "estimate"] > 0.8
    assert rows["share"].pow(2).sum() == pytest.approx(1)


def test_unrelated_items_are_spherical_and_not_adequate() -> None:
    draw = seeded("spherical")
    noise = pd.DataFrame(draw.normal(size=(400, 5)))
    assert sphericity(noise)["p"].item() > 0.01
    assert sphericity(likert("spherical"))["p"].item() < 1e-10
    kmo = sampling_adequacy(likert("adequate"))
    assert kmo["item"].iloc[0] == "all" and kmo["estimate"].between(0.7, 1).all()
    assert sampling_adequacy(noise)["estimate"].iloc[0] < 0.6
    doubled = likert("doubled").assign(q6=lambda d: d["q1"])
    assert sphericity(doubled)["note"].item() == "an item is a combination of the others"


@given(st.lists(st.integers(1, 7), min_size=5, max_size=40).filter(lambda x: len(set(x)) > 1))
def test_item_statistics_are_those_of_scipy(answers: list[int]) -> None:
    items = pd.DataFrame({"q": answers})
    for kind, bias in ((1, True), (2, False)):
        row = item_statistics(items, kind).iloc[0]
        assert row["skew"] == pytest.approx(stats.skew(answers, bias=bias), abs=1e-9)
        assert row["kurtosis"] == pytest.approx(stats.kurtosis(answers, bias=bias), abs=1e-9)
    row = item_statistics(items).iloc[0]
    assert row["trimmed"] == pytest.approx(stats.trim_mean(answers, 0.1))
    assert row["median"] == np.median(answers)
    assert row["mad"] == pytest.approx(1.4826 * stats.median_abs_deviation(answers))


def test_items_without_variation_say_so() -> None:
    items = pd.DataFrame({"a": [3.0, 3, 3], "b": [np.nan] * 3, "c": [np.nan, np.nan, 2]})
    rows = item_statistics(items).set_index("item")
    assert rows["note"].tolist() == ["no variation", "no answers", "one answer"]
    assert rows["missing"].tolist() == [0, 3, 2]
    with pytest.raises(LostudyError, match="this type of skew does not exist"):
        item_statistics(items, 4)


def test_raters_who_are_severe_agree_but_for_their_severity() -> None:
    draw = seeded("severe")
    truth = draw.normal(0, 2, 200)
    ratings = pd.DataFrame({j: truth + j + draw.normal(0, 0.5, 200) for j in range(4)})
    rows = rater_icc(ratings).set_index("measure")["estimate"]
    assert rows["ICC3"] == pytest.approx(4 / 4.25, abs=0.02)
    assert rows["ICC1"] < rows["ICC2"] < rows["ICC3"]
    assert rows["ICC3k"] > rows["ICC3"]


def test_rater_intervals_hold_the_truth() -> None:
    held = 0
    for seed in range(80):
        draw = seeded(f"raters {seed}")
        ratings = draw.normal(size=(15, 1)) + draw.normal(size=(15, 4))
        row = rater_icc(pd.DataFrame(ratings)).set_index("measure").loc["ICC1"]
        held += int(row["low"] <= 0.5 <= row["high"])
    assert 0.86 <= held / 80 <= 1


@pytest.mark.parametrize(
    ("ratings", "note"),
    [({"a": [1, 2, 3]}, "one rater"),
     ({"a": [1, 2], "b": [1, None]}, "fewer than two units rated by all"),
     ({"a": [1, 2, 3], "b": [1, 2, 3]}, "no disagreement at all")],
)  # fmt: skip
def test_ratings_without_anything_to_compare(ratings: dict, note: str) -> None:
    rows = rater_icc(pd.DataFrame(ratings))
    assert set(rows["note"]) == {note} and rows["estimate"].isna().all() and len(rows) == 6


def test_a_difference_in_sd_and_its_interval_by_the_noncentral_t() -> None:
    draw = seeded("difference")
    x, y = draw.normal(0.5, 1, 40), draw.normal(0, 1, 30)
    rows = two_group_difference(x, [*y, np.nan]).set_index("measure")
    t = stats.ttest_ind(x, y).statistic
    root = np.sqrt(40 * 30 / 70)
    assert rows.loc["d", "estimate"] == pytest.approx(t / root)
    low, high = rows.loc["d", ["low", "high"]] * root
    assert stats.nct.sf(t, 68, low) == pytest.approx(0.025, abs=1e-4)
    assert stats.nct.cdf(t, 68, high) == pytest.approx(0.025, abs=1e-4)
    assert abs(rows.loc["g", "estimate"]) < abs(rows.loc["d", "estimate"])
    assert set(two_group_difference([1.0], [])["note"]) == {"too few persons"}
    assert set(two_group_difference([1.0, 1], [2, 2])["note"]) == {"no variation"}
