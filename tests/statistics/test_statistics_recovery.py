"""Known truths come back: few studies through the real pipeline, and many through the models alone.

The long version, 200 studies of each kind with their sizes and coverages, is
`python benchmarks/recovery.py`.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import random
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from statistics_data import simulated

from lostudy.statistics.everyone import ALL, WORKFORCE, workforce
from lostudy.statistics.linked import SAME_PEOPLE

ROOT = Path(__file__).parents[2]
SEEDS = (7001, 7002)


@pytest.fixture(scope="module")
def recovery() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("recovery", ROOT / "benchmarks" / "recovery.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    kept = os.environ.get("LOSTUDY_STUDY")
    yield module
    if kept is None:
        os.environ.pop("LOSTUDY_STUDY", None)
    else:
        os.environ["LOSTUDY_STUDY"] = kept


@pytest.fixture(scope="module")
def found(recovery: ModuleType) -> pd.DataFrame:
    """Every estimate of two studies of each kind, beside the truth."""
    return pd.concat(
        [
            recovery.one_study(seed, scenario).assign(scenario=name)
            for name, scenario in recovery.scenarios(0.20).items()
            for seed in SEEDS
        ],
        ignore_index=True,
    )


def held(rows: pd.DataFrame) -> float:
    return float(((rows["low"] <= rows["truth"]) & (rows["truth"] <= rows["high"])).mean())


@pytest.mark.parametrize("scenario", ["null", "change"])
@pytest.mark.parametrize("estimand", [SAME_PEOPLE, WORKFORCE])
def test_a_truth_comes_back_through_the_whole_pipeline(
    scenario: str, estimand: str, found: pd.DataFrame
) -> None:
    rows = found[(found["scenario"] == scenario) & (found["estimand"] == estimand)]
    tested = rows[rows["df"] >= 4]
    pooled = tested[tested["organisation"] == ALL]
    assert len(pooled) == 12
    assert (pooled["truth"].abs() < 1e-9).all() == (scenario == "null")
    assert (pooled["estimate"] - pooled["truth"]).mean() == pytest.approx(0, abs=0.05)
    assert held(tested) >= 0.88
    if scenario == "null":
        assert (tested["p"] < 0.05).mean() <= 0.12
        assert not pooled["wording"].isin(["rose", "fell"]).any()


def test_a_true_change_is_found(found: pd.DataFrame) -> None:
    rows = found[(found["scenario"] == "change") & (found["estimand"] == WORKFORCE)]
    pooled = rows[rows["organisation"] == ALL]
    assert 0.15 < pooled["truth"].mean() < 0.20
    assert (pooled["p"] < 0.05).mean() >= 0.6


def test_when_the_discontented_leave_only_the_workforce_seems_to_rise(found: pd.DataFrame) -> None:
    """Nobody changed: the same people say so, and the workforce is off by a known sign."""
    rows = found[(found["scenario"] == "turnover") & (found["organisation"] == ALL)]
    off = rows.assign(off=rows["estimate"] - rows["truth"]).groupby("estimand")["off"].mean()
    assert abs(off[SAME_PEOPLE]) < 0.05
    assert 0.02 < off[WORKFORCE] < 0.20
    assert off[WORKFORCE] > off[SAME_PEOPLE] + 0.02


def test_records_shuffled_and_delivered_twice_change_no_number(
    recovery: ModuleType, tmp_path: Path
) -> None:
    from lostudy.simulate import simulate_study

    study = recovery.declare(tmp_path)
    raw = tmp_path / "data" / "raw"
    scenario = recovery.scenarios(0.2)["change"]
    simulate_study(study, raw, 7001, codebook=tmp_path / "codebook", scenario=scenario)
    once = _changes(recovery, tmp_path)
    assert once["estimate"].notna().sum() >= 15
    for path in sorted(raw.glob("B/*/survey.csv")):
        _told_twice(path)
    pd.testing.assert_frame_equal(once, _changes(recovery, tmp_path), rtol=1e-6)


def _changes(recovery: ModuleType, folder: Path) -> pd.DataFrame:
    os.environ["LOSTUDY_STUDY"] = str(folder)
    view = recovery.open_study().question("lq1")
    return pd.concat([recovery.judged(view, scale) for scale in ("LG", "VA")], ignore_index=True)


def _told_twice(path: Path) -> None:
    """Every record twice, in another order; the three lines of headings stay."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    records = lines[3:] * 2
    random.Random(3).shuffle(records)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([*lines[:3], *records])


def test_the_model_keeps_its_size_and_coverage_over_many_studies() -> None:
    """150 studies of four organisations of five or six teams, nobody changing, by the model."""
    rows = []
    for seed in range(150):
        frame = simulated(f"size {seed}", teams=5 + seed % 2, persons=8, response=0.75)
        table = workforce(frame, "score", "wave", "team", "organisation", 0, 1, person="person")
        rows.append(table[table["method"].str.contains("mixed model")])
    found = pd.concat(rows, ignore_index=True)
    each = found[found["organisation"] != ALL]
    pooled = found[found["organisation"] == ALL]
    assert len(each) == 600 and len(pooled) == 150
    assert 0.03 <= (each["p"] < 0.05).mean() <= 0.07
    assert 0.02 <= (pooled["p"] < 0.05).mean() <= 0.09
    for part in (each, pooled):
        assert ((part["low"] <= 0) & (part["high"] >= 0)).mean() >= 0.92
        assert abs(part["estimate"].mean()) < 0.02
        assert np.isclose(part["se"].pow(2).mean() ** 0.5, part["estimate"].std(), rtol=0.15)
