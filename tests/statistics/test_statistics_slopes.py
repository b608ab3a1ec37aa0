"""Teams that differ in their change, and teams whose members come to agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statistics_data import seeded

from lostudy.errors import LostudyError
from lostudy.statistics.consensus import consensus_emergence
from lostudy.statistics.explained import variance_explained
from lostudy.statistics.mixed import fit_mixed
from lostudy.statistics.slopes import fit_slopes, slope_test


def lines(words: str, teams: int = 40, size: int = 12, slope_sd: float = 0.5) -> pd.DataFrame:
    """A row per answer: each team with a level and a slope of its own on x."""
    draw = seeded(words)
    team = np.repeat(np.arange(teams), size)
    x = draw.normal(size=teams * size)
    level, slope = draw.normal(0, 0.7, teams), draw.normal(0, slope_sd, teams)
    y = 1 + level[team] + (0.4 + slope[team]) * x + draw.normal(size=teams * size)
    return pd.DataFrame({"y": y, "one": 1.0, "x": x, "team": team})


def fitted(frame: pd.DataFrame, random: list[str] | None = None, **more: str):
    random = random or ["one", "x"]
    return fit_slopes(frame["y"], frame[["one", "x"]], frame["team"], random, **more)


def test_variances_and_slope_are_recovered() -> None:
    fit = fitted(lines("recovered", teams=400))
    parts = fit.variance.set_index("component")["estimate"]
    assert parts["one"] == pytest.approx(0.49, abs=0.08)
    assert parts["x"] == pytest.approx(0.25, abs=0.05)
    assert parts["one x x"] == pytest.approx(0, abs=0.05)
    assert parts["residual"] == pytest.approx(1, abs=0.05)
    assert fit.fixed["estimate"].iloc[1] == pytest.approx(0.4, abs=0.06)


def test_with_a_random_level_only_it_is_the_random_intercept_model() -> None:
    frame = lines("level only", slope_sd=0.0)
    for method in ("REML", "ML"):
        ours = fitted(frame, ["one"], method=method)
        known = fit_mixed(frame["y"], frame[["one", "x"]], frame["team"], method=method)
        assert ours.loglik == pytest.approx(known.loglik, abs=1e-6)
        np.testing.assert_allclose(ours.variance["estimate"], known.variance["estimate"], atol=1e-5)
        for column in ("estimate", "se", "df"):
            np.testing.assert_allclose(ours.fixed[column], known.fixed[column], rtol=1e-3)


def test_ignoring_slopes_that_differ_makes_an_effect_look_sure() -> None:
    """Size at 5% of a slope that is 0 on average, while teams differ."""
    refused = {"random slope": 0, "random level": 0}
    for seed in range(40):
        frame = lines(f"sure {seed}", teams=12, size=20)
        frame["y"] -= 0.4 * frame["x"]
        refused["random slope"] += int(fitted(frame).fixed["p"].iloc[1] < 0.05)
        plain = fit_mixed(frame["y"], frame[["one", "x"]], frame["team"])
        refused["random level"] += int(plain.fixed["p"].iloc[1] < 0.05)
    assert refused["random slope"] / 40 < 0.16
    assert refused["random level"] / 40 > 0.2


def test_the_slope_test_finds_differing_slopes_and_halves_p_at_the_edge() -> None:
    frame = lines("test")
    small = fit_mixed(frame["y"], frame[["one", "x"]], frame["team"])
    row = slope_test(small, fitted(frame)).iloc[0]
    assert row["df"] == 2 and row["p"] < 1e-6
    tails = [stats.chi2.sf(row["estimate"], df) for df in (1, 2)]
    assert row["p"] == pytest.approx(np.mean(tails)) and row["p_naive"] == pytest.approx(tails[1])


def test_no_difference_between_slopes_is_at_the_edge_and_said() -> None:
    notes = set()
    for seed in range(6):
        notes |= set(fitted(lines(f"edge {seed}", teams=8, slope_sd=0.0)).variance["note"])
    assert "a variance or correlation at its edge" in notes


@pytest.mark.parametrize(
    ("change", "note"),
    [(lambda f: f[f["team"] < 2], "too few teams for these slopes"),
     (lambda f: f.assign(x=1.0), "singular: the columns of the design are not independent"),
     (lambda f: f.assign(y=f["x"]), "perfect fit: no residual variance"),
     (lambda f: f.iloc[:0], "no complete rows")],
)  # fmt: skip
def test_bad_input_gives_a_fit_without_numbers(change: object, note: str) -> None:
    fit = fitted(change(lines("bad")))  # type: ignore[operator]
    assert fit.note == note and fit.fixed["estimate"].isna().all()
    assert set(fit.variance["note"]) == {note}
    assert slope_test(fit, fit)["note"].item() == note


def test_mistakes_are_told() -> None:
    with pytest.raises(LostudyError, match="column 'wave' does not exist"):
        fitted(lines("m"), ["one", "wave"])
    with pytest.raises(LostudyError, match="method 'GLS' does not exist"):
        fitted(lines("m"), method="GLS")


def agreeing(words: str, delta: float, teams: int = 25, size: int = 6) -> pd.DataFrame:
    draw = seeded(words)
    rows = []
    for t in range(teams):
        level, slope = draw.normal(3, 0.4), draw.normal(0.1, 0.1)
        for p in range(size):
            own = draw.normal(0, 0.3)
            for wave in range(3):
                noise = draw.normal(0, 0.6 * np.exp(delta * wave))
                rows.append((f"t{t}", f"t{t}p{p}", wave, level + slope * wave + own + noise))
    return pd.DataFrame(rows, columns=["team", "person", "wave", "y"])


@pytest.mark.parametrize("delta", [-0.3, 0.0, 0.2])
def test_growing_agreement_is_recovered(delta: float) -> None:
    rows = consensus_emergence(agreeing("agree", delta), "y", "wave", "team", "person")
    found = rows.set_index("term")
    assert found.loc["spread", "estimate"] == pytest.approx(delta, abs=0.12)
    assert found.loc["change", "estimate"] == pytest.approx(0.1, abs=0.1)
    assert (found.loc["spread", "p"] < 0.05) == (delta != 0)


def test_only_one_time_or_two_teams_say_why_not() -> None:
    frame = agreeing("few", 0.0, teams=4)
    asked = ("y", "wave", "team", "person")
    for change, note in (
        (frame[frame["wave"] == 0], "one time: nothing can shrink"),
        (frame[frame["team"].isin(["t0", "t1"])], "fewer than three teams"),
        (frame.assign(y=3.0), "no variation within teams"),
    ):
        assert set(consensus_emergence(change, *asked)["note"]) == {note}


def test_variance_explained_by_hand() -> None:
    frame = lines("explained", teams=3000, slope_sd=0.0)
    fit = fit_mixed(frame["y"], frame[["one", "x"]], frame["team"])
    marginal, conditional = variance_explained(fit)["estimate"]
    assert marginal == pytest.approx(0.16 / (0.16 + 0.49 + 1), abs=0.02)
    assert conditional == pytest.approx((0.16 + 0.49) / (0.16 + 0.49 + 1), abs=0.03)
    nothing = fit_mixed(frame["y"], frame[["one"]], ["one team"] * len(frame))
    assert variance_explained(nothing)["estimate"].isna().all()


def longitudinal(words: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Twelve teams on eight days, each with a level and a change of its own."""
    draw = seeded(words)
    team, day = np.repeat(range(12), 8), np.tile(np.arange(8.0), 12)
    level, change = draw.normal(250, 25, 12), draw.normal(10, 6, 12)
    return level[team] + change[team] * day + draw.normal(0, 20, 96), day, team


