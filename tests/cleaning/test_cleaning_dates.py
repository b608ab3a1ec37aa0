"""Dates: day and month by evidence, Excel's numbers, and nothing that is guessed (rule C19)."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.cleaning import clean_study
from lostudy.cleaning.audit_survey import _moment
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


ODD = [
    "2025-02-30 10:00:00", "20250210", "20250210T101010", "45698", "45698,5", "45698.556",
    "10-02-2025 9.30u", "9:30", "februari 2025", "10-2", "feb", "now", "today", "T10", "5 m",
    "2025.02.10", "10-13-2025", "10 februari 2025 10:00", "10 mrt. 2025", "3 augustus 2025",
    "31-04-2025", "2025-02-10T10:00:00.123456789", "Mon Feb 10 2025 10:00:00 GMT+0100", "2025",
    "maandag 10 februari 2025", "10e februari 2025", "10-02-25 10:00 PM", "2025-2-3", "1e3",
    *(f"7 {name} 2025 10:00" for name in (
        "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
        "oktober", "november", "december", "jan", "feb", "mrt", "apr", "jun", "jul", "aug", "sep",
        "okt", "nov", "dec", "Januari", "MEI")),
]


@pytest.mark.parametrize("order", ["day first", "month first"])
@pytest.mark.parametrize("cell", ODD)
def test_the_auditor_reads_what_cleaning_reads(cell, order):
    read = read_dates(pd.Series([cell]), order)[0]
    assert pd.isna(read) or read == pd.Timestamp(_moment(cell, order))


@pytest.mark.parametrize(("cell", "moment"), [
    ("20250210", "2025-02-10"), ("2025.02.10", "2025-02-10"), ("45698,5", "2025-02-10 12:00"),
    ("9:30", None), ("now", None), ("februari 2025", None),
    ("3 augustus 2025 10:00", "2025-08-03 10:00"),
])
def test_nothing_is_filled_in_that_does_not_stand_there(cell, moment):
    read = read_dates(pd.Series([cell, "13-01-2025"]))[0]
    assert pd.isna(read) if moment is None else read == pd.Timestamp(moment)


def written(folder, people, **columns):
    """What is told, and the tables, of twelve people whose columns were written otherwise."""
    rows = [
        {**row, **{name: write(number, row[name]) for name, write in columns.items()}}
        for number, row in enumerate(people(12))
    ]
    folder.deliver(rows)
    return clean_study(folder.study, folder.raw, None)[0]


def months(number, text):
    moment = pd.Timestamp(text)
    return f"{moment.day} januari {moment.year} {moment:%H:%M:%S}"


def serial(number, text):
    days = (pd.Timestamp(text) - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
    return f"{days:.8f}".replace(".", ",")


@pytest.mark.parametrize("write", [months, serial])
def test_other_ways_of_writing_give_the_same_table(folder, people, write):
    plain = written(folder, people).tables["responses"]
    other = written(folder, people, begin=write, eind=write)
    assert not other.errors
    same = other.tables["responses"][["row", "started", "seconds"]]
    assert same.equals(plain[["row", "started", "seconds"]])


def test_single_odd_cells_never_make_cleaning_and_proof_disagree(folder, people):
    odd = dict(enumerate(("2025-02-30 10:00:00", "20260113", "46036", "13-01-2026 9.30u", "9:30")))
    cleaned = written(folder, people, begin=lambda number, text: odd.get(number, text))
    assert not cleaned.errors
    started = cleaned.tables["responses"].sort_values("row")["started"].tolist()
    assert started[1:3] == [pd.Timestamp("2026-01-13"), pd.Timestamp("2026-01-14")]
    assert pd.isna(started[0]) and pd.isna(started[4])


def test_a_column_in_two_date_orders_stops(folder, people):
    cleaned = written(folder, people, begin=lambda number, text: pd.Timestamp(text).strftime(
        "%m/%d/%Y %H:%M" if number in (2, 5) else "%d/%m/%Y %H:%M"))
    [problem] = [each for each in cleaned.errors if each.topic == "dates.two-orders"]
    assert (problem.rows, problem.column, problem.rule) == ((4, 7), "begin", "C19")
    assert problem.what == (
        "two date orders: in 2 rows day and month stand the other way")


def test_a_time_below_zero_is_missing_and_told(folder, people):
    cleaned = written(folder, people, eind=lambda number, text: (
        "2026-01-02 09:00:00" if number == 3 else text))
    responses = cleaned.tables["responses"].set_index("row")
    assert pd.isna(responses.at[5, "seconds"]) and responses["flags"][5] == ""
    assert (responses["seconds"].drop(5) >= 40).all()
    [line] = cleaned.log[cleaned.log["column"] == "seconds"].query("key == '5'").to_dict("records")
    assert (line["rule"], line["change"]) == ("C11", "set missing")
