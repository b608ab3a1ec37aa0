"""The page on findings names every field, form and state that the code has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from lostudy.findings import FORMS, Finding
from lostudy.publish.states import FAILING, STATES, STRICT

PAGE = (Path(__file__).parents[2] / "docs" / "reference-findings.md").read_text(encoding="utf-8")


def rows(title: str) -> list[list[str]]:
    text = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert text, title
    lines = [line.strip("|").split(" | ") for line in text[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines[2:]]


def test_every_field_of_the_record_is_named() -> None:
    said = {name for row in rows("The record") for name in re.findall("`([^`]+)`", row[0])}
    assert said == {each.name for each in fields(Finding)}


def test_every_form_of_every_kind_is_named() -> None:
    said = {row[0]: re.findall(r"`(\w+)`", row[1].partition("(around")[0]) for row in rows("Forms")}
    assert said == {kind: list(forms) for kind, forms in FORMS.items()}


def test_every_state_is_named_with_what_it_stops() -> None:
    said = {row[0].strip("`"): row[2] for row in rows("States in a document")}
    assert list(said) == list(STATES)
    for state, stops in said.items():
        expected = "check" if state in FAILING else "strict" if state in STRICT else "nothing"
        assert stops.startswith(expected), state
