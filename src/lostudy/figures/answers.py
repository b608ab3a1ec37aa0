"""How the items were answered: disagreement left, agreement right, neutral apart."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lostudy import formats
from lostudy.disclosure import Safe
from lostudy.figures.drawn import Drawn
from lostudy.figures.parts import Names, rows_of
from lostudy.figures.style import (
    ANSWERS,
    EDGE,
    FULL,
    GREY,
    INK,
    MM,
    NARROW,
    bare,
    beside,
    breadth,
    canvas,
    foot,
    head,
    heading,
    place,
    typeset,
    widest,
    wrapped,
    write,
)

ROW, LINE_HIGH, GAP, APART, SUM = 4.4, 3.4, 2.6, 4.0, 10.5
Sides = tuple[list[tuple[float, str]], float | None, list[tuple[float, str]]]


@typeset
def draw_answers(
    shares: Safe,
    names: Names,
    *,
    name: str,
    title: str,
    caption: str,
    legend: Mapping[str, str],
    reversed_items: tuple[str, ...] = (),
    page: float = FULL,
) -> Drawn:
    """Diverging bars per item and group; sums are printed, neutral answers stand at the right."""
    table = rows_of(shares)
    across = next((column for column in shares.by if column != "item"), "item")
    items = {
        item: _item(item, reversed_items, names, page) for item in dict.fromkeys(table["item"])
    }
    bars = {key: rows for key, rows in table.groupby(["item", across], sort=False)}
    labels = {key: _label(rows, str(key[-1]), across, names, page) for key, rows in bars.items()}
    entries, key_rows = _entries(legend, names, page)
    depth = sum(GAP + LINE_HIGH * (text.count("\n") + 1) + 1.2 for text in items.values())
    depth += len(bars) * ROW + 1
    left = EDGE + widest(list(labels.values())) + 2
    figure = canvas(head(title, page) + 4.2 * key_rows + depth + foot(caption, page), page)
    _legend(figure, entries, head(title, page))
    axes, apart = _axes(figure, _reach(bars), left + SUM, foot(caption, page), depth)
    y = 0.0
    for item, text in items.items():
        y += GAP
        beside(axes, EDGE - left - SUM, y, text, weight="bold", va="top", linespacing=1.05)
        y += LINE_HIGH * (text.count("\n") + 1) + 1.2
        top = y
        for key in (each for each in bars if each[0] == item):
            beside(axes, -SUM, y + ROW / 2, labels[key], ha="right")
            _bar(axes, apart, bars[key], y + ROW / 2, names)
            y += ROW
        axes.plot([0, 0], [top, y], color=INK, lw=0.9, zorder=3)
    heading(figure, title, caption)
    kept = [*dict.fromkeys(("item", across)), "category", "share", "n", "hidden"]
    return Drawn(name, title, caption, _alt(bars, across, names, title), table[kept], figure)


def _axes(
    figure: Figure, reach: tuple[float, float, float], left: float, bottom: float, depth: float
) -> tuple[Axes, Axes]:
    """Where the two sides and the neutral answers are drawn, on one scale."""
    page = figure.get_size_inches()[0] / MM
    room = page - left - 2 * SUM - APART - EDGE
    share = room / sum(reach)
    wide, third = (reach[0] + reach[1]) * share, max(0.01, reach[2])
    axes = bare(place(figure, left, bottom, wide, depth), (-reach[0], reach[1]), depth)
    at = left + wide + SUM + APART
    return axes, bare(place(figure, at, bottom, third * share, depth), (0, third), depth)


def _item(item: str, reversed_items: tuple[str, ...], names: Names, page: float) -> str:
    """An item's wording, over as many lines as it needs, and which way it counts."""
    against = f" ({names.say('agree_is_unfavourable')})" if item in reversed_items else ""
    return wrapped(names.label("item", item) + against, page - 2 * EDGE, weight="bold")


def _label(rows: pd.DataFrame, group: str, across: str, names: Names, page: float) -> str:
    label = "" if across == "item" else names.label(across, group)
    if across == "organisation" and page < NARROW:
        label = names.short(group)
    if (rows["hidden"] != "").any():
        return label
    size = formats.sample(rows["n"].iloc[0], names.language)
    return f"{label} ({size})" if label else size


