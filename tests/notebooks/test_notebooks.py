"""The notebooks: short, without definitions, executed on simulated data, and compared by nbval."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
QUESTIONS = [path for path in NOTEBOOKS if "-lq" in path.name]
EXAMPLES = sorted((ROOT / "examples").glob("*/notebooks/*.ipynb"))


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_the_notebooks_are_there() -> None:
    assert names(NOTEBOOKS) == [
        "00-response.ipynb", "01-measurement.ipynb", "02-coding.ipynb", "10-lq1.ipynb",
        "20-lq2.ipynb", "30-lq3.ipynb", "40-synthesis.ipynb", "50-own.ipynb",
    ]  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names(NOTEBOOKS))
def test_a_notebook_has_about_a_dozen_cells(path: Path) -> None:
    assert 7 <= len(nbformat.read(path, as_version=4).cells) <= 17


@pytest.mark.parametrize("path", [*NOTEBOOKS, *EXAMPLES], ids=names([*NOTEBOOKS, *EXAMPLES]))
def test_a_cell_defines_nothing_imports_only_lostudy_and_ends_in_no_semicolon(path: Path) -> None:
    for cell in cells(path, "code"):
        assert len(cell.source.splitlines()) <= 6
        assert not cell.source.rstrip().endswith(";")
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(
                node, (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)
            )
            if isinstance(node, ast.Import):
                assert [alias.name for alias in node.names] == ["lostudy"]
            assert not isinstance(node, ast.ImportFrom)


@pytest.mark.parametrize("path", [*NOTEBOOKS, *EXAMPLES], ids=names([*NOTEBOOKS, *EXAMPLES]))
def test_the_parameters_are_literals_in_a_tagged_cell(path: Path) -> None:
    tagged = [cell for cell in cells(path, "code") if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    found = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(tagged[0].source).body
    }  # type: ignore[attr-defined]
    assert set(found) == {"organisation", "wave", "language"}
    assert (found["organisation"], found["wave"]) == ("all", "all")


@pytest.mark.parametrize("path", [*NOTEBOOKS, *EXAMPLES], ids=names([*NOTEBOOKS, *EXAMPLES]))
def test_prose_stands_in_two_languages_and_holds_no_results(path: Path) -> None:
    for cell in cells(path, "markdown"):
        assert cell.metadata.get("en")
        allowed = cell.source.replace("0,60", "").replace("leervraag", "")
        assert not any(character.isdigit() for character in allowed), cell.source


@pytest.mark.parametrize("path", QUESTIONS, ids=names(QUESTIONS))
def test_a_question_notebook_is_titled_with_the_question_word_for_word(path: Path) -> None:
    from lostudy.study import load_study

    study = load_study(ROOT)
    question = study.question(path.stem.split("-")[1])
    title = cells(path, "markdown")[0]
    assert title.source.splitlines()[0] == f"# {question.text('nl')}"
    assert title.metadata["en"].splitlines()[0] == f"# {question.text('en')}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names(NOTEBOOKS))
def test_every_code_cell_was_executed_and_every_output_says_what_it_is(path: Path) -> None:
    """A notebook without outputs would pass nbval vacuously."""
    for cell in cells(path, "code"):
        if "parameters" in cell.metadata.get("tags", []):
            continue
        assert cell.execution_count and cell.outputs, cell.source
        for output in cell.outputs:
            text = "".join(output["data"]["text/plain"])
            assert "gesimuleerd" in text, cell.source


@pytest.mark.parametrize("path", EXAMPLES, ids=names(EXAMPLES))
def test_notebooks_of_real_data_are_committed_without_outputs(path: Path) -> None:
    assert not any(cell.outputs for cell in cells(path, "code"))


def nbval(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        str(path),
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in ("study.toml",):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("codebook", "data/raw"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "01-measurement.ipynb", tmp_path / "notebooks")
    return tmp_path / "notebooks" / "01-measurement.ipynb"


def test_nbval_accepts_the_committed_numbers_and_sees_a_changed_table_and_a_changed_figure(
    copied: Path,
) -> None:
    accepted = nbval(copied, copied.parents[1])
    assert accepted.returncode == 0, accepted.stdout[-2000:]
    text = copied.read_text(encoding="utf-8")
    assert "alfa" in text
    notebook = nbformat.read(copied, as_version=4)
    changed = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output["data"]
            if "image/png" in data:
                figure = "".join(data["text/plain"])
                data["text/plain"] = figure[:-1] + str(
                    (int(figure[-1]) + 1) % 10 if figure[-1].isdigit() else 0
                )
                changed += 1
            elif "0,7" in "".join(data["text/plain"]):
                data["text/plain"] = "".join(data["text/plain"]).replace("0,7", "0,6", 1)
                changed += 1
    assert changed >= 2
    copied.write_text(nbformat.writes(notebook), encoding="utf-8")
    refused = nbval(copied, copied.parents[1])
    assert refused.returncode == 1
    assert f"{changed} failed" in refused.stdout
