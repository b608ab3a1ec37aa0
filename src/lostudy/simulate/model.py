"""The population model: who works where, what they would answer, and who does answer.

Every member of staff has an answer to every item at every wave (the census); the deliveries show
only those who responded, with cells left open. So the truth that an estimate aims at is known.
Each organisation draws from its own generator: adding organisations changes none of the others.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lostudy.simulate.effects import AS_LISTED, Scenario, effects, response_share
from lostudy.simulate.people import staff, typed_links
from lostudy.study import Organisation, Study, Wave

NOT_ANSWERED, DONT_KNOW = 0, -1     # how an answer that is not there stands in `records`
TEAM_SHARE = 0.08                   # of the variance of a scale (ICC)
SPREAD = 0.66                       # standard deviation of a scale's latent score, in points
ITEM_NOISE = 0.72                   # standard deviation of an item's own noise, in points
STABLE = 0.70                       # share of a person's deviation that is the same at every wave
GENERAL = 0.35                      # share of the stable deviation that all scales have in common
SECONDS_PER_ITEM = 9.0
DEFAULT_INVITED = 80
FIRST_OPENING = dt.date(2025, 1, 13)


@dataclass(frozen=True)
class Population:
    """`staff`: a row per person and wave; `census`: their answers to all items, same rows.

    `records`: what respondents gave, a row per respondent and wave, with NOT_ANSWERED and
    DONT_KNOW in the item columns. `planted`: the level put in per organisation, wave and scale.
    """

    study: Study
    seed: int
    staff: pd.DataFrame
    census: pd.DataFrame
    records: pd.DataFrame
    planted: pd.DataFrame


def simulate(
    study: Study, seed: int, organisations: int | None = None, scenario: Scenario = AS_LISTED
) -> Population:
    """A population for every organisation of the study, or for this number of organisations."""
    if organisations is not None:
        study = with_organisations(study, organisations)
    parts = [_organisation(study, rank, seed, scenario) for rank in range(len(study.organisations))]
    staff_rows, census, records, planted = (
        pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True)
    )
    return Population(study, seed, staff_rows, census, records, planted)


def with_organisations(study: Study, number: int) -> Study:
    """The study with this many organisations: its own first, then copies of them in turn."""
    given = study.organisations
    extra = [_copy(given[rank % len(given)], rank + 1) for rank in range(len(given), number)]
    return study.model_copy(update={"organisations": (*given, *extra)[:number]})


def wave_window(study: Study, wave: Wave) -> tuple[dt.date, dt.date]:
    """When the wave was open; four weeks, half a year apart, where the study does not say."""
    rank = [each.id for each in study.waves].index(wave.id)
    opens = wave.opens or FIRST_OPENING + dt.timedelta(days=182 * rank)
    return opens, wave.closes or opens + dt.timedelta(days=28)


def bounds(study: Study, item: str) -> tuple[int, int]:
    """The lowest and the highest answer of an item."""
    labels = study.item_labels(item)
    if labels is not None and labels.numeric:
        values = [int(value) for value in labels.values]
        return min(values), max(values)
    scale = study.scales.get(study.items[item].scale)
    return (scale.minimum, scale.maximum) if scale else (1, 5)


def _copy(organisation: Organisation, number: int) -> Organisation:
    name = f"S{number:03d}"
    teams = tuple(f"{name}T{rank}" for rank in range(1, len(organisation.teams) + 1))
    return organisation.model_copy(update={
        "id": name,
        "name": organisation.name.model_copy(
            update={"nl": f"Organisatie {name}", "en": f"Organisation {name}"}
        ),
        "teams": teams,
        "team_aliases": {f"team {team}": team for team in teams[:1]},
    })


def _organisation(
    study: Study, rank: int, seed: int, scenario: Scenario
) -> tuple[pd.DataFrame, ...]:
    organisation = study.organisations[rank]
    rng = np.random.default_rng([seed, rank])
    waves = [wave.id for wave in study.waves]
    invited = [organisation.invited.get(wave, DEFAULT_INVITED) for wave in waves]
    people = staff(organisation, invited, rng, scenario).assign(organisation=organisation.id)
    scales = [scale for scale in study.scales if study.scales[scale].items]
    planted = effects(scales, len(waves), rank, seed, scenario)
    latent = _latent(people, planted.level, planted.leader, rng, scenario.drawn)
    census = _census(study, latent, scales, people["wave"], rng, scenario.drawn)
    people["responded"] = _responds(people, latent, rank, rng)
    records = _records(study, people, census, rng)
    people["wave"] = records_wave(people["wave"], waves)
    level = pd.DataFrame(planted.level, index=waves, columns=scales)
    level = level.rename_axis("wave").reset_index()
    level = level.melt("wave", var_name="scale", value_name="level")
    return people, census, records, level.assign(organisation=organisation.id)


def records_wave(number: pd.Series, waves: list[str]) -> pd.Series:
    """Wave ids for wave numbers."""
    return pd.Series(np.array(waves)[number.to_numpy()], index=number.index)


def _latent(
    people: pd.DataFrame,
    level: np.ndarray,
    leader: np.ndarray,
    rng: np.random.Generator,
    drawn: bool,
) -> np.ndarray:
    """Rows x scales: level + team + person (stable) + wave; together the spread is SPREAD."""
    scales = level.shape[1]
    team_number, teams = pd.factorize(people["team"])
    team = rng.normal(0, SPREAD * TEAM_SHARE**0.5, (len(teams), scales))
    person_number, persons = pd.factorize(people["person"])
    first = people.groupby(person_number)[["lean", "wave"]].first()
    own = rng.normal(0, 1, (len(persons), scales))
    stable = GENERAL**0.5 * first[["lean"]].to_numpy() + (1 - GENERAL) ** 0.5 * own
    stable = _centred(stable, first["wave"], drawn)
    passing = _centred(rng.normal(0, 1, (len(people), scales)), people["wave"], drawn)
    person = STABLE**0.5 * stable[person_number] + (1 - STABLE) ** 0.5 * passing
    leads = (people["role"] == "leader").to_numpy()[:, None]
    mean = level[people["wave"].to_numpy()] + leads * leader
    return mean + team[team_number] + SPREAD * (1 - TEAM_SHARE) ** 0.5 * person


def _centred(values: np.ndarray, groups: pd.Series, drawn: bool) -> np.ndarray:
    """Draws with mean 0 in every group, so that the staff as a whole shows what was planted.

    Where the staff itself is `drawn` they stay as they are.
    """
    if drawn:
        return values
    table = pd.DataFrame(values)
    return (table - table.groupby(groups.to_numpy()).transform("mean")).to_numpy()


def _census(
    study: Study,
    latent: np.ndarray,
    scales: list[str],
    waves: pd.Series,
    rng: np.random.Generator,
    drawn: bool,
) -> pd.DataFrame:
    """Everybody's answer to every item, in the direction of its wording."""
    answers = {}
    for scale in scales:
        members = study.scales[scale].items
        widest = 0.3 if len(members) > 1 else 0.0
        shifts = rng.permutation(np.linspace(-widest, widest, len(members)))
        for item, shift in zip(members, shifts, strict=True):
            noise = _centred(rng.normal(0, ITEM_NOISE, (len(latent), 1)), waves, drawn)[:, 0]
            score = latent[:, scales.index(scale)] + shift + rng.uniform(0.8, 1.2) * noise
            answers[item] = _answer(study, item, scale, score)
    for item in (each for each in study.items if each not in answers):
        low, high = bounds(study, item)
        answers[item] = rng.integers(low, high + 1, len(latent))
    return pd.DataFrame(answers)[list(study.items)].astype("int8")


