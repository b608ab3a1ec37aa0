"""study.toml and codebook/ → one frozen Study, or every problem at once: file, line and cure."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from lostudy.errors import Problem, StudyError, shown
from lostudy.study.checks import check_study
from lostudy.study.codebook import read_codebook
from lostudy.study.model import (
    About,
    Background,
    Cleaning,
    Declared,
    DeliveryFile,
    Disclosure,
    Organisation,
    Plan,
    Question,
    Study,
    Wave,
)

FILE = "study.toml"


class Declaration(Declared):
    """The sections of study.toml."""

    study: About
    organisations: tuple[Organisation, ...]
    waves: tuple[Wave, ...]
    questions: tuple[Question, ...] = ()
    background: tuple[Background, ...] = ()
    deliveries: tuple[DeliveryFile, ...] = ()
    plan: Plan = Plan()
    cleaning: Cleaning = Cleaning()
    disclosure: Disclosure = Disclosure()


def find_study(start: Path | None = None) -> Path:
    """The folder of the nearest study.toml, from `start` (default: here) upward."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise StudyError(
        Problem(
            "no study.toml here or in a folder above",
            "go to the study's folder, or say --study DIR; `lostudy new DIR` starts a study",
        )
    )


def load_study(folder: Path, *, crosswalks: bool = True) -> Study:
    """The study declared in `folder`, checked; raises one StudyError with every problem.

    `crosswalks`: with those too; only cleaning reads them, and there is one per delivery.
    """
    folder = Path(folder).resolve()
    if not (folder / FILE).is_file():
        raise StudyError(Problem("no study.toml in this folder", "check --study", shown(folder)))
    text = _text(folder / FILE)
    lines = line_numbers(text)
    problems: list[Problem] = []
    declaration = _parse(text, lines, problems)
    parts = read_codebook(folder / "codebook", problems, crosswalks=crosswalks)
    if declaration is None:
        raise StudyError(problems)
    sections = {name: getattr(declaration, name) for name in Declaration.model_fields}
    study = Study(folder=folder, about=sections.pop("study"), **sections, **parts)
    problems.extend(check_study(study, lines))
    if problems:
        raise StudyError(problems)
    return study


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        cure = "save the file as UTF-8"
        raise StudyError(Problem("this file is not UTF-8", cure, FILE, row=row)) from None


def _parse(
    text: str, lines: dict[tuple, int], problems: list[Problem]
) -> Declaration | None:
    """The sections, or None with what is wrong: then the sheets of the codebook are read still."""
    try:
        return Declaration.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax(str(error), text))
    except ValidationError as error:
        problems.extend(_problem(detail, lines) for detail in error.errors())
    return None


def _syntax(message: str, text: str) -> Problem:
    """Where and what, as Python's TOML reader says it."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    what = message[: place.start()] if place else message
    row = int(place[1]) if place and place[1] else text.count("\n") + 1
    return Problem(f"not valid TOML: {what}", "mend this line", FILE, row=row)


def _problem(detail: Any, lines: dict[tuple, int]) -> Problem:
    place, kind = detail["loc"], detail["type"]
    row = next(
        (lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), None
    )
    name = ".".join(str(part) for part in place)
    if kind == "extra_forbidden":
        known = _known_keys(place)
        near = difflib.get_close_matches(str(place[-1]), known, n=1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        return Problem(
            f"unknown key '{name}'", f"{hint}known keys: {', '.join(known)}", FILE, row=row
        )
    if kind == "missing":
        return Problem(f"'{name}' is missing", "add it", FILE, row=row)
    return Problem(f"'{name}': {detail['msg']}", "give a value of this kind", FILE, row=row)


def _known_keys(place: tuple) -> list[str]:
    model: Any = Declaration
    for part in place[:-1]:
        if isinstance(part, str) and isinstance(model, type) and issubclass(model, BaseModel):
            model = _inner(model.model_fields[part].annotation)
    fields = getattr(model, "model_fields", {})
    return sorted(fields)


def _inner(annotation: Any) -> Any:
    models = [
        each
        for each in get_args(annotation)
        if isinstance(each, type) and issubclass(each, BaseModel)
    ]
    return models[0] if models else annotation


def line_numbers(text: str) -> dict[tuple, int]:
    """Where each section and key of a TOML text stands: path → line (from 1).

    >>> line_numbers("[[waves]]\\nid = 'T0'\\n[[waves]]\\nid = 'T1'")[("waves", 1, "id")]
    4
    """
    lines: dict[tuple, int] = {}
    section: tuple = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[\[\s*([\w.-]+)\s*\]\]", line):
            name = found[1]
            counts[name] = counts.get(name, -1) + 1
            section = (name, counts[name])
        elif found := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            first, *rest = found[1].split(".")
            section = (first, counts[first], *rest) if first in counts else (first, *rest)
        elif found := re.match(r"\s*([\w.-]+|\"[^\"]+\")\s*=", line):
            lines.setdefault((*section, *found[1].strip('"').split(".")), number)
            continue
        else:
            continue
        lines.setdefault(section, number)
    return lines
