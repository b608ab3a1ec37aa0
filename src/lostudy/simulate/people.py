"""The staff of an organisation over the waves: teams, roles, tenure, turnover and linking codes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy.simulate.effects import AS_LISTED, Scenario
from lostudy.study import Organisation

MOVE = 0.02                     # share of those who stay that changes team
ENGLISH = 0.08                  # share that would rather answer in English
ROLE_SHARES = {"leader": 0.06, "specialist": 0.16, "support": 0.10}
TENURE_SHARES = (0.24, 0.31, 0.25, 0.20)
LETTERS = np.array(list("AMEJSHCLTBDRWGFNPKVIOYZ"))
ELEMENTS = 7                    # of the self-made code, one character each
ELEMENT_ERROR = 0.05            # per element, after the first wave
CODE_GIVEN = 0.92               # by those who do not refuse a code as such
CODE_REFUSED = 0.08


def staff(
    organisation: Organisation,
    invited: list[int],
    rng: np.random.Generator,
    scenario: Scenario = AS_LISTED,
) -> pd.DataFrame:
    """One row per person and wave: person, wave, team, role, tenure, language, link, refuses, lean.

    `lean` is the person's stable general attitude; who has a low one leaves a little more often.
    """
    present = _newcomers(organisation, _roles(invited[0]), 0, rng)
    waves = [present.assign(wave=0)]
    for wave, size in enumerate(invited[1:], 1):
        stay = _stayers(present, size, rng, scenario)
        stay = _movers(stay, organisation, rng)
        present = pd.concat([stay, _replacements(organisation, stay, size, wave, rng)])
        waves.append(present.assign(wave=wave))
    return pd.concat(waves, ignore_index=True)


def typed_links(people: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """The linking codes as respondents typed them: sometimes empty, later sometimes mistaken."""
    given = ~people["refuses"].to_numpy() & (rng.random(len(people)) < CODE_GIVEN)
    letters = np.array([list(code) for code in people["link"]])
    wrong = (rng.random(letters.shape) < ELEMENT_ERROR) & (people["wave"].to_numpy()[:, None] > 0)
    other = _elements(len(people), rng)
    typed = np.where(wrong, other, letters)
    codes = ["".join(row) if ok else "" for row, ok in zip(typed, given, strict=True)]
    return pd.Series(codes, index=people.index)


def _roles(size: int) -> dict[str, int]:
    counts = {role: round(share * size) for role, share in ROLE_SHARES.items()}
    counts["leader"] = min(max(counts["leader"], 2), 9)
    return {"professional": max(size - sum(counts.values()), 0), **counts}


def _newcomers(
    organisation: Organisation, roles: dict[str, int], wave: int, rng: np.random.Generator
) -> pd.DataFrame:
    names = rng.permutation(np.repeat(list(roles), list(roles.values())))
    size = len(names)
    known = np.array(["under2", "2to5", "5to10", "over10"])
    tenure = rng.choice(known, size, p=TENURE_SHARES) if wave == 0 else known[:1].repeat(size)
    return pd.DataFrame({
        "person": [f"{organisation.id}-{wave}-{number:04d}" for number in range(size)],
        "team": _teams(organisation, size, rng),
        "role": names,
        "tenure": tenure,
        "language": np.where(rng.random(size) < ENGLISH, "en", "nl"),
        "link": ["".join(row) for row in _elements(size, rng)],
        "refuses": rng.random(size) < CODE_REFUSED,
        "lean": rng.normal(0, 1, size),
    })


def _teams(organisation: Organisation, size: int, rng: np.random.Generator) -> np.ndarray:
    """Teams of very different size: the last is four and a half times the first."""
    names = np.array(organisation.teams or (organisation.id,))
    weights = np.linspace(1, 4.5, len(names))
    bounds = np.cumsum(weights / weights.sum() * size).round().astype(int)
    return rng.permutation(names[np.searchsorted(bounds, np.arange(size), side="right")])


def _stayers(
    present: pd.DataFrame, size: int, rng: np.random.Generator, scenario: Scenario
) -> pd.DataFrame:
    """Those who stay; leaving is likelier for a low `lean` (as a rule, only a little)."""
    leaving = round(rng.uniform(*scenario.leave) * len(present))
    leaving = max(leaving, len(present) - size)
    urge = rng.gumbel(size=len(present)) - scenario.discontent * present["lean"].to_numpy()
    kept = np.sort(np.argsort(-urge, kind="stable")[leaving:])
    return present.iloc[kept]


def _movers(
    stay: pd.DataFrame, organisation: Organisation, rng: np.random.Generator
) -> pd.DataFrame:
    moves = rng.random(len(stay)) < MOVE
    teams = np.array(organisation.teams or (organisation.id,))
    grows = (stay["tenure"] == "under2").to_numpy() & (rng.random(len(stay)) < 0.25)
    return stay.assign(
        team=np.where(moves, rng.choice(teams, len(stay)), stay["team"]),
        tenure=np.where(grows, "2to5", stay["tenure"]),
    )


def _replacements(
    organisation: Organisation, stay: pd.DataFrame, size: int, wave: int, rng: np.random.Generator
) -> pd.DataFrame:
    wanted = size - len(stay)
    short = {
        role: max(count - int((stay["role"] == role).sum()), 0)
        for role, count in _roles(size).items()
    }
    names = np.repeat(list(short), list(short.values()))[::-1][:wanted]
    roles = {role: int((names == role).sum()) for role in short}
    roles["professional"] += wanted - len(names)
    return _newcomers(organisation, roles, wave, rng)


def _elements(size: int, rng: np.random.Generator) -> np.ndarray:
    """Codes as a matrix of characters: four letters, then three digits; common ones occur more."""
    share = 1 / np.arange(3, len(LETTERS) + 3)
    letters = rng.choice(LETTERS, (size, 4), p=share / share.sum())
    digits = rng.integers(0, 10, (size, ELEMENTS - 4)).astype(str)
    return np.concatenate([letters, digits], axis=1)
