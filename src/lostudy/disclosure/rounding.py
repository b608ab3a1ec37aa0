"""How precisely something is shown: numbers of persons to a base, estimates to decimals.

Rounding comes after hiding, and a total is made anew from its rounded parts (OpenSAFELY's order):
then it tells nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lostudy.disclosure.sums import ALL, sums_of
from lostudy.formats import rounded
from lostudy.study import Disclosure


def round_count(n: pd.Series, policy: Disclosure) -> pd.Series:
    """Numbers of persons rounded to the policy's base, never under its threshold.

    >>> round_count(pd.Series([12, 13, 48], dtype="Int64"), Disclosure()).tolist()
    [10, 15, 50]
    """
    base = policy.round_to
    near = ((n + base // 2) // base) * base
    raised = (near < policy.threshold) & (n >= policy.threshold)
    return near.mask(raised, policy.threshold).astype("Int64")


def between(n: pd.Series, policy: Disclosure) -> pd.DataFrame:
    """From how many to how many persons each rounded number can stand for: least and most.

    >>> between(pd.Series([10, 15], dtype="Int64"), Disclosure()).values.tolist()
    [[10, 12], [13, 17]]
    """
    base, half = policy.round_to, policy.round_to // 2
    least = (n - half).clip(lower=policy.threshold)
    return pd.DataFrame({"least": least, "most": n + base - 1 - half}).astype("Int64")


def counts_shown(
    frame: pd.DataFrame, by: Sequence[str], columns: Sequence[str], policy: Disclosure
) -> pd.DataFrame:
    """n as it is shown, with the least and the most that a reader may take it for.

    `frame`: the exact `n` and the reason in `hidden`; `columns`: those over which groups add up. A
    total that is the sum of its parts, all of them shown, is the sum of what is shown of them; one
    that counts persons once who stand in two parts keeps its own rounded number.

    >>> frame = pd.DataFrame({"team": ["a", "b", "all"], "n": [12, 12, 24], "hidden": ""})
    >>> counts_shown(frame, ["team"], ["team"], Disclosure()).values.tolist()
    [[10, 10, 12], [10, 10, 12], [20, 20, 24]]
    """
    exact = frame["n"].to_numpy(dtype="float64", na_value=np.nan)
    n = round_count(frame["n"].astype("Int64"), policy).mask(frame["hidden"] != "")
    shown = pd.concat([n.rename("n"), between(n, policy)], axis=1)
    depth = (frame[list(by)].astype("str") == ALL).sum(axis=1).to_numpy()
    for each in sorted(sums_of(frame, by, columns), key=lambda each: depth[each.total]):
        family = [*each.parts, each.total]
        adds_up = exact[list(each.parts)].sum() == exact[each.total]
        if adds_up and shown["n"].iloc[family].notna().all():
            shown.iloc[each.total] = shown.iloc[list(each.parts)].sum()
    return shown


def decimals_for(n: int | None) -> int:
    """Two decimals from fifty persons (as rounded), else one (METHODS D7).

    >>> decimals_for(50), decimals_for(45), decimals_for(None)
    (2, 1, 1)
    """
    return 2 if n is not None and n >= 50 else 1


def decimals(n: pd.Series) -> list[int]:
    """The decimals of each row, by its number of persons as shown."""
    return [decimals_for(None if pd.isna(count) else int(count)) for count in n]


def round_values(values: pd.Series, places: Sequence[int]) -> pd.Series:
    """Numbers with these decimals, rounded half up."""
    pairs = zip(values, places, strict=True)
    return pd.Series([rounded(value, place) for value, place in pairs], index=values.index)
