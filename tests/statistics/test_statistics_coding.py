"""Passages to units, agreement per code, the counts of other programs, and disagreements."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.agreement import NO_VARIATION, krippendorff_alpha
from lostudy.statistics.by_code import MEASURES, agreement_by_code
from lostudy.statistics.coding import code_agreement
from lostudy.statistics.kappas import agreement_of_two, fleiss_kappa
from lostudy.statistics.passages import character_agreement, disagreements, segment_agreement
from lostudy.statistics.unitizing import boundary_alpha, unitizing_alpha
from lostudy.statistics.units import coder_marks, ratings_of, text_units

REAL = Path(__file__).resolve().parents[3] / "shared" / "real" / "interviews"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not there")
COLUMNS = ["conversation", "coder", "code", "start", "end"]


def frame(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS)


def random_coding(
    words: str, conversations: int = 8, coders: int = 3, size: int = 400, codes: str = "abc"
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Coders who mark about the same passages, each a little elsewhere, and miss some."""
    draw = seeded(words)
    rows = []
    for i in range(conversations):
        for code in codes:
            for start in draw.integers(0, size - 60, 3):
                for coder in range(coders):
                    if draw.random() < 0.8:
                        at = int(max(0, start + draw.integers(-8, 9)))
                        rows.append(
                            (f"i{i}", f"c{coder}", code, at, at + int(draw.integers(5, 50)))
                        )
    return frame(*rows), {f"i{i}": size for i in range(conversations)}


def every(segments: pd.DataFrame) -> pd.DataFrame:
    keys = [sorted(segments[name].unique()) for name in ("conversation", "coder")]
    return pd.MultiIndex.from_product(keys, names=["conversation", "coder"]).to_frame(index=False)


TEXTS = {
    "Eén. Twee! Drie?": [(0, 4), (5, 10), (11, 16)],
    "Dat doet dhr. Bos, bijv. Samen. Ja.": [(0, 31), (32, 35)],
    "Met J. Smit sprak ik. Goed.": [(0, 21), (22, 27)],
    "  Ja.  \n\n Nee. ": [(2, 5), (10, 14)],
    "Hij zei: 'Kom.' Toen ging hij.": [(0, 15), (16, 30)],
    "om 10.30 uur. 12 mensen.": [(0, 13), (14, 24)],
    "zonder punt": [(0, 11)],
    "Wacht… Ja": [(0, 6), (7, 9)],
    "": [],
    "   \n ": [],
}


@pytest.mark.parametrize("text", TEXTS)
def test_sentences_are_found_where_they_stand(text: str) -> None:
    units = text_units({"i": text})
    assert list(zip(units["start"], units["end"], strict=True)) == TEXTS[text]


def test_paragraphs_are_lines() -> None:
    units = text_units({"i": "Een. Twee.\n\nDrie.", "j": "Vier"}, "paragraph")
    assert units.to_numpy().tolist() == [["i", 0, 10], ["i", 12, 17], ["j", 0, 4]]


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="aB. \n!1\"'…", max_size=60), st.sampled_from(["sentence", "paragraph"]))
def test_units_hold_every_character_but_spaces_once(text: str, unit: str) -> None:
    units = text_units({"i": text}, unit)
    held = np.zeros(len(text), dtype=int)
    for start, end in zip(units["start"], units["end"], strict=True):
        held[start:end] += 1
    assert held.max(initial=0) <= 1
    assert all(held[i] for i, letter in enumerate(text) if not letter.isspace())


def test_a_selection_that_ends_a_space_late_marks_nothing_extra() -> None:
    units = text_units({"i": "Eerste zin. Tweede zin."})
    marks = coder_marks(frame(("i", "A", "x", 0, 12)), units)
    assert marks.unit.tolist() == [0]


def test_least_is_the_share_that_passages_cover_together() -> None:
    units = pd.DataFrame({"conversation": "i", "start": [0], "end": [10]})
    halves = frame(("i", "A", "x", 0, 3), ("i", "A", "x", 2, 5), ("i", "B", "x", 0, 3))
    marks = coder_marks(halves, units, least=0.5)
    assert [marks.coders[k] for k in marks.coder] == ["A"]


