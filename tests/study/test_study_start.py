"""A new study: it loads once it is signed, and nothing is written over."""

import json
from pathlib import Path

import pytest

from lostudy.errors import StudyError
from lostudy.study import load_study
from lostudy.study.start import start_study


@pytest.fixture
def started(tmp_path):
    folder = tmp_path / "Mijn Onderzoek"
    return folder, start_study(folder)


def sign(folder):
    path = folder / "study.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('signed_by = ""', 'signed_by = "X"').replace("# signed_on", "signed_on"),
        encoding="utf-8",
    )


def test_what_is_written(started):
    folder, written = started
    assert [path.relative_to(folder).as_posix() for path in written] == [
        ".gitignore", "codebook/corrections.csv", "codebook/crosswalk/.gitkeep",
        "codebook/items.csv", "codebook/labels.csv", "codebook/scales.csv", "data/raw/.gitkeep",
        "notebooks/00-response.ipynb", "notebooks/01-measurement.ipynb", "notebooks/10-lq1.ipynb",
        "study.toml",
    ]
    assert "/data/" in (folder / ".gitignore").read_text().split()


def test_it_stops_at_the_policy_and_at_nothing_else(started):
    with pytest.raises(StudyError) as caught:
        load_study(started[0])
    assert str(caught.value) == (
        "study.toml, row 41: the disclosure policy is not signed. To do: fill in signed_by and "
        "signed_on after the privacy officer agreed"
    )


def test_it_loads_once_it_is_signed(started):
    folder, _ = started
    sign(folder)
    study = load_study(folder)
    assert study.about.id == "mijn-onderzoek" and study.about.status == "real"
    assert study.scales["LW"].items == ("lw01", "lw02", "lw03")
    assert [each.id for each in study.organisations] == ["A", "B"]
    assert [each.id for each in study.waves] == ["T0"]


def test_its_notebooks_are_not_run_and_speak_two_languages(started):
    for path in (each for each in started[1] if each.suffix == ".ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
        assert all(cell["metadata"]["en"] for cell in cells if cell["cell_type"] == "markdown")
        assert [cell["metadata"].get("tags") for cell in code][0] == ["parameters"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "brief.docx").write_text("x")
    with pytest.raises(StudyError) as caught:
        start_study(tmp_path)
    assert str(caught.value).endswith(
        ": this folder exists and is not empty. To do: name a folder that does not exist yet"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["brief.docx"]


def test_an_empty_folder_and_a_file(tmp_path):
    assert len(start_study(tmp_path)) == 11
    file = Path(tmp_path / "study.toml")
    with pytest.raises(StudyError):
        start_study(file)
