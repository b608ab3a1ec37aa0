"""How fast the disclosure room is, on the shipped study and on larger ones.

    python benchmarks/disclosure.py [--organisations 400] [--tables 60]

Printed: complementary suppression of the largest two-way table that the study can have (teams by
roles, with all totals), the attack on the whole release of the shipped study (needs `lostudy run`
before), and the attack on made-up releases of 4, 40 and more organisations with so many tables
each, with what one organisation costs: it goes by organisation, so it grows as they do.
Systems of more than 120 small unknowns are not searched but named: it fails closed.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from lostudy.cleaning import read_table
from lostudy.disclosure.claims import PERSONS
from lostudy.disclosure.exposures import exposures
from lostudy.disclosure.ledger import COLUMNS, PUBLIC, read_ledger
from lostudy.disclosure.numbers import recoverable
from lostudy.disclosure.suppression import hidden_too
from lostudy.study import Disclosure, load_study

ROOT = Path(__file__).resolve().parents[1]


def seconds(call: Callable[[], object]) -> tuple[float, object]:
    """How long a call takes, and what it gives."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def two_way(counts: np.ndarray) -> pd.DataFrame:
    """A row per cell of a table with its margins."""
    whole = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1), dtype=int)
    whole[:-1, :-1], whole[-1, :-1], whole[:-1, -1] = counts, counts.sum(0), counts.sum(1)
    whole[-1, -1] = counts.sum()
    names = [[*map(str, range(size - 1)), "all"] for size in whole.shape]
    rows = [(a, b, whole[i, j]) for i, a in enumerate(names[0]) for j, b in enumerate(names[1])]
    return pd.DataFrame(rows, columns=["team", "role", "n"])


def suppression() -> None:
    """The study's largest table: the teams of its largest organisation by role."""
    study = load_study(ROOT)
    largest = max(study.organisations, key=lambda each: len(each.teams))
    responses = read_table(study, ROOT / "data" / "processed", "responses", [largest.id])
    wave = responses[responses["wave"] == study.waves[0].id]
    counts = pd.crosstab(wave["team"], wave["role"]).to_numpy()
    frame = two_way(counts)
    primary = (frame["n"] < study.disclosure.threshold).to_numpy()
    took, hidden = seconds(
        lambda: hidden_too(frame, primary, ["team", "role"], ["team", "role"], 10)
    )
    teams, roles = counts.shape
    print(f"suppression of {teams} teams × {roles} roles of {largest.id}: {took:.2f} s "
          f"({primary.sum()} hidden by themselves, {int(np.sum(hidden))} in all)")  # fmt: skip
    open_table = two_way(np.random.default_rng(5).poisson(24, (12, 6)))
    primary = (open_table["n"] < 16).to_numpy()
    took, hidden = seconds(
        lambda: hidden_too(open_table, primary, ["team", "role"], ["team", "role"], 16)
    )
    print(f"suppression of a 12 × 6 table with {primary.sum()} small cells: {took:.2f} s "
          f"({int(np.sum(hidden))} hidden in all)")  # fmt: skip


def shipped() -> None:
    """The whole release of the shipped study."""
    study, pages = load_study(ROOT), ROOT / "data" / "ledger" / "current"
    folders = [(each.name, each) for each in sorted(pages.glob("*/*")) if each.is_dir()]
    if not folders:
        print("the shipped study: run `lostudy run` first")
        return
    reading, told = seconds(lambda: read_ledger(folders))
    responses = read_table(study, ROOT / "data" / "processed", "responses")
    homes = dict(zip(responses["person"], responses["organisation"], strict=True))
    took, found = seconds(lambda: exposures(told, study.disclosure, homes))
    counted, known = seconds(lambda: recoverable(told, study.disclosure))
    print(f"the shipped study: {told['source'].nunique()} tables, read in {reading:.2f} s, "
          f"attacked in {took:.2f} s ({len(found)} exposures), "
          f"numbers in {counted:.2f} s ({len(known)})")  # fmt: skip


def made_up(organisations: int, tables: int) -> tuple[pd.DataFrame, dict[str, str]]:
    """Claims of so many organisations of eighty persons: means of all, by role, and over all."""
    random = np.random.default_rng(organisations)
    frames, homes, everyone = [], {}, {f"q{number}": [] for number in range(tables)}
    for number in range(organisations):
        people = np.array([f"o{number}p{person}" for person in range(80)])
        homes |= dict.fromkeys(people, f"o{number}")
        role = random.integers(0, 3, 80)
        for quantity, pooled in everyone.items():
            answered = random.random(80) < 0.9
            pooled.append(people[answered])
            rows = [people[answered], *(people[answered & (role == each)] for each in range(3))]
            frames.append(claims(f"t{number}", quantity, rows))
    whole = {quantity: [np.concatenate(each)] for quantity, each in everyone.items()}
    frames += [claims("all", quantity, rows) for quantity, rows in whole.items()]
    return pd.concat(frames, ignore_index=True), homes


def claims(source: str, quantity: str, rows: list[np.ndarray]) -> pd.DataFrame:
    """A table with a mean per row, as the ledger holds it."""
    person = np.concatenate(rows)
    row = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
    sizes = np.array([len(each) for each in rows])[row]
    facts = {"table": source, "kind": "levels", "audience": PUBLIC, "unit": PERSONS, "label": "",
             "quantity": quantity, "shown": sizes >= 10, "least": sizes, "most": sizes,
             "error": 0.05, "span": 4.0, "moment": "T0"}  # fmt: skip
    frame = pd.DataFrame({"row": row, "person": person, "weight": 1 / sizes}).assign(**facts)
    return frame[list(COLUMNS)].astype(COLUMNS).assign(source=f"{source}/{quantity}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--organisations", type=int, default=400)
    parser.add_argument("--tables", type=int, default=60)
    chosen = parser.parse_args()
    suppression()
    shipped()
    policy = Disclosure(signed_by="A benchmark", signed_on="2025-01-06")
    for size in sorted({4, 40, chosen.organisations}):
        told, homes = made_up(size, chosen.tables)
        took, found = seconds(lambda told=told, homes=homes: exposures(told, policy, homes))
        print(f"{size} organisations × {chosen.tables} tables, {len(told)} lines: {took:.1f} s, "
              f"{1000 * took / size:.0f} ms each; {len(found)} exposures")  # fmt: skip


if __name__ == "__main__":
    main()
