"""Who took part: invited and kept per organisation and wave, as bars within bars."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import Safe
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, rows_of
from lostudy.figures.style import (
    EDGE,
    FULL,
    LINE,
    NARROW,
    bare,
    beside,
    canvas,
    foot,
    head,
    heading,
    place,
    typeset,
    widest,
)

ROW, HEAD, LEFT = 4.6, 6.4, 12.0
STEPS = ("invited", "kept", "linked")


@typeset
def draw_response(
    response: Safe, names: Names, *, name: str, title: str, caption: str, page: float = FULL
) -> Drawn:
    """A bar per organisation and wave: invited (outline), kept (light), linked (dark)."""
    table = rows_of(response)
    groups = list(dict.fromkeys(table["organisation"]))
    parts = {
        key: part.set_index("step")
        for key, part in table.groupby(["organisation", "wave"], sort=False)
    }
    text = f"{names.say('response_legend')}\n{caption}"
    depth = len(parts) * ROW + len(groups) * HEAD
    figure = canvas(head(title, page) + depth + foot(text, page), page)
    said = {key: _said(part, names, page < NARROW) for key, part in parts.items()}
    room = page - LEFT - EDGE - widest(list(said.values()), "small") - 3
    axes = place(figure, LEFT, foot(text, page), room, depth)
    bare(axes, (0, max(10.0, float(table["n"].fillna(0).max())) * 1.01), depth)
    y = 0.0
    for group in groups:
        y += HEAD
        whom = names.label("organisation", group)
        beside(axes, EDGE - LEFT, y - 1.8, whom, "head", weight="bold", color=names.ink(group))
        for key in (each for each in parts if each[0] == group):
            beside(axes, -1.5, y + ROW / 2, str(key[1]), ha="right")
            _bars(axes, parts[key], y + ROW / 2, names.ink(group))
            beside(axes, room + 2, y + ROW / 2, said[key], "small")
            y += ROW
    heading(figure, title, text)
    shown = table[["organisation", "wave", "step", "n", "hidden"]]
    return Drawn(name, title, caption, _alt(table, names, title), shown, figure)


def _bars(axes: Axes, steps: pd.DataFrame, y: float, ink: str) -> None:
    sizes = {step: int(steps["n"][step]) for step in STEPS if pd.notna(steps["n"].get(step))}
    for step, strength in (("kept", 0.35), ("linked", 1.0)):
        if step in sizes:
            axes.barh(y, sizes[step], height=ROW * 0.74, color=ink, lw=0, alpha=strength)
    if "invited" in sizes:
        axes.barh(y, sizes["invited"], height=ROW * 0.74, color="none", edgecolor=LINE, lw=0.8)


def _said(steps: pd.DataFrame, names: Names, narrow: bool) -> str:
    """The numbers of a bar in words, with the reason where one is not shown; narrow: bare."""
    parts = []
    for step in (each for each in STEPS if each in steps.index):
        hidden = str(steps["hidden"][step])
        size = names.reason(hidden) if hidden else formats.count(steps["n"][step], names.language)
        parts.append(size if narrow else f"{size} {names.say(step)}")
    return " / ".join(parts) if narrow else ", ".join(parts)


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    kept = table[(table["step"] == "kept") & (table["hidden"] == "")]
    parts = [
        f"{names.label('organisation', row['organisation'])} {row['wave']} "
        f"{formats.sample(row['n'], names.language)}"
        for _, row in kept.iterrows()
    ]
    return f"{names.say('alt_response', title)} {'; '.join(parts)}."
