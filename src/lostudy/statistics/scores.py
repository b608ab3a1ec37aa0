"""Answers to scale scores: reverse what was asked the other way round, then average."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TypeVar

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem, StudyError
from lostudy.statistics.columns import numbers
from lostudy.statistics.estimates import need_choice

Values = TypeVar("Values", pd.Series, pd.DataFrame, np.ndarray)


def reverse(values: Values, minimum: float, maximum: float) -> Values:
    """The answers as if the item had been asked the other way round: minimum + maximum - answer.

    `values`: numbers between `minimum` and `maximum`, missing stays missing. Answers outside the
    range stop the work: a missing code such as 9 would otherwise become a low score.

    >>> reverse(pd.Series([1, 2, 5]), 1, 5).tolist()
    [5, 4, 1]
    """
    outside = int(np.asarray((values < minimum) | (values > maximum)).sum())
    if outside:
        what = f"{outside} answers outside {minimum} to {maximum}"
        raise DataError(Problem(what, "recode the missing codes first"))
    return minimum + maximum - values


def scale_scores(
    items: pd.DataFrame,
    reversed_items: Collection[str],
    minimum: float,
    maximum: float,
    answered_share: float = 0.75,
) -> pd.Series:
    """One score per person: the mean of the answered items, if enough of them were answered.

    `items`: one row per person, one column per item, still as asked; those in `reversed_items` are
    reversed first. Enough is `answered_share` of the items rounded up (4 items: 3, 5 items: 4);
    otherwise the score is missing. Person-mean rule for scales: Mazza, Enders & Ruehlman (2015),
    Multivariate Behavioral Research 50:504.

    >>> answers = pd.DataFrame({"a": [1, 5], "b": [5, None], "c": [2, 4], "d": [1, None]})
    >>> scale_scores(answers, ["b"], 1, 5).tolist()
    [1.25, nan]
    """
    unknown = [item for item in reversed_items if item not in items.columns]
    if unknown:
        need_choice("item", unknown[0], items.columns)
    if not 0 < answered_share <= 1:
        what, cure = "answered_share is not a share", "give a number above 0 and at most 1"
        raise StudyError(Problem(what, cure))
    answers = numbers(items)
    reverse(answers, minimum, maximum)
    turned = answers.assign(**{i: reverse(answers[i], minimum, maximum) for i in reversed_items})
    enough = turned.notna().sum(axis=1) >= math.ceil(answered_share * turned.shape[1] - 1e-9)
    return turned.mean(axis=1).where(enough & (turned.shape[1] > 0)).rename("score")


def factor_scores(
    items: pd.DataFrame, reversed_items: Collection[str], minimum: float, maximum: float
) -> pd.Series:
    """One score per person in scale points, items weighing by how well they measure one factor.

    Bartlett's (1937) weights loading/unique variance of a one-factor ML model of all complete rows,
    brought to sum 1 so that the score is a weighted mean of the answers. Only persons who answered
    every item have one. Where no factor can be fitted, all scores are missing. A sensitivity beside
    `scale_scores`, never in its place.

    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [1, 2, 3, 5, 4], "c": [2, 1, 3, 4, 5]})
    >>> factor_scores(answers, [], 1, 5).between(1, 5).all().item()
    True
    """
    from lostudy.statistics.onefactor import one_factor
    from lostudy.statistics.reliability import covariances, problem_of

    answers = numbers(items)
    reverse(answers, minimum, maximum)
    turned = answers.assign(**{i: reverse(answers[i], minimum, maximum) for i in reversed_items})
    C, n = covariances(turned, "listwise")
    unknown = pd.Series(np.nan, index=items.index, name="score")
    if len(C) < 3 or problem_of(C, n, turned.columns):
        return unknown
    found = one_factor(C)
    weights = found.loadings / found.unique
    if not np.isfinite(weights).all() or weights.sum() <= 0:
        return unknown
    return (turned @ (weights / weights.sum())).rename("score")
