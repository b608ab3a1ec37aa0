"""The whole run: only what changed, whole reports or the old ones, failures told and kept apart."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from run_helpers import OPEN, write_notebook

from lostudy.errors import RunError
from lostudy.run import overview, raise_failures, run_study
from lostudy.run.manifest import read_manifest
from lostudy.run.states import TEXT
from lostudy.study import Study
from lostudy.study.contents import DELIVERED


def ran(study: Study, **options: object) -> list[str]:
    summary = run_study(study, **options)  # type: ignore[arg-type]
    raise_failures(summary)
    return sorted(outcome.job.name for outcome in summary.ran)


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_run_writes_a_page_the_notebook_and_the_catalogue_and_a_second_run_does_nothing(
    study: Study,
) -> None:
    assert ran(study) == [f"00-proof/{group}" for group in ("A", "B", "C", "D", "all")]
    reports = study.folder / "reports"
    assert (reports / "index.html").exists() and (reports / "findings.json").exists()
    assert (reports / "00-proof" / "A" / "index.html").exists()
    before = content(reports)
    assert ran(study) == []
    assert content(reports) == before


def test_running_again_gives_the_same_bytes(study: Study) -> None:
    ran(study, organisation="A")
    before = content(study.folder / "reports")
    assert ran(study, organisation="A", force=True) == ["00-proof/A"]
    assert content(study.folder / "reports") == before


def test_prose_comments_and_layout_reach_the_page_without_running_and_code_runs(
    study: Study,
) -> None:
    cells = OPEN, "study.responses.head()", "took_part = lo.response(study)\ntook_part"
    path = study.folder / "notebooks" / "00-proof.ipynb"
    write_notebook(path, *cells)
    ran(study, organisation="A")
    same = "took_part = (  # who answered\n    lo.response(study)\n)\ntook_part"
    write_notebook(path, *cells[:2], same, prose="# Andere woorden")
    notebook = nbformat.read(path, as_version=4)
    last = nbformat.v4.new_markdown_cell("Tot slot.", metadata={"en": "In the end."})
    notebook.cells.insert(4, nbformat.v4.new_markdown_cell("Ertussen."))
    notebook.cells.append(last)
    nbformat.write(notebook, path)
    assert [each.why for each in overview(study) if each.job.organisation == "A"] == [TEXT]
    summary = run_study(study, organisation="A")
    assert (summary.ran, [job.name for job in summary.retold]) == ((), ["00-proof/A"])
    assert ran(study, organisation="A") == [] and not run_study(study, organisation="A").retold
    page = (study.folder / "reports" / "00-proof" / "A" / "index.html").read_text(encoding="utf-8")
    assert all(each in page for each in ("Andere woorden", "Ertussen.", "Tot slot."))
    folders = [study.folder / name for name in ("reports", "data/executed", "data/ledger/current")]
    renewed = [content(folder) for folder in folders]
    assert ran(study, organisation="A", force=True) == ["00-proof/A"]
    assert [content(folder) for folder in folders] == renewed, "as if it had been run"
    write_notebook(path, *cells[:2], "lo.response(study)")
    assert ran(study, organisation="A") == ["00-proof/A"]


def test_one_delivery_touches_its_organisation_and_the_overall_run_only(study: Study) -> None:
    ran(study)
    path = study.folder / "data" / "raw" / "A" / "T0" / "survey.csv"
    text = path.read_bytes()
    last = text.rstrip().rsplit(b"\n", 1)
    path.write_bytes(last[0] + b"\n")
    assert ran(study) == ["00-proof/A", "00-proof/all"]


def test_the_same_answers_in_another_file_run_nothing_but_who_shows_where_they_stood(
    study: Study,
) -> None:
    estimate = 'lo.estimate(study.question("lq2"))'
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", OPEN, estimate)
    rows = 'study.responses.head()'
    write_notebook(study.folder / "notebooks" / "10-rows.ipynb", OPEN, rows)
    ran(study, organisation="A")
    path = study.folder / "data" / "raw" / "A" / "T0" / "survey.csv"
    head, *lines = path.read_bytes().splitlines()
    path.write_bytes(b"\r\n".join([head, *reversed(lines), b""]))
    states = {each.job.name: each.why for each in overview(study)}
    assert states["00-proof/A"] == states["10-rows/A"] == DELIVERED
    assert ran(study, organisation="A") == ["10-rows/A"]
    folders = [study.folder / name for name in ("reports", "data/executed")]
    left = [content(folder) for folder in folders]
    assert ran(study, organisation="A", force=True) == ["00-proof/A", "10-rows/A"]
    assert [content(folder) for folder in folders] == left, "as if it had been run"
    path.write_bytes(b"\r\n".join([head, *lines[1:], b""]))
    assert ran(study, organisation="A") == ["00-proof/A", "10-rows/A"]


def test_a_failing_notebook_keeps_its_last_good_output_and_is_told_with_its_cell(
    study: Study,
) -> None:
    ran(study, organisation="A")
    good = content(study.folder / "reports" / "00-proof" / "A")
    write_notebook(
        study.folder / "notebooks" / "00-proof.ipynb", OPEN, "raise ValueError('geheim antwoord')"
    )
    with pytest.raises(RunError) as error:
        ran(study, organisation="A")
    assert str(error.value) == (
        "notebooks/00-proof.ipynb (A): ValueError, cell 5. "
        "To do: open data/failed/00-proof-A.failed.ipynb "
        "(it may hold answers: keep it there), mend the cell, and `lostudy run` again"
    )
    assert "geheim" not in str(error.value)
    assert content(study.folder / "reports" / "00-proof" / "A") == good
    assert (study.folder / "data" / "failed" / "00-proof-A.failed.ipynb").exists()
    assert b"geheim" not in b"".join(content(study.folder / "reports").values())


def test_an_error_of_ours_is_shown_in_full(study: Study) -> None:
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", OPEN, 'lo.estimate(study, "XX")')
    with pytest.raises(RunError, match="scale 'XX' does not exist"):
        ran(study, organisation="A")


def test_a_notebook_that_ends_its_process_touches_no_other(study: Study) -> None:
    write_notebook(study.folder / "notebooks" / "10-crash.ipynb", "import os\nos._exit(7)")
    summary = run_study(study, organisation="A")
    assert {outcome.job.stem: outcome.failed for outcome in summary.ran} == {
        "00-proof": "",
        "10-crash": "its process ended with code 7",
    }
    assert (study.folder / "reports" / "00-proof" / "A" / "index.html").exists()
    assert not (study.folder / "reports" / "10-crash" / "A").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the warm engine is for Linux")
def test_the_warm_engine_gives_the_notebook_that_a_kernel_gives(study: Study) -> None:
    cells = (
        OPEN, "print('een')\nprint('twee')\n3 + 4", "import sys\nprint('fout', file=sys.stderr)",
        "from IPython.display import display\ndisplay(study)\nNone",
        "lo.plot_response(lo.response(study))",
    )  # fmt: skip
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", *cells)
    made = {}
    for engine in ("warm", "kernel"):
        ran(study, organisation="A", engine=engine, force=True)
        made[engine] = (study.folder / "reports" / "00-proof" / "A" / "notebook.ipynb").read_bytes()
    assert made["warm"] == made["kernel"]


def test_an_interrupted_run_leaves_the_old_reports(study: Study) -> None:
    ran(study)
    before = content(study.folder / "reports")
    write_notebook(
        study.folder / "notebooks" / "00-proof.ipynb", OPEN, "import time\ntime.sleep(60)"
    )
    command = [sys.executable, "-m", "lostudy.cli", "run", "--study", str(study.folder)]
    # Who runs tests side by side ignores Ctrl-C, and so would its child.
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    time.sleep(12)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said.decode()[-300:]
    assert b"Interrupted: the reports are those of before" in said
    assert b"Traceback" not in said
    assert content(study.folder / "reports") == before


def test_a_run_cut_off_between_its_two_renames_finds_the_old_reports_again(study: Study) -> None:
    ran(study, organisation="A")
    before = content(study.folder / "reports")
    (study.folder / "reports").rename(study.folder / "reports.old")
    assert ran(study, organisation="A") == []
    assert content(study.folder / "reports") == before


def test_parameters_stand_in_the_executed_notebook_and_identity_in_every_output(
    study: Study,
) -> None:
    ran(study, organisation="B", language="en")
    notebook = nbformat.read(
        study.folder / "reports" / "00-proof" / "B" / "notebook.ipynb", as_version=4
    )
    injected = [
        cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", [])
    ]
    assert 'organisation = "B"' in injected[0].source and 'language = "en"' in injected[0].source
    outputs = [
        output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]
    assert len(outputs) == 2
    assert all("Organisation B" in text and "simulated" in text for text in outputs)


def test_a_wrong_delivery_stops_before_any_notebook_and_keeps_the_reports(study: Study) -> None:
    ran(study, organisation="A")
    before = content(study.folder / "reports")
    (study.folder / "data" / "raw" / "A" / "T0" / "survey.csv").write_bytes(b"")
    command = [sys.executable, "-m", "lostudy.cli", "run", "--study", str(study.folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 11
    assert b"A/T0/survey.csv" in done.stderr and b"Traceback" not in done.stderr
    assert content(study.folder / "reports") == before


def test_findings_name_their_notebook_and_plan(study: Study) -> None:
    write_notebook(
        study.folder / "notebooks" / "00-proof.ipynb",
        OPEN,
        'levels = lo.estimate(study.question("lq2"))',
        'lo.numbers("proof", levels)',
    )
    ran(study)
    records = json.loads((study.folder / "reports" / "findings.json").read_text(encoding="utf-8"))
    assert {record["notebook"] for record in records} == {"00-proof/all"}
    assert all(record["plan"] and record["tables"] and record["method"] for record in records)
    assert len({record["id"] for record in records}) == len(records) > 8


def test_nothing_of_the_machine_stands_in_the_reports(study: Study) -> None:
    ran(study, organisation="A")
    everything = b"".join(content(study.folder / "reports").values())
    assert str(study.folder).encode() not in everything
    shutil.rmtree(study.folder / "reports")


def test_a_run_in_another_language_leaves_the_other_pages_and_the_catalogue_as_they_are(
    study: Study,
) -> None:
    ran(study)
    pages = {
        name: study.folder / "reports" / name for name in ("00-proof/A/index.html", "index.html")
    }
    before = {name: path.read_bytes() for name, path in pages.items()}
    assert ran(study, organisation="B", language="en") == ["00-proof/B"]
    english = (study.folder / "reports" / "00-proof" / "B" / "index.html").read_text(
        encoding="utf-8"
    )
    assert '<html lang="en">' in english
    assert pages["00-proof/A/index.html"].read_bytes() == before["00-proof/A/index.html"]
    assert '<html lang="nl">' in pages["index.html"].read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"00-proof/A": "of another version"}'])
def test_a_manifest_that_cannot_be_read_makes_everything_run_again(study: Study, text: str) -> None:
    (study.folder / "reports").mkdir()
    (study.folder / "reports" / "manifest.json").write_text(text, encoding="utf-8")
    assert read_manifest(study.folder / "reports") == {}


HEAVY = ("pandas", "numpy", "scipy", "matplotlib", "nbformat", "papermill", "pyarrow")


@pytest.mark.parametrize("command", ["run", "status"])
def test_that_nothing_changed_is_known_before_anything_heavy_is_imported(
    study: Study, command: str
) -> None:
    ran(study)
    said = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print([each for each in {HEAVY} if each in sys.modules]))\n"
        f"sys.argv = ['lostudy', {command!r}]\n"
        "from lostudy.cli import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", said], cwd=study.folder, capture_output=True, text=True, check=True
    )
    assert "up to date" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_run_that_finds_nothing_to_do_counts_the_findings_that_stand_there(
    study: Study,
) -> None:
    claim = 'took_part = lo.response(study)\nlo.numbers("response", took_part)'
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", OPEN, claim)
    write_notebook(study.folder / "notebooks" / "50-own.ipynb", OPEN, claim)
    first = run_study(study)
    raise_failures(first)
    stands = json.loads((study.folder / "reports" / "findings.json").read_text(encoding="utf-8"))
    assert run_study(study).findings == first.findings == len(stands) > 0
