"""Is one slope for all answer steps enough? The check of the cumulative model's own assumption."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from lostudy.statistics.estimates import as_frame, missing_row
from lostudy.statistics.ordinal import fit_ordinal
from lostudy.statistics.scaling import centred

METHOD = "likelihood ratio test of proportional odds"
TINY = 1e-12


def proportional_odds(y: Any, X: pd.DataFrame) -> pd.DataFrame:
    """Per column of X: does its effect differ between the steps of the answers? A row per column.

    Compares the cumulative logit model with one in which the column has a slope of its own at every
    threshold (R: ordinal, nominal_test; Peterson & Harrell 1990). A small p says that one slope is
    too simple. `y` (n) ordered answers, `X` (n x k) without a column of ones.
    Columns: term, estimate (chi-square), df, p, n, method, note.

    Two answers have one step, so there is nothing to test:

    >>> X = pd.DataFrame({"x": [0., 1, 0, 1, 2, 1]})
    >>> proportional_odds([1, 2, 2, 1, 2, 1], X)["note"].item()
    'two categories: one step'
    """
    codes = pd.factorize(np.asarray(pd.Series(y, dtype=object)), sort=True)[0]
    matrix = X.to_numpy(dtype=float, na_value=np.nan)
    keep = (codes >= 0) & np.isfinite(matrix).all(axis=1)
    scaled = centred(matrix[keep])[0]
    fit = fit_ordinal(np.asarray(y)[keep], scaled)
    cuts = int(codes.max(initial=0))
    note = fit.note or ("two categories: one step" if cuts < 2 else "")
    rows = []
    for place, name in enumerate(X.columns):
        row = missing_row(n=fit.n, method=METHOD, note=note, term=name)
        if not note:
            loglik = _freed(codes[keep], scaled, place, cuts, fit.theta)
            value, df = max(2 * (loglik - fit.loglik), 0.0), float(cuts - 1)
            row.update(estimate=value, df=df, p=float(special.chdtrc(df, value)))
        rows.append(row)
    return as_frame(rows, ["estimate", "df", "p"])


def _freed(y: np.ndarray, X: np.ndarray, place: int, cuts: int, theta: np.ndarray) -> float:
    """The log likelihood when column `place` has a slope per threshold."""
    own, others = X[:, place], np.delete(X, place, axis=1)
    start = np.concatenate(
        [theta[:cuts], np.delete(theta[cuts:], place), np.full(cuts, theta[cuts + place])]
    )
    ends = np.eye(cuts + 2)[:, 1:-1]  # which threshold bounds an answer; none at the far ends

    def loss(t: np.ndarray) -> tuple[float, np.ndarray]:
        shared = others @ t[cuts : cuts + others.shape[1]]
        latent = t[:cuts] - shared[:, None] - own[:, None] * t[cuts + others.shape[1] :]
        F = np.column_stack([np.zeros(len(y)), special.expit(latent), np.ones(len(y))])
        rows = np.arange(len(y))
        P = np.maximum(F[rows, y + 1] - F[rows, y], TINY)
        f = F[:, 1:-1] * (1 - F[:, 1:-1])
        g = (ends[y + 1] - ends[y]) * f / P[:, None]
        slope = [g.sum(axis=0), -(g.sum(axis=1) @ others), -(own @ g)]
        return -float(np.log(P).sum()), -np.concatenate(slope)

    found = optimize.minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-7})
    return -float(found.fun)