@pytest.mark.parametrize("words", ["one", "two", "three"])
def test_characters_by_stretch_are_characters_one_by_one(words: str) -> None:
    segments, lengths = random_coding(words, conversations=3, size=150)
    single = pd.DataFrame(
        [(name, at, at + 1) for name, size in lengths.items() for at in range(size)],
        columns=["conversation", "start", "end"],
    )
    inside = segments.assign(end=segments["end"].clip(upper=150))
    one, two = (
        agreement_by_code(inside, units, every(inside), draws=20) for units in (lengths, single)
    )
    pd.testing.assert_frame_equal(one, two, check_exact=False, rtol=1e-10)


@pytest.mark.parametrize("coders", [2, 3, 4])
def test_a_codebook_at_once_is_each_code_by_itself(coders: int) -> None:
    """code_agreement is held against R (psych, irrCAC); intervals come from the same draws."""
    segments, lengths = random_coding(f"codebook {coders}", coders=coders)
    text = {name: "Zin. " * 80 for name in lengths}
    units = text_units({name: each[:400].replace("Zin", "Een zin") for name, each in text.items()})
    coded = every(segments)
    together = agreement_by_code(segments, units, coded, draws=200).set_index(["code", "measure"])
    marks = coder_marks(segments, units)
    for code in marks.codes:
        ratings = ratings_of(marks, code, units, coded)
        alone = code_agreement(ratings, units["conversation"], 1.0, draws=200)
        for _, row in alone.iterrows():
            ours = together.loc[(code, row["measure"])]
            for column in ("estimate", "low", "high", "n"):
                assert ours[column] == pytest.approx(row[column], abs=1e-10), row["measure"]
        fleiss = fleiss_kappa(ratings)["estimate"].item()
        assert together.loc[(code, "Fleiss' kappa"), "estimate"] == pytest.approx(fleiss)
        alpha = krippendorff_alpha(ratings)["estimate"].item()
        assert together.loc[(code, "alpha"), "estimate"] == pytest.approx(alpha, abs=1e-12)


def test_coders_who_judged_some_conversations_only() -> None:
    segments, _ = random_coding("partly", coders=3)
    units = text_units({f"i{i}": "Nog een zin. " * 33 for i in range(8)})
    coded = every(segments).sample(frac=0.7, random_state=1)
    segments = segments.merge(coded)
    together = agreement_by_code(segments, units, coded, draws=100).set_index(["code", "measure"])
    marks = coder_marks(segments, units)
    known = units["conversation"].isin(coded["conversation"]).to_numpy()
    for code in marks.codes:
        ratings = ratings_of(marks, code, units, coded)[known]
        alone = code_agreement(ratings, units["conversation"][known], 1.0, draws=100)
        for _, row in alone.iterrows():
            ours = together.loc[(code, row["measure"])]
            assert ours["estimate"] == pytest.approx(row["estimate"], abs=1e-10), row["measure"]
            assert ours["low"] == pytest.approx(row["low"], abs=1e-10, nan_ok=True)


def test_a_code_nobody_used_has_no_variation_and_never_one() -> None:
    segments, _ = random_coding("unused")
    units = text_units({f"i{i}": "Nog een zin. " * 33 for i in range(8)})
    table = agreement_by_code(segments, units, codes=["a", "never"], draws=20).set_index("code")
    never = table.loc["never"].set_index("measure")
    assert never.loc["prevalence", "estimate"] == 0
    assert never.drop("prevalence")[["estimate", "low", "high"]].isna().all(axis=None)
    assert (never.drop("prevalence")["note"] == NO_VARIATION).all()


def test_a_code_on_everything_by_everyone_has_no_variation() -> None:
    units = pd.DataFrame({"conversation": ["i", "j"], "start": 0, "end": 10})
    rows = frame(*[(name, coder, "x", 0, 10) for name in "ij" for coder in "AB"])
    table = agreement_by_code(rows, units, draws=20).set_index("measure")
    assert np.isnan(table.loc["alpha", "estimate"]) and np.isnan(table.loc["AC1", "estimate"])
    assert table.loc["Brennan-Prediger", "note"] == NO_VARIATION
    assert np.isnan(table.loc["percent", "estimate"])


