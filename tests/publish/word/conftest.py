"""A small registry with the files of its figure, once for this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from publish.word.word_helpers import registry


@pytest.fixture(scope="session")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the files of the figure stand."""
    folder = tmp_path_factory.mktemp("reports")
    registry(folder)
    return folder


@pytest.fixture
def records(figures: Path) -> dict[str, dict]:
    return registry(figures)
