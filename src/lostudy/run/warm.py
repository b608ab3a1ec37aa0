"""A notebook in the process itself: papermill's reading, parameters and saving, without a kernel.

A kernel's start and its imports are four fifths of a short notebook. Here the imports were done
once, in the process that this one was forked from (`preload`), and the cells run in an IPython
shell in this process, which then ends: nothing leaks from one notebook into the next. The outputs
are those that a kernel gives; a test compares the two.
"""

from __future__ import annotations

import base64
import random
import sys
from typing import Any

import nbformat
import numpy as np
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from lostudy.run.normalise import MOST

NAME = "lostudy-warm"


class WarmEngine(Engine):
    """Papermill's engine that runs the cells in this process; stops at the first error."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any
    ) -> None:
        random.seed()
        np.random.seed()
        session = Session()
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code":
                continue
            nb_man.cell_start(cell, index)
            failed = session.run(cell)
            if failed is not None:
                nb_man.cell_exception(cell, index, exception=failed)
                return
            nb_man.cell_complete(cell, index)


class Publisher(DisplayPublisher):
    """What `display(...)` shows goes to the cell's outputs."""

    outputs: list[NotebookNode]

    def publish(self, data: dict, metadata: dict | None = None, *args: Any, **kwargs: Any) -> None:
        """Keep a displayed object."""
        self.outputs.append(
            nbformat.v4.new_output("display_data", data=_plain(data), metadata=metadata or {})
        )


class Stream:
    """Standard output or error as outputs of the cell; pieces that follow each other become one.

    A cell that prints without end fills no memory: a little more than is kept later is kept.
    """

    def __init__(self, name: str, outputs: list[NotebookNode]) -> None:
        self.name, self.outputs = name, outputs
        self.pieces: list[str] = []
        self.length = 0
        self.last: NotebookNode | None = None

    def write(self, text: str) -> int:
        """Add text to the last output if it is of this stream."""
        if text and (self.last is None or self.outputs[-1] is not self.last):
            self.settle()
            self.last = nbformat.v4.new_output("stream", name=self.name, text="")
            self.outputs.append(self.last)
        if text and self.length <= MOST:
            self.pieces.append(text)
            self.length += len(text)
        return len(text)

    def settle(self) -> None:
        """Put what was written into the output that it belongs to."""
        if self.last is not None:
            self.last.text = "".join(self.pieces)
        self.pieces, self.length, self.last = [], 0, None

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        """A notebook is no terminal."""
        return False


class Session:
    """An IPython shell whose results are collected per cell."""

    def __init__(self) -> None:
        self.outputs: list[NotebookNode] = []
        self.count = 0
        # Its history would open a database of the user and start a thread.
        bare = Config({"HistoryManager": {"enabled": False}})
        self.shell = InteractiveShell.instance(config=bare)
        self.publisher = Publisher()
        self.shell.display_pub = self.publisher
        self.shell.display_trap.hook = self._show
        for silent in ("showtraceback", "showsyntaxerror"):
            setattr(self.shell, silent, lambda *_, **__: None)

    def run(self, cell: NotebookNode) -> BaseException | None:
        """Run a cell and put its outputs into it; the exception that stopped it, if one did."""
        self.count += 1
        self.outputs = []
        self.publisher.outputs = self.outputs
        before = sys.stdout, sys.stderr
        said = Stream("stdout", self.outputs), Stream("stderr", self.outputs)
        sys.stdout, sys.stderr = said
        try:
            result = self.shell.run_cell(cell.source, store_history=False)
        finally:
            sys.stdout, sys.stderr = before
            for each in said:
                each.settle()
        failed = result.error_before_exec or result.error_in_exec
        if failed is not None:
            trace = self.shell.InteractiveTB.structured_traceback(
                type(failed), failed, failed.__traceback__
            )
            self.outputs.append(
                nbformat.v4.new_output(
                    "error", ename=type(failed).__name__, evalue=str(failed), traceback=list(trace)
                )
            )
        cell.execution_count = self.count
        cell.outputs = self.outputs
        return failed

    def _show(self, result: object = None) -> None:
        if result is None:
            return
        shown = self.shell.display_formatter
        data, metadata = shown.format(result) if shown is not None else ({}, {})
        self.shell.user_ns["_"] = result
        self.outputs.append(
            nbformat.v4.new_output(
                "execute_result", data=_plain(data), metadata=metadata, execution_count=self.count
            )
        )


def _plain(data: dict) -> dict:
    """Bytes as a kernel sends them."""
    return {
        kind: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in data.items()
    }


def register() -> str:
    """Make the engine known to papermill; its name."""
    papermill_engines.register(NAME, WarmEngine)
    return NAME
