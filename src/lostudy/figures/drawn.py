"""A finished figure: its picture, the values behind it, its text, and how to save it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lostudy.figures.font import family, read_at_once
from lostudy.formats import FIGURE_TYPE

SETTINGS: Any = {
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "font.family": family(),
    "axes.unicode_minus": True,
}
DPI = 300


@dataclass(frozen=True, repr=False, eq=False)
class Drawn:
    """A figure drawn from a protected table.

    In a notebook it shows the picture, and as text the values behind it to six digits: a picture
    that changes while its text stays the same cannot pass a comparison of notebooks. `facts`: where
    it comes from, as JSON; it stands in each of its files.
    """

    name: str
    title: str
    caption: str
    alt: str
    data: pd.DataFrame
    figure: Figure = field(repr=False)
    facts: str = ""

    @property
    def values(self) -> tuple[tuple[str, ...], ...]:
        """What is plotted, as text to six digits, the headings first."""
        text = self.data.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        return tuple(tuple(row) for row in csv.reader(io.StringIO(text)))

    @cached_property
    def png(self) -> bytes:
        """The picture at 300 dots per inch in 256 colours; drawn once, for page and file."""
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        facts = PngInfo()
        facts.add_text("Title", self.title)
        facts.add_itxt("Description", self.alt)
        if self.facts:
            facts.add_itxt("lostudy", self.facts)
        canvas = self._painted()
        size, pixels = canvas.get_width_height(), canvas.buffer_rgba()
        picture = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1).convert("RGB")
        few = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        _whiten(few)
        buffer = io.BytesIO()
        few.save(buffer, "PNG", dpi=(DPI, DPI), pnginfo=facts)
        return buffer.getvalue()

    def _painted(self) -> FigureCanvasAgg:
        """The canvas with the picture at 300 dots per inch."""
        canvas = FigureCanvasAgg(self.figure)
        with mpl.rc_context(SETTINGS), read_at_once():
            self.figure.set_dpi(DPI)
            self.figure.set_facecolor("white")
            canvas.draw()
        return canvas

    def _render(self, kind: str) -> bytes:
        buffer = io.BytesIO()
        metadata = {
            "svg": {
                "Title": self.title,
                "Description": self.alt,
                "Source": self.facts or None,
                "Date": None,
                "Creator": None,
            },
            "pdf": {
                "Title": self.title,
                "Subject": self.alt,
                "Keywords": self.facts or None,
                "CreationDate": None,
                "Creator": None,
                "Producer": None,
            },
        }[kind]
        settings = {**SETTINGS, "svg.hashsalt": self.name}
        with mpl.rc_context(settings), read_at_once():
            self.figure.savefig(buffer, format=kind, dpi=DPI, facecolor="white", metadata=metadata)
        return buffer.getvalue()

    def save(self, folder: Path) -> list[Path]:
        """The figure as PNG, SVG and PDF, its values as CSV and its alternative text."""
        folder.mkdir(parents=True, exist_ok=True)
        pictures = {"png": self.png, "svg": self._render("svg"), "pdf": self._render("pdf")}
        texts = {
            "csv": self.data.to_csv(index=False, lineterminator="\n"),
            "txt": f"{self.title}\n{self.alt}\n{self.caption}\n",
        }
        contents = {**pictures, **{kind: text.encode() for kind, text in texts.items()}}
        paths = []
        for kind, content in contents.items():
            path = folder / f"{self.name}.{kind}"
            path.write_bytes(content)
            paths.append(path)
        return paths

    def __repr__(self) -> str:
        values = self.data.to_csv(index=False, float_format="%.6g", lineterminator="\n").strip()
        return f"{self.title}\n{self.caption}\n{self.alt}\n{values}"

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        facts = {"name": self.name, "title": self.title, "alt": self.alt, "caption": self.caption}
        return {"text/plain": repr(self), "image/png": self.png, FIGURE_TYPE: facts}


def _whiten(picture: Any) -> None:
    """Make the colour of the corner pure white: few colours leave the paper a little grey."""
    palette = picture.getpalette()
    place = 3 * picture.getpixel((0, 0))
    palette[place : place + 3] = [255, 255, 255]
    picture.putpalette(palette)
