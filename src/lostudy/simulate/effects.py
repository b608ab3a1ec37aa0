"""What is true in the simulated study: level and change per organisation and scale.

effects.csv holds four profiles; organisations take them in turn. A scale that is not in the table
(another study's) gets a level and a change from the seed, so every study can be simulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd

PROFILES = 4
RESPONSE = ((0.66, 0.62, 0.59), (0.70, 0.66, 0.63), (0.73, 0.71, 0.70), (0.74, 0.71, 0.74))
HALFWAY = 0.8          # change is fastest at first: its share at wave w is (w / last) ** 0.8


@dataclass(frozen=True)
class Scenario:
    """What is to be true instead of what effects.csv says, for studies of the method itself.

    `change`: from the first wave to the last, in points of the latent score, the same for every
    scale and organisation; None takes the table. `leave`: share of the staff that leaves between
    two waves; `discontent`: how much likelier somebody leaves per standard deviation of being
    discontented. `drawn`: the staff is a random draw, so that its mean differs from what was
    planted by chance; otherwise the staff as a whole shows exactly what was planted.
    """

    change: float | None = None
    leave: tuple[float, float] = (0.10, 0.15)
    discontent: float = 0.25
    drawn: bool = False


AS_LISTED = Scenario()


@dataclass(frozen=True)
class Effects:
    """One organisation: `level` is waves x scales (its staff), `leader` what leaders add to it."""

    scales: tuple[str, ...]
    level: np.ndarray
    change: np.ndarray
    leader: np.ndarray


def effects(
    scales: Sequence[str],
    waves: int,
    organisation: int,
    seed: int,
    scenario: Scenario = AS_LISTED,
) -> Effects:
    """The planted levels of the organisation with this rank.

    >>> planted = effects(["RP", "VA"], waves=3, organisation=0, seed=1)
    >>> planted.change.tolist()
    [0.45, 0.35]
    >>> planted.level.round(2).tolist()
    [[3.2, 2.8], [3.46, 3.0], [3.65, 3.15]]
    """
    table = _table().query("profile == @organisation % @PROFILES + 1").set_index("scale")
    table = table.reindex(list(scales))
    drawn = _drawn(len(scales), organisation, seed)
    base, change, leader = (
        table[name].where(table[name].notna(), drawn[name]).to_numpy(float) for name in drawn
    )
    if scenario.change is not None:
        change, leader = np.full(len(scales), scenario.change), np.zeros(len(scales))
    share = (np.arange(waves) / max(waves - 1, 1)) ** HALFWAY
    return Effects(tuple(scales), base + share[:, None] * change, change, leader)


def response_share(organisation: int, wave: int) -> float:
    """The share of the invited that answers."""
    shares = RESPONSE[organisation % PROFILES]
    return shares[min(wave, len(shares) - 1)]


def _table() -> pd.DataFrame:
    with (files("lostudy.simulate") / "effects.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def _drawn(scales: int, organisation: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng([seed, organisation, 7])
    return {
        "base": rng.normal(3.3, 0.25, scales).round(2),
        "change": (rng.normal(0.1, 0.15, scales) * 20).round() / 20,
        "leader": np.full(scales, 0.1),
    }
