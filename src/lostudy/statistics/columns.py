"""What columns hold: the one place where answers become numbers, and the refusal where they cannot.

A message names the column and the rows, counted as a spreadsheet does (the heading is row 1, the
first row of the frame row 2), and never what stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem, StudyError

CURE = "give numbers, and missing where there is none"
TEXT = "text or dates where numbers are needed"
INFINITE = "an infinite value"
NEGATIVE = "a weight below 0"


def numbers(frame: pd.DataFrame, names: Sequence[Any] | None = None) -> pd.DataFrame:
    """The columns of a frame as floats, with its index; missing stays missing.

    `names`: the columns, default all. Text, dates and infinite values stop the work (DataError), as
    do two columns of one name and something that is no frame (StudyError).

    >>> numbers(pd.DataFrame({"q1": [1, None], "q2": [True, False]})).values.tolist()
    [[1.0, 1.0], [nan, 0.0]]
    >>> numbers(pd.DataFrame({"q1": [1, "agree"]}))
    Traceback (most recent call last):
    lostudy.errors.DataError: row 3, column 'q1': text or dates where numbers are needed. To do: \
give numbers, and missing where there is none
    """
    need_frame(frame)
    need_single(frame, list(frame.columns.unique() if names is None else names))
    chosen = frame if names is None else frame[list(names)]
    if all(_plain(dtype) for dtype in chosen.dtypes):
        values = chosen.to_numpy(dtype=float, na_value=np.nan)
        if not np.isinf(values).any():
            return pd.DataFrame(values, index=frame.index, columns=chosen.columns)
    found, problems = {}, []
    for place, name in enumerate(chosen.columns):
        found[name], wrong = _floats(chosen.iloc[:, place])
        problems += [_problem(what, rows, str(name)) for what, rows in wrong.items()]
    if problems:
        raise DataError(problems)
    return pd.DataFrame(found, index=frame.index, columns=chosen.columns)


def number(values: Any, name: str = "values") -> np.ndarray:
    """One column, list or array as floats (n); refused as by `numbers`, under this name.

    >>> number([1, None, "2"]).tolist()
    [1.0, nan, 2.0]
    """
    column = values if isinstance(values, pd.Series) else pd.Series(_listed(values))
    found, wrong = _floats(column)
    if wrong:
        raise DataError([_problem(what, rows, name) for what, rows in wrong.items()])
    return found


def with_numbers(frame: pd.DataFrame, names: Sequence[str | None]) -> pd.DataFrame:
    """The frame with these of its columns as floats (None is no column); refused as by `numbers`.

    >>> with_numbers(pd.DataFrame({"y": [1], "team": ["a"]}), ["y", None]).values.tolist()
    [[1.0, 'a']]
    """
    asked = [name for name in names if name is not None]
    found = numbers(frame, asked)
    return frame.assign(**{name: found[name] for name in asked})


def need_frame(frame: Any) -> None:
    """Stop where something else than a frame was given.

    >>> need_frame([[1, 2]])
    Traceback (most recent call last):
    lostudy.errors.StudyError: a list instead of a frame. To do: give a pandas DataFrame
    """
    if not isinstance(frame, pd.DataFrame):
        what = f"a {type(frame).__name__} instead of a frame"
        raise StudyError(Problem(what, "give a pandas DataFrame"))


def need_single(frame: pd.DataFrame, names: Sequence[Any]) -> None:
    """Stop where two columns of a frame share one of these names.

    >>> need_single(pd.DataFrame([[1, 2]], columns=["q", "q"]), ["q"])
    Traceback (most recent call last):
    lostudy.errors.StudyError: two columns are called 'q'. To do: give each column its own name
    """
    twice = set() if frame.columns.is_unique else set(frame.columns[frame.columns.duplicated()])
    for name in names:
        if name is not None and name in twice:
            what = f"two columns are called '{name}'"
            raise StudyError(Problem(what, "give each column its own name"))


def weights_of(values: Any, name: str = "weights") -> np.ndarray:
    """Numbers of 0 or more (n), or missing; refused as by `number`, and below 0.

    >>> weights_of([1, 2.5]).tolist()
    [1.0, 2.5]
    """
    found = number(values, name)
    below = np.flatnonzero(found < 0)
    if len(below):
        raise DataError(_problem(NEGATIVE, below, name))
    return found


def beside(labels: Any, index: pd.Index, name: str) -> pd.Series:
    """One label per row of a frame with this index; a Series with an index of its own is aligned.

    `name`: what the labels are, for the message. Another length, or rows of other names, stop the
    work: labels taken by position would then be those of other people.

    >>> beside(pd.Series(["b", "a"], index=[1, 0]), pd.RangeIndex(2), "team").tolist()
    ['a', 'b']
    """
    cure = "give one per row, in the same order or with the same index"
    if not isinstance(labels, pd.Series) or labels.index.equals(index):
        listed = isinstance(labels, np.ndarray | pd.Series)
        given = labels if listed else np.asarray(list(labels), dtype=object)
        if len(given) != len(index):
            what = f"{name} and the rows differ in length"
            raise StudyError(Problem(what, "give one per row"))
        return pd.Series(np.asarray(given), index=index)
    same = labels.index.is_unique and index.is_unique and len(labels) == len(index)
    if not same or not labels.index.isin(index).all():
        raise StudyError(Problem(f"{name} and the rows have different indexes", cure))
    return labels.reindex(index)


def once_per_wave(rows: pd.DataFrame, names: Sequence[str]) -> None:
    """Stop where a person stands twice in a wave.

    `names`: the columns that together occur once; rows where one of them is missing do not count.

    >>> once_per_wave(pd.DataFrame({"who": [1, 1], "wave": [0, 0]}), ["who", "wave"])
    Traceback (most recent call last):
    lostudy.errors.DataError: 1 rows repeat a person within a wave. To do: remove duplicates first
    """
    twice = int(rows[list(names)].dropna().duplicated().sum())
    if twice:
        raise DataError(
            Problem(f"{twice} rows repeat a person within a wave", "remove duplicates first")
        )


def _listed(values: Any) -> Any:
    return values if isinstance(values, np.ndarray) else list(values)


def _plain(dtype: Any) -> bool:
    types = pd.api.types
    return types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype)


def _floats(column: pd.Series) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The numbers, and the places of what is none by what is wrong with it."""
    if _plain(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
    else:
        values = np.array([_float(each) for each in column.astype(object)], dtype=float)
    strange = np.isnan(values) & column.notna().to_numpy()
    wrong = {TEXT: np.flatnonzero(strange), INFINITE: np.flatnonzero(np.isinf(values))}
    return values, {what: rows for what, rows in wrong.items() if len(rows)}


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return np.nan


def _problem(what: str, rows: np.ndarray, name: str) -> Problem:
    where = tuple(int(row) + 2 for row in rows)
    cure = "give weights of 0 or more" if what == NEGATIVE else CURE
    return Problem(what, cure, row=where[0], rows=where, column=name)
