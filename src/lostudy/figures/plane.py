"""One scale against another: where each organisation stands on both, and how it came there."""

from __future__ import annotations

from collections.abc import Sequence

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
    LINE,
    NARROW,
    SHAPES,
    SIZE,
    canvas,
    foot,
    head,
    heading,
    place,
    shape,
    typeset,
    widest,
    wrapped,
    write,
)

LEFT, UNDER, LINE_HIGH = 16.0, 11.0, 3.6
NUMBERS = ("estimate", "low", "high", "n")
MARKS = dict(zip(SHAPES, "●■◆▲▼✚", strict=True))


@typeset
def draw_against(
    across: Safe,
    names: Names,
    *,
    up: Safe,
    name: str,
    title: str,
    caption: str,
    unit: str,
    axis: Sequence[str] = (),
    page: float = FULL,
) -> Drawn:
    """Two protected tables by organisation and wave: a path per organisation, a cross of intervals
    at the last wave. `axis`: what the two are called, default by their scales. Where nothing may be
    shown the plane is empty, with the reason beside it. Raises StudyError where the two have no
    group in common."""
    table = _both(rows_of(across), rows_of(up))
    shown = table[table["hidden"] == ""]
    groups = list(dict.fromkeys(table["organisation"]))
    scales = [str(rows["scale"].iloc[0]) for rows in (rows_of(across), rows_of(up))]
    axis = list(axis) or [names.label("scale", scale) for scale in scales]
    text = f"{names.say('plane_legend')}\n{caption}"
    narrow = page < NARROW
    said = {group: _said(table, group, names) for group in groups}
    if narrow:
        said = {group: [": ".join(each)] for group, each in said.items()}
    lines = [line for each in said.values() for line in each]
    list_wide = widest(lines, "small") + 2
    wide = page - LEFT - EDGE - (0 if narrow else list_wide + 6)
    tall = min(wide, 78.0)
    below_axis = wrapped(f"{axis[0]} ({unit})", wide + LEFT - EDGE)
    below = LINE_HIGH * len(lines) + 3 if narrow else 0.0
    bottom = foot(text, page) + below + UNDER + 3.3 * below_axis.count("\n")
    height = head(title, page) + 4 + tall + bottom
    figure = canvas(height, page)
    axes = place(figure, LEFT, bottom, wide, tall)
    _axes(axes, shown, names)
    axes.set_xlabel(below_axis, fontsize=SIZE["text"], labelpad=2, linespacing=1.0)
    axes.set_ylabel(wrapped(axis[1], tall), fontsize=SIZE["text"], labelpad=2, linespacing=1.0)
    for group in groups:
        _path(axes, shown[shown["organisation"] == group], group, names)
    x = EDGE if narrow else LEFT + wide + 6
    y = height - foot(text, page) - below if narrow else head(title, page) + 5
    for group, each in said.items():
        for line in each:
            write(figure, x, y, line, "small", color=names.ink(group))
            y += LINE_HIGH
        y += 0 if narrow else 1.5
    heading(figure, title, text)
    return Drawn(name, title, caption, _alt(table, axis, names, title), table, figure)


def _both(across: pd.DataFrame, up: pd.DataFrame) -> pd.DataFrame:
    """The two tables beside each other, a row per organisation and wave that both show."""
    keys = ["organisation", "wave"]
    kept = [*keys, "estimate", "low", "high", "n", "note", "hidden"]
    for table in (across, up):
        if not set(keys) <= set(table):
            what = "scales are set against each other by organisation and wave"
            raise StudyError(Problem(what, "estimate both by=['organisation', 'wave']"))
    table = across[kept].merge(up[kept], on=keys, suffixes=("_across", "_up"))
    table["hidden"] = table["hidden_across"].where(table["hidden_across"] != "", table["hidden_up"])
    out = table["hidden"] != ""
    numbers = [f"{each}_{side}" for each in NUMBERS for side in ("across", "up")]
    table[numbers] = table[numbers].mask(out)
    table["n"] = table[["n_across", "n_up"]].min(axis=1).astype("Int64")
    table = table.drop(columns=["hidden_across", "hidden_up"])
    if table.empty:
        what = "the two scales have no organisation and wave in common"
        raise StudyError(Problem(what, "choose scales that were asked at the same waves"))
    return table.reset_index(drop=True)


