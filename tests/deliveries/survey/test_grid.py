"""Rows and cells: headings made unique, bodies read as text, rows that do not fit named."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lostudy.deliveries import read_survey
from lostudy.deliveries.survey import csvbody
from lostudy.deliveries.survey.csvbody import categorical
from lostudy.deliveries.survey.grid import body, open_grid, unique_headings


def answers(path, **options):
    return read_survey(path, tool="table", **options).answers


def test_headings_that_return_get_a_number():
    names, problems = unique_headings("a.csv", ["q1", "q1", "q2", "q1"])
    assert names == ["q1", "q1 (2)", "q2", "q1 (3)"]
    assert [problem.column for problem in problems] == ["q1", "q1"]
    assert problems[0].what == (
        "the heading stands above more than one column; this one is called 'q1 (2)'")
    assert problems[0].severity == "repair"


def test_a_number_that_is_taken_already_is_passed_over():
    assert unique_headings("a.csv", ["q", "q (2)", "q"])[0] == ["q", "q (2)", "q (3)"]


def test_headings_without_text_get_their_place():
    names, problems = unique_headings("a.csv", ["", "a", " "], "index")
    assert names == ["index", "a", "column 3"]
    assert problems[1].what == "column 3 has no heading and is called by another name here"


def test_cells_of_a_text_file_stand_exactly_as_written(write, rows_of):
    path = write("a.csv", 'id,q1,q2\n1,15.0, ja \n2,"Nee, nooit","a ""b"""\n3,,NA\n')
    assert rows_of(answers(path)) == [
        ["1", "15.0", " ja "], ["2", "Nee, nooit", 'a "b"'], ["3", None, "NA"]]


def test_columns_are_categories_of_text_even_where_they_look_like_numbers(write):
    frame = answers(write("a.csv", "id,q1\n1,3.0\n2,4\n3,3.0\n"))
    assert isinstance(frame["q1"].dtype, pd.CategoricalDtype)
    assert list(frame["q1"].cat.categories) == ["3.0", "4"]
    assert frame["q1"].cat.categories.dtype == "str"


def test_rows_carry_the_number_of_the_spreadsheet(write):
    frame = answers(write("a.csv", 'id,q1\n1,"een\nregel"\n2,x\n'))
    assert list(frame.index) == [2, 3]
    assert frame.index.name == "row"
    assert frame.loc[2, "q1"] == "een\nregel"


@pytest.mark.parametrize("end", ["\n\n\n", "\n,,\n,,\n", "\n,,\n\n"])
def test_empty_rows_at_the_end_are_dropped_with_a_note(write, end):
    delivery = read_survey(write("a.csv", "id,q1,q2\n1,2,3" + end))
    assert len(delivery.answers) == 1
    (problem,) = delivery.repairs
    assert problem.what == "2 empty row(s) at the end were dropped"
    assert (problem.severity, problem.row) == ("repair", 3)


def test_an_empty_row_between_records_is_kept_and_noted(write):
    delivery = read_survey(write("a.csv", "id,q1\n1,2\n,\n3,4\n"))
    assert list(delivery.answers.index) == [2, 3, 4]
    assert delivery.repairs[0].what == (
        "1 row(s) between the records are wholly empty; they are kept")
    assert delivery.repairs[0].row == 3


@pytest.mark.parametrize("text", ["id,q1\n", "id,q1", "id,q1\n,\n\n"])
def test_headings_without_records_are_refused(write, problem_of, text):
    problem = problem_of(read_survey, write("a.csv", text))
    assert problem.what == "the file has headings but no record row"
    assert problem.rule == "survey.no-records"


def test_a_row_with_too_many_cells_is_named(write, problem_of, canary):
    path = write("a.csv", f"id,q1\n1,2\n2,{canary},x\n3,4\n5,6,7\n")
    problem = problem_of(read_survey, path)
    assert problem.what == (
        "the row has 3 cells where the headings have 2 (too many); rows that do not fit: 3, 5")
    assert problem.row == 3
    assert canary not in str(problem)


