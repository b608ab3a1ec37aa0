"""Do coders agree? Krippendorff's alpha, for any number of coders and any kind of answer.

No single coefficient tells it: see `coding` for several side by side, `kappas` for kappa, `raters`
for scores. `ratings`: a frame with a row per unit (turn, sentence) and a column per coder; missing
where a coder did not rate the unit. Where only one category was ever used, chance-corrected
agreement is 0/0: the estimate is missing with the note "no variation", never 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem
from lostudy.statistics.estimates import as_frame, missing_row, need_choice

METRICS = ("nominal", "ordinal", "interval", "ratio")
NO_VARIATION = "no variation"
NO_PAIRS = "no unit rated by two coders"


def counts_of(
    ratings: pd.DataFrame, categories: Sequence[Any] | None = None
) -> tuple[np.ndarray, list]:
    """Units x categories: how many coders chose each; and the categories, sorted or as given.

    >>> counts_of(pd.DataFrame({"A": ["x", "y"], "B": ["x", None]}))[0].tolist()
    [[2.0, 0.0], [0.0, 1.0]]
    """
    flat = ratings.to_numpy().ravel()
    codes, values = pd.factorize(flat)
    found = list(categories) if categories is not None else sorted_values(values)
    place = {value: i for i, value in enumerate(found)}
    order = np.array([place.get(value, -1) for value in values], dtype=int)
    known = codes >= 0
    where = order[codes[known]] if len(order) else codes[known]
    outside = int((where < 0).sum())
    if outside:
        what = f"{outside} ratings are not among the categories"
        raise DataError(Problem(what, "add or recode them"))
    unit = np.repeat(np.arange(len(ratings)), ratings.shape[1])[known]
    cells = np.bincount(unit * len(found) + where, minlength=len(ratings) * len(found))
    return cells.reshape(len(ratings), len(found)).astype(float), found


def sorted_values(values: Iterable[Any]) -> list[Any]:
    """Numbers by size, then words by letter, where `values` holds both.

    >>> sorted_values(["b", 10, 9, "a"])
    [9, 10, 'a', 'b']
    """
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
        what = f"the {metric} metric needs numbers"
        raise DataError(Problem(what, "use nominal or give codes")) from None
    if metric == "interval":
        return (v[:, None] - v[None, :]) ** 2
    if (v < 0).any():
        what = "the ratio metric needs numbers from zero up"
        raise DataError(Problem(what, "use interval, or mend the negative ratings"))
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
    >>> metrics = ["nominal", "ordinal", "interval", "ratio"]
    >>> [round(krippendorff_alpha(table, m)["estimate"].item(), 3) for m in metrics]
    [0.743, 0.815, 0.849, 0.797]
    """
    need_choice("metric", metric, METRICS)
    counts, found = counts_of(ratings, categories)
    value, pairable = _krippendorff(counts, metric, found)
    note = NO_PAIRS if not pairable else NO_VARIATION if not np.isfinite(value) else ""
    row = missing_row(n=units_of(counts), method=f"Krippendorff's alpha, {metric}", note=note)
    return as_frame([{**row, "estimate": value}], ["estimate"])


def units_of(counts: np.ndarray) -> int:
    """How many units were rated twice or more."""
    return int((counts.sum(axis=1) >= 2).sum())
