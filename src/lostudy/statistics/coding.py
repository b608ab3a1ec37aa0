"""How well coders agree about one code: several coefficients side by side, by conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.agreement import NO_PAIRS, NO_VARIATION, counts_of, units_of
from lostudy.statistics.design import ranked
from lostudy.statistics.estimates import as_frame, missing_row, tails

ENDS = ["estimate", "low", "high"]


def code_agreement(
    ratings: pd.DataFrame,
    conversation: Any = None,
    positive: Any = None,
    categories: Sequence[Any] | None = None,
    draws: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """All the coefficients of one code side by side: a row per measure.

    Krippendorff's alpha (nominal), Gwet's (2008) AC1, Brennan & Prediger's (1981) kappa, percent
    agreement, and, where `positive` names a category, the positive and the negative agreement
    (Cicchetti & Feinstein 1990) and the prevalence of `positive`. `conversation` (one per unit):
    the interval is that of resampling whole conversations, else of units. `categories`: all that
    could have been chosen (else those that were): AC1 and Brennan-Prediger depend on their number.
    A high percentage can stand beside an alpha near 0 when a code is rare: show them together.
    Where all chose one category, as for a code that nobody used, there is no variation: no number
    but the prevalence. Columns: measure, estimate, low, high, n (units rated twice or more),
    method, note.

    The paradox: 94.4% agreement, alpha -.025, AC1 .941 (125 units; R: irrCAC, psych).

    >>> one = ["yes"] * 118 + ["yes"] * 5 + ["no"] * 2
    >>> two = ["yes"] * 118 + ["no"] * 5 + ["yes"] * 2
    >>> rows = code_agreement(pd.DataFrame({"A": one, "B": two}), draws=50)
    >>> rows[["measure", "estimate"]].round(3).values.tolist()[:3]
    [['alpha', -0.025], ['AC1', 0.941], ['Brennan-Prediger', 0.888]]
    """
    counts, found = counts_of(ratings, categories)
    measures = _measures(found, positive)
    codes = _conversations(conversation, counts)
    resample = "units" if conversation is None else "conversations"
    n, clusters = units_of(counts), int(codes.max(initial=-1)) + 1
    method = f"percentile interval from {draws} resamples of {resample}, seed {seed}"
    drawn = np.random.default_rng(seed).multinomial(
        clusters, np.full(clusters, 1 / clusters), size=draws
    ) if clusters > 1 and n else np.empty((0, 0))  # fmt: skip
    rows, varied = [], ((counts[counts.sum(axis=1) >= 2] > 0).any(axis=0)).sum() > 1
    for name, measure in measures.items():
        value = measure(counts, np.ones(len(counts))) if n else np.nan
        value = value if varied or name == "prevalence" else np.nan
        note = NO_PAIRS if not n else NO_VARIATION if not np.isfinite(value) else ""
        row = missing_row(n=n, method=method, note=note, measure=name)
        if not note:
            values = np.array([measure(counts, w[codes].astype(float)) for w in drawn])
            row.update(_percentiles(value, values, level, clusters, resample))
        rows.append(row)
    return as_frame(rows, ENDS)


def _percentiles(
    value: float, values: np.ndarray, level: float, clusters: int, unit: str
) -> dict[str, Any]:
    good = values[np.isfinite(values)]
    if clusters < 2 or len(good) < 2:
        return {"estimate": value, "note": f"one of the {unit}: no interval"}
    low, high = np.quantile(good, tails(level))
    lost = len(values) - len(good)
    note = f"{lost} resamples without variation" if lost else ""
    return {"estimate": value, "low": float(low), "high": float(high), "note": note}


def _conversations(conversation: Any, counts: np.ndarray) -> np.ndarray:
    """What is resampled, numbered by content or name: the order of the rows draws nothing."""
    if conversation is None:
        return ranked(np.arange(len(counts)), counts)
    if len(conversation) != len(counts):
        raise StudyError(Problem("conversation and ratings differ in length", "give one per unit"))
    names = pd.Series(np.asarray(conversation, dtype=object)).astype(str)
    return pd.factorize(names, sort=True)[0]


Measure = Callable[[np.ndarray, np.ndarray], float]


def _measures(found: list[Any], positive: Any) -> dict[str, Measure]:
    """The coefficients as functions of the counts and a weight per unit."""
    measures: dict[str, Measure] = {
        "alpha": _nominal_alpha,
        "AC1": lambda counts, w: _corrected(counts, w, _gwet_chance(counts, w)),
        "Brennan-Prediger": lambda counts, w: _corrected(counts, w, _even_chance(counts, w)),
        "percent": _percent,
    }
    if positive is None:
        return measures
    if positive not in found:
        return {**measures, "prevalence": lambda counts, w: 0.0}
    at = found.index(positive)
    return {
        **measures,
        "positive agreement": lambda counts, w: _specific(counts, w, at),
        "negative agreement": lambda counts, w: _specific_rest(counts, w, at),
        "prevalence": lambda counts, w: _prevalence(counts, w, at),
    }


def _paired(counts: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    sizes = counts.sum(axis=1)
    keep = (sizes >= 2) & (w > 0)
    return counts[keep], w[keep], sizes[keep]


def _percent(counts: np.ndarray, w: np.ndarray) -> float:
    kept, w, sizes = _paired(counts, w)
    if not len(kept):
        return np.nan
    return float(w @ ((kept * (kept - 1)).sum(axis=1) / (sizes * (sizes - 1))) / w.sum())


def _nominal_alpha(counts: np.ndarray, w: np.ndarray) -> float:
    kept, w, sizes = _paired(counts, w)
    totals = w @ kept
    n = totals.sum()
    expected = n**2 - (totals**2).sum()
    if n == 0 or expected <= 0:
        return np.nan
    matched = (kept * (kept - 1)).sum(axis=1) / (sizes - 1)
    return float(1 - (n - w @ matched) * (n - 1) / expected)


def _gwet_chance(counts: np.ndarray, w: np.ndarray) -> float:
    sizes = counts.sum(axis=1)
    rated, c = sizes > 0, counts.shape[1]
    if c < 2 or not w[rated].sum():
        return 1.0
    shares = w[rated] @ (counts[rated] / sizes[rated, None]) / w[rated].sum()
    if shares.max() >= 1 - 1e-12:
        return 1.0
    return float((shares * (1 - shares)).sum() / (c - 1))


def _even_chance(counts: np.ndarray, w: np.ndarray) -> float:
    """One over the number of categories; where only one was used there is nothing to agree on."""
    return 1 / counts.shape[1] if ((w @ counts) > 0).sum() > 1 else 1.0


def _corrected(counts: np.ndarray, w: np.ndarray, chance: float) -> float:
    return (_percent(counts, w) - chance) / (1 - chance) if chance < 1 - 1e-12 else np.nan


def _specific(counts: np.ndarray, w: np.ndarray, at: int) -> float:
    """Of the choices of this category, the share that another coder of the unit made too."""
    kept, w, sizes = _paired(counts, w)
    chosen = kept[:, at]
    base = w @ (chosen * (sizes - 1))
    return float(w @ (chosen * (chosen - 1)) / base) if base > 0 else np.nan


def _specific_rest(counts: np.ndarray, w: np.ndarray, at: int) -> float:
    rest = np.delete(counts, at, axis=1).sum(axis=1)
    return _specific(np.column_stack([counts[:, at], rest]), w, 1)


def _prevalence(counts: np.ndarray, w: np.ndarray, at: int) -> float:
    kept, w, sizes = _paired(counts, w)
    return float(w @ kept[:, at] / (w @ sizes)) if len(kept) else np.nan
