"""The written surveys read back without lostudy: pandas, pyreadstat and openpyxl only."""

import csv
import io

import pandas as pd
import pyreadstat
from openpyxl import load_workbook

AGREE = {
    "helemaal mee oneens": 1, "mee oneens": 2, "niet mee eens, niet mee oneens": 3,
    "mee eens": 4, "helemaal mee eens": 5,
    "zeer oneens": 1, "oneens": 2, "neutraal": 3, "eens": 4, "zeer eens": 5,
    "strongly disagree": 1, "disagree": 2, "neither agree nor disagree": 3, "agree": 4,
    "strongly agree": 5,
}


def cells(path):
    """Row number as the tool shows it -> {heading: text}; "" where a cell is empty."""
    if path.suffix == ".sav":
        frame, _ = pyreadstat.read_sav(str(path), user_missing=True)
        rows = [list(frame.columns), *frame.itertuples(index=False)]
        return {number: _row(rows[0], row) for number, row in enumerate(rows[1:], 1)}
    if path.suffix == ".xlsx":
        rows = list(load_workbook(path).active.values)
        return {number: _row(rows[0], row) for number, row in enumerate(rows[1:], 2)}
    rows = csv_rows(path)
    first = 4 if rows[1][0] == "Start Date" else 2
    return {number: _row(rows[0], row) for number, row in enumerate(rows, 1) if number >= first}


def csv_rows(path):
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    separator = ";" if text.split("\n", 1)[0].count(";") > 20 else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def items(path, crosswalk):
    """The answers as numbers, a column per item, without what is no answer."""
    rows = cells(path)
    table = pd.DataFrame.from_dict(rows, orient="index")
    short = {heading.split(". ")[0]: heading for heading in table.columns}
    mapped = {row.target: short.get(row.source, row.source) for row in crosswalk}
    found = {item: table[heading].map(_number) for item, heading in mapped.items()
             if item[-1].isdigit()}
    return pd.DataFrame(found)


def _row(headings, values):
    return {heading: _text(value) for heading, value in zip(headings, values, strict=True)}


def _text(value):
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _number(text):
    text = " ".join(text.casefold().split())
    if text in AGREE:
        return AGREE[text]
    return int(text) if text in ("1", "2", "3", "4", "5") else None
