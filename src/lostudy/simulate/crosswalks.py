"""The crosswalks of simulated deliveries, from the columns that the files were written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from lostudy.simulate.forms import SurveyFile
from lostudy.simulate.writers.fixed import write_csv

HEADER = ("source", "text", "target", "labels", "form_version", "status", "note")


def write_survey_crosswalk(folder: Path, name: str, survey: SurveyFile) -> Path:
    """codebook/crosswalk/<name>.csv: a row for every column of the survey file."""
    rows = [
        (
            column.source, " ".join(column.text.split()), column.target, column.labels,
            survey.form_version, column.status, column.note,
        )
        for column in survey.columns
    ]
    return _save(folder, name, rows)


def write_code_crosswalk(
    folder: Path, name: str, names: Mapping[str, tuple[str, str]]
) -> Path | None:
    """codebook/crosswalk/<name>-interviews.csv: the tool's name of a code -> (target, note).

    No file where every code already bears its own name.
    """
    rows = [(source, "", target, "", "", "", note) for source, (target, note) in names.items()]
    return _save(folder, f"{name}-interviews", rows) if rows else None


def write_coders(path: Path, aliases: Mapping[str, tuple[str, str]]) -> None:
    """codebook/coders.csv: name as written -> (coder, note)."""
    write_csv(path, [("name", "coder", "note"), *((name, *rest) for name, rest in aliases.items())])


def _save(folder: Path, name: str, rows: Iterable[tuple[str, ...]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.csv"
    write_csv(path, [HEADER, *rows])
    return path
