"""Correlations of items and scales, within and between teams, and whether items share anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.errors import Problem, StudyError
from lostudy.statistics.columns import number, numbers, with_numbers
from lostudy.statistics.estimates import (
    as_frame,
    interval_row,
    missing_row,
    need_choice,
    need_columns,
    t_probability,
    t_quantile,
)
from lostudy.statistics.reliability import covariances, problem_of

KINDS = ("pearson", "spearman")


def correlation_matrix(
    items: pd.DataFrame, kind: str = "pearson", missing: str = "pairwise"
) -> pd.DataFrame:
    """Correlations of the columns, k x k; missing where a column does not vary.

    `kind`: "pearson" or "spearman" (of ranks). `missing`: pairwise, as R's cor(use = "pairwise"),
    or listwise.

    >>> items = pd.DataFrame({"a": [1, 2, 3], "b": [1, 4, 9]})
    >>> correlation_matrix(items, "spearman").loc["a", "b"].item()
    1.0
    """
    need_choice("kind", kind, KINDS)
    data = numbers(items)
    data = data.dropna() if missing == "listwise" else data
    return data.corr(method="pearson") if kind == "pearson" else data.corr(method="spearman")


def correlation_interval(one: Any, two: Any, level: float = 0.95) -> pd.DataFrame:
    """Pearson's correlation of two columns with Fisher's z interval and t test: one row.

    For independent persons: with teams the interval is too narrow (see `within_between`). Rows with
    a missing value are left out. Columns: estimate, df, low, high, statistic, p, n, method, note.

    r = .5 of 28 persons: z = .5493, se = .2 (Fisher 1915).

    >>> x, e = np.cos(np.arange(28) * np.pi / 14), np.sin(np.arange(28) * np.pi / 14)
    >>> correlation_interval(x, .5 * x + np.sqrt(.75) * e)[["low", "high"]].round(3).values.tolist()
    [[0.156, 0.736]]
    """
    x, y = number(one, "one"), number(two, "two")
    if len(x) != len(y):
        raise StudyError(Problem("the columns differ in length", "give one value per person each"))
    pair = pd.DataFrame({"one": x, "two": y}).dropna()
    n, method = len(pair), "Pearson correlation, Fisher z interval"
    columns = ["estimate", "df", "low", "high", "statistic", "p"]
    if n < 4 or min(pair.var()) <= 1e-14:
        note = "fewer than four persons" if n < 4 else "no variation"
        return as_frame([missing_row(n=n, method=method, note=note)], columns)
    r = float(pair.corr().to_numpy()[0, 1])
    half = t_quantile(level, np.inf) / np.sqrt(n - 3)
    z = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    row = interval_row(r, np.tanh(z - half), np.tanh(z + half), n=n, method=method)
    t = r * np.sqrt((n - 2) / max(1 - r**2, 1e-300))
    test = {"df": n - 2, "statistic": t, "p": t_probability(t, n - 2)}
    return as_frame([{**row, **test}], columns)


def within_between(frame: pd.DataFrame, values: list[str], team: str) -> pd.DataFrame:
    """How scales go together among colleagues, and among teams: a row per pair and level.

    `values`: columns of scores. "within": of deviations from the team's mean; "between": of team
    means, each counted as often as the team has members (Pedhazur 1997; R: psych, statsBy).
    `share`: eta, the correlation of each with the whole, which says how much of the first scale
    lies at that level. Complete rows. No p: see `within_team_association` for a test. Columns: one,
    two, level, estimate, share, n, method, note.

    >>> data = pd.DataFrame({"a": [1., 2, 5, 6], "b": [2., 1, 5, 6], "t": list("xxyy")})
    >>> within_between(data, ["a", "b"], "t")["estimate"].round(3).tolist()
    [0.0, 1.0]
    """
    need_columns(frame, [*values, team])
    known = with_numbers(frame, values)[[*values, team]].dropna()
    data = known[values]
    means = data.groupby(known[team].to_numpy()).transform("mean")
    parts = {"within": data - means, "between": means}
    rows = []
    for j, two in enumerate(values):
        for one in values[:j]:
            for level, part in parts.items():
                row = missing_row(
                    n=len(known), method=f"correlation {level} teams", note="", one=one, two=two,
                    level=level, share=_eta(part[one], data[one]),
                )  # fmt: skip
                if len(part) > 2 and min(part[[one, two]].var()) > 1e-14:
                    row["estimate"] = float(part[[one, two]].corr().to_numpy()[0, 1])
                else:
                    row["note"] = f"no variation {level} teams"
                rows.append(row)
    return as_frame(rows, ["estimate"])


def _eta(part: pd.Series, whole: pd.Series) -> float:
    total = float(((whole - whole.mean()) ** 2).sum())
    return float(np.sqrt(((part - part.mean()) ** 2).sum() / total)) if total > 0 else np.nan


def sampling_adequacy(items: pd.DataFrame, missing: str = "pairwise") -> pd.DataFrame:
    """Kaiser's measure of sampling adequacy (KMO), over all and per item.

    Squared correlations over themselves plus squared partial correlations (Kaiser & Rice 1974): low
    where an item shares little with the others together. Columns: item ("all" first), estimate, n,
    method, note.

    Four items whose every correlation is .5: with the other two held fixed .25 is left, and
    .25 / (.25 + .0625) = .8.

    >>> from scipy.linalg import hadamard
    >>> items = pd.DataFrame(hadamard(8)[:, [1]] + hadamard(8)[:, 2:6], columns=list("abcd"))
    >>> sampling_adequacy(items)["estimate"].round(6).tolist()
    [0.8, 0.8, 0.8, 0.8, 0.8]
    """
    R, n, note = _correlations(items, missing)
    names, method = ["all", *map(str, items.columns)], f"Kaiser-Meyer-Olkin, {missing}"
    if note:
        return as_frame(
            [missing_row(n=n, method=method, note=note, item=name) for name in names], ["estimate"]
        )
    inverse = np.linalg.inv(R)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    r, q = R**2, partial**2
    np.fill_diagonal(r, 0)
    np.fill_diagonal(q, 0)
    values = [r.sum() / (r.sum() + q.sum()), *(r.sum(axis=0) / (r.sum(axis=0) + q.sum(axis=0)))]
    return as_frame(
        [
            {**missing_row(n=n, method=method, note="", item=name), "estimate": float(value)}
            for name, value in zip(names, values, strict=True)
        ],
        ["estimate"],
    )


def sphericity(items: pd.DataFrame, missing: str = "pairwise") -> pd.DataFrame:
    """Bartlett's (1951) test that the items have nothing in common: one row.

    -(n - 1 - (2k + 5)/6) log|R| as chi-square with k(k - 1)/2 df. Nearly always refused; it says
    nothing of how many factors there are. Columns: estimate (chi-square), df, p, n, method, note.

    Four items whose every correlation is .5 in eight answers: |R| = .5^3 x 2.5 = .3125, and
    (7 - 13/6) x 1.163 = 5.622.

    >>> from scipy.linalg import hadamard
    >>> items = pd.DataFrame(hadamard(8)[:, [1]] + hadamard(8)[:, 2:6], columns=list("abcd"))
    >>> sphericity(items)[["estimate", "df"]].round(3).values.tolist()
    [[5.622, 6.0]]
    """
    R, n, note = _correlations(items, missing)
    row = missing_row(n=n, method=f"Bartlett's test of sphericity, {missing}", note=note)
    if not note:
        k = len(R)
        value = -(n - 1 - (2 * k + 5) / 6) * float(np.linalg.slogdet(R)[1])
        df = k * (k - 1) / 2
        row.update(estimate=value, df=df, p=float(special.chdtrc(df, value)))
    return as_frame([row], ["estimate", "df", "p"])


def _correlations(items: pd.DataFrame, missing: str) -> tuple[np.ndarray, int, str]:
    C, n = covariances(items, missing)
    note = problem_of(C, n, items.columns)
    if note and note != "no variation in the sum":
        return C, n, note
    sd = np.sqrt(np.diag(C))
    R = C / np.outer(sd, sd)
    singular = np.linalg.eigvalsh(R).min() < 1e-10
    return R, n, "an item is a combination of the others" if singular else ""
