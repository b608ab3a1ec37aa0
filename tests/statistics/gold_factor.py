"""Factor models and invariance beside those of R."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
from gold_values import (
    BIG_FIVE,
    CHI2,
    CLOSED,
    FITTED,
    HOLZINGER,
    HOSTIL,
    LEAD,
    TSIG,
    Row,
    bfi,
    check,
    data,
    matrix,
    pairs,
)

from lostudy.statistics import categorical, composite, factor, ladders, reliability, strain

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
    if "rmsea.pvalue" in theirs:
        yield from pairs("close fit", theirs["rmsea.pvalue"], table.loc["rmsea", "p"], FITTED)
    if "baseline.chisq" in theirs:
        row = table.loc["baseline"]
        yield from pairs("baseline", theirs["baseline.chisq"], row["estimate"], CHI2)
        yield from pairs("baseline df", theirs["baseline.df"], row["df"], CLOSED)
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
        if column == "standardised":
            ours = found["standardised_se"].fillna(0.0)
            yield from pairs(f"se {left}{op}{right}", value["se"][i], ours, FITTED)
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
    ours = table[table["kind"] == "loading"].set_index("left").loc[value["item"]]
    yield from pairs("std loading", value["est"], ours["standardised"], FITTED)
    yield from pairs("se", value["se"], ours["standardised_se"], FITTED)


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
    ours = composite.composite_reliability(holzinger(), kind).set_index("factor")["estimate"]
    yield from pairs(kind, list(value.values()), ours[list(value)], FITTED)


@check("lq2002", "cfa3_comprel")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = composite.composite_reliability(lq_three()).set_index("factor")["estimate"]
    yield from pairs("observed", list(value.values()), ours[list(value)], FITTED)


@check("bfi", "cfa5_comprel", "cfa5_comprel_model")
def _(value: dict, name: str) -> Iterator[Row]:
    fit = factor.cfa(bfi(), BIG_FIVE)
    kind = "model" if name.endswith("model") else "observed"
    ours = composite.composite_reliability(fit, kind).set_index("factor")["estimate"]
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


@check("bfi", "cfa5_fiml")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from fit_rows(value, full_information())


@cache
def full_information() -> factor.CfaFit:
    return factor.cfa(bfi(), BIG_FIVE, missing="fiml")


@check("bfi", "cfa5_fiml_std")
def _(value: dict, _id: str) -> Iterator[Row]:
    table = full_information().parameters
    ours = table[table["kind"] == "loading"].set_index("left").loc[value["item"]]
    yield from pairs("std loading", value["est"], ours["standardised"], FITTED)
    yield from pairs("se", value["se"], ours["standardised_se"], FITTED)


@cache
def robust_three() -> factor.CfaFit:
    return factor.cfa(data("lq2002"), {"L": LEAD, "S": TSIG, "H": HOSTIL}, errors="robust")


@check("lq2002", "cfa3_mlr_fit")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from fit_rows(value, robust_three())
    table = robust_three().measures.set_index("measure")
    scaled = {"chisq": "chi2", "cfi": "cfi", "tli": "tli", "rmsea": "rmsea"}
    for theirs, ours in scaled.items():
        tolerance = CHI2 if theirs == "chisq" else FITTED
        row = table.loc[f"{ours} scaled", "estimate"]
        yield from pairs(f"{theirs} scaled", value[f"{theirs}.scaled"], row, tolerance)
        if f"{theirs}.robust" in value:
            row = table.loc[f"{ours} robust", "estimate"]
            yield from pairs(f"{theirs} robust", value[f"{theirs}.robust"], row, FITTED)
    factor_ = table.loc["scaling", "estimate"]
    yield from pairs("scaling", value["chisq.scaling.factor"], factor_, FITTED)
    yield from pairs("df scaled", value["df.scaled"], table.loc["chi2 scaled", "df"], CLOSED)
    for end, ours in (("lower", "low"), ("upper", "high")):
        row = table.loc["rmsea robust", ours]
        yield from pairs(f"rmsea {end}", value[f"rmsea.ci.{end}.robust"], row, CHI2)


ORDINAL = {
    ("lq2002", "cfa1_cat_fit"): {"L": LEAD},
    ("lq2002", "cfa3_cat_fit"): {"L": LEAD, "S": TSIG, "H": HOSTIL},
    ("datcat", "wlsmv_fit"): {"F1": ["u1", "u2", "u3", "u4"], "F2": ["u5", "u6", "u7", "u8"]},
}


@cache
def ordered(dataset: str, name: str) -> categorical.OrdinalCfa:
    return categorical.ordinal_cfa(data(dataset), ORDINAL[dataset, name])


def ordinal_rows(value: dict, fit: categorical.OrdinalCfa) -> Iterator[Row]:
    table = fit.measures.set_index("measure")
    names = {"chisq": "chi2", "npar": "parameters"}
    for name, theirs in value.items():
        word = " scaled" if name.endswith("scaled") else ""
        plain = name.removesuffix(".scaled")
        if plain in ("df", "pvalue"):
            column, row = ("df" if plain == "df" else "p"), f"chi2{word}"
        elif plain.startswith("rmsea.ci"):
            column, row = ("low" if "lower" in plain else "high"), f"rmsea{word}"
        else:
            column, row = "estimate", f"{names.get(plain, plain)}{word}"
        yield from pairs(name, theirs, table.loc[row, column], CHI2 if "chi" in row else FITTED)


for (_dataset, _name), _factors in ORDINAL.items():

    @check(_dataset, _name)
    def _(value: dict, name: str, dataset: str = _dataset) -> Iterator[Row]:
        yield from ordinal_rows(value, ordered(dataset, name))


@check("lq2002", "cfa1_cat_std")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = ordered("lq2002", "cfa1_cat_fit").parameters["estimate"]
    yield from pairs("std loading", list(value.values()), ours, FITTED)


@check("datcat", "wlsmv_std")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = ordered("datcat", "wlsmv_fit").parameters["estimate"][:8]
    yield from pairs("std loading", list(value.values()), ours, FITTED)


@check("datcat", "comprel")
def _(value: dict, _id: str) -> Iterator[Row]:
    fit = ordered("datcat", "wlsmv_fit")
    for name, kind in (("obs", "observed"), ("model", "model")):
        ours = categorical.categorical_reliability(fit, kind)["estimate"]
        yield from pairs(name, matrix(value).loc[name], ours, FITTED)


@check("lq2002", "cfa1_par")
def _(value: dict, _id: str) -> Iterator[Row]:
    fit = factor.cfa(data("lq2002"), {"L": LEAD}, metric="factor variance")
    yield from parameter_rows(value, fit, "estimate", True)


@check("lq2002", "ave")
def _(value: float, _id: str) -> Iterator[Row]:
    fit = factor.cfa(data("lq2002"), {"L": LEAD})
    yield from pairs("AVE", value, composite.average_variance(fit)["estimate"], FITTED)


@check("lq2002", "cfa3_htmt")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = composite.htmt(data("lq2002"), {"L": LEAD, "S": TSIG, "H": HOSTIL})["estimate"]
    theirs = np.array(value["data"], dtype=float)
    yield from pairs("htmt", [theirs[1, 0], theirs[2, 0], theirs[2, 1]], ours, CLOSED)


@check("holzinger_swineford1939", "reliability")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame, theirs = data("holzinger_swineford1939"), matrix(value)
    alphas = [reliability.alpha(frame[items])["estimate"].item() for items in HOLZINGER.values()]
    ours = {
        "alpha": alphas,
        "omega": composite.composite_reliability(holzinger(), "model")["estimate"],
        "omega2": composite.composite_reliability(holzinger(), "model")["estimate"],
        "omega3": composite.composite_reliability(holzinger())["estimate"],
        "avevar": composite.average_variance(holzinger())["estimate"],
    }
    for name in theirs.index:
        yield from pairs(name, theirs.loc[name], ours[name], CLOSED if name == "alpha" else FITTED)


@check("holzinger_swineford1939", "comprel_total")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = composite.composite_reliability(holzinger(), total=True)["estimate"]
    yield from pairs("omega", list(value.values()), ours, FITTED)


@check("holzinger_swineford1939", "modindices")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = strain.modification_indices(holzinger()).head(len(value["mi"]))
    yield from pairs("index", value["mi"], ours["estimate"], CHI2)
    yield from pairs("change", value["epc"], ours["change"], CHI2)
    for i, row in enumerate(ours.itertuples()):
        theirs = {value["lhs"][i], value["rhs"][i]}
        yield from pairs(f"pair {i}", 1, int(theirs == {row.left, row.right}), CLOSED)


@check("holzinger_swineford1939", "score_test")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("holzinger_swineford1939")
    fit = factor.cfa(frame, HOLZINGER, frame["school"], ("loadings", "intercepts"))
    ours = strain.equality_tests(fit).head(len(value["X2"]))
    yield from pairs("chi-square", value["X2"], ours["estimate"], CHI2)
    yield from pairs("p", value["p"], ours["p"], FITTED)


@check("exlong", "long_means")
def _(value: dict, _id: str) -> Iterator[Row]:
    waves = {w: [f"y{i}t{w}" for i in (1, 2, 3)] for w in "123"}
    equal = ("loadings", "intercepts")
    fit = ladders.cfa_over_waves(data("exlong"), waves, equal, metric="factor variance")
    means = fit.parameters[fit.parameters["kind"] == "mean"]["estimate"]
    yield from pairs("mean", list(value.values())[1:], means, FITTED)
