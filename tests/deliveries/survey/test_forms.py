"""Microsoft Forms, Google Forms and SurveyMonkey."""

from __future__ import annotations

import datetime as dt

import pytest

from lostudy.deliveries import read_survey
from lostudy.deliveries.survey.msforms import moment
from lostudy.deliveries.survey.surveymonkey import heading

MOMENT = dt.datetime(2026, 3, 1, 9, 30)


@pytest.mark.parametrize("head", [
    ["ID", "Start time", "Completion time", "Email", "Name"],
    ["Id", "Begintijd", "Tijd van voltooien", "E-mail", "Naam"],
    ["ID", "Startzeit", "Fertigstellungszeit", "E-Mail-Adresse", "Name"],
])
def test_forms_is_recognised_in_the_language_of_its_owner(workbook, head):
    path = workbook("a.xlsx", [
        [*head, "Wij leren van fouten\xa0", "Wat helpt?"],
        [1, MOMENT, MOMENT, "anonymous", None, "Mee eens", "tijd;rust;"]])
    delivery = read_survey(path)
    assert delivery.source.tool == "msforms"
    assert delivery.source.evidence.startswith(f"the first columns are {head[0]}, {head[1]}")
    assert delivery.answers.iloc[0].tolist()[:4] == [
        "1", "2026-03-01T09:30:00", "2026-03-01T09:30:00", "anonymous"]
    assert delivery.answers["Wat helpt?"].tolist() == ["tijd;rust;"]
    assert "Wij leren van fouten" in delivery.answers.columns


def test_serial_numbers_of_dates_are_written_out(workbook):
    path = workbook("a.xlsx", [
        ["ID", "Start time", "Completion time", "Email", "Name", "Q"],
        [1, 46082.5, 46082.75, "x", "y", 46082]])
    delivery = read_survey(path)
    assert delivery.answers.loc[2, "Start time"] == "2026-03-01T12:00:00"
    assert delivery.answers.loc[2, "Completion time"] == "2026-03-01T18:00:00"
    assert delivery.answers.loc[2, "Q"] == "46082"
    assert [problem.what for problem in delivery.repairs] == [
        "dates stood as Excel serial numbers and were written out"] * 2


@pytest.mark.parametrize(("text", "found"), [
    ("46082", "2026-03-01"), ("46082.5", "2026-03-01T12:00:00"), ("1 maart", "1 maart"),
    ("2026-03-01", "2026-03-01"),
])
def test_a_moment_is_a_serial_number_or_stays(text, found):
    assert moment(text) == found


@pytest.mark.parametrize("first", ["Timestamp", "Tijdstempel"])
def test_google_forms_is_recognised_by_its_first_column(write, first):
    delivery = read_survey(write("a.csv", f'{first},"Wat helpt?"\n2026/03/01,"a, b"\n'))
    assert delivery.source.tool == "googleforms"
    assert delivery.source.evidence == (
        f"the first column is {first}, the others are question texts")
    assert delivery.answers["Wat helpt?"].tolist() == ["a, b"]


MONKEY = (
    "Respondent ID,Collector ID,Start Date,Wie helpt u?,,Vertel\n"
    ",,,Collega,Leider,Open-Ended Response\n"
    "11,22,2026-03-01,Collega,,veel\n"
)


def test_surveymonkey_has_a_row_of_questions_above_a_row_of_options(write):
    delivery = read_survey(write("a.csv", MONKEY))
    assert delivery.source.tool == "surveymonkey"
    assert delivery.source.evidence == (
        "two header rows with the columns Respondent ID, Collector ID, Start Date")
    assert list(delivery.answers.columns) == [
        "Respondent ID", "Collector ID", "Start Date", "Wie helpt u? [Collega]",
        "Wie helpt u? [Leider]", "Vertel"]
    assert list(delivery.answers.index) == [3]


def test_surveymonkey_without_its_own_columns_is_known_by_the_second_row(write):
    text = "Hoe gaat het?,Wie helpt?,\nResponse,Response,Anders\ngoed,niemand,iemand\n"
    delivery = read_survey(write("a.csv", text))
    assert delivery.source.tool == "surveymonkey"
    assert delivery.source.evidence == "two header rows, the second says Response above 2 columns"


def test_surveymonkey_in_windows_1252(write):
    delivery = read_survey(write("a.csv", MONKEY.replace("veel", "crèche"), "cp1252"))
    assert delivery.source.encoding == "cp1252"
    assert delivery.answers["Vertel"].tolist() == ["crèche"]


@pytest.mark.parametrize(("question", "option", "found"), [
    ("V", "a", "V [a]"), ("V", "", "V"), ("V", "Response", "V"), ("", "a", "a"),
])
def test_a_heading_is_question_and_option(question, option, found):
    assert heading(question, option) == found
