"""Errors of weighted means that know the design, beside closed forms and repeated sampling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statistics_data import seeded

from lostudy.statistics.robust import cluster_ols
from lostudy.statistics.survey_design import (
    SurveyDesign,
    design_mean,
    design_total,
    jackknife_mean,
)
from lostudy.statistics.weights import rake


def staff(words: str, teams: int = 60, size: int = 10) -> pd.DataFrame:
    """A whole staff: teams, a role in each person, an outcome that leans on both."""
    draw = seeded(words)
    team = np.repeat(np.arange(teams), size)
    lead = draw.random(teams * size) < 0.3
    y = 3 + 0.5 * draw.normal(size=teams)[team] + 1.0 * lead + draw.normal(size=teams * size)
    role = np.where(lead, "lead", "care")
    return pd.DataFrame({"y": y, "team": team, "role": role, "site": team % 3, "w": 1.0})


def test_equal_weights_are_the_ordinary_mean() -> None:
    frame = staff("ordinary")
    row = design_mean(frame, "y", SurveyDesign("w")).iloc[0]
    assert row["estimate"] == pytest.approx(frame["y"].mean())
    assert row["se"] == pytest.approx(frame["y"].sem())
    assert row["effect"] == pytest.approx(1) and row["df"] == len(frame) - 1


def test_clusters_have_the_error_of_cluster_robust_regression() -> None:
    frame = staff("clusters")
    row = design_mean(frame, "y", SurveyDesign("w", "team")).iloc[0]
    theirs = cluster_ols(frame["y"], np.ones((len(frame), 1)), frame["team"], "CR1")["se"].item()
    assert row["se"] == pytest.approx(theirs) and row["df"] == 59
    assert row["effect"] > 2


def test_strata_take_their_differences_out_of_the_error() -> None:
    frame = staff("strata").assign(y=lambda d: d["y"] + 3 * d["site"])
    plain = design_mean(frame, "y", SurveyDesign("w")).iloc[0]
    apart = design_mean(frame, "y", SurveyDesign("w", strata="site")).iloc[0]
    each = [part["y"].var() / len(part) / 9 for _, part in frame.groupby("site")]
    assert apart["se"] == pytest.approx(np.sqrt(sum(each)))
    assert apart["se"] < plain["se"] / 2 and apart["df"] == len(frame) - 3


def test_who_all_answered_has_no_sampling_error() -> None:
    frame = staff("everybody").assign(all=600)
    row = design_mean(frame, "y", SurveyDesign("w", population="all")).iloc[0]
    assert np.isnan(row["se"]) and row["note"].startswith("no sampling error: everybody answered")
    half = design_mean(frame.assign(all=1200), "y", SurveyDesign("w", population="all"))["se"]
    assert half.item() == pytest.approx(frame["y"].sem() * np.sqrt(0.5))


def test_margins_that_explain_the_outcome_make_the_mean_surer_as_often_as_it_says() -> None:
    whole = staff("margins")
    counts = {"role": whole["role"].value_counts().to_dict()}
    means, said, plain = [], [], []
    for seed in range(150):
        part = whole.sample(150, random_state=seed)
        part = part.assign(weight=rake(part, counts), flat=4.0)
        row = design_mean(part, "y", SurveyDesign("weight", margins=("role",))).iloc[0]
        means.append(row["estimate"])
        said.append(row["se"])
        plain.append(design_mean(part, "y", SurveyDesign("flat"))["se"].item())
    found = np.std(means, ddof=1) / np.sqrt(1 - 150 / 600)
    assert np.mean(said) == pytest.approx(found, rel=0.15)
    assert np.mean(said) < 0.97 * np.mean(plain)


def test_the_jackknife_agrees_with_linearisation() -> None:
    frame = staff("jackknife")
    counts = {"role": {"care": 700, "lead": 500}}
    design = SurveyDesign("weight", "team", margins=("role",))
    raked = frame.assign(weight=rake(frame, counts))
    linear = design_mean(raked, "y", design).iloc[0]
    again = jackknife_mean(frame, "y", lambda rows: rake(rows, counts), "team").iloc[0]
    assert again["estimate"] == pytest.approx(linear["estimate"])
    assert again["se"] == pytest.approx(linear["se"], rel=0.05)
    finite = jackknife_mean(frame, "y", lambda rows: np.ones(len(rows)), "team", population=120)
    open_ended = jackknife_mean(frame, "y", lambda rows: np.ones(len(rows)), "team")
    assert finite["se"].item() == pytest.approx(open_ended["se"].item() * np.sqrt(0.5))


def test_a_total_is_the_mean_times_the_staff() -> None:
    frame = staff("total").assign(w=2.0)
    mean, total = (function(frame, "y", SurveyDesign("w")).iloc[0]
                   for function in (design_mean, design_total))  # fmt: skip
    assert total["estimate"] == pytest.approx(1200 * mean["estimate"])
    assert total["se"] == pytest.approx(1200 * mean["se"], rel=0.2) or total["se"] > 0


def test_who_did_not_answer_still_counts_in_the_design() -> None:
    frame = staff("silent")
    frame.loc[::4, "y"] = np.nan
    row = design_mean(frame, "y", SurveyDesign("w", "team")).iloc[0]
    assert row["n"] == frame["y"].notna().sum() and row["df"] == 59
    assert row["estimate"] == pytest.approx(frame["y"].mean())


@pytest.mark.parametrize(
    ("change", "note"),
    [(lambda d: d.iloc[:1], "fewer than two answers"),
     (lambda d: d.assign(w=0.0), "a weight is not above 0"),
     (lambda d: d.assign(team=1), "one cluster")],
)  # fmt: skip
def test_bad_input_gives_a_reason(change: object, note: str) -> None:
    frame, design = change(staff("bad")), SurveyDesign("w", "team")  # type: ignore[operator]
    for function in (design_mean, design_total):
        row = function(frame, "y", design).iloc[0]
        assert row["note"] == note and np.isnan(row["estimate"])


def test_a_stratum_with_one_cluster_has_no_interval() -> None:
    frame = staff("lonely")
    frame.loc[frame["team"] == 0, "site"] = 9
    row = design_mean(frame, "y", SurveyDesign("w", "team", "site")).iloc[0]
    assert np.isfinite(row["estimate"]) and np.isnan(row["se"])
    assert row["note"] == "a stratum with one cluster: no interval"
