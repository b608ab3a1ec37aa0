"""The cells of an item → values, or the reason why there is none (rules C3–C6).

A cell is looked up in the item's label set exactly (after NFKC, case and spaces); nothing is
guessed, and an answer on another scale is never rescaled.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from lostudy.cleaning.columns import Column
from lostudy.cleaning.log import EVERY_OTHER, Change, meaning
from lostudy.errors import Problem
from lostudy.study import CrosswalkRow, Item, LabelSet, Study
from lostudy.study.codebook import normal
from lostudy.study.model import MISSING_REASONS

REASONS = ("", *MISSING_REASONS)
IMPOSSIBLE, NOT_ANSWERED = REASONS.index("impossible"), REASONS.index("not_answered")
UNKNOWN = -1
FOUND = "found: "
Read = tuple[float, str]
MARK, THOUSANDS = re.compile(r"[+-]?\d+([.,])\d+"), re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,2})?")


def lookups(
    row: CrosswalkRow, default: LabelSet | None, study: Study
) -> tuple[dict[str, int | str], dict[str, str]]:
    """Label → value and label → missing reason for one column."""
    base = default if "=" in row.labels else study.label_sets.get(row.labels, default)
    accepted = dict(base.accepted) if base else {}
    missing = dict(base.missing) if base else {}
    for label, value in inline(row.labels).items():
        accepted.pop(label, None)
        missing.pop(label, None)
        if value in REASONS:
            missing[label] = value
        else:
            accepted[label] = int(value) if value.lstrip("-").isdigit() else value
    return accepted, missing


def inline(labels: str) -> dict[str, str]:
    """The pairs that a crosswalk row writes itself.

    >>> inline("Eens=4|Weet niet=dont_know")
    {'eens': '4', 'weet niet': 'dont_know'}
    """
    pairs = (pair.rsplit("=", 1) for pair in labels.split("|") if "=" in pair)
    return {normal(label): value.strip() for label, value in pairs}


def turned_pairs(column: Column, known: LabelSet | None) -> set[str]:
    """The cell texts to which the crosswalk gives another value than their label has.

    A label is what the file itself says of a cell (SPSS), else the cell's own words; what it means
    stands in the label set. Without a label a number that becomes another is a recoding, no
    contradiction.
    """
    pairs, found = inline(column.row.labels), set()
    for text in column.texts if known and pairs else ():
        said = next((each for each in column.spellings(text) if each in pairs), None)
        label = column.spellings(text)[-1]
        means = known.accepted.get(label) if known else None
        if said is None or (means is None and not (known and label in known.missing)):
            continue
        to = pairs[said]
        if (means is None and to not in REASONS) or (means is not None and to != str(means)):
            found.add(text)
    return found


def is_recoded(row: CrosswalkRow, known: LabelSet | None) -> bool:
    """Whether the pairs of a row give a number or a known label another value."""
    accepted = known.accepted if known else {}
    return any(
        to not in REASONS and to != (str(accepted[label]) if label in accepted else label)
        for label, to in inline(row.labels).items()
        if label in accepted or label.lstrip("-").isdigit()
    )


def read_item(
    study: Study, item: Item, column: Column, changes: list[Change], problems: list[Problem]
) -> tuple[pd.Series, np.ndarray]:
    """The values of an item (Int8, or Float64 for a number) and for each cell its reason."""
    read = _categories(study, item, column)
    _contradicted(column, study.item_labels(item.id), problems)
    if item.labels == "number":
        _thousands(column, problems)
    values = np.array([value for value, _ in read])
    codes = column.cells.cat.codes.to_numpy()
    value, reason = values[codes], _numbered(read)[codes]
    unknown = reason == UNKNOWN
    if column.row.status == "other_scale":
        reason[reason == 0] = IMPOSSIBLE
        changes.append(_set_aside(column, item, read, int((reason == IMPOSSIBLE).sum())))
    else:
        changes.append(_read_line(column, item, read, int((reason == 0).sum())))
        _report_impossible(study, column, item, reason, changes, problems)
    if unknown.any():
        problems.append(_unknown(column, unknown))
        reason[unknown] = IMPOSSIBLE
    return _series(value, reason != 0, column, item), reason


def _contradicted(column: Column, known: LabelSet | None, problems: list[Problem]) -> None:
    """The crosswalk against the file's own labels or the label set stops, unless it says why."""
    row = column.row
    turned = turned_pairs(column, known)
    if not turned or (row.status != "identical" and told_note(row)):
        return
    cells = column.cells[column.cells.isin(turned)]
    whose = "the file itself" if turned & set(column.labels) else "labels.csv"
    what = (
        f"the crosswalk gives {counted(len(turned), 'answer label')} another value than {whose}, "
        f"in {counted(len(cells), 'row')}"
    )
    cure = (
        f"mend {column.crosswalk}; if it must be so, give it status recoded and a note that "
        "says why"
    )
    problems.append(column.problem(what, cure, cells.index, "C3", "labels.contradict"))


