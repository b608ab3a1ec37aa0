"""From estimates to what may be seen: threshold in persons, no cell given away, rounding.

The order is: hide small groups and groups that all say the same, hide what could be derived from
totals, then round (METHODS D1, D3, D5, D7). What this module does not understand it refuses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lostudy.disclosure.claims import claims_of, labels
from lostudy.disclosure.people import carried, check_people, distinct, places
from lostudy.disclosure.rounding import counts_shown, decimals, round_values
from lostudy.disclosure.safe import ABSENT, PROTECTED, Safe, sealed
from lostudy.disclosure.sums import sums_of
from lostudy.disclosure.suppression import hidden_too
from lostudy.disclosure.tables import (
    HELP,
    NUMBERS,
    SPREAD,
    TEXTS,
    check_behind,
    check_counts,
    check_shape,
    check_values,
    has_total,
)
from lostudy.disclosure.unlisted import unlisted
from lostudy.errors import DisclosureError, Problem
from lostudy.study import Disclosure

NOTHING = 1e-9


def protect(
    table: pd.DataFrame,
    *,
    by: Sequence[str],
    people: pd.DataFrame,
    policy: Disclosure,
    kind: str,
    values: Sequence[str] = NUMBERS,
    parts: Sequence[str] = (),
) -> Safe:
    """A table of estimates as it may be shown.

    `table`: one row per estimate, with the columns of `by` that identify it ("all" in one of them
    is everybody in it) and a whole number `n`. `people`: who stands in which group: the columns of
    `by` that tell people apart, `person`, and where it matters `moment` (an answer at another wave
    is another number) and `weight`; no answers. The number of persons is counted from it, and is
    never more than `n`; fewer than the policy's threshold are not shown, nor what a few of them
    make up by their weight. `values`: which of estimate, low and high are emptied and rounded.
    `parts`: the columns over which groups add up to a total; default: every column of `by` in which
    "all" occurs beside other values.
    Used to find groups that all say the same, and not kept: a standard error `se`, and `minimum`
    and `maximum` of what can be answered (of a difference only the `span` between them); one of
    these, or `low` and `high`, is needed.

    Raises DisclosureError with everything that it does not understand.

    >>> people = pd.DataFrame({"team": [*"aaaabbbbbbbbbbbb"], "person": range(16)})
    >>> table = pd.DataFrame({"team": ["a", "b"], "estimate": [3.14, 2.72], "n": [4, 12]})
    >>> table = table.assign(minimum=1.0, maximum=5.0)
    >>> policy = Disclosure(signed_by="An officer", signed_on="2025-01-06")
    >>> protect(table, by=["team"], people=people, policy=policy, kind="example").table
      team  estimate     n     hidden
    0    a       NaN  <NA>  protected
    1    b       2.7    10
    """
    if problems := check_shape(table, by) or check_people(people, by):
        raise DisclosureError(problems)
    check_counts(table, by, policy, (*values, *TEXTS, *HELP))
    check_values(table, values)
    if problems := check_behind(people, by, policy):
        raise DisclosureError(problems)
    frame = table.reset_index(drop=True).copy()
    where = places(frame, by, people)
    counted = distinct(people, where)
    columns = parts or [each for each in by if has_total(frame[each])]
    _check_gaps(frame, by, columns, counted)
    frame["n"] = _persons(frame["n"], counted)
    withheld = withheld_rows(frame, by, policy, kind) | (carried(people, where) < policy.threshold)
    primary = _primary(frame, withheld, policy)
    hidden = _closed(frame, primary, by, columns, people, policy)
    frame["hidden"] = primary.mask(hidden & (primary == ""), PROTECTED)
    counts = counts_shown(frame, by, columns, policy)
    shown = _finish(frame.drop(columns=list(HELP), errors="ignore"), by, counts["n"], values)
    claims = claims_of(
        shown, by, people, where, counts=counts, error=_errors(counts["n"]), span=_span(frame),
        counted=not any(each in shown for each in values),
    )  # fmt: skip
    return sealed(shown, kind, tuple(by), claims=(claims,))


def _check_gaps(
    frame: pd.DataFrame, by: Sequence[str], columns: Sequence[str], counted: np.ndarray
) -> None:
    """Raise where a row without a number of persons stands in a total, and people stand in it."""
    gaps = set(np.flatnonzero(frame["n"].isna().to_numpy() & (counted > 0)).tolist())
    if any(gaps & {*each.parts, each.total} for each in sums_of(frame, by, columns)):
        what = "a group without a number of persons beside its total, though there are people in it"
        raise DisclosureError(Problem(what, "count them, or leave the total out"))


def _closed(
    frame: pd.DataFrame,
    primary: pd.Series,
    by: Sequence[str],
    columns: Sequence[str],
    people: pd.DataFrame,
    policy: Disclosure,
) -> np.ndarray:
    """What is hidden when the table is closed, small groups that stand in its totals only as well.

    A group without a row that is no small one is left out: then more may be hidden, never less.
    """
    more = unlisted(frame, by, columns, people)
    more = more[(more["n"] > 0) & (more["n"] < policy.threshold)]
    keys = frame[[*by, "n"]].assign(**{each: frame[each].astype("str") for each in by})
    whole = pd.concat([keys, more], ignore_index=True)
    small = np.concatenate([(primary == PROTECTED).to_numpy(), np.ones(len(more), dtype=bool)])
    return hidden_too(whole, small, by, columns, policy.threshold)[: len(frame)]


def _persons(said: pd.Series, counted: np.ndarray) -> pd.Series:
    """Distinct persons, and never more than the table says; what was not measured stays so."""
    said = said.astype("Int64")
    least = np.minimum(said.fillna(0).astype("int64").to_numpy(), counted)
    return pd.Series(least, index=said.index, dtype="Int64").mask(said.isna())


def withheld_rows(
    frame: pd.DataFrame, by: Sequence[str], policy: Disclosure, kind: str
) -> np.ndarray:
    """Rows that the policy withholds by name: "levels: scale=VA, organisation=B"."""
    return np.isin([f"{kind}: {each}" for each in labels(frame, by)], policy.withheld)


def _primary(frame: pd.DataFrame, withheld: np.ndarray, policy: Disclosure) -> pd.Series:
    """The reason why a row is hidden by itself."""
    few = (frame["n"] < policy.threshold).fillna(False).astype(bool)
    hidden = pd.Series("", index=frame.index, dtype="str")
    hidden = hidden.mask(few | _same(frame, policy) | withheld, PROTECTED)
    return hidden.mask(frame["n"].isna().astype(bool), ABSENT)


def _same(frame: pd.DataFrame, policy: Disclosure) -> pd.Series:
    """Groups that (nearly) all say the same: their mean tells what everyone said.

    A mean so near the end of what can be answered that nine in ten must have given that answer
    tells it of each of them, in a group under the policy's size (METHODS D3).
    """
    same = pd.Series(False, index=frame.index)
    if SPREAD in frame:
        same |= frame[SPREAD].astype("float64").abs() < NOTHING
    if {"low", "high"} <= set(frame):
        same |= (frame["high"].astype("float64") - frame["low"].astype("float64")).abs() < NOTHING
    if "note" in frame:
        same |= frame["note"].astype("str").str.startswith("no variation")
    if {"estimate", "minimum", "maximum"} <= set(frame):
        ends = [(frame["estimate"] - frame[end]).abs() for end in ("minimum", "maximum")]
        nearest = pd.concat(ends, axis=1).min(axis=1)
        small = (frame["n"] < policy.group_size).fillna(False).astype(bool)
        same |= (nearest < NOTHING) | (small & (nearest <= 1 - policy.group_share + NOTHING))
    return same


def _errors(n: pd.Series) -> pd.Series:
    """Half of the last unit in which each row is printed."""
    return pd.Series([0.5 * 10.0**-place for place in decimals(n)], index=n.index)


def _span(frame: pd.DataFrame) -> pd.Series:
    """From the least to the most that can be answered; missing where the table does not say."""
    if {"minimum", "maximum"} <= set(frame):
        return frame["maximum"].astype("float64") - frame["minimum"].astype("float64")
    return frame.get("span", pd.Series(float("nan"), index=frame.index)).astype("float64")


def _finish(
    frame: pd.DataFrame, by: Sequence[str], n: pd.Series, values: Sequence[str]
) -> pd.DataFrame:
    """Empty what is hidden and round what is shown."""
    out, places = frame["hidden"] != "", decimals(n)
    frame["n"] = n
    for column in (each for each in values if each in frame):
        frame[column] = round_values(frame[column].astype("float64").mask(out), places)
    for column in (each for each in TEXTS if each in frame and each not in by):
        frame[column] = frame[column].astype("str").mask(out, "")
    return frame
