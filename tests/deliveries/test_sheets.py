"""Workbooks as rows of text: numbers at their shortest, dates in ISO, damage in plain words."""

from __future__ import annotations

import datetime as dt

import pytest

from lostudy.deliveries.files import OLE
from lostudy.deliveries.sheets import cell_text, describe, read_sheets, trimmed


@pytest.mark.parametrize(("value", "text"), [
    (None, ""), ("x ", "x "), (15, "15"), (15.0, "15"), (3.5, "3.5"), (0.1, "0.1"),
    (-2.0, "-2"),
    (9e15, "9000000000000000"),
    (1e20, "1e+20"), (float("nan"), ""), (True, "TRUE"), (False, "FALSE"),
    (dt.datetime(2026, 3, 1, 9, 30), "2026-03-01T09:30:00"),
    (dt.datetime(2026, 3, 1), "2026-03-01"), (dt.date(2026, 3, 1), "2026-03-01"),
    (dt.time(9, 30), "09:30:00"),
])
def test_a_typed_cell_becomes_its_shortest_text(value, text):
    assert cell_text(value) == text


def test_rows_are_read_as_text_and_equally_wide(workbook):
    path = workbook("a.xlsx", [["a", "b", "c"], [1.0, None, dt.datetime(2026, 3, 1)], ["x"]])
    (sheet,) = read_sheets(path)
    assert sheet.name == "Blad1"
    assert sheet.rows == [["a", "b", "c"], ["1", "", "2026-03-01"], ["x", "", ""]]
    assert sheet.merged == ()


def test_empty_sheets_are_left_out_and_the_order_is_kept(workbook):
    path = workbook("a.xlsx", {"Leeg": [], "B": [["x"]], "A": [["y"]]})
    assert [sheet.name for sheet in read_sheets(path)] == ["B", "A"]


def test_merged_cells_are_named(workbook):
    (sheet,) = read_sheets(workbook("a.xlsx", [["a", None], [1, 2]], merge="A1:B1"))
    assert sheet.merged == ("A1:B1",)


def test_a_formula_without_a_stored_value_is_pointed_out(workbook):
    (sheet,) = read_sheets(workbook("a.xlsx", [["a", "som"], [1, "=A2+1"]]))
    assert sheet.unvalued == ((2, "B"),)


def test_trimming_takes_away_empty_ends_only():
    assert trimmed([["a", "", ""], ["", "", ""], ["b", "", ""], ["", "", ""]]) == [
        ["a"], [""], ["b"]]


def test_a_protected_workbook_says_so(write, problem_of):
    path = write("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"))
    problem = problem_of(read_sheets, path)
    assert problem.what == "the workbook is protected with a password"
    assert problem.cure == "save it again without a password"


def test_a_damaged_old_workbook_says_so(write, problem_of):
    problem = problem_of(read_sheets, write("a.xls", OLE + b"\0" * 600))
    assert problem.what == (
        "the old Excel workbook (.xls) is damaged, protected or of another kind")


def test_a_workbook_without_its_parts_says_so(zipped, problem_of):
    problem = problem_of(read_sheets, zipped("a.xlsx", {"xl/workbook.xml": "<workbook/>"}))
    assert problem.what == "the workbook is damaged and cannot be opened"
    assert problem.rule == "xlsx.damaged"


def test_broken_xml_inside_a_workbook_says_so(workbook, zipped, problem_of):
    import zipfile

    with zipfile.ZipFile(workbook("a.xlsx", [["a"], [1]])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"][:-40]
    assert problem_of(read_sheets, zipped("b.xlsx", members)).rule == "xlsx.damaged"


def test_text_is_no_workbook(write, problem_of):
    problem = problem_of(read_sheets, write("a.xlsx", "a,b\n"))
    assert problem.what == "this is not a workbook but plain text"


@pytest.mark.parametrize("kind", ["pdf", "zip", "image", "ods", "gzip", "iets anders"])
def test_every_kind_has_words(kind):
    assert describe(kind).split()[0] in ("a", "an")


@pytest.mark.parametrize(("microseconds", "second"), [(999_600, "01"), (400, "00"), (0, "00")])
def test_moments_are_rounded_to_the_second(microseconds, second):
    moment = dt.datetime(2026, 3, 1, 9, 30, 0, microseconds)
    assert cell_text(moment) == f"2026-03-01T09:30:{second}"
