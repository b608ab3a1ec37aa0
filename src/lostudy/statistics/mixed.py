"""The random-intercept model: fixed effects, a random team, and a random person within the team.

y = X b + team + person + residual, by restricted or plain maximum likelihood. The two variance
ratios are found by an analytic gradient over sums per person and team, so that the number of rows
hardly matters. Degrees of freedom: Satterthwaite (Fai & Cornelius 1996) or Kenward & Roger (1997,
Biometrics 53:983), as R's lmerTest and pbkrtest compute them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize

from lostudy.errors import Problem, StudyError
from lostudy.statistics.blocks import Blocks, make_blocks
from lostudy.statistics.design import complete
from lostudy.statistics.estimates import as_frame, missing_row, need_choice, t_row
from lostudy.statistics.kenward import kenward_roger
from lostudy.statistics.refusals import withhold
from lostudy.statistics.scaling import Scaled, scaled

METHODS = ("REML", "ML")
DFS = ("satterthwaite", "kenward-roger")
VARIANCES = ("group", "nested", "residual")
PERFECT = "perfect fit: no residual variance"


@dataclass(frozen=True)
class MixedFit:
    """A fitted model.

    `fixed`: a row per coefficient (term, estimate, se, df, low, high, statistic, p, n, method,
    note). `variance`: a row per variance component (component group, nested or residual; estimate,
    n, method, note). `loglik`: the (restricted) log likelihood; `n` rows; `note` says why nothing
    could be fitted, else "". Use `contrast` for a combination of coefficients.
    """

    fixed: pd.DataFrame
    variance: pd.DataFrame
    loglik: float
    n: int
    method: str
    note: str
    names: tuple[str, ...] = ()
    state: State | None = field(default=None, repr=False)


@dataclass(frozen=True)
class State:
    """What `contrast` needs of a fit; ratios are variances divided by the residual variance.

    All but `coefficient` (as given) in the units of `scaled`, on which the model was fitted.
    """

    scaled: Scaled
    blocks: Blocks
    ratios: np.ndarray
    residual: float
    restricted: bool
    coefficient: np.ndarray
    covariance: np.ndarray
    spread: np.ndarray


def fit_mixed(
    y: Any,
    X: Any,
    group: Any,
    nested: Any = None,
    method: str = "REML",
    df: str = "satterthwaite",
    level: float = 0.95,
    organisation: Any = None,
) -> MixedFit:
    """The random-intercept model of `y` on `X` with a random `group` and, if given, `nested` in it.

    `y` (n), `X` (n x k, its own column of ones; a frame keeps its names), `group` (n): the team,
    `nested` (n): the person, when persons are measured more than once; somebody who was not linked
    needs an id of their own. Standard errors are those of generalised least squares at the
    estimated variances: sqrt diag s2 (X'V^-1 X)^-1 (Bates et al. 2015, J. Stat. Softw. 67:1). Rows
    with missing values are left out. Units and origins of `y` and `X` do not matter.
    `organisation` (n), if given: what is the same for everybody within organisations gets no error
    and no p (see `withhold`). One team, one person per team, teams that X tells apart by itself, a
    singular X or a perfect fit give a fit without numbers and a note.

    A balanced one-way layout has a closed form: group variance (MSB - MSW)/n, here (50 - 2)/2, and
    the standard error of the mean is sqrt(MSB / 4) with 1 df.

    >>> fit = fit_mixed([1, 3, 11, 13], np.ones((4, 1)), ["a", "a", "b", "b"])
    >>> fit.variance["estimate"].round(4).tolist()
    [49.0, 2.0]
    >>> fit.fixed[["estimate", "se", "df"]].round(3).values.tolist()
    [[7.0, 5.0, 1.0]]
    """
    need_choice("method", method, METHODS)
    need_choice("df", df, DFS)
    data = complete(y, X, group, *([] if nested is None else [nested]))
    text = f"random-intercept model, {method}, {df} df"
    state, note = (None, data.problem) if data.problem else _fit(scaled(data), method == "REML")
    if state is None:
        return _no_fit(data.names, len(data.y), text, note)
    fit = MixedFit(
        pd.DataFrame(), _variance_frame(state, method), -_deviance(state) / 2,
        len(data.y), text, "", data.names, state,
    )  # fmt: skip
    fixed = as_frame(
        {"term": name, **_row(fit, state, one, df, level)}
        for name, one in zip(data.names, np.eye(len(data.names)), strict=True)
    )
    if organisation is not None:
        fixed = withhold(fixed, X, organisation)
    return MixedFit(fixed, fit.variance, fit.loglik, fit.n, text, "", data.names, state)


def contrast(
    fit: MixedFit, L: Sequence[float] | np.ndarray, df: str = "satterthwaite", level: float = 0.95
) -> pd.DataFrame:
    """One combination of the coefficients, L'b, as one row with its own degrees of freedom.

    `L`: one number per column of X. Columns: estimate, se, df, low, high, statistic, p, n, method,
    note. With Kenward-Roger the standard error is the adjusted one.

    >>> fit = fit_mixed([1, 3, 11, 13], np.ones((4, 1)), ["a", "a", "b", "b"])
    >>> contrast(fit, [2])[["estimate", "se", "df"]].round(3).values.tolist()
    [[14.0, 10.0, 1.0]]
    """
    weights = np.asarray(L, dtype=float).ravel()
    if fit.names and len(weights) != len(fit.names):
        cure = f"give {len(fit.names)} numbers, for {', '.join(fit.names)}"
        raise StudyError(Problem(f"a contrast of {len(weights)} numbers", cure))
    if fit.state is None:
        return as_frame([missing_row(n=fit.n, method=fit.method, note=fit.note)])
    return as_frame([_row(fit, fit.state, weights, df, level)])


def _row(fit: MixedFit, state: State, weights: np.ndarray, df: str, level: float) -> dict[str, Any]:
    inner = state.scaled.turn.T @ weights
    if df == "kenward-roger":
        se, degrees = kenward_roger(state.blocks, state.ratios, state.residual, inner)
    else:
        se, degrees = np.sqrt(inner @ state.covariance @ inner), _satterthwaite(state, inner)
    text, error = fit.method.rsplit(", ", 1)[0] + f", {df} df", se * state.scaled.size
    return t_row(weights @ state.coefficient, error, degrees, n=fit.n, method=text, level=level)


def _no_fit(names: tuple[str, ...], n: int, text: str, note: str) -> MixedFit:
    fixed = as_frame(missing_row(term=t, n=n, method=text, note=note) for t in names)
    parts = (missing_row(component=c, n=n, method=text, note=note) for c in VARIANCES[::2])
    return MixedFit(fixed, as_frame(parts, ["estimate"]), np.nan, n, text, note, names)


def _variance_frame(state: State, method: str) -> pd.DataFrame:
    blocks = state.blocks
    names = VARIANCES if len(state.ratios) == 2 else VARIANCES[::2]
    sizes = [blocks.teams, blocks.units, blocks.n] if len(names) == 3 else [blocks.teams, blocks.n]
    residual = state.residual * state.scaled.size**2
    values = [*(state.ratios * residual), residual]
    notes = ["estimated at zero" if value == 0 else "" for value in values]
    parts = zip(names, values, sizes, notes, strict=True)
    return as_frame(
        (
            {**missing_row(component=c, n=size, method=method, note=note), "estimate": value}
            for c, value, size, note in parts
        ),
        ["estimate"],
    )


def _fit(model: Scaled, restricted: bool) -> tuple[State | None, str]:
    """The maximum over the variance ratios (each at least 0) and the fixed effects; or why not."""
    blocks = make_blocks(model.data)
    if blocks.problem or model.exact:
        return None, blocks.problem or PERFECT
    free = blocks.n - (blocks.k if restricted else 0)

    def profile(ratios: np.ndarray) -> tuple[float, np.ndarray]:
        p = blocks.parts(ratios)
        scale = p.rest / free
        value = p.logdet + free * np.log(scale) + (p.logdet_X if restricted else 0.0)
        return value, p.slope(scale, restricted)

    none, inside = (blocks.parts(np.full(blocks.levels, ratio)).rest for ratio in (0.0, 1e9))
    if inside <= 1e-7 * none:
        return None, PERFECT
    ratios = _minimum(profile, blocks.levels)
    p = blocks.parts(ratios)
    scale = p.rest / free
    if scale <= 1e-12:
        return None, PERFECT
    spread = _spread(blocks, ratios, scale, restricted)
    fixed = model.least + model.size * (model.turn @ p.coefficient)
    return State(model, blocks, ratios, scale, restricted, fixed, scale * p.inverse, spread), ""


GRID = (0.0, 0.05, 0.3, 1.5)


def _minimum(profile: Any, levels: int) -> np.ndarray:
    """The best of a coarse grid, then downhill, then Newton until the slope is zero or at 0.

    Where Newton does not get there, downhill again with the finest tolerance.
    """
    places = [np.array(place) for place in itertools.product(GRID, repeat=levels)]
    best = min(places, key=lambda place: profile(place)[0])
    rough = _downhill(profile, np.maximum(best, 0.01), 1e-8, 1e-4)
    best = rough if profile(rough)[0] <= profile(best)[0] else best
    ratios, there = _newton(profile, _at_zero(profile, best))
    if there:
        return ratios
    fine = _downhill(profile, ratios, 1e-15, 1e-10)
    return _newton(profile, _at_zero(profile, fine))[0]


def _downhill(profile: Any, start: np.ndarray, ftol: float, gtol: float) -> np.ndarray:
    bounds, options = [(0.0, 1e8)] * len(start), {"ftol": ftol, "gtol": gtol, "maxiter": 500}
    found = optimize.minimize(
        profile, start, jac=True, bounds=bounds, method="L-BFGS-B", options=options
    )
    return np.asarray(found.x)


def _at_zero(profile: Any, ratios: np.ndarray) -> np.ndarray:
    """A small ratio is 0 where the deviance does not rise when it is set to 0."""
    for place in np.flatnonzero((ratios > 0) & (ratios < 1e-3)):
        zero = ratios.copy()
        zero[place] = 0.0
        value, slope = profile(zero)
        if slope[place] >= 0 and value <= profile(ratios)[0]:
            ratios = zero
    return ratios


def _newton(profile: Any, ratios: np.ndarray) -> tuple[np.ndarray, bool]:
    """Newton steps on the ratios above 0, and whether the slope is zero there."""
    value, slope = profile(ratios)
    for _ in range(20):
        inside = np.flatnonzero(ratios > 0)
        if np.abs(slope[inside] * ratios[inside]).max(initial=0.0) < 1e-11 * (1 + abs(value)):
            return ratios, bool((slope[ratios == 0] >= 0).all())
        curve = _curvature(lambda x: profile(x)[1], ratios, inside, far=False)
        step = np.linalg.lstsq(curve, slope[inside], rcond=None)[0]
        new = ratios.copy()
        new[inside] = ratios[inside] - step
        if (new < 0).any():
            return ratios, False
        tried, fresh = profile(new)
        if tried > value + 1e-9:
            return ratios, False
        ratios, value, slope = new, tried, fresh
    return ratios, True


def _curvature(slope: Any, at: np.ndarray, inside: np.ndarray, far: bool = True) -> np.ndarray:
    """The second derivatives by central differences of the analytic slope, at two or four points.

    Four for the spread of the variances, which wants digits; two are enough for a direction.
    """
    result = np.empty((len(inside), len(inside)))
    for column, j in enumerate(inside):
        h = np.zeros_like(at)
        h[j] = 1e-4 * at[j]
        change = slope(at + h) - slope(at - h)
        if far:
            change = (8 * change - (slope(at + 2 * h) - slope(at - 2 * h))) / 6
        result[:, column] = (change / (2 * h[j]))[inside]
    return (result + result.T) / 2


def _deviance(state: State) -> float:
    """-2 log likelihood at the estimate, with its constants (REML as in lme4)."""
    p = state.blocks.parts(state.ratios)
    free = state.blocks.n - (state.blocks.k if state.restricted else 0)
    residual = state.residual * state.scaled.size**2
    value = p.logdet + free * (1 + np.log(2 * np.pi * residual))
    return float(value + (p.logdet_X - 2 * state.scaled.log_turn if state.restricted else 0.0))


def _spread(blocks: Blocks, ratios: np.ndarray, residual: float, restricted: bool) -> np.ndarray:
    """Twice the inverse curvature of the deviance by the residual and the ratios above 0."""
    at = np.array([residual, *ratios])
    free = blocks.n - (blocks.k if restricted else 0)

    def slope(theta: np.ndarray) -> np.ndarray:
        p = blocks.parts(theta[1:])
        own = free / theta[0] - p.rest / theta[0] ** 2
        return np.array([own, *p.slope(theta[0], restricted)])

    inside = np.flatnonzero(at > 0)
    size = np.outer(at[inside], at[inside])
    return 2 * size * np.linalg.pinv(size * _curvature(slope, at, inside))


def _satterthwaite(state: State, weights: np.ndarray) -> float:
    """2 (L'CL)^2 / (g'Ag): g the slope of L'CL, A the spread of the variances.

    A variance at zero counts as known, as in lmerTest.
    """
    p = state.blocks.parts(state.ratios)
    turned = p.inverse @ weights
    parts = [weights @ turned, *(state.residual * ((u @ turned) ** 2).sum() for u in p.between_X)]
    g = np.asarray(parts)[np.flatnonzero(np.array([state.residual, *state.ratios]) > 0)]
    return float(2 * (weights @ state.covariance @ weights) ** 2 / (g @ state.spread @ g))
