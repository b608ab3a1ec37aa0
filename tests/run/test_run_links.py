"""Reports that are a link, and links that are left over."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from lostudy.errors import RunError
from lostudy.run import assemble, raise_failures, run_study
from lostudy.run.alone import check_writable
from lostudy.run.assemble import mended, swap
from lostudy.study import Study


def test_reports_that_are_a_link_are_written_where_it_leads(study: Study, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "pages").mkdir()
    reports = study.folder / "reports"
    reports.symlink_to(shelf / "pages")
    raise_failures(run_study(study, organisation="A"))
    assert reports.is_symlink() and (shelf / "pages" / "00-proof" / "A" / "index.html").exists()
    assert [path.name for path in shelf.iterdir()] == ["pages"]
    assert run_study(study, organisation="A").ran == ()
    (shelf / "pages").rename(shelf / "pages.old")
    assert run_study(study, organisation="A").ran == (), "cut off between the two renames"


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reports").symlink_to(tmp_path / "gone" / "pages")
    with pytest.raises(RunError, match="it is a link that leads nowhere"):
        check_writable(tmp_path, tmp_path / "reports")
    (tmp_path / "gone").mkdir()
    check_writable(tmp_path, tmp_path / "reports")


@pytest.mark.parametrize("name", ["reports.new", "reports.old"])
def test_a_file_in_the_way_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(RunError, match=f"{name}: it is a file, not a folder"):
        check_writable(tmp_path, tmp_path / "reports")


@pytest.mark.parametrize("to", ["gone", "other"])
def test_a_link_that_was_left_in_the_way_is_taken_away_alone(tmp_path: Path, to: str) -> None:
    for name in ("reports", "reports.new", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name, encoding="utf-8")
    (tmp_path / "reports.old").symlink_to(tmp_path / to)
    assert mended(tmp_path / "reports") == (tmp_path / "reports").resolve()
    swap(tmp_path / "reports.new", tmp_path / "reports")
    assert (tmp_path / "reports" / "x").read_text() == "reports.new"
    assert (tmp_path / "other" / "x").read_text() == "other"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "reports"]


def test_a_disk_that_is_full_while_folders_are_copied_is_told(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_failures(run_study(study, organisation="A"))

    def full(origin: Path, target: Path) -> None:
        said = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        raise shutil.Error([(str(origin), str(target), str(said))])

    monkeypatch.setattr(assemble.shutil, "copytree", full)
    with pytest.raises(RunError, match="the disk is full, or a quota is") as error:
        run_study(study, organisation="B")
    assert error.value.exit_code == 13 and "make room" in str(error.value)
    assert (study.folder / "reports" / "00-proof" / "A" / "index.html").exists()
