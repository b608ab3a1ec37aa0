"""The estimate under every specification that was fixed beforehand: does the answer depend on them?

After Simonsohn, Simmons & Nelson (2020, Nature Human Behaviour 4:1208).
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import Safe, decimals_for
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, grid, hidden_text, mark, rows_of, ticks_for
from lostudy.figures.style import (
    EDGE,
    FULL,
    INK,
    PALE,
    SIZE,
    beside,
    canvas,
    foot,
    head,
    heading,
    place,
    typeset,
    widest,
    wrapped,
)

ROW, LEAST = 4.6, 40.0
KEPT = ("specification", "estimate", "low", "high", "n", "note", "same_sign", "hidden")


@typeset
def draw_specifications(
    curve: Safe,
    names: Names,
    *,
    name: str,
    title: str,
    caption: str,
    unit: str,
    sesoi: float,
    main: str = "",
    page: float = FULL,
) -> Drawn:
    """A row per specification, from the lowest estimate to the highest; `main` is filled.

    The grey band is the smallest change of interest to both sides of zero. Hidden specifications
    stand at the end, with the reason.
    """
    table = rows_of(curve).sort_values("estimate", kind="stable", na_position="last")
    labels = [
        wrapped(names.label("specification", str(each)), page * 0.42)
        for each in table["specification"]
    ]
    rows = [ROW + 3.2 * label.count("\n") for label in labels]
    numbers = [_number(row, names) for _, row in table.iterrows()]
    left = EDGE + widest(labels) + 2
    room = max(LEAST * page / FULL, page - left - widest(numbers) - 3 - EDGE)
    text = f"{names.say('specifications_legend', formats.number(sesoi, 2, names.language))}\n"
    text += caption
    depth = sum(rows) + 2
    figure = canvas(head(title, page) + depth + 10 + foot(text, page), page)
    axes = place(figure, left, foot(text, page) + 10, room, depth)
    ticks = _axis(axes, table, room, depth, sesoi, names)
    axes.set_xlabel(f"{names.say('difference')} ({unit})", fontsize=SIZE["text"], labelpad=2)
    y = 1.0
    for (_, row), label, high, number in zip(table.iterrows(), labels, rows, numbers, strict=True):
        beside(axes, -2, y + high / 2, label, ha="right", linespacing=1.0)
        _row(axes, row, y + high / 2, names, ticks, main)
        beside(axes, room + 2, y + high / 2, number)
        y += high
    heading(figure, title, text)
    kept = [each for each in KEPT if each in table]
    return Drawn(name, title, caption, _alt(table, names, title), table[kept], figure)


def _number(row: pd.Series, names: Names) -> str:
    if row["hidden"] != "" or pd.isna(row["estimate"]):
        return str(row.get("same_sign", "")) if row["hidden"] == "" else ""
    return formats.number(row["estimate"], decimals_for(int(row["n"])), names.language, sign=True)


def _axis(
    axes: Axes, table: pd.DataFrame, room: float, depth: float, sesoi: float, names: Names
) -> list[float]:
    ends = pd.concat([table["low"], table["high"], table["estimate"], pd.Series([-sesoi, sesoi])])
    ticks = ticks_for(ends, room, names.language, sign=True)
    edge = 0.04 * (ticks[-1] - ticks[0])
    axes.set_xlim(ticks[0] - edge, ticks[-1] + edge)
    axes.set_ylim(depth, 0)
    grid(axes, ticks, names.language, sign=True)
    axes.axvspan(-sesoi, sesoi, color=PALE, zorder=-1, lw=0)
    axes.axvline(0, color=INK, lw=0.9, zorder=1)
    return ticks


def _row(axes: Axes, row: pd.Series, y: float, names: Names, ticks: list[float], main: str) -> None:
    if row["hidden"] != "" or pd.isna(row["estimate"]):
        noted = str(row.get("note", "")) if row["hidden"] == "" else ""
        said = names.say(noted) if noted else names.reason(str(row["hidden"] or "absent"))
        hidden_text(axes, ticks[0], y, said)
        return
    filled = str(row["specification"]) == main
    mark(axes, row["estimate"], y, row["low"], row["high"], None, filled=filled)


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    shown = table[(table["hidden"] == "") & table["estimate"].notna()]
    parts = [
        f"{names.label('specification', str(row['specification']))} {_number(row, names)}"
        for _, row in table[table["hidden"] == ""].iterrows()
    ]
    same = max((shown["estimate"] > 0).sum(), (shown["estimate"] < 0).sum())
    said = names.say("alt_specifications", title.rstrip("?."), int(same), len(shown))
    return f"{said} {'; '.join(parts)}."
