"""What a handful of organisations cannot support: a test of what is the same for all in each.

An organisation's size, sector or programme has as many values as there are organisations. With four
there is nothing to estimate an error from, whatever the number of respondents; a model that is not
told so divides by the number of teams or persons and finds a small p.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.estimates import NUMBERS, need_columns

INFERENCE = NUMBERS[1:]


def organisation_level(frame: pd.DataFrame, predictor: str, organisation: str) -> str:
    """Why a predictor may not be tested, in words; nothing where it varies within organisations.

    `predictor`: a column; with as many values as organisations there is nothing to estimate an
    error from, whatever the number of persons.

    >>> organisation_level(pd.DataFrame({"size": [5, 5, 9], "o": list("AAB")}), "size", "o")
    "'size' is the same for everybody within each of 2 organisations: these support no test of it"
    """
    need_columns(frame, [predictor, organisation])
    known = frame[[predictor, organisation]].dropna()
    within = known.groupby(organisation, observed=True)[predictor].nunique()
    if len(within) and within.max() > 1:
        return ""
    return (
        f"'{predictor}' is the same for everybody within each of {len(within)} organisations: "
        "these support no test of it"
    )


def withhold(rows: pd.DataFrame, X: Any, organisation: Any) -> pd.DataFrame:
    """Coefficients without error, interval and p where a column of X belongs to organisations.

    `rows`: a row per term; `X` (n x k) as the model had it; `organisation` (n). Let through are a
    constant and the mark of a single organisation (0 and 1, the 1 or the 0 in one only): that sets
    one organisation against the others, whose teams carry the uncertainty.

    >>> rows = pd.DataFrame({"term": ["one", "size"], "estimate": [3., .2], "p": [.01, .02],
    ...                      "note": ""})
    >>> X = pd.DataFrame({"one": 1., "size": [5., 5, 9, 9, 2, 2]})
    >>> withhold(rows, X, list("AABBCC"))[["estimate", "p"]].values.tolist()
    [[3.0, 0.01], [0.2, nan]]
    """
    table = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.atleast_2d(X)).add_prefix("b")
    if len(organisation) != len(table):
        raise StudyError(
            Problem("organisation and X differ in length", "give one organisation per row of X")
        )
    site = pd.Series(np.asarray(organisation), index=table.index, name="organisation")
    notes = {str(name): _note(table[name], site) for name in table}
    found = rows["term"].map(notes).fillna("")
    out = rows.copy()
    out.loc[found != "", [name for name in INFERENCE if name in out]] = np.nan
    out["note"] = found.where(found != "", out["note"])
    return out


def _note(column: pd.Series, site: pd.Series) -> str:
    """Why a column may not be tested; nothing for a constant and the mark of one organisation."""
    known = pd.DataFrame({"x": column.astype(float), "o": site}).dropna()
    values = known.groupby("x")["o"].nunique()
    if len(values) < 2 or (set(values.index) == {0.0, 1.0} and values.min() == 1):
        return ""
    return organisation_level(known.rename(columns={"x": str(column.name)}), str(column.name), "o")
