"""Cluster-robust errors and the wild cluster bootstrap."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from statistics_data import seeded, simulated

from lostudy.errors import LostudyError
from lostudy.statistics.design import SINGULAR
from lostudy.statistics.estimates import TOO_FEW_TEAMS
from lostudy.statistics.mixed import fit_mixed
from lostudy.statistics.robust import ALONE, EXACT, KINDS, ONE_TEAM, cluster_ols, wild_cluster_p
from lostudy.statistics.slopes import fit_slopes


def example(words: str, teams: int = 5, size: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = seeded(words)
    codes = np.repeat(np.arange(teams), size)
    X = np.column_stack([np.ones(teams * size), draw.normal(size=teams * size)])
    y = X @ [1.0, 0.3] + draw.normal(size=teams)[codes] + draw.normal(size=teams * size)
    return y, X, codes


def dense(y: np.ndarray, X: np.ndarray, codes: np.ndarray, power: float) -> tuple:
    """CR errors and Satterthwaite df written out with n x n matrices."""
    n = len(y)
    bread = np.linalg.inv(X.T @ X)
    rest = np.eye(n) - X @ bread @ X.T
    e = rest @ y
    adjusted = {}
    for g in np.unique(codes):
        rows = codes == g
        values, vectors = np.linalg.eigh(rest[np.ix_(rows, rows)])
        scale = np.where(values > 1e-10, np.maximum(values, 1e-300) ** power, 0)
        adjusted[g] = vectors @ np.diag(scale) @ vectors.T
    meat = sum(
        np.outer(s, s) for g, A in adjusted.items() for s in [X[codes == g].T @ A @ e[codes == g]]
    )
    se = np.sqrt(np.diag(bread @ meat @ bread))
    df = []
    for j in range(X.shape[1]):
        P = np.column_stack(
            [rest[:, codes == g] @ A @ X[codes == g] @ bread[:, j] for g, A in adjusted.items()]
        )
        inner = P.T @ P
        df.append(np.trace(inner) ** 2 / (inner**2).sum())
    return se, np.array(df)


@pytest.mark.parametrize(("kind", "power"), [("CR0", 0.0), ("CR2", -0.5), ("CR3", -1.0)])
@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_equals_the_formula_written_out(kind: str, power: float, seed: str) -> None:
    y, X, codes = example(seed)
    ours = cluster_ols(y, X, codes, kind)
    se, df = dense(y, X, codes, power)
    np.testing.assert_allclose(ours["se"], se, rtol=1e-9)
    np.testing.assert_allclose(ours["df"], df, rtol=1e-9)


def test_teams_that_a_dummy_absorbs_do_not_crash() -> None:
    y, X, codes = example("absorbed")
    X = np.column_stack([X, codes == 0])
    ours = cluster_ols(y, X, codes, "CR2")
    assert np.isfinite(ours["estimate"]).all()
    se, df = dense(y, X, codes, -0.5)
    np.testing.assert_allclose(ours["se"].iloc[:2], se[:2], rtol=1e-8)
    np.testing.assert_allclose(ours["df"].iloc[:2], df[:2], rtol=1e-8)


def test_cr2_is_unbiased_under_independence() -> None:
    """The point of Bell and McCaffrey: with iid errors the expected variance is the true one."""
    _, X, codes = example("design")
    draw = seeded("errors")
    found = [cluster_ols(draw.normal(size=20), X, codes, "CR2")["se"] ** 2 for _ in range(400)]
    truth = np.diag(np.linalg.inv(X.T @ X))
    np.testing.assert_allclose(np.mean(found, axis=0), truth, rtol=0.12)


def test_kinds_are_ordered_from_small_to_large() -> None:
    y, X, codes = example("order")
    se = {kind: cluster_ols(y, X, codes, kind)["se"].iloc[1] for kind in KINDS}
    assert se["CR0"] < se["CR1"] < se["CR1S"]
    assert se["CR0"] < se["CR2"] < se["CR3"]


def test_few_teams_are_noted() -> None:
    y, X, codes = example("few", teams=3)
    assert (cluster_ols(y, X, codes)["note"] == TOO_FEW_TEAMS).all()


@pytest.mark.parametrize(
    ("y", "X", "cluster", "note"),
    [([1, 2, 3], np.ones((3, 1)), [1, 1, 1], ONE_TEAM),
     ([1, 2, 3, 5], np.ones((4, 2)), [1, 1, 2, 2], SINGULAR),
     ([np.nan] * 3, np.ones((3, 1)), [1, 2, 3], "no complete rows"),
     ([1, 2], np.eye(2), [1, 2], "no more rows than coefficients"),
     ([2, 2, 2, 2], np.ones((4, 1)), [1, 1, 2, 2], "no variation: no interval")],
)  # fmt: skip
def test_bad_input_gives_a_reason(y: list, X: np.ndarray, cluster: list, note: str) -> None:
    rows = cluster_ols(y, X, cluster)
    assert rows["note"].unique().tolist() == [note]
    assert rows["se"].isna().all() and rows["p"].isna().all()


def test_programming_mistakes_are_told() -> None:
    with pytest.raises(LostudyError, match="kind 'HC9' does not exist"):
        cluster_ols([1, 2], np.ones((2, 1)), [1, 2], "HC9")
    with pytest.raises(LostudyError, match="y has 2 rows and X 3"):
        cluster_ols([1, 2], np.ones((3, 1)), [1, 2, 3])
    with pytest.raises(LostudyError, match="a grouping and the rows differ in length"):
        cluster_ols([1, 2], np.ones((2, 1)), [1])


def enumerated(y: np.ndarray, X: np.ndarray, codes: np.ndarray, j: int) -> float:
    """The wild cluster bootstrap by refitting the model for every pattern of signs."""

    def t(outcome: np.ndarray) -> float:
        return float(cluster_ols(outcome, X, codes, "CR0")["statistic"].iloc[j])

    kept = np.delete(X, j, axis=1)
    fitted = kept @ np.linalg.lstsq(kept, y, rcond=None)[0]
    patterns = itertools.product([1, -1], repeat=int(codes.max()) + 1)
    drawn = [abs(t(fitted + (y - fitted) * np.array(signs)[codes])) for signs in patterns]
    return float(np.mean(np.array(drawn) >= abs(t(y)) * (1 - 1e-9)))


@pytest.mark.parametrize("seed", ["red", "green", "blue"])
@pytest.mark.parametrize("j", [0, 1])
def test_the_bootstrap_equals_refitting_every_pattern(seed: str, j: int) -> None:
    y, X, codes = example(seed)
    assert wild_cluster_p(y, X, codes, j)["p"].item() == pytest.approx(enumerated(y, X, codes, j))


def test_four_teams_never_go_under_an_eighth() -> None:
    """Never 0.000, as packages that count with < report: 2 of 16 patterns give the data back."""
    y, X, codes = example("four", teams=4)
    y = y + 100 * X[:, 1]
    row = wild_cluster_p(y, X, codes, 1).iloc[0]
    assert row["p"] == pytest.approx(2 / 16)
    assert row["method"].endswith("all 2^4 sign patterns")


def test_many_teams_are_sampled_and_it_is_said() -> None:
    y, X, codes = example("many", teams=20, size=3)
    row = wild_cluster_p(y, X, codes, "b1", draws=499, seed=3).iloc[0]
    assert row["method"].endswith("499 draws, seed 3")
    assert 1 / 500 <= row["p"] <= 1


def test_the_bootstrap_refuses_what_it_cannot_do() -> None:
    assert wild_cluster_p([1, 2, 3], np.ones((3, 1)), [1, 1, 1], 0)["note"].item() == ONE_TEAM
    with pytest.raises(LostudyError, match="term 'z' does not exist"):
        wild_cluster_p([1, 2, 3], np.ones((3, 1)), [1, 1, 2], "z")


def test_names_of_teams_and_the_order_of_rows_do_not_matter() -> None:
    y, X, codes = example("shuffle")
    order = seeded("the order").permutation(len(y))
    names = np.array(["x", "q", "m", "a", "z"])[codes]
    first = cluster_ols(y, X, codes).drop(columns=["term", "method", "note"])
    second = cluster_ols(y[order], X[order], names[order]).drop(columns=["term", "method", "note"])
    np.testing.assert_allclose(first.to_numpy(float), second.to_numpy(float), rtol=1e-8)


def test_a_frame_keeps_its_names() -> None:
    y, X, codes = example("names")
    frame = pd.DataFrame(X, columns=["one", "leading"])
    assert cluster_ols(y, frame, codes)["term"].tolist() == ["one", "leading"]


def test_a_coefficient_that_one_team_decides_has_an_estimate_and_no_error() -> None:
    """Its residuals are 0 whatever the answers, so they say nothing of how teams differ."""
    draw = seeded("one team per organisation")
    site = np.repeat(["A", "B", "C"], 12)
    teams = np.where(site == "C", "c", np.char.add(site, np.tile(np.repeat(["1", "2", "3"], 4), 3)))
    X = pd.DataFrame({name: (site == name) * 1.0 for name in "ABC"})
    for kind in KINDS:
        rows = cluster_ols(draw.normal(size=36), X, teams, kind)
        assert rows["estimate"].notna().all()
        assert rows["se"].notna().tolist() == [True, True, False]
        assert rows["note"].tolist()[2] == ALONE
        assert cluster_ols(draw.normal(size=36), X, site, kind)["se"].isna().all()


def test_what_varies_within_a_team_keeps_its_error_beside_a_mark_of_the_team() -> None:
    """Fixed effects of teams (leverage 1 as well) leave the slope within teams testable."""
    y, X, codes = example("marks of teams", teams=5, size=4)
    marks = np.column_stack([X[:, 1], *(codes == g for g in range(5))]).astype(float)
    inside = X[:, 1] - np.array([X[codes == g, 1].mean() for g in codes])
    rows = cluster_ols(y, marks, codes, "CR0")
    centred = y - np.array([y[codes == g].mean() for g in codes])
    rest = centred - inside * (inside @ centred) / (inside @ inside)
    scores = np.array([(inside * rest)[codes == g].sum() for g in range(5)])
    by_hand = np.sqrt((scores**2).sum()) / (inside @ inside)
    assert rows["se"][0] == pytest.approx(by_hand, rel=1e-9)
    assert rows["se"][1:].isna().all()


def test_a_perfect_fit_or_a_single_team_leaves_the_bootstrap_without_a_p() -> None:
    y, X, codes = example("constant outcome", teams=8)
    for constant in (np.full(len(y), 3.0), 3 + 0.5 * X[:, 1], np.zeros(len(y))):
        row = wild_cluster_p(constant, X, codes, 1).iloc[0]
        assert np.isnan(row["p"]) and row["note"] == EXACT
    mark = np.column_stack([np.ones(len(y)), codes == 3]).astype(float)
    row = wild_cluster_p(y, mark, codes, 1).iloc[0]
    assert np.isnan(row["p"]) and row["note"] == ALONE
    with pytest.raises(LostudyError, match="no draws"):
        wild_cluster_p(y, X, codes, 1, draws=0)


@pytest.mark.parametrize(("teams", "note"), [(4, "0.125"), (5, "0.0625"), (6, "")])
def test_few_teams_say_how_small_a_p_can_be(teams: int, note: str) -> None:
    y, X, codes = example("few teams", teams=teams)
    row = wild_cluster_p(y, X, codes, 1).iloc[0]
    assert row["p"] >= 2 / 2**teams
    assert row["note"].endswith(note) and bool(row["note"]) == bool(note)


def test_the_order_of_rows_and_the_names_of_teams_draw_no_other_signs() -> None:
    y, X, codes = example("order", teams=20, size=3)
    before = wild_cluster_p(y, X, codes, 1, draws=199)["p"].item()
    order = seeded("another order").permutation(len(y))
    assert wild_cluster_p(y[order], X[order], codes[order], 1, draws=199)["p"].item() == before
    assert wild_cluster_p(y, X, 19 - codes, 1, draws=199)["p"].item() == before


def test_labels_with_an_index_of_their_own_are_aligned_or_refused() -> None:
    y, X, codes = example("aligned")
    frame = pd.DataFrame(X, columns=["one", "x"])
    plain = cluster_ols(y, frame, codes)
    turned = pd.Series(codes, index=frame.index)[::-1]
    pd.testing.assert_frame_equal(cluster_ols(y, frame, turned), plain)
    outcome = pd.Series(y, index=frame.index)[::-1]
    pd.testing.assert_frame_equal(cluster_ols(outcome, frame, codes), plain)
    with pytest.raises(LostudyError, match="different indexes"):
        cluster_ols(y, frame, turned.add_prefix("other "))


def test_a_programme_of_two_organisations_at_one_wave_is_not_tested() -> None:
    """Two of four organisations start at the second wave: four changes, not hundreds of persons."""
    study = simulated("programme", teams=4, persons=5)
    site, wave = study["organisation"], study["wave"].astype(float)
    X = pd.DataFrame({name: (site == name) * 1.0 for name in "ABCD"}).assign(wave=wave)
    programme = X.assign(programme=site.isin(["A", "B"]) * wave)
    single = X.assign(programme=(site == "A") * wave)
    team = site + study["team"]
    others = X.assign(programme=seeded("within").integers(0, 2, len(study)) * 1.0)
    for table, tested in ((programme, False), (single, True), (others, True)):
        rows = [
            cluster_ols(study["score"], table, team, organisation=site).iloc[-1],
            fit_mixed(study["score"], table, team, organisation=site).fixed.iloc[-1],
            fit_slopes(study["score"], table.assign(one=1.0).drop(columns="A"), team, ["one"],
                       organisation=site).fixed.set_index("term").loc["programme"],
            wild_cluster_p(study["score"], table, team, "programme", organisation=site).iloc[0],
        ]  # fmt: skip
        for row in rows:
            assert np.isfinite(row["estimate"])
            assert bool(np.isfinite(row["p"])) is tested, row["method"]
            assert ("support no test" in row["note"]) is not tested
        level = cluster_ols(study["score"], table, team, organisation=site).set_index("term")
        assert np.isfinite(level.loc["wave", "p"])


@pytest.mark.parametrize("first", [1, 2])
def test_the_first_coefficients_alone_are_those_of_all(first: int) -> None:
    y, X, codes = example("first")
    whole = cluster_ols(y, X, codes)
    part = cluster_ols(y, X, codes, first=first)
    pd.testing.assert_frame_equal(part, whole.iloc[:first], check_dtype=False)
