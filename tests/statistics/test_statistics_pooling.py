"""Partial pooling, the specification curve, organisations against the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import integrate, stats
from statistics_data import seeded, simulated

from lostudy.errors import LostudyError
from lostudy.statistics.describe import mean_by
from lostudy.statistics.everyone import workforce
from lostudy.statistics.mixed import fit_mixed
from lostudy.statistics.ordinal import fit_ordinal
from lostudy.statistics.organisations import (
    CR2,
    TEAM_MEANS,
    against_rest,
    mixture_p,
    within_team_association,
)
from lostudy.statistics.pooling import PRIORS, SENTENCE, partial_pooling
from lostudy.statistics.refusals import organisation_level, withhold
from lostudy.statistics.robust import cluster_ols
from lostudy.statistics.specifications import (
    MOST,
    leave_one_out,
    same_sign_share,
    specification_curve,
    spread_evenly,
    without_one,
)

FOUR = pd.DataFrame(
    {"organisation": list("ABCD"), "estimate": [3.1, 3.3, 3.2, 3.5], "se": [0.05, 0.09, 0.07, 0.06]}
)


def test_the_eight_schools() -> None:
    """Rubin (1981); values of Gelman et al. (2013): mu 7.9 (sd 5), tau 6.6."""
    schools = pd.DataFrame(
        {"organisation": list("ABCDEFGH"), "estimate": [28, 8, -3, 7, -1, 1, 18, 12.0],
         "se": [15, 10, 16, 11, 9, 11, 10, 18.0]}
    )  # fmt: skip
    rows = partial_pooling(schools, priors={"flat": np.inf}).set_index("what")
    assert rows.loc["mean", "estimate"] == pytest.approx(7.9, abs=0.1)
    assert rows.loc["spread", "estimate"] == pytest.approx(6.57, abs=0.1)
    assert rows.loc["mean", "se"] == pytest.approx(5.2, abs=0.2)
    assert rows.loc["A", "estimate"] == pytest.approx(11.4, abs=0.3)


def test_three_priors_are_shown_with_the_sentence() -> None:
    rows = partial_pooling(FOUR)
    assert rows["prior"].unique().tolist() == list(PRIORS)
    assert len(rows) == 3 * 6
    shared = rows[rows["what"].isin(["mean", "spread"])]["note"]
    assert shared.str.startswith(SENTENCE).all()
    spread = rows[rows["what"] == "spread"]["high"].to_numpy()
    assert spread[0] > spread[1] > spread[2]


def test_the_posterior_equals_numerical_integration() -> None:
    y, s = FOUR["estimate"].to_numpy(), FOUR["se"].to_numpy()

    def density(tau: float) -> float:
        v = s**2 + tau**2
        mu = (y / v).sum() / (1 / v).sum()
        value = np.prod(stats.norm.pdf(y, mu, np.sqrt(v))) / np.sqrt((1 / v).sum())
        return value * np.exp(-(tau**2) / (2 * 0.25**2))

    mass = integrate.quad(density, 0, 3, points=[0.2])[0]
    mean = integrate.quad(lambda t: t * density(t), 0, 3, points=[0.2])[0] / mass
    rows = partial_pooling(FOUR, priors={"half-normal": 0.25}).set_index("what")
    assert rows.loc["spread", "estimate"] == pytest.approx(mean, rel=1e-4)


def test_organisations_are_drawn_to_each_other() -> None:
    rows = partial_pooling(FOUR, priors={"tight": 0.02}).set_index("what")["estimate"]
    assert rows["D"] - rows["A"] < 0.2
    wide = partial_pooling(FOUR, priors={"wide": 50.0}).set_index("what")["estimate"]
    assert wide["D"] - wide["A"] > 0.3


def test_too_few_organisations_give_a_reason() -> None:
    rows = partial_pooling(FOUR.iloc[:2])
    assert set(rows["note"]) == {"fewer than three organisations"}
    broken = FOUR.assign(se=[0.05, np.nan, 0.0, 0.1])
    assert set(partial_pooling(broken)["n"]) == {2}


def test_the_curve_is_sorted_and_keeps_what_failed() -> None:
    frame = simulated("curve")
    choices = {
        "all": lambda d: mean_by(d, "score"),
        "wave 1": lambda d: mean_by(d[d["wave"] == 1], "score"),
        "nobody": lambda d: mean_by(d.assign(score=np.nan), "score"),
    }
    curve = specification_curve(frame, choices)
    assert curve["specification"].tolist()[-1] == "nobody"
    assert curve["note"].tolist()[-1] == "no answers"
    assert curve["estimate"].dropna().is_monotonic_increasing
    assert same_sign_share(curve, 3.0) == pytest.approx(2 / 3)


def test_the_curve_refuses_what_is_no_specification() -> None:
    frame = simulated("refuse")
    with pytest.raises(LostudyError, match="no specifications"):
        specification_curve(frame, {})
    with pytest.raises(LostudyError, match="specification 'by' gave 4 rows"):
        specification_curve(frame, {"by": lambda d: mean_by(d, "score", "organisation")})


def test_leaving_one_out_names_no_team() -> None:
    frame = simulated("leave")
    rows = leave_one_out(frame, "organisation", lambda d: mean_by(d, "score"))
    assert sorted(rows["specification"]) == [f"without organisation {i} of 4" for i in (1, 2, 3, 4)]
    assert rows["n"].sum() == 3 * len(frame)


def test_the_share_of_the_same_sign() -> None:
    curve = pd.DataFrame({"estimate": [0.1, 0.3, -0.2, np.nan]})
    assert same_sign_share(curve, 0.2) == 0.5
    assert same_sign_share(curve, -0.2) == 0.25
    assert same_sign_share(curve, np.nan) == same_sign_share(curve.iloc[:0], 1.0) == 0.0


def test_organisations_against_the_rest_three_ways() -> None:
    frame = simulated("rest", organisations="ABCD", teams=8, response=1.0)
    rows = against_rest(frame, "score", "team", "organisation")
    assert len(rows) == 12 and rows["method"].nunique() == 3
    means = frame.groupby("organisation")["score"].mean()
    for _, row in rows.iterrows():
        expected = means[row["organisation"]] - means.drop(row["organisation"]).mean()
        assert row["estimate"] == pytest.approx(expected, abs=1e-6)
    for method in (CR2, TEAM_MEANS):
        assert (rows[rows["method"] == method]["df"] > 4).all()
    assert rows[rows["method"] == TEAM_MEANS]["df"].iloc[0] == 28


def test_the_size_of_the_test_is_near_five_percent_where_least_squares_is_not() -> None:
    """METHODS section 0, finding 2, in small: teams nested, the null true."""
    hits, naive = 0, 0
    for seed in range(80):
        frame = simulated(f"size {seed}", teams=4, team_sd=0.3, person_sd=0.0, noise_sd=0.7)
        frame["score"] -= 0.1 * frame["organisation"].map({"A": 0, "B": 1, "C": 2, "D": 3})
        hits += against_rest(frame, "score", "team", "organisation")["p"].iloc[0] < 0.05
        a = frame["organisation"] == "A"
        naive += stats.ttest_ind(frame.loc[a, "score"], frame.loc[~a, "score"]).pvalue < 0.05
    assert hits / 80 <= 0.125
    assert naive / 80 > 0.15


def test_one_organisation_has_no_rest() -> None:
    frame = simulated("only", organisations="A")
    row = against_rest(frame, "score", "team", "organisation").iloc[0]
    assert np.isnan(row["estimate"]) and row["note"] == "one organisation: nothing to compare"


def test_what_is_the_same_within_organisations_is_refused() -> None:
    frame = simulated("size of the organisation")
    frame["employees"] = frame["organisation"].map({"A": 80, "B": 120, "C": 400, "D": 90})
    note = organisation_level(frame, "employees", "organisation")
    assert note == (
        "'employees' is the same for everybody within each of 4 organisations: "
        "these support no test of it"
    )
    row = within_team_association(frame, "score", "employees", "team", "organisation").iloc[0]
    assert np.isnan(row["estimate"]) and row["note"] == note
    assert organisation_level(frame, "score", "organisation") == ""


def refused(frame: pd.DataFrame, X: pd.DataFrame, model: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The coefficients of a model that knows nothing of organisations, and of one that does."""
    y, team = frame["score"], frame["organisation"] + frame["team"]
    answers, site = y.round(), frame["organisation"]
    if model == "least squares":
        return cluster_ols(y, X, team), cluster_ols(y, X, team, organisation=site)
    if model == "mixed":
        return fit_mixed(y, X, team).fixed, fit_mixed(y, X, team, organisation=site).fixed
    X = X.drop(columns="one")
    return tuple(
        fit_ordinal(answers, X, organisation=each).coefficients for each in (None, site)
    )  # type: ignore[return-value]


