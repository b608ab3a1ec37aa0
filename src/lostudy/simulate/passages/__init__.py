"""The written bank of interview passages, and reading it.

Every passage was made up for this study. It carries the code it is about (`code`), sometimes a
second one (`also`), whether things work there (`valence`), who could say it (`voice`) and, for depth
of reflection, the level (`slag`).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

BANKS = ("disciplines", "leadership", "conditions", "challenges", "questions")
VALENCES = ("werkt", "werkt_niet", "gemengd")
STAFF = ("professional", "specialist", "support")


@cache
def passages() -> pd.DataFrame:
    """Columns code, also, valence, voice, slag, text; one row per passage.

    >>> bool(passages()["text"].is_unique)
    True
    """
    return pd.concat([_read(bank) for bank in BANKS], ignore_index=True)


@cache
def spoken(bank: str) -> dict[str, list[str]]:
    """Moment in the conversation -> what is said then; banks: interviewer, small_talk."""
    table = _read(bank)
    return {str(moment): rows["text"].tolist() for moment, rows in table.groupby("moment", sort=False)}


def suits(voice: str, role: str) -> bool:
    """Whether somebody in this role could say a passage with this voice.

    >>> suits("staff", "support"), suits("leader", "support")
    (True, False)
    """
    return voice == role or (voice == "staff" and role in STAFF)


def _read(bank: str) -> pd.DataFrame:
    with (files("lostudy.simulate.passages") / f"{bank}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, sep=";", dtype="str", keep_default_na=False)
