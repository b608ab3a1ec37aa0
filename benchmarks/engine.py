"""`lostudy run` beside what else can run the same notebooks: how long, and where the time goes.

    python benchmarks/engine.py [--rounds 3] [--peers] [--short]

Three notebooks, for all organisations and for each of four (15 runs), on tables that were cleaned
before. Every way writes the same figures in the same three formats. The floor is plain Python: the
code cells of all fifteen one after the other in one process, without notebooks, pages or findings
by name. `--short` takes short notebooks of pandas, statsmodels and seaborn in their place: most of
their time goes to what is around them. `--peers` adds papermill's command, its API in one process,
and snakemake where that is installed. Of several rounds the best is told: other work on the machine
only makes it longer.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from short_notebooks import write_short

from run import copy_study

QUESTIONS = ("10-lq1", "20-lq2", "30-lq3")
GROUPS = ("all", "A", "B", "C", "D")
PYTHON = sys.executable
PR_SET_CHILD_SUBREAPER = 36  # of Linux: orphans of children become children
PLAIN = """
import json, os, sys
for line in open(sys.argv[1], encoding="utf-8"):
    job = json.loads(line)
    os.environ.update(job["environment"])
    names = {}
    for cell in json.load(open(job["notebook"], encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names.update(job["parameters"])
"""
API = """
import json, os, sys
import papermill
for line in open(sys.argv[1], encoding="utf-8"):
    job = json.loads(line)
    os.environ.update(job["environment"])
    papermill.execute_notebook(
        job["notebook"], job["target"], parameters=job["parameters"], kernel_name="python3",
        cwd=os.getcwd(), progress_bar=False, log_output=False,
    )
"""
SNAKEFILE = """
import json
JOBS = {{job["name"]: job for job in map(json.loads, open({jobs!r}, encoding="utf-8"))}}
rule all:
    input: [job["target"] for job in JOBS.values()]
for name, job in JOBS.items():
    rule:
        name: name
        input: job["notebook"]
        output: job["target"]
        params: command=job["command"]
        shell: "{{params.command}}"
"""
SPLIT = """
import json, os, resource, sys, time
from pathlib import Path
began = time.perf_counter()
import lostudy.run.preload
imports = time.perf_counter() - began
from lostudy.figures.drawn import Drawn
from lostudy.run import engine
from lostudy.run.plan import plan
from lostudy.study import load_study
spent = {"figures": 0.0, "write": 0.0}
def timed(function, part):
    def inner(*values, **named):
        start = time.perf_counter()
        try:
            return function(*values, **named)
        finally:
            spent[part] += time.perf_counter() - start
    return inner
Drawn.save = timed(Drawn.save, "figures")
engine.normalise = timed(engine.normalise, "write")
engine.publishable = timed(engine.publishable, "write")
import papermill.engines, papermill.execute
papermill.engines.write_ipynb = timed(papermill.engines.write_ipynb, "write")
papermill.execute.write_ipynb = timed(papermill.execute.write_ipynb, "write")
folder, fresh = Path(sys.argv[1]), Path(sys.argv[2])
whole = {"imports": imports, "start": 0.0, "cells": 0.0, "figures": 0.0, "write": 0.0}
own, most = [], []
for job in plan(load_study(folder)):
    start = time.perf_counter()
    read, write = os.pipe()
    if os.fork() == 0:
        forked = time.perf_counter()
        said = engine.run_job(job, folder, fresh / job.name, "warm", 600)
        assert not said.failed, said
        total = time.perf_counter() - forked
        private = sum(int(line.split()[1]) for line in open("/proc/self/smaps_rollup")
                      if line.startswith("Private"))
        parts = {"start": forked - start, "cells": total - sum(spent.values()), **spent,
                 "private": private, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
        os.write(write, json.dumps(parts).encode())
        os._exit(0)
    os.close(write)  # a child that fails ends the wait
    parts = json.loads(os.read(read, 65536))
    os.wait()
    own.append(parts.pop("private") / 1024)
    most.append(parts.pop("peak") / 1024)
    for name, value in parts.items():
        whole[name] += value
print(json.dumps({"split": whole, "private": max(own), "peak": max(most)}))
"""


@dataclass(frozen=True)
class Cost:
    """What a way of running took: seconds on the clock and of the processors."""

    wall: float
    processor: float


def jobs(folder: Path, place: Path) -> list[dict]:
    """The fifteen runs for peers: notebook, parameters, environment, where it goes, command."""
    made = []
    for stem in QUESTIONS:
        for group in GROUPS:
            target = place / stem / group / "notebook.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            parameters = {"organisation": group, "wave": "all", "language": "nl"}
            environment = {
                "LOSTUDY_OUTPUT": str(target.parent),
                "LOSTUDY_NOTEBOOK": f"{stem}/{group}",
                "LOSTUDY_STUDY": str(folder),
            }
            notebook = str(folder / "notebooks" / f"{stem}.ipynb")
            given = " ".join(f"-p {name} {value}" for name, value in parameters.items())
            exported = " ".join(f"{name}={value}" for name, value in environment.items())
            command = (
                f"{exported} {PYTHON} -m papermill {notebook} {target} {given} -k python3 "
                "--no-progress-bar --no-log-output"
            )
            made.append(
                {"name": f"{stem.replace('-', '_')}_{group}", "notebook": notebook,
                 "target": str(target), "parameters": parameters, "environment": environment,
                 "command": f"cd {folder} && {command}"}
            )  # fmt: skip
    return made


def timed(commands: list[list[str]], folder: Path) -> Cost:
    """What commands cost one after the other, with everything they start."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, env=quiet())
    wall = time.perf_counter() - start
    with suppress(ChildProcessError):  # what the commands left behind is ours, and counts
        while True:
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, spent)


def quiet() -> dict[str, str]:
    """One thread per process, as `lostudy run` has it."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def ways(folder: Path, place: Path, peers: bool) -> dict[str, list[list[str]]]:
    """Name of each way of running → its commands."""
    made = jobs(folder, place)
    listed = place / "jobs.jsonl"
    listed.write_text("".join(json.dumps(job) + "\n" for job in made), encoding="utf-8")
    run = [PYTHON, "-m", "lostudy.cli", "run", "--force", "--study", str(folder), "--jobs"]
    found = {
        "plain Python, one process": [[PYTHON, "-c", PLAIN, str(listed)]],
        "lostudy run, two workers": [[*run, "2"]],
        "lostudy run, one worker": [[*run, "1"]],
    }
    if peers:
        found["papermill API, one process"] = [[PYTHON, "-c", API, str(listed)]]
        found["papermill command"] = [["sh", "-c", job["command"]] for job in made]
        if shutil.which("snakemake"):
            snakefile = place / "Snakefile"
            snakefile.write_text(SNAKEFILE.format(jobs=str(listed)), encoding="utf-8")
            found["snakemake, two cores"] = [["snakemake", "-s", str(snakefile), "-c2", "-F"]]
    return found


def prepared(folder: Path, short: bool) -> Path:
    """The shipped study with its three questions only, or short notebooks for them, cleaned."""
    copy_study(folder)
    for path in (folder / "notebooks").glob("*.ipynb"):
        if path.stem not in QUESTIONS:
            path.unlink()
        elif short:
            write_short(path)
    subprocess.run(
        [PYTHON, "-m", "lostudy.cli", "clean", "--study", str(folder)],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def main() -> None:
    """Print a line per way of running, then where the time of ours goes."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--peers", action="store_true", help="papermill and snakemake too")
    options.add_argument("--short", action="store_true", help="short notebooks of other people")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, place = prepared(Path(name) / "study", given.short), Path(name) / "peers"
        best: dict[str, Cost] = {}
        for turn in range(given.rounds):
            for way, commands in ways(folder, place, given.peers and turn == 0).items():
                cost = timed(commands, folder)
                best[way] = min(best.get(way, cost), cost, key=lambda each: each.wall)
        again = timed([[PYTHON, "-m", "lostudy.cli", "run", "--study", str(folder)]], folder)
        command = [PYTHON, "-c", SPLIT, str(folder), str(Path(name) / "split")]
        split = json.loads(
            subprocess.run(command, check=True, capture_output=True, env=quiet()).stdout
        )
    tell(best, again, split)


def tell(best: dict[str, Cost], again: Cost, split: dict) -> None:
    """The table."""
    ours, floor = best["lostudy run, two workers"].wall, best["plain Python, one process"].wall
    print(f"{len(QUESTIONS) * len(GROUPS)} runs, {os.cpu_count()} processors, best of the rounds")
    for way, cost in best.items():
        print(
            f"{way:<28} {cost.wall:6.1f} s, processors {cost.processor:6.1f} s, "
            f"{cost.wall / floor:5.2f} × plain, {cost.wall / ours:5.2f} × lostudy"
        )
    print(f"nothing changed: {again.wall:.2f} s")
    everything = sum(split["split"].values())
    shares = ", ".join(
        f"{part} {value:.1f} s ({value / everything:.0%})" for part, value in split["split"].items()
    )
    print(f"one worker after another: {shares}")
    print(f"a worker at most: {split['private']:.0f} MB of its own, {split['peak']:.0f} MB in all")


if __name__ == "__main__":
    main()
