"""The small-sample correction of Kenward & Roger (1997), as in R's pbkrtest."""

from __future__ import annotations

import numpy as np

from lostudy.statistics.blocks import Blocks


def kenward_roger(
    blocks: Blocks, ratios: np.ndarray, residual: float, weights: np.ndarray
) -> tuple[float, float]:
    """The adjusted standard error and the degrees of freedom of one contrast (k numbers).

    With V_0 = I, V_1 (team), V_2 (person) the parts of V: P_i = -X'V^-1 V_i V^-1 X,
    Q_ij = X'V^-1 V_i V^-1 V_j V^-1 X, W the inverse expected information times 2, and the adjusted
    covariance is C + 2 C [sum W_ij (Q_ij - P_i C P_j)] C.
    """
    C, P, Q = _pieces(blocks, ratios, residual)
    count = len(P)
    information = np.empty((count, count))
    traces = _traces(blocks, ratios, residual)
    for i in range(count):
        for j in range(count):
            fixed = 2 * np.trace(C @ Q[i][j]) - np.trace(C @ P[i] @ C @ P[j])
            information[i, j] = traces[i, j] - fixed
    W = 2 * np.linalg.pinv(information)
    pairs = [(i, j) for i in range(count) for j in range(count)]
    U = sum((W[i, j] * (Q[i][j] - P[i] @ C @ P[j]) for i, j in pairs), np.zeros_like(C))
    adjusted = C + 2 * C @ U @ C
    slopes = np.array([weights @ C @ p @ C @ weights for p in P]) / (weights @ C @ weights)
    # for one contrast Kenward and Roger's approximation to the F distribution reduces to 2/A
    return float(np.sqrt(weights @ adjusted @ weights)), float(2 / (slopes @ W @ slopes))


def _pieces(
    blocks: Blocks, ratios: np.ndarray, residual: float
) -> tuple[np.ndarray, list[np.ndarray], list[list[np.ndarray]]]:
    X = blocks.Z[:, :-1]
    B = blocks.solve(X, ratios) / residual
    C = np.linalg.inv(X.T @ B)
    F = [B] + [blocks.spread(B, level) for level in range(blocks.levels)]
    P = [-(B.T @ f) for f in F]
    solved = [blocks.solve(f, ratios) / residual for f in F]
    Q = [[f.T @ s for s in solved] for f in F]
    return C, P, Q


def _traces(blocks: Blocks, ratios: np.ndarray, residual: float) -> np.ndarray:
    """tr(V^-1 V_i V^-1 V_j) for residual, team and person."""
    v, s, shrink = blocks.weights(ratios)
    size = blocks.levels + 1
    T = np.zeros((size, size))
    single = np.zeros(size)
    single[1] = (s / (1 + ratios[0] * s)).sum()
    T[1, 1] = ((s / (1 + ratios[0] * s)) ** 2).sum()
    if blocks.levels == 2:
        squares = np.bincount(blocks.team, weights=v**2, minlength=blocks.teams)
        single[2] = (v - shrink[blocks.team] * v**2).sum()
        T[1, 2] = T[2, 1] = (squares / (1 + ratios[0] * s) ** 2).sum()
        T[2, 2] = (v**2 - 2 * shrink[blocks.team] * v**3).sum() + (shrink**2 * squares**2).sum()
    for j in range(1, size):
        T[0, j] = T[j, 0] = single[j] - ratios @ T[1:, j]
    whole = blocks.n - ratios @ single[1:]
    T[0, 0] = whole - ratios @ T[1:, 0]
    return T / residual**2
