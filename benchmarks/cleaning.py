"""How long cleaning a large delivery takes, and how much memory, beside pandas.read_csv.

    python benchmarks/cleaning.py [--rows 200000]

Writes a simulated LimeSurvey file of answer labels (60 items) to a temporary folder. Each
measurement runs in a fresh process that did the same with a small file first, so that imports do
not count, and in turns; the best of three is printed. Memory is the growth of the peak.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

ITEMS, SCALES, SMALL = 60, 12, 50
LABELS = (
    "Helemaal mee oneens", "Mee oneens", "Niet mee eens, niet mee oneens", "Mee eens",
    "Helemaal mee eens",
)
ROLES = ("Jeugdprofessional", "Gedragswetenschapper", "Leidinggevende", "Ondersteuning")
DECLARATION = """
[study]
id = "large"
title = { nl = "Groot" }
status = "simulated"
[[organisations]]
id = "A"
name = { nl = "A" }
teams = [%s]
[[waves]]
id = "T0"
name = { nl = "T0" }
[[questions]]
id = "lq1"
text = { nl = "Hoe?" }
primary = "S0"
[[background]]
id = "role"
name = { nl = "Functie" }
labels = "role"
[disclosure]
signed_by = "Benchmark"
signed_on = 2026-01-01
"""


def write_study(folder: Path, rows: int) -> Path:
    """A study of one delivery with this many rows; the delivery's path."""
    items = [f"q{number:02d}" for number in range(1, ITEMS + 1)]
    teams = [f"Team {number}" for number in range(1, 41)]
    crosswalk = folder / "codebook" / "crosswalk"
    crosswalk.mkdir(parents=True)
    listed = ", ".join(f'"{team}"' for team in teams)
    (folder / "study.toml").write_text(DECLARATION % listed, encoding="utf-8")
    _sheet(folder, "items", "item,scale,labels,reversed,text_nl",
           [f"{item},S{place % SCALES},agree5,0,Stelling {place}"
            for place, item in enumerate(items)])
    _sheet(folder, "scales", "scale,label_nl,minimum,maximum",
           [f"S{number},Schaal {number},1,5" for number in range(SCALES)])
    _sheet(folder, "labels", "set,value,label,language",
           [f'agree5,{value},"{label}",nl' for value, label in enumerate(LABELS, 1)]
           + [f"role,r{value},{label},nl" for value, label in enumerate(ROLES, 1)])
    own = {"id": "record", "startdate": "started", "submitdate": "submitted", "koppel": "link",
           "team": "team", "functie": "role"}
    _sheet(folder, "crosswalk/A-T0", "source,target",
           [f"{source},{target}" for source, target in own.items()]
           + [f"{item},{item}" for item in items])
    return _write_delivery(folder, rows, list(own), items, teams)


def _sheet(folder: Path, name: str, header: str, rows: list[str]) -> None:
    text = "\n".join([header, *rows]) + "\n"
    (folder / "codebook" / f"{name}.csv").write_text(text, encoding="utf-8")


def _write_delivery(
    folder: Path, rows: int, own: list[str], items: list[str], teams: list[str]
) -> Path:
    random = np.random.default_rng(20260101)
    level = random.normal(3, 1, (rows, SCALES))
    started = pd.Timestamp("2026-01-12 09:00") + pd.to_timedelta(np.arange(rows) * 7, unit="s")
    took = pd.to_timedelta(random.integers(300, 1500, rows), unit="s")
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    frame = pd.DataFrame({
        "id. Antwoord-ID": np.arange(1, rows + 1),
        "startdate. Begindatum": started.strftime("%Y-%m-%d %H:%M:%S"),
        "submitdate. Datum ingestuurd": (started + took).strftime("%Y-%m-%d %H:%M:%S"),
        "koppel. Uw code": ["".join(letters[code]) for code in random.integers(0, 26, (rows, 7))],
        "team. In welk team werkt u?": random.choice(teams, rows),
        "functie. Wat is uw functie?": random.choice(ROLES, rows),
    })
    assert len(frame.columns) == len(own)
    answers = {}
    for place, item in enumerate(items):
        drawn = np.clip(np.rint(level[:, place % SCALES] + random.normal(0, 0.8, rows)), 1, 5)
        column = np.array(LABELS, dtype=object)[drawn.astype(int) - 1]
        column[random.random(rows) < 0.03] = ""
        answers[f"{item}. Stelling {place}"] = column
    path = folder / "data" / "raw" / "A" / "T0" / "survey.csv"
    path.parent.mkdir(parents=True)
    pd.concat([frame, pd.DataFrame(answers)], axis=1).to_csv(path, index=False)
    return path


def peak() -> float:
    """The most memory this process ever held, in MB (getrusage would count its parent's too)."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(work: Callable[[Path], float], folder: Path) -> dict[str, float]:
    """Seconds, growth of the peak and size of the result of a piece of work."""
    with tempfile.TemporaryDirectory() as small:
        write_study(Path(small), SMALL)
        work(Path(small))
    before, start = peak(), time.perf_counter()
    size = work(folder)
    return {"seconds": time.perf_counter() - start, "growth": peak() - before, "frame": size}


def with_pandas(folder: Path) -> float:
    """pandas.read_csv of the delivery."""
    path = folder / "data" / "raw" / "A" / "T0" / "survey.csv"
    return megabytes({"answers": pd.read_csv(path)})


def with_lostudy(folder: Path) -> float:
    """Reading, cleaning and checking the delivery: all tidy tables in memory."""
    from lostudy.cleaning import clean_organisation, find_deliveries
    from lostudy.study import load_study

    study = load_study(folder)
    cleaned = clean_organisation(study, "A", find_deliveries(study, folder / "data" / "raw"))
    assert not cleaned.errors, [str(problem) for problem in cleaned.errors[:3]]
    return megabytes(cleaned.tables)


def megabytes(tables: dict[str, pd.DataFrame]) -> float:
    """What frames take, text included."""
    used = sum(frame.memory_usage(deep=True).sum() for frame in tables.values())
    return float(used) / 1024**2


WORK = {"pandas.read_csv": with_pandas, "lostudy": with_lostudy}


def in_fresh_process(name: str, folder: Path) -> dict[str, float]:
    """One measurement, in a process that did nothing before."""
    command = [sys.executable, __file__, "--measure", name, "--folder", str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout)


def _seconds(run: dict[str, float]) -> float:
    return run["seconds"]


def compare(rows: int, times: int = 3) -> None:
    """Print both measurements and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = write_study(folder, rows)
        print(f"{rows} rows, {ITEMS} items, {path.stat().st_size / 1024**2:.0f} MB")
        runs = [{work: in_fresh_process(work, folder) for work in WORK} for _ in range(times)]
        best = {work: min((run[work] for run in runs), key=_seconds) for work in WORK}
        for work in WORK:
            print(f"  {work:<16} {best[work]['seconds']:6.2f} s   peak +{best[work]['growth']:4.0f}"
                  f" MB   result {best[work]['frame']:4.0f} MB")
    pandas, ours = best["pandas.read_csv"], best["lostudy"]
    print(f"time: {ours['seconds'] / pandas['seconds']:.2f} x pandas.read_csv (at most 4)")
    for what, frame in (("frame of read_csv", pandas["frame"]), ("tables returned", ours["frame"])):
        print(f"peak growth: {ours['growth'] / frame:.2f} x the {what} (at most 3)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--measure", choices=list(WORK))
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measured(WORK[given.measure], given.folder)))
    else:
        compare(given.rows)


if __name__ == "__main__":
    main()
