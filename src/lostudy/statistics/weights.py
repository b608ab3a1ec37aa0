"""Weights that make those who answered look like the staff: sensitivity, never silently primary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem, StudyError
from lostudy.statistics.columns import number, weights_of, with_numbers
from lostudy.statistics.estimates import as_frame, missing_row, need_columns, t_row

FEWEST = 5
Margins = Mapping[str, Mapping[Any, float]]


def rake(
    frame: pd.DataFrame,
    margins: Margins,
    base: str | None = None,
    fewest: int = FEWEST,
    tolerance: float = 1e-12,
    rounds: int = 1000,
) -> pd.Series:
    """A weight per person so that every margin meets its target (Deming & Stephan 1940).

    `margins`: column -> {category: count in the staff}; `base`: a column of starting weights, else
    1. Refuses a category with fewer than `fewest` respondents or without a
    target: such weights would rest on a handful of persons. Rows with a missing category stop the
    work too. It ends when no weight changes by more than `tolerance` (relative), and raises where
    that is not so after `rounds`: the margins cannot hold together.

    Two by two, targets 60/40 and 50/50 from 10 persons each (closed form: products of shares):

    >>> site = (["N"] * 10 + ["S"] * 10) * 2
    >>> staff = pd.DataFrame({"role": ["care"] * 20 + ["lead"] * 20, "site": site})
    >>> weights = rake(staff, {"role": {"care": 60, "lead": 40}, "site": {"N": 50, "S": 50}})
    >>> weights.unique().round(6).tolist()
    [3.0, 2.0]
    """
    need_columns(frame, [*margins, base])
    problems = [text for name in margins for text in margin_problems(frame, name, margins, fewest)]
    known = [t.values() for t in margins.values() if all(map(_above, t.values()))]
    if len({round(sum(values), 6) for values in known}) > 1:
        problems.append("the margins have different totals: bring them to one staff size")
    if problems:
        raise DataError([_problem(text) for text in problems])
    codes = {name: frame[name].map({c: i for i, c in enumerate(t)}).to_numpy(int)
             for name, t in margins.items()}  # fmt: skip
    weights = np.ones(len(frame)) if base is None else number(frame[base], base)
    if not (weights > 0).all():
        raise DataError(Problem("a starting weight is not above 0", "give one to every person"))
    for _ in range(rounds):
        before = weights
        for name, target in margins.items():
            now = np.bincount(codes[name], weights=weights, minlength=len(target))
            weights = weights * (np.fromiter(target.values(), float) / now)[codes[name]]
        if np.abs(weights / before - 1).max() < tolerance:
            return pd.Series(weights, index=frame.index, name="weight")
    raise DataError(Problem("the margins do not meet", "check that they can hold together"))


def _problem(text: str) -> Problem:
    what, _, cure = text.partition(": ")
    return Problem(what, cure)


def margin_problems(
    frame: pd.DataFrame, name: str, margins: Margins, fewest: int = FEWEST
) -> list[str]:
    """Why a margin cannot carry weights, in words; empty when it can.

    `name`: the column; `margins` and `fewest` as in `rake`.

    >>> few = pd.DataFrame({"role": ["a"] * 9 + ["b"]})
    >>> margin_problems(few, "role", {"role": {"a": 5, "b": 5}})
    ["a category of 'role' has fewer than 5 respondents: merge categories"]
    """
    target, counts = margins[name], frame[name].value_counts()
    found = []
    if frame[name].isna().any():
        found.append(f"'{name}' is missing for some persons: fill it or leave them out")
    if set(counts.index) - set(target):
        found.append(f"'{name}' holds a category without a target: add it or merge")
    if any(counts.get(category, 0) < fewest for category in target):
        found.append(
            f"a category of '{name}' has fewer than {fewest} respondents: merge categories"
        )
    if not all(_above(value) for value in target.values()):
        found.append(f"a target of '{name}' is not above 0: leave the category out")
    return found


def _above(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and 0 < float(value) < np.inf


def post_stratify(
    frame: pd.DataFrame, cells: Mapping[Any, float], by: list[str], fewest: int = FEWEST
) -> pd.Series:
    """A weight per person so that every cell of `by` meets its count (Holt & Smith 1979).

    `cells`: category (or tuple of categories, in the order of `by`) -> count in the staff. Refuses
    like `rake`, cells with fewer than `fewest` respondents too.

    >>> staff = pd.DataFrame({"role": ["care"] * 5 + ["lead"] * 10})
    >>> post_stratify(staff, {"care": 10, "lead": 30}, ["role"]).unique().tolist()
    [2.0, 3.0]
    """
    need_columns(frame, by)
    joined = frame[by[0]] if len(by) == 1 else pd.Series(
        list(map(tuple, frame[by].to_numpy(dtype=object))), index=frame.index
    )  # fmt: skip
    return rake(joined.to_frame("cell"), {"cell": cells}, fewest=fewest)


def trim(weights: pd.Series, times: float = 5.0) -> pd.Series:
    """Weights above `times` the median brought down to it, the loss spread over the others.

    `weights` (n). Repeated until none is above (Potter 1990); the sum stays.

    >>> trim(pd.Series([1.0, 1, 1, 1, 16]), 5).round(4).tolist()
    [3.75, 3.75, 3.75, 3.75, 5.0]
    """
    cap = times * float(weights.median())
    return trim_between(weights, 0.0, cap)


def trim_between(weights: pd.Series, lowest: float, highest: float) -> pd.Series:
    """Weights kept between two bounds; the others change equally to keep the sum (R: trimWeights).

    `weights` (n); `lowest` and `highest`: the bounds, which must hold the mean weight between them.

    >>> trim_between(pd.Series([1.0, 2, 9]), 0, 6).tolist()
    [2.5, 3.5, 6.0]
    """
    if not lowest <= float(weights.mean()) <= highest:
        raise StudyError(Problem("the mean weight lies outside the bounds", "widen them"))
    values = weights_of(weights).copy()
    for _ in range(1000):
        outside = (values > highest) | (values < lowest)
        if not outside.any() or outside.all():
            break
        clipped = np.clip(values, lowest, highest)
        lost = float((values - clipped).sum())
        clipped[~outside] += lost / (~outside).sum()
        values = clipped
    return pd.Series(values, index=weights.index, name=weights.name)


def design_effect(weights: pd.Series) -> pd.DataFrame:
    """Kish's (1965) loss by unequal weights, n sum(w^2)/(sum w)^2, and the effective n: two rows.

    Columns: measure ("design effect", "effective n"), estimate, n, method, note.

    >>> design_effect(pd.Series([1.0, 1, 2, 2]))["estimate"].round(4).tolist()  # 4 x 10 / 36
    [1.1111, 3.6]
    """
    w = weights_of(weights)
    w = w[~np.isnan(w)]
    method, n = "Kish, unequal weighting", len(w)
    names = ("design effect", "effective n")
    if n == 0 or w.sum() <= 0:
        rows = [missing_row(n=n, method=method, note="no weights", measure=name) for name in names]
        return as_frame(rows, ["estimate"])
    effect = n * float((w**2).sum()) / float(w.sum()) ** 2
    rows = [
        {**missing_row(n=n, method=method, note="", measure=name), "estimate": value}
        for name, value in zip(names, (effect, n / effect), strict=True)
    ]
    return as_frame(rows, ["estimate"])


def weighted_mean(
    frame: pd.DataFrame, value: str, weight: str, level: float = 0.95
) -> pd.DataFrame:
    """A weighted mean, its standard error taking the weights as fixed (linearised): one row.

    se^2 = n/(n-1) sum (w (y - mean))^2 / (sum w)^2; df = n - 1. `n` counts persons, not weights.
    The label "sensitivity" stands in the method. Columns: estimate, se, df, low, high, n, method,
    note.

    Equal weights give the ordinary standard error, here sqrt(2.5 / 5):

    >>> equal = pd.DataFrame({"y": [1, 2, 3, 4, 5.], "w": 1.0})
    >>> weighted_mean(equal, "y", "w")[["estimate", "se"]].round(4).values.tolist()
    [[3.0, 0.7071]]
    """
    need_columns(frame, [value, weight])
    frame = with_numbers(frame, [value])
    known = frame[[value]].assign(**{weight: weights_of(frame[weight], weight)}).dropna()
    y, w, n = known[value].to_numpy(), known[weight].to_numpy(), len(known)
    method = "weighted mean, linearised, sensitivity"
    columns = ["estimate", "se", "df", "low", "high"]
    if n < 2 or w.sum() <= 0:
        return as_frame([missing_row(n=n, method=method, note="fewer than two answers")], columns)
    mean = float(w @ y / w.sum())
    se = float(np.sqrt(n / (n - 1) * ((w * (y - mean)) ** 2).sum()) / w.sum())
    return as_frame([t_row(mean, se, n - 1, n=n, method=method, level=level)], columns)
