"""Reliability, item statistics and correlations beside those of R."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from gold_values import (
    BIG_FIVE,
    CLOSED,
    FITTED,
    LEAD,
    POLY,
    SCALES,
    Row,
    bfi,
    check,
    data,
    matrix,
    pairs,
)

from lostudy.statistics import (
    categorical,
    correlations,
    item_analysis,
    polychorics,
    reliability,
)
from lostudy.statistics.onefactor import one_factor


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
        ours = item_analysis.item_rest(items())
        for theirs, column in (("r.drop", "estimate"), ("mean", "mean"), ("sd", "sd"), ("n", "n")):
            yield from pairs(theirs, value[theirs], ours[column], CLOSED)

    @check(dataset, f"alpha_drop_{name}", f"adrop_{name}")
    def _(value: dict, _id: str) -> Iterator[Row]:
        ours = item_analysis.alpha_if_dropped(items())["estimate"]
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


DESCRIBED = {"n": "n", "mean": "estimate", "sd": "sd", "median": "median", "min": "min",
             "trimmed": "trimmed", "mad": "mad", "max": "max", "skew": "skew",
             "kurtosis": "kurtosis", "se": "se"}  # fmt: skip


@check("lq2002", "desc_items", "desc_items_type2")
def _(value: dict, name: str) -> Iterator[Row]:
    items = [item for scale in SCALES.values() for item in scale]
    ours = item_analysis.item_statistics(data("lq2002")[items], 2 if name.endswith("type2") else 3)
    for theirs, column in DESCRIBED.items():
        if theirs in value:
            yield from pairs(theirs, value[theirs], ours[column], CLOSED)
    if "vars" in value:
        yield from pairs("range", value["range"], ours["max"] - ours["min"], CLOSED)
        yield from pairs("vars", value["vars"], np.arange(len(items)) + 1, CLOSED)


@check("bfi", "desc")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = item_analysis.item_statistics(data("bfi").iloc[:, 1:26])
    for theirs, column in DESCRIBED.items():
        if theirs in value:
            yield from pairs(theirs, value[theirs], ours[column], CLOSED)


@check("bfi", "missing")
def _(value: dict, _id: str) -> Iterator[Row]:
    for name, count in value.items():
        ours = item_analysis.item_statistics(data("bfi")[[name]])["missing"]
        yield from pairs(name, count, ours, CLOSED)


@check("lq2002", "cor_items")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = correlations.correlation_matrix(data("lq2002")[LEAD])
    yield from pairs("r", value["data"], ours, CLOSED)


@check("lq2002", "cor_spearman")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = correlations.correlation_matrix(data("lq2002")[value["rows"]], "spearman")
    yield from pairs("rho", value["data"], ours, CLOSED)


@check("bfi", "score_cor")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = correlations.correlation_matrix(bfi()[value["rows"]])
    yield from pairs("r", value["data"], ours, CLOSED)


@check("lq2002", "cor_test_lead_tsig")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("lq2002")
    row = correlations.correlation_interval(frame["LEAD"], frame["TSIG"]).iloc[0]
    for theirs, ours in (("r", "estimate"), ("lo", "low"), ("hi", "high"), ("t", "statistic"),
                         ("df", "df"), ("p", "p")):  # fmt: skip
        yield from pairs(theirs, value[theirs], row[ours], CLOSED)


@check("lq2002", "kmo_LEAD", "kmo_TSIG", "kmo_HOSTIL")
def _(value: dict, name: str) -> Iterator[Row]:
    ours = correlations.sampling_adequacy(data("lq2002")[SCALES[name[4:]]])["estimate"]
    yield from pairs("MSA", list(value.values()), ours, CLOSED)


@check("lq2002", "bartlett_LEAD", "bartlett_TSIG", "bartlett_HOSTIL")
def _(value: dict, name: str) -> Iterator[Row]:
    row = correlations.sphericity(data("lq2002")[SCALES[name[9:]]]).iloc[0]
    for theirs, ours in (("chisq", "estimate"), ("df", "df"), ("p", "p")):
        yield from pairs(theirs, value[theirs], row[ours], CLOSED)


@check("lq2002", "statsBy")
def _(value: dict, _id: str) -> Iterator[Row]:
    names = ["LEAD", "TSIG", "HOSTILE"]
    rows = correlations.within_between(data("lq2002"), names, "COMPID")
    for matrix_name, level in (("rwg", "within"), ("rbg", "between")):
        theirs = matrix(value[matrix_name]).to_numpy()
        ours = rows[rows["level"] == level]["estimate"]
        yield from pairs(level, theirs[np.triu_indices(3, 1)], ours, CLOSED)
    for name, level in (("etawg", "within"), ("etabg", "between")):
        part = rows[rows["level"] == level].drop_duplicates("one").set_index("one")["share"]
        both = part.reindex(names[:2])
        yield from pairs(name, np.diag(value[name]["data"])[:2], both, CLOSED)
    for i, measure in enumerate(("ICC1", "ICC2")):
        from lostudy.statistics.aggregation import icc

        for name in names:
            ours = icc(data("lq2002"), name, "COMPID")["estimate"][i]
            yield from pairs(f"{measure} {name}", value[measure][name], ours, CLOSED)


@check("bfi", *(f"omega_{s}" for s in "ACENO"))
def _(value: float, name: str) -> Iterator[Row]:
    items = bfi()[BIG_FIVE[name[-1]]]
    ours = reliability.omega(items, "unique", "pairwise", "minres", standardised=True)
    yield from pairs("omega total", value, ours["estimate"], FITTED)


@check("lq2002", "poly_omega")
def _(value: float, _id: str) -> Iterator[Row]:
    R = polychorics.polychoric(data("lq2002")[LEAD]).to_numpy()
    fit = one_factor(R, "minres")
    ours = reliability.omega_of(fit.loadings, fit.unique, R, "unique")
    yield from pairs("omega", value, ours, POLY)


CATEGORICAL = {
    "comprel_cat": ("observed", "ordinal"),
    "comprel_cat_latent": ("observed", "latent"),
    "comprel_cat_modelvar": ("model", "ordinal"),
    "comprel_cat_latent_modelvar": ("model", "latent"),
}


@check("lq2002", *CATEGORICAL)
def _(value: float, name: str) -> Iterator[Row]:
    ours = categorical.categorical_omega(data("lq2002")[LEAD], *CATEGORICAL[name])
    yield from pairs("omega", value, ours["estimate"], FITTED)


@check("lq2002", "comprel_cat_TSIG_HOSTIL")
def _(value: dict, _id: str) -> Iterator[Row]:
    for name, theirs in value.items():
        scale, kind = name.split("_")
        kind = "observed" if kind == "obs" else "model"
        ours = categorical.categorical_omega(data("lq2002")[SCALES[scale]], kind)["estimate"]
        yield from pairs(name, theirs, ours, FITTED)


@check("bfi", "cat_omega_N")
def _(value: dict, _id: str) -> Iterator[Row]:
    for name, kind in (("obs", "observed"), ("model", "model")):
        ours = categorical.categorical_omega(bfi()[BIG_FIVE["N"]], kind)["estimate"]
        yield from pairs(name, value[name], ours, FITTED)


@check("lq2002", "reliability_cat")
def _(value: dict, _id: str) -> Iterator[Row]:
    items = data("lq2002")[LEAD]
    fit = categorical.ordinal_cfa(items, {"one": LEAD})
    ours = {
        "alpha": reliability.alpha(items)["estimate"],
        "alpha.ord": reliability.ordinal_alpha(items)["estimate"],
        "omega": categorical.categorical_omega(items, "model")["estimate"],
        "omega2": categorical.categorical_omega(items, "model")["estimate"],
        "omega3": categorical.categorical_omega(items)["estimate"],
        "avevar": (fit.loadings**2).mean(),
    }
    for name, theirs in value.items():
        tolerance = POLY if name == "alpha.ord" else FITTED
        yield from pairs(name, theirs, ours[name], CLOSED if name == "alpha" else tolerance)


@check("lq2002", "scale_mean_check")
def _(value: dict, _id: str) -> Iterator[Row]:
    from lostudy.statistics.scores import scale_scores

    frame = data("lq2002")
    for name, theirs in value.items():
        items = SCALES["HOSTIL" if name == "HOSTILE" else name]
        low, high = (0, 4) if name == "HOSTILE" else (1, 5)
        ours = (frame[name] - scale_scores(frame[items], [], low, high)).abs().max()
        yield from pairs(name, theirs, ours, ("absolute", 1e-9))
