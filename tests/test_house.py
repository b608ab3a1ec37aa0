"""The house keeps its shape: directions of imports, public names, sizes, words."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lostudy
from lostudy import analysis

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "lostudy"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE = 350
KNOWN_LONG = {
    "cli.py",
    "statistics/agreement.py",
    "cleaning/harmonise.py",
    "cleaning/conversations.py",
    "study/checks.py",
}


def test_data_flow_one_way_through_the_rooms() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_public_names_are_the_verbs_of_a_notebook() -> None:
    types = {"Result", "View"}
    assert set(lostudy.__all__) == set(analysis.__all__) - types
    assert lostudy.__all__ == sorted(lostudy.__all__)
    for name in lostudy.__all__:
        assert getattr(lostudy, name) is getattr(analysis, name)


def test_a_name_that_does_not_exist_lists_those_that_do() -> None:
    with pytest.raises(AttributeError) as caught:
        lostudy.plot_radar  # noqa: B018
    assert str(caught.value).startswith("lostudy has no 'plot_radar'; it has: agreement, ")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_is_small_and_finished(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    name = module.relative_to(SOURCE).as_posix()
    lines = text.count("\n")
    assert lines <= LONGEST_FILE or name in KNOWN_LONG, f"{lines} lines: look for a second subject"
    assert not re.search(r"raise NotImplementedError|\bTODO\b|\bFIXME\b|\bXXX\b", text)
    assert module.name not in ("utils.py", "helpers.py", "misc.py", "common.py")


def public_functions(tree: ast.Module) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            found.append(node)
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_everything_public_says_what_it_is(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body, "a module begins with what it is for"
    silent = [node.name for node in public_functions(tree) if not ast.get_docstring(node)]  # type: ignore[attr-defined,arg-type]
    assert not silent


def test_no_room_is_a_junk_drawer() -> None:
    assert not [path for path in MODULES if path.stem in ("utils", "utilities", "helper")]


def imported_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("statement", ["import lostudy", "import lostudy.cli"])
def test_the_command_line_starts_without_the_heavy_libraries(statement: str) -> None:
    heavy = {"pandas", "matplotlib", "scipy", "statsmodels", "papermill", "seaborn"}
    assert not heavy & imported_by(statement)


def test_matplotlib_is_used_without_its_global_settings() -> None:
    shell = "shell.py"  # in it notebooks draw as their authors like: it asks whether they do
    for module in (each for each in MODULES if each.name != shell):
        text = module.read_text(encoding="utf-8")
        assert "pyplot" not in text, f"{module.name}: pyplot keeps figures in a global list"
        assert "rcParams[" not in text and "plt." not in text


def test_sizes_of_functions_stay_readable() -> None:
    """About ten lines; ours are seldom over forty (docstring and arguments left out)."""
    rooms = ("disclosure", "integration", "figures", "findings", "analysis", "publish")
    long = []
    for room in rooms:
        for module in (SOURCE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    told = ast.get_docstring(node) and node.body[1:]
                    first = node.body[1] if told else node.body[0]
                    if (node.end_lineno or 0) - first.lineno + 1 > 40:
                        long.append(f"{room}/{module.name}: {node.name}")
    assert not long


def test_words_have_both_languages_and_the_same_slots() -> None:
    from lostudy.words import WORDS

    for key, pair in WORDS.items():
        assert all(pair), key
        assert pair[0].count("{}") == pair[1].count("{}"), key
