"""From estimates to what may be said: equivalence to no change, and the wording ladder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.errors import Problem, StudyError
from lostudy.statistics.estimates import (
    FEW_DF,
    TOO_FEW_TEAMS,
    as_frame,
    interval_row,
    missing_row,
    t_quantile,
    tails,
)

WORDINGS = (
    "rose", "fell", "points_to_rise", "points_to_fall", "no_noteworthy_change", "too_uncertain",
)  # fmt: skip


def equivalence(
    estimate: float, se: float, df: float, sesoi: float, n: int, level: float = 0.95
) -> pd.DataFrame:
    """Is the change too small to matter? Two one-sided tests against +-sesoi: one row.

    `sesoi`: the smallest change of interest, fixed beforehand, in the units of the estimate. `low`
    and `high` are the 2 level - 1 interval (90% for .95); p is the larger of the two one-sided p
    values (Schuirmann 1987); under 4 df the note says that it is not to be tested. Columns:
    estimate, se, df, low, high, p, n, method, note.

    A change of 0 with se .1 against .25 (normal): p is that of z = 2.5.

    >>> equivalence(0, .1, np.inf, .25, 100)["p"].round(5).item()
    0.00621
    """
    _check(sesoi, level)
    method = f"equivalence to 0 within {sesoi:g} (two one-sided tests)"
    columns = ["estimate", "se", "df", "low", "high", "p"]
    if not (np.isfinite(estimate) and np.isfinite(se) and se > 0 and df > 0):
        return as_frame([missing_row(n=n, method=method, note="no estimate to test")], columns)
    gap = (sesoi - abs(estimate)) / se
    p = float(special.ndtr(-gap) if np.isinf(df) else special.stdtr(df, -gap))
    half = t_quantile(2 * level - 1, df) * se
    note = TOO_FEW_TEAMS if df < FEW_DF else ""
    row = interval_row(estimate, estimate - half, estimate + half, n=n, method=method, note=note)
    return as_frame([{**row, "se": se, "df": df, "p": p}], columns)


def wording(
    workforce: Mapping[str, Any] | pd.Series,
    same_people: Mapping[str, Any] | pd.Series | None,
    adjusted_p: float | None,
    same_sign_share: float | None,
    sesoi: float,
    level: float = 0.95,
) -> str:
    """The strongest wording the evidence bears: one of WORDINGS; an author may only weaken it.

    `workforce`, `same_people`: the rows of the two estimands (estimate, se, df, low, high at
    `level`); `adjusted_p`: Holm-adjusted p of the primary test; `same_sign_share`: share of the
    specifications with the sign of the estimate. "rose"/"fell": adjusted p under 1 - level, sign
    the same in at least 90% of specifications and in both estimands. "points_to_...": an interval
    excludes 0, unadjusted, for either estimand, and the other does not exclude 0 on the other side.
    "no_noteworthy_change": every estimand known lies inside +-sesoi by two one-sided tests.
    Otherwise, and where df is under 4, "too_uncertain".

    >>> row = {"estimate": .3, "se": .1, "df": 40, "low": .1, "high": .5}
    >>> wording(row, row, .01, 1.0, .25), wording(row, None, .01, 1.0, .25)
    ('rose', 'points_to_rise')
    """
    _check(sesoi, level)
    _check_shares(adjusted_p=adjusted_p, same_sign_share=same_sign_share)
    for row in (workforce, same_people):
        _check_row(row)
    known = [row for row in (workforce, same_people) if row is not None and _usable(row)]
    signs = [_sign(row) for row in known]
    clear = {sign for sign in signs if sign}
    if len(clear) == 1:
        up = clear.pop() > 0
        primary = len(known) == 2 and _usable(workforce) and _sign(workforce) != 0
        same = len({np.sign(row["estimate"]) for row in known}) == 1
        sure = adjusted_p is not None and adjusted_p < 1 - level
        stable = same_sign_share is not None and same_sign_share >= 0.9
        if primary and same and sure and stable:
            return "rose" if up else "fell"
        return "points_to_rise" if up else "points_to_fall"
    if known and not clear and all(_inside(row, sesoi, level) for row in known):
        return "no_noteworthy_change"
    return "too_uncertain"


def _check(sesoi: float, level: float) -> None:
    if not sesoi > 0:
        what, cure = "sesoi is not above 0", "give the smallest change that would matter"
        raise StudyError(Problem(what, cure))
    if tails(level)[0] >= 0.25:
        what = "a level under .5 has no two one-sided tests"
        raise StudyError(Problem(what, "give .95 for tests at .05"))


def _check_shares(**shares: float | None) -> None:
    for name, share in shares.items():
        if share is not None and (share < 0 or share > 1):
            raise StudyError(Problem(f"{name} lies between 0 and 1", "give a share or a p"))


def _check_row(row: Mapping[str, Any] | pd.Series | None) -> None:
    """Stop where an estimate lies outside its own interval, or its error is not above 0."""
    if row is None or not np.isfinite([float(row[k]) for k in ("estimate", "low", "high")]).all():
        return
    if not row["low"] <= row["estimate"] <= row["high"] or row["se"] <= 0:
        what = "an estimate lies outside its interval, or its standard error is not above 0"
        raise StudyError(Problem(what, "give the rows of the two estimands as they were computed"))


def _usable(row: Mapping[str, Any] | pd.Series) -> bool:
    numbers = [row["estimate"], row["se"], row["low"], row["high"]]
    return bool(np.isfinite(np.asarray(numbers, dtype=float)).all() and row["df"] >= FEW_DF)


def _sign(row: Mapping[str, Any] | pd.Series) -> int:
    return int(row["low"] > 0) - int(row["high"] < 0)


def _inside(row: Mapping[str, Any] | pd.Series, sesoi: float, level: float) -> bool:
    test = equivalence(row["estimate"], row["se"], row["df"], sesoi, 0, level)
    return bool(test["p"].item() < 1 - level)
