"""Are the intervals right? Simulated studies with known truths through the whole pipeline.

    python benchmarks/recovery.py                         # 200 studies in each of three scenarios
    python benchmarks/recovery.py --seeds 50 --start 9000 --change 0.35

Each study is drawn anew, written in the file formats of four survey tools with their usual faults,
read, cleaned, linked, scored and modelled, as `lostudy run` does it, and its changes are held
against the truth: how often a 5% test says "changed" where nothing did (size), how often a 95%
interval holds the truth (coverage), and by how much the estimates are off (bias).

  null      nobody changes; people come and go as usual
  change    everybody changes by --change points of the latent score
  turnover  nobody changes, but the discontented leave and the staff seems to rise: the workforce's
            estimate is biased as an estimate of people's change, and that is asserted; the same
            people's is not

The exit code is 1 where size is outside .03-.07, coverage under .92, or the known bias is absent.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from lostudy.analysis.change import judged
from lostudy.analysis.opening import open_study
from lostudy.simulate import Scenario, expected_scores, simulate, simulate_study
from lostudy.study import Study, load_study

ROOT = Path(__file__).resolve().parents[1]
SCALES = ("LG", "VA", "OI", "RP", "PM", "VE")
SHARED = (0.0, 0.25)
TURNOVER = Scenario(change=0.0, leave=(0.30, 0.35), discontent=1.5, drawn=True)
SIZE, COVERAGE = (0.03, 0.07), 0.92
KEPT = ["scale", "organisation", "estimand", "estimate", "se", "df", "low", "high", "p", "wording"]

DECLARATION = """
[study]
id = "recovery"
title = { nl = "Terugvinden wat waar is" }
status = "simulated"

%s
[[waves]]
id = "T0"
name = { nl = "eerste" }
opens = 2025-01-13
closes = 2025-02-14

[[waves]]
id = "T1"
name = { nl = "laatste" }
opens = 2026-01-12
closes = 2026-02-13

[[questions]]
id = "lq1"
text = { nl = "Is het waar?" }
primary = "LG"
secondary = ["VA", "OI", "RP", "PM", "VE"]

[[background]]
id = "role"
name = { nl = "Functiegroep" }
labels = "role"

[[background]]
id = "tenure"
name = { nl = "Dienstjaren" }
labels = "tenure"

[plan]
registered = 2025-01-01
specifications = ["one_model", "team_means", "all_answers"]

[disclosure]
signed_by = "Gesimuleerd"
signed_on = 2025-01-01
"""
ORGANISATION = """
[[organisations]]
id = "%s"
name = { nl = "Organisatie %s" }
invited = { T0 = %d, T1 = %d }
teams = [%s]
"""
SIZES = {"A": (96, 8), "B": (64, 6), "C": (148, 12), "D": (48, 5)}


def scenarios(change: float) -> dict[str, Scenario]:
    """The three kinds of truth."""
    return {
        "null": Scenario(change=0.0, drawn=True),
        "change": Scenario(change=change, drawn=True),
        "turnover": TURNOVER,
    }


def declare(folder: Path) -> Study:
    """A small study in `folder`: two waves, six scales of the shipped questionnaire, no codes."""
    parts = [
        ORGANISATION % (name, name, size, size, ", ".join(f'"{name}{t + 1}"' for t in range(teams)))
        for name, (size, teams) in SIZES.items()
    ]
    (folder / "codebook").mkdir(parents=True)
    (folder / "study.toml").write_text(DECLARATION % "".join(parts), encoding="utf-8")
    for name in ("items", "scales"):
        table = pd.read_csv(ROOT / "codebook" / f"{name}.csv", dtype=str, keep_default_na=False)
        table[table["scale"].isin(SCALES)].to_csv(folder / f"codebook/{name}.csv", index=False)
    shutil.copy(ROOT / "codebook" / "labels.csv", folder / "codebook")
    return load_study(folder)


def one_study(seed: int, scenario: Scenario) -> pd.DataFrame:
    """What the pipeline says of one drawn study, beside what is true: a row per estimate."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = declare(folder)
        raw = folder / "data" / "raw"
        simulate_study(study, raw, seed, codebook=folder / "codebook", scenario=scenario)
        os.environ["LOSTUDY_STUDY"] = str(folder)
        view = open_study().question("lq1")
        found = pd.concat([judged(view, scale) for scale in SCALES], ignore_index=True)
    return found[KEPT].assign(truth=_truth(study, seed, scenario, found), seed=seed)


