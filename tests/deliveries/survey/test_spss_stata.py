"""SPSS and Stata: values as shortest text, labels and declared missing values kept."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyreadstat
import pytest

from lostudy.deliveries import read_survey
from lostudy.deliveries.survey.typed import key_text


@pytest.fixture
def sav(tmp_path):
    """A small .sav with labels, discrete and ranged missing values, a date and padded text."""

    def make(name: str = "a.sav", **options):
        frame = pd.DataFrame({
            "q1": [1.0, 2.0, 8.0, None], "q2": [1.5, 97.0, 99.0, 3.0],
            "naam": ["x  ", "é", "", "n.v.t."],
            "dag": [dt.date(2026, 3, 1), None, dt.date(2026, 4, 1), dt.date(2026, 5, 1)],
        })
        path = tmp_path / name
        pyreadstat.write_sav(
            frame, str(path), column_labels=["Vraag een", "Vraag twee", "Naam", "Datum"],
            variable_value_labels={"q1": {1.0: "ja", 2.0: "nee", 8.0: "weet niet"}},
            missing_ranges={"q1": [8.0, 9.0], "q2": [{"lo": 97, "hi": 99}], "naam": ["n.v.t."]},
            **options)
        return path

    return make


def test_a_sav_is_read_as_text_with_the_case_number_as_row(sav, rows_of):
    delivery = read_survey(sav())
    assert rows_of(delivery.answers) == [
        ["1", "1.5", "x", "2026-03-01"], ["2", "97", "é", None],
        ["8", "99", None, "2026-04-01"], [None, "3", "n.v.t.", "2026-05-01"]]
    assert list(delivery.answers.index) == [1, 2, 3, 4]
    assert delivery.source.evidence == "the first bytes are $FL2 (.sav)"


def test_question_texts_and_labels_come_along(sav):
    delivery = read_survey(sav())
    assert list(delivery.columns["text"]) == ["Vraag een", "Vraag twee", "Naam", "Datum"]
    assert delivery.value_labels == {"q1": {"1": "ja", "2": "nee", "8": "weet niet"}}


def test_declared_missing_values_stay_visible_and_are_named(sav):
    delivery = read_survey(sav())
    assert delivery.user_missing["q1"] == frozenset({"8", "9"})
    assert delivery.user_missing["q2"] == frozenset({"97", "99"})
    assert delivery.user_missing["naam"] == frozenset({"n.v.t."})


def test_the_same_number_may_be_missing_in_one_variable_only(tmp_path):
    path = tmp_path / "a.sav"
    frame = pd.DataFrame({"a": [8.0, 1.0], "b": [8.0, 1.0]})
    pyreadstat.write_sav(frame, str(path), missing_ranges={"a": [8.0]})
    delivery = read_survey(path)
    assert delivery.user_missing == {"a": frozenset({"8"})}
    assert delivery.answers["b"].tolist() == ["8", "1"]


def test_a_compressed_sav_is_named_as_such(sav):
    delivery = read_survey(sav("a.zsav", compress=True))
    assert delivery.source.evidence == "the first bytes are $FL3 (.zsav)"
    assert delivery.user_missing["q1"] == frozenset({"8", "9"})


def test_a_sav_under_another_name_is_recognised_by_its_bytes(sav):
    path = sav()
    assert read_survey(path.rename(path.with_suffix(".csv"))).source.tool == "spss"


def test_a_portable_file_says_what_it_does_not_tell(tmp_path):
    path = tmp_path / "a.por"
    pyreadstat.write_por(pd.DataFrame({"Q1": [1.0, 2.0]}), str(path))
    delivery = read_survey(path)
    assert delivery.source.tool == "spss"
    assert delivery.repairs[0].what == (
        "a portable file does not tell which values SPSS declared missing")


def test_a_sav_that_was_cut_off_says_so(sav, write, problem_of):
    data = sav().read_bytes()
    problem = problem_of(read_survey, write("cut.sav", data[: len(data) // 2]))
    assert problem.what == "the SPSS file is cut off, damaged or of an unknown version"
    assert problem.rule == "typed.damaged"


def test_a_sav_without_cases_is_refused(tmp_path, problem_of):
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"a": pd.Series([], dtype=float)}), str(path))
    problem = problem_of(read_survey, path)
    assert problem.what == "the file declares variables but holds no record"


def test_text_that_is_called_sav_is_refused_where_spss_was_asked_for(write, problem_of):
    problem = problem_of(read_survey, write("a.sav", "a,b\n1,2\n"), "spss")
    assert problem.what.startswith("the first bytes are not those of an SPSS file")


@pytest.fixture
def dta(tmp_path):
    def make(name: str = "a.dta", **options):
        frame = pd.DataFrame({"q1": [1, 2, "a", "z"], "q2": ["x", "a", "", "b"]}, dtype="object")
        path = tmp_path / name
        pyreadstat.write_dta(
            frame, str(path), column_labels=["Vraag een", "Vrije tekst"],
            variable_value_labels={"q1": {1: "ja", 2: "nee", "a": "weigert"}},
            missing_user_values={"q1": ["a", "z"]}, **options)
        return path

    return make


def test_tagged_missing_values_stay_visible(dta, rows_of):
    delivery = read_survey(dta())
    assert rows_of(delivery.answers) == [["1", "x"], ["2", "a"], [".a", None], [".z", "b"]]
    assert delivery.user_missing == {"q1": frozenset({".a", ".z"})}
    assert delivery.value_labels == {"q1": {"1": "ja", "2": "nee", ".a": "weigert"}}
    assert delivery.source.tool == "stata"


def test_a_dta_that_was_cut_off_says_so(dta, write, problem_of):
    data = dta().read_bytes()
    problem = problem_of(read_survey, write("cut.dta", data[: len(data) // 3]))
    assert problem.what == "the Stata file is cut off, damaged or of an unknown version"


def test_text_that_is_called_dta_is_refused_where_stata_was_asked_for(write, problem_of):
    problem = problem_of(read_survey, write("a.dta", "a,b\n1,2\n"), "stata")
    assert problem.what == "the first bytes are not those of a Stata file"


@pytest.mark.parametrize(("value", "text"), [
    (8.0, "8"), ("x  ", "x"), (" x", " x"), (None, ""), (pd.NaT, ""),
    (pd.Timestamp("2026-03-01 10:00"), "2026-03-01T10:00:00"), (dt.time(9), "09:00:00"),
])
def test_typed_values_as_text(value, text):
    assert key_text(value) == text


def test_a_date_outside_the_calendar_stays_a_number_and_the_others_stay_dates(tmp_path):
    path = tmp_path / "a.sav"
    seconds = (dt.datetime(2026, 3, 1, 9, 30) - dt.datetime(1582, 10, 14)).total_seconds()
    frame = pd.DataFrame({"dag": [seconds, 9e14, None], "q1": [1.0, 2.0, 3.0]})
    pyreadstat.write_sav(frame, str(path), variable_format={"dag": "DATETIME20"})
    delivery = read_survey(path)
    cells = delivery.answers["dag"].astype("object").tolist()
    assert cells[:2] == ["2026-03-01T09:30:00", "900000000000000"]
    assert pd.isna(cells[2])
    (note,) = delivery.repairs
    assert note.what == "a date lies outside the calendar; it stands as SPSS's number of seconds"


def test_moments_and_times_are_iso_text(tmp_path):
    path = tmp_path / "a.sav"
    frame = pd.DataFrame({
        "moment": [dt.datetime(2026, 3, 1, 9, 30), dt.datetime(1723, 4, 21, 6, 56, 41)],
        "tijd": [dt.time(9, 30), dt.time(23, 10, 10)]})
    pyreadstat.write_sav(frame, str(path))
    answers = read_survey(path).answers
    assert answers["moment"].tolist() == ["2026-03-01T09:30:00", "1723-04-21T06:56:41"]
    assert answers["tijd"].tolist() == ["09:30:00", "23:10:10"]


def test_text_as_missing_value_and_range_of_halves(tmp_path):
    path = tmp_path / "a.sav"
    frame = pd.DataFrame({"q1": [97.5, 3.25, -1.0], "q2": ["", "nvt", "ja"]})
    pyreadstat.write_sav(
        frame, str(path), missing_ranges={"q1": [{"lo": 97, "hi": 99}, -1], "q2": ["nvt"]})
    delivery = read_survey(path)
    assert delivery.user_missing == {
        "q1": frozenset({"97.5", "-1"}), "q2": frozenset({"nvt"})}
    assert delivery.answers["q1"].tolist() == ["97.5", "3.25", "-1"]


def test_the_first_bytes_of_each_kind_are_the_evidence(sav, tmp_path):
    portable = tmp_path / "a.por"
    pyreadstat.write_por(pd.DataFrame({"Q1": [1.0]}), str(portable))
    assert read_survey(portable).source.evidence == (
        "the first bytes are those of a portable SPSS file (.por)")
    assert read_survey(sav(), "spss").source.evidence == "the first bytes are $FL2 (.sav)"


@pytest.mark.parametrize("text", ["crèche", "Ümlaut", "🙂", "Dvořák"])
def test_text_of_a_sav_keeps_its_letters(tmp_path, text):
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(pd.DataFrame({"naam": [text, "x"]}), str(path))
    assert read_survey(path).answers["naam"].tolist() == [text, "x"]


def test_stata_numbers_dates_and_labels(tmp_path):
    path = tmp_path / "a.dta"
    frame = pd.DataFrame({
        "q1": [1.0, 2.5, None], "dag": [dt.date(2026, 3, 1), None, dt.date(2026, 4, 1)],
        "naam": ["a ", "", "c"]})
    pyreadstat.write_dta(
        frame, str(path), column_labels=["Vraag", "Datum", "Naam"],
        variable_value_labels={"q1": {1.0: "ja"}})
    delivery = read_survey(path)
    assert delivery.answers["q1"].astype("object").where(
        delivery.answers["q1"].notna(), None).tolist() == ["1", "2.5", None]
    assert delivery.answers["dag"].dropna().tolist() == ["2026-03-01", "2026-04-01"]
    assert delivery.answers["naam"].dropna().tolist() == ["a", "c"]
    assert delivery.value_labels["q1"] == {"1": "ja"}
    assert list(delivery.columns["text"]) == ["Vraag", "Datum", "Naam"]
