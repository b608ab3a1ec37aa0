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


def coded(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims with numbers for their claim, person and unknown, from which systems are made fast.

    `claims`: columns source, row, person, moment, weight, error and span, a line per claim and
    person. An unknown is a person at a moment.
    """
    claim, _ = pd.factorize(pd.MultiIndex.from_frame(claims[["source", "row"]]), sort=True)
    person, _ = pd.factorize(claims["person"], sort=True)
    moment, moments = pd.factorize(claims["moment"], sort=True)
    return claims.assign(claim=claim, who=person, unknown=person * len(moments) + moment)


def system(claims: pd.DataFrame) -> System:
    """The equations of claims about one quantity, as `coded` gives them.

    >>> claims = pd.DataFrame({"source": "t", "row": [0, 0, 1], "person": ["p", "q", "q"],
    ...     "moment": "T0", "weight": [0.5, 0.5, 1.0], "error": 0.05, "span": 4.0})
    >>> system(coded(claims)).weights.tolist(), system(coded(claims)).sizes.tolist()
    ([[0.5, 0.5], [0.0, 1.0]], [1, 1])
    """
    claim, unknown = claims["claim"].to_numpy(), claims["unknown"].to_numpy()
    _, first, row = np.unique(claim, return_index=True, return_inverse=True)
    _, kept, column = np.unique(unknown, return_index=True, return_inverse=True)
    whole = np.zeros((len(first), len(kept)))
    whole[row, column] = claims["weight"].to_numpy()
    marks = [line.tobytes() for line in np.ascontiguousarray(whole.T.round(12))]
    kind, _ = pd.factorize(np.array(marks, dtype=object))
    _, where = np.unique(kind, return_index=True)
    _, person = np.unique(claims["who"].to_numpy()[kept], return_inverse=True)
    stands = np.zeros((len(where), person.max() + 1), dtype=bool)
    stands[kind, person] = True
    sources, rows = claims["source"].to_numpy()[first], claims["row"].to_numpy()[first]
    errors = claims["error"].to_numpy()[first] / claims["span"].to_numpy()[first]
    return System(
        tuple((str(source), int(place)) for source, place in zip(sources, rows, strict=True)),
        whole[:, where] * np.bincount(kind),
        stands,
        np.nan_to_num(errors),
    )


def without(found: System, places: set[Place]) -> System:
    """The same equations when these claims are not made."""
    kept = np.array([place not in places for place in found.claims], dtype=bool)
    claims = tuple(place for place in found.claims if place not in places)
    return System(claims, found.weights[kept], found.stands, found.errors[kept])