def test_a_row_with_too_few_cells_is_named(write, problem_of):
    problem = problem_of(read_survey, write("a.csv", "id,q1,q2\n1,2\n2,3,4\n"))
    assert problem.what.startswith("the row has 2 cells where the headings have 3 (too few)")
    assert problem.row == 2


def test_a_last_row_that_was_cut_off_is_told_apart(write, problem_of):
    problem = problem_of(read_survey, write("a.csv", "id,q1,q2\n1,2,3\n2,3"))
    assert problem.what == "the last row has 2 of 3 cells: the file was cut off"
    assert problem.cure == "ask for the delivery again"
    assert problem.row == 3


@pytest.mark.parametrize("text", [
    'id,q1\n1,"a\n2,b\n3,c\n',
    'id,q1\n1,a\n2,"b',
    'id,q1\n1,a\n2,"b" c"\n3,d\n',
])
def test_a_quote_that_is_not_closed_is_named(write, problem_of, text):
    problem = problem_of(read_survey, write("a.csv", text))
    assert problem.what == "a double quote is not closed, or stands inside a quoted cell"
    assert problem.rule == "csv.quote"
    assert problem.row in (2, 3)


def test_an_inch_mark_in_an_unquoted_cell_is_just_text(write, rows_of):
    frame = answers(write("a.csv", 'id,q1\n1,5" buis\n2,b\n'))
    assert rows_of(frame)[0] == ["1", '5" buis']


def test_a_cell_longer_than_a_block_is_read(write, monkeypatch):
    monkeypatch.setattr(csvbody, "BLOCKS", (1 << 10, 1 << 22))
    long = "x" * 50_000
    frame = answers(write("a.csv", f"id,q1\n1,{long}\n2,b\n"))
    assert frame.loc[2, "q1"] == long


def test_carriage_returns_alone_end_rows_too(write, rows_of):
    assert rows_of(answers(write("a.csv", "id,q1\r1,2\r3,4\r"))) == [["1", "2"], ["3", "4"]]


def test_a_column_without_heading_and_values_is_left_out(write):
    delivery = read_survey(write("a.csv", "id,q1,\n1,2,\n3,4,\n"))
    assert list(delivery.answers.columns) == ["id", "q1"]
    assert list(delivery.columns["column"]) == ["id", "q1"]
    (problem,) = delivery.repairs
    assert problem.what == "1 column(s) without heading and without values were left out"


def test_a_column_without_heading_but_with_values_is_kept(write):
    delivery = read_survey(write("a.csv", "id,q1,\n1,2,x\n3,4,\n"))
    assert list(delivery.answers.columns) == ["id", "q1", "column 3"]
    assert delivery.repairs[0].rule == "heading.empty"


def test_how_the_file_was_read_stands_in_the_source(write):
    source = read_survey(write("a.csv", "id;q1\n1;2,5\n", "cp1252")).source
    assert (source.encoding, source.separator, source.decimal) == ("utf-8", ";", ",")
    assert source.tool == "table"
    assert len(source.sha256) == 64


def test_a_compressed_file_is_read(write, rows_of):
    import gzip

    path = write("a.csv.gz", gzip.compress(b"id,q1\n1,2\n"))
    assert rows_of(answers(path)) == [["1", "2"]]


def test_more_than_one_filled_sheet_is_noted(workbook):
    path = workbook("a.xlsx", {"Data": [["id", "q1"], [1, 2]], "Uitleg": [["tekst"]]})
    delivery = read_survey(path)
    assert delivery.repairs[0].what == (
        "only the first sheet ('Data') was read; 1 other filled sheet(s) were not")


def test_numbers_of_a_workbook_stand_at_their_shortest(workbook, rows_of):
    path = workbook("a.xlsx", [["id", "q1"], [1.0, 3.5], [2, None]])
    assert rows_of(answers(path)) == [["1", "3.5"], ["2", None]]


def test_categories_stand_in_order_of_appearance():
    made = categorical(["b", None, "a", "b"])
    assert list(made.categories) == ["b", "a"]
    assert list(made.codes) == [0, -1, 1, 0]


