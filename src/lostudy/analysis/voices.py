"""What a notebook asks of the interviews: in how many conversations a theme came up."""

from __future__ import annotations

import json

import pandas as pd

from lostudy import formats
from lostudy.analysis.coding import conversations_asked, family
from lostudy.analysis.opening import View
from lostudy.analysis.result import Result, label
from lostudy.disclosure import beside, protect_coding, protect_voices
from lostudy.errors import Problem, StudyError
from lostudy.integration import judged, read_verdicts, readers_agree, unexplained, verdict
from lostudy.study import Study
from lostudy.words import word

BY = ("organisation", "role")
VALENCE = {
    "werkt": "works",
    "werkt_niet": "works_not",
    "gemengd": "mixed",
    "works": "works",
    "works_not": "works_not",
    "mixed": "mixed",
}


def code_counts(
    view: View, themes: list[str] | None = None, by: str = "organisation"
) -> Result:
    """In how many conversations each theme of the question came up, per organisation and over all.

    Counted are conversations in which the question was asked; per organisation in bands, exactly
    only over all. `valence` is what most of those conversations say: it works, it does not, or
    both. `by`: "organisation", or "role" for the role bands of all organisations in view together,
    in bands only.
    """
    if by not in BY:
        raise StudyError(Problem(f"by '{by}' does not exist", f"one of: {', '.join(BY)}"))
    if not themes and not view.question_id:
        cure = "lo.code_counts(study.question('lq1')), or themes=['…']"
        raise StudyError(Problem("themes are counted of a learning question", cure))
    wanted = themes or list(view.study.question(view.question_id).themes)
    asked = conversations_asked(view)
    said = _said(view, wanted, asked)
    if by == "role":
        return _by_role(view, wanted, asked, said)
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


def _by_role(view: View, wanted: list[str], asked: pd.DataFrame, said: pd.DataFrame) -> Result:
    """Themes by role band, over all organisations in view: never of one role in one of them."""
    rows = []
    for role, group in asked.groupby("role_band", sort=True):
        talks = set(group["interview"])
        for code in wanted:
            mine = said[(said["code"] == code) & said["interview"].isin(talks)]
            rows.append({"code": code, "role": role, "k": len(mine), "conversations": len(talks)})
    table = pd.DataFrame(rows, columns=["code", "role", "k", "conversations"])
    table = table.sort_values("code", kind="stable", key=lambda each: each.map(wanted.index))
    people = asked[["role_band", "interview"]].set_axis(["role", "person"], axis=1)
    safe = protect_coding(
        table.reset_index(drop=True), by=["code", "role"], people=people,
        policy=view.study.disclosure, kind="roles",
    )  # fmt: skip
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


def joint_display(
    moved: Result, voices: Result, *, quotes: Result | None = None, explained: bool = False
) -> Result:
    """Survey and interviews side by side: per theme and organisation change, band and verdict.

    The verdict is proposed by rule (docs/explanation-verdict.md) and confirmed by two readers in
    codebook/verdicts.csv; where they differ, or the proposal has changed, it stays a proposal.
    `quotes`: of the same question; under the table stands one that was cleared for each theme, with
    the role of who said it (of which organisation is not told). `explained`: stop where a
    contradiction carries no explanation there; a run for one organisation, or up to an earlier
    wave, goes on.
    """
    study, language = moved.identity.study, moved.identity.language
    question = moved.identity.question
    pairs, read = study.question(question).pairs, _read(study, question)
    safe = beside(
        moved.safe, voices.safe, pairs, verdict,
        judged=(lambda table: judged(table, read)) if len(read) else None,
    )  # fmt: skip
    whole = (moved.identity.organisation, moved.identity.wave) == ("all", "all")
    if explained and whole:
        _stop_at_unexplained(safe.table, read, question)
    title, remarks = word("joint_title", language), _remarks(safe.table, read, language)
    remarks += _voiced(quotes, list(pairs), study, language) if quotes else ()
    return Result(title, safe, moved.identity, moved.unit, remarks=remarks, limits=moved.limits)


def _voiced(quotes: Result, themes: list[str], study: Study, language: str) -> tuple[str, ...]:
    """A quote for each theme that has one, in the order of the themes."""
    cleared = quotes.safe.shown.drop_duplicates("code").set_index("code")
    said = []
    for theme in (each for each in themes if each in cleared.index):
        row = cleared.loc[theme]
        who = label(study, "role", row["role"], language) if row["role"] else ""
        speaker = who or word("participant", language)
        by = f"{speaker}, {word('translated', language)}" if row["translated"] else speaker
        said.append(f"{label(study, 'code', theme, language)}: “{row['text']}” ({by})")
    return tuple(said)


def _read(study: Study, question: str) -> pd.DataFrame:
    """What readers judged of the verdicts of one learning question."""
    known = {"question": [each.id for each in study.questions], "code": list(study.codes),
             "organisation": [*(each.id for each in study.organisations), "all"]}
    read = read_verdicts(study.folder / "codebook", known)
    return read[read["question"] == question]


def _stop_at_unexplained(table: pd.DataFrame, read: pd.DataFrame, question: str) -> None:
    proposed = table.assign(verdict=table.get("proposed", table["verdict"]))
    missing = unexplained(judged(proposed, read)).to_dict("records")
    if missing:
        cure = "write it in the column explanation of codebook/verdicts.csv, in a reader's row"
        raise StudyError([
            Problem(f"{question}: a contradiction without an explanation, theme {row['code']} at "
                    f"{row['organisation']}", cure)
            for row in missing
        ])  # fmt: skip


def _remarks(table: pd.DataFrame, read: pd.DataFrame, language: str) -> tuple[str, ...]:
    """How many verdicts two readers confirmed, what is open, and how well they agree."""
    if read.empty:
        return ()
    parts = table[table["organisation"] != "all"] if table["organisation"].nunique() > 1 else table
    counts = parts["state"].value_counts()
    said = word("readers_confirmed", language, int(counts.get("confirmed", 0)), len(parts))
    rest = [f"{word(state, language)}: {counts[state]}"
            for state in ("undecided", "one_reader", "anew") if counts.get(state, 0)]  # fmt: skip
    agree = readers_agree(read).iloc[0]
    if agree["n"]:
        alpha = agree["estimate"]
        known = (
            word(agree["note"], language) if pd.isna(alpha) else formats.number(alpha, 2, language)
        )
        alike = formats.percent(agree["alike"], language)
        rest.append(word("readers_agree", language, alike, known, int(agree["n"])))
    return (f"{said}; {'; '.join(rest)}." if rest else f"{said}.",)
