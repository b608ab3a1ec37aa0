"""The door for tables about coding: bands for counts, nothing of few conversations."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from lostudy.disclosure import protect_coding
from lostudy.errors import DisclosureError
from lostudy.study import Disclosure

POLICY = Disclosure(signed_by="Somebody", signed_on=dt.date(2025, 1, 6))
TALKS = pd.DataFrame(
    {"organisation": ["A"] * 9 + ["B"] * 3, "person": [f"i{i}" for i in range(12)]}
)
TABLE = """
organisation conversations k more estimate -> n band more estimate hidden
all          12            7 more .7123    -> -  most more .7 -
A            9             2 less .5       -> 9 some - .5 -
B            3             3 more 1        -> - - - - protected
C            0             0 -    -        -> - - - - absent
"""


def rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    lines = [line.split("->") for line in TABLE.strip().splitlines()]
    given, told = ([each[side].split() for each in lines] for side in (0, 1))
    frame, expected = (pd.DataFrame(side[1:], columns=side[0]) for side in (given, told))
    frame = frame.replace("-", "").astype({"conversations": int, "k": int})
    return frame.assign(estimate=pd.to_numeric(frame["estimate"])), expected


def door(table: pd.DataFrame, people: pd.DataFrame = TALKS, policy: Disclosure = POLICY):  # noqa: ANN201
    return protect_coding(table, by=["organisation"], people=people, policy=policy, kind="coding")


def test_counts_become_bands_and_few_conversations_nothing() -> None:
    given, expected = rows()
    told = door(given).table.set_index("organisation")
    for name, row in expected.set_index(given["organisation"]).iterrows():
        for column, value in row.items():
            seen = told.loc[name, column]
            assert ("-" if pd.isna(seen) or seen == "" else str(seen)) in (value, f"0{value}")


@pytest.mark.parametrize(("held", "shown"), [(12, 0.7), (19, 0.7), (20, 0.71), (36, 0.71)])
def test_no_count_leaves_and_numbers_of_few_have_one_decimal(held: int, shown: float) -> None:
    """With nine conversations .71 would say which two of them had the theme."""
    talks = pd.DataFrame({"organisation": "A", "person": [f"i{i}" for i in range(held)]})
    table = rows()[0].iloc[:1].assign(conversations=held)
    told = door(table, talks).table
    assert not {"k", "conversations"} & set(told)
    assert told["estimate"].tolist() == [shown]


def test_conversations_are_counted_here_and_not_believed() -> None:
    lie = rows()[0].assign(conversations=50, k=0)
    told = door(lie).table.set_index("organisation")
    assert told.loc["A", "n"] == 9 and told.loc["B", "hidden"] == "protected"


def test_a_row_that_says_why_it_has_no_number_is_absent() -> None:
    table = rows()[0][["organisation", "conversations", "estimate"]].assign(note="")
    table.loc[0, ["estimate", "note"]] = float("nan"), "no variation"
    assert door(table).table["hidden"].tolist() == ["absent", "", "protected", "absent"]


def test_what_the_policy_withholds_by_name_is_hidden() -> None:
    policy = POLICY.model_copy(update={"withheld": ("coding: organisation=A",)})
    assert door(rows()[0], policy=policy).table.loc[1, "hidden"] == "protected"


def agreed(estimates: list[float], held: int = 9, **options: bool) -> pd.DataFrame:
    """Coefficients of codes over conversations of one organisation, as they are told."""
    measures = ["alpha", "AC1"] * (len(estimates) // 2)
    table = pd.DataFrame({"code": [f"c{i // 2}" for i in range(len(estimates))],
                          "measure": measures, "estimate": estimates, "note": "",
                          "low": 0.1, "high": 0.9, "conversations": held})  # fmt: skip
    talks = pd.DataFrame({"person": [f"i{i}" for i in range(held)]})
    return protect_coding(
        table, by=["code", "measure"], people=talks, policy=POLICY, kind="coding", **options
    ).table


def test_coefficients_of_few_conversations_are_words() -> None:
    """Of five conversations .55 and .29 say that both coders had the code in two, one in one."""
    told = agreed([0.8, 0.9, 0.67, 0.5, 0.6, 0.5, float("nan"), 0.5])
    alpha, other = told[told["measure"] == "alpha"], told[told["measure"] == "AC1"]
    assert alpha["note"].tolist() == [
        "alpha .80 or more", "alpha from .67 to .80", "alpha under .67", "",
    ]  # fmt: skip
    assert told[["estimate", "low", "high"]].isna().all(axis=None)
    assert alpha["hidden"].tolist() == ["", "", "", "protected"]
    assert (other["hidden"] == "protected").all()


def test_coefficients_of_twenty_or_over_all_are_numbers() -> None:
    assert agreed([0.812, 0.9], held=20)["estimate"].tolist() == [0.81, 0.9]
    assert agreed([0.812, 0.9], held=19)["estimate"].isna().all()
    assert agreed([0.812, 0.9], numbers=True)["estimate"].tolist() == [0.8, 0.9]


def test_a_total_does_not_tell_the_one_hidden_number_of_conversations() -> None:
    told = door(rows()[0]).table.set_index("organisation")
    assert told.loc["B", "hidden"] == "protected" and pd.isna(told.loc["all", "n"])
    two = rows()[0].assign(conversations=[12, 4, 3, 0], k=[7, 2, 3, 0])
    talks = TALKS.assign(organisation=["A"] * 4 + ["C"] * 5 + ["B"] * 3)
    assert door(two, talks).table.set_index("organisation").loc["all", "n"] == 12


def test_what_coding_tells_is_written_down_for_the_ledger() -> None:
    (claims,) = door(rows()[0]).claims
    assert claims.unit == "conversation"
    shown = claims.rows[claims.rows["shown"]].set_index("label")
    assert shown["least"].isna().tolist() == [True, False] and shown["least"].iloc[1] == 9
    assert shown.loc["organisation=A", "error"] == pytest.approx(0.5 / 9)  # one or two of nine
    members = claims.members.groupby("row")["person"].nunique()
    assert members.tolist() == [12, 9, 3]


REFUSED = {
    "a list": (lambda t: t.to_dict("records"), TALKS, POLICY, "instead of a table"),
    "two headings": (lambda t: pd.concat([t, t[["k"]]], axis=1), TALKS, POLICY, "same heading"),
    "not whole": (lambda t: t.assign(conversations=6.7), TALKS, POLICY, "not whole"),
    "missing": (
        lambda t: t.assign(k=pd.Series([1, None, 1, 0], dtype="Int64")), TALKS, POLICY, "not whole",
    ),
    "negative": (lambda t: t.assign(k=-3), TALKS, POLICY, "under 0"),
    "two rows": (lambda t: pd.concat([t, t]), TALKS, POLICY, "two rows"),
    "unknown": (lambda t: t.assign(quote="x"), TALKS, POLICY, "unknown to protect_coding"),
    "too many": (lambda t: t.assign(k=99), TALKS, POLICY, "more conversations"),
    "without": (lambda t: t.drop(columns="conversations"), TALKS, POLICY, "without"),
    "nobody": (lambda t: t, TALKS.drop(columns="person"), POLICY, "nobody is named"),
    "unsigned": (lambda t: t, TALKS, Disclosure(), "sign"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_fails_closed(what: str) -> None:
    spoil, people, policy, says = REFUSED[what]
    with pytest.raises(DisclosureError, match=says):
        door(spoil(rows()[0]), people, policy)
