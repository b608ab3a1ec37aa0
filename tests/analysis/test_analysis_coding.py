"""The coding of the shipped study, against counts made by hand from the tidy tables."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

import lostudy as lo
from lostudy.analysis.coding import conversations_asked, themed
from lostudy.disclosure.voices import band
from lostudy.errors import LostudyError, StudyError
from lostudy.statistics import krippendorff_alpha
from lostudy.words import word


def family(view, code: str) -> set[str]:  # noqa: ANN001
    """By name: a code of this study holds the names of those above it."""
    return {each for each in view.study.codes if each == code or each.startswith(f"{code}.")}


@pytest.fixture(scope="module")
def question(opened: Callable):  # noqa: ANN201
    return opened().question("lq2")


def test_agreement_by_conversation_is_alpha_of_a_table_made_by_hand(question) -> None:  # noqa: ANN001
    told = lo.code_agreement(question, draws=50).table
    talks, said = question.processed("interviews"), question.processed("segments")
    both = talks[talks["coders"].str.contains(";") & talks["questions_asked"].str.contains("lq2")]
    for code in ("LV2.VERANKER", "UITD.WERKDRUK"):
        mine = said[said["code"].isin(family(question, code))]
        pairs = set(zip(mine["interview"], mine["coder"], strict=True))
        ratings = both[["interview"]].assign(**{
            coder: [float((name, coder) in pairs) for name in both["interview"]]
            for coder in ("codeur-1", "codeur-2")
        })  # fmt: skip
        alpha = krippendorff_alpha(ratings.drop(columns="interview"))["estimate"].item()
        row = told[(told["code"] == code) & (told["measure"] == "alpha")].iloc[0]
        assert row["estimate"] == pytest.approx(alpha, abs=0.051 if len(both) < 20 else 0.0051)
        assert row["n"] == len(both)


def test_shares_of_few_conversations_are_left_out(question, opened: Callable) -> None:  # noqa: ANN001
    """Steps of 5 % are no steps where there are fewer than twenty: one in nine is one in nine."""
    own = lo.code_agreement(opened(organisation="A").question("lq2"), draws=20).table
    whole = lo.code_agreement(question, draws=20).table
    assert own["n"].max() < 20
    assert set(own["measure"]) == {"alpha", "AC1", "Brennan-Prediger"}
    many = whole["n"].max() >= 20
    assert ("prevalence" in set(whole["measure"])) is bool(many)
    passages = lo.code_agreement(opened(organisation="A").question("lq2"), unit="passage", draws=20)
    assert "prevalence" in set(passages.table["measure"])


def test_shares_of_coding_go_in_steps(question) -> None:  # noqa: ANN001
    told = lo.code_agreement(question, unit="passage", draws=20).table
    shares = told.loc[told["measure"] == "prevalence", "estimate"].dropna()
    assert len(shares) and ((shares * 20).round(6) % 1 == 0).all()


def test_themes_together_in_a_conversation_are_those_of_a_count(question) -> None:  # noqa: ANN001
    told = lo.co_occurrence(question, window="conversation", draws=20).table
    talks, said = question.processed("interviews"), question.processed("segments")
    asked = set(talks.loc[talks["questions_asked"].str.contains("lq2"), "interview"])
    for _, row in told[told["hidden"] == ""].iterrows():
        in_both = asked.copy()
        for code in (row["one"], row["two"]):
            in_both &= set(said.loc[said["code"].isin(family(question, code)), "interview"])
        assert row["band"] == band(len(in_both), len(asked)), (row["one"], row["two"])


def test_a_portrait_is_of_no_conversation_alone(question) -> None:  # noqa: ANN001
    told = lo.portrait(question).table
    assert set(told) == {"code", "part", "hidden", "n", "band"}
    assert told["n"].dropna().ge(question.study.disclosure.conversations).all()


def test_saturation_of_each_organisation_and_all(question) -> None:  # noqa: ANN001
    found = lo.saturation(question, orders=200)
    sizes = found.table.groupby("organisation")["n"].first()
    held = question.processed("interviews")["organisation"].value_counts()
    assert sizes.drop("all").to_dict() == held.to_dict() and sizes["all"] == held.sum()
    assert found.remarks[0].startswith("Basis 4 gesprekken, telkens 2 volgende")
    every = found.table[found.table["organisation"] == "all"]["estimate"]
    assert every.is_monotonic_decreasing


def test_a_curve_over_few_orders_would_tell_of_single_conversations(question) -> None:  # noqa: ANN001
    with pytest.raises(StudyError, match="too few orders"):
        lo.saturation(question, base=1, run=1, orders=0)


PLOTS = {"code_agreement": "plot_coders", "co_occurrence": "plot_together",
         "portrait": "plot_portrait", "saturation": "plot_saturation"}  # fmt: skip


@pytest.mark.parametrize("verb", PLOTS)
def test_each_has_its_figure(verb: str, question) -> None:  # noqa: ANN001
    result = getattr(lo, verb)(question)
    drawn = getattr(lo, PLOTS[verb])(result)
    assert drawn.title == result.title and "gesimuleerd" in drawn.caption
    assert f"{int(result.table['n'].max())} gesprekken" in drawn.caption


@pytest.mark.parametrize("verb", PLOTS)
def test_an_organisation_with_too_few_conversations_shows_nothing(verb: str, opened) -> None:  # noqa: ANN001
    view = opened(organisation="D").question("lq2")
    table = getattr(lo, verb)(view).table
    if verb in ("code_agreement", "portrait"):  # three judged by two coders; none with places
        assert (table["hidden"] != "").all() and table["n"].isna().all()
    else:
        assert table["n"].dropna().ge(view.study.disclosure.conversations).all()


def test_words_that_do_not_exist_are_refused(question) -> None:  # noqa: ANN001
    with pytest.raises(StudyError, match="unit 'sentence'"):
        lo.code_agreement(question, unit="sentence")
    with pytest.raises(StudyError, match="code 'LV9' does not exist"):
        lo.co_occurrence(question, ["LV9"])


def verdicts(table, reader: str, change: dict | None = None, why: str = "") -> list[str]:  # noqa: ANN001
    rows = table[table["organisation"] != "all"].to_dict("records")
    proposed = [row.get("proposed", row["verdict"]) for row in rows]
    return [
        f"lq2,{row['code']},{row['organisation']},{each},{reader},"
        f"{(change or {}).get((row['code'], row['organisation']), each)},2026-03-31,{why}"
        for row, each in zip(rows, proposed, strict=True)
    ]


def test_two_readers_confirm_and_a_contradiction_stops_the_synthesis(
    shipped,  # noqa: ANN001
    opened: Callable,
) -> None:
    head = "question,code,organisation,proposed,reader,verdict,date,explanation"
    path = shipped / "codebook" / "verdicts.csv"
    question = opened().question("lq2")
    moved, voices = lo.change_of_scales(question), lo.code_counts(question)
    plain = lo.joint_display(moved, voices, explained=True)
    assert "state" not in plain.table
    other = {("LV2.VERANKER", "B"): "contradicts"}
    try:
        both = [*verdicts(plain.table, "r1", other), *verdicts(plain.table, "r2", other)]
        path.write_text("\n".join([head, *both]))
        read = lo.joint_display(moved, voices)
        rows = read.table.set_index(["code", "organisation"])
        assert rows.loc[("LV2.VERANKER", "B"), ["verdict", "state"]].tolist() == [
            "contradicts", "confirmed"]  # fmt: skip
        assert read.remarks == (
            "Door twee lezers bevestigd: 16 van 16 oordelen; lezers gelijk in 100\u00a0%, "
            "Krippendorffs alfa 1,00 (over 16 oordelen).",
        )
        assert "16 van 16" in " ".join(
            text.get_text() for text in lo.plot_joint(read).figure.texts
        ).replace("\n", " ")
        with pytest.raises(StudyError, match=r"without an explanation, theme LV2\.VERANKER at B"):
            lo.joint_display(moved, voices, explained=True)
        told = [*verdicts(plain.table, "r1", other, "Andere teams."), *both[len(both) // 2 :]]
        path.write_text("\n".join([head, *told]))
        assert lo.joint_display(moved, voices, explained=True).table.equals(read.table)
    finally:
        path.unlink()


def test_a_number_of_few_conversations_is_printed_as_it_was_rounded(opened: Callable) -> None:
    """0,7 that is printed as 0,70 claims a digit that was taken away."""
    view = opened(organisation="A").question("lq2")
    own = lo.code_agreement(view, unit="passage", draws=20)
    known = own.table["estimate"].notna()
    assert own.table["n"].max() < 20 and known.any()
    printed = own.display()[word("estimate", "nl")][known]
    assert printed.str.fullmatch(r"−?\d,\d").all()
    drawn = lo.plot_coders(own)
    assert not re.search(r"\d,\d\d", drawn.alt)
    drawn = lo.plot_coders(lo.code_agreement(view, draws=20))
    written = [each.get_text() for each in drawn.figure.axes[0].texts]
    assert word("prevalence_short", "nl") not in written, "a heading over an empty column"
    assert "alfa onder 0,67" in written and not re.search(r"\d,\d", drawn.alt)


def test_tidy_tables_are_read_once_in_a_view(opened: Callable, monkeypatch) -> None:  # noqa: ANN001
    view = opened(wave="T2")
    first = view.processed("harmonisation")
    monkeypatch.setattr("lostudy.analysis.opening.read_table", None)
    assert view.processed("harmonisation") is first
    assert view.question("lq1").processed("harmonisation") is first


def test_themes_by_role_are_bands_over_all_organisations_and_tell_no_single_hidden_role(
    opened: Callable,
) -> None:
    """Counted anew from the tidy tables; of a single hidden role not even how many there are."""
    view = opened().question("lq1")
    table = lo.code_counts(view, by="role").table
    assert set(table.columns) == {"code", "role", "hidden", "n", "band"}
    asked = conversations_asked(view)
    held = asked.groupby("role_band")["interview"].nunique()
    least = view.study.disclosure.conversations
    assert (held < least).sum() == 1 and table["n"].isna().all()
    for row in table.to_dict("records"):
        talks = asked.loc[asked["role_band"] == row["role"], "interview"]
        if held[row["role"]] < least:
            assert (row["hidden"], row["band"]) == ("protected", "")
            continue
        said = themed(view, [row["code"]], talks)["conversation"].nunique()
        assert row["band"] == band(said, held[row["role"]])


def test_themes_by_something_else_are_refused(opened: Callable) -> None:
    with pytest.raises(LostudyError, match="by 'team' does not exist"):
        lo.code_counts(opened().question("lq1"), by="team")
