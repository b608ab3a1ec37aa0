"""Dates as tools write them → timestamps; day and month told apart by evidence (rule C19)."""

from __future__ import annotations

import re

import pandas as pd

ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}")
DAY_OR_MONTH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def read_dates(cells: pd.Series) -> pd.Series:
    """Timestamps without zone; what is no date becomes missing.

    Day-month-year or month-day-year is decided by the first and second numbers over the whole
    column: a number above 12 cannot be a month. Where both are possible, day first (Dutch).

    >>> read_dates(pd.Series(["13-01-2025 09:30", "02-01-2025 10:00"])).dt.month.tolist()
    [1, 1]
    >>> read_dates(pd.Series(["1/13/2025 9:30", "2/1/2025 10:00"])).dt.month.tolist()
    [1, 2]
    """
    text = (
        cells.astype("str")
        .str.strip()
        .str.replace(r"\s+(AM|PM)?\s*[A-Z]{3,4}$", r" \1", regex=True)
    )
    known = text[text.notna() & (text != "")]
    if known.empty:
        return pd.Series(pd.NaT, index=cells.index, dtype="datetime64[ns]")
    iso = known.str.match(ISO)
    parsed = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[ns]")
    parsed[known.index[iso]] = _parse(known[iso].str.replace("/", "-"), dayfirst=False)
    parsed[known.index[~iso]] = _parse(known[~iso], dayfirst=not month_first(known[~iso]))
    return parsed


def month_first(text: pd.Series) -> bool:
    """Whether the second of the two numbers exceeds 12 somewhere, and the first never does."""
    numbers = text.str.extract(DAY_OR_MONTH).astype("float")
    return bool((numbers[1] > 12).any() and not (numbers[0] > 12).any())


def _parse(text: pd.Series, *, dayfirst: bool) -> pd.Series:
    stamps = pd.to_datetime(text, errors="coerce", dayfirst=dayfirst, format="mixed", utc=True)
    return stamps.dt.tz_localize(None).astype("datetime64[ns]")
