"""The measuring itself: items, climates, invariance, and weights to the staff."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import lostudy as lo
from lostudy.analysis.opening import View
from lostudy.analysis.quality import FEW_LINKED
from lostudy.analysis.scoring import turned_items
from lostudy.analysis.weighing import staff_weights
from lostudy.analysis.worked import answers_of
from lostudy.errors import StudyError
from lostudy.statistics.ladders import TOO_FEW
from lostudy.statistics.reliability import omega

ABOUT_THE_PERSON = "the items ask about the person: not a climate of the team"


def test_no_climate_of_a_scale_with_an_item_about_the_person(opened: Callable) -> None:
    view = opened()
    table = lo.climate(view).table
    for scale, rows in table.groupby("scale"):
        referents = {view.study.items[item].referent for item in view.study.scales[scale].items}
        refused = set(rows["note"]) == {ABOUT_THE_PERSON}
        assert refused == ("self" in referents), scale
        assert rows["estimate"].isna().all() if refused else len(rows) == 6


def test_a_climate_shows_medians_over_teams_and_no_team(opened: Callable) -> None:
    table = lo.climate(opened(), ["TL"]).table.set_index("measure")
    assert "team" not in table and set(table["hidden"]) == {""}
    assert table.loc["rwg, slight skew", "estimate"] < table.loc["rwg, uniform", "estimate"]
    assert table.loc["ICC(1)", "low"] < table.loc["ICC(1)", "estimate"]
    assert table.loc["ICC(2)", "estimate"] > table.loc["ICC(1)", "estimate"]


def test_with_few_persons_invariance_is_not_tested_and_items_are_looked_at(
    opened: Callable,
) -> None:
    table = lo.invariance(opened(), ["VA", "LG"]).table
    assert set(table.query("comparison == 'waves'")["note"]) == {FEW_LINKED}
    assert set(table.query("comparison == 'organisations'")["note"]) == {TOO_FEW}
    own = lo.invariance(opened(organisation="C"), ["VA"]).table
    assert own["comparison"].tolist() == ["waves"]


def many(view: View, shift: float = 0.0, persons: int = 150) -> View:
    """The view with drawn answers of many persons to one scale, linked over two waves."""
    draw, declared = np.random.default_rng(12), view.study.scales["VA"]
    size = 4 * persons
    stable, parts = draw.normal(size=(size, 1)), []
    for place, wave in enumerate(("T0", "T2")):
        factor = 0.8 * stable + 0.6 * draw.normal(size=(size, 1))
        answers = 3 + 0.8 * factor + draw.normal(0, 0.7, (size, len(declared.items)))
        answers[:, 0] += shift * place
        table = pd.DataFrame(answers.round().clip(1, 5), columns=list(declared.items))
        for item in declared.reversed_items:
            table[item] = 6 - table[item]
        who = [f"p{number}" for number in range(size)]
        parts.append(table.astype("Int8").assign(
            person=who, wave=wave, linked=True, organisation=np.repeat(list("ABCD"), persons)
        ))  # fmt: skip
    whole = pd.concat(parts, ignore_index=True)
    return View(view.study, "all", "all", "nl", "lq2", worked_out={("responses",): whole})


def test_with_many_persons_the_ladder_is_climbed(opened: Callable) -> None:
    view = many(opened())
    table = lo.invariance(view, ["VA"]).table.set_index("comparison")
    assert set(table["note"]) == {"answered alike"} and table["method"].str.contains("FIML").all()
    shifted = lo.invariance(many(opened(), 1.0), ["VA"]).table.set_index("comparison")
    assert shifted.loc["waves", "note"] == "same loadings only"


def test_items_are_named_where_the_group_matters(opened: Callable) -> None:
    view = opened()
    last = view.responses.copy()
    part = (last["wave"] == "T2") & (last["organisation"] == "A")
    last.loc[part, "va01"] = (last.loc[part, "va01"] - 2).clip(lower=1)
    moved = View(view.study, "all", "all", "nl", "lq2", worked_out={("responses",): last})
    table = lo.invariance(moved, ["VA"]).table.set_index("comparison")
    assert "va01" in table.loc["organisations", "items"].split(", ")


def test_items_equal_a_hand_count(opened: Callable) -> None:
    view = opened().question("lq2")
    part = view.responses[view.responses["wave"] == "T2"]
    items = turned_items(view.study.scales["VA"], part)
    table = lo.item_analysis(view, ["VA"]).table
    shown = table.query("measure == 'item-rest'").set_index("item")["estimate"]
    complete = items.dropna()
    for name in items:
        rest = complete.drop(columns=name).sum(axis=1)
        assert shown[name] == pytest.approx(complete[name].corr(rest), abs=0.03)
    whole = table.query("measure == 'alpha'")["estimate"].item()
    without = table.query("measure == 'alpha without'")["estimate"]
    assert without.min() < whole


def test_omega_has_an_interval_now(opened: Callable) -> None:
    view = opened()
    row = lo.reliability(view).table.query(
        "scale == 'VA' and wave == 'T2' and coefficient == 'omega'"
    ).iloc[0]
    part = view.responses[view.responses["wave"] == "T2"]
    ours = omega(turned_items(view.study.scales["VA"], part)).iloc[0]
    assert row["low"] == pytest.approx(ours["low"], abs=0.005)
    assert row["low"] < row["estimate"] < row["high"]


def test_weights_meet_the_staff_where_they_are_allowed(opened: Callable) -> None:
    view = opened()
    data = answers_of(view, "LG").dropna(subset=["score"])
    weights = staff_weights(view, data)
    assert weights is not None
    refused = data.loc[weights.isna(), "organisation"].unique().tolist()
    assert refused == ["D"]  # two persons in a band of tenure
    staff = view.study.organisation("C").staff["T2"]["tenure"]
    rows = data[(data["organisation"] == "C") & (data["wave"] == "T2")].dropna(subset=["tenure"])
    shares = weights[rows.index].groupby(rows["tenure"]).sum() / len(rows)
    for band, count in staff.items():
        assert shares[band] == pytest.approx(count / sum(staff.values()), abs=1e-9)


def test_a_weighted_change_says_what_it_costs_and_what_is_refused(opened: Callable) -> None:
    result = lo.weighted(opened().question("lq1"))
    table = result.table.set_index("organisation")
    assert re.fullmatch(r"\d+ → \d+", table.loc["C", "n_eff"])
    assert table.loc["D", "note"] == table.loc["all", "note"] != ""
    assert pd.isna(table.loc["all", "estimate"]) and "gevoeligheid" in repr(result)
    plain = lo.change(opened().question("lq1")).table
    plain = plain.query("estimand == 'workforce'").set_index("organisation")
    assert abs(table.loc["C", "estimate"] - plain.loc["C", "estimate"]) < 0.15


def test_without_a_declared_staff_nothing_is_weighted(opened: Callable) -> None:
    view = opened().question("lq1")
    bare = tuple(each.model_copy(update={"staff": {}}) for each in view.study.organisations)
    study = view.study.model_copy(update={"organisations": bare})
    empty = View(study, "all", "all", "nl", "lq1", worked_out=dict(view.worked_out))
    with pytest.raises(StudyError, match="no organisation can be weighted to its staff"):
        lo.weighted(empty)


def test_how_far_teams_are_apart_by_hand(opened: Callable) -> None:
    """AD of each team: over its items the mean distance from the team's mean; then over teams."""
    view = opened()
    table = lo.agreement(view, "VA").table.set_index(["organisation", "wave"])
    items = list(view.study.scales["VA"].items)
    for name, wave in (("A", "T0"), ("C", "T2"), ("D", "T1")):
        part = view.responses.query("organisation == @name and wave == @wave")
        part = part.dropna(subset=[*items, "team"])
        apart = [
            float(np.mean([(team[i].astype(float) - team[i].mean()).abs().mean() for i in items]))
            for _, team in part.groupby("team") if len(team) > 1
        ]  # fmt: skip
        row = table.loc[(name, wave)]
        assert row["estimate"] == pytest.approx(np.mean(apart), abs=0.051)
        half = stats.t.ppf(0.975, len(apart) - 1) * stats.sem(apart)
        assert row["high"] == pytest.approx(np.mean(apart) + half, abs=0.051)
        assert row["low"] == pytest.approx(max(np.mean(apart) - half, 0), abs=0.051)
    assert (table.loc["D", "note"] == "too few teams: interval not to be tested").all()


