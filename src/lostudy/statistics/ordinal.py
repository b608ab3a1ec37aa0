"""Ordered answers as they are: the cumulative model, with or without a random team.

P(answer <= j) = F(threshold_j - x b [- team]), F logistic (or normal). The check on the primary
result: it must agree with the linear model in sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.errors import Problem, StudyError
from lostudy.statistics.columns import number
from lostudy.statistics.cumulative import (
    FEWEST_NODES,
    Cumulative,
    Maximum,
    first_guess,
    maximise,
)
from lostudy.statistics.design import complete
from lostudy.statistics.estimates import as_frame, missing_row, need_choice, t_row
from lostudy.statistics.refusals import withhold
from lostudy.statistics.scaling import centred

LINKS = ("logit", "probit")
NODES = 25
COLUMNS = ["estimate", "se", "low", "high", "statistic", "p"]


@dataclass(frozen=True)
class OrdinalFit:
    """A fitted cumulative model.

    `coefficients`: rows term (thresholds "1|2", ..., then the columns of X), estimate, se, low,
    high, statistic, p, n, method, note. `team_variance`: of the random intercept (missing without
    one). `loglik`, `n`, `note` (why nothing was fitted, else "").
    """

    coefficients: pd.DataFrame
    team_variance: float
    loglik: float
    n: int
    note: str
    theta: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)
    model: Cumulative | None = field(default=None, repr=False)
    answers: tuple[Any, ...] = ()


def fit_ordinal(
    y: Any,
    X: Any,
    group: Any = None,
    link: str = "logit",
    nodes: int = NODES,
    level: float = 0.95,
    organisation: Any = None,
) -> OrdinalFit:
    """The cumulative model of ordered answers `y` (n) on `X` (n x k, without a column of ones).

    `link`: logit (proportional odds) or probit. `group` (n): a random intercept per team,
    integrated by adaptive Gauss-Hermite quadrature with `nodes` points (Hedeker & Gibbons 1994,
    Biometrics 50:933; R: ordinal, clm and clmm); 1 node is Laplace's approximation, clmm's default,
    which is less exact. A positive coefficient means higher answers. Standard errors are from the
    observed information. Units and origins of X do not matter. `organisation` (n), if given: what
    is the same for everybody within organisations gets no error and no p (see `withhold`). Complete
    separation, one category or a singular X give a fit without numbers and a note.

    Without predictors the thresholds are the logits of the cumulative shares:

    >>> fit = fit_ordinal([1, 2, 2, 3], np.empty((4, 0)))
    >>> fit.coefficients["estimate"].round(4).tolist()
    [-1.0986, 1.0986]
    """
    need_choice("link", link, LINKS)
    if nodes != 1 and nodes < FEWEST_NODES:
        what = f"{nodes} nodes do not integrate the team out"
        raise StudyError(Problem(what, "give 1 node (Laplace) or at least 5"))
    codes, labels = pd.factorize(_answers(y), sort=True)
    outcome = np.where(codes < 0, np.nan, codes.astype(float))
    data = complete(outcome, X, *([] if group is None else [group]))
    names = [f"{a}|{b}" for a, b in zip(labels[:-1], labels[1:], strict=True)] + list(data.names)
    way = "Laplace" if nodes == 1 else f"{nodes} nodes"
    text = f"cumulative {link}" + (f", random team, {way}" if group is not None else "")
    problem = _problem(data.y, data.X, data.groups)
    if problem:
        rows = [missing_row(term=t, n=len(data.y), method=text, note=problem) for t in names]
        return OrdinalFit(as_frame(rows, COLUMNS), np.nan, np.nan, len(data.y), problem)
    model = Cumulative(data.y.astype(int), data.X, link, *_teams(data.groups), nodes)
    fit = _finish(model, names, tuple(labels), text, level)
    if organisation is None:
        return fit
    return replace(fit, coefficients=withhold(fit.coefficients, X, organisation))


def _answers(y: Any) -> np.ndarray:
    """Ordered answers of any kind, but no infinite ones."""
    answers = pd.Series(y, dtype=object)
    number(answers.where(answers.map(lambda v: isinstance(v, float) and np.isinf(v))), "y")
    return answers.to_numpy()


def _teams(groups: tuple[np.ndarray, ...]) -> tuple[np.ndarray | None, int]:
    return (groups[0], int(groups[0].max()) + 1) if groups else (None, 0)


def _problem(y: np.ndarray, X: np.ndarray, groups: tuple[np.ndarray, ...]) -> str:
    if not len(y):
        return "no complete rows"
    if len(np.unique(y)) < 2:
        return "no variation: one category"
    if len(np.unique(y)) <= y.max():
        return "a category is empty after leaving out incomplete rows"
    if X.shape[1] and np.linalg.matrix_rank(centred(X)[0]) < X.shape[1]:
        return "singular: the columns of X are not independent, or one is constant"
    if groups and groups[0].max() < 1:
        return "one team: no variation between teams"
    return ""


def _finish(
    model: Cumulative, names: list[str], answers: tuple[Any, ...], text: str, level: float
) -> OrdinalFit:
    n, note = len(model.y), ""
    plain = replace(model, team=None)
    found = maximise(plain, first_guess(plain))
    if not found.problem and model.team is not None:
        found, zero = _with_team(model, plain, found)
        note, model = ("team variance estimated at zero", plain) if zero else ("", model)
    if found.problem:
        rows = [missing_row(term=t, n=n, method=text, note=found.problem) for t in names]
        return OrdinalFit(as_frame(rows, COLUMNS), np.nan, np.nan, n, found.problem)
    se = np.sqrt(np.diag(found.covariance))
    rows = [
        t_row(b, s, np.inf, n=n, method=text, note=note, level=level, term=t)
        for t, b, s in zip(names, found.theta, se, strict=False)
    ]
    variance = float(found.theta[-1] ** 2) if model.team is not None else 0.0 if note else np.nan
    return OrdinalFit(
        as_frame(rows, COLUMNS), variance, found.loglik, n, "", found.theta, model, answers
    )


def _with_team(model: Cumulative, plain: Cumulative, without: Maximum) -> tuple[Maximum, bool]:
    """The maximum with a random team, and whether its variance is 0: then the one without it."""
    found = maximise(model, np.append(without.theta, 0.5))
    if not found.problem and found.theta[-1] >= 1e-3:
        return found, False
    flat = model.loss(np.append(without.theta, 0.05))[0] >= -without.loglik
    return (without, True) if flat or not found.problem else (found, False)


def likelihood_ratio(smaller: OrdinalFit, larger: OrdinalFit) -> pd.DataFrame:
    """Twice the difference of two nested log likelihoods: one row with statistic, df and p.

    `smaller`, `larger`: fits of the same rows; the larger has more columns in X. Columns: estimate
    (the statistic), df, p, n, method, note.

    >>> small = fit_ordinal([1, 2, 1, 2, 1, 2], np.empty((6, 0)))
    >>> large = fit_ordinal([1, 2, 1, 2, 1, 2], [[0.], [0], [1], [1], [0], [1]])
    >>> likelihood_ratio(small, large)["df"].item()
    1.0
    """
    note = smaller.note or larger.note
    if not note and (smaller.n != larger.n or len(smaller.theta) >= len(larger.theta)):
        what = "these fits are not nested: other rows, or no more coefficients in the larger"
        raise StudyError(Problem(what, "give the smaller fit first, of the same rows"))
    row = missing_row(n=larger.n, method="likelihood ratio test", note=note)
    if not note:
        value = max(2 * (larger.loglik - smaller.loglik), 0.0)
        df = float(len(larger.theta) - len(smaller.theta))
        row.update(estimate=value, df=df, p=float(special.chdtrc(df, value)))
    return as_frame([row], ["estimate", "df", "p"])
