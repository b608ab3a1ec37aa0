"""Qualtrics: three header rows in two dialects, and the older layouts with two."""

from __future__ import annotations

import pytest

from lostudy.deliveries import read_survey
from lostudy.deliveries.survey.qualtrics import import_id, plain

NEW = (
    "StartDate,EndDate,Status,ResponseId,Q1,Q2_1\n"
    'Start Date,End Date,Response Type,Response ID,"Wat vindt\nu van <b>leren</b>?",'
    "Stelling - Wij leren\n"
    '"{""ImportId"":""startDate"",""timeZone"":""Europe/Amsterdam""}","{""ImportId"":""endDate""}",'
    '"{""ImportId"":""status""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}",'
    '"{""ImportId"":""QID2_1""}"\n'
    "2026-03-01 10:00:00,2026-03-01 10:09:00,Survey Preview,R_1,Goed,Mee eens\n"
    "2026-03-01 11:00:00,2026-03-01 11:09:00,IP Address,R_2,,Neutraal\n"
)


def test_three_header_rows_are_recognised(write):
    delivery = read_survey(write("a.csv", NEW))
    assert delivery.source.tool == "qualtrics"
    assert delivery.source.evidence == "three header rows with ImportId"
    assert list(delivery.answers.index) == [4, 5]
    assert list(delivery.columns["code"]) == [
        "StartDate", "EndDate", "Status", "ResponseId", "Q1", "Q2_1"]


def test_question_texts_come_without_html_and_line_breaks(write):
    delivery = read_survey(write("a.csv", NEW))
    assert list(delivery.columns["text"])[4:] == [
        "Wat vindt u van leren ?", "Stelling - Wij leren"]


def test_preview_rows_are_kept_for_the_cleaning_to_judge(write):
    delivery = read_survey(write("a.csv", NEW))
    assert list(delivery.answers["Status"]) == ["Survey Preview", "IP Address"]


def test_the_python_style_of_import_id_is_recognised(write):
    text = (
        "ResponseID,Q1\nResponseID,Vraag\n"
        "\"{'ImportId': 'responseId'}\",\"{'ImportId': 'QID1'}\"\nR_1,2\n")
    delivery = read_survey(write("a.csv", text))
    assert delivery.source.evidence == "three header rows with ImportId"
    assert delivery.answers["Q1"].tolist() == ["2"]


def test_the_legacy_layout_with_numbered_columns(write):
    text = (
        "V1,V2,V3,V4,V5,V6,Q1\n"
        "ResponseID,ResponseSet,Name,ExternalDataReference,EmailAddress,IPAddress,Vraag een\n"
        "R_1,Default,Anonymous,,,,3\n")
    delivery = read_survey(write("a.csv", text))
    assert delivery.source.tool == "qualtrics"
    assert delivery.source.evidence.startswith("two header rows, V1 V2 V3 above ResponseID")
    assert list(delivery.answers.index) == [3]
    assert delivery.columns["text"].iloc[0] == "ResponseID"
    assert delivery.columns["text"].iloc[6] == "Vraag een"


def test_two_header_rows_without_import_id(write):
    text = (
        "ResponseID,StartDate,EndDate,Finished,Q1\n"
        "ResponseID,StartDate,EndDate,Finished,Vraag een\nR_1,2026,2026,1,3\n")
    delivery = read_survey(write("a.csv", text))
    assert delivery.source.evidence == (
        "two header rows with the columns ResponseID, StartDate, EndDate, Finished")
    assert len(delivery.answers) == 1


def test_one_header_row_with_its_own_columns(write):
    text = "ResponseId,StartDate,EndDate,Finished,Q1\nR_1,2026,2026,1,3\nR_2,2026,2026,1,4\n"
    delivery = read_survey(write("a.csv", text))
    assert delivery.source.evidence.startswith("one header row with the columns ResponseId")
    assert len(delivery.answers) == 2


def test_a_workbook_of_qualtrics_is_recognised(workbook):
    path = workbook("a.xlsx", [
        ["ResponseId", "Q1"], ["Response ID", "Vraag"],
        ['{"ImportId":"_recordId"}', '{"ImportId":"QID1"}'], ["R_1", 4]])
    delivery = read_survey(path)
    assert delivery.source.tool == "qualtrics"
    assert delivery.answers.loc[4, "Q1"] == "4"


@pytest.mark.parametrize(("cell", "found"), [
    ('{"ImportId":"QID1","choiceId":"2"}', "QID1"), ("{'ImportId': 'x'}", "x"),
    ("ImportId", ""), ("{'ImportId': __import__('os')}", ""), ("", ""),
    ("['ImportId']", ""), ("{ImportId", ""),
])
def test_import_ids_are_read_and_never_run(cell, found):
    assert import_id(cell) == found


@pytest.mark.parametrize(("cell", "text"), [
    ("a\n b", "a b"), ("<p>x</p>", "x"), ("1 < 2", "1 < 2"), ("", ""),
])
def test_plain_text_of_header_cells(cell, text):
    assert plain(cell) == text
