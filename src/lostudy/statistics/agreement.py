"""Do coders agree? Several coefficients side by side, because no single one tells it.

`ratings`: a frame with a row per unit (turn, sentence) and a column per coder; missing where a
coder did not rate the unit. Where only one category was ever used, chance-corrected agreement is
0/0: the estimate is missing with the note "no variation", never 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.estimates import (
    as_frame,
    interval_row,
    missing_row,
    t_probability,
    t_quantile,
)

METRICS = ("nominal", "ordinal", "interval", "ratio")
NO_VARIATION = "no variation"
NO_PAIRS = "no unit rated by two coders"
ENDS = ["estimate", "low", "high"]


def counts_of(
    ratings: pd.DataFrame, categories: Sequence[Any] | None = None
) -> tuple[np.ndarray, list]:
    """Units x categories: how many coders chose each; and the categories, sorted or as given.

    >>> counts_of(pd.DataFrame({"A": ["x", "y"], "B": ["x", None]}))[0].tolist()
    [[2.0, 0.0], [0.0, 1.0]]
    """
    flat = ratings.to_numpy().ravel()
    codes, values = pd.factorize(flat)
    found = list(categories) if categories is not None else _sorted_values(values)
    place = {value: i for i, value in enumerate(found)}
    order = np.array([place.get(value, -1) for value in values], dtype=int)
    known = codes >= 0
    where = order[codes[known]] if len(order) else codes[known]
    outside = int((where < 0).sum())
    if outside:
        raise ValueError(f"{outside} ratings are not among the categories: add them or recode")
    unit = np.repeat(np.arange(len(ratings)), ratings.shape[1])[known]
    cells = np.bincount(unit * len(found) + where, minlength=len(ratings) * len(found))
    return cells.reshape(len(ratings), len(found)).astype(float), found


def _sorted_values(values: np.ndarray) -> list[Any]:
    return sorted(values, key=lambda v: (isinstance(v, str), v))


def _distances(metric: str, values: Sequence[Any], totals: np.ndarray) -> np.ndarray:
    """Krippendorff's squared differences (2011), section C."""
    c = len(values)
    if metric == "nominal":
        return 1.0 - np.eye(c)
    if metric == "ordinal":
        upto = np.cumsum(totals) - totals / 2
        return (upto[:, None] - upto[None, :]) ** 2
    try:
        v = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"the {metric} metric needs numbers: use nominal or give codes") from None
    if metric == "interval":
        return (v[:, None] - v[None, :]) ** 2
    top, bottom = v[:, None] - v[None, :], v[:, None] + v[None, :]
    return np.divide(top, bottom, out=np.zeros((c, c)), where=bottom != 0) ** 2


def _krippendorff(counts: np.ndarray, metric: str, values: Sequence[Any]) -> tuple[float, int]:
    """Alpha and the number of pairable ratings."""
    sizes = counts.sum(axis=1)
    counts, sizes = counts[sizes >= 2], sizes[sizes >= 2]
    totals = counts.sum(axis=0)
    n = totals.sum()
    if n == 0:
        return np.nan, 0
    D = _distances(metric, values, totals)
    weights = counts / (sizes - 1)[:, None]
    observed = ((weights.T @ counts) * D).sum() / n
    expected = (totals @ D @ totals) / (n * (n - 1))
    return (float(1 - observed / expected) if expected > 0 else np.nan), int(n)


def krippendorff_alpha(
    ratings: pd.DataFrame, metric: str = "nominal", categories: Sequence[Any] | None = None
) -> pd.DataFrame:
    """Krippendorff's alpha, any number of coders, missing ratings allowed: one row.

    1 - observed/expected disagreement from coincidences (Krippendorff 2011, "Computing
    Krippendorff's alpha-reliability"). `metric`: nominal, ordinal, interval or ratio. `categories`:
    their order for the ordinal metric (else sorted). Columns: estimate, n (units rated
    twice or more), method, note.

    The example of that paper, section D (four coders, twelve units):

    >>> A = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    >>> B = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    >>> C = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    >>> D = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    >>> table = pd.DataFrame({"A": A, "B": B, "C": C, "D": D})
    >>> [round(krippendorff_alpha(table, m)["estimate"].item(), 3) for m in METRICS]
    [0.743, 0.815, 0.849, 0.797]
    """
    if metric not in METRICS:
        raise ValueError(f"metric is one of {', '.join(METRICS)}, not '{metric}'")
    counts, found = counts_of(ratings, categories)
    value, pairable = _krippendorff(counts, metric, found)
    note = NO_PAIRS if not pairable else NO_VARIATION if not np.isfinite(value) else ""
    row = missing_row(n=_units(counts), method=f"Krippendorff's alpha, {metric}", note=note)
    return as_frame([{**row, "estimate": value}], ["estimate"])


