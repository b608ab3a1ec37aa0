"""`protect`: what it hides stays hidden, and what it does not understand it refuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from disclosure_tables import POLICY, people_of, protected, reasons, said, table

from lostudy.disclosure import Safe, decimals_for, protect, require_safe, round_count
from lostudy.disclosure.tables import has_total
from lostudy.errors import DisclosureError
from lostudy.study import Disclosure


@pytest.mark.parametrize(
    ("n", "reason"), [(0, "protected"), (1, "protected"), (9, "protected"), (10, ""), (11, "")]
)
def test_a_group_is_shown_from_the_threshold_on(n: int, reason: str) -> None:
    safe = protected(table({"A": n}))
    assert reasons(safe) == [reason]
    assert safe.table["estimate"].notna().tolist() == [reason == ""]
    assert safe.table["n"].notna().tolist() == [reason == ""]


def test_the_threshold_is_the_policys() -> None:
    own = POLICY.model_copy(update={"threshold": 5})
    safe = protected(table({"A": 5, "B": 4}), policy=own)
    assert reasons(safe) == ["", "protected"]


def test_words_about_a_hidden_group_are_hidden_too() -> None:
    frame = table({"A": 9, "B": 20}, note="told", wording="rose", method="mean")
    safe = protected(frame)
    assert safe.table.loc[0, ["note", "wording", "method"]].tolist() == ["", "", ""]
    assert safe.table.loc[1, ["note", "wording", "method"]].tolist() == ["told", "rose", "mean"]


@pytest.mark.parametrize(
    ("n", "shown"),
    [(10, 10), (11, 10), (12, 10), (13, 15), (17, 15), (18, 20), (47, 45), (48, 50), (52, 50)],
)
def test_numbers_of_persons_are_rounded_to_the_base(n: int, shown: int) -> None:
    assert round_count(pd.Series([n], dtype="Int64"), POLICY).tolist() == [shown]


def test_rounding_never_shows_less_than_the_threshold() -> None:
    odd = POLICY.model_copy(update={"threshold": 12})
    assert round_count(pd.Series([12, 11, 13], dtype="Int64"), odd).tolist() == [12, 10, 15]


def test_decimals_follow_the_number_that_is_shown() -> None:
    safe = protected(table({"A": 47, "B": 48, "C": 60}, estimate=3.14159))
    assert safe.table["estimate"].tolist() == [3.1, 3.14, 3.14]
    assert [decimals_for(int(n)) for n in safe.table["n"]] == [1, 2, 2]
    assert (decimals_for(49), decimals_for(50)) == (1, 2)


def test_rounding_is_half_up_as_people_do_it() -> None:
    safe = protected(table({"A": 20}, estimate=3.25, low=3.05, high=3.45))
    assert safe.table.loc[0, ["estimate", "low", "high"]].tolist() == [3.3, 3.1, 3.5]


@pytest.mark.parametrize(
    "change",
    [{"se": 0.0}, {"low": 4.0, "high": 4.0}, {"note": "no variation: no interval"}],
    ids=["standard error", "interval", "note"],
)
def test_a_group_that_all_says_the_same_is_hidden(change: dict) -> None:
    safe = protected(table({"A": 40}, **change))
    assert reasons(safe) == ["protected"]
    assert safe.table["estimate"].isna().all()


def test_a_standard_error_is_not_kept() -> None:
    assert "se" not in protected(table({"A": 40}, se=0.2)).table


def test_one_hidden_group_beside_a_total_takes_the_smallest_with_it() -> None:
    safe = protected(table({"A": 50, "B": 6, "C": 20, "D": 30, "all": 106}))
    assert reasons(safe) == ["", "protected", "protected", "", ""]


def test_without_a_total_no_more_is_hidden_than_needed() -> None:
    assert reasons(protected(table({"A": 50, "B": 6, "C": 20}))) == ["", "protected", ""]


def test_hidden_groups_hold_the_threshold_together() -> None:
    three = protected(table({"A": 4, "B": 5, "C": 20, "all": 29}))
    assert reasons(three) == ["protected", "protected", "protected", ""]
    two = protected(table({"A": 4, "B": 6, "C": 20, "all": 30}))
    assert reasons(two) == ["protected", "protected", "", ""]


def test_the_only_group_and_its_total_are_one_number() -> None:
    people = people_of(table({"A": 12}), ["organisation"])
    frame = table({"A": 9, "all": 12})
    assert reasons(protected(frame, people=people)) == ["protected", "protected"]


def test_what_was_not_measured_is_no_gap() -> None:
    frame = table({"A": 20, "B": 0, "all": 20})
    frame["n"] = frame["n"].astype("Int64").mask(frame["organisation"] == "B")
    assert reasons(protected(frame)) == ["", "absent", ""]


def test_that_nobody_of_a_group_answered_is_not_told() -> None:
    """A team leader who did not answer is one of none: as small as one of three."""
    assert reasons(protected(table({"A": 20, "B": 0, "C": 2}))) == ["", "protected", "protected"]


@pytest.mark.parametrize("count", [40, 9])
def test_persons_are_counted_and_not_answers_or_segments(count: int) -> None:
    """Forty segments of one person, or of nine: whatever n says, that is how many there are."""
    rows = pd.DataFrame({"organisation": "A", "person": [f"p{i % 9}" for i in range(40)]})
    one = rows.assign(person="p1")
    for people in (rows, one):
        assert reasons(protected(table({"A": count}), people=people)) == ["protected"]


def test_the_table_may_count_fewer_than_there_are_people() -> None:
    people = people_of(table({"A": 60}), ["organisation"])
    assert protected(table({"A": 12}), people=people).table["n"].tolist() == [10]
    assert reasons(protected(table({"A": 9}), people=people)) == ["protected"]


def test_people_without_a_key_or_a_group_do_not_count() -> None:
    people = people_of(table({"A": 12}), ["organisation"])
    assert reasons(protected(table({"A": 12}), people=people.assign(person=None))) == ["protected"]
    nowhere = people.assign(organisation=None)
    assert reasons(protected(table({"A": 12, "all": 12}), people=nowhere))[0] == "protected"


def test_a_group_that_is_missing_in_the_table_counts_as_nobody() -> None:
    frame = table({"A": 12, "B": 12}).assign(organisation=["A", None])
    assert reasons(protected(frame, people=people_of(frame, ["organisation"]))) == ["", "protected"]


@pytest.mark.parametrize(
    ("n", "estimate", "reason"),
    [(20, 4.91, "protected"), (20, 4.89, ""), (30, 4.91, ""), (30, 5.0, "protected")],
)
@pytest.mark.parametrize("end", [5, 1])
def test_a_mean_at_the_end_of_a_scale_tells_what_everyone_said(
    n: int, estimate: float, reason: str, end: int
) -> None:
    mean = estimate if end == 5 else 6 - estimate
    frame = table({"A": n}, estimate=mean, low=mean - 0.1, high=mean + 0.1)
    safe = protected(frame.assign(minimum=1.0, maximum=5.0))
    assert reasons(safe) == [reason]
    assert not {"minimum", "maximum", "span"} & set(safe.table)


def test_what_the_policy_withholds_by_name_is_hidden_and_closed() -> None:
    policy = POLICY.model_copy(update={"withheld": ("test: organisation=A",)})
    frame = table({"A": 50, "B": 30, "C": 40, "all": 120})
    assert reasons(protected(frame, policy=policy)) == ["protected", "protected", "", ""]


def test_a_total_is_the_sum_of_the_numbers_shown() -> None:
    shown = protected(table({"A": 12, "B": 12, "all": 24})).table["n"].tolist()
    assert shown == [10, 10, 20], "25 would tell that both were rounded down"
    hidden = protected(table({"A": 12, "B": 6, "C": 12, "D": 31, "all": 61}))
    assert hidden.table["n"].dropna().tolist() == [10, 30, 60]


def test_the_order_of_rows_decides_nothing() -> None:
    frame = table({"A": 50, "B": 6, "C": 20, "D": 30, "all": 106})
    people = people_of(frame, ["organisation"]).sample(frac=1, random_state=5)
    rows = frame.sample(frac=1, random_state=3)
    mixed = protected(rows, people=people).table.set_index("organisation")
    pd.testing.assert_series_equal(
        mixed["hidden"].sort_index(),
        protected(frame).table.set_index("organisation")["hidden"].sort_index(),
    )


def test_the_callers_table_is_not_changed() -> None:
    frame = table({"A": 9, "B": 20})
    before = frame.copy()
    protected(frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    "counts",
    [
        pd.Series([20.0]),
        pd.Series([20.5]),
        pd.Series([True]),
        pd.Series([-1]),
        pd.Series([float("nan")]),
        pd.Series(["20"]),
        pd.Series([20], dtype=object),
    ],
    ids=["float", "broken", "boolean", "negative", "missing", "text", "object"],
)
def test_counts_that_are_no_counts_are_refused(counts: pd.Series) -> None:
    people = people_of(table({"A": 20}), ["organisation"])
    message = said(lambda: protected(table({"A": 20}).assign(n=counts), people=people))
    assert message == (
        "a number of persons that is negative or not whole. "
        "To do: count distinct persons, as integers"
    )


def test_a_missing_number_of_persons_hides_the_row() -> None:
    frame = table({"A": 20, "B": 20}).assign(n=pd.array([20, None], dtype="Int64"))
    assert reasons(protected(frame)) == ["", "absent"]


@pytest.mark.parametrize("column", ["estimate", "low"])
@pytest.mark.parametrize(
    "bad", [float("inf"), 3 + 1j, True, "3.14", pd.Timestamp("2026-01-01"), [3.14]],
    ids=lambda bad: type(bad).__name__,
)  # fmt: skip
def test_estimates_that_are_no_finite_numbers_are_refused(column: str, bad: object) -> None:
    frame = table({"A": 20, "B": 20}).assign(low=1.0)
    frame[column] = pd.Series([1.5, bad], dtype="object")
    with pytest.raises(DisclosureError, match=f"column '{column}' holds no numbers"):
        protected(frame)


def test_a_missing_estimate_is_a_number_that_is_not_there() -> None:
    frame = table({"A": 20, "B": 20})
    frame["estimate"] = pd.Series([None, 2.5], dtype="object")
    assert protected(frame).table["estimate"].isna().tolist() == [True, False]


@pytest.mark.parametrize("policy", [None, {"threshold": 1}, 10])
def test_what_is_no_policy_is_refused(policy: object) -> None:
    with pytest.raises(DisclosureError, match="there is no disclosure policy"):
        protected(table({"A": 20}), policy=policy)


def test_a_table_without_n_or_without_its_groups_is_refused() -> None:
    people = people_of(table({"A": 20}), ["organisation"])
    frame = table({"A": 20}).drop(columns=["n", "organisation"])
    message = said(lambda: protected(frame, people=people))
    assert "a table without column 'organisation'" in message
    assert "a table without column 'n'" in message


@pytest.mark.parametrize(
    ("people", "message"),
    [
        (None, "nobody is named behind this table. To do: give a frame with the columns"),
        (pd.DataFrame({"organisation": ["A"]}), "nobody is named behind this table"),
        (
            pd.DataFrame({"organisation": ["A"], "person": ["p"], "va01": [4]}),
            "column 'va01' does not tell groups of people apart. To do: leave it out",
        ),
        (
            pd.DataFrame([["A", "p", "q"]], columns=["organisation", "person", "person"]),
            "the people behind this table have the same heading twice",
        ),
    ],
    ids=["nobody", "no keys", "answers", "twice"],
)
def test_without_people_nothing_is_shown(people: object, message: str) -> None:
    call = {"by": ["organisation"], "policy": POLICY, "kind": "test", "people": people}
    assert message in said(lambda: protect(table({"A": 20}), **call))


def test_columns_that_protect_does_not_know_are_refused() -> None:
    message = said(lambda: protected(table({"A": 20}, sd=0.71234)))
    assert message == (
        "column 'sd' is unknown to protect. To do: leave it out, or name it in by or values"
    )


def test_tables_with_levels_or_double_headings_are_refused() -> None:
    people = people_of(table({"A": 20}), ["organisation"])
    levels = table({"A": 20})
    levels.columns = pd.MultiIndex.from_product([["x"], levels.columns])
    assert "more than one level" in said(lambda: protected(levels, people=people))
    twice = pd.concat([table({"A": 20}), table({"A": 20})[["n"]]], axis=1)
    assert "the same heading twice" in said(lambda: protected(twice, people=people))


def test_two_rows_for_one_group_are_refused() -> None:
    twice = pd.concat([table({"A": 20}), table({"A": 30})], ignore_index=True)
    assert said(lambda: protected(twice)).startswith("two rows for one group")


def test_groups_in_the_index_are_refused_and_not_forgotten() -> None:
    assert "without column 'organisation'" in said(
        lambda: protected(
            table({"A": 20}).set_index("organisation"),
            people=people_of(table({"A": 20}), ["organisation"]),
        )
    )


@pytest.mark.parametrize("change", [{"signed_by": ""}, {"signed_by": " "}, {"signed_on": None}])
def test_nothing_is_shown_under_a_policy_that_nobody_signed(change: dict) -> None:
    policy = POLICY.model_copy(update=change)
    message = said(lambda: protected(table({"A": 90}), policy=policy))
    assert message.startswith("the disclosure policy is not signed")


def test_a_policy_that_contradicts_itself_is_refused() -> None:
    policy = POLICY.model_copy(update={"own_threshold": 11})
    message = said(lambda: protected(table({"A": 90}), policy=policy))
    assert message.startswith("the disclosure policy contradicts itself")


def test_categories_without_rows_and_missing_groups_do_no_harm() -> None:
    frame = table({"A": 20, "B": 4, "all": 24})
    frame["organisation"] = pd.Categorical(frame["organisation"], ["A", "B", "C", "all"])
    assert reasons(protected(frame)) == ["protected", "protected", ""]


def test_a_safe_cannot_be_made_by_hand() -> None:
    message = said(lambda: Safe(table({"A": 3}), "levels", ("organisation",)))
    assert message.startswith("a table that was not protected")


def test_what_is_shown_are_the_rows_that_are_not_hidden() -> None:
    assert protected(table({"A": 20, "B": 3})).shown["organisation"].tolist() == ["A"]


def test_a_safe_that_was_changed_is_refused() -> None:
    safe = protected(table({"A": 20}))
    assert require_safe(safe) is safe
    safe.table.loc[0, "estimate"] = 4.9
    assert said(lambda: require_safe(safe)).startswith("a protected table was changed afterwards")


def test_a_safe_with_another_table_in_it_is_refused() -> None:
    safe = replace(protected(table({"A": 20})), table=table({"A": 3}))
    assert said(lambda: require_safe(safe)).startswith("a protected table was changed afterwards")


def test_a_frame_is_no_safe() -> None:
    assert said(lambda: require_safe(table({"A": 20}))) == (
        "a DataFrame that was not protected cannot be shown or saved. "
        "To do: give it to protect(table, by=…, people=…, policy=…) first"
    )


@pytest.mark.parametrize("kind", ["bool", "boolean", "int64", "category", "object"])
def test_groups_of_any_kind_are_counted(kind: str) -> None:
    """A crosstab by a boolean was exported whole by others: here the small cell is hidden."""
    people = pd.DataFrame({"linked": [True] * 12 + [False] * 3, "person": range(15)})
    table_of = pd.DataFrame({"linked": [True, False], "estimate": [3.1, 4.2], "n": [12, 3]})
    values = {"int64": lambda each: each.astype("int64")}.get(kind, lambda each: each.astype(kind))
    for frame in (people, table_of):
        frame["linked"] = values(frame["linked"])
    policy = POLICY.model_copy(update={"dimensions": ("linked",)})
    table_of = table_of.assign(minimum=1.0, maximum=5.0)
    safe = protected(table_of, by=("linked",), people=people, policy=policy)
    assert reasons(safe) == ["", "protected"]
    assert safe.table["estimate"].tolist()[0] == 3.1 and safe.table["estimate"].isna().iloc[1]


@pytest.mark.parametrize("values", [["estimate"], ("estimate",), ["estimate", "low", "high"]])
def test_values_given_as_a_list_are_hidden_as_well(values: list[str]) -> None:
    """The mean of three persons was exported where values came as a list: no value is left here."""
    frame = table({"A": 12, "B": 3}, minimum=1.0, maximum=5.0)
    frame = frame[["organisation", "n", "minimum", "maximum", *values]]
    safe = protected(frame, values=values)
    assert safe.table.loc[1, list(values)].isna().all()
    assert "3.1" not in safe.table.iloc[[1]].to_csv(index=False)


def test_a_column_that_is_not_among_the_values_does_not_slip_through() -> None:
    frame = table({"A": 12, "B": 3})
    assert "column 'low' is unknown" in said(lambda: protected(frame, values=["estimate"]))


def test_weighted_numbers_are_no_numbers_of_persons() -> None:
    people = people_of(table({"A": 12}), ["organisation"])
    heavy = table({"A": 12}).assign(n=[143.7])
    assert "not whole" in said(lambda: protected(heavy, people=people))
    assert protected(table({"A": 143}), people=people).table["n"].tolist() == [10]


def test_what_leaves_as_text_holds_no_small_group() -> None:
    """Asserted on what is written: not on what a record says about it."""
    random = np.random.default_rng(list(b"written"))
    for _ in range(30):
        sizes = {name: int(n) for name, n in zip("ABCDE", random.integers(1, 30, 5), strict=True)}
        marks = {
            name: round(float(v), 5) for name, v in zip("ABCDE", random.random(5), strict=True)
        }
        frame = table(sizes, estimate=list(marks.values()), low=0.0, high=1.0)
        frame.loc[len(frame)] = {"organisation": "all", "n": sum(sizes.values()), "estimate": 0.5,
                                 "low": 0.0, "high": 1.0}  # fmt: skip
        written = protected(frame).table
        for name in (name for name, n in sizes.items() if n < POLICY.threshold):
            row = written[written["organisation"] == name].drop(columns=["organisation", "hidden"])
            assert row.isna().all(axis=None), row.to_csv()


@pytest.mark.parametrize(
    ("values", "total"),
    [(["a", "b"], False), (["all"], False), (["all", "all"], False), (["a", "all"], True)],
)
def test_a_total_is_all_beside_something_else(values: list[str], total: bool) -> None:
    assert has_total(pd.Series(values)) is total


@pytest.mark.parametrize(
    ("columns", "quantity"),
    [(["estimate", "low", "high"], "mean"), (["estimate"], "mean"), ([], "")],
)
def test_the_ledger_is_told_of_means_wherever_one_is_shown(
    columns: list[str], quantity: str
) -> None:
    whole = table({"A": 20, "B": 30}, low=2.0, high=4.0, minimum=1.0, maximum=5.0)
    other = [each for each in ("estimate", "low", "high") if each not in columns]
    (claims,) = protected(whole.drop(columns=other)).claims
    assert set(claims.rows["quantity"]) == {quantity}


SIXTY = pd.DataFrame({"team": [*"a" * 24, *"b" * 31, *"c" * 6], "person": range(61)})
TEAMS = pd.DataFrame({"team": ["a", "b", "c", "all"], "n": [24, 31, 6, 61]}).assign(
    estimate=[3.1, 3.4, 2.9, 3.2], minimum=1.0, maximum=5.0
)


def by_team(frame: pd.DataFrame, people: pd.DataFrame = SIXTY, **options: object) -> pd.DataFrame:
    return protected(frame, by=["team"], people=people, **options).table


@pytest.mark.parametrize("listed", [["a", "b", "all"], ["a", "all"]])
@pytest.mark.parametrize("small", ["c", None], ids=["a team", "unknown"])
def test_a_small_group_that_stands_in_the_total_only_is_closed_off(
    listed: list[str], small: str | None
) -> None:
    """The total less what is shown was the mean of six: now nothing less than the threshold is."""
    people = SIXTY.assign(team=SIXTY["team"].replace("c", small))
    kept = TEAMS[TEAMS["team"].isin(listed)]
    if "b" not in listed:
        people = people.assign(team=people["team"].replace("b", "a"))
        kept = kept.assign(n=[55, 61])
    assert by_team(kept, people)["hidden"].tolist()[0] == "protected"
    whole = by_team(kept, people[people["team"].isin(["a", "b"])])
    assert whole["hidden"].eq("").all(), "nobody is left out: nothing to close"


def test_a_large_group_that_stands_in_the_total_only_gives_nobody_away() -> None:
    shown = by_team(TEAMS[TEAMS["team"].isin(["a", "all"])], SIXTY.replace("c", "b"))
    assert shown["hidden"].tolist() == ["", ""]


def test_a_missing_number_of_persons_beside_a_total_is_refused() -> None:
    frame = TEAMS.assign(n=pd.array([24, 31, None, 61], dtype="Int64"))
    message = said(lambda: by_team(frame))
    assert message.startswith("a group without a number of persons beside its total")
    alone = by_team(frame[frame["team"] != "all"])
    assert alone["hidden"].tolist() == ["", "", "absent"]


def test_the_number_of_persons_is_never_taken_from_the_caller() -> None:
    message = said(lambda: by_team(TEAMS, SIXTY[["person"]]))
    assert message.startswith("the people behind this table without their 'team'")


@pytest.mark.parametrize("group", ["diagnosis", "answer", "hidden", "person", "n", "estimate"])
def test_groups_are_those_of_the_policy(group: str) -> None:
    frame = TEAMS.drop(columns=group, errors="ignore").rename(columns={"team": group})
    people = SIXTY.drop(columns=group, errors="ignore").rename(columns={"team": group})
    people = people if "person" in people else SIXTY[["person"]]
    message = said(lambda: protected(frame, by=[group], people=people))
    assert f"'{group}' is no group of the disclosure policy" in message


@pytest.mark.parametrize("name", ["share", "max", "hours", "n"])
def test_numbers_that_are_no_estimates_are_refused(name: str) -> None:
    frame = TEAMS.assign(**{name: 1.0}) if name != "n" else TEAMS
    assert f"'{name}' is no number that protect can judge" in said(
        lambda: by_team(frame, values=["estimate", name])
    )


def test_estimates_without_the_ends_of_what_can_be_answered_are_refused() -> None:
    """A mean of 5.0 of fourteen persons was shown where the table did not say that 5 is the end."""
    frame = TEAMS[["team", "n"]].assign(estimate=5.0)
    assert "nothing says whether all of a group answered alike" in said(lambda: by_team(frame))
    ended = by_team(frame.assign(minimum=1.0, maximum=5.0))
    assert ended["estimate"].isna().all()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"note": "Jan Jansen: bsn 111222333"}, "column 'note' holds a citizen service number"),
        ({"team": "Jan Jansen jan@x.nl"}, "column 'team' holds an e-mail address"),
    ],
)
def test_words_of_persons_are_refused_and_not_repeated(change: dict, kind: str) -> None:
    frame = TEAMS[:1].assign(**change)
    message = said(lambda: by_team(frame, SIXTY.assign(team=frame["team"].iloc[0])))
    assert message.startswith(kind) and "Jan" not in message and "111" not in message


def test_what_a_few_make_up_by_their_weight_is_hidden() -> None:
    one = SIXTY.assign(weight=[1e6, *[1.0] * 60])
    assert by_team(TEAMS[:2], one)["hidden"].tolist() == ["protected", ""]
    ten = SIXTY.assign(weight=[*[1.0] * 10, *[0.0] * 51])
    assert by_team(TEAMS[:1], ten)["hidden"].tolist() == [""]
    nine = SIXTY.assign(weight=[*[1.0] * 9, *[0.0] * 52])
    assert by_team(TEAMS[:1], nine)["hidden"].tolist() == ["protected"]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "1"])
def test_weights_that_are_no_numbers_are_refused(bad: object) -> None:
    people = SIXTY.assign(weight=pd.Series([bad, *[1.0] * 60], dtype="object"))
    assert "weights of persons that are no finite numbers" in said(lambda: by_team(TEAMS, people))


def test_what_hangs_on_a_frame_does_not_leave_with_it() -> None:
    frame = TEAMS.rename(index=lambda place: f"p{place}")
    frame.attrs, frame.columns.name, frame.index.name = {"raw": [1, 2]}, "Jan Jansen", "secret"
    left = by_team(frame)
    assert (left.attrs, left.columns.name, left.index.name) == ({}, None, None)
    assert left.index.tolist() == [0, 1, 2, 3]


def test_a_policy_signed_on_a_day_to_come_is_refused() -> None:
    policy = POLICY.model_copy(update={"signed_on": dt.date(2999, 1, 6)})
    assert "a day that is still to come" in said(lambda: by_team(TEAMS, policy=policy))


def test_an_own_threshold_without_any_response_is_no_policy() -> None:
    with pytest.raises(ValueError, match="own_response"):
        Disclosure(own_response=0)


@pytest.mark.parametrize(
    ("frame", "by", "message"),
    [
        ([1], ["team"], "a list instead of a table"),
        (TEAMS["estimate"], ["team"], "a Series instead of a table"),
        (TEAMS.rename(columns={"team": 0}), [0], "that are no list of names"),
        (TEAMS, "team", "that are no list of names"),
        (TEAMS.assign(n=np.array([2**64 - 1] * 4, dtype="uint64")), ["team"], "not whole"),
        (TEAMS.assign(team=[1, "1", 2, "all"]), ["team"], "two rows for one group"),
    ],
    ids=["list", "series", "number as heading", "text", "too large", "one group in two types"],
)
def test_what_is_no_table_is_refused_in_words(frame: object, by: object, message: str) -> None:
    call = {"by": by, "people": SIXTY, "policy": POLICY, "kind": "test"}
    assert message in said(lambda: protect(frame, **call))


def test_a_group_without_a_name_beside_a_total_does_no_harm() -> None:
    frame = TEAMS.assign(team=["a", "b", None, "all"])
    people = SIXTY.assign(team=SIXTY["team"].replace("c", None))
    assert by_team(frame, people)["hidden"].tolist()[2] == "protected"
