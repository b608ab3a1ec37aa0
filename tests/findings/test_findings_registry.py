"""Findings: names, conditions, one registry without doubles, and what changed in words."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from lostudy.errors import RunError, StudyError
from lostudy.findings import (
    CONDITIONS,
    Finding,
    append,
    finding_id,
    judge,
    read_registry,
    write_registry,
)
from lostudy.findings.registry import read_lines
from lostudy.statistics.judging import wording as strongest

WORDINGS = (
    "rose",
    "fell",
    "points_to_rise",
    "points_to_fall",
    "no_noteworthy_change",
    "too_uncertain",
    "",
)


def made(name: str = "lq2.VA.A", **change: object) -> Finding:
    facts = {
        "kind": "interval",
        "question": "lq2",
        "organisation": "A",
        "value": 3.45,
        "low": 3.1,
        "high": 3.8,
        "n": 45,
        "unit": "schaalpunten, 1–5",
        "text_nl": "3,45",
        "text_en": "3.45",
        "method": "mean",
        "notebook": "20-lq2/all",
    }
    return Finding(id=name, **{**facts, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize("parts", [("lq2", "VA", "A"), ("lq2",), ("a", "", "b_1")])
def test_a_name_is_its_parts(parts: tuple[str, ...]) -> None:
    assert finding_id(*parts) == ".".join(part for part in parts if part)


@pytest.mark.parametrize("name", ["", "LQ2.VA", "lq2..VA", "lq2 VA", "lq2.VA.", "lq2.é", ".lq2"])
def test_a_name_that_word_or_a_shell_would_break_is_refused(name: str) -> None:
    with pytest.raises(StudyError) as caught:
        finding_id(name)
    assert str(caught.value) == (
        f"'{name}' is no name of a finding. To do: use letters, digits and _, joined with dots"
    )


def test_a_name_has_at_most_fifty_two_characters() -> None:
    assert finding_id("a" * 52) == "a" * 52
    with pytest.raises(StudyError, match="has a name of 53 characters. To do: use at most 52"):
        finding_id("a" * 53)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_claim_about_one_holds_breaks_or_cannot_be_said(condition: str) -> None:
    for word in WORDINGS:
        expected = (
            "too_few" if word == "" else "holds" if word in CONDITIONS[condition] else "broken"
        )
        assert judge([word], condition) == expected


@pytest.mark.parametrize("at_least", [1, 2, 3, 4])
def test_a_claim_about_several_is_judged_as_if_the_hidden_could_be_either(at_least: int) -> None:
    """By brute force over what the hidden organisations may be."""
    for words in itertools.product(["rose", "fell", ""], repeat=4):
        gaps = words.count("")
        sure = words.count("rose")
        outcomes = {sure + more >= at_least for more in range(gaps + 1)}
        expected = "too_few" if len(outcomes) == 2 else "holds" if outcomes == {True} else "broken"
        assert judge(words, "rises", at_least) == expected, words


def test_without_a_number_it_must_be_true_of_all() -> None:
    assert judge(["rose", "rose"], "rises") == "holds"
    assert judge(["rose", "too_uncertain"], "rises") == "broken"


def test_nothing_to_judge_is_nothing_said() -> None:
    assert judge([], "rises") == "too_few"


def test_an_unknown_condition_lists_the_known_ones() -> None:
    with pytest.raises(StudyError) as caught:
        judge(["rose"], "grows")
    assert str(caught.value) == (
        "condition 'grows' does not exist. To do: one of: "
        "rises, falls, no_noteworthy_change, too_uncertain, higher_than, lower_than"
    )


def test_conditions_know_every_word_of_the_ladder() -> None:
    assert {word for words in CONDITIONS.values() for word in words} == set(WORDINGS) - {""}
    assert callable(strongest)


def test_lines_of_a_notebook_come_back(tmp_path: Path) -> None:
    append(tmp_path, [made("a.b")])
    append(tmp_path, [made("a.c", text_nl="Δ ≥ 0,3")])
    assert [record["id"] for record in read_lines(tmp_path)] == ["a.b", "a.c"]
    assert read_lines(tmp_path)[1]["text_nl"] == "Δ ≥ 0,3"
    assert read_lines(tmp_path / "elsewhere") == []


def test_the_registry_is_the_same_in_any_order(tmp_path: Path) -> None:
    records = [made(name).as_dict() for name in ("b.x", "a.x", "c.x")]
    assert write_registry(tmp_path / "findings.json", records) == 3
    first = (tmp_path / "findings.json").read_bytes()
    write_registry(tmp_path / "findings.json", records[::-1])
    assert (tmp_path / "findings.json").read_bytes() == first
    assert list(read_registry(tmp_path)) == ["a.x", "b.x", "c.x"]


def test_one_name_written_twice_is_an_error_with_both_writers(tmp_path: Path) -> None:
    records = [made("a.x").as_dict(), made("a.x", notebook="30-lq3/all").as_dict()]
    with pytest.raises(RunError) as caught:
        write_registry(tmp_path / "findings.json", records)
    assert str(caught.value) == (
        "finding 'a.x' is written by 20-lq2/all and by 30-lq3/all. "
        "To do: give one of them another id"
    )
    assert not (tmp_path / "findings.json").exists()


def test_without_a_run_there_are_no_findings(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="there are no findings yet"):
        read_registry(tmp_path)


def test_a_record_is_plain_json() -> None:
    record = made(evidence=("abc",), parameters={"wave": "all"}).as_dict()
    assert json.loads(json.dumps(record)) == record


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_a_quote_that_was_not_cleared_leaves_no_word_in_the_registry(
    status: str, tmp_path: Path
) -> None:
    said = made("lq2.quote.a1", kind="quote", status=status, text_nl="wat iemand zei",
                text_en="what somebody said", words={"who_nl": "professional"})  # fmt: skip
    write_registry(tmp_path / "findings.json", [said.as_dict()])
    text = (tmp_path / "findings.json").read_text(encoding="utf-8")
    assert "iemand" not in text and "somebody" not in text and "professional" not in text
    assert read_registry(tmp_path)["lq2.quote.a1"]["status"] == status


def test_a_checked_quote_keeps_its_words(tmp_path: Path) -> None:
    said = made("lq2.quote.a1", kind="quote", status="checked", text_nl="wat iemand zei")
    write_registry(tmp_path / "findings.json", [said.as_dict()])
    assert read_registry(tmp_path)["lq2.quote.a1"]["text_nl"] == "wat iemand zei"


def test_nothing_half_written_takes_the_place_of_a_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_registry(tmp_path / "findings.json", [made("a.x").as_dict()])
    before = (tmp_path / "findings.json").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="no space left"):
        write_registry(tmp_path / "findings.json", [made("a.y").as_dict()])
    assert (tmp_path / "findings.json").read_bytes() == before
