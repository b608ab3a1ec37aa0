"""How much further conversations still brought: new information after so many conversations."""

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
    GREY,
    INK,
    LINE,
    SIZE,
    breadth,
    canvas,
    foot,
    head,
    heading,
    place,
    typeset,
    write,
)

DEEP, APART = 44.0, 5.0
STROKES = ((0, (4, 1.5)), (0, (1, 1.2)), (0, (5, 1.2, 1, 1.2)))
KEPT = ["organisation", "conversations_before", "estimate", "low", "high", "n", "hidden"]


@typeset
def draw_saturation(
    curve: Safe,
    names: Names,
    *,
    name: str,
    title: str,
    caption: str,
    threshold: float,
    page: float = FULL,
) -> Drawn:
    """A line per organisation; the band of all together holds most orders of conversations."""
    table = rows_of(curve)
    groups = list(dict.fromkeys(table["organisation"]))
    shown = [each for each in groups if (table.loc[_of(table, each), "hidden"] == "").any()]
    missing = [each for each in groups if each not in shown]
    text = (
        f"{names.say('saturation_legend', formats.percent(threshold, names.language))}\n{caption}"
    )
    left, right = EDGE + 12.0, 6.0
    rows = _over_lines([names.label("organisation", each) for each in shown], page - 2 * EDGE)
    lines = 3.4 * (len(rows) + len(missing))
    figure = canvas(head(title, page) + lines + 2 + DEEP + 10 + foot(text, page), page)
    axes = place(figure, left, foot(text, page) + 10, page - left - right - EDGE, DEEP)
    _frame(axes, table, threshold, names)
    for spot, group in enumerate(shown):
        _line(axes, table[_of(table, group)], group, names, spot, len(shown) == 1)
    axes.set_xlabel(names.say("saturation_across"), fontsize=SIZE["text"], labelpad=2)
    y, left_over = head(title, page), iter(shown)
    for step, row in enumerate(rows):
        x = EDGE
        for label, group in zip(row, left_over, strict=False):
            write(figure, x, y + 3.4 * step, label, "small", color=names.ink(group), weight="bold")
            x += _wide(label) + APART
    for spot, group in enumerate(missing, len(rows)):
        said = f"{names.label('organisation', group)}: {_reason(table, group, names)}"
        write(figure, EDGE, y + 3.4 * spot, said, "small", color=GREY, style="italic")
    heading(figure, title, text)
    return Drawn(name, title, caption, _alt(table, shown, names, title), table[KEPT], figure)


def _over_lines(labels: list[str], room: float) -> list[list[str]]:
    """Labels beside each other, on as many lines as they need."""
    lines: list[list[str]] = [[]]
    for label in labels:
        if lines[-1] and sum(_wide(each) + APART for each in lines[-1]) + _wide(label) > room:
            lines.append([])
        lines[-1].append(label)
    return lines


def _of(table: pd.DataFrame, group: str) -> pd.Series:
    return table["organisation"] == group


def _wide(text: str) -> float:
    return breadth(text, "small", "bold")


def _reason(table: pd.DataFrame, group: str, names: Names) -> str:
    return names.reason(str(table.loc[_of(table, group), "hidden"].iloc[0]))


def _frame(axes: Axes, table: pd.DataFrame, threshold: float, names: Names) -> None:
    ends = table["high"].astype("float64").dropna()
    top = max(0.25, float(ends.max()) if len(ends) else 0.0)
    step = 0.1 if top <= 0.5 else 0.25 if top <= 1.25 else 0.5
    ticks = [step * i for i in range(int(top / step + 0.999) + 1)]
    first, last = table["conversations_before"].min(), table["conversations_before"].max()
    axes.set_xlim(first - 0.5, last + 0.5)
    axes.set_ylim(0, ticks[-1] * 1.03)
    axes.set_yticks(ticks, [formats.percent(tick, names.language) for tick in ticks])
    for tick in ticks:
        axes.axhline(tick, color=LINE, lw=0.5, zorder=0)
    axes.axhline(threshold, color=INK, lw=0.8, ls=(0, (2, 2)), zorder=1)
    every = max(1, round((last - first) / 8))
    axes.set_xticks(list(range(int(first), int(last) + 1, every)))


def _line(axes: Axes, rows: pd.DataFrame, group: str, names: Names, spot: int, alone: bool) -> None:
    ink = names.ink(group)
    x, y = rows["conversations_before"].tolist(), rows["estimate"].astype("float64").tolist()
    if alone or group == "all":
        low, high = (rows[side].astype("float64").tolist() for side in ("low", "high"))
        axes.fill_between(x, low, high, color=LINE, alpha=0.55, lw=0, zorder=0.5)
    stroke = "-" if alone or group == "all" else STROKES[spot % len(STROKES)]
    axes.plot(x, y, color=ink, lw=1.5, ls=stroke, marker="o", ms=2.6, zorder=3)


def _alt(table: pd.DataFrame, shown: list[str], names: Names, title: str) -> str:
    parts = []
    for group in shown:
        rows = table[_of(table, group)]
        ends = [formats.percent(float(rows["estimate"].iloc[i]), names.language) for i in (0, -1)]
        whom = names.label("organisation", group)
        parts.append(names.say("alt_saturation_line", whom, ends[0], ends[1],
                               int(rows["conversations_before"].iloc[-1])))  # fmt: skip
    return f"{names.say('alt_saturation', title)} {'; '.join(parts) or names.say('none')}."