def _units(counts: np.ndarray) -> int:
    return int((counts.sum(axis=1) >= 2).sum())


def fleiss_kappa(ratings: pd.DataFrame) -> pd.DataFrame:
    """Fleiss' (1971) kappa of any number of coders who all rated every unit: one row.

    Units with a missing rating are left out. `se` and `p` are those under no agreement (Fleiss, Nee
    & Landis 1979). Columns: estimate, se, statistic, p, n, method, note.

    >>> same = pd.DataFrame({"A": [1, 1], "B": [1, 1]})
    >>> fleiss_kappa(same)["note"].item()
    'no variation'
    """
    counts, _ = counts_of(ratings.dropna())
    method, m, N = "Fleiss' kappa", ratings.shape[1], len(counts)
    columns = ["estimate", "se", "statistic", "p"]
    if N == 0 or m < 2:
        return as_frame([missing_row(n=N, method=method, note=NO_PAIRS)], columns)
    agree = float(((counts**2).sum(axis=1) - m).mean() / (m * (m - 1)))
    p = counts.sum(axis=0) / (N * m)
    chance = float((p**2).sum())
    if chance >= 1 - 1e-12:
        return as_frame([missing_row(n=N, method=method, note=NO_VARIATION)], columns)
    value, pq = (agree - chance) / (1 - chance), p * (1 - p)
    variance = 2 * (pq.sum() ** 2 - (pq * (1 - 2 * p)).sum()) / (pq.sum() ** 2 * N * m * (m - 1))
    row = _with_test(missing_row(n=N, method=method, note=""), value, float(np.sqrt(variance)))
    return as_frame([row], columns)


def _with_test(row: dict[str, Any], value: float, se: float) -> dict[str, Any]:
    z = value / se if se > 0 else np.nan
    p = t_probability(z, np.inf) if np.isfinite(z) else np.nan
    return {**row, "estimate": value, "se": se, "statistic": z, "p": p}


