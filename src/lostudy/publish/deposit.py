"""What a deposit needs: a Process Run RO-Crate, CITATION.cff, and the reporting checklists.

The crate says of each notebook run what went in, what came out and by which code. Quotes and raw
interviews never enter it: runs that wrote a quote are described without their pages. No times
stand in it, so that the same run gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lostudy
from lostudy.publish.checklists import write_checklists
from lostudy.study import Study
from lostudy.words import word

CRATE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
TYPES = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf", "csv": "text/csv",
         "txt": "text/plain", "html": "text/html", "tex": "application/x-tex"}  # fmt: skip
Records = Sequence[Mapping[str, Any]]


def write_deposit(study: Study, reports: Path, records: Records, language: str) -> None:
    """Write the crate, the citation file and the checklists into the reports."""
    crate = json.dumps(crate_of(study, reports, records, language), ensure_ascii=False, indent=1)
    (reports / CRATE).write_text(crate + "\n", encoding="utf-8")
    (reports / "CITATION.cff").write_text(citation_file(study, language), encoding="utf-8")
    write_checklists(study, reports, records, language)


def crate_of(study: Study, reports: Path, records: Records, language: str) -> dict[str, Any]:
    """The Process Run Crate as JSON-LD."""
    program = {
        "@id": "#lostudy",
        "@type": "SoftwareApplication",
        "name": "lostudy",
        "softwareVersion": lostudy.__version__,
    }
    graph: list[dict[str, Any]] = [program]
    quoted = {str(each["notebook"]) for each in records if each["kind"] == "quote"}
    runs: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        runs.setdefault(str(record["notebook"]), []).append(record)
    for name, made in sorted(runs.items()):
        graph += _run(reports, name, made, with_page=name not in quoted)
    unique = {str(each["@id"]): each for each in graph}
    root = _root(study, list(unique.values()), language)
    about = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    profile = {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate"}
    license_ = {"@id": LICENSE, "@type": "CreativeWork", "name": "CC BY 4.0"}
    return {"@context": CONTEXT, "@graph": [about, root, profile, license_, *unique.values()]}


def _root(study: Study, graph: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """The data set as a whole; the date is that of the last wave, for a depositor to replace."""
    closed = study.waves[-1].closes if study.waves else None
    said = word("simulated_data", language) if study.simulated else study.about.source
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": study.about.title(language),
        "description": f"{said} {study.about.source}".strip(),
        "datePublished": str(closed or "2000-01-01"),
        "license": {"@id": LICENSE},
        "conformsTo": {"@id": PROFILE},
        "hasPart": [{"@id": each["@id"]} for each in graph if each["@type"] == "File"],
        "mentions": [{"@id": each["@id"]} for each in graph if each["@type"] == "CreateAction"],
    }


def _run(
    reports: Path, name: str, made: list[Mapping[str, Any]], *, with_page: bool
) -> list[dict[str, Any]]:
    """One notebook run: an action with its instrument, what it read and what it wrote."""
    first = made[0]
    read = [
        {"@id": f"#tables-{key}-{digest}", "@type": "Dataset", "identifier": digest,
         "name": f"tidy tables of organisation {key} (not in this crate)"}
        for key, digest in first["tables"].items()
    ]  # fmt: skip
    values = [
        {"@id": f"#parameter-{name.replace('/', '-')}-{key}", "@type": "PropertyValue",
         "name": key, "value": value}
        for key, value in first["parameters"].items()
    ]  # fmt: skip
    files = [_file(reports, place) for each in made for place in each["files"].values()]
    if with_page:
        files += [_file(reports, f"{name}/{page}") for page in ("notebook.ipynb", "index.html")
                  if (reports / name / page).exists()]  # fmt: skip
    action = {
        "@id": f"#run-{name.replace('/', '-')}",
        "@type": "CreateAction",
        "name": name,
        "instrument": {"@id": "#lostudy"},
        "object": [{"@id": each["@id"]} for each in (*read, *values)],
        "result": [{"@id": each["@id"]} for each in files],
        "description": f"plan {first['plan']}, code {first['code']}",
    }
    return [action, *read, *values, *files]


def _file(reports: Path, place: str) -> dict[str, Any]:
    content = (reports / place).read_bytes()
    ending = place.rsplit(".", 1)[-1]
    return {
        "@id": place,
        "@type": "File",
        "contentSize": len(content),
        "encodingFormat": TYPES.get(ending, "application/x-ipynb+json"),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def citation_file(study: Study, language: str) -> str:
    """CITATION.cff of the study's outputs; the authors are for a person to fill in."""
    said = word("simulated_data", language) if study.simulated else study.about.source
    lines = [
        "cff-version: 1.2.0",
        f"message: {json.dumps(word('cite_message', language), ensure_ascii=False)}",
        f"title: {json.dumps(study.about.title(language), ensure_ascii=False)}",
        "type: dataset",
        f"abstract: {json.dumps(said, ensure_ascii=False)}",
        "authors:",
        f"  - name: {json.dumps(word('cite_authors', language), ensure_ascii=False)}",
        f"version: {lostudy.__version__}",
    ]
    return "\n".join(lines) + "\n"