@pytest.mark.parametrize("model", ["least squares", "mixed", "ordinal"])
def test_every_model_refuses_to_test_what_belongs_to_organisations(model: str) -> None:
    """With teams as the clusters "employees" would seem to have many degrees of freedom."""
    frame = simulated("employees")
    X = pd.DataFrame({"one": 1.0, "wave": frame["wave"].astype(float)})
    X["employees"] = frame["organisation"].map({"A": 0.8, "B": 1.2, "C": 4.0, "D": 0.9})
    X["is D"] = (frame["organisation"] == "D").astype(float)
    without, with_them = (t.set_index("term") for t in refused(frame, X, model))
    assert without["p"].notna().all()
    row = with_them.loc["employees"]
    gone = [name for name in ("se", "df", "low", "high", "statistic", "p") if name in row]
    assert len(gone) >= 5 and row[gone].isna().all() and np.isfinite(row["estimate"])
    assert "each of 4 organisations: these support no test of it" in row["note"]
    kept = without.index.drop("employees")
    pd.testing.assert_frame_equal(with_them.loc[kept], without.loc[kept])


def test_a_programme_of_two_of_four_is_refused_and_ids_must_fit() -> None:
    rows = pd.DataFrame({"term": ["b0", "b1"], "p": [0.01, 0.02], "note": ["", "kept"]})
    X = np.column_stack([np.ones(8), [1, 1, 1, 1, 0, 0, 0, 0]])
    found = withhold(rows, X, list("AABBCCDD"))
    assert np.isnan(found["p"][1]) and found["p"][0] == 0.01
    assert withhold(rows, X, list("AAAABBCC"))["p"][1] == 0.02, "the mark of one organisation"
    with pytest.raises(LostudyError, match="organisation and the rows differ"):
        withhold(rows, X, list("AB"))


