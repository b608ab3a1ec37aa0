"""The plan in the notebooks: families and tests, one number everywhere, how far a result holds."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import lostudy as lo
from lostudy.analysis.planned import planned_tests, shown_p
from lostudy.analysis.robustness import curve_of, headline
from lostudy.analysis.worked import answers_of, changes_of
from lostudy.errors import StudyError
from lostudy.formats import number
from lostudy.statistics.judging import equivalence
from lostudy.statistics.many_tests import benjamini_hochberg, holm
from lostudy.study.plan import outcomes, plan_hash

NUMBERS = ["estimate", "low", "high", "n", "wording", "hidden"]


@pytest.mark.parametrize("verb", ["change", "change_of_scales", "effects"])
@pytest.mark.parametrize("name", ["A", "D"])
def test_an_organisation_reads_the_same_number_in_its_own_run(
    verb: str, name: str, opened: Callable
) -> None:
    whole = getattr(lo, verb)(opened().question("lq1")).table
    own = getattr(lo, verb)(opened(organisation=name).question("lq1")).table
    keys = ["scale", "organisation", "estimand"]
    columns = [each for each in NUMBERS if each in own]
    shared = own[keys].merge(whole[whole["hidden"] == ""][keys])  # hidden beside others: not mine
    assert len(shared) >= 2
    index = pd.MultiIndex.from_frame(shared)
    pd.testing.assert_frame_equal(
        own.set_index(keys).loc[index, columns], whole.set_index(keys).loc[index, columns]
    )


def test_unrounded_too(opened: Callable) -> None:
    whole = changes_of(opened().question("lq2"), "VA")
    for name in "ABCD":
        own = changes_of(opened(organisation=name).question("lq2"), "VA")
        beside = whole[whole["organisation"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, beside, check_exact=True)


def test_holm_runs_over_one_test_per_question(opened: Callable) -> None:
    view = opened()
    rows = planned_tests(view, "primary")
    assert rows["scale"].tolist() == [each.primary for each in view.study.questions]
    np.testing.assert_array_equal(rows["adjusted"], holm(rows["p"]))
    for _, row in rows.iterrows():
        pooled = changes_of(view, row["scale"]).query(
            "organisation == 'all' and estimand == 'workforce'"
        )
        assert row["p"] == pooled["p"].item()
        two = [stats.t.sf((0.25 + side * pooled["estimate"]) / pooled["se"], pooled["df"])
               for side in (1, -1)]  # fmt: skip
        assert row["equivalence"] == pytest.approx(float(np.max(two)))
    assert equivalence(0.1, 0.1, 9, 0.25, 9)["p"].item() > 0.05


def test_the_secondary_family_has_the_false_discovery_rate(opened: Callable) -> None:
    rows = planned_tests(opened(), "secondary")
    assert rows["scale"].tolist() == list(outcomes(opened().study, "secondary"))
    np.testing.assert_array_equal(rows["adjusted"], benjamini_hochberg(rows["p"]))


def test_the_table_of_tests_shows_them_adjusted_only(opened: Callable) -> None:
    table = lo.tests(opened()).table
    assert "p" not in table and "statistic" not in table
    assert table["family"].value_counts().to_dict() == {"secondary": 8, "primary": 3}
    assert table["adjusted"].str.fullmatch(r"<0\.001|[01]\.\d{3}").all()
    assert "<0,001" in repr(lo.tests(opened()))
    assert "<0.001" in repr(lo.tests(opened(language="en")))


def test_an_organisation_is_not_tested_by_itself(opened: Callable) -> None:
    table = lo.tests(opened(organisation="A")).table
    assert set(table["organisation"]) == {"A"}
    assert set(table["adjusted"]) == set(table["equivalence"]) == {""}


def test_an_earlier_wave_is_not_the_planned_contrast(opened: Callable) -> None:
    early = opened(wave="T1").question("lq1")
    moved = lo.change(early)
    assert set(moved.table["family"]) == {"exploratory"}
    assert "(exploratief)" in moved.title and "p =" not in repr(moved)
    assert (lo.tests(early).table["adjusted"] == "").all()
    assert not set(moved.table["wording"]) & {"rose", "fell"}


def test_a_scale_outside_the_plan_is_exploratory(opened: Callable) -> None:
    view = opened().question("lq1")
    assert "Exploratief: niet in het vastgelegde plan" in repr(lo.change(view, "WD"))
    both = lo.change_of_scales(view, ["LG", "WD"])
    assert both.title.endswith("(exploratief: Werkdruk (controle))")
    said = lo.numbers("x", both)
    assert said.findings[-1].text_nl.endswith("(exploratief)")
    assert not said.findings[0].text_nl.endswith("(exploratief)")


def test_a_place_in_the_plan_that_all_rows_share_is_said_once_and_is_no_column(
    opened: Callable,
) -> None:
    view = opened().question("lq1")
    alike = lo.change(view)
    assert "in het plan" not in alike.display()
    assert repr(alike).count("Primaire uitkomst in het vastgelegde plan") == 1
    mixed = lo.change_of_scales(view, ["LG", "WD"])
    assert set(mixed.display()["in het plan"]) == {"primair", "exploratief"}


def test_a_plan_that_was_changed_labels_everything(shipped: Path, tmp_path: Path) -> None:
    for name in ("codebook", "data"):
        shutil.copytree(shipped / name, tmp_path / name)
    text = (shipped / "study.toml").read_text(encoding="utf-8")
    text = re.sub(r'frozen = "\w*"', 'frozen = "0123456789abcdef"', text)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    patch = pytest.MonkeyPatch()
    patch.setenv("LOSTUDY_STUDY", str(tmp_path))
    moved = lo.change(lo.open_study().question("lq1"))
    patch.undo()
    assert "niet het plan dat op 17-02-2025 is vastgelegd: alles is exploratief" in repr(moved)
    assert set(moved.table["family"]) == {"exploratory"} and "Holm" not in repr(moved)


def test_the_digest_of_the_plan_stands_under_every_table(opened: Callable) -> None:
    view = opened().question("lq1")
    digest = plan_hash(view.study)
    moved = lo.change(view)
    for result in (moved, lo.response(view), lo.reliability(view), lo.tests(view),
                   lo.code_counts(view), lo.estimate(view), lo.pooling(view)):  # fmt: skip
        assert f"plan {digest}, vastgelegd op 17-02-2025" in repr(result)


def test_the_curve_holds_what_the_plan_lists(opened: Callable) -> None:
    view = opened().question("lq1")
    curve = curve_of(view, "LG")
    teams = answers_of(view, "LG")["team"].dropna().nunique()
    counts = curve["specification"].value_counts()
    assert counts["without_a_team"] == teams and counts["without_an_organisation"] == 4
    assert set(counts.index) <= set(view.study.plan.specifications)
    wanted = {"one_model", "team_means", "factor_scores", "raked", "careless_kept"}
    assert wanted <= set(counts.index)
    each = changes_of(view, "LG").query("estimand == 'workforce' and organisation != 'all'")
    by_persons = curve.query("specification == 'by_persons'")["estimate"].item()
    assert by_persons == pytest.approx(np.average(each["estimate"], weights=each["n"]))
    left = curve.query("specification == 'without_an_organisation'")["estimate"].to_numpy()
    total = each["estimate"].to_numpy()
    np.testing.assert_allclose(left, (total.sum() - total) / 3)


def test_the_line_under_the_table_counts_the_curve(opened: Callable) -> None:
    view = opened().question("lq1")
    curve, planned = curve_of(view, "LG"), headline(view, "LG")
    same = int((np.sign(curve["estimate"]) == np.sign(planned["estimate"])).sum())
    line = next(each for each in lo.change(view).remarks if each.startswith("Houdt het stand"))
    assert f" {same} van {len(curve)} andere keuzes" in line


@pytest.mark.parametrize("organisation", ["all", "A"])
def test_of_choices_that_count_a_few_more_or_fewer_only_the_signs_are_shown(
    opened: Callable, organisation: str
) -> None:
    """The lowest of all without one team, and the planned number, give that team's change."""
    view = opened(organisation=organisation).question("lq1")
    table = lo.specifications(view).table.set_index("specification")
    assert table.index[0] == "planned"
    others = ["without a team", "records and scores", "without an organisation"]
    for kind in (each for each in others if each in table.index):
        row = table.loc[kind]
        assert row[["estimate", "low", "high"]].isna().all() and row["note"]
        assert re.fullmatch(r"\d+/\d+", row["same_sign"])
    ways = table.loc["estimator"]
    assert ways["low"] <= ways["estimate"] <= ways["high"]
    curve = curve_of(view, "LG")
    few = curve["kind"].isin(others)
    ends = curve.loc[~few, "estimate"].agg(["min", "max"])
    line = next(each for each in lo.change(view).remarks if each.startswith("Houdt het stand"))
    for end in ends:
        assert number(end, 2, "nl", sign=True) in line


