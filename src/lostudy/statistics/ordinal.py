"""Ordered answers as they are: the cumulative model, with or without a random team.

P(answer <= j) = F(threshold_j - x b [- team]), F logistic (or normal). The check on the primary
result: it must agree with the linear model in sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from lostudy.statistics.design import complete
from lostudy.statistics.estimates import as_frame, missing_row, t_row

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


def fit_ordinal(
    y: Any, X: Any, group: Any = None, link: str = "logit", nodes: int = NODES, level: float = 0.95
) -> OrdinalFit:
    """The cumulative model of ordered answers `y` (n) on `X` (n x k, without a column of ones).

    `group` (n): a random intercept per team, integrated by adaptive Gauss-Hermite quadrature with
    `nodes` points (Hedeker & Gibbons 1994, Biometrics 50:933; R: ordinal, clm and clmm). A positive
    coefficient means higher answers. Standard errors are from the observed information. Complete
    separation, one category or a singular X give a fit without numbers and a note.

    Without predictors the thresholds are the logits of the cumulative shares:

    >>> fit = fit_ordinal([1, 2, 2, 3], np.empty((4, 0)))
    >>> fit.coefficients["estimate"].round(4).tolist()
    [-1.0986, 1.0986]
    """
    if link not in LINKS:
        raise ValueError(f"link is one of {', '.join(LINKS)}, not '{link}'")
    if nodes < 5:
        raise ValueError("give at least 5 nodes: fewer do not integrate the team out")
    codes, labels = pd.factorize(np.asarray(pd.Series(y, dtype=object)), sort=True)
    outcome = np.where(codes < 0, np.nan, codes.astype(float))
    data = complete(outcome, X, *([] if group is None else [group]))
    names = [f"{a}|{b}" for a, b in zip(labels[:-1], labels[1:], strict=True)] + list(data.names)
    text = f"cumulative {link}" + (f", random team, {nodes} nodes" if group is not None else "")
    problem = _problem(data.y, data.X, data.groups)
    if problem:
        rows = [missing_row(term=t, n=len(data.y), method=text, note=problem) for t in names]
        return OrdinalFit(as_frame(rows, COLUMNS), np.nan, np.nan, len(data.y), problem)
    model = _Model(data.y.astype(int), data.X, link, *_teams(data.groups), nodes)
    return _finish(model, names, text, level)


def _teams(groups: tuple[np.ndarray, ...]) -> tuple[np.ndarray | None, int]:
    return (groups[0], int(groups[0].max()) + 1) if groups else (None, 0)


def _problem(y: np.ndarray, X: np.ndarray, groups: tuple[np.ndarray, ...]) -> str:
    if not len(y):
        return "no complete rows"
    if len(np.unique(y)) < 2:
        return "no variation: one category"
    if len(np.unique(y)) <= y.max():
        return "a category is empty after leaving out incomplete rows"
    if X.shape[1] and np.linalg.matrix_rank(X - X.mean(axis=0)) < X.shape[1]:
        return "singular: the columns of X are not independent, or one is constant"
    if groups and groups[0].max() < 1:
        return "one team: no variation between teams"
    return ""


@dataclass(frozen=True)
class _Model:
    """Data and likelihood; theta = thresholds, coefficients, then the team SD, if any."""

    y: np.ndarray
    X: np.ndarray
    link: str
    team: np.ndarray | None
    teams: int
    nodes: int

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
        cuts = np.concatenate([[-50.0], theta[: self.cuts], [50.0]])
        mean = self.X @ theta[self.cuts : self.cuts + self.X.shape[1]]
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
        return self._mixed(theta)

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


def _start(model: _Model) -> np.ndarray:
    shares = np.cumsum(np.bincount(model.y, minlength=model.cuts + 1))[:-1] / len(model.y)
    cuts = special.logit(shares) if model.link == "logit" else special.ndtri(shares)
    return np.concatenate([cuts, np.zeros(model.X.shape[1])])


def _finish(model: _Model, names: list[str], text: str, level: float) -> OrdinalFit:
    plain = _Model(model.y, model.X, model.link, None, 0, model.nodes)
    theta, n, note = _maximise(plain, _start(plain)), len(model.y), ""
    if theta is not None and model.team is not None:
        mixed = _maximise(model, np.append(theta, 0.5))
        if mixed is None or mixed[-1] < 1e-3:
            note, model = "team variance estimated at zero", plain
        else:
            theta = mixed
    curve = None if theta is None else _curvature(model, theta)
    if theta is None or curve is None:
        note = "complete separation: no finite estimate"
        rows = [missing_row(term=t, n=n, method=text, note=note) for t in names]
        return OrdinalFit(as_frame(rows, COLUMNS), np.nan, np.nan, n, note)
    se = np.sqrt(np.diag(np.linalg.inv(curve)))
    rows = [
        t_row(b, s, np.inf, n=n, method=text, note=note, level=level, term=t)
        for t, b, s in zip(names, theta, se, strict=False)
    ]
    variance = float(theta[-1] ** 2) if model.team is not None else 0.0 if note else np.nan
    return OrdinalFit(as_frame(rows, COLUMNS), variance, -model.loss(theta)[0], n, "", theta)


def _maximise(model: _Model, start: np.ndarray) -> np.ndarray | None:
    """BFGS, then Newton steps; nothing where the likelihood has no maximum."""
    found = optimize.minimize(model.loss, start, jac=True, method="BFGS", options={"gtol": 1e-6})
    theta = np.asarray(found.x)
    for _ in range(6):
        if not np.isfinite(theta).all() or np.abs(theta[model.cuts :]).max(initial=0) > 25:
            return None
        curve = _curvature(model, theta)
        if curve is None:
            return None
        step = np.linalg.solve(curve, model.loss(theta)[1])
        if not np.isfinite(model.loss(theta - step)[0]):
            break
        theta = theta - step
        if np.abs(step).max() < 1e-9:
            break
    if model.team is not None and theta[-1] < 0:
        theta[-1] = -theta[-1]
    return theta


def _curvature(model: _Model, theta: np.ndarray) -> np.ndarray | None:
    """The observed information by central differences; nothing where it is not positive."""
    q = len(theta)
    H = np.empty((q, q))
    for j in range(q):
        h = np.zeros(q)
        h[j] = 1e-5 * max(1.0, abs(theta[j]))
        H[:, j] = (model.loss(theta + h)[1] - model.loss(theta - h)[1]) / (2 * h[j])
    H = (H + H.T) / 2
    if not np.isfinite(H).all() or np.linalg.eigvalsh(H).min() <= 1e-7:
        return None
    return H


def likelihood_ratio(smaller: OrdinalFit, larger: OrdinalFit) -> pd.DataFrame:
    """Twice the difference of two nested log likelihoods: one row with statistic, df and p.

    Columns: estimate (the statistic), df, p, n, method, note.

    >>> small = fit_ordinal([1, 2, 1, 2, 1, 2], np.empty((6, 0)))
    >>> large = fit_ordinal([1, 2, 1, 2, 1, 2], [[0.], [0], [1], [1], [0], [1]])
    >>> likelihood_ratio(small, large)["df"].item()
    1.0
    """
    note = smaller.note or larger.note
    row = missing_row(n=larger.n, method="likelihood ratio test", note=note)
    if not note:
        value = max(2 * (larger.loglik - smaller.loglik), 0.0)
        df = float(len(larger.theta) - len(smaller.theta))
        row.update(estimate=value, df=df, p=float(special.chdtrc(df, value)))
    return as_frame([row], ["estimate", "df", "p"])


def item_dif(items: pd.DataFrame, group: Any) -> pd.DataFrame:
    """Do groups answer an item differently at the same rest score? A row per item.

    Uniform differential item functioning by ordinal logistic regression: group given the mean of
    the other items (Zumbo 1999; Crane et al. 2006), for samples too small for an invariance ladder.
    Columns: item, estimate (chi-square), df, p (unadjusted), n, method, note.

    >>> item_dif(pd.DataFrame({"a": [1, 1], "b": [1, 2]}), ["x", "y"])["note"].tolist()[0]
    'no variation: one category'
    """
    labels = pd.Series(np.asarray(group, dtype=object), index=items.index)
    rows = []
    for name in items.columns:
        rest = items.drop(columns=name).astype(float).mean(axis=1).rename("rest")
        keep = items[name].notna() & rest.notna() & labels.notna()
        base = rest[keep].to_frame()
        dummies = pd.get_dummies(labels[keep], drop_first=True).astype(float)
        full = pd.concat([base, dummies], axis=1)
        small, large = (fit_ordinal(items.loc[keep, name], X) for X in (base, full))
        row = likelihood_ratio(small, large).to_dict("records")[0]
        named = {str(k): v for k, v in row.items()}
        rows.append(
            {"item": name, **named, "method": "ordinal logistic, group given the rest score"}
        )
    return as_frame(rows, ["estimate", "df", "p"])
