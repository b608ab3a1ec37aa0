"""From estimates to what may be seen: threshold in persons, no cell that the rest gives away, rounding.

The order is: hide small groups, hide what could be derived from totals, then round (METHODS D1, D5,
D7). What this module does not understand it refuses.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.disclosure.safe import Safe, sealed
from lostudy.errors import DisclosureError, Problem
from lostudy.formats import rounded
from lostudy.study import Disclosure

ALL = "all"
NUMBERS = ("estimate", "se", "df", "low", "high", "statistic", "p")


def protect(
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    policy: Disclosure,
    kind: str,
    values: Sequence[str] = NUMBERS,
    parts: Sequence[str] = (),
) -> Safe:
    """A table of estimates as it may be shown.

    `table`: one row per estimate with a whole number `n` of distinct persons. `by`: the columns that
    identify groups; the value "all" in one of them marks the total over it. `values`: numeric columns
    that tell about persons and are emptied and rounded. `parts`: the columns over which groups add
    up to a total; default: every column of `by` in which "all" occurs beside other values.

    Raises DisclosureError if `n` is absent, negative or not whole, or a column is unknown.
    """
    _check(table, by, policy)
    frame = table.reset_index(drop=True).copy()
    frame["n"] = frame["n"].astype("Int64")
    hidden = pd.Series("", index=frame.index, dtype="str").mask(
        frame["n"].fillna(0) < policy.threshold, "few"
    )
    hidden = hidden.mask(frame["n"].isna() | (frame["n"] == 0), "absent")
    for column in parts or [each for each in by if _has_total(frame[each])]:
        hidden = _no_single_gap(frame, hidden, column, by, policy.threshold)
    frame["hidden"] = hidden
    return _finish(frame, by, policy, kind, values)


def _finish(
    frame: pd.DataFrame, by: Sequence[str], policy: Disclosure, kind: str, values: Sequence[str]
) -> Safe:
    """Empty what is hidden, round what is shown, and seal."""
    out = frame["hidden"] != ""
    exact = frame["n"]
    for column in (each for each in values if each in frame):
        frame[column] = _rounded(frame[column].astype("float64").mask(out), exact, column)
    for column in (each for each in ("note", "wording", "method") if each in frame):
        frame[column] = frame[column].astype("str").mask(out, "")
    frame["n"] = round_count(exact, policy).mask(out)
    return sealed(frame, kind, tuple(by))


def round_count(n: pd.Series, policy: Disclosure) -> pd.Series:
    """Numbers of persons rounded to the policy's base, never under its threshold.

    >>> round_count(pd.Series([12, 13, 48], dtype="Int64"), Disclosure()).tolist()
    [10, 15, 50]
    """
    base = policy.round_to
    near = ((n + base // 2) // base) * base
    return near.mask((near < policy.threshold) & (n >= policy.threshold), policy.threshold).astype(
        "Int64"
    )


def decimals_for(n: int | None) -> int:
    """Two decimals from fifty persons, else one (METHODS D7)."""
    return 2 if n is not None and n >= 50 else 1


def _rounded(values: pd.Series, n: pd.Series, column: str) -> pd.Series:
    if column in ("statistic", "df"):
        return values.map(lambda value: rounded(value, 1))
    if column == "p":
        return values.map(lambda value: rounded(value, 3))
    places = [decimals_for(None if pd.isna(count) else int(count)) for count in n]
    return pd.Series(
        [rounded(value, place) for value, place in zip(values, places, strict=True)],
        index=values.index,
        dtype="float64",
    )


def _check(table: pd.DataFrame, by: Sequence[str], policy: Disclosure) -> None:
    problems = []
    if not policy.signed_by or policy.signed_on is None:
        problems.append(
            Problem(
                "the disclosure policy is not signed",
                "fill in signed_by and signed_on in study.toml",
            )
        )
    for column in (each for each in (*by, "n") if each not in table):
        problems.append(
            Problem(
                f"a table without column '{column}'",
                "protect needs every identifying column and n, the number of persons",
            )
        )
    if isinstance(table.columns, pd.MultiIndex):
        problems.append(
            Problem("a table with more than one level of headings", "give one row per estimate")
        )
    if "n" in table and not isinstance(table.columns, pd.MultiIndex):
        counts = pd.to_numeric(table["n"], errors="coerce")
        if (table["n"].notna() & (counts.isna() | (counts < 0) | (counts % 1 != 0))).any():
            problems.append(
                Problem(
                    "a number of persons that is negative or not whole", "count distinct persons"
                )
            )
    if not problems and table.duplicated(list(by)).any() and by:
        problems.append(Problem("two rows for one group", f"one row per {' × '.join(by)}"))
    if problems:
        raise DisclosureError(problems)


def _has_total(values: pd.Series) -> bool:
    texts = set(values.astype("str"))
    return ALL in texts and len(texts) > 1


def _no_single_gap(
    frame: pd.DataFrame, hidden: pd.Series, column: str, by: Sequence[str], threshold: int
) -> pd.Series:
    """Where a total is shown, what is hidden beside it must not be the total minus the rest (D5)."""
    hidden = hidden.copy()
    others = [each for each in by if each != column]
    groups = (
        frame.groupby([frame[each].astype("str") for each in others], sort=False).groups.values()
        if others
        else [frame.index]
    )
    for rows in groups:
        total = frame.loc[rows, column].astype("str") == ALL
        if not total.any() or (hidden[rows][total] != "").all():
            continue
        parts = rows[~total.to_numpy()]
        hidden[parts] = _closed_gap(
            hidden[parts], frame.loc[parts, "n"].astype("float64"), threshold
        )
    return hidden


def _closed_gap(hidden: pd.Series, n: pd.Series, threshold: int) -> pd.Series:
    """The parts of one total: hide more until what is hidden together holds the threshold of persons."""
    hidden = hidden.copy()
    while True:
        gaps, left = hidden.isin(["few", "derivable"]), hidden == ""
        enough = gaps.sum() >= 2 and n[gaps].sum() >= threshold
        if not gaps.any() or enough or not left.any():
            return hidden
        hidden[n[left].idxmin()] = "derivable"
