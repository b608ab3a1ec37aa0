"""Teams that differ in a slope as well: does the same predictor, or time, work out differently?

y = X b + Z u_team + residual, u_team ~ N(0, G), with every variance and covariance in G free, by
restricted or plain maximum likelihood over sums per team (Laird & Ware 1982; as R's lme4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from lostudy.statistics.design import Design, complete
from lostudy.statistics.estimates import as_frame, missing_row, need_choice, need_columns, t_row
from lostudy.statistics.mixed import MixedFit

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
) -> SlopesFit:
    """The model of `y` (n) on `X` (n x k, its own column of ones) with `random` columns per team.

    `group` (n): the team. `random`: the columns of X that vary between teams, the ones among them:
    ["one", "wave"] lets teams differ in level and in change. Satterthwaite df (Fai & Cornelius
    1996; lmerTest). A variance at its edge, a singular X, or fewer teams than random columns give a
    note. Columns of `fixed`: term, estimate, se, df, low, high, statistic, p, n, method, note.

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
    sums = _sums(data, [data.names.index(name) for name in names], teams, method == "REML")
    theta = sums.minimum()
    scale = sums.scale(theta)
    if not np.isfinite(scale) or scale <= 1e-12 * max(1.0, float(data.y @ data.y) / len(data.y)):
        return _no_fit(data, names, text, "perfect fit: no residual variance")
    return _finish(sums, theta, data, names, text, level)


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
        """-2 log likelihood and the variances of b, at (residual SD, root of G / residual)."""
        residual = parameters[0] ** 2
        logdet, M = self.parts(self.shape(parameters[1:]))
        k = self.k
        value = logdet + self.free * np.log(2 * np.pi * residual) + self.rest(M) / residual
        if self.restricted:
            value += float(np.linalg.slogdet(M[:k, :k])[1])
        return value, residual * np.diag(np.linalg.inv(M[:k, :k]))

    def scale(self, theta: np.ndarray) -> float:
        return self.rest(self.parts(self.shape(theta))[1]) / self.free

    def minimum(self) -> np.ndarray:
        best, value = np.zeros(0), np.inf
        place = np.tril_indices(self.r)
        for size in (1.0, 0.3, 0.05):
            unit = np.sqrt(np.trace(self.ZZ.sum(axis=0)) / self.n)
            start = (np.eye(self.r) * size / unit)[place]
            found = optimize.minimize(self.deviance, start, method="BFGS", options={"gtol": 1e-8})
            if found.fun < value:
                best, value = found.x, float(found.fun)
        return optimize.minimize(
            self.deviance, best, method="Nelder-Mead",
            options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000},
        ).x  # fmt: skip


def _sums(data: Design, places: list[int], teams: int, restricted: bool) -> _Sums:
    XY = np.column_stack([data.X, data.y])
    Z, codes = data.X[:, places], data.groups[0]
    order = np.argsort(codes, kind="stable")
    first = np.searchsorted(codes[order], np.arange(teams))
    products = Z[:, :, None] * XY[:, None, :]
    ZX = np.add.reduceat(products[order], first, axis=0)
    return _Sums(ZX[:, :, places], ZX, XY.T @ XY, len(data.y), restricted)


def _finish(
    sums: _Sums, theta: np.ndarray, data: Design, names: tuple[str, ...], text: str, level: float
) -> SlopesFit:
    residual, lower = sums.scale(theta), np.tril_indices(sums.r)
    G = residual * sums.shape(theta)
    parameters = np.append(np.sqrt(residual), theta)
    value, variances = sums.at(parameters)
    M = sums.parts(G / residual)[1]
    coefficient = np.linalg.solve(M[: sums.k, : sums.k], M[: sums.k, sums.k])
    spread, slopes = _spread(sums, parameters)
    edge = "a variance or correlation at its edge" if _at_edge(G) else ""
    n, rows = sums.n, []
    for i, (name, b) in enumerate(zip(data.names, coefficient, strict=True)):
        g = slopes[:, i]
        df = 2 * variances[i] ** 2 / float(g @ spread @ g)
        rows.append(t_row(b, np.sqrt(variances[i]), df, n=n, method=text, level=level, term=name))
    parts = []
    for a, b in zip(*lower, strict=True):
        label = names[a] if a == b else f"{names[b]} x {names[a]}"
        row = missing_row(component=label, n=len(sums.ZZ), method=text, note=edge)
        parts.append({**row, "estimate": float(G[a, b])})
    last = missing_row(component="residual", n=n, method=text, note="")
    parts.append({**last, "estimate": residual})
    return SlopesFit(as_frame(rows), as_frame(parts, ["estimate"]), -value / 2, n, text, "", names)


def _at_edge(G: np.ndarray) -> bool:
    sd = np.sqrt(np.maximum(np.diag(G), 0))
    if sd.min() < 1e-6 * max(1.0, sd.max()):
        return True
    return bool(np.linalg.eigvalsh(G / np.outer(sd, sd)).min() < 1e-6)


def _spread(sums: _Sums, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Twice the inverse curvature of the deviance, and the slopes of the variances of b.

    By central differences of the exact functions in two steps, extrapolated (Richardson).
    """
    size = np.maximum(np.abs(at), 0.1 * np.abs(at).max())
    (H, slopes), (finer, finer_slopes) = (_differences(sums, at, h * size) for h in (4e-3, 2e-3))
    return 2 * np.linalg.pinv((4 * finer - H) / 3), (4 * finer_slopes - slopes) / 3


def _differences(sums: _Sums, at: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Second derivatives of the deviance and first ones of the variances of b, at steps h."""
    q, steps = len(at), np.diag(h)
    H, slopes = np.empty((q, q)), np.empty((q, sums.k))
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