def test_the_caller_decides_how_many_rows_are_headings(write):
    grid = open_grid(write("a.csv", 'x,"y\nz"\nr,s\n1,2\n'))
    frame, problems = body(grid, 2, ["x", "y"])
    assert frame.loc[3].tolist() == ["1", "2"]
    assert problems == []


CELLS = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_characters="\0\ufeff\ufffdčďŕ\r", exclude_categories=["Cs"]),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_whatever_the_csv_module_writes_is_read_back(tmp_path_factory, records):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["sleutel", "een", "twee", "drie"])
    writer.writerows([[f"k{n}", *record] for n, record in enumerate(records)])
    path = tmp_path_factory.mktemp("g") / "a.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    found = read_survey(path, tool="table").answers.astype("object")
    expected = [[cell or None for cell in record] for record in records]
    cells = [[None if c != c else c for c in row] for row in found.iloc[:, 1:].to_numpy()]
    assert cells == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=5), min_size=1, max_size=12))
def test_headings_always_become_unique_and_never_empty(headings):
    names, _ = unique_headings("a.csv", headings)
    assert len(set(names)) == len(names) == len(headings)
    assert all(names)


def test_a_first_record_longer_than_the_csv_module_allows_is_read(write):
    long = "x" * 200_000
    assert answers(write("a.csv", f"id,q1\n1,{long}\n")).loc[2, "q1"] == long


@pytest.mark.parametrize("text", ["\nid,q1\n1,2\n", "  \nid,q1\n1,2\n"])
def test_an_empty_first_line_is_refused(write, problem_of, text):
    problem = problem_of(read_survey, write("a.csv", text))
    assert problem.what == "the first line is empty; it should hold the headings"
    assert problem.row == 1


def test_labels_cost_memory_once_per_column(write):
    lines = ["id,q1,q2"] + [f"{n},Helemaal mee eens,Helemaal mee oneens" for n in range(3000)]
    path = write("a.csv", "\n".join(lines) + "\n")
    ours = answers(path)[["q1", "q2"]].memory_usage(deep=True).sum()
    plain = pd.read_csv(path)[["q1", "q2"]].memory_usage(deep=True).sum()
    assert ours < plain / 5


def test_codes_are_as_narrow_as_their_number_allows(write):
    lines = ["id,q1"] + [f"{n},{n % 5}" for n in range(400)]
    frame = answers(write("a.csv", "\n".join(lines)))
    assert frame["q1"].cat.codes.dtype == "int8"
    assert frame["id"].cat.codes.dtype == "int16"


def test_many_blocks_with_different_labels_give_one_set_of_categories(write, monkeypatch):
    monkeypatch.setattr(csvbody, "BLOCKS", (256,))
    lines = ["id,q1"] + [f"{n},label {n // 40}" for n in range(400)]
    frame = answers(write("a.csv", "\n".join(lines)))
    assert list(frame["q1"].cat.categories) == [f"label {n}" for n in range(10)]
    assert list(frame["q1"]) == [f"label {n // 40}" for n in range(400)]


def test_row_order_does_not_matter_to_what_is_read(write, rows_of):
    lines = [f"{n},{'ja' if n % 3 else ''},x{n}" for n in range(30)]
    one = answers(write("a.csv", "id,q1,q2\n" + "\n".join(lines)))
    two = answers(write("b.csv", "id,q1,q2\n" + "\n".join(reversed(lines))))
    assert rows_of(one) == rows_of(two)[::-1]


def test_the_line_that_announces_the_separator_does_not_count_as_a_row(write, rows_of):
    delivery = read_survey(write("a.csv", "sep=;\nid;q1\n1;a,b\n2;c\n"))
    assert list(delivery.answers.index) == [2, 3]
    assert rows_of(delivery.answers) == [["1", "a,b"], ["2", "c"]]


def test_rows_that_do_not_fit_are_numbered_without_that_line(write, problem_of):
    problem = problem_of(read_survey, write("a.csv", "sep=;\nid;q1\n1;a\n2;c;d\n3;e\n"))
    assert problem.row == 3