def test_the_curve_is_drawn_with_what_may_be_shown(opened: Callable) -> None:
    drawn = lo.plot_specifications(lo.specifications(opened().question("lq1")))
    assert drawn.name == "lq1-specifications-LG"
    assert re.search(r"telkens zonder één team \d+/29", drawn.alt)
    assert drawn.data.set_index("specification").loc["without a team", "low":"high"].isna().all()


def test_turnover_is_under_the_change_by_rounded_numbers(opened: Callable) -> None:
    view = opened().question("lq1")
    shown = lo.turnover(view).table
    assert (shown["n"].dropna() % 5 == 0).all() and "left" not in set(shown["step"])
    line = next(each for each in lo.change(view).remarks if each.startswith("Verloop"))
    row = shown[shown["organisation"] == "A"]["n"].tolist()
    assert f"Organisatie A {row[0]} → {row[1]}, op beide {row[2]}" in line


def test_turnover_by_hand(opened: Callable) -> None:
    view = opened()
    seen = view.responses[view.responses["linked"]]
    both = {
        name: len(set(rows.loc[rows["wave"] == "T0", "person"])
                  & set(rows.loc[rows["wave"] == "T2", "person"]))
        for name, rows in seen.groupby("organisation")
    }  # fmt: skip
    shown = lo.turnover(view).table.query("step == 'both' and organisation != 'all'")
    for _, row in shown.iterrows():
        assert abs(int(row["n"]) - both[row["organisation"]]) <= 2


