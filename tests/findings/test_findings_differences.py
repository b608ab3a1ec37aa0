"""What changed between two runs, in words: numbers, claims, quotes, tables, figures."""

from __future__ import annotations

import pytest

from findings.findings_records import interval, words
from lostudy.findings import compare, differences

HEAD = ("organisatie", "schatting")


def changed(language: str = "nl", tolerance: float = 1e-9, **change: object) -> list[str]:
    return compare({"x": interval()}, {"x": interval(**change)}, language, tolerance)


def test_what_did_not_change_is_not_told() -> None:
    assert changed() == []
    assert changed(value=3.45 + 1e-12) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": 3.6}, "x: waarde 3,45 → 3,60"),
        ({"low": None}, "x: ondergrens 3,10 → –"),
        ({"n": 50}, "x: n 45 → 50"),
        ({"value": 3.6, "high": 3.9}, "x: waarde 3,45 → 3,60; bovengrens 3,80 → 3,90"),
    ],
)
def test_a_number_that_changed_is_told_in_words(change: dict, said: str) -> None:
    assert changed(**change) == [said]


def test_words_are_those_of_the_language() -> None:
    assert changed("en", low=None) == ["x: lower bound 3.10 → –"]


@pytest.mark.parametrize(("by", "told"), [(0.009, False), (0.011, True)])
def test_within_the_tolerance_nothing_changed(by: float, told: bool) -> None:
    record = interval(value=0.5), interval(value=0.5 + by)
    assert bool(compare({"x": record[0]}, {"x": record[1]}, tolerance=0.01)) is told


def test_what_came_and_went_is_told() -> None:
    record = interval()
    assert compare({"a": record}, {"b": record}) == [
        "a: is er niet meer (was: 3,45)",
        "b: is nieuw: 3,45",
    ]


def test_a_claim_that_held_and_no_longer_does_is_broken_and_named_with_its_sentence() -> None:
    held, fell = (
        words("claim", "A steeg.", status="holds"),
        words("claim", "A daalde.", status="broken"),
    )
    found = differences({"x": held}, {"x": fell})
    assert [str(each) for each in found] == ["x: klopt niet meer met de gegevens: A daalde."]
    assert found[0].broken
    back = differences({"x": fell}, {"x": held})
    assert [str(each) for each in back] == ["x: klopt nu met de gegevens: A steeg."]
    assert not back[0].broken


def test_a_claim_with_too_little_to_say_is_broken_too_if_it_held() -> None:
    held, few = words("claim", status="holds"), words("claim", status="too_few")
    assert differences({"x": held}, {"x": few})[0].broken
    assert not differences({"x": words("claim", status="broken")}, {"x": few})[0].broken


def test_a_withdrawn_quote_stops_as_a_broken_claim_does() -> None:
    said, gone = (
        words("quote", "wij leren", status="checked"),
        words("quote", "", status="withdrawn"),
    )
    found = differences({"x": said}, {"x": gone})
    assert found[0].broken and str(found[0]) == "x: nagekeken → ingetrokken"


def test_values_behind_a_figure_are_compared_with_the_tolerance() -> None:
    before = words("figure", cells=(HEAD, ("A", "3.45"), ("B", "2.5")))
    close = words("figure", cells=(HEAD, ("A", "3.4500001"), ("B", "2.5")))
    other = words("figure", cells=(HEAD, ("A", "3.6"), ("B", "2.5")))
    more = words("figure", cells=(*map(tuple, before["cells"]), ("C", "1.0")))
    assert compare({"x": before}, {"x": close}, tolerance=1e-4) == []
    assert compare({"x": before}, {"x": other}) == ["x: 1 van 6 cellen veranderd, zoals 3.45 → 3.6"]
    assert compare({"x": before}, {"x": more}) == ["x: 2 van 8 cellen veranderd, zoals  → C"]


def test_other_words_alone_are_told_once() -> None:
    before, after = words("table", "Wie deed mee?"), words("table", "Wie antwoordde?")
    assert compare({"x": before}, {"x": after}) == [
        "x: andere woorden: Wie deed mee? → Wie antwoordde?"
    ]


def test_another_verdict_is_told_also_where_no_number_changed() -> None:
    before, after = interval(wording="points_to_rise"), interval(wording="rose")
    said = ["x: andere woorden: wijst op een stijging → steeg"]
    assert compare({"x": before}, {"x": after}) == said
    assert compare({"x": before}, {"x": after}, tolerance=1.0) == said


def test_a_number_that_is_written_otherwise_is_told() -> None:
    before, after = interval(text_nl="3,45"), interval(text_nl="3,5")
    assert compare({"x": before}, {"x": after}) == ["x: andere woorden: 3,45 → 3,5"]
    moved = interval(text_nl="3,46", value=before["value"] + 0.01)
    assert compare({"x": before}, {"x": moved}, tolerance=0.1) == []
