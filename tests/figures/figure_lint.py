"""What can be wrong with a figure and seen by a machine: clipped, overlapping or tiny text."""

from __future__ import annotations

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

SMALLEST = 6.5
SLACK = 0.3


def texts(figure: Figure) -> list[Text]:
    """Every text that is seen."""
    figure.set_dpi(100)
    FigureCanvasAgg(figure).draw()
    return [
        each
        for each in figure.findobj(Text)
        if each.get_visible() and each.get_text().strip() and _drawn(each)
    ]


def _drawn(text: Text) -> bool:
    """Labels of ticks outside the axis are objects too, but are not drawn."""
    axes = text.axes
    if axes is None or text not in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        return True
    low, high = sorted(axes.get_xlim())
    bottom, top = sorted(axes.get_ylim())
    x, y = text.get_position()
    return (low <= x <= high) if text in axes.get_xticklabels() else (bottom <= y <= top)


def complaints(figure: Figure) -> list[str]:
    """What is wrong, a line each."""
    found = texts(figure)
    boxes = [each.get_window_extent() for each in found]
    canvas = figure.bbox
    wrong = [
        f"type of {each.get_fontsize()} pt: {each.get_text()!r}"
        for each in found
        if each.get_fontsize() < SMALLEST
    ]
    for each, box in zip(found, boxes, strict=True):
        outside = (
            box.x0 < canvas.x0 or box.y0 < canvas.y0 or box.x1 > canvas.x1 or box.y1 > canvas.y1
        )
        if outside:
            wrong.append(f"outside the canvas: {each.get_text()!r}")
    for (one, a), (two, b) in itertools.combinations(zip(found, boxes, strict=True), 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > SLACK and down > SLACK * 3:
            wrong.append(f"{one.get_text()!r} lies on {two.get_text()!r}")
    return wrong
