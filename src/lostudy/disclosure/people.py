"""Who stands behind each row of a table: distinct persons, never rows, answers or segments.

A table of estimates says how many; only the people themselves can say that those are persons. So
the door takes beside the table a frame of keys: which person stands in which group. It holds no
answer. It is counted here, and remembered for the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lostudy.disclosure.sums import ALL
from lostudy.errors import Problem

PERSON, MOMENT, WEIGHT = "person", "moment", "weight"


def check_people(people: pd.DataFrame, by: Sequence[str]) -> list[Problem]:
    """What is wrong with a frame of keys, if anything."""
    cure = f"give a frame with the columns {', '.join(by)} that tell groups apart, and {PERSON}"
    if not isinstance(people, pd.DataFrame) or PERSON not in people:
        return [Problem("nobody is named behind this table", cure)]
    if not people.columns.is_unique:
        return [Problem("the people behind this table have the same heading twice", cure)]
    known = (*by, PERSON, MOMENT, WEIGHT)
    return [
        Problem(f"column '{each}' does not tell groups of people apart", f"leave it out: {cure}")
        for each in people
        if each not in known
    ]


def places(table: pd.DataFrame, by: Sequence[str], people: pd.DataFrame) -> list[np.ndarray]:
    """For each row of `table` the places in `people` of those who stand behind it.

    A column of `by` that `people` does not have tells no people apart; "all" in a column is
    everybody in it, those included of whom it is not known.

    >>> people = pd.DataFrame({"team": ["a", "b", None], "person": ["p1", "p2", "p3"]})
    >>> [each.tolist() for each in places(pd.DataFrame({"team": ["b", "all"]}), ["team"], people)]
    [[1], [0, 1, 2]]
    """
    columns = [each for each in by if each in people]
    if not columns:
        return [np.arange(len(people))] * len(table)
    groups = {
        (key if isinstance(key, tuple) else (key,)): np.asarray(where, dtype=int)
        for key, where in _texts(people, columns).groupby(columns).indices.items()
    }
    rows = _texts(table, columns).itertuples(index=False, name=None)
    return [_found(groups, row) for row in rows]


def _texts(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Groups as text; what is missing has a name of its own in each, so that nobody is it."""
    texts = frame[list(columns)].astype("str")
    return texts.where(frame[list(columns)].notna(), "\x00" if PERSON in frame else "\x01")


def _found(groups: dict[tuple, np.ndarray], row: tuple[str, ...]) -> np.ndarray:
    """The people of one row."""
    if ALL not in row:
        return groups.get(row, np.array([], dtype=int))
    fits = [
        where
        for key, where in groups.items()
        if all(wanted in (ALL, found) for wanted, found in zip(row, key, strict=True))
    ]
    return np.sort(np.concatenate(fits)) if fits else np.array([], dtype=int)


def distinct(people: pd.DataFrame, where: Sequence[np.ndarray]) -> np.ndarray:
    """How many distinct persons stand in each of these places; nobody without a key counts."""
    codes, _ = pd.factorize(people[PERSON])
    return np.array([len(set(codes[each].tolist()) - {-1}) for each in where], dtype=int)


def carried(people: pd.DataFrame, where: Sequence[np.ndarray]) -> np.ndarray:
    """How many persons of equal weight each row is worth (Kish 1965); infinite without weights.

    One person who counts for a million beside fifty-nine who count for one is one person. Weights
    of a person at several moments are taken together, each as large as it is.

    >>> people = pd.DataFrame({"person": range(20), "weight": [1e6, *[1.0] * 19]})
    >>> carried(people, [np.arange(20), np.arange(1, 20)]).round(3).tolist()
    [1.0, 19.0]
    """
    if WEIGHT not in people:
        return np.full(len(where), np.inf)
    return np.array([_kish(people.iloc[each]) for each in where])


def _kish(group: pd.DataFrame) -> float:
    held = group[WEIGHT].astype("float64").abs().groupby(group[PERSON]).sum().to_numpy()
    squares = float((held**2).sum())
    return round(float(held.sum()) ** 2 / squares, 6) if squares else 0.0
