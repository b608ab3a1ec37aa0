"""Raking, post-stratification, trimming, design effect."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.survey_design import SurveyDesign, design_mean
from lostudy.statistics.weights import (
    design_effect,
    margin_problems,
    post_stratify,
    rake,
    trim,
    trim_between,
    weighted_mean,
)


@pytest.fixture
def staff() -> pd.DataFrame:
    draw = seeded("staff")
    role = draw.choice(["care", "lead", "office"], 200, p=[0.6, 0.2, 0.2])
    return pd.DataFrame(
        {"role": role, "site": draw.choice(["N", "S"], 200), "y": draw.normal(size=200)}
    )


MARGINS = {"role": {"care": 500, "lead": 100, "office": 400}, "site": {"N": 300, "S": 700}}


def test_every_margin_is_met(staff: pd.DataFrame) -> None:
    w = rake(staff, MARGINS)
    for name, target in MARGINS.items():
        for category, count in w.groupby(staff[name]).sum().items():
            assert count == pytest.approx(target[category], rel=1e-10)
    assert (w > 0).all() and w.index.equals(staff.index)


def test_a_margin_that_is_already_met_changes_nothing(staff: pd.DataFrame) -> None:
    own = {"role": staff["role"].value_counts().to_dict()}
    np.testing.assert_allclose(rake(staff, own), 1.0)


def test_the_order_of_margins_and_rows_does_not_matter(staff: pd.DataFrame) -> None:
    other = {name: MARGINS[name] for name in reversed(MARGINS)}
    shuffled = staff.sample(frac=1, random_state=2)
    ours = rake(shuffled, other).reindex(staff.index)
    np.testing.assert_allclose(ours, rake(staff, MARGINS), rtol=1e-8)


@pytest.mark.parametrize(
    ("change", "message"),
    [(lambda f: f.assign(role=["rare"] * 4 + ["care"] * 100 + ["lead"] * 96), "without a target"),
     (lambda f: f.assign(role=["lead"] * 4 + ["care"] * 100 + ["office"] * 96),
      "fewer than 5 respondents"),
     (lambda f: f.assign(role=[None] + ["care"] * 100 + ["lead"] * 50 + ["office"] * 49),
      "missing for some persons")],
)  # fmt: skip
def test_margins_that_cannot_carry_weights_are_refused(
    change: object, message: str, staff: pd.DataFrame
) -> None:
    with pytest.raises(LostudyError, match=message):
        rake(change(staff), MARGINS)  # type: ignore[operator]


def test_an_empty_category_and_different_totals_are_told_together(staff: pd.DataFrame) -> None:
    bad = {"role": {**MARGINS["role"], "volunteer": 10}, "site": {"N": 300, "S": 700}}
    with pytest.raises(LostudyError) as caught:
        rake(staff, bad)
    assert str(caught.value) == (
        "a category of 'role' has fewer than 5 respondents. To do: merge categories\n"
        "the margins have different totals. To do: bring them to one staff size"
    )
    assert margin_problems(staff, "site", MARGINS) == []


def test_a_target_of_zero_is_refused(staff: pd.DataFrame) -> None:
    problems = margin_problems(staff, "site", {"site": {"N": 0, "S": 10}})
    assert problems == ["a target of 'site' is not above 0: leave the category out"]


def test_cells_are_met(staff: pd.DataFrame) -> None:
    cells = {(r, s): 10.0 * (i + 1) for i, (r, s) in enumerate(
        (r, s) for r in ("care", "lead", "office") for s in ("N", "S"))}  # fmt: skip
    w = post_stratify(staff, cells, ["role", "site"])
    for key, count in w.groupby([staff["role"], staff["site"]]).sum().items():
        assert count == pytest.approx(cells[key])


def test_trimming_keeps_the_sum_and_the_bound(staff: pd.DataFrame) -> None:
    w = pd.Series(seeded("heavy").lognormal(0, 1.5, 300))
    trimmed = trim(w, 5)
    assert trimmed.max() <= 5 * w.median() * (1 + 1e-9)
    assert trimmed.sum() == pytest.approx(w.sum())
    assert design_effect(trimmed)["estimate"][0] < design_effect(w)["estimate"][0]
    pd.testing.assert_series_equal(trim(pd.Series([1.0, 2.0]), 5), pd.Series([1.0, 2.0]))


def test_bounds_without_room_are_refused() -> None:
    with pytest.raises(LostudyError, match="the mean weight lies outside the bounds"):
        trim_between(pd.Series([10.0, 10.0]), 0, 5)


def test_equal_weights_have_no_design_effect() -> None:
    assert design_effect(pd.Series([3.0] * 8))["estimate"].tolist() == [1, 8]
    assert design_effect(pd.Series([], dtype=float))["note"].tolist() == ["no weights"] * 2


def test_weighting_removes_a_known_bias() -> None:
    """Leaders score 1 higher and answer twice as often; the weighted mean is that of the staff."""
    frame = pd.DataFrame({"role": ["lead"] * 40 + ["care"] * 60, "y": [4.0] * 40 + [3.0] * 60})
    frame["w"] = rake(frame, {"role": {"lead": 25, "care": 75}})
    row = weighted_mean(frame, "y", "w").iloc[0]
    assert row["estimate"] == pytest.approx(3.25)
    assert row["n"] == 100 and "sensitivity" in row["method"]


@pytest.mark.parametrize("values", [[], [1.0], [np.nan, np.nan]])
def test_too_few_answers_have_no_weighted_mean(values: list[float]) -> None:
    frame = pd.DataFrame({"y": values, "w": [1.0] * len(values)}, dtype=float)
    assert weighted_mean(frame, "y", "w")["note"].item() == "fewer than two answers"


def test_weights_below_zero_and_targets_in_words_are_refused() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3], "w": [1.0, -1, 1], "role": list("aab")})
    with pytest.raises(LostudyError, match="row 3, column 'w': a weight below 0"):
        weighted_mean(frame, "y", "w")
    for work in (design_effect, trim):
        with pytest.raises(LostudyError, match="a weight below 0"):
            work(frame["w"])
    staff = pd.DataFrame({"role": ["a"] * 6 + ["b"] * 6, "base": [1.0] * 11 + [-1.0]})
    with pytest.raises(LostudyError, match="starting weight is not above 0"):
        rake(staff, {"role": {"a": 5, "b": 5}}, base="base")
    for wrong in ("5", None, np.inf, np.nan, -1):
        with pytest.raises(LostudyError, match="not above 0"):
            rake(staff, {"role": {"a": wrong, "b": 5}})  # type: ignore[dict-item]


def test_a_population_smaller_than_who_answered_has_no_estimate() -> None:
    frame = pd.DataFrame({"y": np.arange(40.0), "w": 1.0, "N": 10})
    row = design_mean(frame, "y", SurveyDesign("w", population="N")).iloc[0]
    assert np.isnan(row["estimate"]) and "population" in row["note"]
