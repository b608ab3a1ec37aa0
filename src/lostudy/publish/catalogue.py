"""The catalogue of everything that was made: a page that needs no server, in each language.

Findings stand in the page as data; a script shows them a screenful at a time, so that thousands
open and filter at once. Without a script the pages of the analyses are still there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import lostudy
from lostudy.findings.forms import text_of
from lostudy.publish.latest import ready
from lostudy.publish.page import PAGE, heading, style, template
from lostudy.publish.tables import as_html, table_of
from lostudy.study import Study
from lostudy.words import word

LANGUAGES = ("nl", "en")
LABELS = (
    "copy_id", "copy_token", "copy_citation", "copy_alt", "copied", "origin", "open", "download",
    "notebook", "shown_of", "nothing_found", "trail_parameters", "trail_plan", "trail_evidence",
    "trail_tables", "trail_code", "method", "condition", "unit", "n", "show_table", "number_of",
)  # fmt: skip


def write_catalogue(
    study: Study, reports: Path, jobs: Sequence[tuple[str, str, str]], stale: Iterable[str] = ()
) -> Path:
    """Write index.html over (notebook, organisation, language) runs, and the same in the other
    language beside it; `stale` runs are marked."""
    main = jobs[0][2] if jobs else study.about.language
    records = json.loads((reports / "findings.json").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        path = reports / page_name(language, main)
        text = _page(study, reports, records, jobs, set(stale), language, main)
        path.write_text(text, encoding="utf-8")
    return reports / PAGE


def page_name(language: str, main: str) -> str:
    """The catalogue's file in a language."""
    return PAGE if language == main else f"index-{language}.html"


def _page(
    study: Study, reports: Path, records: list[dict], jobs: Sequence[tuple[str, str, str]],
    stale: set[str], language: str, main: str,
) -> str:  # fmt: skip
    organisations = {
        "all": word("all_organisations", language),
        **{each.id: each.name(language) for each in study.organisations},
    }
    other = next(each for each in LANGUAGES if each != language)
    order = {kind: place for place, kind in enumerate(_kinds(records))}
    ranked = sorted(records, key=lambda each: order[each["kind"]])
    items = [_item(study, record, language) for record in ranked]
    labels = {key: word(key, language, "{}", "{}") for key in LABELS}
    return template("catalogue.html.j2").render(
        study=study,
        language=language,
        other=other,
        other_page=page_name(other, main),
        jobs=_grid(jobs),
        stems=_titles(study, reports, jobs, language),
        organisations=organisations,
        questions={each.id: each.text(language) for each in study.questions},
        kinds={kind: word(f"kind_{kind}", language) for kind in _kinds(records)},
        data=_safe_json({"items": items, "labels": labels, "organisations": organisations}),
        count=len(records),
        page=PAGE,
        stale=stale,
        style=style(),
        script=_script(),
        word=lambda key, *values: word(key, language, *values),
    )


def _script() -> str:
    return (Path(__file__).parent / "templates" / "catalogue.js").read_text(encoding="utf-8")


def _safe_json(data: Mapping[str, Any]) -> str:
    """Data in a page: nothing in it can end the element it stands in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _kinds(records: list[dict]) -> list[str]:
    order = ("figure", "table", "claim", "quote", "interval", "number")
    there = {record["kind"] for record in records}
    return [kind for kind in order if kind in there]


def _item(study: Study, record: dict, language: str) -> dict[str, Any]:
    """What the page shows of a finding, in as few letters as can be."""
    waits = record["kind"] == "quote" and not ready(record)
    text = "" if waits else text_of(record, "", language)
    item = {
        "id": record["id"],
        "kind": record["kind"],
        "q": record["question"],
        "org": record["organisation"],
        "text": text,
        "label": record[f"label_{language}"],
        "status": word(record["status"], language) if record["status"] else "",
        "state": record["status"],
        "cite": citation(study, record, language),
        "files": record["files"],
        "trail": _trail(record),
    }
    if record["kind"] == "figure":
        item["alt"] = record["words"]["alt"]
        item["caption"] = record["words"]["caption"]
    if record["kind"] == "table":
        item["html"] = as_html(table_of(record, language))
    if record["n"] is not None:
        item["n"] = record["n"]
    return {key: each for key, each in item.items() if each not in ("", {}, None)}


def _trail(record: dict) -> dict[str, Any]:
    keys = ("notebook", "cell", "parameters", "method", "unit", "condition", "plan", "evidence",
            "tables", "code")  # fmt: skip
    return {key: record[key] for key in keys if record[key]}


def citation(study: Study, record: Mapping[str, Any], language: str) -> str:
    """How a finding is cited: what it is, its name, the study, that it is simulated, the code."""
    what = str(record[f"label_{language}"] or record[f"text_{language}"])
    simulated = f" {word('simulated_data', language)}" if study.simulated else ""
    return (
        f"{what} [{record['id']}]. {study.about.title(language)}.{simulated} "
        f"lostudy {lostudy.__version__}, {word('trail_code', language)} {record['code']}."
    )


def _grid(jobs: Sequence[tuple[str, str, str]]) -> dict[str, list[str]]:
    grid: dict[str, list[str]] = {}
    for stem, organisation, _ in jobs:
        grid.setdefault(stem, []).append(organisation)
    return grid


def _titles(
    study: Study, reports: Path, jobs: Sequence[tuple[str, str, str]], language: str
) -> dict[str, str]:
    """Notebook → what it is about: the learning question word for word, or its own heading."""
    titles: dict[str, str] = {}
    for stem, organisation, _ in jobs:
        if stem not in titles:
            notebook = reports / stem / organisation / "notebook.ipynb"
            text = notebook.read_text(encoding="utf-8") if notebook.exists() else '{"cells": []}'
            asked = (each for each in study.questions if f"-{stem}".endswith(f"-{each.id}"))
            own = heading(json.loads(text)["cells"], language) or stem
            titles[stem] = next((each.text(language) for each in asked), own)
    return titles
