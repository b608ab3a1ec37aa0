"""What a protected table tells, row by row: about which persons, which quantity, how precisely.

These are the lines of the ledger. A claim says "the mean of this quantity over these persons, to
within this error" or, of how many there are, "between so many and so many persons". The persons are
keys; no answer stands in a claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lostudy.disclosure.people import MOMENT, PERSON, WEIGHT

PERSONS, CONVERSATIONS = "person", "conversation"
APART = ("coefficient", "measure", "comparison", "prior", "specification")  # no means of answers
QUANTITIES = ("scale", "item", "code", "theme", "one", "two", "part", *APART)
UNNAMED, MEANS = "mean", ("mean", "gemiddelde", "average")
ROWS = ["label", "quantity", "shown", "least", "most", "error", "span"]
MEMBERS = ["row", "person", "moment", "weight"]


@dataclass(frozen=True)
class Claims:
    """The claims of one table.

    `rows`: label, quantity (empty where only persons are counted), shown, least and most (how many
    persons a reader may think there are), error (half the last unit that is printed) and span
    (from the least to the most that the quantity can be), one row per row of the table. `members`:
    row, person, moment (a quantity at two waves is two quantities) and the weight of that person's
    value in what is told; in a difference weights have both signs, and those above 0 add up to 1.
    """

    unit: str
    rows: pd.DataFrame
    members: pd.DataFrame


def claims_of(
    table: pd.DataFrame,
    by: Sequence[str],
    people: pd.DataFrame,
    where: Sequence[np.ndarray],
    *,
    counts: pd.DataFrame,
    error: pd.Series,
    span: pd.Series,
    counted: bool = False,
    unit: str = PERSONS,
) -> Claims:
    """The claims of a table that was protected: it has the columns of `by`, and `hidden`.

    `counts`: least and most persons per row; `counted`: nothing but persons is counted.
    """
    rows = pd.DataFrame(
        {
            "label": labels(table, by),
            "quantity": "" if counted else _quantities(table, by),
            "shown": (table["hidden"] == "").to_numpy(),
            "least": counts["least"].to_numpy(),
            "most": counts["most"].to_numpy(),
            "error": error.to_numpy(dtype="float64"),
            "span": span.to_numpy(dtype="float64"),
        }
    )
    return Claims(unit, rows[ROWS], _members(people, where))


def _quantities(table: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """What each row tells about: a scale, an item, a code, a coefficient of a scale.

    The same quantity has the same name whatever the table calls it: a mean that is said to be one
    is the mean of its scale, and the columns stand in one order.
    """
    named = table[[each for each in QUANTITIES if each in by]].astype("str")
    if "measure" in named:
        named["measure"] = named["measure"].where(~named["measure"].isin(MEANS), "")
    rows = named.itertuples(index=False, name=None)
    return [" ".join(filter(None, row)) or UNNAMED for row in rows]


def labels(table: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """Each row by its groups: organisation=A, wave=T0.

    >>> labels(pd.DataFrame({"organisation": ["A"], "wave": ["T0"]}), ["organisation", "wave"])
    ['organisation=A, wave=T0']
    """
    rows = table[list(by)].astype("str").itertuples(index=False, name=None)
    return [
        ", ".join(f"{name}={value}" for name, value in zip(by, row, strict=True)) for row in rows
    ]


def _members(people: pd.DataFrame, where: Sequence[np.ndarray]) -> pd.DataFrame:
    """Every person of every row, once per moment."""
    rows = np.repeat(np.arange(len(where)), [len(each) for each in where])
    places = np.concatenate([*where, np.array([], dtype=int)]).astype(int)
    frame = pd.DataFrame({"row": rows, "person": people[PERSON].astype("str").to_numpy()[places]})
    for name, default in ((MOMENT, ""), (WEIGHT, 1.0)):
        frame[name] = people[name].to_numpy()[places] if name in people else default
    known = frame[people[PERSON].notna().to_numpy()[places]]
    once = known.drop_duplicates(["row", "person", "moment"]).reset_index(drop=True)
    gains = once["weight"].clip(lower=0).groupby(once["row"]).transform("sum")
    return once.assign(weight=once["weight"] / gains)[MEMBERS]
