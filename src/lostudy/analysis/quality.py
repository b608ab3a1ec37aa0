"""What a notebook asks of the measuring itself: may scales be compared, and read as climates?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.analysis.asking import (
    at_wave,
    chosen_scales,
    located,
    one_scale,
    own_scales,
    protected,
    scale_label,
    span_of,
    unit_of,
)
from lostudy.analysis.comparable import limits_of
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.analysis.scoring import asked, mean_scores, turned_items
from lostudy.analysis.worked import compared_waves
from lostudy.statistics import ladders
from lostudy.statistics.aggregation import climate_problem, icc, icc_reml
from lostudy.statistics.dif import item_dif
from lostudy.statistics.estimates import missing_row
from lostudy.statistics.item_analysis import alpha_if_dropped, item_rest
from lostudy.statistics.ladders import FEWEST, TOO_FEW
from lostudy.statistics.reliability import alpha
from lostudy.statistics.within_teams import (
    agreement_mean,
    agreement_summary,
    within_team_agreement,
)
from lostudy.words import word

NEGLIGIBLE = 0.035
ALIKE, SHIFTED, LOADINGS = "answered alike", "shifted items", "same loadings only"
STEPS = {"configural": "same structure only", "metric": LOADINGS, "scalar": ALIKE}
FEW = "too few to compare items"
FEW_LINKED = "under 100 linked persons: invariance not to be tested"
MEDIAN = "median and quartiles over teams"


def item_analysis(view: View, scales: Sequence[str] | None = None) -> Result:
    """Per item how it goes with the rest of its scale, and the scale's alpha without it.

    At the last wave in view; items in the direction of their scale. An item under .30 shares
    little; an alpha that is higher without it says that the scale is better off.
    """
    wave, rows, people = view.waves[-1], [], []
    part = at_wave(view.responses, wave)
    for scale in chosen_scales(view, scales):
        items = turned_items(view.study.scales[scale], part)
        for measure, found in (
            ("item-rest", item_rest(items)), ("alpha without", alpha_if_dropped(items)),
            ("alpha", alpha(items).assign(item="whole scale")),
        ):  # fmt: skip
            kept = found[["item", "estimate", "n", "method", "note"]]
            rows.append(kept.assign(scale=scale, measure=measure))
        people.append(asked(view.study, scale, part))
    table, keys = pd.concat(rows, ignore_index=True), pd.concat(people, ignore_index=True)
    by = ["scale", "item", "measure"]
    safe = protected(view, table.assign(span=1.0), by, "items", keys.drop(columns="wave"))
    limits = limits_of(view, chosen_scales(view, scales), [wave])
    return Result(word("items_title", view.language, wave), safe, view.identity, limits=limits)


def climate(view: View, scales: Sequence[str] | None = None) -> Result:
    """May a scale be read as something of the team? ICC(1), ICC(2), rwg(j) under two nulls, AD.

    At the last wave in view, teams within their organisation. A scale with an item about the
    person itself is refused, whatever its numbers. Agreement is the median over teams, with
    quartiles; a team by itself is never shown.
    """
    wave, rows, people = view.waves[-1], [], []
    part = located(at_wave(view.responses, wave))
    for scale in chosen_scales(view, scales):
        for row in _climate_rows(view, scale, part):
            span = span_of(view, scale) if row["measure"] == "AD" else 1.0
            rows.append({"scale": scale, "span": span, **row})
        people.append(asked(view.study, scale, part.dropna(subset=["team"])).drop(columns="wave"))
    table, keys = pd.DataFrame(rows), pd.concat(people, ignore_index=True)
    safe = protected(view, table, ["scale", "measure"], "climate", keys)
    limits = limits_of(view, chosen_scales(view, scales), [wave])
    return Result(word("climate_title", view.language, wave), safe, view.identity, limits=limits)


def _climate_rows(view: View, scale: str, part: pd.DataFrame) -> list[dict[str, object]]:
    declared = view.study.scales[scale]
    referents = {item: view.study.items[item].referent or "team" for item in declared.items}
    score = mean_scores(view.study, scale, part, view.study.plan.answered_share)
    data = part.assign(score=score).dropna(subset=["score", "team"])
    n = int(data["person"].nunique())
    refused = climate_problem(referents)
    if refused:
        return [missing_row(n=n, method="", note=refused, measure="ICC(1)")]
    variance = icc(data, "score", "team", within="organisation").to_dict("records")
    by_reml = icc_reml(data, "score", "team", within="organisation").to_dict("records")[0]
    found = [*variance, {**by_reml, "measure": "ICC(1) REML"}]
    items = turned_items(declared, data)
    options = declared.maximum - declared.minimum + 1
    for measure, null in (("rwg", "uniform"), ("rwg", "slight skew"), ("ad", "uniform")):
        if null == "slight skew" and not 5 <= options <= 11:
            continue
        teams = within_team_agreement(
            items, data["team"], options, measure, null, referents, declared.minimum
        )
        row = agreement_summary(teams).to_dict("records")[0]
        name = f"{measure}, {null}" if measure == "rwg" else "AD"
        found.append({**row, "measure": name, "method": MEDIAN})
    return [{str(key): each for key, each in row.items()} | {"n": n} for row in found]


def agreement(view: View, scale: str | None = None) -> Result:
    """How far colleagues of a team answer apart, per organisation and wave: mean AD over teams.

    AD: the mean distance from the team's mean, in scale points, over the items (Burke et al. 1999);
    low is agreement. Counted are persons who answered every item, in teams with two or more of
    them. A scale with an item about the person itself has no agreement of a team, and no number.
    """
    scale = one_scale(view, scale)
    data = _complete_in_teams(view, scale)
    by = ["organisation", "wave"]
    groups = {tuple(map(str, key)): part for key, part in data.groupby(by, sort=False)}
    rows = []
    for organisation in view.organisations:
        for wave in view.waves:
            part = groups.get((organisation, wave), data.iloc[:0])
            rows.append({"organisation": organisation, "wave": wave, **_apart(view, scale, part)})
    table = pd.DataFrame(rows).assign(scale=scale, measure="AD", span=span_of(view, scale) / 2)
    people = data[[*by, "person"]].assign(scale=scale, measure="AD", moment=data["wave"])
    safe = protected(view, table, ["scale", "measure", *by], "agreement", people)
    title = f"{scale_label(view, scale)}: {word('agreement_title', view.language)}"
    limits = limits_of(view, [scale], view.waves)
    return Result(title, safe, view.identity, unit=unit_of(view, [scale]), limits=limits)


def _complete_in_teams(view: View, scale: str) -> pd.DataFrame:
    """Records with every item that was asked at the wave, in teams with two or more of them."""
    kept = []
    for wave in view.waves:
        part = located(at_wave(view.responses, wave)).dropna(subset=["team"])
        asked_then = [item for item in view.study.scales[scale].items if part[item].notna().any()]
        part = part.dropna(subset=asked_then) if asked_then else part.iloc[:0]
        sizes = part.groupby("team")["person"].transform("nunique")
        kept.append(part[sizes > 1])
    return pd.concat(kept, ignore_index=True)


def _apart(view: View, scale: str, part: pd.DataFrame) -> dict[str, object]:
    declared = view.study.scales[scale]
    referents = {item: view.study.items[item].referent or "team" for item in declared.items}
    items = turned_items(declared, part).dropna(axis=1, how="all")
    options = declared.maximum - declared.minimum + 1
    teams = within_team_agreement(
        items, part["team"], options, "ad", referent=referents, lowest=declared.minimum
    )
    row = agreement_mean(teams, view.study.plan.level).to_dict("records")[0]
    n, low = int(part["person"].nunique()), max(row["low"], 0.0)  # a distance is never below 0
    return {str(key): each for key, each in row.items()} | {"n": n, "low": low}


def invariance(view: View, scales: Sequence[str] | None = None) -> Result:
    """Do waves, and organisations, answer the items of a scale alike? A row per comparison.

    With a hundred linked persons (or a hundred in every organisation): the ladder of invariance by
    full information. With fewer it is not to be tested, and each item is looked at by itself: does
    the group matter given the rest of the scale (ordinal logistic)? Named are items whose p stays
    under .05 over the items of the scale and whose size is not negligible.
    """
    chosen = list(scales) if scales else own_scales(view)
    rows = []
    for scale in chosen_scales(view, chosen):
        if len(view.waves) > 1:
            rows.append({"scale": scale, "comparison": "waves", **_over_waves(view, scale)})
        if len(view.organisations) > 1:
            across = _over_organisations(view, scale)
            rows.append({"scale": scale, "comparison": "organisations", **across})
    people = [asked(view.study, scale, view.responses).drop(columns="wave") for scale in chosen]
    keys = pd.concat(people, ignore_index=True)
    safe = protected(view, pd.DataFrame(rows), ["scale", "comparison"], "invariance", keys)
    limits = limits_of(view, chosen, view.waves)
    return Result(word("invariance_title", view.language), safe, view.identity, limits=limits)


def _over_waves(view: View, scale: str) -> dict[str, object]:
    """Linked persons by the ladder; else items of all records of both waves."""
    first, last = compared_waves(view)
    data = view.responses[view.responses["wave"].isin([first, last])].reset_index(drop=True)
    declared = view.study.scales[scale]
    linked = data[data["linked"]].drop_duplicates(["organisation", "person", "wave"])
    keys = linked["organisation"] + "/" + linked["person"]
    items = turned_items(declared, linked).set_axis(keys, axis=0)
    then, now = (items[(linked["wave"] == wave).to_numpy()] for wave in (first, last))
    both = then.merge(
        now, left_index=True, right_index=True, suffixes=(f" {first}", f" {last}")
    )
    if len(both) < FEWEST:
        found = _by_items(turned_items(declared, data), data["wave"], data)
        return {**found, "note": FEW_LINKED if found["note"] == TOO_FEW else found["note"]}
    waves = {wave: [f"{item} {wave}" for item in items] for wave in (first, last)}
    ladder = ladders.invariance_over_waves(both.astype(float), waves, missing="fiml")
    return _by_ladder(ladder, len(both))


def _over_organisations(view: View, scale: str) -> dict[str, object]:
    data = at_wave(view.responses, view.waves[-1]).reset_index(drop=True)
    items, group = turned_items(view.study.scales[scale], data), data["organisation"]
    sizes = group[items.notna().any(axis=1)].value_counts()
    if len(sizes) < 2 or sizes.min() < FEWEST or items.shape[1] < 3:
        return _by_items(items, group, data)
    names = [str(item) for item in items]
    ladder = ladders.invariance(items, {scale: names}, group, missing="fiml")
    return _by_ladder(ladder, int(sizes.sum()))


def _by_ladder(ladder: pd.DataFrame, n: int) -> dict[str, object]:
    """How far up the ladder the steps are accepted."""
    reached = "configural"
    for row in ladder.iloc[1:].itertuples():
        if row.accepted is not True:
            break
        reached = str(row.step)
    note = str(ladder["note"].iloc[-1])
    method = str(ladder["method"].iloc[0])
    return {"n": n, "method": method, "note": note or STEPS[reached], "items": ""}


def _by_items(items: pd.DataFrame, group: pd.Series, data: pd.DataFrame) -> dict[str, object]:
    """Items of which the group matters, given the rest."""
    n = int(data["person"].nunique())
    if items.shape[1] < 2 or group.nunique() < 2:
        return {"n": n, "method": "", "note": FEW, "items": ""}
    found = item_dif(items, group)
    odd = found[(found["adjusted"] < 0.05) & (found["size"] >= NEGLIGIBLE)]["item"].tolist()
    method = str(found["method"].iloc[0])
    return {"n": n, "method": method, "note": TOO_FEW, "items": ", ".join(map(str, odd))}
