"""The crosswalks fit their files: each column mapped or ignored with a reason, labels known."""

import csv
import shutil

import pytest
from readback import cells, csv_rows

from lostudy.study import load_study
from lostudy.study.checks import FIELDS
from lostudy.study.codebook import normal

ALL = [f"{organisation}-{wave}" for organisation in "ABCD" for wave in ("T0", "T1", "T2")]


@pytest.fixture(scope="module")
def file_of(raw):
    return {name: next((raw / name[0] / name[2:]).glob("survey.*")) for name in ALL}


@pytest.mark.parametrize("name", ALL)
def test_every_column_is_in_the_crosswalk_and_the_other_way_round(study, file_of, name):
    headings = list(next(iter(cells(file_of[name]).values())))
    short = {heading.split(". ")[0] for heading in headings}
    sources = {row.source for row in study.crosswalks[name]}
    assert sources <= short | set(headings)
    assert len(sources) == len(headings) == len(study.crosswalks[name])


@pytest.mark.parametrize("name", ALL)
def test_every_item_that_was_asked_is_mapped_once(study, name):
    targets = [row.target for row in study.crosswalks[name] if row.target != "ignore"]
    assert len(targets) == len(set(targets))
    assert {"record", "link", "team", "role", "tenure", "started"} <= set(targets)
    assert len([each for each in targets if each in study.items]) == (58 if name == "D-T1" else 60)
    assert all(target in study.items or target in FIELDS for target in targets)


@pytest.mark.parametrize("name", ALL)
def test_what_is_ignored_says_why(study, name):
    ignored = [row for row in study.crosswalks[name] if row.target == "ignore"]
    assert ignored and all(row.note for row in ignored)


@pytest.mark.parametrize("name", ALL)
def test_every_answer_is_known_to_the_study(study, file_of, known, name):
    folder = name.replace("-", "/")
    impossible = {each["row"] for each in known["defects"]
                  if each["kind"] == "out_of_range" and each["file"].startswith(folder)}
    table = cells(file_of[name])
    headings = {heading.split(". ")[0]: heading for heading in next(iter(table.values()))}
    for row in study.crosswalks[name]:
        if row.target in study.items:
            labels = study.item_labels(row.target)
            accepted = {*labels.accepted, *labels.missing, ""}
            if "=" in row.labels:
                accepted = {pair.rsplit("=", 1)[0] for pair in row.labels.split("|")} | {""}
            heading = headings.get(row.source, row.source)
            unknown = {number for number, record in table.items()
                       if normal(record[heading]) not in accepted}
            assert unknown <= impossible


def test_codes_of_numbers_are_said_to_be_recoded(study):
    for name in ("B-T1", "C-T0", "C-T1", "C-T2"):
        rows = [row for row in study.crosswalks[name] if row.target in study.items]
        assert {row.status for row in rows} == {"recoded"}
        assert all("=" in row.labels for row in rows)
    assert {row.status for row in study.crosswalks["A-T0"]} == {"identical"}


def test_spss_codes_keep_the_reason_of_missing(study):
    row = next(row for row in study.crosswalks["C-T0"] if row.target in study.items)
    assert row.labels == "1=1|2=2|3=3|4=4|5=5|8=dont_know|9=not_answered"


def test_the_qualtrics_question_text_has_no_line_break_in_the_crosswalk(raw, study):
    assert "\n" in csv_rows(raw / "B/T0/survey.csv")[1][18]
    assert all("\n" not in row.text for row in study.crosswalks["B-T0"])


def test_the_study_loader_accepts_the_written_crosswalks(root, written, tmp_path):
    shutil.copy(root / "study.toml", tmp_path)
    shutil.copytree(root / "codebook", tmp_path / "codebook")
    shutil.rmtree(tmp_path / "codebook" / "crosswalk")
    shutil.copytree(written[1], tmp_path / "codebook", dirs_exist_ok=True)
    loaded = load_study(tmp_path)
    assert set(ALL) <= set(loaded.crosswalks)
    assert loaded.coder("Codeur-1 (laptop)") == "codeur-1" == loaded.coder("C1")


def test_crosswalks_of_codes_name_codes_or_attributes_or_ignore_with_a_note(study):
    for organisation in "ACD":
        for row in study.crosswalks[f"{organisation}-T2-interviews"]:
            plain = row.target == "ignore" or "=" in row.target
            assert row.note if plain else study.codes[row.target].assignable


def test_no_spelling_in_the_handmade_sheet_means_two_codes(study):
    rows = study.crosswalks["D-T2-interviews"]
    spellings = [normal(row.source) for row in rows]
    assert len(set(spellings)) == len(spellings)
    labels = {normal(code.label.nl): code.id for code in study.codes.values() if code.assignable}
    for row in rows:
        assert labels.get(normal(row.source), row.target) == row.target


def test_coders_csv_lists_every_name_once(written):
    with (written[1] / "coders.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names))
    assert {row["coder"] for row in rows} == {"codeur-1", "codeur-2"}
