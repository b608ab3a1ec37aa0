"""Corrupt the shipped deliveries by a seed, check them, and count found, missed and false.

    python benchmarks/corruption.py --seeds 50
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from corruption.survey import BUSY, KINDS, Planted
from corruption.tables import Table, load
from corruption.voices import VOICES
from corruption.wholes import WHOLES
from lostudy.cleaning import clean_study, everything

Told = tuple[str, str, int | None]  # file, rule, row


@dataclass
class Outcome:
    """What one seed gave: planted defects that were found or missed, and what was told falsely."""

    found: list[Planted] = field(default_factory=list)
    missed: list[Planted] = field(default_factory=list)
    false: list[Told] = field(default_factory=list)


def told(study, raw: Path) -> set[Told]:
    """Everything that check tells, a triple per row."""
    found: set[Told] = set()
    for problem in everything(clean_study(study, raw, None)):
        rows: Iterable[int | None] = problem.rows or (problem.row,)
        found |= {(problem.file, problem.rule, row) for row in rows}
    return found


def corrupt(study, raw: Path, folder: Path, seed: int, before: set[Told]) -> Outcome:
    """One defect in each of some deliveries, at random kinds and places."""
    rng = random.Random(seed)
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(raw, folder)
    tables, planted = _plant(study, folder, rng, before)
    after = told(study, folder)
    return judge(planted, moved(before, tables), after)


def _plant(study, folder, rng, before) -> tuple[list[Table], list[Planted]]:
    BUSY.clear()
    for file, _, row in before:
        if row is not None:
            BUSY.setdefault(file, set()).add(row)
    planted: list[Planted] = []
    tables: list[Table] = []
    places = [(o.id, w.id) for o in study.organisations for w in study.waves]
    whole = rng.choice([None, None, *WHOLES])
    if whole is not None:
        each, taken = WHOLES[whole](study, folder, rng)
        planted.append(each)
        places = [place for place in places if place[0] != taken]
    for organisation, wave in rng.sample(places, min(7, len(places))):
        table = load(study, folder, organisation, wave)
        names = list(KINDS)
        each = None
        while each is None:
            each = KINDS[rng.choice(names)](study, table, rng)
        table.save()
        planted.append(each)
        tables.append(table)
    for organisation in rng.sample("ABCD", 2):
        each = None
        while each is None:
            each = VOICES[rng.choice(list(VOICES))](folder, organisation, rng)
        planted.append(each)
    return tables, planted


def moved(before: set[Told], tables: list[Table]) -> set[Told]:
    """What was told before, at the rows where it stands now."""
    moved = set(before)
    for table in tables:
        now = {old: table.number(new) for new, old in enumerate(table.origin) if old is not None}
        mine = {each for each in before if each[0] == table.name}
        moved -= mine
        moved |= {(file, rule, now.get(row, row)) for file, rule, row in mine}
    return moved


def judge(planted: list[Planted], before: set[Told], after: set[Told]) -> Outcome:
    """Which defects were told, and what was told without one."""
    outcome = Outcome()
    rest = after - before
    for each in planted:
        files = (each.file, *each.files)
        mine = {told for told in rest if told[0] in files and told[1] in each.rules}
        rows = {row for _, _, row in mine}
        hit = bool(mine) and (not each.rows or bool(rows & set(each.rows)))
        if each.kind in MANY_ROWS:
            hit = set(each.rows) <= rows
        if each.silent:
            hit = not [told for told in rest if told[0] in files]
        (outcome.found if hit else outcome.missed).append(each)
    outcome.false = [told for told in sorted(rest, key=str) if not _explained(told, planted)]
    gone = [told for told in before - after if not _replaced(told, planted)]
    outcome.false += [(file, f"no longer {rule}", row) for file, rule, row in gone]
    return outcome


MANY_ROWS = frozenset({"unknown_label"})


def _explained(told: Told, planted: list[Planted]) -> bool:
    file, rule, row = told
    return any(
        file in (each.file, *each.files) and (
            each.whole or row in each.rows or rule in each.also
            or (rule in each.rules and not each.rows)
        )
        for each in planted
        if not each.silent
    )


def _replaced(told: Told, planted: list[Planted]) -> bool:
    """What stood there may go when the whole file or its answers changed."""
    file, rule, row = told
    return any(
        file in (each.file, *each.files) and (
            each.whole or row in each.rows or rule in each.also or rule in ("C14", "C11")
        )
        for each in planted
    )


def summary(outcomes: list[Outcome]) -> tuple[Counter, Counter, list[Told]]:
    """Found and missed per kind, and everything told falsely."""
    found = Counter(each.kind for outcome in outcomes for each in outcome.found)
    missed = Counter(each.kind for outcome in outcomes for each in outcome.missed)
    return found, missed, [told for outcome in outcomes for told in outcome.false]
