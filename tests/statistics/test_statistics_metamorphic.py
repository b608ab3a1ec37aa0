"""What must not matter: the order of rows and columns, names, another unit, everybody twice.

Each function is called on data and on the same data told otherwise; every number that both give
must be the same. Nothing here knows what the numbers are, so it holds on any data.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from statistics_data import likert, seeded, simulated

from lostudy import statistics as st

Data = pd.DataFrame
ITEMS = [f"q{i + 1}" for i in range(5)]
TIMES = ("wave", "team", "organisation", 0, 1)


@pytest.fixture(scope="module")
def data() -> Data:
    """A row per answer with a score, five items, a role and a weight; teams named apart."""
    frame = simulated("what must not matter", change=0.2, persons=8)
    frame["team"] = frame["organisation"] + "/" + frame["team"]
    draw = seeded("what must not matter, roles")
    frame["role"] = draw.choice(["leader", "member"], len(frame))
    frame["weight"] = draw.uniform(0.5, 2.0, len(frame))
    return pd.concat([frame, likert("what must not matter", len(frame))], axis=1)


ONE_FACTOR = {"f": ITEMS}
BY_ITEMS: dict[str, Callable[[Data], Data]] = {
    "alpha": lambda d: st.alpha(d[ITEMS]),
    "alpha, Duhachek": lambda d: st.alpha(d[ITEMS], interval="duhachek"),
    "omega": lambda d: st.omega(d[ITEMS]),
    "ordinal alpha": lambda d: st.ordinal_alpha(d[ITEMS]),
    "lambda6": lambda d: st.guttman_lambda6(d[ITEMS]),
    "categorical omega": lambda d: st.categorical_omega(d[ITEMS]),
    "polychoric": lambda d: st.polychoric(d[ITEMS]),
    "item-rest": lambda d: st.item_rest(d[ITEMS]),
    "if dropped": lambda d: st.alpha_if_dropped(d[ITEMS]),
    "adequacy": lambda d: st.sampling_adequacy(d[ITEMS]),
    "sphericity": lambda d: st.sphericity(d[ITEMS]),
    "one factor": lambda d: st.cfa(d[ITEMS], ONE_FACTOR, metric="factor variance").measures,
    "one factor, robust": lambda d: st.cfa(
        d[ITEMS], ONE_FACTOR, errors="robust", metric="factor variance"
    ).measures,
    "one factor, full information": lambda d: st.cfa(
        d[ITEMS], ONE_FACTOR, missing="fiml", metric="factor variance"
    ).measures,
    "invariance": lambda d: st.invariance(d[ITEMS], ONE_FACTOR, d["role"]),
    "shifted items": lambda d: st.item_dif(d[ITEMS], d["role"]),
    "agreement in teams": lambda d: st.agreement_summary(
        st.within_team_agreement(d[ITEMS], d["team"], 5)
    ),
}
BY_SCORE: dict[str, Callable[[Data], Data]] = {
    "means": lambda d: st.mean_by(d, "score", ["organisation", "wave"], team="team"),
    "frequencies": lambda d: st.frequencies(d, "q1", "organisation", [1, 2, 3, 4, 5]),
    "ICC": lambda d: st.icc(d, "score", "team"),
    "ICC by REML": lambda d: st.icc_reml(d, "score", "team"),
    "same people": lambda d: st.same_people(
        d, "score", "person", "wave", "team", 0, 1, organisation="organisation"
    ),
    "workforce": lambda d: st.workforce(d, "score", *TIMES, person="person"),
    "workforce, one model": lambda d: st.workforce(
        d, "score", *TIMES, person="person", shared=True
    ),
    "all answers, weighted": lambda d: st.all_answers(d, "score", *TIMES, weight="weight"),
    "turnover": lambda d: st.turnover(d, "person", "wave", 0, 1, "organisation"),
    "against the rest": lambda d: st.against_rest(d, "score", "team", "organisation"),
    "cluster-robust": lambda d: st.cluster_ols(d["score"], _design(d), d["team"]),
    "mixed": lambda d: st.fit_mixed(d["score"], _design(d), d["team"], df="kenward-roger").fixed,
    "slopes": lambda d: st.fit_slopes(d["score"], _design(d), d["team"], ["one", "wave"]).fixed,
    "ordinal": lambda d: st.fit_ordinal(d["q1"], _design(d)[["wave"]]).coefficients,
    "within and between": lambda d: st.within_between(d, ["score", "q1"], "team"),
    "without a team": lambda d: st.without_one(
        d, "organisation", "organisation", lambda part: st.all_answers(part, "score", *TIMES)
    ),
}


def _design(d: Data) -> Data:
    return pd.DataFrame({"one": 1.0, "wave": d["wave"].astype(float)}, index=d.index)


def shuffled(d: Data) -> Data:
    return d.sample(frac=1, random_state=5).reset_index(drop=True)


def renamed(d: Data) -> Data:
    """Other names in the opposite order of the alphabet."""
    other = {name: chr(ord("Z") - place) for place, name in enumerate("ABCD")}
    teams = {name: f"{900 - k}" for k, name in enumerate(sorted(d["team"].unique()))}
    people = {name: f"{9000 - k}" for k, name in enumerate(sorted(d["person"].unique()))}
    roles = {"leader": "zz", "member": "aa"}
    return d.assign(
        organisation=d["organisation"].map(other), team=d["team"].map(teams),
        person=d["person"].map(people), role=d["role"].map(roles),
    )  # fmt: skip


def columns_turned(d: Data) -> Data:
    return d[d.columns[::-1]]


RETOLD = {"rows shuffled": shuffled, "renamed": renamed, "columns turned": columns_turned}


def numbers(table: Data) -> np.ndarray:
    """Every number of a table, rows in an order that does not hang on names."""
    values = table.select_dtypes("number").to_numpy(dtype=float)
    keys = np.round(np.where(np.isnan(values), 1e9, values), 4)
    return values[np.lexsort(keys.T[::-1])]


@pytest.mark.parametrize("change", RETOLD)
@pytest.mark.parametrize("name", [*BY_ITEMS, *BY_SCORE])
def test_the_same_data_told_otherwise_give_the_same_numbers(
    name: str, change: str, data: Data
) -> None:
    call = (BY_ITEMS | BY_SCORE)[name]
    first, second = numbers(call(data)), numbers(call(RETOLD[change](data)))
    assert first.size and np.isfinite(first).any()
    np.testing.assert_allclose(first, second, rtol=2e-5, atol=2e-6)


TWICE = [
    "alpha", "omega", "ordinal alpha", "lambda6", "polychoric", "item-rest", "if dropped",
    "adequacy", "one factor", "categorical omega",
]  # fmt: skip


@pytest.mark.parametrize("name", TWICE)
def test_everybody_twice_gives_the_same_estimate_of_twice_as_many(name: str, data: Data) -> None:
    doubled = pd.concat([data, data], ignore_index=True)
    once, twice = (BY_ITEMS[name](each) for each in (data, doubled))
    if name == "one factor":
        chi2 = [each.set_index("measure")["estimate"]["chi2"] for each in (once, twice)]
        assert chi2[1] == pytest.approx(2 * chi2[0], rel=1e-6)
        return
    if "n" in once:
        assert (twice["n"] == 2 * once["n"]).all()
    keep = ["estimate"] if "estimate" in once else list(once.select_dtypes("number"))
    np.testing.assert_allclose(once[keep], twice[keep], rtol=1e-6)


@pytest.mark.parametrize("name", ["alpha", "omega", "item-rest", "if dropped", "lambda6"])
def test_another_zero_and_unit_change_no_reliability(name: str, data: Data) -> None:
    moved = data.assign(**{item: 10 * data[item] - 3 for item in ITEMS})
    first, second = (BY_ITEMS[name](d)[["estimate", "n"]] for d in (data, moved))
    np.testing.assert_allclose(first, second, rtol=1e-6)


@pytest.mark.parametrize("name", ["same people", "workforce", "workforce, one model",
                                  "all answers, weighted", "against the rest"])  # fmt: skip
def test_another_unit_scales_a_change_and_leaves_its_test(name: str, data: Data) -> None:
    moved = data.assign(score=100 * data["score"] - 7)
    first, second = (BY_SCORE[name](d) for d in (data, moved))
    for column in ("estimate", "se", "low", "high"):
        np.testing.assert_allclose(100 * first[column], second[column], rtol=1e-4)
    for column in ("df", "p"):
        if column in first:
            np.testing.assert_allclose(first[column], second[column], rtol=1e-3, atol=1e-9)


def test_waves_turned_round_turn_the_sign(data: Data) -> None:
    """The first wave last: the same change, with the other sign."""
    for name in ("same people", "all answers, weighted"):
        call = BY_SCORE[name]
        first, second = call(data), call(data.assign(wave=1 - data["wave"]))
        np.testing.assert_allclose(first["estimate"], -second["estimate"], rtol=1e-9)
        np.testing.assert_allclose(first["se"], second["se"], rtol=1e-6)


def test_a_level_moves_intervals_only(data: Data) -> None:
    wide, narrow = (
        st.workforce(data, "score", *TIMES, person="person", level=level) for level in (0.95, 0.8)
    )
    np.testing.assert_array_equal(wide[["estimate", "se", "p"]], narrow[["estimate", "se", "p"]])
    assert (wide["high"] > narrow["high"]).all() and (wide["low"] < narrow["low"]).all()
