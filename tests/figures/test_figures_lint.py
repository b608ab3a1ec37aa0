"""The lint sees each fault it is there for: a figure is spoiled in one way, and it says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.figure_lint import complaints, contrast, headline_complaints
from lostudy.figures.drawn import FIGURE_TYPE
from lostudy.figures.style import canvas, place

ROOT = Path(__file__).parents[2]


def clean() -> tuple[Figure, Axes]:
    figure = canvas(60)
    axes = place(figure, 20, 20, 120, 30)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xticks([0, 1], ["0", "1"])
    axes.set_yticks([])
    axes.text(0.5, 0.5, "tekst", fontsize=8, color="#1a1d23")
    return figure, axes


def clipped(figure: Figure, axes: Axes) -> None:
    axes.text(1.1, 0.8, "dit loopt van het papier af, helemaal rechts", fontsize=8)


def overlapping(figure: Figure, axes: Axes) -> None:
    axes.text(0.51, 0.5, "andere tekst", fontsize=8)


def tiny(figure: Figure, axes: Axes) -> None:
    axes.text(0.1, 0.8, "klein", fontsize=6.4)


def pale(figure: Figure, axes: Axes) -> None:
    axes.text(0.1, 0.8, "bleek", fontsize=8, color="#999999")


def on_blue(figure: Figure, axes: Axes) -> None:
    axes.axhspan(0.7, 1.0, color="#4a7fb0", lw=0)
    axes.text(0.1, 0.8, "wit op blauw", fontsize=8, color="white")


def crossed(figure: Figure, axes: Axes) -> None:
    axes.plot([0, 1], [0.53, 0.53], color="black", lw=3)


def rounded(figure: Figure, axes: Axes) -> None:
    axes.set_xticks([0, 0.75], ["0", "0,8"])


SPOILED: dict[Callable, str] = {
    clipped: "outside the canvas",
    overlapping: "lies on",
    tiny: "type of 6.4 pt",
    pale: "contrast 2.8",
    on_blue: "contrast 4.",
    crossed: "crossed by marks",
    rounded: "the tick at 0.75 says 0,8",
}


def test_a_clean_figure_has_no_complaints() -> None:
    assert complaints(clean()[0]) == []


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda each: each.__name__)
def test_a_fault_is_seen(spoil: Callable) -> None:
    figure, axes = clean()
    spoil(figure, axes)
    assert any(SPOILED[spoil] in each for each in complaints(figure)), complaints(figure)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    grey = (0x76 / 255,) * 3
    assert contrast(grey, (1, 1, 1)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("title", ["Drie van de vijf groeien", "A scoort het hoogst", "Who rose",
                                   "Ranking of organisations"])  # fmt: skip
def test_a_headline_that_judges_is_seen(title: str) -> None:
    assert headline_complaints(title)


def test_no_headline_of_the_shipped_figures_judges() -> None:
    """What judges is a claim, which breaks when the data change; a headline would stay."""
    titles = set()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if FIGURE_TYPE in output.get("data", {}):
                    titles.add(output["data"][FIGURE_TYPE]["title"])
    assert len(titles) >= 10
    assert [each for title in titles for each in headline_complaints(title)] == []
