"""Whether each notebook is of the run it stands for: none swapped, none equal where they differ.

An executed notebook carries which run it is: notebook, organisation, wave, language and the key of
what it was made from; and how many persons its outputs are about. Every output of lostudy has a
line that names its question, organisation, wave and number of persons. A notebook that does not use
its parameters shows the same for each organisation; that is found here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lostudy.errors import Problem
from lostudy.formats import FIGURE_TYPE
from lostudy.run.outcome import NOTEBOOK
from lostudy.run.plan import Job
from lostudy.study import Study
from lostudy.words import word

OWN = re.compile(r'\s*<(table|div|p) class="lostudy')
SWAPPED = "it is the output of another run"
CURE = "run it again with `lostudy run --force`; if that does not help, report it"
SIZES = re.compile(r"\bn\s=\s([\d–]+)")
USE = "use the parameter `organisation` in lo.open_study(organisation=organisation, …)"


def facts_of(job: Job) -> dict[str, str]:
    """Which run an executed notebook is of, as it carries it.

    >>> job = Job(Path("20-lq2.ipynb"), "B", "all", "nl", "4f")
    >>> facts_of(job)
    {'notebook': '20-lq2', 'organisation': 'B', 'wave': 'all', 'language': 'nl', 'key': '4f'}
    """
    return {"notebook": job.stem, **job.parameters, "key": job.key}


def carried(folder: Path) -> dict[str, str]:
    """Which run the notebook in `folder` says it is of; empty where it says nothing."""
    try:
        metadata = json.loads((folder / NOTEBOOK).read_text(encoding="utf-8"))["metadata"]
        return {name: each for name, each in metadata.get("lostudy", {}).items() if name != "n"}
    except (OSError, ValueError, KeyError, AttributeError):
        return {}


def proof(study: Study, jobs: Sequence[Job], folder: Path) -> dict[str, Problem]:
    """Name of each job whose notebook under `folder` is not its own → what is wrong with it."""
    wrong: dict[str, Problem] = {}
    seen: dict[tuple[str, str], Job] = {}
    for job in jobs:
        where = f"{job.name}/{NOTEBOOK}"
        if carried(folder / job.name) != facts_of(job):
            wrong[job.name] = Problem(SWAPPED, CURE, where)
            continue
        outputs = _outputs(folder / job.name / NOTEBOOK)
        name = _name(study, job)
        strays = sum(not names(text, name) for text in outputs)
        if strays:
            wrong[job.name] = Problem(f"{strays} outputs do not name {name}", USE, where)
            continue
        twin = seen.setdefault((job.stem, _digest(outputs)), job)
        if outputs and twin is not job:
            what = f"it shows the same as {twin.name}"
            wrong[job.name] = Problem(what, USE, where)
    return wrong


def names(text: str, name: str) -> bool:
    """Whether a line of identity in an output is of the organisation with this name.

    >>> line = "lq2 · Organisatie 10 · alle metingen · gesimuleerd"
    >>> names(line, "Organisatie 10"), names(line, "Organisatie 1"), names(line, "10")
    (True, False, False)
    """
    return re.search(rf"^(\S+ · )?{re.escape(name)} · ", text, re.MULTILINE) is not None


def sizes(texts: Iterable[str]) -> list[str]:
    """How many persons outputs are about, as they say it, each number once.

    >>> sizes(["lq2 · A · T0 · n = 55–65 · gesimuleerd", "A · T0 · n = 20 · echt", "A · T0"])
    ['20', '55–65']
    """
    return sorted({found for text in texts for found in SIZES.findall(text)})


def unproven(jobs: Iterable[Job], folder: Path) -> set[str]:
    """The names of the jobs whose notebook shows nothing of lostudy: nothing says whose it is."""
    return {job.name for job in jobs if not _outputs(folder / job.name / NOTEBOOK)}


def _name(study: Study, job: Job) -> str:
    if job.organisation == "all":
        return word("all_organisations", job.language)
    return study.organisation(job.organisation).name(job.language)


def _outputs(path: Path) -> list[str]:
    """The text of each output that lostudy made."""
    return texts_of(json.loads(path.read_text(encoding="utf-8"))["cells"])


def texts_of(cells: Iterable[Mapping[str, Any]]) -> list[str]:
    """The text of each output in cells that lostudy made."""
    return [
        _text(output["data"].get("text/plain", ""))
        for cell in cells
        for output in cell.get("outputs", [])
        if ours(output.get("data", {}))
    ]


def ours(data: Mapping[str, Any]) -> bool:
    """Whether the data of an output are a card, table, finding or figure of lostudy."""
    return FIGURE_TYPE in data or bool(OWN.match(_text(data.get("text/html", ""))))


def _text(lines: str | list[str]) -> str:
    return "".join(lines)


def _digest(outputs: list[str]) -> str:
    return hashlib.sha256("\n".join(outputs).encode()).hexdigest()
