"""An executed notebook without what differs from run to run: times, paths, ids of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


MOST = 1_000_000  # characters that a cell prints; what comes after is left out


def normalise(path: Path, facts: Mapping[str, str] | None = None) -> None:
    """Rewrite the notebook at `path`: the same run gives the same bytes.

    `facts`: which run it is, for the notebook to carry; `lostudy.run.identity` reads them.
    """
    notebook = nbformat.read(path, as_version=4)
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    own = {"lostudy": dict(facts)} if facts else {}
    notebook.metadata = nbformat.from_dict({**metadata, **own})
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
            if len(output.get("text", "")) > MOST:
                output.text = output.text[:MOST] + "\n…"
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
