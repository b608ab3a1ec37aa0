"""What was asked otherwise is said under every table and figure that uses it, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import lostudy as lo
from lostudy.analysis.comparable import limits_of

SAID = "Niet zonder meer vergelijkbaar: Organisatie D, T1 (1 van {} items: {})."
VERBS: dict[str, Callable] = {
    "estimate": lo.estimate,
    "reliability": lo.reliability,
    "change": lo.change,
    "change_of_scales": lo.change_of_scales,
    "effects": lo.effects,
    "specifications": lo.specifications,
    "profile": lo.profile,
    "answers": lo.answers,
    "item_analysis": lo.item_analysis,
}


def count(view: lo.View, scale: str) -> int:
    return len(view.study.scales[scale].items)


@pytest.mark.parametrize(
    ("scale", "why"),
    [("LG", "andere woorden"), ("OI", "andere woorden"), ("TL", "andere antwoordschaal"),
     ("MM", "niet gevraagd")],
)  # fmt: skip
def test_a_table_and_its_figure_say_what_was_asked_otherwise(
    opened: Callable, scale: str, why: str
) -> None:
    view = opened()
    levels = lo.estimate(view, scale)
    line = SAID.format(count(view, scale), why)
    assert line in repr(levels).splitlines() and line in levels._repr_html_()
    assert line in lo.plot_levels(levels).caption


def test_two_ways_in_which_one_scale_differs_are_both_named(opened: Callable) -> None:
    line = limits_of(opened(), ["SD"], ["T1"])
    assert line == (
        f"Niet zonder meer vergelijkbaar: Organisatie D, T1 (2 van {count(opened(), 'SD')} items: "
        "andere woorden, niet gevraagd).",
    )


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_about_a_scale_says_it_where_it_uses_that_wave(
    verb: str, opened: Callable
) -> None:
    """Waves up to T1: it is the last wave there, and an end of the comparison."""
    early = opened(wave="T1") if verb in ("profile", "answers", "item_analysis") else None
    view = (early or opened()).question("lq1")
    result = VERBS[verb](view)
    uses = verb in ("estimate", "profile", "answers", "item_analysis")
    assert bool(result.limits) is uses, "a change from T0 to T2 does not use T1"


def test_an_organisation_that_asked_as_the_study_did_has_no_line(opened: Callable) -> None:
    for name in "ABC":
        assert lo.estimate(opened(organisation=name).question("lq1")).limits == ()
    assert lo.estimate(opened(organisation="D").question("lq1")).limits


def test_a_plane_of_two_scales_says_it_of_both_once(opened: Callable) -> None:
    view = opened()
    first, second = lo.estimate(view, "LG"), lo.estimate(view, "TL")
    caption = lo.plot_against(first, second).caption
    assert caption.count("Niet zonder meer vergelijkbaar") == 2
    again = lo.plot_against(first, lo.estimate(view, "OI")).caption
    same = limits_of(view, ["LG"], ["T1"]) == limits_of(view, ["OI"], ["T1"])
    assert again.count("Niet zonder meer vergelijkbaar") == (1 if same else 2)


def test_a_scale_that_was_not_asked_at_all_needs_no_line(opened: Callable) -> None:
    view = opened()
    items = view.study.scales["TL"].items
    absent = pd.DataFrame({"organisation": "D", "wave": "T1", "item": items, "status": "not_asked"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(view), "processed", lambda self, name: absent)
        assert limits_of(view, ["TL"], ["T1"]) == ()
        assert limits_of(view, ["TL", "LG"], ["T1"]), "of the two scales together a part was asked"
    assert limits_of(view, ["TL"], ["T1"])


def test_in_english_too(opened: Callable) -> None:
    line = lo.estimate(opened(language="en"), "LG").limits[0]
    assert line.startswith("Not comparable without thought: Organisation D, T1 (1 of")
    assert "reworded" in line
