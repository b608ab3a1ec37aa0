"""The reference of the statistics is the code: nothing left out, every example runs as printed."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import inspect
import re
import typing
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from lostudy import statistics

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "src" / "lostudy" / "statistics"
NAMES = [name for modules in statistics.SUBJECTS.values() for names in modules.values()
         for name in names]  # fmt: skip
FUNCTIONS = [name for name in NAMES if inspect.isfunction(getattr(statistics, name))]
ENGINES = {
    "blocks", "columns", "cumulative", "design", "estimates", "factor_errors", "factor_table",
    "fit_measures", "kenward", "likelihood", "onefactor", "patterns", "polychoric_errors",
    "scaling", "structure",
}  # fmt: skip
PARTS = {
    "specifications": {"spread_evenly"},
    "agreement": {"counts_of", "units_of", "sorted_values"},
    "bootstrap": {"resampled", "drawn_counts"},
    "by_code": {"CodeSums", "sums_by_unit", "sums_by_character"}, "units": {"Marks", "steps"},
    "unitizing": {"merged"},
    "describe": {"groups_of"}, "everyone": {"cell_design"},
    "factor": {"check_choices", "moments_of", "start_loadings", "no_fit", "finish"},
    "mixed": {"State"}, "reliability": {"covariances", "problem_of", "alpha_of", "omega_of"},
    "polychorics": {"correlation", "bivariate_cells", "density_cells", "bivariate_normal"},
}  # fmt: skip


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs/make_reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "reference-statistics.md").read_text(encoding="utf-8")
    assert page == maker().reference(), "run `python docs/make_reference.py`"


def public(path: Path) -> set[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")}  # fmt: skip


@pytest.mark.parametrize("path", sorted(ROOM.glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_everything_public_is_on_the_page_or_is_a_part_of_an_engine(path: Path) -> None:
    if path.stem in ENGINES:
        return
    listed = {name for modules in statistics.SUBJECTS.values()
              for name in modules.get(path.stem, ())}  # fmt: skip
    result = {statistics.RESULTS[path.stem]} if path.stem in statistics.RESULTS else set()
    assert public(path) == listed | result | PARTS.get(path.stem, set())


def test_no_name_stands_twice_and_none_hides_a_module() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert not set(NAMES) & {path.stem for path in ROOM.glob("*.py")}
    assert set(statistics.__all__) == {*NAMES, *statistics.RESULTS.values()}


def example(name: str) -> str:
    text = inspect.getdoc(getattr(statistics, name)) or ""
    return "\n".join(text.splitlines())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_runs_with_nothing_but_the_public_names(name: str) -> None:
    """As a reader would type it: numpy, pandas and the names of the page."""
    known = {each: getattr(statistics, each) for each in statistics.__all__}
    test = doctest.DocTestParser().get_doctest(
        example(name), {**known, "np": np, "pd": pd}, name, None, 0
    )
    assert test.examples, "a public function shows an example"
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=lambda text: None)
    assert runner.failures == 0, name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_every_parameter_is(name: str) -> None:
    """By its name in the text, or among the words that mean the same everywhere."""
    function = getattr(statistics, name)
    text = (inspect.getdoc(function) or "").split(">>>")[0]
    everywhere = {each for names in maker().PARAMETERS for each in names.split(", ")}
    for parameter in inspect.signature(function).parameters:
        said = re.search(rf"\b{re.escape(parameter)}\b", text)
        assert said or parameter in everywhere, f"{name}: {parameter}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_that_returns_rows_names_its_columns(name: str) -> None:
    function = getattr(statistics, name)
    text = (inspect.getdoc(function) or "").split(">>>")[0]
    returned = typing.get_type_hints(function).get("return")
    if returned is pd.DataFrame:
        named = re.search(r"[Cc]olumns?\b|k x k|as there|rows, a column|[a-z], n, method", text)
        assert named or "method, note" in text, name


def test_a_name_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(AttributeError, match="lostudy.statistics has no 'anova'; it has: CfaFit,"):
        statistics.anova  # noqa: B018
