"""Every value that R computed and we compute too, at the tolerances of the gold folder's README.

The folder stands beside the repository (`../shared/gold`); where it is absent these tests are
skipped. `pytest -s tests/statistics/test_gold.py -k table` prints dataset, quantity, R, ours,
difference, and every entry that is not computed with the reason; without -s only the counts.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import gold_description  # noqa: F401  (each registers its checks)
import gold_factor  # noqa: F401
import gold_measurement  # noqa: F401
import gold_models  # noqa: F401
import numpy as np
import pytest
from gold_not import NOT_COMPUTED
from gold_values import CHECKS, GOLD, Row, close, gold

pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="no ../shared/gold: R values not checked")


@cache
def compared(dataset: str, name: str) -> tuple[Row, ...]:
    return tuple(CHECKS[(dataset, name)](gold(dataset)[name]))


def known() -> list[tuple[str, str]]:
    return [key for key in CHECKS if GOLD.exists() and key[1] in gold(key[0])]


@pytest.mark.parametrize(("dataset", "name"), known())
def test_equals_r(dataset: str, name: str) -> None:
    wrong = [row for row in compared(dataset, name) if not close(*row[1:])]
    assert not wrong, wrong[:5]


def numbers(value: Any) -> int:
    if isinstance(value, dict):
        kept = {
            k: v for k, v in value.items() if k not in (".rows", "rows", "cols", "lhs", "op", "rhs")
        }
        return sum(numbers(v) for v in kept.values())
    if isinstance(value, list):
        return sum(numbers(v) for v in value)
    return int(isinstance(value, int | float) and not isinstance(value, bool))


def test_every_value_is_computed_or_named_with_a_reason() -> None:
    every = {(path.stem, name) for path in GOLD.glob("*.json") for name in gold(path.stem)}
    assert not every - set(CHECKS) - set(NOT_COMPUTED), "neither computed nor named"
    assert not set(NOT_COMPUTED) - every, "named, but not there"
    both = set(NOT_COMPUTED) & set(CHECKS)
    assert both == {("bfi", "trim_mean")}, "named as not computed, yet computed"


def test_table(capsys: pytest.CaptureFixture) -> None:
    rows, counts = [], []
    for path in sorted(GOLD.glob("*.json")):
        dataset = path.stem
        ids = [name for (d, name) in known() if d == dataset]
        done = sum(len(compared(dataset, name)) for name in ids)
        total = sum(numbers(v) for v in gold(dataset).values())
        counts.append((dataset, len(gold(dataset)), len(ids), total, done))
        for name in ids:
            for quantity, theirs, ours, tolerance in compared(dataset, name):
                rows.append(
                    (dataset, f"{name} {quantity}", theirs, ours, ours - theirs, *tolerance)
                )
    with capsys.disabled():
        if {"-s", "--capture=no"} & set(sys.argv):
            for row in rows:
                print(
                    f"{row[0]:24s} {row[1]:48s} {row[2]:>22.12g} {row[3]:>22.12g} {row[4]:>10.1e}"
                )
            print("\nnot computed, and why")
            for (dataset, name), why in NOT_COMPUTED.items():
                print(f"{dataset:24s} {name:18s} {why}")
        _print_counts(counts)
    assert sum(count[2] for count in counts) >= 255


def _print_counts(counts: list[tuple[str, int, int, int, int]]) -> None:
    print("\ndataset                  entries  computed  not computed  numbers  compared")
    sums = tuple(int(each) for each in np.sum([count[1:] for count in counts], axis=0))
    for name, entries, ids, total, done in [*counts, ("all", *sums)]:
        print(f"{name:24s} {entries:7d} {ids:9d} {entries - ids:13d} {total:8d} {done:9d}")
