"""Do the items measure what the scales say? Confirmatory factor analysis by maximum likelihood.

By complete rows, or by full information: all answers of persons who answered some of the items,
right where answers are missing at random given the others. The first item of a factor has loading
1, or the factor has variance 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.columns import beside, numbers
from lostudy.statistics.estimates import as_frame, missing_row, need_choice, need_columns
from lostudy.statistics.factor_errors import robust_errors
from lostudy.statistics.factor_table import Named, parameter_table
from lostudy.statistics.fit_measures import COLUMNS, MEASURES, measures
from lostudy.statistics.likelihood import (
    EXPECTED,
    OBSERVED,
    Solution,
    filled,
    solve,
)
from lostudy.statistics.patterns import Moments, moments
from lostudy.statistics.structure import Matrices, Table

EQUAL = ("loadings", "intercepts", "residuals")
MISSING = ("listwise", "fiml")
ERRORS = (EXPECTED, OBSERVED, "robust")
METRICS = ("first item", "factor variance")
NOTHING = Solution(np.empty(0), np.empty((0, 0)), np.nan, "")
METHOD = "CFA by ML, complete rows"
FIML = "CFA by FIML, all answers"


@dataclass(frozen=True)
class CfaFit:
    """A fitted factor model.

    `measures`: rows measure (chi2 and baseline with df and p; rmsea with its 90% interval and the p
    of close fit; with robust errors also scaled and robust ones), estimate, df, low, high, p, n,
    method, note. `parameters`: rows group, kind (loading, factor, residual, intercept, mean), left,
    right, standardised, standardised_se, estimate, se, low, high, statistic, p, n, method, note.
    `matrices`: per group the estimated ones. `note`: why nothing was fitted, else "".
    """

    measures: pd.DataFrame
    parameters: pd.DataFrame
    note: str
    groups: tuple[Any, ...] = ()
    matrices: tuple[Matrices, ...] = field(default=(), repr=False)
    moments: Moments = field(default=Moments(), repr=False)
    table: Table = field(default_factory=Table, repr=False)
    solution: Solution = field(default=NOTHING, repr=False)
    items: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()

    def value(self, measure: str) -> float:
        """One fit measure."""
        return float(self.measures.set_index("measure")["estimate"][measure])


def cfa(
    items: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
    group: Any = None,
    equal: Collection[str] = (),
    partial: Collection[tuple[str, str]] = (),
    missing: str = "listwise",
    errors: str = EXPECTED,
    metric: str = "first item",
) -> CfaFit:
    """The factor model `factors` (name -> items), in one or several groups.

    `items`: a row per person. `group`: one value per row. `equal`: what is the same in all groups,
    of "loadings", "intercepts", "residuals"; with equal intercepts the factor means are free after
    the first group (in order of appearance). `partial`: (kind, item) pairs left free, such as
    ("intercepts", "x3"). `missing`: "listwise" leaves out rows with a missing item, "fiml" uses
    every answer (Arbuckle 1996). `errors`: "expected" or "observed" information (full information
    always takes the observed), or "robust": errors of Huber and White and Yuan & Bentler's (2000)
    scaled chi-square, R's estimator MLR. `metric`: what fixes a factor's scale, "first item" or
    "factor variance". Chi-square is N times the ML discrepancy (divisor N). All as R's lavaan.

    Drawn with loadings 1, .8, 1.2 and .9; a constant item gives a fit without numbers:

    >>> draw = np.random.default_rng(1)
    >>> factor = draw.normal(size=(2000, 1))
    >>> X = factor @ [[1, .8, 1.2, .9]] + .6 * draw.normal(size=(2000, 4))
    >>> items = pd.DataFrame(X, columns=list("abcd"))
    >>> table = cfa(items, {"f": list("abcd")}).parameters
    >>> table.loc[table["kind"] == "loading", "estimate"].round(1).tolist()
    [1.0, 0.8, 1.2, 0.9]
    >>> cfa(items.assign(a=1), {"f": list("abcd")}).note
    'no variation in a'
    """
    names = [item for members in factors.values() for item in members]
    need_columns(items, names)
    check_choices(set(equal), missing, errors, metric)
    method = METHOD if missing == "listwise" else FIML
    data, groups, note = moments_of(items[names], group, missing)
    if note:
        return no_fit(sum(data.n), note, method)
    table = _table(data, factors, set(equal), set(partial), metric)
    return finish(table, data, names, list(factors), groups, method, errors)


def check_choices(equal: set[str], missing: str, errors: str, metric: str) -> None:
    """Stop with what may be chosen where something else was."""
    for each in equal:
        need_choice("equal", each, EQUAL)
    need_choice("missing", missing, MISSING)
    need_choice("errors", errors, ERRORS)
    need_choice("metric", metric, METRICS)


def moments_of(
    items: pd.DataFrame, group: Any = None, missing: str = "listwise"
) -> tuple[Moments, tuple[Any, ...], str]:
    """Moments per group, the groups in order of appearance, and why they cannot be used.

    >>> moments_of(pd.DataFrame({"a": [1., 3, 2, 2], "b": [1., 1, 3, 3]}))[0].S[0].tolist()
    [[0.5, 0.0], [0.0, 1.0]]
    """
    data = numbers(items)
    one = pd.Series("all", index=data.index)
    label = one if group is None else beside(group, data.index, "group")
    known = data.notna().all(axis=1) if missing == "listwise" else data.notna().any(axis=1)
    keep = known & label.notna()
    groups = tuple(pd.unique(label[keep])) or ("all",)
    parts = [data[keep & (label == name)].to_numpy() for name in groups]
    sizes = tuple(len(part) for part in parts)
    for part in parts:
        note = _problem(part, list(data.columns))
        if note:
            return Moments(n=sizes), groups, note
    found = moments(parts, len(groups) > 1 or missing == "fiml")
    if any(np.linalg.eigvalsh(_correlation(s)).min() < 1e-10 for s in found.S):
        return Moments(n=sizes), groups, "singular: an item is a combination of others"
    return found, groups, ""


def _problem(part: np.ndarray, names: list[Any]) -> str:
    """Why the rows of a group (n x p) cannot carry a model, or nothing."""
    if len(part) <= len(names):
        return "no complete rows" if not len(part) else "no more persons than items in a group"
    known = np.isfinite(part).astype(float)
    if (known.T @ known).min() < 2:
        return "two items were never answered by the same persons"
    spread, size = np.nanstd(part, axis=0), np.nanmax(np.abs(part), axis=0)
    still = [str(n) for n, sd, most in zip(names, spread, size, strict=True) if sd <= 1e-12 * most]
    return f"no variation in {', '.join(still)}" if still else ""


def _correlation(S: np.ndarray) -> np.ndarray:
    sd = np.sqrt(np.diag(S))
    return S / np.outer(sd, sd)


def _table(
    data: Moments,
    factors: Mapping[str, Sequence[str]],
    equal: set[str],
    partial: set[tuple[str, str]],
    metric: str,
) -> Table:
    table, several = Table(), len(data.S) > 1
    for g, S in enumerate(data.S):
        row = 0
        for f, members in enumerate(factors.values()):
            starts = start_loadings(S[row : row + len(members), row : row + len(members)])
            size = np.sqrt(S[row, row] / 2) if metric == METRICS[1] else 1.0
            for i, item in enumerate(members):
                place = row + i

                def key(kind: str, item: str = item) -> tuple | None:
                    same = kind in equal and (kind, item) not in partial and several
                    return (kind, item) if same else None

                if i == 0 and metric == METRICS[0]:
                    table.fix("loading", g, place, f, 1.0)
                else:
                    table.free("loading", g, place, f, size * starts[i], key("loadings"))
                table.free("residual", g, place, place, S[place, place] / 2, key("residuals"))
                if data.means:
                    start = data.mean[g][place]
                    table.free("intercept", g, place, 0, start, key("intercepts"))
            if metric == METRICS[1] and (g == 0 or "loadings" not in equal):
                table.fix("factor", g, f, f, 1.0)
            else:
                table.free("factor", g, f, f, S[row, row] / 2 / size**2)
            for h in range(f):
                table.free("factor", g, f, h, 0.0)
            if g > 0 and "intercepts" in equal:
                table.free("mean", g, f, 0, 0.0)
            row += len(members)
    return table


def start_loadings(S: np.ndarray) -> np.ndarray:
    """First guesses of the loadings relative to the first item, from summed correlations.

    >>> start_loadings(np.ones((3, 3)) + np.eye(3)).tolist()
    [1.0, 1.0, 1.0]
    """
    R, sd = _correlation(S), np.sqrt(np.diag(S))
    linked = R.sum(axis=1) - 1
    ratio = linked / linked[0] if abs(linked[0]) > 1e-8 else np.ones(len(S))
    return np.clip(ratio, -5, 5) * sd / sd[0]


def no_fit(n: int, note: str, method: str = METHOD) -> CfaFit:
    """A fit without numbers."""
    rows = [missing_row(n=n, method=method, note=note, measure=name) for name in MEASURES]
    return CfaFit(as_frame(rows, COLUMNS), as_frame([]), note)


def finish(
    table: Table,
    data: Moments,
    items: list[str],
    factors: list[str],
    groups: tuple[Any, ...],
    method: str = METHOD,
    errors: str = EXPECTED,
) -> CfaFit:
    """Solve a table and describe the solution."""
    p, m, n = len(items), len(factors), sum(data.n)
    robust = errors == "robust"
    found = solve(table, data, p, m, kind=OBSERVED if robust else errors)
    if found.note:
        return no_fit(n, found.note, method)
    spread, scaling = found.spread, None
    if robust:
        spread, scaling = robust_errors(table, found, data, p, m)
    shapes = filled(table, found.theta, data, p, m)
    negative = any((np.diag(M.T) < 0).any() for M in shapes)
    note = "a residual variance below zero (Heywood)" if negative else ""
    fit = measures(data, shapes, found.misfit, len(found.theta), scaling, method, note)
    named = Named(table, found.theta, spread, items, factors, groups, n, method)
    parameters = parameter_table(named)
    return CfaFit(
        fit, parameters, "", groups, shapes, data, table, found, tuple(items), tuple(factors)
    )
