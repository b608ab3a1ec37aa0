"""What a notebook gets equals what a hand gets from the tidy tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import lostudy as lo
from lostudy.analysis.result import Result
from lostudy.analysis.worked import changes_of
from lostudy.errors import DisclosureError, StudyError
from lostudy.formats import rounded
from lostudy.words import WORDS


@pytest.fixture(scope="module")
def responses(opened: Callable, shipped: Path) -> pd.DataFrame:
    opened()
    parts = [
        pd.read_parquet(shipped / "data" / "processed" / name / "responses.parquet")
        for name in "ABCD"
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[table["included"]]


def by_hand(responses: pd.DataFrame, opened: Callable, scale: str) -> pd.Series:
    """The score of a scale: items turned, the mean where three in four are answered."""
    declared = opened().study.scales[scale]
    items = responses[list(declared.items)].astype("float64")
    for item in declared.reversed_items:
        items[item] = declared.minimum + declared.maximum - items[item]
    place = [responses["organisation"], responses["wave"]]
    asked = items.notna().groupby(place).transform("any").sum(axis=1)
    enough = (items.notna().sum(axis=1) >= 0.75 * asked) & (asked >= 0.75 * len(declared.items))
    return items.mean(axis=1).where(enough)


@pytest.mark.parametrize("scale", ["LG", "VA", "OI", "TL"])
def test_levels_equal_a_mean_by_hand(scale: str, responses: pd.DataFrame, opened: Callable) -> None:
    scores = responses.assign(score=by_hand(responses, opened, scale)).dropna(subset=["score"])
    expected = scores.groupby(["organisation", "wave"])["score"].agg(["mean", "size"])
    table = lo.estimate(opened().question("lq1"), scale).table
    shown = table[table["hidden"] == ""]
    assert len(shown) >= 8
    for _, row in shown.iterrows():
        mean, size = expected.loc[(row["organisation"], row["wave"])]
        assert row["estimate"] == rounded(mean, 2 if row["n"] >= 50 else 1)
        assert abs(row["n"] - size) <= 2


def test_over_several_waves_persons_count_once(responses: pd.DataFrame, opened: Callable) -> None:
    scores = responses.assign(score=by_hand(responses, opened, "VA")).dropna(subset=["score"])
    persons = scores.groupby(["organisation", "role"])["person"].nunique()
    table = lo.estimate(opened().question("lq2"), "VA", by=["organisation", "role"]).table
    for _, row in table[table["role"] != "all"].iterrows():
        count = int(persons.get((row["organisation"], row["role"]), 0))
        assert row["hidden"] or count >= 10, (row["organisation"], row["role"])
        assert row["hidden"] or abs(int(row["n"]) - count) <= 2
    assert (table.loc[table["role"] == "all", "hidden"] == "").all()
    assert (persons >= 10).sum() >= (table["hidden"] == "").sum() - 4 >= 5


def test_the_same_people_are_the_linked_ones(responses: pd.DataFrame, opened: Callable) -> None:
    scores = responses.assign(score=by_hand(responses, opened, "VA")).dropna(subset=["score"])
    scores = scores[scores["linked"]]
    wide = scores.pivot_table(index=["organisation", "person"], columns="wave", values="score")
    moved = (wide["T2"] - wide["T0"]).dropna().groupby(level=0).agg(["mean", "size"])
    table = lo.change(opened().question("lq2")).table
    rows = table[(table["estimand"] == "same people") & (table["hidden"] == "")]
    for _, row in rows[rows["organisation"] != "all"].iterrows():
        mean, size = moved.loc[row["organisation"]]
        assert row["estimate"] == pytest.approx(mean, abs=0.051)
        assert abs(row["n"] - size) <= 2


def test_answers_equal_counts_by_hand(responses: pd.DataFrame, opened: Callable) -> None:
    last = responses[responses["wave"] == "T2"]
    table = lo.answers(opened().question("lq2")).table
    for (item, organisation), rows in table.groupby(["item", "organisation"]):
        given = last.loc[last["organisation"] == organisation, item].dropna().astype(int)
        if (rows["hidden"] == "").all() and "low" in set(rows["category"]):
            shares = rows.set_index("category")["share"]
            assert shares["low"] == pytest.approx((given <= 2).mean(), abs=0.1001)
            assert shares["high"] == pytest.approx((given >= 4).mean(), abs=0.1001)


def test_response_equals_records_by_hand(responses: pd.DataFrame, opened: Callable) -> None:
    kept = responses.groupby(["organisation", "wave"])["person"].nunique()
    table = lo.response(opened()).table
    rows = table[(table["step"] == "kept") & (table["hidden"] == "")]
    assert len(rows) == 12
    for _, row in rows.iterrows():
        assert abs(int(row["n"]) - kept.loc[(row["organisation"], row["wave"])]) <= 2


def test_a_change_of_several_scales_is_the_change_of_each(opened: Callable) -> None:
    view = opened().question("lq2")
    several = lo.change_of_scales(view).table.set_index(["scale", "organisation"])
    assert set(several["estimand"]) == {"workforce"}
    one = lo.change(view, "VA").table
    own = one[(one["estimand"] == "workforce") & (one["organisation"] != "all")]
    for _, row in own.iterrows():
        pd.testing.assert_series_equal(
            several.loc[("VA", row["organisation"]), ["estimate", "low", "high", "n", "hidden"]],
            row[["estimate", "low", "high", "n", "hidden"]],
            check_names=False,
        )


def test_what_several_cells_need_is_worked_out_once(opened: Callable) -> None:
    view = opened()
    lo.change(view.question("lq2"), "VA")
    done = dict(view.worked_out)
    lo.change_of_scales(view.question("lq2"), ["VA"])
    for kind in ("scored", "answers", "compared", "change"):
        assert view.worked_out[kind, "VA"] is done[kind, "VA"], kind


def results(view) -> dict[str, Result]:
    question = view.question("lq2")
    moved, voices = lo.change_of_scales(question), lo.code_counts(question)
    return {
        "response": lo.response(view),
        "reliability": lo.reliability(question),
        "estimate": lo.estimate(question),
        "profile": lo.profile(question),
        "answers": lo.answers(question),
        "change": lo.change(question),
        "change_of_scales": moved,
        "comparability": lo.comparability(question),
        "climate": lo.climate(question),
        "invariance": lo.invariance(question, ["VA"]),
        "item_analysis": lo.item_analysis(question, ["VA"]),
        "turnover": lo.turnover(question),
        "effects": lo.effects(question, ["VA"]),
        "specifications": lo.specifications(question),
        "pooling": lo.pooling(question),
        "tests": lo.tests(question),
        "code_counts": voices,
        "joint_display": lo.joint_display(moved, voices),
    }


@pytest.fixture(scope="module")
def dutch(opened: Callable) -> dict[str, Result]:
    return results(opened())


@pytest.fixture(scope="module")
def english(opened: Callable) -> dict[str, Result]:
    return results(opened(language="en"))


@pytest.fixture(scope="module")
def of_d(opened: Callable) -> dict[str, Result]:
    return results(opened(organisation="D", wave="T1"))


def test_every_result_says_whose_it_is(dutch: dict, english: dict, of_d: dict) -> None:
    for name, result in dutch.items():
        assert "alle organisaties · alle metingen" in repr(result), name
        assert "gesimuleerd" in repr(result)
    for name, result in english.items():
        assert "all organisations · all waves" in repr(result), name
        assert "simulated" in repr(result)
    for name, result in of_d.items():
        assert "Organisatie D · T1" in repr(result), name


def test_a_language_changes_words_and_no_number(dutch: dict, english: dict) -> None:
    for name, result in dutch.items():
        pd.testing.assert_frame_equal(result.table, english[name].table)
        assert result.title != english[name].title
        assert repr(result) != repr(english[name])


def test_an_organisation_sees_itself_only(of_d: dict) -> None:
    for name, result in of_d.items():
        if "organisation" in result.table:
            assert set(result.table["organisation"]) == {"D"}, name
        if "wave" in result.table:
            assert set(result.table["wave"]) <= {"T0", "T1"}, name


def test_tables_are_protected_and_hold_known_columns_only(dutch: dict) -> None:
    for name, result in dutch.items():
        table = result.table
        assert not {"sd", "se", "df", "p", "teams", "statistic"} & set(table), name
        numbers = table.get("n", pd.Series(dtype="Int64")).dropna()
        if result.safe.kind not in ("voices", "joint"):
            assert (numbers >= 10).all() and (numbers % 5 == 0).all(), name


def test_a_result_shows_itself_escaped_and_with_footnotes(dutch: dict) -> None:
    text = dutch["estimate"]._repr_html_()
    assert text.startswith('<table class="lostudy"><caption>')
    assert "<script" not in text
    assert "niets onder de 10 personen; n afgerond op 5" in text


def test_methods_and_notes_are_dutch_in_dutch(dutch: dict) -> None:
    for name, result in dutch.items():
        for column in ("method", "note", "wording", "status", "band", "valence", "verdict",
                       "family", "prior", "specification", "measure", "comparison"):
            for word in set(result.table.get(column, pd.Series(dtype="str")).dropna()) - {""}:
                assert word in WORDS, f"{name}: {word!r} has no Dutch word"


def test_a_result_that_was_tampered_with_is_not_shown(opened: Callable) -> None:
    result = lo.estimate(opened().question("lq2"))
    result.safe.table.loc[0, "estimate"] = 1.23
    for show in (repr, Result._repr_html_, lo.plot_levels, lambda r: lo.numbers("x", r)):
        with pytest.raises(DisclosureError, match="changed afterwards"):
            show(result)


@pytest.mark.parametrize("name", sorted(each for each in lo.__all__ if each.startswith("plot_")))
def test_a_frame_is_not_plotted(name: str) -> None:
    frames = [pd.DataFrame({"n": [3]})] * (2 if name == "plot_against" else 1)
    with pytest.raises(DisclosureError, match="a DataFrame that was not protected cannot be drawn"):
        getattr(lo, name)(*frames)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda view: lo.estimate(view, "XX"), "scale 'XX' does not exist. To do: one of: PM"),
        (lambda view: lo.change(view, "XX"), "scale 'XX' does not exist"),
        (lambda view: lo.profile(view, ["LG", "XX"]), "scale 'XX' does not exist"),
        (lambda view: lo.estimate(view, by=["team"]), "cannot split by 'team'. To do: by: organ"),
        (lambda view: lo.answers(view, by=["person"]), "cannot split by 'person'"),
        (lambda view: view.question("lq9"), "learning question 'lq9' does not exist"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_choices(
    call: Callable, message: str, opened: Callable
) -> None:
    with pytest.raises(StudyError) as caught:
        call(opened().question("lq2"))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("given", [{"organisation": "E"}, {"wave": "T9"}, {"language": "fr"}])
def test_a_wrong_parameter_is_refused(given: dict, opened: Callable) -> None:
    with pytest.raises(StudyError) as caught:
        opened(**given)
    assert next(iter(given.values())) in str(caught.value)


def test_a_change_needs_two_waves(opened: Callable) -> None:
    with pytest.raises(StudyError, match="a change needs two waves"):
        lo.change(opened(wave="T0").question("lq1"))


def test_a_name_is_accepted_where_a_list_is(opened: Callable) -> None:
    view = opened().question("lq2")
    one = lo.estimate(view, by="organisation").table
    pd.testing.assert_frame_equal(one, lo.estimate(view, by=["organisation"]).table)


def test_a_view_shows_a_card_and_no_rows(opened: Callable) -> None:
    view = opened().question("lq2")
    assert "Hoe versterken we de reflectieve werkpraktijk?" in repr(view)
    assert "niets onder de 10 personen" in view._repr_html_()
    assert view.responses["person"].astype(str).iloc[0] not in repr(view)


def test_pooled_change_is_the_mean_of_the_organisations(opened: Callable) -> None:
    rows = changes_of(opened(), "VA")
    own = rows[(rows["estimand"] == "workforce") & (rows["organisation"] != "all")]
    pooled = rows[(rows["estimand"] == "workforce") & (rows["organisation"] == "all")]
    assert pooled["estimate"].iloc[0] == pytest.approx(own["estimate"].mean())


def test_conversations_of_a_later_wave_do_not_count_yet(opened: Callable) -> None:
    """All conversations were held at the last wave."""
    earlier = opened(wave="T1").question("lq2")
    counted = lo.code_counts(earlier).table
    assert set(counted["hidden"]) == {"absent"}
    assert counted["k"].isna().all()
    assert (lo.code_counts(opened().question("lq2")).table["hidden"] == "").any()


def test_a_role_that_nobody_answered_for_is_a_hidden_row_and_not_an_absent_one(
    opened: Callable,
) -> None:
    view = opened().question("lq2")
    leaders = (view.responses["organisation"] == "A") & (view.responses["role"] == "leader")
    view.__dict__["responses"] = view.responses[~leaders].reset_index(drop=True)
    table = lo.estimate(view, by=["organisation", "role"]).table
    rows = table[(table["organisation"] == "A") & (table["role"] == "leader")]
    assert rows["hidden"].tolist() == ["protected"]
    assert table.groupby("organisation")["role"].nunique().nunique() == 1


def test_themes_without_a_question_are_refused_in_words(opened: Callable) -> None:
    with pytest.raises(StudyError, match="themes are counted of a learning question"):
        lo.code_counts(opened())
