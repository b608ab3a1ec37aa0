"""What a run keeps under data/: as long as it belongs to something, and no longer."""

from __future__ import annotations

import sys

import pytest
from run_helpers import OPEN, write_notebook

from lostudy.run import Outcome, overview, raise_failures, run_study
from lostudy.run.runner import failure
from lostudy.study import Study

SHOWS = "study.responses.head()"


def said(study: Study) -> dict[str, str]:
    return {each.job.name: each.why for each in overview(study)}


def names(study: Study) -> set[str]:
    folders = [study.folder / name for name in ("reports", "data/executed", "data/failed",
                                                "data/ledger/current")]  # fmt: skip
    found = [path for folder in folders for path in folder.glob("*")]
    return {path.relative_to(study.folder).as_posix() for path in found}


def test_a_failure_is_told_by_status_until_it_is_mended_or_another(study: Study) -> None:
    path = study.folder / "notebooks" / "00-proof.ipynb"
    write_notebook(path, OPEN, "raise ValueError('geheim')")
    (outcome,) = run_study(study, organisation="A").failed
    assert "data/failed/00-proof-A.failed.ipynb" in str(failure(outcome))
    assert said(study)["00-proof/A"] == "failed: ValueError"
    assert "reports/00-proof" not in names(study), "nothing stands there, so no folder does"
    write_notebook(path, OPEN, "raise KeyError('geheim')")
    assert said(study)["00-proof/A"] == "never run"
    write_notebook(path, OPEN, "lo.response(study)")
    raise_failures(run_study(study, organisation="A"))
    assert said(study)["00-proof/A"] == ""
    assert not [name for name in names(study) if name.startswith("data/failed")]


def test_what_a_notebook_left_goes_when_the_notebook_goes(study: Study) -> None:
    folder = study.folder / "notebooks"
    write_notebook(folder / "10-gone.ipynb", OPEN, SHOWS)
    write_notebook(folder / "20-fails.ipynb", "raise ValueError")
    assert len(run_study(study, organisation="A").failed) == 1
    assert {"reports/10-gone", "data/executed/10-gone-A.ipynb", "data/ledger/current/10-gone",
            "data/failed/20-fails-A.failed.ipynb"} <= names(study)  # fmt: skip
    for name in ("10-gone", "20-fails"):
        (folder / f"{name}.ipynb").unlink()
    assert run_study(study, organisation="A").ran == ()
    assert not [name for name in names(study) if "gone" in name or "fails" in name]
    assert "data/ledger/current/00-proof" in names(study)


def test_a_failure_of_which_nothing_could_be_kept_points_at_no_file(study: Study) -> None:
    job = overview(study)[0].job
    lost = Outcome(job, 1.0, "its process ended with signal 9")
    assert str(failure(lost)) == (
        "notebooks/00-proof.ipynb (all): its process ended with signal 9. "
        "To do: mend the notebook, and `lostudy run` again"
    )


@pytest.mark.parametrize("engine", ["warm", "forked", "kernel"])
def test_a_module_beside_the_notebook_is_found_and_is_a_reason_to_run(
    study: Study, engine: str
) -> None:
    if engine != "kernel" and sys.platform != "linux":
        pytest.skip("the warm engines are for Linux")
    helper = study.folder / "notebooks" / "helper.py"
    helper.write_text("WHICH = 'A'", encoding="utf-8")
    cell = "import helper\n\nassert helper.WHICH == organisation"
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", OPEN, cell)
    raise_failures(run_study(study, organisation="A", engine=engine))
    assert run_study(study, organisation="A", engine=engine).ran == ()
    copy = helper.parent / ".ipynb_checkpoints" / "helper-checkpoint.py"
    copy.parent.mkdir()
    copy.write_text("", encoding="utf-8")
    assert run_study(study, organisation="A", engine=engine).ran == (), "the copy of an editor"
    helper.write_text("WHICH = 'B'", encoding="utf-8")
    assert run_study(study, organisation="A", engine=engine).failed[0].failed == "AssertionError"


def test_a_notebook_without_a_cell_for_parameters_is_told_once(
    study: Study, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lostudy import cli

    path = study.folder / "notebooks" / "00-proof.ipynb"
    write_notebook(path, OPEN)
    text = path.read_text(encoding="utf-8").replace('"parameters"', '"others"')
    path.write_text(text.replace('= \\"all', '= \\"A', 1), encoding="utf-8")
    place = ["--study", str(study.folder), "--organisation", "A"]
    monkeypatch.setattr(sys, "argv", ["lostudy", "run", *place])
    with pytest.raises(SystemExit):
        cli.main()
    told = capfd.readouterr()
    lines = [line for line in (told.out + told.err).splitlines() if "parameter" in line.lower()]
    assert len(lines) == 1 and "00-proof.ipynb has no cell with the tag `parameters`" in lines[0]
