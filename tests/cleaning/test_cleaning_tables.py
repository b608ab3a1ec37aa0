"""The tidy tables: their columns and types are checked, without showing a value."""

import pandas as pd
import pytest

from lostudy.cleaning import tables
from lostudy.cleaning.log import Change, log_table
from lostudy.cleaning.persons import stack
from lostudy.cleaning.tables import TABLES, check, shape
from lostudy.errors import DataError

CURE = "run `lostudy clean` again; if it stays, report it: this is a fault of lostudy"


def test_an_empty_table_has_all_its_columns(shipped):
    for name, columns in TABLES.items():
        frame = shape(shipped, name, pd.DataFrame())
        assert list(frame)[: len(columns)] == list(columns)


def test_a_table_in_which_all_is_right_passes_without_pandera(shipped, monkeypatch):
    monkeypatch.setattr(tables, "_tell", lambda *_: pytest.fail("nothing is wrong with it"))
    for name in TABLES:
        shape(shipped, name, pd.DataFrame())


def test_a_column_of_another_type_is_refused(shipped):
    right = shape(shipped, "segments", pd.DataFrame({"code": ["a"], "start": [1]}))
    with pytest.raises(DataError, match="column 'start': table segments: 1 cells break"):
        check(shipped, "segments", right.astype({"start": "float64"}))


def test_a_column_that_nobody_declared_is_refused(shipped):
    with pytest.raises(ValueError, match=r"table segments has no columns \['naam'\]"):
        shape(shipped, "segments", pd.DataFrame({"naam": ["x"]}))


def test_values_that_may_not_stand_there_are_counted_not_shown(shipped):
    frame = pd.DataFrame({"person": ["p1", "p2"], "pm01": [9, 5], "pm02": [7, 8]})
    with pytest.raises(DataError) as caught:
        shape(shipped, "responses", frame.assign(linked=False, included=True))
    assert str(caught.value).split("\n") == [
        f"responses.parquet, column 'pm01': table responses: 1 cells break the rule isin. "
        f"To do: {CURE}",
        f"responses.parquet, column 'pm02': table responses: 2 cells break the rule isin. "
        f"To do: {CURE}",
    ]


def test_an_unknown_reason_is_refused(shipped):
    cells = {name: pd.Categorical(["x"]) for name in ("person", "wave", "item", "reason")}
    with pytest.raises(DataError) as caught:
        shape(shipped, "missing", pd.DataFrame(cells))
    assert "column 'reason': table missing: 1 cells break the rule" in str(caught.value)


def test_the_log_is_in_a_fixed_order():
    changes = [Change("b", "t", "2", "", "C8", "x", "y"), Change("a", "t", "9", "", "C8", "x", "y")]
    assert log_table(changes)["delivery"].tolist() == ["a", "b"]
    assert list(log_table([])) == [
        "delivery", "table", "key", "source", "column", "rule", "change", "to", "reason", "who",
        "cells",
    ]


def test_stacking_keeps_categories_and_empty_frames_their_columns():
    one = pd.DataFrame({"a": pd.Categorical(["x"])})
    other = pd.DataFrame({"a": pd.Categorical(["y", "x"])})
    both = stack([one, other])
    assert both["a"].tolist() == ["x", "y", "x"] and both["a"].dtype == "category"
    assert list(stack([one.iloc[:0]])) == ["a"]
    assert stack([]).empty
