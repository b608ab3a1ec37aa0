"""ICC, within-team agreement, and the refusal of a climate from items about the person."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.aggregation import REFERENT, climate_problem, icc, icc_reml
from lostudy.statistics.within_teams import (
    agreement_mean,
    agreement_summary,
    uniform_variance,
    within_team_agreement,
)


def teams(words: str, sizes: list[int], between: float = 1.0) -> pd.DataFrame:
    draw = seeded(words)
    codes = np.repeat(np.arange(len(sizes)), sizes)
    y = between * draw.normal(size=len(sizes))[codes] + draw.normal(size=len(codes))
    return pd.DataFrame({"y": y, "t": codes})


def test_the_two_sizes_agree_for_equal_teams_and_differ_for_unequal_ones() -> None:
    equal, unequal = teams("equal", [5] * 10), teams("unequal", [2, 3, 4, 20, 30])
    for frame, same in ((equal, True), (unequal, False)):
        mean, k0 = (icc(frame, "y", "t", size)["estimate"][0] for size in ("mean", "k0"))
        assert (abs(mean - k0) < 1e-12) == same
    assert "k0" in icc(unequal, "y", "t", "k0")["method"][0]


def test_the_method_is_part_of_the_number() -> None:
    """The trap of the gold README: .088 by the analysis of variance is .108 by REML."""
    frame = teams("method", [2, 3, 4, 20, 30])
    anova, reml = icc(frame, "y", "t"), icc_reml(frame, "y", "t")
    assert anova["estimate"][0] != pytest.approx(reml["estimate"][0], abs=1e-4)
    assert "analysis of variance" in anova["method"][0] and "REML" in reml["method"][0]


def test_a_negative_icc_is_kept_by_anova_and_zero_by_reml() -> None:
    frame = pd.DataFrame({"y": [1.0, 5, 2, 4, 1, 5.5], "t": list("aabbcc")})
    assert icc(frame, "y", "t")["estimate"][0] < 0
    assert icc_reml(frame, "y", "t")["estimate"].tolist() == [0, 0]


@pytest.mark.parametrize("function", [icc, icc_reml])
@pytest.mark.parametrize(
    ("y", "t", "note"),
    [([1.0, 2, 3], list("aaa"), "one team: no variation between teams"),
     ([1.0, 2, 3], list("abc"), "one person per team: team and person cannot be told apart")],
)  # fmt: skip
def test_bad_input_gives_a_reason(function: object, y: list, t: list, note: str) -> None:
    rows = function(pd.DataFrame({"y": y, "t": t}), "y", "t")  # type: ignore[operator]
    assert rows["estimate"].isna().all() and set(rows["note"]) == {note}


def test_no_answers_and_no_variation_give_a_reason() -> None:
    nobody = pd.DataFrame({"y": [np.nan] * 4, "t": list("aabb")})
    assert icc(nobody, "y", "t")["note"].tolist() == ["no answers"] * 2
    same = pd.DataFrame({"y": [1.0, 1, 2, 2], "t": list("aabb")})
    assert icc(same, "y", "t")["note"].tolist() == ["no variation within teams"] * 2


def test_items_about_the_person_are_refused(items: pd.DataFrame) -> None:
    frame = teams("person", [5] * 6)
    team = np.repeat(np.arange(30), 10)
    for rows in (
        icc(frame, "y", "t", referent="person"),
        icc_reml(frame, "y", "t", referent="person"),
        within_team_agreement(items, team, 5, referent="person"),
    ):
        assert rows["estimate"].isna().all()
        assert set(rows["note"]) == {REFERENT}


def test_the_interval_of_icc1_covers_the_truth() -> None:
    hits = 0
    for seed in range(200):
        row = icc(teams(f"coverage {seed}", [6] * 12, between=0.7), "y", "t").iloc[0]
        hits += row["low"] <= 0.49 / 1.49 <= row["high"]
    assert 0.9 <= hits / 200 <= 0.99


@pytest.mark.parametrize("measure", ["rwg", "ad", "ad_median", "awg"])
def test_full_agreement_and_shuffling(measure: str, items: pd.DataFrame) -> None:
    team = np.repeat(np.arange(30), 10)
    order = seeded("shuffled").permutation(300)
    one = within_team_agreement(items, team, 5, measure)
    two = within_team_agreement(items.iloc[order], team[order], 5, measure)
    np.testing.assert_allclose(one["estimate"], two["estimate"], rtol=1e-10)
    same = pd.DataFrame({"a": [4] * 5, "b": [2] * 5})
    value = within_team_agreement(same, ["t"] * 5, 5, measure)["estimate"].item()
    assert value == (0 if measure.startswith("ad") else 1)


def test_more_spread_than_chance_is_said() -> None:
    row = within_team_agreement(pd.DataFrame({"q": [1, 1, 5, 5]}), ["a"] * 4, 5).iloc[0]
    assert row["estimate"] == 0 and row["note"] == "more spread than the null: set to 0"


def test_the_skewed_null_is_stricter(items: pd.DataFrame) -> None:
    team = np.repeat(np.arange(30), 10)
    uniform = within_team_agreement(items, team, 5)["estimate"]
    skewed = within_team_agreement(items, team, 5, null="slight skew")["estimate"]
    assert (skewed <= uniform).all() and (skewed < uniform).any()
    given = within_team_agreement(items, team, 5, null=1.34)["estimate"]
    np.testing.assert_allclose(given, skewed)


def test_one_person_is_no_team() -> None:
    rows = within_team_agreement(pd.DataFrame({"q": [3.0, 4, 5]}), ["a", "b", "b"], 5)
    assert rows["note"].tolist() == ["fewer than two persons", ""]
    assert rows["n"].tolist() == [1, 2]


def test_summary_is_the_median_over_teams() -> None:
    rows = pd.DataFrame({"estimate": [0.1, 0.5, 0.9, np.nan], "method": "rwg"})
    row = agreement_summary(rows).iloc[0]
    assert (row["estimate"], row["n"]) == (0.5, 3)
    empty = agreement_summary(rows.iloc[3:]).iloc[0]
    assert np.isnan(empty["estimate"]) and empty["note"] == "no team with two persons"


def test_mistakes_are_told(items: pd.DataFrame) -> None:
    with pytest.raises(LostudyError, match="size 'median' does not exist"):
        icc(teams("m", [3, 3]), "y", "t", "median")
    with pytest.raises(LostudyError, match="measure 'kappa' does not exist"):
        within_team_agreement(items, [1] * 300, 5, "kappa")
    with pytest.raises(LostudyError, match="null '.*' does not exist"):
        within_team_agreement(items, [1] * 300, 5, null="normal")


@pytest.mark.parametrize(("options", "variance"), [(2, 0.25), (5, 2.0), (7, 4.0), (10, 8.25)])
def test_uniform_variances(options: int, variance: float) -> None:
    assert uniform_variance(options) == variance == np.var(np.arange(options))


@pytest.mark.parametrize("referents", ["self", "ik", {"a": "team", "b": "self"}])
def test_one_item_about_the_person_is_enough_to_refuse(referents: object) -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3, 4, 5, 6], "t": list("aabbcc")})
    frame["b"] = [2.0, 2, 3, 5, 5, 4]
    refused = [
        icc(frame, "y", "t", referent=referents),
        icc_reml(frame, "y", "t", referent=referents),
        within_team_agreement(frame[["y", "b"]], frame["t"], 6, referent=referents),
    ]
    for rows in refused:
        assert rows["estimate"].isna().all()
        assert set(rows["note"]) == {climate_problem("self")}
    fine = {"a": "team", "b": "organisation", "c": "manager"}
    assert icc(frame, "y", "t", referent=fine)["estimate"].notna().all()


def test_differences_between_organisations_are_no_differences_between_teams() -> None:
    draw = seeded("organisations apart")
    team = np.repeat(np.arange(40), 12)
    organisation = team // 10
    y = 2.0 * organisation + draw.normal(size=480)
    frame = pd.DataFrame({"y": y, "t": team % 10, "o": organisation, "whole": team})
    assert icc(frame, "y", "whole")["estimate"][0] > 0.5
    for rows in (icc(frame, "y", "t", within="o"), icc_reml(frame, "y", "t", within="o")):
        assert abs(rows["estimate"][0]) < 0.05
        assert rows["method"].str.endswith("within organisations").all()
    assert icc(frame, "y", "t", within="o")["df"][0] == 36


def test_within_organisations_by_hand() -> None:
    """Two organisations of two teams: squares between teams 2 x (1 + 1) each, within 4 x .5."""
    y = [0.0, 1, 2, 3, 10, 11, 12, 13]
    frame = pd.DataFrame({"y": y, "t": list("aabbaabb"), "o": list("AAAABBBB")})
    rows = icc(frame, "y", "t", within="o")
    assert rows["statistic"][0] == pytest.approx(4 / 0.5)
    assert rows["estimate"][0] == pytest.approx((4 - 0.5) / (4 + 0.5))


def test_the_mean_over_teams_has_the_interval_of_as_many_teams() -> None:
    values = [0.4, 0.7, 0.55, 0.9, 0.62]
    rows = pd.DataFrame({"estimate": [*values, np.nan], "n": [5, 6, 7, 5, 6, 1], "method": "ad"})
    row = agreement_mean(rows).iloc[0]
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert [row["estimate"], row["low"], row["high"]] == pytest.approx([np.mean(values), low, high])
    assert row["n"] == 29, "persons of teams with a number"
    one = agreement_mean(rows.iloc[:1]).iloc[0]
    assert one["estimate"] == 0.4 and np.isnan(one["low"]) and one["note"]
    none = agreement_mean(rows.iloc[5:].assign(note="fewer than two persons")).iloc[0]
    assert np.isnan(none["estimate"]) and none["note"] == "fewer than two persons"
    assert agreement_mean(rows.iloc[:0]).iloc[0]["note"] == "no team with two persons"


@pytest.mark.parametrize("measure", ["rwg", "ad", "ad_median", "awg"])
def test_an_answer_off_the_scale_and_a_scale_that_is_none_are_refused(measure: str) -> None:
    items, team = pd.DataFrame({"q": [9, 1, 2, 3]}), list("xxxx")
    with pytest.raises(LostudyError, match="1 answers outside 1 to 5"):
        within_team_agreement(items, team, 5, measure)
    assert len(within_team_agreement(items, team, 10, measure))
    assert len(within_team_agreement(items - 1, team, 9, measure, lowest=0))
    good = pd.DataFrame({"q": [1, 1, 2, 1]})
    for options, null in ((0, "uniform"), (1, "uniform"), (5, 0.0), (5, -1.0), (5, np.nan)):
        with pytest.raises(LostudyError, match="null variance"):
            within_team_agreement(good, team, options, measure, null)


@pytest.mark.parametrize("referent", ["ik", "Ik", "IK", " ik ", "self", "Self", "PERSON"])
def test_items_about_the_person_are_refused_however_they_are_written(referent: str) -> None:
    assert climate_problem(referent) == REFERENT
    assert climate_problem({"a": "team", "b": referent}) == REFERENT


@pytest.mark.parametrize("referent", ["persoon", "I", "wij", "", "teams", None, 3])
def test_an_unknown_referent_is_a_mistake_and_no_climate(referent: object) -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3, 4], "t": list("aabb")})
    for work in (
        lambda: climate_problem(referent),  # type: ignore[arg-type]
        lambda: climate_problem({"a": "team", "b": referent}),  # type: ignore[dict-item]
        lambda: icc(frame, "y", "t", referent=referent),  # type: ignore[arg-type]
        lambda: icc_reml(frame, "y", "t", referent=referent),  # type: ignore[arg-type]
        lambda: within_team_agreement(frame[["y"]], frame["t"], 5, referent=referent),  # type: ignore[arg-type]
    ):
        with pytest.raises(LostudyError, match="referent"):
            work()
