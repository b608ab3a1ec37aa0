"""An IPython shell in this process whose outputs are those that a kernel gives.

What a cell prints, shows and draws is collected per cell, as notebook outputs; also what a program
that it starts writes. A test holds it against a real kernel.
"""

from __future__ import annotations

import asyncio
import base64
import builtins
import getpass
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, NoReturn

import matplotlib
import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.core.pylabtools import activate_matplotlib
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from lostudy.kernel.forking import INLINE
from lostudy.run.normalise import MOST


class Hook(DisplayHook):
    """What the last line of a cell gives goes to the cell's outputs."""

    outputs: list[NotebookNode] = []

    def write_output_prompt(self) -> None:
        """A notebook writes the number beside the output."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        """Keep a result."""
        made = nbformat.v4.new_output("execute_result", data=_plain(format_dict))
        made.execution_count = self.prompt_count
        self.outputs.append(made)


class Publisher(DisplayPublisher):
    """What `display(...)` shows goes to the cell's outputs; what was shown can be shown anew."""

    outputs: list[NotebookNode] = []
    clearing = False

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.named: dict[str, list[NotebookNode]] = {}

    def publish(self, data: dict, *given: Any, **named: Any) -> None:
        """Keep a displayed object, or put it in the place of what had its name."""
        called = (named.get("transient") or {}).get("display_id", "")
        if named.get("update"):
            for shown in self.named.get(called, []):
                shown.data = nbformat.from_dict(_plain(data))
            return
        self.clear()
        made = nbformat.v4.new_output("display_data", data=_plain(data))
        self.outputs.append(made)
        if called:
            self.named.setdefault(called, []).append(made)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell showed: now, or when there is something new."""
        sys.stdout.flush()
        sys.stderr.flush()
        self.clearing = True
        if not wait:
            self.clear()

    def clear(self) -> None:
        """Forget what was to be forgotten."""
        if self.clearing:
            self.outputs.clear()
        self.clearing = False


class Shell(InteractiveShell):
    """The shell; it has no window, and figures are drawn into the notebook."""

    def enable_gui(self, gui: str | None = None) -> None:
        """No window opens here."""

    def ask_exit(self) -> None:
        """A notebook that leaves before its end has not been run."""
        raise DeadKernelError("Kernel died")

    def _showtraceback(self, *_: object) -> None:
        """The traceback goes to the cell's outputs, not to the terminal."""


class Stream:
    """Standard output or error as outputs of the cell; pieces that follow each other become one.

    A cell that prints without end fills no memory: a little more than is kept later is kept.
    """

    def __init__(self, name: str, publisher: Publisher) -> None:
        self.name, self.publisher = name, publisher
        self.pieces: list[str] = []
        self.length = 0
        self.last: NotebookNode | None = None
        self.encoding, self.errors = "utf-8", "replace"

    def write(self, text: str) -> int:
        """Add text to the last output if it is of this stream."""
        self.publisher.clear()
        outputs = self.publisher.outputs
        if text and (self.last is None or not outputs or outputs[-1] is not self.last):
            self.flush()
            self.last = nbformat.v4.new_output("stream", name=self.name, text="")
            outputs.append(self.last)
        if text and self.length <= MOST:
            self.pieces.append(text)
            self.length += len(text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Put what was written into the output that it belongs to."""
        if self.last is not None:
            self.last.text += "".join(self.pieces)
        self.pieces = []

    def isatty(self) -> bool:
        """A notebook is no terminal."""
        return False


class Session:
    """A shell that runs the cells of one notebook."""

    def __init__(self) -> None:
        os.environ["MPLBACKEND"] = INLINE
        # Its history would open a database of the user and start a thread.
        bare = Config({"HistoryManager": {"enabled": False}})
        self.shell = Shell.instance(config=bare)
        _draw_into(self.shell)
        _ask_nobody()
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.shell.set_hook("show_in_pager", _no_pager, 99)
        self.publisher, self.hook = Publisher(self.shell), Hook(self.shell)
        self.shell.display_pub, self.shell.displayhook = self.publisher, self.hook
        self.shell.display_trap.hook = self.hook

    def run(self, cell: NotebookNode) -> BaseException | None:
        """Run a cell and put its outputs into it; the exception that stopped it, if one did."""
        outputs: list[NotebookNode] = []
        self.publisher.outputs = self.hook.outputs = outputs
        with _streams(self.publisher), _descriptors(outputs):
            result = self.loop.run_until_complete(self._run(cell.source))
        failed = result.error_before_exec or result.error_in_exec
        if failed is not None:
            outputs.append(self._error(failed))
        cell.execution_count = self.shell.execution_count - 1
        cell.outputs = outputs
        return failed

    async def _run(self, source: str) -> ExecutionResult:
        """What a kernel does with a cell, in a loop that runs also for what does not wait."""
        transformed = self.shell.transform_cell(source)
        if not self.shell.should_run_async(source, transformed_cell=transformed):
            return self.shell.run_cell(source, store_history=True)
        result = None
        try:
            result = await self.shell.run_cell_async(
                source, store_history=True, transformed_cell=transformed
            )
        finally:
            self.shell.events.trigger("post_execute")
            self.shell.events.trigger("post_run_cell", result)
        return result

    def _error(self, failed: BaseException) -> NotebookNode:
        trace = self.shell.InteractiveTB.structured_traceback(
            type(failed), failed, failed.__traceback__
        )
        return nbformat.v4.new_output(
            "error", ename=type(failed).__name__, evalue=str(failed), traceback=list(trace)
        )


def _draw_into(shell: Shell) -> None:
    """Figures are drawn into the notebook.

    A kernel arranges that when pyplot is imported; where it was imported before, it is done here.
    The backend does it when it is imported, which must not be before there is a shell.
    """
    matplotlib.use(INLINE)
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib(INLINE)
        configure_inline_support(shell, INLINE)


def _ask_nobody() -> None:
    """There is nobody to answer a question."""

    def refused(name: str) -> Callable[..., NoReturn]:
        def refuse(*_: object, **__: object) -> NoReturn:
            what = f"{name} was called, but this frontend does not support input requests."
            raise StdinNotImplementedError(what)

        return refuse

    builtins.input, getpass.getpass = refused("raw_input"), refused("getpass")


def _no_pager(*_: object, **__: object) -> None:
    """Help on an object is for a reader who asks for it."""


@contextmanager
def _streams(publisher: Publisher) -> Iterator[None]:
    """What is printed goes to the outputs."""
    before = sys.stdout, sys.stderr
    said = Stream("stdout", publisher), Stream("stderr", publisher)
    sys.stdout, sys.stderr = said
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for each in said:
            each.flush()


@contextmanager
def _descriptors(outputs: list[NotebookNode]) -> Iterator[None]:
    """What is written past Python, also by a program that was started, goes to the outputs."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        kept = [os.dup(number) for number in (1, 2)]
        for number, file in zip((1, 2), (out, errors), strict=True):
            os.dup2(file.fileno(), number)
        try:
            yield
        finally:
            for number, before in zip((1, 2), kept, strict=True):
                os.dup2(before, number)
                os.close(before)
            outputs.extend([*_written("stdout", out), *_written("stderr", errors)])


def _written(name: str, file: IO[bytes]) -> list[NotebookNode]:
    """What stands in a file, as outputs of a notebook."""
    file.seek(0)
    text = file.read(MOST + 1).decode("utf-8", errors="replace")
    return [nbformat.v4.new_output("stream", name=name, text=text)] if text else []


def _plain(data: dict) -> dict:
    """Bytes as a kernel sends them."""
    return {
        kind: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
