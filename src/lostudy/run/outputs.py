"""What of an executed notebook may stand under reports/: what lostudy protected, and nothing else.

A cell can show anything: a frame with rows of people, a printed list, a picture drawn by hand.
Outputs that lostudy did not make are taken out of the notebook that is published, and a line says
so; the whole notebook stays under data/, which never leaves.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lostudy.findings.registry import LINES, read_lines
from lostudy.formats import FIGURE_TYPE
from lostudy.run.identity import ours
from lostudy.words import word

KINDS = ("text/plain", "text/html", "image/png", FIGURE_TYPE)


def publishable(path: Path, whole: Path, language: str) -> tuple[int, ...]:
    """Take out of the notebook at `path` what was not protected; the numbers of those cells.

    Where anything is taken out, the notebook as it was is kept at `whole`, under data/.
    """
    notebook = nbformat.read(path, as_version=4)
    before = nbformat.writes(notebook)
    cells = [
        number
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and _cleared(cell, language)
    ]
    whole.unlink(missing_ok=True)
    if cells:
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(before + "\n", encoding="utf-8")
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return tuple(cells)


def put_aside(folder: Path, notebook: str, place: Path) -> tuple[str, ...]:
    """Move to `place` what a notebook wrote into its folder by itself; the names of these files.

    What lostudy wrote there are the findings, and the files that they name.
    """
    shutil.rmtree(place, ignore_errors=True)
    own = {Path(file).name for line in read_lines(folder) for file in line["files"].values()}
    strays = []
    for path in sorted(each for each in folder.rglob("*") if not each.is_dir()):
        name = path.relative_to(folder)
        ours = name.parts[0] == "figures" and len(name.parts) == 2 and path.name in own
        if not ours and name.as_posix() not in (notebook, LINES):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, place / name)
            strays.append(name.as_posix())
    return tuple(strays)


def _cleared(cell: NotebookNode, language: str) -> bool:
    """Whether something was taken out of a cell; what stays has known kinds of data only."""
    kept = [output for output in cell.outputs if _ours(output)]
    if len(kept) == len(cell.outputs):
        return False
    said = {"text/plain": word("output_left_out", language)}
    cell.outputs = [*kept, nbformat.v4.new_output("display_data", data=said)]
    return True


def _ours(output: NotebookNode) -> bool:
    """Whether an output is of lostudy, and holds known kinds of data only."""
    data = output.get("data", {})
    return bool(data) and all(kind in KINDS for kind in data) and ours(data)
