"""Two protected tables beside each other: nothing new is told, so the result may be shown too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from lostudy.disclosure.safe import Safe, require_safe, sealed

SURVEY = ["estimate", "low", "high", "n", "wording"]
VOICES = ["band", "valence", "k"]
REASONS = ["survey_hidden", "voices_hidden", "hidden"]
COLUMNS = ["code", "scale", "organisation", *SURVEY, *VOICES, "verdict", *REASONS]


def beside(
    survey: Safe,
    voices: Safe,
    pairs: Mapping[str, str],
    judge: Callable[..., str],
    kind: str = "joint",
    judged: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> Safe:
    """A row per theme and organisation: estimate of the survey, band of conversations, verdict.

    `survey`: a Safe with columns scale and organisation; `voices`: a Safe with columns code and
    organisation; `pairs`: code → scale; `judge`: the rule, called with wording, band, valence,
    asked and measured. `judged`: what readers made of the proposed verdicts (code, organisation,
    verdict, state), from the table with the proposals. `survey_hidden` and `voices_hidden` tell why
    a half is empty.
    """
    left, right = require_safe(survey).table, require_safe(voices).table
    rows = []
    for code, scale in pairs.items():
        for _, said in right[right["code"] == code].iterrows():
            place = (left["scale"] == scale) & (left["organisation"] == said["organisation"])
            found = left[place].iloc[0] if place.any() else None
            rows.append(_row(code, scale, said, found, judge))
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"n": "Int64", "k": "Int64"})
    if judged is not None:
        keys = ["code", "organisation"]
        read = table[keys].merge(judged(table), on=keys, how="left")
        table["proposed"] = table["verdict"]
        table["verdict"], table["state"] = read["verdict"], read["state"]
    return sealed(table, kind, ("code", "organisation"))


def _row(
    code: str, scale: str, said: pd.Series, found: pd.Series | None, judge: Callable[..., str]
) -> dict:
    reason = "absent" if found is None else str(found["hidden"])
    if found is not None and not reason and pd.isna(found["estimate"]):
        reason = "absent"
    survey = {name: None if found is None or reason else found[name] for name in SURVEY}
    voices = {name: said[name] if pd.notna(said[name]) else None for name in VOICES}
    decision = judge(
        str(survey["wording"] or ""),
        str(said["band"]),
        str(said["valence"]),
        asked=said["hidden"] == "",
        measured=not reason,
    )
    place = {"code": code, "scale": scale, "organisation": said["organisation"]}
    reasons = {"survey_hidden": reason, "voices_hidden": said["hidden"], "hidden": ""}
    return {**place, **survey, **voices, "verdict": decision, **reasons}
