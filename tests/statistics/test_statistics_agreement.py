"""Agreement of coders; the paradox, the undefined case, intervals over conversations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.agreement import (
    METRICS,
    NO_PAIRS,
    NO_VARIATION,
    counts_of,
    krippendorff_alpha,
)
from lostudy.statistics.coding import code_agreement
from lostudy.statistics.kappas import agreement_of_two, fleiss_kappa

krippendorff = pytest.importorskip("krippendorff")


def coded(
    words: str, units: int = 200, prevalence: float = 0.3, error: float = 0.1
) -> pd.DataFrame:
    draw = seeded(words)
    truth = draw.random(units) < prevalence
    flip = draw.random((2, units)) < error
    return pd.DataFrame({"A": truth ^ flip[0], "B": truth ^ flip[1]}).replace(
        {True: "yes", False: "no"}
    )


ratings = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=3, max_size=3),
    min_size=2,
    max_size=15,
)


@settings(max_examples=60, deadline=None)
@given(ratings, st.sampled_from(METRICS))
def test_alpha_is_that_of_the_package_krippendorff(rows: list, metric: str) -> None:
    frame = pd.DataFrame(rows, columns=list("ABC"), dtype=float)
    ours = krippendorff_alpha(frame, metric).iloc[0]
    try:
        with np.errstate(invalid="ignore"):
            theirs = krippendorff.alpha(frame.to_numpy().T, level_of_measurement=metric)
    except ValueError:
        theirs = np.nan
    if np.isnan(theirs):
        assert np.isnan(ours["estimate"]) and ours["note"] in (NO_VARIATION, NO_PAIRS)
    else:
        assert ours["estimate"] == pytest.approx(theirs, abs=1e-10, nan_ok=True)


@pytest.mark.parametrize("metric", METRICS)
def test_one_category_is_undefined_never_one(metric: str) -> None:
    row = krippendorff_alpha(pd.DataFrame({"A": [2, 2, 2], "B": [2, 2, 2]}), metric).iloc[0]
    assert np.isnan(row["estimate"]) and row["note"] == NO_VARIATION


def test_every_coefficient_says_no_variation() -> None:
    same = pd.DataFrame({"A": ["x"] * 4, "B": ["x"] * 4})
    rows = code_agreement(same, draws=20).set_index("measure")
    for name in ("alpha", "AC1", "Brennan-Prediger", "percent"):
        assert np.isnan(rows.loc[name, "estimate"]) and rows.loc[name, "note"] == NO_VARIATION
    assert fleiss_kappa(same)["note"].item() == NO_VARIATION
    assert agreement_of_two(same["A"], same["B"])["note"].item() == NO_VARIATION


def test_nothing_rated_twice_gives_a_reason() -> None:
    alone = pd.DataFrame({"A": ["x", None], "B": [None, "y"]})
    assert krippendorff_alpha(alone)["note"].item() == NO_PAIRS
    assert set(code_agreement(alone, draws=5)["note"]) == {NO_PAIRS}
    assert fleiss_kappa(alone)["note"].item() == NO_PAIRS
    assert agreement_of_two(alone["A"], alone["B"])["note"].item() == NO_PAIRS


def test_rare_codes_show_the_paradox() -> None:
    """Same raw agreement, far apart in alpha: why all of them are printed."""
    rare, common = coded("rare", 2000, 0.03, 0.02), coded("common", 2000, 0.45, 0.02)
    values = {
        name: code_agreement(frame, positive="yes", draws=2).set_index("measure")["estimate"]
        for name, frame in (("rare", rare), ("common", common))
    }
    assert values["rare"]["percent"] == pytest.approx(values["common"]["percent"], abs=0.02)
    assert values["common"]["alpha"] - values["rare"]["alpha"] > 0.2
    assert values["rare"]["AC1"] > 0.9
    assert values["rare"]["prevalence"] < 0.1 < values["common"]["prevalence"]


def test_positive_and_negative_agreement_by_hand() -> None:
    """40 both, 10 + 6 one, 44 none: 80/96 and 88/104."""
    one = ["y"] * 40 + ["y"] * 10 + ["n"] * 6 + ["n"] * 44
    two = ["y"] * 40 + ["n"] * 10 + ["y"] * 6 + ["n"] * 44
    frame = pd.DataFrame({"A": one, "B": two})
    rows = code_agreement(frame, positive="y", draws=5).set_index("measure")["estimate"]
    assert rows["positive agreement"] == pytest.approx(80 / 96)
    assert rows["negative agreement"] == pytest.approx(88 / 104)
    assert rows["prevalence"] == pytest.approx(96 / 200)
    assert rows["percent"] == pytest.approx(0.84)


def test_a_category_that_nobody_used_has_prevalence_zero() -> None:
    rows = code_agreement(coded("unused"), positive="maybe", draws=5).set_index("measure")
    assert rows.loc["prevalence", "estimate"] == 0


def test_conversations_are_resampled_whole() -> None:
    """When disagreement sits in some conversations, the interval over units is too narrow."""
    draw = seeded("conversations")
    conversation = np.repeat(np.arange(12), 25)
    error = np.repeat(draw.choice([0.02, 0.45], 12), 25)
    truth = draw.random(300) < 0.5
    frame = pd.DataFrame({"A": truth, "B": truth ^ (draw.random(300) < error)})
    units = code_agreement(frame, draws=400).iloc[0]
    whole = code_agreement(frame, conversation, draws=400).iloc[0]
    assert whole["estimate"] == units["estimate"]
    assert whole["high"] - whole["low"] > 1.4 * (units["high"] - units["low"])
    assert "resamples of conversations" in whole["method"]


def test_one_conversation_has_no_interval() -> None:
    rows = code_agreement(coded("single"), ["gesprek 1"] * 200, draws=10)
    assert rows["low"].isna().all()
    assert rows["note"].iloc[0] == "one of the conversations: no interval"
    with pytest.raises(LostudyError, match="conversation and ratings differ in length"):
        code_agreement(coded("single"), [1, 2])


def test_intervals_are_reproducible() -> None:
    pd.testing.assert_frame_equal(
        code_agreement(coded("seed"), draws=50), code_agreement(coded("seed"), draws=50)
    )


@settings(max_examples=25, deadline=None)
@given(st.permutations(list(range(8))))
def test_order_of_units_and_names_of_codes_do_not_matter(order: list[int]) -> None:
    frame = pd.DataFrame({"A": list("xxyyzzxy"), "B": list("xxyzzzyy"), "C": list("xyyyzzxy")})
    other = frame.iloc[order].replace({"x": "p", "y": "a", "z": "m"})[["C", "A", "B"]]
    for function in (krippendorff_alpha, fleiss_kappa):
        assert function(other)["estimate"].item() == pytest.approx(
            function(frame)["estimate"].item()
        )


def test_units_with_a_missing_rating_are_left_out_of_fleiss() -> None:
    frame = pd.DataFrame({"A": ["x", "y", "x"], "B": ["x", "y", None]})
    assert fleiss_kappa(frame)["n"].item() == 2


def test_quadratic_weights_forgive_near_misses() -> None:
    one, two = [1, 2, 3, 4, 5, 3, 2], [1, 3, 3, 5, 5, 2, 2]
    plain = agreement_of_two(one, two)["estimate"].item()
    weighted = agreement_of_two(one, two, "quadratic")["estimate"].item()
    assert weighted > plain
    row = agreement_of_two(one, two, "linear").iloc[0]
    assert row["low"] < row["estimate"] < row["high"]


@pytest.mark.parametrize(
    ("call", "message"),
    [(lambda f: krippendorff_alpha(f, "metric"), "metric 'metric' does not exist"),
     (lambda f: krippendorff_alpha(f, "interval"), "the interval metric needs numbers"),
     (lambda f: counts_of(f, ["yes"]), "ratings are not among the categories"),
     (lambda f: agreement_of_two(f["A"], f["B"], "cubic"), "weights 'cubic' does not exist")],
)  # fmt: skip
def test_mistakes_are_told(call: object, message: str) -> None:
    with pytest.raises(LostudyError, match=message):
        call(coded("mistakes"))  # type: ignore[operator]


def test_the_ratio_metric_refuses_what_lies_below_zero() -> None:
    ratings = pd.DataFrame({"A": [2, 1, 3], "B": [-2, 1, 3]})
    with pytest.raises(LostudyError, match="from zero up"):
        krippendorff_alpha(ratings, "ratio")
    assert np.isfinite(krippendorff_alpha(ratings, "interval")["estimate"].item())


def test_two_coders_of_other_numbers_of_units_are_refused() -> None:
    with pytest.raises(LostudyError, match="5 ratings of one coder and 3 of the other"):
        agreement_of_two([1, 2, 3, 1, 2], [1, 2, 3])
