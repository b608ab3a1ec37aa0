"""The items of a scale one by one: what they look like, and what each does for the scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.columns import numbers
from lostudy.statistics.estimates import as_frame, missing_row
from lostudy.statistics.reliability import alpha_of, covariances, problem_of


def item_statistics(items: pd.DataFrame, skew: int = 3) -> pd.DataFrame:
    """What each item looks like: a row per item.

    `skew`: type 3 is b1 = m3/s3 (R: psych, minitab), type 2 is corrected for bias (SPSS, SAS,
    pandas), type 1 the moments (Joanes & Gill 1998); kurtosis is in excess of the normal one. A
    skew beyond 1, or fewer than five answers in use, speaks for models of ordered answers.
    `trimmed`: mean without the tenth at either end; `mad`: median absolute deviation x 1.4826.
    Smallest and largest are for checking, not for print. Columns: item, estimate (mean), se, sd,
    median, trimmed, mad, min, max, skew, kurtosis, answers (distinct), missing, n, method, note.

    By hand: mean 3, third moment 10.8, variance 5.5, so b1 is 10.8 / 5.5^1.5.

    >>> row = item_statistics(pd.DataFrame({"q": [1, 2, 2, 3, 7, None]}))
    >>> row[["estimate", "median", "skew", "missing", "n"]].round(3).values.tolist()
    [[3.0, 2.0, 0.837, 1.0, 5.0]]
    """
    if skew not in (1, 2, 3):
        raise StudyError(Problem("this type of skew does not exist", "choose 1, 2 or 3"))
    data = numbers(items)
    rows = [_item_row(data[name], name, skew) for name in data.columns]
    names = ["item", "estimate", "se", "sd", "median", "trimmed", "mad", "min", "max", "skew",
             "kurtosis", "answers", "missing", "n", "method", "note"]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=names)


def _item_row(answers: pd.Series, name: Any, kind: int) -> dict[str, Any]:
    x = np.sort(answers.dropna().to_numpy())
    n, method = len(x), f"moments, skew type {kind}"
    extra = {"item": name, "answers": len(np.unique(x)), "missing": int(answers.isna().sum())}
    if n < 2 or x[0] == x[-1]:
        note = "no answers" if not n else "one answer" if n < 2 else "no variation"
        row = missing_row(n=n, method=method, note=note, **extra)
        return {**row, "estimate": x[0] if n else np.nan}
    sd, cut = float(x.std(ddof=1)), int(n * 0.1)
    spread = np.abs(x - np.median(x))
    third, fourth = _moments(x, kind)
    return {
        **missing_row(n=n, method=method, note="", **extra), "estimate": x.mean(), "sd": sd,
        "se": sd / np.sqrt(n), "median": float(np.median(x)), "min": x[0], "max": x[-1],
        "trimmed": float(x[cut : n - cut].mean()), "mad": 1.4826 * float(np.median(spread)),
        "skew": third, "kurtosis": fourth,
    }  # fmt: skip


def _moments(x: np.ndarray, kind: int) -> tuple[float, float]:
    """Skew and excess kurtosis of the three usual types."""
    n, d = len(x), x - x.mean()
    second = (d**2).mean()
    g1, g2 = (d**3).mean() / second**1.5, (d**4).mean() / second**2 - 3
    if kind == 1:
        return float(g1), float(g2)
    if kind == 3:
        small = (n - 1) / n
        return float(g1 * small**1.5), float((g2 + 3) * small**2 - 3)
    if n < 4:
        return np.nan, np.nan
    skew = g1 * np.sqrt(n * (n - 1)) / (n - 2)
    return float(skew), float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6))


def item_rest(items: pd.DataFrame, missing: str = "pairwise") -> pd.DataFrame:
    """Per item its correlation with the sum of the others, its mean and its standard deviation.

    Columns: item, mean, sd, estimate (item-rest r), n (answers), method, note. A negative r is
    noted: the item may not have been reversed, or twice.

    >>> items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "c": [4, 3, 2, 1]})
    >>> item_rest(items)["note"].tolist()[2]
    'negative: the wrong way round?'
    """
    C, n = covariances(items, missing)
    problem = problem_of(C, n, items.columns)
    rows, data = [], numbers(items)
    for i, name in enumerate(data.columns):
        answers = data[name].dropna()
        keys = {"item": name, "mean": answers.mean(), "sd": answers.std()}
        method = f"item-rest correlation, {missing}"
        row = missing_row(n=len(answers), method=method, note=problem, **keys)
        if not problem:
            others = np.delete(np.arange(len(C)), i)
            rest = C[np.ix_(others, others)].sum()
            row["estimate"] = C[i, others].sum() / np.sqrt(C[i, i] * rest) if rest > 0 else np.nan
            row["note"] = "negative: the wrong way round?" if row["estimate"] < 0 else ""
        rows.append(row)
    return as_frame(rows, ["estimate"])


def alpha_if_dropped(items: pd.DataFrame, missing: str = "pairwise") -> pd.DataFrame:
    """Per item the alpha of the scale without it: item, estimate, n, method, note.

    >>> items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "c": [2, 1, 4, 3]})
    >>> alpha_if_dropped(items).round(3)["estimate"].tolist()
    [0.75, 0.75, 1.0]
    """
    C, n = covariances(items, missing)
    problem = problem_of(C, n, items.columns) or ("fewer than three items" if len(C) < 3 else "")
    rows = []
    for i, name in enumerate(items.columns):
        row = missing_row(n=n, method=f"alpha without the item, {missing}", note=problem, item=name)
        if not problem:
            others = np.delete(np.arange(len(C)), i)
            row["estimate"] = alpha_of(C[np.ix_(others, others)])
        rows.append(row)
    return as_frame(rows, ["estimate"])
