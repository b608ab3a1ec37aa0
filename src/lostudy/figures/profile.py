"""Several scales of each organisation, against the range of the others: no radar."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import Safe, decimals_for
from lostudy.figures.drawn import Drawn
from lostudy.figures.levels import _sentence
from lostudy.figures.parts import Names, grid, hidden_text, mark, rows_of, ticks_for
from lostudy.figures.style import (
    EDGE,
    FULL,
    LINE,
    NARROW,
    SIZE,
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

ROW, ACROSS, LABELS, MOST_WIDE = 8.0, 4, 36.0, 80.0


@typeset
def draw_profile(
    profile: Safe,
    names: Names,
    *,
    name: str,
    title: str,
    caption: str,
    unit: str,
    ranges: Mapping[str, str],
    page: float = FULL,
) -> Drawn:
    """A panel per organisation, a row per scale; the grey band is the range of the others.

    `ranges`: scale → its ends as text, written beside its name where the scales differ.
    """
    table = rows_of(profile)
    scales = list(dict.fromkeys(table["scale"]))
    groups = list(dict.fromkeys(table["organisation"]))
    labels = _labels(scales, ranges, names, page)
    left = EDGE + widest(list(labels.values())) + 2
    abreast = min(ACROSS if page >= NARROW else 2, len(groups))
    wide = (page - left - EDGE + 4) / abreast
    room = min(wide - 4, MOST_WIDE)
    band = f" {names.say('band_others')}" if len(groups) > 2 else ""
    text = f"{_sentence(unit)} {names.say('interval_line')}{band}\n{caption}"
    row_high = max(ROW, *(3.3 * (label.count("\n") + 1) + 1 for label in labels.values()))
    body = len(scales) * row_high
    block = body + 13
    rows = math.ceil(len(groups) / abreast)
    height = head(title, page) + rows * block + foot(text, page)
    figure = canvas(height, page)
    ends = pd.concat([table["low"], table["high"], table["estimate"]])
    ticks = ticks_for(ends, room, names.language, steps=(1.0, 2.0, 5.0, 10.0))
    for number, group in enumerate(groups):
        row, column = divmod(number, abreast)
        bottom = height - head(title, page) - (row + 1) * block + 6
        axes = place(figure, left + column * wide, bottom, room, body)
        _panel(axes, str(group), ticks, len(scales), names)
        for y, scale in enumerate(scales):
            if column == 0:
                beside(axes, -2, y + 0.58, labels[scale], ha="right", linespacing=0.95)
            _row(axes, table[table["scale"] == scale], str(group), y + 0.58, names, ticks, room)
    heading(figure, title, text)
    kept = ["scale", "organisation", "wave", "estimate", "low", "high", "n", "hidden"]
    return Drawn(name, title, caption, _alt(table, names, title), table[kept], figure)


def _labels(
    scales: list[str], ranges: Mapping[str, str], names: Names, page: float
) -> dict[str, str]:
    differ = len({ranges.get(scale, "") for scale in scales}) > 1
    texts = {
        scale: names.label("scale", scale) + (f" ({ranges.get(scale, '')})" if differ else "")
        for scale in scales
    }
    return {
        scale: wrapped(text, LABELS if page >= NARROW else LABELS * 0.7)
        for scale, text in texts.items()
    }


def _panel(axes: Axes, group: str, ticks: list[float], count: int, names: Names) -> None:
    edge = 0.03 * (ticks[-1] - ticks[0])
    axes.set_xlim(ticks[0] - edge, ticks[-1] + edge)
    axes.set_ylim(count, 0)
    grid(axes, ticks, names.language)
    axes.set_title(names.label("organisation", group), fontsize=SIZE["head"],
                   color=names.ink(group), weight="bold", loc="left", pad=4)  # fmt: skip


def _row(
    axes: Axes,
    rows: pd.DataFrame,
    group: str,
    y: float,
    names: Names,
    ticks: list[float],
    room: float,
) -> None:
    others = rows[(rows["organisation"] != group) & (rows["hidden"] == "")]["estimate"].dropna()
    if len(others) >= 2:
        ends = [others.min(), others.max()]
        axes.plot(ends, [y, y], color=LINE, lw=6, solid_capstyle="round", zorder=1)
    own = rows[rows["organisation"] == group]
    if own.empty or own["hidden"].iloc[0] != "" or own["estimate"].isna().iloc[0]:
        reason = own["hidden"].iloc[0] if len(own) else ""
        said = wrapped(names.reason(str(reason or "absent")), room - 2, "small")
        hidden_text(axes, ticks[0], y, said)
        return
    row = own.iloc[0]
    spot = names.place(group)
    mark(axes, row["estimate"], y, row["low"], row["high"], spot, uncertain=bool(row["note"]))
    text = formats.number(row["estimate"], decimals_for(int(row["n"])), names.language)
    inside(axes, row["estimate"], y - 0.24, text, "small", va="bottom", weight="bold",
           color=names.ink(group))  # fmt: skip


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    parts = []
    for group, rows in table[table["hidden"] == ""].groupby("organisation", sort=False):
        values = ", ".join(
            f"{names.label('scale', row['scale'])} "
            f"{formats.number(row['estimate'], decimals_for(int(row['n'])), names.language)}"
            for _, row in rows.iterrows()
        )
        parts.append(f"{names.label('organisation', str(group))}: {values}")
    return f"{names.say('alt_profile', title)} {'; '.join(parts)}."
