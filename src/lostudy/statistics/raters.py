"""Do raters who give scores agree? The intraclass correlations of Shrout and Fleiss."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.columns import numbers
from lostudy.statistics.estimates import as_frame, interval_row, missing_row, tails

KINDS = {
    "ICC1": "one rater, other raters for each unit",
    "ICC2": "one rater, raters drawn from many",
    "ICC3": "one rater, these raters only",
    "ICC1k": "mean of raters, other raters for each unit",
    "ICC2k": "mean of raters, raters drawn from many",
    "ICC3k": "mean of raters, these raters only",
}
COLUMNS = ["estimate", "df", "low", "high", "statistic", "p"]


def rater_icc(ratings: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """How alike raters score the same units: six rows, one per kind of question.

    `ratings`: a row per unit, a column per rater, numbers; units with a missing rating are left
    out. ICC1: every unit has raters of its own; ICC2: raters are a sample, so their severity counts
    as disagreement; ICC3: these raters, severity aside; ...k: of the mean of all raters (Shrout &
    Fleiss 1979; intervals of McGraw & Wong 1996; R: psych, ICC). Columns: measure, estimate, df and
    df2 (of F), low, high, statistic (F), p, n (units), method, note.

    Their table 2, four judges of six targets:

    >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> rater_icc(pd.DataFrame(judges).T)["estimate"].round(2).tolist()
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    X = numbers(ratings).dropna().to_numpy()
    n, k = X.shape
    note = _problem(X)
    if note:
        rows = [missing_row(n=n, method=KINDS[m], note=note, measure=m, df2=np.nan) for m in KINDS]
        return _ordered(as_frame(rows, COLUMNS))
    units, raters, within, error = _squares(X)
    first, second = units / within, units / error
    tail = tails(level)[0]
    one = _ends(first, n - 1, n * (k - 1), tail)
    three = _ends(second, n - 1, (n - 1) * (k - 1), tail)
    two = (units - error) / (units + (k - 1) * error + k * (raters - error) / n)
    two_ends = _ends_of_two(two, units, raters, error, n, k, tail)
    values = {
        "ICC1": [(f - 1) / (f + k - 1) for f in (first, *one)],
        "ICC2": [two, *two_ends],
        "ICC3": [(f - 1) / (f + k - 1) for f in (second, *three)],
        "ICC1k": [1 - 1 / f for f in (first, *one)],
        "ICC2k": [(units - error) / (units + (raters - error) / n)]
        + [k * end / (1 + (k - 1) * end) for end in two_ends],
        "ICC3k": [1 - 1 / f for f in (second, *three)],
    }
    rows = []
    for measure, (estimate, low, high) in values.items():
        F, df2 = (first, n * (k - 1)) if "1" in measure else (second, (n - 1) * (k - 1))
        row = interval_row(estimate, low, high, n=n, method=KINDS[measure], measure=measure)
        p = float(special.fdtrc(n - 1, df2, F))
        rows.append({**row, "df": n - 1, "df2": df2, "statistic": F, "p": p})
    return _ordered(as_frame(rows, COLUMNS))


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in table.columns if name != "df2"]
    place = names.index("df") + 1
    return table[[*names[:place], "df2", *names[place:]]]


def _problem(X: np.ndarray) -> str:
    if X.shape[1] < 2:
        return "one rater"
    if len(X) < 2:
        return "fewer than two units rated by all"
    return "" if _squares(X)[3] > 1e-12 * max(1.0, X.var()) else "no disagreement at all"


def _squares(X: np.ndarray) -> tuple[float, float, float, float]:
    """Mean squares between units, between raters, within units, and of the rest."""
    n, k = X.shape
    centre = X.mean()
    units = k * ((X.mean(axis=1) - centre) ** 2).sum()
    raters = n * ((X.mean(axis=0) - centre) ** 2).sum()
    total = ((X - centre) ** 2).sum()
    rest = total - units - raters
    return (
        float(units / (n - 1)), float(raters / (k - 1)), float((total - units) / (n * (k - 1))),
        float(rest / ((n - 1) * (k - 1))),
    )  # fmt: skip


def _ends(F: float, df1: float, df2: float, tail: float) -> tuple[float, float]:
    low = F / float(special.fdtri(df1, df2, 1 - tail))
    return low, F * float(special.fdtri(df2, df1, 1 - tail))


def _ends_of_two(
    icc: float, units: float, raters: float, error: float, n: int, k: int, tail: float
) -> tuple[float, float]:
    """The interval of ICC2, its degrees of freedom by Satterthwaite (Shrout & Fleiss 1979)."""
    ratio, inner = raters / error, n * (1 + (k - 1) * icc) - k * icc
    top = (k - 1) * (n - 1) * (k * icc * ratio + inner) ** 2
    df = top / ((n - 1) * k**2 * icc**2 * ratio**2 + inner**2)
    upper = float(special.fdtri(n - 1, df, 1 - tail))
    lower = float(special.fdtri(df, n - 1, 1 - tail))
    rest = k * raters + (k * n - k - n) * error
    low = n * (units - upper * error) / (upper * rest + n * units)
    return low, n * (lower * units - error) / (rest + n * lower * units)
