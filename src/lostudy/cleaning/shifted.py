"""Answers that stand in the wrong column or row: a shift shows in how items go together (C6).

When columns were shifted, an item goes with the scale of its neighbour better than with its own.
When cells of one column were pushed down, the item goes with the answers of the row above. Both
look like ordinary answers one by one; only the whole shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from lostudy.cleaning.moved_rows import move_back, moved_blocks
from lostudy.cleaning.rules import answer_hashes
from lostudy.study import Study

MARGIN, SHORTEST, FEWEST = 2.0, 5, 15
ROW_MARGIN, APART = 4.0, 0.25
MOST_ROWS = 5_000


def shifted_columns(
    study: Study, answers: pd.DataFrame, order: list[str]
) -> tuple[int, list[str]] | None:
    """How far (+1: to the right) and for which items the columns are shifted, or None.

    `answers`: the kept records; `order`: the items as their columns stand in the delivery.
    """
    items = [item for item in order if _scale(study, item) and answers[item].notna().any()]
    if len(answers) < FEWEST or len(items) < SHORTEST:
        return None
    together = correlations(_values(study, _some(answers[items]), items))
    here = np.arange(len(items))
    own = _with_scale(study, items, together, here)
    best: tuple[float, int, slice] = (MARGIN, 0, slice(0))
    for far in (1, -1):
        gain = _with_scale(study, items, together, _beside(here, far)) - own
        total, place = _best_run(np.nan_to_num(gain))
        if total > best[0] and place.stop - place.start >= SHORTEST:
            best = (total, far, place)
    return (best[1], items[best[2]]) if best[1] else None


def swapped_columns(
    study: Study, answers: pd.DataFrame, order: list[str], shifted: list[str]
) -> tuple[str, str] | None:
    """The two columns whose swap explains more than a shift of these items does, or None."""
    items = [item for item in order if _scale(study, item) and answers[item].notna().any()]
    together = correlations(_values(study, _some(answers[items]), items))
    here = np.arange(len(items))
    own = _with_scale(study, items, together, here)
    places = [items.index(item) for item in shifted]
    gains = {}
    for one, other in combinations(places, 2):
        source = here.copy()
        source[[one, other]] = other, one
        gains[one, other] = float(np.nansum(_with_scale(study, items, together, source) - own))
    best = max(gains, key=lambda pair: gains[pair])
    shift = max(
        float(np.nansum((_with_scale(study, items, together, _beside(here, far)) - own)[places]))
        for far in (1, -1)
    )
    return (items[best[0]], items[best[1]]) if gains[best] > shift else None


def _beside(here: np.ndarray, far: int) -> np.ndarray:
    """Each place's neighbour; −1 beyond the ends."""
    source = here + far
    source[(source < 0) | (source >= len(here))] = -1
    return source


def _scale(study: Study, item: str) -> str:
    """The scale of an item that has answers with labels and companions, else ""."""
    scale = study.scales.get(study.items[item].scale)
    return scale.id if scale and len(scale.items) > 1 else ""


def _some(answers: pd.DataFrame) -> pd.DataFrame:
    """All records, or of very many the first by content: row order must not matter."""
    if len(answers) <= MOST_ROWS:
        return answers
    return answers.iloc[np.argsort(answer_hashes(answers).to_numpy())[:MOST_ROWS]]


def _values(study: Study, answers: pd.DataFrame, items: list[str]) -> np.ndarray:
    return answers[items].to_numpy(dtype="float64", na_value=np.nan)


def correlations(values: np.ndarray) -> np.ndarray:
    """Pairwise correlations of columns; 0 where there is nothing to go by."""
    known = np.isfinite(values)
    count = known.astype("float64")
    centre = np.where(known, values, 0.0).sum(axis=0) / np.maximum(count.sum(axis=0), 1)
    apart = np.where(known, values - centre, 0.0)
    squares = (apart**2).T @ count
    below = np.sqrt(squares * squares.T)
    return np.divide(apart.T @ apart, below, out=np.zeros_like(below), where=below > 0)


