"""One look for every figure: sizes at final width, type, colours measured for contrast, shapes.

Colour never stands alone: organisations differ in shape too, and the ends of an answer scale are
kept apart by a zero line and printed sums. Nothing here touches matplotlib's global settings.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

MM = 1 / 25.4
WIDTH = {"text": 160 * MM, "column": 80 * MM}
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
LINE_LENGTH = 124
SIZE = {"title": 9.5, "head": 8.0, "text": 7.5, "small": 6.8}


def colour(place: int) -> str:
    """The colour of the organisation in this place of the declaration."""
    return ORGANISATIONS[place % len(ORGANISATIONS)]


def shape(place: int) -> str:
    """The shape of the organisation in this place of the declaration."""
    return SHAPES[place % len(SHAPES)]


def canvas(height_mm: float, width: str = "text") -> Figure:
    """An empty figure of the final width and the given height in millimetres."""
    figure = Figure(figsize=(WIDTH[width], height_mm * MM), dpi=100)
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


def write(
    figure: Figure, x: float, y: float, text: str, size: str = "text", **options: object
) -> None:
    """Text at a place in millimetres from the upper left corner."""
    wide, high = figure.get_size_inches() / MM
    settings = {"color": INK, "fontsize": SIZE[size], "ha": "left", "va": "top", **options}
    figure.text(x / wide, 1 - y / high, text, **settings)


def heading(figure: Figure, title: str, caption: str) -> None:
    """The title at the top and the caption at the foot, over as many lines as `foot` reserves."""
    _, high = figure.get_size_inches() / MM
    write(figure, 2, 1.5, title, "title", weight="bold")
    write(
        figure,
        2,
        high - 1.2,
        "\n".join(_lines(caption)),
        "small",
        color=GREY,
        va="bottom",
        linespacing=1.15,
    )


def foot(caption: str) -> float:
    """The millimetres that a caption takes at the foot of a figure."""
    return 3.0 * len(_lines(caption)) + 3.0


def _lines(caption: str) -> list[str]:
    return [line for part in caption.split("\n") for line in wrapped(part, LINE_LENGTH).split("\n")]


def wrapped(text: str, width: int) -> str:
    """The text over lines of at most `width` characters.

    >>> wrapped("Leiderschap dat leren mogelijk maakt", 22)
    'Leiderschap dat leren\\nmogelijk maakt'
    """
    import textwrap

    return "\n".join(textwrap.wrap(text, width)) or text