def _answer(study: Study, item: str, scale: str, score: np.ndarray) -> np.ndarray:
    """A score on 1-5 as the nearest answer of the item; reversed where the wording is."""
    low, high = bounds(study, item)
    stretched = low + (score - 1) / 4 * (high - low)
    answer = np.clip(np.rint(stretched), low, high)
    return low + high - answer if item in study.scales[scale].reversed_items else answer


def _responds(
    people: pd.DataFrame, latent: np.ndarray, rank: int, rng: np.random.Generator
) -> np.ndarray:
    """Who answers: the planned share of each wave, by habit, the content a bit more often."""
    habit = pd.Series(rng.normal(0, 1, people["person"].nunique()))
    urge = 0.8 * habit[pd.factorize(people["person"])[0]].to_numpy()
    urge = urge + 0.15 * (latent.mean(axis=1) - latent.mean()) + rng.gumbel(size=len(people))
    responds = np.zeros(len(people), bool)
    for wave in range(int(people["wave"].max()) + 1):
        rows = np.flatnonzero(people["wave"] == wave)
        wanted = round(response_share(rank, wave) * len(rows))
        responds[rows[np.argsort(-urge[rows], kind="stable")[:wanted]]] = True
    return responds


def _records(
    study: Study, people: pd.DataFrame, census: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    links = typed_links(people, rng)
    answers = _holes(census.to_numpy(), people, rng)
    seconds = _seconds(people, len(study.items), rng)
    answered = people["responded"].to_numpy()
    kept = people.assign(link=links, seconds=seconds)[answered]
    kept = kept.assign(started=_started(study, kept, rng))
    kept["wave"] = records_wave(kept["wave"], [wave.id for wave in study.waves])
    items = pd.DataFrame(answers[answered], index=kept.index, columns=census.columns)
    columns = ["person", "organisation", "wave", "team", "role", "tenure", "language", "link",
               "started", "seconds"]
    return pd.concat([kept[columns], items], axis=1)


def _holes(answers: np.ndarray, people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Answers with 2-4 % left open and a few "don't know"."""
    skips = rng.uniform(0.02, 0.04, answers.shape[1])
    chance = rng.random(answers.shape)
    with_unknown = np.where(chance > 0.992, DONT_KNOW, answers)
    return np.where(chance < skips, NOT_ANSWERED, with_unknown)


def _seconds(people: pd.DataFrame, items: int, rng: np.random.Generator) -> np.ndarray:
    """Time needed; now and then somebody is called away for an hour."""
    seconds = rng.lognormal(np.log(SECONDS_PER_ITEM * items), 0.3, len(people))
    away = (rng.random(len(people)) < 0.03) * rng.uniform(1800, 5400, len(people))
    return (seconds + away).round()


def _started(study: Study, kept: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """A moment in office hours, most in the first half of the wave."""
    days, moments = {}, []
    for number, wave in enumerate(study.waves):
        opens, closes = wave_window(study, wave)
        days[number] = (opens, (closes - opens).days)
    early = rng.beta(1, 2.2, len(kept))
    clock = rng.uniform(8 * 3600, 17.5 * 3600, len(kept)).round()
    for number, share, second in zip(kept["wave"], early, clock, strict=True):
        opens, length = days[number]
        day = opens + dt.timedelta(days=int(share * length))
        moments.append(dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=int(second)))
    return pd.Series(moments, index=kept.index)
