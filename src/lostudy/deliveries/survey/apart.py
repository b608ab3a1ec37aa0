"""The reader of SPSS and Stata files, run in a process of its own: it is written in C.

A few changed bytes in a file can end that library, and Python with it. The child hands over what it
read, or how it ended; what crashes it becomes a clear error here.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from lostudy.deliveries.files import refusal

PATIENCE = 600.0
PIECE = 1 << 20
READ, TOO_FAR, BROKEN = "read", "OverflowError", "broken"
EXPECTED = (
    "ReadstatError", "PyreadstatError", "UnicodeDecodeError", "ValueError", "OSError", "KeyError",
    "TypeError", "MemoryError", "IndexError", "AttributeError",
)


def read_apart(path: Path, what: str, reader: str, **options: Any) -> Any:
    """What `pyreadstat.<reader>(path, **options)` returns.

    OverflowError (a date outside the calendar) passes; anything else is a DataError. Where
    processes can be forked (Linux) this costs some hundredths of a second, elsewhere the start of
    Python.
    """
    run = _forked if sys.platform == "linux" else _started
    ended, read = run(path, reader, options)
    if ended == READ:
        return read
    if ended == TOO_FAR:
        raise OverflowError(what)
    raise refusal(
        path, f"the {what} file is cut off, damaged or of an unknown version",
        "ask for the delivery again, or save it again in the tool", rule="typed.damaged")


def _forked(path: Path, reader: str, options: dict[str, Any]) -> tuple[str, Any]:
    import pyreadstat  # noqa: F401 - once here, not in every child

    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _hand_over(theirs, path, reader, options)
    os.close(theirs)
    try:
        data = _all_of(ours, child)
    finally:
        os.close(ours)
        os.waitpid(child, 0)
    return _understood(data)


def _hand_over(pipe: int, path: Path, reader: str, options: dict[str, Any]) -> None:
    """In the child: read, write the result into the pipe, and end without any tidying up."""
    with contextlib.suppress(BaseException):
        import faulthandler

        faulthandler.disable()
        data = memoryview(pickle.dumps(_attempt(path, reader, options)))
        while data:
            data = data[os.write(pipe, data[:PIECE]) :]
    os._exit(0)


def _all_of(pipe: int, child: int) -> bytes:
    """Everything that comes through the pipe; a child that never finishes is ended."""
    parts: list[bytes] = []
    patient_until = time.monotonic() + PATIENCE
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, patient_until - time.monotonic()))
        part = os.read(pipe, PIECE) if ready else b""
        if not part:
            if not ready:
                os.kill(child, signal.SIGKILL)
            return b"".join(parts)
        parts.append(part)


def _started(path: Path, reader: str, options: dict[str, Any]) -> tuple[str, Any]:
    """The same in a fresh Python, for systems that cannot fork."""
    command = [sys.executable, "-m", __name__, str(path), reader, json.dumps(options)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return BROKEN, None
    return _understood(done.stdout)


def _attempt(path: Path, reader: str, options: dict[str, Any]) -> tuple[str, Any]:
    """The result, or the kind of error only: its text may hold values."""
    import pyreadstat

    try:
        return READ, getattr(pyreadstat, reader)(str(path), **options)
    except OverflowError:
        return TOO_FAR, None
    except Exception as error:
        if type(error).__name__ not in EXPECTED:
            raise
        return BROKEN, None


def _understood(data: bytes) -> tuple[str, Any]:
    """What the child said; a message cut off by a crash is none."""
    try:
        return pickle.loads(data) if data else (BROKEN, None)
    except (pickle.UnpicklingError, EOFError, ValueError, IndexError):
        return BROKEN, None


if __name__ == "__main__":
    given, name, text = sys.argv[1:]
    sys.stdout.buffer.write(pickle.dumps(_attempt(Path(given), name, json.loads(text))))
