"""Four organisations, one spread between them: partial pooling, and how much the prior decides.

A sensitivity analysis. Four means cannot settle how much organisations differ; the three priors are
shown together so that nobody takes one of them for the truth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.errors import Problem, StudyError
from lostudy.statistics.columns import with_numbers
from lostudy.statistics.estimates import as_frame, interval_row, missing_row, need_columns, tails

METHOD = "partial pooling by quadrature over the spread"
FEWEST_MOMENTS = 5
MEDIAN = "so few under a flat prior have no posterior SD: the median is shown"
UNUSABLE = "no estimate with a standard error above 0: left out of the pooling"
SENTENCE = "these organisations cannot settle how much organisations differ"
PRIORS: dict[str, float] = {"flat": np.inf, "half-normal 0.25": 0.25, "half-normal 0.10": 0.10}


def partial_pooling(
    frame: pd.DataFrame,
    estimate: str = "estimate",
    se: str = "se",
    name: str = "organisation",
    priors: dict[str, float] | None = None,
    level: float = 0.95,
    points: int = 2000,
) -> pd.DataFrame:
    """Organisation means drawn to each other, under three priors for their spread.

    The normal model of Rubin (1981), y_j ~ N(theta_j, se_j), theta_j ~ N(mu, tau), flat mu, summed
    over a grid of `points` values of tau (no simulation). `frame`: a row per organisation, `name`.
    `priors`: name -> scale of a half-normal for tau, infinite for flat. Rows per prior: "mean"
    (mu), "spread" (tau) and one per organisation. Under a flat prior with three or four
    organisations the posterior of mu and tau has no variance (its tail falls as tau^(1 - J)): the
    estimate is then the median, without se, as the note says. An organisation without an estimate
    or error is left out and has a row that says so. Columns: prior, what, estimate (posterior
    mean), se (posterior SD), low, high, n (organisations), method, note.

    Rubin's eight schools: the mean is 7.9 and the spread 6.6 (Gelman et al. 2013, section 5.5).

    >>> schools = pd.DataFrame({"organisation": list("ABCDEFGH"),
    ...     "estimate": [28., 8, -3, 7, -1, 1, 18, 12], "se": [15., 10, 16, 11, 9, 11, 10, 18]})
    >>> partial_pooling(schools)["estimate"].round(1).tolist()[:2]
    [7.9, 6.6]
    """
    need_columns(frame, [estimate, se, name])
    frame = with_numbers(frame.reset_index(drop=True), [estimate, se])
    usable = frame[estimate].notna() & (frame[se] > 0)
    y, s = (frame.loc[usable, column].to_numpy() for column in (estimate, se))
    chosen = PRIORS if priors is None else priors
    if not all(scale > 0 for scale in chosen.values()):
        what = "the scale of a prior is not above 0"
        raise StudyError(Problem(what, "give numbers above 0, infinite for a flat prior"))
    rows: list[dict[str, Any]] = []
    for prior, scale in chosen.items():
        keys = {"method": METHOD, "prior": prior}
        few = "fewer than three organisations"
        rows += (
            _posterior(y, s, scale, list(frame.loc[usable, name]), level, points, keys)
            if len(y) >= 3
            else [missing_row(n=len(y), note=few, what="mean", **keys)]
        )
        rows += [missing_row(n=len(y), note=UNUSABLE, what=each, **keys)
                 for each in frame.loc[~usable, name]]  # fmt: skip
    return as_frame(rows, ["estimate", "se", "low", "high"])


def _posterior(
    y: np.ndarray, s: np.ndarray, scale: float, names: list[Any], level: float, points: int,
    keys: dict[str, Any],
) -> list[dict[str, Any]]:  # fmt: skip
    tau, weight = _grid(y, s, scale, points)
    precision = 1 / (s**2 + tau[:, None] ** 2)
    spread = 1 / precision.sum(axis=1)
    mu = (precision @ y) * spread
    logged = 0.5 * np.log(spread) + 0.5 * np.log(precision).sum(axis=1)
    logged -= 0.5 * (precision * (y - mu[:, None]) ** 2).sum(axis=1)
    if np.isfinite(scale):
        logged -= tau**2 / (2 * scale**2)
    mass = np.exp(logged - logged.max()) * weight
    mass /= mass.sum()
    shrink = s**2 * precision
    theta = shrink * mu[:, None] + (1 - shrink) * y
    theta_sd = np.sqrt((1 - shrink) * s**2 + shrink**2 * spread[:, None])
    shared = {"n": len(y), **keys}
    rows = [_mixture("mean", mu, np.sqrt(spread), mass, level, {**shared, "note": SENTENCE})]
    low, middle, high = (_of_grid(tau, mass, q) for q in (tails(level)[0], 0.5, tails(level)[1]))
    centre = float(mass @ tau)
    row = interval_row(centre, low, high, note=SENTENCE, what="spread", **shared)
    rows.append({**row, "se": float(np.sqrt(mass @ (tau - centre) ** 2))})
    if not np.isfinite(scale) and len(y) < FEWEST_MOMENTS:
        rows[0]["estimate"] = _quantile(mu, np.sqrt(spread), mass, 0.5)
        rows[1]["estimate"] = middle
        rows = [{**row, "se": np.nan, "note": f"{SENTENCE}; {MEDIAN}"} for row in rows]
    shared["note"] = ""
    return rows + [
        _mixture(name, theta[:, j], theta_sd[:, j], mass, level, shared)
        for j, name in enumerate(names)
    ]


def _grid(y: np.ndarray, s: np.ndarray, scale: float, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Values of tau, denser near 0, with the width each stands for; without end for a flat prior.

    There tau = wide u / (1 - u) with u from 0 to 1: the tail of few organisations is heavy.
    """
    if np.isfinite(scale):
        edges = 8 * scale * np.linspace(0, 1, points + 1) ** 3
        return (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    wide = max(float(np.ptp(y)), float(s.max()))
    u = (np.arange(points) + 0.5) / points
    return wide * (u / (1 - u)) ** 2, wide * 2 * u / (1 - u) ** 3 / points


def _of_grid(tau: np.ndarray, mass: np.ndarray, share: float) -> float:
    """The quantile of tau, between the values of the grid."""
    return float(np.interp(share, np.cumsum(mass) - mass / 2, tau))


def _mixture(
    what: Any, centre: np.ndarray, sd: np.ndarray, mass: np.ndarray, level: float,
    shared: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    mean = float(mass @ centre)
    spread = float(np.sqrt(mass @ (sd**2 + (centre - mean) ** 2)))
    ends = [_quantile(centre, sd, mass, q) for q in tails(level)]
    row = interval_row(mean, *ends, what=what, **shared)
    return {**row, "se": spread}


def _quantile(centre: np.ndarray, sd: np.ndarray, mass: np.ndarray, share: float) -> float:
    low, high = float((centre - 9 * sd).min()), float((centre + 9 * sd).max())
    for _ in range(80):
        middle = (low + high) / 2
        below = mass @ special.ndtr((middle - centre) / sd) < share
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2
