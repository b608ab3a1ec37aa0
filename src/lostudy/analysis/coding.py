"""What a notebook asks of the coding: do coders agree, what came together, where, is it enough?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy import formats
from lostudy import statistics as st
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result
from lostudy.disclosure import protect_coding
from lostudy.errors import Problem, StudyError
from lostudy.words import word

UNITS = ("conversation", "passage")
MEASURES = ("alpha", "AC1", "Brennan-Prediger", "positive agreement", "negative agreement",
            "prevalence")  # fmt: skip
STEPPED = ("positive agreement", "negative agreement", "prevalence")
STEP, PARTS, FAR = 0.05, 5, 10**7
BASE, RUN, THRESHOLD, ORDERS = 4, 2, 0.05, 200


def code_agreement(
    view: View, themes: list[str] | None = None, unit: str = "conversation", draws: int = 2000
) -> Result:
    """How well the coders agree about each theme, with intervals by resampling conversations.

    `unit`: "conversation" (did both give the theme to it?) or "passage" (of what at least one of
    them marked). Only conversations that two coders judged count; shares go in steps of 5 %,
    and are left out where steps would tell the number of conversations: under twenty.
    """
    if unit not in UNITS:
        raise StudyError(Problem(f"unit '{unit}' does not exist", f"one of: {', '.join(UNITS)}"))
    wanted, asked = wanted_themes(view, themes), conversations_asked(view)
    coded = coded_twice(asked)
    said = themed(view, wanted, coded["interview"])
    rows, units = (_by_conversation if unit == "conversation" else _by_passage)(said, coded)
    table = st.agreement_by_code(
        rows, units, coded.set_axis(["conversation", "coder"], axis=1), wanted, draws=draws
    )
    apart = unit == "conversation" and coded["interview"].nunique() * STEP < 1
    table = table[table["measure"].isin([m for m in MEASURES if not (apart and m in STEPPED)])]
    table["note"] = table["note"].where(table["estimate"].isna(), "")
    stepped = table["measure"].isin(STEPPED)
    for name in ("estimate", "low", "high"):
        table[name] = table[name].where(~stepped, (table[name] / STEP).round() * STEP)
    safe = protect_coding(
        table.drop(columns=["n", "method"]),
        by=["code", "measure"],
        people=pd.DataFrame({"person": coded["interview"].unique()}),
        policy=view.study.disclosure,
        kind="coding",
        numbers=unit != "conversation" or view.organisation == "all",
    )
    remark = word(f"coding_by_{unit}", view.language)
    return Result(word("coding_title", view.language), safe, view.identity, remarks=(remark,))


def co_occurrence(
    view: View, themes: list[str] | None = None, window: str | int = "overlap", draws: int = 2000
) -> Result:
    """Which themes came up together, in bands of conversations, and whether more than by chance.

    `window`: "segment" (the same passage), "overlap", "conversation", or a number of characters
    between them. Themes above each other are not judged. Passages without a place in a text are
    together where their text is the same.
    """
    wanted, asked = wanted_themes(view, themes), conversations_asked(view)
    said = placed(themed(view, wanted, asked["interview"]))
    parents = {code.id: code.parent for code in view.study.codes.values()}
    found = st.co_occurrence(
        said, window, asked["interview"].tolist(), wanted, parents, draws=draws
    )
    found["more"] = np.select(
        [found["lift_low"] > 1, found["lift_high"] < 1], ["more", "less"], default=""
    )
    table = found[["one", "two", "more", "note"]].assign(
        k=found["n_both"].where(found["note"] == "", 0), conversations=found["n"]
    )
    safe = protect_coding(
        table, by=["one", "two"], people=_people(asked), policy=view.study.disclosure,
        kind="together",
    )  # fmt: skip
    near = "near" if isinstance(window, int) else window
    remark = word(f"together_{near}", view.language, window)
    return Result(word("together_title", view.language), safe, view.identity, remarks=(remark,))


def portrait(view: View, themes: list[str] | None = None) -> Result:
    """Where in the conversations each theme came up: five stretches from begin to end, in bands.

    Of all conversations together, never of one; only those whose passages have a place in a text.
    """
    wanted, asked = wanted_themes(view, themes), conversations_asked(view)
    every = view.processed("segments").dropna(subset=["start", "end"])
    length = every.groupby("interview")["end"].max()
    asked = asked[asked["interview"].isin(length.index)]
    said = themed(view, wanted, asked["interview"]).dropna(subset=["start", "end"])
    middle = (said["start"] + said["end"]).astype("float64") / 2
    share = middle / said["conversation"].map(length).astype("float64")
    said = said.assign(part=np.minimum((share * PARTS).astype("int64") + 1, PARTS))
    k = said.groupby(["code", "part"])["conversation"].nunique()
    index = pd.MultiIndex.from_product([wanted, range(1, PARTS + 1)], names=["code", "part"])
    table = k.reindex(index, fill_value=0).rename("k").reset_index()
    safe = protect_coding(
        table.assign(conversations=len(asked)), by=["code", "part"], people=_people(asked),
        policy=view.study.disclosure, kind="portrait",
    )  # fmt: skip
    return Result(word("portrait_title", view.language), safe, view.identity)


def saturation(
    view: View, base: int = BASE, run: int = RUN, threshold: float = THRESHOLD, orders: int = 2000
) -> Result:
    """How much further conversations still brought, over many orders (Guest, Namey & Chen 2020).

    Of all codes of the codebook, per organisation and over all. `base`: the first conversations;
    `run`: the next ones, whose new codes are counted; `threshold`: the share of new codes under
    which it is enough; `orders`: two hundred or more, because a curve over few orders tells what
    single conversations brought.
    """
    if orders < ORDERS:
        cure = f"take {ORDERS} or more: fewer would tell of single conversations"
        raise StudyError(Problem("a curve over too few orders", cure))
    held = view.processed("interviews")
    held = held[held["wave"].isin(view.waves)]
    groups = {name: held[held["organisation"] == name] for name in view.organisations}
    if view.organisation == "all":
        groups["all"] = held
    segments = view.processed("segments").rename(columns={"interview": "conversation"})
    tables, more = [], ""
    for name, group in groups.items():
        said = segments[segments["conversation"].isin(group["interview"])]
        options = (group["interview"].tolist(), base, run, threshold, orders)
        rows = st.saturation(said, *options)
        tables.append(rows.assign(organisation=name).rename(
            columns={"conversations": "conversations_before", "n": "conversations"}))  # fmt: skip
        more = _enough(st.saturation_point(said, *options).iloc[0], view.language)
    table = pd.concat(tables).drop(columns=["codes", "reached", "method"])
    safe = protect_coding(
        table, by=["organisation", "conversations_before"],
        people=held[["organisation", "interview"]].rename(columns={"interview": "person"}),
        policy=view.study.disclosure, kind="saturation",
    )  # fmt: skip
    shown = "" if (safe.table["hidden"].iloc[-1:] != "").any() else more
    remark = word("saturation_rule", view.language, base, run, shown).strip()
    return Result(word("saturation_title", view.language), safe, view.identity, remarks=(remark,))


def _enough(point: pd.Series, language: str) -> str:
    if pd.isna(point["estimate"]):
        return word("saturation_not", language)
    high = "" if pd.isna(point["high"]) else formats.count(int(point["high"]), language)
    return word("saturation_point", language, int(point["estimate"]), int(point["low"]), high)


def conversations_asked(view: View) -> pd.DataFrame:
    """The conversations in view in which the question was asked; all of them without a question."""
    table = view.processed("interviews")
    table = table[table["wave"].isin(view.waves)]
    if not view.question_id:
        return table
    about = table["questions_asked"].str.split(";").map(lambda each: view.question_id in each)
    return table[about.astype(bool)]


def themed(view: View, themes: list[str], conversations: pd.Series) -> pd.DataFrame:
    """The passages of some conversations under each theme; a code counts for those above it."""
    segments = view.processed("segments")
    segments = segments[segments["interview"].isin(conversations)]
    rows = [
        segments[segments["code"].isin(family(view, theme))].assign(code=theme) for theme in themes
    ]
    return pd.concat(rows).rename(columns={"interview": "conversation"}).reset_index(drop=True)


def family(view: View, code: str) -> set[str]:
    """A code and everything under it."""
    found = {code}
    for _ in view.study.codes:
        more = {each.id for each in view.study.codes.values() if each.parent in found}
        if more <= found:
            return found
        found |= more
    return found


def wanted_themes(view: View, themes: list[str] | None) -> list[str]:
    """The themes asked for, those of the question, or all codes that were given."""
    if themes is None and not view.question_id:
        used = set(view.processed("segments")["code"])
        return [code for code in view.study.codes if code in used]
    wanted = list(themes or view.study.question(view.question_id).themes)
    for theme in wanted:
        if theme not in view.study.codes:
            raise StudyError(Problem(f"code '{theme}' does not exist", "choose one of codes.csv"))
    return wanted


def _people(asked: pd.DataFrame) -> pd.DataFrame:
    return asked[["interview"]].rename(columns={"interview": "person"})


def coded_twice(asked: pd.DataFrame) -> pd.DataFrame:
    """Conversation and coder, of the conversations that two coders or more judged."""
    rows = asked[["interview", "coders"]].assign(coder=asked["coders"].str.split(";"))
    rows = rows.drop(columns="coders").explode("coder")
    rows = rows[rows["coder"].fillna("") != ""]
    return rows[rows.groupby("interview")["coder"].transform("nunique") > 1].reset_index(drop=True)


def _by_conversation(said: pd.DataFrame, coded: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One unit per conversation."""
    units = pd.DataFrame({"conversation": coded["interview"].unique(), "start": 0, "end": 1})
    return said.assign(start=0, end=1), units


def _by_passage(said: pd.DataFrame, coded: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A unit for each stretch of text that somebody marked; overlapping passages are one."""
    rows = placed(said).sort_values(["conversation", "start", "end"]).reset_index(drop=True)
    reach = rows.groupby("conversation")["end"].cummax()
    other = rows["conversation"] != rows["conversation"].shift()
    new = other | (rows["start"] >= reach.shift())
    unit = new.cumsum()
    units = rows.assign(unit=unit).groupby("unit", sort=True).agg(
        conversation=("conversation", "first"), start=("start", "min"), end=("end", "max")
    )  # fmt: skip
    return rows, units.reset_index(drop=True)


def placed(said: pd.DataFrame) -> pd.DataFrame:
    """Passages without a place get one of their own, the same for the same text."""
    rows = said.assign(start=said["start"].astype("Int64"), end=said["end"].astype("Int64"))
    gone = rows["start"].isna() | rows["end"].isna()
    place = pd.Series(pd.factorize(rows["text"])[0], index=rows.index) * FAR + FAR
    rows["start"], rows["end"] = rows["start"].mask(gone, place), rows["end"].mask(gone, place + 1)
    return rows.astype({"start": "int64", "end": "int64"})
