"""One look for every figure: sizes at final width, type, colours measured for contrast, shapes.

Colour never stands alone: organisations differ in shape too, and the ends of an answer scale are
kept apart by a zero line and printed sums. Nothing here touches matplotlib's global settings.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from lostudy.figures.font import family, read_at_once

MM = 1 / 25.4
POINT = 25.4 / 72
FONT = family()
INK, GREY, LINE, PALE = "#1a1d23", "#56616c", "#c9d0d6", "#eef1f4"
ORGANISATIONS = ("#0b5fa5", "#b0460f", "#1d7f5c", "#7a3f9d", "#8a6100", "#a8326e")
SHAPES = ("o", "s", "D", "^", "v", "P")
ANSWERS = ("#8c3a12", "#e0976c", "#d4d9dd", "#7fb0d8", "#0c4f8b")
BANDS = {
    "": "#ffffff",
    "none": "#f4f7fa",
    "some": "#dbe8f4",
    "several": "#b5d2ea",
    "most": "#86b7dd",
}
DOTS = {"": "", "none": "○", "some": "●", "several": "●●", "most": "●●●"}  # bands in little room
FULL, COLUMN, EDGE = 160.0, 80.0, 2.0
NARROW = 120.0
SIZE = {"title": 9.5, "head": 8.0, "text": 7.5, "small": 6.8}

Given = ParamSpec("Given")
Made = TypeVar("Made")


def typeset(draw: Callable[Given, Made]) -> Callable[Given, Made]:
    """A function that draws, with everything it writes in our typeface.

    Matplotlib settles the typeface of a text when that text is made, not when it is rendered.
    """

    @wraps(draw)
    def drawn(*values: Given.args, **options: Given.kwargs) -> Made:
        with mpl.rc_context({"font.family": FONT}), read_at_once():
            return draw(*values, **options)

    return drawn


def colour(place: int) -> str:
    """The colour of the organisation in this place of the declaration."""
    return ORGANISATIONS[place % len(ORGANISATIONS)]


def shape(place: int) -> str:
    """The shape of the organisation in this place of the declaration."""
    return SHAPES[place % len(SHAPES)]


def canvas(height_mm: float, page: float = FULL) -> Figure:
    """An empty figure of the final width (a page of text, or a column) and height, in
    millimetres."""
    figure = Figure(figsize=(page * MM, height_mm * MM), dpi=100)
    FigureCanvasAgg(figure)
    return figure


def place(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes at a place given in millimetres from the lower left corner."""
    wide, high = figure.get_size_inches() / MM
    axes = figure.add_axes((left / wide, bottom / high, width / wide, height / high))
    axes.tick_params(length=2, width=0.5, colors=INK, labelsize=SIZE["text"], pad=2)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.spines["bottom"].set_linewidth(0.6)
    axes.set_facecolor("none")
    return axes


def bare(axes: Axes, across: tuple[float, float], down: float) -> Axes:
    """Axes without ticks and lines: x from `across`, y from 0 at the top to `down`."""
    axes.set_xlim(*across)
    axes.set_ylim(down, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    return axes


def write(
    figure: Figure, x: float, y: float, text: str, size: str = "text", **options: Any
) -> None:
    """Text at a place in millimetres from the upper left corner."""
    wide, high = figure.get_size_inches() / MM
    settings = {"color": INK, "fontsize": SIZE[size], "ha": "left", "va": "top", **options}
    figure.text(x / wide, 1 - y / high, text, **settings)


def beside(axes: Axes, x: float, y: float, text: str, size: str = "text", **options: Any) -> None:
    """Text at `x` millimetres from the left edge of the axes and at `y` of their own scale."""
    wide = axes.bbox.width / axes.figure.dpi / MM
    settings = {"color": INK, "fontsize": SIZE[size], "va": "center", **options}
    axes.text(x / wide, y, text, transform=axes.get_yaxis_transform(), **settings)


def inside(axes: Axes, x: float, y: float, text: str, size: str = "text", **options: Any) -> None:
    """Text at a place of the axes' own scales, in the middle unless told otherwise."""
    settings = {"color": INK, "fontsize": SIZE[size], "va": "center", "ha": "center", **options}
    axes.text(x, y, text, **settings)


def heading(figure: Figure, title: str, caption: str) -> None:
    """The title at the top and the caption at the foot, on the lines `head` and `foot` reserve."""
    page, high = figure.get_size_inches() / MM
    lines = wrapped(title, page - 2 * EDGE, "title", weight="bold")
    write(figure, EDGE, 1.5, lines, "title", weight="bold", linespacing=1.1)
    text = "\n".join(_lines(caption, page))
    write(figure, EDGE, high - 1.2, text, "small", color=GREY, va="bottom", linespacing=1.15)


def head(title: str, page: float = FULL) -> float:
    """The millimetres that a title takes at the top of a figure."""
    lines = wrapped(title, page - 2 * EDGE, "title", weight="bold").count("\n") + 1
    return 3.0 + 3.9 * lines


def foot(caption: str, page: float = FULL) -> float:
    """The millimetres that a caption takes at the foot of a figure."""
    return 3.0 * len(_lines(caption, page)) + 3.0


def _lines(caption: str, page: float) -> list[str]:
    room = 0.98 * (page - 2 * EDGE)  # letters on the pixels of a screen take a little more
    return [
        line for part in caption.split("\n") for line in wrapped(part, room, "small").split("\n")
    ]


@lru_cache(maxsize=4096)
def breadth(text: str, size: str = "text", weight: str = "normal") -> float:
    """The millimetres that a text takes across, over its widest line.

    >>> breadth("verandering") > breadth("verand") > 0
    True
    """
    font = FontProperties(family=FONT, size=SIZE[size], weight=weight)
    measure = TextToPath().get_text_width_height_descent
    return max(measure(line, font, False)[0] for line in text.split("\n")) * POINT


def widest(texts: list[str], size: str = "text", weight: str = "normal") -> float:
    """The millimetres of the widest of some texts; 0 where there is none."""
    return max((breadth(text, size, weight) for text in texts), default=0.0)


def wrapped(text: str, room: float, size: str = "text", weight: str = "normal") -> str:
    """The text over lines that fit in `room` millimetres; a word is never cut.

    Our typeface has no kerning, so that a line is as wide as its words and the spaces between them.

    >>> wrapped("Leiderschap dat leren mogelijk maakt", 32)
    'Leiderschap dat leren\\nmogelijk maakt'
    """
    lines: list[str] = []
    filled, space = 0.0, breadth(" ", size, weight)
    for word in text.split():
        wide = breadth(word, size, weight)
        if lines and filled + space + wide <= room:
            lines[-1] += f" {word}"
            filled += space + wide
        else:
            lines.append(word)
            filled = wide
    return "\n".join(lines)
