"""Do coders mark the same passages and give them the same code? Alpha for freely marked text.

For coders who choose the passages themselves, so that there are no units to agree on beforehand.
The family of Krippendorff, Mathet, Bouvry & Widlöcher (2016, Quality & Quantity 50:2347), also in
Krippendorff (2019, Content Analysis, 4th ed., section 12.6). Each member answers a question of its
own:

- u-alpha: do they mark the same stretches, with the same codes, gaps included?
- |u-alpha: do they tell what matters from what does not, whatever the code?
- cu-alpha: where several marked something, did they give it the same code?
- (k)u-alpha: the same for one code k.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem, StudyError
from lostudy.statistics.agreement import NO_PAIRS, NO_VARIATION, sorted_values
from lostudy.statistics.estimates import as_frame, missing_row, need_columns, need_places

METHOD = "Krippendorff's alpha for unitizing"
FEW = 1e-9


def unitizing_alpha(
    segments: pd.DataFrame,
    lengths: Mapping[Any, float],
    coders: Sequence[Any] | None = None,
) -> pd.DataFrame:
    """The unitizing family of alpha: a row for u, |u, cu and for (k)u of each code.

    `segments`: a row per marked passage with `conversation`, `coder`, `code`, `start` and `end`
    (end not included), in the unit of `lengths` (characters, seconds): the length of each
    conversation. `coders`: everyone who coded all conversations, also who marked nothing (else
    those in `segments`). One coder's passages must not overlap: texts with several codes at one
    place are judged code by code, with `boundary_alpha`. Conversations are one continuum, laid end
    to end. Columns: measure, code, coverage (the share of the text, or of the passages with
    this code, that the number is about), estimate, n (length of text times coders), method, note.

    Three coders, two codes, a text of 20 (values of L. Danna, unitized_alpha, an implementation of
    the paper):

    >>> rows = [("Alex", 1, 2, 5), ("Alex", 1, 9, 11), ("Alex", 2, 12, 20), ("Paul", 1, 2, 5),
    ...         ("Paul", 2, 7, 15), ("Susan", 1, 2, 5), ("Susan", 2, 10, 15)]
    >>> marked = pd.DataFrame(rows, columns=["coder", "code", "start", "end"])
    >>> found = unitizing_alpha(marked.assign(conversation="i"), {"i": 20})
    >>> found[["measure", "estimate"]].round(3).values.tolist()[:3]
    [['u-alpha', 0.474], ['|u-alpha', 0.433], ['cu-alpha', 0.779]]
    """
    names = _coders(segments, coders)
    need_places(segments)
    table = _checked(segments, lengths, names)
    codes = sorted_values(table["code"].unique().tolist())
    n = float(sum(lengths.values())) * len(names)
    if len(names) < 2 or not n:
        return _frame([_row("u-alpha", "", np.nan, np.nan, n, NO_PAIRS)])
    seen = _coincidences(table, lengths, names, codes)
    rows = [
        _row("u-alpha", "", *_u(seen), n),
        _row("|u-alpha", "", *_binary(seen), n),
        _row("cu-alpha", "", *_coded(seen), n),
        *(_row("(k)u-alpha", code, *_one(seen, k + 1), n) for k, code in enumerate(codes)),
    ]
    return _frame(rows)


def boundary_alpha(
    segments: pd.DataFrame,
    lengths: Mapping[Any, float],
    coders: Sequence[Any] | None = None,
) -> pd.DataFrame:
    """Per code: are the same stretches marked with it? A row per code, |u-alpha of that code alone.

    `segments`, `lengths` and `coders` as in `unitizing_alpha`, but codes may overlap, for each is
    judged by itself; overlapping passages of one coder with the same code are one. Columns: code,
    coverage (the share of the text that a coder marked with it, on average), estimate, n, method,
    note.

    >>> marked = pd.DataFrame({"conversation": "i", "coder": ["A", "B"], "code": "trust",
    ...                        "start": [10, 10], "end": [20, 20]})
    >>> boundary_alpha(marked, {"i": 100})[["code", "estimate", "coverage"]].values.tolist()
    [['trust', 1.0, 0.1]]
    """
    names = _coders(segments, coders)
    need_places(segments)
    n = float(sum(lengths.values())) * len(names)
    rows = []
    for code, marked in segments.groupby("code", sort=True):
        table = _checked(merged(marked), lengths, names)
        if len(names) < 2 or not n:
            rows.append(_row("", code, np.nan, np.nan, n, NO_PAIRS))
            continue
        seen = _coincidences(table, lengths, names, [code])
        value, _ = _binary(seen)
        rows.append(_row("", code, value, float((table["end"] - table["start"]).sum() / n), n))
    return _frame(rows).drop(columns="measure")


def merged(segments: pd.DataFrame) -> pd.DataFrame:
    """Overlapping passages of one coder in one conversation with one code, taken together.

    `segments`: as in `unitizing_alpha`. Passages that only touch stay apart. Columns: conversation,
    coder, code, start, end.

    >>> marked = pd.DataFrame({"conversation": "i", "coder": "A", "code": "trust",
    ...                        "start": [0, 5, 10], "end": [8, 10, 12]})
    >>> merged(marked)[["start", "end"]].values.tolist()
    [[0, 10], [10, 12]]
    """
    keys = ["conversation", "coder", "code"]
    table = segments[[*keys, "start", "end"]].sort_values([*keys, "start", "end"], kind="stable")
    reach = table.groupby(keys, sort=False, observed=True)["end"].cummax()
    group = table.groupby(keys, sort=False, observed=True).ngroup()
    new = (group != group.shift()) | (table["start"] >= reach.shift())
    each = table.groupby(new.cumsum().to_numpy(), sort=False)
    return each.agg({**dict.fromkeys(keys, "first"), "start": "first", "end": "max"}).reset_index(
        drop=True
    )


@dataclass(frozen=True)
class _Seen:
    """Observed coincidences (gaps first, then codes) and what expectation needs."""

    observed: np.ndarray
    squares: np.ndarray
    shared: np.ndarray
    coders: int


def _coders(segments: pd.DataFrame, coders: Sequence[Any] | None) -> list[Any]:
    need_columns(segments, ["conversation", "coder", "code", "start", "end"])
    return list(coders if coders is not None else sorted_values(segments["coder"].unique()))


def _checked(
    segments: pd.DataFrame, lengths: Mapping[Any, float], coders: list[Any]
) -> pd.DataFrame:
    """The passages in the order of the text; raises where they cannot be judged."""
    table = segments.sort_values(["conversation", "coder", "start", "end"]).reset_index(drop=True)
    problems = []
    unknown = ~table["conversation"].isin(list(lengths))
    if unknown.any():
        what = f"{int(unknown.sum())} passages of a conversation without a length"
        problems.append(Problem(what, "give the length of each conversation"))
    if not set(table["coder"]) <= set(coders):
        problems.append(Problem("passages of a coder who is not in coders", "name all coders"))
    limit = table["conversation"].map(lengths).astype(float)
    outside = (table["start"] < 0) | (table["end"] > limit) | (table["start"] >= table["end"])
    if outside.any():
        what = f"{int(outside.sum())} passages are empty or reach beyond the conversation"
        problems.append(Problem(what, "correct their start and end"))
    before = table.groupby(["conversation", "coder"], sort=False, observed=True)["end"].shift()
    if problems:
        raise DataError(problems)
    overlap = int((table["start"] < before).sum())
    if overlap:
        what = f"{overlap} passages of one coder overlap an earlier one"
        raise StudyError(Problem(what, "judge code by code: boundary_alpha"))
    return table


def _coincidences(
    table: pd.DataFrame, lengths: Mapping[Any, float], coders: list[Any], codes: list[Any]
) -> _Seen:
    """Equation 1 of the paper, conversation by conversation."""
    m, size = len(coders), len(codes) + 1
    observed, squares, shared = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    place = {code: k + 1 for k, code in enumerate(codes)}
    parts = dict(list(table.groupby("conversation", sort=False, observed=True)))
    for conversation, length in lengths.items():
        part = parts.get(conversation)
        if part is None:
            observed[0, 0] += length * m
            squares[0] += length * m
            continue
        values, widths, unit = _stretches(part, float(length), coders, place)
        counts = np.stack([(values == k).sum(axis=0) for k in range(size)])
        observed += (counts * widths) @ counts.T / (m - 1)
        observed -= np.diag((counts * widths).sum(axis=1)) / (m - 1)
        units = (part["end"] - part["start"]).to_numpy(dtype=float)
        kinds = part["code"].map(place).to_numpy()
        squares += np.bincount(kinds, weights=units**2, minlength=size)
        squares[0] += (widths * (values == 0)).sum()
        shared += _shared(values, widths, unit, kinds, size)
    return _Seen(observed, squares, shared, m)


def _stretches(
    part: pd.DataFrame, length: float, coders: list[Any], place: dict[Any, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Between any two ends: the code of each coder (0 a gap), the width, and which passage."""
    starts, ends = part["start"].to_numpy(dtype=float), part["end"].to_numpy(dtype=float)
    edges = np.unique(np.concatenate([[0.0, length], starts, ends]))
    values = np.zeros((len(coders), len(edges) - 1), dtype=int)
    unit = np.full(values.shape, -1)
    row = part["coder"].map({name: i for i, name in enumerate(coders)}).to_numpy()
    first, last = np.searchsorted(edges, starts), np.searchsorted(edges, ends)
    for i, kind in enumerate(part["code"].map(place)):
        values[row[i], first[i] : last[i]] = kind
        unit[row[i], first[i] : last[i]] = i
    return values, np.diff(edges), unit