def test_one_model_lets_covariates_of_organisations_be() -> None:
    frame = simulated("covariates of organisations")
    frame["employees"] = frame["organisation"].map({"A": 80, "B": 120, "C": 400, "D": 90})
    given = ("score", "wave", "team", "organisation", 0, 1)
    plain, held = (
        workforce(frame, *given, shared=True, covariates=each) for each in ((), ["employees"])
    )
    pd.testing.assert_frame_equal(plain, held)


def test_what_is_the_same_within_teams_has_no_slope_within_teams() -> None:
    frame = simulated("size of the team")
    frame["size"] = frame["team"].astype(int)
    row = within_team_association(frame, "score", "size", "team", "organisation").iloc[0]
    assert row["note"] == "'size' is the same for everybody within a team: no slope within teams"


def test_the_slope_is_that_within_teams_not_between() -> None:
    frame = simulated("slopes", team_sd=0.0)
    shift = frame["team"].astype(int) * 1.0
    noise = frame["score"].rank() % 7 / 7
    frame["x"] = noise + shift
    frame["y"] = 0.5 * noise - 2 * shift + 0.01 * frame["score"]
    row = within_team_association(frame, "y", "x", "team", "organisation").iloc[0]
    assert row["estimate"] == pytest.approx(0.5, abs=0.02)


