"""Dates: day and month by evidence, Excel's numbers, and nothing that is guessed (rule C19)."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.cleaning.dates import read_dates

MOMENTS = st.lists(
    st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2060, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    min_size=1, max_size=8,
)
WRITTEN = {
    "iso": "%Y-%m-%d %H:%M:%S", "iso with T": "%Y-%m-%dT%H:%M:%S", "slashes": "%Y/%m/%d %H:%M:%S",
}


@pytest.mark.parametrize(("cells", "expected"), [
    (["13-01-2025 09:30", "02-01-2025 10:00"], ["2025-01-13 09:30", "2025-01-02 10:00"]),
    (["1/13/2025 9:30", "2/1/2025 10:00"], ["2025-01-13 09:30", "2025-02-01 10:00"]),
    (["01-02-2025", "03-04-2025"], ["2025-02-01", "2025-04-03"]),
    (["2025-01-13", "2025-01-13 09:30"], ["2025-01-13", "2025-01-13 09:30"]),
    (["2025-01-13T09:30:00+01:00"], ["2025-01-13 09:30"]),
    (["1/13/2025 9:30:00 AM CET"], ["2025-01-13 09:30"]),
    (["45670", "45670.5"], ["2025-01-13", "2025-01-13 12:00"]),
    (["2025-13-45", "gisteren", "", None], [None] * 4),
    (["  2025-01-13  "], ["2025-01-13"]),
    ([], []),
])
def test_dates(cells, expected):
    assert read_dates(pd.Series(cells, dtype="str")).tolist() == pd.to_datetime(
        pd.Series(expected, dtype="str"), format="mixed").tolist()


def test_a_column_that_is_both_is_not_turned_around_cell_by_cell():
    read = read_dates(pd.Series(["13-01-2025", "01-13-2025"]))
    assert read.tolist() == [pd.Timestamp("2025-01-13"), pd.NaT]


@given(MOMENTS, st.sampled_from(list(WRITTEN)))
def test_iso_comes_back(moments, name):
    cells = pd.Series([moment.strftime(WRITTEN[name]) for moment in moments])
    assert read_dates(cells).tolist() == [pd.Timestamp(moment) for moment in moments]


@given(MOMENTS, st.booleans())
def test_day_first_and_month_first_come_back_where_there_is_evidence(moments, american):
    moments = [*moments, dt.datetime(2026, 1, 31)]
    written = "%m/%d/%Y %H:%M:%S" if american else "%d-%m-%Y %H:%M:%S"
    cells = pd.Series([moment.strftime(written) for moment in moments])
    assert read_dates(cells).tolist() == [pd.Timestamp(moment) for moment in moments]


@given(MOMENTS)
def test_the_order_of_rows_never_matters(moments):
    cells = pd.Series([moment.strftime("%d/%m/%Y") for moment in moments])
    assert read_dates(cells[::-1])[::-1].tolist() == read_dates(cells).tolist()
