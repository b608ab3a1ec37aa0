"""Counts of conversations, and the joint display: what they may not tell of anyone."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from disclosure_tables import POLICY, people_of, said

from lostudy.disclosure import Safe, beside, protect, protect_voices
from lostudy.disclosure.voices import band
from lostudy.errors import DisclosureError


def voiced(frame: pd.DataFrame, **change: object) -> Safe:
    """The counts through the door, with as many conversations behind them."""
    policy = POLICY.model_copy(update=change)
    given = frame.get("asked", pd.Series(9, index=frame.index)).astype(int)
    known = frame.assign(asked=given).drop_duplicates("organisation")
    people = people_of(known, ["organisation"], "asked")
    return protect_voices(frame, by=["code", "organisation"], people=people, policy=policy)


def voices(counts: dict[str, tuple[int, int]], **change) -> pd.DataFrame:
    rows = [
        {"code": "X", "organisation": name, "k": k, "asked": asked, "valence": "works"}
        for name, (k, asked) in counts.items()
    ]
    return voiced(pd.DataFrame(rows), **change).table.set_index("organisation")


@pytest.mark.parametrize(
    ("k", "asked", "name"),
    [
        (0, 9, "none"),
        (1, 9, "some"),
        (2, 9, "some"),
        (3, 9, "several"),
        (4, 9, "several"),
        (5, 9, "most"),
        (4, 8, "most"),
        (3, 8, "several"),
        (2, 4, "some"),
        (3, 6, "most"),
    ],
)
def test_bands_of_conversations(k: int, asked: int, name: str) -> None:
    assert band(k, asked) == name


def test_an_organisation_shows_bands_and_never_its_number() -> None:
    table = voices({"A": (4, 9), "B": (3, 7), "all": (7, 16)})
    assert table["band"].tolist() == ["several", "several", "several"]
    assert table.loc[["A", "B"], "k"].isna().all()


def test_a_total_that_leaves_every_organisation_open_is_exact() -> None:
    table = voices({"A": (4, 9), "B": (3, 9), "all": (7, 18)})
    assert table.loc["all", "k"] == 7 and table.loc["all", "n"] == 18
    with_none = voices({"A": (4, 9), "B": (3, 9), "C": (0, 9), "all": (7, 27)})
    assert with_none.loc["all", "k"] == 7, "what the band says by itself is no secret"
    fixed = voices({"A": (4, 9), "B": (4, 9), "all": (8, 18)})
    assert fixed.loc["all", "k"] is pd.NA, "two times at most four makes eight in one way"


def test_with_two_hidden_organisations_the_number_asked_is_open() -> None:
    table = voices({"A": (0, 8), "B": (1, 3), "C": (2, 3), "all": (3, 14)})
    assert table.loc["all", "n"] == 14 and table.loc["all", "k"] is pd.NA


@pytest.mark.parametrize(("asked", "reason"), [(0, "absent"), (4, "protected"), (5, ""), (6, "")])
def test_conversations_have_a_threshold_of_their_own(asked: int, reason: str) -> None:
    table = voices({"A": (min(1, asked), asked)})
    assert table["hidden"].tolist() == [reason]
    if reason:
        assert table[["band", "valence"]].to_numpy().tolist() == [["", ""]]
        assert table["n"].isna().all()


def test_a_total_tells_no_number_of_a_hidden_organisation() -> None:
    table = voices({"A": (0, 8), "B": (0, 8), "C": (2, 3), "all": (2, 19)})
    assert table.loc["all", "k"] is pd.NA
    assert table.loc["all", "n"] is pd.NA, "19 less 8 and 8 is the number of the hidden one"


def test_a_total_that_is_one_organisations_number_is_a_band() -> None:
    table = voices({"A": (1, 9), "B": (0, 9), "all": (1, 18)})
    assert table.loc["all", "k"] is pd.NA and table.loc["all", "band"] == "some"


def test_exact_totals_never_fix_a_number_by_brute_force() -> None:
    asked = {"A": 6, "B": 7, "C": 5}
    for counts in itertools.product(range(6), (0, 1, 3, 5), (0, 1, 2, 4)):
        ks = dict(zip(asked, counts, strict=True))
        rows = {name: (k, asked[name]) for name, k in ks.items()}
        table = voices({**rows, "all": (sum(counts), 18)})
        if table.loc["all", "k"] is pd.NA:
            continue
        fits = [
            guess
            for guess in itertools.product(*(range(size + 1) for size in asked.values()))
            if sum(guess) == sum(counts)
            and all(
                band(k, asked[n]) == table.loc[n, "band"] for n, k in zip(asked, guess, strict=True)
            )
        ]
        for place, name in enumerate(asked):
            if ks[name] > 0:
                alone = sum(band(k, asked[name]) == table.loc[name, "band"] for k in range(7))
                assert alone == 1 or len({guess[place] for guess in fits}) > 1, ks


def test_counts_of_conversations_are_checked() -> None:
    good = pd.DataFrame({"code": ["X"], "organisation": ["A"], "k": [1], "asked": [9]})

    def refused(frame: pd.DataFrame, **change) -> str:
        return said(lambda: voiced(frame, **change))

    assert refused(good.assign(k=10)).startswith("more conversations with a code than were asked")
    assert refused(good.assign(k=-1)).startswith("more conversations with a code than were asked")
    assert refused(good.assign(k=1.0)).startswith("a number of conversations that is not whole")
    assert refused(good.assign(k=True)).startswith("a number of conversations that is not whole")
    assert refused(good.drop(columns="asked")).startswith(
        "a table of conversations without 'asked'"
    )
    assert refused(good.assign(who="E.")).startswith("column 'who' is unknown to protect_voices")
    assert refused(pd.concat([good, good])).startswith("two rows for one group")
    assert refused(good, signed_on=None).startswith("the disclosure policy is not signed")


def survey(sizes: dict[str, int]) -> Safe:
    frame = pd.DataFrame(
        {
            "scale": "S",
            "organisation": list(sizes),
            "estimate": 0.4,
            "low": 0.1,
            "high": 0.7,
            "n": list(sizes.values()),
            "wording": "points_to_rise",
        }
    )
    people = people_of(frame, ["organisation"])
    return protect(frame, by=["scale", "organisation"], people=people, policy=POLICY, kind="change")


def talk(sizes: dict[str, int]) -> Safe:
    frame = pd.DataFrame(
        {
            "code": "X",
            "organisation": list(sizes),
            "k": [min(3, size) for size in sizes.values()],
            "asked": list(sizes.values()),
            "valence": "works",
        }
    )
    return voiced(frame)


def judge(wording: str, band: str, valence: str, *, asked: bool, measured: bool) -> str:
    return "/".join([wording, band, valence, str(asked), str(measured)])


def test_beside_tells_nothing_that_was_hidden_and_why() -> None:
    joint = beside(survey({"A": 40, "B": 6}), talk({"A": 9, "B": 9, "C": 3}), {"X": "S"}, judge)
    table = joint.table.set_index("organisation")
    assert table["verdict"].tolist() == [
        "points_to_rise/several/works/True/True",
        "/several/works/True/False",
        "///False/False",
    ]
    assert table["survey_hidden"].tolist() == ["", "protected", "absent"]
    assert table["voices_hidden"].tolist() == ["", "", "protected"]
    assert table.loc[["B", "C"], ["estimate", "low", "high", "n"]].isna().all(axis=None)


def test_beside_takes_protected_tables_only() -> None:
    with pytest.raises(DisclosureError, match="was not protected"):
        beside(survey({"A": 40}).table, talk({"A": 9}), {"X": "S"}, judge)  # type: ignore[arg-type]


@pytest.mark.parametrize(("k", "said_so"), [(2, ""), (3, "works")])
def test_what_one_or_two_conversations_say_is_not_told(k: int, said_so: str) -> None:
    table = voices({"A": (k, 9), "B": (k, 9), "all": (2 * k, 18)})
    assert table["valence"].tolist() == [said_so, said_so, "works"]


def test_conversations_are_counted_and_not_passages() -> None:
    frame = pd.DataFrame({"code": ["X"], "organisation": ["A"], "k": [3], "asked": [9]})
    people = pd.DataFrame({"organisation": "A", "person": ["c1"] * 9})
    call = {"by": ["code", "organisation"], "people": people, "policy": POLICY}
    assert said(lambda: protect_voices(frame, **call)).startswith(
        "more conversations with a code than conversations"
    )
    few = protect_voices(frame.assign(k=1), **call).table
    assert few["hidden"].tolist() == ["protected"], "nine passages of one conversation are one"
