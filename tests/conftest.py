"""The whole study, run once for the tests that look at what comes out of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
collect_ignore_glob = ["*/conftest.py"]  # no examples there, and several folders have one


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped study in which every notebook was run for all organisations together.

    Whoever changes something in it copies it first.
    """
    folder = tmp_path_factory.mktemp("whole") / "study"
    folder.mkdir()
    for name in ("codebook", "data/raw", "notebooks", "essay"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "study.toml", folder)
    command = [sys.executable, "-m", "lostudy.cli", "run", "--study", str(folder)]
    done = subprocess.run([*command, "--organisation", "all"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return folder
