"""The parameters of a fitted factor model as a table, standardised ones and their errors too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostudy.statistics.estimates import as_frame, t_row
from lostudy.statistics.structure import Entry, Table, matrices


@dataclass(frozen=True)
class Named:
    """A solution with the names of its parts."""

    table: Table
    theta: np.ndarray
    spread: np.ndarray
    items: list[str]
    factors: list[str]
    groups: tuple[Any, ...]
    n: int
    method: str

    def standardised(self, theta: np.ndarray) -> np.ndarray:
        """Every entry in standard deviations of its items and factors."""
        p, m = len(self.items), len(self.factors)
        sds = []
        for g in range(len(self.groups)):
            M = matrices(self.table, theta, g, p, m)
            spread = np.sqrt(np.maximum(np.diag(M.sigma), 0)), np.sqrt(np.maximum(np.diag(M.F), 0))
            sds.append(spread)
        return np.array([_standard(e, theta, *sds[e.group]) for e in self.table.entries])


def _standard(e: Entry, theta: np.ndarray, item_sd: np.ndarray, factor_sd: np.ndarray) -> float:
    value = e.value if e.place < 0 else float(theta[e.place])
    with np.errstate(divide="ignore", invalid="ignore"):
        if e.kind == "loading":
            return float(value * factor_sd[e.column] / item_sd[e.row])
        if e.kind == "factor":
            return float(value / (factor_sd[e.row] * factor_sd[e.column]))
        if e.kind == "residual":
            return float(value / (item_sd[e.row] * item_sd[e.column]))
        return float(value / (item_sd if e.kind == "intercept" else factor_sd)[e.row])


def parameter_table(named: Named) -> pd.DataFrame:
    """A row per entry, fixed ones too; errors of standardised values by the delta method."""
    standard = named.standardised(named.theta)
    J = np.empty((len(standard), len(named.theta)))
    for j in range(len(named.theta)):
        h = np.zeros(len(named.theta))
        h[j] = 1e-5 * max(1.0, abs(named.theta[j]))
        up, down = named.standardised(named.theta + h), named.standardised(named.theta - h)
        with np.errstate(invalid="ignore"):  # a factor without variance has no standard deviation
            J[:, j] = (up - down) / (2 * h[j])
    errors = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", J, named.spread, J), 0))
    rows = []
    for place, e in enumerate(named.table.entries):
        value = e.value if e.place < 0 else float(named.theta[e.place])
        se = 0.0 if e.place < 0 else float(np.sqrt(max(named.spread[e.place, e.place], 0)))
        left = (named.factors if e.kind in ("factor", "mean") else named.items)[e.row]
        right = "" if e.kind in ("intercept", "mean") else (
            named.items if e.kind == "residual" else named.factors
        )[e.column]  # fmt: skip
        keys = {
            "group": named.groups[e.group], "kind": e.kind, "left": left, "right": right,
            "standardised": standard[place], "standardised_se": errors[place],
        }  # fmt: skip
        note = "fixed" if e.place < 0 else ""
        rows.append(t_row(value, se, np.inf, n=named.n, method=named.method, note=note, **keys))
    return as_frame(rows, ["estimate", "se", "low", "high", "statistic", "p"])
