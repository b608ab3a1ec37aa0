"""Teams that differ in a slope as well: does the same predictor, or time, work out differently?

y = X b + Z u_team + residual, u_team ~ N(0, G), with every variance and covariance in G free, by
restricted or plain maximum likelihood over sums per team (Laird & Ware 1982; as R's lme4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from lostudy.statistics.design import Design, complete
from lostudy.statistics.estimates import as_frame, missing_row, need_choice, need_columns, t_row
from lostudy.statistics.mixed import PERFECT, MixedFit
from lostudy.statistics.refusals import withhold
from lostudy.statistics.scaling import Scaled, scaled

METHODS = ("REML", "ML")


@dataclass(frozen=True)
class SlopesFit:
    """A fitted model with random slopes.

    `fixed`: as of `MixedFit`. `variance`: a row per variance, covariance and the residual
    (component "a", "a x b" or "residual"; estimate, n, method, note). `loglik`, `n`, `note`.
    """

    fixed: pd.DataFrame
    variance: pd.DataFrame
    loglik: float
    n: int
    method: str
    note: str
    random: tuple[str, ...] = field(default=())


def fit_slopes(
    y: Any,
    X: pd.DataFrame,
    group: Any,
    random: Sequence[str],
    method: str = "REML",
    level: float = 0.95,
    organisation: Any = None,
) -> SlopesFit:
    """The model of `y` (n) on `X` (n x k, its own column of ones) with `random` columns per team.

    `group` (n): the team. `random`: the columns of X that vary between teams, the ones among them:
    ["one", "wave"] lets teams differ in level and in change. Satterthwaite df (Fai & Cornelius
    1996; lmerTest). Units and origins do not matter. `organisation` (n), if given: what is the same
    for everybody within organisations gets no error and no p (see `withhold`). A variance at its
    edge, a singular X, or fewer teams than random columns give a note. Columns of `fixed`: term,
    estimate, se, df, low, high, statistic, p, n, method, note.

    Lines through points of three teams, exactly: slopes 1, 2 and 3 differ by 1 in variance.

    >>> x = np.tile([0., 1, 2, 3], 3)
    >>> y = np.repeat([0., 1, 5], 4) + np.repeat([1., 2, 3], 4) * x + 1e-3 * np.tile([1, -1], 6)
    >>> X = pd.DataFrame({"one": 1.0, "x": x})
    >>> fit = fit_slopes(y, X, np.repeat(list("abc"), 4), ["one", "x"])
    >>> fit.variance.set_index("component")["estimate"].round(3)["x"].item()
    1.0
    """
    need_choice("method", method, METHODS)
    need_columns(X, random)
    data = complete(y, X, group)
    names = tuple(map(str, random))
    text = f"random {' and '.join(names)} per team, {method}, satterthwaite df"
    teams = int(data.groups[0].max(initial=-1)) + 1
    note = data.problem or ("too few teams for these slopes" if teams <= len(names) else "")
    if note:
        return _no_fit(data, names, text, note)
    model, places = scaled(data), [data.names.index(name) for name in names]
    if model.exact:
        return _no_fit(data, names, text, PERFECT)
    Z, turn = _independent(data.X[:, places])
    sums = _sums(model.data, Z, teams, method == "REML")
    theta = sums.minimum()
    scale = sums.scale(theta)
    if not np.isfinite(scale) or scale <= 1e-12:
        return _no_fit(data, names, text, PERFECT)
    if not sums.flat(theta):
        return _no_fit(data, names, text, "no convergence: the model cannot be fitted")
    fit = _finish(_Fitted(model, sums, turn, theta), data, names, text, level)
    if organisation is None:
        return fit
    return replace(fit, fixed=withhold(fit.fixed, X, organisation))


def _independent(Z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The random columns made independent, with mean square 1, and the matrix that does it.

    What a team adds is Z u = (Z turn) (turn^-1 u), so that the model stays the same.
    """
    largest = np.abs(Z).max(axis=0)
    R = np.linalg.qr(Z / largest, mode="r")
    turn = np.linalg.inv(np.sign(np.diag(R))[:, None] * R) * np.sqrt(len(Z)) / largest[:, None]
    return Z @ turn, turn


@dataclass(frozen=True)
class _Fitted:
    """The model in its own units, its sums, the way back of the random part, and the maximum."""

    model: Scaled
    sums: _Sums
    turn: np.ndarray
    theta: np.ndarray


def _no_fit(data: Design, names: tuple[str, ...], text: str, note: str) -> SlopesFit:
    n = len(data.y)
    fixed = as_frame(missing_row(term=t, n=n, method=text, note=note) for t in data.names)
    parts = [missing_row(component=c, n=n, method=text, note=note) for c in [*names, "residual"]]
    return SlopesFit(fixed, as_frame(parts, ["estimate"]), np.nan, n, text, note, names)


