"""The one shape of results."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statistics_data import likert, simulated

from lostudy import statistics
from lostudy.errors import LostudyError
from lostudy.statistics.estimates import (
    COLUMNS,
    TOO_FEW_TEAMS,
    as_frame,
    as_list,
    interval_row,
    missing_row,
    need_columns,
    t_probability,
    t_quantile,
    t_row,
)


@pytest.mark.parametrize("df", [1, 3.7, 20, 1e6, np.inf])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_quantiles_are_those_of_scipy(df: float, level: float) -> None:
    expected = stats.norm.ppf(0.5 + level / 2) if np.isinf(df) else stats.t.ppf(0.5 + level / 2, df)
    assert t_quantile(level, df) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("statistic", "df"), [(0.0, 3), (-2.5, 7.2), (12.0, 40), (3.0, np.inf)])
def test_probabilities_are_those_of_scipy(statistic: float, df: float) -> None:
    tail = stats.norm if np.isinf(df) else stats.t(df)
    assert t_probability(statistic, df) == pytest.approx(2 * tail.sf(abs(statistic)), rel=1e-12)


def test_columns_stand_in_the_fixed_order_after_the_keys() -> None:
    frame = as_frame([t_row(1.0, 0.2, 9, n=10, method="m", organisation="A", wave=0)])
    assert list(frame.columns) == ["organisation", "wave", *COLUMNS]


def test_n_method_and_note_are_never_left_out() -> None:
    frame = as_frame([missing_row(n=0, method="m", note="no answers")], ["estimate"])
    assert list(frame.columns) == ["estimate", "n", "method", "note"]
    assert frame["note"].item() == "no answers"


def test_the_interval_excludes_the_null_exactly_when_p_is_under_five_percent() -> None:
    for estimate in np.linspace(-1, 1, 21):
        row = t_row(estimate, 0.3, 8, n=10, method="m")
        assert (row["low"] > 0 or row["high"] < 0) == (row["p"] < 0.05)


def test_no_standard_error_gives_no_interval_and_a_reason() -> None:
    row = t_row(2.0, 0.0, 8, n=10, method="m")
    assert row["estimate"] == 2.0
    assert np.isnan(row["low"]) and np.isnan(row["p"])
    assert row["note"] == "no variation: no interval"


def test_under_four_degrees_of_freedom_is_said() -> None:
    assert t_row(1.0, 0.5, 3.9, n=10, method="m")["note"] == TOO_FEW_TEAMS
    assert t_row(1.0, 0.5, 4.0, n=10, method="m")["note"] == ""


def test_interval_rows_keep_what_was_found_elsewhere() -> None:
    row = interval_row(0.5, 0.2, 0.7, n=4, method="m", note="", measure="rwg")
    assert (row["measure"], row["estimate"], row["low"], row["high"]) == ("rwg", 0.5, 0.2, 0.7)


def test_an_unknown_column_is_named_with_the_known_ones() -> None:
    with pytest.raises(LostudyError) as caught:
        need_columns(pd.DataFrame({"a": [1], "b": [2]}), ["a", "c"])
    assert str(caught.value) == "column 'c' does not exist. To do: choose one of a, b"


@pytest.mark.parametrize(
    ("given", "expected"), [(None, []), ("a", ["a"]), (("a", "b"), ["a", "b"])]
)
def test_names_become_a_list(given: object, expected: list[str]) -> None:
    assert as_list(given) == expected  # type: ignore[arg-type]


def test_what_stops_a_function_is_of_the_four_classes() -> None:
    """So that a notebook says it in one voice, and a run ends with the exit code for it."""
    folder = Path(statistics.__file__).parent
    raised = {
        (module.name, name)
        for module in folder.glob("*.py")
        for name in re.findall(r"raise (\w+)", module.read_text(encoding="utf-8"))
    }
    other = {each for each in raised if each[1] not in ("StudyError", "DataError")}
    assert other == {("__init__.py", "AttributeError")}
    assert len(raised) > 20


@pytest.mark.parametrize("level", [95, 0, 1, -0.5, np.nan])
def test_a_level_that_is_no_share_is_refused_everywhere(level: float) -> None:
    study = simulated("levels", teams=3, persons=4)
    items, ones = likert("levels", 40, 4), np.ones((len(study), 1))
    team = study["organisation"] + study["team"]
    for work in (
        lambda: statistics.alpha(items, level=level),
        lambda: statistics.omega(items, level=level),
        lambda: statistics.reliability_interval(items, draws=10, level=level),
        lambda: statistics.icc(study, "score", "team", level=level),
        lambda: statistics.mean_by(study, "score", level=level),
        lambda: statistics.fit_mixed(study["score"], ones, team, level=level),
        lambda: statistics.cluster_ols(study["score"], ones, team, level=level),
        lambda: statistics.equivalence(0.0, 0.1, 20, 0.25, 40, level=level),
        lambda: statistics.two_group_difference([1.0, 2, 3], [2.0, 3, 5], level=level),
        lambda: statistics.rater_icc(items, level=level),
    ):
        with pytest.raises(LostudyError, match="level"):
            work()
