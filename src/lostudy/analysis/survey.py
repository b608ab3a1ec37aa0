"""What a notebook asks of the survey: who answered, how well it measured, levels and change."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.cleaning import flow
from lostudy.disclosure import protect, protect_shares
from lostudy.errors import Problem, StudyError
from lostudy.statistics import change as changes
from lostudy.statistics.describe import frequencies, mean_by
from lostudy.statistics.estimates import missing_row
from lostudy.statistics.judging import holm, wording
from lostudy.statistics.reliability import alpha, omega
from lostudy.statistics.scores import reverse
from lostudy.words import word

STEPS = ("invited", "records", "kept", "linked")


def response(view: View) -> Result:
    """Who answered: invited, records, kept and linked per organisation and wave.

    Numbers of persons are rounded by the policy, so that one left out cannot be found by subtraction.
    """
    everything = view.processed("responses")
    counted = flow(everything[everything["wave"].isin(view.waves)], view.study)
    long = counted.melt(
        ["organisation", "wave"],
        [step for step in STEPS if counted[step].notna().any()],
        "step",
        "n",
    )
    safe = protect(
        long.sort_values(["organisation", "wave"], kind="stable"),
        by=["organisation", "wave", "step"],
        policy=view.study.disclosure,
        kind="response",
    )
    return Result(word("response_title", view.language), safe, view.identity, wide="step")


def reliability(view: View, by: Sequence[str] = ("wave",)) -> Result:
    """How well each scale of the question measured: alpha and omega with interval, first and last wave."""
    ends = [view.waves[0], view.waves[-1]]
    rows = []
    for scale in _scales(view):
        for wave in dict.fromkeys(ends):
            part = view.responses[view.responses["wave"] == wave]
            for name, row in _coefficients(view, scale, part).items():
                rows.append({"scale": scale, "wave": wave, "coefficient": name, **row})
    safe = protect(
        pd.DataFrame(rows),
        by=["scale", "wave", "coefficient"],
        policy=view.study.disclosure,
        kind="reliability",
    )
    return Result(word("reliability_title", view.language), safe, view.identity)


def _coefficients(view: View, scale: str, part: pd.DataFrame) -> dict[str, dict]:
    items = _turned(view, scale, part)
    found = {"alpha": alpha(items), "omega": omega(items)}
    return {
        name: {str(key): value for key, value in frame.to_dict("records")[0].items()}
        for name, frame in found.items()
    }


def _turned(view: View, scale: str, part: pd.DataFrame) -> pd.DataFrame:
    """The items of a scale that were asked, all in the direction of the scale."""
    declared = view.study.scales[scale]
    items = part[[item for item in declared.items if part[item].notna().any()]].astype("float64")
    for item in (each for each in declared.reversed_items if each in items):
        items[item] = reverse(items[item], declared.minimum, declared.maximum)
    return items


def estimate(
    view: View, scale: str | None = None, by: Sequence[str] = ("organisation", "wave")
) -> Result:
    """The mean of a scale (default: the primary one) per group, with a team-clustered interval.

    `by`: columns among organisation, wave, role and tenure.
    """
    scale = _scale(view, scale)
    _known(by, ("organisation", "wave", "role", "tenure"))
    table = mean_by(
        _located(view.scored(scale)), scale, list(by), team="team", level=view.study.plan.level
    )
    table.insert(0, "scale", scale)
    safe = protect(
        _in_order(view, table), by=["scale", *by], policy=view.study.disclosure, kind="levels"
    )
    title = f"{view.study.scales[scale].label(view.language)}: {word('mean', view.language)} {word('levels_by', view.language, _and(by, view.language))}"
    return Result(title, safe, view.identity, unit=_unit(view, scale))


def profile(view: View, scales: Sequence[str] | None = None) -> Result:
    """The mean of several scales (default: those of the question) at the last wave, per organisation."""
    wave = view.waves[-1]
    tables = [
        mean_by(
            _located(_at(view.scored(scale), wave)), scale, ["organisation"], team="team"
        ).assign(scale=scale, wave=wave)
        for scale in scales or _scales(view)
    ]
    table = pd.concat(tables, ignore_index=True)
    front = ["scale", "organisation", "wave"]
    table = table[[*front, *(column for column in table if column not in front)]]
    safe = protect(
        table, by=["scale", "organisation", "wave"], policy=view.study.disclosure, kind="profile"
    )
    return Result(
        word("profile_title", view.language, wave),
        safe,
        view.identity,
        unit=_unit(view, _scales(view)[0]),
    )


def answers(view: View, scale: str | None = None, by: Sequence[str] = ("organisation",)) -> Result:
    """How the items of a scale were answered at the last wave: shares per answer."""
    scale = _scale(view, scale)
    wave = view.waves[-1]
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
    tables = [frequencies(part, item, list(by), values).assign(item=item) for item in items]
    table = pd.concat(tables, ignore_index=True)
    safe = protect_shares(table, by=["item", *by], values=values, policy=view.study.disclosure)
    title = f"{view.study.scales[scale].label(view.language)}: {word('answers_title', view.language, wave)}"
    return Result(title, safe, view.identity)


def change(view: View, scale: str | None = None) -> Result:
    """How much a scale changed from the first wave in view to the last: both estimands, and what may be said.

    The same people (linked, paired) and the workforce (all answers, mixed model with team random),
    per organisation and over all with equal weights. `n` is the smaller number of persons of the two
    waves. `wording` is the strongest wording the evidence bears; an author may only weaken it.
    """
    scale = _scale(view, scale)
    if len(view.waves) < 2:
        raise StudyError(
            Problem("a change needs two waves", "choose a later wave, or wave = 'all'")
        )
    table = _change_table(view, scale)
    table["wording"] = _wordings(view, scale, table)
    table.insert(0, "scale", scale)
    kept = table[table["estimand"] != "team means"].reset_index(drop=True)
    safe = protect(
        kept, by=["scale", "organisation", "estimand"], policy=view.study.disclosure, kind="change"
    )
    title = f"{view.study.scales[scale].label(view.language)}: {word('change_title', view.language, view.waves[0], view.waves[-1])}"
    return Result(title, safe, view.identity, unit=_unit(view, scale))


def change_of_scales(view: View, scales: Sequence[str] | None = None) -> Result:
    """The change of several scales (default: those of the question), the workforce only."""
    frames = [change(view, scale).safe.table for scale in scales or _scales(view)]
    table = pd.concat(frames, ignore_index=True)
    table = table[(table["estimand"] == "workforce") & (table["organisation"] != "all")]
    safe = protect(
        table.drop(columns="hidden").assign(n=table["n"].fillna(0)),
        by=["scale", "organisation", "estimand"],
        policy=view.study.disclosure,
        kind="change",
    )
    return Result(
        word("changes_title", view.language, view.waves[0], view.waves[-1]),
        safe,
        view.identity,
        unit=_unit(view, _scales(view)[0]),
    )


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
    first, last = view.waves[0], view.waves[-1]
    scored = view.scored(scale)
    data = _located(scored[scored["wave"].isin([first, last])])
    linked = data.assign(person=data["person"].where(data["linked"]))
    asked = data.dropna(subset=[scale])
    sizes = (
        asked.groupby(["organisation", "wave"])["person"]
        .nunique()
        .unstack("wave")
        .reindex(columns=[first, last])
        .fillna(0)
        .min(axis=1)
    )
    usable = [name for name in view.organisations if sizes.get(name, 0) > 0]
    if not usable:
        note = missing_row(n=0, method="", note="not asked at both waves")
        return pd.DataFrame(
            [
                {"organisation": name, "estimand": estimand, **note}
                for name in view.organisations
                for estimand in (changes.SAME_PEOPLE, changes.WORKFORCE)
            ]
        )
    data, linked = (
        data[data["organisation"].isin(usable)],
        linked[linked["organisation"].isin(usable)],
    )
    paired = changes.same_people(
        linked.dropna(subset=["person"]),
        scale,
        "person",
        "wave",
        "team",
        first,
        last,
        "organisation",
        view.study.plan.level,
    )
    everyone = changes.workforce(
        data, scale, "wave", "team", "organisation", first, last, level=view.study.plan.level
    )
    table = pd.concat([paired, everyone], ignore_index=True)
    smaller = {**{str(name): int(size) for name, size in sizes.items()}, "all": int(sizes.sum())}
    table.loc[table["method"] == changes.TEAM_MEANS, "estimand"] = "team means"
    own = table["estimand"] != changes.SAME_PEOPLE
    table.loc[own, "n"] = table.loc[own, "organisation"].map(smaller)
    return table if len(usable) > 1 else table[table["organisation"] != "all"]


def _wordings(view: View, scale: str, table: pd.DataFrame) -> list[str]:
    """The wording of each organisation and of all together; only the pooled primary test may say "rose"."""
    said = {}
    adjusted = _adjusted_p(view, scale)
    for name, rows in table.groupby("organisation", sort=False):
        by = rows.set_index("estimand").to_dict("index")
        workforce, same = by.get(changes.WORKFORCE), by.get(changes.SAME_PEOPLE)
        signs = rows["estimate"].dropna() > 0
        share = max(signs.mean(), 1 - signs.mean()) if len(signs) else None
        p = adjusted if name == "all" else None
        said[name] = wording(
            workforce or missing_row(n=0, method="", note=""),
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


def comparability(view: View) -> Result:
    """Which items of the question's scales cannot be compared, by organisation and wave."""
    table = view.processed("harmonisation")
    items = [item for scale in _scales(view) for item in view.study.scales[scale].items]
    asked = table["wave"].isin(view.waves) & table["item"].isin(items)
    odd = table[asked & ~table["status"].isin(["identical", "recoded"])]
    counted = (
        odd.groupby(["organisation", "wave", "status"], sort=False)["item"]
        .agg(lambda each: ", ".join(each))
        .reset_index(name="items")
    )
    sizes = view.responses.groupby(["organisation", "wave"])["person"].nunique()
    counted["n"] = [
        int(sizes.get(place, 0))
        for place in zip(counted["organisation"], counted["wave"], strict=True)
    ]
    safe = protect(
        counted,
        by=["organisation", "wave", "status"],
        policy=view.study.disclosure,
        kind="comparability",
        values=(),
    )
    return Result(word("comparability_title", view.language), safe, view.identity)


