"""Ordered answers as ordered answers: models, reliability, and who answers an item otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statistics_data import likert, seeded

from lostudy.errors import LostudyError
from lostudy.statistics.categorical import (
    categorical_omega,
    categorical_reliability,
    ordinal_cfa,
)
from lostudy.statistics.dif import item_dif
from lostudy.statistics.odds import answer_probabilities, profile_intervals
from lostudy.statistics.ordinal import fit_ordinal
from lostudy.statistics.polychoric_errors import polychorics_with_spread

LOADINGS = np.array([0.8, 0.7, 0.6, 0.75])
SKEWED = np.array([-0.2, 0.8, 1.5])


def skewed(words: str, n: int = 3000, cuts: np.ndarray = SKEWED) -> pd.DataFrame:
    """Four answers to four items of one factor, most of them low."""
    draw = seeded(words)
    latent = draw.normal(size=(n, 1)) * LOADINGS + np.sqrt(1 - LOADINGS**2) * draw.normal(
        size=(n, 4)
    )
    return pd.DataFrame(np.searchsorted(cuts, latent) + 1.0, columns=list("abcd"))


def test_loadings_of_the_answers_behind_skewed_answers_are_recovered() -> None:
    fit = ordinal_cfa(skewed("recovered", 8000), {"f": list("abcd")})
    np.testing.assert_allclose(fit.parameters["estimate"], LOADINGS, atol=0.03)
    assert fit.value("cfi scaled") > 0.99 and fit.value("rmsea scaled") < 0.03


def test_errors_are_those_of_many_samples() -> None:
    draws = [ordinal_cfa(skewed(f"sample {i}", 400), {"f": list("abcd")}) for i in range(60)]
    found = np.array([fit.parameters["estimate"] for fit in draws]).std(axis=0, ddof=1)
    said = np.mean([fit.parameters["se"] for fit in draws], axis=0)
    np.testing.assert_allclose(said, found, rtol=0.35)


def test_the_adjusted_chi_square_keeps_its_size() -> None:
    p = [ordinal_cfa(skewed(f"size {i}", 300), {"f": list("abcd")}).measures.set_index("measure")
         .loc["chi2 scaled", "p"] for i in range(60)]  # fmt: skip
    assert 0.0 <= np.mean(np.array(p) < 0.05) <= 0.12
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_two_factors_and_their_correlation() -> None:
    draw = seeded("two ordered factors")
    both = draw.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=5000)
    latent = np.repeat(both, 3, axis=1) * 0.75 + np.sqrt(1 - 0.75**2) * draw.normal(size=(5000, 6))
    items = pd.DataFrame(np.searchsorted(SKEWED, latent), columns=list("abcdef"))
    two = {"f": ["a", "b", "c"], "g": ["d", "e", "f"]}
    fit = ordinal_cfa(items, two)
    table = fit.parameters
    assert table[table["kind"] == "factor"]["estimate"].item() == pytest.approx(0.5, abs=0.04)
    wrong = ordinal_cfa(items, {"f": list("abcdef")})
    assert wrong.value("chi2 scaled") > fit.value("chi2 scaled") + 100
    assert categorical_reliability(fit)["factor"].tolist() == ["f", "g"]


def test_two_answers_have_the_variance_of_a_tetrachoric() -> None:
    """Thresholds at 0: rho = sin(pi/2 (4p - 1)), so by the delta method from the binomial p."""
    items = pd.DataFrame({"a": [1] * 50 + [2] * 50, "b": [1] * 35 + [2] * 15 + [1] * 15 + [2] * 35})
    found = polychorics_with_spread(items)
    p = 0.35
    slope = 2 * np.pi * np.cos(np.pi / 2 * (4 * p - 1))
    assert found.R[1, 0] == pytest.approx(np.sin(np.pi / 2 * (4 * p - 1)), abs=1e-6)
    expected = slope**2 * (2 * p * (1 - 2 * p)) / 4
    assert found.spread.item() == pytest.approx(expected, rel=1e-6)


def test_the_sum_of_coarse_answers_is_less_reliable_than_what_lies_behind_them() -> None:
    items = skewed("coarse")
    as_given = categorical_omega(items)["estimate"].item()
    behind = categorical_omega(items, scale="latent")["estimate"].item()
    assert as_given < behind - 0.02
    draw = seeded("true scores")
    factor = draw.normal(size=(20000, 1))
    sums = []
    for _ in range(2):
        noise = np.sqrt(1 - LOADINGS**2) * draw.normal(size=(20000, 4))
        sums.append(np.searchsorted(SKEWED, factor * LOADINGS + noise).sum(axis=1))
    retest = np.corrcoef(*sums)[0, 1]  # the reliability of the sum, by measuring twice
    assert as_given == pytest.approx(retest, abs=0.02)


def test_one_factor_that_fits_has_one_reliability() -> None:
    items = skewed("fits", 6000)
    observed, model = (categorical_omega(items, kind)["estimate"].item()
                       for kind in ("observed", "model"))  # fmt: skip
    assert observed == pytest.approx(model, abs=0.005)


@pytest.mark.parametrize(
    ("change", "note"),
    [(lambda f: f.assign(a=1.0), "no variation in a"),
     (lambda f: f[["a", "b"]], "fewer than three items"),
     (lambda f: f.iloc[:3], "no more persons than items"),
     (lambda f: f * np.nan, "no answers")],
)  # fmt: skip
def test_bad_input_gives_a_reason(change: object, note: str) -> None:
    items = change(skewed("bad", 60))  # type: ignore[operator]
    assert ordinal_cfa(items, {"f": list(items)}).note == note
    assert categorical_omega(items)["note"].item() == note


def test_mistakes_are_told() -> None:
    with pytest.raises(LostudyError, match="scale 'interval' does not exist"):
        categorical_omega(skewed("m", 60), scale="interval")
    with pytest.raises(LostudyError, match="column 'zz' does not exist"):
        ordinal_cfa(skewed("m", 60), {"f": ["a", "zz"]})


def test_an_item_that_one_group_finds_harder_is_found_and_the_others_are_not() -> None:
    items = likert("harder", 400)
    group = np.repeat(["A", "B"], 200)
    items.loc[group == "B", "q2"] = (items["q2"] - 1).clip(lower=1)
    rows = item_dif(items, group).set_index("item")
    assert rows.loc["q2", "adjusted"] < 0.001 and rows.loc["q2", "size"] > 0.035
    others = rows.drop("q2")
    assert (others["size"] < 0.035).all()
    assert (others["estimate"] < rows.loc["q2", "estimate"]).all()


def test_an_item_that_means_less_in_one_group_is_found_by_its_slope() -> None:
    items, draw = likert("means less", 800), seeded("another slope")
    group = np.repeat(["A", "B"], 400)
    noise = pd.Series(draw.integers(1, 6, 800).astype(float))
    items["q3"] = items["q3"].where(group == "A", noise)
    uniform = item_dif(items, group).set_index("item").loc["q3"]
    whole = item_dif(items, group, "any").set_index("item").loc["q3"]
    assert whole["df"] == 2 and whole["adjusted"] < 1e-6
    assert whole["estimate"] > uniform["estimate"] + 20
    with pytest.raises(LostudyError, match="kind 'both' does not exist"):
        item_dif(items, group, "both")


def test_without_a_difference_few_items_are_flagged() -> None:
    flags = [(item_dif(likert(f"null {i}", 120), np.arange(120) % 4)["adjusted"] < 0.05).mean()
             for i in range(20)]  # fmt: skip
    assert np.mean(flags) < 0.08


def test_one_group_has_no_dif() -> None:
    assert set(item_dif(likert("one", 40), ["A"] * 40)["note"]) == {"one group: nothing to compare"}


def test_probabilities_of_answers_are_shares_and_sum_to_one() -> None:
    draw = seeded("shares")
    x = draw.integers(0, 2, 2000).astype(float)
    y = np.searchsorted([-0.5, 0.7], 0.8 * x + draw.logistic(size=2000))
    fit = fit_ordinal(y, x[:, None])
    table = answer_probabilities(fit, [[0.0], [1.0]])
    np.testing.assert_allclose(table.sum(axis=1), 1)
    for value in (0, 1):
        shares = pd.Series(y[x == value]).value_counts(normalize=True).sort_index()
        np.testing.assert_allclose(table.iloc[value], shares, atol=0.03)
    with pytest.raises(LostudyError, match="X has 2 columns, the model 1"):
        answer_probabilities(fit, [[0.0, 1.0]])
    empty = fit_ordinal([1, 1], [[0.0], [1.0]])
    assert answer_probabilities(empty, [[0.0]]).isna().all().all()


def test_a_profile_interval_is_where_the_likelihood_ratio_is_the_quantile() -> None:
    draw = seeded("profile")
    x = draw.normal(size=60)
    y = np.searchsorted([-1, 1], x + draw.logistic(size=60))
    fit = fit_ordinal(y, x[:, None])
    row = profile_intervals(fit).iloc[0]
    wald = fit.coefficients.iloc[-1]
    assert row["low"] < wald["estimate"] < row["high"]
    assert row["high"] - wald["estimate"] > wald["estimate"] - row["low"]  # skewed to large values
    assert profile_intervals(fit, 0.9)["high"].item() < row["high"]


def test_laplace_is_near_many_nodes_and_says_so() -> None:
    draw = seeded("laplace")
    team = np.repeat(np.arange(20), 15)
    x = draw.normal(size=300)
    y = np.searchsorted([-1, 1], x + draw.normal(0, 1, 20)[team] + draw.logistic(size=300))
    rough, fine = (fit_ordinal(y, x[:, None], team, nodes=nodes) for nodes in (1, 25))
    assert rough.coefficients["method"].iloc[0] == "cumulative logit, random team, Laplace"
    assert rough.team_variance == pytest.approx(fine.team_variance, rel=0.1)
    assert profile_intervals(fine)["note"].item() == "not of a model with a random team"


def test_a_predictor_in_tiny_units_is_no_separation() -> None:
    draw = seeded("tiny")
    x = draw.normal(size=300)
    y = np.searchsorted([-1, 1], x + draw.logistic(size=300))
    plain, tiny = fit_ordinal(y, x[:, None]), fit_ordinal(y, x[:, None] / 1000)
    assert tiny.note == ""
    ratio = tiny.coefficients["estimate"].iloc[-1] / plain.coefficients["estimate"].iloc[-1]
    assert ratio == pytest.approx(1000, rel=1e-3)
