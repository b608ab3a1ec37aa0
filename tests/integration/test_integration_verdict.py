"""The verdict of the joint display: a rule, in every combination of what may come in."""

from __future__ import annotations

import itertools

import pytest

from lostudy.errors import LostudyError
from lostudy.integration import VERDICTS, verdict

WORDINGS = (
    "rose",
    "points_to_rise",
    "fell",
    "points_to_fall",
    "no_noteworthy_change",
    "too_uncertain",
    "",
)
BANDS = ("", "none", "some", "several", "most")
VALENCES = ("works", "works_not", "mixed", "unknown", "")


def test_every_combination_has_one_verdict() -> None:
    for wording, band, valence, asked, measured in itertools.product(
        WORDINGS, BANDS, VALENCES, (True, False), (True, False)
    ):
        found = verdict(wording, band, valence, asked=asked, measured=measured)
        assert found in VERDICTS
        if not asked:
            assert found == "not_asked", "what was not asked is no silence"
        elif not measured or band in ("", "none"):
            assert found == "silence"
        else:
            assert found in ("confirms", "adds", "contradicts")


@pytest.mark.parametrize("wording", ["rose", "points_to_rise"])
def test_a_rise_and_what_works_confirm_each_other(wording: str) -> None:
    assert verdict(wording, "some", "works", asked=True, measured=True) == "confirms"
    assert verdict(wording, "some", "works_not", asked=True, measured=True) == "contradicts"
    assert verdict(wording, "some", "mixed", asked=True, measured=True) == "adds"


@pytest.mark.parametrize("wording", ["fell", "points_to_fall"])
def test_a_fall_and_what_does_not_work_confirm_each_other(wording: str) -> None:
    assert verdict(wording, "most", "works_not", asked=True, measured=True) == "confirms"
    assert verdict(wording, "most", "works", asked=True, measured=True) == "contradicts"


def test_no_change_and_mixed_voices_agree() -> None:
    found = verdict("no_noteworthy_change", "several", "mixed", asked=True, measured=True)
    assert found == "confirms"


def test_uncertainty_contradicts_nobody() -> None:
    for valence in VALENCES:
        assert verdict("too_uncertain", "most", valence, asked=True, measured=True) == "adds"


def test_the_rule_mirrors() -> None:
    """Turning both sides round changes no verdict."""
    turned = {"rose": "fell", "points_to_rise": "points_to_fall", "works": "works_not"}
    turned = {**turned, **{value: key for key, value in turned.items()}}
    for wording, valence in itertools.product(WORDINGS, VALENCES):
        assert verdict(wording, "most", valence, asked=True, measured=True) == verdict(
            turned.get(wording, wording),
            "most",
            turned.get(valence, valence),
            asked=True,
            measured=True,
        )


@pytest.mark.parametrize(("words", "says"), [
    (("rises", "most", "works"), "wording 'rises' does not exist"),
    (("rose", "many", "works"), "band 'many' does not exist"),
    (("rose", "most", "werkt"), "valence 'werkt' does not exist"),
])
def test_a_word_that_does_not_exist_is_refused(words: tuple[str, str, str], says: str) -> None:
    with pytest.raises(LostudyError, match=says):
        verdict(*words, asked=True, measured=True)
