"""Notebooks that other people wrote give in each way of running what they give in a kernel."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import nbformat
import pytest
from run_helpers import write_notebook

from lostudy.run import run_study
from lostudy.run.normalise import _numbered, _plain, normalise
from lostudy.study import Study

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the warm engines are for Linux")
CELLS = (
    "import os, sys, warnings\nimport matplotlib.pyplot as plt\nimport pandas as pd",
    "plt.plot([1, 2, 3])",
    "pd.Series([1, 2]).plot()",
    "%matplotlib inline",
    "figure, axes = plt.subplots()\naxes.plot([3, 1])\nplt.show()\nprint('after')",
    "figure",
    "print('one'); print('two', file=sys.stderr); print('three')",
    "warnings.warn('mind this')",
    "from IPython.display import HTML, Markdown, clear_output, display\nHTML('<b>x</b>')",
    "display(Markdown('*a*'), 5)\n7",
    "handle = display('first', display_id='d1')\nhandle.update('second')",
    "print('gone')\nclear_output()\nprint('kept')",
    "print('gone')\nclear_output(wait=True)\nprint('kept')",
    "display('shown')\nclear_output(wait=True)",
    "!echo from the shell",
    "6 * 7",
    "_ + 1, _13 if '_13' in globals() else None",
    "8;",
    "max(Out), In[-1]",
    "import asyncio\nawait asyncio.sleep(0)\n'waited'",
    "asyncio.get_running_loop().is_running()",
    "async def later():\n    await asyncio.sleep(0.01)\n    return 3\n\n"
    "task = asyncio.create_task(later())",
    "await task, await asyncio.gather(later(), later())",
    "async def drawn():\n    plt.plot([2, 1])\n\nawait drawn()",
    "%%capture kept\nprint('captured')",
    "kept.stdout",
    "import dataclasses\n@dataclasses.dataclass\nclass Point:\n    x: int\nPoint(3)",
    "import pickle\npickle.loads(pickle.dumps(Point(4))).x, __name__",
    "import logging\nlogging.getLogger('x').warning('said')",
    "pd.DataFrame({'a': [1.5, 2]})",
    "pd.DataFrame({'a': [1.5, 2]}).style",
    # A kernel reads what is written past Python in a thread of its own: it is given the time.
    "import time\nos.write(1, b'raw\\n')\ntime.sleep(2)",
    "print('a', end=''); print('b')\ndisplay(1)\nprint('c')",
    "import subprocess\nsubprocess.run(['echo', 'child'])\ntime.sleep(2)",
    "from multiprocessing import Pool, current_process\n"
    "with Pool(2) as pool:\n    got = pool.map(abs, [-1, 2])\ngot, current_process().name",
    "print?",
    "import matplotlib\nmatplotlib.get_backend(), sys.stdout.isatty()",
    "object()",
    "print('x' * 10, flush=True)\nsys.stdout.writelines(['a', 'b'])",
)


def executed(study: Study, engine: str) -> list:
    """The cells of the shipped notebook as they were executed: what was said, shown, drawn."""
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", *CELLS)
    summary = run_study(study, organisation="A", engine=engine, force=True)
    assert not summary.failed, summary.ran
    path = study.folder / "data" / "executed" / "00-proof-A.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@LINUX
def test_the_notebooks_of_other_people_give_what_they_give_in_a_kernel(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # in a test, a kernel leaves file descriptors alone
    warm, *others = (executed(study, engine) for engine in ("warm", "forked", "kernel"))
    for other in others:
        for one, two in zip(warm, other, strict=True):
            assert one == two, one["source"]
    drawn = [
        output
        for cell in warm
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(drawn) == 5
    assert sum(bool(cell.get("outputs")) for cell in warm) > 25


@LINUX
def test_a_cell_that_asks_or_leaves_fails_in_the_warm_engine_too(study: Study) -> None:
    asks = {"10-input": "input()", "11-password": "import getpass\n\ngetpass.getpass()",
            "12-quit": "quit()", "13-loop": "import asyncio\n\nasyncio.run(asyncio.sleep(0))"}
    for name, cell in asks.items():
        write_notebook(study.folder / "notebooks" / f"{name}.ipynb", cell)
    failed = run_study(study, organisation="A").failed
    assert {each.job.stem: (each.failed, each.cell) for each in failed} == {
        "10-input": ("StdinNotImplementedError", 3),
        "11-password": ("StdinNotImplementedError", 3),
        "12-quit": ("DeadKernelError", 3),
        "13-loop": ("RuntimeError", 3),
    }


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<Thing at 0x7f66f077e990>", "<Thing at 0x…>"),
        ("/tmp/ipykernel_25235/3955482169.py:1: UserWarning", "<cell>:1: UserWarning"),
        ("<ipython-input-8-8870d2838c0a>:1: UserWarning", "<cell>:1: UserWarning"),
        ("see '/tmp/ipykernel_1/2.py', (/tmp/ipykernel_3/4.py)", "see '<cell>', (<cell>)"),
        ("<b>/tmp/ipykernel_1/2.py</b>", "<b><cell></b>"),
        ("colour 0xff00ff00", "colour 0xff00ff00"),
        ("T_1bb7f", "T_1bb7f"),
    ],
)
def test_what_differs_by_chance_is_taken_out_of_what_is_printed(
    tmp_path: Path, said: str, kept: str
) -> None:
    assert [each["text"] for each in settled(tmp_path, ("stdout", said))] == [kept]


@pytest.mark.parametrize("piece", ["x", "/", "ipykernel_", "ipykernel_1/", "0x", "at 0x", "T_"])
def test_a_text_without_a_space_costs_no_more_than_its_length(piece: str) -> None:
    """Four times the text takes about four times as long: a search for each place takes sixteen."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        return min(timed(text) for _ in range(3))

    def timed(text: str) -> float:
        start = time.process_time()
        _numbered(_plain(text))
        return time.process_time() - start

    assert seconds(2_000_000) < 8 * seconds(500_000) + 0.01


