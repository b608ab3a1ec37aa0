"""What the parts of study.toml must be to each other and to the codebook.

Every name that is used exists, once. Each rule yields Problems; nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lostudy.errors import Problem
from lostudy.study.codebook_checks import FIELDS, check_codebook, choices
from lostudy.study.model import DeliveryFile, Organisation, Study

__all__ = ["FIELDS", "check_study"]

TOML = "study.toml"
Lines = dict[tuple, int]


def check_study(study: Study, lines: Lines) -> list[Problem]:
    """Every problem between the parts of a study; `lines` says where study.toml declares what."""
    rules = (_duplicates, _questions, _waves, _organisations, _background, _deliveries, _plan,
             _policy)  # fmt: skip
    found = [
        Problem(what, cure, TOML, row=_line(lines, place))
        for rule in rules
        for what, cure, *place in rule(study)
    ]
    return [*found, *check_codebook(study)]


def _line(lines: Lines, place: Sequence[Any]) -> int | None:
    """The line of this place, or of the nearest part of it that stands in the file."""
    known = (tuple(place[:end]) for end in range(len(place), 0, -1))
    return next((lines[part] for part in known if part in lines), None)


def _duplicates(study: Study) -> Iterator[tuple]:
    for section in ("organisations", "waves", "questions", "background"):
        seen: set[str] = set()
        for index, member in enumerate(getattr(study, section)):
            if member.id in seen:
                what = f"{section}: '{member.id}' stands twice"
                yield what, "give it another id", section, index, "id"
            seen.add(member.id)


def _questions(study: Study) -> Iterator[tuple]:
    for index, question in enumerate(study.questions):
        place = ("questions", index)
        for scale in _absent((*question.scales, *question.pairs.values()), study.scales):
            what = f"question {question.id}: scale '{scale}' does not exist"
            yield what, choices(study.scales), *place
        for code in _absent((*question.themes, *question.pairs), study.codes):
            what = f"question {question.id}: code '{code}' does not exist"
            yield what, "add it to codes.csv", *place


def _absent(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """The names that are not known, each once."""
    return [name for name in dict.fromkeys(names) if name not in set(known)]


def _waves(study: Study) -> Iterator[tuple]:
    before = None
    for index, wave in enumerate(study.waves):
        if wave.id.lower() == "all":
            yield "a wave cannot be called 'all'", "'all' means every wave", "waves", index
        if wave.opens and wave.closes and wave.opens > wave.closes:
            what = f"wave {wave.id} closes before it opens"
            yield what, "swap the dates", "waves", index, "closes"
        if before and wave.opens and before.opens and wave.opens < before.opens:
            what = f"wave {wave.id} opens before wave {before.id}, which stands above it"
            yield what, "put the waves in the order of time", "waves", index, "opens"
        before = wave


def _organisations(study: Study) -> Iterator[tuple]:
    waves = [wave.id for wave in study.waves]
    for index, each in enumerate(study.organisations):
        if each.id.lower() == "all":
            cure = "'all' means every organisation"
            yield "an organisation cannot be called 'all'", cure, "organisations", index, "id"
        for what, cure, key in (*_organisation(each, waves), *_staff(study, each, waves)):
            yield f"organisation {each.id}: {what}", cure, "organisations", index, key


def _organisation(each: Organisation, waves: list[str]) -> Iterator[tuple[str, str, str]]:
    for wave in _absent(each.invited, waves):
        yield f"wave '{wave}' does not exist", choices(waves), "invited"
    if any(invited < 0 for invited in each.invited.values()):
        yield "fewer than 0 invited", "give a number of persons", "invited"
    for alias, team in each.team_aliases.items():
        if team not in each.teams:
            yield f"alias '{alias}' is of no team", choices(each.teams), "team_aliases"


def _staff(study: Study, each: Organisation, waves: list[str]) -> Iterator[tuple[str, str, str]]:
    """What is known of the staff: waves, backgrounds and categories that exist, one total."""
    sets = {
        known.id: [str(value) for value in study.label_sets[known.labels].values]
        for known in study.background
        if known.labels in study.label_sets
    }
    for wave in _absent(each.staff, waves):
        yield f"staff of wave '{wave}', which does not exist", choices(waves), "staff"
    for wave, backgrounds in each.staff.items():
        for name, counts in backgrounds.items():
            if name not in sets:
                yield f"staff by '{name}', which is no background", choices(sets), "staff"
            elif set(counts) != set(sets[name]):
                what = f"staff by {name} at {wave}: other categories than in labels.csv"
                yield what, f"give each of {', '.join(sets[name])}", "staff"
            elif each.invited.get(wave, sum(counts.values())) != sum(counts.values()):
                what = f"staff by {name} at {wave} is not the number that was invited"
                yield what, f"bring it to {each.invited[wave]} persons", "staff"


def _plan(study: Study) -> Iterator[tuple]:
    plan, waves = study.plan, [wave.id for wave in study.waves]
    for family in ("primary", "secondary"):
        for scale in _absent(getattr(plan, family), study.scales):
            what = f"plan: scale '{scale}' does not exist"
            yield what, choices(study.scales), "plan", family
    for scale in sorted(set(plan.primary) & set(plan.secondary)):
        what = f"plan: scale '{scale}' is in both families"
        yield what, "an outcome is primary or secondary", "plan", "secondary"
    for wave in _absent(plan.contrast or (), waves):
        yield f"plan: wave '{wave}' does not exist", choices(waves), "plan", "contrast"
    if plan.contrast and set(plan.contrast) <= set(waves):
        first, last = (waves.index(wave) for wave in plan.contrast)
        if first >= last:
            yield "plan: the contrast goes back in time", "the first wave first", "plan", "contrast"


def _background(study: Study) -> Iterator[tuple]:
    for index, each in enumerate(study.background):
        if each.labels not in study.label_sets:
            what = f"background '{each.id}': label set '{each.labels}' does not exist"
            yield what, choices(study.label_sets), "background", index, "labels"


def _deliveries(study: Study) -> Iterator[tuple]:
    known = {
        "organisation": [each.id for each in study.organisations],
        "wave": [each.id for each in study.waves],
    }
    seen: set[tuple[str, str, str]] = set()
    for index, delivery in enumerate(study.deliveries):
        for key, names in known.items():
            if getattr(delivery, key) not in names:
                what = f"delivery of an unknown {key} '{getattr(delivery, key)}'"
                yield what, choices(names), "deliveries", index, key
        place = (delivery.organisation, delivery.wave, delivery.kind)
        if place in seen:
            what = f"two deliveries of {delivery.kind} for {delivery.organisation}, {delivery.wave}"
            yield what, "leave one, or put the records together", "deliveries", index, "file"
        seen.add(place)
        if _outside(delivery):
            what = "a delivery outside the folder of deliveries"
            cure = "give a path inside it; --raw DIR moves the folder"
            yield what, cure, "deliveries", index, "file"


def _outside(delivery: DeliveryFile) -> bool:
    parts = delivery.file.replace("\\", "/").split("/")
    return delivery.file.startswith(("/", "~", "\\")) or ".." in parts or ":" in parts[0]


def _policy(study: Study) -> Iterator[tuple]:
    policy = study.disclosure
    if not policy.signed_by.strip() or policy.signed_on is None:
        cure = "fill in signed_by and signed_on after the privacy officer agreed"
        yield "the disclosure policy is not signed", cure, "disclosure"
    if policy.own_threshold > policy.threshold:
        cure = "an organisation may see at least what everyone sees"
        yield "own_threshold is above threshold", cure, "disclosure", "own_threshold"