def _truth(study: Study, seed: int, scenario: Scenario, found: pd.DataFrame) -> np.ndarray:
    """The change of people's expected scores, per organisation and over all with equal weights."""
    scores = expected_scores(simulate(study, seed, scenario=scenario))
    wide = scores.pivot(index=["organisation", "scale"], columns="wave", values="score")
    change = wide["T1"] - wide["T0"]
    pooled = change.groupby(level="scale").mean()
    pairs = zip(found["organisation"], found["scale"], strict=True)
    return np.array([pooled[s] if o == "all" else change[o, s] for o, s in pairs])


def studies(
    scenario: Scenario, seeds: range, jobs: int, label: str = ""
) -> Iterator[pd.DataFrame]:
    """Every study of a scenario, with progress where somebody watches."""
    started = time.perf_counter()
    with ProcessPoolExecutor(jobs) as pool:
        work = pool.map(partial(one_study, scenario=scenario), seeds)
        for done, table in enumerate(work, 1):
            _progress(label, done, len(seeds), started)
            yield table


def _progress(label: str, done: int, of: int, started: float) -> None:
    if label and sys.stderr.isatty() or done == of and label:
        left = (time.perf_counter() - started) / done * (of - done)
        end = "\n" if done == of else "\r"
        print(f"{label}: {done} of {of}, {left / 60:.0f} min left  ", end=end, file=sys.stderr)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Per estimand, over all and per organisation: size, coverage, bias and spread."""
    tested = rows[rows["df"] >= 4]
    groups = tested.groupby(
        ["estimand", tested["organisation"].where(tested["organisation"] == "all", "each")]
    )
    return groups.apply(_summary).reset_index().round(4)


def _summary(part: pd.DataFrame) -> pd.Series:
    held = (part["low"] <= part["truth"]) & (part["truth"] <= part["high"])
    return pd.Series({
        "estimates": len(part), "refused": (part["p"] < 0.05).mean(), "coverage": held.mean(),
        "bias": (part["estimate"] - part["truth"]).mean(), "se": part["se"].mean(),
        "sd": (part["estimate"] - part["truth"]).std(),
        "strong": part["wording"].isin(["rose", "fell"]).mean(),
    })  # fmt: skip


def failures(name: str, table: pd.DataFrame) -> list[str]:
    """What is not as it must be, in words."""
    found = []
    for row in table.itertuples():
        what = f"{name}, {row.estimand}, {row.organisation}"
        if name == "turnover" and row.estimand == "workforce":
            if not (row.organisation != "all" or 0.02 <= row.bias <= 0.20):
                found.append(f"{what}: the known bias is not there ({row.bias:+.3f})")
            continue
        if name == "null" and not SIZE[0] <= row.refused <= SIZE[1]:
            found.append(f"{what}: size {row.refused:.3f} outside {SIZE[0]}-{SIZE[1]}")
        if row.coverage < COVERAGE:
            found.append(f"{what}: coverage {row.coverage:.3f} under {COVERAGE}")
        if abs(row.bias) > 0.02:
            found.append(f"{what}: bias {row.bias:+.3f}")
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200, help="studies per scenario")
    parser.add_argument("--start", type=int, default=1, help="the first seed")
    parser.add_argument("--change", type=float, default=0.20, help="true latent change, in points")
    parser.add_argument("--scenario", choices=["null", "change", "turnover"], help="only this one")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--save", type=Path, help="keep every estimate in this CSV")
    given = parser.parse_args()
    wrong, kept = [], []
    for name, scenario in scenarios(given.change).items():
        if given.scenario not in (None, name):
            continue
        seeds = range(given.start, given.start + given.seeds)
        rows = pd.concat(studies(scenario, seeds, given.jobs, name), ignore_index=True)
        table = summary(rows)
        print(f"\n{name}: {given.seeds} studies, true change {rows['truth'].mean():+.3f}")
        print(table.to_string(index=False))
        wrong += failures(name, table)
        kept.append(rows.assign(scenario=name))
    if given.save:
        pd.concat(kept).to_csv(given.save, index=False)
    print("\n" + ("\n".join(wrong) or "size, coverage and bias are as they must be"))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
