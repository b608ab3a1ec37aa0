"""What the parts of a study must be to each other: every name that is used exists, once.

Each rule yields Problems; nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lostudy.errors import Problem
from lostudy.study.model import CrosswalkRow, Study

TOML = "study.toml"
FIELDS = (
    "record",
    "link",
    "team",
    "role",
    "tenure",
    "started",
    "submitted",
    "seconds",
    "language",
    "weight",
    "preview",
    "ignore",
)


def check_study(study: Study, lines: dict[tuple, int]) -> list[Problem]:
    """Every problem between the parts of a study; `lines` says where study.toml declares what."""
    rules = (_duplicates, _questions, _waves, _deliveries, _policy)
    found = [problem for rule in rules for problem in rule(study, lines)]
    found += [
        *_scales(study),
        *_items(study),
        *_codes(study),
        *_crosswalks(study),
        *_background(study),
    ]
    return found


def _toml(what: str, cure: str, lines: dict[tuple, int], *place: Any) -> Problem:
    row = next(
        (lines[place[:end]] for end in range(len(place), 0, -1) if place[:end] in lines), None
    )
    return Problem(what, cure, TOML, row=row)


def _duplicates(study: Study, lines: dict[tuple, int]) -> Iterator[Problem]:
    groups: dict[str, Sequence[Any]] = {
        "organisations": study.organisations,
        "waves": study.waves,
        "questions": study.questions,
        "background": study.background,
    }
    for section, members in groups.items():
        seen: set[str] = set()
        for index, member in enumerate(members):
            if member.id in seen:
                yield _toml(
                    f"{section}: '{member.id}' stands twice",
                    "give it another id",
                    lines,
                    section,
                    index,
                    "id",
                )
            seen.add(member.id)
    for index, organisation in enumerate(study.organisations):
        if organisation.id.lower() == "all":
            yield _toml(
                "an organisation cannot be called 'all'",
                "'all' means every organisation",
                lines,
                "organisations",
                index,
            )


def _questions(study: Study, lines: dict[tuple, int]) -> Iterator[Problem]:
    for index, question in enumerate(study.questions):
        for scale in (*question.scales, *question.pairs.values()):
            if scale not in study.scales:
                yield _toml(
                    f"question {question.id}: scale '{scale}' does not exist",
                    _choices(study.scales),
                    lines,
                    "questions",
                    index,
                )
        for code in (*question.themes, *question.pairs):
            if code not in study.codes:
                yield _toml(
                    f"question {question.id}: code '{code}' does not exist",
                    "add it to codes.csv",
                    lines,
                    "questions",
                    index,
                )


def _waves(study: Study, lines: dict[tuple, int]) -> Iterator[Problem]:
    known = [wave.id for wave in study.waves]
    for index, wave in enumerate(study.waves):
        if wave.opens and wave.closes and wave.opens > wave.closes:
            yield _toml(
                f"wave {wave.id} closes before it opens", "swap the dates", lines, "waves", index
            )
    for index, organisation in enumerate(study.organisations):
        for asked, invited in organisation.invited.items():
            if asked not in known:
                yield _toml(
                    f"organisation {organisation.id}: wave '{asked}' does not exist",
                    _choices(known),
                    lines,
                    "organisations",
                    index,
                    "invited",
                )
            if invited < 0:
                yield _toml(
                    f"organisation {organisation.id}: fewer than 0 invited",
                    "give a number of persons",
                    lines,
                    "organisations",
                    index,
                    "invited",
                )
        for alias, team in organisation.team_aliases.items():
            if team not in organisation.teams:
                yield _toml(
                    f"organisation {organisation.id}: alias '{alias}' is of no team",
                    _choices(organisation.teams),
                    lines,
                    "organisations",
                    index,
                    "team_aliases",
                )


def _deliveries(study: Study, lines: dict[tuple, int]) -> Iterator[Problem]:
    organisations = [each.id for each in study.organisations]
    waves = [each.id for each in study.waves]
    for index, delivery in enumerate(study.deliveries):
        if delivery.organisation not in organisations:
            yield _toml(
                f"delivery of an unknown organisation '{delivery.organisation}'",
                _choices(organisations),
                lines,
                "deliveries",
                index,
                "organisation",
            )
        if delivery.wave not in waves:
            yield _toml(
                f"delivery of an unknown wave '{delivery.wave}'",
                _choices(waves),
                lines,
                "deliveries",
                index,
                "wave",
            )
        if delivery.file.startswith(("/", "~")) or ".." in delivery.file.split("/"):
            yield _toml(
                "a delivery outside the folder of deliveries",
                "give a path inside it; --raw DIR moves the folder",
                lines,
                "deliveries",
                index,
                "file",
            )


def _policy(study: Study, lines: dict[tuple, int]) -> Iterator[Problem]:
    policy = study.disclosure
    if not policy.signed_by or policy.signed_on is None:
        yield _toml(
            "the disclosure policy is not signed",
            "fill in signed_by and signed_on after the privacy officer agreed",
            lines,
            "disclosure",
        )
    if policy.own_threshold > policy.threshold:
        yield _toml(
            "own_threshold is above threshold",
            "an organisation may see at least what everyone sees",
            lines,
            "disclosure",
            "own_threshold",
        )


def _scales(study: Study) -> Iterator[Problem]:
    for scale in study.scales.values():
        if scale.minimum >= scale.maximum:
            yield Problem(
                f"scale {scale.id}: the minimum is not below the maximum",
                "swap them",
                "codebook/scales.csv",
            )
        if not scale.items:
            yield Problem(
                f"scale {scale.id} has no items",
                "give its items in items.csv",
                "codebook/scales.csv",
            )
        if len(scale.items) == 1 and scale.reversed_items:
            yield Problem(
                f"item '{scale.items[0]}' is reversed and alone in scale {scale.id}: its direction "
                "cannot be checked",
                "word the scale in the item's direction (reversed = 0), or add an item",
                "codebook/items.csv",
            )


def _items(study: Study) -> Iterator[Problem]:
    for number, item in enumerate(study.items.values(), 2):
        if item.scale and item.scale not in study.scales:
            yield Problem(
                f"item '{item.id}': scale '{item.scale}' does not exist",
                _choices(study.scales),
                "codebook/items.csv",
                number,
                "scale",
            )
        if item.labels != "number" and item.labels not in study.label_sets:
            yield Problem(
                f"item '{item.id}': label set '{item.labels}' does not exist",
                _choices([*study.label_sets, "number"]),
                "codebook/items.csv",
                number,
                "labels",
            )
        elif item.labels != "number" and not study.label_sets[item.labels].numeric:
            yield Problem(
                f"item '{item.id}': the values of label set '{item.labels}' are not whole numbers",
                "give them numbers in labels.csv",
                "codebook/items.csv",
                number,
                "labels",
            )
        if item.id in FIELDS:
            yield Problem(
                f"an item cannot be called '{item.id}'",
                "that name has a meaning in crosswalks",
                "codebook/items.csv",
                number,
                "item",
            )


def _codes(study: Study) -> Iterator[Problem]:
    for number, code in enumerate(study.codes.values(), 2):
        if code.parent and code.parent not in study.codes:
            yield Problem(
                f"code '{code.id}': parent '{code.parent}' does not exist",
                "add it or mend the name",
                "codebook/codes.csv",
                number,
                "parent",
            )
        above, seen = code.parent, {code.id}
        while above in study.codes and above not in seen:
            seen.add(above)
            above = study.codes[above].parent
        if above in seen:
            yield Problem(
                f"code '{code.id}' is among its own parents",
                "break the circle",
                "codebook/codes.csv",
                number,
                "parent",
            )


def _background(study: Study) -> Iterator[Problem]:
    for background in study.background:
        if background.labels not in study.label_sets:
            yield Problem(
                f"background '{background.id}': label set '{background.labels}' does not exist",
                _choices(study.label_sets),
                TOML,
            )


def _crosswalks(study: Study) -> Iterator[Problem]:
    names = {
        f"{organisation.id}-{wave.id}"
        for organisation in study.organisations
        for wave in study.waves
    }
    for name, rows in study.crosswalks.items():
        file = f"codebook/crosswalk/{name}.csv"
        if name.removesuffix("-interviews") not in names:
            yield Problem(
                "a crosswalk of no organisation and wave", "call it <organisation>-<wave>.csv", file
            )
        elif not name.endswith("-interviews"):
            yield from _targets(study, file, rows)
        else:
            yield from _code_targets(study, file, rows)


def _targets(study: Study, file: str, rows: Sequence[CrosswalkRow]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        if row.target not in study.items and row.target not in FIELDS:
            yield Problem(
                f"target '{row.target}' is no item and no field",
                f"an item of items.csv, or one of: {', '.join(FIELDS)}",
                file,
                row.row,
                "target",
            )
        if row.source.endswith("*") and row.target != "ignore":
            yield Problem(
                "a pattern can only be ignored",
                "name the columns one by one",
                file,
                row.row,
                "source",
            )
        if row.target != "ignore" and row.target in seen:
            yield Problem(
                f"'{row.target}' is filled twice",
                f"row {seen[row.target]} fills it too; ignore one",
                file,
                row.row,
                "target",
            )
        seen.setdefault(row.target, row.row)
        if row.target != "ignore" and any(
            pair.strip().endswith("=") for pair in row.labels.split("|")
        ):
            yield Problem(
                "a label without a value",
                "write its value or reason behind '=', or take it out",
                file,
                row.row,
                "labels",
            )
        if (
            row.labels
            and row.labels not in study.label_sets
            and row.labels != "number"
            and "=" not in row.labels
        ):
            yield Problem(
                f"label set '{row.labels}' does not exist",
                "name one of labels.csv, or write value=label|value=label",
                file,
                row.row,
                "labels",
            )


def _code_targets(study: Study, file: str, rows: Sequence[CrosswalkRow]) -> Iterator[Problem]:
    for row in rows:
        if row.target != "ignore" and "=" not in row.target and row.target not in study.codes:
            cure = "add it to codes.csv, write attribute=value, or ignore it with a note"
            yield Problem(f"code '{row.target}' does not exist", cure, file, row.row, "target")


def _choices(names: Any) -> str:
    names = list(names)
    return (
        f"one of: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}"
        if names
        else "declare it first"
    )
