"""Ordinary least squares with standard errors that allow for teams.

CR0-CR3 (Liang & Zeger 1986; Bell & McCaffrey 2002) with Satterthwaite degrees of freedom
(Pustejovsky & Tipton 2018, J. Bus. Econ. Stat. 36:672), and the wild cluster bootstrap by complete
enumeration (Cameron, Gelbach & Miller 2008, Rev. Econ. Stat. 90:414). Never with organisations as
the clusters: four clusters support no test.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.design import Design, complete, group_sums, ranked
from lostudy.statistics.estimates import as_frame, missing_row, need_choice, t_row
from lostudy.statistics.refusals import withhold

KINDS = ("CR0", "CR1", "CR1S", "CR2", "CR3")
ENUMERATED = 16
FEWEST_SIGNS = 6
ONE_TEAM = "one team: no variation between teams"
ALONE = "rests on a single team without another beside it: no error can be estimated"
EXACT = "perfect fit: nothing is left to test with"


def cluster_ols(
    y: Any,
    X: Any,
    cluster: Any,
    kind: str = "CR2",
    level: float = 0.95,
    organisation: Any = None,
    first: int | None = None,
) -> pd.DataFrame:
    """Least-squares coefficients with cluster-robust standard errors: a row per column of X.

    `y` (n), `X` (n x k, with its own column of ones), `cluster` (n): the team of each row. Rows
    with a missing value are left out. `kind`: CR0, CR1, CR1S (Stata's), CR2 or CR3. With M =
    (X'X)^-1 the covariance is M sum_g(X_g'A_g e_g e_g'A_g X_g) M where A_g is I (CR0), (I -
    H_gg)^-1/2 (CR2) or (I - H_gg)^-1 (CR3); CR1 multiplies CR0 by G/(G-1), CR1S by
    G(n-1)/((G-1)(n-k)). Degrees of freedom: Satterthwaite for an identity working model; under 4
    the note says that the interval is not to be tested. A coefficient that needs what a single team
    alone decides (the mean of an organisation with one team) has no error: that team's residuals
    are 0 whatever its answers. `organisation` (n), if given: what is the same for everybody within
    organisations gets no error and no p (see `withhold`). `first`: only so many coefficients are
    worked out, those of the first columns (each needs all teams against all). Columns: term,
    estimate, se, df, low, high, statistic, p, n, method, note.

    With every row its own cluster CR3 is HC3; here a mean of 1..5, where HC3 is 0.7906 (by hand:
    sqrt(sum e^2 / (1 - 1/5)^2) / 5).

    >>> cluster_ols([1, 2, 3, 4, 5], np.ones((5, 1)), range(5), "CR3")[["estimate", "se"]].round(4)
       estimate      se
    0       3.0  0.7906
    """
    need_choice("kind", kind, KINDS)
    data = complete(y, X, cluster)
    method, rows = f"OLS, {kind}, Satterthwaite df", len(data.y)
    problem = data.problem or (ONE_TEAM if data.groups[0].max() < 1 else "")
    if problem:
        return as_frame(
            missing_row(term=t, n=rows, method=method, note=problem) for t in data.names
        )
    wanted = len(data.names) if first is None else first
    parts = [each[:wanted] for each in _sandwich(data, kind, wanted)]
    found = as_frame(
        t_row(b, s, d, n=rows, method=method, note=ALONE if one else "", level=level, term=t)
        for t, b, s, d, one in zip(data.names[:wanted], *parts, strict=True)
    )
    return found if organisation is None else withhold(found, X, organisation)


def _sandwich(
    data: Design, kind: str, wanted: int | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients, standard errors, Satterthwaite df, and whether a single team decides them."""
    X, codes = data.X, data.groups[0]
    n, k = X.shape
    count = int(codes.max()) + 1
    bread = np.linalg.inv(X.T @ X)
    root = np.linalg.cholesky(bread)
    estimate = bread @ (X.T @ data.y)
    adjusted, decided = _adjusted(X, root, codes, count, kind)
    scores = group_sums(adjusted * (data.y - X @ estimate)[:, None], codes, count) @ bread
    factor = _factor(kind, count, n, k)
    se = np.sqrt(factor * (scores**2).sum(axis=0))
    df = np.array(
        [_satterthwaite(adjusted @ bread[:, j], X, bread, codes, count)
         for j in range(k if wanted is None else wanted)]
    )
    alone = np.diag(bread @ decided @ bread) > 1e-8 * np.diag(bread)
    none = alone | _exact(data.y, data.y - X @ estimate)
    return estimate, np.where(none, np.nan, se), df, alone


def _exact(y: np.ndarray, residual: np.ndarray) -> bool:
    """Whether nothing is left but what rounding leaves."""
    return bool(np.abs(residual).max() <= 1e-12 * np.abs(y).max())


def _adjusted(
    X: np.ndarray, root: np.ndarray, codes: np.ndarray, count: int, kind: str
) -> tuple[np.ndarray, np.ndarray]:
    """A_g X_g for every team, stacked in the order of the rows (n x k); what a team decides alone.

    The latter (k x k): the cross products of X in the directions in which a team's own rows
    determine the fit (leverage 1), so that its residuals there are 0 by construction.
    """
    power = {"CR2": -0.5, "CR3": -1.0}.get(kind, 0.0)
    unit = X @ root
    result, decided = np.empty_like(X), np.zeros((X.shape[1], X.shape[1]))
    for g in range(count):
        rows = codes == g
        U, s, _ = np.linalg.svd(unit[rows], full_matrices=False)
        left, inside = 1 - s**2, U.T @ X[rows]
        free = left > 1e-10
        decided += inside[~free].T @ inside[~free]
        if power:
            scale = np.where(free, np.maximum(left, 1e-300) ** power, 0.0)
            result[rows] = U @ (scale[:, None] * inside)
        else:
            result[rows] = X[rows]
    return result, decided


def _factor(kind: str, count: int, n: int, k: int) -> float:
    if kind == "CR1":
        return count / (count - 1)
    if kind == "CR1S":
        return count * (n - 1) / ((count - 1) * (n - k))
    return 1.0


def _satterthwaite(
    a: np.ndarray, X: np.ndarray, bread: np.ndarray, codes: np.ndarray, count: int
) -> float:
    """(tr P)^2 / tr(P P) with P_gh = a_g'(I - H)_gh a_h (G x G)."""
    B = group_sums(X * a[:, None], codes, count)
    P = np.diag(np.bincount(codes, weights=a**2, minlength=count)) - B @ bread @ B.T
    total = float((P**2).sum())
    return float(np.trace(P) ** 2 / total) if total > 0 else np.nan


def wild_cluster_p(
    y: Any,
    X: Any,
    cluster: Any,
    term: int | str,
    draws: int = 9999,
    seed: int = 1,
    organisation: Any = None,
) -> pd.DataFrame:
    """The wild cluster bootstrap test of one coefficient: one row with its p.

    `y` (n), `X` (n x k), `cluster` (n) as in `cluster_ols`. The null is imposed, the signs are
    Rademacher, the statistic is the cluster-robust t. Up to 16 teams all 2^G sign patterns are
    used, so p is exact and cannot go under 2/2^G (the pattern and its mirror image both reproduce
    the data); ties count. Under six teams that is above .05, and the note says so. Above 16 `draws`
    patterns from `seed`, the same in any order of the rows. `term`: a column of X by name or
    position. `organisation` (n): as in `cluster_ols`. Columns: term, estimate, statistic, p, n,
    method, note.

    Four teams: never under .125, however clear the difference.

    >>> y, X = [1, 1.1, 2, 2.2, 3, 3.1, 4, 4.3], np.ones((8, 1))
    >>> wild_cluster_p(y, X, [1, 1, 2, 2, 3, 3, 4, 4], 0)["p"].item()
    0.125
    """
    if draws < 1:
        raise StudyError(Problem("no draws", "give how many sign patterns to draw"))
    data = complete(y, X, cluster)
    place = data.names.index(term) if isinstance(term, str) and term in data.names else term
    if not isinstance(place, int) or not 0 <= place < len(data.names):
        what = f"term '{term}' does not exist"
        raise StudyError(Problem(what, f"choose one of {', '.join(data.names)}"))
    count = int(data.groups[0].max()) + 1 if len(data.y) else 0
    way = f"all 2^{count} sign patterns" if count <= ENUMERATED else f"{draws} draws, seed {seed}"
    keys: dict[str, Any] = {"term": data.names[place], "n": len(data.y)}
    keys["method"] = f"wild cluster bootstrap, null imposed, {way}"
    problem = data.problem or (ONE_TEAM if count < 2 else "") or _untestable(data, place)
    wanted = ["estimate", "statistic", "p", "n", "method", "note"]
    if problem:
        return as_frame([missing_row(note=problem, **keys)], wanted)
    table = np.column_stack([data.y, data.X])
    data = replace(data, groups=(ranked(data.groups[0], table),))
    signs = _all_signs(count) if count <= ENUMERATED else _some_signs(count, draws, seed)
    estimate, statistic, p = _wild(data, place, count, signs)
    note = f"{count} teams: p cannot go under {2 / 2**count:g}" if count < FEWEST_SIGNS else ""
    row = {**missing_row(note=note, **keys), "estimate": estimate, "statistic": statistic, "p": p}
    found = as_frame([row], wanted)
    return found if organisation is None else withhold(found, X, organisation)


def _untestable(data: Design, place: int) -> str:
    """Why no sign of a team can change anything: a perfect fit, or teams that decide alone."""
    _, _, _, alone = _sandwich(data, "CR0", 0)
    rest = data.y - data.X @ np.linalg.lstsq(data.X, data.y, rcond=None)[0]
    return EXACT if _exact(data.y, rest) else ALONE if alone[place] else ""


def _wild(data: Design, place: int, count: int, signs: np.ndarray) -> tuple[float, float, float]:
    X, y, codes = data.X, data.y, data.groups[0]
    bread = np.linalg.inv(X.T @ X)
    a = X @ bread[:, place]
    kept = np.delete(X, place, axis=1)
    null = y - kept @ np.linalg.lstsq(kept, y, rcond=None)[0] if kept.shape[1] else y
    aX = group_sums(X * a[:, None], codes, count)

    def spread(residual: np.ndarray) -> np.ndarray:
        """The matrix that turns team signs into team scores of the refitted model."""
        own = np.diag(np.bincount(codes, weights=a * residual, minlength=count))
        return own - aX @ bread @ group_sums(X * residual[:, None], codes, count).T

    shares = np.bincount(codes, weights=a * null, minlength=count)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(signs @ shares) / np.sqrt(((signs @ spread(null).T) ** 2).sum(axis=1))
        observed = a @ y / np.sqrt(((spread(null) @ np.ones(count)) ** 2).sum())
    p = float(np.mean(np.nan_to_num(t, nan=np.inf) >= abs(observed) * (1 - 1e-10)))
    scale = np.sqrt((count - 1) / count)
    return float(a @ y), float(observed * scale), p


def _all_signs(count: int) -> np.ndarray:
    patterns = np.arange(2**count)[:, None] >> np.arange(count) & 1
    return 1.0 - 2.0 * patterns


def _some_signs(count: int, draws: int, seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).choice([-1.0, 1.0], size=(draws, count))
    return np.vstack([np.ones(count), drawn])
