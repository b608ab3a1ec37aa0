"""A study of more and more organisations: how long each step takes, and how much memory.

    python benchmarks/scale.py [--organisations 4 40 380] [--own]

Simulates a study of so many organisations, cleans it, and runs three notebooks for all of them
together and for each, with two workers; then once more with nothing changed. The notebooks are
short ones of pandas, statsmodels and seaborn; with `--own` those of the study's three learning
questions. Growth is the time per organisation beside that of the smallest study. Memory is the
most that the command and what it started held at the same time, shared pages counted once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from short_notebooks import write_short

ROOT = Path(__file__).parents[1]
QUESTIONS = ("10-lq1", "20-lq2", "30-lq3")
LOSTUDY = [sys.executable, "-m", "lostudy.cli"]
EVERY = 0.5  # seconds between two looks at memory


@dataclass(frozen=True)
class Step:
    """What a command took: seconds on the clock, and megabytes at most."""

    seconds: float
    memory: float


def measured(command: list[str]) -> Step:
    """A command with everything it starts."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    start, most, ended = time.perf_counter(), 0.0, threading.Event()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True, text=True,
    ) as process:  # fmt: skip
        said: list[str] = []
        reader = threading.Thread(target=lambda: said.append(process.stderr.read()))
        reader.start()
        while process.poll() is None:
            most = max(most, held_by_session(process.pid))
            ended.wait(EVERY)
        reader.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said[0][-2000:]}")
    return Step(time.perf_counter() - start, most)


def held_by_session(session: int) -> float:
    """Megabytes that the processes descending from one hold, shared pages counted once."""
    parents = dict(_parents())
    known = {session}
    while more := {pid for pid, parent in parents.items() if parent in known} - known:
        known |= more
    return sum(map(_proportional, known)) / 1024


def _parents() -> list[tuple[int, int]]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        found.append((int(path.parent.name), int(rest[1])))
    return found


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def steps(folder: Path, organisations: int, own: bool) -> Iterator[tuple[str, Step]]:
    """Each step of one study, as it ends."""
    study = ["--study", str(folder)]
    simulate = ["simulate", str(folder), "--organisations", str(organisations)]
    yield "simulate", measured([*LOSTUDY, *simulate, "--study", str(ROOT)])
    for path in (folder / "notebooks").glob("*.ipynb"):
        if path.stem not in QUESTIONS:
            path.unlink()
        elif not own:
            write_short(path)
    for name, command in {
        "clean": ["clean", "--jobs", "2"],
        "run": ["run", "--jobs", "2"],
        "run, nothing changed": ["run"],
        "status": ["status"],
    }.items():
        yield name, measured([*LOSTUDY, *command, *study])


def size(path: Path) -> float:
    """Megabytes of a file, or of the files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file()) / 1e6


def main() -> None:
    """Print a line per step and size of study."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--organisations", type=int, nargs="+", default=[4, 40, 380])
    options.add_argument("--own", action="store_true", help="the notebooks of the study itself")
    given = options.parse_args()
    first: dict[str, float] = {}
    for count in given.organisations:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "study"
            print(f"{count} organisations, {3 * (count + 1)} runs", flush=True)
            for step, cost in steps(folder, count, given.own):
                each = cost.seconds / count
                growth = each / first.setdefault(step, each)
                print(
                    f"  {step:<22} {cost.seconds:7.1f} s  {cost.memory:6.0f} MB   "
                    f"{each:6.2f} s each, {growth:4.2f} × that of {given.organisations[0]}",
                    flush=True,
                )
            reports = folder / "reports"
            print(
                f"  reports/ {size(reports):.0f} MB, findings.json "
                f"{size(reports / 'findings.json'):.1f} MB, index.html "
                f"{size(reports / 'index.html'):.1f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
