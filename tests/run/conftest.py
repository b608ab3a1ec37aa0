"""A copy of the shipped study with its tables made and one notebook of a few cells."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from run_helpers import OPEN, copy_study, write_notebook

from lostudy.cleaning.freshness import ensure_clean
from lostudy.study import Study, load_study


@pytest.fixture(scope="session")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_study(tmp_path_factory.mktemp("run") / "study")
    ensure_clean(load_study(folder), folder / "data" / "processed")
    return folder


@pytest.fixture
def study(cleaned: Path, tmp_path: Path) -> Study:
    folder = tmp_path / "study"
    shutil.copytree(cleaned, folder)
    ensure_clean(load_study(folder), folder / "data" / "processed", folder / "data" / "raw")
    write_notebook(
        folder / "notebooks" / "00-proof.ipynb", OPEN, "took_part = lo.response(study)\ntook_part"
    )
    return load_study(folder)
