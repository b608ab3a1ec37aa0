"""What a notebook asks about change: how much, how sure, and what may be said of it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.analysis.asking import (
    chosen_scales,
    located,
    one_scale,
    protected,
    scale_label,
    unit_of,
)
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.errors import Problem, StudyError
from lostudy.statistics import change as changes
from lostudy.statistics.estimates import missing_row
from lostudy.statistics.judging import holm, wording
from lostudy.words import word

ALL = "all"


def change(view: View, scale: str | None = None) -> Result:
    """How much a scale changed from the first wave in view to the last, and what may be said.

    Both estimands: the same people (linked, paired) and the workforce (all answers, mixed model
    with team and person random), per organisation and over all with equal weights. `n` is the
    smaller number of persons of the two waves. `wording` is the strongest the evidence
    bears; an author may only weaken it.
    """
    scale = one_scale(view, scale)
    table, people = _judged(view, scale), _compared(view, scale)
    safe = protected(view, table, ["scale", "organisation", "estimand"], "change", people)
    ends = view.waves[0], view.waves[-1]
    title = f"{scale_label(view, scale)}: {word('change_title', view.language, *ends)}"
    return Result(title, safe, view.identity, unit=unit_of(view, [scale]))


def change_of_scales(view: View, scales: Sequence[str] | None = None) -> Result:
    """The change of several scales (default: those of the question), the workforce only."""
    chosen = chosen_scales(view, scales)
    table = pd.concat([_judged(view, scale) for scale in chosen], ignore_index=True)
    table = table[(table["estimand"] == changes.WORKFORCE) & (table["organisation"] != ALL)]
    people = pd.concat([_compared(view, scale) for scale in chosen], ignore_index=True)
    safe = protected(view, table, ["scale", "organisation", "estimand"], "change", people)
    title = word("changes_title", view.language, view.waves[0], view.waves[-1])
    return Result(title, safe, view.identity, unit=unit_of(view, chosen))


def _judged(view: View, scale: str) -> pd.DataFrame:
    """The changes of a scale with their wording, not protected yet."""
    if len(view.waves) < 2:
        what = "a change needs two waves"
        raise StudyError(Problem(what, "choose a later wave, or wave = 'all'"))
    table = _change_table(view, scale)
    table["wording"] = _wordings(view, scale, table)
    declared = view.study.scales[scale]
    kept = table[table["estimand"] != "team means"]
    return kept.assign(scale=scale, span=float(declared.maximum - declared.minimum))


def _compared(view: View, scale: str) -> pd.DataFrame:
    """Who stands behind the changes of a scale: at the last wave for it, at the first against it.

    Both comparisons are taken as differences of means; that the model of the workforce weighs
    persons a little otherwise hides nothing.
    """
    ends = {view.waves[0]: -1.0, view.waves[-1]: 1.0}
    scored = view.scored(scale)
    answered = scored[scored[scale].notna() & scored["wave"].isin(list(ends))]
    often = answered.groupby("person")["wave"].transform("nunique") == len(ends)
    parts = {changes.WORKFORCE: answered, changes.SAME_PEOPLE: answered[answered["linked"] & often]}
    keys = ["organisation", "wave", "person"]
    people = pd.concat([part[keys].assign(estimand=name) for name, part in parts.items()])
    sizes = people.groupby(["organisation", "wave", "estimand"])["person"].transform("nunique")
    return people.assign(
        scale=scale, moment=people["wave"], weight=people["wave"].map(ends) / sizes
    ).drop(columns="wave")


def _change_table(view: View, scale: str) -> pd.DataFrame:
    table = _changes(view, scale).copy()
    if view.organisation != "all":
        table = table[table["organisation"] == view.organisation]
    return table.reset_index(drop=True)


def _changes(view: View, scale: str) -> pd.DataFrame:
    """Both estimands of a scale; worked out once for a view."""
    if scale not in view.worked_out:
        view.worked_out[scale] = _work_out_changes(view, scale)
    return view.worked_out[scale]


def _work_out_changes(view: View, scale: str) -> pd.DataFrame:
    """Both estimands, with n as the smaller number of persons of the two waves."""
    ends = view.waves[0], view.waves[-1]
    scored = view.scored(scale)
    data = located(scored[scored["wave"].isin(ends)])
    sizes = _smaller(data.dropna(subset=[scale]), ends)
    usable = [name for name in view.organisations if sizes.get(name, 0) > 0]
    if not usable:
        return _not_asked(view.organisations)
    table = _both(data[data["organisation"].isin(usable)], scale, ends, view.study.plan.level)
    table.loc[table["method"] == changes.TEAM_MEANS, "estimand"] = "team means"
    own = table["estimand"] != changes.SAME_PEOPLE
    smaller = {**{str(name): int(size) for name, size in sizes.items()}, ALL: int(sizes.sum())}
    table.loc[own, "n"] = table.loc[own, "organisation"].map(smaller)
    return table if len(usable) > 1 else table[table["organisation"] != ALL]


def _smaller(answered: pd.DataFrame, ends: tuple[str, str]) -> pd.Series:
    """The smaller number of persons of the two waves, per organisation."""
    persons = answered.groupby(["organisation", "wave"])["person"].nunique().unstack("wave")
    return persons.reindex(columns=list(ends)).fillna(0).min(axis=1)


def _not_asked(organisations: list[str]) -> pd.DataFrame:
    note = {**missing_row(n=0, method="", note="not asked at both waves"), "n": None}
    estimands = (changes.SAME_PEOPLE, changes.WORKFORCE)
    return pd.DataFrame(
        [
            {"organisation": name, "estimand": estimand, **note}
            for name in organisations
            for estimand in estimands
        ]
    )


def _both(data: pd.DataFrame, scale: str, ends: tuple[str, str], level: float) -> pd.DataFrame:
    """The same people by paired differences, the workforce by the mixed model."""
    linked = data[data["linked"]].dropna(subset=["person"])
    paired = changes.same_people(
        linked, scale, "person", "wave", "team", *ends, "organisation", level
    )
    everyone = changes.workforce(
        data, scale, "wave", "team", "organisation", *ends, person="person", level=level
    )
    return pd.concat([paired, everyone], ignore_index=True)


def _wordings(view: View, scale: str, table: pd.DataFrame) -> list[str]:
    """The wording of each organisation and of all; only the pooled primary test may say "rose"."""
    said = {}
    adjusted = _adjusted_p(view, scale)
    for name, rows in table.groupby("organisation", sort=False):
        found = {str(row["estimand"]): row for _, row in rows.iterrows()}
        workforce, same = found.get(changes.WORKFORCE), found.get(changes.SAME_PEOPLE)
        signs = rows["estimate"].dropna() > 0
        share = max(signs.mean(), 1 - signs.mean()) if len(signs) else None
        p = adjusted if name == "all" else None
        said[name] = wording(
            missing_row(n=0, method="", note="") if workforce is None else workforce,
            same,
            p,
            share,
            view.study.plan.sesoi,
            view.study.plan.level,
        )
    return [said[name] for name in table["organisation"]]


def _adjusted_p(view: View, scale: str) -> float | None:
    """Holm's p of the pooled primary test among the primary tests of all learning questions."""
    primary = list(dict.fromkeys(question.primary for question in view.study.questions))
    if scale not in primary or view.organisation != "all":
        return None
    found = []
    for each in primary:
        rows = _changes(view, each)
        pooled = rows[(rows["organisation"] == "all") & (rows["estimand"] == changes.WORKFORCE)]
        found.append(float(pooled["p"].iloc[0]) if len(pooled) else float("nan"))
    value = float(holm(found)[primary.index(scale)])
    return None if value != value else value
