"""A crosswalk to fill in, written from a delivery: columns found, likely items, unknown labels.

Nothing is accepted by itself: "eens" and "oneens" are two letters apart. An exact name or question
text fills the target; what is only likely stands in the note. The file shows labels with their
counts, and never an answer that fewer than ten people gave unless the study knows it as a label.
"""

from __future__ import annotations

import csv
import difflib
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from lostudy.cleaning.answers import FOUND, lookups
from lostudy.cleaning.columns import Column
from lostudy.deliveries import SurveyDelivery, read_survey
from lostudy.deliveries.identifiers import heading_kind
from lostudy.study import CrosswalkRow, Item, Study
from lostudy.study.codebook import normal

MOST_LABELS, ENOUGH, LIKELY = 15, 10, 0.75
IDENTIFIER, OWN = "direct identifier", "the tool's own column"
FIELDS = {
    "record": ("id", "responseid", "response id", "respondent id", "respnr", "antwoord-id"),
    "started": ("startdate", "start time", "begintijd", "tijdstempel", "timestamp", "begindatum"),
    "submitted": ("submitdate", "enddate", "completion time", "tijd van voltooien"),
    "seconds": ("interviewtime", "duration (in seconds)", "duration"),
    "language": ("startlanguage", "userlanguage", "language", "taal"),
    "preview": ("status", "response type"),
    "team": ("team", "in welk team werkt u?"),
    "link": ("koppel", "koppelcode", "linkcode"),
    "weight": ("weight", "weging", "gewicht"),
}
OWN_COLUMNS = (
    "lastpage", "laatste pagina", "datestamp", "finished", "progress", "recordeddate",
    "distributionchannel", "date created", "date modified", "last modified time",
)


@dataclass(frozen=True)
class Line:
    """A row of the template, in the order of a crosswalk's columns."""

    source: str
    text: str
    target: str = ""
    labels: str = ""
    form_version: str = "v1"
    status: str = "identical"
    note: str = ""


def write_template(study: Study, file: Path, target: Path) -> dict[str, int]:
    """Write the template of the delivery `file` to `target`; how many columns were recognised."""
    delivery = read_survey(file)
    lines = template_lines(study, delivery)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(field.name for field in fields(Line))
        writer.writerows(astuple(line) for line in lines)
    suggested = sum("suggestion: " in line.note for line in lines)
    empty = sum(not line.target for line in lines)
    return {
        "columns": len(lines),
        "matched": sum(line.target in study.items for line in lines),
        "suggested": suggested,
        "unknown": empty - suggested,
    }


def template_lines(study: Study, delivery: SurveyDelivery) -> list[Line]:
    """A line for each column of the delivery, in its order; no target stands twice."""
    columns = delivery.columns.astype("str")
    codes = columns["code"].value_counts()
    taken: set[str] = set()
    lines = []
    for heading, code, text in columns[["column", "code", "text"]].itertuples(index=False):
        source = code if codes[code] == 1 else heading
        lines.append(_line(study, delivery, (source, heading, text), taken))
        taken.add(lines[-1].target)
    return lines


def _line(
    study: Study, delivery: SurveyDelivery, named: tuple[str, str, str], taken: set[str]
) -> Line:
    source, heading, text = named
    reason = _ignored(source, text)
    if reason:
        return Line(source, text, "ignore", note=reason)
    signed, where = _signed(study, source)
    if signed == "ignore":
        return Line(source, text, "ignore", note=f"as in {where}")
    names = {normal(each) for each in (*named, *_inner(source))}
    found_here = [signed] if signed else _exact(study, names)
    target = next((each for each in found_here if each not in taken), "")
    cells = delivery.answers[heading].astype("category")
    row = CrosswalkRow(row=0, source=source, target=target)
    column = Column(
        "", heading, row, cells, delivery.value_labels.get(heading, {}),
        delivery.user_missing.get(heading, frozenset()),
    )
    labels, found = _labels(study, target, column)
    likely = "" if target else _likely(study, normal(text), column, taken)
    told = (found, likely and f"suggestion: {likely}", signed and f"as in {where}")
    note = "; ".join(part for part in told if part)
    return Line(source, text, target, labels, note=note)


