"""How many marks a vector drawing has: a drawing with a mark per person can be read back.

Counted are marks of a kind: points, bars, strokes, and the corners of the longest line (a curve
with a step per person). What an axis draws beside its numbers is its own. How many there may be
follows from the rows of values beside the drawing.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

POINTS, BARS, STROKES, LINES, CORNERS = "points", "bars", "strokes", "lines", "corners"
TICKS = "ticks"
MOST = {POINTS: (8, 1.0), BARS: (14, 2.0), STROKES: (16, 3.0), CORNERS: (14, 2.0),
        LINES: (20, 2.0), TICKS: (36, 1.0)}  # fmt: skip
AXIS, ON_AXIS, SHORT = re.compile(r"matplotlib\.axis_\d+"), 24, 15.0
GLYPH = re.compile(r"#.*-[0-9a-f]+")
HIDDEN = {"defs", "clipPath", "metadata", "symbol", "marker", "pattern"}
SIMPLE = {"circle": POINTS, "ellipse": POINTS, "image": POINTS, "rect": BARS, "line": STROKES}
NUMBER = re.compile(r"-?[\d.]+(?:e-?\d+)?")
PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}


def too_many(marks: Counter[str], rows: int) -> bool:
    """Whether a drawing has more marks of a kind than so many rows of values explain.

    >>> too_many(Counter(points=12), rows=12), too_many(Counter(points=42), rows=3)
    (False, True)
    """
    return any(marks[kind] > base + each * rows for kind, (base, each) in MOST.items())


def svg_marks(content: bytes) -> Counter[str]:
    """The marks of an SVG; none where it cannot be read, which `parts_of` tells.

    >>> svg_marks(b'<svg><circle r="1"/><path d="M 0 0 L 1 1"/><rect/></svg>')
    Counter({'corners': 2, 'points': 1, 'strokes': 1, 'bars': 1})
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return Counter()
    marks: Counter[str] = Counter()
    axes: Counter[str] = Counter()
    for axis, kind, corners in _drawn(root, ""):
        axes[axis] += 1
        if not axis or axes[axis] > ON_AXIS:
            marks[kind] += 1
        marks[CORNERS] = max(marks[CORNERS], corners)
    return marks


def _drawn(node: etree._Element, axis: str) -> Iterator[tuple[str, str, int]]:
    """Every mark under a node: the axis it is of, its kind, its corners."""
    for place, each in enumerate(node):
        if not isinstance(each.tag, str) or etree.QName(each).localname in HIDDEN:
            continue
        name, called = etree.QName(each).localname, each.get("id") or ""
        inner = f"{id(node)}{place}" if not axis and AXIS.fullmatch(called) else axis
        if name in SIMPLE:
            yield inner, SIMPLE[name], 0
        elif name == "use" and not GLYPH.fullmatch(_link(each)):
            yield inner, POINTS, 0
        elif name in ("polyline", "polygon"):
            yield inner, BARS, len(NUMBER.findall(each.get("points", ""))) // 2
        elif name == "path":
            steps = re.findall(r"[A-Za-z]", each.get("d", ""))
            yield from ((inner, kind, len(steps)) for kind in _kinds(steps))
        else:
            yield from _drawn(each, inner)


def _link(use: etree._Element) -> str:
    return next((str(value) for key, value in use.attrib.items() if key.endswith("href")), "")


def _kinds(steps: list[str]) -> Iterator[str]:
    """What one path draws: each piece from one place is a mark."""
    for piece in re.findall(r"m[^m]*", "".join(steps).lower()):
        yield POINTS if set(piece) & {"c", "s", "q", "a"} else STROKES if len(piece) < 3 else BARS


def pdf_marks(content: bytes) -> Counter[str]:
    """The marks of a PDF's pages; none where they cannot be read, which `parts_of` tells."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    marks: Counter[str] = Counter()
    try:
        for page in PdfReader(io.BytesIO(content), strict=False).pages:
            stream = page.get_contents()
            if stream is not None:
                _count(stream.get_data().decode("latin-1"), marks)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Counter()
    return marks


def _count(stream: str, marks: Counter[str]) -> None:
    """Add what the operators of a page draw: pieces of paths when they are painted, and forms."""
    pieces: list[list[tuple[str, float, float]]] = []
    numbers: list[float] = []
    for token in re.sub(r"\((?:[^()\\]|\\.)*\)", "", stream).split():
        if NUMBER.fullmatch(token):
            numbers.append(float(token))
            continue
        if token == "m":
            pieces.append([])
        if token in ("m", "l", "c", "v", "y") and pieces and len(numbers) > 1:
            pieces[-1].append((token, numbers[-2], numbers[-1]))
        if token == "re":
            pieces.append([("re", 0.0, 0.0)])
        if token == "Do":
            marks[POINTS] += 1
        if token in PAINTS or token == "n":
            for piece in pieces if token != "n" else []:
                marks[_kind(piece, token)] += 1
                marks[CORNERS] = max(marks[CORNERS], len(piece))
            pieces = []
        numbers = []


def _kind(piece: list[tuple[str, float, float]], paint: str) -> str:
    """What a painted piece of a path is; the grid of an axis is of long strokes."""
    if any(token in "cvy" for token, _, _ in piece):
        return POINTS
    if len(piece) != 2:
        return BARS
    (_, x, y), (_, right, up) = piece
    if paint not in "Ss":
        return TICKS
    return STROKES if abs(right - x) + abs(up - y) < SHORT else LINES
