"""Change with its own interval: overlapping intervals of levels mislead where the same people answered."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import HIDDEN, Safe, require_safe
from lostudy.disclosure.protect import decimals_for
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, grid, hidden_text, mark, span
from lostudy.figures.style import GREY, INK, PALE, SIZE, canvas, foot, heading, place

ROW, GAP = 4.6, 3.4


def draw_change(
    moved: Safe, names: Names, *, name: str, title: str, caption: str, unit: str, sesoi: float
) -> Drawn:
    """Rows of differences with interval and wording, grouped by scale or by kind of comparison.

    The grey band is the smallest change of interest to both sides of zero.
    """
    table = require_safe(moved).table
    groups = "scale" if table["scale"].nunique() > 1 else "estimand"
    kinds = list(dict.fromkeys(table[groups]))
    count = len(table)
    text = f"{names.say('change_legend', formats.number(sesoi, 2, names.language))}\n{caption}"
    depth = count * ROW + len(kinds) * (ROW + GAP) + 2
    height = depth + 18 + foot(text)
    figure = canvas(height)
    axes = place(figure, 38, foot(text) + 9, 54, depth)
    ticks = _ticks(table)
    axes.set_xlim(ticks[0] - 0.08, ticks[-1] + 0.08)
    axes.set_ylim(depth, 0)
    grid(
        axes,
        ticks,
        2 if any(round(tick * 2) != tick * 2 for tick in ticks) else 1,
        names.language,
        sign=True,
    )
    axes.axvspan(-sesoi, sesoi, color=PALE, zorder=-1, lw=0)
    axes.axvline(0, color=INK, lw=0.9, zorder=1)
    axes.set_xlabel(f"{names.say('difference')} ({unit})", fontsize=SIZE["text"], labelpad=2)
    y = 0.0
    for kind in kinds:
        y += GAP + ROW / 2
        axes.text(
            -0.66,
            y,
            names.label(groups, str(kind)) if groups == "scale" else names.say(str(kind)),
            transform=axes.get_yaxis_transform(),
            fontsize=SIZE["head"],
            weight="bold",
            va="center",
            color=INK,
        )
        y += ROW / 2
        for _, row in table[table[groups] == kind].iterrows():
            _row(axes, row, y + ROW / 2, names, ticks)
            y += ROW
    heading(figure, title, text)
    shown = table[["scale", "organisation", "estimand", "estimate", "low", "high", "n", "wording"]]
    return Drawn(name, title, caption, _alt(table, groups, names, title), shown, figure)


def _ticks(table: pd.DataFrame) -> list[float]:
    ends = pd.concat([table["low"], table["high"], table["estimate"]])
    step = 0.5 if ends.max() - ends.min() > 1 else 0.25
    ticks = span(pd.concat([ends, pd.Series([-step, step])]), step, -4, 4)
    return ticks


def _row(axes: Axes, row: pd.Series, y: float, names: Names, ticks: list[float]) -> None:
    organisation = str(row["organisation"])
    settings = {
        "transform": axes.get_yaxis_transform(),
        "fontsize": SIZE["text"],
        "va": "center",
        "color": INK,
    }
    axes.text(-0.03, y, names.label("organisation", organisation), ha="right", **settings)
    if row["hidden"] != "":
        hidden_text(axes, ticks[0], y, HIDDEN[row["hidden"]][0 if names.language == "nl" else 1])
        return
    sure = row["low"] > 0 or row["high"] < 0
    mark(
        axes,
        row["estimate"],
        y,
        row["low"],
        row["high"],
        None if organisation == "all" else names.place(organisation),
        filled=bool(sure),
        uncertain=bool(row["note"]),
    )
    places = decimals_for(int(row["n"]))
    numbers = f"{formats.number(row['estimate'], places, names.language, sign=True)} {formats.interval(row['low'], row['high'], places, names.language)}"
    axes.text(1.03, y, numbers, ha="left", **settings)
    axes.text(
        1.56,
        y,
        names.say(row["wording"]),
        ha="left",
        **{**settings, "color": GREY, "fontsize": SIZE["small"]},
    )


def _alt(table: pd.DataFrame, groups: str, names: Names, title: str) -> str:
    shown = table[table["hidden"] == ""]
    parts = [
        f"{names.label('scale', row['scale']) if groups == 'scale' else names.say(row['estimand'])}, {names.label('organisation', row['organisation'])}: "
        f"{formats.number(row['estimate'], decimals_for(int(row['n'])), names.language, sign=True)} ({names.say(row['wording'])})"
        for _, row in shown.iterrows()
    ]
    return f"{names.say('alt_change', title)} {'; '.join(parts)}."