def _axes(axes: Axes, table: pd.DataFrame, names: Names) -> None:
    """Lines at round values on both axes; a label says exactly the value of its tick."""
    if table.empty:
        axes.set(xticks=[], yticks=[])
        return
    limits, ticks = {}, {}
    for side in ("across", "up"):
        last = table.groupby("organisation", sort=False).tail(1)
        ends = [last[f"low_{side}"], last[f"high_{side}"], table[f"estimate_{side}"]]
        ticks[side] = span(pd.concat(ends), 0.5)
        limits[side] = (ticks[side][0] - 0.05, ticks[side][-1] + 0.05)
    axes.set_xlim(*limits["across"])
    axes.set_ylim(*limits["up"])
    axes.set_xticks(ticks["across"], tick_labels(ticks["across"], names.language))
    axes.set_yticks(ticks["up"], tick_labels(ticks["up"], names.language))
    for tick in ticks["across"]:
        axes.axvline(tick, color=LINE, lw=0.5, zorder=0)
    for tick in ticks["up"]:
        axes.axhline(tick, color=LINE, lw=0.5, zorder=0)


def _path(axes: Axes, rows: pd.DataFrame, group: str, names: Names) -> None:
    """The waves of an organisation, joined; open marks before, a filled one with its intervals."""
    if rows.empty:
        return
    spot, ink = names.place(group), names.ink(group)
    form = "o" if spot is None else shape(spot)
    axes.plot(rows["estimate_across"], rows["estimate_up"], color=ink, lw=0.9, zorder=2)
    last = rows.iloc[-1]
    for end, other in (("across", "up"), ("up", "across")):
        ends = [last[f"low_{end}"], last[f"high_{end}"]]
        same = [last[f"estimate_{other}"]] * 2
        line = (ends, same) if end == "across" else (same, ends)
        style = stroke(bool(last[f"note_{end}"]))
        axes.plot(*line, color=ink, lw=1.2, ls=style, zorder=2, alpha=0.85)
    before = rows.iloc[:-1]
    axes.plot(before["estimate_across"], before["estimate_up"], form, color=ink, mfc="white",
              mew=1.0, ms=3.6, zorder=3)  # fmt: skip
    axes.plot([last["estimate_across"]], [last["estimate_up"]], form, color=ink, ms=6, zorder=4)


def _said(table: pd.DataFrame, group: str, names: Names) -> list[str]:
    """An organisation with its numbers at the last wave, in lines."""
    own = table[table["organisation"] == group]
    spot = names.place(group)
    mark = MARKS[SHAPES[0 if spot is None else spot % len(SHAPES)]]
    whom = f"{mark} {names.label('organisation', group)}"
    if (own["hidden"] != "").all():
        return [whom, names.reason(str(own["hidden"].iloc[-1]))]
    last = own[own["hidden"] == ""].iloc[-1]
    pair = [
        formats.number(last[f"estimate_{side}"], decimals_for(int(last[f"n_{side}"])),
                       names.language)
        for side in ("across", "up")
    ]  # fmt: skip
    size = formats.sample(int(last["n"]), names.language)
    return [f"{whom}, {last['wave']}", f"{pair[0]} × {pair[1]} ({size})"]


def _alt(table: pd.DataFrame, axis: list[str], names: Names, title: str) -> str:
    parts = []
    for group, every in table.groupby("organisation", sort=False):
        who, rows = names.label("organisation", str(group)), every[every["hidden"] == ""]
        if rows.empty:
            parts.append(f"{who}: {names.reason(str(every['hidden'].iloc[-1]))}")
            continue
        first, last = rows.iloc[0], rows.iloc[-1]
        ends = [
            " × ".join(
                formats.number(row[f"estimate_{side}"], decimals_for(int(row[f"n_{side}"])),
                               names.language)
                for side in ("across", "up")
            )
            for row in (first, last)
        ]  # fmt: skip
        path = f"{first['wave']} {ends[0]}"
        path += f", {last['wave']} {ends[1]}" if len(rows) > 1 else ""
        parts.append(f"{who}: {path}")
    return f"{names.say('alt_plane', title, *axis)} {'; '.join(parts)}."
