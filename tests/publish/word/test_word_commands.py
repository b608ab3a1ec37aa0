"""The commands for authors as they are typed: what they overwrite is kept, what is wrong is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lostudy.cli.essay import essay
from lostudy.errors import DocumentError, StudyError
from lostudy.run.inventory import take_stock
from publish.word.word_helpers import document, registry

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The declaration of the shipped study, with a small registry and no data."""
    folder = tmp_path_factory.mktemp("study")
    shutil.copy(ROOT / "study.toml", folder)
    shutil.copytree(ROOT / "codebook", folder / "codebook")
    records = registry(folder / "reports")
    for each in records.values():
        each["parameters"] = {"organisation": "all"}
    text = json.dumps(list(records.values()))
    (folder / "reports" / "findings.json").write_text(text, encoding="utf-8")
    return folder


def call(study: Path, *words: str) -> str:
    done = CliRunner().invoke(essay, [*words, "--study", str(study)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_blocks_keep_the_document_that_they_replace_once(study: Path, tmp_path: Path) -> None:
    path = document(tmp_path / "essay.docx", "maanden werk van de auteur")
    before = path.read_bytes()
    assert "essay.backup-1.docx" in call(study, "blocks", "-o", str(path))
    assert (tmp_path / "essay.backup-1.docx").read_bytes() == before
    assert "backup" not in call(study, "blocks", "-o", str(path))


def test_a_release_keeps_the_copy_that_a_designer_changed(study: Path, tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx", "In A is het {{lq2.VA.A}}.")
    call(study, "refresh", str(path))
    changed = document(tmp_path / "a-release.docx", "met de hand verbeterd").read_bytes()
    assert "a-release.backup-1.docx" in call(study, "release", str(path))
    assert (tmp_path / "a-release.backup-1.docx").read_bytes() == changed


@pytest.mark.parametrize("command", ["blocks", "release"])
def test_a_document_that_is_open_is_not_replaced(
    command: str, study: Path, tmp_path: Path
) -> None:
    path = document(tmp_path / "a.docx", "In A is het {{lq2.VA.A}}.")
    call(study, "refresh", str(path))
    target = document(tmp_path / "other.docx", "open in Word")
    (tmp_path / "~$other.docx").touch()
    before = target.read_bytes()
    words = [command, *([str(path)] if command == "release" else []), "-o", str(target)]
    with pytest.raises(DocumentError, match="open in Word"):
        call(study, *words)
    assert target.read_bytes() == before


def test_a_language_or_question_that_is_not_there_is_said(study: Path, tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}")
    said = call(study, "refresh", str(path), "--language", "xx")
    assert "nl or en" in said and "Traceback" not in said
    with pytest.raises(StudyError, match="no question 'zz'"):
        call(study, "blocks", "--question", "zz", "-o", str(tmp_path / "b.docx"))
    assert not (tmp_path / "b.docx").exists()


@pytest.mark.parametrize("name", ["findings.json", "fig/levels.png"])
def test_a_registry_or_figure_changed_by_hand_is_said_and_stops_a_release(
    name: str, study: Path, tmp_path: Path
) -> None:
    own = tmp_path / "study"
    shutil.copytree(study, own)
    take_stock(own, own / "reports", [], [])
    path = document(tmp_path / "a.docx", "{{lq2.fig.levels}}")
    target = tmp_path / "b.docx"
    assert "warning" not in call(own, "refresh", str(path))
    with (own / "reports" / name).open("ab") as file:
        file.write(b" ")
    for command in ("check", "refresh"):
        said = call(own, command, str(path))
        assert f"warning: reports/{name}: this file is not as the run made it" in said
    with pytest.raises(DocumentError, match="not as the run made it"):
        call(own, "release", str(path), "-o", str(target))
    assert not target.exists()


def test_a_figure_changed_by_hand_that_a_document_does_not_use_is_not_its_concern(
    study: Path, tmp_path: Path
) -> None:
    own = tmp_path / "study"
    shutil.copytree(study, own)
    take_stock(own, own / "reports", [], [])
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}")
    with (own / "reports" / "fig" / "levels.png").open("ab") as file:
        file.write(b" ")
    assert "warning" not in call(own, "refresh", str(path))