def agreement_of_two(
    one: Any,
    two: Any,
    weights: str | np.ndarray = "none",
    categories: Sequence[Any] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Cohen's (1960, 1968) kappa of two coders, plain or weighted: one row, normal interval.

    `weights`: "none", "linear", "quadratic" (Fleiss & Cohen 1973) or a c x c matrix of agreement
    weights. The variance is Fleiss, Cohen & Everitt's (1969). Columns: estimate, se, low, high, n,
    method, note.

    Cohen's (1960) table of 200 judgements has kappa .492 (R: psych, cohen.kappa):

    >>> cells = {("1", "1"): 88, ("1", "2"): 14, ("1", "3"): 18, ("2", "1"): 10, ("2", "2"): 40,
    ...          ("2", "3"): 10, ("3", "1"): 2, ("3", "2"): 6, ("3", "3"): 12}
    >>> pairs = [pair for pair, count in cells.items() for _ in range(count)]
    >>> agreement_of_two(*zip(*pairs))["estimate"].round(3).item()
    0.492
    """
    both = pd.DataFrame(
        {"one": pd.Series(list(one), dtype=object), "two": pd.Series(list(two), dtype=object)}
    )
    both = both.dropna()
    label = weights if isinstance(weights, str) else "given"
    method = "Cohen's kappa" if label == "none" else f"Cohen's kappa, {label} weights"
    columns = ["estimate", "se", "low", "high"]
    _, found = counts_of(both, categories)
    if both.empty or len(found) < 2:
        note = NO_PAIRS if both.empty else NO_VARIATION
        return as_frame([missing_row(n=len(both), method=method, note=note)], columns)
    place = {value: i for i, value in enumerate(found)}
    table = np.zeros((len(found), len(found)))
    np.add.at(
        table, (both["one"].map(place).to_numpy(int), both["two"].map(place).to_numpy(int)), 1
    )
    value, se = kappa_of(table, kappa_weights(weights, len(found)))
    if not np.isfinite(value):
        return as_frame([missing_row(n=len(both), method=method, note=NO_VARIATION)], columns)
    half = t_quantile(level, np.inf) * se
    row = interval_row(value, value - half, value + half, n=len(both), method=method)
    return as_frame([{**row, "se": se}], columns)


def kappa_weights(weights: str | np.ndarray, c: int) -> np.ndarray:
    """Agreement weights (1 on the diagonal), c x c.

    >>> kappa_weights("linear", 3).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    if not isinstance(weights, str):
        return np.asarray(weights, dtype=float)
    gap = np.abs(np.arange(c)[:, None] - np.arange(c)[None, :]) / (c - 1)
    choices = {"none": np.eye(c), "linear": 1 - gap, "quadratic": 1 - gap**2}
    if weights not in choices:
        raise ValueError(f"weights is one of {', '.join(choices)}, or a matrix")
    return choices[weights]


def kappa_of(table: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Weighted kappa and its standard error from a table of counts or shares.

    >>> round(kappa_of(np.array([[20., 5], [10, 15]]), np.eye(2))[0], 4)  # by hand (.7 - .5)/.5
    0.4
    """
    n = table.sum()
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = (weights * p).sum(), rows @ weights @ columns
    if chance >= 1 - 1e-12:
        return np.nan, np.nan
    value = (observed - chance) / (1 - chance)
    turn = (weights @ columns)[:, None] + (weights.T @ rows)[None, :]
    spread = (p * (weights - turn * (1 - value)) ** 2).sum() - (value - chance * (1 - value)) ** 2
    return float(value), float(np.sqrt(max(spread, 0.0) / n) / (1 - chance))


def code_agreement(
    ratings: pd.DataFrame,
    conversation: Any = None,
    positive: Any = None,
    draws: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """All the coefficients of one code side by side: a row per measure.

    Krippendorff's alpha (nominal), Gwet's (2008) AC1, Brennan & Prediger's (1981) kappa, percent
    agreement, and, where `positive` names a category, the positive and the negative agreement
    (Cicchetti & Feinstein 1990) and the prevalence of `positive`. `conversation` (one per unit):
    the interval is that of resampling whole conversations, else of units. A high percentage can
    stand beside an alpha near 0 when a code is rare: show them together. Columns: measure,
    estimate, low, high, n (units rated twice or more), method, note.

    The paradox: 94.4% agreement, alpha -.025, AC1 .941 (125 units; R: irrCAC, psych).

    >>> one = ["yes"] * 118 + ["yes"] * 5 + ["no"] * 2
    >>> two = ["yes"] * 118 + ["no"] * 5 + ["yes"] * 2
    >>> rows = code_agreement(pd.DataFrame({"A": one, "B": two}), draws=50)
    >>> rows[["measure", "estimate"]].round(3).values.tolist()[:3]
    [['alpha', -0.025], ['AC1', 0.941], ['Brennan-Prediger', 0.888]]
    """
    counts, found = counts_of(ratings)
    measures = _measures(found, positive)
    codes = _conversations(conversation, len(ratings))
    resample = "units" if conversation is None else "conversations"
    n, clusters = _units(counts), int(codes.max(initial=-1)) + 1
    method = f"percentile interval from {draws} resamples of {resample}, seed {seed}"
    drawn = np.random.default_rng(seed).multinomial(
        clusters, np.full(clusters, 1 / clusters), size=draws
    ) if clusters > 1 and n else np.empty((0, 0))  # fmt: skip
    rows = []
    for name, measure in measures.items():
        value = measure(counts, np.ones(len(counts))) if n else np.nan
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
    low, high = np.quantile(good, [(1 - level) / 2, (1 + level) / 2])
    lost = len(values) - len(good)
    note = f"{lost} resamples without variation" if lost else ""
    return {"estimate": value, "low": float(low), "high": float(high), "note": note}


def _conversations(conversation: Any, units: int) -> np.ndarray:
    if conversation is None:
        return np.arange(units)
    if len(conversation) != units:
        raise ValueError("conversation needs one value per unit")
    return pd.factorize(np.asarray(conversation, dtype=object), use_na_sentinel=False)[0]


Measure = Callable[[np.ndarray, np.ndarray], float]


def _measures(found: list[Any], positive: Any) -> dict[str, Measure]:
    """The coefficients as functions of the counts and a weight per unit."""
    c = len(found)
    measures: dict[str, Measure] = {
        "alpha": _nominal_alpha,
        "AC1": lambda counts, w: _corrected(counts, w, _gwet_chance(counts, w)),
        "Brennan-Prediger": lambda counts, w: _corrected(counts, w, 1 / c if c > 1 else 1.0),
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
