"""Does it hold? The planned result under every other choice the plan lists, and partly pooled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from lostudy.analysis.asking import one_scale, protected, scale_label, span_of, unit_of
from lostudy.analysis.comparable import limits_of
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.analysis.scoring import mean_scores, weighed_scores
from lostudy.analysis.weighing import staff_weights
from lostudy.analysis.worked import (
    answers_of,
    at_ends,
    changes_of,
    compared,
    compared_of,
    compared_waves,
    row_of,
)
from lostudy.statistics.combine import combined
from lostudy.statistics.estimates import missing_row
from lostudy.statistics.everyone import ALL, WORKFORCE, all_answers, workforce
from lostudy.statistics.linked import SAME_PEOPLE
from lostudy.statistics.pooling import partial_pooling
from lostudy.statistics.specifications import same_sign_share, without_one
from lostudy.words import word

BY = ["scale", "organisation", "estimand"]
PLACE = ("score", "wave", "team", "organisation")
KINDS = {
    "one_model": "estimator", "team_means": "estimator", "all_answers": "estimator",
    "by_persons": "estimator", "role": "background", "tenure": "background",
    "careless_kept": "records and scores", "complete_scales": "records and scores",
    "factor_scores": "records and scores", "raked": "weights", "without_a_team": "without a team",
    "without_an_organisation": "without an organisation",
}  # fmt: skip
TOGETHER = 50
OTHER_PERSONS = ("records and scores", "without a team", "without an organisation")


def specifications(view: View, scale: str | None = None) -> Result:
    """The workforce's change under every other choice in the plan, by kind of choice.

    Over all organisations, or in one organisation's own run for that one. Shown are the lowest and
    the highest estimate of a kind and how many have the sign of the planned one. Of choices that
    count other persons only the signs are shown: from the planned number and that without a team
    follows what the team answered. So for all choices where an organisation is hidden: two of them
    that weigh the organisations otherwise are two equations in what is hidden.
    """
    scale = one_scale(view, scale)
    curve, planned = tellable(view, scale), headline(view, scale)
    rows = []
    for kind in ["planned", *dict.fromkeys(KINDS.values())]:
        part = curve[curve["kind"] == kind] if kind != "planned" else planned.to_frame().T
        if len(part):
            rows.append(_range(kind, part, planned))
    table = pd.DataFrame(rows).assign(scale=scale, organisation=planned["organisation"],
                                    span=span_of(view, scale))  # fmt: skip
    by, people = ["scale", "organisation", "specification"], compared_of(view, [scale], WORKFORCE)
    safe = protected(view, table, by, "specifications", people)
    title = f"{scale_label(view, scale)}: {word('specifications_title', view.language)}"
    limits = limits_of(view, [scale], compared_waves(view))
    return Result(title, safe, view.identity, unit=unit_of(view, [scale]), limits=limits)


def _range(kind: str, part: pd.DataFrame, planned: pd.Series) -> dict[str, object]:
    known = part["estimate"].astype(float).dropna()
    same = int((np.sign(known) == np.sign(float(planned["estimate"]))).sum())
    row = missing_row(n=int(planned["n"]), method="", note="")
    told = kind == "planned" or bool(part["told"].all())
    if known.empty or not told:
        row["note"] = NOTHING if known.empty else SIGN_ONLY
    else:
        row["estimate"] = known.median()
    if len(known) > 1 and told:
        row.update(low=known.min(), high=known.max())
    return {"specification": kind, **row, "same_sign": f"{same}/{len(part)}"}


SIGN_ONLY = "only the sign is told"
NOTHING = "no choice of this kind can be made with these data"


def headline(view: View, scale: str) -> pd.Series:
    """The planned result a run is about: the workforce over all, or of its own organisation."""
    name = headline_name(view)
    found = row_of(changes_of(view, scale), name, WORKFORCE)
    missing = {"organisation": name, **missing_row(n=0, method="", note=""), "n": None}
    return pd.Series(missing) if found is None else found


def sign_share(view: View, scale: str) -> float:
    """The share of the specifications with the sign of the planned result."""
    return same_sign_share(curve_of(view, scale), float(headline(view, scale)["estimate"]))


def tellable(view: View, scale: str) -> pd.DataFrame:
    """The curve with `told`: whether a choice's estimate may be shown, or its sign only."""
    curve = curve_of(view, scale)
    return curve.assign(told=~curve["kind"].isin(OTHER_PERSONS) & all_shown(view, scale))


