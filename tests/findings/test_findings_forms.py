"""Each form in which a finding can be written, in both languages."""

from __future__ import annotations

import pytest

from findings.findings_records import interval, words
from lostudy.errors import StudyError
from lostudy.findings import FORMS, forms_of, judge_limits, text_of
from lostudy.findings.record import KINDS, STATUSES

CHANGE = interval(value=-0.35, low=-0.58, high=-0.12, n=50, signed=True, wording="points_to_fall",
                  text_nl="−0,35 [−0,58; −0,12]", text_en="−0.35 [−0.58, −0.12]")  # fmt: skip


@pytest.mark.parametrize(
    ("form", "dutch", "english"),
    [
        ("", "−0,35 [−0,58; −0,12]", "−0.35 [−0.58, −0.12]"),
        ("value", "−0,35", "−0.35"),
        ("abs", "0,35", "0.35"),
        ("interval", "[−0,58; −0,12]", "[−0.58, −0.12]"),
        ("low", "−0,58", "−0.58"),
        ("high", "−0,12", "−0.12"),
        ("n", "50", "50"),
        ("full", "−0,35 (95%-BI [−0,58; −0,12]; n\xa0=\xa050)",
         "−0.35 (95% CI [−0.58, −0.12], n\xa0=\xa050)"),
        ("label", "Verankering, A", "Embedding, A"),
        ("wording", "wijst op een daling", "points to a fall"),
    ],
)  # fmt: skip
def test_a_change_reads_in_each_form(form: str, dutch: str, english: str) -> None:
    assert text_of(CHANGE, form) == dutch
    assert text_of(CHANGE, form, "en") == english


def test_a_rise_has_its_sign_in_value_only() -> None:
    rise = interval(value=0.35, signed=True)
    assert (text_of(rise, "value"), text_of(rise, "abs")) == ("+0,35", "0,35")


def test_a_count_is_a_whole_number_in_each_form() -> None:
    count = words("number", "1.234", value=1234.0, n=1234, decimals=0)
    assert [text_of(count, form) for form in ("", "value", "abs", "n")] == ["1.234"] * 4


def test_a_quote_has_marks_and_tells_who() -> None:
    who = {"who_nl": "professional, organisatie A", "who_en": "professional, A"}
    quote = words("quote", "wij leren", status="checked", words=who)
    assert text_of(quote) == "‘wij leren’ (professional, organisatie A)"
    assert text_of(quote, "", "en") == "“wij leren” (professional, A)"
    assert text_of(quote, "who") == "professional, organisatie A"
    assert text_of(words("quote", "", status="withdrawn")) == ""


def test_only_a_change_has_a_wording() -> None:
    assert "wording" in forms_of(CHANGE) and "wording" not in forms_of(interval())


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_a_kind_does_not_have_is_no_text(kind: str) -> None:
    assert set(FORMS) == set(KINDS)
    status = STATUSES.get(kind, ("",))[0]
    record = words(kind, status=status) if kind != "interval" else interval()
    with pytest.raises(KeyError):
        text_of(record, "nosuch")


@pytest.mark.parametrize("kind", KINDS)
def test_a_status_belongs_to_its_kind(kind: str) -> None:
    with pytest.raises(StudyError, match="status 'lost' of finding 'lq2"):
        words(kind, status="lost") if kind != "interval" else interval(status="lost")


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(StudyError, match="kind 'picture' of finding 'lq2.picture' is unknown"):
        words("picture")


@pytest.mark.parametrize(
    ("ends", "condition", "at_least", "verdict"),
    [
        ([(3.01, 3.5)], "higher_than", None, "holds"),
        ([(3.0, 3.5)], "higher_than", None, "broken"),
        ([(2.5, 2.99)], "lower_than", None, "holds"),
        ([(2.5, 3.0)], "lower_than", None, "broken"),
        ([(3.1, 3.5), None], "higher_than", None, "too_few"),
        ([(3.1, 3.5), None], "higher_than", 1, "holds"),
        ([(2.1, 3.5), None], "higher_than", 2, "broken"),
        ([], "lower_than", None, "too_few"),
    ],
)
def test_whole_intervals_must_lie_beyond_a_limit(
    ends: list, condition: str, at_least: int | None, verdict: str
) -> None:
    assert judge_limits(ends, condition, 3, at_least) == verdict
