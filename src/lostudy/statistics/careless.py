"""Signs of careless answering per person (METHODS C11-C15): numbers and flags, never a deletion.

Every function takes one row per person and returns one number per person, missing where it cannot
be computed. No single sign decides: exclusion asks for two independent ones and is done once,
elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.columns import numbers

FEWEST_ITEMS_EVEN_ODD = 30
SYNONYM_R = 0.60


def longstring(items: pd.DataFrame) -> pd.Series:
    """The longest run of identical answers, in the order asked.

    A missing answer breaks the run. Johnson (2005); as R's careless.

    >>> longstring(pd.DataFrame([[3, 3, 3, 1], [1, 2, 2, 5]])).tolist()
    [3, 2]
    """
    X = numbers(items).to_numpy()
    run = np.zeros(len(X), dtype=int)
    longest = np.zeros(len(X), dtype=int)
    before = np.full(len(X), np.nan)
    for column in X.T:
        run = np.where(column == before, run + 1, (~np.isnan(column)).astype(int))
        longest, before = np.maximum(longest, run), column
    return pd.Series(longest, index=items.index, name="longstring")


def irv(items: pd.DataFrame) -> pd.Series:
    """Intra-individual response variability: the SD of a person's answers (Dunn et al. 2018).

    >>> irv(pd.DataFrame([[3, 3, 3], [1, 3, 5]])).tolist()
    [0.0, 2.0]
    """
    X = numbers(items).to_numpy()
    known = np.isfinite(X)
    n = known.sum(axis=1)
    centre = np.where(known, X, 0.0).sum(axis=1) / np.maximum(n, 1)
    squares = (np.where(known, X - centre[:, None], 0.0) ** 2).sum(axis=1)
    spread = np.sqrt(squares / np.where(n > 1, n - 1, np.nan))
    return pd.Series(spread, index=items.index, name="irv")


def even_odd(items: pd.DataFrame, scales: Mapping[str, Sequence[str]]) -> pd.Series:
    """Consistency between halves of scales: the correlation over scales of even and odd item means.

    Stepped up by Spearman-Brown, between -1 and 1; low is careless (Curran 2016). Items must
    already be reversed. Missing under 30 items in all, or fewer than three scales of two items, or
    without variation over the scales.

    >>> X = pd.DataFrame(np.tile([1, 1, 3, 3, 5, 5], (1, 5)), columns=[f"i{k}" for k in range(30)])
    >>> even_odd(X, {str(s): [f"i{2 * s}", f"i{2 * s + 1}"] for s in range(15)}).tolist()
    [1.0]
    """
    usable = [list(names) for names in scales.values() if len(names) > 1]
    total = sum(len(names) for names in usable)
    if total < FEWEST_ITEMS_EVEN_ODD or len(usable) < 3:
        return pd.Series(np.nan, index=items.index, name="even_odd")
    odd = pd.concat([items[names[0::2]].mean(axis=1) for names in usable], axis=1)
    even = pd.concat([items[names[1::2]].mean(axis=1) for names in usable], axis=1)
    r = _row_correlation(odd.to_numpy(float), even.to_numpy(float))
    low = r <= -0.999  # the step up has no bound there
    stepped = np.where(low, -1.0, 2 * r / np.where(low, 1.0, 1 + r))
    return pd.Series(np.maximum(stepped, -1.0), index=items.index, name="even_odd")


def _row_correlation(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Per row the correlation of two matrices over the columns known in both."""
    known = np.isfinite(A) & np.isfinite(B)
    count = known.sum(axis=1)
    size = np.maximum(count, 1)[:, None]
    A, B = np.where(known, A, 0.0), np.where(known, B, 0.0)
    a = np.where(known, A - A.sum(axis=1, keepdims=True) / size, 0.0)
    b = np.where(known, B - B.sum(axis=1, keepdims=True) / size, 0.0)
    below = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    usable = (below > 1e-12) & (count >= 3)
    return np.where(usable, (a * b).sum(axis=1) / np.where(usable, below, 1.0), np.nan)