def _with_scale(
    study: Study, items: list[str], together: np.ndarray, source: np.ndarray
) -> np.ndarray:
    """For each item: how its column goes with those of its scale, all in the scale's direction.

    `source` says which column is taken for each item (-1: none).
    """
    sign = np.array([-1.0 if study.items[item].reversed else 1.0 for item in items])
    scale = np.array([_scale(study, item) for item in items])
    mates = (scale[:, None] == scale[None, :]) & ~np.eye(len(items), dtype=bool)
    usable = source >= 0
    mates &= usable[:, None] & usable[None, :]
    taken = together[np.ix_(source, source)] * sign[:, None] * sign[None, :]
    count = mates.sum(axis=1)
    total = np.where(mates, taken, 0.0).sum(axis=1)
    return np.divide(total, count, out=np.full(len(items), np.nan), where=count > 0)


def _best_run(gain: np.ndarray) -> tuple[float, slice]:
    """The run of neighbours with the largest total gain.

    >>> _best_run(np.array([-1.0, 2.0, 1.0, -5.0, 1.0]))
    (3.0, slice(1, 3, None))
    """
    best, place = 0.0, slice(0, 0)
    total, start = 0.0, 0
    for end, value in enumerate(gain.tolist(), 1):
        if total <= 0:
            total, start = 0.0, end - 1
        total += value
        if total > best:
            best, place = total, slice(start, end)
    return best, place


def pushed_blocks(
    answers: pd.DataFrame, order: list[str]
) -> tuple[list[tuple[int, list[str]]], pd.DataFrame]:
    """How far (+1: a row lower) and which neighbouring items, and the answers moved back."""
    items = [item for item in order if answers[item].notna().any()]
    answers = answers.head(MOST_ROWS)
    values = answers[items].to_numpy(dtype="float64", na_value=np.nan, copy=True)
    blocks = list(moved_blocks(values))
    if not blocks:
        return [], answers
    for block in blocks:
        move_back(values, block)
    answers = answers.assign(**dict(zip(items, values.T, strict=True)))
    return [(each.far, items[each.first : each.last + 1]) for each in blocks], answers


def shifted_rows(study: Study, answers: pd.DataFrame) -> Mapping[str, int]:
    """Item → +1 where its cells stand a row lower than the rest of the record, −1 a row higher.

    `answers`: all records in the order of the delivery. Evidence: the correlation with the rest of
    the scale is four standard errors higher after moving the cells back. (An item that goes against
    its scale is turned, not shifted.)
    """
    found: dict[str, int] = {}
    answers = answers.head(MOST_ROWS)
    if len(answers) < FEWEST:
        return found
    for scale in study.scales.values():
        asked = [item for item in scale.items if answers[item].notna().any()]
        if len(asked) < 2:
            continue
        values = _values(study, answers, asked).copy()
        values[:, [study.items[item].reversed for item in asked]] *= -1
        for place, item in enumerate(asked):
            rest = _mean(np.delete(values, place, axis=1))
            here, n = _z(values[:, place], rest)
            if here < -APART:
                continue
            moved = {
                1: np.append(values[1:, place], np.nan),
                -1: np.insert(values[:-1, place], 0, np.nan),
            }
            for far, cells in moved.items():
                there = _z(cells, rest)[0]
                if there > APART and (there - here) * np.sqrt(max(n - 3, 0)) > ROW_MARGIN:
                    found[item] = far
    return found


def _mean(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)


def _z(one: np.ndarray, other: np.ndarray) -> tuple[float, int]:
    """Fisher's z of a correlation, and over how many."""
    both = np.isfinite(one) & np.isfinite(other)
    together = correlations(np.column_stack([one[both], other[both]]))
    return float(np.arctanh(np.clip(together[0, 1], -0.99, 0.99))), int(both.sum())
