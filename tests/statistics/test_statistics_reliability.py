"""Alpha, omega, item analysis, polychorics and their intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statistics_data import likert, seeded

from lostudy.errors import LostudyError
from lostudy.statistics.bootstrap import drawn_counts, reliability_interval, resampled
from lostudy.statistics.item_analysis import alpha_if_dropped, item_rest
from lostudy.statistics.onefactor import one_factor
from lostudy.statistics.polychorics import bivariate_normal, correlation, polychoric, thresholds
from lostudy.statistics.reliability import (
    alpha,
    alpha_of,
    covariances,
    guttman_lambda6,
    omega,
    ordinal_alpha,
)

ALL_OF_THEM = [
    alpha,
    omega,
    guttman_lambda6,
    ordinal_alpha,
    item_rest,
    alpha_if_dropped,
    reliability_interval,
]


@pytest.mark.parametrize("function", ALL_OF_THEM)
def test_a_constant_item_gives_a_reason(function: object, items: pd.DataFrame) -> None:
    rows = function(items.assign(q1=3.0))  # type: ignore[operator]
    assert rows["estimate"].isna().all()
    assert set(rows["note"]) == {"no variation in q1"}


@pytest.mark.parametrize("function", ALL_OF_THEM)
@pytest.mark.parametrize(
    ("frame", "note"),
    [(pd.DataFrame({"a": [1.0, 2, 3]}), "fewer than two items"),
     (pd.DataFrame({"a": [np.nan] * 3, "b": [np.nan] * 3}), "no answers"),
     (pd.DataFrame({"a": [1.0, 2], "b": [2.0, 1]}), "fewer than three persons")],
)  # fmt: skip
def test_thin_input_gives_a_reason(function: object, frame: pd.DataFrame, note: str) -> None:
    rows = function(frame)  # type: ignore[operator]
    assert rows["estimate"].isna().all() and set(rows["note"]) == {note}


def test_items_that_nobody_answered_together() -> None:
    frame = pd.DataFrame({"a": [1, 2, 3, np.nan, np.nan, np.nan], "b": [np.nan] * 3 + [1, 2, 4]})
    assert alpha(frame)["note"].item() == "two items were never answered by the same persons"
    assert alpha(frame, "listwise")["note"].item() == "no answers"


def test_the_missing_rules_are_named_and_differ(items: pd.DataFrame) -> None:
    holes = items.mask(seeded("holes").random(items.shape) < 0.1)
    pairwise, listwise = alpha(holes).iloc[0], alpha(holes, "listwise").iloc[0]
    assert pairwise["n"] > listwise["n"] == len(holes.dropna())
    assert pairwise["method"] == "alpha, pairwise, feldt interval"
    assert listwise["estimate"] == pytest.approx(alpha(holes.dropna())["estimate"].item())


def test_alpha_of_parallel_items_is_spearman_brown() -> None:
    for k in (2, 5, 9):
        R = np.full((k, k), 0.4) + 0.6 * np.eye(k)
        assert alpha_of(R) == pytest.approx(k * 0.4 / (1 + (k - 1) * 0.4))


@pytest.mark.parametrize("interval", ["feldt", "duhachek"])
def test_intervals_cover_the_true_alpha(interval: str) -> None:
    draw, k = seeded(f"coverage {interval}"), 4
    C = np.full((k, k), 0.4) + 0.6 * np.eye(k)
    truth, hits = alpha_of(C), 0
    for _ in range(300):
        sample = pd.DataFrame(draw.multivariate_normal(np.zeros(k), C, size=60))
        row = alpha(sample, interval=interval).iloc[0]
        hits += row["low"] <= truth <= row["high"]
    assert 0.91 <= hits / 300 <= 0.985


def test_doubling_the_file_changes_only_n_and_the_interval(items: pd.DataFrame) -> None:
    once, twice = alpha(items).iloc[0], alpha(pd.concat([items, items])).iloc[0]
    assert twice["n"] == 2 * once["n"]
    assert twice["estimate"] == pytest.approx(once["estimate"], rel=1e-9)
    assert twice["high"] - twice["low"] < once["high"] - once["low"]


def test_omega_recovers_the_loadings_it_was_made_from() -> None:
    loadings, unique = np.array([0.9, 0.7, 0.5, 0.8]), np.array([0.4, 0.5, 0.9, 0.3])
    C = np.outer(loadings, loadings) + np.diag(unique)
    for fit in ("ml", "minres"):
        found = one_factor(C, fit)
        np.testing.assert_allclose(found.loadings, loadings, rtol=1e-4)
        np.testing.assert_allclose(found.unique, unique, rtol=1e-4)


def test_both_denominators_agree_when_one_factor_fits() -> None:
    draw = seeded("fits")
    latent = draw.normal(size=(4000, 1))
    sample = pd.DataFrame(latent + draw.normal(size=(4000, 4)))
    values = [omega(sample, d)["estimate"].item() for d in ("observed", "model")]
    assert values[0] == pytest.approx(values[1], abs=1e-3)
    assert values[0] == pytest.approx(16 / 20, abs=0.01)
    assert "model variance" in omega(sample, "model")["method"].item()


def test_a_badly_fitting_scale_shows_in_the_denominator() -> None:
    """Two clusters of items: the trap of the gold README, in small."""
    draw = seeded("two clusters")
    a, b = draw.normal(size=(500, 1)), draw.normal(size=(500, 1))
    sample = pd.DataFrame(
        np.hstack([a + 0.5 * draw.normal(size=(500, 3)), b + 0.5 * draw.normal(size=(500, 3))])
    )
    observed, model = (omega(sample, d)["estimate"].item() for d in ("observed", "model"))
    assert abs(observed - model) > 0.05


def test_a_heywood_case_is_noted() -> None:
    C = np.array([[1.0, 0.85, 0.85], [0.85, 1.0, 0.6], [0.85, 0.6, 1.0]])
    assert one_factor(C).note == "a unique variance at its lower bound (Heywood)"


def test_item_rest_is_the_correlation_with_the_others(items: pd.DataFrame) -> None:
    rows = item_rest(items).set_index("item")
    for name in items:
        rest = items.drop(columns=name).sum(axis=1)
        assert rows.loc[name, "estimate"] == pytest.approx(items[name].corr(rest), rel=1e-10)


def test_an_item_the_wrong_way_round_is_noted(items: pd.DataFrame) -> None:
    rows = item_rest(items.assign(q2=6 - items["q2"])).set_index("item")
    assert rows.loc["q2", "note"] == "negative: the wrong way round?"


def test_dropping_equals_computing_without(items: pd.DataFrame) -> None:
    rows = alpha_if_dropped(items).set_index("item")
    for name in items:
        expected = alpha(items.drop(columns=name))["estimate"].item()
        assert rows.loc[name, "estimate"] == pytest.approx(expected, rel=1e-10)
    assert alpha_if_dropped(items[["q1", "q2"]])["note"].iloc[0] == "fewer than three items"


def test_an_item_made_of_the_others_has_no_lambda6(items: pd.DataFrame) -> None:
    note = guttman_lambda6(items.assign(sum=items.sum(axis=1)))["note"].item()
    assert note == "an item is a combination of the others"


@pytest.mark.parametrize("r", [-0.95, -0.5, 0.0, 0.3, 0.9])
def test_the_bivariate_normal_is_that_of_scipy(r: float) -> None:
    for h, k in [(0.3, -0.8), (-2.0, 1.0), (1.5, 1.5)]:
        theirs = stats.multivariate_normal.cdf([h, k], cov=[[1, r], [r, 1]])
        ours = bivariate_normal(np.array([h]), np.array([k]), r)[0]
        assert ours == pytest.approx(theirs, abs=2e-5)


def test_polychorics_recover_the_latent_correlation() -> None:
    draw = seeded("latent")
    latent = draw.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=20000)
    coarse = pd.DataFrame({"a": np.digitize(latent[:, 0], [-1, 0, 1.2]), "b": latent[:, 1] > 0.5})
    assert polychoric(coarse).iloc[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.corrcoef(coarse["a"], coarse["b"])[0, 1] < 0.5


def test_perfect_tables_stay_inside_one() -> None:
    r = correlation(np.array([[10, 0], [0, 10]]), np.zeros(1), np.zeros(1))
    assert 0.99 < r < 1


def test_constant_items_have_no_polychorics() -> None:
    R = polychoric(pd.DataFrame({"a": [1, 1, 1], "b": [1, 2, 3]}))
    assert R.isna().loc["a"].all() and R.loc["b", "b"] == 1
    assert thresholds(pd.Series([np.nan])).size == 0


def test_polychoric_alpha_exceeds_alpha_of_coarse_answers() -> None:
    coarse = likert("coarse", n=600).clip(2, 4)
    assert ordinal_alpha(coarse)["estimate"].item() > alpha(coarse)["estimate"].item()


def test_the_bootstrap_is_reproducible_and_near_feldt(items: pd.DataFrame) -> None:
    one, two = reliability_interval(items), reliability_interval(items)
    pd.testing.assert_frame_equal(one, two)
    exact = alpha(items, "listwise").iloc[0]
    assert one["low"].item() == pytest.approx(exact["low"], abs=0.03)
    assert one["estimate"].item() == pytest.approx(exact["estimate"])


def test_resampled_covariances_are_those_of_resampled_rows() -> None:
    X = seeded("resampled").normal(size=(20, 3))
    drawn = resampled(X, np.arange(20), 3, 5)
    weights = drawn_counts(20, 3, 5).astype(int)
    for S, w in zip(drawn, weights, strict=True):
        np.testing.assert_allclose(S, np.cov(np.repeat(X, w, axis=0), rowvar=False), rtol=1e-9)


def test_resampling_teams_is_wider_when_teams_differ(items: pd.DataFrame) -> None:
    team = np.repeat(np.arange(15), 20)
    shifted = items + np.repeat(seeded("shift").normal(0, 2, 15), 20)[:, None]
    persons = reliability_interval(shifted).iloc[0]
    teams = reliability_interval(shifted, team=team).iloc[0]
    assert teams["se"] > 1.5 * persons["se"]
    assert (
        reliability_interval(items, team=["a"] * 300)["note"].item()
        == "one team: nothing to resample"
    )


def test_omega_has_a_bootstrap_too(items: pd.DataFrame) -> None:
    row = reliability_interval(items, "omega", draws=100).iloc[0]
    assert row["low"] < omega(items)["estimate"].item() < row["high"]


@pytest.mark.parametrize(
    ("call", "message"),
    [(lambda d: alpha(d, "some"), "missing 'some' does not exist"),
     (lambda d: alpha(d, interval="wald"), "interval 'wald' does not exist"),
     (lambda d: omega(d, "any"), "denominator 'any' does not exist"),
     (lambda d: omega(d, fit="pca"), "fit 'pca' does not exist"),
     (lambda d: reliability_interval(d, "beta"), "statistic 'beta' does not exist"),
     (lambda d: reliability_interval(d, team=[1]), "team and the rows differ in length")],
)  # fmt: skip
def test_programming_mistakes_are_told(call: object, message: str, items: pd.DataFrame) -> None:
    with pytest.raises(LostudyError) as caught:
        call(items)  # type: ignore[operator]
    assert message in str(caught.value) and ". To do: " in str(caught.value)


def test_covariances_are_those_of_pandas(items: pd.DataFrame) -> None:
    holes = items.mask(seeded("more holes").random(items.shape) < 0.2)
    np.testing.assert_allclose(covariances(holes)[0], holes.cov())
    np.testing.assert_allclose(covariances(holes, "listwise")[0], holes.dropna().cov())


@pytest.mark.parametrize("statistic", ["alpha", "omega"])
@pytest.mark.parametrize("teams", [False, True])
def test_the_order_of_persons_and_teams_draws_no_other_resamples(
    statistic: str, teams: bool
) -> None:
    items = likert("order of persons", 60, 4)
    team = pd.Series(np.repeat(range(12), 5)) if teams else None
    before = reliability_interval(items, statistic, draws=100, team=team)
    order = seeded("order").permutation(60)
    shuffled = items.iloc[order]
    after = reliability_interval(shuffled, statistic, draws=100, team=team)
    numbers = ["estimate", "se", "low", "high"]
    np.testing.assert_allclose(after[numbers], before[numbers], rtol=1e-9)


def test_two_persons_have_no_polychoric_correlation() -> None:
    """Two rows always lie on a line: a correlation of nearly 1 says nothing."""
    items = pd.DataFrame({"a": [1, 2, 2, None], "b": [1, 2, None, 1], "c": [1, 2, 2, 2]})
    R = polychoric(items)
    assert np.isnan(R.loc["a", "b"]) and np.isfinite(R.loc["a", "c"])