@pytest.mark.parametrize("y_unit", [1e-3, 1.0, 1e6])
@pytest.mark.parametrize("x_unit", [1e-6, 1.0, 365.0, 1e9])
@pytest.mark.parametrize("origin", [0.0, 100.0, 2000.0])
def test_balanced_teams_give_the_t_test_of_their_own_slopes_in_any_unit(
    y_unit: float, x_unit: float, origin: float
) -> None:
    """With equal days per team the slope is the mean of 12 least-squares slopes, with 11 df."""
    y, day, team = longitudinal("units")
    own = np.array([np.polyfit(day[team == t], y[team == t], 1)[0] for t in range(12)])
    x = x_unit * (day + origin)
    X = pd.DataFrame({"one": 1.0, "x": x})
    fit = fit_slopes(y_unit * (y + 1e4), X, team, ["one", "x"])
    row = fit.fixed.iloc[1]
    scale = x_unit / y_unit
    assert row["estimate"] * scale == pytest.approx(own.mean(), rel=1e-6)
    assert row["se"] * scale == pytest.approx(own.std(ddof=1) / np.sqrt(12), rel=1e-4)
    assert row["df"] == pytest.approx(11, rel=1e-3)
    plain = fit_slopes(y, X.assign(x=day), team, ["one", "x"])
    turned = plain.loglik - 94 * np.log(y_unit) - np.log(x_unit)
    assert fit.loglik == pytest.approx(turned, abs=1e-4)
    parts = fit.variance.set_index("component")["estimate"]
    before = plain.variance.set_index("component")["estimate"]
    assert parts["x"] * scale**2 == pytest.approx(before["x"], rel=1e-3)
    assert parts["residual"] == pytest.approx(before["residual"] * y_unit**2, rel=1e-4)
