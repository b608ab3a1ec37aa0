"""Cells hidden beside totals: each keeps its interval, nothing is hidden for nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from disclosure_tables import cross
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from lostudy.disclosure import suppression
from lostudy.disclosure.sums import Sum, as_matrix, components, sums_of
from lostudy.disclosure.suppression import hidden_too

BY = ["organisation", "role"]


def hidden(frame: pd.DataFrame, threshold: int, by: list[str] = BY) -> np.ndarray:
    primary = (frame["n"] < threshold).to_numpy()
    return hidden_too(frame, primary, by, by, threshold)


def intervals(frame: pd.DataFrame, gaps: np.ndarray) -> dict[int, float]:
    """How wide each hidden cell is in whole persons: an integer programme over its margins."""
    equations = as_matrix(sums_of(frame, BY, BY), len(frame)).toarray()
    counts = frame["n"].to_numpy(dtype=float)
    fixed = Bounds(np.where(gaps, 0, counts), np.where(gaps, 10_000, counts))
    whole = {"integrality": np.ones(len(frame)), "bounds": fixed}
    rules = LinearConstraint(equations, 0, 0)
    wide = {}
    for cell in np.flatnonzero(gaps):
        goal = np.eye(len(frame))[cell]
        low = milp(goal, constraints=rules, **whole).fun
        high = -milp(-goal, constraints=rules, **whole).fun
        wide[int(cell)] = high - low
    return wide


def values_left(frame: pd.DataFrame, gaps: np.ndarray) -> dict[int, set[int]]:
    """By brute force: the numbers each hidden inner cell can have, given what is shown."""
    shape = frame["organisation"].nunique(), frame["role"].nunique()
    known, gaps = frame["n"].to_numpy().reshape(shape), gaps.reshape(shape)
    inner = np.argwhere(gaps[:-1, :-1])
    guesses = np.array(list(itertools.product(range(known[-1, -1] + 4), repeat=len(inner))))
    tables = np.repeat(known[None], len(guesses), axis=0)
    for number, (row, column) in enumerate(inner):
        tables[:, row, column] = guesses[:, number]
    tables[:, :-1, -1] = tables[:, :-1, :-1].sum(2)
    tables[:, -1, :] = tables[:, :-1, :].sum(1)
    fits = tables[(tables[:, ~gaps] == known[~gaps]).all(1)]
    assert len(fits)
    places = np.flatnonzero(gaps)
    return {int(place): set(fits.reshape(len(fits), -1)[:, place]) for place in places}


@pytest.mark.parametrize("first", [0, 1, 2, 4])
def test_every_hidden_cell_of_every_two_by_two_table_stays_open(first: int) -> None:
    for rest in itertools.product([0, 1, 2, 4], repeat=3):
        frame = cross(np.array([first, *rest]).reshape(2, 2))
        gaps = hidden(frame, 3)
        left = values_left(frame, gaps)
        wide = {cell: max(values) - min(values) for cell, values in left.items()}
        assert all(each >= 3 for each in wide.values()), (first, rest, wide)


shapes = st.sampled_from([(2, 3), (3, 3), (3, 4), (4, 4)])


@settings(max_examples=25, deadline=None)
@given(data=st.data(), shape=shapes, threshold=st.sampled_from([3, 10]))
def test_every_hidden_cell_of_larger_tables_stays_open(
    data: st.DataObject, shape: tuple[int, int], threshold: int
) -> None:
    size = shape[0] * shape[1]
    cells = data.draw(st.lists(st.integers(0, 3 * threshold), min_size=size, max_size=size))
    frame = cross(np.array(cells).reshape(shape))
    gaps = hidden(frame, threshold)
    assert gaps[frame["n"] < threshold].all()
    assert all(each >= threshold for each in intervals(frame, gaps).values())


@pytest.mark.parametrize("seed", range(4))
def test_no_choice_of_cells_hides_fewer_persons(seed: int) -> None:
    """Every superset of the small cells that would be cheaper is tried: none is safe."""
    frame = cross(np.random.default_rng(seed).integers(1, 14, size=(2, 2)))
    equations = as_matrix(sums_of(frame, BY, BY), len(frame))
    counts = frame["n"].to_numpy(dtype=float)
    small = frame["n"].to_numpy() < 5
    cost = (counts + 1)[hidden(frame, 5)].sum()
    tried = 0
    for more in itertools.product([False, True], repeat=int((~small).sum())):
        choice = small.copy()
        choice[~small] = more
        if (counts + 1)[choice].sum() < cost - 0.5:
            wide = suppression.widths(equations, counts, choice)
            assert (wide[choice] < 5 - 1e-6).any(), choice
            tried += 1
    assert tried or not small.any()


@pytest.mark.parametrize("seed", range(3))
def test_tables_too_large_for_the_optimum_are_safe_too(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = cross(np.random.default_rng(seed).poisson(11, size=(4, 4)))
    best = hidden(frame, 10)
    monkeypatch.setattr(suppression, "LARGEST", 0)
    gaps = hidden(frame, 10)
    assert all(each >= 10 for each in intervals(frame, gaps).values())
    assert frame["n"][gaps].sum() >= frame["n"][best].sum()


def test_a_cell_that_only_all_totals_together_give_away_is_hidden_well() -> None:
    """Two rings of hidden cells and a bridge: each line has two gaps, the bridge one value."""
    counts = np.full((4, 4), 20)
    for row, column in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (1, 2)]:
        counts[row, column] = 6
    frame = cross(counts)
    small = (frame["n"] < 10).to_numpy()
    assert intervals(frame, small)[7] == 0, "the bridge alone is given away"
    assert all(each >= 10 for each in intervals(frame, hidden(frame, 10)).values())


def test_three_ways_of_splitting_are_closed_together() -> None:
    random = np.random.default_rng(list(b"three ways"))
    keys = list(itertools.product("AB", ["x", "y"], ["T0", "T1"]))
    inner = pd.DataFrame(keys, columns=["organisation", "role", "wave"])
    inner["n"] = random.integers(4, 20, len(inner))
    frame = inner
    for column in inner.columns[:3]:
        rest = [each for each in inner.columns[:3] if each != column]
        total = frame.groupby(rest, as_index=False)["n"].sum().assign(**{column: "all"})
        frame = pd.concat([frame, total], ignore_index=True)
    by = ["organisation", "role", "wave"]
    gaps = hidden(frame, 10, by)
    equations = as_matrix(sums_of(frame, by, by), len(frame))
    wide = suppression.widths(equations, frame["n"].to_numpy(dtype=float), gaps)
    assert gaps.any() and (wide[gaps] >= 10).all()


def test_a_total_that_counts_persons_once_is_no_trap() -> None:
    frame = pd.DataFrame({"organisation": "A", "role": ["T0", "T1", "all"], "n": [12, 6, 13]})
    gaps = hidden(frame, 10, BY)
    assert gaps.tolist() == [True, True, False]


def test_raising_the_threshold_never_shows_a_small_cell() -> None:
    random = np.random.default_rng(list(b"threshold"))
    for _ in range(10):
        frame = cross(random.integers(0, 40, (2, 2)))
        for limit in (5, 10, 20):
            assert hidden(frame, limit)[frame["n"] < limit].all()


def test_the_order_of_rows_decides_nothing() -> None:
    frame = cross(np.random.default_rng(5).poisson(11, size=(4, 4)))
    names = frame["organisation"] + frame["role"]
    mixed = frame.sample(frac=1, random_state=3).reset_index(drop=True)
    assert set(names[hidden(frame, 10)]) == set(
        (mixed["organisation"] + mixed["role"])[hidden(mixed, 10)]
    )


def test_equations_that_share_no_cell_are_closed_apart() -> None:
    apart = [Sum((0, 1), 2), Sum((3, 4), 5)]
    assert components(apart) == [[apart[0]], [apart[1]]]
    assert len(components([*apart, Sum((2, 5), 6)])) == 1


def test_without_a_total_nothing_more_is_hidden() -> None:
    frame = pd.DataFrame({"organisation": ["A", "B"], "role": "x", "n": [50, 6]})
    assert hidden(frame, 10).tolist() == [False, True]
