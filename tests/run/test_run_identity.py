"""Each notebook proves whose it is: none is swapped, and none is equal where it should differ."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from run_helpers import OPEN, write_notebook

from lostudy.run import Job, plan, run_study, status
from lostudy.run.identity import carried, facts_of, names, proof
from lostudy.study import Study

LINE = "lq2 · Organisatie {} · alle metingen · n = 55–65 · gesimuleerd"


def notebook(folder: Path, job: Job, *shown: str) -> None:
    """An executed notebook with tables that show the given lines."""
    html = '<table class="lostudy"></table>'
    outputs = [{"data": {"text/html": [html], "text/plain": [text]}} for text in shown]
    made = {"metadata": {"lostudy": facts_of(job)}, "cells": [{"outputs": outputs}]}
    (folder / job.name).mkdir(parents=True, exist_ok=True)
    (folder / job.name / "notebook.ipynb").write_text(json.dumps(made), encoding="utf-8")


def job(organisation: str, key: str = "k") -> Job:
    return Job(Path("20-lq2.ipynb"), organisation, "all", "nl", key)


def test_a_notebook_carries_its_run_and_its_key(study: Study) -> None:
    run_study(study, organisation="B")
    reports = study.folder / "reports"
    wanted = status(study, plan(study, organisation="B"), reports)[0].job
    assert carried(reports / "00-proof" / "B") == facts_of(wanted)
    assert len(wanted.key) == 32 and proof(study, [wanted], reports) == {}
    metadata = json.loads((reports / wanted.name / "notebook.ipynb").read_text())["metadata"]
    assert len(metadata["lostudy"]["n"]) == 1, "how many persons it is about"
    assert int(metadata["lostudy"]["n"][0].split("–")[0]) % 5 == 0


def test_a_notebook_that_does_not_use_its_parameter_fails(study: Study) -> None:
    fixed = OPEN.replace("organisation=organisation", 'organisation="A"')
    write_notebook(study.folder / "notebooks" / "00-proof.ipynb", fixed)
    outcomes = {each.job.organisation: each for each in run_study(study).ran}
    assert {name for name, each in outcomes.items() if each.failed} == {"B", "C", "D", "all"}
    assert outcomes["B"].failed == "it does not prove whose it is"
    assert outcomes["B"].said == "1 outputs do not name Organisatie B"
    assert not (study.folder / "reports" / "00-proof" / "B").exists()


def test_swapped_outputs_are_told(study: Study, tmp_path: Path) -> None:
    jobs = [job("A"), job("B")]
    for each in jobs:
        notebook(tmp_path, each, LINE.format(each.organisation))
    assert proof(study, jobs, tmp_path) == {}
    shutil.move(tmp_path / "20-lq2" / "A", tmp_path / "kept")
    shutil.move(tmp_path / "20-lq2" / "B", tmp_path / "20-lq2" / "A")
    shutil.move(tmp_path / "kept", tmp_path / "20-lq2" / "B")
    said = proof(study, jobs, tmp_path)
    assert {each.what for each in said.values()} == {"it is the output of another run"}
    assert set(said) == {"20-lq2/A", "20-lq2/B"}


def test_an_output_made_from_something_else_is_told(study: Study, tmp_path: Path) -> None:
    notebook(tmp_path, job("A", "old"), LINE.format("A"))
    assert "20-lq2/A" in proof(study, [job("A", "new")], tmp_path)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"A": f"{LINE.format('A')}\n{LINE.format('B')}"}, "it shows the same as 20-lq2/A"),
        ({"A": LINE.format("A"), "B": LINE.format("A")}, "1 outputs do not name Organisatie B"),
    ],
)
def test_outputs_that_are_equal_where_they_should_differ_are_told(
    study: Study, tmp_path: Path, shown: dict[str, str], said: str
) -> None:
    for each in (job("A"), job("B")):
        notebook(tmp_path, each, shown.get(each.organisation, shown["A"]))
    wrong = proof(study, [job("A"), job("B")], tmp_path)
    assert {name: each.what for name, each in wrong.items()} == {"20-lq2/B": said}


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        ("lq2 · Organisatie B Noord · alle metingen · gesimuleerd", "Organisatie B Noord"),
        ("Organisatie 19 · T0 · n = 10 · gesimuleerd", "Organisatie 19"),
        ("Titel\nlq1 · Huis (Oost) · T0 · echt. Gegevens: X · Y", "Huis (Oost)"),
        ("lq1 · Organisatie 1 · T0 · echt", "Organisatie 1"),
    ],
)
def test_the_name_of_an_organisation_is_the_whole_name(line: str, whose: str) -> None:
    others = ["Organisatie B", "Organisatie 1", "Organisatie 19", "Huis", "Oost", "T0", "Noord"]
    assert names(line, whose)
    assert not [name for name in others if name != whose and names(line, name)]


def test_a_notebook_that_shows_nothing_of_lostudy_is_told(study: Study) -> None:
    write_notebook(study.folder / "notebooks" / "10-sum.ipynb", "1 + 1")
    told = {each.job.stem: each.unproven for each in run_study(study, organisation="A").ran}
    assert told == {"00-proof": False, "10-sum": True}
