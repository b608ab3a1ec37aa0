"""How far coders agree about each theme: a forest of alphas, with AC1 beside it."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from lostudy import formats
from lostudy.disclosure import Safe, decimals_of_talks
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, grid, hidden_text, mark, rows_of
from lostudy.figures.style import (
    EDGE,
    FULL,
    GREY,
    NARROW,
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

ROW, LABELS = 7.4, 52.0
MAIN, SECOND, COMMON = "alpha", "AC1", "prevalence"
KEPT = ["code", "measure", "estimate", "low", "high", "n", "note", "hidden"]


@typeset
def draw_coders(
    coding: Safe, names: Names, *, name: str, title: str, caption: str, page: float = FULL
) -> Drawn:
    """A row per theme: alpha filled and AC1 open, with intervals; how common it is at the right."""
    table = rows_of(coding)
    codes = list(dict.fromkeys(table["code"]))
    room = LABELS * (0.6 if page < NARROW else 1)
    labels = [wrapped(names.label("code", code), room) for code in codes]
    rows = [max(ROW, 3.3 * (label.count("\n") + 1) + 1.8) for label in labels]
    shared = (table["measure"] == COMMON).any()
    legend = ["coders_legend", "coders_share"] if shared else ["coders_legend"]
    text = f"{' '.join(map(names.say, legend))}\n{caption}"
    left, right = EDGE + widest(labels) + 2, 13.0
    wide, deep = page - left - right - EDGE, sum(rows)
    under = wrapped(names.say("coders_axis"), wide)
    below = 6.5 + 3.4 * (under.count("\n") + 1)
    figure = canvas(head(title, page) + 5 + deep + below + foot(text, page), page)
    axes = place(figure, left, foot(text, page) + below, wide, deep)
    low = min(0.0, float(table["low"].min(skipna=True)) if table["low"].notna().any() else 0.0)
    ticks = [0.0, 0.5, 1.0] if page < NARROW else [0.0, 0.25, 0.5, 0.75, 1.0]
    ticks = [-0.5, *ticks] if low < 0 else ticks
    axes.set_xlim(max(min(low, ticks[0]), -1.0) - 0.03, 1.03)
    axes.set_ylim(deep, 0)
    grid(axes, ticks, names.language)
    axes.set_xlabel(under, fontsize=SIZE["text"], labelpad=2)
    if shared:
        beside(axes, wide + 2, -2.2, names.say("prevalence_short"), "small", color=GREY)
    y = 0.0
    for code, label, high in zip(codes, labels, rows, strict=True):
        beside(axes, -2, y + high / 2, label, ha="right", linespacing=1.0)
        _row(axes, y, high, table[table["code"] == code].set_index("measure"), names, ticks, wide)
        y += high
    heading(figure, title, text)
    return Drawn(name, title, caption, _alt(table, names, title), table[KEPT], figure)


def _row(
    axes: Axes, y: float, high: float, rows: pd.DataFrame, names: Names, ticks: list[float],
    wide: float,
) -> None:  # fmt: skip
    each = {str(measure): row for measure, row in rows.to_dict("index").items()}
    for measure, step, filled in ((MAIN, 0.33, True), (SECOND, 0.70, False)):
        row = each[measure]
        if pd.notna(row["estimate"]):
            mark(axes, row["estimate"], y + high * step, row["low"], row["high"], None,
                 filled=filled)  # fmt: skip
    main, common = each[MAIN], each.get(COMMON, {}).get("estimate")
    if pd.isna(main["estimate"]):
        noted = main["note"] and main["hidden"] != "protected"
        said = names.say(main["note"]) if noted else names.reason(main["hidden"])
        hidden_text(axes, ticks[0], y + high / 2, said)
    if pd.notna(common):
        beside(axes, wide + 2, y + high / 2, formats.percent(common, names.language))


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    main = table[(table["measure"] == MAIN) & (table["hidden"] == "") & table["estimate"].notna()]
    parts = [
        f"{names.label('code', str(code))} "
        f"{formats.number(value, decimals_of_talks(int(n)), names.language)}"
        for code, value, n in zip(main["code"], main["estimate"], main["n"], strict=True)
    ]
    return f"{names.say('alt_coders', title)} {'; '.join(parts) or names.say('none')}."
