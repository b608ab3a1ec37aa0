"""What is really so in the simulated study, to hold beside what an analysis finds.

The census has everybody's answers, so the true mean of a scale, its true change for the same people
and for the workforce, and the true number linked are counted, not estimated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from lostudy.simulate.effects import effects
from lostudy.simulate.model import ITEM_NOISE, SPREAD, Population, bounds
from lostudy.study import Study


def truths(population: Population) -> dict[str, Any]:
    """Everything known of the population, as plain values for truths.json.

    `means` and `changes` are in scale points over all staff, not only over those who answered.
    """
    scores = scale_scores(population)
    return {
        "simulated": True,
        "seed": population.seed,
        "planted_change": _planted(population),
        "sizes": _sizes(population),
        "means": _means(scores),
        "changes": _changes(scores),
        "turnover": _turnover(population.staff),
    }


def scale_scores(population: Population) -> pd.DataFrame:
    """Person, organisation, wave and every scale's true score (reversed items turned round)."""
    study, answers = population.study, {}
    for scale in study.scales.values():
        if scale.items:
            turned = [
                sum(bounds(study, item)) - population.census[item].astype(int)
                if item in scale.reversed_items else population.census[item].astype(int)
                for item in scale.items
            ]
            answers[scale.id] = pd.concat(turned, axis=1).mean(axis=1)
    keys = population.staff[["person", "organisation", "wave"]]
    return pd.concat([keys, pd.DataFrame(answers)], axis=1)


def expected_scores(population: Population) -> pd.DataFrame:
    """What a scale's score is on average over all staffs that might have been drawn.

    Answers are rounded and end at the ends of their scale, so a change of the latent score is a
    little smaller in the answers. Columns: organisation, wave, scale, score: by summation over the
    normal spread of persons, teams and items (as `model` draws them).
    """
    study, rows = population.study, population.planted
    scores = [
        _expected(study, str(scale), float(level))
        for scale, level in zip(rows["scale"], rows["level"], strict=True)
    ]
    return rows[["organisation", "wave", "scale"]].assign(score=scores)


def _expected(study: Study, scale: str, level: float) -> float:
    """The mean answer over the items of a scale, in its own direction, at a latent level."""
    members = study.scales[scale].items
    widest = 0.3 if len(members) > 1 else 0.0
    points, shares = np.polynomial.legendre.leggauss(8)
    total = 0.0
    for item, shift in zip(members, np.linspace(-widest, widest, len(members)), strict=True):
        low, high = bounds(study, item)
        edges = 1 + 4 * (np.arange(low, high) + 0.5 - low) / (high - low)
        for point, share in zip(1 + 0.2 * points, shares / 2, strict=True):
            sd = np.hypot(SPREAD, point * ITEM_NOISE)
            below = special.ndtr((edges - level - shift) / sd)
            total += float(share * (high - below.sum())) / len(members)
    return total


def _planted(population: Population) -> dict[str, dict[str, float]]:
    study = population.study
    scales = [scale for scale in study.scales if study.scales[scale].items]
    return {
        organisation.id: dict(zip(
            scales, effects(scales, len(study.waves), rank, population.seed).change.tolist(),
            strict=True))
        for rank, organisation in enumerate(study.organisations)
    }


def _sizes(population: Population) -> dict[str, dict[str, dict[str, int]]]:
    sizes: dict[str, dict[str, dict[str, int]]] = {}
    records = dict(list(population.records.groupby(["organisation", "wave"])))
    for place, rows in population.staff.groupby(["organisation", "wave"], sort=False):
        found, (organisation, wave) = records[place], map(str, place)
        sizes.setdefault(organisation, {})[wave] = {
            "staff": len(rows), "responded": len(found), "coded": int((found["link"] != "").sum()),
        }
    return sizes


def _means(scores: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    means: dict[str, dict[str, dict[str, float]]] = {}
    scales = scores.columns[3:]
    table = scores.groupby(["organisation", "wave"], sort=False)[list(scales)].mean().round(4)
    for place, row in zip(table.index, table.to_dict("records"), strict=True):
        organisation, wave = map(str, place)
        means.setdefault(organisation, {})[wave] = {str(k): float(v) for k, v in row.items()}
    return means


def _changes(scores: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """First to last wave: of those who were there at both, and of the workforce as it was."""
    scales = list(scores.columns[3:])
    waves = scores["wave"].unique()
    changes: dict[str, dict[str, dict[str, float]]] = {"same_people": {}, "workforce": {}}
    for organisation, rows in scores.groupby("organisation", sort=False):
        first, last = (rows[rows["wave"] == wave].set_index("person")[scales]
                       for wave in (waves[0], waves[-1]))
        moved = {"workforce": last.mean() - first.mean(), "same_people": (last - first).mean()}
        for kind, change in moved.items():
            rounded = {str(scale): round(float(value), 4) for scale, value in change.items()}
            changes[kind][str(organisation)] = rounded
    return changes


def _turnover(staff: pd.DataFrame) -> dict[str, dict[str, dict[str, int]]]:
    waves = list(staff["wave"].unique())
    turnover: dict[str, dict[str, dict[str, int]]] = {}
    for organisation, rows in staff.groupby("organisation", sort=False):
        present = {wave: set(rows.loc[rows["wave"] == wave, "person"]) for wave in waves}
        turnover[str(organisation)] = {
            f"{one}-{two}": {
                "left": len(present[one] - present[two]), "came": len(present[two] - present[one]),
                "stayed": len(present[one] & present[two]),
            }
            for one, two in zip(waves, waves[1:], strict=False)
        }
    return turnover