def test_half_a_chi_square() -> None:
    assert mixture_p(0.0) == 1.0
    assert mixture_p(3.841459) == pytest.approx(0.025, abs=1e-6)


@pytest.mark.parametrize(("count", "moments"), [(3, False), (4, False), (5, True)])
def test_a_flat_prior_on_few_organisations_shows_medians_and_no_posterior_sd(
    count: int, moments: bool
) -> None:
    """The posterior of tau falls as tau^(1 - J): under five its variance is infinite."""
    y, s = np.array([3.1, 3.3, 3.2, 3.5, 3.0])[:count], np.full(count, 0.07)
    frame = pd.DataFrame({"organisation": list("ABCDE")[:count], "estimate": y, "se": s})
    rows = partial_pooling(frame, priors={"flat": np.inf}).set_index("what")

    def density(tau: float) -> float:
        v = s**2 + tau**2
        mu = (y / v).sum() / (1 / v).sum()
        return float(
            (1 / v).sum() ** -0.5 * np.prod(v**-0.5) * np.exp(-((y - mu) ** 2 / v).sum() / 2)
        )

    whole = integrate.quad(density, 0, 1)[0] + integrate.quad(density, 1, np.inf)[0]
    below = integrate.quad(density, 0, rows.loc["spread", "high"], limit=200)[0] / whole
    assert below == pytest.approx(0.975, abs=1e-4)
    half = integrate.quad(density, 0, rows.loc["spread", "estimate"])[0] / whole
    assert (half == pytest.approx(0.5, abs=1e-3)) is not moments
    assert rows.loc[["mean", "spread"], "se"].notna().all() is np.bool_(moments)
    assert rows.loc[list("ABC"), "se"].notna().all()


def test_an_organisation_without_a_usable_error_is_named_and_left_out() -> None:
    more = pd.DataFrame({"organisation": list("EFG"), "estimate": [3.0, 3.0, np.nan],
                         "se": [np.nan, 0.0, 0.1]})  # fmt: skip
    rows = partial_pooling(pd.concat([FOUR, more]))
    pd.testing.assert_frame_equal(
        rows[~rows["what"].isin(list("EFG"))].reset_index(drop=True), partial_pooling(FOUR)
    )
    left = rows[rows["what"].isin(list("EFG"))]
    assert len(left) == 9 and left["estimate"].isna().all() and left["note"].ne("").all()
    for scale in (0.0, -1.0, np.nan):
        with pytest.raises(LostudyError, match="scale of a prior"):
            partial_pooling(FOUR, priors={"narrow": scale})


def test_of_many_teams_as_many_are_left_out_as_were_said() -> None:
    teams = 3 * MOST
    draw = seeded("many teams")
    frame = pd.DataFrame({"team": [f"t{k:03d}" for k in range(teams)] * 2,
                          "organisation": ["A", "B", "C"] * (2 * MOST)})  # fmt: skip
    frame["score"] = draw.normal(size=len(frame))
    rows = without_one(frame, "team", "organisation", lambda d: mean_by(d, "score"))
    assert len(rows) == MOST
    assert rows["specification"].iloc[[0, -1]].tolist() == [
        f"without team 1 of {teams}", f"without team {teams} of {teams}",
    ]  # fmt: skip
    gone = frame[frame["team"] != frame.sort_values(["organisation", "team"])["team"].iloc[0]]
    means = gone.groupby("organisation")["score"].mean()
    assert rows["estimate"].iloc[0] == pytest.approx(means.mean(), rel=1e-12)


@given(some.integers(0, 500), some.integers(2, 60))
def test_places_that_are_spread_evenly(number: int, most: int) -> None:
    places = spread_evenly(number, most)
    assert len(places) == len(set(places)) == min(number, most)
    assert places == sorted(places)
    assert not places or (places[0], places[-1]) == (0, number - 1)
    gaps = np.diff(places)
    assert not len(gaps) or gaps.max() - gaps.min() <= 1
