"""An executed notebook as a page without code: text, tables and figures with their files.

The page needs no server and nothing from elsewhere; it stands beside the figures it shows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from lostudy.formats import FIGURE_TYPE
from lostudy.study import Study
from lostudy.words import word

PAGE = "index.html"
OWN = re.compile(r'<(table|div|p) class="lostudy')
FILES = ("svg", "pdf", "png", "csv", "txt")


@dataclass(frozen=True)
class Block:
    """A part of a page: text or a table as HTML, or a figure with its facts."""

    html: str = ""
    figure: dict[str, str] | None = None


def write_page(study: Study, folder: Path, stem: str, organisation: str, language: str) -> Path:
    """Write index.html beside the executed notebook in `folder`."""
    cells = json.loads((folder / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    blocks = [block for cell in cells for block in _blocks(cell, language)]
    name = _name(study, organisation, language)
    text = template("page.html.j2").render(
        study=study,
        blocks=blocks,
        language=language,
        stem=stem,
        organisation=name,
        files=FILES,
        title=heading(cells, language) or stem,
        word=lambda key: word(key, language),
        style=style(),
    )
    path = folder / PAGE
    path.write_text(text, encoding="utf-8")
    return path


def _name(study: Study, organisation: str, language: str) -> str:
    return (
        word("all_organisations", language)
        if organisation == "all"
        else study.organisation(organisation).name(language)
    )


def heading(cells: list[dict[str, Any]], language: str) -> str:
    """What a notebook calls itself: its first heading, in this language; empty without one."""
    lines = (line for cell in cells if cell["cell_type"] == "markdown"
             for line in _prose(cell, language).splitlines())  # fmt: skip
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


def _prose(cell: dict[str, Any], language: str) -> str:
    english = cell["metadata"].get("en") if language == "en" else None
    return english or "".join(cell["source"])


def _blocks(cell: dict[str, Any], language: str) -> list[Block]:
    if cell["cell_type"] == "markdown":
        return [Block(html=markdown(_prose(cell, language)))]
    return [block for output in cell.get("outputs", []) if (block := _output(output))]


def _output(output: dict[str, Any]) -> Block | None:
    """A figure, or a table or card that our verbs made; a frame that a cell shows stays out."""
    data = output.get("data", {})
    if FIGURE_TYPE in data:
        return Block(figure=dict(data[FIGURE_TYPE]))
    shown = "".join(data.get("text/html", ""))
    return Block(html=shown) if OWN.match(shown) else None


def markdown(text: str) -> str:
    """Markdown as HTML, without raw HTML in it."""
    import mistune

    return str(mistune.create_markdown(escape=True)(text))


@lru_cache
def template(name: str) -> jinja2.Template:
    """A page template of this room; everything put into it is escaped unless it is HTML already."""
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    return jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(name)


@lru_cache
def style() -> str:
    """The style sheet, put into each page so that a page can be sent by itself."""
    return (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
