"""How much of the variance a random-intercept model accounts for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy.statistics.estimates import as_frame, missing_row
from lostudy.statistics.mixed import MixedFit

MEASURES = {"marginal": "by the predictors", "conditional": "by predictors, teams and persons"}


def variance_explained(fit: MixedFit) -> pd.DataFrame:
    """The share of variance that predictors explain, and they and the groups together: two rows.

    Marginal: var(X b) / (var(X b) + groups + residual); conditional: with the groups in the
    numerator too (Nakagawa & Schielzeth 2013; R: performance, r2_nakagawa). Columns: measure,
    estimate, n, method, note.

    Without predictors nothing is explained by them, and the groups explain the ICC:

    >>> from lostudy.statistics.mixed import fit_mixed
    >>> fit = fit_mixed([1, 3, 11, 13], np.ones((4, 1)), ["a", "a", "b", "b"])
    >>> variance_explained(fit)["estimate"].round(4).tolist()  # 49 / 51
    [0.0, 0.9608]
    """
    rows = [
        missing_row(n=fit.n, method=f"R2, {what}", note=fit.note, measure=name)
        for name, what in MEASURES.items()
    ]
    if fit.state is not None:
        inner = np.linalg.solve(fit.state.scaled.turn, fit.state.coefficient)
        fitted = fit.state.blocks.Z[:, :-1] @ inner
        fixed = float(np.var(fitted, ddof=1))
        parts = fit.variance.set_index("component")["estimate"]
        groups, total = float(parts.drop("residual").sum()), fixed + float(parts.sum())
        rows[0]["estimate"], rows[1]["estimate"] = fixed / total, (fixed + groups) / total
    return as_frame(rows, ["estimate"])
