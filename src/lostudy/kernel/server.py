"""The process that kernels are forked from: imports once, forks for whoever asks, ends when idle.

    python -m lostudy.kernel.server SOCKET MODULE

Whoever asks holds a connection: on it goes the number of the kernel, then how it ended; when it is
closed, the kernel is ended.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from lostudy.kernel.forking import INLINE, shuffle, threads

IDLE = 120.0  # seconds without a kernel after which the server ends
LOOK = 0.05  # seconds between two looks at what ended


def main() -> None:
    """Serve; in a forked process, be the kernel."""
    path, module = Path(sys.argv[1]), sys.argv[2]
    with path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return  # another one is being started
        importlib.import_module(module)
        importlib.import_module("ipykernel.kernelapp")
        if threads() > 1:
            sys.exit(1)
        request = serve(path)
    if request is not None:
        become(request)


def serve(path: Path) -> dict[str, Any] | None:
    """Fork for each that asks; in the forked process, what was asked."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(64)
    kernels: dict[int, socket.socket] = {}
    idle = time.monotonic()
    while kernels or time.monotonic() - idle < IDLE:
        ready, _, _ = select.select([listener, *kernels.values()], [], [], LOOK if kernels else 1.0)
        _end_left(kernels, ready)
        _tell_ended(kernels)
        if listener in ready:
            connection, _ = listener.accept()
            request = _received(connection)
            if request is None:
                connection.close()
                continue
            number = os.fork()
            if number == 0:
                for each in (listener, connection, *kernels.values()):
                    each.close()
                return request
            for descriptor in request["descriptors"]:
                os.close(descriptor)
            kernels[number] = connection
            _say(connection, number)
        idle = time.monotonic() if kernels else idle
    path.unlink(missing_ok=True)
    return None


def _received(connection: socket.socket) -> dict[str, Any] | None:
    """What is asked: arguments, folder, environment and the three standard descriptors."""
    connection.settimeout(5.0)
    with suppress(OSError, ValueError):
        length, descriptors, _, _ = socket.recv_fds(connection, 4, 3)
        missing, said = int.from_bytes(length, "big"), b""
        while missing:
            piece = connection.recv(missing)
            if not piece:
                return None
            said, missing = said + piece, missing - len(piece)
        return {**json.loads(said), "descriptors": descriptors}
    return None


def _end_left(kernels: dict[int, socket.socket], ready: list) -> None:
    """End the kernels whose owner is gone."""
    for number, connection in kernels.items():
        if connection in ready:
            with suppress(OSError):
                if connection.recv(1):
                    continue
            with suppress(ProcessLookupError):
                os.killpg(number, signal.SIGKILL)


def _tell_ended(kernels: dict[int, socket.socket]) -> None:
    """Say to their owners how kernels ended."""
    for number in list(kernels):
        found, status = os.waitpid(number, os.WNOHANG)
        if found:
            connection = kernels.pop(number)
            _say(connection, os.waitstatus_to_exitcode(status))
            connection.close()


def _say(connection: socket.socket, number: int) -> None:
    with suppress(OSError):
        connection.sendall(f"{number}\n".encode("ascii"))


def become(request: dict[str, Any]) -> None:
    """Be the kernel that was asked for, with its environment, folder and streams."""
    import matplotlib
    from ipykernel.kernelapp import launch_new_instance

    os.setsid()
    for number, descriptor in enumerate(request["descriptors"]):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.environ.pop("JPY_PARENT_PID", None)  # whoever started this one is watched by the server
    os.chdir(request["folder"])
    added = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [each for each in added if each and each not in sys.path]
    matplotlib.use(os.environ.setdefault("MPLBACKEND", INLINE))
    shuffle()
    sys.argv = ["ipykernel", *request["arguments"]]
    launch_new_instance()


if __name__ == "__main__":
    main()
