"""Do the items measure what the scales say? Confirmatory factor analysis by maximum likelihood.

Complete rows only: a row with a missing item is left out, `n` and `method` say so; full-information
likelihood is not offered. Identification: the first item of a factor has loading 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from lostudy.statistics.estimates import as_frame, missing_row, need_columns, t_row
from lostudy.statistics.structure import Matrices, Moments, Solution, Table, matrices, solve

EQUAL = ("loadings", "intercepts", "residuals")
MEASURES = ("chi2", "cfi", "tli", "rmsea", "srmr", "aic", "bic", "loglik", "parameters")
FIT_COLUMNS = ["estimate", "df", "low", "high", "p"]
METHOD = "CFA by ML, complete rows"


@dataclass(frozen=True)
class CfaFit:
    """A fitted factor model.

    `measures`: rows measure (MEASURES; chi2 with df and p, rmsea with its 90% interval), estimate,
    df, low, high, p, n, method, note. `parameters`: rows group, kind (loading, factor, residual,
    intercept, mean), left, right, standardised, estimate, se, low, high, statistic, p, n, method,
    note.
    `matrices`: per group the estimated ones. `note`: why nothing was fitted, else "".
    """

    measures: pd.DataFrame
    parameters: pd.DataFrame
    note: str
    groups: tuple[Any, ...] = ()
    matrices: tuple[Matrices, ...] = field(default=(), repr=False)
    moments: Moments | None = field(default=None, repr=False)

    def value(self, measure: str) -> float:
        """One fit measure."""
        return float(self.measures.set_index("measure")["estimate"][measure])


def cfa(
    items: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
    group: Any = None,
    equal: Collection[str] = (),
    partial: Collection[tuple[str, str]] = (),
) -> CfaFit:
    """The factor model `factors` (name -> items), in one or several groups.

    `group`: one value per row. `equal`: what is the same in all groups, of "loadings",
    "intercepts", "residuals"; with equal intercepts the factor means are free after the first
    group (in order of appearance). `partial`: (kind, item) pairs left free, such as
    ("intercepts", "x3"). Chi-square is N times the ML discrepancy (divisor N), errors are from the
    expected information, as in R's lavaan.

    A constant item gives a fit without numbers:

    >>> data = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 2, 4], "c": [1, 1, 1, 1]})
    >>> cfa(data, {"f": ["a", "b", "c"]}).note
    'no variation in c'
    """
    names = [item for members in factors.values() for item in members]
    need_columns(items, names)
    if set(equal) - set(EQUAL):
        raise ValueError(f"equal is some of {', '.join(EQUAL)}")
    moments, groups, note = moments_of(items[names], group)
    if note:
        return no_fit(sum(moments.n), note)
    table = _table(moments, factors, set(equal), set(partial))
    return finish(table, moments, names, list(factors), groups)


def moments_of(items: pd.DataFrame, group: Any = None) -> tuple[Moments, tuple[Any, ...], str]:
    """Moments per group, the groups in order of appearance, and why they cannot be used.

    >>> moments_of(pd.DataFrame({"a": [1., 3, 2, 2], "b": [1., 1, 3, 3]}))[0].S[0].tolist()
    [[0.5, 0.0], [0.0, 1.0]]
    """
    data = items.astype(float)
    label = pd.Series("all", index=data.index) if group is None else pd.Series(
        np.asarray(group, dtype=object), index=data.index
    )  # fmt: skip
    keep = data.notna().all(axis=1) & label.notna()
    groups = tuple(pd.unique(label[keep])) or ("all",)
    parts = [data[keep & (label == name)].to_numpy() for name in groups]
    sizes = tuple(len(part) for part in parts)
    for part in parts:
        if len(part) <= data.shape[1]:
            note = "no complete rows" if not len(part) else "no more persons than items in a group"
            return Moments((), (), sizes, False), groups, note
        still = [str(n) for n, v in zip(data.columns, part.var(axis=0), strict=True) if v < 1e-14]
        if still:
            return Moments((), (), sizes, False), groups, f"no variation in {', '.join(still)}"
    S = tuple(np.atleast_2d(np.cov(part, rowvar=False, bias=True)) for part in parts)
    if any(np.linalg.eigvalsh(_correlation(s)).min() < 1e-10 for s in S):
        return Moments(S, (), sizes, False), groups, "singular: an item is a combination of others"
    return Moments(S, tuple(p.mean(axis=0) for p in parts), sizes, len(groups) > 1), groups, ""


def _correlation(S: np.ndarray) -> np.ndarray:
    sd = np.sqrt(np.diag(S))
    return S / np.outer(sd, sd)


def _table(
    data: Moments,
    factors: Mapping[str, Sequence[str]],
    equal: set[str],
    partial: set[tuple[str, str]],
) -> Table:
    table, several = Table(), len(data.S) > 1
    for g, S in enumerate(data.S):
        row = 0
        for f, members in enumerate(factors.values()):
            starts = start_loadings(S[row : row + len(members), row : row + len(members)])
            for i, item in enumerate(members):
                place = row + i

                def key(kind: str, item: str = item) -> tuple | None:
                    same = kind in equal and (kind, item) not in partial and several
                    return (kind, item) if same else None

                if i == 0:
                    table.fix("loading", g, place, f, 1.0)
                else:
                    table.free("loading", g, place, f, starts[i], key("loadings"))
                table.free("residual", g, place, place, S[place, place] / 2, key("residuals"))
                if data.means:
                    start = data.mean[g][place]
                    table.free("intercept", g, place, 0, start, key("intercepts"))
            table.free("factor", g, f, f, S[row, row] / 2)
            for h in range(f):
                table.free("factor", g, f, h, 0.0)
            if g > 0 and "intercepts" in equal:
                table.free("mean", g, f, 0, 0.0)
            row += len(members)
    return table


def start_loadings(S: np.ndarray) -> np.ndarray:
    """First guesses of the loadings relative to the first item, from summed covariances.

    >>> start_loadings(np.ones((3, 3)) + np.eye(3)).tolist()
    [1.0, 1.0, 1.0]
    """
    linked = S.sum(axis=1) - np.diag(S)
    ratio = linked / linked[0] if abs(linked[0]) > 1e-8 else np.ones(len(S))
    return np.clip(ratio, -5, 5)


def no_fit(n: int, note: str) -> CfaFit:
    """A fit without numbers."""
    rows = [missing_row(n=n, method=METHOD, note=note, measure=name) for name in MEASURES]
    return CfaFit(as_frame(rows, FIT_COLUMNS), as_frame([]), note)


def finish(
    table: Table, data: Moments, items: list[str], factors: list[str], groups: tuple[Any, ...]
) -> CfaFit:
    """Solve a table and describe the solution."""
    p, m = len(items), len(factors)
    found = solve(table, data, p, m)
    n = sum(data.n)
    if found.note:
        return no_fit(n, found.note)
    filled = tuple(matrices(table, found.theta, g, p, m) for g in range(len(data.S)))
    negative = any((np.diag(M.T) < 0).any() for M in filled)
    note = "a residual variance below zero (Heywood)" if negative else ""
    measures = _measures(data, filled, found, len(found.theta), note)
    parameters = _parameters(table, found, filled, items, factors, groups, n)
    return CfaFit(measures, parameters, "", groups, filled, data)


def _measures(
    data: Moments, filled: tuple[Matrices, ...], found: Solution, q: int, note: str
) -> pd.DataFrame:
    n, p, groups = sum(data.n), len(data.S[0]), len(data.S)
    saturated = sum(
        m / 2 * (np.linalg.slogdet(S)[1] + p) for m, S in zip(data.n, data.S, strict=True)
    )
    alone = sum(m / 2 * np.log(np.diag(S)).sum() for m, S in zip(data.n, data.S, strict=True))
    chi2 = max(2 * (found.misfit - saturated), 0.0)
    df = groups * (p * (p + 1) // 2 + (p if data.means else 0)) - q
    base = 2 * (alone + n * p / 2 - saturated)
    base_df = groups * p * (p - 1) // 2
    loglik = -found.misfit - n * p / 2 * np.log(2 * np.pi)
    cfi, tli = _comparative(chi2, df, base, base_df)
    rmsea, low, high = _rmsea(chi2, df, n, groups)
    values = {
        "chi2": chi2, "cfi": cfi, "tli": tli, "rmsea": rmsea, "srmr": _srmr(data, filled),
        "aic": -2 * loglik + 2 * q, "bic": -2 * loglik + np.log(n) * q, "loglik": loglik,
        "parameters": q,
    }  # fmt: skip
    rows = {
        name: {**missing_row(n=n, method=METHOD, note=note, measure=name), "estimate": float(value)}
        for name, value in values.items()
    }
    rows["chi2"].update(df=df, p=float(special.chdtrc(df, chi2)) if df > 0 else np.nan)
    rows["rmsea"].update(low=low, high=high)
    return as_frame(rows.values(), FIT_COLUMNS)


def _comparative(chi2: float, df: int, base: float, base_df: int) -> tuple[float, float]:
    worse = max(base - base_df, chi2 - df, 0.0)
    cfi = 1 - max(chi2 - df, 0.0) / worse if worse > 0 else 1.0
    if df <= 0 or base_df <= 0 or base / base_df == 1:
        return cfi, 1.0
    return cfi, (base / base_df - chi2 / df) / (base / base_df - 1)


def _rmsea(chi2: float, df: int, n: int, groups: int) -> tuple[float, float, float]:
    """With its 90% interval from the non-central chi-square (Steiger 1998 for groups)."""
    if df <= 0:
        return 0.0, 0.0, 0.0

    def scaled(excess: float) -> float:
        return float(np.sqrt(max(excess, 0.0) / (n * df)) * np.sqrt(groups))

    return scaled(chi2 - df), scaled(_noncentrality(chi2, df, 0.95)), scaled(
        _noncentrality(chi2, df, 0.05)
    )  # fmt: skip


def _noncentrality(chi2: float, df: int, share: float) -> float:
    def gap(excess: float) -> float:
        return float(special.chndtr(chi2, df, excess)) - share

    if gap(0.0) < 0:
        return 0.0
    top = max(chi2, df) * 2 + 100
    if not np.isfinite(gap(top)):
        return _normal_noncentrality(chi2, df, share)
    return float(optimize.brentq(gap, 0.0, top, xtol=1e-10))


def _normal_noncentrality(chi2: float, df: int, share: float) -> float:
    return float(
        optimize.brentq(lambda x: stats.ncx2.cdf(chi2, df, x) - share, 1e-8, chi2 * 2 + 100)
    )


def _srmr(data: Moments, filled: tuple[Matrices, ...]) -> float:
    """The root mean square of the residual correlations (and means), per group, weighted by n."""
    total = 0.0
    for S, mean, m, M in zip(data.S, data.mean, data.n, filled, strict=True):
        sd = np.sqrt(np.diag(S))
        rest = ((S - M.sigma) / np.outer(sd, sd))[np.tril_indices(len(S))]
        if data.means:
            rest = np.concatenate([rest, (mean - M.mu) / sd])
        total += m * float(np.sqrt((rest**2).mean()))
    return total / sum(data.n)


def _parameters(
    table: Table, found: Solution, filled: tuple[Matrices, ...], items: list[str],
    factors: list[str], groups: tuple[Any, ...], n: int,
) -> pd.DataFrame:  # fmt: skip
    rows = []
    for e in table.entries:
        M = filled[e.group]
        item_sd, factor_sd = np.sqrt(np.diag(M.sigma)), np.sqrt(np.maximum(np.diag(M.F), 0))
        value = e.value if e.place < 0 else float(found.theta[e.place])
        se = 0.0 if e.place < 0 else float(np.sqrt(max(found.spread[e.place, e.place], 0)))
        by_factor = e.kind in ("factor", "mean")
        left = (factors if by_factor else items)[e.row]
        right = "" if e.kind in ("intercept", "mean") else (
            items if e.kind == "residual" else factors
        )[e.column]  # fmt: skip
        with np.errstate(divide="ignore", invalid="ignore"):
            standard = {
                "loading": value
                * factor_sd[e.column if e.kind == "loading" else 0]
                / item_sd[e.row],
                "factor": value
                / (factor_sd[e.row % len(factors)] * factor_sd[e.column % len(factors)]),
                "residual": value / (item_sd[e.row] * item_sd[e.column]),
                "intercept": value / item_sd[e.row],
                "mean": value / factor_sd[e.row % len(factors)],
            }[e.kind]
        keys = {"group": groups[e.group], "kind": e.kind, "left": left, "right": right}
        note = "fixed" if e.place < 0 else ""
        rows.append(
            t_row(value, se, np.inf, n=n, method=METHOD, note=note, standardised=standard, **keys)
        )
    return as_frame(rows, ["estimate", "se", "low", "high", "statistic", "p"])


def composite_reliability(fit: CfaFit, denominator: str = "observed") -> pd.DataFrame:
    """Omega of each factor of a fitted one-group model: (sum of loadings)^2 variance / of the sum.

    `denominator`: "observed" (the sum's variance in the data) or "model" (as R's semTools,
    compRelSEM with obs.var TRUE or FALSE). Columns: factor, estimate, n, method, note.

    >>> composite_reliability(no_fit(0, "no complete rows"))["note"].item()
    'no complete rows'
    """
    method = f"omega from CFA, {denominator} variance"
    if fit.note or fit.moments is None:
        return as_frame([missing_row(n=0, method=method, note=fit.note)], ["estimate"])
    M, S, rows = fit.matrices[0], fit.moments.S[0], []
    loadings = fit.parameters[fit.parameters["kind"] == "loading"]
    for f, name in enumerate(pd.unique(loadings["right"])):
        used = np.flatnonzero(M.L[:, f])
        common = M.L[used, f].sum() ** 2 * M.F[f, f]
        whole = (S if denominator == "observed" else M.sigma)[np.ix_(used, used)].sum()
        row = missing_row(n=sum(fit.moments.n), method=method, note="", factor=name)
        rows.append({**row, "estimate": float(common / whole)})
    return as_frame(rows, ["estimate"])
