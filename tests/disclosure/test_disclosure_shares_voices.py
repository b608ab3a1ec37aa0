"""Shares of answers and counts of conversations: what they may not tell."""

from __future__ import annotations

import datetime as dt
import itertools

import pandas as pd
import pytest

from lostudy.disclosure import Safe, beside, protect, protect_shares, protect_voices
from lostudy.disclosure.voices import band
from lostudy.errors import DisclosureError
from lostudy.study import Disclosure

POLICY = Disclosure(signed_by="Somebody", signed_on=dt.date(2025, 1, 6))
FIVE = [1, 2, 3, 4, 5]


def answers(groups: dict[str, list[int]], values: list[int] = FIVE) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"organisation": name, "value": value, "count": count}
            for name, counts in groups.items()
            for value, count in zip(values, counts, strict=True)
        ]
    )


def shares(groups: dict[str, list[int]], values: list[int] = FIVE, **change) -> pd.DataFrame:
    policy = POLICY.model_copy(update=change)
    frame = answers(groups, values)
    return protect_shares(frame, by=["organisation"], values=values, policy=policy).table


def said(call) -> str:
    with pytest.raises(DisclosureError) as caught:
        call()
    return str(caught.value)


def test_shares_add_up_and_n_is_rounded() -> None:
    table = shares({"A": [10, 20, 12, 13, 7]})
    assert table["category"].tolist() == ["1", "2", "3", "4", "5"]
    assert table["share"].tolist() == [0.16, 0.32, 0.19, 0.21, 0.11]
    assert set(table["n"]) == {60}


def test_from_a_hundred_persons_shares_have_a_decimal() -> None:
    assert shares({"A": [20, 20, 20, 20, 17]})["share"].tolist()[0] == 0.21
    assert shares({"A": [20, 20, 20, 20, 23]})["share"].tolist()[0] == 0.194
    assert shares({"A": [21, 20, 20, 20, 20]})["share"].tolist()[0] == 0.208


@pytest.mark.parametrize(("least", "categories"), [(5, 5), (4, 3)])
def test_a_small_category_joins_the_whole_table_to_three(least: int, categories: int) -> None:
    table = shares({"A": [least, 10, 10, 10, 10], "B": [10, 10, 10, 10, 10]})
    assert table.groupby("organisation")["category"].nunique().tolist() == [categories] * 2


def test_joined_categories_keep_their_sums() -> None:
    table = shares({"A": [1, 19, 10, 15, 5]})
    assert dict(zip(table["category"], table["share"], strict=True)) == {
        "low": 0.4,
        "middle": 0.2,
        "high": 0.4,
    }


def test_an_even_number_of_answers_has_no_middle() -> None:
    table = shares({"A": [1, 19, 15, 5]}, [1, 2, 3, 4])
    assert table["category"].tolist() == ["low", "high"]


def test_three_answers_are_not_joined() -> None:
    assert shares({"A": [2, 30, 30]}, [1, 2, 3])["category"].tolist() == ["1", "2", "3"]


def test_a_group_under_the_threshold_does_not_decide_for_the_others() -> None:
    table = shares({"A": [10, 10, 10, 10, 10], "B": [1, 1, 1, 1, 1]})
    assert table.loc[table["organisation"] == "A", "category"].tolist() == ["1", "2", "3", "4", "5"]
    assert table.loc[table["organisation"] == "B", "hidden"].tolist() == ["few"]


@pytest.mark.parametrize(("n", "categories"), [(9, 5), (10, 3)])
def test_a_group_at_the_threshold_decides_with_the_others(n: int, categories: int) -> None:
    table = shares({"A": [10, 10, 10, 10, 10], "B": [n - 4, 1, 1, 1, 1]})
    assert table.loc[table["organisation"] == "A", "category"].nunique() == categories


