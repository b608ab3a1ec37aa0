"""How many persons stand in a row that is hidden, worked out from all rows that are shown.

Every number of persons that is printed, rounded, bounds the sum of the kinds of persons behind it.
Between which numbers a hidden row can then lie is a linear programme. What is known more narrowly
than numbers are rounded is recoverable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from lostudy.disclosure.claims import PERSONS
from lostudy.errors import Problem
from lostudy.study import Disclosure
from lostudy.study.parameters import PUBLIC

LARGEST = 3_000


@dataclass(frozen=True)
class Known:
    """A hidden row whose number of persons is known to within `wide` of the truth."""

    row: str
    wide: float

    def problem(self) -> Problem:
        """The row in words, with what to do."""
        cure = (
            "withhold one of the rows beside it (withheld in [disclosure] of study.toml), or split "
            "by less; then `lostudy run`"
        )
        what = f"the number of persons behind a hidden row follows from others: {self.row}"
        return Problem(what, cure, "reports", rule="D6")


def recoverable(ledger: pd.DataFrame, policy: Disclosure) -> list[Known]:
    """The hidden rows of fewer persons than the threshold whose number can be worked out.

    Rows over several organisations join everything to everything; in a ledger too large for that
    each is left out where it would join more than a few thousand kinds of persons.
    """
    people = ledger[(ledger["unit"] == PERSONS) & (ledger["audience"] == PUBLIC)]
    people = people[people["person"].notna()].drop_duplicates(["source", "row", "person"])
    rows = people.drop_duplicates(["source", "row"]).reset_index(drop=True)
    if rows.empty or rows["shown"].all():
        return []
    places = pd.MultiIndex.from_frame(rows[["source", "row"]])
    row = places.get_indexer(pd.MultiIndex.from_frame(people[["source", "row"]]))
    person, _ = pd.factorize(people["person"])
    stands = csr_array((np.ones(len(row)), (row, person)))
    kinds, sizes = _kinds(stands)
    return [
        known
        for part in _parts(kinds)
        for known in _narrow(rows.iloc[part], kinds[part], sizes, policy)
    ]


def _kinds(stands: csr_array) -> tuple[csr_array, np.ndarray]:
    """Rows × kinds of persons who stand in the same rows, and how many persons each kind has."""
    columns = stands.tocsc()
    ends = zip(columns.indptr[:-1], columns.indptr[1:], strict=True)
    marks = [columns.indices[first:last].tobytes() for first, last in ends]
    kind, first = pd.factorize(np.array(marks, dtype=object))
    _, where = np.unique(kind, return_index=True)
    return csr_array(columns[:, where]), np.bincount(kind, minlength=len(first))


def _parts(kinds: csr_array) -> list[np.ndarray]:
    """Rows that share persons, directly or through others; the widest are left out if too many."""
    kept = np.arange(kinds.shape[0])
    while True:
        shared = kinds[kept] @ kinds[kept].T
        number, part = connected_components(shared, directed=False)
        groups = [kept[part == each] for each in range(number)]
        wide = [np.count_nonzero(kinds[group].sum(axis=0)) for group in groups]
        if max(wide) <= LARGEST or len(kept) == 1:
            return groups
        breadth = np.diff(kinds[kept].indptr)
        kept = kept[breadth < breadth.max()]


def _narrow(
    rows: pd.DataFrame, kinds: csr_array, sizes: np.ndarray, policy: Disclosure
) -> list[Known]:
    """The hidden rows of a part that are known too narrowly."""
    shown = rows["shown"].to_numpy()
    counts = kinds @ sizes
    targets = np.flatnonzero(~shown & (counts < policy.threshold))
    if not len(targets) or not shown.any():
        return []
    touched = np.flatnonzero(kinds.sum(axis=0))
    cells = kinds[:, touched]
    bounds = cells[np.flatnonzero(shown)]
    least = rows.loc[shown, "least"].fillna(0).to_numpy(dtype=float)
    most = rows.loc[shown, "most"].fillna(np.inf).to_numpy(dtype=float)
    rules, limits = csr_array(vstack([bounds, -bounds])), np.concatenate([most, -least])
    finite = np.flatnonzero(np.isfinite(limits))
    found = []
    for target in targets:
        goal = cells[[target]].toarray().ravel()
        ends = [
            linprog(sign * goal, A_ub=rules[finite], b_ub=limits[finite]) for sign in (1.0, -1.0)
        ]
        wide = sum(np.inf if end.fun is None else -end.fun for end in ends)
        if wide < policy.round_to - 1e-6:
            row = rows.iloc[target]
            found.append(Known(f"{row['kind']}: {row['label']} ({row['source']})", float(wide)))
    return found
