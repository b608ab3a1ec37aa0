"""Errors that do not lean on normality, and the chi-square scaled to match them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lostudy.statistics.likelihood import (
    Solution,
    case_scores,
    expected_information,
    observed_information,
)
from lostudy.statistics.patterns import Moments, univariate
from lostudy.statistics.structure import Table


def robust_errors(
    table: Table, found: Solution, data: Moments, p: int, m: int
) -> tuple[np.ndarray, tuple[float, float]]:
    """Huber-White covariances, and the scaling factors of the model and of the baseline.

    With A the information and B the cross products of the rows' scores, the factor is [tr(A^-1 B)
    of the model that restricts nothing - tr(A^-1 B) of the model] / df (Yuan & Bentler 2000;
    Asparouhov & Muthen 2005; R's lavaan, yuan.bentler.mplus).
    """
    scores = case_scores(table, found.theta, data, p, m)
    spread = found.spread @ (scores.T @ scores) @ found.spread
    free, none = (_free_table(data, p, both=both) for both in (True, False))
    information = expected_information if data.complete else observed_information
    whole = _trace(free, data, p, information)
    own = float(np.trace(np.linalg.solve(found.information, scores.T @ scores)))
    alone = _trace(none, data, p, observed_information)
    count, df = len(free.start), len(free.start) - len(found.theta)
    scaling = (whole - own) / df if df > 0 else 1.0
    base_df = count - len(none.start)
    return spread, (scaling, (whole - alone) / base_df if base_df > 0 else 1.0)


def _trace(table: Table, data: Moments, p: int, information: Callable[..., np.ndarray]) -> float:
    """tr(A^-1 B) at the start of a table that needs no solving: information and cross products."""
    at = np.array(table.start)
    scores = case_scores(table, at, data, p, 1)
    return float(np.trace(np.linalg.solve(information(table, at, data, p, 1), scores.T @ scores)))


def _free_table(data: Moments, p: int, both: bool) -> Table:
    """The model that restricts nothing (`both`), or in which no items go together, solved."""
    table = Table()
    for g, group in enumerate(data.groups):
        S, mean = data.S[g], data.mean[g]
        if not both:
            mean, spread = univariate(group, p)
            S = np.diag(spread)
        table.fix("factor", g, 0, 0, 0.0)
        for i in range(p):
            for j in range(0 if both else i, i + 1):
                table.free("residual", g, i, j, S[i, j])
            if data.means:
                table.free("intercept", g, i, 0, mean[i])
    return table
