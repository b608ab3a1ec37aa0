"""What the figures have in common: the names of things, and marks with their interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import HIDDEN, Safe, require_safe
from lostudy.errors import Problem, StudyError
from lostudy.figures.style import GREY, INK, LINE, breadth, colour, inside, shape
from lostudy.words import word


@dataclass(frozen=True)
class Names:
    """How a figure calls things, in its language; the order of organisations.

    `label(column, id)` gives the name of an id.
    """

    label: Callable[[str, str], str]
    organisations: Sequence[str]
    language: str = "nl"

    def place(self, organisation: str) -> int | None:
        """The place of an organisation, which fixes its colour and shape; None for all together."""
        known = list(self.organisations)
        return known.index(organisation) if organisation in known else None

    def ink(self, organisation: str) -> str:
        """The colour of an organisation; that of text for all together."""
        spot = self.place(organisation)
        return INK if spot is None else colour(spot)

    def short(self, organisation: str) -> str:
        """An organisation in a narrow column: its id, or "all"."""
        return word("all", self.language) if organisation == "all" else organisation

    def say(self, key: str, *values: object) -> str:
        """A word in the figure's language."""
        return word(key, self.language, *values)

    def reason(self, hidden: str) -> str:
        """Why a cell is not shown."""
        return HIDDEN[hidden][0 if self.language == "nl" else 1]


def rows_of(safe: Safe) -> pd.DataFrame:
    """The protected table to draw; raises where it was not protected, or has no rows."""
    table = require_safe(safe).table
    if table.empty:
        raise StudyError(Problem("a figure without a single row", "draw a result that has rows"))
    return table


def mark(
    axes: Axes,
    x: float,
    y: float,
    low: float,
    high: float,
    spot: int | None,
    *,
    filled: bool = True,
    uncertain: bool = False,
) -> None:
    """A point with its interval; `spot` None for all together; uncertain intervals are dotted."""
    ink = INK if spot is None else colour(spot)
    form = "o" if spot is None else shape(spot)
    if low == low and high == high:
        axes.plot([low, high], [y, y], color=ink, lw=1.4, ls=stroke(uncertain),
                  solid_capstyle="butt", zorder=2)  # fmt: skip
    axes.plot([x], [y], form, color=ink, mfc=ink if filled else "white", mew=1.2, ms=5, zorder=3)


def stroke(uncertain: bool) -> str | tuple[float, tuple[float, float]]:
    """How the line of an interval is drawn: dotted where it must not be tested."""
    return (0, (1, 1.2)) if uncertain else "-"


def grid(axes: Axes, ticks: Sequence[float], language: str, *, sign: bool = False) -> None:
    """Vertical lines at the ticks; a label says exactly the value of its tick."""
    axes.set_xticks(list(ticks), tick_labels(ticks, language, sign=sign))
    for tick in ticks:
        axes.axvline(tick, color=LINE, lw=0.5, zorder=0)
    axes.set_yticks([])


def tick_labels(ticks: Sequence[float], language: str, *, sign: bool = False) -> list[str]:
    """Labels with as many decimals as the ticks need.

    >>> tick_labels([2.5, 2.75], "nl"), tick_labels([1, 2], "nl")
    (['2,50', '2,75'], ['1', '2'])
    """
    exact = (places for places in (0, 1) if all(round(t, places) == t for t in ticks))
    places = next(exact, 2)
    return [formats.number(tick, places, language, sign=sign and tick != 0) for tick in ticks]


def hidden_text(axes: Axes, x: float, y: float, reason: str) -> None:
    """Why a row is empty, where its mark would be."""
    inside(axes, x, y, reason, "small", color=GREY, style="italic", ha="left")


def span(values: pd.Series, step: float) -> list[float]:
    """Ticks at multiples of `step` that cover the values.

    >>> span(pd.Series([2.61, 3.4]), 0.5)
    [2.5, 3.0, 3.5]
    """
    known = values.astype("float64").dropna()
    if known.empty:
        return [0.0, step]
    first = math.floor(round(known.min() / step, 6))
    last = max(first + 1, math.ceil(round(known.max() / step, 6)))
    return [round(place * step, 6) for place in range(first, last + 1)]


def ticks_for(
    values: pd.Series,
    room: float,
    language: str,
    *,
    sign: bool = False,
    steps: Sequence[float] = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0),
) -> list[float]:
    """The closest ticks that cover the values and whose labels fit in `room` millimetres."""
    for step in steps:
        ticks = span(values, step)
        texts = tick_labels(ticks, language, sign=sign)
        if sum(breadth(text) + 2.0 for text in texts) <= room:
            break
    return ticks
