"""The columns of a delivery besides items → team, background, moments (rules C2, C18–C20).

What is kept as text comes from a closed list: a column that was mapped by mistake can then not
carry a name or an address into the tidy tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from lostudy.cleaning.answers import as_number, counted, inline, lookups
from lostudy.cleaning.columns import Column
from lostudy.cleaning.dates import read_dates
from lostudy.cleaning.log import Change
from lostudy.errors import Problem
from lostudy.study import Organisation, Study
from lostudy.study.codebook import normal

MOMENTS, NUMBERS = ("started", "submitted"), ("seconds", "weight")
LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*")
LANGUAGES = {
    "nederlands", "dutch", "engels", "english", "deutsch", "duits", "german", "français", "frans",
    "french", "arabisch", "arabic", "turks", "turkish", "pools", "polish", "oekraïens", "ukrainian",
}
IDENTIFIERS = {
    "an e-mail address": r"[^\s@]+@[^\s@]+\.[a-z]{2,}",
    "a telephone number": r"(?<![\d-])(?:\+|00)?(?:\d[\s().-]?){9,13}\d?(?!\d)",
    "an IP address": r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])",
    "a bank account": r"\b[a-z]{2}\d{2}\s?[a-z]{4}\s?(?:\d\s?){8,12}\b",
    "a postal code": r"\b[1-9]\d{3}\s?[a-z]{2}\b",
}


def read_field(
    study: Study,
    organisation: Organisation,
    column: Column,
    changes: list[Change],
    problems: list[Problem],
) -> pd.Series:
    """The field that the crosswalk makes of this column."""
    target = column.row.target
    if target == "team":
        cure = "add it to teams or team_aliases in study.toml"
        return _closed(column, _teams(organisation, column), {}, "a team", cure, problems)
    if target in ("role", "tenure"):
        labels = next((each.labels for each in study.background if each.id == target), "")
        accepted, missing = lookups(column.row, study.label_sets.get(labels), study)
        cure = "add it to labels.csv or to the crosswalk"
        return _closed(column, accepted, missing, "a label", cure, problems)
    if target == "language":
        return _language(column, problems)
    if target in MOMENTS:
        return _readable(column, read_dates(_text(column)), "C19", "date", changes, problems)
    if target in NUMBERS:
        return _readable(column, _numbers(column), "C6", "number", changes, problems)
    return _text(column)


def _teams(organisation: Organisation, column: Column) -> dict[str, str]:
    known = {normal(team): team for team in organisation.teams}
    known |= {normal(alias): team for alias, team in organisation.team_aliases.items()}
    return known | inline(column.row.labels)


def _text(column: Column) -> pd.Series:
    """The cells as text, with the words of the crosswalk for those that it names."""
    known = inline(column.row.labels)
    if not known:
        return column.cells.astype("str")
    return _spread(column, {text: known.get(normal(text), text) for text in _kinds(column)})


def _kinds(column: Column) -> list[str]:
    """The distinct cell texts."""
    return [str(text) for text in column.cells.cat.categories]


def _spread(column: Column, meaning: Mapping[str, str | None]) -> pd.Series:
    """What each distinct text means, put in every cell that holds it."""
    kinds = pd.array([meaning[text] for text in _kinds(column)], dtype="str")
    cells = kinds.take(column.cells.cat.codes.to_numpy(), allow_fill=True)
    return pd.Series(cells, index=column.cells.index)


def _numbers(column: Column) -> pd.Series:
    read = pd.array([as_number(text) for text in _kinds(column)], dtype="Float64")
    codes = column.cells.cat.codes.to_numpy()
    return pd.Series(read.take(codes, allow_fill=True), index=column.cells.index)


def _closed(
    column: Column,
    accepted: dict,
    missing: dict[str, str],
    what: str,
    cure: str,
    problems: list[Problem],
) -> pd.Series:
    """A column whose values come from a closed list; what is not on it is a problem."""
    mapping: dict[str, str | None] = {}
    unknown = set()
    for text in _kinds(column):
        spellings = column.spellings(text)
        value = next((accepted[each] for each in spellings if each in accepted), None)
        absent = text in column.declared or any(
            each in missing or not each for each in spellings
        )
        if value is None and not absent:
            unknown.add(text)
        mapping[text] = None if value is None else str(value)
    if unknown:
        problems.append(_unknown(column, unknown, what, cure))
    return _spread(column, mapping)


def _unknown(column: Column, unknown: set[str], what: str, cure: str) -> Problem:
    rows = column.cells.index[column.cells.isin(unknown)]
    found = identifiers(unknown)
    if found:
        said = f"cells of this column look like {' and '.join(found)}"
        cure = "map this column to ignore, with the note 'direct identifier'"
        return column.problem(f"{said} ({counted(len(rows), 'row')})", cure, int(rows[0]), "C2")
    said = f"{what} that the study does not know"
    said = f"{said}: {counted(len(unknown), 'spelling')} in {counted(len(rows), 'row')}"
    return column.problem(said, cure, int(rows[0]), "C18")


def identifiers(texts: set[str]) -> list[str]:
    """Which kinds of direct identifier stand in these texts (rule C2).

    >>> identifiers({"A1", "j.devries@example.org"}), identifiers({"06-12 34 56 78"})
    (['an e-mail address'], ['a telephone number'])
    """
    return [
        kind
        for kind, pattern in IDENTIFIERS.items()
        if any(re.search(pattern, text, re.IGNORECASE) for text in texts)
    ]


def _language(column: Column, problems: list[Problem]) -> pd.Series:
    """A language is a code or a name of one; anything else could be about a person."""
    known = inline(column.row.labels)
    found = {text: known.get(normal(text), text.strip()) for text in _kinds(column)}
    odd = {text for text, language in found.items() if not _is_language(language)}
    if odd:
        cure = "map the column to ignore, or write label=code in its crosswalk row"
        problems.append(_unknown(column, odd, "a language", cure))
    return _spread(column, found)


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
        Change(column.file, "responses", str(row), target, rule, "set missing", why)
        for row in rows
    )
    if len(rows) > filled / 2:
        what = f"{len(rows)} of {filled} cells are no {noun}"
        cure = "map another column to it, or ignore this one with a note"
        problems.append(column.problem(what, cure, int(rows[0]), rule))
    return read
