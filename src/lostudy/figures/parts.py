"""What the figures have in common: the names of things, and marks with their interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.figures.style import GREY, INK, LINE, SIZE, colour, shape
from lostudy.words import word


@dataclass(frozen=True)
class Names:
    """How a figure calls things: `label(column, id)` in the figure's language; the order of organisations."""

    label: Callable[[str, str], str]
    organisations: Sequence[str]
    language: str = "nl"

    def place(self, organisation: str) -> int:
        """The place of an organisation, which fixes its colour and shape."""
        return (
            list(self.organisations).index(organisation)
            if organisation in self.organisations
            else 0
        )

    def short(self, organisation: str) -> str:
        """An organisation in a narrow column: its id, or "all"."""
        return word("all", self.language) if organisation == "all" else organisation

    def say(self, key: str, *values: object) -> str:
        """A word in the figure's language."""
        return word(key, self.language, *values)


def mark(
    axes: Axes,
    x: float,
    y: float,
    low: float,
    high: float,
    place: int | None,
    *,
    filled: bool = True,
    uncertain: bool = False,
) -> None:
    """A point with its interval; `place` None for all together; uncertain intervals are dotted."""
    ink = INK if place is None else colour(place)
    form = "o" if place is None else shape(place)
    if low == low and high == high:
        axes.plot(
            [low, high],
            [y, y],
            color=ink,
            lw=1.4,
            ls=(0, (1, 1.2)) if uncertain else "-",
            solid_capstyle="butt",
            zorder=2,
        )
    axes.plot([x], [y], form, color=ink, mfc=ink if filled else "white", mew=1.2, ms=5, zorder=3)


def grid(
    axes: Axes, ticks: Sequence[float], decimals: int, language: str, *, sign: bool = False
) -> None:
    """Vertical lines at the ticks; a label says exactly the value of its tick."""
    axes.set_xticks(
        list(ticks),
        [formats.number(tick, decimals, language, sign=sign and tick != 0) for tick in ticks],
    )
    for tick in ticks:
        axes.axvline(tick, color=LINE, lw=0.5, zorder=0)
    axes.set_yticks([])


def hidden_text(axes: Axes, x: float, y: float, reason: str) -> None:
    """Why a row is empty, where its mark would be."""
    axes.text(
        x, y, reason, color=GREY, fontsize=SIZE["small"], style="italic", va="center", ha="left"
    )


def span(values: pd.Series, step: float, least: float, most: float) -> list[float]:
    """Ticks at multiples of `step` that cover the values, within least and most.

    >>> span(pd.Series([2.61, 3.4]), 0.5, 1, 5)
    [2.5, 3.0, 3.5]
    """
    known = values.dropna()
    if known.empty:
        return [least, most]
    first = max(least, (known.min() // step) * step)
    last = min(most, -((-known.max()) // step) * step)
    count = max(1, round((last - first) / step))
    return [round(first + place * step, 6) for place in range(count + 1)]
