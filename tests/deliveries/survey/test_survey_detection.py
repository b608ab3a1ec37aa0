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
