"""Blocks of columns whose cells stand a row lower or higher than the rest of their records (C6).

Neighbouring records are of different people: an answer of one says nothing of the next. Where some
columns go with the others only after moving them a row, they were pushed; one column or many, part
of a scale or whole ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

EVIDENCE, FEWEST_RECORDS, FEWEST_COLUMNS, MOST_BLOCKS = 6.5, 30, 3, 6


@dataclass(frozen=True)
class Block:
    """Columns `first` to `last` (included) stand `far` rows lower than the others (−1: higher)."""

    first: int
    last: int
    far: int


def moved_blocks(values: np.ndarray) -> Iterator[Block]:
    """The blocks of neighbouring columns that were pushed, the clearest first; rows in file order.

    For each pair of columns, one inside the block and one outside: how much better they go together
    after moving the block back, as half the difference of two squared z's times n. Where nothing
    was pushed a sum of gains is below 0, with a spread that follows from how columns go together
    inside and outside the block; evidence is six and a half times that spread (in 400 simulated
    deliveries without a fault the most was 4.2). A block and the others can change places: the
    smaller one is named.

    >>> rng = np.random.default_rng(1)
    >>> values = rng.normal(size=(60, 1)) + rng.normal(size=(60, 6)) * 0.6
    >>> list(moved_blocks(values))
    []
    >>> values[1:, 2:4] = values[:-1, 2:4].copy()
    >>> list(moved_blocks(values))
    [Block(first=2, last=3, far=1)]
    """
    values = values.copy()
    for _ in range(MOST_BLOCKS):
        block = _clearest(values)
        if block is None:
            return
        yield block
        move_back(values, block)


def move_back(values: np.ndarray, block: Block) -> None:
    """Put the cells of a block beside their records again, in place."""
    mine = slice(block.first, block.last + 1)
    cells = values[:, mine]
    gone = np.full((1, cells.shape[1]), np.nan)
    values[:, mine] = (
        np.vstack([cells[1:], gone]) if block.far > 0 else np.vstack([gone, cells[:-1]])
    )


def _clearest(values: np.ndarray) -> Block | None:
    size = values.shape[1]
    if len(values) < FEWEST_RECORDS or size < FEWEST_COLUMNS:
        return None
    here, n = _together(values, values)
    later, m = _together(values[1:], values[:-1])
    squares = _sums(np.tanh(here) ** 2)
    best, found = EVIDENCE, None
    for far, there, count in ((1, later, m), (-1, later.T, m.T)):
        gain = (there**2 * count - here**2 * n) / 2
        np.fill_diagonal(gain, 0.0)
        sums = _sums(gain)
        for first in range(size):
            last = np.arange(first, min(size, first + size // 2)) + 1
            spread = _within(squares, first, last) * _without(squares, first, last)
            clear = _across(sums, first, last) / np.sqrt(np.maximum(spread, 1.0))
            at = int(np.argmax(clear))
            if clear[at] > best:
                best, found = float(clear[at]), Block(first, int(last[at]) - 1, far)
    return found


def _sums(table: np.ndarray) -> np.ndarray:
    """Running sums over rows and columns, with zeros before them."""
    return np.pad(table.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _within(sums: np.ndarray, first: int, last: np.ndarray) -> np.ndarray:
    """The sum of the table inside each block, from `first` to before each `last`."""
    return sums[last, last] - sums[first, last] - sums[last, first] + sums[first, first]


def _across(sums: np.ndarray, first: int, last: np.ndarray) -> np.ndarray:
    """The sum over rows inside and columns outside each block."""
    return sums[last, -1] - sums[first, -1] - _within(sums, first, last)


def _without(sums: np.ndarray, first: int, last: np.ndarray) -> np.ndarray:
    """The sum over rows and columns outside each block."""
    rows = sums[last, -1] - sums[first, -1]
    columns = sums[-1, last] - sums[-1, first]
    return sums[-1, -1] - rows - columns + _within(sums, first, last)


def _together(ones: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fisher's z of each column of the ones with each of the others, and n − 3 of each."""
    known, there = (np.isfinite(each).astype("float64") for each in (ones, others))
    one, other = (_centred(each) for each in (ones, others))
    below = np.sqrt((one**2).T @ there * (known.T @ other**2))
    r = np.divide(one.T @ other, below, out=np.zeros_like(below), where=below > 0)
    return np.arctanh(np.clip(r, -0.99, 0.99)), np.maximum(known.T @ there - 3, 0)


def _centred(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    centre = np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, values - centre, 0.0)
