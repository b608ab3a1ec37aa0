"""Do the members of a team come to see it more alike? The spread within teams as the outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from lostudy.statistics.columns import with_numbers
from lostudy.statistics.estimates import as_frame, missing_row, need_columns

METHOD = "consensus emergence model, REML"
CONSTANT = ([0.3, 0.0, 0.1, 0.3], [1.0, 0.0, 0.3, 1.0])


def consensus_emergence(
    frame: pd.DataFrame, value: str, time: str, team: str, person: str
) -> pd.DataFrame:
    """Does the spread within teams shrink over time? Three rows: level, change, spread.

    Lang, Bliese & de Voogt (2018, Personnel Psychology 71:255): teams with a level and a slope of
    their own, persons with a level within the team, and a residual standard deviation sigma
    exp(delta time). Row "spread" is delta: below 0 the members come to agree; exp(delta) is the
    factor per unit of time. Its p is that of the likelihood ratio against delta = 0 (`statistic`,
    1 df; R's nlme, varExp). `frame`: a row per person and time; `time` in numbers, the first one
    best 0. Columns: term, estimate, statistic, df, p, n, method, note.

    Twenty teams whose spread shrinks by exp(-.3) each time:

    >>> draw = np.random.default_rng(5)
    >>> rows = [(t, f"{t}-{p}", w, 3 + t / 10 + draw.normal(0, .6 * np.exp(-.3 * w)))
    ...         for t in range(20) for p in range(8) for w in range(3)]
    >>> frame = pd.DataFrame(rows, columns=["team", "who", "wave", "y"])
    >>> found = consensus_emergence(frame, "y", "wave", "team", "who").set_index("term")
    >>> abs(found["estimate"]["spread"].item() + .3) < .1, found["p"]["spread"].item() < .001
    (True, True)
    """
    need_columns(frame, [value, time, team, person])
    known = with_numbers(frame, [value, time])[[value, time, team, person]].dropna()
    note = _problem(known, value, time, team)
    terms = ("level", "change", "spread")
    if note:
        rows = [missing_row(n=len(known), method=METHOD, note=note, term=term) for term in terms]
        return as_frame(rows, ["estimate", "statistic", "df", "p"])
    model = _Model(_blocks(known, value, time, team, person))
    fixed, free = model.fit()
    coefficient = model.coefficient(free)
    statistic = max(model.deviance(fixed) - model.deviance(free), 0.0)
    rows = [
        {**missing_row(n=len(known), method=METHOD, note="", term=term), "estimate": float(b)}
        for term, b in zip(terms, [*coefficient, free[-1]], strict=True)
    ]
    rows[-1].update(statistic=statistic, df=1, p=float(special.chdtrc(1, statistic)))
    return as_frame(rows, ["estimate", "statistic", "df", "p"])


def _problem(known: pd.DataFrame, value: str, time: str, team: str) -> str:
    if known[team].nunique() < 3:
        return "fewer than three teams"
    if known[time].nunique() < 2:
        return "one time: nothing can shrink"
    if known.groupby(team)[value].nunique().max() < 2 or known[value].nunique() < 3:
        return "no variation within teams"
    return ""


@dataclass(frozen=True)
class _Block:
    """One team: answers, (1, time), and which rows are of the same person (n x persons)."""

    y: np.ndarray
    X: np.ndarray
    W: np.ndarray


def _blocks(known: pd.DataFrame, value: str, time: str, team: str, person: str) -> list[_Block]:
    blocks = []
    for _, part in known.groupby(team, sort=True):
        t = part[time].to_numpy(float)
        W = pd.get_dummies(part[person].astype(str)).to_numpy(float)
        blocks.append(_Block(part[value].to_numpy(float), np.column_stack([np.ones(len(t)), t]), W))
    return blocks


@dataclass(frozen=True)
class _Model:
    """Restricted likelihood; parameters: root of the team's 2 x 2 (3), person SD, delta.

    Standard deviations are in units of sigma, which is profiled out.
    """

    blocks: list[_Block]

    def sums(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """log|V| and (X, y)'V^-1(X, y)."""
        root = np.array([[theta[0], 0.0], [theta[1], theta[2]]])
        logdet, M = 0.0, np.zeros((3, 3))
        for one in self.blocks:
            A = one.X @ root
            V = A @ A.T + theta[3] ** 2 * one.W @ one.W.T
            V[np.diag_indices(len(V))] += np.exp(2 * np.clip(theta[4] * one.X[:, 1], -30, 30))
            L = np.linalg.cholesky(V)
            half = np.linalg.solve(L, np.column_stack([one.X, one.y]))
            logdet += 2 * float(np.log(np.diag(L)).sum())
            M += half.T @ half
        return logdet, M

    def deviance(self, theta: np.ndarray) -> float:
        """-2 restricted log likelihood at the best sigma, with its constants (as nlme)."""
        try:
            logdet, M = self.sums(theta)
        except np.linalg.LinAlgError:
            return np.inf
        free = sum(len(one.y) for one in self.blocks) - 2
        rest = float(M[2, 2] - M[:2, 2] @ np.linalg.solve(M[:2, :2], M[:2, 2]))
        fixed = float(np.linalg.slogdet(M[:2, :2])[1])
        return logdet + fixed + free * (1 + np.log(2 * np.pi * max(rest, 1e-300) / free))

    def coefficient(self, theta: np.ndarray) -> Any:
        M = self.sums(theta)[1]
        return np.linalg.solve(M[:2, :2], M[:2, 2])

    def fit(self) -> tuple[np.ndarray, np.ndarray]:
        """The best parameters with a constant spread, and from there with a changing one."""
        constant = self._best(lambda free: self.deviance(np.append(free, 0.0)), CONSTANT)
        starts = [np.append(constant, delta) for delta in (-0.2, 0.2)]
        return np.append(constant, 0.0), self._best(self.deviance, starts)

    @staticmethod
    def _best(loss: Callable[[np.ndarray], float], starts: Sequence[Any]) -> np.ndarray:
        found = [optimize.minimize(loss, start, method="BFGS", options={"gtol": 1e-5})
                 for start in starts]  # fmt: skip
        return np.asarray(min(found, key=lambda each: float(each.fun)).x)
