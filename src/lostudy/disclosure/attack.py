"""What everything that is published tells together: the whole release is attacked before it leaves.

A combination of claims in which everybody cancels but fewer persons than the threshold tells about
those few (METHODS D6). Kinds of the threshold or more must cancel, so the claims are first combined
so that they do; where nothing is left of the others, nothing can be told of them (row space: a
proof). What is left is searched, by integer programming, for combinations of few persons. Such a
combination gives them away where the rounding of the claims leaves less open than the policy's
margin. The attacker is taken to know exactly how many persons stand behind each
number, however it was rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import null_space
from scipy.optimize import Bounds, LinearConstraint, milp

from lostudy.disclosure.systems import Place, System

NOTHING, LARGEST = 1e-7, 120


@dataclass(frozen=True)
class Leak:
    """Claims that together tell about few persons.

    `persons`: how many; `open`: the share of what they could have answered that stays open;
    `claims`: the claims that are combined. A system that is too large to be searched is one leak of
    all its claims: what was not proved safe is not safe.
    """

    persons: int
    open: float
    claims: tuple[Place, ...]


def leaks(found: System, threshold: int, margin: float) -> list[Leak]:
    """Every way found in which these claims tell about fewer persons than the threshold.

    >>> claims = (("all of A", 0), ("A without leaders", 0))
    >>> weights = np.array([[0.88, 0.12], [1.0, 0.0]])  # means of 50 persons, and of 44 of them
    >>> stands = np.repeat(np.eye(2, dtype=bool), [44, 6], axis=1)
    >>> told = System(claims, weights, stands, np.full(2, 1e-3))
    >>> [leak.persons for leak in leaks(told, threshold=10, margin=0.25)]
    [6]
    """
    few = np.flatnonzero(found.sizes < threshold)
    if not _anything_left(found, few):
        return []
    if len(few) > LARGEST:
        return [Leak(0, 0.0, found.claims)]
    out: dict[tuple[Place, ...], Leak] = {}
    for place in few:
        for goal in ("persons", "precision"):
            combined = _combination(found, few, int(place), threshold, goal)
            if combined is None:
                break
            leak = _leak(found, combined)
            if leak.open < margin:
                out.setdefault(leak.claims, leak)
    return list(out.values())


def _anything_left(found: System, few: np.ndarray) -> bool:
    """Whether any combination in which the larger kinds cancel tells about the smaller ones."""
    many = np.setdiff1d(np.arange(len(found.sizes)), few)
    free = null_space(found.weights[:, many].T) if len(many) else np.eye(len(found.claims))
    left = free.T @ found.weights[:, few]
    return bool(left.size) and bool(np.abs(left).max() > NOTHING)


def _combination(
    found: System, few: np.ndarray, place: int, threshold: int, goal: str
) -> np.ndarray | None:
    """A combination of claims about fewer persons than the threshold, `place` largest in it.

    Every combination has a kind that counts most in it: with that one at 1 the others lie between
    -1 and 1, and may differ from 0 only where all persons of the kind are counted. Of all such
    combinations the one with the fewest persons, or with the least rounding in it. None where
    there is none.
    """
    claims, kinds = len(found.claims), len(few)
    many = np.setdiff1d(np.arange(len(found.sizes)), few)
    signed = np.vstack([found.weights, -found.weights])
    involved = found.stands[few][:, found.stands[few].any(axis=0)]
    persons = involved.shape[1]
    kind, person = np.nonzero(involved)
    counted = np.zeros((len(kind), kinds + persons))
    counted[np.arange(len(kind)), kind] = 1
    counted[np.arange(len(kind)), kinds + person] = -1
    number = np.concatenate([np.zeros(2 * claims + kinds), np.ones(persons)])
    rounding = np.concatenate([np.tile(found.errors + NOTHING, 2), np.zeros(kinds + persons)])
    solved = milp(
        number if goal == "persons" else rounding,
        integrality=np.concatenate([np.zeros(2 * claims), np.ones(kinds), np.zeros(persons)]),
        bounds=Bounds(0, np.concatenate([np.full(2 * claims, np.inf), np.ones(kinds + persons)])),
        constraints=[
            LinearConstraint(_wide(signed[:, many].T, kinds + persons), 0, 0),
            LinearConstraint(_wide(signed[:, [place]].T, kinds + persons), 1, 1),
            LinearConstraint(_wide(signed[:, few].T, persons, -np.eye(kinds)), -np.inf, 0),
            LinearConstraint(_wide(signed[:, few].T, persons, np.eye(kinds)), 0, np.inf),
            LinearConstraint(np.hstack([np.zeros((len(kind), 2 * claims)), counted]), -np.inf, 0),
            LinearConstraint(number[None], 0, threshold - 1),
        ],
    )
    return None if solved.x is None else solved.x[:claims] - solved.x[claims : 2 * claims]


def _wide(block: np.ndarray, zeros: int, beside: np.ndarray | None = None) -> np.ndarray:
    """A block of coefficients, one beside it, and nothing for the other variables."""
    parts = [block] if beside is None else [block, beside]
    return np.hstack([*parts, np.zeros((block.shape[0], zeros))])


def _leak(found: System, combined: np.ndarray) -> Leak:
    """What a combination of claims tells: of how many persons, how precisely, by which claims."""
    told = combined @ found.weights
    used = np.abs(combined) > NOTHING
    rounding = 2 * (np.abs(combined) * found.errors).sum()
    return Leak(
        found.persons(np.flatnonzero(np.abs(told) > NOTHING)),
        float(rounding / np.abs(told).sum()),
        tuple(claim for claim, uses in zip(found.claims, used, strict=True) if uses),
    )
