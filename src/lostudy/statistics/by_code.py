"""Agreement of coders, code by code, over a whole codebook at once.

Which number answers what: alpha, AC1, Brennan-Prediger and Fleiss' kappa say how far coders agree
beyond chance, each with another idea of chance; positive agreement says how often a second coder
marked what a first one marked; negative agreement the same for what was left unmarked; prevalence
how common the code is. A rare code can have 96 % agreement, AC1 .96 and alpha .48 at once, so they
stand together and none decides alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem
from lostudy.statistics.agreement import NO_PAIRS, NO_VARIATION, sorted_values
from lostudy.statistics.estimates import as_frame, missing_row, need_columns, tails
from lostudy.statistics.units import coder_marks, marked_stretches

MEASURES = ("alpha", "AC1", "Brennan-Prediger", "Fleiss' kappa", "percent", "positive agreement",
            "negative agreement", "prevalence")  # fmt: skip
ENDS = ["estimate", "low", "high"]


def agreement_by_code(
    segments: pd.DataFrame,
    units: pd.DataFrame | Mapping[Any, float],
    coded: pd.DataFrame | None = None,
    codes: Sequence[Any] | None = None,
    least: float = 0.0,
    draws: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How well coders agree about each code: a row per code and measure.

    `segments`: conversation, coder, code, start, end. `units`: of `text_units`, or the
    length of each conversation: then a unit is a character. `coded`: conversation and coder,
    who judged what, also where they marked nothing (else those with a passage there). `codes`: the
    whole codebook (else those in `segments`). `least`: the share of a unit that a passage must
    cover to mark it, 0 for any character. Intervals are percentiles of `draws` resamples (`seed`)
    of whole conversations at `level`. A code that nobody used has no variation: no number but its
    prevalence, never 1.
    Measures: Krippendorff's alpha (nominal), Gwet's (2008) AC1, Brennan & Prediger's (1981) kappa,
    Fleiss' kappa (for unequal numbers of coders as in Gwet 2014), percent agreement, positive and
    negative agreement (Cicchetti & Feinstein 1990), prevalence. Columns: code, measure,
    conversations (judged by two or more), estimate, low, high, n (their units, or characters),
    method, note.

    >>> units = pd.DataFrame({"conversation": "i", "start": [0, 10, 20], "end": [9, 19, 29]})
    >>> marked = pd.DataFrame({"conversation": "i", "coder": ["A", "B"], "code": "trust",
    ...                        "start": [0, 10], "end": [19, 19]})
    >>> table = agreement_by_code(marked, units, codes=["trust", "fear"])
    >>> table.loc[[0, 4, 8], ["code", "measure", "estimate", "note"]].round(3).values.tolist()
    [['trust', 'alpha', 0.444, 'one of the conversations: no interval'], \
['trust', 'percent', 0.667, 'one of the conversations: no interval'], \
['fear', 'alpha', nan, 'no variation']]
    """
    if isinstance(units, pd.DataFrame):
        found = sums_by_unit(segments, units, coded, codes, least)
    else:
        found = sums_by_character(segments, units, coded, codes)
    pairs = found.coders >= 2
    method = f"percentile interval from {draws} resamples of conversations, seed {seed}"
    n, conversations = int(found.size[pairs].sum()), int(pairs.sum())
    values = _measures(found, np.ones((1, len(found.coders))))[:, 0]
    drawn = _measures(found, _resamples(len(found.coders), draws, seed)) if n else values[:, None]
    rows = []
    for place, code in enumerate(found.codes):
        unused = not found.marked[:, place].any() or found.marked[:, place].sum() == found.most
        for k, measure in enumerate(MEASURES):
            row = missing_row(n=n, method=method, note="", code=code, measure=measure,
                              conversations=conversations)  # fmt: skip
            value = values[k, place]
            if not n:
                row["note"] = NO_PAIRS
            elif not np.isfinite(value) or (unused and measure != "prevalence"):
                row["note"] = NO_VARIATION
            else:
                row.update(_interval(value, drawn[k, :, place], level, len(found.coders)))
            rows.append(row)
    return as_frame(rows, ENDS)


@dataclass(frozen=True)
class CodeSums:
    """What agreement needs of each conversation: sums over its units.

    `size` and `coders`: how many units it has and how many judged it; `marked` and `squared`
    (conversations x codes): how many coders marked a unit, summed, and its square.
    """

    conversations: list[Any]
    codes: list[Any]
    size: np.ndarray
    coders: np.ndarray
    marked: np.ndarray
    squared: np.ndarray

    @property
    def most(self) -> float:
        """What `marked` would be in all if every coder had marked every unit."""
        return float(self.size @ self.coders)


def sums_by_unit(
    segments: pd.DataFrame,
    units: pd.DataFrame,
    coded: pd.DataFrame | None = None,
    codes: Sequence[Any] | None = None,
    least: float = 0.0,
) -> CodeSums:
    """Sums per conversation over its units, from which every coefficient and resample follows.

    Arguments as of `agreement_by_code`.

    >>> units = pd.DataFrame({"conversation": "i", "start": [0, 10], "end": [9, 19]})
    >>> marked = pd.DataFrame({"conversation": "i", "coder": ["A", "B"], "code": "trust",
    ...                        "start": [0, 10], "end": [19, 19]})
    >>> sums_by_unit(marked, units).squared.tolist()
    [[5.0]]
    """
    marks = coder_marks(segments, units, codes, least)
    names = pd.Index(units["conversation"].unique())
    place = names.get_indexer(units["conversation"])
    key, count = np.unique(marks.unit * len(marks.codes) + marks.code, return_counts=True)
    unit, code = np.divmod(key, max(len(marks.codes), 1))
    size = np.bincount(place, minlength=len(names))
    judged = _judged(segments, names, coded)
    return _summed(names, marks.codes, size, judged, (place[unit], code), count, 1.0)


