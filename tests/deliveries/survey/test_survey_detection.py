"""Which tool wrote a survey file: told by evidence, or words for what was looked for and found."""

from __future__ import annotations

import pytest

from lostudy.deliveries import read_survey


def test_a_tool_that_does_not_exist_is_refused_with_the_choices(write, problem_of):
    problem = problem_of(read_survey, write("a.csv", "a,b\n1,2\n"), "limesurfer")
    assert problem.what == "there is no survey reader called 'limesurfer'"
    assert problem.cure == (
        "choose one of googleforms, limesurvey, msforms, qualtrics, spss, stata, surveymonkey, "
        "table")


@pytest.mark.parametrize("tool", ["limesurvey", "qualtrics", "msforms", "googleforms"])
def test_asking_for_a_tool_does_not_replace_evidence(write, problem_of, tool):
    problem = problem_of(read_survey, write("a.csv", "team,q1\n1,2\n"), tool)
    assert problem.what == f"this does not look like a file written by {tool}"
    assert problem.rule == "survey.evidence"


@pytest.mark.parametrize(("content", "found"), [
    (b"%PDF-1.7", "a PDF"), (b"<html></html>", "an XML or HTML file"),
    (b"SQLite format 3\x00rest", "a SQLite database"), (b"{\\rtf1}", "a rich text document"),
])
def test_what_is_no_survey_is_refused_with_what_was_looked_for(write, problem_of, content, found):
    problem = problem_of(read_survey, write("survey.csv", content))
    assert problem.what.startswith("no survey tool is recognised; looked for SPSS or Stata")
    assert problem.what.endswith(f"found: the file is {found}")
    assert "CSV UTF-8" in problem.cure


def test_a_zip_around_a_csv_is_named(zipped, problem_of):
    problem = problem_of(read_survey, zipped("a.csv", {"a.csv": "a,b"}))
    assert problem.what.endswith("found: the file is a zip of other files")


def test_a_file_of_blanks_is_refused(write, problem_of):
    assert problem_of(read_survey, write("a.csv", " \n\n  \n")).what == "the file holds no text"


def test_a_workbook_without_a_filled_sheet_is_refused(workbook, problem_of):
    problem = problem_of(read_survey, workbook("a.xlsx", {"Leeg": []}))
    assert problem.what == "the workbook has no filled sheet"


def test_the_extension_is_no_evidence(workbook):
    path = workbook("a.xlsx", [["Timestamp", "Wat?"], ["2026", "x"]])
    assert read_survey(path.rename(path.with_suffix(".csv"))).source.tool == "googleforms"


def test_heavy_libraries_are_not_loaded_by_the_face():
    import subprocess
    import sys

    code = (
        "import sys, lostudy.deliveries; "
        "print([n for n in ('pyreadstat', 'openpyxl', 'lxml', 'xlrd') if n in sys.modules])")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


SAMPLES = {
    "limesurvey": "id. Nummer,q1[a]. Stelling,q2. Vraag\n1, Mee eens ,x\n2,3.0,y\n",
    "limesurvey codes": (
        "id,submitdate,lastpage,startlanguage,q1\n1,2026,3,nl, 3.0 \n2,2026,3,nl,\n"),
    "qualtrics": (
        'ResponseId,Q1\nResponse ID,Vraag\n"{""ImportId"":""_recordId""}",'
        '"{""ImportId"":""QID1""}"\nR_1, 3.0 \nR_2,x\n'),
    "qualtrics legacy": (
        "V1,V2,V3,V4,Q1\nResponseID,ResponseSet,Name,IPAddress,Vraag\nR_1,D,A,, 3.0 \nR_2,D,A,,\n"),
    "msforms": "ID,Begintijd,Tijd van voltooien,E-mail,Naam,Vraag\n1,a,b,c,d, 3.0 \n",
    "surveymonkey": (
        "Respondent ID,Collector ID,Wie helpt?,\n,,Collega,Leider\n1,2, 3.0 ,\n2,2,,x\n"),
    "googleforms": 'Tijdstempel,Vraag\n2026,"a, b"\n2026, 3.0 \n',
    "table": "team,q1\nA, 3.0 \nB,\n",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_tools_file_is_claimed_by_its_own_reader(write, name):
    delivery = read_survey(write("a.csv", SAMPLES[name]))
    assert delivery.source.tool == name.split()[0]
    assert delivery.source.evidence


@pytest.mark.parametrize("name", SAMPLES)
def test_no_reader_changes_a_cell(write, name, rows_of):
    import csv
    import io

    delivery = read_survey(write("a.csv", SAMPLES[name]))
    records = list(csv.reader(io.StringIO(SAMPLES[name])))[-len(delivery.answers):]
    assert rows_of(delivery.answers) == [[cell or None for cell in record] for record in records]
    assert any(" 3.0 " in row for row in rows_of(delivery.answers)) or name == "limesurvey"


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_line_ends_and_encodings_do_not_change_what_is_read(write, rows_of, name, end, encoding):
    plain = read_survey(write("a.csv", SAMPLES[name]))
    other = read_survey(write("b.csv", SAMPLES[name].replace("\n", end), encoding))
    assert rows_of(other.answers) == rows_of(plain.answers)
    assert list(other.answers.index) == list(plain.answers.index)
    assert other.columns.equals(plain.columns)
    assert other.source.tool == plain.source.tool
    assert other.source.evidence == plain.source.evidence


@pytest.mark.parametrize("name", SAMPLES)
def test_semicolons_do_not_change_what_is_read(write, rows_of, name):
    import csv
    import io

    stream = io.StringIO()
    csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        csv.reader(io.StringIO(SAMPLES[name])))
    other = read_survey(write("b.csv", stream.getvalue()))
    assert other.source.separator == ";"
    assert rows_of(other.answers) == rows_of(read_survey(write("a.csv", SAMPLES[name])).answers)


@pytest.mark.parametrize("name", SAMPLES)
def test_asking_for_the_tool_that_is_recognised_changes_nothing(write, name):
    path = write("a.csv", SAMPLES[name])
    tool = name.split()[0]
    assert read_survey(path, tool).answers.equals(read_survey(path).answers)