def test_pooling_shows_three_priors_and_says_what_cannot_be_settled(opened: Callable) -> None:
    result = lo.pooling(opened().question("lq1"))
    assert result.table["prior"].nunique() == 3
    assert "deze organisaties kunnen niet uitmaken hoeveel organisaties verschillen" in repr(result)
    each = changes_of(opened(), "LG").query("estimand == 'workforce' and organisation != 'all'")
    narrow = result.table.query("prior == 'half-normal 0.10' and organisation in ['A', 'B']")
    assert np.ptp(narrow["estimate"]) < np.ptp(each["estimate"].iloc[:2])


def test_effects_are_changes_over_the_spread_within(opened: Callable) -> None:
    view = opened().question("lq1")
    data = answers_of(view, "LG").query("organisation == 'C'").dropna(subset=["score"])
    cells = data.groupby("wave")["score"]
    within = np.sqrt(cells.apply(lambda each: ((each - each.mean()) ** 2).sum()).sum()
                     / (len(data) - 2))  # fmt: skip
    change = changes_of(view, "LG").query("organisation == 'C' and estimand == 'workforce'")
    shown = lo.effects(view, "LG").table.query("organisation == 'C' and estimand == 'workforce'")
    assert shown["estimate"].item() == pytest.approx(change["estimate"].item() / within, abs=0.01)


def test_a_p_is_never_printed_as_zero() -> None:
    assert [shown_p(p) for p in (0.0, 0.00099, 0.001, 0.5, 1.0)] == [
        "<0.001", "<0.001", "0.001", "0.500", "1.000"]  # fmt: skip


def test_one_wave_has_no_change_to_test(opened: Callable) -> None:
    for verb in (lo.tests, lo.turnover, lo.pooling, lo.specifications, lo.effects):
        with pytest.raises(StudyError, match="a change needs two waves"):
            verb(opened(wave="T0").question("lq1"))


@pytest.fixture(scope="module")
def hidden_one(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> lo.View:
    """The shipped study under a policy so strict that organisation D may not be shown."""
    folder = tmp_path_factory.mktemp("strict") / "study"
    shutil.copytree(shipped, folder)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    strict = re.sub(r"(?m)^threshold = 10\b", "threshold = 30", text)
    assert strict != text
    (folder / "study.toml").write_text(strict, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOSTUDY_STUDY", str(folder))
        return lo.open_study().question("lq1")


def test_where_an_organisation_is_hidden_no_second_weighing_is_shown(hidden_one: lo.View) -> None:
    """Equal weights and weights by persons are two equations in the two that are hidden."""
    moved = lo.change(hidden_one)
    staff = moved.table.query("estimand == 'workforce'").set_index("organisation")
    assert staff.loc["D", "hidden"] and staff.loc["all", "hidden"] == ""
    curve = lo.specifications(hidden_one).table.set_index("specification")
    assert np.isfinite(curve.loc["planned", "estimate"])
    others = curve.drop(index="planned")
    assert len(others) >= 5 and others[["estimate", "low", "high"]].isna().all(axis=None)
    assert others["same_sign"].str.fullmatch(r"\d+/\d+").all()


def test_where_an_organisation_is_hidden_nothing_is_partly_pooled(hidden_one: lo.View) -> None:
    """The mean under each prior weighs the organisations otherwise, and draws on each of them."""
    assert (lo.pooling(hidden_one).table["hidden"] == "protected").all()
    lines = lo.change(hidden_one).remarks
    assert not any("drie aannamen" in line for line in lines)
    line = next(each for each in lines if each.startswith("Houdt het stand"))
    assert not re.search(r"\d,\d", line) and "omdat een organisatie verborgen is" in line
