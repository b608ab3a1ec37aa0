"""Several scales of each organisation, against the range of the others: a profile without a radar."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import HIDDEN, Safe, require_safe
from lostudy.disclosure.protect import decimals_for
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, grid, hidden_text, mark, span
from lostudy.figures.style import INK, LINE, SIZE, canvas, colour, foot, heading, place, wrapped

ROW, ACROSS = 8.0, 4


def draw_profile(
    profile: Safe, names: Names, *, name: str, title: str, caption: str, unit: str
) -> Drawn:
    """A panel per organisation, a row per scale; the grey band is the range of the other organisations."""
    table = require_safe(profile).table
    scales, groups = list(dict.fromkeys(table["scale"])), list(dict.fromkeys(table["organisation"]))
    rows = math.ceil(len(groups) / ACROSS)
    block = len(scales) * ROW + 16
    text = f"{unit}. {names.say('band_others')}\n{caption}"
    height = 8 + rows * block + foot(text)
    figure = canvas(height)
    ticks = span(pd.concat([table["low"], table["high"], table["estimate"]]), 1.0, 0, 100)
    wide = 122 / min(ACROSS, len(groups))
    for number, group in enumerate(groups):
        row, column = divmod(number, ACROSS)
        axes = place(
            figure,
            36 + column * wide,
            height - 15 - row * block - len(scales) * ROW,
            wide - 4,
            len(scales) * ROW,
        )
        axes.set_xlim(ticks[0] - 0.05, ticks[-1] + 0.05)
        axes.set_ylim(len(scales), 0)
        grid(axes, ticks, 0, names.language)
        spot = names.place(str(group))
        axes.set_title(
            names.label("organisation", str(group)),
            fontsize=SIZE["head"],
            color=colour(spot),
            weight="bold",
            loc="left",
            pad=4,
        )
        for y, scale in enumerate(scales):
            if column == 0:
                axes.text(
                    -0.05,
                    y + 0.5,
                    wrapped(names.label("scale", scale), 24),
                    transform=axes.get_yaxis_transform(),
                    ha="right",
                    va="center",
                    fontsize=SIZE["text"],
                    color=INK,
                    linespacing=0.95,
                )
            _row(axes, table[table["scale"] == scale], str(group), y + 0.58, names, ticks)
    heading(figure, title, text)
    return Drawn(
        name,
        title,
        caption,
        _alt(table, names, title),
        table[["scale", "organisation", "wave", "estimate", "low", "high", "n"]],
        figure,
    )


def _row(
    axes: Axes, rows: pd.DataFrame, group: str, y: float, names: Names, ticks: list[float]
) -> None:
    others = rows[(rows["organisation"] != group) & (rows["hidden"] == "")]["estimate"]
    if len(others) >= 2:
        axes.plot(
            [others.min(), others.max()], [y, y], color=LINE, lw=6, solid_capstyle="round", zorder=1
        )
    own = rows[rows["organisation"] == group].iloc[0]
    if own["hidden"] != "":
        hidden_text(axes, ticks[0], y, HIDDEN[own["hidden"]][0 if names.language == "nl" else 1])
        return
    spot = names.place(group)
    mark(axes, own["estimate"], y, own["low"], own["high"], spot, uncertain=bool(own["note"]))
    text = formats.number(own["estimate"], decimals_for(int(own["n"])), names.language)
    axes.text(
        own["estimate"],
        y - 0.24,
        text,
        ha="center",
        va="bottom",
        fontsize=SIZE["small"],
        weight="bold",
        color=colour(spot),
    )


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    parts = []
    for group, rows in table[table["hidden"] == ""].groupby("organisation", sort=False):
        values = ", ".join(
            f"{names.label('scale', row['scale'])} {formats.number(row['estimate'], decimals_for(int(row['n'])), names.language)}"
            for _, row in rows.iterrows()
        )
        parts.append(f"{names.label('organisation', str(group))}: {values}")
    return f"{names.say('alt_profile', title)} {'; '.join(parts)}."
