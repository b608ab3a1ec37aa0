"""The one shape of every result: a row per estimate, always the same columns in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.errors import DataError, Problem, StudyError
from lostudy.statistics.columns import need_frame, need_single

COLUMNS = ["estimate", "se", "df", "low", "high", "statistic", "p", "n", "method", "note"]
NUMBERS = COLUMNS[:7]
FEW_DF = 4.0
TOO_FEW_TEAMS = "too few teams: interval not to be tested"
PLACELESS = ("give them a place, leave out their whole conversations, or judge by conversation "
             "(lo.code_agreement, unit='conversation'): that needs no places")


def tails(level: float) -> tuple[float, float]:
    """The shares below and up to the ends of a two-sided interval; a level lies between 0 and 1.

    >>> tails(.5)
    (0.25, 0.75)
    """
    if not 0 < level < 1:
        what = "a level lies between 0 and 1"
        raise StudyError(Problem(what, "give .95 for an interval of 95 per cent"))
    return (1 - level) / 2, (1 + level) / 2


def t_quantile(level: float, df: float) -> float:
    """The two-sided critical value; the normal one where `df` is infinite.

    >>> round(t_quantile(.95, 10), 4)  # table of Student's t
    2.2281
    """
    upper = tails(level)[1]
    return float(special.ndtri(upper) if np.isinf(df) else special.stdtrit(df, upper))


def t_probability(statistic: float, df: float) -> float:
    """The two-sided p of a t statistic (normal where `df` is infinite).

    >>> round(t_probability(2.2281, 10), 4)
    0.05
    """
    tail = -abs(statistic)
    return float(2 * (special.ndtr(tail) if np.isinf(df) else special.stdtr(df, tail)))


def t_row(
    estimate: float,
    se: float,
    df: float,
    *,
    n: int,
    method: str,
    note: str = "",
    level: float = 0.95,
    null: float = 0.0,
    **keys: Any,
) -> dict[str, Any]:
    """A row with its t interval and test against `null`; a standard error of 0 gives no interval.

    >>> row = t_row(1.0, 0.5, 10, n=12, method="example")
    >>> round(row["low"], 3), round(row["high"], 3)
    (-0.114, 2.114)
    """
    row = {**keys, **missing_row(n=n, method=method, note=note), "estimate": float(estimate)}
    if not (np.isfinite(se) and se > 0 and df > 0):
        row["note"] = note or "no variation: no interval"
        return row
    half, statistic = t_quantile(level, df) * se, (estimate - null) / se
    row.update(se=float(se), df=float(df), low=float(estimate - half), high=float(estimate + half))
    row.update(statistic=float(statistic), p=t_probability(statistic, df))
    if df < FEW_DF and not note:
        row["note"] = TOO_FEW_TEAMS
    return row


def interval_row(
    estimate: float,
    low: float,
    high: float,
    *,
    n: int,
    method: str,
    note: str = "",
    **keys: Any,
) -> dict[str, Any]:
    """A row whose interval was found in another way than by t."""
    row = {**keys, **missing_row(n=n, method=method, note=note)}
    return {**row, "estimate": float(estimate), "low": float(low), "high": float(high)}


def missing_row(*, n: int, method: str, note: str, **keys: Any) -> dict[str, Any]:
    """A row without a number, and the reason in words.

    >>> missing_row(n=0, method="mean", note="no answers")["note"]
    'no answers'
    """
    return {**keys, **dict.fromkeys(NUMBERS, np.nan), "n": int(n), "method": method, "note": note}


def as_frame(
    rows: Iterable[dict[str, Any]], columns: Sequence[str] = tuple(COLUMNS)
) -> pd.DataFrame:
    """Rows to a frame: keys first, then those of COLUMNS that are asked for, in the fixed order."""
    listed = list(rows)
    keys = list(dict.fromkeys(name for row in listed for name in row if name not in COLUMNS))
    kept = [name for name in COLUMNS if name in columns or name in ("n", "method", "note")]
    return pd.DataFrame({name: [row.get(name, np.nan) for row in listed] for name in keys + kept})


def need_columns(frame: pd.DataFrame, names: Iterable[str | None]) -> None:
    """Stop when a column is not in the frame, and show which ones are.

    >>> need_columns(pd.DataFrame({"score": [1]}), ["scroe"])
    Traceback (most recent call last):
    lostudy.errors.StudyError: column 'scroe' does not exist. To do: choose one of score
    """
    need_frame(frame)
    asked = list(names)
    for name in asked:
        if name is not None and name not in frame.columns:
            known = ", ".join(map(str, frame.columns))
            raise StudyError(Problem(f"column '{name}' does not exist", f"choose one of {known}"))
    need_single(frame, asked)


def need_choice(name: str, value: Any, known: Iterable[str]) -> None:
    """Stop when a word was given that a function does not know, and show those it does.

    >>> need_choice("interval", "exact", ("feldt", "duhachek"))
    Traceback (most recent call last):
    lostudy.errors.StudyError: interval 'exact' does not exist. To do: choose one of feldt, duhachek
    """
    if value not in (names := list(known)):
        what, cure = f"{name} '{value}' does not exist", f"choose one of {', '.join(names)}"
        raise StudyError(Problem(what, cure))


def as_list(names: str | Sequence[str] | None) -> list[str]:
    """One name, several, or none, as a list.

    >>> as_list("wave"), as_list(None)
    (['wave'], [])
    """
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def need_places(segments: pd.DataFrame) -> None:
    """Refuse passages without a place in a text: agreement about places cannot leave them out.

    `segments`: start and end. Raises DataError with how many have none, or one that ends where it
    begins or before.

    >>> need_places(pd.DataFrame({"start": [0, 5], "end": [4, 9]}))
    """
    need_columns(segments, ["start", "end"])
    start, end = (pd.to_numeric(segments[side]).astype("Float64") for side in ("start", "end"))
    missing = start.isna() | end.isna()
    empty, before = (start >= end).fillna(False), (start < 0).fillna(False)
    faults = [(int(missing.sum()), "have no place in the text"),
              (int(empty.sum()), "are empty or end before they begin"),
              (int((before & ~empty).sum()), "reach beyond the beginning of the text")]
    problems = [Problem(f"{count} of {len(segments)} passages {what}", PLACELESS)
                for count, what in faults if count]
    if problems:
        raise DataError(problems)


def need_share(name: str, value: float) -> None:
    """Raise unless a value is a share, 0 to 1.

    >>> need_share("least", 0.5)
    """
    if not 0 <= value <= 1:
        what = f"{name} is {value}, and not between 0 and 1"
        raise StudyError(Problem(what, "give a share, as 0.5"))