@pytest.mark.parametrize("value", [0, 1])
def test_a_code_on_nothing_or_on_everything_has_no_agreement_of_one(value: int) -> None:
    same = pd.DataFrame({"A": [value] * 6, "B": [value] * 6})
    table = code_agreement(same, list("iijjkk"), 1, [0, 1], draws=10).set_index("measure")
    assert table.loc["prevalence", "estimate"] == value
    assert table.drop("prevalence")["estimate"].isna().all()
    assert (table.drop("prevalence")["note"] == NO_VARIATION).all()


def test_a_category_of_the_codebook_that_nobody_used_does_not_make_agreement() -> None:
    same = pd.DataFrame({"A": ["x", "x"], "B": ["x", "x"]})
    table = code_agreement(same, categories=["x", "y", "z"], draws=10).set_index("measure")
    assert table.loc["Brennan-Prediger", "note"] == NO_VARIATION


def test_a_coder_who_marked_nothing_counts_where_listed() -> None:
    units = pd.DataFrame({"conversation": "i", "start": [0, 10, 20], "end": [9, 19, 29]})
    rows = frame(("i", "A", "x", 0, 9))
    coded = pd.DataFrame({"conversation": "i", "coder": ["A", "B"]})
    table = agreement_by_code(rows, units, coded).set_index("measure")
    assert table.loc["percent", "estimate"] == pytest.approx(2 / 3)
    assert table.loc["positive agreement", "estimate"] == 0
    alone = agreement_by_code(rows, units).set_index("measure")
    assert (alone["note"] == "no unit rated by two coders").all()


def test_the_order_of_rows_does_not_matter() -> None:
    segments, _ = random_coding("order")
    units = text_units({f"i{i}": "Nog een zin. " * 33 for i in range(8)})
    expected = agreement_by_code(segments, units, draws=30)
    again = agreement_by_code(segments.sample(frac=1, random_state=1), units, draws=30)
    pd.testing.assert_frame_equal(again, expected)


def test_intervals_cover_the_agreement_of_many_conversations() -> None:
    """Sixty samples of 30 conversations from a stock of 3,000, whose agreement is known."""
    segments, lengths = random_coding("stock", conversations=3000, coders=2, size=200, codes="a")
    inside = segments.assign(end=segments["end"].clip(upper=200))
    coded = every(inside)
    truth = agreement_by_code(inside, lengths, coded, draws=2)["estimate"][0]
    draw, held = seeded("samples"), 0
    for _ in range(60):
        few = [f"i{i}" for i in draw.choice(3000, 30, replace=False)]
        part, grid = inside[inside["conversation"].isin(few)], dict.fromkeys(few, 200)
        row = agreement_by_code(part, grid, coded[coded["conversation"].isin(few)], draws=300)
        held += bool(row["low"][0] <= truth <= row["high"][0])
    assert 51 <= held <= 60


