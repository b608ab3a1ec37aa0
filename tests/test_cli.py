"""Each command on a small copy of the study: what it says, its exit code, and never a traceback."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from lostudy import cli

ROOT = Path(__file__).parents[1]
COMMANDS = (
    "run", "check", "codebook", "coding", "clean", "status", "crosswalk", "findings", "release",
    "simulate", "new", "trace", "essay", "kernel", "scrub", "disagreements",
)  # fmt: skip


class Said:
    """What a command did: exit code and both streams."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        return f"exit {self.code}\n{self.out}\n{self.err}"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable:
    """The command line in this process."""

    def command(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["lostudy", *map(str, words)])
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        streams = capsys.readouterr()
        assert "Traceback" not in streams.out + streams.err
        return Said(code, streams.out, streams.err)

    return command


def notebook(path: Path, *cells: str) -> None:
    """A notebook with the parameters of every notebook, and these cells."""
    made = nbformat.v4.new_notebook()
    parameters = 'organisation = "all"\nwave = "all"\nlanguage = "nl"'
    opening = (
        "import lostudy as lo\n"
        "study = lo.open_study(organisation=organisation, wave=wave, language=language)"
    )
    made.cells = [nbformat.v4.new_code_cell(text) for text in (parameters, opening, *cells)]
    made.cells[0].metadata["tags"] = ["parameters"]
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python",
        "language": "python",
    }
    nbformat.write(made, path)


