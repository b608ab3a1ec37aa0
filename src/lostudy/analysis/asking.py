"""What every verb asks first: which scales, which groups; and the one way out: protected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from lostudy.analysis.opening import View
from lostudy.disclosure import Safe, protect
from lostudy.disclosure.tables import HELP, NUMBERS, TEXTS
from lostudy.errors import DisclosureError, Problem, StudyError
from lostudy.words import word

BY = ("organisation", "wave", "role", "tenure")
ALL = "all"


def one_scale(view: View, scale: str | None) -> str:
    """The scale asked for, or the primary one of the question."""
    return chosen_scales(view, None if scale is None else [scale])[0]


def chosen_scales(view: View, scales: Sequence[str] | None) -> list[str]:
    """The scales asked for, each known; those of the question where none is named."""
    if isinstance(scales, str):
        scales = [scales]
    for name in (each for each in scales or () if each not in view.study.scales):
        known = ", ".join(view.study.scales)
        raise StudyError(Problem(f"scale '{name}' does not exist", f"one of: {known}"))
    return list(scales) if scales else own_scales(view)


def own_scales(view: View) -> list[str]:
    """The scales of the question in view, or all."""
    return (
        list(view.study.question(view.question_id).scales)
        if view.question_id
        else list(view.study.scales)
    )


def known_groups(by: Sequence[str], allowed: Sequence[str]) -> None:
    """Raise where groups are asked for that do not exist."""
    for name in (each for each in by if each not in allowed):
        raise StudyError(Problem(f"cannot split by '{name}'", f"by: {', '.join(allowed)}"))


def protected(
    view: View, table: pd.DataFrame, by: list[str], kind: str, people: pd.DataFrame
) -> Safe:
    """What may be seen of a table: its groups, numbers and words, under the study's policy.

    `people`: who stands behind each row, as `behind` gives them.
    """
    kept = [*by, *(each for each in (*NUMBERS, *HELP, "n", *TEXTS) if each in table)]
    whole = table[list(dict.fromkeys(kept))].astype({"n": "Int64"})
    return protect(whole, by=by, people=people, policy=view.study.disclosure, kind=kind)


def behind(frame: pd.DataFrame, value: str, by: Sequence[str], **same: str) -> pd.DataFrame:
    """Who stands behind estimates of `value` by groups: keys of persons, group and wave; no answer.

    `same`: columns that are the same for all of them, such as the scale.
    """
    answered = frame.loc[frame[value].notna(), list(dict.fromkeys([*by, "person", "wave"]))]
    return answered.assign(moment=answered["wave"], **same)[[*by, *same, "person", "moment"]]


def ends_of(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """The table with the least and the most that can be answered, by the scale of each row."""
    scales = [view.study.scales[scale] for scale in table["scale"]]
    return table.assign(
        minimum=[float(each.minimum) for each in scales],
        maximum=[float(each.maximum) for each in scales],
    )


def span_of(view: View, scale: str) -> float:
    """From the least to the most that the mean of a scale can be."""
    declared = view.study.scales[scale]
    return float(declared.maximum - declared.minimum)


def manager_apart(view: View, scale: str, by: Sequence[str]) -> None:
    """Refuse to split what is said of managers: a team's answers are about one person (D11)."""
    items = [view.study.items[item] for item in view.study.scales[scale].items]
    split = [name for name in by if name not in ("organisation", "wave")]
    if split and any(item.referent == "manager" for item in items):
        what = f"scale {scale} is about managers: by {' and '.join(split)} it would be about one"
        raise DisclosureError(Problem(what, "split by organisation and wave only"))


def every_group(view: View, table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The table with a row for each role and tenure that there is, those nobody answered for too.

    A row that is absent would tell that nobody of that group answered.
    """
    for each in (each for each in view.study.background if each.id in by):
        table = table.fillna({each.id: ALL})
        places = table[[name for name in by if name != each.id]].drop_duplicates()
        known = map(str, view.study.label_sets[each.labels].values)
        values = pd.DataFrame({each.id: [*known, ALL]})
        groups = places.merge(values, how="cross") if len(places.columns) else values
        table = groups.merge(table, how="left", on=list(by))
    return table.assign(n=table["n"].fillna(0).astype("int64"))


def with_totals(view: View, by: Sequence[str]) -> list[list[str]]:
    """The groups asked for, and those without a role or tenure: the whole beside its parts."""
    apart = [each.id for each in view.study.background if each.id in by]
    left_out = [each for size in range(len(apart) + 1) for each in combinations(apart, size)]
    return [[name for name in by if name not in each] for each in left_out]


def in_order(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of the declaration, not of the alphabet."""
    study = view.study
    order = {
        "organisation": [each.id for each in study.organisations],
        "wave": [each.id for each in study.waves],
    }
    for each in study.background:
        order[each.id] = [*map(str, study.label_sets[each.labels].values), ALL]
    keys = [str(column) for column in table if column in order]
    if not keys:
        return table
    ranks = {column: {value: rank for rank, value in enumerate(order[column])} for column in keys}
    places = pd.DataFrame({column: table[column].map(ranks[column]) for column in keys})
    return table.iloc[places.sort_values(keys).index].reset_index(drop=True)


def at_wave(frame: pd.DataFrame, wave: str) -> pd.DataFrame:
    """The rows of one wave."""
    return frame[frame["wave"] == wave]


def located(frame: pd.DataFrame) -> pd.DataFrame:
    """Teams named within their organisation; a person without a team stands alone."""
    team = frame["organisation"].astype("object") + "/" + frame["team"].astype("object")
    return frame.assign(team=team.where(frame["team"].notna(), None))


def scale_label(view: View, scale: str) -> str:
    """What a scale is called, in the language of the view."""
    return view.study.scales[scale].label(view.language)


def unit_of(view: View, scales: Sequence[str]) -> str:
    """Scale points, with the ends of every scale among them."""
    declared = [view.study.scales[scale] for scale in scales]
    ends = dict.fromkeys(f"{each.minimum}–{each.maximum}" for each in declared)
    return word("scale_points", view.language, " / ".join(ends))


def joined(names: Sequence[str], language: str) -> str:
    """Names in a sentence: the first and the second."""
    return f" {'en' if language == 'nl' else 'and'} ".join(word(name, language) for name in names)
