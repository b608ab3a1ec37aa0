"""Factor analysis of ordered answers as ordered answers, and the reliability of their sum.

Polychoric correlations weighed by their own spread (diagonally weighted least squares), with the
mean- and variance-adjusted chi-square: what lavaan calls WLSMV. For answers on few or skewed steps,
where the normal model of `factor` fits answers that cannot be normal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import optimize, special

from lostudy.statistics.columns import need_frame, numbers
from lostudy.statistics.estimates import as_frame, missing_row, need_choice, need_columns, t_row
from lostudy.statistics.fit_measures import COLUMNS, Chi2
from lostudy.statistics.polychoric_errors import Polychorics, polychorics_with_spread
from lostudy.statistics.polychorics import bivariate_normal
from lostudy.statistics.reliability import covariances, problem_of

METHOD = "ordinal CFA by DWLS, adjusted chi-square (WLSMV), complete rows"
DENOMINATORS = ("observed", "model")
SCALES = ("ordinal", "latent")
MEASURES = ("chi2", "cfi", "tli", "rmsea", "srmr", "parameters")


@dataclass(frozen=True)
class OrdinalCfa:
    """A fitted ordinal factor model; factors and latent answers have variance 1.

    `measures`: rows measure (chi2, cfi, tli, rmsea, srmr and parameters; "... scaled" are the
    adjusted ones, which are to be reported), estimate, df, low, high, p, n, method, note.
    `parameters`: rows kind (loading, factor), left, right, estimate (standardised), se (robust),
    low, high, statistic, p, n, method, note. `note`: why nothing was fitted, else "".
    """

    measures: pd.DataFrame
    parameters: pd.DataFrame
    note: str
    loadings: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    correlations: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    data: Polychorics | None = field(default=None, repr=False)
    factors: tuple[str, ...] = ()

    def value(self, measure: str) -> float:
        """One fit measure."""
        return float(self.measures.set_index("measure")["estimate"][measure])


def ordinal_cfa(items: pd.DataFrame, factors: Mapping[str, Sequence[str]]) -> OrdinalCfa:
    """The factor model `factors` (name -> items) of ordered answers, one group, complete rows.

    `items`: a row per person; the order of the answers is that of their values. Estimates by
    diagonally weighted least squares on polychoric correlations, errors and chi-square by the whole
    spread (Muthen, du Toit & Spisic 1997; scaled and shifted, Asparouhov & Muthen 2010; R's lavaan,
    WLSMV). Loadings are standardised.

    Four skewed answers to four items with loading .8:

    >>> draw = np.random.default_rng(4)
    >>> latent = draw.normal(size=(3000, 1)) * .8 + .6 * draw.normal(size=(3000, 4))
    >>> items = pd.DataFrame(np.digitize(latent, [0, 1, 1.5]), columns=list("abcd"))
    >>> ordinal_cfa(items, {"f": list("abcd")}).parameters["estimate"].round(1).tolist()
    [0.8, 0.8, 0.8, 0.8]
    """
    names = [item for members in factors.values() for item in members]
    need_columns(items, names)
    used = numbers(items, names).dropna()
    n, note = len(used), _problem(used, factors)
    if note:
        return _no_fit(n, note)
    data = polychorics_with_spread(used)
    if not np.isfinite(data.R).all() or not np.isfinite(data.spread).all():
        return _no_fit(n, "a pair of items has too few answers")
    model = _Model(data, [[names.index(i) for i in members] for members in factors.values()])
    theta, good = model.solve()
    if not good:
        return _no_fit(n, "no convergence: the model cannot be fitted")
    loadings, phi = model.shapes(theta)
    parameters = _parameters(model, theta, names, list(factors))
    heywood = bool((np.abs(loadings) > 1).any() or np.linalg.eigvalsh(phi).min() <= 0)
    said = "an impossible loading or correlation (Heywood)" if heywood else ""
    fit = _measures(model, theta, said)
    return OrdinalCfa(fit, parameters, "", loadings, phi, data, tuple(factors))


def _problem(used: pd.DataFrame, factors: Mapping[str, Sequence[str]]) -> str:
    C, n = covariances(used, "listwise")
    note = problem_of(C, n, used.columns)
    if not note and n <= used.shape[1]:
        return "no more persons than items"
    if not note and len(factors) == 1 and used.shape[1] < 3:
        return "fewer than three items"
    return note


def _no_fit(n: int, note: str) -> OrdinalCfa:
    rows = [missing_row(n=n, method=METHOD, note=note, measure=name) for name in MEASURES]
    return OrdinalCfa(as_frame(rows, COLUMNS), as_frame([]), note)


@dataclass(frozen=True)
class _Model:
    """Correlations as loadings x factor correlations x loadings; theta: loadings, then factors."""

    data: Polychorics
    members: list[list[int]]

    @property
    def items(self) -> int:
        return len(self.data.R)

    def shapes(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Loadings (k x m) and factor correlations (m x m)."""
        m = len(self.members)
        L, at = np.zeros((self.items, m)), 0
        for f, own in enumerate(self.members):
            L[own, f] = theta[at : at + len(own)]
            at += len(own)
        phi = np.eye(m)
        lower = np.tril_indices(m, -1)
        phi[lower] = theta[at:]
        return L, phi + phi.T - np.eye(m)

    @property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of the lower triangle, by columns."""
        columns, rows = np.triu_indices(self.items, 1)
        return rows, columns

    @property
    def sample(self) -> np.ndarray:
        return self.data.R[self.pairs]

    def implied(self, theta: np.ndarray) -> np.ndarray:
        L, phi = self.shapes(theta)
        return (L @ phi @ L.T)[self.pairs]

    def slopes(self, theta: np.ndarray) -> np.ndarray:
        """Derivatives of the implied correlations by theta: pairs x q."""
        L, phi = self.shapes(theta)
        J = []
        for factor, own in enumerate(self.members):
            for i in own:
                by = np.zeros_like(L)
                by[i, factor] = 1
                change = by @ phi @ L.T
                J.append((change + change.T)[self.pairs])
        for f, g in zip(*np.tril_indices(len(self.members), -1), strict=True):
            outer = np.outer(L[:, f], L[:, g])
            J.append((outer + outer.T)[self.pairs])
        return np.array(J).T

    def solve(self) -> tuple[np.ndarray, bool]:
        root = 1 / np.sqrt(np.diag(self.data.spread))
        m = len(self.members)
        sizes = [np.abs(self.data.R[np.ix_(own, own)]).mean() for own in self.members]
        start = np.repeat(np.sqrt(np.clip(sizes, 0.1, 0.9)), [len(own) for own in self.members])
        theta = np.append(start, np.full(m * (m - 1) // 2, 0.3))
        found = optimize.least_squares(
            lambda t: root * (self.sample - self.implied(t)), theta,
            jac=lambda t: -root[:, None] * self.slopes(t), xtol=1e-14, ftol=1e-14, gtol=1e-12,
            method="lm" if len(root) >= len(theta) else "trf",
        )  # fmt: skip
        theta = np.asarray(found.x)
        if m == 1 and theta.sum() < 0:  # a factor points the way most of its items do
            theta = -theta
        return theta, bool(found.success)


def _parts(model: _Model, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The weights, the slopes, and the inverse of their weighted cross products."""
    W, J = 1 / np.diag(model.data.spread), model.slopes(theta)
    return W, J, np.linalg.pinv(J.T @ (W[:, None] * J))