def _shared(
    values: np.ndarray, widths: np.ndarray, unit: np.ndarray, kinds: np.ndarray, size: int
) -> np.ndarray:
    """Per code, the squared lengths that each passage shares with any passage of each other."""
    total = np.zeros(size)
    for i in range(len(values)):
        for j in range(len(values)):
            both = (values[i] > 0) & (values[j] > 0)
            if i == j or not both.any():
                continue
            common = np.bincount(unit[i][both], weights=widths[both], minlength=len(kinds))
            total += np.bincount(kinds, weights=common**2, minlength=size)
    return total


def _u(seen: _Seen) -> tuple[float, float]:
    return _alpha(seen.observed, _expected(seen)), 1.0


def _expected(seen: _Seen) -> np.ndarray:
    """Equation 4: chance coincidences of passages drawn at random, none with itself."""
    margins, total = seen.observed.sum(axis=1), seen.observed.sum()
    room = total**2 - seen.squares.sum()
    if room <= FEW:
        return np.full(seen.observed.shape, np.nan)
    return np.asarray(total * (np.outer(margins, margins) - np.diag(seen.squares)) / room)


def _binary(seen: _Seen) -> tuple[float, float]:
    """Equation 6: codes taken together against gaps."""
    expected = _expected(seen)
    apart, by_chance = seen.observed[0, 1:].sum(), expected[0, 1:].sum()
    return (1 - apart / by_chance if by_chance > FEW else np.nan), 1.0


