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
    categorical,
    coding,
    composite,
    consensus,
    correlations,
    describe,
    dif,
    effects,
    everyone,
    factor,
    item_analysis,
    kappas,
    ladders,
    linked,
    odds,
    ordinal,
    organisations,
    raters,
    reliability,
    scores,
    slopes,
    strain,
    survey_design,
    within_teams,
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
    "slopes": lambda d: (
        slopes.fit_slopes(
            d["score"],
            pd.DataFrame({"one": 1.0, "wave": d["wave"].astype(float)}),
            d["organisation"].astype(str) + d["team"].astype(str),
            ["one", "wave"],
        ).fixed
    ),
    "consensus": lambda d: consensus.consensus_emergence(
        d[(d["organisation"] == "A").to_numpy()], "score", "wave", "team", "person"
    ),
    "within and between": lambda d: correlations.within_between(
        d.assign(other=d["score"].astype(float) ** 2), ["score", "other"], "team"
    ),
    "design mean": lambda d: survey_design.design_mean(
        d.assign(w=1.0), "score", survey_design.SurveyDesign("w", "team", "organisation")
    ),
    "design total": lambda d: survey_design.design_total(
        d.assign(w=1.0), "score", survey_design.SurveyDesign("w")
    ),
    "jackknife": lambda d: survey_design.jackknife_mean(
        d, "score", lambda rows: np.ones(len(rows)), "organisation"
    ),
    "frequencies": lambda d: describe.frequencies(d, "wave", "organisation", [0, 1]),
}
ITEMS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "alpha": reliability.alpha,
    "omega": reliability.omega,
    "item-rest": item_analysis.item_rest,
    "if dropped": item_analysis.alpha_if_dropped,
    "ordinal alpha": reliability.ordinal_alpha,
    "lambda 6": reliability.guttman_lambda6,
    "bootstrap": lambda d: bootstrap.reliability_interval(d, draws=20),
    "scores": lambda d: scores.scale_scores(d, ["q1"], 1, 5),
    "factor analysis": lambda d: factor.cfa(d, {"f": list(d)}).measures,
    "rwg": lambda d: within_teams.within_team_agreement(d, np.arange(len(d)) // 5, 5),
    "longstring": careless.longstring,
    "distance": careless.mahalanobis,
    "guttman": careless.guttman_errors,
    "variability": careless.irv,
    "synonyms": careless.synonyms,
    "ordinal": lambda d: ordinal.fit_ordinal(d["q1"], d[["q2"]]).coefficients,
    "dif": lambda d: dif.item_dif(d, np.arange(len(d)) % 2),
    "dif, any kind": lambda d: dif.item_dif(d, np.arange(len(d)) % 2, "any"),
    "odds": lambda d: odds.profile_intervals(ordinal.fit_ordinal(d["q1"], d[["q2"]])),
    "factor analysis, all answers": lambda d: (
        factor.cfa(d, {"f": list(d)}, missing="fiml").measures
    ),
    "factor analysis, robust": lambda d: factor.cfa(d, {"f": list(d)}, errors="robust").measures,
    "ladder": lambda d: ladders.invariance(d, {"f": list(d)}, np.arange(len(d)) % 2),
    "waves": lambda d: ladders.invariance_over_waves(
        d.assign(**{f"{q}b": d[q].to_numpy()[::-1] for q in ("q1", "q2", "q3")}),
        {"T0": ["q1", "q2", "q3"], "T1": ["q1b", "q2b", "q3b"]},
    ),
    "ordinal factor analysis": lambda d: categorical.ordinal_cfa(d, {"f": list(d)}).measures,
    "categorical omega": categorical.categorical_omega,
    "composite": lambda d: composite.composite_reliability(factor.cfa(d, {"f": list(d)})),
    "average variance": lambda d: composite.average_variance(factor.cfa(d, {"f": list(d)})),
    "htmt": lambda d: composite.htmt(d, {"f": ["q1", "q2"], "g": ["q3", "q4"]}),
    "modification indices": lambda d: strain.modification_indices(
        factor.cfa(d, {"f": list(d)})
    ).sort_values(["kind", "left", "right"] if len(d) > 9 else "note"),
    "item statistics": item_analysis.item_statistics,
    "correlation": lambda d: correlations.correlation_interval(d["q1"], d["q2"]),
    "correlations": correlations.correlation_matrix,
    "adequacy": correlations.sampling_adequacy,
    "sphericity": correlations.sphericity,
    "raters": raters.rater_icc,
    "two groups": lambda d: effects.two_group_difference(d["q1"], d["q2"]),
    "krippendorff": lambda d: agreement.krippendorff_alpha(d, "ordinal"),
    "coefficients": lambda d: coding.code_agreement(d, draws=5),
    "fleiss": kappas.fleiss_kappa,
    "kappa": lambda d: kappas.agreement_of_two(d["q1"], d["q2"]),
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