def _signed(study: Study, source: str) -> tuple[str, str]:
    """The target that this study's other crosswalks give this very source, where they agree."""
    found = {
        row.target: name
        for name, rows in study.crosswalks.items()
        for row in rows
        if row.source == source or (row.source[-1:] == "*" and source.startswith(row.source[:-1]))
    }
    return next(iter(found.items())) if len(found) == 1 else ("", "")


def _inner(source: str) -> tuple[str, ...]:
    """What a code with a subquestion may be called: each part, and both together.

    >>> _inner("likert0[time1can]")
    ('likert0', 'time1can', 'likert0time1can')
    """
    if not source.endswith("]") or "[" not in source:
        return ()
    outer, inner = source[:-1].split("[", 1)
    return outer, inner, outer + inner


def _ignored(source: str, text: str) -> str:
    """Why a column needs no target, told from its names alone."""
    if heading_kind(source, text):
        return IDENTIFIER
    if normal(source) in OWN_COLUMNS or normal(text) in OWN_COLUMNS:
        return OWN
    return ""


def _exact(study: Study, names: set[str]) -> list[str]:
    """Items and fields of exactly this name or text."""
    items = [
        item.id
        for item in study.items.values()
        if names & {normal(item.id), normal(item.text.nl), normal(item.text.en or item.text.nl)}
    ]
    known = [field for field, words in FIELDS.items() if names & set(words)]
    about = [each.id for each in study.background if names & _said(each.name.nl, each.name.en)]
    return items + known + about


def _said(*names: str) -> set[str]:
    return {normal(name) for name in names if name}


def _likely(study: Study, text: str, column: Column, taken: set[str]) -> str:
    """The one item whose text is near, or the background whose labels these are; to be judged."""
    scores = [
        (difflib.SequenceMatcher(None, text, normal(said)).ratio(), item.id)
        for item in study.items.values()
        for said in (item.text.nl, item.text.en)
        if said and item.id not in taken
    ]
    best = max(scores, default=(0.0, ""))
    if best[0] >= LIKELY:
        return best[1]
    labels = set(_spellings(column))
    known = {each.id: set(study.label_sets[each.labels].accepted) for each in study.background}
    fits = [name for name, own in known.items() if labels and labels <= own and name not in taken]
    return fits[0] if len(fits) == 1 else ""


def _spellings(column: Column) -> dict[str, tuple[str, int]]:
    """Each label as it is compared: how it is written most, and in how many cells."""
    found: dict[str, tuple[str, int]] = {}
    counts = column.cells.value_counts()
    for text, count in counts[counts > 0].items():
        label = column.labels.get(str(text), str(text))
        written, before = found.get(normal(label), (label, 0))
        found[normal(label)] = (written, before + int(count))
    return found


def _labels(study: Study, target: str, column: Column) -> tuple[str, str]:
    """The skeleton of labels to fill in, and the note of what was found."""
    spellings = _spellings(column)
    if not spellings or len(spellings) > MOST_LABELS:
        return "", ""
    known = _known(study, target, column)
    shown = {
        label: f"{_clean(written)} ({count})"
        for label, (written, count) in spellings.items()
        if label in known or count >= ENOUGH
    }
    rarer = len(spellings) - len(shown)
    told = ", ".join([*shown.values(), *([f"and {rarer} rarer"] if rarer else [])])
    wanted = target in study.items or target in ("role", "tenure", "team", "")
    unknown = [_clean(spellings[label][0]) for label in shown if label not in known]
    return "|".join(f"{label}=" for label in unknown) if wanted else "", f"{FOUND}{told}"


def _known(study: Study, target: str, column: Column) -> set[str]:
    """The labels, as compared, that the study knows for this column (for any, without a target)."""
    item: Item | None = study.items.get(target)
    about = next((each.labels for each in study.background if each.id == target), "")
    one = study.item_labels(target) if item else study.label_sets.get(about)
    teams = [
        team for each in study.organisations for team in (*each.teams, *each.team_aliases)
    ]
    found = {normal(team) for team in teams} if target in ("team", "") else set()
    for each in [one] if one else list(study.label_sets.values()):
        accepted, missing = lookups(column.row, each, study)
        found |= set(accepted) | set(missing) | {str(value) for value in each.values}
    return found


def _clean(label: str) -> str:
    """A label on one line, without the marks that part labels; it is compared alike."""
    return " ".join(label.replace("|", "/").split())
