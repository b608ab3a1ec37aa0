"""In how many conversations a theme came up: themes × organisations, in bands."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from lostudy.disclosure import HIDDEN, Safe, require_safe
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names
from lostudy.figures.style import BANDS, GREY, INK, SIZE, canvas, foot, heading, place, wrapped

ROW = 8.4


def draw_codes(voices: Safe, names: Names, *, name: str, title: str, caption: str) -> Drawn:
    """A cell per theme and organisation: the band in words and in tint; exact numbers over all."""
    table = require_safe(voices).table
    codes, groups = list(dict.fromkeys(table["code"])), list(dict.fromkeys(table["organisation"]))
    text = f"{names.say('codes_legend')}\n{caption}"
    height = 20 + len(codes) * ROW + foot(text)
    figure = canvas(height)
    axes = place(figure, 46, foot(text), min(112.0, 28.0 * len(groups)), len(codes) * ROW)
    matrix(axes, table, codes, groups, names)
    for y, code in enumerate(codes):
        axes.text(
            -0.02,
            y + 0.5,
            wrapped(names.label("code", code), 30),
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=SIZE["text"],
            color=INK,
        )
    heading(figure, title, text)
    shown = table[["code", "organisation", "band", "valence", "k", "n"]]
    return Drawn(name, title, caption, _alt(table, names, title), shown, figure)


def matrix(
    axes: Axes,
    table: pd.DataFrame,
    codes: list[str],
    groups: list[str],
    names: Names,
    *,
    short: bool = False,
) -> None:
    """Cells with their band; columns headed with the organisation and its number of conversations."""
    axes.set_xlim(0, len(groups))
    axes.set_ylim(len(codes), 0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    for x, group in enumerate(groups):
        sizes = table.loc[table["organisation"] == group, "n"].dropna()
        head = names.short(group) if short else names.label("organisation", group)
        axes.text(
            x + 0.5,
            -0.12,
            f"{head}\n({int(sizes.max())})" if len(sizes) else head,
            ha="center",
            va="bottom",
            fontsize=SIZE["text"],
            color=INK,
        )
        for y, code in enumerate(codes):
            row = table[(table["code"] == code) & (table["organisation"] == group)]
            if len(row):
                _cell(axes, x, y, row.iloc[0], names, short=short)


def _cell(axes: Axes, x: int, y: int, row: pd.Series, names: Names, *, short: bool) -> None:
    axes.add_patch(
        Rectangle((x + 0.02, y + 0.04), 0.96, 0.92, color=BANDS[row["band"]], lw=0, zorder=1)
    )
    if row["hidden"] != "":
        text, ink = (HIDDEN[row["hidden"]][0 if names.language == "nl" else 1], GREY)
    elif pd.notna(row["k"]):
        text, ink = names.say("conversations_of", int(row["k"]), int(row["n"])), INK
    else:
        text, ink = names.say(row["band"]), INK
    axes.text(
        x + 0.5,
        y + 0.5,
        wrapped(text, 8 if short else 18),
        ha="center",
        va="center",
        fontsize=SIZE["small" if short else "text"],
        color=ink,
        zorder=2,
    )


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    parts = []
    for code, rows in table[table["hidden"] == ""].groupby("code", sort=False):
        cells = ", ".join(
            f"{names.short(row['organisation'])} {names.say(row['band'])}"
            for _, row in rows.iterrows()
        )
        parts.append(f"{names.label('code', str(code))}: {cells}")
    return f"{names.say('alt_codes', title)} {'; '.join(parts)}."