@pytest.mark.parametrize(("n", "reason"), [(0, "absent"), (9, "few"), (10, "")])
def test_the_threshold_counts_who_answered(n: int, reason: str) -> None:
    table = shares({"A": [n - n // 2, n // 2]}, [0, 1])
    assert table["hidden"].unique().tolist() == [reason]


@pytest.mark.parametrize("n", [10, 29, 30, 500])
def test_nobody_learns_what_everyone_answered(n: int) -> None:
    table = shares({"A": [n, 0]}, [0, 1])
    assert table["hidden"].tolist() == ["uniform"]
    assert table[["share", "n"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([18, 2], "uniform"),  # 90 % of 20
        ([17, 3], ""),  # 85 % of 20
        ([27, 3], ""),  # 90 % of 30: a group of 30 is large enough
        ([26, 3], ""),  # 89.7 % of 29
        ([9, 1], "uniform"),
        ([10, 0, 10], "uniform"),  # an answer that nobody of a small group gave
        ([15, 0, 15], ""),
    ],
)
def test_nearly_everyone_in_a_small_group(counts: list[int], reason: str) -> None:
    table = shares({"A": counts}, list(range(len(counts))))
    assert table["hidden"].unique().tolist() == [reason]


def test_the_limits_of_a_group_are_the_policys() -> None:
    assert shares({"A": [18, 2]}, [0, 1], group_share=0.91)["hidden"].tolist() == ["", ""]
    assert shares({"A": [18, 2]}, [0, 1], group_size=20)["hidden"].tolist() == ["", ""]
    assert shares({"A": [18, 2]}, [0, 1], group_size=21)["hidden"].tolist() == ["uniform"]


def protect_it(frame: pd.DataFrame, values: list[int] = FIVE, **change) -> Safe:
    policy = POLICY.model_copy(update=change)
    return protect_shares(frame, by=["organisation"], values=values, policy=policy)


def test_answers_outside_the_values_are_refused_and_not_dropped() -> None:
    frame = answers({"A": [10, 10, 10, 10, 10]})
    assert said(lambda: protect_it(frame, [1, 2, 3, 4])) == (
        "answers that are not among the values. To do: name every answer in values, or recode it"
    )


def test_a_total_among_groups_of_answers_is_refused() -> None:
    frame = answers({"A": [10] * 5, "all": [20] * 5})
    assert said(lambda: protect_it(frame)).startswith("a total over 'organisation'")


@pytest.mark.parametrize("count", [10.0, -1, True, float("nan")])
def test_answers_are_counted_in_whole_persons(count: object) -> None:
    frame = answers({"A": [10] * 5}).assign(count=pd.Series([count] * 5))
    assert said(lambda: protect_it(frame)).startswith("a number of persons that is negative")


def test_answers_need_their_columns_and_a_signed_policy() -> None:
    frame = answers({"A": [10] * 5})
    assert said(lambda: protect_it(frame.drop(columns="count"))).startswith(
        "a table of answers without count"
    )
    assert said(lambda: protect_it(frame, signed_by="")).startswith("the disclosure policy")
    assert said(lambda: protect_it(pd.concat([frame, frame]))).startswith("two rows for one group")


def voices(counts: dict[str, tuple[int, int]], **change) -> pd.DataFrame:
    rows = [
        {"code": "X", "organisation": name, "k": k, "asked": asked, "valence": "works"}
        for name, (k, asked) in counts.items()
    ]
    policy = POLICY.model_copy(update=change)
    safe = protect_voices(pd.DataFrame(rows), by=["code", "organisation"], policy=policy)
    return safe.table.set_index("organisation")


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


@pytest.mark.parametrize(("asked", "reason"), [(0, "absent"), (4, "few"), (5, ""), (6, "")])
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
        policy = POLICY.model_copy(update=change)
        return said(lambda: protect_voices(frame, by=["code", "organisation"], policy=policy))

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
    return protect(frame, by=["scale", "organisation"], policy=POLICY, kind="change")


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
    return protect_voices(frame, by=["code", "organisation"], policy=POLICY)


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
    assert table["survey_hidden"].tolist() == ["", "few", "absent"]
    assert table["voices_hidden"].tolist() == ["", "", "few"]
    assert table.loc[["B", "C"], ["estimate", "low", "high", "n"]].isna().all(axis=None)


def test_beside_takes_protected_tables_only() -> None:
    with pytest.raises(DisclosureError, match="was not protected"):
        beside(survey({"A": 40}).table, talk({"A": 9}), {"X": "S"}, judge)  # type: ignore[arg-type]
