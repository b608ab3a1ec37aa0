"""The columns of a delivery besides items → team, background, moments (rules C2, C18–C20).

What is kept as text comes from a closed list: a column that was mapped by mistake can then not
carry a name or an address into the tidy tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from lostudy.cleaning.answers import as_number, counted, inline, lookups
from lostudy.cleaning.columns import Column
from lostudy.cleaning.dates import both_orders, order_of, read_dates
from lostudy.cleaning.log import EVERY_OTHER, Change, meaning
from lostudy.deliveries.identifiers import identifying_rows
from lostudy.errors import Problem
from lostudy.study import Organisation, Study, Wave
from lostudy.study.codebook import normal

MOMENTS, NUMBERS = ("started", "submitted"), ("seconds", "weight")
FORGOTTEN = {"record": "C17", "link": "C17", "preview": "C9"}
LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*")
LANGUAGES = {
    "nederlands", "dutch", "engels", "english", "deutsch", "duits", "german", "français", "frans",
    "french", "arabisch", "arabic", "turks", "turkish", "pools", "polish", "oekraïens", "ukrainian",
}
Meanings = Mapping[str, str | None]


def read_field(
    study: Study,
    organisation: Organisation,
    wave: Wave,
    column: Column,
    changes: list[Change],
    problems: list[Problem],
) -> pd.Series:
    """The field that the crosswalk makes of this column."""
    target = column.row.target
    if target in MOMENTS:
        return _moments(column, wave, changes, problems)
    if target in NUMBERS:
        changes.append(_line(column, "C6", "read", {EVERY_OTHER: "number"}))
        return _readable(column, _numbers(column), "C6", "number", changes, problems)
    if target in FORGOTTEN:
        why = "used for who is who, then forgotten"
        changes.append(_line(column, FORGOTTEN[target], "used", None, why))
        problems.extend(_addresses(column))
        return _text(column)
    means, rule = _meanings(study, organisation, column, problems)
    changes.append(_line(column, rule, "read", {text: to for text, to in means.items() if to}))
    return _spread(column, means)


def _addresses(column: Column) -> Iterator[Problem]:
    """A note where who is who is told by e-mail address: used, forgotten, and better not sent."""
    rows = identifying_rows(column.cells).get("an e-mail address", [])
    if rows:
        what = f"an e-mail address stands in {counted(len(rows), 'cell')} of this column"
        cure = "ask for a number or a code instead; nothing of it is kept here"
        noted = column.problem(what, cure, rows, "C2", "identifier.seen")
        yield replace(noted, severity="note")


def _meanings(
    study: Study, organisation: Organisation, column: Column, problems: list[Problem]
) -> tuple[Meanings, str]:
    """What each distinct text of a closed list stands for, and the rule that says so."""
    target = column.row.target
    if target == "language":
        return _language(column, problems), "C18"
    if target == "team":
        cure = "add it to teams or team_aliases in study.toml"
        return _closed(column, _teams(organisation, column), {}, "a team", cure, problems), "C18"
    labels = next((each.labels for each in study.background if each.id == target), "")
    accepted, missing = lookups(column.row, study.label_sets.get(labels), study)
    cure = "add it to labels.csv or to the crosswalk"
    return _closed(column, accepted, missing, "a label", cure, problems), "C20"


def _line(
    column: Column, rule: str, change: str, means: Mapping[str, object] | None, why: str = ""
) -> Change:
    """One line in the log for a whole column."""
    filled = int(column.cells.notna().sum())
    return Change(
        column.file, "responses", "*", column.row.target, rule, change,
        why or f"crosswalk row {column.row.row}", "crosswalk", filled, column.heading,
        "" if means is None else meaning(means),
    )


def _teams(organisation: Organisation, column: Column) -> dict[str, str]:
    known = {normal(team): team for team in organisation.teams}
    known |= {normal(alias): team for alias, team in organisation.team_aliases.items()}
    return known | inline(column.row.labels)


def _text(column: Column) -> pd.Series:
    """The cells as text, with the words of the crosswalk for those that it names."""
    known = inline(column.row.labels)
    if not known:
        return column.cells.astype("str")
    return _spread(column, {text: known.get(normal(text), text) for text in column.texts})


def _spread(column: Column, means: Meanings) -> pd.Series:
    """What each distinct text means, put in every cell that holds it."""
    kinds = pd.array([means[text] for text in column.texts], dtype="str")
    cells = kinds.take(column.cells.cat.codes.to_numpy(), allow_fill=True)
    return pd.Series(cells, index=column.cells.index)


def _moments(
    column: Column, wave: Wave, changes: list[Change], problems: list[Problem]
) -> pd.Series:
    text = _text(column)
    order = order_of(text, (wave.opens, wave.closes))
    changes.append(_line(column, "C19", "read", {EVERY_OTHER: f"date, {order}"}))
    if rows := both_orders(text):
        what = f"two date orders: in {counted(len(rows), 'row')} day and month stand the other way"
        cure = "write every date of this column in one order, year first is the surest"
        problems.append(column.problem(what, cure, rows, "C19", "dates.two-orders"))
    return _readable(column, read_dates(text, order), "C19", "date", changes, problems)


def _numbers(column: Column) -> pd.Series:
    read = pd.array([as_number(text) for text in column.texts], dtype="Float64")
    codes = column.cells.cat.codes.to_numpy()
    return pd.Series(read.take(codes, allow_fill=True), index=column.cells.index)


def _closed(
    column: Column,
    accepted: dict,
    missing: dict[str, str],
    what: str,
    cure: str,
    problems: list[Problem],
) -> Meanings:
    """The values of a column from a closed list; what is not on it is a problem."""
    means: dict[str, str | None] = {}
    unknown = set()
    for text in column.texts:
        spellings = column.spellings(text)
        value = next((accepted[each] for each in spellings if each in accepted), None)
        absent = text in column.declared or any(
            each in missing or not each for each in spellings
        )
        if value is None and not absent:
            unknown.add(text)
        means[text] = None if value is None else str(value)
    if unknown:
        problems.append(_unknown(column, unknown, what, cure))
    return means


def _unknown(column: Column, unknown: set[str], what: str, cure: str) -> Problem:
    cells = column.cells[column.cells.isin(unknown)]
    found = identifying_rows(cells.cat.remove_unused_categories())
    if found:
        said = f"cells of this column look like {' and '.join(found)}"
        cure = "map this column to ignore, with the note 'direct identifier'"
        said = f"{said} ({counted(len(cells), 'row')})"
        return column.problem(said, cure, cells.index, "C2", "identifier.kept")
    said = f"{what} that the study does not know"
    said = f"{said}: {counted(len(unknown), 'spelling')} in {counted(len(cells), 'row')}"
    return column.problem(said, cure, cells.index, "C18", "value.unknown")


def _language(column: Column, problems: list[Problem]) -> Meanings:
    """A language is a code or a name of one; anything else could be about a person."""
    known = inline(column.row.labels)
    found = {text: known.get(normal(text), text.strip()) for text in column.texts}
    odd = {text for text, language in found.items() if not _is_language(language)}
    if odd:
        cure = "map the column to ignore, or write label=code in its crosswalk row"
        problems.append(_unknown(column, odd, "a language", cure))
    return found


def _is_language(text: str) -> bool:
    return not text or bool(LANGUAGE.fullmatch(text.casefold())) or normal(text) in LANGUAGES


def _readable(
    column: Column,
    read: pd.Series,
    rule: str,
    noun: str,
    changes: list[Change],
    problems: list[Problem],
) -> pd.Series:
    """`read`, with a line in the log for each filled cell that is none; half of them stop."""
    cells = column.cells[column.cells.notna() & read.isna()].astype("str")
    rows = cells.index[cells.str.strip() != ""]
    filled = int(column.cells.notna().sum()) - len(cells) + len(rows)
    target, why = column.row.target, f"not a {noun}"
    changes.extend(
        Change(
            column.file, "responses", str(row), target, rule, "set missing", why,
            source=column.heading,
        )
        for row in rows
    )
    if len(rows) > filled / 2:
        what = f"{len(rows)} of {filled} cells are no {noun}"
        cure = "map another column to it, or ignore this one with a note"
        problems.append(column.problem(what, cure, rows, rule, f"cells.no-{noun}"))
    return read
