"""Options that go with every command, and the study that they name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lostudy.study import Study, find_study, load_study

StudyOption = Annotated[
    Path | None,
    typer.Option("--study", help="The study's folder; default: the nearest study.toml upward."),
]
RawOption = Annotated[
    Path | None,
    typer.Option("--raw", help="The folder of deliveries; default: data/raw in the study."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="For a machine to read.")]


def declared_study(folder: Path | None) -> Study:
    """The study in a folder, or the nearest one upward."""
    return load_study(folder if folder is not None else find_study())


def deliveries_of(study: Study, raw: Path | None) -> Path:
    """The folder of deliveries: the one that was named, or data/raw of the study."""
    return raw if raw is not None else study.folder / "data" / "raw"


def near(path: Path) -> str:
    """A path as seen from here, where that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
