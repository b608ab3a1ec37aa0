"""What was planned: families of outcomes, their tests, and effect sizes beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy.analysis.asking import protected, span_of, unit_of
from lostudy.analysis.comparable import limits_of
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.analysis.worked import (
    answers_of,
    changes_of,
    compared_of,
    compared_waves,
    row_of,
)
from lostudy.statistics.effects import pooled_sd, standardised
from lostudy.statistics.everyone import ALL, WORKFORCE
from lostudy.statistics.judging import equivalence
from lostudy.statistics.linked import SAME_PEOPLE
from lostudy.statistics.many_tests import family_tests
from lostudy.study.plan import EXPLORATORY, PRIMARY, SECONDARY, family_of, outcomes
from lostudy.words import word

PLANNED = ["scale", "family", "estimate", "low", "high", "p", "n", "equivalence", "method", "note"]


def family(view: View, scale: str) -> str:
    """Primary, secondary or exploratory: by the plan in force, for the waves compared in view."""
    return family_of(view.study, scale, compared_waves(view))


def planned_tests(view: View, name: str) -> pd.DataFrame:
    """A row per outcome of a family: the workforce's change over all organisations, tested.

    `p`, `adjusted` (Holm over the primary, Benjamini-Hochberg over the secondary family) and
    `equivalence` (p of two one-sided tests against the smallest change of interest).
    """
    if ("tests", name) not in view.worked_out:
        rows = [
            {"scale": scale, "family": family(view, scale), **_pooled(view, scale)}
            for scale in outcomes(view.study, name)
        ]
        view.worked_out["tests", name] = family_tests(pd.DataFrame(rows, columns=PLANNED))
    return view.worked_out["tests", name]


def _pooled(view: View, scale: str) -> dict[str, object]:
    row = row_of(changes_of(view, scale), ALL, WORKFORCE)
    if row is None:
        return {"n": None}
    plan = view.study.plan
    margin = equivalence(row["estimate"], row["se"], row["df"], plan.sesoi, row["n"], plan.level)
    kept = {name: row[name] for name in ("estimate", "low", "high", "p", "n", "method", "note")}
    return {**kept, "equivalence": float(margin["p"].item())}


def adjusted_p(view: View, scale: str) -> float | None:
    """Holm's p of a primary outcome over all organisations; None where it is not one."""
    if view.organisation != "all" or family(view, scale) != PRIMARY:
        return None
    rows = planned_tests(view, PRIMARY)
    value = float(rows.loc[rows["scale"] == scale, "adjusted"].iloc[0])
    return None if np.isnan(value) else value


def tests(view: View) -> Result:
    """The planned tests, over all organisations: adjusted per family, with equivalence beside them.

    Only what stands in the frozen plan is tested. In an organisation's own run, and where the plan
    was changed or the waves are others, there is no test and no p.
    """
    families = (PRIMARY, SECONDARY)
    scales = [scale for name in families for scale in outcomes(view.study, name)]
    planned = view.organisation == "all" and len(view.organisations) > 1
    rows = (
        pd.concat([planned_tests(view, name) for name in families], ignore_index=True)
        if planned
        else _own(view, scales)
    )
    if not planned or (rows["family"] == EXPLORATORY).all():
        rows = rows.assign(adjusted=np.nan, equivalence=np.nan)
    table = rows.assign(
        organisation=ALL if planned else view.organisations[0],
        adjusted=[shown_p(value) for value in rows["adjusted"]],
        equivalence=[shown_p(value) for value in rows["equivalence"]],
    )
    kept = ["scale", "organisation", "family", "estimate", "low", "high", "n", "adjusted",
            "equivalence", "method", "note", "span"]  # fmt: skip
    table["span"] = [span_of(view, scale) for scale in table["scale"]]
    people = compared_of(view, scales, WORKFORCE)
    safe = protected(view, table[kept], ["scale", "organisation"], "tests", people)
    ends = compared_waves(view)
    title, limits = word("tests_title", view.language, *ends), limits_of(view, scales, ends)
    return Result(title, safe, view.identity, unit=unit_of(view, scales), limits=limits)


def _own(view: View, scales: list[str]) -> pd.DataFrame:
    name = view.organisations[0]
    found = [row_of(changes_of(view, scale), name, WORKFORCE) for scale in scales]
    rows = [row for row in found if row is not None]
    families = [family(view, s) for s, row in zip(scales, found, strict=True) if row is not None]
    known = [s for s, row in zip(scales, found, strict=True) if row is not None]
    return pd.DataFrame(rows).assign(scale=known, family=families)


def shown_p(p: float) -> str:
    """A p as it is printed, with a point: three decimals, never 0; nothing where there is none.

    >>> shown_p(.0123), shown_p(.0002), shown_p(float("nan"))
    ('0.012', '<0.001', '')
    """
    if p != p:
        return ""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def sizes_of_effect(view: View, scale: str) -> pd.DataFrame:
    """Both estimands in standard deviations within organisation and wave, not protected yet.

    An organisation is measured by its own standard deviation, so that its size is the same in its
    own run; "all" by that of all organisations, pooled.
    """
    data, level = answers_of(view, scale), view.study.plan.level
    rows = changes_of(view, scale)
    rows = rows[rows["estimand"].isin([SAME_PEOPLE, WORKFORCE])]
    found = []
    for name, part in rows.groupby("organisation", sort=False):
        own = data if name == ALL else data[data["organisation"] == name]
        sd, df = pooled_sd(own, "score", ["organisation", "wave"])
        keys = part[["organisation", "estimand", "estimate", "se", "df", "n", "note"]]
        found.append(standardised(keys, sd, df, level))
    order = {SAME_PEOPLE: 0, WORKFORCE: 1}
    table = pd.concat(found, ignore_index=True).assign(scale=scale)
    return table.sort_values("estimand", key=lambda names: names.map(order), kind="stable")
