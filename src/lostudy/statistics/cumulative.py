"""The likelihood of the cumulative model, with or without a random team, and its maximum.

The team is integrated out by adaptive Gauss-Hermite quadrature; with one node that is Laplace's
approximation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import optimize, special

from lostudy.statistics.scaling import centred

FEWEST_NODES = 5
END = 1e8
FLAT = 1e-4
SEPARATION = "complete separation: no finite estimate"
NO_MAXIMUM = "no convergence: the model cannot be fitted"


@dataclass(frozen=True)
class Cumulative:
    """Data and likelihood; theta = thresholds, coefficients, then the team SD, if any.

    `y`: answers 0..cuts (n); `X` (n x k); `link`: logit or probit; `team`: a number per row;
    `offset`: what is added to X b (n, or 0).
    """

    y: np.ndarray
    X: np.ndarray
    link: str
    team: np.ndarray | None = None
    teams: int = 0
    nodes: int = 25
    offset: np.ndarray = field(default_factory=lambda: np.zeros(1), repr=False)

    @property
    def cuts(self) -> int:
        return int(self.y.max())

    def cdf(self, x: np.ndarray) -> np.ndarray:
        return special.expit(x) if self.link == "logit" else special.ndtr(x)

    def pdf(self, x: np.ndarray) -> np.ndarray:
        if self.link == "logit":
            F = special.expit(x)
            return F * (1 - F)
        return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

    def edges(self, theta: np.ndarray, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The ends of each answer on the latent scale; `shift` broadcasts over nodes."""
        cuts = np.concatenate([[-END], theta[: self.cuts], [END]])
        mean = self.X @ theta[self.cuts : self.cuts + self.X.shape[1]] + self.offset
        own = (cuts[self.y] - mean)[:, None] - shift
        return own, (cuts[self.y + 1] - mean)[:, None] - shift

    def probabilities(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """P(low < . < high), from the tail where it keeps its digits."""
        flip = low > 0
        a, b = np.where(flip, -high, low), np.where(flip, -low, high)
        return np.maximum(self.cdf(b) - self.cdf(a), 1e-300)

    def loss(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the log likelihood and its slope."""
        if (np.diff(theta[: self.cuts]) <= 0).any():
            return np.inf, np.zeros(len(theta))
        if self.team is None:
            return self._plain(theta)
        value, slope = self._mixed(theta)
        return (value, slope) if self.nodes >= FEWEST_NODES else (value, self._by_steps(theta))

    def _by_steps(self, theta: np.ndarray) -> np.ndarray:
        """The slope by differences: with few nodes that of the integrand is not that of the sum."""
        slope = np.empty(len(theta))
        for j in range(len(theta)):
            h = np.zeros(len(theta))
            h[j] = 1e-5 * max(1.0, abs(theta[j]))
            slope[j] = (self._mixed(theta + h)[0] - self._mixed(theta - h)[0]) / (2 * h[j])
        return slope

    def _row_slopes(
        self, low: np.ndarray, high: np.ndarray, P: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        return self.pdf(low) / P, self.pdf(high) / P

    def _plain(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        low, high = self.edges(theta, np.zeros((1, 1)))
        P = self.probabilities(low, high)
        a, b = (s[:, 0] for s in self._row_slopes(low, high, P))
        return -float(np.log(P).sum()), -self._collect(a, b)

    def _collect(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Slopes by thresholds and coefficients from those by the two ends."""
        by_cut = np.bincount(self.y, weights=b, minlength=self.cuts + 1)[: self.cuts]
        by_cut = by_cut - np.bincount(self.y, weights=a, minlength=self.cuts + 1)[1:]
        return np.concatenate([by_cut, self.X.T @ (a - b)])

    def _modes(self, theta: np.ndarray, sd: float) -> tuple[np.ndarray, np.ndarray]:
        """Per team the mode of its standardised effect and the curvature there."""
        u: np.ndarray = np.zeros(self.teams)
        curve: np.ndarray = np.ones(self.teams)
        for _ in range(50):
            low, high = self.edges(theta, (sd * u)[self.team][:, None])
            P = self.probabilities(low, high)[:, 0]
            f, h = self.pdf(low)[:, 0], self.pdf(high)[:, 0]
            first = (f - h) / P
            second = (self._bend(low, f) - self._bend(high, h)) / P + first**2
            slope = np.bincount(self.team, weights=first, minlength=self.teams) * sd - u  # type: ignore[arg-type]
            curve = np.bincount(self.team, weights=second, minlength=self.teams) * sd**2 + 1  # type: ignore[arg-type]
            step = np.clip(slope / np.maximum(curve, 0.5), -2, 2)
            u = u + step
            if np.abs(step).max() < 1e-10:
                break
        return u, np.maximum(curve, 1e-3)

    def _bend(self, x: np.ndarray, f: np.ndarray) -> np.ndarray:
        """The derivative of the density."""
        x = x[:, 0]
        return f * (1 - 2 * special.expit(x)) if self.link == "logit" else -x * f

    def _mixed(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        sd = float(theta[-1])
        points, weights = np.polynomial.hermite.hermgauss(self.nodes)
        u, curve = self._modes(theta, sd)
        scale = np.sqrt(2.0 / curve)
        b = u[:, None] + scale[:, None] * points
        low, high = self.edges(theta, sd * b[self.team])
        P = self.probabilities(low, high)
        logged = np.zeros((self.teams, self.nodes))
        np.add.at(logged, np.asarray(self.team), np.log(P))
        logged += points**2 + np.log(weights) - b**2 / 2 - 0.5 * np.log(2 * np.pi)
        logged += np.log(scale)[:, None]
        total = special.logsumexp(logged, axis=1)
        share = np.exp(logged - total[:, None])[self.team]
        a, h = self._row_slopes(low, high, P)
        fixed = self._collect((share * a).sum(axis=1), (share * h).sum(axis=1))
        by_sd = float((share * (a - h) * b[self.team]).sum())
        return -float(total.sum()), -np.concatenate([fixed, [by_sd]])


def first_guess(model: Cumulative) -> np.ndarray:
    """Thresholds from the shares of the answers, coefficients of 0."""
    shares = np.cumsum(np.bincount(model.y, minlength=model.cuts + 1))[:-1] / len(model.y)
    cuts = special.logit(shares) if model.link == "logit" else special.ndtri(shares)
    return np.concatenate([cuts, np.zeros(model.X.shape[1])])


@dataclass(frozen=True)
class Maximum:
    """Where the likelihood is largest: theta, the covariances of its errors, the log likelihood.

    `problem`: why there is no maximum, else "".
    """

    theta: np.ndarray
    covariance: np.ndarray
    loglik: float
    problem: str = ""


def maximise(model: Cumulative, start: np.ndarray) -> Maximum:
    """BFGS, then Newton steps until the slope is zero, on predictors of mean 0 and SD 1.

    `start`: a value per parameter.
    """
    X, middle, size = centred(model.X)
    inner, turn = replace(model, X=X), _turn(model, len(start), middle, size)
    begin = np.linalg.solve(turn, start)
    found = optimize.minimize(inner.loss, begin, jac=True, method="BFGS", options={"gtol": 1e-6})
    theta, information = _newton(inner, np.asarray(found.x))
    if information is None:
        q = len(start)
        said = SEPARATION if separated(inner) else NO_MAXIMUM
        return Maximum(np.full(q, np.nan), np.full((q, q), np.nan), np.nan, said)
    if model.team is not None and theta[-1] < 0:
        theta[-1] = -theta[-1]
    covariance = turn @ np.linalg.inv(information) @ turn.T
    return Maximum(turn @ theta, covariance, -inner.loss(theta)[0])


def _turn(model: Cumulative, q: int, middle: np.ndarray, size: np.ndarray) -> np.ndarray:
    """The matrix from parameters on centred and scaled predictors to those as given (q x q)."""
    cuts, k = model.cuts, len(size)
    turn = np.eye(q)
    turn[cuts : cuts + k, cuts : cuts + k] = np.diag(1 / size)
    turn[:cuts, cuts : cuts + k] = middle / size
    return turn


def _newton(model: Cumulative, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Newton steps, and the information where they end; nothing where the slope stays."""
    for _ in range(30):
        curve = curvature(model, theta)
        if curve is None:
            return theta, None
        value, slope = model.loss(theta)
        step = np.linalg.solve(curve, slope)
        if float(slope @ step) < 1e-12 * len(model.y):
            return theta, curve
        size = 1.0
        while not model.loss(theta - size * step)[0] <= value and size > 1e-3:
            size /= 2
        theta = theta - size * step
    return theta, None


def separated(model: Cumulative) -> bool:
    """Whether a direction of the predictors sorts the answers, so that the likelihood has no end.

    It has one unless thresholds d and coefficients b exist, not all 0 in their effect, with d below
    an answer <= x b <= d above it for every row (Albert & Anderson 1984; here for ordered answers):
    a linear programme.

    >>> X = np.arange(6.)[:, None]
    >>> answers = ([0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 1, 1])
    >>> [separated(Cumulative(np.array(y), X, "logit")) for y in answers]
    [True, False]
    """
    ends = np.eye(model.cuts + 2)[:, 1:-1]
    rows = np.unique(np.column_stack([model.y, model.X]), axis=0)
    y, X = rows[:, 0].astype(int), rows[:, 1:]
    upper = np.column_stack([-ends[y + 1], X])[y < model.cuts]
    lower = np.column_stack([ends[y], -X])[y > 0]
    gaps = np.vstack([upper, lower])  # each must be 0 or less along a direction without end
    found = optimize.linprog(
        gaps.sum(axis=0), A_ub=gaps, b_ub=np.zeros(len(gaps)), bounds=[(-1, 1)] * gaps.shape[1]
    )
    return bool(found.success and found.fun < -1e-7)


def curvature(model: Cumulative, theta: np.ndarray) -> np.ndarray | None:
    """The observed information by central differences; nothing where it is not clearly positive."""
    q = len(theta)
    H = np.empty((q, q))
    for j in range(q):
        h = np.zeros(q)
        h[j] = 1e-5 * max(1.0, abs(theta[j]))
        H[:, j] = (model.loss(theta + h)[1] - model.loss(theta - h)[1]) / (2 * h[j])
    H = (H + H.T) / 2
    if not np.isfinite(H).all() or np.linalg.eigvalsh(H).min() <= FLAT:
        return None
    return H
