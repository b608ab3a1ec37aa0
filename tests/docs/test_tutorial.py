"""Every command of the first-hour tutorial is run, and must print what the page shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial-first-hour.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ENDLESS = ("jupyter lab notebooks/20-lq2.ipynb",)


@dataclass(frozen=True)
class Step:
    """A command of the page with the lines shown below it."""

    command: str
    shown: tuple[str, ...]


def blocks(kind: str, page: Path = PAGE) -> list[str]:
    return [text for name, text in BLOCK.findall(page.read_text(encoding="utf-8")) if name == kind]


def steps(block: str) -> list[Step]:
    found: list[Step] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(Step(line[2:], ()))
        elif line.strip() and line != "...":
            last = found.pop()
            found.append(Step(last.command, (*last.shown, line)))
    return found


def occurs(shown: str, printed: str) -> bool:
    """Whether a shown line was printed; "..." at its end or inside stands for anything."""
    parts = [" ".join(part.split()) for part in shown.split("...")]
    pattern = ".*".join(re.escape(part) for part in parts)
    return any(re.match(pattern, " ".join(line.split())) for line in printed.splitlines())


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study in a folder of its own, under git, as in a clone."""
    folder = tmp_path_factory.mktemp("tutorial") / "study"
    for name in ("codebook", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    shutil.copy(ROOT / "study.toml", folder)
    identity = ["-c", "user.name=reader", "-c", "user.email=reader@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "study"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def typed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a reader types it, with this Python's programs first on the path."""
    here = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": here + os.pathsep + os.environ["PATH"], "COLUMNS": "200"}
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip


def test_every_command_of_the_tutorial_does_what_the_page_shows(copy: Path) -> None:
    every = [step for block in blocks("console") for step in steps(block)]
    assert len(every) >= 8
    for step in every:
        done = typed(step.command, copy)
        printed = done.stdout + done.stderr
        absent = [line for line in step.shown if not occurs(line, printed)]
        assert not absent, f"after `{step.command}` not printed: {absent}\nprinted:\n{printed}"
        if not any(line.startswith("error") for line in step.shown):
            assert done.returncode == 0, f"`{step.command}` failed:\n{printed}"


def test_commands_that_are_not_run_are_those_that_install_or_never_end() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    readme = "\n".join(blocks("sh", ROOT / "README.md"))
    assert [line for line in lines if line not in ENDLESS and line not in readme] == []


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("1 notebooks run (...", "1 notebooks run (5 s of work)", True),
        ("a  b", "a b", True),
        ("1 notebooks run (...", "2 notebooks run", False),
    ],
)
def test_a_shown_line_matches_with_gaps(shown: str, printed: str, expected: bool) -> None:
    assert occurs(shown, printed) is expected
