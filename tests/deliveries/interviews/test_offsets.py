"""Positions: every way of counting goes there and back, and the quote is the witness."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lostudy.deliveries.interviews.offsets import (
    CONVENTIONS,
    Convention,
    Passage,
    agrees,
    best,
    edges,
    located,
    nearby,
    place,
    scores,
    squeezed,
    together,
    unmarked,
)

TEXT = "Wij leren 🙂 van fouten.\nDe crèche is open.\nEn dan praten wij verder over het team."
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


def as_written(text: str, convention: Convention) -> bytes:
    """The text as a tool that counts this way holds it."""
    marked = ("\ufeff" if convention.mark else "") + text
    ends = marked.replace("\n", "\r\n") if convention.crlf else marked
    return ends.encode("utf-8")


def counted(text: str, unit: str) -> int:
    if unit == "code point":
        return len(text)
    return len(text.encode("utf-16-le")) // 2 if unit == "UTF-16 unit" else len(text.encode())


def test_there_are_twelve_conventions_and_the_standard_comes_first():
    assert len(set(CONVENTIONS)) == 12
    assert CONVENTIONS[0] == Convention("code point", crlf=False, mark=False)
    assert str(CONVENTIONS[0]) == (
        "counted in code points, a line end counts as one, no byte order mark counts")
    assert str(CONVENTIONS[-1]) == (
        "counted in UTF-8 bytes, a line end counts as two, the byte order mark counts")


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT.map(unmarked), st.sampled_from(CONVENTIONS), st.data())
def test_a_position_goes_there_and_back(text, convention, data):
    found = edges(text, convention)
    assert len(found) == len(text) + 1
    index = data.draw(st.integers(0, len(text)))
    assert located(found, int(found[index])) == index


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT.map(unmarked), st.sampled_from(CONVENTIONS), st.data())
def test_edges_are_what_the_tool_would_count_in_its_own_string(text, convention, data):
    index = data.draw(st.integers(0, len(text)))
    before = as_written(text[:index], convention).decode()
    assert edges(text, convention)[index] == counted(before, convention.unit)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CONVENTIONS), st.data())
def test_any_passage_is_found_in_any_convention_with_its_quote(convention, data):
    start = data.draw(st.integers(0, len(TEXT) - 6))
    end = data.draw(st.integers(start + 5, len(TEXT)))
    found = edges(TEXT, convention)
    passage = Passage(int(found[start]), int(found[end]), TEXT[start:end])
    where = place(TEXT, passage, convention)
    assert (where.status, where.start, where.end) == ("exact", start, end)
    assert scores(TEXT, [passage])[convention] == 1.0


@pytest.mark.parametrize("position", [-1, 10_000])
def test_positions_outside_the_text_are_nowhere(position):
    assert located(edges(TEXT, CONVENTIONS[0]), position) is None


def test_a_position_inside_a_character_goes_to_its_left_edge():
    assert located(edges("é!", Convention("UTF-8 byte")), 1) == 0


def test_line_ends_and_marks_are_taken_away():
    assert unmarked("\ufeffa\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_quotes_tell_which_way_was_counted(convention):
    found = edges(TEXT, convention)
    spans = [(0, 24), (25, 43), (47, 60), (61, len(TEXT))]
    passages = [Passage(int(found[a]), int(found[b]), TEXT[a:b].strip()) for a, b in spans]
    own = scores(TEXT, passages)
    chosen = best(own, own)
    assert own[chosen] == 1.0
    assert [int(x) for x in edges(TEXT, chosen)[[24, 25, 43]]] == [
        int(x) for x in found[[24, 25, 43]]]


def test_without_quotes_the_words_tell():
    text = "\n".join(f"Regel {n} met een paar woorden erin" for n in range(20))
    way = Convention("UTF-16 unit", crlf=True)
    found = edges(text, way)
    starts = [m for m in range(1, len(text)) if text[m - 1] == "\n"]
    passages = [Passage(int(found[m]), int(found[m + 7])) for m in starts]
    own = scores(text, passages)
    assert own[Convention()] < 0.6 < own[way]


def test_the_project_decides_where_a_source_cannot():
    text = "een twee drie"
    own = scores(text, [Passage(0, 3, "een")])
    project = dict.fromkeys(CONVENTIONS, 0.0) | {Convention("UTF-16 unit"): 0.9}
    assert best(own, project) == Convention("UTF-16 unit")
    assert best(own, dict.fromkeys(CONVENTIONS, 0.0)) == CONVENTIONS[0]


def test_scores_together_are_weighted_by_passages():
    low, high = dict.fromkeys(CONVENTIONS, 0.0), dict.fromkeys(CONVENTIONS, 1.0)
    assert together([(3, high), (1, low)])[CONVENTIONS[0]] == 0.75
    assert together([])[CONVENTIONS[0]] == 0


@pytest.mark.parametrize(("text", "quote", "same"), [
    ("Wij leren", "Wij leren", True), ("Wij\n leren ", "Wij leren", True),
    ("Wij leren samen", "Wij leren…", True), ("Wij leren samen", "Wij leren...", True),
    ("Wij leren samen", "Wij leren", False), ("Wij", "…", False), ("", "", True),
])
def test_a_quote_agrees_apart_from_white_space_and_a_cut_end(text, quote, same):
    assert agrees(text, quote) is same


def test_a_passage_beside_its_quote_is_moved():
    where = place(TEXT, Passage(1, 10, "Wij leren"), CONVENTIONS[0])
    assert (where.start, where.end, where.text, where.status) == (0, 9, "Wij leren", "repaired")


def test_a_cut_quote_is_moved_with_its_own_length():
    where = place(TEXT, Passage(22, 40, "De crèche is…"), CONVENTIONS[0])
    assert (where.start, where.text, where.status) == (
        TEXT.index("De"), "De crèche is open.", "repaired")


def test_a_quote_that_stands_nowhere_is_kept_unverified():
    where = place(TEXT, Passage(0, 9, "Iets heel anders"), CONVENTIONS[0])
    assert (where.text, where.status) == ("Iets heel anders", "unverified")
    assert (where.start, where.end) == (0, 9)


def test_a_position_outside_with_a_lost_quote_is_kept_without_position():
    where = place(TEXT, Passage(5000, 5009, "Iets heel anders"), CONVENTIONS[0])
    assert (where.start, where.end, where.status) == (None, None, "unverified")


def test_without_a_quote_trust_decides():
    assert place(TEXT, Passage(0, 9), CONVENTIONS[0]).status == "exact"
    assert place(TEXT, Passage(0, 9), CONVENTIONS[0], trusted=False).status == "unverified"
    assert place(TEXT, Passage(9, 9), CONVENTIONS[0]).start is None


SPEECH = "Wij kijken elke week terug. Dat helpt ons team echt vooruit. Soms lukt het niet."


@pytest.mark.parametrize(("words", "name", "found", "status"), [
    (SPEECH[:60], "helpt ons team", SPEECH[:60], "exact"),
    ("Wij kijken elke week terug.", "elke week", "Wij kijken elke week terug.", "exact"),
    (SPEECH[:60], "Wij kijken elke", SPEECH[:60], "exact"),
    (SPEECH[:60], "Wij kijken el…", SPEECH[:60], "exact"),
    ("Dat helpt ons team echt vooruit. Soms lu", "Soms lukt het", None, "exact"),
    ("at helpt ons team ec", "Dat helpt ons team e", "Dat helpt ons team e", "repaired"),
    ("at helpt ons team ec", "Dat helpt ons", "Dat helpt ons team e", "repaired"),
    ("at helpt ons team", "Dat helpt ons", "Dat helpt ons team", "repaired"),
])
def test_a_name_moves_only_a_passage_that_cannot_stand_by_itself(words, name, found, status):
    start = SPEECH.index(words)
    passage = Passage(start, start + len(words), name, named=True)
    where = place(SPEECH, passage, CONVENTIONS[0])
    assert (where.text, where.status) == (found or words, status)
    assert SPEECH[where.start : where.end] == where.text


def test_a_name_still_places_a_passage_beyond_the_text():
    start = SPEECH.index("Soms")
    where = place(SPEECH, Passage(start, 500, "Soms lukt het niet.", named=True), CONVENTIONS[0])
    assert (where.text, where.status) == ("Soms lukt het niet.", "repaired")


def test_names_of_ones_own_do_not_make_a_way_of_counting_doubtful():
    names = ["helpt ons", "elke week"]
    passages = [Passage(0, 27, names[1], named=True), Passage(28, 61, names[0], named=True)]
    assert scores(SPEECH, passages)[CONVENTIONS[0]] > 0.7


@pytest.mark.parametrize(("text", "quote", "start", "found"), [
    ("aaa fout bbb", "fout", 0, (4, 8)),
    ("fout .... fout", "fout", 5, None),
    ("fout .... fout", "fout", 8, (10, 14)),
    ("x" * 300 + " fout", "fout", 0, None),
    ("een\ntwee", "een twee", 2, (0, 8)),
    ("ja ja", "ja", 1, None),
    ("abc", "", 0, None),
])
def test_the_nearest_single_occurrence_counts(text, quote, start, found):
    assert nearby(text, quote, start, start + len(quote)) == found


def test_squeezing_leaves_single_spaces():
    assert squeezed(" a\n\t b ") == "a b"


@pytest.mark.parametrize("convention", CONVENTIONS, ids=str)
def test_of_many_passages_some_tell_the_way_and_all_are_placed(convention):
    text = "🙂 é\n".join(f"regel {number} zegt iets." for number in range(400))
    left = edges(text, convention)
    quotes = [f"regel {number} zegt iets." for number in range(400)]
    places = [(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    passages = [Passage(int(left[start]), int(left[end]), quote)
                for (start, end), quote in zip(places, quotes, strict=True)]
    found = scores(text, passages)
    assert found[convention] == 1.0
    way = max(found, key=lambda each: found[each])
    for passage, (start, end) in zip(passages, places, strict=True):
        placed = place(text, passage, way)
        assert (placed.start, placed.end, placed.status) == (start, end, "exact")