@dataclass(frozen=True)
class _Sums:
    """Cross products per team (ZZ: J x r x r, ZX: J x r x k+1 with y last) and over all."""

    ZZ: np.ndarray
    ZX: np.ndarray
    XX: np.ndarray
    n: int
    restricted: bool

    @property
    def k(self) -> int:
        return len(self.XX) - 1

    @property
    def r(self) -> int:
        return int(self.ZZ.shape[1])

    @property
    def free(self) -> int:
        return self.n - (self.k if self.restricted else 0)

    def parts(self, G: np.ndarray) -> tuple[float, np.ndarray]:
        """log|V| and (X, y)'V^-1(X, y), both at residual variance 1, V = I + Z G Z'."""
        inner = np.eye(self.r) + G @ self.ZZ
        logdet = float(np.linalg.slogdet(inner)[1].sum())
        middle = np.linalg.solve(inner, G @ self.ZX)
        return logdet, self.XX - np.einsum("jra,jrb->ab", self.ZX, middle)

    def shape(self, theta: np.ndarray) -> np.ndarray:
        """G from the entries of its root."""
        L = np.zeros((self.r, self.r))
        L[np.tril_indices(self.r)] = theta
        return L @ L.T

    def rest(self, M: np.ndarray) -> float:
        k = self.k
        return float(M[k, k] - M[:k, k] @ np.linalg.solve(M[:k, :k], M[:k, k]))

    def deviance(self, theta: np.ndarray) -> float:
        """-2 log likelihood with the residual variance at its best, less a constant."""
        logdet, M = self.parts(self.shape(theta))
        value = logdet + self.free * np.log(max(self.rest(M), 1e-300) / self.free)
        if self.restricted:
            value += float(np.linalg.slogdet(M[: self.k, : self.k])[1])
        return value

    def at(self, parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """-2 log likelihood and the covariances of b, at (residual SD, root of G / residual)."""
        residual = parameters[0] ** 2
        logdet, M = self.parts(self.shape(parameters[1:]))
        k = self.k
        value = logdet + self.free * np.log(2 * np.pi * residual) + self.rest(M) / residual
        if self.restricted:
            value += float(np.linalg.slogdet(M[:k, :k])[1])
        return value, residual * np.linalg.inv(M[:k, :k])

    def scale(self, theta: np.ndarray) -> float:
        return self.rest(self.parts(self.shape(theta))[1]) / self.free

    def minimum(self) -> np.ndarray:
        best, value = np.zeros(0), np.inf
        place = np.tril_indices(self.r)
        for size in (1.0, 0.3, 0.05):
            start = (np.eye(self.r) * size)[place]
            found = optimize.minimize(self.deviance, start, method="BFGS", options={"gtol": 1e-8})
            if found.fun < value:
                best, value = found.x, float(found.fun)
        return optimize.minimize(
            self.deviance, best, method="Nelder-Mead",
            options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000},
        ).x  # fmt: skip

    def flat(self, theta: np.ndarray) -> bool:
        """Whether the deviance has no slope here."""
        steps = np.diag(1e-5 * np.maximum(1.0, np.abs(theta)))
        rise = [self.deviance(theta + h) - self.deviance(theta - h) for h in steps]
        return bool((np.abs(rise) < 2e-2 * steps.sum(axis=1)).all())


def _sums(data: Design, Z: np.ndarray, teams: int, restricted: bool) -> _Sums:
    XY = np.column_stack([data.X, data.y])
    codes = data.groups[0]
    order = np.argsort(codes, kind="stable")
    first = np.searchsorted(codes[order], np.arange(teams))
    ZX, ZZ = (
        np.add.reduceat((Z[:, :, None] * other[:, None, :])[order], first, axis=0)
        for other in (XY, Z)
    )
    return _Sums(ZZ, ZX, XY.T @ XY, len(data.y), restricted)


