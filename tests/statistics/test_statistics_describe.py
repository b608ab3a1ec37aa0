"""Means with intervals and answer distributions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lostudy.errors import LostudyError
from lostudy.statistics.describe import T_INTERVAL, TEAM_INTERVAL, frequencies, groups_of, mean_by
from lostudy.statistics.estimates import TOO_FEW_TEAMS


def test_without_teams_the_interval_is_that_of_the_t_test(study: pd.DataFrame) -> None:
    rows = mean_by(study, "score", "organisation")
    for name, part in study.groupby("organisation"):
        theirs = stats.ttest_1samp(part["score"], 0).confidence_interval()
        ours = rows[rows["organisation"] == name].iloc[0]
        assert ours["low"] == pytest.approx(theirs.low, rel=1e-10)
        assert ours["high"] == pytest.approx(theirs.high, rel=1e-10)
        assert ours["method"] == T_INTERVAL


def test_columns_are_fixed(study: pd.DataFrame) -> None:
    rows = mean_by(study, "score", ["organisation", "wave"], "team")
    assert list(rows.columns) == [
        "organisation", "wave", "estimate", "se", "df", "low", "high", "n", "method", "note", "sd",
        "teams",
    ]  # fmt: skip
    assert len(rows) == 8 and (rows["teams"] == 6).all()


def test_with_equal_teams_the_clustered_error_is_that_of_the_team_means() -> None:
    frame = pd.DataFrame({"y": [1.0, 3, 4, 8, 5, 6, 9, 7], "t": list("aabbccdd")})
    row = mean_by(frame, "y", team="t").iloc[0]
    means = frame.groupby("t")["y"].mean()
    assert row["se"] == pytest.approx(means.sem(), rel=1e-10)
    assert row["df"] == pytest.approx(3, rel=1e-10)
    assert row["method"] == TEAM_INTERVAL
    assert row["note"] == TOO_FEW_TEAMS


def test_the_clustered_interval_is_wider_when_teams_differ(study: pd.DataFrame) -> None:
    far = study.assign(score=study["score"] + study["team"].astype(int))
    plain, clustered = mean_by(far, "score").iloc[0], mean_by(far, "score", team="team").iloc[0]
    assert clustered["se"] > 2 * plain["se"]
    assert clustered["estimate"] == pytest.approx(plain["estimate"])


def test_one_team_falls_back_and_says_so() -> None:
    row = mean_by(pd.DataFrame({"y": [1.0, 2, 4], "t": ["a"] * 3}), "y", team="t").iloc[0]
    assert row["method"] == T_INTERVAL
    assert row["note"] == "under two teams: interval without teams"
    assert np.isfinite(row["low"])


def test_a_person_without_a_team_is_a_team_of_their_own() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3, 4], "t": [None] * 4})
    row = mean_by(frame, "y", team="t").iloc[0]
    assert row["teams"] == 4
    assert row["se"] == pytest.approx(frame["y"].sem())


@pytest.mark.parametrize(
    ("values", "estimate", "note"),
    [([np.nan, np.nan], np.nan, "no answers"), ([3.0], 3.0, "one answer: no interval"),
     ([3.0, 3.0, 3.0], 3.0, "no variation: no interval")],
)  # fmt: skip
def test_thin_groups_give_a_reason(values: list[float], estimate: float, note: str) -> None:
    row = mean_by(pd.DataFrame({"y": values}), "y").iloc[0]
    assert row["note"] == note
    assert np.isnan(row["low"]) and np.isnan(row["se"])
    assert row["estimate"] == pytest.approx(estimate, nan_ok=True)


def test_a_category_that_does_not_occur_gives_no_row() -> None:
    site = pd.Categorical(["A", "A"], categories=["A", "B"])
    assert len(mean_by(pd.DataFrame({"y": [1.0, 2], "o": site}), "y", "o")) == 1


def test_groups_come_in_sorted_order_with_their_keys() -> None:
    frame = pd.DataFrame({"o": ["B", "A"], "y": [1, 2]})
    assert [keys for keys, _ in groups_of(frame, "o")] == [{"o": "A"}, {"o": "B"}]
    assert [keys for keys, _ in groups_of(frame, None)] == [{}]


def test_frequencies_hold_every_value_and_add_up() -> None:
    frame = pd.DataFrame({"q": [1, 1, 5, np.nan, 3], "o": list("AAABB")})
    rows = frequencies(frame, "q", "o", range(1, 6))
    assert len(rows) == 10
    assert rows.groupby("o")["estimate"].sum().tolist() == pytest.approx([1, 1])
    assert rows[rows["o"] == "B"]["n"].unique().tolist() == [1]


def test_frequencies_of_nobody_are_missing() -> None:
    rows = frequencies(pd.DataFrame({"q": [np.nan]}), "q", None, [1, 2])
    assert rows["estimate"].isna().all()
    assert rows["note"].tolist() == ["no answers", "no answers"]


def test_an_answer_outside_the_values_stops_the_work() -> None:
    with pytest.raises(LostudyError) as caught:
        frequencies(pd.DataFrame({"q": [1, 9]}), "q", None, [1, 2])
    expected = "1 answers to 'q' are not among the values. To do: add or recode them"
    assert str(caught.value) == expected


def test_unknown_columns_are_refused(study: pd.DataFrame) -> None:
    with pytest.raises(LostudyError, match="column 'scroe' does not exist"):
        mean_by(study, "scroe")
    with pytest.raises(LostudyError, match="column 'site' does not exist"):
        frequencies(study, "score", "site", [1])
