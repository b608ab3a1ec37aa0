"""An organisation beside the others: they are the others, and only where enough of them may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

import lostudy as lo
from lostudy.errors import StudyError


def score(view: lo.View, scale: str) -> pd.DataFrame:
    """Organisation and plain mean of the items at the last wave, straight from the table."""
    table = view.processed("responses")
    last = table[table["wave"] == view.waves[-1]]
    scale_of = view.study.scales[scale]
    turned = scale_of.minimum + scale_of.maximum
    items = pd.DataFrame({
        item: (turned - last[item] if view.study.items[item].reversed else last[item]).astype(float)
        for item in scale_of.items
    })  # fmt: skip
    enough = items.notna().mean(axis=1) >= view.study.plan.answered_share
    means = items.mean(axis=1).where(enough & last["included"])
    return last[["organisation"]].assign(score=means).dropna()


@pytest.mark.parametrize("own", ["A", "D"])
@pytest.mark.parametrize("scale", ["VA", "RP"])
def test_the_others_are_the_persons_of_the_others(
    own: str, scale: str, opened: Callable
) -> None:
    beside = lo.beside_others(opened(organisation=own), [scale]).table.set_index("organisation")
    people = score(opened(), scale)
    others = people[people["organisation"] != own]["score"]
    assert beside.loc["others", "hidden"] == ""
    assert beside.loc["others", "estimate"] == pytest.approx(others.mean(), abs=0.051)
    assert beside.loc["others", "n"] == pytest.approx(len(others), abs=5)
    mine = people[people["organisation"] == own]["score"]
    assert beside.loc[own, "estimate"] == pytest.approx(mine.mean(), abs=0.051)


def test_asking_for_the_others_leaves_the_own_view_as_it_was(opened: Callable) -> None:
    view = replace(opened(organisation="B"), worked_out={})
    before = lo.estimate(view, "VA").table
    lo.beside_others(view, ["VA"])
    assert set(view.processed("responses")["organisation"]) == {"B"}
    assert lo.estimate(view, "VA").table.equals(before)


def test_over_all_there_are_no_others(opened: Callable) -> None:
    with pytest.raises(StudyError, match="open one organisation"):
        lo.beside_others(opened(), ["VA"])
