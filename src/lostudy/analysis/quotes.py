"""Quotes of a learning question, chosen in data/quotes.csv, where nothing stands in the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from lostudy import formats
from lostudy.analysis.opening import View
from lostudy.analysis.origin import origin
from lostudy.analysis.output import output_folder
from lostudy.analysis.result import Result, label
from lostudy.disclosure.quotes import (
    COLUMNS,
    balance,
    judge_quotes,
    protect_quotes,
)
from lostudy.disclosure.text import private_names
from lostudy.errors import Problem, StudyError, shown
from lostudy.findings import Finding, append, finding_id
from lostudy.study import Study
from lostudy.study.sheets import read_sheet
from lostudy.words import word

FILLED = ("name", "question", "conversation", "text", "chosen_by")
NEEDED = tuple(name for name in COLUMNS if name not in ("text_en", "passage"))


def quotes(view: View) -> Result:
    """The quotes of the question that may be published, each with theme and role.

    They are chosen in data/quotes.csv. A quote needs consent, its own words in a passage of that
    conversation, a second reader who wrote down the mark of that passage, release, and nobody
    named; of one person at most two. Under the table stands what the others wait for. Over all
    organisations each is a finding of kind quote.
    """
    chosen = read_quotes(view.study.folder / "data" / "quotes.csv")
    if view.question_id:
        chosen = chosen[chosen["question"] == view.question_id]
    judged = judge_quotes(
        chosen, view.processed("interviews"), view.processed("segments"),
        private_names(view.study), parents_of(view.study), date.today(),
    )  # fmt: skip
    if view.organisation != "all":
        judged = judged[judged["organisation"] == view.organisation]
    remarks = _remarks(judged, view)
    title = word("quotes_title", view.language)
    result = Result(title, protect_quotes(judged, view.language), view.identity, remarks=remarks)
    folder = output_folder()
    if folder is not None and view.organisation == "all":
        append(folder, [_finding(row, view, result) for row in judged.to_dict("records")])
    return result


def parents_of(study: Study) -> dict[str, str]:
    """Code → the code above it."""
    return {each.id: each.parent for each in study.codes.values()}


def read_quotes(path: Path) -> pd.DataFrame:
    """The quotes that were chosen; none where there is no file.

    Columns: those of the file, as text. Raises StudyError with every wrong row.
    """
    if not path.exists():
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    problems: list[Problem] = []
    rows = read_sheet(path, NEEDED, ("text_en", "passage"), problems)
    seen: set[str] = set()
    for row in rows:
        for name in (each for each in FILLED if not row[each]):
            problems.append(Problem("an empty cell", "fill it in", shown(path), row.number, name))
        if row["name"] in seen:
            what = "a name that stands twice"
            problems.append(Problem(what, "give each its own", shown(path), row.number, "name"))
        seen.add(row["name"])
    if problems:
        raise StudyError(problems)
    return pd.DataFrame([[row[name] for name in COLUMNS] for row in rows], columns=list(COLUMNS))


def _remarks(judged: pd.DataFrame, view: View) -> tuple[str, ...]:
    """How many wait and for what; over how many organisations the others are spread."""
    language = view.language
    waiting = judged[judged["status"] == "draft"]
    said = []
    if len(waiting):
        reasons = Counter(each for row in waiting["reasons"] for each in row.split(";"))
        told = "; ".join(f"{word(name, language)} ({count})" for name, count in reasons.items())
        said.append(word("quotes_waiting", language, formats.count(len(waiting), language), told))
    known, every, lopsided = balance(judged, len(view.organisations))
    if view.organisation == "all" and known:
        said.append(word("quotes_spread", language, known, every))
        if lopsided:
            said.append(word("quotes_lopsided", language))
    return tuple(said)


def _finding(row: dict[Hashable, Any], view: View, result: Result) -> Finding:
    """A quote as a finding: its words only when it is checked."""
    checked = row["status"] == "checked"
    nl, en = (_speaker(row, view, language) for language in ("nl", "en"))
    en += f", {word('translated', 'en')}" if row["text_en"] else ""
    return Finding(
        **origin(result), id=finding_id(row["name"]), kind="quote", organisation="all",
        value=None, low=None, high=None, n=None, unit="", method="", status=row["status"],
        text_nl=row["text"] if checked else "",
        text_en=(row["text_en"] or row["text"]) if checked else "",
        words={"who_nl": nl, "who_en": en} if checked else {},
    )  # fmt: skip


def _speaker(row: dict[Hashable, Any], view: View, language: str) -> str:
    if not row["role"]:
        return word("participant", language)
    return label(view.study, "role", row["role"], language)
