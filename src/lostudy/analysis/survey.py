"""What a notebook asks of the survey: who answered, how well it measured, levels, answers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.analysis.asking import (
    BY,
    at_wave,
    behind,
    chosen_scales,
    ends_of,
    every_group,
    in_order,
    joined,
    known_groups,
    located,
    manager_apart,
    one_scale,
    own_scales,
    protected,
    scale_label,
    unit_of,
    with_totals,
)
from lostudy.analysis.comparable import limits_of, odd_items
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.analysis.scoring import asked, turned_items
from lostudy.cleaning import flow
from lostudy.disclosure import protect_shares
from lostudy.errors import Problem, StudyError
from lostudy.statistics.describe import frequencies, mean_by
from lostudy.statistics.reliability import alpha, omega
from lostudy.words import word

STEPS = ("invited", "records", "kept", "linked")


def response(view: View) -> Result:
    """Who answered: invited, records, kept and linked per organisation and wave.

    Numbers of persons are rounded by the policy, so that one left out cannot be found by
    subtraction.
    """
    everything = view.processed("responses")
    counted = flow(everything[everything["wave"].isin(view.waves)], view.study)
    steps = STEPS if len(view.study.waves) > 1 else STEPS[:-1]
    long = counted.melt(
        ["organisation", "wave"],
        [step for step in steps if counted[step].notna().any()],
        "step",
        "n",
    )
    by = ["organisation", "wave", "step"]
    people = pd.concat([_invited(view), _steps(everything)], ignore_index=True)
    safe = protected(view, long.sort_values(by[:2], kind="stable"), by, "response", people)
    return Result(word("response_title", view.language), safe, view.identity, wide="step")


def _steps(responses: pd.DataFrame) -> pd.DataFrame:
    """Who stands in which step, from a record to a person found again."""
    kept = responses[responses["included"]]
    parts = {"records": responses, "kept": kept, "linked": kept[kept["linked"]]}
    keys = ["organisation", "wave", "person"]
    return pd.concat([part[keys].assign(step=step) for step, part in parts.items()])


def _invited(view: View) -> pd.DataFrame:
    """Those who were invited: nobody knows who they are, so each has a name of no meaning."""
    return pd.DataFrame(
        [
            {"organisation": each.id, "wave": wave, "person": f"{each.id} {wave} {number}"}
            for each in view.study.organisations
            for wave, invited in each.invited.items()
            for number in range(invited)
        ],
        columns=["organisation", "wave", "person"],
    ).assign(step="invited")


def reliability(view: View) -> Result:
    """How well each scale of the question measured: alpha and omega, first and last wave."""
    ends = [view.waves[0], view.waves[-1]]
    rows, people = [], []
    for scale in own_scales(view):
        for wave in dict.fromkeys(ends):
            part = view.responses[view.responses["wave"] == wave]
            for name, row in _coefficients(view, scale, part).items():
                rows.append({"scale": scale, "wave": wave, "coefficient": name, **row})
            people.append(asked(view.study, scale, part))
    table, keys = pd.DataFrame(rows).assign(span=1.0), pd.concat(people, ignore_index=True)
    safe = protected(view, table, ["scale", "wave", "coefficient"], "reliability", keys)
    limits = limits_of(view, own_scales(view), ends)
    return Result(word("reliability_title", view.language), safe, view.identity, limits=limits)


def _coefficients(view: View, scale: str, part: pd.DataFrame) -> dict[str, dict]:
    items = turned_items(view.study.scales[scale], part)
    found = {"alpha": alpha(items), "omega": omega(items)}
    return {
        name: {str(key): value for key, value in frame.to_dict("records")[0].items()}
        for name, frame in found.items()
    }


def estimate(
    view: View, scale: str | None = None, by: Sequence[str] = ("organisation", "wave")
) -> Result:
    """The mean of a scale (default: the primary one) per group, with a team-clustered interval.

    `by`: columns among organisation, wave, role and tenure. Beside roles and tenures stands the
    whole, which is published elsewhere too: a group that is hidden must not follow from it.
    """
    scale = one_scale(view, scale)
    by = [by] if isinstance(by, str) else list(by)
    known_groups(by, BY)
    manager_apart(view, scale, by)
    scored = located(view.scored(scale))
    tables = [
        mean_by(scored, scale, left, team="team", level=view.study.plan.level)
        for left in with_totals(view, by)
    ]
    whole = every_group(view, pd.concat(tables, ignore_index=True), by).assign(scale=scale)
    table = ends_of(view, in_order(view, whole))
    people = behind(scored, scale, by)
    safe = protected(view, table, ["scale", *by], "levels", people)
    said = word("levels_by", view.language, joined(by, view.language))
    title = f"{scale_label(view, scale)}: {word('mean', view.language)} {said}"
    limits = limits_of(view, [scale], view.waves)
    return Result(title, safe, view.identity, unit=unit_of(view, [scale]), limits=limits)


def profile(view: View, scales: Sequence[str] | None = None) -> Result:
    """The mean of several scales (default: those of the question) at the last wave."""
    wave, chosen = view.waves[-1], chosen_scales(view, scales)
    parts = {scale: located(at_wave(view.scored(scale), wave)) for scale in chosen}
    tables = [
        mean_by(part, scale, ["organisation"], team="team", level=view.study.plan.level).assign(
            scale=scale, wave=wave
        )
        for scale, part in parts.items()
    ]
    groups = ["organisation", "wave"]
    people = [behind(part, scale, groups, scale=scale) for scale, part in parts.items()]
    by, table = ["scale", *groups], ends_of(view, pd.concat(tables))
    safe = protected(view, table, by, "profile", pd.concat(people, ignore_index=True))
    title = word("profile_title", view.language, wave)
    limits = limits_of(view, chosen, [wave])
    return Result(title, safe, view.identity, unit=unit_of(view, chosen), limits=limits)


def answers(view: View, scale: str | None = None, by: Sequence[str] = ("organisation",)) -> Result:
    """How the items of a scale were answered at the last wave: shares per answer."""
    scale, wave = one_scale(view, scale), view.waves[-1]
    by = [by] if isinstance(by, str) else list(by)
    part = view.responses[view.responses["wave"] == wave]
    items = [item for item in view.study.scales[scale].items if part[item].notna().any()]
    labels = view.study.item_labels(items[0]) if items else None
    if labels is None:
        raise StudyError(
            Problem(
                f"scale {scale} has no answers with labels",
                "choose a scale of items with a label set",
            )
        )
    values = [int(value) for value in labels.values]
    known_groups(by, BY)
    manager_apart(view, scale, by)
    tables = [frequencies(part, item, list(by), values).assign(item=item) for item in items]
    people = [behind(part, item, by, item=item) for item in items]
    safe = protect_shares(
        pd.concat(tables, ignore_index=True),
        by=["item", *by],
        values=values,
        people=pd.concat(people, ignore_index=True),
        policy=view.study.disclosure,
        kind="answers",
    )
    title = f"{scale_label(view, scale)}: {word('answers_title', view.language, wave)}"
    return Result(title, safe, view.identity, limits=limits_of(view, [scale], [wave]))


def comparability(view: View) -> Result:
    """Which items of the question's scales cannot be compared, by organisation and wave."""
    odd = odd_items(view, own_scales(view), view.waves)
    counted = (
        odd.groupby(["organisation", "wave", "status"], sort=False)["item"]
        .agg(lambda each: ", ".join(each))
        .reset_index(name="items")
    )
    sizes = view.responses.groupby(["organisation", "wave"])["person"].nunique()
    places = zip(counted["organisation"], counted["wave"], strict=True)
    counted["n"] = [int(sizes.get(place, 0)) for place in places]
    people = view.responses[["organisation", "wave", "person"]]
    by = ["organisation", "wave", "status"]
    safe = protected(view, counted, by, "comparability", people)
    return Result(word("comparability_title", view.language), safe, view.identity)