def sums_by_character(
    segments: pd.DataFrame,
    lengths: Mapping[Any, float],
    coded: pd.DataFrame | None = None,
    codes: Sequence[Any] | None = None,
) -> CodeSums:
    """Sums per conversation over its characters; arguments as of `agreement_by_code`.

    >>> marked = pd.DataFrame({"conversation": "i", "coder": ["A", "B"], "code": "trust",
    ...                        "start": [0, 10], "end": [20, 20]})
    >>> sums_by_character(marked, {"i": 30}).squared.tolist()
    [[50.0]]
    """
    known = sorted_values(segments["code"].unique()) if codes is None else list(codes)
    found = marked_stretches(segments, lengths, known)
    names = pd.Index(list(lengths))
    cell = (names.get_indexer(pd.Index(found["conversation"])),
            pd.Index(known).get_indexer(pd.Index(found["code"])))  # fmt: skip
    width = (found["end"] - found["start"]).to_numpy(dtype=float)
    count = found.iloc[:, 4:].to_numpy().sum(axis=1)
    size = np.array([float(each) for each in lengths.values()])
    return _summed(names, known, size, _judged(segments, names, coded), cell, count, width)


def _summed(
    names: pd.Index,
    codes: list[Any],
    size: np.ndarray,
    judged: pd.DataFrame,
    cell: tuple[np.ndarray, np.ndarray],
    count: np.ndarray,
    width: np.ndarray | float,
) -> CodeSums:
    coders = np.bincount(names.get_indexer(pd.Index(judged["conversation"])), minlength=len(names))
    shape = (len(names), len(codes))
    flat = cell[0] * len(codes) + cell[1]
    marked, squared = (
        np.bincount(flat, weights=width * count**power, minlength=shape[0] * shape[1]).reshape(
            shape
        )
        for power in (1, 2)
    )
    kept = coders > 0
    return CodeSums(names[kept].tolist(), codes, size[kept].astype(float), coders[kept],
                    marked[kept], squared[kept])  # fmt: skip


def _judged(segments: pd.DataFrame, names: pd.Index, coded: pd.DataFrame | None) -> pd.DataFrame:
    """Which coder judged which conversation; raises where a passage is of somebody else."""
    keys = ["conversation", "coder"]
    found = segments[keys].drop_duplicates()
    if coded is None:
        return found
    need_columns(coded, keys)
    listed = coded[keys].drop_duplicates()
    strangers = len(found.merge(listed, on=keys, how="left", indicator=True)
                    .query("_merge == 'left_only'"))  # fmt: skip
    if strangers:
        what = f"passages in {strangers} conversations by a coder who is not in coded"
        raise DataError(Problem(what, "list every coder of every conversation"))
    return listed[listed["conversation"].isin(names)]


def _resamples(conversations: int, draws: int, seed: int) -> np.ndarray:
    if conversations < 2:
        return np.empty((0, conversations))
    share = np.full(conversations, 1 / conversations)
    return np.random.default_rng(seed).multinomial(conversations, share, size=draws).astype(float)


def _measures(found: CodeSums, times: np.ndarray) -> np.ndarray:
    """Measures x draws x codes; `times`: how often each conversation is counted in each draw."""
    r = found.coders.astype(float)
    two = r >= 2
    k, k2, W, R = found.marked[two], found.squared[two], found.size[two], r[two]
    drawn, rest = times[:, two], (R - 1)[:, None]
    total = (drawn @ W)[:, None]
    n = (drawn @ (W * R))[:, None]
    ones = drawn @ k
    both = drawn @ ((k2 - k) / rest)
    free = (W * R * (R - 1))[:, None] - (2 * R - 1)[:, None] * k + k2
    none = drawn @ (free / rest)
    agree = drawn @ ((k2 - k + free) / (R[:, None] * rest))
    seen = drawn @ (k / R[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (times @ (found.marked / r[:, None])) / (times @ found.size)[:, None]
        percent = agree / total
        by_chance = n**2 - ones**2 - (n - ones) ** 2
        alpha = 1 - (n - both - none) * (n - 1) / np.where(by_chance > 1e-9, by_chance, np.nan)
        pi = seen / total
        gwet, fleiss = 2 * share * (1 - share), pi**2 + (1 - pi) ** 2
        varied = (share > 1e-12) & (share < 1 - 1e-12)
        return np.stack([
            alpha,
            np.where(varied, (percent - gwet) / (1 - gwet), np.nan),
            np.where(varied, 2 * percent - 1, np.nan),
            np.where(1 - fleiss > 1e-12, (percent - fleiss) / (1 - fleiss), np.nan),
            percent,
            np.where(ones > 0, (drawn @ (k2 - k)) / (drawn @ (rest * k)), np.nan),
            np.where(n - ones > 0,
                     (drawn @ free) / (drawn @ ((W * R)[:, None] * rest - rest * k)), np.nan),
            ones / n,
        ])  # fmt: skip


def _interval(value: float, drawn: np.ndarray, level: float, conversations: int) -> dict[str, Any]:
    good = drawn[np.isfinite(drawn)]
    if conversations < 2 or len(good) < 2:
        return {"estimate": value, "note": "one of the conversations: no interval"}
    low, high = np.quantile(good, tails(level))
    lost = len(drawn) - len(good)
    note = f"{lost} resamples without variation" if lost else ""
    return {"estimate": value, "low": float(low), "high": float(high), "note": note}