def _codes_only(seen: _Seen) -> tuple[np.ndarray, np.ndarray]:
    """Equation 10: coincidences where two coders marked something, and those by chance."""
    observed = seen.observed[1:, 1:]
    shared = seen.shared[1:] / (seen.coders - 1)
    margins, total = observed.sum(axis=1), observed.sum()
    room = total**2 - shared.sum()
    if room <= FEW:
        return observed, np.full(observed.shape, np.nan)
    return observed, total * (np.outer(margins, margins) - np.diag(shared)) / room


def _coded(seen: _Seen) -> tuple[float, float]:
    """Equation 11."""
    observed, expected = _codes_only(seen)
    return _alpha(observed, expected), float(observed.sum() / seen.observed.sum())


def _one(seen: _Seen, k: int) -> tuple[float, float]:
    """Equation 13: one code against the other codes."""
    observed, expected = _codes_only(seen)
    marked, o, e = seen.observed[k].sum(), observed[k - 1], expected[k - 1]
    coverage = float(o.sum() / marked) if marked else np.nan
    apart, by_chance = o.sum() - o[k - 1], e.sum() - e[k - 1]
    if not (o.sum() > FEW and by_chance > FEW):
        return np.nan, coverage
    return float(1 - (e.sum() / o.sum()) * apart / by_chance), coverage


def _alpha(observed: np.ndarray, expected: np.ndarray) -> float:
    apart = observed.sum() - np.trace(observed)
    by_chance = expected.sum() - np.trace(expected)
    return float(1 - apart / by_chance) if by_chance > FEW else np.nan


def _row(
    measure: str, code: Any, value: float, coverage: float, n: float, note: str = ""
) -> dict[str, Any]:
    said = note or ("" if np.isfinite(value) else NO_VARIATION)
    row = missing_row(n=round(n), method=METHOD, note=said, measure=measure, code=code)
    return {**row, "estimate": value, "coverage": coverage}


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return as_frame(rows, ["estimate"])
