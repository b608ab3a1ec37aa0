"""Another language or another order of the records changes no number that a notebook shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

import lostudy as lo
from lostudy.analysis.opening import View

VERBS: dict[str, Callable] = {
    "change": lambda view: lo.change(view),
    "effects": lambda view: lo.effects(view, ["VA"]),
    "turnover": lambda view: lo.turnover(view),
    "tests": lambda view: lo.tests(view),
    "specifications": lambda view: lo.specifications(view),
    "pooling": lambda view: lo.pooling(view),
    "weighted": lambda view: lo.weighted(view),
    "estimate": lambda view: lo.estimate(view),
    "profile": lambda view: lo.profile(view),
    "answers": lambda view: lo.answers(view),
    "reliability": lambda view: lo.reliability(view),
    "item_analysis": lambda view: lo.item_analysis(view, ["VA"]),
    "climate": lambda view: lo.climate(view, ["LG", "OI"]),
    "invariance": lambda view: lo.invariance(view, ["VA"]),
}


@pytest.fixture(scope="module")
def view(opened: Callable) -> View:
    return opened().question("lq2")


@pytest.fixture(scope="module")
def shuffled(view: View) -> View:
    """The records in another order, and the columns too."""
    records = view.records.sample(frac=1, random_state=3).reset_index(drop=True)
    records = records[records.columns[::-1]]
    kept = records[records["included"]].reset_index(drop=True)
    return replace(view, worked_out={("records",): records, ("responses",): kept})


@pytest.mark.parametrize("verb", VERBS)
def test_the_order_of_records_changes_nothing_that_is_shown(
    verb: str, view: View, shuffled: View
) -> None:
    first, second = VERBS[verb](view), VERBS[verb](shuffled)
    pd.testing.assert_frame_equal(first.table, second.table)
    assert first.remarks == second.remarks


@pytest.mark.parametrize("verb", VERBS)
def test_another_language_changes_no_number(verb: str, view: View) -> None:
    english = replace(view, language="en")
    first, second = VERBS[verb](view).table, VERBS[verb](english).table
    pd.testing.assert_frame_equal(first, second)
    assert VERBS[verb](view).title != VERBS[verb](english).title
