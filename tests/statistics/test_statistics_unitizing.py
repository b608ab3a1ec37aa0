"""Alpha for freely marked text: numbers of others, identities with the alpha of units, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.agreement import NO_PAIRS, NO_VARIATION
from lostudy.statistics.unitizing import boundary_alpha, merged, unitizing_alpha

krippendorff = pytest.importorskip("krippendorff")

DANNA = [
    ("Alex", "1", 2, 5), ("Alex", "1", 9, 11), ("Alex", "2", 12, 20), ("Paul", "1", 2, 5),
    ("Paul", "2", 7, 15), ("Susan", "1", 2, 5), ("Susan", "2", 10, 15),
]  # fmt: skip
PUBLISHED = {
    ("u-alpha", ""): (0.474, None),
    ("|u-alpha", ""): (0.433, None),
    ("cu-alpha", ""): (0.779, 0.3833),
    ("(k)u-alpha", "1"): (0.769, 0.9545),
    ("(k)u-alpha", "2"): (0.787, 0.5952),
}


def marked(rows: list, conversation: str = "i") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["coder", "code", "start", "end"])
    return frame.assign(conversation=conversation)


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_family_is_that_of_an_implementation_of_the_paper(key: tuple[str, str]) -> None:
    """L. Danna, unitized_alpha (GitHub), its example and the numbers of its page."""
    table = unitizing_alpha(marked(DANNA), {"i": 20}).set_index(["measure", "code"])
    value, coverage = PUBLISHED[key]
    assert table.loc[key, "estimate"] == pytest.approx(value, abs=5e-4)
    if coverage is not None:
        assert table.loc[key, "coverage"] == pytest.approx(coverage, abs=5e-5)


def single_characters(draw: np.random.Generator, coders: int, length: int) -> np.ndarray:
    """A code per coder and character, 0 for none: each character a passage of its own."""
    return draw.integers(0, 4, (coders, length))


def passages(values: np.ndarray) -> pd.DataFrame:
    rows = [
        (f"c{coder}", str(value), at, at + 1)
        for coder, row in enumerate(values)
        for at, value in enumerate(row)
        if value
    ]
    return marked(rows)


@pytest.mark.parametrize("coders", [2, 3, 5])
def test_passages_of_one_character_are_the_alpha_of_units(coders: int) -> None:
    values = single_characters(seeded(f"units {coders}"), coders, 60)
    ours = unitizing_alpha(passages(values), {"i": 60}).set_index("measure")["estimate"]
    theirs = krippendorff.alpha(values.astype(float), level_of_measurement="nominal")
    assert ours["u-alpha"] == pytest.approx(theirs, abs=1e-12)
    binary = krippendorff.alpha((values > 0).astype(float), level_of_measurement="nominal")
    assert ours["|u-alpha"] == pytest.approx(binary, abs=1e-12)


def test_codes_where_both_marked_are_the_alpha_of_those_characters() -> None:
    values = single_characters(seeded("coded"), 2, 80)
    ours = unitizing_alpha(passages(values), {"i": 80}).set_index("measure")["estimate"]
    both = values[:, (values > 0).all(axis=0)].astype(float)
    theirs = krippendorff.alpha(both, level_of_measurement="nominal")
    assert ours["cu-alpha"] == pytest.approx(theirs, abs=1e-12)


def by_character(frame: pd.DataFrame, length: int) -> float:
    """u-alpha of two coders as the paper writes it, character by character."""
    codes = {"": 0, **{code: k + 1 for k, code in enumerate(sorted(frame["code"].unique()))}}
    values = np.zeros((2, length), dtype=int)
    square = np.zeros(len(codes))
    for _, row in frame.iterrows():
        values[["A", "B"].index(row["coder"]), row["start"] : row["end"]] = codes[row["code"]]
        square[codes[row["code"]]] += (row["end"] - row["start"]) ** 2
    square[0] = (values == 0).sum()
    margin = np.array([(values == k).sum() for k in codes.values()], dtype=float)
    apart = 2 * (values[0] != values[1]).sum()
    total = 2.0 * length
    chance = total * (total**2 - (margin**2).sum()) / (total**2 - square.sum())
    return 1 - apart / chance


spans = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.sampled_from("xy")), max_size=6)


@settings(max_examples=60, deadline=None)
@given(spans, spans)
def test_stretches_are_the_same_as_counting_characters(one: list, two: list) -> None:
    rows = []
    for coder, each in (("A", one), ("B", two)):
        at = 0
        for gap, long, code in each:
            rows.append((coder, code, at + gap, at + gap + long))
            at += gap + long
    frame = marked(rows)
    ours = unitizing_alpha(frame, {"i": 100}, ["A", "B"]).iloc[0]
    if not rows:
        assert np.isnan(ours["estimate"]) and ours["note"] == NO_VARIATION
    else:
        assert ours["estimate"] == pytest.approx(by_character(frame, 100), abs=1e-12)


def test_text_that_nobody_marked_counts_as_agreement_about_gaps() -> None:
    short = unitizing_alpha(marked(DANNA), {"i": 20})["estimate"][1]
    long = unitizing_alpha(marked(DANNA), {"i": 20, "j": 200}, ["Alex", "Paul", "Susan"])
    assert long["estimate"][1] > short
    coding = long["estimate"][2]
    assert coding == pytest.approx(unitizing_alpha(marked(DANNA), {"i": 20})["estimate"][2])


def test_conversations_are_laid_end_to_end() -> None:
    apart = pd.concat([marked(DANNA), marked(DANNA, "j")])
    shifted = marked(DANNA).assign(start=lambda f: f["start"] + 20, end=lambda f: f["end"] + 20)
    one = unitizing_alpha(pd.concat([marked(DANNA), shifted]), {"i": 40})
    two = unitizing_alpha(apart, {"i": 20, "j": 20})
    assert two["estimate"].tolist() == pytest.approx(one["estimate"].tolist(), abs=1e-12)


def test_row_order_does_not_matter() -> None:
    frame = marked(DANNA)
    expected = unitizing_alpha(frame, {"i": 20})
    pd.testing.assert_frame_equal(unitizing_alpha(frame[::-1], {"i": 20}), expected)


def test_the_same_marks_agree_wholly_and_one_code_alone_has_no_coding_to_judge() -> None:
    rows = [(coder, "trust", 3, 9) for coder in "AB"]
    table = unitizing_alpha(marked(rows), {"i": 30})
    assert table["estimate"].tolist()[:2] == pytest.approx([1.0, 1.0])
    assert table["estimate"][2:].isna().all()
    assert (table["note"][2:] == NO_VARIATION).all()


def test_one_coder_is_no_agreement() -> None:
    table = unitizing_alpha(marked([("A", "x", 0, 5)]), {"i": 9})
    assert table["note"].tolist() == [NO_PAIRS]
    assert boundary_alpha(marked([("A", "x", 0, 5)]), {"i": 9})["note"].tolist() == [NO_PAIRS]


def test_a_coder_who_marked_nothing_counts_where_named() -> None:
    rows = [("A", "x", 0, 5), ("B", "x", 0, 5)]
    two = boundary_alpha(marked(rows), {"i": 50})["estimate"].item()
    three = boundary_alpha(marked(rows), {"i": 50}, ["A", "B", "C"])["estimate"].item()
    assert two == pytest.approx(1.0)
    assert three < 0.6


def test_a_code_by_itself_is_the_binary_alpha_of_its_passages() -> None:
    only = [row for row in DANNA if row[1] == "1"]
    table = boundary_alpha(marked(DANNA), {"i": 20}, ["Alex", "Paul", "Susan"])
    expected = unitizing_alpha(marked(only), {"i": 20})["estimate"][1]
    assert table.set_index("code")["estimate"]["1"] == pytest.approx(expected)


BROKEN = {
    "overlap": ([("A", "x", 0, 5), ("A", "y", 4, 8), ("B", "x", 0, 5)], None, "boundary_alpha"),
    "beyond": ([("A", "x", 0, 25)], None, "reach beyond"),
    "before": ([("A", "x", -1, 5)], None, "reach beyond"),
    "empty": ([("A", "x", 5, 5)], None, "empty"),
    "coder": ([("A", "x", 0, 5)], ["B", "C"], "not in coders"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_judged_is_refused(what: str) -> None:
    rows, coders, says = BROKEN[what]
    with pytest.raises(LostudyError, match=says):
        unitizing_alpha(marked(rows), {"i": 20}, coders)


def test_a_conversation_without_a_length_is_refused() -> None:
    with pytest.raises(LostudyError, match="without a length"):
        unitizing_alpha(marked(DANNA), {"j": 20})


def test_overlaps_of_one_code_are_joined_for_its_boundaries() -> None:
    rows = [("A", "x", 0, 6), ("A", "x", 4, 9), ("B", "x", 0, 9)]
    assert boundary_alpha(marked(rows), {"i": 20})["estimate"].item() == pytest.approx(1.0)
    assert len(merged(marked([*rows, ("A", "y", 2, 3)]))) == 3
