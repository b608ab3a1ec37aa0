"""codebook/*.csv → items, scales, codes, label sets, crosswalks, corrections and coders."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path
from typing import Any

from lostudy.errors import Problem, shown
from lostudy.study.corrections import read_corrections
from lostudy.study.model import (
    MISSING_REASONS,
    STATUSES,
    Code,
    CrosswalkRow,
    Item,
    LabelSet,
    Scale,
    Text,
)
from lostudy.study.sheets import Row, read_sheet

ITEM_COLUMNS = ("item", "scale", "labels", "reversed", "text_nl")
SCALE_COLUMNS = ("scale", "label_nl", "minimum", "maximum")
CODE_COLUMNS = ("code", "parent", "assignable", "label_nl")
LABEL_COLUMNS = ("set", "value", "label", "language")
CROSSWALK_COLUMNS = ("source", "target")
REFERENTS = ("", "self", "team", "organisation", "manager")


def normal(label: str) -> str:
    """A label as it is compared: NFKC, one space, lower case, no space at the ends (rule C3).

    >>> normal("  Helemaal  mee\u00a0EENS ")
    'helemaal mee eens'
    """
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def read_codebook(
    folder: Path, problems: list[Problem], *, crosswalks: bool = True
) -> dict[str, Any]:
    """Every part of the codebook by its name in Study; optional files may be absent."""
    label_sets = _label_sets(folder / "labels.csv", problems)
    items = _items(folder / "items.csv", problems)
    return {
        "items": items,
        "scales": _scales(folder / "scales.csv", items, problems),
        "codes": _codes(folder / "codes.csv", problems) if (folder / "codes.csv").exists() else {},
        "label_sets": label_sets,
        "crosswalks": _crosswalks(folder / "crosswalk", problems) if crosswalks else {},
        "corrections": read_corrections(folder / "corrections.csv", problems),
        "coders": _coders(folder / "coders.csv", problems),
        "attributes": _attributes(folder / "attributes.csv", problems),
    }


def _unique(
    rows: list[Row], column: str, path: Path, problems: list[Problem], what: str
) -> list[Row]:
    seen: dict[str, int] = {}
    kept = []
    for row in rows:
        key = row[column]
        if not key:
            problems.append(
                Problem(
                    f"a {what} without a name",
                    f"fill in '{column}'",
                    shown(path),
                    row.number,
                    column,
                )
            )
        elif key in seen:
            cure = f"give it another name; it stands in row {seen[key]} too"
            problems.append(
                Problem(f"{what} '{key}' stands twice", cure, shown(path), row.number, column)
            )
        else:
            seen[key] = row.number
            kept.append(row)
    return kept


def _yes(row: Row, column: str, path: Path, problems: list[Problem], default: bool) -> bool:
    word = row[column].lower()
    if word in ("1", "yes", "ja", "true"):
        return True
    if word in ("0", "no", "nee", "false"):
        return False
    if word:
        problems.append(
            Problem(
                f"'{word}' is neither yes nor no", "write 1 or 0", shown(path), row.number, column
            )
        )
    return default


def _whole(row: Row, column: str, path: Path, problems: list[Problem]) -> int:
    try:
        return int(row[column])
    except ValueError:
        problems.append(Problem("not a whole number", "write one", shown(path), row.number, column))
        return 0


def _day(row: Row, column: str, path: Path, problems: list[Problem]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        cure = "write it as 2026-03-01"
        problems.append(Problem("not a date", cure, shown(path), row.number, column))
        return None


def _text(row: Row, stem: str) -> Text:
    return Text(nl=row[f"{stem}_nl"], en=row[f"{stem}_en"])


def _items(path: Path, problems: list[Problem]) -> dict[str, Item]:
    optional = ("core", "referent", "text_en", "expected", "note")
    rows = read_sheet(path, ITEM_COLUMNS, optional, problems)
    items = {}
    for row in _unique(rows, "item", path, problems, "item"):
        referent: Any = row["referent"]
        if referent not in REFERENTS:
            cure = f"one of: {', '.join(REFERENTS[1:])}"
            problems.append(
                Problem(f"unknown referent '{referent}'", cure, shown(path), row.number, "referent")
            )
            referent = ""
        items[row["item"]] = Item(
            row=row.number,
            id=row["item"],
            scale=row["scale"],
            labels=row["labels"],
            reversed=_yes(row, "reversed", path, problems, False),
            core=_yes(row, "core", path, problems, True),
            referent=referent,
            text=_text(row, "text"),
            expected=_whole(row, "expected", path, problems) if row["expected"] else None,
        )
    return items


def _scales(path: Path, items: dict[str, Item], problems: list[Problem]) -> dict[str, Scale]:
    rows = read_sheet(path, SCALE_COLUMNS, ("label_en", "items", "note"), problems)
    scales = {}
    for row in _unique(rows, "scale", path, problems, "scale"):
        listed = row["items"].replace(";", " ").split()
        for item in (each for each in listed if each not in items):
            problems.append(
                Problem(
                    f"item '{item}' does not exist",
                    "add it to items.csv",
                    shown(path),
                    row.number,
                    "items",
                )
            )
        members = [
            item for item in items.values() if item.scale == row["scale"] or item.id in listed
        ]
        scales[row["scale"]] = Scale(
            row=row.number,
            id=row["scale"],
            label=_text(row, "label"),
            minimum=_whole(row, "minimum", path, problems),
            maximum=_whole(row, "maximum", path, problems),
            items=tuple(item.id for item in members),
            reversed_items=tuple(item.id for item in members if item.reversed),
        )
    return scales


def _codes(path: Path, problems: list[Problem]) -> dict[str, Code]:
    optional = (
        "label_en",
        "definition_nl",
        "definition_en",
        "use_when_nl",
        "not_when_nl",
        "serves",
        "since",
        "until",
        "became",
    )
    rows = read_sheet(path, CODE_COLUMNS, optional, problems)
    return {
        row["code"]: Code(
            row=row.number,
            id=row["code"],
            parent=row["parent"],
            assignable=_yes(row, "assignable", path, problems, True),
            label=_text(row, "label"),
            definition=_text(row, "definition"),
            questions=tuple(row["serves"].lower().replace(";", " ").split()),
            since=_day(row, "since", path, problems),
            until=_day(row, "until", path, problems),
            became=tuple(row["became"].replace(";", " ").split()),
        )
        for row in _unique(rows, "code", path, problems, "code")
    }


def _label_sets(path: Path, problems: list[Problem]) -> dict[str, LabelSet]:
    sets: dict[str, dict[str, dict]] = {}
    for row in read_sheet(path, LABEL_COLUMNS, ("missing", "note"), problems):
        parts = sets.setdefault(row["set"], {"labels": {}, "accepted": {}, "missing": {}})
        _add_label(row, parts, path, problems)
    return {
        name: LabelSet(
            id=name,
            labels={
                value: Text(nl=texts.get("nl", texts.get("en", "")), en=texts.get("en", ""))
                for value, texts in parts["labels"].items()
            },
            accepted=parts["accepted"],
            missing=parts["missing"],
        )
        for name, parts in sets.items()
    }


def _add_label(row: Row, parts: dict[str, dict], path: Path, problems: list[Problem]) -> None:
    label, language = normal(row["label"]), row["language"] or "nl"
    reason = row["missing"]
    if language not in ("nl", "en"):
        problems.append(
            Problem("unknown language", "write nl or en", shown(path), row.number, "language")
        )
        return
    if reason and reason not in MISSING_REASONS:
        cure = f"one of: {', '.join(MISSING_REASONS)}"
        problems.append(
            Problem(f"unknown reason '{reason}'", cure, shown(path), row.number, "missing")
        )
        return
    for column in (name for name in ("set", "label") if not row[name]):
        what, cure = f"a label without '{column}'", "fill it in"
        problems.append(Problem(what, cure, shown(path), row.number, column))
    if not row["value"] and not reason:
        what, cure = "a label without a value", "give a value, or a reason in 'missing'"
        problems.append(Problem(what, cure, shown(path), row.number, "value"))
        return
    if reason:
        parts["missing"][label] = reason
        if label in parts["accepted"]:
            problems.append(_two_meanings(row, path))
        return
    value: int | str = int(row["value"]) if row["value"].lstrip("-").isdigit() else row["value"]
    if label in parts["missing"]:
        problems.append(_two_meanings(row, path))
    if parts["accepted"].setdefault(label, value) != value:
        what, cure = f"label '{row['label']}' has two values", "one label can mean one value only"
        problems.append(Problem(what, cure, shown(path), row.number, "label"))
    parts["labels"].setdefault(value, {}).setdefault(language, row["label"])


def _two_meanings(row: Row, path: Path) -> Problem:
    what = f"label '{row['label']}' is a value and a missing reason"
    return Problem(what, "one label can mean one of them", shown(path), row.number, "label")


def _crosswalks(folder: Path, problems: list[Problem]) -> dict[str, tuple[CrosswalkRow, ...]]:
    optional = ("text", "labels", "form_version", "status", "note")
    found = {}
    for path in sorted(folder.glob("*.csv")):
        rows = read_sheet(path, CROSSWALK_COLUMNS, optional, problems)
        found[path.stem] = tuple(
            _crosswalk_row(row, path, problems)
            for row in _unique(rows, "source", path, problems, "source column")
        )
    return found


def _crosswalk_row(row: Row, path: Path, problems: list[Problem]) -> CrosswalkRow:
    status = row["status"] or "identical"
    if status not in STATUSES:
        cure = f"one of: {', '.join(STATUSES)}"
        problems.append(
            Problem(f"unknown status '{status}'", cure, shown(path), row.number, "status")
        )
    if not row["target"]:
        cure = "name an item, a background variable, or ignore with a note"
        problems.append(Problem("no target", cure, shown(path), row.number, "target"))
    if row["target"] == "ignore" and not row["note"]:
        cure = "say why this column is ignored"
        problems.append(Problem("ignored without a reason", cure, shown(path), row.number, "note"))
    return CrosswalkRow(
        row=row.number,
        source=row["source"],
        text=row["text"],
        target=row["target"],
        labels=row["labels"],
        form_version=row["form_version"],
        status=status,
        note=row["note"],
    )


def _coders(path: Path, problems: list[Problem]) -> dict[str, str]:
    if not path.exists():
        return {}
    rows = read_sheet(path, ("name", "coder"), ("note",), problems)
    return {
        row["name"]: row["coder"] for row in _unique(rows, "name", path, problems, "coder name")
    }


def _attributes(path: Path, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    """What coders may note beside a passage; without the file anything goes."""
    if not path.exists():
        return {}
    rows = read_sheet(path, ("attribute", "value"), ("note",), problems)
    names = dict.fromkeys(row["attribute"].lower() for row in rows)
    return {
        name: tuple(row["value"] for row in rows if row["attribute"].lower() == name)
        for name in names
    }
