"""Sentences of findings: no causes, and no verb of the ladder that the data did not pick."""

from __future__ import annotations

import pytest

from lostudy.findings.sentences import sentence_problems

CAUSAL = {
    "nl": [
        "Leren {wording} door de nieuwe leiding.", "De leiding leidde tot meer leren.",
        "Dankzij intervisie {wording} het leren.", "Dit zorgde ervoor dat het leren {wording}.",
        "De scholing heeft invloed op het leren.", "Het leren {wording}, waardoor teams groeien.",
        "Dat is een gevolg van de werkdruk.", "De werkdruk beïnvloedt het leren.",
        "Als gevolg van de scholing {wording} het leren.",
    ],
    "en": [
        "The training led to learning.", "Learning {wording} because of the training.",
        "Learning {wording} due to {organisation}.", "The effect of training on learning.",
        "The training caused it.", "It resulted in more learning.", "Training affects learning.",
    ],
}  # fmt: skip
STRONG = {
    "nl": ["Het leren steeg in {organisation}.", "Het leren is toegenomen.", "Leren nam sterk af."],
    "en": ["Learning rose in {organisation}.", "Learning has improved.", "Learning declined."],
}
FINE = {
    "nl": [
        "Leren {wording} in {organisation} ({estimate} punt, 95%-BI {interval}).",
        "In {k} van {all} wijst het op een stijging; tegelijk met meer intervisie.",
        "De doorlooptijd ging samen met wat mensen vertellen over doorgaan en voordoen.",
        "Waarom het {wording} is niet te zeggen: er is geen controlegroep.",
    ],
    "en": [
        "Learning {wording} in {organisation} ({estimate} points, 95% CI {interval}).",
        "In {k} of {all} it points to a rise, alongside talk of review and of leading by example.",
        "Outdoor learning went together with safety.",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(lang, text) for lang, texts in CAUSAL.items() for text in texts]
)
def test_a_cause_is_refused(language: str, text: str) -> None:
    found = sentence_problems(text, language, "lq1.x")
    assert found and "there is no control group" in found[0].what
    assert found[0].file == "finding lq1.x"


@pytest.mark.parametrize(
    ("language", "text"), [(lang, text) for lang, texts in STRONG.items() for text in texts]
)
def test_a_verb_of_the_ladder_outside_its_slot_is_refused(language: str, text: str) -> None:
    found = sentence_problems(text, language)
    assert found and found[0].cure == "write {wording} there: the evidence picks the word"


@pytest.mark.parametrize(
    ("language", "text"), [(lang, text) for lang, texts in FINE.items() for text in texts]
)
def test_what_was_seen_may_be_said(language: str, text: str) -> None:
    assert sentence_problems(text, language) == []


@pytest.mark.parametrize(
    "text", ["De leiders van B gaven 3 en 2.", "Leiders: 3,5", "over 12 %", "schaal (1-5)", "20266"]
)
def test_a_number_comes_by_a_slot(text: str) -> None:
    (found,) = sentence_problems(text, "nl")
    assert found.what == "a number stands there that no protected result gives"


@pytest.mark.parametrize(
    "text", ["In 2026 {wording}.", "95%-BI {interval}, 90 % CI", "T0 en T2 van B4, lq2: {k}"]
)
def test_years_levels_and_names_are_no_results(text: str) -> None:
    assert sentence_problems(text, "nl") == []


def test_a_word_in_a_slot_is_no_word_of_the_sentence() -> None:
    assert sentence_problems("{rose} in {door}", "nl") == []


def test_every_problem_is_told_at_once_and_each_word_once() -> None:
    found = sentence_problems("Het steeg door scholing en door leiding.", "nl")
    assert [each.what.split("'")[1] for each in found] == ["door", "steeg"]
