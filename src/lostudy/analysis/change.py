"""What a notebook asks about change: how much, how sure, and what may be said of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lostudy.analysis.asking import (
    chosen_scales,
    one_scale,
    protected,
    scale_label,
    span_of,
    unit_of,
)
from lostudy.analysis.comparable import limits_of
from lostudy.analysis.evidence import remarks
from lostudy.analysis.opening import View
from lostudy.analysis.planned import adjusted_p, family, sizes_of_effect
from lostudy.analysis.result import Result
from lostudy.analysis.robustness import BY, sign_share
from lostudy.analysis.worked import (
    answers_of,
    changes_of,
    compared,
    compared_of,
    compared_waves,
    row_of,
)
from lostudy.statistics.estimates import missing_row
from lostudy.statistics.everyone import ALL, WORKFORCE
from lostudy.statistics.judging import wording
from lostudy.statistics.linked import SAME_PEOPLE
from lostudy.statistics.linked import turnover as turned_over
from lostudy.words import word


def change(view: View, scale: str | None = None) -> Result:
    """How much a scale changed over the planned waves, and what may be said of it.

    Both estimands: the same people (linked, paired) and the workforce (all answers, a mixed model
    per organisation with team and person random), per organisation and over all with equal weights.
    `n` is the smaller number of persons of the two waves. `wording` is the strongest the evidence
    bears; an author may only weaken it. Under the table: the family in the plan, the turnover, the
    adjusted test, the effect size, and how far it holds under the other choices of the plan.
    """
    scale = one_scale(view, scale)
    table, people = judged(view, scale), compared(view, scale)
    safe = protected(view, table, BY, "change", people)
    ends = compared_waves(view)
    title = f"{scale_label(view, scale)}: {word('change_title', view.language, *ends)}"
    said = remarks(view, scale, safe, turnover(view))
    return Result(_labelled(view, title, [scale]), safe, view.identity, unit_of(view, [scale]),
                  remarks=said, limits=limits_of(view, [scale], ends))  # fmt: skip


def change_of_scales(view: View, scales: Sequence[str] | None = None) -> Result:
    """The change of several scales (default: those of the question), the workforce only.

    Per organisation; of more than fit on a page, all together as well.
    """
    chosen = chosen_scales(view, scales)
    table = pd.concat([judged(view, scale) for scale in chosen], ignore_index=True)
    table = table[(table["estimand"] == WORKFORCE) & (view.many | (table["organisation"] != ALL))]
    safe = protected(view, table, BY, "change", compared_of(view, chosen))
    ends = compared_waves(view)
    title = _labelled(view, word("changes_title", view.language, *ends), chosen)
    limits = limits_of(view, chosen, ends)
    return Result(title, safe, view.identity, unit_of(view, chosen), limits=limits)


def effects(view: View, scales: Sequence[str] | None = None) -> Result:
    """The change in standard deviations: Hedges-corrected, with intervals that allow for teams.

    Of the same people and of the workforce, per organisation and over all. The standard deviation
    is the pooled one within organisations and waves.
    """
    chosen = chosen_scales(view, scales)
    table = pd.concat([sizes_of_effect(view, scale) for scale in chosen], ignore_index=True)
    safe = protected(view, table, BY, "effects", compared_of(view, chosen))
    ends = compared_waves(view)
    title = _labelled(view, word("effects_title", view.language, *ends), chosen)
    limits = limits_of(view, chosen, ends)
    return Result(title, safe, view.identity, word("in_sd", view.language), limits=limits)


def turnover(view: View) -> Result:
    """Who is behind a change: persons at the first wave, at the last, and at both.

    Numbers are rounded by the policy; those who left or came are never shown alone.
    """
    first, last = compared_waves(view)
    data = answers_of(view, next(iter(view.study.scales)))
    data = data.assign(person=data["person"].where(data["linked"], None))
    found = turned_over(data, "person", "wave", first, last, "organisation")
    found = found[found["organisation"] != ALL] if len(view.organisations) == 1 else found
    steps = {"first": first, "last": last, "both": "both"}
    long = found[["organisation", *steps]].rename(columns=steps)
    long = long.melt(["organisation"], var_name="step", value_name="n")
    order = {name: place for place, name in enumerate([*view.organisations, ALL])}
    long = long.sort_values("organisation", key=lambda names: names.map(order), kind="stable")
    safe = protected(view, long, ["organisation", "step"], "turnover", _stayed(view))
    title = word("turnover_title", view.language, first, last)
    return Result(title, safe, view.identity, wide="step")


def _stayed(view: View) -> pd.DataFrame:
    """Who is counted: persons at the first wave, at the last, and at both."""
    first, last = compared_waves(view)
    data = answers_of(view, next(iter(view.study.scales)))
    linked = data[data["linked"]]
    often = linked.groupby("person")["wave"].transform("nunique") == 2
    parts = {wave: data[data["wave"] == wave] for wave in (first, last)}
    parts["both"] = linked[often]
    keys = ["organisation", "person"]
    return pd.concat([part[keys].assign(step=step) for step, part in parts.items()])


def judged(view: View, scale: str) -> pd.DataFrame:
    """The changes of a scale with their wording and family, not protected yet."""
    table = changes_of(view, scale).copy()
    names = {name: _wording(view, scale, str(name)) for name in table["organisation"].unique()}
    table["wording"] = [names[name] for name in table["organisation"]]
    kept = table[table["estimand"].isin([SAME_PEOPLE, WORKFORCE])]
    return kept.assign(scale=scale, family=family(view, scale), span=span_of(view, scale))


def _wording(view: View, scale: str, name: str) -> str:
    """The wording of one organisation, or of all; only the planned primary test may say "rose"."""
    table, plan = changes_of(view, scale), view.study.plan
    staff = row_of(table, name, WORKFORCE)
    same = row_of(table, name, SAME_PEOPLE)
    p = adjusted_p(view, scale) if name == ALL else None
    share = sign_share(view, scale) if p is not None and np.isfinite(p) else None
    nothing = missing_row(n=0, method="", note="")
    return wording(nothing if staff is None else staff, same, p, share, plan.sesoi, plan.level)


def _labelled(view: View, title: str, scales: Sequence[str]) -> str:
    """The title, with what in it is exploratory."""
    free = [scale for scale in scales if family(view, scale) == "exploratory"]
    if not free:
        return title
    names = "" if len(free) == len(scales) else ": " + ", ".join(scale_label(view, s) for s in free)
    return f"{title} ({word('exploratory', view.language)}{names})"