def _finish(
    fit: _Fitted, data: Design, names: tuple[str, ...], text: str, level: float
) -> SlopesFit:
    sums, model = fit.sums, fit.model
    residual, shape = sums.scale(fit.theta), sums.shape(fit.theta)
    parameters = np.append(np.sqrt(residual), fit.theta)
    value, covariance = sums.at(parameters)
    M = sums.parts(shape)[1]
    inner = np.linalg.solve(M[: sums.k, : sums.k], M[: sums.k, sums.k])
    coefficient = model.least + model.size * (model.turn @ inner)
    spread, slopes = _spread(sums, parameters)
    n, rows = sums.n, []
    for name, b, weights in zip(data.names, coefficient, model.turn, strict=True):
        variance = float(weights @ covariance @ weights)
        g = np.einsum("a,qab,b->q", weights, slopes, weights)
        df = 2 * variance**2 / float(g @ spread @ g)
        se = model.size * np.sqrt(variance)
        rows.append(t_row(b, se, df, n=n, method=text, level=level, term=name))
    value += 2 * sums.free * np.log(model.size) - (2 * model.log_turn if sums.restricted else 0.0)
    G = model.size**2 * residual * (fit.turn @ shape @ fit.turn.T)
    edge = "a variance or correlation at its edge" if _at_edge(shape) else ""
    parts = []
    for a, b in zip(*np.tril_indices(sums.r), strict=True):
        label = names[a] if a == b else f"{names[b]} x {names[a]}"
        row = missing_row(component=label, n=len(sums.ZZ), method=text, note=edge)
        parts.append({**row, "estimate": float(G[a, b])})
    last = missing_row(component="residual", n=n, method=text, note="")
    parts.append({**last, "estimate": residual * model.size**2})
    return SlopesFit(as_frame(rows), as_frame(parts, ["estimate"]), -value / 2, n, text, "", names)


def _at_edge(shape: np.ndarray) -> bool:
    """Whether teams do not differ in some direction, in residual variances of an average row."""
    sd = np.sqrt(np.maximum(np.diag(shape), 0))
    if sd.min() < 1e-6 * max(1.0, sd.max()):
        return True
    return bool(np.linalg.eigvalsh(shape / np.outer(sd, sd)).min() < 1e-6)


def _spread(sums: _Sums, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Twice the inverse curvature of the deviance (q x q), and the slopes of the covariances of b.

    By central differences of the exact functions in two steps, extrapolated (Richardson).
    """
    size = np.maximum(np.abs(at), 0.1 * np.abs(at).max())
    (H, slopes), (finer, finer_slopes) = (_differences(sums, at, h * size) for h in (4e-3, 2e-3))
    return 2 * np.linalg.pinv((4 * finer - H) / 3), (4 * finer_slopes - slopes) / 3


def _differences(sums: _Sums, at: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Second derivatives of the deviance, first ones of the covariances of b (q x k x k)."""
    q, steps = len(at), np.diag(h)
    H, slopes = np.empty((q, q)), np.empty((q, sums.k, sums.k))
    centre = sums.at(at)[0]
    for i in range(q):
        up, down = sums.at(at + steps[i]), sums.at(at - steps[i])
        H[i, i] = (up[0] - 2 * centre + down[0]) / h[i] ** 2
        slopes[i] = (up[1] - down[1]) / (2 * h[i])
        for j in range(i):
            corners = [sums.at(at + a * steps[i] + b * steps[j])[0]
                       for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]  # fmt: skip
            cross = corners[0] - corners[1] - corners[2] + corners[3]
            H[i, j] = H[j, i] = cross / (4 * h[i] * h[j])
    return H, slopes


def slope_test(smaller: MixedFit | SlopesFit, larger: SlopesFit) -> pd.DataFrame:
    """Do teams differ in a slope? The likelihood ratio of two fits with the same fixed part: a row.

    `smaller`: of `fit_mixed` or `fit_slopes`; `larger` has one random column more. The variance is
    tested at its edge, so p is the mean of those of chi-square with r and r + 1 df (Self & Liang
    1987; Stram & Lee 1994), half or less of the naive one, `p_naive`, which R's anova prints.
    Columns: estimate (chi-square), df, p, p_naive, n, method, note.

    >>> from lostudy.statistics.mixed import fit_mixed
    >>> draw = np.random.default_rng(1)
    >>> team, x = np.repeat(range(30), 8), np.tile(np.arange(8.) / 4, 30)
    >>> y = draw.normal(0, 1, 30)[team] * x + draw.normal(0, .5, 240)
    >>> X = pd.DataFrame({"one": 1.0, "x": x})
    >>> row = slope_test(fit_mixed(y, X, team), fit_slopes(y, X, team, ["one", "x"]))
    >>> row["df"].item(), row["p"].item() < row["p_naive"].item() < .001
    (2, True)
    """
    method = "likelihood ratio test of a random slope"
    note = smaller.note or larger.note
    before = len(smaller.random) if isinstance(smaller, SlopesFit) else 1
    after = len(larger.random)
    if not note and after <= before:
        note = "the larger model has no more slopes"
    row = {**missing_row(n=larger.n, method=method, note=note), "p_naive": np.nan}
    if not note:
        value = max(2 * (larger.loglik - smaller.loglik), 0.0)
        df = (after * (after + 1) - before * (before + 1)) // 2
        tails = [float(special.chdtrc(d, value)) for d in (df - 1, df)]
        row.update(estimate=value, df=df, p=sum(tails) / 2, p_naive=tails[1])
    return as_frame([row], ["estimate", "df", "p"])[
        ["estimate", "df", "p", "p_naive", "n", "method", "note"]
    ]
