"""LimeSurvey: four styles of headings, labels kept with their stray spaces."""

from __future__ import annotations

import pytest

from lostudy.deliveries import read_survey
from lostudy.deliveries.survey.limesurvey import split_heading

LABELS = (
    '"","socio1. In welk team werkt u?","likert1[perfCheck4]. [Ik durf twijfel te tonen]",'
    '"likert1[perfCheck5]. Stelling [Wij leren]","time[1can]._.Uren"\n'
    '"1","Team A","Mee eens ","Never","10 (All my time)"\n'
    '"2","Team B","Mee eens","","3"\n'
)


@pytest.mark.parametrize(("heading", "code", "text"), [
    ("likert1[perfCheck4]. [Ik durf]", "likert1[perfCheck4]", "[Ik durf]"),
    ("q1. Wat vindt u? Echt.", "q1", "Wat vindt u? Echt."),
    ("q2[SQ001]._.Wij leren", "q2[SQ001]", "Wij leren"),
    ("q3[SQ001][SQ002]. Matrix [rij][kolom]", "q3[SQ001][SQ002]", "Matrix [rij][kolom]"),
    ("submitdate", "submitdate", ""),
    ("q4[other]", "q4[other]", ""),
    ("Een losse zin zonder code", "Een losse zin zonder code", "Een losse zin zonder code"),
    ("q5. Regel een\nregel twee", "q5", "Regel een\nregel twee"),
])
def test_a_heading_is_taken_apart(heading, code, text):
    assert split_heading(heading) == (code, text)


def test_a_label_export_is_recognised_with_its_evidence(write):
    delivery = read_survey(write("a.csv", LABELS))
    assert delivery.source.tool == "limesurvey"
    assert delivery.source.evidence == "3 of 4 headings are written as code. text"


def test_the_unnamed_first_column_is_the_index(write):
    delivery = read_survey(write("a.csv", LABELS))
    assert delivery.answers.columns[0] == "index"
    assert list(delivery.columns["code"]) == [
        "index", "socio1", "likert1[perfCheck4]", "likert1[perfCheck5]", "time[1can]"]
    assert delivery.columns["text"].iloc[2] == "[Ik durf twijfel te tonen]"


def test_labels_keep_their_stray_spaces(write):
    delivery = read_survey(write("a.csv", LABELS))
    heading = "likert1[perfCheck4]. [Ik durf twijfel te tonen]"
    assert list(delivery.answers[heading]) == ["Mee eens ", "Mee eens"]


def test_an_export_with_codes_alone_is_recognised_by_its_own_columns(write):
    path = write(
        "a.csv",
        "id;submitdate;lastpage;startlanguage;seed;token;q1[SQ1];q2\n"
        "1;2026-03-01 10:00:00;3;nl;77;abc;A4;2\n")
    delivery = read_survey(path)
    assert delivery.source.tool == "limesurvey"
    assert delivery.source.evidence == (
        "codes alone as headings, with the columns id, lastpage, seed, startlanguage, "
        "submitdate, token")
    assert list(delivery.columns["code"])[-2:] == ["q1[SQ1]", "q2"]
    assert delivery.columns["text"].isna().sum() + (delivery.columns["text"] == "").sum() == 8


def test_dotted_headings_are_recognised(write):
    path = write("a.csv", "q1[a]._.Een,q1[b]._.Twee\nA1,A2\n")
    assert read_survey(path).source.evidence == (
        "2 of 2 headings are written as code[sub]._.text")


def test_an_excel_export_is_the_same(workbook):
    path = workbook("a.xlsx", [["id. Antwoord ID", "q1. Vraag een"], [1, "Ja"], [2, "Nee"]])
    delivery = read_survey(path)
    assert delivery.source.tool == "limesurvey"
    assert list(delivery.answers["id. Antwoord ID"]) == ["1", "2"]


def test_sentences_that_end_in_points_are_no_codes(write):
    path = write("a.csv", "Ik leer veel. Echt waar,Wij praten samen. Vaak,Team\n1,2,3\n")
    assert read_survey(path).source.tool == "table"


def test_the_same_code_in_two_columns_is_kept_apart(write):
    delivery = read_survey(write("a.csv", "q1. Een,q1. Een,q2. Twee\n1,2,3\n"))
    assert list(delivery.answers.columns) == ["q1. Een", "q1. Een (2)", "q2. Twee"]
    assert list(delivery.columns["code"]) == ["q1", "q1", "q2"]