def _parameters(
    model: _Model, theta: np.ndarray, names: list[str], factors: list[str]
) -> pd.DataFrame:
    W, J, inner = _parts(model, theta)
    turned = inner @ (J * W[:, None]).T
    se = np.sqrt(np.diag(turned @ model.data.spread @ turned.T) / model.data.n)
    keys = [
        {"kind": "loading", "left": names[i], "right": factors[f]}
        for f, own in enumerate(model.members) for i in own
    ]  # fmt: skip
    rows, columns = np.tril_indices(len(factors), -1)
    keys += [
        {"kind": "factor", "left": factors[f], "right": factors[g]}
        for f, g in zip(rows, columns, strict=True)
    ]
    return as_frame(
        {**key, **t_row(b, s, np.inf, n=model.data.n, method=METHOD)}
        for b, s, key in zip(theta, se, keys, strict=True)
    )


def _measures(model: _Model, theta: np.ndarray, note: str) -> pd.DataFrame:
    W, J, inner = _parts(model, theta)
    n, rest = model.data.n, model.sample - model.implied(theta)
    df, base_df = len(rest) - len(theta), len(rest)
    U = np.diag(W) - (W[:, None] * J) @ inner @ (J * W[:, None]).T
    chi2, base = (n - 1) * float(rest @ (W * rest)), (n - 1) * float(W @ model.sample**2)
    plain = Chi2(chi2, df, base, base_df, n - 1, 1)
    scaled = Chi2(
        _adjusted(chi2, df, U @ model.data.spread), df,
        _adjusted(base, base_df, W[:, None] * model.data.spread), base_df, n - 1, 1,
    )  # fmt: skip
    cuts = sum(len(each) for each in model.data.thresholds)
    rows = {**_of(plain, ""), **_of(scaled, " scaled")}
    cells = model.items * (model.items + 1) / 2  # the diagonal, without residuals, counts
    rows["srmr"] = {"estimate": float(np.sqrt((rest**2).sum() / cells))}
    rows["parameters"] = {"estimate": len(theta) + cuts}
    blank = missing_row(n=n, method=METHOD, note=note)
    return as_frame([{"measure": name, **blank, **row} for name, row in rows.items()], COLUMNS)


