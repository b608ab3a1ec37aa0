"""Dates as tools write them → timestamps; day and month told apart by evidence (rule C19)."""

from __future__ import annotations

import re

import pandas as pd

ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}")
PLAIN = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?"
DAY_OR_MONTH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
ZONE = r"\s+(AM|PM)?\s*[A-Z]{3,4}$"
SERIAL = r"[2-7]\d{4}(\.\d+)?"
FIRST_DAY = pd.Timestamp("1899-12-30")


def read_dates(cells: pd.Series) -> pd.Series:
    """Timestamps without zone; what is no date becomes missing.

    Day-month-year or month-day-year is decided by the first and second numbers over the whole
    column: a number above 12 cannot be a month. Where both are possible, day first (Dutch). A bare
    number is the day that Excel counts.

    >>> read_dates(pd.Series(["13-01-2025 09:30", "02-01-2025 10:00"])).dt.month.tolist()
    [1, 1]
    >>> read_dates(pd.Series(["1/13/2025 9:30", "2/1/2025 10:00"])).dt.month.tolist()
    [1, 2]
    >>> read_dates(pd.Series(["45670.5"])).tolist()
    [Timestamp('2025-01-13 12:00:00')]
    """
    text = cells.astype("str").str.strip()
    known = text[text.notna() & (text != "")]
    if bool(known.str.fullmatch(PLAIN).all()):
        return _without_zone(pd.to_datetime(text, format="ISO8601", errors="coerce"))
    known = known.str.replace(ZONE, r" \1", regex=True)
    parsed = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[ns]")
    serial, iso = known.str.fullmatch(SERIAL), known.str.match(ISO)
    rest = known[~serial & ~iso]
    parsed[known.index[serial]] = _serials(known[serial])
    parsed[known.index[iso]] = _parse(known[iso].str.replace("/", "-"), dayfirst=False)
    parsed[rest.index] = _parse(rest, dayfirst=not month_first(rest))
    return parsed


def month_first(text: pd.Series) -> bool:
    """Whether the second of the two numbers exceeds 12 somewhere, and the first never does."""
    first, second = _numbers(text)
    return bool((second > 12).any() and not (first > 12).any())


def _numbers(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    numbers = text.str.extract(DAY_OR_MONTH).astype("float")
    return numbers[0], numbers[1]


def _serials(text: pd.Series) -> pd.Series:
    days = pd.to_timedelta(text.astype("float"), unit="D")
    return (FIRST_DAY + days).dt.round("s").astype("datetime64[ns]")


def _parse(text: pd.Series, *, dayfirst: bool) -> pd.Series:
    """Pandas would swap day and month where only the other order fits; that is no date here."""
    stamps = pd.to_datetime(text, errors="coerce", dayfirst=dayfirst, format="mixed", utc=True)
    months = _numbers(text)[1 if dayfirst else 0]
    return _without_zone(stamps.mask(months > 12))


def _without_zone(stamps: pd.Series) -> pd.Series:
    return stamps.dt.tz_localize(None).astype("datetime64[ns]")