def _thousands(column: Column, problems: list[Problem]) -> None:
    """A note where a point or comma has three digits behind it wherever it stands: thousands?"""
    marks: dict[str, list[str]] = {}
    for text in column.texts:
        if found := MARK.fullmatch(text.strip()):
            marks.setdefault(found[1], []).append(text)
    for texts in marks.values():
        if all(THOUSANDS.fullmatch(text.strip()) for text in texts):
            rows = column.cells.index[column.cells.isin(texts)]
            what = "a point or comma with three digits behind it is read as a decimal mark"
            cure = "if it parts thousands, correct these cells"
            problems.append(replace(
                column.problem(what, cure, rows, "C6", "number.thousands"), severity="note"
            ))


def told_note(row: CrosswalkRow) -> str:
    """What a person wrote in the note of a crosswalk row; what a template found is no reason."""
    return "" if row.note.startswith(FOUND) else row.note


def _numbered(read: list[Read]) -> np.ndarray:
    """The reasons as places in REASONS."""
    return np.array(
        [UNKNOWN if reason == "unknown" else REASONS.index(reason) for _, reason in read],
        dtype="int8",
    )


def _series(value: np.ndarray, absent: np.ndarray, column: Column, item: Item) -> pd.Series:
    value[absent] = 0
    array = (
        pd.arrays.FloatingArray(value, absent)
        if item.labels == "number"
        else pd.arrays.IntegerArray(value.astype("int8"), absent)
    )
    return pd.Series(array, index=column.cells.index)


def _categories(study: Study, item: Item, column: Column) -> list[Read]:
    """The value and the reason of each distinct cell text; last those of an empty cell (-1)."""
    known = study.item_labels(item.id)
    accepted, missing = lookups(column.row, known, study)
    read = [
        _within(study, item, _declared(text, column, _read(text, column, accepted, missing, known)))
        for text in column.texts
    ]
    return [*read, (np.nan, "not_answered")]


def _within(study: Study, item: Item, read: Read) -> Read:
    """A number outside the minimum and maximum of its scale is no answer."""
    scale = study.scales.get(item.scale) if item.labels == "number" else None
    if scale is None or read[1] or scale.minimum <= read[0] <= scale.maximum:
        return read
    return np.nan, "impossible"


def _declared(text: str, column: Column, read: Read) -> Read:
    """What the file itself declares missing is not an answer; a reason we know is kept."""
    if text in column.declared and read[1] in ("", "unknown", "impossible"):
        return np.nan, "not_answered"
    return read


def _read(
    text: str,
    column: Column,
    accepted: dict[str, int | str],
    missing: dict[str, str],
    known: LabelSet | None,
) -> Read:
    for spelling in column.spellings(text):
        if spelling in missing:
            return np.nan, missing[spelling]
        value = accepted.get(spelling)
        if value is not None and not isinstance(value, str):
            return float(value), ""
    if not normal(text):
        return np.nan, "not_answered"
    number = as_number(text)
    if number is None or text in column.labels:
        return np.nan, "unknown"
    return (number, "") if known is None or number in known.labels else (np.nan, "impossible")


