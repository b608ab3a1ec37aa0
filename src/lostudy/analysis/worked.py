"""The change of a scale as every verb needs it: both estimands, worked out once for a view.

Nothing here is protected yet: no function of this module is a verb of a notebook.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.analysis.asking import located
from lostudy.analysis.opening import View
from lostudy.errors import Problem, StudyError
from lostudy.statistics.estimates import missing_row
from lostudy.statistics.everyone import ALL, TEAM_MEANS, WORKFORCE, workforce
from lostudy.statistics.linked import SAME_PEOPLE, same_people
from lostudy.study.plan import contrast

NOT_ASKED = "not asked at both waves"
COLUMNS = ["organisation", "wave", "team", "person", "linked", "role", "tenure", "score"]


def compared_waves(view: View) -> tuple[str, str]:
    """The waves of the planned contrast; where the view ends before it, the first and the last.

    Raises StudyError where there is one wave only.
    """
    if len(view.waves) < 2:
        what = "a change needs two waves"
        raise StudyError(Problem(what, "choose a later wave, or wave = 'all'"))
    planned = contrast(view.study)
    return planned if set(planned) <= set(view.waves) else (view.waves[0], view.waves[-1])


def answers_of(view: View, scale: str) -> pd.DataFrame:
    """A row per record of the two waves: COLUMNS, with the planned scores. Worked out once."""
    if ("answers", scale) not in view.worked_out:
        scored = view.scored(scale).rename(columns={scale: "score"})
        view.worked_out["answers", scale] = at_ends(view, scored)
    return view.worked_out["answers", scale]


def at_ends(view: View, scored: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS of the records of the two waves, teams named within their organisation."""
    known = scored[COLUMNS]
    return located(known[known["wave"].isin(compared_waves(view))]).reset_index(drop=True)


def changes_of(view: View, scale: str) -> pd.DataFrame:
    """Both estimands per organisation and over all, `n` the smaller number of persons of the waves.

    The change of team means stands there as a third estimand, "team means". Worked out once.
    """
    if ("change", scale) not in view.worked_out:
        view.worked_out["change", scale] = _work_out(view, scale)
    return view.worked_out["change", scale]


def _work_out(view: View, scale: str) -> pd.DataFrame:
    ends, data = compared_waves(view), answers_of(view, scale)
    level = view.study.plan.level
    place = ("score", "wave", "team")
    linked = data[data["linked"]].dropna(subset=["person"])
    paired = same_people(
        linked, "score", "person", "wave", "team", *ends, organisation="organisation", level=level
    )
    staff = workforce(data, *place, "organisation", *ends, person="person", level=level)
    staff.loc[staff["method"] == TEAM_MEANS, "estimand"] = "team means"
    table = pd.concat([paired, staff], ignore_index=True)
    sizes = smaller(data.dropna(subset=["score"]), ends)
    own = table["estimand"] != SAME_PEOPLE
    sizes[ALL] = int(sizes.sum())
    table.loc[own, "n"] = table.loc[own, "organisation"].map(sizes).fillna(0).astype(int)
    return _complete(view, table, sizes)


def compared(view: View, scale: str) -> pd.DataFrame:
    """Who stands behind the changes of a scale: at the last wave for it, at the first against it.

    Both estimands are taken as differences of means; that the model of the workforce weighs persons
    a little otherwise hides nothing. Keys of persons with estimand, organisation, moment, weight.
    Worked out once.
    """
    if ("compared", scale) not in view.worked_out:
        view.worked_out["compared", scale] = _compare(view, scale)
    return view.worked_out["compared", scale]


def _compare(view: View, scale: str) -> pd.DataFrame:
    first, last = compared_waves(view)
    answered = answers_of(view, scale).dropna(subset=["score"])
    often = answered.groupby("person")["wave"].transform("nunique") == 2
    parts = {WORKFORCE: answered, SAME_PEOPLE: answered[answered["linked"] & often]}
    keys = ["organisation", "wave", "person"]
    people = pd.concat([part[keys].assign(estimand=name) for name, part in parts.items()])
    sizes = people.groupby(["organisation", "wave", "estimand"])["person"].transform("nunique")
    signs = people["wave"].map({first: -1.0, last: 1.0})
    return people.assign(scale=scale, moment=people["wave"], weight=signs / sizes).drop(
        columns="wave"
    )


def compared_of(view: View, scales: Sequence[str], estimand: str | None = None) -> pd.DataFrame:
    """Who stands behind the changes of several scales; of one estimand, without its name."""
    people = pd.concat([compared(view, scale) for scale in scales], ignore_index=True)
    if estimand is None:
        return people
    return people[people["estimand"] == estimand].drop(columns="estimand")


def smaller(answered: pd.DataFrame, ends: tuple[str, str]) -> pd.Series:
    """The smaller number of persons of the two waves, per organisation."""
    persons = answered.groupby(["organisation", "wave"])["person"].nunique().unstack("wave")
    return persons.reindex(columns=list(ends)).fillna(0).min(axis=1).astype(int)


def _complete(view: View, table: pd.DataFrame, sizes: pd.Series) -> pd.DataFrame:
    """A row for every organisation in view; where one was not asked twice there is no total."""
    absent = [name for name in view.organisations if sizes.get(name, 0) == 0]
    kept = table[~table["organisation"].isin([*absent, *([ALL] if absent else [])])]
    nothing = {**missing_row(n=0, method="", note=NOT_ASKED), "n": None}
    totals = [ALL] if absent and len(view.organisations) > 1 else []
    more = [
        {"organisation": name, "estimand": estimand, **nothing}
        for name in [*absent, *totals]
        for estimand in (SAME_PEOPLE, WORKFORCE)
    ]
    whole = pd.concat([kept, pd.DataFrame(more)], ignore_index=True) if more else kept
    order = {name: place for place, name in enumerate([*view.organisations, ALL])}
    kinds = {SAME_PEOPLE: 0, WORKFORCE: 1, "team means": 2}
    ranks = [whole["estimand"].map(kinds), whole["organisation"].map(order)]
    places = pd.concat(ranks, axis=1).set_axis(["kind", "who"], axis=1)
    return whole.loc[places.sort_values(["kind", "who"]).index].reset_index(drop=True)


def row_of(table: pd.DataFrame, organisation: str, estimand: str) -> pd.Series | None:
    """The row of one organisation and estimand, if there is one."""
    found = table[(table["organisation"] == organisation) & (table["estimand"] == estimand)]
    return found.iloc[0] if len(found) else None
