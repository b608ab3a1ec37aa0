"""Who took part: invited and kept per organisation and wave, as bars within bars."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import HIDDEN, Safe, require_safe
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names
from lostudy.figures.style import INK, LINE, SIZE, canvas, colour, foot, heading, place

ROW, HEAD = 4.6, 6.4
STEPS = ("invited", "kept", "linked")


def draw_response(response: Safe, names: Names, *, name: str, title: str, caption: str) -> Drawn:
    """A bar per organisation and wave: invited (outline), kept (light), linked (dark)."""
    table = require_safe(response).table
    groups = list(dict.fromkeys(table["organisation"]))
    rows = table.groupby(["organisation", "wave"], sort=False).ngroups
    text = f"{names.say('response_legend')}\n{caption}"
    depth = rows * ROW + len(groups) * HEAD
    height = depth + 9 + foot(text)
    figure = canvas(height)
    axes = place(figure, 12, foot(text), 84, depth)
    axes.set_xlim(0, max(10, float(table["n"].max() or 10)) * 1.02)
    axes.set_ylim(depth, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    y = 0.0
    for group in groups:
        y += HEAD
        axes.text(
            -0.115,
            y - 1.6,
            names.label("organisation", group),
            transform=axes.get_yaxis_transform(),
            fontsize=SIZE["head"],
            weight="bold",
            va="center",
            color=colour(names.place(group)),
        )
        for wave, part in table[table["organisation"] == group].groupby("wave", sort=False):
            axes.text(
                -0.02,
                y + ROW / 2,
                str(wave),
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                fontsize=SIZE["text"],
                color=INK,
            )
            _bar(axes, part.set_index("step"), y + ROW / 2, names, colour(names.place(group)))
            y += ROW
    heading(figure, title, text)
    return Drawn(
        name,
        title,
        caption,
        _alt(table, names, title),
        table[["organisation", "wave", "step", "n"]],
        figure,
    )


def _bar(axes: Axes, steps: pd.DataFrame, y: float, names: Names, ink: str) -> None:
    numbers = {step: steps["n"].get(step) for step in STEPS}
    invited = numbers["invited"]
    if invited is not None and pd.notna(invited):
        axes.barh(y, int(invited), height=ROW * 0.74, color="none", edgecolor=LINE, lw=0.8)
    for step, strength in (("kept", 0.35), ("linked", 1.0)):
        if numbers[step] is not None and pd.notna(numbers[step]):
            axes.barh(y, int(numbers[step]), height=ROW * 0.74, color=ink, alpha=strength, lw=0)
    axes.text(
        1.02,
        y,
        _said(numbers, steps, names),
        transform=axes.get_yaxis_transform(),
        va="center",
        fontsize=SIZE["small"],
        color=INK,
    )


def _said(numbers: dict, steps: pd.DataFrame, names: Names) -> str:
    parts = []
    for step in (each for each in STEPS if each in steps.index):
        value, reason = numbers[step], steps["hidden"][step]
        text = (
            formats.count(value, names.language)
            if reason == ""
            else HIDDEN[reason][0 if names.language == "nl" else 1]
        )
        parts.append(f"{text} {names.say(step)}")
    return ", ".join(parts)


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    kept = table[(table["step"] == "kept") & (table["hidden"] == "")]
    parts = [
        f"{names.label('organisation', row['organisation'])} {row['wave']} {formats.sample(row['n'], names.language)}"
        for _, row in kept.iterrows()
    ]
    return f"{names.say('alt_response', title)} {'; '.join(parts)}."
