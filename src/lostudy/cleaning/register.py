"""The researchers' register of conversations (conversations.csv), beside the coded interviews."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from lostudy.cleaning.dates import read_dates
from lostudy.errors import Problem
from lostudy.study import Study
from lostudy.study.codebook import normal
from lostudy.study.sheets import Row, read_sheet

REQUIRED = ("document", "conversation", "role_band", "questions_asked", "consent")
OPTIONAL = ("date", "minutes", "withdrawn", "note")
MOST_MINUTES = 600
YES, NO = ("yes", "ja", "1", "true"), ("no", "nee", "0", "false")


@dataclass(frozen=True)
class Conversation:
    """What the researchers wrote down about a conversation."""

    interview: str
    role_band: str
    minutes: int | None
    consent: bool
    withdrawn: bool
    questions_asked: str


def read_register(
    path: Path, name: str, study: Study, problems: list[Problem]
) -> dict[str, Conversation]:
    """The conversations by the name of their document, as it is compared."""
    known: dict[str, Conversation] = {}
    first: dict[str, Conversation] = {}
    for row in read_sheet(path, REQUIRED, OPTIONAL, problems):
        document = normal(row["document"])
        if document in known:
            problems.append(_problem(name, row, "document", "a document stands twice", "keep one"))
        known[document] = _conversation(row, name, study, problems)
        if known[document] != first.setdefault(row["conversation"], known[document]):
            what = "a conversation stands twice, and not with the same facts"
            problems.append(_problem(name, row, "conversation", what, "give each its own id"))
    return known


def _conversation(row: Row, name: str, study: Study, problems: list[Problem]) -> Conversation:
    asked = row["questions_asked"].lower().replace(";", " ").split()
    questions = [question.id for question in study.questions]
    if any(each not in questions for each in asked):
        cure = f"write ids apart by ';': {', '.join(questions)}"
        what = "a question that does not exist"
        problems.append(_problem(name, row, "questions_asked", what, cure))
    minutes = row["minutes"]
    if minutes and not minutes.isdigit():
        what, cure = "not a whole number of minutes", "write one, or leave it empty"
        problems.append(_problem(name, row, "minutes", what, cure))
    _check_day(row, name, problems)
    if minutes.isdigit() and int(minutes) > MOST_MINUTES:
        what, cure = f"more than {MOST_MINUTES} minutes", "was it counted in minutes?"
        problems.append(replace(_problem(name, row, "minutes", what, cure), severity="note"))
    return Conversation(
        interview=row["conversation"],
        role_band=row["role_band"],
        minutes=int(minutes) if minutes.isdigit() else None,
        consent=_yes(row, "consent", name, problems),
        withdrawn=_yes(row, "withdrawn", name, problems),
        questions_asked=";".join(asked),
    )


def _check_day(row: Row, name: str, problems: list[Problem]) -> None:
    """A date that does not exist is an error; one that has not come yet is a note."""
    if not row["date"]:
        return
    moment = read_dates(pd.Series([row["date"]]))[0]
    if pd.isna(moment):
        what, cure = "no date", "write year-month-day, or leave it empty"
        problems.append(_problem(name, row, "date", what, cure))
    elif moment.date() > dt.date.today():
        what, cure = "a day that has not come yet", "mend the date"
        problems.append(replace(_problem(name, row, "date", what, cure), severity="note"))


def _yes(row: Row, column: str, name: str, problems: list[Problem]) -> bool:
    word = row[column].lower()
    if word and word not in (*YES, *NO):
        problems.append(_problem(name, row, column, "neither yes nor no", "write yes or no"))
    return word in YES


def _problem(name: str, row: Row, column: str, what: str, cure: str) -> Problem:
    return Problem(what, cure, name, row.number, column, rule="C23", topic="register.cell")
