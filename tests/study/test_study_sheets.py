"""Sheets: separators, encodings, row numbers, and what cannot be read."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from lostudy.study.sheets import read_sheet

CELL = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


def sheet(tmp_path, text, required=("a", "b"), optional=("c",)):
    path = tmp_path / "sheet.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = []
    return read_sheet(path, required, optional, problems), [str(each) for each in problems]


def name(tmp_path):
    return f"{tmp_path.name}/sheet.csv"


def test_rows_carry_the_number_of_the_spreadsheet(tmp_path):
    rows, problems = sheet(tmp_path, 'a,b\n1,2\n\n"x\ny",4\n5,6\n')
    assert [(row.number, row["a"]) for row in rows] == [(2, "1"), (4, "x\ny"), (5, "5")]
    assert problems == []


def test_columns_that_are_absent_unknown_or_double(tmp_path):
    _, problems = sheet(tmp_path, "a,a,z\n1,2,3\n")
    assert problems == [
        f"{name(tmp_path)}, row 1: column 'b' is missing. To do: add it",
        f"{name(tmp_path)}, row 1: unknown column 'z'. To do: known columns: a, b, c",
        f"{name(tmp_path)}, row 1: column 'a' stands twice. To do: keep one",
    ]


def test_a_cell_that_was_shifted(tmp_path):
    _, problems = sheet(tmp_path, "a,b\n1,2\n1,zo, en zo\n")
    assert problems == [
        f"{name(tmp_path)}, row 3: a cell without a heading above it. "
        "To do: put cells that hold a separator between double quotes"
    ]


def test_separators_at_the_line_ends_are_no_columns(tmp_path):
    rows, problems = sheet(tmp_path, "a;b;;\n1;2;;\n")
    assert problems == [] and rows[0]["b"] == "2"


def test_a_quote_that_is_not_closed(tmp_path):
    _, problems = sheet(tmp_path, 'a,b\n1,2\n"open,3\n')
    assert problems == [
        f"{name(tmp_path)}, row 3: a double quote is not closed, or stands inside a quoted cell. "
        "To do: mend the quotes in this row, or save the file again from Excel"
    ]


def test_a_file_that_is_missing(tmp_path):
    problems = []
    assert read_sheet(tmp_path / "weg.csv", ("a",), (), problems) == []
    assert str(problems[0]) == f"{tmp_path.name}/weg.csv: this file is missing. To do: add it"


def test_an_empty_file_and_an_absent_cell(tmp_path):
    rows, problems = sheet(tmp_path, "")
    assert rows == [] and len(problems) == 2
    rows, _ = sheet(tmp_path, "a,b,c\n1\n")
    assert (rows[0]["a"], rows[0]["b"], rows[0]["nowhere"]) == ("1", "", "")


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_what_was_written_is_read(tmp_path_factory, cells, separator):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([("a", "b"), *cells])
    rows, problems = sheet(tmp_path_factory.mktemp("s"), text.getvalue())
    filled = [tuple(cell.strip() for cell in row) for row in cells if any(map(str.strip, row))]
    assert problems == []
    assert [(row["a"], row["b"]) for row in rows] == filled
