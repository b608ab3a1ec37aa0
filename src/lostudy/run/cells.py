"""What a notebook says: its code by meaning, and its text; an executed notebook with newer text.

Code decides what is run. Text (prose, comments, layout) is put into the notebook that was executed,
between the same cells with their outputs.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import tokenize
from functools import lru_cache
from pathlib import Path
from typing import Any

INJECTED = "injected-parameters"
Cell = dict[str, Any]
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}


def code_cells(notebook: Path) -> str:
    """The code and tags of a notebook, without outputs, prose, comments and layout."""
    return _code(notebook.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _code(notebook: str) -> str:
    return json.dumps([_meant(cell) for cell in _given(json.loads(notebook)["cells"])])


def text_of(notebook: Path) -> str:
    """A hash over what a notebook says in its cells, as they are written, without outputs."""
    return _text(notebook.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _text(notebook: str) -> str:
    said = [
        [cell["cell_type"], _source(cell), cell["metadata"].get("en", ""), _tags(cell),
         cell.get("attachments", {})]
        for cell in json.loads(notebook)["cells"]
        if INJECTED not in _tags(cell)
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def takes_parameters(notebook: Path) -> bool:
    """Whether a notebook has a cell with the tag `parameters`."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return any("parameters" in _tags(cell) for cell in cells)


def matches(executed: Path, notebook: Path) -> bool:
    """Whether the notebook that was executed has the code of this one, cell by cell."""
    ran, here = (
        json.loads(path.read_text(encoding="utf-8"))["cells"] for path in (executed, notebook)
    )
    return [*map(_meant, _given(ran))] == [*map(_meant, _given(here))]


def renew(executed: Path, notebook: Path) -> None:
    """Put the text of a notebook into the executed one, which has the same code."""
    import nbformat

    from lostudy.run.normalise import normalise

    ran, here = nbformat.read(executed, as_version=4), nbformat.read(notebook, as_version=4)
    facts = ran.metadata.get("lostudy", {})
    ran.cells = _joined(ran.cells, here.cells)
    beside = executed.with_name(executed.name + ".new")
    beside.write_text(nbformat.writes(ran), encoding="utf-8")
    normalise(beside, facts)
    beside.replace(executed)


def _joined(ran: list[Cell], here: list[Cell]) -> list[Cell]:
    """The cells `here` with what those that `ran` gave; the parameters of the run stay in place."""
    injected = [cell for cell in ran if INJECTED in _tags(cell)]
    place = len(_given(ran[: ran.index(injected[0])])) if injected else -1
    waiting, marked = iter(_given(ran)), any(INJECTED in _tags(cell) for cell in here)
    made = [*injected] if place == 0 and not marked else []
    seen = 0
    for cell in here:
        if INJECTED in _tags(cell):
            made += injected
            continue
        made.append(cell)
        if cell["cell_type"] == "code":
            known = next(waiting)
            cell["outputs"], cell["execution_count"] = known["outputs"], known["execution_count"]
            seen += 1
            made += injected if seen == place and not marked else []
    return made


def _given(cells: list[Cell]) -> list[Cell]:
    """The cells of code that an author wrote."""
    return [
        cell for cell in cells if cell["cell_type"] == "code" and INJECTED not in _tags(cell)
    ]


def _meant(cell: Cell) -> list[Any]:
    """A cell of code as Python understands it, whether it hides its last value, and its tags."""
    return [_meaning(_source(cell)), _tags(cell)]


def _meaning(source: str) -> str:
    """Code as Python understands it; as written where it is more than Python (a magic).

    A semicolon at the end hides the last value in a notebook.

    >>> _meaning("1 + 1") == _meaning("1  +  1  # two"), _meaning("1 + 1") == _meaning("1 + 1;")
    (True, False)
    """
    try:
        return ast.dump(ast.parse(source)) + ";" * _hides(source)
    except (SyntaxError, ValueError):
        return source


def _hides(source: str) -> bool:
    """Whether the last thing that stands in a cell is a semicolon."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    said = [token.string for token in tokens if token.type not in SILENT]
    return bool(said) and said[-1] == ";"


def _source(cell: Cell) -> str:
    return "".join(cell["source"])


def _tags(cell: Cell) -> list[str]:
    return sorted(cell["metadata"].get("tags", []))
