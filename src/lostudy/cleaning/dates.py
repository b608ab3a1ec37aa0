"""Dates as tools write them → timestamps; day and month told apart by evidence (rule C19).

A moment stays as it was written, on the clock of whoever answered: a zone behind it is left off.
"""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
PLAIN = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?"
DAY_OR_MONTH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?!\d)")
ZONED = re.compile(
    r"(\d:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp][Mm])?)"
    r"\s*(?:\(?(?:[A-Z]{3,4}|Z)\)?|(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2})?)$"
)
DUTCH_MONTHS = {
    "januari": "jan", "februari": "feb", "maart": "mar", "mrt": "mar", "april": "apr", "mei": "may",
    "juni": "jun", "juli": "jul", "augustus": "aug", "september": "sep", "oktober": "oct",
    "okt": "oct", "november": "nov", "december": "dec",
}
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
WHOLE = (
    rf"(?i)(?:[a-z]{{2,9}}[.,]?\s+)?(?:{ISO.pattern}|{DAY_OR_MONTH.pattern}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[\s.-]*{MONTH}[\s.,-]*(?:\d{{4}}|\d{{2}})(?!\d)"
    rf"|{MONTH}[\s.-]*\d{{1,2}}(?:st|nd|rd|th)?,?[\s-]+\d{{4}}(?!\d)).*"
)
SERIAL = r"[2-7]\d{4}([.,]\d+)?"
FEWEST_OTHER = 2
FIRST_DAY = pd.Timestamp("1899-12-30")
YEAR_FIRST, DAY_FIRST, MONTH_FIRST = "year first", "day first", "month first"
Window = tuple[dt.date | None, dt.date | None]


def read_dates(cells: pd.Series, order: str = "") -> pd.Series:
    """Timestamps without zone; what is no date becomes missing.

    `order` as `order_of` finds it in the column (default). A bare number is the day that Excel
    counts.

    >>> read_dates(pd.Series(["13-01-2025 09:30", "02-01-2025 10:00"])).dt.month.tolist()
    [1, 1]
    >>> read_dates(pd.Series(["1/13/2025 9:30", "2/1/2025 10:00"])).dt.month.tolist()
    [1, 2]
    >>> read_dates(pd.Series(["45670.5"])).tolist()
    [Timestamp('2025-01-13 12:00:00')]
    """
    text = cells.astype("str").str.strip()
    order = order or order_of(cells)
    if order == YEAR_FIRST:
        return _stamps(pd.to_datetime(text, format="ISO8601", errors="coerce"))
    known = _plain_words(text[text.notna() & (text != "")])
    known = known[known.str.fullmatch(WHOLE) | known.str.fullmatch(SERIAL)]
    parsed = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[ns]")
    serial, iso = known.str.fullmatch(SERIAL), known.str.match(ISO)
    rest = known[~serial & ~iso]
    parsed[known.index[serial]] = _serials(known[serial])
    dashed = known[iso].str.replace(ISO, _dashed, regex=True)
    parsed[known.index[iso]] = _parse(dashed, dayfirst=False)
    parsed[rest.index] = _parse(rest, dayfirst=order != MONTH_FIRST)
    return parsed


def _dashed(found: re.Match[str]) -> str:
    return "-".join(part for part in found.groups() if part)


def both_orders(cells: pd.Series) -> list[int]:
    """The rows whose order of day and month is not that of most others, where a number tells it.

    One cell may be a slip of the pen and is no date; two are another way of writing.

    >>> both_orders(pd.Series(["13/1/2025", "14/1/2025", "15/1/2025", "1/13/2025", "1/14/2025"]))
    [3, 4]
    """
    text = cells.astype("str").str.strip()
    first, second = _numbers(text[text.notna() & (text != "")])
    day, month = (first > 12) & (second <= 12), (second > 12) & (first <= 12)
    fewer = month if month.sum() <= day.sum() else day
    return [int(row) for row in fewer.index[fewer]] if fewer.sum() >= FEWEST_OTHER else []


def order_of(cells: pd.Series, window: Window = (None, None)) -> str:
    """Whether year, day or month comes first, by the numbers over the whole column.

    A number above 12 cannot be a month. Where both are possible, the order that puts more moments
    within the `window` (opening and closing day of the wave); else day first, as in Dutch.

    >>> order_of(pd.Series(["13/1/2025", "2/1/2025"])), order_of(pd.Series(["1/13/2025"]))
    ('day first', 'month first')
    >>> order_of(pd.Series(["2/1/2025"]), (dt.date(2025, 2, 1), None))
    'month first'
    """
    text = cells.astype("str").str.strip()
    known = text[text.notna() & (text != "")]
    if bool(known.str.fullmatch(PLAIN).all()):
        return YEAR_FIRST
    first, second = _numbers(known)
    if (first > 12).any() or (second > 12).any():
        return MONTH_FIRST if not (first > 12).any() else DAY_FIRST
    written = _plain_words(known[first.notna()])
    inside = [_inside(_parse(written, dayfirst=day), window) for day in (True, False)]
    return MONTH_FIRST if inside[1] > inside[0] else DAY_FIRST


def _inside(stamps: pd.Series, window: Window) -> int:
    opens, closes = window
    fits = stamps.notna()
    if opens is not None:
        fits &= stamps >= pd.Timestamp(opens)
    if closes is not None:
        fits &= stamps < pd.Timestamp(closes) + pd.Timedelta(days=1)
    return int(fits.sum())


def _plain_words(text: pd.Series) -> pd.Series:
    """Without zone, and with months as English names them."""
    text = text.str.replace(ZONED, r"\1", regex=True)
    if not text.str.contains("[A-Za-z]{3}", regex=True).any():
        return text
    pattern = re.compile(r"\b(" + "|".join(DUTCH_MONTHS) + r")\b\.?", re.IGNORECASE)
    return text.str.replace(pattern, lambda found: DUTCH_MONTHS[found[1].lower()], regex=True)


def _numbers(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    numbers = text.str.extract(DAY_OR_MONTH).astype("float")
    iso = text.str.match(ISO)
    return numbers[0].mask(iso), numbers[1].mask(iso)


def _serials(text: pd.Series) -> pd.Series:
    days = pd.to_timedelta(text.str.replace(",", ".").astype("float"), unit="D")
    return (FIRST_DAY + days).dt.round("s").astype("datetime64[ns]")


def _parse(text: pd.Series, *, dayfirst: bool) -> pd.Series:
    """Pandas would swap day and month where only the other order fits; that is no date here."""
    stamps = pd.to_datetime(text, errors="coerce", dayfirst=dayfirst, format="mixed", utc=True)
    months = _numbers(text)[1 if dayfirst else 0]
    return _stamps(stamps.mask(months > 12)).dt.floor("us")


def _stamps(stamps: pd.Series) -> pd.Series:
    """Without zone; a year that no survey can have is no date."""
    bare = stamps.dt.tz_localize(None)
    return bare.where(bare.dt.year.between(1900, 2200)).astype("datetime64[ns]")