def test_a_table_of_ten_megabytes_is_settled(tmp_path: Path) -> None:
    row = '<td id="T_1bb7f_row{0}">/data/{0}</td>'
    html = "".join(row.format(number) for number in range(250_000))
    assert len(html) > 9_000_000
    cell = nbformat.v4.new_code_cell("")
    cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/html": html})]
    (made,) = rewritten(tmp_path, cell)
    assert made["data"]["text/html"] == html.replace("T_1bb7f", "T_00000")


def test_streams_that_a_kernel_mixes_by_chance_stand_in_one_order(tmp_path: Path) -> None:
    mixed = ("stderr", "b"), ("stdout", "a"), ("stderr", "d"), ("stdout", "c")
    found = [(each["name"], each["text"]) for each in settled(tmp_path, *mixed)]
    assert found == [("stdout", "ac"), ("stderr", "bd")]


def test_styled_tables_are_numbered_by_their_place(tmp_path: Path) -> None:
    html = '<table id="T_1bb7f"></table><table id="T_0a0a0"></table><td id="T_1bb7f_row0">'
    cell = nbformat.v4.new_code_cell("")
    cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/html": html})]
    (made,) = rewritten(tmp_path, cell)
    assert made["data"]["text/html"] == (
        '<table id="T_00000"></table><table id="T_00001"></table><td id="T_00000_row0">'
    )


def settled(folder: Path, *streams: tuple[str, str]) -> list:
    """The outputs of a cell that printed pieces, after normalising."""
    cell = nbformat.v4.new_code_cell("")
    new = nbformat.v4.new_output
    cell.outputs = [new("stream", name=name, text=text) for name, text in streams]
    return rewritten(folder, cell)


def rewritten(folder: Path, cell: nbformat.NotebookNode) -> list:
    """The outputs of one cell in a notebook that was normalised."""
    path = folder / "x.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    normalise(path)
    return nbformat.read(path, as_version=4).cells[0].outputs
