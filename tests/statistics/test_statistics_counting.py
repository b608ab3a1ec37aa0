"""Counting conversations, codes that come together, and saturation."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import distance
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.conversations import conversations_with
from lostudy.statistics.new_information import saturation, saturation_point
from lostudy.statistics.together import ALONE, RELATED, co_occurrence

CONVERSATIONS = """
conversation organisation role
i1 A staff
i2 A leader
i3 B staff
i4 B staff
i5 C leader
"""
SAID = """
conversation code
i1 trust
i1 trust
i1 feedback
i2 trust
i3 feedback
i5 fear
"""
ASKED = """
conversation code
i1 trust
i2 trust
i3 trust
i1 fear
i2 fear
i3 fear
i4 fear
i1 learning
i3 learning
i4 learning
"""
COUNTS = """
code organisation k asked unasked conversations status
trust A 2 2 0 2 said
trust B 0 1 0 2 silence
trust C 0 0 0 1 not_asked
fear A 0 2 0 2 silence
fear B 0 2 0 2 silence
fear C 0 0 1 1 not_asked
learning A 1 1 0 2 said
learning B 1 2 0 2 said
learning C 0 0 0 1 not_asked
"""
PARENTS = {"feedback": "learning", "trust": "", "fear": None}


def table(text: str) -> pd.DataFrame:
    head, *rows = (line.split() for line in text.strip().splitlines())
    return pd.DataFrame(rows, columns=head)


def counted(**more: object) -> pd.DataFrame:
    options = {"codes": ["trust", "fear", "learning"], "by": "organisation",
               "asked": table(ASKED), "parents": PARENTS, **more}  # fmt: skip
    return conversations_with(table(SAID), table(CONVERSATIONS), **options)


def test_silence_is_told_from_not_asked_and_unasked_from_silence() -> None:
    pd.testing.assert_frame_equal(counted().astype(str), table(COUNTS).astype(str))


def test_a_person_who_says_it_nine_times_is_one_person() -> None:
    often = pd.concat([table(SAID)] * 9)
    again = conversations_with(often, table(CONVERSATIONS), by="organisation")
    pd.testing.assert_frame_equal(
        again, conversations_with(table(SAID), table(CONVERSATIONS), by="organisation")
    )


def test_several_groupings_and_none() -> None:
    by_role = counted(by=["organisation", "role"])
    assert by_role[["k", "asked", "conversations"]].sum().tolist() == [4, 10, 15]
    whole = counted(by=None)
    assert whole["k"].tolist() == [2, 0, 2] and whole["asked"].tolist() == [3, 4, 3]


def test_circles_and_double_conversations_are_refused() -> None:
    with pytest.raises(LostudyError, match="above itself"):
        counted(parents={"trust": "fear", "fear": "trust"})
    twice = pd.concat([table(CONVERSATIONS)] * 2)
    with pytest.raises(LostudyError, match="twice"):
        conversations_with(table(SAID), twice)


def coded(words: str, conversations: int = 12, codes: str = "abcd", each: int = 8) -> pd.DataFrame:
    draw = seeded(words)
    count = conversations * each
    start = draw.integers(0, 200, count)
    return pd.DataFrame({
        "conversation": [f"i{i}" for i in draw.integers(0, conversations, count)],
        "code": draw.choice(list(codes), count),
        "start": start, "end": start + draw.integers(1, 40, count),
    })  # fmt: skip


def slowly(segments: pd.DataFrame, window: str | int) -> dict[tuple, tuple[int, int, int]]:
    """Each pair of passages compared with each other."""
    codes = sorted(segments["code"].unique())
    has = {code: set(segments.loc[segments["code"] == code, "conversation"]) for code in codes}
    both: dict[tuple, set] = {pair: set() for pair in combinations(codes, 2)}
    for name, rows in segments.groupby("conversation"):
        for (_, one), (_, two) in combinations(rows.iterrows(), 2):
            gap = max(one["start"], two["start"]) - min(one["end"], two["end"])
            near = {
                "overlap": gap < 0, "conversation": True,
                "segment": (one["start"], one["end"]) == (two["start"], two["end"]),
            }.get(window, gap <= (window if isinstance(window, int) else 0))  # fmt: skip
            if near and one["code"] != two["code"]:
                both[tuple(sorted([one["code"], two["code"]]))].add(name)
    return {pair: (len(has[pair[0]]), len(has[pair[1]]), len(both[pair])) for pair in both}


@pytest.mark.parametrize("window", ["segment", "overlap", "conversation", 0, 1, 25])
def test_counts_are_those_of_comparing_each_pair_of_passages(window: str | int) -> None:
    segments = coded("pairs")
    if window == "segment":
        segments[["start", "end"]] = segments[["start", "end"]] // 60 * 60
        segments["end"] += 60
    found = co_occurrence(segments, window, draws=2).set_index(["one", "two"])
    expected = slowly(segments, window)
    for pair, counts in expected.items():
        assert tuple(found.loc[pair, ["n_one", "n_two", "n_both"]]) == counts, pair
    assert found["n_both"].sum() > 0


def test_jaccard_is_that_of_scipy_and_lift_one_where_independent() -> None:
    segments = coded("scipy", codes="abc")
    names = [f"i{i}" for i in range(15)]
    found = co_occurrence(segments, "conversation", names, draws=2).set_index(["one", "two"])
    has = {code: [((segments["conversation"] == name) & (segments["code"] == code)).any()
                  for name in names] for code in "abc"}  # fmt: skip
    for one, two in combinations("abc", 2):
        row = found.loc[(one, two)]
        assert row["jaccard"] == pytest.approx(1 - distance.jaccard(has[one], has[two]))
        rate = np.mean(has[one]) * np.mean(has[two])
        assert row["lift"] == pytest.approx(np.mean(np.logical_and(has[one], has[two])) / rate)
    crossed = [(name, code) for i, name in enumerate(names[:12]) for code in "ab"
               if (i % 2 if code == "a" else i % 3 == 0)]  # fmt: skip
    rows = pd.DataFrame(crossed, columns=["conversation", "code"]).assign(start=0, end=9)
    assert co_occurrence(rows, "conversation", names[:12], draws=2)["lift"].item() == 1.0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_a_wider_window_never_finds_less(seed: int) -> None:
    segments = coded(f"wider {seed}", conversations=4, codes="abc", each=5)
    n = [co_occurrence(segments, w, draws=2)["n_both"] for w in ("overlap", 0, 5, "conversation")]
    assert all((narrow <= wide).all() for narrow, wide in zip(n, n[1:], strict=False))


def test_pairs_that_come_together_by_how_was_coded_have_no_estimate() -> None:
    segments = coded("related", codes="abc").assign(coder="A")
    segments.loc[segments["code"] != "c", "coder"] = np.resize(["A", "B"], len(segments))[
        (segments["code"] != "c").to_numpy()
    ]
    found = co_occurrence(segments, parents={"a": "b"}, draws=50).set_index(["one", "two"])
    assert found["note"].to_dict() == {("a", "b"): RELATED, ("a", "c"): ALONE, ("b", "c"): ALONE}
    assert found[["jaccard", "jaccard_low", "lift", "lift_high"]].isna().all(axis=None)
    assert (found["n_both"] >= 0).all()


def test_intervals_resample_conversations() -> None:
    """Beside a plain bootstrap with another generator: ends within what 4,000 draws allow."""
    segments = coded("interval", conversations=30, codes="ab", each=3)
    names = [f"i{i}" for i in range(30)]
    row = co_occurrence(segments, "conversation", names, draws=4000).iloc[0]
    has = np.array([[((segments["conversation"] == name) & (segments["code"] == code)).any()
                     for code in "ab"] for name in names])  # fmt: skip
    draw, values = seeded("plain bootstrap"), []
    for _ in range(4000):
        mine = has[draw.integers(0, 30, 30)]
        values.append(mine.all(axis=1).sum() / mine.any(axis=1).sum())
    low, high = np.quantile(values, [0.025, 0.975])
    assert row["jaccard_low"] == pytest.approx(low, abs=0.03)
    assert row["jaccard_high"] == pytest.approx(high, abs=0.03)


def test_a_code_that_nobody_used_has_no_ratio() -> None:
    found = co_occurrence(coded("unused", codes="ab"), codes=["a", "b", "z"], draws=20)
    never = found[found["two"] == "z"]
    assert never["lift"].isna().all() and (never["n_both"] == 0).all()
    assert (never["jaccard"] == 0).all()


def test_one_conversation_has_no_interval() -> None:
    rows = coded("single", conversations=1, codes="ab")
    assert np.isnan(co_occurrence(rows)["jaccard_low"].item())


def test_unknown_windows_and_conversations_are_refused() -> None:
    with pytest.raises(LostudyError, match="window 'near'"):
        co_occurrence(coded("broken"), "near")
    with pytest.raises(LostudyError, match="unknown conversation"):
        co_occurrence(coded("broken"), conversations=["i1"])


def test_saturation_by_hand() -> None:
    """Four conversations give ten codes; the fifth one more, the sixth none, the seventh none."""
    new = {1: "abcd", 2: "efg", 3: "hi", 4: "j", 5: "ak", 6: "ab", 7: "cd", 8: "a"}
    rows = pd.DataFrame([(name, code) for name, codes in new.items() for code in codes],
                        columns=["conversation", "code"])  # fmt: skip
    found = saturation(rows, orders=0).set_index("conversations")
    assert found["estimate"].tolist() == pytest.approx([1 / 10, 0, 0])
    assert found["codes"].tolist() == [10, 11, 11] and found["reached"].tolist() == [0, 1, 1]
    assert saturation_point(rows, orders=0)["estimate"].item() == 5
    assert saturation_point(rows, orders=0, threshold=0.1)["estimate"].item() == 4


@pytest.mark.parametrize("conversations", [5, 6])
def test_codes_heard_over_all_orders_are_the_exact_accumulation(conversations: int) -> None:
    """Expected codes in n of M conversations: sum of 1 - C(M - k, n) / C(M, n)."""
    segments = coded(f"mao {conversations}", conversations, "abcdefgh", 3)
    names = [f"i{i}" for i in range(conversations)]
    found = saturation(segments, names, base=1, run=1)
    held = segments.groupby("code")["conversation"].nunique()
    for _, row in found.iterrows():
        n = int(row["conversations"])
        exact = sum(1 - comb(conversations - k, n) / comb(conversations, n) for k in held)
        assert row["codes"] == pytest.approx(exact, abs=1e-12)


def test_random_orders_come_near_the_exact_accumulation() -> None:
    segments = coded("many", 30, "abcdefghijkl", 2)
    names = [f"i{i}" for i in range(30)]
    found = saturation(segments, names, orders=3000).set_index("conversations")
    held = segments.groupby("code")["conversation"].nunique()
    for n in (4, 10, 20):
        exact = sum(1 - comb(30 - k, n) / comb(30, n) for k in held)
        assert found.loc[n, "codes"] == pytest.approx(exact, abs=0.1)


def test_saturation_never_reached_is_said() -> None:
    rows = pd.DataFrame({"conversation": range(9), "code": list("abcdefghi")})
    row = saturation_point(rows).iloc[0]
    assert np.isnan(row["estimate"]) and row["note"] == "not reached in 100% of the orders"
    assert (saturation(rows)["reached"] == 0).all()


def test_too_few_conversations_and_no_codes_are_said() -> None:
    rows = pd.DataFrame({"conversation": [1, 2], "code": ["a", "b"]})
    assert saturation(rows)["note"].item() == "fewer than 6 conversations"
    none = saturation(rows.iloc[:0], conversations=range(8))
    assert none["note"].tolist() == ["no codes"]


def test_a_base_without_codes_is_said_and_gives_no_infinite_share() -> None:
    rows = pd.DataFrame({"conversation": [1, 2], "code": ["a", "b"]})
    found = saturation(rows, conversations=range(1, 9), base=1, run=1, orders=200)
    assert np.isfinite(found["estimate"]).all()
    assert found["note"].str.startswith("no codes in the base in").all()
    quiet = saturation(rows[::-1], conversations=[3, 4, 5, 1, 2], base=1, run=1, orders=0)
    assert (quiet["reached"] == 0).all(), "silence at the start is no saturation"


def test_a_run_of_nobody_is_refused() -> None:
    with pytest.raises(LostudyError, match="no conversations"):
        saturation(pd.DataFrame({"conversation": [1], "code": ["a"]}), base=0)


@pytest.mark.parametrize("window", [-1, True, 2.5, "near"])
def test_a_window_that_does_not_exist_is_refused(window: object) -> None:
    said = pd.DataFrame({"conversation": ["i", "i"], "code": list("ab"), "start": [0, 3],
                         "end": [9, 5]})
    with pytest.raises(LostudyError, match="does not exist"):
        co_occurrence(said, window)


def test_passages_of_a_conversation_that_is_not_listed_are_refused() -> None:
    said = pd.DataFrame({"conversation": ["i", "q"], "code": ["a", "a"]})
    with pytest.raises(LostudyError, match="1 passages of an unknown conversation"):
        conversations_with(said, pd.DataFrame({"conversation": ["i"]}))
