"""What the readers share: stores opened read-only, positions verified, tables as records."""

from __future__ import annotations

import sqlite3

import pytest

from lostudy.deliveries import read_interviews
from lostudy.deliveries.interviews.database import opened, table_names, text
from lostudy.deliveries.interviews.offsets import Convention
from lostudy.deliveries.interviews.rows import matched, open_rows, take
from lostudy.deliveries.interviews.stores import placed, whole

TEXT = "De crèche is open. Wij leren van fouten. En dan praten wij."


def tool_says(quote: str, unit: str = "utf-8", document: str = "1", shift: int = 0) -> dict:
    before = TEXT[: TEXT.index(quote)]
    start = len(before.encode(unit)) + shift if unit else len(before) + shift
    size = len(quote.encode(unit)) if unit else len(quote)
    return {"document": document, "code": "c", "text": quote, "start": start, "end": start + size}


def test_the_expected_way_of_counting_is_used(write):
    path = write("a.db", "x")
    found, notes = placed(
        path, {"1": TEXT}, [tool_says("Wij leren"), tool_says("praten wij")],
        Convention("UTF-8 byte"))
    assert [segment["text"] for segment in found] == ["Wij leren", "praten wij"]
    assert [segment["start"] for segment in found] == [
        TEXT.index("Wij leren"), TEXT.index("praten wij")]
    assert notes[0].what.startswith("positions in 1 document(s) were counted in UTF-8 bytes")


def test_another_way_is_found_where_the_expected_one_does_not_fit(write):
    segments = [tool_says("leren van fouten", ""), tool_says("praten wij", "")]
    found, notes = placed(
        write("a.db", "x"), {"1": TEXT}, segments, Convention("UTF-8 byte", mark=True))
    assert {segment["offset_status"] for segment in found} == {"exact"}
    assert "code points" in notes[0].what


def test_documents_without_text_and_passages_without_position_are_kept(write):
    lost = tool_says("Wij leren") | {"start": None}
    gone = tool_says("Wij leren", document="2")
    found, _ = placed(
        write("a.db", "x"), {"1": TEXT, "2": None}, [tool_says("praten wij"), lost, gone],
        Convention("UTF-8 byte"))
    assert [segment["offset_status"] for segment in found] == ["exact", "unverified", "absent"]


def test_the_callers_segments_are_not_changed(write):
    segment = tool_says("Wij leren", shift=2)
    before = dict(segment)
    placed(write("a.db", "x"), {"1": TEXT}, [segment], Convention("UTF-8 byte"))
    assert segment == before


@pytest.mark.parametrize(("value", "number"), [
    (3, 3), (3.0, 3), ("7", 7), (None, None), ("x", None), (float("nan"), None),
    (float("inf"), None),
])
def test_positions_are_whole_numbers_or_unknown(value, number):
    assert whole(value) == number


@pytest.mark.parametrize(("value", "found"), [
    (None, ""), (3.0, "3"), (3, "3"), ("x", "x"), (2.5, "2.5")])
def test_values_of_a_database_as_text(value, found):
    assert text(value) == found


def test_an_absent_table_is_empty_and_columns_keep_their_names(database):
    path = database("a.db", {"codes": (["id", "name"], [[1, "a"]])})
    with opened(path, "demo") as store:
        assert store.rows("codes") == [{"id": 1, "name": "a"}]
        assert store.rows("weg") == []
    assert table_names(path) == {"codes"}


def test_a_store_cannot_be_written(database):
    path = database("a.db", {"codes": (["id"], [])})
    with opened(path, "demo") as store, pytest.raises(sqlite3.OperationalError):
        store.connection.execute("insert into codes values (1)")


def test_bytes_that_are_no_utf8_do_not_stop_a_store(tmp_path):
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("create table t (a text)")
    connection.execute("insert into t values (cast(x'6372e86368' as text))")
    connection.commit()
    connection.close()
    with opened(path, "demo") as store:
        assert store.rows("t")[0]["a"] == "cr\ufffdch"


def test_a_missing_column_is_named_without_a_value(database, problem_of):
    path = database("a.db", {"codes": (["id"], [[1]])})

    def read():
        with opened(path, "demo") as store:
            return store.rows("codes")[0]["naam"]

    assert problem_of(read).what == "a table of the demo database has no column 'naam'"


def test_a_workbook_gives_rows_per_sheet_and_skips_empty_rows(workbook):
    path = workbook("a.xlsx", {"Een": [["Code", "A"], ["x", 1], [None, None], ["y", 2]],
                               "Twee": [["B"], ["z"]]})
    one, two = open_rows(path)
    assert (one.sheet, two.sheet) == ("Een", "Twee")
    assert list(one) == [(2, {"code": "x", "a": "1"}), (4, {"code": "y", "a": "2"})]


def test_a_text_file_gives_rows_with_how_it_was_read(write):
    (rows,) = open_rows(write("a.csv", "Code;Tekst\nx;één\n", "cp1252"))
    assert list(rows) == [(2, {"code": "x", "tekst": "één"})]
    assert rows.how() == {"encoding": "cp1252", "separator": ";"}


def test_headings_alone_are_no_error_here(write):
    (rows,) = open_rows(write("a.csv", "code,tekst\n"))
    assert rows.records == []


def test_fields_are_found_by_any_of_their_headings(write):
    (rows,) = open_rows(write("a.csv", "Codeur , TEKST\nanna, x \n"))
    fields = matched(rows, {"coder": ("coder", "codeur"), "text": ("tekst",), "memo": ("memo",)})
    assert fields == {"coder": "codeur", "text": "tekst"}
    record = rows.records[0][1]
    assert take(record, fields, "text") == "x"
    assert take(record, fields, "memo") == ""


@pytest.mark.parametrize(("head", "row"), [
    (["Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Copy",
      "Codes Applied Combined", "Code: Rust Applied", "Code: Rust Weight", "Leeftijd"],
     ["G1", "1-9", "anna", "Wij leren.", "Rust", "True", "", "40"]),
    (["Color", "Document name", "Code", "Segment", "Created by", "Leeftijd"],
     ["red", "G1", "Rust", "Wij leren.", "anna", "40"]),
    (["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "FileVar_rol", "Leeftijd"],
     ["G1", "anna", "Wij leren.", "ctid:7", "Rust", "", "leider", "40"]),
    (["ID", "Quotation Content", "Codes", "Created by", "Leeftijd"],
     ["1:1", "Wij leren.", "Rust", "anna", "40"]),
    (["File Name", "Folder", "Code", "Coded Text", "Coverage", "Leeftijd"],
     ["G1", "B", "Rust", "Wij leren.", "2%", "40"]),
])
def test_the_table_of_any_tool_names_the_columns_that_are_not_read(write, head, row):
    path = write("a.csv", "\n".join(",".join(each) for each in (head, row)))
    delivery = read_interviews(path)
    assert delivery.source.tool != "handmade"
    assert [each.what for each in delivery.repairs if each.rule == "tool.columns"] == [
        "1 column(s) are not read: Leeftijd"]
