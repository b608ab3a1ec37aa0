"""Weights that make those who answered look like the staff: a sensitivity, never primary."""

from __future__ import annotations

import pandas as pd

from lostudy.analysis.asking import one_scale, protected, scale_label, span_of, unit_of
from lostudy.analysis.comparable import limits_of
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.analysis.worked import answers_of, compared_of, compared_waves, smaller
from lostudy.errors import DataError, Problem, StudyError
from lostudy.statistics.estimates import missing_row
from lostudy.statistics.everyone import ALL, WORKFORCE, all_answers
from lostudy.statistics.weights import design_effect, rake, trim
from lostudy.words import word

REFUSED = "a margin cannot carry weights: not weighted"


def weighted(view: View, scale: str | None = None) -> Result:
    """The workforce's change, weighted to the staff of each organisation and wave: a sensitivity.

    Raked to the margins that study.toml declares (`staff`), trimmed at five times the median. An
    organisation with a category of fewer than five answers is not weighted, and the note says so;
    then there is no total either. `n_eff` is what is left of n at the two waves (Kish).
    """
    scale = one_scale(view, scale)
    data = answers_of(view, scale).dropna(subset=["score"])
    weights = staff_weights(view, data)
    if weights is None:
        cure = "declare who the staff are under [organisations.staff] in study.toml"
        raise StudyError(Problem("no organisation can be weighted to its staff", cure))
    known = data.assign(weight=weights)
    kept = known.dropna(subset=["weight"])
    ends, level = compared_waves(view), view.study.plan.level
    place = ("score", "wave", "team", "organisation")
    rows = all_answers(kept, *place, *ends, weight="weight", level=level)
    table = _complete(view, rows, known, smaller(data, ends))
    by, people = ["scale", "organisation"], compared_of(view, [scale], WORKFORCE)
    table = table.assign(scale=scale, span=span_of(view, scale))
    safe = protected(view, table, by, "weighted", people)
    title = f"{scale_label(view, scale)}: {word('weighted_title', view.language)}"
    limits = limits_of(view, [scale], ends)
    return Result(title, safe, view.identity, unit=unit_of(view, [scale]), limits=limits)


def _complete(
    view: View, rows: pd.DataFrame, known: pd.DataFrame, sizes: pd.Series
) -> pd.DataFrame:
    """A row per organisation, also where weights were refused, and the total where none was."""
    made = rows.set_index("organisation").to_dict("index")
    refused = [name for name in view.organisations if name not in made]
    names = [*view.organisations, *([ALL] if len(view.organisations) > 1 else [])]
    found = []
    for name in names:
        blank = missing_row(n=0, method="", note=REFUSED)
        row: dict = blank if name in refused or (name == ALL and refused) else made[name]
        n = int(sizes.sum() if name == ALL else sizes.get(name, 0))
        left = "" if name == ALL or name in refused else _effective(view, known, name)
        found.append({**row, "organisation": name, "n": n, "n_eff": left})
    return pd.DataFrame(found).drop(columns="estimand", errors="ignore")


def _effective(view: View, known: pd.DataFrame, name: str) -> str:
    """The effective n of the two waves, rounded as persons are."""
    base, sizes = view.study.disclosure.round_to, []
    for wave in compared_waves(view):
        part = known[(known["organisation"] == name) & (known["wave"] == wave)]["weight"]
        effective = float(design_effect(part)["estimate"].iloc[1])
        sizes.append(str(int(base * round(effective / base))))
    return " → ".join(sizes)


def staff_weights(view: View, data: pd.DataFrame) -> pd.Series | None:
    """Raked and trimmed weights per organisation, mean 1; missing where refused; None if all are.

    Refused is an organisation without declared margins at one of the waves, or with fewer than five
    answers in a category. A person whose category is unknown weighs 1.
    """
    weights = pd.Series(float("nan"), index=data.index)
    for name in view.organisations:
        own, staff = data[data["organisation"] == name], view.study.organisation(name).staff
        made = [_raked(own[own["wave"] == w], staff.get(w)) for w in compared_waves(view)]
        for part in made:
            if all(each is not None for each in made) and part is not None:
                weights[part.index] = part
    return weights if weights.notna().any() else None


def _raked(rows: pd.DataFrame, margins: dict[str, dict[str, int]] | None) -> pd.Series | None:
    """The weights of one organisation at one wave, mean 1; None where they are refused."""
    sure = rows.dropna(subset=list(margins or {}))
    if not margins or sure.empty:
        return None
    try:
        made = trim(rake(sure, margins))
    except DataError:
        return None
    return (made / made.mean()).reindex(rows.index, fill_value=1.0)
