"""What a cumulative model says: how likely each answer is, and intervals by the profile."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from lostudy.errors import Problem, StudyError
from lostudy.statistics.cumulative import Cumulative, first_guess, maximise
from lostudy.statistics.estimates import as_frame, interval_row, missing_row, tails
from lostudy.statistics.ordinal import OrdinalFit


def answer_probabilities(fit: OrdinalFit, X: Any) -> pd.DataFrame:
    """How likely each answer is at each row of `X` (m x k): m rows, a column per answer.

    Of a fit with a random team: for a team at the mean. Rows sum to 1; without a fit all missing.

    Without predictors they are the shares of the answers:

    >>> from lostudy.statistics.ordinal import fit_ordinal
    >>> fit = fit_ordinal([1, 2, 2, 3], np.empty((4, 0)))
    >>> answer_probabilities(fit, np.empty((1, 0))).round(3).values.tolist()
    [[0.25, 0.5, 0.25]]
    """
    matrix = np.atleast_2d(np.asarray(X, dtype=float))
    if fit.model is None:
        return pd.DataFrame(np.nan, index=range(len(matrix)), columns=list(fit.answers))
    k = fit.model.X.shape[1]
    if matrix.shape[1] != k:
        what = f"X has {matrix.shape[1]} columns, the model {k}"
        raise StudyError(Problem(what, "give the columns of the model"))
    cuts = fit.theta[: fit.model.cuts]
    latent = cuts - (matrix @ fit.theta[len(cuts) : len(cuts) + k])[:, None]
    cdf = special.expit(latent) if fit.model.link == "logit" else special.ndtr(latent)
    whole = np.column_stack([np.zeros(len(matrix)), cdf, np.ones(len(matrix))])
    return pd.DataFrame(np.diff(whole, axis=1), columns=list(fit.answers))


def profile_intervals(fit: OrdinalFit, level: float = 0.95) -> pd.DataFrame:
    """Intervals of the coefficients by the profile of the likelihood: a row per coefficient.

    The values that a likelihood ratio test at 1 - level does not refuse (Venzon & Moolgavkar 1988;
    R's ordinal, confint): better than estimate +- 1.96 se where a coefficient is large. Of models
    without a random team. Columns: term, estimate, low, high, n, method, note.

    >>> from lostudy.statistics.ordinal import fit_ordinal
    >>> fit = fit_ordinal([1, 2, 1, 2, 1, 2, 2, 1], [[0.], [0], [0], [1], [1], [1], [1], [0]])
    >>> row = profile_intervals(fit).iloc[0]
    >>> bool(row["low"] < row["estimate"] < row["high"])
    True
    """
    method, rows = "profile likelihood", []
    terms = fit.coefficients[~fit.coefficients["term"].str.contains("|", regex=False)]
    for place, row in enumerate(terms.to_dict("records")):
        blank = missing_row(n=fit.n, method=method, note=fit.note, term=row["term"])
        if fit.model is None or fit.model.team is not None:
            note = fit.note or "not of a model with a random team"
            rows.append({**blank, "note": note})
            continue
        low, high = (_end(fit, fit.model, place, row["se"], side, level) for side in (-1.0, 1.0))
        rows.append(interval_row(row["estimate"], low, high, n=fit.n, method=method,
                                 term=row["term"]))  # fmt: skip
    return as_frame(rows, ["estimate", "low", "high"])


def _end(
    fit: OrdinalFit, model: Cumulative, place: int, se: float, side: float, level: float
) -> float:
    """Where twice the loss of log likelihood is the quantile of chi-square; missing if nowhere."""
    centre = float(fit.theta[model.cuts + place])
    most = float(special.chdtri(1, 2 * tails(level)[0]))
    others, own = np.delete(model.X, place, axis=1), model.X[:, place]

    def gap(distance: float) -> float:
        shift = (own - own.mean()) * (centre + side * distance)
        held = Cumulative(model.y, others, model.link, offset=shift)
        found = maximise(held, first_guess(held))
        return np.inf if found.problem else 2 * (fit.loglik - found.loglik) - most

    far = 3.0 * se
    for _ in range(8):
        if gap(far) > 0:
            return centre + side * float(optimize.brentq(gap, 1e-8 * se, far, xtol=1e-9 * se))
        far *= 2
    return np.nan
