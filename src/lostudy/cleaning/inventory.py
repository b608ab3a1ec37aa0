"""Which files were delivered, by whom and at which wave.

A delivery stands at <organisation>/<wave>/survey.*, interviews.* or conversations.csv under the
folder of deliveries, unless study.toml names its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lostudy.errors import DataError, Problem, shown
from lostudy.study import Study

KINDS = ("survey", "interviews", "conversations")


@dataclass(frozen=True)
class Delivered:
    """A delivered file; `name` is how messages and the log call it."""

    organisation: str
    wave: str
    kind: str
    path: Path
    name: str
    tool: str | None = None

    def problem(
        self,
        what: str,
        cure: str,
        rule: str,
        rows: Iterable[int] = (),
        column: str | None = None,
        severity: str = "error",
        topic: str = "",
    ) -> Problem:
        """Something about this delivery, at these rows of it (each is named once)."""
        places = tuple(dict.fromkeys(int(row) for row in rows))
        first = places[0] if places else None
        return Problem(what, cure, self.name, first, column, rule, severity, places, topic)


def find_deliveries(study: Study, raw: Path) -> list[Delivered]:
    """Every delivered file, in the order of study.toml; raises DataError for what has no place."""
    found, problems = look(study, raw)
    if problems:
        raise DataError(problems)
    return found


def look(study: Study, raw: Path) -> tuple[list[Delivered], list[Problem]]:
    """Every delivered file, and what is wrong with folders and names.

    Raises DataError where there is nothing to look at.
    """
    raw = Path(raw)
    if not raw.is_dir():
        raise DataError(
            Problem(
                "the folder of deliveries does not exist", "make it, or say --raw DIR", shown(raw),
                rule="place.none",
            )
        )
    problems: list[Problem] = []
    found = list(_declared(study, raw, problems))
    taken = {(each.organisation, each.wave, each.kind) for each in found}
    found += [
        each
        for each in _in_folders(study, raw, problems)
        if (each.organisation, each.wave, each.kind) not in taken
    ]
    if not any(each.kind == "survey" for each in found) and not problems:
        problems.append(
            Problem(
                "no survey was delivered here",
                "put files at <organisation>/<wave>/survey.*, or name them in [[deliveries]] of "
                "study.toml",
                shown(raw),
                rule="place.none",
            )
        )
    if not found:
        raise DataError(problems)
    return found, problems


def _declared(study: Study, raw: Path, problems: list[Problem]) -> Iterator[Delivered]:
    for each in study.deliveries:
        path = raw / each.file
        if path.exists():
            yield Delivered(each.organisation, each.wave, each.kind, path, each.file, each.tool)
        else:
            cure = "put the file there, mend [[deliveries]] in study.toml, or say --raw DIR"
            what = "this declared delivery is missing"
            problems.append(Problem(what, cure, each.file, rule="place.missing"))


def _in_folders(study: Study, raw: Path, problems: list[Problem]) -> Iterator[Delivered]:
    organisations = [each.id for each in study.organisations]
    waves = [each.id for each in study.waves]
    if study.deliveries and not any((raw / name).is_dir() for name in organisations):
        return
    for folder in sorted(
        each for each in raw.iterdir() if each.is_dir() and not each.name.startswith(".")
    ):
        if folder.name not in organisations:
            problems.append(
                Problem(
                    "a folder of no organisation", _one_of(organisations), folder.name,
                    rule="place.folder",
                )
            )
    for organisation in organisations:
        for folder in sorted(each for each in (raw / organisation).glob("*") if each.is_dir()):
            if folder.name not in waves:
                problems.append(
                    Problem(
                        "a folder of no wave", _one_of(waves), f"{organisation}/{folder.name}",
                        rule="place.folder",
                    )
                )
        for wave in waves:
            yield from _in_wave(raw, organisation, wave, problems)


def _in_wave(
    raw: Path, organisation: str, wave: str, problems: list[Problem]
) -> Iterator[Delivered]:
    folder = raw / organisation / wave
    files = [each for each in sorted(folder.glob("*")) if not each.name.startswith((".", "~"))]
    for kind in KINDS:
        stands = [each for each in files if each.name.split(".")[0].lower() == kind]
        if len(stands) > 1:
            names = ", ".join(each.name for each in stands)
            problems.append(
                Problem(
                    f"{len(stands)} files of one kind: {names}",
                    "leave one",
                    f"{organisation}/{wave}",
                    rule="place.two",
                )
            )
        elif stands:
            yield Delivered(
                organisation, wave, kind, stands[0], f"{organisation}/{wave}/{stands[0].name}"
            )
    for stray in (each for each in files if each.name.split(".")[0].lower() not in KINDS):
        cure = "call it survey.*, interviews.* or conversations.csv, or move it out of this folder"
        problems.append(
            Problem(
                "a file that is no delivery", cure, f"{organisation}/{wave}/{stray.name}",
                rule="place.stray",
            )
        )


def _one_of(names: list[str]) -> str:
    return f"call it one of: {', '.join(names)}; or declare it in study.toml"
