"""Every value that R computed and we compute too, at the tolerances of the gold folder's README.

The folder stands beside the repository (`../shared/gold`); where it is absent these tests are
skipped. `pytest -s tests/statistics/test_gold.py -k table` prints dataset, quantity, R, ours,
difference; without -s only the counts of what is computed and what is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lostudy.statistics import (
    aggregation,
    agreement,
    describe,
    effects,
    factor,
    ladders,
    many_tests,
    mixed,
    ordinal,
    organisations,
    polychorics,
    proportional,
    reliability,
    robust,
    scores,
    weights,
)
from lostudy.statistics.onefactor import one_factor

GOLD = Path(__file__).resolve().parents[2].parent / "shared" / "gold"
pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="no ../shared/gold: R values not checked")

CLOSED = ("relative", 1e-9)  # closed form
FITTED = ("absolute", 1e-4)  # lmer, clm, CFA estimates, CFI, TLI, SRMR
CHI2 = ("absolute", 1e-3)  # chi-square, RMSEA interval
POLY = ("absolute", 1e-3)  # polychorics
CLMM = ("absolute", 1e-3)
DF = ("relative", 1e-2)  # Satterthwaite and Kenward-Roger df

Row = tuple[str, Any, Any, tuple[str, float]]
CHECKS: dict[tuple[str, str], Callable[[Any], Iterator[Row]]] = {}


@cache
def gold(dataset: str) -> dict[str, Any]:
    values = json.loads((GOLD / f"{dataset}.json").read_text())["values"]
    return {entry["id"]: entry["value"] for entry in values}


@cache
def data(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLD / f"{name}.csv")


def check(dataset: str, *ids: str) -> Callable:
    def register(function: Callable) -> Callable:
        for name in ids:
            CHECKS[(dataset, name)] = lambda value, name=name: function(value, name)
        return function

    return register


def matrix(value: dict) -> pd.DataFrame:
    return pd.DataFrame(value["data"], index=value["rows"], columns=value.get("cols"))


def pairs(label: str, theirs: Any, ours: Any, tolerance: tuple[str, float]) -> Iterator[Row]:
    theirs, ours = np.asarray(theirs, dtype=float).ravel(), np.asarray(ours, dtype=float).ravel()
    assert len(theirs) == len(ours), label
    for i, (a, b) in enumerate(zip(theirs, ours, strict=True)):
        yield (label if len(theirs) == 1 else f"{label}[{i}]", a, b, tolerance)


def close(theirs: float, ours: float, tolerance: tuple[str, float]) -> bool:
    kind, size = tolerance
    if np.isnan(theirs) or np.isnan(ours):
        return bool(np.isnan(theirs) and np.isnan(ours))
    scale = abs(theirs) if kind == "relative" and abs(theirs) > 1e-300 else 1.0
    return abs(ours - theirs) <= size * scale


# --- the data as R had them -----------------------------------------------------------------------

LEAD = [f"LEAD{i:02d}" for i in range(1, 12)]
TSIG = [f"TSIG{i:02d}" for i in range(1, 4)]
HOSTIL = [f"HOSTIL{i:02d}" for i in range(1, 6)]
SCALES = {"LEAD": LEAD, "TSIG": TSIG, "HOSTIL": HOSTIL}
BIG_FIVE = {s: [f"{s}{i}" for i in range(1, 6)] for s in "ACENO"}
REVERSED = ["A1", "C4", "C5", "E1", "E2", "O2", "O5"]
HOLZINGER = {
    "visual": ["x1", "x2", "x3"],
    "textual": ["x4", "x5", "x6"],
    "speed": ["x7", "x8", "x9"],
}


def ones(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return pd.DataFrame({"one": 1.0, **{n: frame[n] for n in names}}, index=frame.index)


@cache
def bfi() -> pd.DataFrame:
    frame = data("bfi").copy()
    for item in REVERSED:
        frame[item] = scores.reverse(frame[item], 1, 6)
    for name, items in BIG_FIVE.items():
        frame[name] = scores.scale_scores(frame[items], [], 1, 6, answered_share=0.6)
    return frame


# --- reliability ----------------------------------------------------------------------------------


def alpha_total(items: pd.DataFrame, value: dict) -> Iterator[Row]:
    yield from pairs("raw", value["raw_alpha"], reliability.alpha(items)["estimate"], CLOSED)
    ours = reliability.alpha(items, standardised=True)["estimate"]
    yield from pairs("standardised", value["std.alpha"], ours, CLOSED)
    yield from pairs(
        "lambda 6", value["G6(smc)"], reliability.guttman_lambda6(items)["estimate"], CLOSED
    )
    yield from pairs("se", value["ase"], reliability.alpha(items)["se"], CLOSED)


def register_scale(dataset: str, name: str, items: Callable[[], pd.DataFrame]) -> None:
    @check(dataset, f"alpha_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        yield from alpha_total(items(), value)

    @check(dataset, f"alpha_feldt_{name}", f"feldt_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        row = reliability.alpha(items(), "listwise").iloc[0]
        for theirs, ours in (("lower", "low"), ("alpha", "estimate"), ("upper", "high")):
            yield from pairs(theirs, value[theirs], row[ours], CLOSED)

    @check(dataset, f"alpha_duhachek_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        row = reliability.alpha(items(), interval="duhachek").iloc[0]
        yield from pairs("ase", value["ase"], row["se"], CLOSED)
        half = 1.96 / 1.959963984540054 * (row["high"] - row["estimate"])  # psych rounds 1.96
        yield from pairs("lower", value["lower"], row["estimate"] - half, CLOSED)
        yield from pairs("alpha", value["alpha"], row["estimate"], CLOSED)
        yield from pairs("upper", value["upper"], row["estimate"] + half, CLOSED)

    @check(dataset, f"item_stats_{name}", f"rdrop_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        ours = reliability.item_rest(items())
        for theirs, column in (("r.drop", "estimate"), ("mean", "mean"), ("sd", "sd"), ("n", "n")):
            yield from pairs(theirs, value[theirs], ours[column], CLOSED)

    @check(dataset, f"alpha_drop_{name}", f"adrop_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        ours = reliability.alpha_if_dropped(items())["estimate"]
        yield from pairs("raw", value["raw_alpha"], ours, CLOSED)

    @check(dataset, f"alpha_complete_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        row = reliability.alpha(items(), "listwise").iloc[0]
        yield from pairs("alpha", value["raw_alpha"], row["estimate"], CLOSED)
        yield from pairs("n", value["n"], row["n"], CLOSED)

    @check(dataset, f"fa1_loadings_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        ours = one_factor(items().corr().to_numpy(), "minres")
        theirs = np.array(value["data"])
        yield from pairs("loading", theirs[:, 0], ours.loadings, FITTED)
        yield from pairs("h2", theirs[:, 1], 1 - ours.unique, FITTED)

    @check(dataset, f"omega_psych_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        ours = reliability.omega(items(), fit="minres", standardised=True)
        yield from pairs("omega_h", value["omega_h"], ours["estimate"], FITTED)
        alpha = reliability.alpha(items(), standardised=True)
        yield from pairs("alpha", value["alpha"], alpha["estimate"], CLOSED)

    @check(dataset, f"guttman_{name}")
    def _(value: float, _id: str) -> Iterator[Row]:
        yield from pairs(
            "lambda 6", value, reliability.guttman_lambda6(items())["estimate"], CLOSED
        )


for _name, _items in SCALES.items():
    register_scale("lq2002", _name, lambda i=_items: data("lq2002")[i])
for _name, _items in BIG_FIVE.items():
    register_scale("bfi", _name, lambda i=_items: bfi()[i])


@check("bfi", "alpha_A_unreversed")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from alpha_total(data("bfi")[BIG_FIVE["A"]], value)


@check("cohesion", "alpha")
def _(value: dict, _id: str) -> Iterator[Row]:
    items = data("cohesion").filter(like="COH")
    for kind in ("pairwise", "listwise"):
        yield from pairs(kind, value[kind], reliability.alpha(items, kind)["estimate"], CLOSED)


@check("datcat", "cont_alpha")
def _(value: dict, _id: str) -> Iterator[Row]:
    for name, used in (("F1", "u1 u2 u3 u4"), ("F2", "u5 u6 u7 u8")):
        items = data("datcat")[used.split()]
        yield from pairs(name, value[name], reliability.alpha(items)["estimate"], CLOSED)


@check("lq2002", "comprel_cont", "comprel_cont_modelvar", "comprel_alpha")
def _(value: float, name: str) -> Iterator[Row]:
    items = data("lq2002")[LEAD]
    if name == "comprel_alpha":
        yield from pairs("alpha", value, reliability.alpha(items)["estimate"], CLOSED)
        return
    kind = "model" if name.endswith("modelvar") else "observed"
    yield from pairs(f"omega {kind}", value, reliability.omega(items, kind)["estimate"], FITTED)


@check("lq2002", "poly_rho", "poly_rho_lavaan")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from pairs("rho", value["data"], polychorics.polychoric(data("lq2002")[LEAD]), POLY)


@check("lq2002", "poly_tau")
def _(value: dict, _id: str) -> Iterator[Row]:
    for name, row in zip(value["rows"], value["data"], strict=True):
        yield from pairs(f"tau {name}", row, polychorics.thresholds(data("lq2002")[name]), POLY)


@check("lq2002", "poly_polycor_2step")
def _(value: float, _id: str) -> Iterator[Row]:
    R = polychorics.polychoric(data("lq2002")[["LEAD01", "LEAD02"]])
    yield from pairs("rho", value, R.iloc[0, 1], POLY)


@check("lq2002", "poly_alpha")
def _(value: float, _id: str) -> Iterator[Row]:
    yield from pairs(
        "ordinal alpha", value, reliability.ordinal_alpha(data("lq2002")[LEAD])["estimate"], POLY
    )


@check("bfi", "poly_N", "poly_alpha_N")
def _(value: Any, name: str) -> Iterator[Row]:
    items = bfi()[BIG_FIVE["N"]]
    if name == "poly_N":
        yield from pairs("rho", value["data"], polychorics.polychoric(items), POLY)
    else:
        yield from pairs("ordinal alpha", value, reliability.ordinal_alpha(items)["estimate"], POLY)


@check("datcat", "poly")
def _(value: dict, _id: str) -> Iterator[Row]:
    items = data("datcat")[[f"u{i}" for i in range(1, 9)]]
    yield from pairs("rho", value["data"], polychorics.polychoric(items), POLY)


@check("datcat", "tau")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = [t for i in range(1, 9) for t in polychorics.thresholds(data("datcat")[f"u{i}"])]
    yield from pairs("tau", list(value.values()), ours, POLY)


# --- factor analysis ------------------------------------------------------------------------------

FIT_NAMES = {"chisq": "chi2", "cfi": "cfi", "tli": "tli", "rmsea": "rmsea", "srmr": "srmr",
             "logl": "loglik", "aic": "aic", "bic": "bic", "npar": "parameters"}  # fmt: skip


def fit_rows(theirs: dict, fit: factor.CfaFit) -> Iterator[Row]:
    table = fit.measures.set_index("measure")
    for name, ours in FIT_NAMES.items():
        if name in theirs:
            yield from pairs(
                name, theirs[name], table.loc[ours, "estimate"], CHI2 if name == "chisq" else FITTED
            )
    yield from pairs("df", theirs["df"], table.loc["chi2", "df"], CLOSED)
    yield from pairs("pvalue", theirs["pvalue"], table.loc["chi2", "p"], FITTED)
    for end in ("lower", "upper"):
        if f"rmsea.ci.{end}" in theirs:
            ours = table.loc["rmsea", "low" if end == "lower" else "high"]
            yield from pairs(f"rmsea {end}", theirs[f"rmsea.ci.{end}"], ours, CHI2)
    if "ntotal" in theirs:
        yield from pairs("n", theirs["ntotal"], table.loc["chi2", "n"], CLOSED)


@cache
def holzinger() -> factor.CfaFit:
    return factor.cfa(data("holzinger_swineford1939"), HOLZINGER)


@cache
def lq_three() -> factor.CfaFit:
    return factor.cfa(data("lq2002"), {"L": LEAD, "S": TSIG, "H": HOSTIL})


@check("holzinger_swineford1939", "cfa3_fit", "cfa1_fit")
def _(value: dict, name: str) -> Iterator[Row]:
    one = {"g": [f"x{i}" for i in range(1, 10)]}
    fit = holzinger() if name == "cfa3_fit" else factor.cfa(data("holzinger_swineford1939"), one)
    yield from fit_rows(value, fit)


@check("lq2002", "cfa1_fit", "cfa3_fit", "cfaG_fit")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("lq2002")
    if name == "cfa3_fit":
        yield from fit_rows(value, lq_three())
    elif name == "cfa1_fit":
        yield from fit_rows(value, factor.cfa(frame, {"L": LEAD}))
    else:
        yield from fit_rows(value, factor.cfa(frame, {"G": LEAD + TSIG + HOSTIL}))


@check("bfi", "cfa1_N", "cfa3", "cfa5")
def _(value: dict, name: str) -> Iterator[Row]:
    used = {"cfa1_N": "N", "cfa3": "ACN", "cfa5": "ACENO"}[name]
    yield from fit_rows(value, factor.cfa(bfi(), {s: BIG_FIVE[s] for s in used}))


def parameter_rows(value: dict, fit: factor.CfaFit, column: str, with_se: bool) -> Iterator[Row]:
    kinds = {("=~", True): "loading"}
    table = fit.parameters
    factors = set(table.loc[table["kind"] == "loading", "right"])
    for i, (left, op, right) in enumerate(
        zip(value["lhs"], value["op"], value["rhs"], strict=True)
    ):
        if op == "=~":
            found = table[
                (table["kind"] == "loading") & (table["left"] == right) & (table["right"] == left)
            ]
        else:
            kind = "factor" if left in factors else "residual"
            both = table["left"].isin([left, right]) & table["right"].isin([left, right])
            found = table[
                (table["kind"] == kind)
                & both
                & ((table["left"] == table["right"]) == (left == right))
            ]
        assert len(found) == 1, (left, op, right, kinds)
        theirs = value["est" if column == "estimate" else "est.std"][i]
        yield from pairs(f"{left}{op}{right}", theirs, found[column], FITTED)
        if with_se:
            yield from pairs(
                f"se {left}{op}{right}", value["se"][i], found["se"].fillna(0.0), FITTED
            )


@check("holzinger_swineford1939", "cfa3_par", "cfa3_std")
def _(value: dict, name: str) -> Iterator[Row]:
    column = "estimate" if name == "cfa3_par" else "standardised"
    yield from parameter_rows(value, holzinger(), column, name == "cfa3_par")


@check("lq2002", "cfa3_par", "cfa3_std")
def _(value: dict, name: str) -> Iterator[Row]:
    column = "estimate" if name == "cfa3_par" else "standardised"
    yield from parameter_rows(value, lq_three(), column, name == "cfa3_par")


@check("lq2002", "cfa1_std")
def _(value: dict, _id: str) -> Iterator[Row]:
    table = factor.cfa(data("lq2002"), {"L": LEAD}).parameters
    ours = table[table["kind"] == "loading"].set_index("left")["standardised"]
    yield from pairs("std loading", list(value.values()), ours[list(value)], FITTED)


@check("bfi", "cfa5_std")
def _(value: dict, _id: str) -> Iterator[Row]:
    table = factor.cfa(bfi(), BIG_FIVE).parameters
    ours = table[table["kind"] == "loading"].set_index("left")["standardised"]
    yield from pairs("std loading", value["est"], ours[value["item"]], FITTED)


@check("lq2002", "cfa3_fcor")
def _(value: dict, _id: str) -> Iterator[Row]:
    F = lq_three().matrices[0].F
    sd = np.sqrt(np.diag(F))
    yield from pairs("factor r", value["data"], F / np.outer(sd, sd), FITTED)


@check("holzinger_swineford1939", "cfa_diff")
def _(value: dict, _id: str) -> Iterator[Row]:
    one = factor.cfa(data("holzinger_swineford1939"), {"g": [f"x{i}" for i in range(1, 10)]})
    yield from pairs("dchisq", value["dchisq"], one.value("chi2") - holzinger().value("chi2"), CHI2)


@check("holzinger_swineford1939", "comprel_obs", "comprel_model", "comprel_alpha")
def _(value: dict, name: str) -> Iterator[Row]:
    if name == "comprel_alpha":
        for scale, items in HOLZINGER.items():
            ours = reliability.alpha(data("holzinger_swineford1939")[items])["estimate"]
            yield from pairs(scale, value[scale], ours, CLOSED)
        return
    kind = "observed" if name.endswith("obs") else "model"
    ours = factor.composite_reliability(holzinger(), kind).set_index("factor")["estimate"]
    yield from pairs(kind, list(value.values()), ours[list(value)], FITTED)


@check("lq2002", "cfa3_comprel")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = factor.composite_reliability(lq_three()).set_index("factor")["estimate"]
    yield from pairs("observed", list(value.values()), ours[list(value)], FITTED)


@check("bfi", "cfa5_comprel", "cfa5_comprel_model")
def _(value: dict, name: str) -> Iterator[Row]:
    fit = factor.cfa(bfi(), BIG_FIVE)
    kind = "model" if name.endswith("model") else "observed"
    ours = factor.composite_reliability(fit, kind).set_index("factor")["estimate"]
    yield from pairs(kind, list(value.values()), ours[list(value)], FITTED)


LADDER = {"chisq": "chi2", "df": "df", "pvalue": "p", "cfi": "cfi", "tli": "tli", "rmsea": "rmsea",
          "rmsea.ci.lower": "rmsea_low", "rmsea.ci.upper": "rmsea_high", "srmr": "srmr",
          "aic": "aic",
          "bic": "bic", "logl": "loglik", "npar": "parameters", "ntotal": "n"}  # fmt: skip


@cache
def ladder(dataset: str) -> pd.DataFrame:
    steps = list(ladders.STEPS)
    if dataset == "bfi":
        three = {s: BIG_FIVE[s] for s in "ACN"}
        return ladders.invariance(bfi(), three, bfi()["gender"], steps).set_index("step")
    if dataset == "exlong":
        waves = {w: [f"y{i}t{w}" for i in (1, 2, 3)] for w in "123"}
        return ladders.invariance_over_waves(data("exlong"), waves).set_index("step")
    frame = data("holzinger_swineford1939")
    return ladders.invariance(frame, HOLZINGER, frame["school"], steps).set_index("step")


def ladder_rows(value: dict, dataset: str) -> Iterator[Row]:
    theirs = matrix(value)
    for name in theirs.index.intersection(list(LADDER)):
        tolerance = CHI2 if name == "chisq" or "ci" in name else FITTED
        ours = ladder(dataset).loc[list(theirs.columns), LADDER[name]]
        yield from pairs(name, theirs.loc[name], ours, tolerance)


@check("holzinger_swineford1939", "inv_fit")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from ladder_rows(value, "holzinger")


@check("bfi", "inv_gender_fit")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from ladder_rows(value, "bfi")


@check("exlong", "long_inv")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from ladder_rows(value, "exlong")


def lrt_rows(value: dict, dataset: str) -> Iterator[Row]:
    ours = ladder(dataset)
    for theirs, column in (("Chisq", "chi2"), ("Df", "df"), ("dChisq", "chi2_difference"),
                           ("dDf", "df_difference"), ("p", "p_difference")):  # fmt: skip
        yield from pairs(theirs, value[theirs], ours[column], CHI2 if "hisq" in theirs else FITTED)


@check("holzinger_swineford1939", "inv_lrt")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from lrt_rows(value, "holzinger")


@check("bfi", "inv_gender_lrt")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from lrt_rows(value, "bfi")


@check("exlong", "long_lrt")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from lrt_rows(value, "exlong")


@check("holzinger_swineford1939", "inv_delta")
def _(value: dict, _id: str) -> Iterator[Row]:
    theirs = matrix(value)
    for name in ("cfi", "rmsea"):
        yield from pairs(
            name, theirs.loc[name], ladder("holzinger")[f"{name}_difference"].iloc[1:], FITTED
        )
    for name in ("tli", "srmr"):
        yield from pairs(
            name, theirs.loc[name], ladder("holzinger")[name].astype(float).diff().iloc[1:], FITTED
        )


@check("holzinger_swineford1939", "inv_partial")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("holzinger_swineford1939")
    free = [("intercepts", "x3"), ("intercepts", "x7")]
    fit = factor.cfa(frame, HOLZINGER, frame["school"], ("loadings", "intercepts"), free)
    yield from fit_rows(value, fit)


@check("holzinger_swineford1939", "inv_latent_means")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("holzinger_swineford1939")
    table = factor.cfa(frame, HOLZINGER, frame["school"], ("loadings", "intercepts")).parameters
    ours = table[table["kind"] == "mean"].set_index("left")
    yield from pairs("mean", value["est"][3:], ours.loc[value["lhs"][3:], "estimate"], FITTED)
    yield from pairs("se", value["se"][3:], ours.loc[value["lhs"][3:], "se"], FITTED)


# --- aggregation ----------------------------------------------------------------------------------


def icc_rows(frame: pd.DataFrame, name: str, team: str, theirs: Any) -> Iterator[Row]:
    ours = aggregation.icc(frame, name, team)["estimate"]
    yield from pairs(name, theirs, ours, CLOSED)


@check("lq2002", "aov_LEAD", "aov_TSIG", "aov_HOSTILE")
def _(value: dict, name: str) -> Iterator[Row]:
    row = aggregation.icc(data("lq2002"), name[4:], "COMPID").iloc[0]
    for theirs, ours in (("df1", "df"), ("F", "statistic"), ("p", "p")):
        yield from pairs(theirs, value[theirs], row[ours], CLOSED)


@check("lq2002", *(f"icc{k}_{s}" for k in (1, 2) for s in ("LEAD", "TSIG", "HOSTILE")))
def _(value: float, name: str) -> Iterator[Row]:
    ours = aggregation.icc(data("lq2002"), name[5:], "COMPID")["estimate"]
    yield from pairs(name, value, ours[int(name[3]) - 1], CLOSED)


@check("bh1996", "icc_anova")
def _(value: dict, _id: str) -> Iterator[Row]:
    for name in value["cols"]:
        yield from icc_rows(data("bh1996"), name, "GRP", matrix(value)[name])


@check("klein2000", "icc")
def _(value: dict, _id: str) -> Iterator[Row]:
    for name in value["cols"]:
        yield from icc_rows(data("klein2000"), name, "GRPID", matrix(value)[name])


def reml_rows(frame: pd.DataFrame, team: str, value: dict) -> Iterator[Row]:
    for i, name in enumerate(value["Variable"]):
        theirs = [value["ICC1"][i], value["ICC2"][i]]
        yield from pairs(name, theirs, aggregation.icc_reml(frame, name, team)["estimate"], FITTED)


@check("lq2002", "multicc")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from reml_rows(data("lq2002"), "COMPID", value)


@check("bh1996", "icc_reml")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from reml_rows(data("bh1996"), "GRP", value)


def team_rows(
    value: dict, column: str, items: pd.DataFrame, team: Any, measure: str, null: Any = "uniform"
) -> Iterator[Row]:
    ours = aggregation.within_team_agreement(items, team, 5, measure, null)
    ours.index = ours["team"].astype(str)
    theirs = pd.Series(value[column], index=[str(g) for g in value["grpid"]])
    yield from pairs(column, theirs, ours.loc[theirs.index, "estimate"], CLOSED)


@check("lq2002", "rwg_single", "rwgj_uniform", "rwgj_slightskew", "ad_mean", "ad_median", "awg")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("lq2002")
    column, items, measure, null = {
        "rwg_single": ("rwg", ["LEAD01"], "rwg", "uniform"),
        "rwgj_uniform": ("rwg.j", LEAD, "rwg", "uniform"),
        "rwgj_slightskew": ("rwg.j", LEAD, "rwg", "slight skew"),
        "ad_mean": ("AD.M", LEAD, "ad", "uniform"),
        "ad_median": ("AD.M", LEAD, "ad_median", "uniform"),
        "awg": ("a.wg", LEAD, "awg", "uniform"),
    }[name]
    yield from team_rows(value, column, frame[items], frame["COMPID"], measure, null)


@check("lq2002", "rwgj_summary")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("lq2002")
    rows = aggregation.within_team_agreement(frame[LEAD], frame["COMPID"], 5)
    ours = aggregation.agreement_summary(rows)["estimate"]
    yield from pairs("median", value["median"], ours, CLOSED)
    yield from pairs("mean", value["mean"], rows["estimate"].mean(), CLOSED)
    yield from pairs("min", value["min"], rows["estimate"].min(), CLOSED)
    yield from pairs("max", value["max"], rows["estimate"].max(), CLOSED)


@check("cohesion", "rwgj_plt", "rwgj_unit", "rwg_coh01", "ad_unit", "ad_md_unit", "awg_unit")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("cohesion")
    items = frame.filter(like="COH")
    platoon = frame["UNIT"] + "." + frame["PLATOON"]
    if name == "rwg_coh01":
        yield from team_rows(value, "rwg", items[["COH01"]], platoon, "rwg")
        return
    team = platoon if name.endswith("plt") else frame["UNIT"]
    column = {"rwgj": "rwg.j", "ad": "AD.M", "awg": "a.wg"}[name.split("_")[0]]
    measure = {"rwgj": "rwg", "ad": "ad", "awg": "awg"}[name.split("_")[0]]
    measure = "ad_median" if name == "ad_md_unit" else measure
    yield from team_rows(value, column, items, team, measure)


@check("bh1996", "rwg_leadership_item")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("bh1996")
    full = {"rwg": list(value.values()), "grpid": list(value)}
    yield from team_rows(full, "rwg", frame[["LEAD"]], frame["GRP"], "rwg")


# --- mixed models and robust errors ---------------------------------------------------------------


def fixed_rows(value: dict, fixed: pd.DataFrame) -> Iterator[Row]:
    yield from pairs("estimate", value["Estimate"], fixed["estimate"], FITTED)
    yield from pairs("se", value["Std. Error"], fixed["se"], FITTED)
    yield from pairs("df", value["df"], fixed["df"], DF)
    yield from pairs("t", value["t value"], fixed["statistic"], CHI2)
    yield from pairs("p", value["Pr(>|t|)"], fixed["p"], FITTED)


def variance_rows(theirs: Any, fit: mixed.MixedFit) -> Iterator[Row]:
    yield from pairs("variance", list(theirs), fit.variance["estimate"], FITTED)


@cache
def klein(method: str = "REML", df: str = "satterthwaite") -> mixed.MixedFit:
    frame = data("klein2000")
    X = ones(frame, "PAY", "POSAFF")
    return mixed.fit_mixed(frame["JOBSAT"], X, frame["GRPID"], method=method, df=df)


@check("klein2000", "b_satt", "b_kr")
def _(value: dict, name: str) -> Iterator[Row]:
    df = "kenward-roger" if name == "b_kr" else "satterthwaite"
    yield from fixed_rows(value, klein(df=df).fixed)


@check("klein2000", "b_vc")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from variance_rows(value["reml"].values(), klein())
    yield from variance_rows(value["ml"].values(), klein("ML"))
    yield from pairs("loglik REML", value["ll_reml"], klein().loglik, FITTED)
    yield from pairs("loglik ML", value["ll_ml"], klein("ML").loglik, FITTED)


@check("klein2000", "null")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("klein2000")
    fit = mixed.fit_mixed(frame["JOBSAT"], ones(frame), frame["GRPID"])
    yield from pairs("b0", value["b0"], fit.fixed["estimate"], FITTED)
    yield from variance_rows([value["GRPID.(Intercept)"], value["resid"]], fit)


@cache
def bh() -> pd.DataFrame:
    frame = data("bh1996")
    return frame.assign(G=frame.groupby("GRP")["HRS"].transform("mean"))


@check("bh1996", "m0", "m1", "m1_vc")
def _(value: dict, name: str) -> Iterator[Row]:
    names = () if name == "m0" else ("HRS", "LEAD", "G")
    fit = mixed.fit_mixed(bh()["WBEING"], ones(bh(), *names), bh()["GRP"])
    if name == "m1":
        yield from fixed_rows(value, fit.fixed)
        return
    yield from variance_rows([value["GRP.(Intercept)"], value["resid"]], fit)
    if name == "m0":
        yield from pairs("b0", value["b0"], fit.fixed["estimate"], FITTED)
        yield from pairs("REML criterion", value["REMLcrit"], -2 * fit.loglik, FITTED)


@check("lq2002", "lmer0_reml", "lmer0_ml")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("lq2002")
    method = name.split("_")[1].upper()
    fit = mixed.fit_mixed(frame["LEAD"], ones(frame), frame["COMPID"], method=method)
    row = fit.fixed.iloc[0]
    yield from pairs("intercept", value["intercept"], row["estimate"], FITTED)
    yield from pairs("se", value["se"], row["se"], FITTED)
    yield from variance_rows([value["comp"], value["resid"]], fit)
    if method == "REML":
        yield from pairs("REML criterion", value["REMLcrit"], -2 * fit.loglik, FITTED)
        icc = aggregation.icc_reml(frame, "LEAD", "COMPID")["estimate"].iloc[0]
        yield from pairs("icc", value["icc"], icc, FITTED)
    else:
        yield from pairs("loglik", value["logLik"], fit.loglik, FITTED)
        yield from pairs("deviance", value["deviance"], -2 * fit.loglik, FITTED)


@cache
def lq(method: str = "REML", df: str = "satterthwaite") -> mixed.MixedFit:
    frame = data("lq2002")
    X = ones(frame, "LEAD", "TSIG")
    return mixed.fit_mixed(frame["HOSTILE"], X, frame["COMPID"], method=method, df=df)


@check("lq2002", "lmer1_satt", "lmer1_kr")
def _(value: dict, name: str) -> Iterator[Row]:
    df = "kenward-roger" if name.endswith("kr") else "satterthwaite"
    yield from fixed_rows(value, lq(df=df).fixed)


@check("lq2002", "lmer1_vc")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from variance_rows(value["reml"].values(), lq())
    yield from variance_rows(value["ml"].values(), lq("ML"))
    yield from pairs("loglik REML", value["logLik_reml"], lq().loglik, FITTED)
    yield from pairs("loglik ML", value["logLik_ml"], lq("ML").loglik, FITTED)


@check("lq2002", "lmer1_ml_fixef")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from pairs("estimate", matrix(value)["est"], lq("ML").fixed["estimate"], FITTED)
    yield from pairs("se", matrix(value)["se"], lq("ML").fixed["se"], FITTED)


@check("lq2002", "lmer2_within_between")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("lq2002")
    mean = frame.groupby("COMPID")["LEAD"].transform("mean")
    frame = frame.assign(within=frame["LEAD"] - mean, between=mean)
    X = ones(frame, "within", "between")
    yield from fixed_rows(value, mixed.fit_mixed(frame["HOSTILE"], X, frame["COMPID"]).fixed)


def robust_rows(value: dict, ours: pd.DataFrame) -> Iterator[Row]:
    for theirs, column in (("beta", "estimate"), ("SE", "se"), ("tstat", "statistic"),
                           ("df_Satt", "df"), ("p_Satt", "p")):  # fmt: skip
        yield from pairs(theirs, value[theirs], ours[column], CLOSED)


@check("lq2002", *(f"ols_{kind}" for kind in robust.KINDS))
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("lq2002")
    X = ones(frame, "LEAD", "TSIG")
    yield from robust_rows(
        value, robust.cluster_ols(frame["HOSTILE"], X, frame["COMPID"], name[4:])
    )


@check("lq2002", "ols_HC3", "ols_vcovCL")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("lq2002")
    cluster = frame.index if name == "ols_HC3" else frame["COMPID"]
    kind = "CR3" if name == "ols_HC3" else "CR1S"
    ours = robust.cluster_ols(frame["HOSTILE"], ones(frame, "LEAD", "TSIG"), cluster, kind)
    yield from pairs("se", list(value.values()), ours["se"], CLOSED)


@check("klein2000", "ols8_CR0", "ols8_CR1", "ols8_CR2")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("klein2000")
    frame = frame[frame["GRPID"] <= 8]
    X = ones(frame, "PAY", "POSAFF")
    yield from robust_rows(value, robust.cluster_ols(frame["JOBSAT"], X, frame["GRPID"], name[5:]))


@check("bh1996", "contextual")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from robust_rows(
        value, robust.cluster_ols(bh()["WBEING"], ones(bh(), "HRS", "G"), bh()["GRP"])
    )


@check("bfi", "lm_std")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = bfi().assign(female=bfi()["gender"] - 1.0)
    X = ones(frame, "female", "age", "education")
    ours = robust.cluster_ols(frame["N"], X, frame.index, "CR3")
    yield from pairs("estimate", matrix(value)["Estimate"], ours["estimate"], CLOSED)
    yield from pairs("HC3", matrix(value)["HC3"], ours["se"], CLOSED)


# --- descriptives, many tests ---------------------------------------------------------------------


@check("lq2002", "company_means", "company_sds", "n_by_company")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("lq2002").assign(score=scores.scale_scores(data("lq2002")[LEAD], [], 1, 5))
    rows = describe.mean_by(frame, "score", "COMPID")
    column = {"company_means": "estimate", "company_sds": "sd", "n_by_company": "n"}[name]
    yield from pairs(column, list(value.values()), rows[column], CLOSED)


@check("lq2002", "freq_items")
def _(value: dict, _id: str) -> Iterator[Row]:
    for item in value["cols"]:
        ours = describe.frequencies(data("lq2002"), item, None, range(1, 6))["count"]
        yield from pairs(item, matrix(value)[item], ours, CLOSED)


@check("lq2002", "freq_items_hostil")
def _(value: dict, _id: str) -> Iterator[Row]:
    for item in value["cols"]:
        ours = describe.frequencies(data("lq2002"), item, None, range(5))["count"]
        yield from pairs(item, matrix(value)[item], ours, CLOSED)


@check("bfi", "freq")
def _(value: dict, _id: str) -> Iterator[Row]:
    for item in value["cols"]:
        ours = describe.frequencies(data("bfi"), item, None, range(1, 7))["count"]
        yield from pairs(item, matrix(value)[item], ours, CLOSED)


@check("bfi", "score_desc")
def _(value: dict, _id: str) -> Iterator[Row]:
    for i, name in enumerate(value[".rows"]):
        row = describe.mean_by(bfi(), name).iloc[0]
        for theirs, ours in (("n", "n"), ("mean", "estimate"), ("sd", "sd"), ("se", "se")):
            yield from pairs(f"{name} {theirs}", value[theirs][i], row[ours], CLOSED)


@check("bfi", "mw_gender")
def _(value: dict, _id: str) -> Iterator[Row]:
    table = matrix(value)
    yield from pairs("holm", table["holm"], many_tests.holm(table["p"]), CLOSED)
    yield from pairs("BH", table["BH"], many_tests.benjamini_hochberg(table["p"]), CLOSED)


@check("bfi", "d_gender")
def _(value: dict, _id: str) -> Iterator[Row]:
    for name in value["rows"]:
        sd, df = effects.pooled_sd(bfi(), name, ["gender"])
        means = describe.mean_by(bfi(), name, "gender")["estimate"]
        d = (means[0] - means[1]) / sd
        yield from pairs(f"{name} d", matrix(value).loc[name, "d"], d, CLOSED)
        g = d * effects.hedges_factor(df)
        yield from pairs(f"{name} g", matrix(value).loc[name, "g"], g, CLOSED)


# --- agreement ------------------------------------------------------------------------------------


def wide(name: str) -> pd.DataFrame:
    return data(f"agree_{name}").iloc[:, 1:]


@check("agreement", *(f"kripp_{m}" for m in agreement.METRICS))
def _(value: dict, name: str) -> Iterator[Row]:
    row = agreement.krippendorff_alpha(wide("krippendorff_4x12"), name[6:]).iloc[0]
    yield from pairs("alpha", value["alpha"], row["estimate"], CLOSED)
    yield from pairs("units", value["units"], row["n"], CLOSED)


@check("agreement", "fleiss1971_kalpha", "shrout_fleiss_kalpha_interval", "sexualfun_ordinal_alpha")
def _(value: dict, name: str) -> Iterator[Row]:
    if name == "fleiss1971_kalpha":
        row = agreement.krippendorff_alpha(wide("fleiss1971")).iloc[0]
    elif name == "sexualfun_ordinal_alpha":
        frame = data("agree_sexualfun")[["Husband", "Wife"]]
        row = agreement.krippendorff_alpha(frame, "ordinal", FUN).iloc[0]
    else:
        row = agreement.krippendorff_alpha(wide("shrout_fleiss1979"), "interval").iloc[0]
    yield from pairs("alpha", value["alpha"], row["estimate"], CLOSED)
    yield from pairs("units", value["units"], row["n"], CLOSED)


def measure_of(ratings: pd.DataFrame, name: str) -> float:
    rows = agreement.code_agreement(ratings, draws=2).set_index("measure")
    return float(rows.loc[name, "estimate"])


@check("agreement", "gwet_krippendorff_table", "fleiss1971_AC1")
def _(value: dict, name: str) -> Iterator[Row]:
    ratings = wide("fleiss1971" if name.startswith("fleiss") else "krippendorff_4x12")
    yield from pairs("AC1", value["AC1"], measure_of(ratings, "AC1"), CLOSED)
    yield from pairs("pa", value["pa"], measure_of(ratings, "percent"), CLOSED)


@check("agreement", "fleiss1971")
def _(value: dict, _id: str) -> Iterator[Row]:
    row = agreement.fleiss_kappa(wide("fleiss1971")).iloc[0]
    yield from pairs("kappa", value["kappa"], row["estimate"], CLOSED)
    yield from pairs("se0", value["se0"], row["se"], CLOSED)
    yield from pairs("z", value["z"], row["statistic"], CLOSED)
    yield from pairs("Pbar", value["Pbar"], measure_of(wide("fleiss1971"), "percent"), CLOSED)


FUN = ["Never Fun", "Fairly Often", "Very Often", "Always fun"]
CERTAIN = ["Certain", "Probable", "Possible", "Doubtful"]


def kappa_rows(theirs: dict, row: pd.Series) -> Iterator[Row]:
    for name, column in (("kappa", "estimate"), ("ase", "se"), ("lo", "low"), ("hi", "high"),
                         ("value", "estimate"), ("ASE", "se")):  # fmt: skip
        if name in theirs:
            yield from pairs(name, theirs[name], row[column], CLOSED)


@check("agreement", "cohen1968_fleiss_cohen_everitt", "paradox")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("agree_cohen1968" if name.startswith("cohen") else "agree_paradox_2x2")
    row = agreement.agreement_of_two(frame["r1"], frame["r2"]).iloc[0]
    yield from kappa_rows(value if name.startswith("cohen") else value["kappa"], row)
    if name == "paradox":
        yield from pairs("AC1", value["AC1"]["AC1"], measure_of(frame, "AC1"), CLOSED)
        yield from pairs("alpha", value["alpha"]["alpha"], measure_of(frame, "alpha"), CLOSED)
        yield from pairs("PABAK", value["PABAK"], measure_of(frame, "Brennan-Prediger"), CLOSED)


@check("agreement", "cohen1968_psych")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("agree_cohen1968")
    plain = agreement.agreement_of_two(frame["r1"], frame["r2"])["estimate"]
    yield from pairs("kappa", value["kappa"], plain, CLOSED)
    weighted = agreement.agreement_of_two(frame["r1"], frame["r2"], "quadratic")["estimate"]
    yield from pairs("quadratic", value["weighted_quadratic"], weighted, CLOSED)


@check("agreement", "cohen1968_cohenweights")
def _(value: float, _id: str) -> Iterator[Row]:
    table = np.array([[0.44, 0.07, 0.09], [0.05, 0.2, 0.05], [0.01, 0.03, 0.06]])
    W = 1 - np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]]) / 6
    yield from pairs("weighted kappa", value, agreement.kappa_of(table, W)[0], CLOSED)


@check("agreement", "sexualfun_kappa", "sexualfun_kappa_fc")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("agree_sexualfun")
    both = (frame["Husband"], frame["Wife"])
    if name.endswith("fc"):
        yield from kappa_rows(value, agreement.agreement_of_two(*both, "quadratic", FUN).iloc[0])
        return
    yield from kappa_rows(
        value["unweighted"], agreement.agreement_of_two(*both, "none", FUN).iloc[0]
    )
    yield from kappa_rows(
        value["weighted"], agreement.agreement_of_two(*both, "linear", FUN).iloc[0]
    )


@check("agreement", "mspatients_by_city")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("agree_mspatients").set_axis(["new", "winnipeg", "city"], axis=1)
    for city, table in value.items():
        part = frame[frame["city"] == city]
        for row, kind in (("unweighted", "none"), ("weighted", "linear")):
            ours = agreement.agreement_of_two(part["new"], part["winnipeg"], kind, CERTAIN).iloc[0]
            yield from kappa_rows(matrix(table).loc[row].to_dict(), ours)


@check("agreement", "edge_constant")
def _(value: dict, _id: str) -> Iterator[Row]:
    row = agreement.krippendorff_alpha(wide("edge_constant")).iloc[0]
    yield from pairs("alpha", float(value["alpha"]), row["estimate"], CLOSED)


# --- weights --------------------------------------------------------------------------------------


@cache
def raked_bfi() -> pd.DataFrame:
    frame = bfi()[bfi()["education"].notna()].copy()
    age = pd.cut(frame["age"], [0, 24, 39, 120], labels=["<25", "25-39", "40+"])
    frame["age3"] = age.astype(str)
    targets = {
        "gender": {1: 4900, 2: 5100},
        "education": dict(zip(range(1, 6), (2000, 2500, 2500, 1800, 1200), strict=True)),
        "age3": {"<25": 1500, "25-39": 3500, "40+": 5000},
    }
    return frame.assign(weight=weights.rake(frame, targets))


@check("bfi", "rake_wsum")
def _(value: dict, _id: str) -> Iterator[Row]:
    w = raked_bfi()["weight"]
    effect = weights.design_effect(w)["estimate"]
    ours = {"sum": w.sum(), "min": w.min(), "max": w.max(), "deff": effect[0], "neff": effect[1]}
    for name, number in ours.items():
        yield from pairs(name, value[name], number, CLOSED)


@check("bfi", "rake_margins")
def _(value: dict, _id: str) -> Iterator[Row]:
    for theirs, column in (("gender", "gender"), ("edu", "education"), ("age3", "age3")):
        ours = raked_bfi().groupby(column)["weight"].sum()
        yield from pairs(theirs, list(value[theirs].values()), ours.sort_index(key=_order), CLOSED)


def _order(index: pd.Index) -> pd.Index:
    places = {"<25": 0, "25-39": 1, "40+": 2}
    return index.map(lambda label: places.get(label, label))


@check("bfi", "rake_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = raked_bfi().dropna(subset=["N", "O"])
    for name in ("N", "O"):
        ours = weights.weighted_mean(frame, name, "weight")["estimate"]
        yield from pairs(f"{name} mean", matrix(value).loc["mean", name], ours, CLOSED)


@check("bfi", "unw_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    row = weights.weighted_mean(raked_bfi().assign(w=1.0), "N", "w").iloc[0]
    yield from pairs("mean", value["mean"], row["estimate"], CLOSED)


@check("bfi", "post_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    counts = [900, 1100, 1300, 1200, 1250, 1250, 850, 950, 600, 600]
    cells = {(g, e): counts[2 * i + g - 1] for i, e in enumerate(range(1, 6)) for g in (1, 2)}
    frame = raked_bfi()[["gender", "education", "N"]].astype(float)
    frame["w"] = weights.post_stratify(frame, cells, ["gender", "education"])
    yield from pairs(
        "mean", value["mean"], weights.weighted_mean(frame, "N", "w")["estimate"], CLOSED
    )


@check("bfi", "trim_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    w = raked_bfi()["weight"]
    frame = raked_bfi().assign(t=weights.trim_between(w, w.mean() / 4, w.mean() * 4))
    yield from pairs(
        "mean", value["mean"], weights.weighted_mean(frame, "N", "t")["estimate"], CLOSED
    )


@cache
def schools() -> pd.DataFrame:
    frame = data("apiclus1")
    kind = {"E": 4421, "H": 755, "M": 1018}
    post = weights.post_stratify(frame, kind, ["stype"])
    raked = weights.rake(frame, {"stype": kind, "sch.wide": {"No": 1072, "Yes": 5122}}, base="pw")
    return frame.assign(post=post, raked=raked)


@check("api_weighting", "clus1_mean", "post", "rake_tight")
def _(value: dict, name: str) -> Iterator[Row]:
    column = {"clus1_mean": "pw", "post": "post", "rake_tight": "raked"}[name]
    for outcome in ("api00", "enroll"):
        ours = weights.weighted_mean(schools(), outcome, column)["estimate"]
        yield from pairs(f"{outcome} mean", matrix(value).loc[outcome, "mean"], ours, CLOSED)


# --- ordered answers ------------------------------------------------------------------------------


def clm_rows(value: dict, fit: ordinal.OrdinalFit, tolerance: tuple[str, float]) -> Iterator[Row]:
    table, ours = matrix(value.get("coef", value)), fit.coefficients
    yield from pairs("estimate", table["Estimate"], ours["estimate"], tolerance)
    yield from pairs("se", table["Std. Error"], ours["se"], tolerance)
    yield from pairs("p", table["Pr(>|z|)"], ours["p"], tolerance)
    if "logLik" in value:
        yield from pairs("loglik", value["logLik"], fit.loglik, tolerance)
    if "re_var" in value:
        yield from pairs("team variance", value["re_var"], fit.team_variance, tolerance)


def wine() -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    frame = data("ordinal_wine")
    X = {"temp": frame["temp"] == "warm", "contact": frame["contact"] == "yes"}
    return frame["rating"], pd.DataFrame(X).astype(float), frame["judge"]


@check("ordinal_wine", "clm", "clm_probit", "clmm_agq10")
def _(value: dict, name: str) -> Iterator[Row]:
    y, X, judge = wine()
    if name == "clmm_agq10":
        yield from clm_rows(value, ordinal.fit_ordinal(y, X, judge, nodes=10), CLMM)
    else:
        link = "probit" if name.endswith("probit") else "logit"
        yield from clm_rows(value, ordinal.fit_ordinal(y, X, link=link), FITTED)


@check("lq2002", "clm_logit", "clm_probit", "clmm_agq10")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("lq2002")
    team = frame["COMPID"] if name == "clmm_agq10" else None
    link = "probit" if name.endswith("probit") else "logit"
    fit = ordinal.fit_ordinal(frame["LEAD01"], frame[["TSIG"]], team, link, nodes=10)
    yield from clm_rows(value, fit, CLMM if team is not None else FITTED)


def nominal_rows(value: dict, ours: pd.DataFrame) -> Iterator[Row]:
    for theirs, column in (("LRT", "estimate"), ("Df", "df")):
        yield from pairs(theirs, value[theirs][1:], ours[column], FITTED)
    p = value.get("p", value.get("Pr(>Chi)"))
    yield from pairs("p", p[1:], ours["p"], FITTED)


@check("ordinal_wine", "nominal_test")
def _(value: dict, _id: str) -> Iterator[Row]:
    y, X, _judge = wine()
    yield from nominal_rows(value, proportional.proportional_odds(y, X))


@check("lq2002", "clm_nominal_test")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("lq2002")
    yield from nominal_rows(value, proportional.proportional_odds(frame["LEAD01"], frame[["TSIG"]]))


@check("lq2002", "lrt_company")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("lq2002")
    fit = mixed.fit_mixed(frame["LEAD"], ones(frame), frame["COMPID"], method="ML")
    n, spread = len(frame), frame["LEAD"].var(ddof=0)
    statistic = 2 * (fit.loglik + n / 2 * (np.log(2 * np.pi * spread) + 1))
    yield from pairs("LR", value["LR"], statistic, FITTED)
    yield from pairs("p_half", value["p_half"], organisations.mixture_p(statistic), FITTED)


# --- the tests ------------------------------------------------------------------------------------


@cache
def compared(dataset: str, name: str) -> tuple[Row, ...]:
    return tuple(CHECKS[(dataset, name)](gold(dataset)[name]))


def known() -> list[tuple[str, str]]:
    return [key for key in CHECKS if GOLD.exists() and key[1] in gold(key[0])]


@pytest.mark.parametrize(("dataset", "name"), known())
def test_equals_r(dataset: str, name: str) -> None:
    wrong = [row for row in compared(dataset, name) if not close(*row[1:])]
    assert not wrong, wrong[:5]


def numbers(value: Any) -> int:
    if isinstance(value, dict):
        kept = {
            k: v for k, v in value.items() if k not in (".rows", "rows", "cols", "lhs", "op", "rhs")
        }
        return sum(numbers(v) for v in kept.values())
    if isinstance(value, list):
        return sum(numbers(v) for v in value)
    return int(isinstance(value, int | float) and not isinstance(value, bool))


def test_table(capsys: pytest.CaptureFixture) -> None:
    rows, counts = [], []
    for path in sorted(GOLD.glob("*.json")):
        dataset = path.stem
        ids = [name for (d, name) in known() if d == dataset]
        done = sum(len(compared(dataset, name)) for name in ids)
        total = sum(numbers(v) for v in gold(dataset).values())
        counts.append((dataset, len(gold(dataset)), len(ids), total, done))
        for name in ids:
            for quantity, theirs, ours, tolerance in compared(dataset, name):
                rows.append(
                    (dataset, f"{name} {quantity}", theirs, ours, ours - theirs, *tolerance)
                )
    with capsys.disabled():
        if capsys_is_verbose():
            for row in rows:
                print(
                    f"{row[0]:24s} {row[1]:48s} {row[2]:>22.12g} {row[3]:>22.12g} {row[4]:>10.1e}"
                )
        print("\ndataset                  entries  computed  numbers  compared  not computed")
        for name, entries, ids, total, done in counts:
            print(f"{name:24s} {entries:7d} {ids:9d} {total:8d} {done:9d} {total - done:13d}")
        sums = np.sum([c[1:] for c in counts], axis=0)
        print(
            f"{'all':24s} {sums[0]:7d} {sums[1]:9d} {sums[2]:8d} {sums[3]:9d} "
            f"{sums[2] - sums[3]:13d}"
        )
    assert sums[1] >= 100


def capsys_is_verbose() -> bool:
    import sys

    return "-s" in sys.argv or "--capture=no" in sys.argv
