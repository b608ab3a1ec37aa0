"""A plain table; and what is refused because it cannot be a table of respondents."""

from __future__ import annotations

import pytest

from lostudy.deliveries import read_survey


def test_one_header_row_and_nothing_known_is_a_table(write):
    delivery = read_survey(write("a.tsv", "nr\tq1\n1\tja\n"))
    assert delivery.source.tool == "table"
    assert delivery.source.evidence == "one header row, no columns of a known survey tool"
    assert delivery.source.separator == "\t"
    assert list(delivery.columns["code"]) == ["nr", "q1"]
    assert list(delivery.columns["text"]) == ["nr", "q1"]


@pytest.mark.parametrize(("rows", "what", "cure"), [
    ([["Resultaten 2026", None, None], ["nr", "q1", "q2"], [1, 2, 3]],
     "the first row is a title or empty, not a row of headings",
     "delete the rows above the headings"),
    ([[None, None, None], ["nr", "q1", "q2"], [1, 2, 3]],
     "the first row is a title or empty, not a row of headings",
     "delete the rows above the headings"),
    ([["nr", "q1", None, None, None], [1, 2, 3, 4, 5]],
     "only 2 of 5 columns have a heading", "give every column a heading in row 1"),
    ([[1, 2, 3], [4, 5, 6]],
     "the first row holds numbers, not headings", "put the headings in row 1"),
])
def test_a_first_row_that_is_no_heading_is_refused(workbook, problem_of, rows, what, cure):
    problem = problem_of(read_survey, workbook("a.xlsx", rows))
    assert (problem.what, problem.cure, problem.row) == (what, cure, 1)


def test_merged_cells_are_refused(workbook, problem_of):
    path = workbook("a.xlsx", [["nr", "q1", "q2"], [1, 2, 3]], merge="B2:C2")
    problem = problem_of(read_survey, path)
    assert problem.what == "cells are merged (B2:C2)"
    assert problem.cure == "undo the merging: one heading per column, one value per cell"


def test_formulas_without_a_value_are_refused(workbook, problem_of):
    path = workbook("a.xlsx", [["nr", "q1"], [1, "=1+1"], [2, "=2+2"]])
    problem = problem_of(read_survey, path)
    assert problem.what == "2 formula(s) have no stored value; the first is in column B"
    assert problem.row == 2


@pytest.mark.parametrize("word", ["Totaal", "total", "Gemiddelde:", "SUBTOTAAL"])
def test_a_row_of_totals_is_refused(write, problem_of, word):
    problem = problem_of(read_survey, write("a.csv", f"team,q1\nA,1\nB,2\n{word},3\n"))
    assert problem.what == "a row of totals stands among the records"
    assert problem.row == 4


def test_merged_cells_are_refused_where_the_table_was_asked_for_too(workbook, problem_of):
    path = workbook("a.xlsx", [["nr", "q1", "q2"], [1, 2, 3]], merge="B2:C2")
    assert problem_of(read_survey, path, "table").rule == "table.merged"
