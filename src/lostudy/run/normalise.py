"""An executed notebook without what differs from run to run: times, paths, ids of the machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lostudy.run.identity import sizes, texts_of

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
MOST = 1_000_000  # characters that a cell prints; what comes after is left out
ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")
# Each begins where a word begins: a search stays linear in a text without a space.
PART = r"[\w.:/\\~-]"
CELL = re.compile(
    rf"(?<!{PART}){PART}*ipykernel_\d+[/\\]\d+\.py|<ipython-input-\d+-[0-9a-f]+>"
)
STYLED = re.compile(r"\bT_[0-9a-f]{5}(?=[\"_])")


def normalise(path: Path, facts: Mapping[str, str] | None = None) -> None:
    """Rewrite the notebook at `path`: the same run gives the same bytes.

    `facts`: which run it is, for the notebook to carry beside the numbers of persons in it;
    `lostudy.run.identity` reads them.
    """
    notebook = nbformat.read(path, as_version=4)
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        kept = {"tags": tags} if tags else {}
        if "en" in cell.metadata:
            kept["en"] = cell.metadata["en"]
        cell.metadata = nbformat.from_dict(kept)
        cell.id = f"cell-{number:02d}"
        if "outputs" in cell:
            cell.outputs = _settled(cell.outputs)
    own = {"lostudy": {**facts, "n": sizes(texts_of(notebook.cells))}} if facts else {}
    notebook.metadata = nbformat.from_dict({**metadata, **own})
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def _settled(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs without chance: addresses and names of files, and which stream came first."""
    runs = [list(group) for _, group in groupby(outputs, key=lambda each: each.output_type)]
    found = [
        output
        for run in runs
        for output in (_streams(run) if run[0].output_type == "stream" else run)
    ]
    for output in found:
        if "metadata" in output:
            output.metadata = nbformat.from_dict({})
        data = output.get("data", {})
        for form in (each for each in data if each.startswith("text/")):
            data[form] = _numbered(_plain(data[form]))
    return found


def _streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """What was printed between two shown objects: standard output, then errors."""
    said = {
        name: "".join(each.text for each in outputs if each.name == name)
        for name in ("stdout", "stderr")
    }
    cut = {name: text if len(text) <= MOST else text[:MOST] + "\n…" for name, text in said.items()}
    return [
        nbformat.v4.new_output("stream", name=name, text=_plain(text))
        for name, text in cut.items()
        if text
    ]


def _plain(text: str) -> str:
    """Text without an address in memory or a file that a cell was compiled from."""
    return CELL.sub("<cell>", ADDRESS.sub("at 0x…", text))


def _numbered(text: str) -> str:
    """Styled tables with a number where they had an identifier by chance."""
    names = {name: number for number, name in enumerate(dict.fromkeys(STYLED.findall(text)))}
    return STYLED.sub(lambda found: f"T_{names[found[0]]:05d}", text)
