"""Of more organisations than fit on a page a figure shows the whole or the first, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import lostudy as lo
from lostudy.analysis import comparable as comparable_module
from lostudy.analysis import many as many_module
from lostudy.analysis import opening as opening_module
from lostudy.analysis.many import drawable
from lostudy.disclosure import require_safe

FIRST = "Getekend zijn de eerste 2 van 4 organisaties; alle staan in de tabel."
WHOLE = "Getekend is het geheel; de 4 organisaties staan in de tabel en elk op een eigen pagina."


@pytest.fixture
def small_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page that holds two organisations: the shipped study has four."""
    for module in (many_module, opening_module, comparable_module):
        monkeypatch.setattr(module, "MOST", 2)
    yield


DRAWN: dict[str, tuple[Callable, Callable, str]] = {
    "levels": (lambda view: lo.estimate(view, "LG"), lo.plot_levels, FIRST),
    "profile": (lambda view: lo.profile(view, ["LG", "TL"]), lo.plot_profile, FIRST),
    "answers": (lambda view: lo.answers(view, "LG"), lo.plot_answers, FIRST),
    "response": (lo.response, lo.plot_response, FIRST),
    "change": (lambda view: lo.change(view, "LG"), lo.plot_change, WHOLE),
    "changes": (lambda view: lo.change_of_scales(view, ["LG", "TL"]), lo.plot_change, WHOLE),
    "codes": (lambda view: lo.code_counts(view.question("lq1")), lo.plot_codes, WHOLE),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_what_a_figure_of_many_organisations_shows(
    kind: str, opened: Callable, small_page: None
) -> None:
    ask, draw, said = DRAWN[kind]
    result = ask(opened())
    drawn = draw(result)
    assert said in drawn.caption
    groups = {"all"} if said == WHOLE else {"A", "B"}
    assert set(drawn.data["organisation"]) == groups
    assert set(result.table["organisation"]) >= {"A", "B", "C", "D"}


@pytest.mark.parametrize("kind", DRAWN)
def test_few_organisations_are_drawn_as_they_are(kind: str, opened: Callable) -> None:
    ask, draw, said = DRAWN[kind]
    result = ask(opened())
    assert drawable(result) is result
    assert said not in draw(result).caption


def test_two_scales_against_each_other(opened: Callable, small_page: None) -> None:
    view = opened()
    drawn = lo.plot_against(lo.estimate(view, "LG"), lo.estimate(view, "TL"))
    assert set(drawn.data["organisation"]) == {"A", "B"}
    assert FIRST in drawn.caption


def test_the_joint_display_of_many_is_that_of_all(opened: Callable, small_page: None) -> None:
    question = opened().question("lq1")
    result = lo.joint_display(lo.change_of_scales(question), lo.code_counts(question))
    drawn = lo.plot_joint(result)
    assert set(drawn.data["organisation"]) == {"all"}
    assert drawn.data["estimate"].notna().any()
    assert WHOLE in drawn.caption


def test_a_part_is_as_protected_as_the_whole_and_tells_nothing_new(
    opened: Callable, small_page: None
) -> None:
    result = lo.estimate(opened(), "LG")
    part = drawable(result).safe
    assert require_safe(part) is part and not part.claims
    table = result.safe.table
    expected = table[table["organisation"].isin(["A", "B"])].reset_index(drop=True)
    assert part.table.equals(expected)


def test_of_many_that_asked_otherwise_their_number_is_told(
    opened: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Organisatie D" in "".join(comparable_module.limits_of(opened(), ["LG"], ["T1"]))
    monkeypatch.setattr(comparable_module, "MOST", 0)
    said = comparable_module.limits_of(opened(), ["LG"], ["T1"])
    assert said == (
        "Niet zonder meer vergelijkbaar: bij 1 organisaties zijn vragen anders gesteld of niet "
        "gesteld.",
    )
