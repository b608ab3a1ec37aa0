"""Whether an item points the way its scale does (rule C7): double reversal is the classic.

An item that goes against the rest of its scale after reversal was reversed once too often, or not
at all; scores made of it would be wrong without anybody seeing it. In a small delivery a
correlation says little by itself; there the item is held against the organisation's other waves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lostudy.study import Scale

LOWEST, ENOUGH, FEWEST = -0.2, 30, 10
TRUE_CHANGE, EVIDENCE = 0.25, 6.0


@dataclass(frozen=True)
class Pointing:
    """How an item stands to the rest of its scale in one delivery.

    `r` over `n` answers (after reversal); `mean` and `sd` of the answers as given; `turned` is the
    mean as it would be if they were reversed.
    """

    item: str
    scale: str
    r: float
    n: int
    mean: float
    sd: float
    turned: float


def pointings(
    scales: Iterable[Scale], answers: pd.DataFrame, rows: np.ndarray
) -> Iterator[Pointing]:
    """Each answered item of each scale, beside the mean of the other items.

    >>> scale = Scale(id="S", label={"nl": "S"}, minimum=1, maximum=5, items=("a", "b"))
    >>> answers = pd.DataFrame({"a": [1, 2, 5], "b": [5, 3, 1]})
    >>> [(each.item, round(each.r, 2)) for each in pointings([scale], answers, np.arange(3))]
    [('a', -0.96), ('b', -0.96)]
    """
    for scale in scales:
        columns = {item: _turned(scale, item, answers[item], rows) for item in scale.items}
        filled = {item: ~np.isnan(values) for item, values in columns.items()}
        asked = [item for item in scale.items if filled[item].any()]
        if len(asked) < 2:
            continue
        total = np.sum([np.nan_to_num(columns[item]) for item in asked], axis=0)
        count = np.sum([filled[item] for item in asked], axis=0)
        for item in asked:
            both = filled[item] & (count > 1)
            yield _pointing(scale, item, columns[item][both], (total[both], count[both]))


def _pointing(
    scale: Scale, item: str, own: np.ndarray, whole: tuple[np.ndarray, np.ndarray]
) -> Pointing:
    total, count = whole
    rest = (total - own) / (count - 1)
    mean = float(own.mean(dtype="float64")) if len(own) else float("nan")
    sd = float(own.std(dtype="float64")) if len(own) else float("nan")
    ends = scale.minimum + scale.maximum
    return Pointing(item, scale.id, _correlation(own, rest), len(own), mean, sd, ends - mean)


def _turned(scale: Scale, item: str, answers: pd.Series, rows: np.ndarray) -> np.ndarray:
    """The answers in the direction of the scale."""
    values = answers.to_numpy(dtype="float32", na_value=np.nan)[rows]
    return scale.minimum + scale.maximum - values if item in scale.reversed_items else values


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    if len(one) < 3:
        return float("nan")
    one, other = one - one.mean(dtype="float64"), other - other.mean(dtype="float64")
    spread = np.sqrt((one @ one) * (other @ other))
    return float(one @ other / spread) if spread > 0 else float("nan")


def reversed_here(found: Pointing, elsewhere: list[Pointing]) -> bool:
    """Whether the item looks reversed in this delivery, given its other waves.

    From thirty answers on: correlation below −.2. Else, from ten on: the evidence for "reversed
    here" against "as elsewhere", a log-likelihood ratio of correlation (Fisher's z) and mean (which
    may truly differ by a standard deviation of .25 point), above 6, with r below 0.
    """
    if not found.n >= FEWEST or np.isnan(found.r):
        return False
    if found.n >= ENOUGH:
        return found.r < LOWEST
    return found.r < 0 and _evidence(found, elsewhere) > EVIDENCE


def _evidence(found: Pointing, elsewhere: list[Pointing]) -> float:
    known = [each for each in elsewhere if each.n >= FEWEST and not np.isnan(each.r)]
    weight = sum(each.n - 3 for each in known)
    if not weight:
        return 0.0
    usual = sum(_z(each.r) * (each.n - 3) for each in known) / weight
    mean = sum(each.mean * (each.n - 3) for each in known) / weight
    if usual < 0.1:
        return 0.0
    apart = found.sd**2 / found.n + found.sd**2 / weight + TRUE_CHANGE**2
    near, far = (found.mean - mean) ** 2, (found.turned - mean) ** 2
    return -2 * (found.n - 3) * _z(found.r) * usual + (near - far) / (2 * apart)


def _z(r: float) -> float:
    return float(np.arctanh(np.clip(r, -0.99, 0.99)))
