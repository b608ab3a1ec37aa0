"""Does an item mean the same to every group? For samples too small for a ladder of invariance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.columns import beside, numbers
from lostudy.statistics.estimates import as_frame, missing_row, need_choice
from lostudy.statistics.many_tests import benjamini_hochberg
from lostudy.statistics.ordinal import fit_ordinal, likelihood_ratio

METHOD = "ordinal logistic, group given the rest score"
KINDS = ("uniform", "any")


def item_dif(items: pd.DataFrame, group: Any, kind: str = "uniform") -> pd.DataFrame:
    """Do groups answer an item differently at the same rest score? A row per item.

    Differential item functioning by ordinal logistic regression (Zumbo 1999; Crane et al. 2006):
    the answer on the mean of the other items (reversed where needed), with and without the group.
    `kind`: "uniform" (a shift), or "any" (also another slope). `adjusted`: Benjamini-Hochberg over
    the items. `size`: the difference of McFadden's R2, negligible under .035 (Jodoin & Gierl 2001).
    Nothing of it says which group is right. Columns: item, estimate (chi-square), df, p, adjusted,
    size, n, method, note.

    >>> item_dif(pd.DataFrame({"a": [1, 1], "b": [1, 2]}), ["x", "y"])["note"].tolist()[0]
    'no variation: one category'
    """
    need_choice("kind", kind, KINDS)
    data = numbers(items)
    if not len(data.columns):
        raise StudyError(Problem("no items", "give a column per item"))
    labels = beside(group, data.index, "group")
    rows = [_row(data, name, labels, kind) for name in data.columns]
    table = as_frame(rows, ["estimate", "df", "p"])
    place = list(table.columns).index("p") + 1
    table.insert(place, "adjusted", benjamini_hochberg(table["p"]))
    table.insert(place + 1, "size", table.pop("size"))
    return table


def _row(items: pd.DataFrame, name: Any, labels: pd.Series, kind: str) -> dict[str, Any]:
    rest = items.drop(columns=name).mean(axis=1).rename("rest")
    keep = items[name].notna() & rest.notna() & labels.notna()
    keys = {"item": name, "size": np.nan}
    if labels[keep].nunique() < 2:
        note = "one group: nothing to compare"
        return {**missing_row(n=int(keep.sum()), method=METHOD, note=note), **keys}
    base = rest[keep].to_frame()
    dummies = pd.get_dummies(labels[keep], drop_first=True, prefix="group").astype(float)
    parts = [base, dummies]
    if kind == "any":
        parts.append(dummies.mul(rest[keep] - rest[keep].mean(), axis=0).add_suffix(" x rest"))
    small, large = (fit_ordinal(items.loc[keep, name], X) for X in (base, pd.concat(parts, axis=1)))
    found = likelihood_ratio(small, large).to_dict("records")[0]
    row = {str(key): each for key, each in found.items()}
    if not row["note"]:
        counts = items.loc[keep, name].value_counts().to_numpy(float)
        alone = float(counts @ np.log(counts / counts.sum()))  # the fit without any predictor
        keys["size"] = (large.loglik - small.loglik) / -alone
    return {**keys, **row, "method": METHOD}