def synonym_pairs(items: pd.DataFrame, least: float = SYNONYM_R) -> list[tuple[str, str]]:
    """Pairs of items that correlate above `least` over all persons (below it, for a negative one).

    >>> synonym_pairs(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, 5], "c": [2, 1, 1, 2]}))
    [('a', 'b')]
    """
    R = numbers(items).corr().to_numpy()
    rows, columns = np.triu_indices(len(R), 1)
    found = R[rows, columns] > least if least > 0 else R[rows, columns] < least
    names = list(items.columns)
    return [(names[i], names[j]) for i, j in zip(rows[found], columns[found], strict=True)]


def synonyms(items: pd.DataFrame, least: float = SYNONYM_R) -> pd.Series:
    """Per person the correlation over the synonym pairs; with a negative `least` over antonyms.

    Meade & Craig (2012). Missing with fewer than three answered pairs or no variation: nothing is
    drawn at random instead.

    >>> synonyms(pd.DataFrame({"a": [1, 2], "b": [2, 1]})).isna().tolist()
    [True, True]
    """
    pairs = synonym_pairs(items, least)
    if len(pairs) < 3:
        return pd.Series(np.nan, index=items.index, name="synonyms")
    one, two = (numbers(items)[[pair[side] for pair in pairs]].to_numpy() for side in (0, 1))
    return pd.Series(_row_correlation(one, two), index=items.index, name="synonyms")


def mahalanobis(items: pd.DataFrame) -> pd.DataFrame:
    """Squared distance from the mean of all, with its p: columns distance, p, shrunk.

    Pairwise covariances; with more items than n/5, or a matrix that is not positive definite, they
    are shrunk to their diagonal (Ledoit & Wolf's target with weight items/n, at most .5), and
    `shrunk` says so. Persons with missing answers are measured on the items they answered. Answers
    on a five-point scale are not normal, so p is a flag, never a ground on its own.

    For one item it is z^2: here (4 - 2)^2 / (12 / 9).

    >>> one = pd.DataFrame({"a": [1, 1, 2, 4, 2, 2, 1, 1, 2, 4]})
    >>> mahalanobis(one)["distance"].round(3).tolist()[3]
    3.0
    """
    X = numbers(items).to_numpy()
    n, k = X.shape
    if n < 2 or not k:
        return pd.DataFrame({"distance": np.nan, "p": np.nan, "shrunk": False}, index=items.index)
    centre = numbers(items).mean().to_numpy()
    C = np.atleast_2d(numbers(items).cov().to_numpy())
    C, shrunk = _shrink(C, n, k)
    distance = np.full(n, np.nan)
    known = np.isfinite(X)
    for pattern in np.unique(known, axis=0):
        rows, used = (known == pattern).all(axis=1), np.flatnonzero(pattern)
        if used.size and np.isfinite(C[np.ix_(used, used)]).all() and np.diag(C)[used].min() > 0:
            D = X[np.ix_(rows, used)] - centre[used]
            distance[rows] = (D @ np.linalg.pinv(C[np.ix_(used, used)]) * D).sum(axis=1)
    p = special.chdtrc(np.maximum(known.sum(axis=1), 1), distance)
    return pd.DataFrame({"distance": distance, "p": p, "shrunk": shrunk}, index=items.index)


def _shrink(C: np.ndarray, n: int, k: int) -> tuple[np.ndarray, bool]:
    finite = np.isfinite(C).all()
    thin = k > n / 5 or not finite or np.linalg.eigvalsh(C).min() <= 1e-10
    if not thin or not finite or k < 2:
        return C, False
    share = min(0.5, k / max(n, 1))
    return (1 - share) * C + share * np.diag(np.diag(C)), True


