"""Texts of people: what is found, per kind, on a labelled corpus; the rest is for a person."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

from lostudy.disclosure.text import Mark, private_names, scrub
from lostudy.disclosure.text.capitals import harmless, unknown_capitals
from lostudy.disclosure.text.marks import PATTERNS, apart, by_form
from lostudy.disclosure.text.names import Name, by_list, everyday
from lostudy.disclosure.text.scrub import SAID
from lostudy.disclosure.text.second import second_pass
from lostudy.errors import StudyError
from lostudy.study import Study, load_study

ROOT = Path(__file__).parents[2]
NAMES = [
    Name("person", "Eva"), Name("person", "Guus"), Name("person", "Anouk"), Name("person", "Roos"),
    Name("organisation", "Stichting Zonnedauw"), Name("organisation", "Zonnedauw"),
    Name("organisation", "Het Veerhuis"), Name("team", "Ambulant Noord"),
    Name("place", "Oosterwolde"), Name("place", "Haarle"),
]  # fmt: skip
LEAST = {
    "person": 0.85, "organisation": 0.8, "team": 0.6, "place": 1.0, "email": 0.75, "url": 1.0,
    "phone": 0.85, "iban": 1.0, "bsn": 1.0, "date": 0.7, "address": 0.5, "plate": 0.6, "ip": 1.0,
    "coordinates": 1.0, "postcode": 0.5, "unlisted": 0.0,
}  # fmt: skip


def corpus() -> list[tuple[str, list[Mark]]]:
    """Each sentence without its labels, and the marks that they stand for."""
    text = (Path(__file__).parent / "corpus_nl.txt").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    sentences = []
    for labelled in re.split(r"(?<=[.!?])\n", text):
        plain, marks, place = "", [], 0
        for found in re.finditer(r"\[([^|\]]+)\|(\w+)\]", labelled):
            plain += labelled[place : found.start()]
            marks.append(Mark(len(plain), len(plain) + len(found[1]), found[2]))
            plain += found[1]
            place = found.end()
        sentences.append((plain + labelled[place:], marks))
    return sentences


def test_recall_per_kind_on_the_labelled_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    """Printed: how many of each kind there are, how many are found whole, how many are queued."""
    there, found, queued, extra = Counter(), Counter(), Counter(), Counter()
    for text, marks in corpus():
        told = apart([*by_form(text), *by_list(text, NAMES)])
        seen = unknown_capitals(text)
        for mark in marks:
            there[mark.kind] += 1
            whole = any(each.start <= mark.start and each.end >= mark.end for each in told)
            found[mark.kind] += whole
            touched = any(each.start < mark.end and mark.start < each.end for each in seen)
            queued[mark.kind] += touched and not whole
        for each in told:
            if not any(each.start < mark.end and mark.start < each.end for mark in marks):
                extra[each.kind] += 1
    with capsys.disabled():
        print("\nkind          there  found  recall  for a person to see")
        for kind, number in sorted(there.items()):
            recall = found[kind] / number
            print(f"{kind:<12} {number:>6} {found[kind]:>6} {recall:>7.2f} {queued[kind]:>6}")
        print(f"found besides: {dict(extra) or 'nothing'}")
    assert set(there) == set(LEAST)
    assert all(found[kind] >= LEAST[kind] * number for kind, number in there.items()), found
    assert queued["unlisted"] >= 7, "names that no list holds are queued by their capital"
    assert sum(extra.values()) <= 1, extra


def test_the_corpus_holds_every_kind_that_is_said() -> None:
    labelled = {mark.kind for _, marks in corpus() for mark in marks}
    assert labelled - {"unlisted"} == set(SAID)
    assert set(SAID) == set(PATTERNS) | {"organisation", "team", "place", "person"}


def test_a_scrubbed_text_holds_nothing_of_what_was_found() -> None:
    for text, _ in corpus():
        made = scrub(text, NAMES)
        found = apart([*by_form(text), *by_list(text, NAMES)])
        assert not [mark for mark in found if text[mark.start : mark.end] in made.text]
        assert sum(made.replaced.values()) == len(found)


def test_scrubbing_twice_is_scrubbing_once() -> None:
    for text, _ in corpus():
        once = scrub(text, NAMES)
        assert scrub(once.text, NAMES).text == once.text


def test_a_scrubbed_text_speaks_the_language_asked_for() -> None:
    text = "Eva belde 06-12345678."
    assert scrub(text, NAMES).text == "[naam] belde [telefoonnummer]."
    assert scrub(text, NAMES, language="en").text == "[name] belde [telephone number]."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Eva's plan en Guus' idee", "[naam] plan en [naam] idee"),
        ("Evaluatie is geen Eva", "Evaluatie is geen [naam]"),
        ("de roos van Roos", "de roos van [naam]"),
        ("STICHTING  ZONNEDAUW", "[organisatie]"),
        ("Stichting Zonnedauw, dus Zonnedauw", "[organisatie], dus [organisatie]"),
    ],
)
def test_names_are_found_as_they_are_written(text: str, shown: str) -> None:
    assert scrub(text, NAMES).text == shown


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("NL91 ABNA 9417 1643 01", []),
        ("nummer 111222334", []),
        ("300.400.500.600", []),
        ("32 december is geen dag die ik ken", ["date"]),
        ("3.14159 en 2.71828", []),
        ("p. 12-14 en 2024/25", []),
        ("een 7-3-1 verdeling", []),
    ],
)
def test_numbers_with_a_check_are_checked(text: str, kinds: list[str]) -> None:
    assert [mark.kind for mark in by_form(text)] == kinds


@pytest.mark.parametrize(
    ("text", "queue"),
    [
        ("Ik belde Eva van der Berg daarover.", ["Eva van der Berg"]),
        ("Eva belde. Guus niet.", []),
        ("Toen zei Guus: Waarom niet?", ["Guus"]),
        ("Wij werken met Signs of Safety.", ["Signs", "Safety"]),
        ("In Nederland is de Jeugdwet van 2015.", []),
        ("„Nee,” zei ze, „Dat doen we niet.”", []),
        ("bij De Hoenderik kan dat", ["De Hoenderik"]),
    ],
)
def test_unknown_capitals_are_queued_for_a_person(text: str, queue: list[str]) -> None:
    assert [text[mark.start : mark.end] for mark in unknown_capitals(text)] == queue


HARD = [
    *NAMES, Name("person", "Bas"), Name("person", "Zoë"), Name("person", "José"),
    Name("person", "van der Berg"), Name("organisation", "De Hoge Brug"),
    Name("person", "Kwakkelstein"),
]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["BAS", "v.d. Berg", "vd Berg", "van den Berg", "Hoge-Brug", "de hoge brug", "Zoe", "JOSE",
     "Jose\u0301", "K\u200bwakkelstein", "Kw\u0430kkelstein", "Ｋｗａｋｋｅｌｓｔｅｉｎ",
     "Kwakkelsteinteam", "zonnedauw-team", "BSN 111.222.333", "111 222 333", "111-222-333",
     "06/12345678", "06 – 12345678", "06 – 12 34 56 78", "030/2314567", "030 - 2 31 45 67",
     "０６-12345678", "3511-AB", "@janjansen", "2001:db8::1", "jan [at] bedrijf.nl",
     "jan @ bedrijf.nl", "NL91.ABNA.0417.1643.00"],
)  # fmt: skip
def test_what_is_written_in_another_way_is_found_too(text: str) -> None:
    made = scrub(f"Toen zei hij: {text} en dat was het.", HARD)
    shown = made.text.removeprefix("Toen zei hij: ").removesuffix(" en dat was het.")
    assert shown.removeprefix("BSN ").startswith("[") and shown.endswith(("]", "-team")), made.text


@pytest.mark.parametrize("text", ["111 222 334", "12/3456789", "1.500", "2024/2025", "a::b"])
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert scrub(f"Toen kwam {text} erbij.", HARD).replaced == {}


def test_a_name_that_is_a_word_is_queued_in_small_letters() -> None:
    made = scrub("toen zei bas het", HARD)
    assert [made.text[mark.start : mark.end] for mark in made.queue] == ["bas"]


def test_places_are_those_of_the_text_as_it_was_written() -> None:
    text = "é\u0301ﬁ\u200b Zoë belde"
    assert scrub(text, HARD).text == "é\u0301ﬁ\u200b [naam] belde"


def test_what_a_person_found_harmless_is_not_queued_again() -> None:
    text = "Wij werken met Triple P en met Guus."
    assert [text[m.start : m.end] for m in unknown_capitals(text, ["triple", "P"])] == ["Guus"]


def test_the_queue_is_of_the_scrubbed_text() -> None:
    made = scrub("Ik sprak Eva en Hendrik op 3 mei.", NAMES)
    assert [made.text[mark.start : mark.end] for mark in made.queue] == ["Hendrik"]


def test_lists_of_words_are_in_small_letters() -> None:
    assert all(word == word.casefold() for word in harmless() | everyday())
    assert len(harmless()) > 30 and len(everyday()) > 30


@pytest.fixture
def study() -> Study:
    return load_study(ROOT)


def test_the_private_list_is_read_where_it_stands(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert private_names(study) == []
    path = tmp_path / "lostudy" / "lerende-organisaties.names.csv"
    path.parent.mkdir()
    path.write_text("\ufeffkind,text\nperson,Eva\norganisation, Het Veerhuis \n", encoding="utf-8")
    assert private_names(study) == [Name("person", "Eva"), Name("organisation", "Het Veerhuis")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("kind,text\n", "the private list of names holds none"),
        ("soort,naam\nperson,Eva\n", "names.csv, row 2: a name that cannot be read"),
        ("kind,text\nperson,Eva\nclient,Guus\n", "names.csv, row 3: a name that cannot be read"),
        ("kind,text\nperson, \n", "names.csv, row 2: a name that cannot be read"),
    ],
)
def test_a_private_list_that_cannot_be_read_is_no_empty_list(
    content: str, message: str, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "names.csv").write_text(content, encoding="utf-8")
    monkeypatch.setenv("LOSTUDY_NAMES", str(tmp_path / "names.csv"))
    with pytest.raises(StudyError) as caught:
        private_names(study)
    assert message in str(caught.value)
    assert "Eva" not in str(caught.value) and "Guus" not in str(caught.value)


def test_the_second_pass_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(StudyError, match=r'pip install "lostudy\[deid\]"'):
        second_pass(["Eva"])


@pytest.mark.skipif(importlib.util.find_spec("deduce") is None, reason="deduce is not installed")
def test_the_second_pass_finds_names_that_no_list_holds() -> None:
    texts = [text for text, _ in corpus()][:12]
    found = second_pass(texts)
    assert len(found) == len(texts)
    assert any(mark.kind == "person" for marks in found for mark in marks)


def test_marks_of_a_second_pass_are_taken_out_too() -> None:
    made = scrub("Hij heet Hendrik.", NAMES, second=lambda _: [Mark(9, 16, "person")])
    assert made.text == "Hij heet [naam]." and made.queue == ()