def _at(frame: pd.DataFrame, wave: str) -> pd.DataFrame:
    return frame[frame["wave"] == wave]


def _located(frame: pd.DataFrame) -> pd.DataFrame:
    """Teams named within their organisation; a person without a team stands alone."""
    team = frame["organisation"].astype("object") + "/" + frame["team"].astype("object")
    return frame.assign(team=team.where(frame["team"].notna(), None))


def _in_order(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of the declaration, not of the alphabet."""
    order = {
        "organisation": [each.id for each in view.study.organisations],
        "wave": [each.id for each in view.study.waves],
        **{
            each.id: list(map(str, view.study.label_sets[each.labels].values))
            for each in view.study.background
        },
    }
    keys = [column for column in table if column in order]
    places = {
        column: table[column].map({value: place for place, value in enumerate(order[column])})
        for column in keys
    }
    return (
        table.iloc[pd.DataFrame(places).sort_values(keys).index].reset_index(drop=True)
        if keys
        else table
    )


def _scales(view: View) -> list[str]:
    return (
        list(view.study.question(view.question_id).scales)
        if view.question_id
        else list(view.study.scales)
    )


def _scale(view: View, scale: str | None) -> str:
    if scale is None:
        return _scales(view)[0]
    if scale not in view.study.scales:
        raise StudyError(
            Problem(f"scale '{scale}' does not exist", f"one of: {', '.join(view.study.scales)}")
        )
    return scale


def _known(by: Sequence[str], allowed: Sequence[str]) -> None:
    for name in (each for each in by if each not in allowed):
        raise StudyError(Problem(f"cannot split by '{name}'", f"by: {', '.join(allowed)}"))


def _unit(view: View, scale: str) -> str:
    declared = view.study.scales[scale]
    return word("scale_points", view.language, declared.minimum, declared.maximum)


def _and(names: Sequence[str], language: str) -> str:
    return f" {'en' if language == 'nl' else 'and'} ".join(word(name, language) for name in names)