def copied(folder: Path) -> Path:
    """The declaration, and the deliveries of the smallest organisation only."""
    for name in ("codebook", "data/raw/D"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "study.toml", folder)
    (folder / "notebooks").mkdir()
    return folder


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with one small notebook, run once."""
    folder = copied(tmp_path_factory.mktemp("small"))
    response = 'took_part = lo.response(study)\nlo.numbers("response", took_part)'
    notebook(folder / "notebooks" / "00-response.ipynb", response)
    command = [sys.executable, "-m", "lostudy.cli", "run", "--study", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    return folder


def test_a_run_ends_with_what_to_do_next(study: Path, call: Callable) -> None:
    said = call("run", "--study", study)
    assert said.code == 0
    assert "0 notebooks run" in said.out and "0 failed" in said.out
    assert "Next: `lostudy findings` lists the numbers by name." in said.out


def test_status_says_what_is_up_to_date(study: Path, call: Callable) -> None:
    said = call("status", "--study", study)
    assert said.code == 0
    assert "00-response/D" in said.out and "up to date" in said.out
    rows = json.loads(call("status", "--study", study, "--json").out)
    assert [row["job"] for row in rows] == ["00-response/all", "00-response/D"]


def test_status_sees_a_changed_notebook(study: Path, call: Callable, tmp_path: Path) -> None:
    kept = tmp_path / "kept.ipynb"
    place = study / "notebooks" / "00-response.ipynb"
    shutil.copy(place, kept)
    notebook(place, "1 + 1")
    rows = json.loads(call("status", "--study", study, "--json").out)
    shutil.copy(kept, place)
    assert {row["why"] for row in rows} == {"changed"}


def test_findings_are_listed_and_chosen_by_their_beginning(study: Path, call: Callable) -> None:
    said = call("findings", "--study", study)
    assert said.code == 0 and "response.D.T0.kept" in said.out
    some = call("findings", "response.D", "--study", study)
    assert some.out and all(line.startswith("response.D") for line in some.out.splitlines())
    records = json.loads(call("findings", "response.D.T0.kept", "--study", study, "--json").out)
    assert [record["id"] for record in records] == ["response.D.T0.kept"]


def test_a_finding_that_does_not_exist_has_neighbours(study: Path, call: Callable) -> None:
    said = call("findings", "response.D.T0.keep", "--study", study)
    assert said.code == 10
    assert said.err.startswith("error: finding 'response.D.T0.keep' does not exist. To do: near:")


def test_findings_tell_what_changed(study: Path, call: Callable, tmp_path: Path) -> None:
    records = json.loads((study / "reports" / "findings.json").read_text(encoding="utf-8"))
    kept = tmp_path / "before.json"
    kept.write_text(json.dumps(records), encoding="utf-8")
    assert call("findings", "--diff", kept, "--study", study).out.strip() == "Nothing changed."
    changed = [{**records[0], "value": 5, "n": 5}, *records[2:]]
    kept.write_text(json.dumps(changed), encoding="utf-8")
    lines = call("findings", "--diff", kept, "--study", study).out.splitlines()
    assert lines[0].startswith(f"{records[1]['id']}: is nieuw: ")
    assert any(line.startswith(f"{records[0]['id']}: waarde 5 → ") for line in lines)


def test_a_tolerance_below_nothing_is_wrong_usage(study: Path, call: Callable) -> None:
    said = call("findings", "--diff", "x.json", "--tolerance", "-1", "--study", study)
    assert said.code == 2


@pytest.mark.parametrize("revision", ["no-such-revision", "--output=x"])
def test_a_revision_that_is_none_is_refused(revision: str, study: Path, call: Callable) -> None:
    said = call("findings", f"--diff={revision}", "--study", study)
    assert said.code == 10
    assert "is no file, and holds no reports/findings.json in git" in said.err


@pytest.mark.parametrize(
    "content", [b'{"a": 1}', b'[{"id": "x"}]', b"[1]", b'["x"]', b"\xff\xfe", b"[null]"]
)
def test_a_file_that_holds_no_findings_is_refused(
    content: bytes, study: Path, call: Callable, tmp_path: Path
) -> None:
    (tmp_path / "x.json").write_bytes(content)
    said = call("findings", "--diff", tmp_path / "x.json", "--study", study)
    assert said.code == 13 and "x.json: this holds no findings" in said.err


def test_check_lists_every_problem_as_a_row(study: Path, call: Callable) -> None:
    said = call("check", "--study", study)
    assert said.code == 0
    assert "1 of 4 organisations can be cleaned" in said.out
    rows = json.loads(call("check", "--study", study, "--json").out)
    assert {row["severity"] for row in rows} == {"repair", "note"}
    assert {row["file"].split("/")[0] for row in rows} == {"D"}
    shutil.copytree(ROOT / "data" / "raw" / "A", study / "data" / "raw" / "A")
    rows = json.loads(call("check", "--study", study, "--json").out)
    shutil.rmtree(study / "data" / "raw" / "A")
    assert rows and {"what", "cure", "file", "row", "column", "rule", "severity"} <= set(rows[0])


def test_clean_writes_tables_and_the_flow(study: Path, call: Callable) -> None:
    said = call("clean", "--study", study)
    assert said.code == 0
    assert "invited" in said.out and "about persons: it never leaves" in said.out


def test_a_delivery_that_cannot_be_read_is_exit_code_11(call: Callable, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    broken = folder / "data" / "raw" / "D" / "T0" / "survey.xlsx"
    broken.write_bytes(b"\x00\x01geheim antwoord\x02")
    for command in ("check", "clean", "run"):
        if command == "run":
            notebook(folder / "notebooks" / "00-response.ipynb", "1")
        said = call(command, "--study", folder)
        assert said.code == 11, said
        text = said.out + said.err
        assert "D/T0/survey.xlsx" in text and "geheim" not in text
    assert not (folder / "reports").exists()


def test_an_unknown_column_is_exit_code_11_and_names_the_column(
    call: Callable, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    shutil.copytree(ROOT / "data" / "raw" / "A", folder / "data" / "raw" / "A")
    delivery = folder / "data" / "raw" / "A" / "T0" / "survey.csv"
    text = delivery.read_bytes().decode("cp1252").replace("pm01.", "nieuw99.", 1)
    delivery.write_bytes(text.encode("cp1252"))
    said = call("check", "--study", folder)
    assert said.code == 11 and "nieuw99" in said.out + said.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('status = "simulated"', 'status = "maybe"'), "status"),
        (("threshold = 10", "treshold = 10"), "treshold"),
    ],
    ids=["a value", "a key"],
)
def test_a_wrong_declaration_is_exit_code_10(
    change: tuple[str, str], said: str, call: Callable, tmp_path: Path
) -> None:
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    assert change[0] in text
    shutil.copytree(ROOT / "codebook", tmp_path / "codebook")
    (tmp_path / "study.toml").write_text(text.replace(*change, 1), encoding="utf-8")
    found = call("status", "--study", tmp_path)
    assert found.code == 10
    assert said in found.err and "study.toml" in found.err


@pytest.mark.parametrize(
    "given",
    [
        ["--question", "lq9"],
        ["--organisation", "E"],
        ["--wave", "T9"],
        ["--language", "fr"],
    ],
)
def test_a_parameter_that_does_not_exist_is_exit_code_10_before_anything_starts(
    given: list[str], study: Path, call: Callable
) -> None:
    said = call("run", "--study", study, *given)
    assert said.code == 10
    assert given[1] in said.err and "To do: " in said.err
    assert said.out == ""


def test_without_a_study_it_says_where_to_look(
    call: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = call("status")
    assert said.code == 10 and "study.toml" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ["fly"], ["run", "--fast"], ["run", "--jobs", "0"], ["crosswalk"],
        ["run", "--executor", "dask"], ["run", "--scheduler", "tcp://127.0.0.1:9"],
        ["run", "--shard", "1/2", "--force"], ["run", "--limit", "0"],
    ],
)  # fmt: skip
def test_wrong_use_is_exit_code_2(words: list[str], call: Callable) -> None:
    assert call(*words).code == 2


def test_a_notebook_that_fails_is_exit_code_13(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "failing"
    shutil.copytree(study, folder)
    notebook(folder / "notebooks" / "00-response.ipynb", "1 / 0")
    command = [sys.executable, "-m", "lostudy.cli", "run", "--study", str(folder)]
    done = subprocess.run(
        [*command, "--organisation", "D"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 13, done
    assert "ZeroDivisionError" in done.stderr and "Traceback" not in done.stderr
    assert "data/failed/00-response-D.failed.ipynb" in done.stderr
    old = nbformat.read(folder / "reports" / "00-response" / "D" / "notebook.ipynb", as_version=4)
    assert "lo.response(study)" in old.cells[-1].source, "the last good output stays"


def test_findings_before_a_run_are_exit_code_13(call: Callable, tmp_path: Path) -> None:
    said = call("findings", "--study", copied(tmp_path))
    assert said.code == 13
    assert said.err == (
        "error: reports/findings.json: there are no findings yet. To do: run `lostudy run` first\n"
    )


def test_an_interruption_is_no_traceback(call: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(folder: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "declared_study", stop)
    assert call("status").code == 130


def test_simulate_gives_the_same_bytes_for_a_seed(call: Callable, tmp_path: Path) -> None:
    said = call("simulate", tmp_path / "raw", "--seed", 7, "--study", ROOT)
    assert said.code == 0 and "truths.json" in said.out
    assert (tmp_path / "raw" / "D" / "T0" / "survey.xlsx").is_file()


def test_a_crosswalk_template_is_written(call: Callable, tmp_path: Path) -> None:
    file = ROOT / "data" / "raw" / "A" / "T0" / "survey.csv"
    said = call("crosswalk", file, "-o", tmp_path / "A-T3.csv", "--study", ROOT)
    assert said.code == 0 and "columns:" in said.out
    assert (tmp_path / "A-T3.csv").read_text(encoding="utf-8-sig").startswith("source,text,target")


def test_a_new_study_waits_for_a_signed_policy(call: Callable, tmp_path: Path) -> None:
    said = call("new", tmp_path / "mine")
    assert said.code == 0 and "study.toml" in said.out
    unsigned = call("status", "--study", tmp_path / "mine")
    assert unsigned.code == 10 and "the disclosure policy is not signed" in unsigned.err
    assert call("new", tmp_path / "mine").code == 10, "what exists is not written over"


def test_coded_interviews_go_back_to_a_tool(study: Path, call: Callable, tmp_path: Path) -> None:
    file = ROOT / "data" / "raw" / "A" / "T2" / "interviews.qdpx"
    said = call("coding", file, "--out", tmp_path / "a.qdpx")
    assert said.code == 0 and "coded passages     184" in said.out
    assert "it holds what people said: keep it with the deliveries" in said.out
    as_json = call("coding", tmp_path / "a.qdpx", "--json")
    assert json.loads(as_json.out)["place exact"] == 184
    own = tmp_path / "own.qdpx"
    shutil.copy(file, own)
    for out, says in ((own, "written over"), (tmp_path / "nergens" / "a.qdpx", "does not exist"),
                      (study / "data" / "raw" / "D" / "a.qdpx", "deliveries as they came")):
        wrong = call("coding", own, "--out", out)
        assert wrong.code == 11 and says in wrong.err
        assert own.read_bytes() == file.read_bytes()
    assert not (study / "data" / "raw" / "D" / "a.qdpx").exists()
    refused = call("coding", file, "--out", tmp_path / "a.xlsx")
    assert refused.code == 11 and "only REFI-QDA projects" in refused.err
    stranger = call("coding", tmp_path / "a.qdpx", "--cleaned", "--study", study)
    assert stranger.code == 11 and "not among the cleaned deliveries" in stranger.err



def test_scrub_writes_a_text_without_names_and_shows_none(
    call: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, text, out = (tmp_path / name for name in ("names.csv", "a.txt", "b.txt"))
    names.write_text("kind,text\nperson,Eva\n", encoding="utf-8")
    monkeypatch.setenv("LOSTUDY_NAMES", str(names))
    text.write_text("Eva belde 06-12345678.\nToen kwam Hendrik.\n", encoding="utf-8")
    said = call("scrub", text, "--out", out, "--study", ROOT)
    assert said.code == 0 and "1  phone" in said.out and "1  person" in said.out
    assert "1 words for a person to look at: line 2" in said.out
    assert not any(name in said.out for name in ("Eva", "Hendrik", "0612", "06-12"))
    written = "[naam] belde [telefoonnummer].\nToen kwam Hendrik.\n"
    assert out.read_text(encoding="utf-8") == written
    again = call("scrub", text, "--out", out, "--study", ROOT, "--json")
    assert again.code != 0 and "the file to write exists" in again.err
    assert out.read_text(encoding="utf-8") == written
    told = json.loads(call("scrub", text, "--study", ROOT, "--json").out)
    assert told == {"replaced": {"person": 1, "phone": 1}, "look": [2]}
    text.write_bytes(b"\xff\xfe")
    assert "this text cannot be read" in call("scrub", text, "--study", ROOT).err


def test_disagreements_are_written_under_data_only(
    call: Callable, study: Path, tmp_path: Path
) -> None:
    refused = call("disagreements", "--out", tmp_path / "list.csv", "--study", study)
    assert refused.code == 10 and "a list of what people said outside data/" in refused.err
    assert not (tmp_path / "list.csv").exists()
    said = call("disagreements", "--question", "lq2", "--study", study)
    assert said.code == 0 and "it never leaves" in said.out
    written = (study / "data" / "disagreements.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(written.splitlines()))
    assert len(rows) == int(re.search(r"^(\d+) places", said.out, re.MULTILINE).group(1)) > 0
    assert all(row["text"] and row["coder"] != row["other"] for row in rows)
    assert not any(row["text"] in said.out for row in rows)


def test_the_list_of_commands_is_whole() -> None:
    known = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
    groups = {group.typer_instance.info.name for group in cli.app.registered_groups}
    assert set(COMMANDS) == known | groups


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command: str, call: Callable) -> None:
    said = call(command, "--help")
    assert said.code == 0
    assert f"Example: lostudy {command}" in said.out


def test_without_a_command_it_shows_help(call: Callable) -> None:
    said = call()
    assert "Example: lostudy run" in said.out + said.err
