"""What goes wrong in a notebook or with the machine touches nothing else, and is told."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from run_helpers import OPEN, write_notebook

from lostudy.errors import RunError
from lostudy.run import assemble, overview, raise_failures, run_study, runner
from lostudy.run.normalise import MOST
from lostudy.run.runner import failure
from lostudy.study import Study

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the warm engine is for Linux")
MEMORY = (
    "import resource\n\nresource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n"
    "filled = [bytearray(1 << 30) for _ in range(9)]"
)
FAULTS = {
    "10-segfault": ("import ctypes\n\nctypes.string_at(0)", "its process ended with signal 11", ""),
    "11-exit": ("import os\n\nos._exit(7)", "its process ended with code 7", ""),
    "12-memory": (MEMORY, "MemoryError", "there is not enough memory"),
    "13-killed": (
        "import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)",
        "its process ended with signal 9", "",
    ),
    "14-syntax": ("this is no Python", "SyntaxError", ""),
    "15-full": ('raise OSError(28, "No space left on device")', "OSError",
                "the disk is full, or a quota is"),
    "16-leaves": ("raise SystemExit(3)", "SystemExit", ""),
}  # fmt: skip
FINE = {
    "20-threads": "import threading, time\n\n"
    "for _ in range(9):\n    threading.Thread(target=time.sleep, args=(600,)).start()\nstudy",
    "21-prints": "import sys\n\nfor _ in range(100_000):\n    print('x' * 999)\n"
    "print('fout', file=sys.stderr)\nstudy",
    "22-child": "import subprocess\n\nsleeper = subprocess.Popen(['sleep', '600'])\n"
    "open('sleeper', 'w').write(str(sleeper.pid))\nstudy",
    "23-descriptors": "import os\n\nos.close(1)\nos.close(2)\nstudy",
    "24-folder": "import os\n\nos.chdir('/')\nstudy",
}


def alive(pid: int) -> bool:
    """Whether a process runs still; one that ended and was not fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid: int, seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pid)


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        found.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return found.hexdigest()


def command(study: Study, *more: str) -> list[str]:
    given = ["--study", str(study.folder), "--organisation", "A", *more]
    return [sys.executable, "-m", "lostudy.cli", "run", *given]


@LINUX
def test_a_notebook_that_goes_wrong_in_any_way_touches_no_other(study: Study) -> None:
    folder = study.folder / "notebooks"
    for name, (cell, _, _) in FAULTS.items():
        write_notebook(folder / f"{name}.ipynb", cell)
    for name, cell in FINE.items():
        write_notebook(folder / f"{name}.ipynb", OPEN, cell)
    done = {each.job.stem: each for each in run_study(study, organisation="A").ran}
    said = {name: (done[name].failed, done[name].said) for name in FAULTS}
    assert said == {name: (failed, told) for name, (_, failed, told) in FAULTS.items()}
    assert {done[name].cell for name in FAULTS} == {3}, "also of a process that is gone"
    kept = study.folder / "data" / "failed"
    gone = {"10-segfault", "11-exit", "13-killed"}
    assert {name for name in FAULTS if not done[name].kept} == gone
    assert {path.name.split("-A.")[0] for path in kept.glob("*.ipynb")} == {*FAULTS} - gone
    assert "data/failed" not in str(failure(done["11-exit"])), "there is nothing to open"
    assert not (study.folder / "reports" / "10-segfault").exists(), "no folder without a report"
    assert {name: done[name].failed for name in ("00-proof", *FINE)} == dict.fromkeys(
        ("00-proof", *FINE), ""
    )
    assert ends(int((study.folder / "sleeper").read_text())), "what it started ended with it"
    whole = nbformat.read(study.folder / "data" / "executed" / "21-prints-A.ipynb", as_version=4)
    printed, error = whole.cells[4].outputs[:2]
    assert len(printed.text) < 1.01 * MOST and printed.text.endswith("x\n\n…")
    assert error.text == "fout\n"


@LINUX
def test_a_notebook_that_hangs_is_ended_at_its_limit(study: Study) -> None:
    cell = "import os, time\n\nopen('hangs', 'w').write(str(os.getpid()))\ntime.sleep(600)"
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", cell)
    outcome = run_study(study, organisation="A", limit=4).ran[0]
    assert outcome.failed == "it took longer than 4 seconds"
    assert str(failure(outcome)).endswith("cell 4. To do: mend the cell, and `lostudy run` again")
    assert ends(int((study.folder / "hangs").read_text()))


