"""Change by both estimands, and the turnover beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statistics_data import seeded, simulated

from lostudy.errors import LostudyError
from lostudy.statistics.combine import combined
from lostudy.statistics.everyone import (
    ALL,
    ALL_ANSWERS,
    NO_TEAMS,
    TEAM_MEANS,
    WORKFORCE,
    all_answers,
    cell_design,
    workforce,
)
from lostudy.statistics.linked import PAIRED, SAME_PEOPLE, pairs, same_people, turnover

SAME = ("score", "person", "wave", "team", 0, 1)
WORK = ("score", "wave", "team", "organisation", 0, 1)


def test_a_row_per_organisation_and_one_over_all(study: pd.DataFrame) -> None:
    rows = same_people(study, *SAME, organisation="organisation")
    assert rows["organisation"].tolist() == ["A", "B", "C", "D", ALL]
    assert (rows["estimand"] == SAME_PEOPLE).all() and (rows["method"] == PAIRED).all()
    assert rows["n"].iloc[-1] == rows["n"].iloc[:4].sum()


def test_all_weighs_organisations_equally_not_persons() -> None:
    big = simulated("big", change=1.0, persons=30, organisations="A", noise_sd=0.1)
    small = simulated("small", change=0.0, persons=4, organisations="B", noise_sd=0.1)
    frame = pd.concat([big, small])
    rows = same_people(frame, *SAME, organisation="organisation").set_index("organisation")
    middle = (rows.loc["A", "estimate"] + rows.loc["B", "estimate"]) / 2
    assert rows.loc[ALL, "estimate"] == pytest.approx(middle)
    separate = np.hypot(rows.loc["A", "se"], rows.loc["B", "se"]) / 2
    assert rows.loc[ALL, "se"] == pytest.approx(separate, rel=1e-8)


def test_one_person_per_team_is_the_paired_t_test() -> None:
    frame = simulated("paired", teams=1, persons=15, organisations="A", response=1.0)
    frame["team"] = frame["person"]
    row = same_people(frame, *SAME).iloc[0]
    wide = frame.pivot(index="person", columns="wave", values="score")
    theirs = stats.ttest_rel(wide[1], wide[0])
    assert row["p"] == pytest.approx(theirs.pvalue, rel=1e-9)
    assert row["df"] == pytest.approx(14)


def test_pairs_take_the_team_of_the_first_wave_and_only_who_is_linked() -> None:
    frame = pd.DataFrame(
        {"p": [1, 1, 2, 3, None, None], "w": [0, 1, 0, 1, 0, 1], "y": [1.0, 4, 2, 2, 3, 3],
         "t": ["a", "b", "a", "b", "a", "a"]}
    )  # fmt: skip
    found = pairs(frame, "y", "p", "w", "t", 0, 1)
    assert found[["team", "difference"]].values.tolist() == [["all / a", 3.0]]


def test_a_person_twice_in_a_wave_stops_the_work() -> None:
    frame = pd.DataFrame({"p": [1, 1, 1], "w": [0, 0, 1], "y": [1.0, 2, 3], "t": "a"})
    with pytest.raises(LostudyError) as caught:
        same_people(frame, "y", "p", "w", "t", 0, 1)
    what, cure = "1 rows repeat a person within a wave", "remove duplicates first"
    assert str(caught.value) == f"{what}. To do: {cure}"


def test_the_same_code_in_two_organisations_is_two_persons() -> None:
    frame = pd.DataFrame(
        {"p": [1, 1, 1, 1], "w": [0, 1, 0, 1], "y": [1.0, 2, 5, 7], "t": "x", "o": list("AABB")}
    )
    assert pairs(frame, "y", "p", "w", "t", 0, 1, "o")["difference"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("frame", ["nobody linked", "one linked"])
def test_too_few_links_give_a_reason(frame: str) -> None:
    data = pd.DataFrame({"p": [1, 2], "w": [0, 1], "y": [1.0, 2], "t": "x"})
    if frame == "one linked":
        data["p"] = 1
    row = same_people(data, "y", "p", "w", "t", 0, 1).iloc[0]
    assert np.isnan(row["estimate"]) and row["note"] == "too few linked persons"


def test_an_organisation_without_links_leaves_no_total(study: pd.DataFrame) -> None:
    broken = study[(study["organisation"] != "B") | (study["wave"] == 0)]
    rows = same_people(broken, *SAME, organisation="organisation").set_index("organisation")
    assert rows.loc["B", "note"] == rows.loc[ALL, "note"] == "too few linked persons"
    assert np.isfinite(rows.loc["A", "estimate"])


def test_the_workforce_has_the_model_and_the_team_means(study: pd.DataFrame) -> None:
    rows = workforce(study, *WORK)
    assert len(rows) == 10
    assert (rows["estimand"] == WORKFORCE).all()
    assert (
        rows["method"].iloc[0]
        == "mixed model per organisation on all answers, random team, REML, kenward-roger df"
    )
    assert (rows["method"].iloc[5:] == TEAM_MEANS).all()
    pd.testing.assert_frame_equal(workforce(study, *WORK, team_means=False), rows.iloc[:5])
    linked = workforce(study, *WORK, person="person")
    assert "random team and person" in linked["method"].iloc[0]


def test_complete_data_give_the_differences_of_means() -> None:
    frame = simulated("complete", change=0.4, response=1.0)
    rows = workforce(frame, *WORK, person="person").set_index(["method", "organisation"])
    means = frame.groupby(["organisation", "wave"])["score"].mean().unstack()
    for method in rows.index.get_level_values(0).unique():
        for name in "ABCD":
            expected = means.loc[name, 1] - means.loc[name, 0]
            assert rows.loc[(method, name), "estimate"] == pytest.approx(expected, abs=1e-8)


def test_with_complete_pairs_the_linked_model_is_as_sure_as_the_paired_one() -> None:
    frame = simulated("sure", change=0.4, response=1.0, persons=12)
    linked = workforce(frame, *WORK, person="person").iloc[4]
    unlinked = workforce(frame, *WORK).iloc[4]
    paired = same_people(frame, *SAME, organisation="organisation").iloc[-1]
    assert linked["estimate"] == pytest.approx(paired["estimate"])
    assert linked["se"] == pytest.approx(paired["se"], rel=0.3)
    assert linked["se"] < unlinked["se"]


def test_team_means_by_hand() -> None:
    frame = pd.DataFrame(
        {"y": [1.0, 3, 2, 6, 4, 8], "w": [0, 1] * 3, "t": list("aabbcc"), "o": "A"}
    )
    row = workforce(frame, "y", "w", "t", "o", 0, 1).iloc[-1]
    changes = np.array([2.0, 4, 4])
    assert row["estimate"] == pytest.approx(changes.mean())
    assert row["se"] == pytest.approx(changes.std(ddof=1) / np.sqrt(3))
    assert (row["df"], row["n"]) == (2, 3)


def test_covariates_hold_a_changing_composition_constant() -> None:
    """Leaders score higher and more of them answer at the second wave: no change in a role."""
    draw = seeded("roles")
    frame = simulated("composition", change=0.0, response=1.0, noise_sd=0.2, person_sd=0.2)
    leader = np.where(
        frame["wave"] == 1, draw.random(len(frame)) < 0.6, draw.random(len(frame)) < 0.2
    )
    frame["score"] += leader
    frame["role"] = np.where(leader, "leader", "staff")
    plain = workforce(frame, *WORK).iloc[4]["estimate"]
    held = workforce(frame, *WORK, covariates=["role"]).iloc[4]["estimate"]
    assert plain == pytest.approx(0.4, abs=0.12)
    assert held == pytest.approx(0.0, abs=0.06)


def test_a_third_wave_is_left_out_and_a_number_can_be_held_constant() -> None:
    frame = simulated("third", change=0.3)
    later = frame[frame["wave"] == 1].assign(wave=2)
    rows = workforce(pd.concat([frame, later]), *WORK)
    pd.testing.assert_frame_equal(rows, workforce(frame, *WORK))
    assert cell_design(frame, "organisation", "wave").shape[1] == 8
    slope = frame.assign(years=frame["score"] + 0.001 * np.arange(len(frame)))
    held = workforce(slope, *WORK, covariates=["years"]).iloc[4]
    assert held["estimate"] == pytest.approx(0, abs=0.01)


def test_a_wave_without_answers_gives_a_reason(study: pd.DataFrame) -> None:
    broken = study[(study["organisation"] != "C") | (study["wave"] == 0)]
    rows = workforce(broken, *WORK).set_index(["method", "organisation"])
    model = rows.index[0][0]
    assert rows.loc[(model, "C"), "note"] == "a wave without answers"
    assert rows.loc[(model, ALL), "note"] == "a wave without answers"
    assert rows.loc[(TEAM_MEANS, "C"), "note"] == "too few teams seen at both waves"
    assert np.isfinite(rows.loc[(model, "A"), "estimate"])


def test_one_team_in_all_gives_a_reason() -> None:
    frame = simulated("alone", teams=1, organisations="A")
    rows = workforce(frame, *WORK)
    assert rows["note"].tolist() == [
        "one team: no variation between teams", "too few teams seen at both waves",
    ]  # fmt: skip


def test_nobody_at_all_gives_a_reason() -> None:
    frame = simulated("nobody", organisations="A").assign(score=np.nan)
    assert workforce(frame, *WORK)["estimate"].isna().all()
    assert same_people(frame, *SAME)["note"].item() == "too few linked persons"


def test_satterthwaite_can_be_asked(study: pd.DataFrame) -> None:
    row = workforce(study, *WORK, df="satterthwaite").iloc[4]
    assert row["method"].endswith("satterthwaite df")
    assert row["df"] > 4


NUMBERS = ["estimate", "se", "df", "low", "high", "p", "n"]


@pytest.mark.parametrize("person", [None, "person"])
def test_an_organisation_has_one_number_alone_or_beside_the_others(
    study: pd.DataFrame, person: str | None
) -> None:
    together = workforce(study, *WORK, person=person)
    for name in "ABCD":
        alone = workforce(study[study["organisation"] == name], *WORK, person=person)
        beside = together[together["organisation"] == name]
        np.testing.assert_array_equal(alone[NUMBERS], beside[NUMBERS])


def test_what_one_organisation_answers_moves_no_number_of_another(study: pd.DataFrame) -> None:
    other = study.assign(score=study["score"].where(study["organisation"] != "A", 1.0))
    rest = workforce(study, *WORK, person="person").query("organisation in ['B', 'C', 'D']")
    moved = workforce(other, *WORK, person="person").query("organisation in ['B', 'C', 'D']")
    np.testing.assert_array_equal(rest[NUMBERS], moved[NUMBERS])


def test_over_all_is_the_mean_of_the_organisations(study: pd.DataFrame) -> None:
    rows = workforce(study, *WORK, person="person")
    each, total = rows.iloc[:4], rows.iloc[4]
    assert total["organisation"] == ALL
    assert total["estimate"] == pytest.approx(each["estimate"].mean())
    assert total["se"] == pytest.approx(np.sqrt((each["se"] ** 2).sum()) / 4)
    part = (each["se"] / 4) ** 2
    assert total["df"] == pytest.approx(part.sum() ** 2 / (part**2 / each["df"]).sum())


def test_combined_is_welchs_test_and_weights_are_shares() -> None:
    draw = seeded("welch")
    one, two = draw.normal(size=9), draw.normal(1, 3, 6)
    rows = pd.DataFrame(
        {"estimate": [one.mean(), two.mean()], "n": [9, 6], "df": [8, 5],
         "se": [stats.sem(one), stats.sem(two)]}
    )  # fmt: skip
    theirs = stats.ttest_ind(one, -two, equal_var=False)
    ours = combined(rows).iloc[0]
    assert (ours["p"], ours["df"]) == pytest.approx((theirs.pvalue, theirs.df))
    assert combined(rows, [2, 0])["estimate"].item() == pytest.approx(one.mean())
    with pytest.raises(LostudyError, match="give 2 weights of at least 0, not all 0"):
        combined(rows, [1])


def test_combined_without_an_error_has_an_estimate_and_a_reason() -> None:
    rows = pd.DataFrame({"estimate": [1.0, 2], "se": [0.1, np.nan], "df": 5, "n": 9, "note": "one"})
    row = combined(rows).iloc[0]
    assert row["estimate"] == 1.5 and np.isnan(row["low"]) and row["note"] == "one"
    assert combined(rows.iloc[:0])["note"].item() == "no estimates to combine"


def test_one_model_over_all_shares_what_teams_vary(study: pd.DataFrame) -> None:
    shared = workforce(study, *WORK, person="person", shared=True)
    each = workforce(study, *WORK, person="person")
    assert shared["method"].iloc[0].startswith("one mixed model over all organisations")
    np.testing.assert_allclose(shared["estimate"], each["estimate"], atol=0.05)
    assert (shared["df"].iloc[:4] > each["df"].iloc[:4]).all()


def test_without_a_model_for_teams_the_difference_of_means_remains(study: pd.DataFrame) -> None:
    rows = all_answers(study, *WORK)
    means = study.groupby(["organisation", "wave"])["score"].mean().unstack()
    np.testing.assert_allclose(rows["estimate"].iloc[:4], means[1] - means[0])
    assert (rows["method"] == ALL_ANSWERS).all()
    weighted = all_answers(study.assign(w=2.0), *WORK, weight="w")
    np.testing.assert_allclose(weighted[NUMBERS], rows[NUMBERS])
    assert "sensitivity" in weighted["method"].iloc[0]


def test_weights_make_weighted_means() -> None:
    frame = simulated("weights of answers", organisations="A")
    frame["w"] = np.where(frame["team"].isin(["0", "1"]), 3.0, 1.0)
    row = all_answers(frame, *WORK, weight="w").iloc[0]
    means = [np.average(part["score"], weights=part["w"]) for _, part in frame.groupby("wave")]
    assert row["estimate"] == pytest.approx(means[1] - means[0])


def test_without_teams_the_persons_carry_the_uncertainty_and_the_note_says_so() -> None:
    frame = simulated("no teams", organisations="A").assign(team=None)
    linked = workforce(frame, *WORK, person="person").iloc[0]
    assert linked["note"] == NO_TEAMS and "random person" in linked["method"]
    alone = workforce(frame, *WORK).iloc[0]
    groups = [part["score"] for _, part in frame.groupby("wave")]
    theirs = stats.ttest_ind(groups[1], groups[0], equal_var=False)
    assert alone["note"] == NO_TEAMS and alone["method"] == ALL_ANSWERS
    assert alone["statistic"] == pytest.approx(theirs.statistic, rel=1e-6)
    assert alone["df"] == pytest.approx(theirs.df, rel=0.05)


def test_no_organisation_is_one_group() -> None:
    frame = simulated("one group", organisations="A")
    rows = workforce(frame, "score", "wave", "team", None, 0, 1, person="person")
    assert rows["organisation"].tolist() == [ALL, ALL]
    named = workforce(frame, *WORK, person="person")
    np.testing.assert_allclose(rows[NUMBERS], named[NUMBERS])


def test_turnover_counts_everybody_once(study: pd.DataFrame) -> None:
    rows = turnover(study, "person", "wave", 0, 1, "organisation")
    total = rows.iloc[-1]
    for column in ("first", "last", "both", "left", "joined", "unlinked"):
        assert rows[column].iloc[:4].sum() == total[column]
    assert (rows["both"] + rows["left"] == rows["first"]).all()
    assert (rows["both"] + rows["joined"] == rows["last"]).all()
    assert total["estimate"] == pytest.approx(total["both"] / total["first"])


def test_answers_without_an_id_are_counted_apart() -> None:
    frame = pd.DataFrame({"p": [None, None, 1], "w": [0, 1, 1]})
    row = turnover(frame, "p", "w", 0, 1).iloc[0]
    assert (row["unlinked"], row["both"], row["joined"]) == (2, 0, 1)
    assert np.isnan(row["estimate"]) and row["note"] == "nobody with an id at the first wave"


def test_when_high_scorers_stay_only_the_workforce_moves() -> None:
    """Selective turnover: nobody changes, yet the workforce rises."""
    frame = simulated("turnover", change=0.0, persons=40, response=1.0)
    mean = frame.groupby("person")["score"].transform("mean")
    gone = (frame["wave"] == 1) & (mean < mean.quantile(0.4))
    stays = frame[~gone]
    same = same_people(stays, *SAME, organisation="organisation").iloc[-1]
    means = workforce(stays, *WORK).set_index(["method", "organisation"]).loc[(TEAM_MEANS, ALL)]
    assert abs(same["estimate"]) < 0.08
    assert means["estimate"] > 0.2


@pytest.mark.parametrize("change", [0.0, 0.3])
def test_the_truth_is_recovered(change: float) -> None:
    """Small recovery: the mean of the estimates is the truth and intervals cover it."""
    same, work, covered = [], [], 0
    for seed in range(24):
        frame = simulated(f"recovery {seed}", change=change, teams=5, persons=8, response=0.7)
        one = same_people(frame, *SAME, organisation="organisation").iloc[-1]
        two = workforce(frame, *WORK, person="person").iloc[4]
        same.append(one["estimate"])
        work.append(two["estimate"])
        covered += int(one["low"] <= change <= one["high"]) + int(
            two["low"] <= change <= two["high"]
        )
    assert np.mean(same) == pytest.approx(change, abs=0.04)
    assert np.mean(work) == pytest.approx(change, abs=0.04)
    assert covered / 48 >= 0.88


def test_shuffling_and_renaming_change_nothing(study: pd.DataFrame) -> None:
    other = study.sample(frac=1, random_state=1).reset_index(drop=True)
    other["team"] = other["team"].map(lambda t: f"team {9 - int(t)}")
    other["organisation"] = other["organisation"].map(dict(zip("ABCD", "WXYZ", strict=True)))
    numbers = ["estimate", "se", "df", "low", "high", "p"]
    for function, arguments in (
        (same_people, {"organisation": "organisation"}),
        (workforce, {"person": "person"}),
    ):
        given = SAME if function is same_people else WORK
        first, second = (function(f, *given, **arguments)[numbers] for f in (study, other))
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-8)


def test_an_organisation_of_one_team_or_person_leaves_no_error_over_all() -> None:
    """Its change is not known without error: "all" has no interval, as the organisation itself."""
    study = simulated("one small organisation", teams=4)
    lone = study["organisation"].eq("D") & (study["team"] != "0")
    person = study["organisation"].eq("D") & (study["person"] != "D00")
    for left in (study[~lone], study[~person]):
        rows = same_people(left, "score", "person", "wave", "team", 0, 1, "organisation")
        rows = rows.set_index("organisation")
        assert rows.loc[["D", "all"], ["se", "low", "high", "p"]].isna().all(axis=None)
        assert rows.loc[["D", "all"], "note"].ne("").all()
        assert rows.loc[list("ABC"), "se"].notna().all()
        assert rows["estimate"].isna()["D"] == rows["estimate"].isna()["all"]


@pytest.mark.parametrize("shared", [False, True])
def test_an_organisation_without_answers_keeps_its_row_and_leaves_no_total(shared: bool) -> None:
    study = simulated("one silent organisation", teams=4)
    study["score"] = study["score"].where(study["organisation"] != "C")
    work = workforce(study, *WORK, shared=shared)
    plain = all_answers(study, *WORK)
    same = same_people(study, *SAME, organisation="organisation")
    for rows in (work[work["method"] != TEAM_MEANS], plain, same):
        assert rows["organisation"].tolist() == ["A", "B", "C", "D", ALL]
        missing = rows.set_index("organisation").loc[["C", ALL]]
        assert missing[["estimate", "se", "p"]].isna().all(axis=None)
        assert missing["note"].ne("").all()


@pytest.mark.parametrize("empty", [True, False])
def test_nothing_at_all_gives_a_row_with_a_reason(empty: bool) -> None:
    study = simulated("nothing")
    study = study[:0] if empty else study.assign(score=np.nan)
    for rows in (workforce(study, *WORK), all_answers(study, *WORK),
                 same_people(study, *SAME, organisation="organisation")):  # fmt: skip
        assert len(rows) and rows["estimate"].isna().all() and rows["note"].ne("").all()


def test_a_person_twice_in_a_wave_stops_every_count_of_change() -> None:
    study = simulated("twice", response=1.0)
    twice = pd.concat([study, study[study["person"] == "A00"].head(1)], ignore_index=True)
    for work in (
        lambda d: workforce(d, *WORK, person="person"),
        lambda d: same_people(d, *SAME, organisation="organisation"),
        lambda d: turnover(d, "person", "wave", 0, 1, "organisation"),
    ):
        assert len(work(study))
        with pytest.raises(LostudyError, match="repeat a person within a wave"):
            work(twice)
    unlinked = twice.assign(person=twice["person"].where(twice["person"] != "A00"))
    assert len(workforce(unlinked, *WORK, person="person"))