def as_floats(items: pd.DataFrame) -> pd.DataFrame:
    """The values of many items as one block of floats; what is missing is NaN.

    >>> as_floats(pd.DataFrame({"q1": pd.array([1, None], dtype="Int8")}))["q1"].tolist()
    [1.0, nan]
    """
    values = items.to_numpy(dtype="float64", na_value=np.nan)
    return pd.DataFrame(values, index=items.index, columns=items.columns)


def as_number(text: str) -> float | None:
    """A number as people and tools write it, with a point or a comma; None for anything else.

    >>> as_number(" 3,5 "), as_number("1e3"), as_number("nan"), as_number("1_0")
    (3.5, 1000.0, None, None)
    """
    text = text.strip()
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def _unknown(column: Column, unknown: np.ndarray) -> Problem:
    """How many labels nobody knows, and where; never which."""
    labels = column.cells[unknown].nunique()
    what = (
        f"{counted(labels, 'answer label')} that the study does not know, in "
        f"{counted(int(unknown.sum()), 'row')}"
    )
    cure = (
        "`lostudy crosswalk FILE` lists them; add them to labels.csv or to this row of the "
        "crosswalk"
    )
    return column.problem(what, cure, column.cells.index[unknown], "C3", "label.unknown")


def _read_line(column: Column, item: Item, read: list[Read], cells: int) -> Change:
    """What each cell text of this column became; answers out of range have a line of their own."""
    texts: dict[str, object] = {
        text: reason or _shortest(value)
        for text, (value, reason) in zip(column.texts, read, strict=False)
        if reason not in ("unknown", "impossible") and (reason or item.labels != "number")
    }
    if item.labels == "number":
        texts[EVERY_OTHER] = "number"
    recoded = bool(column.row.labels) or column.row.status == "recoded"
    why = f"read with '{column.row.labels or item.labels}'"
    return _change(column, item, "C3", "recoded" if recoded else "read", why, meaning(texts), cells)


def _set_aside(column: Column, item: Item, read: list[Read], cells: int) -> Change:
    """Answers on another scale are kept out: they are never rescaled."""
    texts: dict[str, object] = {
        text: reason
        for text, (_, reason) in zip(column.texts, read, strict=False)
        if reason not in ("", "unknown", "impossible")
    }
    why = "answered on another scale; never rescaled silently"
    to = meaning({**texts, EVERY_OTHER: "impossible"})
    return _change(column, item, "C4", "set missing", why, to, cells)


def _shortest(value: float) -> float | int:
    return int(value) if float(value).is_integer() else float(value)


def _change(
    column: Column, item: Item, rule: str, change: str, why: str, to: str, cells: int
) -> Change:
    return Change(
        column.file, "responses", "*", item.id, rule, change, why, "crosswalk", cells,
        column.heading, to,
    )


def _report_impossible(
    study: Study,
    column: Column,
    item: Item,
    reason: np.ndarray,
    changes: list[Change],
    problems: list[Problem],
) -> None:
    """A log line for each answer out of range; too many of them in one item stop the run."""
    outside = reason == IMPOSSIBLE
    rows = column.cells.index[outside]
    why = "not an answer of this item"
    changes.extend(
        Change(
            column.file, "responses", str(row), item.id, "C6", "set missing", why,
            source=column.heading, to="impossible",
        )
        for row in rows
    )
    allowed = max(2, study.cleaning.impossible_share * len(reason))
    if len(rows) > allowed:
        what = f"{len(rows)} of {len(reason)} answers are outside the item's range"
        cure = (
            "compare the form version and the columns around it: shifted columns or another scale?"
        )
        problems.append(column.problem(what, cure, rows, "C6", "answers.outside"))


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "row"), counted(3, "row")
    ('1 row', '3 rows')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
