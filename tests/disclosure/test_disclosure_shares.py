"""Shares of answers: what they may not tell of anyone."""

from __future__ import annotations

import pandas as pd
import pytest
from disclosure_tables import POLICY, people_of, said
from hypothesis import given, settings
from hypothesis import strategies as st

from lostudy.disclosure import Safe, protect_shares
from lostudy.disclosure.rounding import between, round_count
from lostudy.disclosure.shares import in_steps, step

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
    return protect_it(answers(groups, values), values, **change).table


def protect_it(frame: pd.DataFrame, values: list[int] = FIVE, **change) -> Safe:
    policy = POLICY.model_copy(update=change)
    counted = "count" in frame and frame["count"].dtype.kind == "i" and frame["count"].min() >= 0
    people = people_of(frame if counted else answers({"A": [10] * 5}), ["organisation"], "count")
    return protect_shares(
        frame, by=["organisation"], values=values, people=people, policy=policy, kind="test"
    )


def test_percentages_go_in_steps_and_n_is_rounded() -> None:
    table = shares({"A": [10, 20, 12, 13, 7]})
    assert table["category"].tolist() == ["1", "2", "3", "4", "5"]
    assert table["share"].tolist() == pytest.approx([0.15, 0.30, 0.20, 0.20, 0.10])
    assert set(table["n"]) == {60}


def test_steps_are_finer_where_there_are_more_persons() -> None:
    assert shares({"A": [5, 14]}, [0, 1])["share"].tolist() == pytest.approx([0.3, 0.7])
    assert shares({"A": [6, 14]}, [0, 1])["share"].tolist() == pytest.approx([0.3, 0.7])
    assert shares({"A": [66, 133]}, [0, 1])["share"].tolist() == pytest.approx([0.35, 0.65])
    assert shares({"A": [66, 134]}, [0, 1])["share"].tolist() == pytest.approx([0.33, 0.67])


def test_a_few_of_many_are_not_told_from_none() -> None:
    """Three of two hundred are 1.5 %: in whole percents that is two, three or four persons."""
    few = shares({"A": [3, 90, 107]}, [1, 2, 3])["share"].tolist()
    assert few == pytest.approx([0.0, 0.45, 0.55])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 90), min_size=2, max_size=5).filter(lambda c: sum(c) >= 10))
def test_the_number_of_persons_cannot_be_found_from_percentages(counts: list[int]) -> None:
    """Every number of persons near the one shown has answers with the same percentages."""
    table = shares({"A": counts}, list(range(len(counts))))
    if (table["hidden"] != "").any():
        return
    least, most = between(table["n"].iloc[[0]], POLICY).iloc[0]
    wide = step(counts if len(table) == len(counts) else joined(counts), least, most)
    shown = table["share"].tolist()
    for n in range(least, most + 1):
        ranges = [[k for k in range(n + 1) if in_steps(k / n, wide) == share] for share in shown]
        assert all(ranges) and sum(map(min, ranges)) <= n <= sum(map(max, ranges)), (counts, n)


def joined(counts: list[int]) -> list[int]:
    half, odd = divmod(len(counts), 2)
    parts = [counts[:half], counts[half : half + odd], counts[half + odd :]]
    return [sum(each) for each in parts if each]


@pytest.mark.parametrize(("least", "categories"), [(5, 5), (4, 3)])
def test_a_small_category_joins_the_whole_table_to_three(least: int, categories: int) -> None:
    table = shares({"A": [least, 10, 10, 10, 10], "B": [10, 10, 10, 10, 10]})
    assert table.groupby("organisation")["category"].nunique().tolist() == [categories] * 2


def test_joined_categories_keep_their_sums() -> None:
    table = shares({"A": [1, 19, 10, 15, 5]})
    assert table["category"].tolist() == ["low", "middle", "high"]
    assert table["share"].tolist() == pytest.approx([0.4, 0.2, 0.4])


def test_an_even_number_of_answers_has_no_middle() -> None:
    table = shares({"A": [1, 19, 15, 5]}, [1, 2, 3, 4])
    assert table["category"].tolist() == ["low", "high"]


