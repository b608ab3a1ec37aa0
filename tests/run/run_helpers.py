"""Small notebooks and copies of the shipped study for the tests of running."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
PARAMETERS = 'organisation = "all"\nwave = "all"\nlanguage = "nl"'
OPEN = (
    "import lostudy as lo\n\n"
    "study = lo.open_study(organisation=organisation, wave=wave, language=language)\nstudy"
)


def write_notebook(path: Path, *cells: str, prose: str = "# Proef") -> None:
    """A notebook of one text cell, the parameters and the given code cells."""
    parameters = nbformat.v4.new_code_cell(PARAMETERS)
    parameters.metadata["tags"] = ["parameters"]
    made = [
        nbformat.v4.new_markdown_cell(prose),
        parameters,
        *map(nbformat.v4.new_code_cell, cells),
    ]
    notebook = nbformat.v4.new_notebook(cells=made)
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def copy_study(folder: Path) -> Path:
    """study.toml, codebook and deliveries of the shipped study, without notebooks."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "study.toml", folder)
    shutil.copytree(ROOT / "codebook", folder / "codebook")
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    (folder / "notebooks").mkdir()
    return folder
