"""Claims about one quantity as equations in what persons answered.

Persons who stand in the same claims with the same weight are one unknown, a *kind*: nobody who
reads the claims can tell them apart. The equations say what is told of each kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

Place = tuple[str, int]


@dataclass(frozen=True)
class System:
    """`claims`: source and row of each; `weights`: claims × kinds, what each kind counts for in it.

    `stands`: kinds × persons, who is of which kind (a person at two waves is of two); `errors`:
    half of the last unit printed, as a share of what the quantity can span.
    """

    claims: tuple[Place, ...]
    weights: np.ndarray
    stands: np.ndarray
    errors: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """Persons of each kind."""
        return self.stands.sum(axis=1)

    def persons(self, kinds: np.ndarray) -> int:
        """Distinct persons of these kinds."""
        return int(self.stands[kinds].any(axis=0).sum())


def system(claims: pd.DataFrame) -> System:
    """The equations of claims: columns source, row, person, moment, weight, error, span.

    >>> claims = pd.DataFrame({"source": "t", "row": [0, 0, 1], "person": ["p", "q", "q"],
    ...     "moment": "T0", "weight": [0.5, 0.5, 1.0], "error": 0.05, "span": 4.0})
    >>> system(claims).weights.tolist(), system(claims).sizes.tolist()
    ([[0.5, 0.5], [0.0, 1.0]], [1, 1])
    """
    rows, names = pd.factorize(pd.MultiIndex.from_frame(claims[["source", "row"]]), sort=True)
    unknown = pd.MultiIndex.from_frame(claims[["person", "moment"]])
    columns, people = pd.factorize(unknown, sort=True)
    whole = np.zeros((len(names), len(people)))
    whole[rows, columns] = claims["weight"].to_numpy()
    alike, kind = np.unique(whole.round(12), axis=1, return_inverse=True)
    kind = kind.ravel()
    persons, _ = pd.factorize(people.get_level_values(0))
    stands = np.zeros((alike.shape[1], persons.max() + 1), dtype=bool)
    stands[kind, persons] = True
    first = claims.groupby(rows)[["error", "span"]].first().sort_index()
    errors = first["error"] / first["span"]
    return System(
        tuple((str(source), int(row)) for source, row in names),
        alike * np.bincount(kind),
        stands,
        errors.fillna(0.0).to_numpy(),
    )


def without(found: System, places: set[Place]) -> System:
    """The same equations when these claims are not made."""
    kept = np.array([place not in places for place in found.claims], dtype=bool)
    claims = tuple(place for place in found.claims if place not in places)
    return System(claims, found.weights[kept], found.stands, found.errors[kept])
