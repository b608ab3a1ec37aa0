"""Means with their interval, a panel per group: who stands where, and how sure that is."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import Safe, decimals_for
from lostudy.errors import Problem, StudyError
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, rows_of, span, stroke, tick_labels
from lostudy.figures.style import (
    EDGE,
    FULL,
    GREY,
    INK,
    LINE,
    SIZE,
    canvas,
    colour,
    foot,
    head,
    heading,
    inside,
    place,
    shape,
    typeset,
    widest,
    wrapped,
)

TALL, SLOT, LEFT, MOST_WIDE = 30.0, 10.5, 12.0, 60.0


@typeset
def draw_levels(
    levels: Safe,
    names: Names,
    *,
    name: str,
    title: str,
    caption: str,
    unit: str,
    ends: tuple[float, float],
    page: float = FULL,
) -> Drawn:
    """Small multiples on one common axis: the waves, or the organisations, from left to right.

    `ends` of the scale: an interval that reaches beyond them is cut off there.
    """
    table = rows_of(levels)
    panels, across = _layout(levels.by)
    table = table.assign(**{column: "" for column in (panels, across) if column not in table})
    groups = list(dict.fromkeys(table[panels]))
    slots = list(dict.fromkeys(table[across]))
    columns = max(1, min(4, len(groups), int((page - LEFT - EDGE) // (SLOT * len(slots) + 4))))
    wide = (page - LEFT - EDGE) / columns
    heads = {group: names.label(panels, group) for group in groups}
    large = widest(list(heads.values()), "head", "bold") <= wide - 4
    size = "head" if large else "small"
    heads = {group: wrapped(text, wide - 5, size, "bold") for group, text in heads.items()}
    block = TALL + 12 + 3.4 * max(text.count("\n") + 1 for text in heads.values())
    text = f"{_sentence(unit)} {names.say('interval_line')} {names.say('n_below')}\n{caption}"
    rows = math.ceil(len(groups) / columns)
    height = head(title, page) + block * rows + foot(text, page)
    figure = canvas(height, page)
    ticks = _ticks(table, ends)
    for number, group in enumerate(groups):
        row, column = divmod(number, columns)
        bottom = height - head(title, page) - block * (row + 1) + 10
        axes = place(figure, LEFT + column * wide, bottom, min(wide - 4, MOST_WIDE), TALL)
        _scale(axes, ticks, column == 0, names.language)
        spot = names.place(str(group)) if panels == "organisation" else None
        ink = INK if spot is None else colour(spot)
        axes.set_title(
            heads[group], fontsize=SIZE[size], color=ink, weight="bold", loc="left", pad=4
        )
        _panel(axes, table[table[panels] == group], slots, across, spot, names)
    heading(figure, title, text)
    kept = [*levels.by, "estimate", "low", "high", "n", "hidden"]
    return Drawn(
        name, title, caption, _alt(table, panels, across, names, title), table[kept], figure
    )


def _layout(by: tuple[str, ...]) -> tuple[str, str]:
    """The column of the panels and the column from left to right."""
    columns = [column for column in by if column != "scale"]
    if len(columns) > 2:
        what = f"levels by {len(columns)} columns do not fit in one figure"
        raise StudyError(Problem(what, "estimate by at most two of them"))
    across = next((each for each in ("wave", "organisation") if each in columns[1:] + columns), "")
    if len(columns) == 1:
        return columns[0], ""
    across = across or columns[1]
    return next(column for column in columns if column != across), across


def _ticks(table: pd.DataFrame, ends: tuple[float, float]) -> list[float]:
    drawn = pd.concat([table["low"], table["high"], table["estimate"]]).astype("float64")
    drawn = drawn.clip(*ends)
    step = next((step for step in (0.5, 1.0, 2.0) if len(span(drawn, step)) <= 8), 10.0)
    return span(drawn, step)


def _scale(axes: Axes, ticks: list[float], first: bool, language: str) -> None:
    axes.set_ylim(ticks[0], ticks[-1])
    labels = tick_labels(ticks, language)
    axes.set_yticks(ticks, labels if first else [""] * len(ticks))
    for tick in ticks:
        axes.axhline(tick, color=LINE, lw=0.5, zorder=0)


def _panel(
    axes: Axes, rows: pd.DataFrame, slots: list[str], across: str, spot: int | None, names: Names
) -> None:
    texts = []
    for x, slot in enumerate(slots):
        found = rows[rows[across] == slot] if across else rows
        own = names.place(str(slot)) if across == "organisation" else spot
        sizes = _point(axes, x, found, own, names)
        texts.append("\n".join(each for each in (_slot(across, str(slot), names), sizes) if each))
    axes.set_xticks(range(len(slots)), texts, fontsize=SIZE["small"])
    axes.set_xlim(-0.45, len(slots) - 0.45)


def _slot(across: str, slot: str, names: Names) -> str:
    if across == "organisation":
        return names.short(slot)
    return slot if across in ("", "wave") else wrapped(names.label(across, slot), SLOT, "small")


def _point(axes: Axes, x: int, found: pd.DataFrame, spot: int | None, names: Names) -> str:
    """A mean with its interval and value; the text is its number of persons."""
    row = found.iloc[0] if len(found) else None
    if row is None or row["hidden"] != "" or pd.isna(row["estimate"]):
        reason = names.reason("absent" if row is None else str(row["hidden"] or "absent"))
        look = {"color": GREY, "style": "italic", "rotation": 90, "linespacing": 1.0}
        across = axes.get_xaxis_transform()
        said = wrapped(reason, TALL - 3, "small")
        inside(axes, x, 0.5, said, "small", transform=across, **look)
        return ""
    ink = INK if spot is None else colour(spot)
    axes.plot([x, x], [row["low"], row["high"]], color=ink, lw=1.4,
              ls=stroke(bool(row.get("note"))), zorder=2)  # fmt: skip
    form = "o" if spot is None else shape(spot)
    axes.plot([x], [row["estimate"]], form, color=ink, ms=5, zorder=3)
    axes.annotate(
        formats.number(row["estimate"], decimals_for(int(row["n"])), names.language),
        (x, row["estimate"]),
        xytext=(4.5, 0),
        textcoords="offset points",
        fontsize=SIZE["small"],
        color=INK,
        va="center",
    )
    return formats.count(int(row["n"]), names.language)


def _sentence(unit: str) -> str:
    return f"{unit[:1].upper()}{unit[1:]}." if unit else ""


def _alt(table: pd.DataFrame, panels: str, across: str, names: Names, title: str) -> str:
    parts = []
    for group, rows in table[table["hidden"] == ""].groupby(panels, sort=False):
        values = []
        for _, row in rows.iterrows():
            value = formats.number(row["estimate"], decimals_for(int(row["n"])), names.language)
            values.append(f"{names.label(across, row[across])} {value}" if across else value)
        parts.append(f"{names.label(panels, str(group))}: {', '.join(values)}")
    return f"{names.say('alt_levels', title)} {'; '.join(parts)}."
