"""Small tables, the people behind them, and what a refusal says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from lostudy.disclosure import Safe, protect
from lostudy.errors import DisclosureError
from lostudy.study import Disclosure

POLICY = Disclosure(signed_by="Somebody", signed_on=dt.date(2025, 1, 6))
SMALL = POLICY.model_copy(update={"threshold": 3, "own_threshold": 3, "round_to": 1})


def table(sizes: dict[str, int], **columns: object) -> pd.DataFrame:
    """An estimate per organisation."""
    frame = pd.DataFrame({"organisation": list(sizes), "n": list(sizes.values())})
    estimates = {"estimate": 3.14159, "low": 3.0, "high": 3.3}
    return frame.assign(**{**estimates, **columns})


def people_of(frame: pd.DataFrame, by: Sequence[str], n: str = "n") -> pd.DataFrame:
    """As many persons behind each row as it says, totals apart."""
    parts = frame[(frame[list(by)].astype("str") != "all").all(axis=1)]
    if parts.empty:
        parts = frame
    rows = parts.loc[parts.index.repeat(parts[n].fillna(0).astype(int)), list(by)]
    return rows.reset_index(drop=True).assign(person=np.arange(len(rows)).astype(str))


def protected(
    frame: pd.DataFrame,
    by: Sequence[str] = ("organisation",),
    policy: Disclosure = POLICY,
    **options: object,
) -> Safe:
    """The table through the door, with its people beside it."""
    people = options.pop("people", None)
    people = people_of(frame, by) if people is None else people
    return protect(frame, by=by, people=people, policy=policy, kind="test", **options)


def reasons(safe: Safe) -> list[str]:
    return safe.table["hidden"].tolist()


def said(call: Callable) -> str:
    """The message of a refusal."""
    with pytest.raises(DisclosureError) as caught:
        call()
    return str(caught.value)


def cross(counts: np.ndarray) -> pd.DataFrame:
    """A two-way table of counts with its margins and its total, a row per cell."""
    margins = np.zeros((counts.shape[0] + 1, counts.shape[1] + 1), dtype=int)
    margins[:-1, :-1] = counts
    margins[-1, :-1], margins[:-1, -1] = counts.sum(0), counts.sum(1)
    margins[-1, -1] = counts.sum()
    rows = [*map(str, range(counts.shape[0])), "all"]
    columns = [*map(str, range(counts.shape[1])), "all"]
    return pd.DataFrame(
        [
            {"organisation": a, "role": b, "n": int(margins[i, j]), "estimate": 1.0}
            for i, a in enumerate(rows)
            for j, b in enumerate(columns)
        ]
    )