def guttman_errors(items: pd.DataFrame) -> pd.Series:
    """Normed Guttman errors of ordered answers, 0 (perfect) to 1 (Niessen, Meijer & Tendeiro 2016).

    Each answer counts as the steps it passed; steps are ordered by how many persons passed them,
    and an error is a harder step passed while an easier one was not, divided by the most that are
    possible at this total. Items reversed, complete rows only, steps from the answers that occur.

    >>> steps = pd.DataFrame({"a": [1, 1, 1, 0], "b": [1, 1, 0, 0], "c": [1, 0, 0, 1]})
    >>> guttman_errors(steps).tolist()
    [nan, 0.0, 0.0, 1.0]
    """
    values = numbers(items).to_numpy()
    complete = np.isfinite(values).all(axis=1)
    result = np.full(len(items), np.nan)
    if complete.sum() >= 2:
        patterns, which, times = _patterns(values[complete])
        result[complete] = _normed(patterns, times)[which]
    return pd.Series(result, index=items.index, name="guttman_errors")


def _patterns(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The different rows, which of them each row is, and how often each occurs.

    Many persons give few different answers to a short scale; each pattern is worked out once.
    """
    packed, room = np.zeros(len(values), dtype=np.int64), 1
    for column in values.T:
        kinds, code = np.unique(column, return_inverse=True)
        packed, room = packed * len(kinds) + code, room * len(kinds)
        if room > 2**40:
            everyone = np.arange(len(values))
            return values, everyone, np.ones(len(values), dtype=int)
    _, first, which, times = np.unique(
        packed, return_index=True, return_inverse=True, return_counts=True
    )
    return values[first], which, times


def _normed(patterns: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The normed Guttman errors of each pattern, where pattern i was given `times[i]` times."""
    steps = [
        (column >= value).astype(float)
        for column in patterns.T
        for value in np.unique(column)[1:]
    ]
    if len(steps) < 2:
        return np.full(len(patterns), np.nan)
    passed = np.column_stack(steps)
    passed = passed[:, np.argsort(-(times @ passed), kind="stable")]
    failed_before = np.cumsum(1 - passed, axis=1)
    errors = (passed * failed_before).sum(axis=1)
    most = _most_errors(patterns, times)
    return np.divide(errors, most, out=np.full(len(errors), np.nan), where=most > 0)


def _most_errors(patterns: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The most Guttman errors at each pattern's number of passed steps.

    Steps of one item are passed in order, so the most comes from a search over whole items.
    """
    order, sizes = _step_places(patterns, times)
    total = int(sum(sizes))
    best = np.full(total + 1, -np.inf)
    best[0] = 0.0
    for places in order:
        new = best.copy()
        for taken in range(1, len(places) + 1):
            gain = places[:taken].sum()
            new[taken:] = np.maximum(new[taken:], best[: total + 1 - taken] + gain)
        best = new
    counts = np.arange(total + 1)
    most = best - counts * (counts - 1) / 2
    passed = sum(np.unique(column, return_inverse=True)[1] for column in patterns.T)
    return most[np.asarray(passed)]


def _step_places(
    patterns: np.ndarray, times: np.ndarray
) -> tuple[list[np.ndarray], list[int]]:
    """For each item the rank (0 = easiest) of each of its steps among all steps."""
    popular, owner = [], []
    for i, column in enumerate(patterns.T):
        for value in np.unique(column)[1:]:
            popular.append(float(times @ (column >= value)))
            owner.append(i)
    rank = np.empty(len(popular))
    rank[np.argsort(-np.asarray(popular), kind="stable")] = np.arange(len(popular))
    places = [rank[np.asarray(owner) == i] for i in range(patterns.shape[1])]
    return places, [len(p) for p in places]


def seconds_per_item(seconds: pd.Series, answered: pd.Series) -> pd.Series:
    """Seconds per answered item; missing where nothing was answered.

    `seconds` and `answered`: time taken and number of answers per person.

    >>> seconds_per_item(pd.Series([60, 10]), pd.Series([30, 0])).tolist()
    [2.0, nan]
    """
    return (seconds / answered.where(answered > 0)).rename("seconds_per_item")
