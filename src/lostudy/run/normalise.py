"""An executed notebook without what differs from run to run: times, paths, ids of the machine."""

from __future__ import annotations

from pathlib import Path

import nbformat

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def normalise(path: Path) -> None:
    """Rewrite the notebook at `path`: the same run gives the same bytes."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        kept = {"tags": tags} if tags else {}
        if "en" in cell.metadata:
            kept["en"] = cell.metadata["en"]
        cell.metadata = nbformat.from_dict(kept)
        cell.id = f"cell-{number:02d}"
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
