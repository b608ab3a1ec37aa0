"""Which themes came up together: a triangle of cells, in bands of conversations."""

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
    LINE,
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
    write,
)

MOST, LABELS = 15.0, 52.0
SIGNS = {"more": "+", "less": "−", "": ""}
KEPT = ["one", "two", "band", "more", "n", "hidden"]


@typeset
def draw_together(
    pairs: Safe, names: Names, *, name: str, title: str, caption: str, page: float = FULL
) -> Drawn:
    """A cell per pair of themes: its band in tint and dots, + where more often than by chance."""
    table = rows_of(pairs)
    codes = list(dict.fromkeys([*table["one"], *table["two"]]))
    number = {code: str(place) for place, code in enumerate(codes, 1)}
    labels = [
        wrapped(f"{number[code]}  {names.label('code', code)}", LABELS * (0.66, 1)[page >= NARROW])
        for code in codes
    ]
    text = _legend(table, names, caption)
    left = EDGE + widest(labels) + 2
    cell = min(MOST, (page - left - EDGE) / max(len(codes) - 1, 1))
    row = max(7.6, *(3.3 * (label.count("\n") + 1) + 1.4 for label in labels))
    body = row * len(codes)
    above = max(5.0, 3.2 * len(_reasons(table, names)))
    figure = canvas(head(title, page) + above + body + foot(text, page), page)
    axes = place(figure, left, foot(text, page), cell * (len(codes) - 1), body)
    bare(axes, (0, len(codes) - 1), len(codes))
    for x, code in enumerate(codes[:-1]):
        inside(axes, x + 0.5, x + 1 - 1.6 / row, number[code], "small", color=GREY)
    for y, label in enumerate(labels):
        beside(axes, -2, y + 0.5, label, ha="right", linespacing=1.0)
    where = {code: spot for spot, code in enumerate(codes)}
    for _, pair in table.iterrows():
        x, y = sorted((where[pair["one"]], where[pair["two"]]))
        _cell(axes, x, y, pair, names, cell)
    if (table["hidden"] != "").any():
        for step, said in enumerate(_reasons(table, names)):
            down = head(title, page) + 3.2 * step
            write(figure, left, down, said, "small", color=GREY, style="italic")
    heading(figure, title, text)
    return Drawn(name, title, caption, _alt(table, names, title), table[KEPT], figure)


MARKS = {"protected": "×", "absent": "/"}


def _reasons(table: pd.DataFrame, names: Names) -> list[str]:
    """The signs of cells that are not shown, with the reason."""
    gone = table[table["hidden"] != ""]
    told = (
        gone["note"].where(gone["hidden"] == "absent", "") if "note" in gone else [""] * len(gone)
    )
    return list(dict.fromkeys(
        f"{MARKS[each]} {names.say(note) if note else names.reason(each)}"
        for each, note in zip(gone["hidden"], told, strict=True)
    ))  # fmt: skip


def _legend(table: pd.DataFrame, names: Names, caption: str) -> str:
    sizes = table["n"].dropna()
    counted = f" ({names.say('k')}: {int(sizes.max())})" if len(sizes) else ""
    return f"{names.say('codes_legend_signs')} {names.say('together_legend')}{counted}\n{caption}"


def _cell(axes: Axes, x: int, y: int, pair: pd.Series, names: Names, cell: float) -> None:
    tint = BANDS[pair["band"]] if pair["hidden"] == "" else "white"
    edge = LINE if pair["hidden"] else tint
    axes.add_patch(
        Rectangle((x + 0.03, y + 0.05), 0.94, 0.9, facecolor=tint, edgecolor=edge, lw=0.5, zorder=1)
    )
    if pair["hidden"]:
        inside(axes, x + 0.5, y + 0.5, MARKS[pair["hidden"]], "small", color=GREY, zorder=2)
        return
    dots, sign = DOTS[pair["band"]], SIGNS[pair["more"]]
    if cell < 8:
        dots = "" if sign else dots
    inside(axes, x + 0.5, y + 0.5, f"{dots} {sign}".strip(), "small", color=INK, zorder=2)


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    seen = table[(table["hidden"] == "") & table["band"].isin(["several", "most"])]
    parts = [
        f"{names.label('code', row['one'])} {names.say('and')} {names.label('code', row['two'])}: "
        f"{names.say(row['band'])}"
        for _, row in seen.iterrows()
    ]
    return f"{names.say('alt_together', title)} {'; '.join(parts) or names.say('none')}."
