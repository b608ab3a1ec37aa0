"""Which codes come up together, in how many conversations, and more often than by chance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.agreement import sorted_values
from lostudy.statistics.bootstrap import drawn_counts
from lostudy.statistics.conversations import ancestors
from lostudy.statistics.estimates import need_choice, need_columns, tails

WINDOWS = ("segment", "overlap", "conversation")
RELATED, ALONE = "a code and one above it", "a code that one coder used only"
BLOCK = 512


def co_occurrence(
    segments: pd.DataFrame,
    window: str | int = "overlap",
    conversations: Sequence[Any] | None = None,
    codes: Sequence[Any] | None = None,
    parents: Mapping[Any, Any] | None = None,
    draws: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """How often each pair of codes comes up together, counted by conversation: a row per pair.

    `segments`: conversation, code, start, end, and `coder` where known. `window`, what together
    means: "segment" (the same passage), "overlap" (a character shared), a number (at most so many
    characters between them) or "conversation". `conversations`: all of them, also those without
    codes (else those in `segments`); `codes`: those to pair (else all found). `parents`: code to
    the code above it. A code with one above it, and a code that only one of several coders used,
    have no estimate: they come together, or do not, by how was coded. Jaccard: of the conversations
    with either code, the share with both together. Lift: how many times more often than if they
    were independent. Intervals are percentiles of `draws` resamples (`seed`) of conversations at
    `level`. Columns: one, two, n_one, n_two, n_both, n (conversations), jaccard, jaccard_low,
    jaccard_high, lift, lift_low, lift_high, note.

    >>> said = pd.DataFrame({"conversation": list("iijk"), "code": ["a", "b", "a", "b"],
    ...                      "start": [0, 5, 0, 0], "end": [9, 12, 9, 9]})
    >>> table = co_occurrence(said, conversations=list("ijkl"))
    >>> table[["n_one", "n_two", "n_both", "n", "jaccard", "lift"]].values.tolist()
    [[2.0, 2.0, 1.0, 4.0, 0.3333333333333333, 1.0]]
    """
    need_columns(segments, ["conversation", "code", "start", "end"])
    if not isinstance(window, int):
        need_choice("window", window, WINDOWS)
    elif isinstance(window, bool) or window < 0:
        cure = f"a whole number of characters from 0, or one of {', '.join(WINDOWS)}"
        raise StudyError(Problem(f"window {window} does not exist", cure))
    names = list(
        dict.fromkeys(segments["conversation"] if conversations is None else conversations)
    )
    known = sorted_values(segments["code"].unique()) if codes is None else list(codes)
    kept = segments[segments["code"].isin(known)]
    if not kept["conversation"].isin(names).all():
        raise StudyError(Problem("passages of an unknown conversation", "name all conversations"))
    has, both, pairs = _presence(kept, names, known, window)
    table = _counted(has, both, pairs, known)
    table["note"] = _notes(kept, pairs, known, parents or {})
    ends = _ends(has, both, pairs, draws, seed, level)
    table = table.assign(**ends)
    hidden = table["note"] != ""
    numbers = ["jaccard", "jaccard_low", "jaccard_high", "lift", "lift_low", "lift_high"]
    table[numbers] = table[numbers].mask(hidden)
    return table[["one", "two", "n_one", "n_two", "n_both", "n", *numbers, "note"]]


def _presence(
    segments: pd.DataFrame, names: list[Any], codes: list[Any], window: str | int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Conversations x codes, conversations x pairs together, and the pairs as places of codes."""
    pairs = np.array(list(combinations(range(len(codes)), 2)), dtype=int).reshape(-1, 2)
    has = np.zeros((len(names), len(codes)), dtype=bool)
    both = np.zeros((len(names), len(pairs)), dtype=bool)
    where = pd.Index(names).get_indexer(segments["conversation"])
    code = pd.Index(codes).get_indexer(segments["code"])
    start, end = (segments[side].to_numpy(dtype=float) for side in ("start", "end"))
    order = np.argsort(where, kind="stable")
    cuts = np.searchsorted(where[order], np.arange(len(names) + 1))
    for place in range(len(names)):
        mine = order[cuts[place] : cuts[place + 1]]
        has[place, code[mine]] = True
        together = _together(code[mine], start[mine], end[mine], len(codes), window)
        both[place] = together[pairs[:, 0], pairs[:, 1]]
    return has, both, pairs


