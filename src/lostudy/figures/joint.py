"""The joint display: what was said, what was measured, and what the two say together."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lostudy.disclosure import Safe, require_safe
from lostudy.figures.codes import matrix
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, grid, mark, span
from lostudy.figures.style import (
    GREY,
    INK,
    PALE,
    SHAPES,
    SIZE,
    canvas,
    colour,
    foot,
    heading,
    place,
    wrapped,
    write,
)

SIGNS = {"confirms": "●", "adds": "◐", "contradicts": "✕", "silence": "○", "not_asked": "–"}


def draw_joint(
    joint: Safe, names: Names, *, name: str, title: str, caption: str, unit: str
) -> Drawn:
    """Rows are themes: bands of conversations, the survey's change per organisation, the verdicts."""
    table = require_safe(joint).table
    table = table[table["organisation"] != "all"] if table["organisation"].nunique() > 1 else table
    codes, groups = list(dict.fromkeys(table["code"])), list(dict.fromkeys(table["organisation"]))
    row = max(12.0, 3.6 * len(groups) + 2)
    below = f"{names.say('joint_legend')}\n{caption}"
    body, bottom = len(codes) * row, foot(below) + 12
    height = body + bottom + 19
    figure = canvas(height)
    cell = min(13.5, 60 / len(groups))
    left = place(figure, 34, bottom, cell * len(groups), body)
    matrix(left, table.assign(n=pd.NA, hidden=""), codes, groups, names, short=True)
    start = 38 + cell * len(groups)
    right = min(7.0, 28 / len(groups)) * len(groups)
    middle = place(figure, start, bottom, 160 - start - right - 6, body)
    _survey(middle, table, codes, groups, names)
    verdicts = place(figure, 160 - right - 2, bottom, right, body)
    _verdicts(verdicts, table, codes, groups, names)
    for y, code in enumerate(codes):
        left.text(
            -0.04,
            y + 0.5,
            wrapped(names.label("code", code), 20),
            transform=left.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=SIZE["text"],
            color=INK,
        )
    for x, text in (
        (34.0, names.say("k")),
        (start, names.say("survey_change")),
        (160 - right - 2, names.say("verdict")),
    ):
        write(figure, x, 8.5, text, "head", weight="bold")
    _legend(figure, height - foot(below), groups, names)
    heading(figure, title, below)
    shown = table[
        [
            "code",
            "organisation",
            "band",
            "valence",
            "scale",
            "estimate",
            "low",
            "high",
            "n",
            "verdict",
        ]
    ]
    return Drawn(name, title, caption, _alt(table, names, title), shown, figure)


def _survey(
    axes: Axes, table: pd.DataFrame, codes: list[str], groups: list[str], names: Names
) -> None:
    ends = pd.concat([table["low"], table["high"], pd.Series([-0.5, 0.5])]).astype("float64")
    ticks = span(ends, 0.5, -4, 4)
    axes.set_xlim(ticks[0] - 0.05, ticks[-1] + 0.05)
    axes.set_ylim(len(codes), 0)
    grid(axes, ticks, 1, names.language, sign=True)
    axes.axvline(0, color=INK, lw=0.9, zorder=1)
    for y, code in enumerate(codes):
        axes.axhspan(y + 0.03, y + 0.97, color=PALE, zorder=-1, lw=0)
        rows = table[table["code"] == code]
        axes.text(
            ticks[0] - 0.02,
            y + 0.13,
            names.label("scale", rows["scale"].iloc[0]),
            fontsize=SIZE["small"],
            color=GREY,
            va="center",
            zorder=4,
            bbox={"facecolor": PALE, "lw": 0, "pad": 0.6},
        )
        for step, group in enumerate(groups):
            found = rows[rows["organisation"] == group]
            if len(found) and pd.notna(found["estimate"].iloc[0]):
                row = found.iloc[0]
                mark(
                    axes,
                    row["estimate"],
                    y + 0.27 + 0.64 * (step + 0.5) / len(groups),
                    row["low"],
                    row["high"],
                    names.place(group),
                )


def _verdicts(
    axes: Axes, table: pd.DataFrame, codes: list[str], groups: list[str], names: Names
) -> None:
    axes.set_xlim(0, len(groups))
    axes.set_ylim(len(codes), 0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    for x, group in enumerate(groups):
        axes.text(
            x + 0.5,
            -0.05,
            names.short(group),
            ha="center",
            va="bottom",
            fontsize=SIZE["text"],
            color=INK,
        )
        for y, code in enumerate(codes):
            row = table[(table["code"] == code) & (table["organisation"] == group)].iloc[0]
            axes.text(
                x + 0.5,
                y + 0.5,
                SIGNS[row["verdict"]],
                ha="center",
                va="center",
                fontsize=11,
                color=INK,
            )


def _legend(figure: Figure, height: float, groups: list[str], names: Names) -> None:
    x = 2.0
    for key, sign in SIGNS.items():
        text = f"{sign} {names.say(key)}"
        write(figure, x, height - 2.6, text, "small")
        x += 5 + 1.45 * len(text)
    x += 6
    for group in groups:
        sign = dict(zip(SHAPES, "●■◆▲▼✚", strict=True))[SHAPES[names.place(group) % len(SHAPES)]]
        write(
            figure,
            x,
            height - 2.6,
            f"{sign} {names.short(group)}",
            "small",
            color=colour(names.place(group)),
        )
        x += 8


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    parts = []
    for code, rows in table.groupby("code", sort=False):
        cells = ", ".join(
            f"{names.short(row['organisation'])} {names.say(row['verdict'])}"
            for _, row in rows.iterrows()
        )
        parts.append(f"{names.label('code', str(code))}: {cells}")
    return f"{names.say('alt_joint', title)} {'; '.join(parts)}."
