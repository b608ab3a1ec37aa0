"""Did the last conversations still bring new themes? After Guest, Namey & Chen (2020)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import permutations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.estimates import as_frame, missing_row, need_columns, tails

BLOCK = 2_000_000


def saturation(
    segments: pd.DataFrame,
    conversations: Sequence[Any] | None = None,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    orders: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How much a run of further conversations brings, over many orders: a row per number.

    Guest, Namey & Chen (2020, PLoS ONE 15(5), e0232076): the codes of the first `base`
    conversations are the base; of each next run of `run` conversations, the codes not heard before,
    divided by those of the base, are its new information; at most `threshold` (.05, or 0) is
    saturation. The order in which conversations were held is one of many: `orders` random ones
    (`seed`), all where there are no more, or, where 0, the order of `conversations` itself.
    `segments`: conversation and code; `conversations`: all of them, also those without codes (else
    those in `segments`). Columns: conversations (before the run), estimate (new information of the
    run, mean over orders), low and high (percentiles at `level`), codes (heard by then, mean),
    reached (share of orders saturated by then), n (all conversations), method, note.

    Three conversations that say the same, and nothing new:

    >>> said = pd.DataFrame({"conversation": [1, 1, 2, 2, 3, 3], "code": list("ababab")})
    >>> table = saturation(said, base=1, run=1)
    >>> table[["conversations", "estimate", "codes", "reached"]].values.tolist()
    [[1.0, 0.0, 2.0, 1.0], [2.0, 0.0, 2.0, 1.0]]
    """
    has = _presence(segments, conversations)
    note = _problem(has, base, run)
    method = f"base {base}, run {run}, threshold {threshold:g}, {{}} orders"
    if note:
        row = missing_row(n=len(has), method=method.format(0), note=note, conversations=base,
                          codes=np.nan, reached=np.nan)  # fmt: skip
        return as_frame([row], ["estimate", "low", "high"])
    new, known, made = _over_orders(has, base, run, orders, seed)
    reached = np.maximum.accumulate(new <= threshold + 1e-12, axis=1).mean(axis=0)
    empty = np.isnan(new).any(axis=1).mean()
    said = f"no codes in the base in {empty:.0%} of the orders" if empty else ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        mean = np.nanmean(new, axis=0)
        ends = np.nanquantile(new, tails(level), axis=0)
    rows = [
        {
            **missing_row(n=len(has), method=method.format(made), note=said, conversations=base + i,
                          codes=known[:, i].mean(), reached=reached[i]),
            "estimate": mean[i], "low": ends[0, i], "high": ends[1, i],
        }
        for i in range(new.shape[1])
    ]  # fmt: skip
    return as_frame(rows, ["estimate", "low", "high"])


def saturation_point(
    segments: pd.DataFrame,
    conversations: Sequence[Any] | None = None,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    orders: int = 1000,
    seed: int = 1,
    level: float = 0.9,
) -> pd.DataFrame:
    """After how many conversations saturation is reached: one row, the median over orders.

    Arguments as of `saturation`: `segments`, `conversations`, `base`, `run`, `threshold`, `orders`,
    `seed`; `level` of the range over orders (the authors give the 5th and 95th percentile). The
    number is that before the run that confirms it: 6 with a run of 2 means six, and two more were
    held (their 6+2). Columns: estimate, low, high, n, method, note (in how many orders it was never
    reached; those count as more than all).

    >>> said = pd.DataFrame({"conversation": [1, 1, 2, 2, 3, 3], "code": list("ababab")})
    >>> saturation_point(said, base=1, run=1)["estimate"].item()
    1.0
    """
    has = _presence(segments, conversations)
    method = f"base {base}, run {run}, threshold {threshold:g}, {{}} orders"
    note = _problem(has, base, run)
    columns = ["estimate", "low", "high"]
    if note:
        return as_frame([missing_row(n=len(has), method=method.format(0), note=note)], columns)
    new, _, made = _over_orders(has, base, run, orders, seed)
    good = new <= threshold + 1e-12
    when = np.where(good.any(axis=1), base + good.argmax(axis=1), np.inf)
    low_share, high_share = tails(level)
    low, middle, high = np.quantile(
        when, [low_share, 0.5, high_share], method="inverted_cdf"
    )
    never = float((~good.any(axis=1)).mean())
    said = f"not reached in {never:.0%} of the orders" if never else ""
    row = missing_row(n=len(has), method=method.format(made), note=said)
    ends = {name: (value if np.isfinite(value) else np.nan)
            for name, value in zip(columns, (middle, low, high), strict=True)}  # fmt: skip
    return as_frame([{**row, **ends}], columns)


def _presence(segments: pd.DataFrame, conversations: Sequence[Any] | None) -> np.ndarray:
    """Conversations x codes."""
    need_columns(segments, ["conversation", "code"])
    names = pd.Index(dict.fromkeys(
        segments["conversation"] if conversations is None else conversations))  # fmt: skip
    where = names.get_indexer(segments["conversation"])
    if (where < 0).any():
        raise StudyError(Problem("passages of an unknown conversation", "name all conversations"))
    code, codes = pd.factorize(segments["code"])
    has = np.zeros((len(names), len(codes)), dtype=bool)
    has[where, code] = True
    return has


def _problem(has: np.ndarray, base: int, run: int) -> str:
    if base < 1 or run < 1:
        raise StudyError(Problem("a base or a run of no conversations", "give 1 or more"))
    if len(has) < base + run:
        return f"fewer than {base + run} conversations"
    return "" if has.any() else "no codes"


def _over_orders(
    has: np.ndarray, base: int, run: int, orders: int, seed: int
) -> tuple[np.ndarray, np.ndarray, int]:
    """New information of each run and codes heard before it, orders x runs."""
    places = _orders(len(has), orders, seed)
    size = max(1, BLOCK // max(has.size, 1))
    new, known = [], []
    for begin in range(0, len(places), size):
        block = places[begin : begin + size]
        when = np.where(has.T, block[:, None, :], len(has)).min(axis=2)
        first = np.apply_along_axis(np.bincount, 1, when, minlength=len(has) + 1)[:, :-1]
        heard = np.cumsum(first, axis=1)
        at = np.arange(base, len(has) - run + 1)
        before = heard[:, at - 1]
        more = heard[:, at + run - 1] - before
        start = heard[:, [base - 1]]
        with np.errstate(divide="ignore", invalid="ignore"):
            new.append(np.where(start > 0, more / start, np.nan))
        known.append(before)
    return np.concatenate(new), np.concatenate(known), len(places)


def _orders(size: int, orders: int, seed: int) -> np.ndarray:
    """The place of each conversation in each order: all orders where there are no more."""
    if orders == 0:
        return np.arange(size)[None, :]
    if size < 12 and factorial(size) <= orders:
        return np.array(list(permutations(range(size))))
    draw = np.random.default_rng(seed)
    return np.argsort(draw.random((orders, size)), axis=1)
