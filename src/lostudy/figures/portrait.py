"""Where in the conversations themes came up: themes × stretches from begin to end, in bands."""

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

LABELS, ROW = 52.0, 6.2
KEPT = ["code", "part", "band", "n", "hidden"]


@typeset
def draw_portrait(
    parts: Safe, names: Names, *, name: str, title: str, caption: str, page: float = FULL
) -> Drawn:
    """A row per theme, a column per stretch of the conversations; tint and dots are the band."""
    table = rows_of(parts)
    codes, spots = list(dict.fromkeys(table["code"])), sorted(table["part"].unique())
    room = LABELS * (0.6 if page < NARROW else 1)
    labels = [wrapped(names.label("code", code), room) for code in codes]
    text = f"{names.say('codes_legend_signs')}\n{caption}"
    left = EDGE + widest(labels) + 2
    wide = page - left - EDGE
    row = max(ROW, *(3.3 * (label.count("\n") + 1) + 1.4 for label in labels))
    figure = canvas(head(title, page) + 5 + row * len(codes) + foot(text, page), page)
    axes = place(figure, left, foot(text, page), wide, row * len(codes))
    bare(axes, (0, len(spots)), len(codes))
    inside(axes, 0.0, -1.6 / row, names.say("begin"), "small", color=GREY, ha="left")
    inside(axes, len(spots), -1.6 / row, names.say("end"), "small", color=GREY, ha="right")
    for y, (code, label) in enumerate(zip(codes, labels, strict=True)):
        beside(axes, -2, y + 0.5, label, ha="right", linespacing=1.0)
        _row(axes, y, table[table["code"] == code].set_index("part"), spots, names)
    heading(figure, title, text)
    return Drawn(name, title, caption, _alt(table, names, title), table[KEPT], figure)


def _row(axes: Axes, y: int, rows: pd.DataFrame, spots: list[int], names: Names) -> None:
    """A theme; one that may not be shown, or has no places, says so over its whole row."""
    reasons = {each for each in rows["hidden"] if each}
    if reasons:
        said = names.reason(sorted(reasons)[-1])
        inside(axes, len(spots) / 2, y + 0.5, said, "small", color=GREY, style="italic")
        return
    bands = {spot: str(band) for spot, band in rows["band"].items()}
    for x, spot in enumerate(spots):
        band = bands.get(spot, "")
        axes.add_patch(Rectangle((x + 0.02, y + 0.06), 0.96, 0.88, color=BANDS[band], lw=0))
        inside(axes, x + 0.5, y + 0.5, DOTS[band], "small", color=INK, zorder=2)


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    said = []
    for code, rows in table[table["hidden"] == ""].groupby("code", sort=False):
        bands = ", ".join(names.say(band) for band in rows.sort_values("part")["band"])
        said.append(f"{names.label('code', str(code))}: {bands}")
    return f"{names.say('alt_portrait', title)} {'; '.join(said)}."