def all_shown(view: View, scale: str) -> bool:
    """Whether each organisation's workforce change may be shown. Worked out once."""
    if ("shown", scale) not in view.worked_out:
        rows = changes_of(view, scale)
        rows = rows[rows["estimand"].isin([SAME_PEOPLE, WORKFORCE])]
        table = rows.assign(scale=scale, span=span_of(view, scale))
        safe = protected(view, table, BY, "change", compared(view, scale))
        view.worked_out["shown", scale] = safe.table[safe.table["estimand"] == WORKFORCE]
    return bool((view.worked_out["shown", scale]["hidden"] == "").all())


def curve_of(view: View, scale: str) -> pd.DataFrame:
    """A row per specification: kind, specification, estimate and the rest. Worked out once."""
    if ("curve", scale) not in view.worked_out:
        view.worked_out["curve", scale] = _curve(view, scale)
    return view.worked_out["curve", scale]


def _curve(view: View, scale: str) -> pd.DataFrame:
    parts = []
    for name in view.study.plan.specifications:
        found = CHOICES[name](view, scale)
        if len(found):
            parts.append(found.assign(specification=name, kind=KINDS[name]))
    columns = ["kind", "specification", "estimate", "se", "df", "n", "method", "note"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def _total(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """The row of the headline: over all organisations, or the only one."""
    return rows[rows["organisation"] == headline_name(view)].iloc[:1]


def headline_name(view: View) -> str:
    """ALL where there are several organisations in view, else the one."""
    return ALL if len(view.organisations) > 1 else view.organisations[0]


def _model(view: View, data: pd.DataFrame, **more: object) -> pd.DataFrame:
    """The model's rows only, not those of the team means."""
    ends = compared_waves(view)
    return workforce(data, *PLACE, *ends, person="person", team_means=False, **more)  # type: ignore[arg-type]


def _one_model(view: View, scale: str) -> pd.DataFrame:
    """Two means per organisation in one model: of more than TOGETHER the work has no end."""
    if not 2 <= len(view.organisations) <= TOGETHER:
        return pd.DataFrame()
    return _total(view, _model(view, answers_of(view, scale), shared=True))


def _team_means(view: View, scale: str) -> pd.DataFrame:
    rows = changes_of(view, scale)
    return _total(view, rows[rows["estimand"] == "team means"])


def _all_answers(view: View, scale: str) -> pd.DataFrame:
    return _total(view, all_answers(answers_of(view, scale), *PLACE, *compared_waves(view)))


def _by_persons(view: View, scale: str) -> pd.DataFrame:
    rows = changes_of(view, scale)
    each = rows[(rows["estimand"] == WORKFORCE) & (rows["organisation"] != ALL)]
    return combined(each, each["n"].tolist()) if len(each) > 1 else pd.DataFrame()


def _background(name: str) -> Callable[[View, str], pd.DataFrame]:
    def choice(view: View, scale: str) -> pd.DataFrame:
        data = answers_of(view, scale).dropna(subset=[name])
        return _total(view, _model(view, data, covariates=[name])) if len(data) else pd.DataFrame()

    return choice


def _careless_kept(view: View, scale: str) -> pd.DataFrame:
    records = view.records
    kept = records[records["included"] | (records["exclusion"] == "careless")]
    if len(kept) == len(view.responses):
        return pd.DataFrame()
    scores = mean_scores(view.study, scale, kept, view.study.plan.answered_share)
    return _total(view, _model(view, at_ends(view, kept.assign(score=scores))))


def _scored(score: Callable[[View, str], pd.Series]) -> Callable[[View, str], pd.DataFrame]:
    def choice(view: View, scale: str) -> pd.DataFrame:
        data = at_ends(view, view.responses.assign(score=score(view, scale)))
        return _total(view, _model(view, data)) if data["score"].notna().any() else pd.DataFrame()

    return choice


def _raked(view: View, scale: str) -> pd.DataFrame:
    """Weights to the staff where the margins can carry them; elsewhere everybody counts once."""
    data = answers_of(view, scale)
    weights = staff_weights(view, data)
    if weights is None:
        return pd.DataFrame()
    known = data.assign(weight=weights.fillna(1.0))
    return _total(view, all_answers(known, *PLACE, *compared_waves(view), weight="weight"))


def _without_a_team(view: View, scale: str) -> pd.DataFrame:
    data = answers_of(view, scale)
    return without_one(data, "team", "organisation", lambda part: _model(view, part))


def _without_an_organisation(view: View, scale: str) -> pd.DataFrame:
    if len(view.organisations) < 3:
        return pd.DataFrame()
    data = answers_of(view, scale)
    return without_one(data, "organisation", "organisation", lambda part: _model(view, part))


CHOICES: dict[str, Callable[[View, str], pd.DataFrame]] = {
    "one_model": _one_model,
    "team_means": _team_means,
    "all_answers": _all_answers,
    "by_persons": _by_persons,
    "role": _background("role"),
    "tenure": _background("tenure"),
    "careless_kept": _careless_kept,
    "complete_scales": _scored(lambda v, s: mean_scores(v.study, s, v.responses, 1.0)),
    "factor_scores": _scored(lambda v, s: weighed_scores(v.study, s, v.responses)),
    "raked": _raked,
    "without_a_team": _without_a_team,
    "without_an_organisation": _without_an_organisation,
}


def pooling(view: View, scale: str | None = None) -> Result:
    """The organisations' changes drawn to each other under three priors for how much they differ.

    A sensitivity: these organisations cannot settle how much organisations differ, so the three are
    shown together. Needs three organisations in view. Every row is drawn from all organisations, so
    nothing is shown where one of them is hidden.
    """
    scale = one_scale(view, scale)
    rows = changes_of(view, scale)
    each = rows[(rows["estimand"] == WORKFORCE) & (rows["organisation"] != ALL)]
    sizes: dict[object, int] = dict(zip(each["organisation"], each["n"].fillna(0), strict=True))
    table = pooled(view, scale)
    whole = {"mean": headline_name(view), "spread": "spread"}
    named = table["what"].map(lambda what: whole.get(what, what))
    if not all_shown(view, scale):
        sizes = dict.fromkeys(sizes, 0)
    everyone = sum(sizes.values())
    table = table.assign(
        scale=scale,
        organisation=named,
        n=[sizes.get(name, everyone) for name in named],
        span=span_of(view, scale),
    )
    by: Sequence[str] = ["scale", "prior", "organisation"]
    people = compared_of(view, [scale], WORKFORCE)
    everybody = pd.concat([people, people.assign(organisation="spread")], ignore_index=True)
    safe = protected(view, table.drop(columns=["what", "se"]), list(by), "pooling", everybody)
    title = f"{scale_label(view, scale)}: {word('pooling_title', view.language)}"
    limits = limits_of(view, [scale], compared_waves(view))
    return Result(title, safe, view.identity, unit=unit_of(view, [scale]), limits=limits)


def pooled(view: View, scale: str) -> pd.DataFrame:
    """The organisations' changes partly pooled, not protected yet. Worked out once."""
    if ("pooled", scale) not in view.worked_out:
        rows = changes_of(view, scale)
        each = rows[(rows["estimand"] == WORKFORCE) & (rows["organisation"] != ALL)]
        found = partial_pooling(each, level=view.study.plan.level)
        view.worked_out["pooled", scale] = found
    return view.worked_out["pooled", scale]
