"""Answers become numbers in one place: what cannot is refused by column and row, never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statistics_data import likert, simulated

from lostudy import statistics as st
from lostudy.errors import LostudyError
from lostudy.statistics.columns import INFINITE, TEXT, number, numbers

FACTOR = {"f": ["q1", "q2", "q3", "q4"]}
OF_ITEMS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "alpha": st.alpha,
    "omega": st.omega,
    "ordinal alpha": st.ordinal_alpha,
    "lambda 6": st.guttman_lambda6,
    "interval": lambda d: st.reliability_interval(d, draws=20),
    "interval of omega": lambda d: st.reliability_interval(d, "omega", draws=20),
    "polychoric": st.polychoric,
    "categorical omega": st.categorical_omega,
    "ordinal cfa": lambda d: st.ordinal_cfa(d, FACTOR),
    "cfa": lambda d: st.cfa(d, FACTOR),
    "cfa by full information": lambda d: st.cfa(d, FACTOR, missing="fiml"),
    "htmt": lambda d: st.htmt(d, {"f": ["q1", "q2"], "g": ["q3", "q4"]}),
    "items": st.item_statistics,
    "item-rest": st.item_rest,
    "dropped": st.alpha_if_dropped,
    "dif": lambda d: st.item_dif(d, np.arange(len(d)) % 2),
    "correlations": st.correlation_matrix,
    "adequacy": st.sampling_adequacy,
    "sphericity": st.sphericity,
    "agreement": lambda d: st.within_team_agreement(d, np.arange(len(d)) // 9, 5),
    "scores": lambda d: st.scale_scores(d, [], 1, 5),
    "factor scores": lambda d: st.factor_scores(d, [], 1, 5),
    "raters": st.rater_icc,
    "longstring": st.longstring,
    "irv": st.irv,
    "mahalanobis": st.mahalanobis,
    "guttman": st.guttman_errors,
}
OF_SCORES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "mixed": lambda d: st.fit_mixed(d["score"], np.ones((len(d), 1)), d["team"]),
    "predictor": lambda d: st.fit_mixed(d["wave"], d[["score"]], d["team"]),
    "slopes": lambda d: st.fit_slopes(d["score"], d[["one"]], d["team"], ["one"]),
    "clusters": lambda d: st.cluster_ols(d["score"], np.ones((len(d), 1)), d["team"]),
    "wild": lambda d: st.wild_cluster_p(d["score"], np.ones((len(d), 1)), d["team"], 0),
    "ordinal predictor": lambda d: st.fit_ordinal(d["wave"], d[["score"]]),
    "same people": lambda d: st.same_people(d, "score", "person", "wave", "team", 0, 1),
    "workforce": lambda d: st.workforce(d, "score", "wave", "team", "organisation", 0, 1),
    "all answers": lambda d: st.all_answers(d, "score", "wave", "team", "organisation", 0, 1),
    "means": lambda d: st.mean_by(d, "score", "organisation", "team"),
    "icc": lambda d: st.icc(d, "score", "team"),
    "icc by reml": lambda d: st.icc_reml(d, "score", "team"),
    "rest": lambda d: st.against_rest(d, "score", "team", "organisation"),
    "within": lambda d: st.within_between(d, ["score", "wave"], "team"),
    "weighted": lambda d: st.weighted_mean(d, "score", "one"),
    "weights": lambda d: st.weighted_mean(d, "wave", "score"),
    "design": lambda d: st.design_mean(d, "score", st.SurveyDesign("one")),
    "jackknife": lambda d: st.jackknife_mean(d, "score", lambda r: np.ones(len(r)), "team"),
    "two groups": lambda d: st.two_group_difference(d["score"], [1.0, 2, 3]),
    "correlation": lambda d: st.correlation_interval(d["score"], d["wave"]),
    "consensus": lambda d: st.consensus_emergence(d, "score", "wave", "team", "person"),
    "holm": lambda d: st.holm(d["score"]),
}
SECRET = "secret answer"
STRANGE: dict[str, Any] = {"text": SECRET, "date": pd.Timestamp("2020-02-03"), "infinite": np.inf}


def items() -> pd.DataFrame:
    return likert("columns", 90, 4).astype(object)


def scores() -> pd.DataFrame:
    return simulated("columns", teams=3, persons=6).assign(one=1.0).astype({"score": object})


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("name", OF_ITEMS)
def test_an_answer_that_is_no_number_is_named_by_place_and_not_shown(
    name: str, strange: str
) -> None:
    frame = items()
    frame.loc[7, "q2"] = STRANGE[strange]
    _refused(lambda: OF_ITEMS[name](frame), "row 9, column 'q2'")


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("name", OF_SCORES)
def test_a_score_that_is_no_number_is_named_by_place_and_not_shown(name: str, strange: str) -> None:
    frame = scores()
    frame.loc[7, "score"] = STRANGE[strange]
    _refused(lambda: OF_SCORES[name](frame), "row 9")


def _refused(work: Callable[[], Any], where: str) -> None:
    with pytest.raises(LostudyError) as caught:
        work()
    said = str(caught.value)
    assert where in said and SECRET not in said and "2020" not in said and "inf," not in said
    assert caught.value.__cause__ is None and caught.value.__context__ is None


@pytest.mark.parametrize("name", OF_ITEMS)
def test_a_whole_column_of_dates_two_of_one_name_and_a_list_are_refused_in_words(name: str) -> None:
    dates = items().assign(q3=pd.date_range("2020-01-01", periods=90))
    twice = pd.concat([items(), items()[["q1"]]], axis=1)
    for wrong in (dates, twice, items().to_numpy(), items().to_numpy().tolist()):
        with pytest.raises(LostudyError):
            OF_ITEMS[name](wrong)


@pytest.mark.parametrize("name", [n for n in OF_ITEMS if n not in ("ordinal cfa", "cfa", "htmt")])
def test_a_frame_without_columns_gives_no_number_and_does_not_crash(name: str) -> None:
    try:
        found = OF_ITEMS[name](items()[[]])
    except LostudyError:
        return
    if isinstance(found, pd.DataFrame) and "estimate" in found:
        assert found["estimate"].isna().all()


def test_what_counts_as_a_number() -> None:
    mixed = [True, 2, "3", 4.5, None, pd.NA, np.nan]
    expected = [1, 2, 3, 4.5, np.nan, np.nan, np.nan]
    np.testing.assert_array_equal(number(mixed), expected)
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": pd.Categorical([2, 3])})
    np.testing.assert_array_equal(numbers(frame).to_numpy(), [[1, 2], [np.nan, 3]])


def test_all_that_is_wrong_is_told_at_once() -> None:
    frame = pd.DataFrame({"a": [1, "x", "y"], "b": [np.inf, 1, 1], "c": [1, 2, 3]})
    with pytest.raises(LostudyError) as caught:
        numbers(frame)
    assert [(p.column, p.what, p.rows) for p in caught.value.problems] == [
        ("a", TEXT, (3, 4)),
        ("b", INFINITE, (2,)),
    ]
