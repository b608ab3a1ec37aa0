"""reports/index.html: everything that was made, to browse, search and filter without a server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from lostudy.figures.drawn import FIGURE_TYPE
from lostudy.publish.page import FILES, PAGE, style, template
from lostudy.study import Study
from lostudy.words import word


@dataclass(frozen=True)
class Entry:
    """A figure in the catalogue, with where it stands and what it is about."""

    name: str
    title: str
    alt: str
    caption: str
    folder: str
    stem: str
    organisation: str


def write_catalogue(
    study: Study, reports: Path, jobs: Sequence[tuple[str, str, str]], stale: Iterable[str] = ()
) -> Path:
    """Write index.html over (notebook, organisation, language) runs; `stale` are marked."""
    language = jobs[0][2] if jobs else study.about.language
    figures = [
        entry for stem, organisation, _ in jobs for entry in _figures(reports, stem, organisation)
    ]
    findings = json.loads((reports / "findings.json").read_text(encoding="utf-8"))
    organisations = {
        "all": word("all_organisations", language),
        **{each.id: each.name(language) for each in study.organisations},
    }
    text = template("catalogue.html.j2").render(
        study=study,
        language=language,
        jobs=_grid(jobs),
        stems=_titles(study, jobs, language),
        organisations=organisations,
        figures=figures,
        findings=findings,
        files=FILES,
        page=PAGE,
        stale=set(stale),
        style=style(),
        word=lambda key: word(key, language),
    )
    path = reports / "index.html"
    path.write_text(text, encoding="utf-8")
    return path


def _grid(jobs: Sequence[tuple[str, str, str]]) -> dict[str, list[str]]:
    grid: dict[str, list[str]] = {}
    for stem, organisation, _ in jobs:
        grid.setdefault(stem, []).append(organisation)
    return grid


def _titles(study: Study, jobs: Sequence[tuple[str, str, str]], language: str) -> dict[str, str]:
    """Notebook → what it is about: the learning question word for word, or its own heading."""
    titles = {}
    for stem in dict.fromkeys(stem for stem, _, _ in jobs):
        question = next(
            (each for each in study.questions if stem == each.id or stem.endswith(f"-{each.id}")),
            None,
        )
        titles[stem] = (
            question.text(language)
            if question
            else word(f"notebook_{stem.split('-', 1)[-1]}", language)
        )
    return titles


def _figures(reports: Path, stem: str, organisation: str) -> list[Entry]:
    folder = reports / stem / organisation
    notebook = nbformat.read(folder / "notebook.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    facts = [
        output["data"][FIGURE_TYPE] for output in outputs if FIGURE_TYPE in output.get("data", {})
    ]
    return [
        Entry(
            each["name"],
            each["title"],
            each["alt"],
            each["caption"],
            f"{stem}/{organisation}",
            stem,
            organisation,
        )
        for each in facts
    ]
