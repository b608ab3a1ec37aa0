"""A small simulated study with known truths: four organisations, teams in them, two waves."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd


def seeded(words: str) -> np.random.Generator:
    """A generator whose seed is made from words, so that every test says what it draws."""
    return np.random.default_rng(zlib.crc32(words.encode()))


def simulated(
    words: str,
    change: float = 0.0,
    teams: int = 6,
    persons: int = 10,
    team_sd: float = 0.25,
    person_sd: float = 0.5,
    noise_sd: float = 0.5,
    response: float = 0.8,
    organisations: str = "ABCD",
) -> pd.DataFrame:
    """A row per answer: organisation, team, person, wave (0, 1), score."""
    draw = seeded(words)
    rows = []
    for o, organisation in enumerate(organisations):
        for t in range(teams):
            team = draw.normal(0, team_sd)
            for p in range(persons):
                person = draw.normal(0, person_sd)
                for wave in (0, 1):
                    if draw.random() < response:
                        score = (
                            3 + 0.1 * o + team + person + change * wave + draw.normal(0, noise_sd)
                        )
                        rows.append((organisation, f"{t}", f"{organisation}{t}{p}", wave, score))
    return pd.DataFrame(rows, columns=["organisation", "team", "person", "wave", "score"])


def likert(words: str, n: int = 300, k: int = 5, loading: float = 0.7) -> pd.DataFrame:
    """Answers 1..5 to k items of one factor."""
    draw = seeded(words)
    latent = draw.normal(size=(n, 1))
    raw = loading * latent + np.sqrt(1 - loading**2) * draw.normal(size=(n, k))
    answers = np.clip(np.round(3 + 1.1 * raw), 1, 5)
    return pd.DataFrame(answers, columns=[f"q{i + 1}" for i in range(k)])
