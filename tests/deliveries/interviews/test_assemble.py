"""The three tables, put together the same way for every tool."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.deliveries import CODES, DOCUMENTS, SEGMENTS
from lostudy.deliveries.interviews.assemble import (
    Coded,
    code_path,
    code_rows,
    deliver,
    document_key,
    from_table,
    lookalikes,
    offsets_note,
    with_paths,
)


@pytest.mark.parametrize(("text", "path"), [
    ("Tijd", ("Tijd",)), ("Reflectie\\Tijd", ("Reflectie", "Tijd")),
    ("Reflectie > Tijd > Kort", ("Reflectie", "Tijd", "Kort")),
    ("Coke::diet", ("Coke", "diet")), ("a->b", ("a", "b")), ("a -> b", ("a", "b")),
    ("minder>meer", ("minder>meer",)), (" \\Tijd\\ ", ("Tijd",)), ("", ()),
])
def test_a_path_is_split_at_the_signs_tools_use(text, path):
    assert code_path(text) == path


def test_codes_bring_the_codes_above_them():
    rows = code_rows([("a", "b"), ("a",), ("c",)], {("a",): "uitleg"})
    assert [row["path"] for row in rows] == ["a", "a > b", "c"]
    assert [row["parent"] for row in rows] == ["", "a", ""]
    assert rows[0]["description"] == "uitleg"


def test_paths_follow_the_parents():
    rows = with_paths([
        {"code": "1", "name": "a"}, {"code": "2", "name": "b", "parent": "1"},
        {"code": "3", "name": "c", "parent": "2"}, {"code": "4", "name": "d", "parent": "weg"}])
    assert [row["path"] for row in rows] == ["a", "a > b", "a > b > c", "d"]
    assert rows[3]["parent"] is None


def test_a_circle_of_parents_does_not_go_on_forever():
    rows = with_paths([
        {"code": "1", "name": "a", "parent": "2"}, {"code": "2", "name": "b", "parent": "1"}])
    assert [(row["path"], row["parent"]) for row in rows] == [("a", None), ("a > b", "1")]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=9,
                unique_by=lambda pair: pair[0]))
def test_any_tangle_of_parents_gives_every_code_a_path(pairs):
    codes = [{"code": str(a), "name": f"n{a}", "parent": str(b)} for a, b in pairs]
    rows = with_paths(codes)
    assert len(rows) == len(codes)
    assert all(row["path"].endswith(row["name"]) for row in rows)


def test_a_code_without_a_name_has_an_empty_one():
    assert with_paths([{"code": "1", "name": None}])[0]["path"] == ""


@pytest.mark.parametrize(("group", "key"), [("", "G1"), ("Anna", "Anna > G1")])
def test_a_document_is_its_group_and_its_name(group, key):
    assert document_key(Coded("G1", ("a",), 2, group=group)) == key


def test_tables_have_their_columns_and_kinds(write):
    path = write("a.csv", "x")
    delivery = deliver(path, "demo", "e", documents=[], codes=[], segments=[])
    assert list(delivery.documents.columns) == DOCUMENTS
    assert list(delivery.codes.columns) == CODES
    assert list(delivery.segments.columns) == SEGMENTS
    for name in ("start", "end", "row"):
        assert isinstance(delivery.segments[name].dtype, pd.Int64Dtype)
    assert (delivery.source.file, delivery.source.tool) == (str(path), "demo")


def test_absent_keys_are_missing_values_and_empty_dicts(write):
    delivery = deliver(
        write("a.csv", "x"), "demo", "e", codes=[], segments=[{"document": "d", "code": "c"}],
        documents=[{"document": "d", "name": "", "variables": {"rol": "x"}}])
    assert delivery.documents["name"].isna().all()
    assert delivery.documents["variables"].iloc[0] == {"rol": "x"}
    assert delivery.segments["coder"].isna().all()
    assert delivery.segments["start"].isna().all()
    assert delivery.segments["attributes"].iloc[0] == {}


def test_a_table_without_rows_and_codes_is_refused(write, problem_of):
    problem = problem_of(from_table, write("a.csv", "x"), "demo", "e", [])
    assert problem.what == "there is no coded passage in the file"
    assert problem.cure == "export the coded passages, not an empty selection"


@pytest.mark.parametrize(("coders", "pairs"), [
    (["peter", "Peter Prevos"], 1), (["Anna", "anna"], 1), (["A. de Boer", "A de Boer"], 1),
    (["Anna", "Bo"], 0), (["Anna Smit", "Anna Jansen"], 0), (["Anna"], 0), ([None, ""], 0),
])
def test_coders_that_look_alike_are_counted_and_not_named(coders, pairs):
    notes = lookalikes("a.csv", [{"coder": coder} for coder in coders])
    assert [note.what.split()[0] for note in notes] == ([str(pairs)] if pairs else [])
    assert all(name not in str(notes) for name in coders if name)


def test_repaired_and_unverified_positions_are_counted():
    status = ["exact", "repaired", "repaired", "unverified", "absent"]
    notes = offsets_note("a.csv", [{"offset_status": one} for one in status])
    assert [(note.what.split()[0], note.severity) for note in notes] == [
        ("2", "repair"), ("1", "note")]
    assert offsets_note("a.csv", [{"offset_status": "exact"}]) == []
