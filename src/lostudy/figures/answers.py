"""How the items were answered: disagreement to the left, agreement to the right, neutral apart."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lostudy import formats
from lostudy.disclosure import HIDDEN, Safe, require_safe
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names
from lostudy.figures.style import ANSWERS, GREY, INK, MM, SIZE, canvas, foot, heading, place, write

ROW, HEAD, GAP = 4.4, 4.6, 2.6


def draw_answers(
    shares: Safe,
    names: Names,
    *,
    name: str,
    title: str,
    caption: str,
    legend: Mapping[str, str],
    reversed_items: tuple[str, ...] = (),
) -> Drawn:
    """Diverging bars per item and organisation; the sums are printed, neutral answers stand at the right."""
    table = require_safe(shares).table
    items = list(dict.fromkeys(table["item"]))
    across = next((column for column in shares.by if column != "item"), "item")
    bars = sum(table[table["item"] == item][across].nunique() for item in items)
    depth = bars * ROW + len(items) * (HEAD + GAP) + 1
    height = 12 + depth + foot(caption)
    figure = canvas(height)
    axes = place(figure, 40, foot(caption), 88, depth)
    apart = place(figure, 133, foot(caption), 20, depth)
    for each in (axes, apart):
        each.set_ylim(depth, 0)
        each.set_xticks([])
        each.set_yticks([])
        each.spines["bottom"].set_visible(False)
    axes.set_xlim(-1, 1)
    apart.set_xlim(0, 1)
    _legend(figure, legend, names)
    y = 0.0
    for item in items:
        y += GAP
        against = f"  ({names.say('agree_is_unfavourable')})" if item in reversed_items else ""
        axes.text(
            -0.43,
            y,
            names.label("item", item) + against,
            transform=axes.get_yaxis_transform(),
            fontsize=SIZE["text"],
            weight="bold",
            va="top",
            color=INK,
        )
        y += HEAD
        top = y
        for group, rows in table[table["item"] == item].groupby(across, sort=False):
            _bar(axes, apart, rows, y + ROW / 2, names.label(across, str(group)), names)
            y += ROW
        axes.plot([0, 0], [top, y], color=INK, lw=0.9, zorder=3)
    heading(figure, title, caption)
    return Drawn(
        name,
        title,
        caption,
        _alt(table, across, names, title),
        table[["item", across, "category", "share", "n"]] if across != "item" else table,
        figure,
    )


def _bar(axes: Axes, apart: Axes, rows: pd.DataFrame, y: float, label: str, names: Names) -> None:
    settings = {"fontsize": SIZE["text"], "va": "center", "color": INK}
    if (rows["hidden"] != "").any():
        axes.text(-0.03, y, label, ha="right", transform=axes.get_yaxis_transform(), **settings)
        reason = HIDDEN[rows["hidden"].iloc[0]][0 if names.language == "nl" else 1]
        axes.text(
            -0.98,
            y,
            reason,
            **{**settings, "color": GREY, "style": "italic", "fontsize": SIZE["small"]},
        )
        return
    axes.text(
        -0.03,
        y,
        f"{label} ({formats.sample(rows['n'].iloc[0], names.language)})",
        ha="right",
        transform=axes.get_yaxis_transform(),
        **settings,
    )
    left, middle, right = split(rows)
    for sign, side in ((-1, left), (1, right)):
        edge = 0.0
        for share, ink in side:
            axes.barh(y, sign * share, left=edge, height=ROW * 0.72, color=ink, zorder=2)
            edge += sign * share
        total = formats.percent(sum(share for share, _ in side), "en")
        axes.text(edge + sign * 0.02, y, total, ha="left" if sign > 0 else "right", **settings)
    if middle is not None:
        apart.barh(y, middle, height=ROW * 0.72, color=ANSWERS[2], zorder=2)
        apart.text(middle + 0.03, y, formats.percent(middle, "en"), **{**settings, "color": GREY})


def split(
    rows: pd.DataFrame,
) -> tuple[list[tuple[float, str]], float | None, list[tuple[float, str]]]:
    """Shares with their colours to the left (from the middle outward), in the middle, to the right."""
    shares = list(rows["share"])
    half, odd = divmod(len(shares), 2)
    left, right = shares[:half][::-1], shares[half + odd :]
    lefts, rights = ramp(ANSWERS[1], ANSWERS[0], half), ramp(ANSWERS[3], ANSWERS[4], half)
    middle = shares[half] if odd else None
    return list(zip(left, lefts, strict=True)), middle, list(zip(right, rights, strict=True))


def ramp(light: str, dark: str, steps: int) -> list[str]:
    """Colours from light to dark; one step is the dark one.

    >>> ramp("#000000", "#0a0a0a", 3)
    ['#000000', '#050505', '#0a0a0a']
    """
    if steps == 1:
        return [dark]
    ends = [[int(ink[place : place + 2], 16) for place in (1, 3, 5)] for ink in (light, dark)]
    return [
        "#"
        + "".join(
            f"{round(one + (two - one) * step / (steps - 1)):02x}"
            for one, two in zip(*ends, strict=True)
        )
        for step in range(steps)
    ]


def _legend(figure: Figure, legend: Mapping[str, str], names: Names) -> None:
    """The answers in their order; the neutral one last, with where it stands."""
    keys = list(legend)
    half, odd = divmod(len(keys), 2)
    inks = [
        *ramp(ANSWERS[1], ANSWERS[0], half)[::-1],
        *([ANSWERS[2]] if odd else []),
        *ramp(ANSWERS[3], ANSWERS[4], half),
    ]
    entries = [(legend[key], ink) for key, ink in zip(keys, inks, strict=True)]
    if odd:
        entries.append((f"{entries.pop(half)[0]} ({names.say('at_the_right')})", ANSWERS[2]))
    x = 2.0
    for text, ink in entries:
        figure.add_artist(
            Rectangle(
                (x / 160, 1 - 10.2 / (figure.get_size_inches()[1] / MM)),
                2.4 / 160,
                2.4 / (figure.get_size_inches()[1] / MM),
                color=ink,
                lw=0,
                transform=figure.transFigure,
            )
        )
        write(figure, x + 3.4, 7.7, text, "small")
        x += 6.0 + 1.36 * len(text)


def _alt(table: pd.DataFrame, across: str, names: Names, title: str) -> str:
    parts = []
    for (item, group), rows in table[table["hidden"] == ""].groupby(["item", across], sort=False):
        agree = sum(share for share, _ in split(rows)[2])
        parts.append(
            f"{names.label('item', str(item))} {names.label(across, str(group))} {formats.percent(agree, names.language)}"
        )
    return f"{names.say('alt_answers', title)} {'; '.join(parts)}."
