"""Four organisations, one spread between them: partial pooling, and how much the prior decides.

A sensitivity analysis. Four means cannot settle how much organisations differ; the three priors are
shown together so that nobody takes one of them for the truth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.estimates import as_frame, interval_row, missing_row

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
    (mu), "spread" (tau) and one per organisation. Columns: prior, what, estimate (posterior mean),
    se (posterior SD), low, high, n (organisations), method, note.

    Rubin's eight schools: the mean is 7.9 and the spread 6.6 (Gelman et al. 2013, section 5.5).

    >>> schools = pd.DataFrame({"organisation": list("ABCDEFGH"),
    ...     "estimate": [28., 8, -3, 7, -1, 1, 18, 12], "se": [15., 10, 16, 11, 9, 11, 10, 18]})
    >>> partial_pooling(schools)["estimate"].round(1).tolist()[:2]
    [7.9, 6.6]
    """
    numbers = frame[[estimate, se]].astype(float)
    known = frame[np.isfinite(numbers.to_numpy()).all(axis=1) & (numbers[se] > 0).to_numpy()]
    y, s = known[estimate].to_numpy(float), known[se].to_numpy(float)
    method = "partial pooling by quadrature over the spread"
    rows: list[dict[str, Any]] = []
    for prior, scale in (PRIORS if priors is None else priors).items():
        keys = {"prior": prior}
        if len(y) < 3:
            note = "fewer than three organisations"
            rows.append(missing_row(n=len(y), method=method, note=note, what="mean", **keys))
            continue
        rows += _posterior(y, s, scale, list(known[name]), level, points, method, keys)
    return as_frame(rows, ["estimate", "se", "low", "high"])


def _posterior(
    y: np.ndarray, s: np.ndarray, scale: float, names: list[Any], level: float, points: int,
    method: str, keys: dict[str, Any],
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
    shared = {"n": len(y), "method": method, **keys}
    rows = [_mixture("mean", mu, np.sqrt(spread), mass, level, shared, SENTENCE)]
    total = np.cumsum(mass)
    ends = [float(tau[np.searchsorted(total, q)]) for q in ((1 - level) / 2, (1 + level) / 2)]
    centre = float(mass @ tau)
    row = interval_row(centre, *ends, note=SENTENCE, what="spread", **shared)
    rows.append({**row, "se": float(np.sqrt(mass @ (tau - centre) ** 2))})
    for j, name in enumerate(names):
        rows.append(_mixture(name, theta[:, j], theta_sd[:, j], mass, level, shared, ""))
    return rows


def _grid(y: np.ndarray, s: np.ndarray, scale: float, points: int) -> tuple[np.ndarray, np.ndarray]:
    """Values of tau, denser near 0, with the width each stands for."""
    top = 60 * max(float(np.ptp(y)), float(s.max())) if not np.isfinite(scale) else 8 * scale
    edges = top * np.linspace(0, 1, points + 1) ** 3
    return (edges[1:] + edges[:-1]) / 2, np.diff(edges)


def _mixture(
    what: Any, centre: np.ndarray, sd: np.ndarray, mass: np.ndarray, level: float,
    shared: dict[str, Any], note: str,
) -> dict[str, Any]:  # fmt: skip
    mean = float(mass @ centre)
    spread = float(np.sqrt(mass @ (sd**2 + (centre - mean) ** 2)))
    ends = [_quantile(centre, sd, mass, q) for q in ((1 - level) / 2, (1 + level) / 2)]
    row = interval_row(mean, *ends, note=note, what=what, **shared)
    return {**row, "se": spread}


def _quantile(centre: np.ndarray, sd: np.ndarray, mass: np.ndarray, share: float) -> float:
    low, high = float((centre - 9 * sd).min()), float((centre + 9 * sd).max())
    for _ in range(80):
        middle = (low + high) / 2
        below = mass @ special.ndtr((middle - centre) / sd) < share
        low, high = (middle, high) if below else (low, middle)
    return (low + high) / 2
