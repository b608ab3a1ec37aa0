"""What a handful of organisations cannot support: a test of what is the same for all in each.

An organisation's size, sector or programme has as many values as there are organisations. With four
there is nothing to estimate an error from, whatever the number of respondents; a model that is not
told so divides by the number of teams or persons and finds a small p.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.columns import beside
from lostudy.statistics.estimates import NUMBERS, need_columns

INFERENCE = NUMBERS[1:]
MOST_WAVES = 12


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
    one organisation against the others, whose teams carry the uncertainty. Refused as well is what
    follows from the organisation and one or two other columns of X (a programme that starts in two
    organisations at the second wave), unless it plays in a single organisation.

    >>> rows = pd.DataFrame({"term": ["one", "size"], "estimate": [3., .2], "p": [.01, .02],
    ...                      "note": ""})
    >>> X = pd.DataFrame({"one": 1., "size": [5., 5, 9, 9, 2, 2]})
    >>> withhold(rows, X, list("AABBCC"))[["estimate", "p"]].values.tolist()
    [[3.0, 0.01], [0.2, nan]]
    """
    table = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.atleast_2d(X)).add_prefix("b")
    site = beside(organisation, table.index, "organisation").rename("organisation")
    notes = {str(name): _note(table[name], site) or _by_wave(table, name, site) for name in table}
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


def _by_wave(table: pd.DataFrame, name: Any, site: pd.Series) -> str:
    """Why a column that is the same for everybody in an organisation at a wave may not be tested.

    What tells the waves apart is looked for among the other columns, one or two together.
    """
    cells = table.astype(float).assign(organisation=site).dropna()
    x, where = cells[name], cells["organisation"]
    still = x.groupby(where).agg(["min", "max"])
    if (still["min"] == still["max"]).all() or _in_one(still):
        return ""
    waves = [other for other in table if other != name and _like_waves(cells[other], where)]
    for chosen in (*combinations(waves, 1), *combinations(waves, 2)):
        times = [cells[each] for each in chosen]
        if x.groupby([where, *times]).nunique().max() > 1 or x.groupby(times).nunique().max() < 2:
            continue
        return (
            f"'{name}' is the same for everybody within each of {where.nunique()} organisations "
            f"at a time: these support no test of it"
        )
    return ""


def _in_one(still: pd.DataFrame) -> bool:
    """Whether all organisations but one have one and the same value (rows: organisation)."""
    fixed = still[still["min"] == still["max"]]
    return len(still) - len(fixed) <= 1 and fixed["min"].nunique() <= 1


def _like_waves(column: pd.Series, where: pd.Series) -> bool:
    """Few values, and not those of the organisations."""
    return 1 < column.nunique() <= MOST_WAVES and bool(column.groupby(where).nunique().max() > 1)
