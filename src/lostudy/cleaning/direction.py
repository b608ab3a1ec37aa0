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

LOWEST, FEWEST, ENOUGH, MANY = -0.2, 10, 30, 100
FEWEST_PAIRS, CERTAIN = 20, 4.0
TRUE_CHANGE, ITEMS_DIFFER, EVIDENCE, FEW = 0.25, 0.12, 4.5, 4


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


def reversed_here(
    found: Pointing, elsewhere: list[Pointing], usual: float, organisations: int = FEW
) -> bool:
    """Whether the item looks reversed in this delivery, given its other waves.

    From thirty answers on a correlation below −.2 is enough. From ten to a hundred also the
    evidence for "reversed here" against "as elsewhere" (above 4.5, with r below 0); `usual` is the
    common z of items with the rest of their scale. Of many `organisations` more evidence is asked:
    who looks at a hundred times as many small deliveries meets a hundred times as many odd ones.
    """
    if not found.n >= FEWEST or np.isnan(found.r):
        return False
    if found.n >= ENOUGH and found.r < LOWEST:
        return True
    least = EVIDENCE + float(np.log(max(organisations, FEW) / FEW))
    return found.n < MANY and found.r < 0 and _evidence(found, elsewhere, usual) > least


def _evidence(found: Pointing, elsewhere: list[Pointing], usual: float) -> float:
    """A log-likelihood ratio of correlation (Fisher's z) and mean.

    The z of the other waves is drawn towards the usual one, by what items differ in truth (.12);
    the mean may truly differ between waves by a standard deviation of .25 point.
    """
    known = [each for each in elsewhere if each.n >= FEWEST and not np.isnan(each.r)]
    weight = sum(each.n - 3 for each in known)
    if not weight:
        return 0.0
    own = sum(fisher(each.r) * (each.n - 3) for each in known)
    expected = (own + usual / ITEMS_DIFFER**2) / (weight + 1 / ITEMS_DIFFER**2)
    mean = sum(each.mean * (each.n - 3) for each in known) / weight
    apart = found.sd**2 / found.n + found.sd**2 / weight + TRUE_CHANGE**2
    near, far = (found.mean - mean) ** 2, (found.turned - mean) ** 2
    return -2 * (found.n - 3) * fisher(found.r) * expected + (near - far) / (2 * apart)


def turned_scales(
    earlier: pd.DataFrame, later: pd.DataFrame
) -> Iterator[tuple[str, float, int]]:
    """How each scale goes with itself among the persons of both waves, and how many they are.

    Both frames are `scores`. A scale of which every item was turned looks sound by itself; persons
    who are high at one wave and low at the other tell.

    >>> earlier = pd.DataFrame({"S": [1.0, 3.0, 5.0]}, index=["ANN07", "BEA11", "CEE12"])
    >>> list(turned_scales(earlier, 6 - earlier))
    [('S', -1.0, 3)]
    """
    people = earlier.index.intersection(later.index)
    earlier, later = earlier.loc[people], later.loc[people]
    for scale in earlier.columns.astype("str"):
        one, other = earlier[scale].to_numpy(), later[scale].to_numpy()
        both = ~np.isnan(one) & ~np.isnan(other)
        yield scale, _correlation(one[both], other[both]), int(both.sum())


def scores(scales: Iterable[Scale], answers: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """The mean of each scale (a column) of everyone with a linking code of her own (the index).

    >>> scale = Scale(id="S", label={"nl": "S"}, minimum=1, maximum=5, items=("a", "b"))
    >>> answers = pd.DataFrame({"a": [1, 2, 5], "b": [3, 3, 1]})
    >>> scores([scale], answers, pd.Series(["ANN07", "BEA11", "BEA11"]))["S"].to_dict()
    {'ANN07': 2.0}
    """
    rows = np.flatnonzero((codes != "") & ~codes.duplicated(keep=False))
    means = {scale.id: _score(scale, answers, rows) for scale in scales}
    return pd.DataFrame(means, index=pd.Index(codes.iloc[rows].astype("str")))


def _score(scale: Scale, answers: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    columns = [_turned(scale, item, answers[item], rows) for item in scale.items]
    known = np.isfinite(columns)
    total, count = np.where(known, columns, 0.0).sum(axis=0), known.sum(axis=0)
    return np.divide(total, count, out=np.full(len(rows), np.nan), where=count > 0)


def goes_against_itself(r: float, n: int) -> bool:
    """Whether a retest correlation is below zero by four standard errors.

    >>> goes_against_itself(-0.6, 60), goes_against_itself(-0.3, 60), goes_against_itself(-0.9, 9)
    (True, False, False)
    """
    return n >= FEWEST_PAIRS and bool(fisher(r) + CERTAIN / np.sqrt(n - 3) < 0)


def usual_z(found: Iterable[Pointing]) -> float:
    """The mean z of items with the rest of their scale; 0 where nothing is known."""
    known = [fisher(each.r) for each in found if each.n >= FEWEST and not np.isnan(each.r)]
    return float(np.mean(known)) if known else 0.0


def fisher(r: float) -> float:
    """Fisher's z of a correlation."""
    return float(np.arctanh(np.clip(r, -0.99, 0.99)))
