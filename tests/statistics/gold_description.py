"""Descriptives, many tests, coders and weights beside those of R."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
from gold_values import CLOSED, FITTED, LEAD, Row, bfi, check, data, matrix, pairs

from lostudy.statistics import (
    agreement,
    coding,
    describe,
    effects,
    kappas,
    many_tests,
    raters,
    scores,
    survey_design,
    weights,
)


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
        men, women = (bfi().loc[bfi()["gender"] == sex, name] for sex in (1, 2))
        rows = effects.two_group_difference(men, women).set_index("measure")
        for measure in ("d", "g"):
            for end, column in (("lo", "low"), ("hi", "high")):
                theirs = matrix(value).loc[name, f"{measure}_{end}"]
                ours = rows.loc[measure, column]
                yield from pairs(f"{name} {measure} {end}", theirs, ours, FITTED)


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
    rows = coding.code_agreement(ratings, draws=2).set_index("measure")
    return float(rows.loc[name, "estimate"])


@check("agreement", "gwet_krippendorff_table", "fleiss1971_AC1")
def _(value: dict, name: str) -> Iterator[Row]:
    ratings = wide("fleiss1971" if name.startswith("fleiss") else "krippendorff_4x12")
    yield from pairs("AC1", value["AC1"], measure_of(ratings, "AC1"), CLOSED)
    yield from pairs("pa", value["pa"], measure_of(ratings, "percent"), CLOSED)


@check("agreement", "fleiss1971")
def _(value: dict, _id: str) -> Iterator[Row]:
    row = kappas.fleiss_kappa(wide("fleiss1971")).iloc[0]
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
    row = kappas.agreement_of_two(frame["r1"], frame["r2"]).iloc[0]
    yield from kappa_rows(value if name.startswith("cohen") else value["kappa"], row)
    if name == "paradox":
        yield from pairs("AC1", value["AC1"]["AC1"], measure_of(frame, "AC1"), CLOSED)
        yield from pairs("alpha", value["alpha"]["alpha"], measure_of(frame, "alpha"), CLOSED)
        yield from pairs("PABAK", value["PABAK"], measure_of(frame, "Brennan-Prediger"), CLOSED)


@check("agreement", "cohen1968_psych")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("agree_cohen1968")
    plain = kappas.agreement_of_two(frame["r1"], frame["r2"])["estimate"]
    yield from pairs("kappa", value["kappa"], plain, CLOSED)
    weighted = kappas.agreement_of_two(frame["r1"], frame["r2"], "quadratic")["estimate"]
    yield from pairs("quadratic", value["weighted_quadratic"], weighted, CLOSED)


@check("agreement", "cohen1968_cohenweights")
def _(value: float, _id: str) -> Iterator[Row]:
    table = np.array([[0.44, 0.07, 0.09], [0.05, 0.2, 0.05], [0.01, 0.03, 0.06]])
    W = 1 - np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]]) / 6
    yield from pairs("weighted kappa", value, kappas.kappa_of(table, W)[0], CLOSED)


@check("agreement", "sexualfun_kappa", "sexualfun_kappa_fc")
def _(value: dict, name: str) -> Iterator[Row]:
    frame = data("agree_sexualfun")
    both = (frame["Husband"], frame["Wife"])
    if name.endswith("fc"):
        yield from kappa_rows(value, kappas.agreement_of_two(*both, "quadratic", FUN).iloc[0])
        return
    yield from kappa_rows(
        value["unweighted"], kappas.agreement_of_two(*both, "none", FUN).iloc[0]
    )
    yield from kappa_rows(
        value["weighted"], kappas.agreement_of_two(*both, "linear", FUN).iloc[0]
    )


@check("agreement", "mspatients_by_city")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("agree_mspatients").set_axis(["new", "winnipeg", "city"], axis=1)
    for city, table in value.items():
        part = frame[frame["city"] == city]
        for row, kind in (("unweighted", "none"), ("weighted", "linear")):
            ours = kappas.agreement_of_two(part["new"], part["winnipeg"], kind, CERTAIN).iloc[0]
            yield from kappa_rows(matrix(table).loc[row].to_dict(), ours)


@check("agreement", "edge_constant")
def _(value: dict, _id: str) -> Iterator[Row]:
    row = agreement.krippendorff_alpha(wide("edge_constant")).iloc[0]
    yield from pairs("alpha", float(value["alpha"]), row["estimate"], CLOSED)


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


SURVEY = survey_design.SurveyDesign


def mean_rows(theirs: pd.Series, frame: pd.DataFrame, name: str, design: SURVEY) -> Iterator[Row]:
    row = survey_design.design_mean(frame, name, design).iloc[0]
    yield from pairs(f"{name} mean", theirs["mean"], row["estimate"], CLOSED)
    yield from pairs(f"{name} se", theirs["se"], row["se"], CLOSED)


def drawn(weight: str, margins: tuple[str, ...] = (), cells: bool = False) -> SURVEY:
    base = "pw" if margins else None
    return SURVEY(weight, "dnum", population="fpc", margins=margins, base=base, cells=cells)


@check("api_weighting", "clus1_mean", "post", "rake_tight")
def _(value: dict, name: str) -> Iterator[Row]:
    design = {
        "clus1_mean": drawn("pw"), "post": drawn("post", ("stype",), True),
        "rake_tight": drawn("raked", ("stype", "sch.wide")),
    }[name]  # fmt: skip
    for outcome in ("api00", "enroll"):
        yield from mean_rows(matrix(value).loc[outcome], schools(), outcome, design)


@check("api_weighting", "clus1_total")
def _(value: dict, _id: str) -> Iterator[Row]:
    row = survey_design.design_total(schools(), "enroll", drawn("pw")).iloc[0]
    yield from pairs("total", value["total"], row["estimate"], CLOSED)
    yield from pairs("se", value["se"], row["se"], CLOSED)


STRATA = SURVEY("pw", strata="stype", population="fpc")


@check("api_weighting", "strat_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    for outcome in ("api00", "enroll"):
        yield from mean_rows(matrix(value).loc[outcome], data("apistrat"), outcome, STRATA)


@check("api_weighting", "strat_by")
def _(value: dict, _id: str) -> Iterator[Row]:
    for i, kind in enumerate(value["stype"]):
        part = data("apistrat").assign(api00=data("apistrat")["api00"].where(
            data("apistrat")["stype"] == kind))  # fmt: skip
        theirs = pd.Series({"mean": value["mean"][i], "se": value["se"][i]})
        yield from mean_rows(theirs, part, "api00", STRATA)


@check("api_weighting", "strat_deff")
def _(value: float, _id: str) -> Iterator[Row]:
    row = survey_design.design_mean(data("apistrat"), "api00", STRATA).iloc[0]
    yield from pairs("effect", value, row["effect"], CLOSED)


MARGINS = ("gender", "education", "age3")


@check("bfi", "rake_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = raked_bfi().assign(O=raked_bfi()["O"].where(raked_bfi()["N"].notna()))
    frame = frame.assign(N=frame["N"].where(frame["O"].notna()))
    for name in ("N", "O"):
        yield from mean_rows(matrix(value)[name], frame, name, SURVEY("weight", margins=MARGINS))


@check("bfi", "calib_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from mean_rows(pd.Series(value), raked_bfi(), "N", SURVEY("weight", margins=MARGINS))


@check("bfi", "unw_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    yield from mean_rows(pd.Series(value), raked_bfi().assign(w=1.0), "N", SURVEY("w"))


@check("bfi", "post_mean")
def _(value: dict, _id: str) -> Iterator[Row]:
    counts = [900, 1100, 1300, 1200, 1250, 1250, 850, 950, 600, 600]
    cells = {(g, e): counts[2 * i + g - 1] for i, e in enumerate(range(1, 6)) for g in (1, 2)}
    by = ["gender", "education"]
    frame = raked_bfi()[[*by, "N"]].astype(float)
    frame["w"] = weights.post_stratify(frame, cells, by)
    yield from mean_rows(pd.Series(value), frame, "N", SURVEY("w", margins=tuple(by), cells=True))


@check("bfi", "rake_cells")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = raked_bfi()
    sex = frame["gender"].map({1: "male", 2: "female"})
    cells = sex + "." + frame["education"].astype(int).astype(str) + "." + frame["age3"]
    ours = frame["weight"].groupby(cells).mean()
    yield from pairs("weight", list(value.values()), ours[list(value)], CLOSED)


@check("agreement", "shrout_fleiss")
def _(value: dict, _id: str) -> Iterator[Row]:
    ours = raters.rater_icc(wide("shrout_fleiss1979"))
    for theirs, column in (("ICC", "estimate"), ("F", "statistic"), ("df1", "df"), ("df2", "df2"),
                           ("p", "p"), ("lo", "low"), ("hi", "high")):  # fmt: skip
        yield from pairs(theirs, value[theirs], ours[column], CLOSED)


@check("cohesion", "n")
def _(value: dict, _id: str) -> Iterator[Row]:
    frame = data("cohesion")
    team = frame["UNIT"] + "." + frame["PLATOON"]
    rows = describe.mean_by(frame.assign(team=team), "COH01", "team").set_index("team")
    yield from pairs("n", list(value.values()), rows.loc[list(value), "n"], CLOSED)

