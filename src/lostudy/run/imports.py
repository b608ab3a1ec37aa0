"""What the notebooks of a study import, so far as it can be imported once for all of them."""

from __future__ import annotations

import ast
import importlib
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

# Packages that start no thread when they are imported: a process with threads cannot be forked.
CALM = ("IPython", "matplotlib", "numpy", "pandas", "scipy", "seaborn", "statsmodels")


def import_for(notebooks: Path) -> None:
    """Import what the notebooks in a folder import; what is not there, they will tell."""
    for name in imported(notebooks.glob("*.ipynb")):
        with suppress(Exception):
            importlib.import_module(name)


def imported(notebooks: Iterable[Path]) -> list[str]:
    """The modules that notebooks import, of the packages that start no thread."""
    names = {
        name
        for path in notebooks
        for source in _sources(path)
        for statement in _statements(source)
        for name in _names(statement)
    }
    return sorted(name for name in names if name.split(".")[0] in CALM)


def _sources(path: Path) -> list[str]:
    with suppress(OSError, ValueError, KeyError, TypeError):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return []


def _statements(source: str) -> Iterator[ast.AST]:
    """The statements of a cell, without its lines for IPython or the system."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!", "?"))]
    with suppress(SyntaxError, ValueError):
        yield from ast.walk(ast.parse("\n".join(lines)))


def _names(statement: ast.AST) -> list[str]:
    if isinstance(statement, ast.Import):
        return [each.name for each in statement.names]
    if isinstance(statement, ast.ImportFrom) and not statement.level and statement.module:
        return [statement.module]
    return []
