"""The cumulative models, also where nothing can be estimated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statistics_data import likert, seeded

from lostudy.errors import LostudyError
from lostudy.statistics.cumulative import SEPARATION
from lostudy.statistics.dif import item_dif
from lostudy.statistics.ordinal import fit_ordinal, likelihood_ratio
from lostudy.statistics.proportional import proportional_odds


def answers(words: str, n: int = 400, slope: float = 0.8, team_sd: float = 0.0) -> tuple:
    draw = seeded(words)
    x, team = draw.normal(size=n), np.repeat(np.arange(n // 10), 10)
    latent = slope * x + draw.normal(0, team_sd + 1e-12, n // 10)[team] + draw.logistic(size=n)
    return np.digitize(latent, [-1.5, 0, 1.5]), x[:, None], team


def test_the_truth_is_recovered() -> None:
    y, X, _ = answers("recover", n=6000)
    fit = fit_ordinal(y, X)
    np.testing.assert_allclose(fit.coefficients["estimate"], [-1.5, 0, 1.5, 0.8], atol=0.1)


def test_two_categories_are_logistic_regression() -> None:
    y, X, _ = answers("binary")
    fit = fit_ordinal(y > 1, X)
    design = np.column_stack([np.ones(len(y)), X])
    b = np.zeros(2)
    for _ in range(30):
        p = 1 / (1 + np.exp(-design @ b))
        H = design.T @ (design * (p * (1 - p))[:, None])
        b = b + np.linalg.solve(H, design.T @ ((y > 1) - p))
    ours = fit.coefficients["estimate"].to_numpy()
    np.testing.assert_allclose(ours, [-b[0], b[1]], rtol=1e-6)
    np.testing.assert_allclose(
        fit.coefficients["se"], np.sqrt(np.diag(np.linalg.inv(H))), rtol=1e-5
    )


def test_a_random_team_is_recovered() -> None:
    y, X, team = answers("team", n=3000, team_sd=1.0)
    fit = fit_ordinal(y, X, team)
    assert fit.team_variance == pytest.approx(1.0, abs=0.35)
    plain = fit_ordinal(y, X)
    assert abs(plain.coefficients["estimate"].iloc[-1]) < fit.coefficients["estimate"].iloc[-1]
    assert fit.loglik > plain.loglik


def test_no_team_effect_is_said_and_the_plain_model_remains() -> None:
    y = np.tile([0, 1, 2, 1, 0, 2], 10)
    X = seeded("flat").normal(size=(60, 1))
    fit = fit_ordinal(y, X, np.repeat(np.arange(10), 6))
    assert fit.team_variance == 0
    assert set(fit.coefficients["note"]) == {"team variance estimated at zero"}
    np.testing.assert_allclose(
        fit.coefficients["estimate"], fit_ordinal(y, X).coefficients["estimate"]
    )


@pytest.mark.parametrize(
    ("y", "X", "group", "note"),
    [([1, 1, 2, 2], [[0.0], [0], [1], [1]], None, "complete separation: no finite estimate"),
     ([1, 1, 1], [[0.0], [1], [2]], None, "no variation: one category"),
     ([1, 2, 1], [[1.0], [1], [1]], None,
      "singular: the columns of X are not independent, or one is constant"),
     ([None, None], [[1.0], [2]], None, "no complete rows"),
     ([1, 2, 1, 2], [[0.0], [1], [2], [1]], [1] * 4, "one team: no variation between teams"),
     ([1, 2, 3, 1], [[0.0], [np.nan], [2], [1]], None,
      "a category is empty after leaving out incomplete rows")],
)  # fmt: skip
def test_bad_input_gives_a_reason(y: list, X: list, group: list | None, note: str) -> None:
    fit = fit_ordinal(y, X, group)
    assert fit.note == note
    assert fit.coefficients["estimate"].isna().all() and np.isnan(fit.loglik)


def test_turning_the_answers_turns_the_slope() -> None:
    y, X, team = answers("turn", n=200, team_sd=0.7)
    for group in (None, team):
        up, down = fit_ordinal(y, X, group), fit_ordinal(3 - y, X, group)
        slope = up.coefficients["estimate"].iloc[-1]
        assert down.coefficients["estimate"].iloc[-1] == pytest.approx(-slope, abs=1e-5)
        assert down.loglik == pytest.approx(up.loglik, abs=1e-6)


def test_the_likelihood_ratio_has_its_level_under_the_null() -> None:
    hits = 0
    for seed in range(150):
        y, X, _ = answers(f"null {seed}", n=120, slope=0.0)
        empty = np.empty((len(y), 0))
        hits += likelihood_ratio(fit_ordinal(y, empty), fit_ordinal(y, X))["p"].item() < 0.05
    assert stats.binom.cdf(hits, 150, 0.05) > 0.001 and stats.binom.sf(hits, 150, 0.05) > 0.001


def test_dif_finds_the_item_that_differs() -> None:
    frame = likert("dif", n=500)
    group = np.repeat(["A", "B"], 250)
    frame.loc[250:, "q3"] = (frame.loc[250:, "q3"] + 1).clip(1, 5)
    rows = item_dif(frame, group).set_index("item")
    assert rows["p"].idxmin() == "q3" and rows.loc["q3", "p"] < 1e-6
    assert (rows["df"] == 1).all()


@pytest.mark.parametrize("wrong", [{"link": "cloglog"}, {"nodes": 2}])
def test_mistakes_are_told(wrong: dict) -> None:
    with pytest.raises(LostudyError, match="'cloglog' does not exist|1 node .Laplace. or at least"):
        fit_ordinal([1, 2], [[0.0], [1]], **wrong)


def test_names_of_answers_become_thresholds() -> None:
    y, X, _ = answers("names")
    fit = fit_ordinal(y + 1, pd.DataFrame(X, columns=["leading"]))
    assert fit.coefficients["term"].tolist() == ["1|2", "2|3", "3|4", "leading"]


def test_one_slope_is_enough_where_the_data_were_made_so() -> None:
    y, X, _ = answers("proportional", n=1500)
    row = proportional_odds(y, pd.DataFrame({"x": X[:, 0]})).iloc[0]
    assert row["p"] > 0.01 and row["df"] == 2


def test_a_slope_that_changes_along_the_scale_is_found() -> None:
    draw = seeded("not proportional")
    x = draw.normal(size=1500)
    y = (draw.logistic(size=1500) + 1.5 * x > 1).astype(int) + (draw.random(1500) < 0.5)
    frame = pd.DataFrame({"x": x, "z": draw.normal(size=1500)})
    rows = proportional_odds(y, frame).set_index("term")
    assert rows.loc["x", "p"] < 0.01 and rows.loc["z", "p"] > 0.001


def test_the_check_passes_the_reason_on() -> None:
    row = proportional_odds([1, 1, 1], pd.DataFrame({"x": [0.0, 1, 2]})).iloc[0]
    assert row["note"] == "no variation: one category" and np.isnan(row["p"])


@pytest.mark.parametrize("link", ["logit", "probit"])
@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize(
    ("answers", "x"),
    [
        ([1] * 6 + [2] * 6, list(range(12))),
        ([1] * 10 + [2] * 10 + [3] * 10, list(range(30))),
        ([1, 1, 2, 2, 3, 3, 1, 2], [0, 0, 0, 0, 1, 1, 0, 0]),
        ([1, 1, 2, 2, 3, 3, 1, 2], [1, 1, 1, 1, 0, 0, 1, 1]),
    ],
)
def test_a_predictor_that_sorts_the_answers_has_no_finite_estimate(
    answers: list[int], x: list[int], group: bool, link: str
) -> None:
    """Also a numeric one, and one that sorts only the last answer off (quasi-separation)."""
    teams = list(range(2)) * (len(x) // 2) if group else None
    for unit in (1.0, 1e-6, 1e6):
        fit = fit_ordinal(answers, pd.DataFrame({"x": np.multiply(x, unit)}), teams, link)
        assert fit.coefficients[["estimate", "se", "p"]].isna().all(axis=None)
        assert fit.note == SEPARATION and (fit.coefficients["note"] == SEPARATION).all()


def test_one_answer_out_of_order_ends_the_separation() -> None:
    """Albert & Anderson (1984): with overlap the maximum exists; here checked by its equations."""
    x = np.arange(12.0)
    y = np.array([1] * 5 + [2, 1] + [2] * 5)
    fit = fit_ordinal(y, pd.DataFrame({"x": x}))
    cut, slope = fit.theta
    chance = 1 / (1 + np.exp(cut - slope * x))
    assert chance.sum() == pytest.approx((y == 2).sum(), abs=1e-6)
    assert chance @ x == pytest.approx((y == 2) @ x, abs=1e-5)


@pytest.mark.parametrize(("unit", "origin"), [(1, 2010), (-1, 2010), (1e6, 2e7), (1e-6, 0)])
def test_units_and_origin_of_a_predictor_turn_the_coefficient_and_nothing_else(
    unit: float, origin: float
) -> None:
    draw = seeded("birth years")
    age, team = draw.integers(18, 80, 300) * 1.0, np.repeat(range(15), 20)
    latent = -0.03 * age + draw.normal(0, 0.5, 15)[team] + draw.logistic(size=300)
    answers = np.digitize(latent, [-2, -1, 0])
    for teams in (None, team):
        one = fit_ordinal(answers, pd.DataFrame({"x": age}), teams)
        two = fit_ordinal(answers, pd.DataFrame({"x": origin + unit * age}), teams)
        before, after = (fit.coefficients.iloc[3] for fit in (one, two))
        assert after["estimate"] * unit == pytest.approx(before["estimate"], rel=1e-6)
        assert after["se"] * abs(unit) == pytest.approx(before["se"], rel=1e-5)
        assert two.loglik == pytest.approx(one.loglik, abs=1e-7)
        assert two.note == ""
    test, same = (
        proportional_odds(answers, pd.DataFrame({"x": origin * shift + unit**shift * age}))
        for shift in (0, 1)
    )
    assert same["estimate"].item() == pytest.approx(test["estimate"].item(), abs=1e-5)


def test_fits_that_are_not_nested_are_not_compared() -> None:
    y, X, _ = answers("nested", n=100)
    small, large = fit_ordinal(y, X[:, :0]), fit_ordinal(y, X)
    assert likelihood_ratio(small, large)["df"].item() == 1
    for one, two in ((large, small), (small, fit_ordinal(y[:-1], X[:-1])), (large, large)):
        with pytest.raises(LostudyError, match="not nested"):
            likelihood_ratio(one, two)