BROKEN = {
    "no units": (frame(("k", "A", "x", 0, 5)), None, "without units"),
    "stranger": (
        frame(("i", "A", "x", 0, 5), ("i", "B", "x", 0, 5)),
        pd.DataFrame({"conversation": ["i"], "coder": ["A"]}),
        "not in coded",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_passages_that_fit_nowhere_are_refused(what: str) -> None:
    rows, coded, says = BROKEN[what]
    units = pd.DataFrame({"conversation": "i", "start": [0], "end": [10]})
    with pytest.raises(LostudyError, match=says):
        agreement_by_code(rows, units, coded)


UNITS = pd.DataFrame({"conversation": "i", "start": [0, 11], "end": [10, 20]})
BY_PLACE = {
    "units": lambda rows: agreement_by_code(rows, UNITS),
    "characters": lambda rows: agreement_by_code(rows, {"i": 20}),
    "boundary": lambda rows: boundary_alpha(rows, {"i": 20}),
    "unitizing": lambda rows: unitizing_alpha(rows, {"i": 20}),
    "as in NVivo": lambda rows: character_agreement(rows, {"i": 20}, "A", "B"),
    "as in MAXQDA": lambda rows: segment_agreement(rows, "A", "B"),
    "disagreements": lambda rows: disagreements(rows, "A", "B"),
}
GOOD = (("i", "A", "x", 0, 5), ("i", "B", "x", 0, 5))
MISPLACED = {
    "missing": ((None, None), "1 of 3 passages have no place in the text"),
    "half": ((3, None), "1 of 3 passages have no place in the text"),
    "reversed": ((9, 3), "1 of 3 passages are empty or end before they begin"),
    "empty": ((3, 3), "1 of 3 passages are empty or end before they begin"),
    "before": ((-4, 3), "reach beyond"),
}


@pytest.mark.parametrize("count", BY_PLACE)
@pytest.mark.parametrize("what", MISPLACED)
@pytest.mark.parametrize("kind", ["Int64", "float64"])
def test_passages_without_a_place_are_refused_and_what_can_be_done_instead(
    count: str, what: str, kind: str
) -> None:
    place, says = MISPLACED[what]
    rows = frame(*GOOD, ("i", "A", "y", *place)).astype({"start": kind, "end": kind})
    with pytest.raises(LostudyError, match=says) as refused:
        BY_PLACE[count](rows)
    assert "unit='conversation'" in str(refused.value)


@pytest.mark.parametrize("place", [(30, 40), (15, 300)])
@pytest.mark.parametrize("count", ["units", "characters", "boundary", "unitizing", "as in NVivo"])
def test_passages_beyond_the_text_are_refused_by_every_count(
    count: str, place: tuple[int, int]
) -> None:
    with pytest.raises(LostudyError, match="beyond"):
        BY_PLACE[count](frame(*GOOD, ("i", "A", "y", *place)))


def test_blank_lines_after_the_last_unit_may_be_marked() -> None:
    table = agreement_by_code(frame(*GOOD, ("i", "A", "x", 15, 23)), UNITS, draws=5)
    assert table["estimate"].notna().any()


@pytest.mark.parametrize("least", [-1, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(least: float) -> None:
    for count in (
        lambda: agreement_by_code(frame(*GOOD), UNITS, least=least),
        lambda: segment_agreement(frame(*GOOD), "A", "B", least=least),
        lambda: disagreements(frame(*GOOD), "A", "B", least=least),
    ):
        with pytest.raises(LostudyError, match="not between 0 and 1"):
            count()


@pytest.mark.parametrize("count", [
    segment_agreement, disagreements,
    lambda rows, one, two: character_agreement(rows, {"i": 20}, one, two)])
def test_a_coder_whom_nobody_knows_is_refused(count) -> None:  # noqa: ANN001
    with pytest.raises(LostudyError, match="no passage is by coder 'b'"):
        count(frame(*GOOD), "A", "b")


def test_units_that_overlap_or_are_out_of_order_are_refused() -> None:
    rows = frame(("i", "A", "x", 0, 5))
    for start, end in (([0, 5], [6, 9]), ([5, 0], [9, 5])):
        with pytest.raises(LostudyError, match="units"):
            coder_marks(rows, pd.DataFrame({"conversation": "i", "start": start, "end": end}))


def test_passages_beyond_the_text_are_refused() -> None:
    for rows, lengths, says in (
        (frame(("i", "A", "x", 0, 50)), {"i": 20}, "beyond"),
        (frame(("i", "A", "x", 0, 5)), {"j": 20}, "without a length"),
    ):
        with pytest.raises(LostudyError, match=says):
            agreement_by_code(rows, lengths)


FIXTURES = sorted(REAL.glob("dkpro-fixtures/gwet_fixture_*.json"))


@real
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_ac1_is_that_of_irrcac(path: Path) -> None:
    """Values of the R package irrCAC that DKPro's tests hold."""
    told = json.loads(path.read_text(encoding="utf-8"))
    cells = np.array(told["table"])
    one, two = (np.repeat(axis.ravel(), cells.ravel()) for axis in np.indices(cells.shape))
    table = code_agreement(pd.DataFrame({"A": one, "B": two}), draws=2).set_index("measure")
    case = next(case for case in told["cases"] if case["measure"] == "AC1")
    assert table.loc["AC1", "estimate"] == pytest.approx(case["coefficient"], abs=5e-6)
    assert table.loc["percent", "estimate"] == pytest.approx(case["pa"], abs=1e-12)


@real
def test_the_overlap_of_a_handmade_workbook() -> None:
    """Frattini's notebook of agreement: 98 of 117 = 83.76 %, mean kappa .7178, mean S .8230.

    Nine statements in thirteen columns, an empty cell a category of its own. Its kappas leave out
    the pairs in which a code is not in the list (a space behind it); its S and percentage keep
    them. Statement 1 was for practice.
    """
    folder = REAL / "frattini-relf"
    columns = json.loads((folder / "columns.json").read_text(encoding="utf-8"))[1:]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheets = pd.read_excel(
            folder / "interview-data.xlsx", ["Data", "Overlap"], dtype=str, keep_default_na=False
        )
    ids = [10, 27, 50, 58, 63, 69, 86, 92, 96]
    first, second = (
        sheet.set_index("ID").loc[[str(each) for each in ids]] for sheet in sheets.values()
    )
    percents, kappas, scores = [], [], []
    for column in columns:
        name, codes = column["name"], [*column["codes"], ""]
        both = pd.DataFrame({"A": first[name], "B": second[name]})
        listed = both[both.isin(codes).all(axis=1)]
        kappas.append(agreement_of_two(listed["A"], listed["B"], categories=codes)["estimate"][0])
        wide = [*codes, *sorted(set(both.to_numpy().ravel()) - set(codes))]
        table = code_agreement(both, categories=wide, draws=2).set_index("measure")["estimate"]
        percents.append(table["percent"])
        scores.append((table["percent"] - 1 / len(codes)) / (1 - 1 / len(codes)))
        if set(wide) == set(codes):
            assert table["Brennan-Prediger"] == pytest.approx(scores[-1])
    assert round(sum(percents) * len(ids)) == 98 and len(percents) * len(ids) == 117
    assert np.mean(percents) == pytest.approx(0.8376, abs=5e-5)
    assert np.mean(kappas) == pytest.approx(0.7178, abs=5e-5)
    assert np.mean(scores) == pytest.approx(0.8230, abs=5e-5)


def test_nvivo_counts_characters() -> None:
    """Its manual: 1,000 characters, 50 coded by both, 150 by one, 800 by neither: 85 %."""
    rows = frame(("i", "A", "x", 0, 100), ("i", "B", "x", 50, 200))
    row = character_agreement(rows, {"i": 1000}, "A", "B").iloc[0]
    assert row[["both", "only_one", "only_two", "neither"]].tolist() == [50, 50, 100, 800]
    assert row["percent"] == pytest.approx(0.85)
    expected = (100 * 150 + 900 * 850) / 1000
    assert row["kappa"] == pytest.approx((850 - expected) / (1000 - expected))


def test_by_characters_each_conversation_and_all_together() -> None:
    segments, lengths = random_coding("nvivo", coders=2, size=500)
    table = character_agreement(segments, lengths, "c0", "c1").set_index(["code", "conversation"])
    for (code, name), row in table.iterrows():
        which = list(lengths) if name == "all" else [name]
        marked = {coder: np.zeros((len(which), 500), dtype=bool) for coder in ("c0", "c1")}
        mine = segments[(segments["code"] == code) & segments["conversation"].isin(which)]
        for each in mine.itertuples():
            marked[each.coder][which.index(each.conversation), each.start : each.end] = True
        one, two = (each.ravel() for each in marked.values())
        kappa = agreement_of_two(one, two)["estimate"].item()
        assert row["kappa"] == pytest.approx(kappa, abs=1e-12, nan_ok=True)
        assert row["both"] == (one & two).sum() and row["neither"] == (~one & ~two).sum()


def test_where_neither_coded_there_is_no_kappa_of_one() -> None:
    rows = frame(("i", "A", "x", 0, 5), ("i", "B", "x", 0, 5))
    table = character_agreement(rows, {"i": 9, "j": 9}, "A", "B").set_index("conversation")
    assert table.loc["i", "kappa"] == 1
    assert np.isnan(table.loc["j", "kappa"]) and table.loc["j", "note"] == NO_VARIATION


def test_maxqda_counts_the_passages_of_both() -> None:
    rows = frame(
        ("i", "A", "x", 0, 100), ("i", "B", "x", 5, 100),     # 95 of 100 shared
        ("i", "A", "y", 0, 100), ("i", "B", "y", 20, 100),    # 80 of 100
        ("i", "A", "z", 200, 210), ("j", "B", "z", 200, 210),  # other conversations
        ("i", "A", "w", 0, 5),
    )  # fmt: skip
    table = segment_agreement(rows, "A", "B").set_index("code")
    assert table["agree"].to_dict() == {"w": 0, "x": 2, "y": 0, "z": 0, "all": 2}
    assert table.loc["y", ["only_one", "only_two"]].tolist() == [1, 1]
    assert table.loc["all", "percent"] == pytest.approx(2 / 7)
    assert table.loc["all", "kappa"] == pytest.approx((2 / 7 - 1 / 4) / (3 / 4))
    lower = segment_agreement(rows, "A", "B", least=0.8).set_index("code")
    assert lower.loc["y", "agree"] == 2


def test_disagreements_show_both_places_and_what_the_other_did() -> None:
    rows = frame(
        ("i", "A", "x", 0, 10), ("i", "B", "x", 0, 10),
        ("i", "A", "x", 20, 30), ("i", "B", "x", 25, 40),
        ("i", "A", "y", 50, 60), ("i", "B", "z", 55, 65),
        ("j", "B", "x", 3, 9), ("j", "C", "x", 3, 9),
    )  # fmt: skip
    table = disagreements(rows, "A", "B")
    told = table[["conversation", "code", "coder", "start", "other", "other_code", "kind"]]
    assert told.fillna("").to_numpy().tolist() == [
        ["i", "x", "A", 20, "B", "x", "other borders"],
        ["i", "y", "A", 50, "B", "z", "other code"],
        ["i", "z", "B", 55, "A", "y", "other code"],
        ["j", "x", "B", 3, "A", "", "not marked"],
    ]
    assert table["shared"].tolist() == pytest.approx([5 / 20, 5 / 15, 5 / 15, 0])
    assert disagreements(rows, "A", "B", least=0.2)["kind"].tolist()[0] == "other code"


def test_those_who_agree_wholly_have_nothing_to_talk_about() -> None:
    rows = frame(("i", "A", "x", 0, 10), ("i", "B", "x", 0, 10))
    table = disagreements(rows, "A", "B")
    assert table.empty and "other_start" in table


@pytest.mark.parametrize("count", [segment_agreement, disagreements])
def test_a_coder_beside_themselves_is_refused(count) -> None:  # noqa: ANN001
    with pytest.raises(LostudyError, match="two coders"):
        count(frame(("i", "A", "x", 0, 10)), "A", "A")


def test_every_measure_stands_for_every_code() -> None:
    segments, lengths = random_coding("all measures")
    inside = segments.assign(end=segments["end"].clip(upper=400))
    table = agreement_by_code(inside, lengths, draws=5)
    assert table["measure"].tolist() == [*MEASURES] * 3


def test_no_conversations_at_all_is_said() -> None:
    units = pd.DataFrame({"conversation": [], "start": [], "end": []})
    table = agreement_by_code(frame().astype({"start": int, "end": int}), units, codes=["x"])
    assert (table["note"] == "no unit rated by two coders").all()


@pytest.mark.parametrize("grouped", [False, True])
def test_the_order_of_units_draws_no_other_resamples(grouped: bool) -> None:
    draw = seeded("order of units")
    ratings = pd.DataFrame(draw.integers(0, 3, (40, 2)), columns=["A", "B"])
    where = np.repeat(list("vwxyz"), 8)
    order = draw.permutation(40)
    before, after = (
        code_agreement(ratings.iloc[o], conversation=where[o] if grouped else None, draws=60)
        for o in (np.arange(40), order)
    )
    pd.testing.assert_frame_equal(after, before, rtol=1e-9)
