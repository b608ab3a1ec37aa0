"""Where a factor model strains: what would be gained by freeing one thing (score tests)."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
from scipy import special

from lostudy.statistics.estimates import as_frame, missing_row
from lostudy.statistics.factor import CfaFit
from lostudy.statistics.likelihood import expected_information, slope
from lostudy.statistics.structure import Entry

COLUMNS = ["estimate", "df", "p"]


def modification_indices(fit: CfaFit) -> pd.DataFrame:
    """What chi-square would lose by each loading or residual covariance that is fixed at 0.

    The score test of one parameter (Soerbom 1989; R's lavaan, modindices): estimate (the expected
    fall of chi-square), df, p, and `change`, the expected value of the parameter. Largest first.
    Of one-group and several-group models with complete rows. Columns: group, kind, left, right,
    change, estimate, df, p, n, method, note.

    Two items that share more than the factor:

    >>> draw = np.random.default_rng(1)
    >>> factor = draw.normal(size=(2000, 1))
    >>> X = factor @ [[1, .8, 1.2, .9]] + .6 * draw.normal(size=(2000, 4))
    >>> items = pd.DataFrame(X, columns=list("abcd"))
    >>> items[["c", "d"]] += .5 * draw.normal(size=(2000, 1))
    >>> from lostudy.statistics.factor import cfa
    >>> top = modification_indices(cfa(items, {"f": list("abcd")})).iloc[0]
    >>> top["kind"], {top["left"], top["right"]} in ({"c", "d"}, {"a", "b"})
    ('residual', True)
    """
    method = "score test of a parameter fixed at 0"
    if fit.note:
        return as_frame([missing_row(n=0, method=method, note=fit.note)], COLUMNS)
    free = {(e.kind, e.group, e.row, e.column) for e in fit.table.entries}
    p, m = len(fit.items), len(fit.factors)
    rows = []
    for g, name in enumerate(fit.groups):
        loadings = [("loading", i, f) for f in range(m) for i in range(p)]
        pairs = [("residual", i, j) for i in range(p) for j in range(i)]
        for kind, i, j in loadings + pairs:
            if (kind, g, i, j) in free:
                continue
            right = (fit.factors if kind == "loading" else fit.items)[j]
            keys = {"group": name, "kind": kind, "left": fit.items[i], "right": right}
            rows.append({**keys, **_tested(fit, Entry(kind, g, i, j, -1, 0.0), method)})
    return as_frame(rows, COLUMNS).sort_values("estimate", ascending=False, ignore_index=True)


def equality_tests(fit: CfaFit) -> pd.DataFrame:
    """Which equality between groups (or waves) the data object to most: a row per equal parameter.

    The score test of letting one group's parameter go its own way (R's lavaan, lavTestScore): where
    scalar invariance fails this says which intercept to free. Largest first. Columns: group, kind,
    left, change (the expected difference), estimate (chi-square), df, p, n, method, note.

    An item that the second group finds half a point easier:

    >>> draw = np.random.default_rng(1)
    >>> factor = draw.normal(size=(2000, 1))
    >>> X = factor @ [[1, .8, 1.2, .9]] + .6 * draw.normal(size=(2000, 4))
    >>> items = pd.DataFrame(X, columns=list("abcd"))
    >>> group = np.repeat(["A", "B"], 1000)
    >>> items.loc[group == "B", "b"] += .5
    >>> from lostudy.statistics.factor import cfa
    >>> fit = cfa(items, {"f": list("abcd")}, group, ("loadings", "intercepts"))
    >>> equality_tests(fit).iloc[0][["group", "kind", "left"]].tolist()
    ['B', 'intercept', 'b']
    """
    method = "score test of an equality"
    if fit.note:
        return as_frame([missing_row(n=0, method=method, note=fit.note)], COLUMNS)
    seen: set[int] = set()
    rows = []
    for e in fit.table.entries:
        if e.place < 0 or e.place not in seen:
            seen.add(e.place)  # the first of those that are equal stays
            continue
        names = fit.factors if e.kind in ("factor", "mean") else fit.items
        keys = {"group": fit.groups[e.group], "kind": e.kind, "left": names[e.row]}
        rows.append({**keys, **_tested(fit, e, method)})
    if not rows:
        return as_frame([missing_row(n=0, method=method, note="nothing is equal")], COLUMNS)
    return as_frame(rows, COLUMNS).sort_values("estimate", ascending=False, ignore_index=True)


def _tested(fit: CfaFit, entry: Entry, method: str) -> dict[str, object]:
    """The score test of one more free parameter, in the place of `entry`."""
    theta, p, m = fit.solution.theta, len(fit.items), len(fit.factors)
    table = copy.copy(fit.table)
    value = float(theta[entry.place]) if entry.place >= 0 else entry.value
    own = Entry(entry.kind, entry.group, entry.row, entry.column, len(theta), value)
    table.entries = [e for e in fit.table.entries if e != entry] + [own]
    at = np.append(theta, value)
    s = slope(table, at, fit.moments, p, m)
    information = expected_information(table, at, fit.moments, p, m)
    row = missing_row(n=sum(fit.moments.n), method=method, note="")
    root = np.sqrt(np.maximum(np.diag(information), 1e-300))
    if np.linalg.eigvalsh(information / np.outer(root, root)).min() < 1e-8:
        return {"change": np.nan, **row, "note": "cannot be freed in this model"}
    step = np.linalg.solve(information, s)
    chi2 = float(s @ step)
    test = {"estimate": chi2, "df": 1.0, "p": float(special.chdtrc(1, max(chi2, 0.0)))}
    change = step[-1] - (step[entry.place] if entry.place >= 0 else 0.0)
    return {"change": float(change), **row, **test}