def test_three_answers_are_not_joined() -> None:
    assert shares({"A": [2, 30, 30]}, [1, 2, 3])["category"].tolist() == ["1", "2", "3"]


def test_a_group_under_the_threshold_does_not_decide_for_the_others() -> None:
    table = shares({"A": [10, 10, 10, 10, 10], "B": [1, 1, 1, 1, 1]})
    assert table.loc[table["organisation"] == "A", "category"].tolist() == ["1", "2", "3", "4", "5"]
    assert table.loc[table["organisation"] == "B", "hidden"].tolist() == ["protected"]


@pytest.mark.parametrize(("n", "categories"), [(9, 5), (10, 3)])
def test_a_group_at_the_threshold_decides_with_the_others(n: int, categories: int) -> None:
    table = shares({"A": [10, 10, 10, 10, 10], "B": [n - 4, 1, 1, 1, 1]})
    assert table.loc[table["organisation"] == "A", "category"].nunique() == categories


@pytest.mark.parametrize(("n", "reason"), [(0, "absent"), (9, "protected"), (10, "")])
def test_the_threshold_counts_who_answered(n: int, reason: str) -> None:
    table = shares({"A": [n - n // 2, n // 2]}, [0, 1])
    assert table["hidden"].unique().tolist() == [reason]


@pytest.mark.parametrize("n", [10, 29, 30, 500])
def test_nobody_learns_what_everyone_answered(n: int) -> None:
    table = shares({"A": [n, 0]}, [0, 1])
    assert table["hidden"].tolist() == ["protected"]
    assert table[["share", "n"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([18, 2], "protected"),  # 90 % of 20
        ([17, 3], ""),  # 85 % of 20
        ([27, 3], ""),  # 90 % of 30: a group of 30 is large enough
        ([26, 3], ""),  # 89.7 % of 29
        ([9, 1], "protected"),
        ([10, 0, 10], "protected"),  # an answer that nobody of a small group gave
        ([15, 0, 15], ""),
    ],
)
def test_nearly_everyone_in_a_small_group(counts: list[int], reason: str) -> None:
    table = shares({"A": counts}, list(range(len(counts))))
    assert table["hidden"].unique().tolist() == [reason]


def test_the_limits_of_a_group_are_the_policys() -> None:
    assert shares({"A": [18, 2]}, [0, 1], group_share=0.91)["hidden"].tolist() == ["", ""]
    assert shares({"A": [18, 2]}, [0, 1], group_size=20)["hidden"].tolist() == ["", ""]
    assert shares({"A": [18, 2]}, [0, 1], group_size=21)["hidden"].tolist() == ["protected"]


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


def test_more_answers_than_persons_are_refused() -> None:
    """Forty segments of one person are no forty answers."""
    people = pd.DataFrame({"organisation": "A", "person": ["p1"] * 40})
    frame = answers({"A": [10, 10, 10, 5, 5]})
    refused = said(
        lambda: protect_shares(
            frame, by=["organisation"], values=FIVE, people=people, policy=POLICY
        )
    )
    assert refused == (
        "more answers in a group than persons behind it. To do: count each person once per answer"
    )


def test_a_group_that_the_policy_withholds_is_not_shown() -> None:
    table = shares({"A": [10] * 5, "B": [10] * 5}, withheld=("test: organisation=B",))
    assert table.groupby("organisation")["hidden"].first().tolist() == ["", "protected"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([9, 10], 0.10),
        ([20, 21], 0.05),
        ([80, 119], 0.05),
        ([60, 140], 0.01),
        ([4, 206], 0.05),
        ([8, 192], 0.01),
        ([5, 6], 0.10),
        ([1, 5, 5], None),
    ],
)
def test_the_limits_of_the_steps(counts: list[int], expected: float) -> None:
    size = round_count(pd.Series([sum(counts)], dtype="Int64"), POLICY)
    assert step(counts, *between(size, POLICY).iloc[0].tolist()) == expected
