"""One run at a time, and none where the reports cannot be put in place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lostudy.errors import RunError
from lostudy.run import run_study
from lostudy.run.alone import alone, check_writable
from lostudy.study import Study


def test_a_second_run_of_the_same_study_is_refused_and_a_later_one_is_not(study: Study) -> None:
    with alone(study.folder), pytest.raises(RunError) as error:
        run_study(study, organisation="A")
    assert str(error.value) == (
        "reports: another run of this study is under way. "
        "To do: wait until it has ended, then run again"
    )
    with alone(study.folder):
        assert not (study.folder / "reports").exists()


def test_a_file_where_the_reports_go_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("mijn aantekeningen", encoding="utf-8")
    with pytest.raises(RunError, match="it is a file, not a folder"):
        check_writable(tmp_path, tmp_path / "reports")
    assert (tmp_path / "reports").read_text(encoding="utf-8") == "mijn aantekeningen"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("name", ["reports", "reports.old"])
def test_a_folder_that_cannot_be_written_is_told_before_any_work(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name).chmod(0o555)
    with pytest.raises(RunError, match=f"{name}: it cannot be written"):
        check_writable(tmp_path, tmp_path / "reports")


def test_what_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for root, whom the system lets write everywhere."""
    (tmp_path / "reports.old").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "reports.old")
    with pytest.raises(RunError, match=r"reports\.old: it cannot be written"):
        check_writable(tmp_path, tmp_path / "reports")
