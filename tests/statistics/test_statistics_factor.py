"""Factor models and invariance on data whose structure is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.composite import composite_reliability
from lostudy.statistics.factor import cfa
from lostudy.statistics.fit_measures import MEASURES
from lostudy.statistics.ladders import TOO_FEW, invariance, invariance_over_waves

TWO = {"f": ["a", "b", "c"], "g": ["d", "e", "h"]}


def made(words: str, n: int = 800, shift: float = 0.0) -> pd.DataFrame:
    draw = seeded(words)
    latent = draw.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], size=n)
    loadings = np.array([[1, 0], [0.8, 0], [1.2, 0], [0, 1], [0, 0.7], [0, 0.9]])
    X = latent @ loadings.T + draw.normal(0, 0.6, (n, 6))
    X[:, 1] += shift
    return pd.DataFrame(X, columns=list("abcdeh"))


def test_the_truth_is_recovered() -> None:
    fit = cfa(made("truth", 5000), TWO)
    table = fit.parameters.set_index(["kind", "left", "right"])["estimate"]
    assert table["loading", "c", "f"] == pytest.approx(1.2, abs=0.05)
    assert table["factor", "g", "f"] == pytest.approx(0.4, abs=0.05)
    assert table["residual", "a", "a"] == pytest.approx(0.36, abs=0.04)
    assert fit.value("rmsea") < 0.03 and fit.value("cfi") > 0.99


def test_the_wrong_structure_fits_worse() -> None:
    frame = made("wrong")
    one, two = cfa(frame, {"f": list("abcdeh")}), cfa(frame, TWO)
    assert one.value("chi2") > two.value("chi2") + 100
    assert one.value("aic") > two.value("aic") and one.value("bic") > two.value("bic")
    assert one.value("cfi") < two.value("cfi")


def test_order_of_rows_and_scale_do_not_change_the_fit() -> None:
    frame = made("scale", 300)
    other = frame.sample(frac=1, random_state=3) * [1, 10, 1, 2, 1, 5] + 4
    for name in ("chi2", "cfi", "tli", "rmsea", "srmr"):
        assert cfa(other, TWO).value(name) == pytest.approx(cfa(frame, TWO).value(name), abs=1e-5)


def test_a_model_without_degrees_of_freedom_fits_exactly() -> None:
    fit = cfa(made("just"), {"f": ["a", "b", "c"]})
    table = fit.measures.set_index("measure")
    assert table.loc["chi2", "df"] == 0
    assert table.loc["chi2", "estimate"] == pytest.approx(0, abs=1e-6)
    assert np.isnan(table.loc["chi2", "p"])


@pytest.mark.parametrize(
    ("change", "note"),
    [(lambda f: f.assign(a=1.0), "no variation in a"),
     (lambda f: f.assign(b=2 * f["a"]), "singular: an item is a combination of others"),
     (lambda f: f.iloc[:5], "no more persons than items in a group"),
     (lambda f: f * np.nan, "no complete rows")],
)  # fmt: skip
def test_bad_input_gives_a_fit_without_numbers(change: object, note: str) -> None:
    fit = cfa(change(made("bad", 60)), TWO)  # type: ignore[operator]
    assert fit.note == note
    assert fit.measures["measure"].tolist() == list(MEASURES)
    assert fit.measures["estimate"].isna().all()
    assert composite_reliability(fit)["note"].item() == note


def test_items_that_hang_together_with_nothing_are_not_fitted_silently() -> None:
    noise = pd.DataFrame(seeded("noise").normal(size=(60, 6)), columns=list("abcdeh"))
    fit = cfa(noise, TWO)
    heywood = "a residual variance below zero (Heywood)"
    assert fit.note or set(fit.measures["note"]) <= {"", heywood}


def test_missing_answers_are_left_out_and_counted() -> None:
    frame = made("holes", 200)
    frame.iloc[:20, 0] = np.nan
    row = cfa(frame, TWO).measures.iloc[0]
    assert row["n"] == 180 and row["method"] == "CFA by ML, complete rows"


def test_the_same_structure_is_accepted_and_a_shifted_item_is_not() -> None:
    group = np.repeat(["A", "B"], 800)
    same = pd.concat([made("one"), made("two")])
    shifted = pd.concat([made("one"), made("two", shift=0.8)])
    assert invariance(same, TWO, group)["accepted"].tolist()[1:] == [True, True]
    assert invariance(shifted, TWO, group)["accepted"].tolist()[1:] == [True, False]


def test_a_shifted_item_that_is_freed_fits_again() -> None:
    group = np.repeat(["A", "B"], 800)
    frame = pd.concat([made("one"), made("two", shift=0.8)])
    full = cfa(frame, TWO, group, ("loadings", "intercepts"))
    free = cfa(frame, TWO, group, ("loadings", "intercepts"), [("intercepts", "b")])
    assert full.value("chi2") - free.value("chi2") > 50


def test_means_of_factors_are_recovered_under_equal_intercepts() -> None:
    higher = made("higher", 3000)
    higher[["a", "b", "c"]] += 0.5 * np.array([1, 0.8, 1.2])
    frame = pd.concat([made("lower", 3000), higher])
    fit = cfa(frame, TWO, np.repeat([0, 1], 3000), ("loadings", "intercepts"))
    means = fit.parameters[fit.parameters["kind"] == "mean"].set_index("left")["estimate"]
    assert means["f"] == pytest.approx(0.5, abs=0.06)
    assert means["g"] == pytest.approx(0.0, abs=0.06)


def test_small_groups_are_not_judged() -> None:
    frame = made("small", 160)
    rows = invariance(frame, TWO, np.repeat(["A", "B"], 80))
    assert set(rows["note"]) == {TOO_FEW}
    assert rows["accepted"].isna().all()
    assert np.isfinite(rows["chi2"].astype(float)).all()


def test_one_group_has_nothing_to_compare() -> None:
    rows = invariance(made("lonely", 100), TWO, ["A"] * 100)
    assert set(rows["note"]) == {"one group: nothing to compare"}


def test_waves_need_the_same_items() -> None:
    with pytest.raises(LostudyError, match="the waves have different items"):
        invariance_over_waves(made("waves", 50), {"T0": ["a", "b"], "T1": ["d"]})


def test_waves_with_equal_loadings_are_accepted() -> None:
    draw = seeded("panel")
    first = draw.normal(size=(1500, 1))
    second = 0.6 * first + 0.8 * draw.normal(size=(1500, 1))
    loadings = np.array([[1, 0.8, 1.1]])
    X = np.hstack([f @ loadings + draw.normal(0, 0.6, (1500, 3)) for f in (first, second)])
    frame = pd.DataFrame(X, columns=["a0", "b0", "c0", "a1", "b1", "c1"])
    waves = {"T0": ["a0", "b0", "c0"], "T1": ["a1", "b1", "c1"]}
    assert invariance_over_waves(frame, waves)["accepted"].tolist()[1:] == [True, True]


def test_mistakes_are_told() -> None:
    with pytest.raises(LostudyError, match="column 'zz' does not exist"):
        cfa(made("m", 50), {"f": ["a", "zz"]})
    with pytest.raises(LostudyError, match="equal 'means' does not exist"):
        cfa(made("m", 50), TWO, [1] * 50, ("means",))


@pytest.mark.parametrize("missing", ["listwise", "fiml"])
@pytest.mark.parametrize("errors", ["expected", "observed", "robust"])
@pytest.mark.parametrize("metric", ["first item", "factor variance"])
def test_units_of_items_turn_the_loadings_and_leave_the_fit(
    missing: str, errors: str, metric: str
) -> None:
    """Maximum likelihood does not depend on units: not of one item, not a million times."""
    frame = made("units of items", 300)
    if missing == "fiml":
        frame.loc[::7, "b"], frame.loc[::5, "h"] = np.nan, np.nan
    units = pd.Series([1e-3, 1.0, 1e3, 1e-6, 1e6, 1.0], index=list("abcdeh"))
    choice = {"missing": missing, "errors": errors, "metric": metric}
    plain, turned = cfa(frame, TWO, **choice), cfa(frame * units, TWO, **choice)
    assert turned.note == ""
    for measure in ("chi2", "cfi", "rmsea", "srmr"):
        assert turned.value(measure) == pytest.approx(plain.value(measure), abs=1e-5)
    before, after = (f.parameters[f.parameters["kind"] == "loading"] for f in (plain, turned))
    first = pd.Series([units["a"]] * 3 + [units["d"]] * 3, index=list("abcdeh"))
    scale = (units / (first if metric == "first item" else 1.0)).to_numpy()
    np.testing.assert_allclose(after["estimate"] / scale, before["estimate"], rtol=1e-4)
    np.testing.assert_allclose(after["se"] / scale, before["se"], rtol=1e-3)


def test_units_of_items_leave_the_invariance_of_organisations() -> None:
    frame, group = made("units in groups", 400), np.repeat(["A", "B"], 200)
    units = [1e-3, 1.0, 1e3, 1e-4, 1e4, 1.0]
    equal = ["loadings", "intercepts", "residuals"]
    one, two = (cfa(f, TWO, group, equal) for f in (frame, frame * units))
    assert two.value("chi2") == pytest.approx(one.value("chi2"), abs=1e-5)
