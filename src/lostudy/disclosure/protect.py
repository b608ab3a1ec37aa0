"""From estimates to what may be seen: threshold in persons, no cell given away, rounding.

The order is: hide small groups and groups that all say the same, hide what could be derived from
totals, then round (METHODS D1, D3, D5, D7). What this module does not understand it refuses.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.disclosure.gaps import ALL, closed
from lostudy.disclosure.safe import Safe, sealed
from lostudy.errors import DisclosureError, Problem
from lostudy.formats import rounded
from lostudy.study import Disclosure

NUMBERS = ("estimate", "low", "high")
TEXTS = ("note", "wording", "method", "items")
SPREAD, NOTHING = "se", 1e-9


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

    `table`: one row per estimate with a whole number `n` of distinct persons. `by`: the columns
    that identify groups; the value "all" in one of them marks the total over it. `values`: numeric
    columns that tell about persons and are emptied and rounded. `parts`: the columns over which
    groups add up to a total; default: every column of `by` in which "all" occurs beside other
    values. A standard error `se` is used to find groups that all say the same, and is not kept.

    Raises DisclosureError if `n` is absent, negative or not whole, or a column is unknown.
    """
    _check(table, by, policy, (*values, *TEXTS, SPREAD))
    frame = table.reset_index(drop=True).copy()
    frame["n"] = frame["n"].astype("Int64")
    hidden = _primary(frame, policy)
    columns = parts or [each for each in by if _has_total(frame[each])]
    frame["hidden"] = closed(frame, hidden, by, columns, policy.threshold)
    return _finish(frame.drop(columns=SPREAD, errors="ignore"), by, policy, kind, values)


def _primary(frame: pd.DataFrame, policy: Disclosure) -> pd.Series:
    """The reason why a cell is hidden by itself."""
    hidden = pd.Series("", index=frame.index, dtype="str")
    hidden = hidden.mask(_same(frame), "uniform")
    hidden = hidden.mask((frame["n"] < policy.threshold).fillna(True).astype(bool), "few")
    return hidden.mask((frame["n"].isna() | (frame["n"] == 0)).astype(bool), "absent")


def _same(frame: pd.DataFrame) -> pd.Series:
    """Groups without any spread: their mean tells what everyone said."""
    same = pd.Series(False, index=frame.index)
    if SPREAD in frame:
        same |= frame[SPREAD].astype("float64").abs() < NOTHING
    if {"low", "high"} <= set(frame):
        same |= (frame["high"].astype("float64") - frame["low"].astype("float64")).abs() < NOTHING
    if "note" in frame:
        same |= frame["note"].astype("str").str.startswith("no variation")
    return same


def _finish(
    frame: pd.DataFrame, by: Sequence[str], policy: Disclosure, kind: str, values: Sequence[str]
) -> Safe:
    """Empty what is hidden, round what is shown, and seal."""
    out = frame["hidden"] != ""
    frame["n"] = round_count(frame["n"], policy).mask(out)
    for column in (each for each in values if each in frame):
        frame[column] = _rounded(frame[column].astype("float64").mask(out), frame["n"])
    for column in (each for each in TEXTS if each in frame and each not in by):
        frame[column] = frame[column].astype("str").mask(out, "")
    return sealed(frame, kind, tuple(by))


def round_count(n: pd.Series, policy: Disclosure) -> pd.Series:
    """Numbers of persons rounded to the policy's base, never under its threshold.

    >>> round_count(pd.Series([12, 13, 48], dtype="Int64"), Disclosure()).tolist()
    [10, 15, 50]
    """
    base = policy.round_to
    near = ((n + base // 2) // base) * base
    raised = (near < policy.threshold) & (n >= policy.threshold)
    return near.mask(raised, policy.threshold).astype("Int64")


def decimals_for(n: int | None) -> int:
    """Two decimals from fifty persons (as rounded), else one (METHODS D7).

    >>> decimals_for(50), decimals_for(45), decimals_for(None)
    (2, 1, 1)
    """
    return 2 if n is not None and n >= 50 else 1


def _rounded(values: pd.Series, n: pd.Series) -> pd.Series:
    """Numbers with the decimals that the shown number of persons allows."""
    places = [decimals_for(None if pd.isna(count) else int(count)) for count in n]
    pairs = zip(values, places, strict=True)
    return pd.Series([rounded(value, place) for value, place in pairs], index=values.index)


def check_policy(policy: Disclosure) -> list[Problem]:
    """What is wrong with a policy: nothing is shown under one that nobody signed."""
    problems = []
    if not policy.signed_by.strip() or policy.signed_on is None:
        cure = "fill in signed_by and signed_on in study.toml"
        problems.append(Problem("the disclosure policy is not signed", cure))
    if policy.own_threshold > policy.threshold:
        cure = "make own_threshold at most threshold in study.toml"
        problems.append(Problem("the disclosure policy contradicts itself", cure))
    return problems


def _check(
    table: pd.DataFrame, by: Sequence[str], policy: Disclosure, known: Sequence[str]
) -> None:
    """Raise with everything that is wrong with a table."""
    problems = check_policy(policy)
    if isinstance(table.columns, pd.MultiIndex) or not table.columns.is_unique:
        what = "a table with more than one level of headings, or the same heading twice"
        raise DisclosureError([*problems, Problem(what, "give one row per estimate")])
    for column in (each for each in (*by, "n") if each not in table):
        cure = "protect needs every identifying column and n, the number of persons"
        problems.append(Problem(f"a table without column '{column}'", cure))
    for column in (str(each) for each in table if each not in (*by, "n", *known)):
        cure = "leave it out, or name it in by or values"
        problems.append(Problem(f"column '{column}' is unknown to protect", cure))
    if "n" in table and not _whole(table["n"]):
        what = "a number of persons that is negative or not whole"
        problems.append(Problem(what, "count distinct persons, as integers"))
    if not problems and by and table.duplicated(list(by)).any():
        problems.append(Problem("two rows for one group", f"one row per {' × '.join(by)}"))
    if problems:
        raise DisclosureError(problems)


def _whole(counts: pd.Series) -> bool:
    """Whether counts are integers of nothing less than zero; a missing one is "not measured"."""
    kind = counts.dtype
    if pd.api.types.is_bool_dtype(kind) or not pd.api.types.is_integer_dtype(kind):
        return False
    return not bool((counts.dropna() < 0).any())


def _has_total(values: pd.Series) -> bool:
    texts = set(values.astype("str"))
    return ALL in texts and len(texts) > 1
