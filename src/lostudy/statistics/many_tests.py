"""Many tests: adjusted p values per family, and none for what was not planned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem
from lostudy.statistics.columns import number, with_numbers
from lostudy.statistics.estimates import need_choice, need_columns

FAMILIES = {"primary": "Holm", "secondary": "Benjamini-Hochberg", "exploratory": "no test"}


def family_tests(rows: pd.DataFrame, family: str = "family", p: str = "p") -> pd.DataFrame:
    """The rows with a column `adjusted`: Holm over the primary tests, Benjamini-Hochberg over the
    secondary ones, and neither `p` nor `adjusted` for exploratory ones.

    `family`: the column that says primary, secondary or exploratory. A missing p stays missing and
    does not count. All other columns are kept, in their order.

    >>> tests = pd.DataFrame({"p": [.01, .04, .03], "family": ["primary"] * 2 + ["exploratory"]})
    >>> family_tests(tests)[["p", "adjusted"]].values.tolist()
    [[0.01, 0.02], [0.04, 0.04], [nan, nan]]
    """
    need_columns(rows, [family, p])
    strange = sorted(set(rows[family]) - set(FAMILIES))
    if strange:
        need_choice("family", strange[0], FAMILIES)
    adjusted = pd.Series(np.nan, index=rows.index)
    for name, adjust in (("primary", holm), ("secondary", benjamini_hochberg)):
        mine = rows[family] == name
        adjusted[mine] = adjust(rows.loc[mine, p])
    unplanned = rows[family] == "exploratory"
    shown = with_numbers(rows, [p])[p].mask(unplanned)
    return rows.assign(**{p: shown, "adjusted": adjusted})


def holm(p: Any) -> np.ndarray:
    """Holm's (1979) adjusted p values, in the order given; missing ones do not count.

    >>> holm([.01, .04, .03]).round(4).tolist()  # R: p.adjust
    [0.03, 0.06, 0.06]
    """
    values, order = _sorted(p)
    m = len(order)
    adjusted = np.maximum.accumulate(values[order] * (m - np.arange(m)))
    return _unsorted(adjusted, values, order)


def benjamini_hochberg(p: Any) -> np.ndarray:
    """Benjamini & Hochberg's (1995) adjusted p values (false discovery rate).

    >>> benjamini_hochberg([.01, .04, .03]).round(4).tolist()  # R: p.adjust
    [0.03, 0.04, 0.04]
    """
    values, order = _sorted(p)
    m = len(order)
    scaled = values[order] * m / (np.arange(m) + 1)
    return _unsorted(np.minimum.accumulate(scaled[::-1])[::-1], values, order)


def _sorted(p: Any) -> tuple[np.ndarray, np.ndarray]:
    values = number(p, "p")
    if (values < 0).any() or (values > 1).any():
        raise DataError(Problem("a p lies between 0 and 1", "give p values, not statistics"))
    known = np.flatnonzero(np.isfinite(values))
    return values, known[np.argsort(values[known], kind="stable")]


def _unsorted(adjusted: np.ndarray, values: np.ndarray, order: np.ndarray) -> np.ndarray:
    result = np.full(len(values), np.nan)
    result[order] = np.minimum(adjusted, 1.0)
    return result
