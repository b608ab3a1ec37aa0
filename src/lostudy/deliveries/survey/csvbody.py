"""The body of a CSV file as categorical text, and which rows do not fit when it cannot be read.

Bodies go through Arrow's reader into dictionary-encoded text: a label is stored once per column,
not once per cell, and no cell is ever turned into a number or a date on the way. (The parser of
pandas with `dtype="category"` was measured: five times slower, and it makes categories of numbers.)
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lostudy.deliveries.files import refusal
from lostudy.deliveries.text import TextFile

BLOCKS = (1 << 20, 1 << 26, 1 << 30)


def text_body(
    text: TextFile, separator: str, *, skip_lines: int, width: int
) -> pd.DataFrame:
    """All records below the headings."""
    if text.quotes % 2:
        _refuse_ragged(text, separator, width, quotes=True)
    table = _table(text, separator, skip_lines, width)
    if table is None:
        _refuse_ragged(text, separator, width)
        raise refusal(
            text.path, "the file cannot be split into rows and cells",
            "export it again as CSV UTF-8", rule="csv.unreadable")
    return pd.DataFrame(
        {number: _from_arrow(table.column(number)) for number in range(width)}, copy=False
    )


def _table(text: TextFile, separator: str, skip_lines: int, width: int) -> Any:
    """The body as an Arrow table, None where a row does not fit (Arrow's error holds values)."""
    import pyarrow as pa

    for block in BLOCKS:
        try:
            return _arrow_table(text, separator, skip_lines, width, block)
        except pa.ArrowInvalid as error:
            if "straddl" not in str(error):
                return None
    return None


def _arrow_table(
    text: TextFile, separator: str, skip_lines: int, width: int, block: int
) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(number) for number in range(width)]
    kind = pa.dictionary(pa.int32(), pa.string())
    return arrow.read_csv(
        pa.BufferReader(text.data) if text.data is not None else str(text.path),
        read_options=arrow.ReadOptions(  # one thread: two cost far more memory and win little
            column_names=names, skip_rows=skip_lines, block_size=block, use_threads=False
        ),
        parse_options=arrow.ParseOptions(
            delimiter=separator, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=arrow.ConvertOptions(
            column_types=dict.fromkeys(names, kind), null_values=[""], strings_can_be_null=True,
            quoted_strings_can_be_null=True, check_utf8=False,
        ),
    )


def _from_arrow(column: Any) -> Any:
    import pyarrow as pa

    joined = column.combine_chunks()
    array = joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    size = len(array.dictionary)
    narrow = np.int8 if size < 127 else np.int16 if size < 32767 else np.int32
    categories = pd.Index(array.dictionary.to_pandas(), dtype="str")
    return pd.Categorical.from_codes(
        codes.astype(narrow), dtype=pd.CategoricalDtype(categories), validate=False
    )


def frame_of(rows: list[list[str]], width: int) -> pd.DataFrame:
    """Rows of text as categorical columns; "" is missing."""
    columns = {
        number: categorical([row[number] or None for row in rows]) for number in range(width)
    }
    return pd.DataFrame(columns, copy=False)


def categorical(values: Sequence[str | None]) -> pd.Categorical:
    """Text as a categorical whose categories stand in order of appearance."""
    codes, found = pd.factorize(pd.Series(list(values), dtype="str"), sort=False)
    return pd.Categorical.from_codes(codes, categories=pd.Index(found, dtype="str"))


def _refuse_ragged(
    text: TextFile, separator: str, width: int, quotes: bool = False
) -> None:
    """Go through the file again, slowly, and name the rows that do not fit; return if all fit."""
    lines = text.lines()
    if text.hint:
        next(lines)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    wrong: list[tuple[int, int]] = []
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if record and len(record) != width:
                wrong.append((row, len(record)))
    except csv.Error:
        if not wrong or quotes:
            raise refusal(
                text.path, "a double quote is not closed, or stands inside a quoted cell",
                "mend the quotes in this row, or export the file again", row=row + 1,
                rule="csv.quote") from None
    if wrong:
        raise _ragged(text.path, wrong, width, last=row)


def _ragged(path: Path, wrong: list[tuple[int, int]], width: int, last: int) -> Exception:
    row, cells = wrong[0]
    if [row for row, _ in wrong] == [last] and cells < width:
        return refusal(
            path, f"the last row has {cells} of {width} cells: the file was cut off",
            "ask for the delivery again", row=row, rule="csv.cut-off")
    rows = ", ".join(str(row) for row, _ in wrong[:5]) + (" ..." if len(wrong) > 5 else "")
    amount = "too many" if cells > width else "too few"
    return refusal(
        path, f"the row has {cells} cells where the headings have {width} ({amount}); "
        f"rows that do not fit: {rows}",
        "put cells that hold a separator between double quotes, or export the file again",
        row=row, rule="csv.ragged")
