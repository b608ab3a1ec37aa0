"""The joint display: what was said, what was measured, and what the two say together."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lostudy.disclosure import Safe
from lostudy.errors import Problem, StudyError
from lostudy.figures.codes import matrix
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, grid, mark, rows_of, ticks_for
from lostudy.figures.style import (
    EDGE,
    FULL,
    GREY,
    INK,
    PALE,
    SHAPES,
    bare,
    beside,
    breadth,
    canvas,
    foot,
    head,
    heading,
    inside,
    place,
    typeset,
    widest,
    wrapped,
    write,
)

SIGNS = {"confirms": "✓", "adds": "+", "contradicts": "≠", "silence": "○", "not_asked": "–"}
MARKS = dict(zip(SHAPES, "●■◆▲▼✚", strict=True))
LABELS, CELL, SIGN, APART = 30.0, 13.5, 6.6, 5.0


@dataclass(frozen=True)
class Columns:
    """Where the three parts stand, in millimetres: left edges and breadths."""

    voices: tuple[float, float]
    survey: tuple[float, float]
    verdicts: tuple[float, float]


@typeset
def draw_joint(
    joint: Safe, names: Names, *, name: str, title: str, caption: str, unit: str, page: float = FULL
) -> Drawn:
    """Rows are themes: bands of conversations, the change of each organisation, the verdicts."""
    table = rows_of(joint)
    if page < FULL:
        cure = "draw it over the whole page: width='page'"
        raise StudyError(Problem("a joint display does not fit in a column", cure))
    table = table[table["organisation"] != "all"] if table["organisation"].nunique() > 1 else table
    codes, groups = list(dict.fromkeys(table["code"])), list(dict.fromkeys(table["organisation"]))
    labels = {code: wrapped(names.label("code", code), LABELS) for code in codes}
    at = _columns(labels, groups, names, page)
    row = max(13.0, 3.4 * len(groups) + 6.5)
    below = f"{_said(table, names)}\n{caption}"
    body, bottom = len(codes) * row, foot(below, page) + 13
    height = head(title, page) + 11 + body + bottom
    figure = canvas(height, page)
    left, middle, right = (
        place(figure, at_left, bottom, wide, body)
        for at_left, wide in (at.voices, at.survey, at.verdicts)
    )
    matrix(left, _voices(table), codes, groups, names, at.voices[1] / len(groups))
    _survey(middle, table, codes, groups, names, at.survey[1], row)
    _verdicts(right, table, codes, groups, names)
    for y, code in enumerate(codes):
        beside(left, -2, y + 0.5, labels[code], ha="right", linespacing=1.0)
    for axes in (left, right):
        for x, group in enumerate(groups):
            inside(axes, x + 0.5, -1.2 / row, names.short(group), va="bottom")
    for (start, _), key in zip((at.voices, at.survey, at.verdicts), HEADS, strict=True):
        write(figure, start, head(title, page), names.say(key), "head", weight="bold")
    middle.set_xlabel(unit, fontsize=7.5, labelpad=2)
    _legend(figure, height - foot(below, page) - 3.2, groups, names)
    heading(figure, title, below)
    alt = _alt(table, names, title)
    kept = ["code", "organisation", "band", "valence", "scale", "estimate", "low", "high", "n",
            "verdict", "survey_hidden", "voices_hidden"]  # fmt: skip
    return Drawn(name, title, caption, alt, table[kept], figure)


def _said(table: pd.DataFrame, names: Names) -> str:
    """How to read it, and how many verdicts readers have confirmed."""
    if "state" not in table:
        return names.say("joint_legend")
    confirmed = int((table["state"] == "confirmed").sum())
    return f"{names.say('joint_legend')} {names.say('readers_confirmed', confirmed, len(table))}."


HEADS = ("k", "survey_change", "verdict")


def _columns(labels: dict[str, str], groups: list[str], names: Names, page: float) -> Columns:
    """As wide as their headings and words need; the survey gets what is left."""
    heads = [breadth(names.say(key), "head", "bold") for key in HEADS]
    ids = widest([names.short(group) for group in groups]) + 2
    start = EDGE + widest(list(labels.values())) + 2
    left = max(min(max(CELL, ids), 60 / len(groups)) * len(groups), heads[0])
    right = max(max(SIGN, min(ids, 12)) * len(groups), heads[2])
    if len(groups) == 1:
        right = max(right, widest([f"{SIGNS[key]} {names.say(key)}" for key in SIGNS]))
    survey = start + left + APART
    end = page - EDGE - right
    return Columns((start, left), (survey, end - APART - survey), (end, right))


def _voices(table: pd.DataFrame) -> pd.DataFrame:
    """The part about conversations, with its own reasons; bands only."""
    return table.assign(k=pd.Series(pd.NA, index=table.index), hidden=table["voices_hidden"])


def _survey(
    axes: Axes,
    table: pd.DataFrame,
    codes: list[str],
    groups: list[str],
    names: Names,
    room: float,
    row: float,
) -> None:
    ends = pd.concat([table["low"], table["high"], pd.Series([-0.5, 0.5])]).astype("float64")
    ticks = ticks_for(ends, room, names.language, sign=True, steps=(0.5, 1.0, 2.0, 5.0))
    edge = 0.04 * (ticks[-1] - ticks[0])
    axes.set_xlim(ticks[0] - edge, ticks[-1] + edge)
    axes.set_ylim(len(codes), 0)
    grid(axes, ticks, names.language, sign=True)
    axes.axvline(0, color=INK, lw=0.9, zorder=1)
    for y, code in enumerate(codes):
        axes.axhspan(y + 0.03, y + 0.97, color=PALE, zorder=-1, lw=0)
        rows = table[table["code"] == code].set_index("organisation")
        label = wrapped(names.label("scale", rows["scale"].iloc[0]), room - 2, "small")
        box = {"facecolor": PALE, "lw": 0, "pad": 0.6}
        beside(axes, 1, y + 0.06, label, "small", color=GREY, zorder=4, bbox=box, va="top",
               linespacing=1.0)  # fmt: skip
        top = 0.06 + (2.8 * (label.count("\n") + 1) + 0.6) / row
        for step, group in enumerate(groups):
            place_y = y + top + (0.98 - top) * (step + 0.5) / len(groups)
            _estimate(axes, rows, group, place_y, names)


def _estimate(axes: Axes, rows: pd.DataFrame, group: str, y: float, names: Names) -> None:
    row = rows.loc[group].to_dict() if group in rows.index else {}
    if pd.notna(row.get("estimate")):
        mark(axes, row["estimate"], y, row["low"], row["high"], names.place(group))
        return
    reason = names.reason(str(row.get("survey_hidden") or "absent"))
    text = f"{names.short(group)}: {reason}"
    box = {"facecolor": PALE, "lw": 0, "pad": 0.2}
    beside(axes, 1, y, text, "small", color=GREY, style="italic", zorder=3, bbox=box)


def _verdicts(
    axes: Axes, table: pd.DataFrame, codes: list[str], groups: list[str], names: Names
) -> None:
    bare(axes, (0, len(groups)), len(codes))
    for x, group in enumerate(groups):
        for y, code in enumerate(codes):
            found = table[(table["code"] == code) & (table["organisation"] == group)]
            key = found["verdict"].iloc[0] if len(found) else "not_asked"
            if len(groups) == 1:
                beside(axes, 0, y + 0.5, f"{SIGNS[key]} {names.say(key)}")
            else:
                axes.text(
                    x + 0.5, y + 0.5, SIGNS[key], ha="center", va="center", fontsize=10, color=INK
                )


def _legend(figure: Figure, y: float, groups: list[str], names: Names) -> None:
    entries = [(f"{sign} {names.say(key)}", INK) for key, sign in SIGNS.items()]
    for group in groups:
        spot = names.place(group)
        shape = MARKS[SHAPES[0 if spot is None else spot % len(SHAPES)]]
        entries.append((f"{shape} {names.short(group)}", names.ink(group)))
    x = EDGE
    for text, ink in entries:
        write(figure, x, y, text, "small", color=ink)
        x += breadth(text, "small") + 4


def _alt(table: pd.DataFrame, names: Names, title: str) -> str:
    parts = []
    for code, rows in table.groupby("code", sort=False):
        cells = ", ".join(
            f"{names.short(row['organisation'])} {names.say(row['verdict'])}"
            for _, row in rows.iterrows()
        )
        parts.append(f"{names.label('code', str(code))}: {cells}")
    return f"{names.say('alt_joint', title)} {'; '.join(parts)}."