@LINUX
def test_a_killed_run_leaves_no_process_and_the_next_one_does_the_rest_only(study: Study) -> None:
    waits = (
        "import os, time\nfrom pathlib import Path\n\n"
        "Path('waits').write_text(str(os.getpid()))\n"
        "while Path('hold').exists():\n    time.sleep(0.1)\nstudy"
    )
    write_notebook(study.folder / "notebooks" / "10-waits.ipynb", OPEN, waits)
    hold, waiting = study.folder / "hold", study.folder / "waits"
    hold.touch()
    process = subprocess.Popen(command(study), stderr=subprocess.DEVNULL)
    finished = study.folder / "reports.new" / "00-proof" / "A" / "notebook.ipynb"
    until = time.monotonic() + 240
    while not (finished.exists() and waiting.exists()) and time.monotonic() < until:
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert ends(int(waiting.read_text())), "a notebook does not outlive its run"
    assert not (study.folder / "reports").exists()
    hold.unlink()
    summary = run_study(study, organisation="A")
    raise_failures(summary)
    assert [each.job.stem for each in summary.ran] == ["10-waits"]
    assert [job.stem for job in summary.skipped] == ["00-proof"]
    before = digest(study.folder / "reports")
    run_study(study, organisation="A", force=True)
    assert digest(study.folder / "reports") == before, "as if it had not been killed"
    assert not (study.folder / "reports.new").exists()


@LINUX
def test_killed_at_any_moment_the_reports_are_the_old_or_the_new_ones(study: Study) -> None:
    rng = random.Random(20250113)
    reports = study.folder / "reports"

    def version(number: int) -> None:
        for stem in ("00-proof", "10-more"):
            path = study.folder / "notebooks" / f"{stem}.ipynb"
            write_notebook(path, OPEN, f"n = {number}\nstudy")

    def whole() -> str:
        subprocess.run(command(study), check=True, capture_output=True)
        return digest(reports)

    version(0)
    whole()
    start = time.monotonic()
    version(1)
    old = whole()
    took = time.monotonic() - start
    for number in range(2, 5):
        version(number)
        process = subprocess.Popen(
            command(study), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(rng.uniform(0.3, 1.0) * took)
        process.kill()
        process.wait()
        assemble.mended(reports)
        seen = digest(reports)
        new = whole()
        assert seen in (old, new), number
        old = new


@LINUX
def test_a_full_disk_is_told_and_leaves_the_reports_that_stand(study: Study) -> None:
    raise_failures(run_study(study, organisation="A"))
    before = digest(study.folder / "reports")
    cell = "lo.plot_response(lo.response(study))"
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", OPEN, cell)
    full = 30_000  # bytes in a file, as under a quota

    def quota() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (full, full))

    done = subprocess.run(command(study), capture_output=True, text=True, preexec_fn=quota)
    assert done.returncode == 13, done.stderr[-500:]
    assert "the disk is full, or a quota is" in done.stderr and "Traceback" not in done.stderr
    assert digest(study.folder / "reports" / "00-proof") != "", before
    raise_failures(run_study(study, organisation="A"))


@pytest.mark.parametrize(
    ("number", "said"),
    [(28, "the disk is full"), (122, "a quota is"), (30, "it is not allowed to write there")],
)
def test_what_the_system_refuses_in_the_end_is_told(
    study: Study, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    raise_failures(run_study(study, organisation="A"))
    before = digest(study.folder / "reports")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(runner, "swap", refuse)
    with pytest.raises(RunError, match=said):
        run_study(study, organisation="A", force=True)
    assert digest(study.folder / "reports") == before


def test_a_clock_that_was_set_back_changes_nothing(study: Study) -> None:
    raise_failures(run_study(study, organisation="A"))
    later = time.time() + 400 * 86400
    for path in study.folder.rglob("*"):
        os.utime(path, (later, later))
    assert run_study(study, organisation="A").ran == ()
    path = study.folder / "notebooks" / "00-proof.ipynb"
    write_notebook(path, OPEN, "lo.response(study)")
    os.utime(path, (0, 0))
    assert [each.job.stem for each in run_study(study, organisation="A").ran] == ["00-proof"]


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_ends_a_run_ends_the_run_alone(study: Study, sent: signal.Signals, code: int) -> None:
    """What is under way is ended by the run, not by the signal, and does not print a traceback."""
    cell = "import os, time\n\nopen('hangs', 'w').write(str(os.getpid()))\ntime.sleep(600)"
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", cell)
    write_notebook(study.folder / "notebooks" / "00-done.ipynb", OPEN)
    process = subprocess.Popen(
        command(study), stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    done = study.folder / "reports.new" / "00-done" / "A" / "notebook.ipynb"
    hangs, until = study.folder / "hangs", time.monotonic() + 240
    while not (done.exists() and hangs.exists() and hangs.read_text()) and (
        time.monotonic() < until
    ):
        time.sleep(0.05)
    os.kill(process.pid, sent) if sent == signal.SIGTERM else os.killpg(process.pid, sent)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code and b"Traceback" not in said
    assert b"Interrupted: the reports are those of before" in said
    assert ends(int(hangs.read_text()))
    states = {each.job.name: each.why for each in overview(study)}
    assert states["00-done/A"] == "finished, waits for the next run"
    assert states["00-proof/A"] == "never run"
