"""An example's deliveries, made from public files by its own `prepare.py`, and cleaned.

A test module names them: EXAMPLE, the folder of the example, and RAW, that of the public files.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lostudy.cleaning import Cleaned, clean_study
from lostudy.study import load_study


@pytest.fixture(scope="module")
def deliveries(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    example, raw = request.module.EXAMPLE, request.module.RAW
    out = tmp_path_factory.mktemp(example.name)
    command = [sys.executable, str(example / "prepare.py"), str(raw), str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def cleaned(request: pytest.FixtureRequest, deliveries: Path) -> dict[str, Cleaned]:
    study = load_study(request.module.EXAMPLE)
    return {each.organisation: each for each in clean_study(study, deliveries, None)}


@pytest.fixture
def opened(
    request: pytest.FixtureRequest,
    deliveries: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A copy of the example with its deliveries, which `lo.open_study()` opens."""
    folder = tmp_path / "study"
    without = shutil.ignore_patterns("data", "reports")
    shutil.copytree(request.module.EXAMPLE, folder, ignore=without)
    shutil.copytree(deliveries, folder / "data" / "raw")
    monkeypatch.setenv("LOSTUDY_STUDY", str(folder))
    return folder
