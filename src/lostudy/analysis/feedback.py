"""What an organisation reads in its own report: itself beside the others together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from lostudy.analysis.asking import (
    at_wave,
    behind,
    chosen_scales,
    ends_of,
    located,
    protected,
    unit_of,
)
from lostudy.analysis.comparable import limits_of
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.disclosure import stacked
from lostudy.errors import Problem, StudyError
from lostudy.statistics.describe import mean_by
from lostudy.words import word

OTHERS, FEWEST = "others", 3
BY = ["scale", "organisation", "wave"]


def beside_others(view: View, scales: Sequence[str] | None = None) -> Result:
    """The mean of several scales at the last wave, of one organisation and of the others together.

    The others stand there only where at least three of them have as many persons as may be
    published: fewer would tell one of them what another scored. They are a mean over persons.
    Raises StudyError where the view is of all organisations.
    """
    if view.organisation == "all":
        what = "an organisation beside the others, in a report over all"
        raise StudyError(Problem(what, "open one organisation"))
    wave, chosen = view.waves[-1], chosen_scales(view, scales)
    own, keys = _levels(view, chosen, wave, [view.organisation])
    safe = protected(view, own, BY, "levels", keys)
    around = replace(
        view, study=view.general or view.study, organisation="all", worked_out={}
    )
    names = [name for name in around.organisations if name != view.organisation]
    rest, people = _levels(around, chosen, wave, names)
    together = stacked(safe, protected(around, rest, BY, "levels", people), "beside_others")
    title = word("beside_others_title", view.language, wave)
    limits = limits_of(around, chosen, [wave])
    return Result(title, together, view.identity, unit=unit_of(view, chosen), limits=limits)


def _levels(
    view: View, scales: list[str], wave: str, names: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The mean of each scale over these organisations, and who stands behind it."""
    tables, people = [], []
    label = names[0] if names == [view.organisation] else OTHERS
    for scale in scales:
        scored = located(at_wave(view.scored(scale), wave)).dropna(subset=[scale])
        part = scored[scored["organisation"].isin(_enough(view, scored, names, label))]
        table = mean_by(part, scale, None, team="team", level=view.study.plan.level)
        tables.append(table.assign(scale=scale, organisation=label, wave=wave))
        keys = behind(part, scale, ["organisation"], scale=scale).assign(wave=wave)
        people.append(keys.assign(organisation=label))
    return ends_of(view, pd.concat(tables, ignore_index=True)), pd.concat(people, ignore_index=True)


def _enough(view: View, scored: pd.DataFrame, names: list[str], label: str) -> list[str]:
    """The organisations that count: of the others only if three have enough persons."""
    if label != OTHERS:
        return names
    sizes = scored.groupby("organisation")["person"].nunique()
    kept = [name for name in names if sizes.get(name, 0) >= view.study.disclosure.threshold]
    return kept if len(kept) >= FEWEST else []