def _reach(bars: Mapping[tuple, pd.DataFrame]) -> tuple[float, float, float]:
    """The largest sums to the left, to the right, and of neutral answers."""
    left, right, middle = 0.1, 0.1, 0.0
    for rows in (rows for rows in bars.values() if (rows["hidden"] == "").all()):
        sides = split(rows)
        left = max(left, sum(share for share, _ in sides[0]))
        right = max(right, sum(share for share, _ in sides[2]))
        middle = max(middle, sides[1] or 0.0)
    return left, right, middle


def _bar(axes: Axes, apart: Axes, rows: pd.DataFrame, y: float, names: Names) -> None:
    if (rows["hidden"] != "").any():
        reason = names.reason(str(rows["hidden"].iloc[0]))
        box = {"facecolor": "white", "lw": 0, "pad": 0.8}
        beside(axes, 0, y, reason, "small", color=GREY, style="italic", zorder=4, bbox=box)
        return
    left, middle, right = split(rows)
    for sign, side in ((-1, left), (1, right)):
        edge = 0.0
        for share, ink in side:
            axes.barh(y, sign * share, left=edge, height=ROW * 0.72, color=ink, zorder=2)
            edge += sign * share
        total = formats.percent(sum(share for share, _ in side), names.language)
        axes.annotate(
            total, (edge, y), xytext=(3 * sign, 0), textcoords="offset points", fontsize=7.5,
            va="center", ha="left" if sign > 0 else "right", color=INK,
        )  # fmt: skip
    if middle is not None:
        apart.barh(y, middle, height=ROW * 0.72, color=ANSWERS[2], zorder=2)
        text = formats.percent(middle, names.language)
        apart.annotate(
            text, (middle, y), xytext=(3, 0), textcoords="offset points", fontsize=7.5,
            va="center", color=GREY,
        )  # fmt: skip


def split(rows: pd.DataFrame) -> Sides:
    """Shares with colours: left (from the middle outward), the middle one, right."""
    shares = [float(share) for share in rows["share"]]
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
    ends = [[int(ink[at : at + 2], 16) for at in (1, 3, 5)] for ink in (light, dark)]
    pairs = list(zip(*ends, strict=True))
    return [
        "#" + "".join(f"{round(a + (b - a) * step / (steps - 1)):02x}" for a, b in pairs)
        for step in range(steps)
    ]


Entry = tuple[float, int, str, str]


def _entries(legend: Mapping[str, str], names: Names, page: float) -> tuple[list[Entry], int]:
    """Place, line, text and colour of each answer; the neutral one last, with where it stands."""
    texts = list(legend.values())
    half, odd = divmod(len(texts), 2)
    inks = [*ramp(ANSWERS[1], ANSWERS[0], half)[::-1], *ramp(ANSWERS[3], ANSWERS[4], half)]
    if odd:
        texts.append(f"{texts.pop(half)} ({names.say('at_the_right')})")
        inks.append(ANSWERS[2])
    x, line, entries = EDGE, 0, []
    for text, ink in zip(texts, inks, strict=True):
        room = breadth(text, "small") + 7
        if x + room > page and x > EDGE:
            x, line = EDGE, line + 1
        entries.append((x, line, text, ink))
        x += room
    return entries, line + 1


def _legend(figure: Figure, entries: list[Entry], top: float) -> None:
    page, high = figure.get_size_inches() / MM
    for x, line, text, ink in entries:
        y = top + 4.2 * line
        box = (x / page, 1 - (y + 2.5) / high), 2.4 / page, 2.4 / high
        figure.add_artist(Rectangle(*box, color=ink, lw=0, transform=figure.transFigure))
        write(figure, x + 3.4, y, text, "small")


def _alt(bars: Mapping[tuple, pd.DataFrame], across: str, names: Names, title: str) -> str:
    parts = []
    for (item, group), rows in bars.items():
        if (rows["hidden"] == "").all():
            agree = formats.percent(sum(share for share, _ in split(rows)[2]), names.language)
            whom = "" if across == "item" else f" {names.label(across, str(group))}"
            parts.append(f"{names.label('item', str(item))}{whom} {agree}")
    return f"{names.say('alt_answers', title)} {'; '.join(parts)}."
