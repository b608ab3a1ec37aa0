"""What a notebook asks of the interviews: in how many conversations a theme came up."""

from __future__ import annotations

import json

import pandas as pd

from lostudy.analysis.coding import conversations_asked, family
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.disclosure import beside, protect_voices
from lostudy.integration import verdict
from lostudy.words import word

VALENCE = {
    "werkt": "works",
    "werkt_niet": "works_not",
    "gemengd": "mixed",
    "works": "works",
    "works_not": "works_not",
    "mixed": "mixed",
}


def code_counts(view: View, themes: list[str] | None = None) -> Result:
    """In how many conversations each theme of the question came up, per organisation and over all.

    Counted are conversations in which the question was asked; per organisation in bands, exactly
    only over all. `valence` is what most of those conversations say: it works, it does not, or
    both.
    """
    wanted = themes or list(view.study.question(view.question_id).themes)
    asked = conversations_asked(view)
    said = _said(view, wanted, asked)
    groups = {name: asked[asked["organisation"] == name] for name in view.organisations}
    if view.organisation == "all":
        groups["all"] = asked
    rows = [
        {"code": code, "organisation": name, **_count(said, code, set(group["interview"]))}
        for code in wanted
        for name, group in groups.items()
    ]
    safe = protect_voices(
        pd.DataFrame(rows),
        by=["code", "organisation"],
        people=asked[["organisation", "interview"]].rename(columns={"interview": "person"}),
        policy=view.study.disclosure,
    )
    return Result(word("voices_title", view.language), safe, view.identity)


def _said(view: View, codes: list[str], asked: pd.DataFrame) -> pd.DataFrame:
    """A row per conversation and code, with what it says; a code counts for its parents too."""
    segments = view.processed("segments")
    segments = segments[segments["interview"].isin(asked["interview"])]
    below = {code: family(view, code) for code in codes}
    rows = []
    for code, codes_below in below.items():
        for interview, group in segments[segments["code"].isin(codes_below)].groupby("interview"):
            rows.append(
                {"code": code, "interview": interview, "valence": _valence(group["attributes"])}
            )
    return pd.DataFrame(rows, columns=["code", "interview", "valence"])


def _valence(attributes: pd.Series) -> str:
    found = {
        VALENCE.get(str(json.loads(each or "{}").get("werking", "")).strip().lower(), "")
        for each in attributes
    } - {""}
    if not found:
        return "unknown"
    return next(iter(found)) if len(found) == 1 else "mixed"


def _count(said: pd.DataFrame, code: str, conversations: set[str]) -> dict[str, object]:
    mine = said[(said["code"] == code) & said["interview"].isin(conversations)]
    sides = mine.loc[mine["valence"] != "unknown", "valence"].value_counts()
    top = str(sides.index[0]) if len(sides) else "unknown"
    if len(sides) and (sides / sides.sum()).iloc[0] < 2 / 3:
        top = "mixed"
    return {"k": len(mine), "asked": len(conversations), "valence": top if len(mine) else ""}


def joint_display(moved: Result, voices: Result) -> Result:
    """Survey and interviews side by side: per theme and organisation change, band and verdict.

    The verdict is proposed by rule (docs/explanation-verdict.md) and is for people to confirm.
    """
    study, language = moved.identity.study, moved.identity.language
    pairs = study.question(moved.identity.question).pairs
    safe = beside(moved.safe, voices.safe, pairs, verdict)
    title = word("joint_title", language)
    return Result(title, safe, moved.identity, moved.unit, limits=moved.limits)
