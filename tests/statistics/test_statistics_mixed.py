"""The random-intercept model, against a dense likelihood written out with n x n matrices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize
from statistics_data import seeded, simulated

from lostudy.errors import LostudyError
from lostudy.statistics.blocks import make_blocks
from lostudy.statistics.design import SINGULAR, complete
from lostudy.statistics.explained import variance_explained
from lostudy.statistics.mixed import DFS, contrast, fit_mixed


def example(words: str, nested: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    frame = simulated(words, change=0.3, teams=4, persons=5, team_sd=0.4, organisations="AB")
    X = np.column_stack([np.ones(len(frame)), frame["wave"], frame["organisation"] == "B"])
    team = (frame["organisation"] + frame["team"]).to_numpy()
    return frame["score"].to_numpy(), X.astype(float), team, frame["person"].to_numpy()


class Dense:
    """The same model by brute force."""

    def __init__(self, y: np.ndarray, X: np.ndarray, *groups: np.ndarray) -> None:
        self.y, self.X = y, X
        self.parts = [np.eye(len(y))] + [(g[:, None] == g[None, :]).astype(float) for g in groups]

    def deviance(self, variances: np.ndarray, restricted: bool = True) -> float:
        V = sum(v * part for v, part in zip(variances, self.parts, strict=True))
        W = np.linalg.inv(V)
        XWX = self.X.T @ W @ self.X
        b = np.linalg.solve(XWX, self.X.T @ W @ self.y)
        r = self.y - self.X @ b
        n, k = self.X.shape
        value = np.linalg.slogdet(V)[1] + r @ W @ r
        if restricted:
            return value + np.linalg.slogdet(XWX)[1] + (n - k) * np.log(2 * np.pi)
        return value + n * np.log(2 * np.pi)

    def covariance(self, variances: np.ndarray) -> np.ndarray:
        V = sum(v * part for v, part in zip(variances, self.parts, strict=True))
        return np.linalg.inv(self.X.T @ np.linalg.solve(V, self.X))

    def fit(self, restricted: bool = True) -> np.ndarray:
        found = optimize.minimize(
            lambda t: self.deviance(np.exp(t), restricted), np.log([0.3] * len(self.parts)),
            method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000},
        )  # fmt: skip
        return np.exp(found.x)

    def satterthwaite(self, variances: np.ndarray, L: np.ndarray) -> float:
        q = len(variances)
        step = 1e-4 * variances
        H, slope = np.empty((q, q)), np.empty(q)
        for i in range(q):
            a = np.eye(q)[i] * step
            up, down = (L @ self.covariance(variances + s * a) @ L for s in (1, -1))
            slope[i] = (up - down) / (2 * step[i])
            for j in range(q):
                b = np.eye(q)[j] * step
                f = [self.deviance(variances + s * a + t * b) for s in (1, -1) for t in (1, -1)]
                H[i, j] = (f[0] - f[1] - f[2] + f[3]) / (4 * step[i] * step[j])
        value = L @ self.covariance(variances) @ L
        return 2 * value**2 / (slope @ (2 * np.linalg.inv(H)) @ slope)

    def kenward(self, variances: np.ndarray, L: np.ndarray) -> tuple[float, float]:
        V = sum(v * part for v, part in zip(variances, self.parts, strict=True))
        W, C = np.linalg.inv(V), self.covariance(variances)
        P = [-self.X.T @ W @ p @ W @ self.X for p in self.parts]
        Q = [[self.X.T @ W @ a @ W @ b @ W @ self.X for b in self.parts] for a in self.parts]
        q = range(len(P))
        WV = [W @ part for part in self.parts]
        information = np.array([
            [np.trace(WV[i] @ WV[j]) - 2 * np.trace(C @ Q[i][j]) + np.trace(C @ P[i] @ C @ P[j])
             for j in q] for i in q])  # fmt: skip
        S = 2 * np.linalg.inv(information)
        U = sum(S[i, j] * (Q[i][j] - P[i] @ C @ P[j]) for i in q for j in q)
        T = np.outer(L, L) / (L @ C @ L)
        A1 = sum(
            S[i, j] * np.trace(T @ C @ P[i] @ C) * np.trace(T @ C @ P[j] @ C) for i in q for j in q
        )
        A2 = sum(S[i, j] * np.trace(T @ C @ P[i] @ C @ T @ C @ P[j] @ C) for i in q for j in q)
        B, g = (A1 + 6 * A2) / 2, (2 * A1 - 5 * A2) / (3 * A2)
        c1, c2, c3 = (x / (3 + 2 * (1 - g)) for x in (g, 1 - g, 3 - g))
        rho = ((1 - A2) / (1 - c2 * B)) ** 2 * (1 + c1 * B) / (1 - c3 * B)
        return float(np.sqrt(L @ (C + 2 * C @ U @ C) @ L)), float(4 + 3 / (rho - 1))


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("method", ["REML", "ML"])
def test_variances_and_likelihood_equal_the_dense_ones(nested: bool, method: str) -> None:
    y, X, team, person = example("dense", nested)
    fit = fit_mixed(y, X, team, person if nested else None, method)
    oracle = Dense(y, X, team, *([person] if nested else []))
    theirs = oracle.fit(method == "REML")
    ours = fit.variance["estimate"].to_numpy()
    np.testing.assert_allclose(ours, np.append(theirs[1:], theirs[0]), rtol=2e-4, atol=1e-6)
    order = np.concatenate([[ours[-1]], ours[:-1]])
    assert -2 * fit.loglik == pytest.approx(oracle.deviance(order, method == "REML"), rel=1e-9)
    assert -2 * fit.loglik <= oracle.deviance(theirs, method == "REML") + 1e-8


@pytest.mark.parametrize("nested", [False, True])
def test_errors_and_both_degrees_of_freedom_equal_the_dense_ones(nested: bool) -> None:
    y, X, team, person = example("degrees", nested)
    fit = fit_mixed(y, X, team, person if nested else None)
    oracle = Dense(y, X, team, *([person] if nested else []))
    ours = fit.variance["estimate"].to_numpy()
    variances = np.concatenate([[ours[-1]], ours[:-1]])
    for L in (*np.eye(3), np.array([1.0, 1.0, 0.5])):
        row = contrast(fit, L).iloc[0]
        assert row["se"] == pytest.approx(np.sqrt(L @ oracle.covariance(variances) @ L), rel=1e-8)
        assert row["df"] == pytest.approx(oracle.satterthwaite(variances, L), rel=1e-3)
        kr = contrast(fit, L, "kenward-roger").iloc[0]
        se, df = oracle.kenward(variances, L)
        assert kr["se"] == pytest.approx(se, rel=1e-7)
        assert kr["df"] == pytest.approx(df, rel=1e-6)


@pytest.mark.parametrize("levels", [1, 2])
@pytest.mark.parametrize("restricted", [True, False])
def test_the_analytic_slope_is_the_numerical_one(levels: int, restricted: bool) -> None:
    y, X, team, person = example("slope", True)
    blocks = make_blocks(complete(y, X, team, *([person] if levels == 2 else [])))

    def deviance(ratios: np.ndarray) -> float:
        p = blocks.parts(ratios)
        return p.logdet + (p.logdet_X if restricted else 0) + p.rest / 0.7

    at = np.array([0.4, 0.9][:levels])
    numeric = [(deviance(at + h) - deviance(at - h)) / 2e-6 for h in 1e-6 * np.eye(levels)]
    np.testing.assert_allclose(
        blocks.parts(at).slope(0.7, restricted), numeric, rtol=1e-5, atol=1e-5
    )


def test_balanced_data_give_the_analysis_of_variance() -> None:
    draw = seeded("balanced")
    codes = np.repeat(np.arange(8), 6)
    y = draw.normal(size=8)[codes] + draw.normal(size=48)
    means = y.reshape(8, 6).mean(axis=1)
    between, within = 6 * means.var(ddof=1), ((y - means[codes]) ** 2).sum() / 40
    fit = fit_mixed(y, np.ones((48, 1)), codes)
    np.testing.assert_allclose(
        fit.variance["estimate"], [(between - within) / 6, within], rtol=1e-8
    )
    assert fit.fixed["se"].item() == pytest.approx(np.sqrt(between / 48), rel=1e-8)
    assert fit.fixed["df"].item() == pytest.approx(7, rel=1e-6)


def test_a_variance_of_zero_is_said_and_ordinary_least_squares_remains() -> None:
    """Teams more alike than chance: the negative moment estimate becomes 0, with n - k df."""
    codes = np.repeat(np.arange(6), 2)
    y = np.tile([1.0, 3.0], 6) + np.linspace(0, 0.1, 12)
    fit = fit_mixed(y, np.ones((12, 1)), codes)
    assert fit.variance["estimate"].iloc[0] == 0
    assert fit.variance["note"].iloc[0] == "estimated at zero"
    assert fit.fixed["se"].item() == pytest.approx(y.std(ddof=1) / np.sqrt(12), rel=1e-9)
    assert fit.fixed["df"].item() == pytest.approx(11, rel=1e-6)


@pytest.mark.parametrize(
    ("y", "X", "group", "nested", "note"),
    [([1, 2, 3, 4], np.ones((4, 1)), [1] * 4, None, "one team: no variation between teams"),
     ([1, 2, 3, 4], np.ones((4, 1)), [1, 2, 3, 4], None,
      "one person per team: team and person cannot be told apart"),
     ([1, 2, 3, 4], np.ones((4, 2)), [1, 1, 2, 2], None, SINGULAR),
     ([np.nan] * 4, np.ones((4, 1)), [1, 1, 2, 2], None, "no complete rows"),
     ([5, 5, 5, 5], np.ones((4, 1)), [1, 1, 2, 2], None, "perfect fit: no residual variance"),
     ([1, 2, 3, 4], np.ones((4, 1)), [1, 1, 2, 2], [1, 2, 3, 4],
      "nobody measured twice: person and residual cannot be told apart"),
     ([1, 2, 3, 4], np.ones((4, 1)), [1, 1, 2, 2], [1, 1, 2, 2],
      "one person per team: team and person cannot be told apart")],
)  # fmt: skip
def test_bad_input_gives_a_fit_without_numbers(
    y: list, X: np.ndarray, group: list, nested: list | None, note: str
) -> None:
    fit = fit_mixed(y, X, group, nested)
    assert fit.note == note
    assert fit.fixed["estimate"].isna().all() and fit.variance["estimate"].isna().all()
    row = contrast(fit, np.ones(X.shape[1])).iloc[0]
    assert np.isnan(row["estimate"]) and row["note"] == note
    assert np.isnan(fit.loglik)


def test_teams_without_any_variation_inside_have_no_residual() -> None:
    fit = fit_mixed([1, 1, 3, 3, 8, 8], np.ones((6, 1)), [1, 1, 2, 2, 3, 3])
    assert fit.note == "perfect fit: no residual variance"


def test_programming_mistakes_are_told() -> None:
    fit = fit_mixed([1, 3, 11, 13], np.ones((4, 1)), ["a", "a", "b", "b"])
    with pytest.raises(LostudyError, match="give 1 numbers, for b0"):
        contrast(fit, [1, 2])
    with pytest.raises(LostudyError, match="method 'MAP' does not exist"):
        fit_mixed([1, 3], np.ones((2, 1)), [1, 2], method="MAP")


def test_order_names_and_scale_do_not_matter() -> None:
    y, X, team, person = example("invariant", True)
    order = seeded("another order").permutation(len(y))
    first = fit_mixed(y, X, team, person)
    renamed = pd.Series(person).map({p: i for i, p in enumerate(pd.unique(person))}).to_numpy()
    second = fit_mixed(10 * y[order] + 7, X[order], team[order], renamed[order])
    np.testing.assert_allclose(second.fixed["se"], 10 * first.fixed["se"], rtol=1e-6)
    np.testing.assert_allclose(second.fixed["df"], first.fixed["df"], rtol=1e-4)
    np.testing.assert_allclose(
        second.variance["estimate"], 100 * first.variance["estimate"], rtol=1e-6
    )


def test_rows_with_a_missing_value_are_left_out_and_counted() -> None:
    y, X, team, _ = example("missing", False)
    y = y.copy()
    y[:3] = np.nan
    fit = fit_mixed(y, X, team)
    assert fit.n == len(y) - 3
    other = fit_mixed(y[3:], X[3:], team[3:])
    np.testing.assert_allclose(fit.fixed["estimate"], other.fixed["estimate"])


@pytest.mark.parametrize("unit", [1e-4, 1.0, 500.0, 1e6])
@pytest.mark.parametrize("shift", [0.0, 2000.0, 1e5])
def test_units_and_origin_of_the_outcome_and_a_predictor_leave_the_degrees_of_freedom(
    unit: float, shift: float
) -> None:
    """Equal days per team: the slope is that within teams, with n - teams - 1 df in any unit."""
    draw = seeded("days of teams")
    team, day = np.repeat(range(10), 6), np.tile(np.arange(6.0), 10)
    y = draw.normal(3, 0.5, 10)[team] + 0.1 * day + draw.normal(0, 0.4, 60)
    centred = y - np.array([y[team == t].mean() for t in team])
    x = day - 2.5
    slope = x @ centred / (x @ x)
    error = np.sqrt(((centred - slope * x) ** 2).sum() / 49 / (x @ x))
    X = pd.DataFrame({"one": 1.0, "day": unit * (day + shift)})
    for df in DFS:
        fit = fit_mixed(unit * (y + shift), X, team, df=df)
        row = fit.fixed.iloc[1]
        assert fit.note == "" and row["note"] == ""
        assert row["estimate"] == pytest.approx(slope, rel=1e-6)
        assert row["se"] == pytest.approx(error, rel=1e-6)
        assert row["df"] == pytest.approx(49, rel=1e-6)
    plain = fit_mixed(y, X.assign(day=day), team)
    assert fit.loglik == pytest.approx(plain.loglik - 59 * np.log(unit), abs=1e-6)
    explained = variance_explained(fit)["estimate"].to_numpy()
    assert explained == pytest.approx(variance_explained(plain)["estimate"].to_numpy(), rel=1e-6)


def test_teams_that_the_predictors_tell_apart_by_themselves_leave_no_variance_between_them() -> (
    None
):
    """One team per organisation, organisation fixed: no number may look like an error."""
    site = np.repeat(list("ABC"), 8)
    X = pd.DataFrame({name: (site == name) * 1.0 for name in "ABC"})
    y = seeded("a team each").normal(size=24)
    for df in DFS:
        fit = fit_mixed(y, X, site, df=df)
        assert "as many coefficients as teams" in fit.note
        assert fit.fixed[["estimate", "se", "p"]].isna().all(axis=None)
    two = np.char.add(site, np.tile(["1", "2"], 12))
    lone = np.where(site == "C", "C", two)  # one organisation with one team: two others carry it
    assert fit_mixed(y, X, lone).fixed["se"].notna().all()
