"""`lostudy run` on the shipped study from clean: how long, and where the time goes.

    python benchmarks/run.py

Runs a copy of the study with the warm engine (two workers), then one notebook by plain papermill
for comparison, and splits a single run into process start, imports, cells and pictures.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SPLIT = """
import json, os, sys, time
start = time.perf_counter()
import lostudy.run.preload
imports = time.perf_counter() - start
os.environ["LOSTUDY_OUTPUT"] = sys.argv[2]
from lostudy.figures.drawn import Drawn
pictures = 0.0
def timed(function):
    def inner(*values, **named):
        global pictures
        began = time.perf_counter()
        try:
            return function(*values, **named)
        finally:
            pictures += time.perf_counter() - began
    return inner
Drawn.save = timed(Drawn.save)
cells = [c for c in json.load(open(sys.argv[1]))["cells"] if c["cell_type"] == "code"]
names, began = {}, time.perf_counter()
for cell in cells:
    exec("".join(cell["source"]), names)
total = time.perf_counter() - began
print(json.dumps({"imports": imports, "cells": total - pictures, "pictures": pictures}))
"""


def copy_study(folder: Path) -> Path:
    """The shipped study without tables and reports."""
    for name in ("codebook", "notebooks", "data/raw"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "study.toml", folder)
    return folder


def seconds(*command: str, cwd: Path) -> float:
    """How long a command takes; it must succeed."""
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the figures, one a line."""
    with tempfile.TemporaryDirectory() as name:
        folder = copy_study(Path(name) / "study")
        python = sys.executable
        whole = seconds(python, "-m", "lostudy.cli", "run", cwd=folder)
        jobs = len(list((folder / "reports").glob("*/*/notebook.ipynb")))
        again = seconds(python, "-m", "lostudy.cli", "run", cwd=folder)
        kernel = ("-m", "lostudy.cli", "run", "--force", "--question", "lq2", "--organisation", "A")
        by_kernel = seconds(python, *kernel, "--engine", "kernel", cwd=folder)
        by_fork = seconds(python, *kernel, "--engine", "warm", cwd=folder)
        notebook = str(folder / "notebooks" / "20-lq2.ipynb")
        command = [python, "-c", SPLIT, notebook, str(folder)]
        split = json.loads(
            subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
        )
        start = seconds(python, "-c", "pass", cwd=folder)
    print(
        f"lostudy run from clean, {jobs} notebooks, 2 workers: {whole:.1f} s "
        f"({whole / jobs:.2f} s each)"
    )
    print(f"lostudy run when nothing changed: {again:.1f} s")
    print(
        f"one notebook with its command: kernel {by_kernel:.1f} s, warm {by_fork:.1f} s "
        f"(ratio {by_kernel / by_fork:.2f})"
    )
    everything = start + sum(split.values())
    parts = {"process start": start, **split}
    shares = ", ".join(
        f"{part} {value:.1f} s ({value / everything:.0%})" for part, value in parts.items()
    )
    print(f"20-lq2 for all, alone: {shares}")


if __name__ == "__main__":
    main()
