"""Means with their interval over the waves, a panel per group: who stands where, and how sure that is."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import HIDDEN, Safe, require_safe
from lostudy.disclosure.protect import decimals_for
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names
from lostudy.figures.style import GREY, INK, LINE, SIZE, canvas, colour, foot, heading, place, shape

ACROSS = 4


def draw_levels(
    levels: Safe, names: Names, *, name: str, title: str, caption: str, unit: str
) -> Drawn:
    """Small multiples: a panel per group, the waves from left to right, one common axis."""
    table = require_safe(levels).table
    panels = next((column for column in levels.by if column not in ("wave", "scale")), "scale")
    groups = list(dict.fromkeys(table[panels]))
    waves = list(dict.fromkeys(table["wave"])) if "wave" in table else [""]
    rows = math.ceil(len(groups) / ACROSS)
    text = f"{unit}. {names.say('interval_line')} {names.say('n_below')}\n{caption}"
    height = 6 + 45 * rows + foot(text)
    figure = canvas(height)
    ends = pd.concat([table["low"], table["high"], table["estimate"]]).dropna()
    bottom, top = (
        (math.floor(ends.min() * 2) / 2, math.ceil(ends.max() * 2) / 2) if len(ends) else (1.0, 5.0)
    )
    wide = 140 / min(ACROSS, len(groups))
    for number, group in enumerate(groups):
        row, column = divmod(number, ACROSS)
        axes = place(figure, 14 + column * wide, height - 13 - 45 * row - 28, wide - 5, 28)
        _panel(axes, table[table[panels] == group], waves, names, panels, group, number)
        axes.set_ylim(bottom, top)
        ticks = [bottom + 0.5 * step for step in range(round((top - bottom) * 2) + 1)]
        axes.set_yticks(
            ticks,
            [formats.number(tick, 1, names.language) for tick in ticks]
            if column == 0
            else [""] * len(ticks),
        )
        for tick in ticks:
            axes.axhline(tick, color=LINE, lw=0.5, zorder=0)
    heading(figure, title, text)
    shown = table[
        [
            "organisation" if panels == "organisation" else panels,
            *([] if "wave" not in table else ["wave"]),
            "estimate",
            "low",
            "high",
            "n",
        ]
    ]
    return Drawn(name, title, caption, _alt(table, panels, names, title), shown, figure)


def _panel(
    axes: Axes,
    rows: pd.DataFrame,
    waves: list[str],
    names: Names,
    panels: str,
    group: str,
    number: int,
) -> None:
    head = names.label(panels, group)
    spot = names.place(group) if panels == "organisation" else number
    axes.set_title(
        head,
        fontsize=SIZE["head"] if len(head) < 19 else SIZE["small"],
        color=colour(spot),
        weight="bold",
        loc="left",
        pad=4,
    )
    by_wave = rows.set_index("wave") if "wave" in rows else rows.set_axis([""] * len(rows))
    texts = []
    for x, wave in enumerate(waves):
        row = by_wave.loc[wave] if wave in by_wave.index else None
        if row is None or row["hidden"] != "":
            reason = HIDDEN["absent" if row is None else row["hidden"]][
                0 if names.language == "nl" else 1
            ]
            axes.text(
                x,
                0.5,
                reason,
                rotation=90,
                color=GREY,
                fontsize=SIZE["small"],
                style="italic",
                ha="center",
                va="center",
                transform=axes.get_xaxis_transform(),
            )
            texts.append(str(wave))
            continue
        dotted = bool(row.get("note"))
        axes.plot(
            [x, x],
            [row["low"], row["high"]],
            color=colour(spot),
            lw=1.4,
            ls=(0, (1, 1.2)) if dotted else "-",
            zorder=2,
        )
        axes.plot([x], [row["estimate"]], shape(spot), color=colour(spot), ms=5, zorder=3)
        axes.annotate(
            formats.number(row["estimate"], decimals_for(int(row["n"])), names.language),
            (x, row["estimate"]),
            xytext=(5, 0),
            textcoords="offset points",
            fontsize=SIZE["small"],
            color=INK,
            va="center",
        )
        texts.append(f"{wave}\n{formats.count(row['n'], names.language)}")
    axes.set_xticks(range(len(waves)), texts, fontsize=SIZE["small"])
    axes.set_xlim(-0.4, len(waves) - 0.25)


def _alt(table: pd.DataFrame, panels: str, names: Names, title: str) -> str:
    parts = []
    for group, rows in table[table["hidden"] == ""].groupby(panels, sort=False):
        values = ", ".join(
            f"{row['wave'] if 'wave' in row else ''} {formats.number(row['estimate'], decimals_for(int(row['n'])), names.language)}".strip()
            for _, row in rows.iterrows()
        )
        parts.append(f"{names.label(panels, str(group))}: {values}")
    return f"{names.say('alt_levels', title)} {'; '.join(parts)}."
