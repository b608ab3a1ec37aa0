"""Selections of one source: twins once, quotes recognised, doubt told."""

from __future__ import annotations

import pytest

from lostudy.deliveries.interviews.offsets import squeezed
from lostudy.deliveries.interviews.selections import (
    Selection,
    once,
    prepare,
    project_scores,
    quote_of,
    segments_of,
)

TEXT = "Wij leren van fouten. Dat helpt het team. Soms lukt het niet."


def chosen(quote: str, code: str = "c1", **more) -> Selection:
    start = TEXT.index(quote)
    return Selection(
        more.pop("key", quote), code, more.pop("coder", "anna"), quote, start,
        start + len(quote), **more)


def segments(text: str | None, selections: list[Selection]):
    one = prepare(text, selections)
    return segments_of(one, project_scores([one]))


def test_the_twin_with_a_position_is_kept():
    pdf = Selection("s1", "c1", "anna", kind="PDFSelection")
    twin = Selection("s1", "c1", "anna", start=0, end=9)
    assert once([pdf, twin]) == [twin]
    assert once([twin, pdf]) == [twin]


@pytest.mark.parametrize("other", [
    Selection("s1", "c2", "anna"), Selection("s1", "c1", "bo"), Selection("s2", "c1", "anna")])
def test_another_code_coder_or_passage_is_no_twin(other):
    assert len(once([Selection("s1", "c1", "anna"), other])) == 2


@pytest.mark.parametrize(("name", "quote"), [
    ("Wij leren", "Wij leren"), ("Wij leren van fou…", "Wij leren van fou…"),
    ("Quotation 6:1", ""), ("00:16.17 – 00:45.35", ""), ("Wi", ""), ("", ""), ("…", ""),
])
def test_a_name_is_a_quote_only_where_it_stands_in_the_text(name, quote):
    assert quote_of(Selection("s", "c", "a", name), squeezed(TEXT)) == quote


def test_text_that_the_selection_carries_comes_before_its_name():
    selection = Selection("s", "c", "a", "Wij leren", inner="Dat helpt")
    assert quote_of(selection, squeezed(TEXT)) == "Dat helpt"


def test_segments_carry_what_the_selection_told():
    selection = chosen("Wij leren", memo="m", created="d")
    (segment,), way = segments(TEXT, [selection])
    assert segment == {
        "code": "c1", "coder": "anna", "text": "Wij leren", "start": 0, "end": 9,
        "offset_status": "exact", "memo": "m", "created": "d", "attributes": {},
        "key": "Wij leren", "notes": ()}
    assert way.startswith("were counted in code points")


def test_without_a_text_nothing_is_tried():
    (segment,), way = segments(None, [chosen("Wij leren")])
    assert (segment["offset_status"], segment["start"], way) == ("absent", 0, "")


def test_without_positions_nothing_is_tried():
    (segment,), way = segments(TEXT, [Selection("s", "c1", "anna", kind="PictureSelection")])
    assert (segment["offset_status"], segment["attributes"], way) == (
        "absent", {"selection": "PictureSelection"}, "")


def test_positions_that_fit_badly_are_told_and_not_trusted():
    bad = [Selection(f"s{n}", "c1", "a", "", n, n + 2) for n in (6, 17, 28)]
    found, way = segments(TEXT, bad)
    assert way.endswith("but this fits badly and is not verified")
    assert {segment["offset_status"] for segment in found} == {"unverified"}
    assert len(found) == 3


def test_no_segment_is_ever_dropped():
    mixed = [
        chosen("Wij leren"), Selection("x", "c1", "a", "", 5000, 5010),
        Selection("y", "c1", "a", "", 9, 4), Selection("z", "c1", "a", kind="VideoSelection")]
    found, _ = segments(TEXT, mixed)
    assert len(found) == 4
    assert [segment["offset_status"] for segment in found] == [
        "exact", "unverified", "unverified", "absent"]