def _adjusted(chi2: float, df: float, M: np.ndarray) -> float:
    """Scaled and shifted, so that its mean and variance are those of chi-square with df."""
    if df <= 0:
        return chi2
    first, second = float(np.trace(M)), float((M * M.T).sum())
    scale = np.sqrt(df / second)
    return float(scale * chi2 + df - scale * first)


def _of(fit: Chi2, word: str) -> dict[str, dict[str, float]]:
    p = float(special.chdtrc(fit.df, fit.value)) if fit.df > 0 else np.nan
    estimate, low, high, close = fit.rmsea()
    return {
        f"chi2{word}": {"estimate": fit.value, "df": fit.df, "p": p},
        f"cfi{word}": {"estimate": fit.cfi},
        f"tli{word}": {"estimate": fit.tli},
        f"rmsea{word}": {"estimate": estimate, "df": fit.df, "low": low, "high": high, "p": close},
    }


def categorical_omega(
    items: pd.DataFrame, denominator: str = "observed", scale: str = "ordinal"
) -> pd.DataFrame:
    """Omega of one scale of ordered answers, from an ordinal one-factor model: one row.

    `scale`: "ordinal" is the reliability of the sum of the answers as given (Green & Yang 2009),
    "latent" that of answers without coarseness, which nobody sums. `denominator`: the variance of
    the sum by the polychorics in the data ("observed") or by the model ("model"): where one factor
    fits badly they differ (R's semTools, compRelSEM). Columns: estimate, n, method, note.

    Loadings .8 behind skewed answers: without coarseness 10.24 / (10.24 + 1.44) = .877; the sum of
    the answers as given is less reliable.

    >>> draw = np.random.default_rng(4)
    >>> latent = draw.normal(size=(3000, 1)) * .8 + .6 * draw.normal(size=(3000, 4))
    >>> items = pd.DataFrame(np.digitize(latent, [0, 1, 1.5]), columns=list("abcd"))
    >>> latent, given = (categorical_omega(items, scale=scale)["estimate"].item()
    ...                  for scale in ("latent", "ordinal"))
    >>> round(latent, 2), given < latent - .03
    (0.88, True)
    """
    need_frame(items)
    fit = ordinal_cfa(items, {"one": list(items.columns)})
    rows = categorical_reliability(fit, denominator, scale)
    return rows.drop(columns="factor", errors="ignore")


def categorical_reliability(
    fit: OrdinalCfa, denominator: str = "observed", scale: str = "ordinal"
) -> pd.DataFrame:
    """`categorical_omega` of every factor of a fitted ordinal model: a row per factor.

    `fit`: of `ordinal_cfa`; `denominator` and `scale` as there. Columns: factor, estimate, n,
    method, note.

    >>> data = pd.DataFrame({"a": [1, 2, 1, 2], "b": [1, 1, 1, 1], "c": [1, 2, 2, 2]})
    >>> categorical_reliability(ordinal_cfa(data, {"f": list("abc")}))["note"].item()
    'no variation in b'
    """
    need_choice("denominator", denominator, DENOMINATORS)
    need_choice("scale", scale, SCALES)
    method = f"categorical omega, {scale} scale, {denominator} variance"
    if fit.note or fit.data is None:
        n = int(fit.measures["n"].iloc[0])
        return as_frame([missing_row(n=n, method=method, note=fit.note)], ["estimate"])
    common = fit.loadings @ fit.correlations @ fit.loadings.T
    whole = common.copy() if denominator == "model" else fit.data.R.copy()
    np.fill_diagonal(whole, 1.0)
    covariance = _covariance if scale == "ordinal" else _latent
    rows = []
    for f, name in enumerate(fit.factors):
        used = np.flatnonzero(fit.loadings[:, f])
        top = np.outer(fit.loadings[used, f], fit.loadings[used, f])
        pieces = (fit.data.thresholds, used)
        value = covariance(top, *pieces) / covariance(whole[np.ix_(used, used)], *pieces)
        row = missing_row(n=fit.data.n, method=method, note="", factor=name)
        rows.append({**row, "estimate": float(value)})
    return as_frame(rows, ["estimate"])


def _latent(R: np.ndarray, cuts: tuple[np.ndarray, ...], used: np.ndarray) -> float:
    return float(R.sum())


def _covariance(R: np.ndarray, cuts: tuple[np.ndarray, ...], used: np.ndarray) -> float:
    """The variance of the sum of the answers as given, when the latent ones go together as R."""
    total = 0.0
    for a, i in enumerate(used):
        for b, j in enumerate(used):
            below, above = special.ndtr(cuts[i]), special.ndtr(cuts[j])
            if a == b and R[a, a] >= 1.0:
                joint = np.minimum(below[:, None], above[None, :])
            else:
                joint = bivariate_normal(cuts[i][:, None], cuts[j][None, :], float(R[a, b]))
            total += float((joint - np.outer(below, above)).sum())
    return total
