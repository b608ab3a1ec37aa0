"""The arithmetic of the random-intercept model on sums per person and per team.

With V = I + a Z Z' + c W W' (a: team ratio, c: person ratio) every quantity the likelihood needs is
a sum over persons and teams (Woodbury), so rows are summed once and never touched again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lostudy.statistics.design import Design, group_sums


@dataclass(frozen=True)
class Parts:
    """The pieces of the likelihood at given ratios.

    `rest` = r'V^-1 r, `inverse` = (X'V^-1X)^-1, `between_X[j]` and `between_r[j]` = Z_j'V^-1 X and
    Z_j'V^-1 r, `traces[j]` = tr(V^-1 Z_j Z_j').
    """

    logdet: float
    logdet_X: float
    rest: float
    coefficient: np.ndarray
    inverse: np.ndarray
    between_X: tuple[np.ndarray, ...]
    between_r: tuple[np.ndarray, ...]
    traces: tuple[float, ...]

    def slope(self, scale: float, restricted: bool) -> np.ndarray:
        """The derivatives of the deviance by the ratios, at residual variance `scale`."""
        result = []
        for U, r, trace in zip(self.between_X, self.between_r, self.traces, strict=True):
            value = trace - float(r @ r) / scale
            result.append(value - (float(((U @ self.inverse) * U).sum()) if restricted else 0.0))
        return np.array(result)


@dataclass(frozen=True)
class Blocks:
    """Rows summed per unit (the person, or the team itself) and units within teams.

    `Z`: the columns of X and then y (n x k+1); `sums`: per unit; `sizes`: rows per unit; `team`:
    the team of each unit; `unit`: the unit of each row; `levels`: 1 (team) or 2 (team and person).
    """

    Z: np.ndarray
    cross: np.ndarray
    sums: np.ndarray
    sizes: np.ndarray
    team: np.ndarray
    unit: np.ndarray
    teams: int
    levels: int

    @property
    def n(self) -> int:
        return int(self.Z.shape[0])

    @property
    def k(self) -> int:
        return int(self.Z.shape[1]) - 1

    @property
    def units(self) -> int:
        return len(self.sizes)

    @property
    def total(self) -> float:
        return float(self.cross[-1, -1])

    @property
    def problem(self) -> str:
        if self.teams < 2:
            return "one team: no variation between teams"
        if self.levels == 1 and self.sizes.max() < 2:
            return "one person per team: team and person cannot be told apart"
        if self.levels == 2 and self.sizes.max() < 2:
            return "nobody measured twice: person and residual cannot be told apart"
        if self.levels == 2 and np.bincount(self.team).max() < 2:
            return "one person per team: team and person cannot be told apart"
        if self.free_teams < 1:
            return "as many coefficients as teams: nothing is left of how teams differ"
        return ""

    @property
    def free_teams(self) -> int:
        """How many directions in which teams differ are outside X, whose columns are orthonormal.

        The rank of X and the marks of the teams together, less that of X.
        """
        sizes = np.bincount(self.team, weights=self.sizes, minlength=self.teams)
        sums = group_sums(self.sums[:, : self.k], self.team, self.teams)
        within = self.cross[: self.k, : self.k] - (sums / sizes[:, None]).T @ sums
        inside = int((np.linalg.eigvalsh(within) > 1e-9 * self.n).sum())
        return self.teams + inside - self.k

    def weights(self, ratios: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Per unit v = m/(1 + c m), per team s = sum of v, and a/(1 + a s)."""
        person = ratios[1] if self.levels == 2 else 0.0
        v = self.sizes / (1 + person * self.sizes)
        s = np.bincount(self.team, weights=v, minlength=self.teams)
        return v, s, ratios[0] / (1 + ratios[0] * s)

    def parts(self, ratios: np.ndarray) -> Parts:
        """Everything the likelihood needs at these ratios."""
        v, s, shrink = self.weights(ratios)
        person = ratios[1] if self.levels == 2 else 0.0
        near = 1 / (1 + person * self.sizes)
        teams = group_sums(self.sums * near[:, None], self.team, self.teams)
        full = self.cross - (self.sums * (person * near)[:, None]).T @ self.sums
        full = full - (teams * shrink[:, None]).T @ teams
        k = self.k
        inverse = np.linalg.inv(full[:k, :k])
        coefficient = inverse @ full[:k, k]
        rest = float(full[k, k] - full[:k, k] @ coefficient)
        logdet = float(np.log1p(ratios[0] * s).sum() + np.log1p(person * self.sizes).sum())
        between = [teams / (1 + ratios[0] * s)[:, None]]
        traces = [float((s / (1 + ratios[0] * s)).sum())]
        if self.levels == 2:
            between.append(
                self.sums * near[:, None] - (v * shrink[self.team])[:, None] * teams[self.team]
            )
            traces.append(float((v - shrink[self.team] * v**2).sum()))
        return Parts(
            logdet, float(np.linalg.slogdet(full[:k, :k])[1]), rest, coefficient, inverse,
            tuple(b[:, :k] for b in between),
            tuple(b[:, k] - b[:, :k] @ coefficient for b in between), tuple(traces),
        )  # fmt: skip

    def solve(self, A: np.ndarray, ratios: np.ndarray) -> np.ndarray:
        """V^-1 A for a matrix with one row per row of the data."""
        v, _, shrink = self.weights(ratios)
        person = ratios[1] if self.levels == 2 else 0.0
        near = 1 / (1 + person * self.sizes)
        sums = group_sums(A, self.unit, self.units)
        teams = group_sums(sums * near[:, None], self.team, self.teams)
        per_unit = (
            sums * (person * near)[:, None] + (near * shrink[self.team])[:, None] * teams[self.team]
        )
        return A - per_unit[self.unit]

    def spread(self, A: np.ndarray, level: int) -> np.ndarray:
        """Z_j Z_j'A: the sum over the team (0) or the person (1), back on every row."""
        sums = group_sums(A, self.unit, self.units)
        if level == 0:
            sums = group_sums(sums, self.team, self.teams)[self.team]
        return sums[self.unit]


def make_blocks(data: Design) -> Blocks:
    """Sum the rows once; a person in two teams counts as two."""
    groups = data.groups[0]
    levels = len(data.groups)
    pairs = (
        groups
        if levels == 1
        else groups * (int(data.groups[1].max(initial=0)) + 1) + data.groups[1]
    )
    names, unit = np.unique(pairs, return_inverse=True)
    team = np.zeros(len(names), dtype=int)
    team[unit] = groups
    Z = np.column_stack([data.X, data.y])
    teams = int(groups.max(initial=-1)) + 1
    sizes = np.bincount(unit, minlength=len(names)).astype(float)
    sums = group_sums(Z, unit, len(names))
    return Blocks(Z, Z.T @ Z, sums, sizes, team, unit, teams, levels)
