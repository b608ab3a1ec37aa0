"""From invited to linked: how many stayed at each step, per organisation and wave."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from lostudy import formats
from lostudy.disclosure import Safe
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, rows_of
from lostudy.figures.style import (
    EDGE,
    FULL,
    GREY,
    NARROW,
    SIZE,
    bare,
    canvas,
    foot,
    head,
    heading,
    inside,
    place,
    typeset,
    wrapped,
    write,
)

STEPS = ("invited", "records", "kept", "linked")
TALL, HEAD, WAVES, BAR = 17.0, 6.0, 5.0, 0.56


@typeset
def draw_flow(
    response: Safe, names: Names, *, name: str, title: str, caption: str, page: float = FULL
) -> Drawn:
    """A row per organisation, a flow per wave; bars are as high as their number of persons.

    Numbers are rounded, so what fell away between two steps is not written: it could not be told
    by subtracting.
    """
    table = rows_of(response)
    groups = list(dict.fromkeys(table["organisation"]))
    waves = list(dict.fromkeys(table["wave"]))
    steps = [step for step in STEPS if step in set(table["step"])]
    legend = " · ".join(f"{at} {names.say(step)}" for at, step in enumerate(steps, 1))
    text = f"{legend}. {names.say('flow_legend')}\n{caption}"
    height = head(title, page) + WAVES + len(groups) * (TALL + HEAD + 3.5) + foot(text, page)
    figure = canvas(height, page)
    wide = (page - 2 * EDGE) / len(waves)
    for column, wave in enumerate(waves):
        write(figure, EDGE + column * wide, head(title, page), str(wave), "head", weight="bold")
    top = height - head(title, page) - WAVES
    for group in groups:
        own = table[table["organisation"] == group]
        whom = names.label("organisation", group)
        write(figure, EDGE, height - top + 0.6, whom, weight="bold", color=names.ink(group))
        most = float(own["n"].fillna(0).max()) or 1.0
        for column, wave in enumerate(waves):
            axes = place(figure, EDGE + column * wide, top - HEAD - TALL, wide - 4, TALL)
            bare(axes, (0.3, len(steps) + 0.7), 1.32)
            axes.invert_yaxis()
            _flow(axes, own[own["wave"] == wave].set_index("step"), steps, most, names, group)
        top -= TALL + HEAD + 3.5
    heading(figure, title, text)
    shown = table[["organisation", "wave", "step", "n", "hidden"]]
    return Drawn(name, title, caption, _alt(table, steps, names, title), shown, figure)


def _flow(
    axes: Axes, rows: pd.DataFrame, steps: list[str], most: float, names: Names, group: str
) -> None:
    """Bars of one organisation at one wave, joined by what they have in common."""
    sizes = [rows["n"].get(step) if step in rows.index else None for step in steps]
    known = [None if size is None or pd.isna(size) else float(size) / most for size in sizes]
    ink = names.ink(group)
    for at, size in enumerate(known, 1):
        inside(axes, at, -0.16, str(at), "small", color=GREY)
        if size is None:
            continue
        axes.bar(at, size, width=BAR, color=ink, lw=0, alpha=0.35 + 0.65 * (at == len(known)))
        text = formats.count(sizes[at - 1], names.language)
        axes.annotate(text, (at, size), xytext=(0, 2), textcoords="offset points",
                      fontsize=SIZE["small"], ha="center", va="bottom")  # fmt: skip
    for at, (one, two) in enumerate(zip(known, known[1:], strict=False), 1):
        if one is not None and two is not None:
            low = [(at + BAR / 2, 0), (at + 1 - BAR / 2, 0)]
            high = [(at + 1 - BAR / 2, two), (at + BAR / 2, min(one, max(one, two)))]
            axes.add_patch(Polygon([*low, *high], color=ink, alpha=0.12, lw=0))
    reasons = [str(reason) for reason in rows["hidden"] if reason]
    if reasons and any(size is None for size in known):
        said = wrapped(names.reason(reasons[0]), 16 if axes.figure.bbox.width < NARROW else 24,
                       "small")  # fmt: skip
        at = known.index(None) + 1
        inside(axes, at, 0.12, said, "small", color=GREY, style="italic", va="bottom",
               rotation=90, linespacing=1.0)  # fmt: skip
    axes.axhline(0, color=GREY, lw=0.6)


def _alt(table: pd.DataFrame, steps: list[str], names: Names, title: str) -> str:
    parts = []
    for (group, wave), rows in table.groupby(["organisation", "wave"], sort=False):
        sizes = rows.set_index("step")
        numbers = [
            f"{names.say(step)} {formats.count(int(sizes['n'][step]), names.language)}"
            for step in steps
            if step in sizes.index and pd.notna(sizes["n"][step])
        ]
        whom = names.label("organisation", str(group))
        parts.append(f"{whom} {wave}: {', '.join(numbers)}")
    return f"{names.say('alt_flow', title)} {'; '.join(parts)}."
