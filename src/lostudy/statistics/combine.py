"""Estimates of separate organisations to one over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.estimates import as_frame, missing_row, need_columns, t_row


def combined(
    rows: pd.DataFrame,
    weights: Sequence[float] | None = None,
    method: str = "",
    level: float = 0.95,
    **keys: Any,
) -> pd.DataFrame:
    """The weighted mean of independent estimates, with its own degrees of freedom: one row.

    `rows`: a row per organisation with estimate, se, df and n. `weights`: one per row, brought to
    sum 1; default equal, so that a large organisation does not speak for a small one. With shares
    w: estimate sum w b, variance sum (w se)^2, df (sum (w se)^2)^2 / sum ((w se)^4 / df)
    (Satterthwaite 1946; Welch 1947). An organisation without an estimate leaves no total, one
    without an error no interval; the note is its reason. `keys`: columns to put in front. Columns:
    keys..., estimate, se, df, low, high, statistic, p, n (their sum), method, note.

    Two independent means of five observations each: Welch's test, here with 8 df.

    >>> two = pd.DataFrame({"estimate": [1.0, 3.0], "se": [.5, .5], "df": [4, 4], "n": [5, 5]})
    >>> combined(two)[["estimate", "se", "df"]].round(4).values.tolist()
    [[2.0, 0.3536, 8.0]]
    """
    need_columns(rows, ["estimate", "se", "df", "n"])
    n = int(rows["n"].sum())
    share = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=float)
    if len(share) != len(rows) or (len(rows) and not share.sum() > 0) or (share < 0).any():
        raise StudyError(
            Problem("these weights cannot be", f"give {len(rows)} weights of at least 0, not all 0")
        )
    numbers = rows[["estimate", "se", "df"]].to_numpy(float)
    known = np.isfinite(numbers[:, :2]).all(axis=1) & (numbers[:, 2] > 0)
    share = share / max(share.sum(), 1e-300)
    if not len(rows) or not known.all():
        row = missing_row(n=n, method=method, note=_reason(rows[~known]), **keys)
        row["estimate"] = float(share @ numbers[:, 0]) if len(rows) else np.nan
        return as_frame([row])
    parts = (share * numbers[:, 1]) ** 2
    df = float(parts.sum() ** 2 / (parts**2 / numbers[:, 2]).sum()) if parts.sum() > 0 else np.nan
    estimate, se = float(share @ numbers[:, 0]), float(np.sqrt(parts.sum()))
    return as_frame([t_row(estimate, se, df, n=n, method=method, level=level, **keys)])


def _reason(unknown: pd.DataFrame) -> str:
    notes = unknown["note"] if "note" in unknown else pd.Series(dtype="str")
    said = [str(note) for note in notes if note]
    return said[0] if said else "no estimates to combine"
