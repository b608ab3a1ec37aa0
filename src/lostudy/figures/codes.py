"""In how many conversations a theme came up: themes × organisations, in bands."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lostudy.disclosure import Safe
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, rows_of
from lostudy.figures.style import (
    BANDS,
    DOTS,
    EDGE,
    FULL,
    GREY,
    INK,
    NARROW,
    bare,
    beside,
    canvas,
    foot,
    head,
    heading,
    inside,
    place,
    typeset,
    widest,
    wrapped,
)

ROW, LABELS, MOST_WIDE, LEAST = 8.4, 46.0, 34.0, 12.0


@typeset
def draw_codes(
    voices: Safe, names: Names, *, name: str, title: str, caption: str, page: float = FULL
) -> Drawn:
    """A cell per theme and organisation: the band in words and in tint; exact numbers over all."""
    table = rows_of(voices)
    codes, groups = list(dict.fromkeys(table["code"])), list(dict.fromkeys(table["organisation"]))
    exact = f" {names.say('codes_exact')}" if table["k"].notna().any() else ""
    legend = names.say("codes_legend_signs" if page < NARROW else "codes_legend")
    text = f"{legend}{exact}\n{caption}"
    narrow = page < NARROW
    labels = {
        code: wrapped(names.label("code", code), LABELS * (0.7 if narrow else 1)) for code in codes
    }
    left = EDGE + widest(list(labels.values())) + 2
    cell = min(MOST_WIDE, (page - left - EDGE) / len(groups))
    row = max(ROW, *(3.4 * (label.count("\n") + 1) + 1.5 for label in labels.values()))
    heads = {group: _head(table, group, names, cell, narrow) for group in groups}
    above = 3.3 * max(each.count("\n") + 1 for each in heads.values()) + 2
    figure = canvas(head(title, page) + above + len(codes) * row + foot(text, page), page)
    axes = place(figure, left, foot(text, page), cell * len(groups), len(codes) * row)
    matrix(axes, table, codes, groups, names, cell)
    for x, group in enumerate(groups):
        inside(axes, x + 0.5, -1.2 / row, heads[group], va="bottom", linespacing=1.05)
    for y, code in enumerate(codes):
        beside(axes, -2, y + 0.5, labels[code], ha="right", linespacing=1.0)
    heading(figure, title, text)
    kept = ["code", "organisation", "band", "valence", "k", "n", "hidden"]
    return Drawn(name, title, caption, _alt(table, names, title), table[kept], figure)


def _head(table: pd.DataFrame, group: str, names: Names, room: float, narrow: bool) -> str:
    """An organisation above its column, with its number of conversations."""
    whom = names.short(group) if narrow else names.label("organisation", group)
    label = wrapped(whom, room - 1)
    sizes = table.loc[table["organisation"] == group, "n"].dropna()
    return f"{label}\n({int(sizes.max())})" if len(sizes) else label


def matrix(
    axes: Axes,
    table: pd.DataFrame,
    codes: list[str],
    groups: list[str],
    names: Names,
    cell: float,
) -> None:
    """Cells with their band in tint and in words, `cell` millimetres wide."""
    bare(axes, (0, len(groups)), len(codes))
    for x, group in enumerate(groups):
        for y, code in enumerate(codes):
            row = table[(table["code"] == code) & (table["organisation"] == group)]
            if len(row):
                _cell(axes, x, y, row.iloc[0], names, cell)


def _cell(axes: Axes, x: int, y: int, row: pd.Series, names: Names, cell: float) -> None:
    tint = BANDS[row["band"]]
    axes.add_patch(Rectangle((x + 0.02, y + 0.04), 0.96, 0.92, color=tint, lw=0, zorder=1))
    if row["hidden"] != "":
        text, ink = names.reason(row["hidden"]), GREY
    elif pd.notna(row["k"]):
        between = "conversations_of_short" if cell < LEAST else "conversations_of"
        text, ink = names.say(between, int(row["k"]), int(row["n"])), INK
    else:
        text, ink = DOTS[row["band"]] if cell < LEAST else names.say(row["band"]), INK
    size = "small" if cell < 18 else "text"
    style = "italic" if row["hidden"] != "" else "normal"
    said = wrapped(text, cell - 1, size)
    inside(axes, x + 0.5, y + 0.5, said, size, color=ink, style=style, linespacing=1.0, zorder=2)


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    parts = []
    for code, rows in table[table["hidden"] == ""].groupby("code", sort=False):
        cells = ", ".join(
            f"{names.short(row['organisation'])} {names.say(row['band'])}"
            for _, row in rows.iterrows()
        )
        parts.append(f"{names.label('code', str(code))}: {cells}")
    return f"{names.say('alt_codes', title)} {'; '.join(parts)}."
