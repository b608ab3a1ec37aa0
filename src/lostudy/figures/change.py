"""Change with its own interval: those of levels mislead where the same people answered."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import Safe, decimals_for
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, grid, hidden_text, mark, rows_of, ticks_for
from lostudy.figures.style import (
    EDGE,
    FULL,
    GREY,
    INK,
    NARROW,
    PALE,
    SIZE,
    beside,
    canvas,
    foot,
    head,
    heading,
    place,
    typeset,
    widest,
    wrapped,
)

ROW, GAP, LEAST = 4.8, 3.0, 46.0
KEPT = ["scale", "organisation", "estimand", "estimate", "low", "high", "n", "wording", "hidden"]


@typeset
def draw_change(
    moved: Safe,
    names: Names,
    *,
    name: str,
    title: str,
    caption: str,
    unit: str,
    sesoi: float,
    page: float = FULL,
) -> Drawn:
    """Rows of differences with interval and wording, grouped by scale or by kind of comparison.

    The grey band is the smallest change of interest to both sides of zero. The wording is the
    judgement on the workforce, so it stands there only.
    """
    table = rows_of(moved)
    groups = "scale" if table["scale"].nunique() > 1 else "estimand"
    narrow = page < NARROW
    table = _told(table, names, narrow)
    kinds = list(dict.fromkeys(table[groups]))
    text = f"{names.say('change_legend', formats.number(sesoi, 2, names.language))}\n{caption}"
    left = EDGE + 4 + widest(list(table["label"]))
    numbers = widest(list(table["numbers"]))
    beside_them = widest(list(table["said"]), "small") + 3 * (not narrow)
    room = max(LEAST * page / FULL, page - left - 3 - numbers - beside_them - EDGE)
    table["said"] = [
        wrapped(each, page - left - room - numbers - 8, "small") for each in table["said"]
    ]
    row = ROW + 2.6 * (max(each.count("\n") for each in table["said"]))
    heads = {kind: _head(groups, str(kind), page, names) for kind in kinds}
    depth = len(table) * row + sum(GAP + _high(head_) for head_ in heads.values())
    figure = canvas(head(title, page) + depth + 10 + foot(text, page), page)
    axes = place(figure, left, foot(text, page) + 10, room, depth)
    ticks = _axis(axes, table, room, depth, sesoi, names)
    axes.set_xlabel(f"{names.say('difference')} ({unit})", fontsize=SIZE["text"], labelpad=2)
    at = {"label": -1.5, "numbers": room + 3, "said": room + 6 + numbers}
    y = 0.0
    for kind in kinds:
        y += GAP + _high(heads[kind])
        _kind(axes, heads[kind], EDGE - left, y - _high(heads[kind]) / 2)
        for _, each in table[table[groups] == kind].iterrows():
            _row(axes, each, y + row / 2, names, ticks)
            _beside(axes, each, y + row / 2, at)
            y += row
    heading(figure, title, text)
    return Drawn(name, title, caption, _alt(table, groups, names, title), table[KEPT], figure)


def _head(groups: str, kind: str, page: float, names: Names) -> str:
    """The heading of a group of rows, over as many lines as it needs."""
    text = names.label("scale", kind) if groups == "scale" else names.say(kind)
    return wrapped(text, page - 2 * EDGE, "head", "bold")


def _high(text: str) -> float:
    return ROW + 3.3 * text.count("\n")


def _kind(axes: Axes, text: str, x: float, y: float) -> None:
    """A heading at its place."""
    white = {"facecolor": "white", "lw": 0, "pad": 0.8}
    beside(axes, x, y, text, "head", weight="bold", bbox=white, zorder=4, linespacing=1.05)


def _beside(axes: Axes, row: pd.Series, y: float, at: dict[str, float]) -> None:
    """What is written to the left and to the right of a row."""
    beside(axes, at["label"], y, row["label"], ha="right")
    beside(axes, at["numbers"], y, row["numbers"])
    beside(axes, at["said"], y, row["said"], "small", color=GREY, linespacing=1.05)


def _told(table: pd.DataFrame, names: Names, narrow: bool) -> pd.DataFrame:
    """The rows with what is written beside them: whom, the numbers, the wording.

    In a narrow figure there is room for ids and estimates only; the rest is drawn.
    """
    rows = [row for _, row in table.iterrows()]
    return table.assign(
        label=[
            names.short(str(row["organisation"]))
            if narrow
            else names.label("organisation", str(row["organisation"]))
            for row in rows
        ],
        numbers=[_numbers(row, names, narrow) for row in rows],
        said=["" if narrow else _wording(row, table, names) for row in rows],
    )


def _wording(row: pd.Series, table: pd.DataFrame, names: Names) -> str:
    """The judgement, which is on the workforce where that is in the table."""
    judged = row["estimand"] == "workforce" or "workforce" not in set(table["estimand"])
    return names.say(str(row["wording"])) if judged and row["hidden"] == "" else ""


def _numbers(row: pd.Series, names: Names, narrow: bool) -> str:
    if row["hidden"] != "" or pd.isna(row["estimate"]):
        return ""
    places = decimals_for(int(row["n"]))
    value = formats.number(row["estimate"], places, names.language, sign=True)
    if narrow:
        return value
    return f"{value} {formats.interval(row['low'], row['high'], places, names.language)}"


def _axis(
    axes: Axes, table: pd.DataFrame, room: float, depth: float, sesoi: float, names: Names
) -> list[float]:
    ends = pd.concat([table["low"], table["high"], table["estimate"]])
    around = pd.concat([ends, pd.Series([-sesoi, sesoi])])
    ticks = ticks_for(around, room, names.language, sign=True)
    edge = 0.04 * (ticks[-1] - ticks[0])
    axes.set_xlim(ticks[0] - edge, ticks[-1] + edge)
    axes.set_ylim(depth, 0)
    grid(axes, ticks, names.language, sign=True)
    axes.axvspan(-sesoi, sesoi, color=PALE, zorder=-1, lw=0)
    axes.axvline(0, color=INK, lw=0.9, zorder=1)
    return ticks


def _row(axes: Axes, row: pd.Series, y: float, names: Names, ticks: list[float]) -> None:
    if row["hidden"] != "" or pd.isna(row["estimate"]):
        hidden_text(axes, ticks[0], y, names.reason(str(row["hidden"] or "absent")))
        return
    mark(
        axes,
        row["estimate"],
        y,
        row["low"],
        row["high"],
        names.place(str(row["organisation"])),
        filled=bool(row["low"] > 0 or row["high"] < 0),
        uncertain=bool(row["note"]),
    )


def _alt(table: pd.DataFrame, groups: str, names: Names, title: str) -> str:
    parts = []
    for _, row in table[(table["hidden"] == "") & table["estimate"].notna()].iterrows():
        what = (
            names.label("scale", row["scale"]) if groups == "scale" else names.say(row["estimand"])
        )
        value = formats.number(
            row["estimate"], decimals_for(int(row["n"])), names.language, sign=True
        )
        wording = _wording(row, table, names)
        whom = names.label("organisation", str(row["organisation"]))
        parts.append(f"{what}, {whom}: {value}{f' ({wording})' if wording else ''}")
    return f"{names.say('alt_change', title)} {'; '.join(parts)}."
