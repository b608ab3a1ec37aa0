"""`protect`: what it hides stays hidden, and what it does not understand it refuses."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lostudy.disclosure import Safe, protect, require_safe, round_count
from lostudy.disclosure.protect import decimals_for
from lostudy.errors import DisclosureError
from lostudy.study import Disclosure

POLICY = Disclosure(signed_by="Somebody", signed_on=dt.date(2025, 1, 6))


def table(sizes: dict[str, int], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"organisation": list(sizes), "n": list(sizes.values())})
    estimates = {"estimate": 3.14159, "low": 3.0, "high": 3.3}
    return frame.assign(**{**estimates, **columns})


def protected(frame: pd.DataFrame, by: tuple[str, ...] = ("organisation",), **options) -> Safe:
    return protect(frame, by=by, policy=POLICY, kind="test", **options)


def reasons(safe: Safe) -> list[str]:
    return safe.table["hidden"].tolist()


def said(call) -> str:
    with pytest.raises(DisclosureError) as caught:
        call()
    return str(caught.value)


@pytest.mark.parametrize(
    ("n", "reason"), [(0, "absent"), (1, "few"), (9, "few"), (10, ""), (11, "")]
)
def test_a_group_is_shown_from_the_threshold_on(n: int, reason: str) -> None:
    safe = protected(table({"A": n}))
    assert reasons(safe) == [reason]
    assert safe.table["estimate"].notna().tolist() == [reason == ""]
    assert safe.table["n"].notna().tolist() == [reason == ""]


def test_the_threshold_is_the_policys() -> None:
    own = POLICY.model_copy(update={"threshold": 5})
    safe = protect(table({"A": 5, "B": 4}), by=["organisation"], policy=own, kind="test")
    assert reasons(safe) == ["", "few"]


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
    assert reasons(safe) == ["uniform"]
    assert safe.table["estimate"].isna().all()


def test_a_standard_error_is_not_kept() -> None:
    assert "se" not in protected(table({"A": 40}, se=0.2)).table


def test_one_hidden_group_beside_a_total_takes_the_smallest_with_it() -> None:
    safe = protected(table({"A": 50, "B": 6, "C": 20, "D": 30, "all": 106}))
    assert reasons(safe) == ["", "few", "derivable", "", ""]


def test_without_a_total_no_more_is_hidden_than_needed() -> None:
    assert reasons(protected(table({"A": 50, "B": 6, "C": 20}))) == ["", "few", ""]


def test_hidden_groups_hold_the_threshold_together() -> None:
    assert reasons(protected(table({"A": 4, "B": 5, "C": 20, "all": 29}))) == [
        "few",
        "few",
        "derivable",
        "",
    ]
    assert reasons(protected(table({"A": 4, "B": 6, "C": 20, "all": 30}))) == ["few", "few", "", ""]


def test_the_only_group_and_its_total_are_one_number() -> None:
    frame = table({"A": 9, "all": 12})
    assert reasons(protected(frame)) == ["few", "derivable"]


def test_a_group_that_was_not_there_is_no_gap() -> None:
    assert reasons(protected(table({"A": 20, "B": 0, "all": 20}))) == ["", "absent", ""]


def cross(counts: np.ndarray) -> pd.DataFrame:
    """A two-way table of counts with its margins and its total, a row per cell."""
    margins = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1), dtype=int)
    margins[:-1, :-1] = counts
    margins[-1, :-1], margins[:-1, -1] = counts.sum(0), counts.sum(1)
    margins[-1, -1] = counts.sum()
    rows = [*map(str, range(counts.shape[0])), "all"]
    columns = [*map(str, range(counts.shape[1])), "all"]
    return pd.DataFrame(
        [
            {"organisation": a, "role": b, "n": int(margins[i, j]), "estimate": 1.0}
            for i, a in enumerate(rows)
            for j, b in enumerate(columns)
        ]
    )


def values_left(frame: pd.DataFrame, hidden: list[str]) -> dict[int, set[int]]:
    """By brute force: the numbers each hidden cell can have, given what is shown."""
    shape = frame["organisation"].nunique(), frame["role"].nunique()
    known = frame["n"].to_numpy().reshape(shape)
    gaps = np.array([reason in ("few", "derivable") for reason in hidden]).reshape(shape)
    inner = np.argwhere(gaps[:-1, :-1])
    guesses = np.array(list(itertools.product(range(known[-1, -1] + 1), repeat=len(inner))))
    tables = np.repeat(known[None], len(guesses), axis=0)
    for number, (row, column) in enumerate(inner):
        tables[:, row, column] = guesses[:, number]
    tables[:, :-1, -1] = tables[:, :-1, :-1].sum(2)
    tables[:, -1, :] = tables[:, :-1, :].sum(1)
    fits = tables[(tables[:, ~gaps] == known[~gaps]).all(1)]
    assert len(fits)
    return {int(p): set(fits.reshape(len(fits), -1)[:, p]) for p in np.flatnonzero(gaps)}


SMALL = POLICY.model_copy(update={"threshold": 3, "own_threshold": 3, "round_to": 1})


@pytest.mark.parametrize("counts", list(itertools.product([0, 1, 2, 4], repeat=4)))
def test_no_hidden_cell_of_a_two_by_two_table_can_be_derived(counts: tuple[int, ...]) -> None:
    frame = cross(np.array(counts).reshape(2, 2))
    safe = protect(frame, by=["organisation", "role"], policy=SMALL, kind="test")
    left = values_left(frame, safe.table["hidden"].tolist())
    assert all(len(numbers) > 1 for numbers in left.values()), left


def test_no_hidden_cell_of_larger_tables_can_be_derived() -> None:
    random = np.random.default_rng(list(b"gaps in tables"))
    for _ in range(25):
        frame = cross(random.choice([0, 1, 2, 3], size=(2, 3)))
        safe = protect(frame, by=["organisation", "role"], policy=SMALL, kind="test")
        hidden = safe.table["hidden"].tolist()
        inner = frame[(frame["organisation"] != "all") & (frame["role"] != "all")].index
        if sum(hidden[place] in ("few", "derivable") for place in inner) <= 4:
            left = values_left(frame, hidden)
            assert all(len(numbers) > 1 for numbers in left.values()), frame


def test_a_cell_that_only_all_totals_together_give_away_is_hidden_well() -> None:
    """Two rings of hidden cells and a bridge: each line has two gaps, the bridge one value."""
    counts = np.full((4, 4), 20)
    for row, column in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (1, 2)]:
        counts[row, column] = 6
    frame = cross(counts)
    safe = protected(frame, by=("organisation", "role"))
    hidden = safe.table["hidden"].isin(["few", "derivable"]).to_numpy().reshape(5, 5)
    assert hidden[:4, :4].sum() > 9
    assert determined(hidden) == []


def determined(hidden: np.ndarray) -> list[int]:
    """Hidden cells that the margins fix: as an equation they add nothing to the rank."""
    unknown = np.flatnonzero(hidden.reshape(-1))
    size = hidden.shape[0]
    lines = [np.arange(size) + row * size for row in range(size)]
    lines += [np.arange(size) * size + column for column in range(size)]
    equations = np.array(
        [
            [(-1.0 if cell == line[-1] else 1.0) * (cell in line) for cell in unknown]
            for line in lines
        ]
    )
    rank = np.linalg.matrix_rank(equations)
    single = np.eye(len(unknown))
    return [
        int(cell)
        for cell, row in zip(unknown, single, strict=True)
        if np.linalg.matrix_rank(np.vstack([equations, row])) == rank
    ]


def test_raising_the_threshold_never_shows_a_cell_that_was_hidden() -> None:
    random = np.random.default_rng(list(b"threshold"))
    for _ in range(40):
        frame = table({**{f"O{i}": int(n) for i, n in enumerate(random.integers(0, 40, 5))}})
        frame = pd.concat([frame, table({"all": int(frame["n"].sum())})], ignore_index=True)
        seen = [
            {
                row
                for row, reason in enumerate(
                    protect(
                        frame,
                        by=["organisation"],
                        policy=POLICY.model_copy(update={"threshold": limit}),
                        kind="test",
                    ).table["hidden"]
                )
                if reason in ("few", "absent")
            }
            for limit in (5, 10, 20)
        ]
        assert seen[0] <= seen[1] <= seen[2]


def test_the_order_of_rows_decides_nothing() -> None:
    frame = table({"A": 50, "B": 6, "C": 20, "D": 30, "all": 106})
    mixed = protected(frame.sample(frac=1, random_state=3)).table.set_index("organisation")
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
    message = said(lambda: protected(table({"A": 20}).assign(n=counts)))
    assert message == (
        "a number of persons that is negative or not whole. "
        "To do: count distinct persons, as integers"
    )


def test_a_missing_number_of_persons_hides_the_row() -> None:
    frame = table({"A": 20, "B": 20}).assign(n=pd.array([20, None], dtype="Int64"))
    assert reasons(protected(frame)) == ["", "absent"]


def test_a_table_without_n_or_without_its_groups_is_refused() -> None:
    message = said(lambda: protected(table({"A": 20}).drop(columns=["n", "organisation"])))
    assert "a table without column 'organisation'" in message
    assert "a table without column 'n'" in message


def test_columns_that_protect_does_not_know_are_refused() -> None:
    message = said(lambda: protected(table({"A": 20}, sd=0.71234)))
    assert message == (
        "column 'sd' is unknown to protect. To do: leave it out, or name it in by or values"
    )


def test_tables_with_levels_or_double_headings_are_refused() -> None:
    levels = table({"A": 20})
    levels.columns = pd.MultiIndex.from_product([["x"], levels.columns])
    assert "more than one level" in said(lambda: protected(levels))
    twice = pd.concat([table({"A": 20}), table({"A": 20})[["n"]]], axis=1)
    assert "the same heading twice" in said(lambda: protected(twice))


def test_two_rows_for_one_group_are_refused() -> None:
    twice = pd.concat([table({"A": 20}), table({"A": 30})], ignore_index=True)
    assert said(lambda: protected(twice)).startswith("two rows for one group")


def test_groups_in_the_index_are_refused_and_not_forgotten() -> None:
    assert "without column 'organisation'" in said(
        lambda: protected(table({"A": 20}).set_index("organisation"))
    )


@pytest.mark.parametrize("change", [{"signed_by": ""}, {"signed_by": " "}, {"signed_on": None}])
def test_nothing_is_shown_under_a_policy_that_nobody_signed(change: dict) -> None:
    policy = POLICY.model_copy(update=change)
    message = said(lambda: protect(table({"A": 90}), by=["organisation"], policy=policy, kind="t"))
    assert message.startswith("the disclosure policy is not signed")


def test_a_policy_that_contradicts_itself_is_refused() -> None:
    policy = POLICY.model_copy(update={"own_threshold": 11})
    message = said(lambda: protect(table({"A": 90}), by=["organisation"], policy=policy, kind="t"))
    assert message.startswith("the disclosure policy contradicts itself")


def test_categories_without_rows_and_missing_groups_do_no_harm() -> None:
    frame = table({"A": 20, "B": 4, "all": 24})
    frame["organisation"] = pd.Categorical(frame["organisation"], ["A", "B", "C", "all"])
    assert reasons(protected(frame)) == ["derivable", "few", ""]


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
        "To do: give it to protect(table, by=…, policy=…) first"
    )
