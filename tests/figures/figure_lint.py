"""What can be wrong with a figure and seen by a machine.

Text that is clipped, overlapping, tiny, pale on its ground or crossed by marks; ticks whose label
is a rounding of another value; a headline or rank that is no claim.
"""

from __future__ import annotations

import itertools
import re

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

SMALLEST, CONTRAST, CROSSED = 6.5, 4.5, 0.12
SLACK = 0.3
JUDGING = re.compile(
    r"\b(hoog\w*|laag\w*|beste?|slechtst\w*|steeg|steg\w*|daal\w*|groei\w*|gegroeid|meer dan|minder"
    r"|winnaar|koploper|rangorde|ranglijst|toegenomen|afgenomen|highest|lowest|best|worst|rose|fell"
    r"|gr[eo]w\w*|more than|less than|rank\w*|increas\w*|decreas\w*|improv\w*)\b",
    re.IGNORECASE,
)


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
    return [*wrong, *grounds(figure, found), *tick_complaints(figure)]


def grounds(figure: Figure, found: list[Text]) -> list[str]:
    """Texts that are pale on what lies under them, or crossed by marks."""
    for each in found:
        each.set_visible(False)
    figure.set_facecolor("white")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[:, :, :3].astype(int)
    for each in found:
        each.set_visible(True)
    canvas.draw()
    wrong = []
    for each in found:
        box = each.get_window_extent()
        patch = pixels[
            max(0, int(len(pixels) - box.y1)) : int(len(pixels) - box.y0) + 1,
            max(0, int(box.x0)) : int(box.x1) + 1,
        ].reshape(-1, 3)
        if each.get_bbox_patch() is not None:
            patch = np.array([[round(255 * part) for part in to_rgb(_paper(each))]])
        ground, share = _ground(patch)
        measured = contrast(to_rgb(each.get_color()), tuple(part / 255 for part in ground))
        if measured < CONTRAST:
            wrong.append(f"contrast {measured:.1f}: {each.get_text()!r}")
        if 1 - share > CROSSED:
            wrong.append(f"crossed by marks ({1 - share:.0%}): {each.get_text()!r}")
    return wrong


def _paper(text: Text) -> tuple[float, float, float]:
    return text.get_bbox_patch().get_facecolor()[:3]  # type: ignore[union-attr]


def _ground(patch: np.ndarray) -> tuple[tuple[int, ...], float]:
    """The colour that most of a patch has, and its share (near colours and thin grids count)."""
    colours, counts = np.unique(patch, axis=0, return_counts=True)
    most = colours[counts.argmax()]
    near = np.abs(patch - most).sum(axis=1) < 120
    return tuple(int(part) for part in most), float(near.mean())


def luminance(colour: tuple[float, ...]) -> float:
    """The relative luminance of WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], two: tuple[float, ...]) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tick_complaints(figure: Figure) -> list[str]:
    """Ticks whose label, read as a number, is another value than that of the tick."""
    wrong = []
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False):
                text = label.get_text().replace("\u2212", "-").replace("+", "").replace(",", ".")
                if re.fullmatch(r"-?\d+(\.\d+)?", text) and abs(float(text) - place) > 1e-9:
                    wrong.append(f"the tick at {place} says {label.get_text()}")
    return wrong


def headline_complaints(title: str) -> list[str]:
    """A title that judges or ranks: that is for a claim, which can break."""
    found = JUDGING.search(title)
    return [f"the title judges: {found[0]!r}"] if found else []
