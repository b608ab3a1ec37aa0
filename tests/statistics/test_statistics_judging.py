"""Effect sizes, adjusted p values, equivalence, the wording ladder."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lostudy.errors import LostudyError
from lostudy.statistics.effects import hedges_factor, pooled_sd, standardised
from lostudy.statistics.judging import WORDINGS, equivalence, wording
from lostudy.statistics.many_tests import benjamini_hochberg, family_tests, holm

shares = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(shares)
def test_holm_and_bh_never_make_a_p_smaller_and_keep_the_order(p: list[float]) -> None:
    for adjust in (holm, benjamini_hochberg):
        adjusted = adjust(p)
        assert (adjusted >= np.array(p) - 1e-15).all() and (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-15).all()
    assert (holm(p) >= benjamini_hochberg(p) - 1e-12).all()


@given(shares)
def test_bh_is_that_of_scipy(p: list[float]) -> None:
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p), atol=1e-12)


def test_a_missing_p_stays_missing_and_does_not_count() -> None:
    np.testing.assert_allclose(holm([0.01, np.nan, 0.04]), [0.02, np.nan, 0.04])
    assert np.isnan(benjamini_hochberg([np.nan])).all()


def test_what_is_no_p_is_refused() -> None:
    with pytest.raises(LostudyError, match="a p lies between 0 and 1"):
        holm([0.2, 2.1])


@pytest.mark.parametrize("df", [3, 10, 50, 500])
def test_hedges_factor_is_near_its_approximation(df: int) -> None:
    assert hedges_factor(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=5e-3)


def test_pooled_sd_is_that_of_the_residuals() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3, 10, 14], "o": list("AAABB"), "w": 0})
    sd, df = pooled_sd(frame, "y", ["o", "w"])
    assert df == 3
    assert sd == pytest.approx(np.sqrt((2 + 8) / 3))
    assert np.isnan(pooled_sd(frame.iloc[[0]], "y", ["o"])[0])


def test_standardised_effects_keep_keys_and_reasons() -> None:
    rows = pd.DataFrame(
        {"organisation": ["A", "B"], "estimate": [0.2, np.nan], "se": [0.1, np.nan],
         "df": [30.0, np.nan], "n": [40, 0], "method": "m", "note": ["", "no answers"]}
    )  # fmt: skip
    ours = standardised(rows, 0.8, 100)
    assert ours["organisation"].tolist() == ["A", "B"]
    assert ours["note"].tolist() == ["", "no answers"]
    assert ours["estimate"][0] == pytest.approx(0.25 * hedges_factor(100))
    assert ours["low"][0] < ours["estimate"][0] < ours["high"][0]
    assert standardised(rows, 0.0, 100)["note"].tolist()[0] == "no variation to standardise by"


def test_equivalence_is_two_one_sided_t_tests() -> None:
    for estimate, se, df in [(0.05, 0.08, 20), (-0.2, 0.05, 8), (0.4, 0.1, 60)]:
        low = stats.t.sf((estimate + 0.25) / se, df)
        high = stats.t.cdf((estimate - 0.25) / se, df)
        row = equivalence(estimate, se, df, 0.25, 50).iloc[0]
        assert row["p"] == pytest.approx(max(low, high), rel=1e-10)
        inside = row["low"] > -0.25 and row["high"] < 0.25
        assert inside == (row["p"] < 0.05)


def test_equivalence_of_nothing_is_missing() -> None:
    row = equivalence(np.nan, 0.1, 5, 0.25, 0).iloc[0]
    assert np.isnan(row["p"]) and row["note"] == "no estimate to test"
    with pytest.raises(LostudyError, match="sesoi is not above 0"):
        equivalence(0.1, 0.1, 5, 0, 10)


def row(estimate: float, se: float = 0.1, df: float = 30) -> dict:
    half = stats.t.ppf(0.975, df) * se
    return {
        "estimate": estimate,
        "se": se,
        "df": df,
        "low": estimate - half,
        "high": estimate + half,
    }


NOTHING = {"estimate": np.nan, "se": np.nan, "df": np.nan, "low": np.nan, "high": np.nan}


@pytest.mark.parametrize(
    ("workforce", "same", "p", "share", "expected"),
    [
        (row(0.4), row(0.3), 0.01, 0.95, "rose"),
        (row(-0.4), row(-0.3), 0.01, 0.95, "fell"),
        (row(0.4), row(0.05), 0.01, 1.0, "rose"),
        (row(0.4), row(0.3), 0.20, 0.95, "points_to_rise"),
        (row(0.4), row(0.3), None, 0.95, "points_to_rise"),
        (row(0.4), row(0.3), 0.01, 0.80, "points_to_rise"),
        (row(0.4), row(0.3), 0.01, None, "points_to_rise"),
        (row(0.4), row(-0.05), 0.01, 0.95, "points_to_rise"),
        (row(0.4), None, 0.01, 0.95, "points_to_rise"),
        (row(0.4), NOTHING, 0.01, 0.95, "points_to_rise"),
        (row(0.05), row(0.4), 0.5, 0.95, "points_to_rise"),
        (row(-0.05), row(-0.4), 0.5, 0.95, "points_to_fall"),
        (row(0.4), row(-0.4), 0.01, 0.95, "too_uncertain"),
        (row(0.0, 0.05), row(0.02, 0.05), 0.9, 0.5, "no_noteworthy_change"),
        (row(0.0, 0.05), row(0.1, 0.2), 0.9, 0.5, "too_uncertain"),
        (row(0.0, 0.05), None, 0.9, 0.5, "no_noteworthy_change"),
        (row(0.1, 0.2), row(0.1, 0.2), 0.9, 0.5, "too_uncertain"),
        (row(5.0, 0.1, 3), row(5.0, 0.1, 3), 0.001, 1.0, "too_uncertain"),
        (NOTHING, NOTHING, None, None, "too_uncertain"),
        (NOTHING, None, None, None, "too_uncertain"),
    ],
)
def test_the_ladder(
    workforce: dict, same: dict | None, p: float, share: float, expected: str
) -> None:
    assert wording(workforce, same, p, share, 0.25) == expected
    assert expected in WORDINGS


def test_turning_the_scale_turns_the_words() -> None:
    turned = {"rose": "fell", "points_to_rise": "points_to_fall"}
    for p, share in ((0.01, 1.0), (0.3, 1.0)):
        up = wording(row(0.4), row(0.3), p, share, 0.25)
        assert wording(row(-0.4), row(-0.3), p, share, 0.25) == turned[up]


def test_families_are_adjusted_apart_and_the_unplanned_have_no_p() -> None:
    p = [0.01, 0.03, 0.02, 0.04, 0.001, np.nan]
    kind = ["primary", "primary", "secondary", "secondary", "exploratory", "primary"]
    rows = family_tests(pd.DataFrame({"p": p, "family": kind, "scale": list("abcdef")}))
    np.testing.assert_allclose(rows["adjusted"], [0.02, 0.03, 0.04, 0.04, np.nan, np.nan])
    assert np.isnan(rows["p"].iloc[4]) and rows["p"].iloc[0] == 0.01
    assert rows.columns.tolist() == ["p", "family", "scale", "adjusted"]
    with pytest.raises(LostudyError, match="family 'main' does not exist"):
        family_tests(pd.DataFrame({"p": [0.1], "family": ["main"]}))


def test_equivalence_with_few_degrees_of_freedom_says_so() -> None:
    assert equivalence(0, 0.1, 3, 0.25, 9)["note"].item().startswith("too few teams")
    assert equivalence(0, 0.1, 30, 0.25, 9)["note"].item() == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [({"adjusted_p": -5}, "adjusted_p"), ({"same_sign_share": 95}, "same_sign_share"),
     ({"se": 0.0}, "standard error"), ({"low": 0.6}, "outside its interval"),
     ({"sesoi": 0.0}, "sesoi")],
)  # fmt: skip
def test_a_wording_is_not_chosen_from_numbers_that_cannot_be(
    change: dict[str, float], words: str
) -> None:
    row = {"estimate": 0.3, "se": 0.1, "df": 40, "low": 0.1, "high": 0.5}
    row.update({k: v for k, v in change.items() if k in row})
    asked = {"adjusted_p": 0.01, "same_sign_share": 1.0, "sesoi": 0.25}
    asked.update({k: v for k, v in change.items() if k in asked})
    with pytest.raises(LostudyError, match=words):
        wording(row, row, **asked)
