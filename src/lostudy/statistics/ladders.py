"""Do the groups, or the waves, answer the same items in the same way? The ladder of invariance.

Configural (same structure), metric (same loadings), scalar (same intercepts too: only then may
means be compared), strict (same residuals). Meredith (1993); accepted where CFI falls by at most
.010 and RMSEA rises by at most .015 (Cheung & Rensvold 2002; Chen 2007).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.errors import Problem, StudyError
from lostudy.statistics.estimates import need_columns
from lostudy.statistics.factor import (
    FIML,
    METHOD,
    METRICS,
    CfaFit,
    cfa,
    check_choices,
    finish,
    moments_of,
    no_fit,
    start_loadings,
)
from lostudy.statistics.likelihood import EXPECTED
from lostudy.statistics.patterns import Moments
from lostudy.statistics.structure import Table

STEPS: dict[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
FEWEST = 100
LARGEST_CFI_FALL, LARGEST_RMSEA_RISE = 0.010, 0.015
TOO_FEW = "under 100 persons in a group: invariance not to be tested"
COLUMNS = [
    "step", "chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr", "aic",
    "bic", "loglik", "parameters", "chi2_difference", "df_difference", "p_difference",
    "cfi_difference", "rmsea_difference", "accepted", "n", "method", "note",
]  # fmt: skip


def invariance(
    items: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
    group: Any,
    steps: Sequence[str] = ("configural", "metric", "scalar"),
    missing: str = "listwise",
) -> pd.DataFrame:
    """The ladder over groups: a row per step, each compared with the one before.

    `factors`: name -> items; `group`: one value per row; `missing`: as in `cfa`. `accepted` is
    missing for the first step and where a group has under 100 persons; the note then says that
    invariance is not to be tested (see `item_dif` for so few). Columns: COLUMNS of this module.

    The same in both groups, and then with an item that the second group finds easier:

    >>> draw = np.random.default_rng(1)
    >>> factor = draw.normal(size=(2000, 1))
    >>> X = factor @ [[1, .8, 1.2, .9]] + .6 * draw.normal(size=(2000, 4))
    >>> items = pd.DataFrame(X, columns=list("abcd"))
    >>> group = np.repeat(["A", "B"], 1000)
    >>> rows = invariance(items, {"f": list("abcd")}, group)
    >>> rows[["step", "df", "accepted"]].values.tolist()
    [['configural', 4.0, None], ['metric', 7.0, True], ['scalar', 10.0, True]]
    >>> items.loc[group == "B", "b"] += 1
    >>> invariance(items, {"f": list("abcd")}, group)["accepted"].tolist()
    [None, True, False]
    """
    if len(pd.unique(pd.Series(np.asarray(group, dtype=object)).dropna())) < 2:
        fits = {step: no_fit(len(items), "one group: nothing to compare") for step in steps}
        return _ladder(fits)
    fits = {step: cfa(items, factors, group, STEPS[step], missing=missing) for step in steps}
    return _ladder(fits)


def invariance_over_waves(
    items: pd.DataFrame,
    waves: Mapping[str, Sequence[str]],
    steps: Sequence[str] = ("configural", "metric", "scalar"),
    missing: str = "listwise",
) -> pd.DataFrame:
    """The ladder over waves of the same persons: a row per step, as `invariance`.

    `items`, `waves` and `missing`: as in `cfa_over_waves`; "fiml" keeps who missed a wave. Columns:
    as `invariance`.

    >>> draw = np.random.default_rng(2)
    >>> person = draw.normal(size=(500, 1))
    >>> X = np.hstack([person + .5 * draw.normal(size=(500, 1)) + .6 * draw.normal(size=(500, 3))
    ...                for wave in range(2)])
    >>> wide = pd.DataFrame(X, columns=["a0", "b0", "c0", "a1", "b1", "c1"])
    >>> rows = invariance_over_waves(wide, {"T0": ["a0", "b0", "c0"], "T1": ["a1", "b1", "c1"]})
    >>> rows[["step", "df", "accepted"]].values.tolist()
    [['configural', 5.0, None], ['metric', 7.0, True], ['scalar', 9.0, True]]
    """
    return _ladder(
        {step: cfa_over_waves(items, waves, STEPS[step], missing=missing) for step in steps}
    )


def cfa_over_waves(
    items: pd.DataFrame,
    waves: Mapping[str, Sequence[str]],
    equal: Collection[str] = (),
    missing: str = "listwise",
    errors: str = EXPECTED,
    metric: str = METRICS[0],
) -> CfaFit:
    """One scale at several waves: a factor per wave, the same items in each.

    `items`: a row per person; `waves`: wave -> its columns, in the same order of items. `equal`:
    what is the same at every wave, of "loadings", "intercepts", "residuals"; with equal intercepts
    the factor means are free after the first wave: their change is the latent change. Residuals of
    the same item are correlated over all waves (as R's semTools, measEq.syntax). `missing`,
    `errors` and `metric` as in `cfa`.

    A latent change of .5, though a third of the persons missed the second wave:

    >>> draw = np.random.default_rng(3)
    >>> person = draw.normal(size=(3000, 1))
    >>> X = np.hstack([person + .5 * wave + .6 * draw.normal(size=(3000, 3)) for wave in (0, 1)])
    >>> X[::3, 3:] = np.nan
    >>> wide = pd.DataFrame(X, columns=["a0", "b0", "c0", "a1", "b1", "c1"])
    >>> waves = {"T0": ["a0", "b0", "c0"], "T1": ["a1", "b1", "c1"]}
    >>> table = cfa_over_waves(wide, waves, ("loadings", "intercepts"), "fiml").parameters
    >>> table.loc[table["kind"] == "mean", "estimate"].round(1).tolist()
    [0.5]
    """
    names = [name for columns in waves.values() for name in columns]
    need_columns(items, names)
    if len({len(columns) for columns in waves.values()}) != 1:
        what, cure = "the waves have different items", "give the same items, in the same order"
        raise StudyError(Problem(what, cure))
    check_choices(set(equal), missing, errors, metric)
    method = METHOD if missing == "listwise" else FIML
    data, _, note = moments_of(items[names], None, missing)
    if note:
        return no_fit(sum(data.n), note, method)
    whole = replace(data, means=True)
    table = _waves_table(whole, waves, equal, metric)
    return finish(table, whole, names, list(waves), ("all",), method, errors)


def _waves_table(
    data: Moments, waves: Mapping[str, Sequence[str]], equal: Collection[str], metric: str
) -> Table:
    table, S = Table(), data.S[0]
    size, count = len(next(iter(waves.values()))), len(waves)
    for f in range(count):
        own = slice(f * size, (f + 1) * size)
        starts = start_loadings(S[own, own])
        unit = metric == METRICS[1]
        wide = np.sqrt(S[f * size, f * size] / 2) if unit else 1.0
        for i in range(size):
            row = f * size + i

            def key(kind: str, i: int = i) -> tuple | None:
                return (kind, i) if kind in equal else None

            if i == 0 and not unit:
                table.fix("loading", 0, row, f, 1.0)
            else:
                table.free("loading", 0, row, f, wide * starts[i], key("loadings"))
            table.free("residual", 0, row, row, S[row, row] / 2, key("residuals"))
            table.free("intercept", 0, row, 0, data.mean[0][row], key("intercepts"))
            for earlier in range(f):
                table.free("residual", 0, row, earlier * size + i, 0.0)
        if unit and (f == 0 or "loadings" not in equal):
            table.fix("factor", 0, f, f, 1.0)
        else:
            table.free("factor", 0, f, f, S[f * size, f * size] / 2 / wide**2)
        for h in range(f):
            table.free("factor", 0, f, h, 0.0)
        if f > 0 and "intercepts" in equal:
            table.free("mean", 0, f, 0, 0.0)
    return table


def _ladder(fits: Mapping[str, CfaFit]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for step, fit in fits.items():
        measures = fit.measures.set_index("measure")
        row: dict[str, Any] = {"step": step}
        row.update({str(k): v for k, v in measures["estimate"].items()})
        row.pop("baseline")
        row.update(df=measures.loc["chi2", "df"], p=measures.loc["chi2", "p"])
        row.update(rmsea_low=measures.loc["rmsea", "low"], rmsea_high=measures.loc["rmsea", "high"])
        note = fit.note or str(measures.loc["chi2", "note"])
        if not fit.note and min(fit.moments.n) < FEWEST:
            note = TOO_FEW
        row.update(n=int(measures["n"]["chi2"]), method=measures["method"]["chi2"], note=note)
        row.update(accepted=None)
        if rows:
            row.update(_compared(rows[-1], row))
        rows.append(row)
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def _compared(before: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    chi2, df = row["chi2"] - before["chi2"], row["df"] - before["df"]
    found = {"chi2_difference": chi2, "df_difference": df}
    found.update(cfi_difference=row["cfi"] - before["cfi"])
    found.update(rmsea_difference=row["rmsea"] - before["rmsea"])
    if not np.isfinite(chi2):
        return found
    found["p_difference"] = float(special.chdtrc(df, max(chi2, 0.0)))
    if row["note"] == TOO_FEW:
        return found
    small = found["cfi_difference"] >= -LARGEST_CFI_FALL
    return {**found, "accepted": bool(small and found["rmsea_difference"] <= LARGEST_RMSEA_RISE)}
