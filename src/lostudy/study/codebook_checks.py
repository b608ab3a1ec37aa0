"""What the sheets of the codebook must be to each other: items, scales, codes and crosswalks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lostudy.errors import Problem
from lostudy.study.model import MISSING_REASONS, Code, CrosswalkRow, Item, LabelSet, Study

FIELDS = (
    "record", "link", "team", "role", "tenure", "started", "submitted", "seconds", "language",
    "weight", "preview", "ignore",
)
ITEMS, SCALES, CODES = "codebook/items.csv", "codebook/scales.csv", "codebook/codes.csv"


def check_codebook(study: Study) -> Iterator[Problem]:
    """Every problem between the sheets of the codebook."""
    for rule in (_scales, _items, _codes, _crosswalks):
        yield from rule(study)


def _scales(study: Study) -> Iterator[Problem]:
    for scale in study.scales.values():
        if scale.minimum >= scale.maximum:
            what = f"scale {scale.id}: the minimum is not below the maximum"
            yield Problem(what, "swap them", SCALES, scale.row, "minimum")
        if not scale.items:
            cure = "give its items in items.csv"
            yield Problem(f"scale {scale.id} has no items", cure, SCALES, scale.row)
        if len(scale.items) == 1 and scale.reversed_items:
            item = study.items[scale.items[0]]
            what = (
                f"item '{item.id}' is reversed and alone in scale {scale.id}: its direction "
                "cannot be checked"
            )
            cure = "word the scale in the item's direction (reversed = 0), or add an item"
            yield Problem(what, cure, ITEMS, item.row, "reversed")


def _items(study: Study) -> Iterator[Problem]:
    for item in study.items.values():
        if item.id in FIELDS:
            what = f"an item cannot be called '{item.id}'"
            yield Problem(what, "that name has a meaning in crosswalks", ITEMS, item.row, "item")
        if item.scale and item.scale not in study.scales:
            what = f"item '{item.id}': scale '{item.scale}' does not exist"
            yield Problem(what, choices(study.scales), ITEMS, item.row, "scale")
        if item.labels != "number":
            yield from _item_labels(study, item)


def _item_labels(study: Study, item: Item) -> Iterator[Problem]:
    known = study.label_sets.get(item.labels)
    if known is None:
        what = f"item '{item.id}': label set '{item.labels}' does not exist"
        cure = choices([*study.label_sets, "number"])
        yield Problem(what, cure, ITEMS, item.row, "labels")
    elif not known.numeric:
        what = f"item '{item.id}': the values of label set '{item.labels}' are not whole numbers"
        yield Problem(what, "give them numbers in labels.csv", ITEMS, item.row, "labels")
    elif item.scale in study.scales and _outside(study, item, known):
        what = f"item '{item.id}': label set '{item.labels}' goes outside its scale {item.scale}"
        cure = "make minimum and maximum in scales.csv those of the answers"
        yield Problem(what, cure, ITEMS, item.row, "labels")


def _outside(study: Study, item: Item, known: LabelSet) -> bool:
    scale = study.scales[item.scale]
    return any(not scale.minimum <= int(value) <= scale.maximum for value in known.values)


def _codes(study: Study) -> Iterator[Problem]:
    for code in study.codes.values():
        if code.parent and code.parent not in study.codes:
            what = f"code '{code.id}': parent '{code.parent}' does not exist"
            yield Problem(what, "add it or mend the name", CODES, code.row, "parent")
        if code.id in _above(study, code.parent):
            what = f"code '{code.id}' is among its own parents"
            yield Problem(what, "break the circle", CODES, code.row, "parent")
        yield from _history(study, code)


def _history(study: Study, code: Code) -> Iterator[Problem]:
    """What a code became must exist; a code that was split or merged says when that was."""
    if code.since and code.until and code.since > code.until:
        what = f"code '{code.id}' ends before it begins"
        yield Problem(what, "swap the dates", CODES, code.row, "until")
    if code.became and code.until is None:
        what = f"code '{code.id}' became another, and nobody says when"
        yield Problem(what, "give its last day in 'until'", CODES, code.row, "until")
    for name in code.became:
        later = study.codes.get(name)
        if later is None or not later.assignable or name == code.id:
            what = f"code '{code.id}' became '{name}', which is no other code that can be given"
            yield Problem(what, "name a code of codes.csv", CODES, code.row, "became")
        elif later.became:
            what = f"code '{code.id}' became '{name}', which became another in its turn"
            yield Problem(what, "name what it is today", CODES, code.row, "became")


def _above(study: Study, parent: str) -> set[str]:
    seen: set[str] = set()
    while parent in study.codes and parent not in seen:
        seen.add(parent)
        parent = study.codes[parent].parent
    return seen


def _crosswalks(study: Study) -> Iterator[Problem]:
    names = {
        f"{organisation.id}-{wave.id}"
        for organisation in study.organisations
        for wave in study.waves
    }
    for name, rows in study.crosswalks.items():
        file = f"codebook/crosswalk/{name}.csv"
        if name.removesuffix("-interviews") not in names:
            what, cure = "a crosswalk of no organisation and wave", "<organisation>-<wave>.csv"
            yield Problem(what, f"call it {cure}", file)
        elif name.endswith("-interviews"):
            yield from _code_targets(study, file, rows)
        else:
            yield from _targets(study, file, rows)


def _targets(study: Study, file: str, rows: Sequence[CrosswalkRow]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        for what, cure, column in _target(study, row, seen):
            yield Problem(what, cure, file, row.row, column)
        if row.target != "ignore":
            seen.setdefault(row.target, row.row)


def _target(
    study: Study, row: CrosswalkRow, seen: dict[str, int]
) -> Iterator[tuple[str, str, str]]:
    if row.target and row.target not in study.items and row.target not in FIELDS:
        cure = f"an item of items.csv, or one of: {', '.join(FIELDS)}"
        yield f"target '{row.target}' is no item and no field", cure, "target"
    if row.source.endswith("*") and row.target != "ignore":
        yield "a pattern can only be ignored", "name the columns one by one", "source"
    if row.target in seen:
        cure = f"row {seen[row.target]} fills it too; ignore one"
        yield f"'{row.target}' is filled twice", cure, "target"
    if row.target != "ignore":
        yield from _labels(study, row)


def _labels(study: Study, row: CrosswalkRow) -> Iterator[tuple[str, str, str]]:
    if "=" not in row.labels:
        if row.labels not in ("", "number", *study.label_sets):
            cure = "name one of labels.csv, or write label=value|label=value"
            yield f"label set '{row.labels}' does not exist", cure, "labels"
    elif not all(pair.rpartition("=")[2].strip() for pair in row.labels.split("|")):
        cure = "write its value or reason behind '=', or take it out"
        yield "a label without a value", cure, "labels"
    elif row.target in study.items and row.status != "other_scale":
        yield from _values(study, row)


def _values(study: Study, row: CrosswalkRow) -> Iterator[tuple[str, str, str]]:
    """Values that the item does not have."""
    known = study.item_labels(row.target)
    for written in (pair.rpartition("=")[2].strip() for pair in row.labels.split("|")):
        whole = written.lstrip("-").isdigit()
        fits = whole if known is None else whole and int(written) in known.values
        if not fits and written not in MISSING_REASONS:
            values = "a whole number" if known is None else choices(map(str, known.values))
            cure = f"{values}; or a reason: {', '.join(MISSING_REASONS)}"
            yield f"'{written}' is no answer of item '{row.target}'", cure, "labels"


def _code_targets(study: Study, file: str, rows: Sequence[CrosswalkRow]) -> Iterator[Problem]:
    for row in rows:
        if row.target not in ("", "ignore", *study.codes) and "=" not in row.target:
            cure = "add it to codes.csv, write attribute=value, or ignore it with a note"
            yield Problem(f"code '{row.target}' does not exist", cure, file, row.row, "target")


def choices(names: Iterable[str]) -> str:
    """What may stand there, for the cure of a problem.

    >>> choices(["PM", "MM"]), choices([])
    ('one of: PM, MM', 'declare it first')
    """
    names = list(names)
    if not names:
        return "declare it first"
    return f"one of: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}"
