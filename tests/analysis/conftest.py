"""The shipped study, cleaned once into a copy; nothing is written into the repository."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped")
    for name in ("codebook", "data/raw"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "study.toml", folder)
    return folder


@pytest.fixture(scope="session")
def opened(shipped: Path) -> Iterator[Callable]:
    """`open_study` on the copy, each view once."""
    from lostudy.analysis import open_study

    patch = pytest.MonkeyPatch()
    patch.setenv("LOSTUDY_STUDY", str(shipped))
    patch.delenv("LOSTUDY_OUTPUT", raising=False)
    views: dict = {}

    def view(**parameters: str):
        key = tuple(sorted(parameters.items()))
        if key not in views:
            views[key] = open_study(**parameters)
        return views[key]

    yield view
    patch.undo()