def _together(
    code: np.ndarray, start: np.ndarray, end: np.ndarray, codes: int, window: str | int
) -> np.ndarray:
    """Codes x codes of one conversation: whether they come up together."""
    if window == "conversation":
        has = np.bincount(code, minlength=codes) > 0
        return np.outer(has, has)
    if window == "segment":
        _, place = np.unique(np.column_stack([start, end]), axis=0, return_inverse=True)
        place = place.ravel()
        first, last, rows = place, place + 1, int(place.max(initial=-1)) + 1
    else:
        wide = 0.0 if window == "overlap" else (float(window) + 0.5) / 2
        edges = np.unique(np.concatenate([start - wide, end + wide]))
        first, last = np.searchsorted(edges, start - wide), np.searchsorted(edges, end + wide)
        rows = len(edges)
    return _shared_rows(code, first, last, rows, codes)


def _shared_rows(
    code: np.ndarray, first: np.ndarray, last: np.ndarray, rows: int, codes: int
) -> np.ndarray:
    """Which codes stand in one row together; each passage stands in rows first up to last."""
    change = np.zeros((rows + 1, codes), dtype=np.int32)
    np.add.at(change, (first, code), 1)
    np.add.at(change, (last, code), -1)
    stands = (np.cumsum(change, axis=0) > 0).astype(np.float32)
    return np.asarray(stands.T @ stands > 0)


def _counted(
    has: np.ndarray, both: np.ndarray, pairs: np.ndarray, codes: list[Any]
) -> pd.DataFrame:
    of = has.sum(axis=0)
    one, two, n_both = of[pairs[:, 0]], of[pairs[:, 1]], both.sum(axis=0)
    jaccard, lift = _ratios(one, two, n_both, len(has))
    return pd.DataFrame({
        "one": [codes[i] for i in pairs[:, 0]], "two": [codes[i] for i in pairs[:, 1]],
        "n_one": one, "n_two": two, "n_both": n_both, "n": len(has),
        "jaccard": jaccard, "lift": lift,
    })  # fmt: skip


def _ratios(one: Any, two: Any, both: Any, n: Any) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return both / (one + two - both), both * n / (one * two)


def _ends(
    has: np.ndarray, both: np.ndarray, pairs: np.ndarray, draws: int, seed: int, level: float
) -> dict[str, np.ndarray]:
    """Percentiles over resamples of conversations, some hundreds of pairs at a time."""
    names = ["jaccard_low", "jaccard_high", "lift_low", "lift_high"]
    found = {name: np.full(len(pairs), np.nan) for name in names}
    if len(has) < 2 or draws < 2:
        return found
    times = drawn_counts(len(has), draws, seed).astype(np.float32)
    of = times @ has.astype(np.float32)
    tail = list(tails(level))
    for begin in range(0, len(pairs), BLOCK):
        block = slice(begin, begin + BLOCK)
        n_both = times @ both[:, block].astype(np.float32)
        one, two = (of[:, pairs[block, side]] for side in (0, 1))
        for name, values in zip(
            ("jaccard", "lift"), _ratios(one, two, n_both, len(has)), strict=True
        ):
            low, high = _quantiles(values, tail)
            found[f"{name}_low"][block], found[f"{name}_high"][block] = low, high
    return found


def _quantiles(values: np.ndarray, tail: list[float]) -> np.ndarray:
    if np.isfinite(values).all():
        return np.quantile(values, tail, axis=0)
    known = np.isfinite(values).sum(axis=0) > 1
    low_high = np.full((2, values.shape[1]), np.nan)
    if known.any():
        low_high[:, known] = np.nanquantile(values[:, known], tail, axis=0)
    return low_high


def _notes(
    segments: pd.DataFrame, pairs: np.ndarray, codes: list[Any], parents: Mapping[Any, Any]
) -> list[str]:
    """Why a pair is not judged; empty where it is."""
    above = [set(ancestors(code, parents)) for code in codes]
    alone = np.zeros(len(codes), dtype=bool)
    if "coder" in segments and segments["coder"].nunique() > 1:
        by = segments.groupby("code")["coder"].nunique()
        alone = np.array([by.get(code, 0) == 1 for code in codes])
    return [
        RELATED if codes[i] in above[j] or codes[j] in above[i]
        else ALONE if alone[i] or alone[j] else ""
        for i, j in pairs
    ]  # fmt: skip