def test_items_about_the_person_have_no_agreement_of_a_team(opened: Callable) -> None:
    table = lo.agreement(opened(), "OI").table
    assert table["estimate"].isna().all() and table["note"].str.contains("not a climate").all()


def test_agreement_is_another_quantity_than_the_mean_in_the_ledger(opened: Callable) -> None:
    (claims,) = lo.agreement(opened(), "VA").safe.claims
    assert set(claims.rows["quantity"]) == {"VA AD"} and (claims.rows["span"] == 2).all()


def test_the_mean_is_drawn_against_agreement(opened: Callable) -> None:
    view = opened().question("lq2")
    drawn = lo.plot_against(lo.estimate(view, "VA"), lo.agreement(view, "VA"))
    assert drawn.name == "lq2-against-VA-AD"
    assert drawn.title == "Verankering: het gemiddelde tegen hoe ver teams uiteenlopen"
    assert drawn.figure.axes[0].get_ylabel().endswith("(AD)")
    fewest = int(drawn.data["n"].dropna().min())
    assert f"n = {fewest}–" in drawn.caption.replace("\u00a0", " "), "the fewest of both"
    other = lo.plot_against(lo.estimate(view, "RP"), lo.agreement(view, "VA"))
    assert other.name == "lq2-against-RP-AD-VA" and other.title.startswith("Reflectieve praktijk")


def test_one_organisation_reads_the_same_agreement_in_its_own_run(opened: Callable) -> None:
    whole = lo.agreement(opened(), "VA").table.query("organisation == 'A'")
    own = lo.agreement(opened(organisation="A"), "VA").table
    pd.testing.assert_frame_equal(whole.reset_index(drop=True), own)
