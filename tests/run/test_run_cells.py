"""What of a notebook is code, which runs again, and what is text, which does not."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from run_helpers import write_notebook

from lostudy.run.cells import code_cells, matches, renew, text_of

new = nbformat.v4


def told(folder: Path, *cells: nbformat.NotebookNode | str) -> Path:
    """A notebook of these cells; a text is a cell of code."""
    made = [new.new_code_cell(each) if isinstance(each, str) else each for each in cells]
    path = folder / "x.ipynb"
    nbformat.write(new.new_notebook(cells=made), path)
    return path


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (["f(1)"], ["f( 1 )  # one"], True),
        (["f(1)"], ["f(1);"], False),
        (["f(1);"], ["f(1) ;  # quiet\n\n"], True),
        (["x = ';'"], ['x = ";"'], True),
        (["1; 2"], ["1\n2"], True),
        (["f(1)", "g(1)"], ["g(1)", "f(1)"], False),
        (["f(1)", "g(1)"], ["f(1)\ng(1)"], False),
        (["%time f(1)"], ["%time f(1);"], False),
        (["!ls"], ["!ls # all"], False),
        (["f(1)", new.new_markdown_cell("a")], [new.new_markdown_cell("b"), "f(1)"], True),
        ([new.new_code_cell("1", metadata={"tags": ["parameters"]})], ["1"], False),
        ([new.new_code_cell("1", metadata={"tags": ["b", "a"]})],
         [new.new_code_cell("1", metadata={"tags": ["a", "b"]})], True),
        (["f(1)"], [new.new_markdown_cell("f(1)")], False),
    ],
)  # fmt: skip
def test_what_is_code_and_what_is_text(
    tmp_path: Path, one: list, other: list, same: bool
) -> None:
    first = told(tmp_path, *one)
    code, text = code_cells(first), text_of(first)
    second = told(tmp_path, *other)
    assert (code == code_cells(second)) is same
    assert text != text_of(second) or one == other or "tags" in str(one), "the text is another"


PLACES = {
    "after the parameters": (["p", "i", "1 + 1"], ["# new", "p", "# more", "1 + 1"],
                             ["# new", "p", "i", "# more", "1 + 1"]),
    "on top": (["i", "1 + 1"], ["# new", "1 + 1"], ["i", "# new", "1 + 1"]),
    "where it stands": (["p", "i", "1 + 1"], ["p", "# new", "i", "1 + 1"],
                        ["p", "# new", "i", "1 + 1"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_new_text_stands_around_the_same_outputs(tmp_path: Path, name: str) -> None:
    def cell(text: str) -> nbformat.NotebookNode:
        if text.startswith("#"):
            return new.new_markdown_cell(text)
        tags = {"p": ["parameters"], "i": ["injected-parameters"]}.get(text, [])
        return new.new_code_cell(text, metadata={"tags": tags} if tags else {})

    before, after, joined = PLACES[name]
    ran = told(tmp_path, *map(cell, before))
    notebook = nbformat.read(ran, as_version=4)
    notebook.metadata["lostudy"] = {"organisation": "A"}
    output = new.new_output("execute_result", data={"text/plain": "2"}, execution_count=3)
    notebook.cells[-1].outputs, notebook.cells[-1].execution_count = [output], 3
    executed = tmp_path / "executed.ipynb"
    nbformat.write(notebook, executed)
    here = told(tmp_path, *map(cell, after))
    assert matches(executed, here)
    renew(executed, here)
    made = nbformat.read(executed, as_version=4)
    assert [each.source for each in made.cells] == joined
    assert made.cells[-1].outputs[0].data["text/plain"] == "2"
    assert made.cells[-1].execution_count == 3
    assert made.metadata["lostudy"] == {"organisation": "A", "n": []}
    assert text_of(executed) == text_of(here)


def test_an_executed_notebook_of_other_code_does_not_match(tmp_path: Path) -> None:
    executed = tmp_path / "executed.ipynb"
    write_notebook(executed, "1 + 1")
    assert matches(executed, executed)
    assert not matches(executed, told(tmp_path, "1 + 2"))
