"""What Jupyter starts as a kernel: asks for a forked one, and stands for it until it ends.

Where none is to be had, this process becomes the kernel itself, as any other.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from lostudy.kernel.forking import SINGLE

PATIENCE = 30.0  # seconds to wait for the imports
PRELOAD = "lostudy.run.preload"


def main() -> None:
    """Be a kernel."""
    connection = _asked() if sys.platform == "linux" else None
    if connection is None:
        from ipykernel.kernelapp import launch_new_instance

        launch_new_instance()
        return
    _stand_for(connection)


def _asked() -> socket.socket | None:
    """The connection on which the number of a forked kernel came, or None."""
    from lostudy.kernel.place import address

    with suppress(OSError):
        path = address()
        connection = _connected(path) or _started(path)
        if connection is not None:
            request = {
                "arguments": sys.argv[1:], "folder": os.getcwd(), "environment": {**os.environ},
            }  # fmt: skip
            said = json.dumps(request).encode()
            socket.send_fds(connection, [len(said).to_bytes(4, "big")], [0, 1, 2])
            connection.sendall(said)
            return connection
    return None


def _connected(path: Path) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
    except OSError:
        connection.close()
        return None
    return connection


def _started(path: Path) -> socket.socket | None:
    """A connection to a server that is started here; it outlives this kernel, for the next ones."""
    command = [sys.executable, "-m", "lostudy.kernel.server", str(path), PRELOAD]
    environment = {name: os.environ[name] for name in os.environ if name != "LOSTUDY_STUDY"}
    server = subprocess.Popen(
        command, start_new_session=True, cwd="/", env={**environment, **SINGLE},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        connection = _connected(path)
        if connection is not None:
            return connection
        if server.poll() not in (None, 0):
            return None
        time.sleep(0.02)
    return None


def _stand_for(connection: socket.socket) -> None:
    """Pass an interrupt on, and end as the forked kernel ends."""
    said = connection.makefile("r", encoding="ascii")
    kernel = int(said.readline() or 0)
    if not kernel:
        sys.exit(1)
    signal.signal(signal.SIGINT, lambda *_: os.kill(kernel, signal.SIGINT))
    ended = said.readline()
    status = int(ended) if ended else -signal.SIGKILL
    if status < 0:
        with suppress(OSError):
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)


if __name__ == "__main__":
    main()
