"""How well a model of covariances fits: chi-square, CFI, TLI, RMSEA, SRMR, AIC, BIC.

As R's lavaan computes them: divisor N, RMSEA of several groups times the root of their number
(Steiger 1998), SRMR with the means where they are modelled (Bentler's, as lavaan's default).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from lostudy.statistics.estimates import as_frame, missing_row
from lostudy.statistics.patterns import Moments
from lostudy.statistics.structure import Matrices

MEASURES = (
    "chi2", "baseline", "cfi", "tli", "rmsea", "srmr", "aic", "bic", "loglik", "parameters",
)  # fmt: skip
ROBUST = (
    "chi2 scaled", "scaling", "baseline scaled", "cfi scaled", "tli scaled", "rmsea scaled",
    "cfi robust", "tli robust", "rmsea robust",
)  # fmt: skip
COLUMNS = ["estimate", "df", "low", "high", "p"]
CLOSE = 0.05


@dataclass(frozen=True)
class Chi2:
    """A chi-square of the model and of the baseline in which no items go together."""

    value: float
    df: float
    baseline: float
    baseline_df: float
    n: int
    groups: int

    @property
    def cfi(self) -> float:
        worse = max(self.baseline - self.baseline_df, self.value - self.df, 0.0)
        return 1 - max(self.value - self.df, 0.0) / worse if worse > 0 else 1.0

    @property
    def tli(self) -> float:
        base = self.baseline / self.baseline_df if self.baseline_df > 0 else 1.0
        if self.df <= 0 or base == 1:
            return 1.0
        return (base - self.value / self.df) / (base - 1)

    def rmsea(self) -> tuple[float, float, float, float]:
        """With its 90% interval and the p of close fit (RMSEA at most .05)."""
        if self.df <= 0:
            return 0.0, 0.0, 0.0, np.nan
        chi2, df = self.value, self.df

        def scaled(excess: float) -> float:
            return float(np.sqrt(max(excess, 0.0) / (self.n * df)) * np.sqrt(self.groups))

        low, high = (scaled(_noncentrality(chi2, df, share)) for share in (0.95, 0.05))
        excess = self.n * df * CLOSE**2 / self.groups
        return scaled(chi2 - df), low, high, 1 - _below(chi2, df, excess)


def _below(chi2: float, df: float, excess: float) -> float:
    value = float(special.chndtr(chi2, df, excess))
    return value if np.isfinite(value) else float(stats.ncx2.cdf(chi2, df, excess))


def _noncentrality(chi2: float, df: float, share: float) -> float:
    def gap(excess: float) -> float:
        return _below(chi2, df, excess) - share

    if special.chdtr(df, chi2) - share < 0:
        return 0.0
    return float(optimize.brentq(gap, 1e-12, max(chi2, df) * 2 + 100, xtol=1e-10))


def srmr(data: Moments, found: tuple[Matrices, ...]) -> float:
    """The root mean square of the residual correlations (and means), per group, weighted by n."""
    total = 0.0
    for S, mean, m, M in zip(data.S, data.mean, data.n, found, strict=True):
        sd = np.sqrt(np.diag(S))
        rest = ((S - M.sigma) / np.outer(sd, sd))[np.tril_indices(len(S))]
        if data.means:
            rest = np.concatenate([rest, (mean - M.mu) / sd])
        total += m * float(np.sqrt((rest**2).mean()))
    return total / sum(data.n)


def measures(
    data: Moments,
    found: tuple[Matrices, ...],
    misfit: float,
    parameters: int,
    scaling: tuple[float, float] | None,
    method: str,
    note: str,
) -> pd.DataFrame:
    """A row per measure: measure, estimate, df, low, high, p, n, method, note.

    `scaling`: the scaling factors of the model and the baseline for the robust measures, if asked.
    """
    n, p, groups = sum(data.n), len(data.S[0]), len(data.S)
    df = groups * (p * (p + 1) // 2 + (p if data.means else 0)) - parameters
    fit = Chi2(
        max(2 * (misfit - data.unrestricted), 0.0), df, 2 * (data.alone - data.unrestricted),
        groups * p * (p - 1) // 2, n, groups,
    )  # fmt: skip
    loglik = -misfit - data.cells / 2 * np.log(2 * np.pi)
    rows = _plain(fit)
    rows["srmr"] = {"estimate": srmr(data, found)}
    rows["aic"] = {"estimate": -2 * loglik + 2 * parameters}
    rows["bic"] = {"estimate": -2 * loglik + np.log(n) * parameters}
    rows["loglik"] = {"estimate": loglik}
    rows["parameters"] = {"estimate": parameters}
    if scaling is not None:
        rows.update(_robust(fit, *scaling))
    base = missing_row(n=n, method=method, note=note)
    return as_frame([{"measure": name, **base, **row} for name, row in rows.items()], COLUMNS)


def _test(chi2: float, df: float) -> dict[str, float]:
    p = float(special.chdtrc(df, chi2)) if df > 0 else np.nan
    return {"estimate": chi2, "df": df, "p": p}


def _root(rmsea: tuple[float, float, float, float], df: float) -> dict[str, float]:
    names = ("estimate", "low", "high", "p")
    return {**dict(zip(names, map(float, rmsea), strict=True)), "df": df}


def _plain(fit: Chi2) -> dict[str, dict[str, float]]:
    return {
        "chi2": _test(fit.value, fit.df),
        "baseline": _test(fit.baseline, fit.baseline_df),
        "cfi": {"estimate": fit.cfi},
        "tli": {"estimate": fit.tli},
        "rmsea": _root(fit.rmsea(), fit.df),
    }


def _robust(fit: Chi2, own: float, base: float) -> dict[str, dict[str, float]]:
    """Scaled by Yuan & Bentler's (2000) factor, and robust as Brosseau-Liard & Savalei (2014)."""
    scaled = Chi2(fit.value / own, fit.df, fit.baseline / base, fit.baseline_df, fit.n, fit.groups)
    root = scaled.rmsea()
    excess, worse = fit.value - own * fit.df, fit.baseline - base * fit.baseline_df
    top = max(excess, worse, 0.0)
    size = np.sqrt(max(excess, 0.0) / (fit.n * fit.df) * fit.groups) if fit.df > 0 else 0.0
    ratio = excess / fit.df * fit.baseline_df / worse if fit.df > 0 and worse > 0 else 0.0
    return {
        "chi2 scaled": _test(scaled.value, fit.df),
        "scaling": {"estimate": own},
        "baseline scaled": _test(scaled.baseline, fit.baseline_df),
        "cfi scaled": {"estimate": scaled.cfi},
        "tli scaled": {"estimate": scaled.tli},
        "rmsea scaled": _root(root, fit.df),
        "cfi robust": {"estimate": 1 - max(excess, 0.0) / top if top > 0 else 1.0},
        "tli robust": {"estimate": 1 - ratio},
        "rmsea robust": {
            "estimate": float(size), "low": float(root[1] * np.sqrt(own)),
            "high": float(root[2] * np.sqrt(own)), "df": fit.df,
        },
    }  # fmt: skip
