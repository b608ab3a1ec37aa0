"""A kernel that is forked: as any other for who uses it, and gone when who asked for it is gone."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel

from lostudy.kernel import JUPYTER, NAME, server
from lostudy.kernel.place import address

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked kernels are for Linux")
COMMAND = [sys.executable, "-m", "lostudy.cli", "kernel"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where kernels of these tests are known, and where their server listens: nowhere else."""
    folder = tmp_path_factory.mktemp("k")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(JUPYTER))
        patch.setenv("TMPDIR", str(folder))
        yield folder
    for each in serving(folder):
        os.kill(each, signal.SIGKILL)


def serving(folder: Path) -> list[int]:
    """The servers that listen in a folder, and what was forked from them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            said = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"lostudy.kernel.server" in said and any(
            each.startswith(str(folder).encode()) for each in said
        ):
            found.append(int(path.parent.name))
    return found


def asked(client, code: str) -> str:
    """What a cell prints or gives, or the name of its exception."""
    said: list[str] = []

    def heard(message: dict) -> None:
        content = message["content"]
        said.append(
            content.get("text") or content.get("ename") or content.get("data", {}).get("text/plain")
        )

    client.execute_interactive(code, output_hook=heard, timeout=60, store_history=False)
    return "".join(each for each in said if each)


@pytest.fixture
def kernel(places: Path, tmp_path: Path) -> Iterator[tuple]:
    manager, client = start_new_kernel(
        kernel_name=NAME, cwd=str(tmp_path), env={**os.environ, "OF_THIS_KERNEL": "yes"}
    )
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def until(true: Callable[[], bool]) -> bool:
    """Whether something becomes true within ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def alive(number: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False


def test_it_has_the_folder_and_the_environment_of_who_asked(kernel, places, tmp_path) -> None:
    _, client = kernel
    got = asked(client, "import os; os.getcwd(), os.environ['OF_THIS_KERNEL'], os.getppid()")
    folder, of, parent = eval(got)  # noqa: S307
    assert (folder, of) == (str(tmp_path), "yes")
    assert parent in serving(places)


def test_one_kernel_leaves_nothing_for_the_next(kernel, tmp_path: Path) -> None:
    _, first = kernel
    asked(first, "import pandas as pd, os\npd.set_option('display.max_rows', 7)\nx = 3")
    asked(first, "os.environ['LEFT'] = 'yes'; import random; random.seed(1)")
    manager, second = start_new_kernel(kernel_name=NAME, cwd=str(tmp_path))
    got = asked(
        second,
        "import os, pandas as pd\npd.get_option('display.max_rows') == 7, 'x' in dir(), "
        "'LEFT' in os.environ",
    )
    drawn = [asked(each, "import numpy as np; np.random.random()") for each in (first, second)]
    second.stop_channels()
    manager.shutdown_kernel(now=True)
    assert got == "(False, False, False)"
    assert drawn[0] != drawn[1]


def test_an_interrupt_reaches_it(kernel) -> None:
    manager, client = kernel
    client.execute("import time\nfor _ in range(600): time.sleep(0.1)")
    assert until(lambda: client.get_iopub_msg(timeout=10)["msg_type"] == "execute_input")
    time.sleep(0.3)
    manager.interrupt_kernel()
    assert said_error(client) == "KeyboardInterrupt"
    assert until(lambda: asked(client, "6 * 7") == "42")


def said_error(client) -> str:
    """The next exception that a kernel tells."""
    try:
        while True:
            message = client.get_iopub_msg(timeout=20)
            if message["msg_type"] == "error":
                return message["content"]["ename"]
    except queue.Empty:
        return ""


def test_it_ends_with_who_asked_for_it(kernel) -> None:
    manager, client = kernel
    number = int(asked(client, "import os; os.getpid()"))
    os.kill(manager.provisioner.pid, signal.SIGKILL)
    assert until(lambda: not alive(number))


@pytest.mark.parametrize(("cell", "code"), [("os._exit(7)", 7), ("os.kill(os.getpid(), 9)", -9)])
def test_who_asked_ends_as_it_ends(kernel, cell: str, code: int) -> None:
    manager, client = kernel
    client.execute(f"import os; {cell}")
    assert until(lambda: not manager.is_alive())
    assert manager.provisioner.process.returncode == code


def test_notebooks_are_checked_in_it(places: Path, tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("import os\nos.environ['OF_THIS_KERNEL'], 6 * 7")
    cell.outputs = [
        nbformat.v4.new_output("execute_result", data={"text/plain": "('yes', 42)"}),
    ]
    cell.execution_count = cell.outputs[0].execution_count = 1
    path = tmp_path / "x.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", str(path)]
    done = subprocess.run(
        [*command, "--nbval-kernel-name", NAME], capture_output=True, text=True, check=False,
        env={**os.environ, "OF_THIS_KERNEL": "yes"}, cwd=tmp_path,
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout


def test_where_nothing_can_be_forked_it_is_a_kernel_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"lostudy-{os.getuid()}").mkdir(mode=0o777)
    (tmp_path / f"lostudy-{os.getuid()}").chmod(0o777)
    monkeypatch.setenv("JUPYTER_PATH", str(JUPYTER))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    manager, client = start_new_kernel(kernel_name=NAME)
    number = asked(client, "import os; os.getpid()")
    assert (asked(client, "6 * 7"), int(number)) == ("42", manager.provisioner.pid)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    assert not serving(tmp_path)


def test_a_server_without_kernels_ends(tmp_path: Path) -> None:
    code = "import sys; from lostudy.kernel import server; server.IDLE = 0.2; server.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "x.socket"), "json"], timeout=60, check=False
    )
    assert done.returncode == 0
    assert not (tmp_path / "x.socket").exists()


def test_what_is_no_request_is_let_go(tmp_path: Path) -> None:
    """Garbage on the socket ends no server and starts no kernel."""
    import socket

    one, other = socket.socketpair()
    one.sendall((5).to_bytes(4, "big") + b"{rubb")
    assert server._received(other) is None
    one.close()
    assert server._received(other) is None
    other.close()


def test_code_that_changed_has_another_server(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = address()
    monkeypatch.setattr("sys.executable", "/another/python")
    assert address() != before
    assert len(before.name) < 30, "the path of a socket must be short"


def test_a_command_makes_it_known_to_jupyter(tmp_path: Path) -> None:
    subprocess.run([*COMMAND, "--prefix", str(tmp_path)], check=True, capture_output=True)
    made = tmp_path / "share" / "jupyter" / "kernels"
    found = KernelSpecManager(kernel_dirs=[str(made)]).get_kernel_spec(NAME)
    assert found.argv[0] == sys.executable
    assert json.loads((made / NAME / "kernel.json").read_text())["language"] == "python"
