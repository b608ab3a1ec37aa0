"""One common factor of a covariance matrix, by maximum likelihood or by least residuals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize

from lostudy.statistics.estimates import need_choice

LOWEST = 0.005
FITS = ("ml", "minres")


@dataclass(frozen=True)
class OneFactor:
    """Loadings and unique variances (k each, in the units of the items), and a note."""

    loadings: np.ndarray
    unique: np.ndarray
    note: str = ""


def one_factor(C: np.ndarray, fit: str = "ml", start: np.ndarray | None = None) -> OneFactor:
    """The one-factor model C = loadings loadings' + diag(unique).

    `C`: k x k covariances or correlations, k at least 3. ML concentrates the likelihood on the
    unique variances (Joereskog 1967; as R's factanal, lower bound .005 of the variance); "minres"
    minimises the squared residuals outside the diagonal (Harman & Jones 1966). `start`: unique
    variances (as shares) to begin from, for resamples of data that were fitted before. Loadings
    sum to 0 or more.

    >>> one_factor(np.ones((3, 3)) + np.diag([1., 2, 3])).unique.round(5).tolist()
    [1.0, 2.0, 3.0]
    """
    need_choice("fit", fit, FITS)
    sd = np.sqrt(np.diag(C))
    R = C / np.outer(sd, sd)
    unique = _solve(R, _ml if fit == "ml" else _minres, start)
    loadings = _loadings(R, unique) if fit == "ml" else _principal(R - np.diag(unique))
    note = (
        "a unique variance at its lower bound (Heywood)" if (unique < LOWEST * 1.01).any() else ""
    )
    sign = 1.0 if (loadings * sd).sum() >= 0 else -1.0
    return OneFactor(sign * loadings * sd, unique * sd**2, note)


def _solve(R: np.ndarray, target: Any, given: np.ndarray | None = None) -> np.ndarray:
    smc = 1 / np.diag(np.linalg.pinv(R))
    alike = 0.5 * smc / smc.mean() if smc.min() < 1e-8 else smc
    start = np.clip(alike, 0.05, 0.9) if given is None else given
    exact = 1e-15 if given is None else 1e-11
    found = optimize.minimize(
        target, start, args=(R,), jac=True, method="L-BFGS-B",
        bounds=[(LOWEST, 1.0)] * len(R), options={"ftol": exact, "gtol": 1e-9, "maxiter": 500},
    )  # fmt: skip
    return np.asarray(found.x)


def _loadings(R: np.ndarray, unique: np.ndarray) -> np.ndarray:
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(R / np.outer(root, root))
    return root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))


def _principal(M: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(M)
    return vectors[:, -1] * np.sqrt(max(values[-1], 0.0))


def _ml(unique: np.ndarray, R: np.ndarray) -> tuple[float, np.ndarray]:
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(R / np.outer(root, root))
    small = np.maximum(values[:-1], 1e-12)
    loadings = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    slope = (loadings**2 + unique - np.diag(R)) / unique**2
    return float((small - np.log(small)).sum() - len(small)), slope


def _minres(unique: np.ndarray, R: np.ndarray) -> tuple[float, np.ndarray]:
    """Half the squared residuals at the best loadings, and the slope by the unique variances."""
    values, vectors = np.linalg.eigh(R - np.diag(unique))
    top = max(values[-1], 0.0)
    residual = R - np.diag(unique) - top * np.outer(vectors[:, -1], vectors[:, -1])
    return float((residual**2).sum() / 2), -np.diag(residual)
