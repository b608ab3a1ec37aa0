"""Every function of a frame, on frames of odd kinds: the same numbers, or a reason; no crash."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statistics_data import likert, simulated

from lostudy.statistics import (
    aggregation,
    agreement,
    bootstrap,
    careless,
    describe,
    everyone,
    factor,
    linked,
    ordinal,
    organisations,
    reliability,
    scores,
)

SAME = ("score", "person", "wave", "team", 0, 1)
WORK = ("score", "wave", "team", "organisation", 0, 1)

ANSWERS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "same people": lambda d: linked.same_people(d, *SAME, organisation="organisation"),
    "same people, one organisation": lambda d: linked.same_people(d, *SAME),
    "workforce": lambda d: everyone.workforce(d, *WORK),
    "workforce, linked": lambda d: everyone.workforce(d, *WORK, person="person"),
    "all answers": lambda d: everyone.all_answers(d, *WORK),
    "one model": lambda d: everyone.workforce(d, *WORK, person="person", shared=True),
    "turnover": lambda d: linked.turnover(d, "person", "wave", 0, 1, "organisation"),
    "means": lambda d: describe.mean_by(d, "score", ["organisation", "wave"], "team"),
    "mean": lambda d: describe.mean_by(d, "score", team="team"),
    "icc": lambda d: aggregation.icc(d, "score", "team"),
    "icc by REML": lambda d: aggregation.icc_reml(d, "score", "team"),
    "against the rest": lambda d: organisations.against_rest(d, "score", "team", "organisation"),
    "frequencies": lambda d: describe.frequencies(d, "wave", "organisation", [0, 1]),
}
ITEMS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "alpha": reliability.alpha,
    "omega": reliability.omega,
    "item-rest": reliability.item_rest,
    "if dropped": reliability.alpha_if_dropped,
    "ordinal alpha": reliability.ordinal_alpha,
    "lambda 6": reliability.guttman_lambda6,
    "bootstrap": lambda d: bootstrap.reliability_interval(d, draws=20),
    "scores": lambda d: scores.scale_scores(d, ["q1"], 1, 5),
    "factor analysis": lambda d: factor.cfa(d, {"f": list(d)}).measures,
    "rwg": lambda d: aggregation.within_team_agreement(d, np.arange(len(d)) // 5, 5),
    "longstring": careless.longstring,
    "distance": careless.mahalanobis,
    "guttman": careless.guttman_errors,
    "variability": careless.irv,
    "synonyms": careless.synonyms,
    "ordinal": lambda d: ordinal.fit_ordinal(d["q1"], d[["q2"]]).coefficients,
    "dif": lambda d: ordinal.item_dif(d, np.arange(len(d)) % 2),
    "krippendorff": lambda d: agreement.krippendorff_alpha(d, "ordinal"),
    "coefficients": lambda d: agreement.code_agreement(d, draws=5),
    "fleiss": agreement.fleiss_kappa,
    "kappa": lambda d: agreement.agreement_of_two(d["q1"], d["q2"]),
}


def quiet(call: Callable[[pd.DataFrame], Any], frame: pd.DataFrame) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return call(frame)


def numbers(result: Any) -> np.ndarray:
    frame = result.to_frame() if isinstance(result, pd.Series) else result
    return frame.select_dtypes("number").to_numpy(float)


@pytest.mark.parametrize("name", ANSWERS)
def test_kinds_of_columns_do_not_change_a_number(name: str) -> None:
    frame = simulated("kinds of columns")
    plain = numbers(quiet(ANSWERS[name], frame))
    text = ["organisation", "team", "person"]
    for other in (
        frame.convert_dtypes(),
        frame.astype(dict.fromkeys(text, "category")),
        frame.set_index("person", drop=False),
        pd.concat([frame.iloc[::2], frame.iloc[1::2]]),
    ):
        found = numbers(quiet(ANSWERS[name], other))
        np.testing.assert_allclose(found, plain, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("name", ITEMS)
def test_kinds_of_answers_do_not_change_a_number(name: str) -> None:
    items = likert("kinds of answers", 60)
    items.loc[::6, "q2"] = np.nan
    plain = numbers(quiet(ITEMS[name], items))
    found = numbers(quiet(ITEMS[name], items.convert_dtypes()))
    np.testing.assert_allclose(found, plain, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("rows", [0, 1, 2])
def test_nearly_nobody_gives_reasons_not_numbers(name: str, rows: int) -> None:
    for frame in (simulated("nearly nobody"), simulated("nearly nobody").convert_dtypes()):
        result = quiet(ANSWERS[name], frame.iloc[:rows])
        for column in ("se", "low", "p"):
            if column in result and rows < 2:
                assert result[column].isna().all()
        if "method" in result and len(result):
            assert result["method"].str.len().gt(0).all()


@pytest.mark.parametrize("name", ITEMS)
@pytest.mark.parametrize("rows", [0, 1, 2])
def test_nearly_no_answers_give_reasons_not_crashes(name: str, rows: int) -> None:
    result = quiet(ITEMS[name], likert("nearly none", 60).iloc[:rows])
    if isinstance(result, pd.DataFrame) and "estimate" in result and rows == 0:
        assert result["estimate"].isna().all()
        assert (result["note"] != "").all()


@pytest.mark.parametrize("name", [n for n in ANSWERS if n not in ("turnover", "frequencies")])
def test_all_scores_missing_gives_reasons(name: str) -> None:
    frame = simulated("all missing").assign(score=np.nan)
    result = quiet(ANSWERS[name], frame)
    assert result["estimate"].isna().all() and (result["note"] != "").all()


@pytest.mark.parametrize("name", [n for n in ANSWERS if n not in ("turnover", "frequencies")])
def test_one_same_score_for_everybody_has_no_test(name: str) -> None:
    result = quiet(ANSWERS[name], simulated("the same score").assign(score=3.0))
    for column in ("se", "low", "high", "p"):
        if column in result:
            assert result[column].isna().all()
    assert (result["note"] != "").all()


@pytest.mark.parametrize("name", [*ANSWERS, *ITEMS])
def test_the_frame_of_the_caller_is_not_changed(name: str) -> None:
    frame = simulated("not changed") if name in ANSWERS else likert("not changed", 60)
    before = frame.copy(deep=True)
    {**ANSWERS, **ITEMS}[name](frame)
    pd.testing.assert_frame_equal(frame, before)
