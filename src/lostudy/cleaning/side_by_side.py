"""Organisations cleaned side by side, each in one of several processes.

An organisation is cleaned from its own deliveries alone, so the order in which they end is of no
matter: the tables are the same as one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")

FEW = 8  # organisations: for fewer, starting processes takes longer than it wins
CHUNK = 4  # what goes to a process at once


def in_order(
    make: Callable[[Part], Made], parts: Sequence[Part], workers: int
) -> Iterator[tuple[Part, Made]]:
    """Each part with what `make` makes of it, in the order of `parts`; in one process where there
    are few parts or one worker. `make` and the parts can be pickled.

    >>> list(in_order(abs, [-1, 2], workers=2))
    [(-1, 1), (2, 2)]
    """
    if workers < 2 or len(parts) <= FEW:
        yield from ((part, make(part)) for part in parts)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from zip(parts, pool.map(make, parts, chunksize=CHUNK), strict=True)
