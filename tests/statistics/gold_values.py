"""What every gold check shares: the values by R, the data, how close is close enough.

The folder stands beside the repository (`../shared/gold`). Tolerances are those of its README.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics import scores

GOLD = Path(__file__).resolve().parents[2].parent / "shared" / "gold"

CLOSED = ("relative", 1e-9)  # closed form
FITTED = ("absolute", 1e-4)  # lmer, clm, CFA estimates, CFI, TLI, SRMR
CHI2 = ("absolute", 1e-3)  # chi-square, RMSEA interval
POLY = ("absolute", 1e-3)  # polychorics
CLMM = ("absolute", 1e-3)
DF = ("relative", 1e-2)  # Satterthwaite and Kenward-Roger df

Row = tuple[str, Any, Any, tuple[str, float]]
CHECKS: dict[tuple[str, str], Callable[[Any], Iterator[Row]]] = {}


@cache
def gold(dataset: str) -> dict[str, Any]:
    values = json.loads((GOLD / f"{dataset}.json").read_text())["values"]
    return {entry["id"]: entry["value"] for entry in values}


@cache
def data(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLD / f"{name}.csv")


def check(dataset: str, *ids: str) -> Callable:
    def register(function: Callable) -> Callable:
        for name in ids:
            CHECKS[(dataset, name)] = lambda value, name=name: function(value, name)
        return function

    return register


def matrix(value: dict) -> pd.DataFrame:
    return pd.DataFrame(value["data"], index=value["rows"], columns=value.get("cols"))


def pairs(label: str, theirs: Any, ours: Any, tolerance: tuple[str, float]) -> Iterator[Row]:
    theirs, ours = np.asarray(theirs, dtype=float).ravel(), np.asarray(ours, dtype=float).ravel()
    assert len(theirs) == len(ours), label
    for i, (a, b) in enumerate(zip(theirs, ours, strict=True)):
        yield (label if len(theirs) == 1 else f"{label}[{i}]", a, b, tolerance)


def close(theirs: float, ours: float, tolerance: tuple[str, float]) -> bool:
    kind, size = tolerance
    if np.isnan(theirs) or np.isnan(ours):
        return bool(np.isnan(theirs) and np.isnan(ours))
    scale = abs(theirs) if kind == "relative" and abs(theirs) > 1e-300 else 1.0
    return abs(ours - theirs) <= size * scale


LEAD = [f"LEAD{i:02d}" for i in range(1, 12)]
TSIG = [f"TSIG{i:02d}" for i in range(1, 4)]
HOSTIL = [f"HOSTIL{i:02d}" for i in range(1, 6)]
SCALES = {"LEAD": LEAD, "TSIG": TSIG, "HOSTIL": HOSTIL}
BIG_FIVE = {s: [f"{s}{i}" for i in range(1, 6)] for s in "ACENO"}
REVERSED = ["A1", "C4", "C5", "E1", "E2", "O2", "O5"]
HOLZINGER = {
    "visual": ["x1", "x2", "x3"],
    "textual": ["x4", "x5", "x6"],
    "speed": ["x7", "x8", "x9"],
}


def ones(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return pd.DataFrame({"one": 1.0, **{n: frame[n] for n in names}}, index=frame.index)


@cache
def bfi() -> pd.DataFrame:
    frame = data("bfi").copy()
    for item in REVERSED:
        frame[item] = scores.reverse(frame[item], 1, 6)
    for name, items in BIG_FIVE.items():
        frame[name] = scores.scale_scores(frame[items], [], 1, 6, answered_share=0.6)
    return frame
