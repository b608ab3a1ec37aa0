"""The reference pages name every key, column, target, status and rule that the code has."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import get_args

import pytest

import lostudy as lo
from lostudy.cleaning.tables import TABLES
from lostudy.findings import CONDITIONS
from lostudy.study import codebook, corrections
from lostudy.study.checks import FIELDS
from lostudy.study.declaration import Declaration
from lostudy.study.model import (
    STATUSES,
    About,
    Background,
    Cleaning,
    DeliveryFile,
    Disclosure,
    Organisation,
    Plan,
    Question,
    Specification,
    Wave,
)

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SECTIONS = {
    "study": About,
    "organisations": Organisation,
    "waves": Wave,
    "questions": Question,
    "background": Background,
    "deliveries": DeliveryFile,
    "plan": Plan,
    "cleaning": Cleaning,
    "disclosure": Disclosure,
}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(name: str, title: str) -> str:
    """The text under the heading that begins with `title`."""
    found = re.search(
        rf"^## {re.escape(title)}(?!\w).*?$(.*?)(?=^## |\Z)", page(name), re.MULTILINE | re.DOTALL
    )
    assert found, f"{name} has no section {title}"
    return found[1]


def first_cells(text: str) -> set[str]:
    """What stands between backticks in the first column of the tables of a text."""
    cells = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_section_of_a_declaration_has_a_heading() -> None:
    assert set(SECTIONS) == set(Declaration.model_fields)


@pytest.mark.parametrize("name", SECTIONS)
def test_the_keys_of_a_section_are_those_of_the_model(name: str) -> None:
    brackets = ("[[", "]]") if name in ("organisations", "waves", "questions", "background",
                                        "deliveries") else ("[", "]")  # fmt: skip
    text = section("reference-study-toml.md", name.join(brackets))
    assert first_cells(text) == set(SECTIONS[name].model_fields)


@pytest.mark.parametrize("name", ["plan", "cleaning", "disclosure"])
def test_the_defaults_shown_are_those_of_the_model(name: str) -> None:
    text = section("reference-study-toml.md", f"[{name}]")
    shown = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", text, re.MULTILINE))
    words = {"none": None, "empty": "", "true": True, "none listed": (), "no rows": (),
             "1/3": 1 / 3, "all": get_args(Specification)}  # fmt: skip
    for key, field in SECTIONS[name].model_fields.items():
        listed = tuple(shown[key].split(", "))
        said = words.get(shown[key], listed)
        assert said == field.default or (len(listed) == 1 and float(said[0]) == field.default), key


def test_every_specification_of_a_plan_is_explained() -> None:
    text = section("reference-study-toml.md", "[plan]").split("| specification |")[1]
    listed = re.findall(r"^\| ([a-z_]+(?:, [a-z_]+)*) \| ", text, re.MULTILINE)
    assert [name for row in listed for name in row.split(", ")] == list(get_args(Specification))


def test_every_column_of_the_codebook_is_named() -> None:
    text = page("reference-study-toml.md")
    parts = (codebook.ITEM_COLUMNS, codebook.SCALE_COLUMNS, codebook.LABEL_COLUMNS,
             codebook.CODE_COLUMNS, corrections.CORRECTION_COLUMNS)  # fmt: skip
    for columns in parts:
        assert ", ".join(columns) in text


@pytest.mark.parametrize("table", TABLES)
def test_the_columns_of_a_table_are_those_of_the_code(table: str) -> None:
    assert first_cells(section("reference-tables.md", table)) == set(TABLES[table])


def test_every_target_and_status_of_a_crosswalk_is_named() -> None:
    targets = first_cells(section("reference-crosswalk.md", "Targets"))
    assert targets == set(FIELDS)
    text = section("reference-crosswalk.md", "Status")
    assert re.findall(r"^\| (\w+) \| ", text, re.MULTILINE)[1:] == list(STATUSES)


def test_every_rule_that_the_code_names_is_explained() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src/lostudy/cleaning").glob("*.py")
    )
    used = set(re.findall(r'"(C\d+)"', code))
    rows = set(re.findall(r"^\| (C\d+) \|", section("rules.md", "What is done"), re.MULTILINE))
    assert used - rows == set()


def test_every_call_of_a_notebook_is_named_with_its_arguments() -> None:
    rows = re.findall(r"^\| `lo\.(\w+)\(([^)]*)\)`", page("reference-notebook.md"), re.MULTILINE)
    said = {name: arguments.split(", ") for name, arguments in rows}
    known = {name: inspect.signature(getattr(lo, name)).parameters for name in lo.__all__}
    assert said == {name: list(arguments) for name, arguments in known.items()}
    assert all(f"`{condition}`" in page("reference-notebook.md") for condition in CONDITIONS)
