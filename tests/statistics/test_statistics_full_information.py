"""Factor models with missing answers, robust errors, other metrics, and what a fit says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.composite import average_variance, composite_reliability, htmt
from lostudy.statistics.factor import cfa
from lostudy.statistics.ladders import cfa_over_waves, invariance, invariance_over_waves
from lostudy.statistics.strain import equality_tests, modification_indices

TWO = {"f": ["a", "b", "c"], "g": ["d", "e", "h"]}
PANEL = {"T0": ["a0", "b0", "c0"], "T1": ["a1", "b1", "c1"], "T2": ["a2", "b2", "c2"]}


def two_factors(words: str, n: int = 600) -> pd.DataFrame:
    draw = seeded(words)
    latent = draw.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=n)
    loadings = np.array([[1, 0], [0.8, 0], [1.2, 0], [0, 1], [0, 0.7], [0, 0.9]])
    X = 3 + latent @ loadings.T + draw.normal(0, 0.6, (n, 6))
    return pd.DataFrame(X, columns=list("abcdeh"))


def panel(words: str, n: int = 1200, change: float = 0.3, shift: float = 0.0) -> pd.DataFrame:
    """Three waves of one scale of three items; `shift`: of one item at the last wave."""
    draw = seeded(words)
    stable = draw.normal(size=(n, 1))
    waves = []
    for w in range(3):
        factor = 0.8 * stable + 0.6 * draw.normal(size=(n, 1)) + change * w / 2
        X = 3 + factor @ np.array([[1, 0.8, 1.1]]) + draw.normal(0, 0.6, (n, 3))
        X[:, 1] += shift * (w == 2)
        waves.append(X)
    names = [name for columns in PANEL.values() for name in columns]
    return pd.DataFrame(np.hstack(waves), columns=names)


def estimates(fit: object, kind: str) -> pd.Series:
    table = fit.parameters  # type: ignore[attr-defined]
    return table[table["kind"] == kind].set_index(["left", "right"])["estimate"]


def test_without_missing_answers_full_information_is_maximum_likelihood() -> None:
    frame = two_factors("complete")
    rows, every = cfa(frame, TWO), cfa(frame, TWO, missing="fiml")
    assert every.value("chi2") == pytest.approx(rows.value("chi2"), abs=1e-6)
    assert every.value("loglik") == pytest.approx(rows.value("loglik"), abs=1e-6)
    assert every.measures["method"].iloc[0] == "CFA by FIML, all answers"
    pd.testing.assert_series_equal(
        estimates(every, "loading"), estimates(rows, "loading"), atol=1e-6
    )


def test_answers_missing_for_a_known_reason_bias_complete_rows_and_not_full_information() -> None:
    """Who scores low on a does not answer d: the mean of d among complete rows is too high."""
    frame = two_factors("mar", 6000)
    frame["d"] = frame["d"].where(frame["a"] > 2.6)
    every = cfa(frame, TWO, missing="fiml").parameters
    mean = every[(every["kind"] == "intercept") & (every["left"] == "d")]["estimate"].item()
    assert mean == pytest.approx(3.0, abs=0.06)
    assert frame["d"].mean() > 3.15


def test_every_answer_counts_but_who_answered_nothing() -> None:
    frame = two_factors("counted", 100)
    frame.iloc[:30, 0] = np.nan
    frame.iloc[:10] = np.nan
    assert cfa(frame, TWO, missing="fiml").measures["n"].iloc[0] == 90
    assert cfa(frame, TWO).measures["n"].iloc[0] == 70


def test_full_information_is_surer_than_complete_rows() -> None:
    frame = two_factors("surer", 800)
    draw = seeded("holes")
    holes = frame.mask(draw.random(frame.shape) < 0.15)
    every, rows = cfa(holes, TWO, missing="fiml").parameters, cfa(holes, TWO).parameters
    free = (rows["kind"] == "loading") & (rows["note"] == "")
    every = every[every["kind"] == "loading"]
    assert (every["se"].to_numpy()[1:3] < rows[free]["se"].to_numpy()[:2]).all()


def test_items_never_answered_together_have_no_covariance() -> None:
    frame = two_factors("apart", 200)
    half = np.arange(200) < 100
    frame["a"], frame["b"] = frame["a"].where(half), frame["b"].where(~half)
    note = cfa(frame, TWO, missing="fiml").note
    assert note == "two items were never answered by the same persons"


def test_robust_errors_are_the_plain_ones_where_answers_are_normal() -> None:
    frame = two_factors("normal", 4000)
    plain, robust = cfa(frame, TWO), cfa(frame, TWO, errors="robust")
    free = plain.parameters["note"] == ""
    ratio = robust.parameters["se"][free] / plain.parameters["se"][free]
    assert ratio.between(0.9, 1.1).all()
    assert robust.value("scaling") == pytest.approx(1, abs=0.1)
    assert robust.value("chi2") == pytest.approx(plain.value("chi2"))


def test_heavy_tails_blow_up_chi_square_and_scaling_takes_it_back() -> None:
    draw = seeded("tails")
    frame = two_factors("heavy", 2000).sub(3).mul(draw.chisquare(4, 2000) ** -0.5 * 2, axis=0)
    fit = cfa(frame, TWO, errors="robust")
    assert fit.value("scaling") > 1.3
    assert fit.value("chi2 scaled") < fit.value("chi2")


def test_robust_works_with_missing_answers_and_groups() -> None:
    frame = two_factors("both", 900).mask(seeded("masks").random((900, 6)) < 0.05)
    fit = cfa(frame, TWO, np.repeat(["A", "B", "C"], 300), missing="fiml", errors="robust")
    assert fit.note == "" and 0.7 < fit.value("scaling") < 1.3


def test_the_metric_changes_the_numbers_and_not_the_fit() -> None:
    frame = two_factors("metric")
    first, unit = cfa(frame, TWO), cfa(frame, TWO, metric="factor variance")
    assert unit.value("chi2") == pytest.approx(first.value("chi2"), abs=1e-6)
    shared = first.parameters["standardised"].to_numpy()
    np.testing.assert_allclose(unit.parameters["standardised"], shared, atol=1e-6)
    loadings, spread = estimates(first, "loading"), estimates(first, "factor")
    expected = loadings["c", "f"] * np.sqrt(spread["f", "f"])
    assert estimates(unit, "loading")["c", "f"] == pytest.approx(expected, abs=1e-6)


def test_latent_change_is_recovered_though_many_missed_a_wave() -> None:
    frame = panel("latent change")
    draw = seeded("missed")
    for names in list(PANEL.values())[1:]:
        away = draw.random(len(frame)) < 0.35
        frame.loc[away, names] = np.nan
    fit = cfa_over_waves(frame, PANEL, ("loadings", "intercepts"), missing="fiml")
    means = fit.parameters[fit.parameters["kind"] == "mean"].set_index("left")["estimate"]
    assert means["T2"] == pytest.approx(0.3, abs=0.08)
    assert fit.measures["n"].iloc[0] == 1200
    ladder = invariance_over_waves(frame, PANEL, missing="fiml")
    assert ladder["accepted"].tolist()[1:] == [True, True]
    assert set(ladder["n"]) == {1200}


def test_an_item_that_shifts_between_waves_is_not_accepted_and_is_found() -> None:
    frame = panel("shifting", shift=0.6)
    ladder = invariance_over_waves(frame, PANEL)
    assert ladder["accepted"].tolist()[1:] == [True, False]
    worst = equality_tests(cfa_over_waves(frame, PANEL, ("loadings", "intercepts"))).iloc[0]
    assert (worst["kind"], worst["left"]) == ("intercept", "b2")
    assert worst["change"] == pytest.approx(0.6, abs=0.1)


def test_four_groups_with_missing_answers_climb_the_ladder() -> None:
    frame = two_factors("four", 800).mask(seeded("four masks").random((800, 6)) < 0.04)
    rows = invariance(frame, TWO, np.repeat(list("ABCD"), 200), missing="fiml")
    assert rows["accepted"].tolist()[1:] == [True, True]
    assert rows["df"].tolist() == [32, 44, 56]


def test_score_tests_foretell_the_fall_of_chi_square() -> None:
    frame = two_factors("strain", 1500)
    frame["e"] += 0.3 * (frame["a"] - 3)
    table = modification_indices(cfa(frame, TWO))
    row = table[(table["left"] == "e") & (table["right"] == "f")].iloc[0]
    assert row["p"] < 0.001 and row["change"] == pytest.approx(0.3, abs=0.1)
    assert modification_indices(cfa(two_factors("strain", 1500), TWO))["p"].min() > 0.001
    assert len(table) == 6 + 15  # cross-loadings, residual pairs
    assert table["estimate"].is_monotonic_decreasing


def test_equality_tests_point_at_the_group_that_differs() -> None:
    frame, group = two_factors("groups", 1000), np.repeat(["A", "B"], 500)
    frame.loc[group == "B", "b"] += 0.5
    fit = cfa(frame, TWO, group, ("loadings", "intercepts"))
    worst = equality_tests(fit).iloc[0]
    assert (worst["group"], worst["kind"], worst["left"]) == ("B", "intercept", "b")
    freed = cfa(frame, TWO, group, ("loadings", "intercepts"), [("intercepts", "b")])
    fall = fit.value("chi2") - freed.value("chi2")
    assert worst["estimate"] == pytest.approx(fall, rel=0.15)
    assert equality_tests(cfa(frame, TWO))["note"].item() == "nothing is equal"


def test_reliability_by_hand_from_the_true_model() -> None:
    """Loadings 1, .8, 1.2 and unique variances .36: 9 / (9 + 1.08) of the sum of three items."""
    fit = cfa(two_factors("reliable", 20000), TWO)
    rows = composite_reliability(fit, total=True).set_index("factor")["estimate"]
    assert rows["f"] == pytest.approx(9 / (9 + 3 * 0.36), abs=0.01)
    common = 9 + 2.6**2 + 2 * 0.4 * 3 * 2.6
    assert rows["total"] == pytest.approx(common / (common + 6 * 0.36), abs=0.01)
    shared = (1 + 0.64 + 1.44) / (1 + 0.64 + 1.44 + 3 * 0.36)
    average = average_variance(fit).set_index("factor")["estimate"]
    assert average["f"] == pytest.approx(shared, abs=0.01)


def test_reliability_of_several_groups_is_refused() -> None:
    frame = two_factors("several", 300)
    fit = cfa(frame, TWO, np.repeat(["A", "B"], 150))
    for function in (composite_reliability, average_variance):
        with pytest.raises(LostudyError, match="several groups. To do: fit each group by itself"):
            function(fit)
    with pytest.raises(LostudyError, match="denominator 'all' does not exist"):
        composite_reliability(cfa(frame, TWO), "all")


def test_scales_that_measure_one_thing_have_a_ratio_near_one() -> None:
    draw = seeded("one thing")
    same = pd.DataFrame(draw.normal(size=(4000, 1)) + draw.normal(size=(4000, 6)),
                        columns=list("abcdeh"))  # fmt: skip
    assert htmt(same, TWO)["estimate"].item() == pytest.approx(1, abs=0.05)
    assert htmt(two_factors("apart", 4000), TWO)["estimate"].item() == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize(
    ("given", "message"),
    [({"missing": "pairwise"}, "missing 'pairwise' does not exist"),
     ({"errors": "sandwich"}, "errors 'sandwich' does not exist"),
     ({"metric": "unit"}, "metric 'unit' does not exist")],
)  # fmt: skip
def test_choices_that_do_not_exist_are_told(given: dict, message: str) -> None:
    with pytest.raises(LostudyError, match=message):
        cfa(two_factors("choices", 50), TWO, **given)
    with pytest.raises(LostudyError, match=message):
        cfa_over_waves(panel("choices", 50), PANEL, **given)
