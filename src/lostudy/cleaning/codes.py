"""Codes and coders as a tool wrote them → the study's codes and coders (rule C23)."""

from __future__ import annotations

import difflib
from itertools import combinations

import pandas as pd

from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem
from lostudy.study import Code, Study
from lostudy.study.codebook import normal

IN_VIVO_WORDS = 3


def code_map(
    study: Study,
    delivered: Delivered,
    delivery: InterviewDelivery,
    changes: list[Change],
    problems: list[Problem],
) -> dict[str, str]:
    """The tool's code key → the study's code: by crosswalk, else by exact id or label."""
    spellings = _spellings(study, delivered)
    used = delivery.segments["code"].value_counts()
    codes: dict[str, str] = {}
    listed = delivery.codes[["code", "name", "path"]].itertuples(index=False, name=None)
    for key, name, path in listed:
        written = [normal(each) for each in (path, name) if isinstance(each, str)]
        target = next((spellings[each] for each in written if each in spellings), None)
        if target is None and key in used:
            problems.append(_unknown(delivered, delivery, key, str(name)))
        elif target == "ignore" and key in used:
            why = f"code '{name}' is ignored by the crosswalk"
            changes.append(_change(delivered, "code", "left out", why, int(used[key])))
        elif target is not None:
            codes[key] = target
    return {key: target for key, target in codes.items() if target != "ignore"}


def _spellings(study: Study, delivered: Delivered) -> dict[str, str]:
    """What the crosswalk of this delivery says goes before the codebook's own names."""
    crosswalk = study.crosswalks.get(f"{delivered.organisation}-{delivered.wave}-interviews", ())
    return _own_names(study.codes) | {normal(row.source): row.target for row in crosswalk}


def _own_names(codes: dict[str, Code]) -> dict[str, str]:
    """Ids and labels of the codebook, where they mean one code only."""
    names: dict[str, set[str]] = {}
    for code in codes.values():
        for spelling in {code.id, code.label.nl, code.label.en}:
            names.setdefault(normal(spelling), set()).add(code.id)
    assignable = {each.id for each in codes.values() if each.assignable}
    clear = {name: (ids & assignable or ids) for name, ids in names.items() if name}
    return {name: next(iter(ids)) for name, ids in clear.items() if len(ids) == 1}


def _unknown(delivered: Delivered, delivery: InterviewDelivery, key: str, name: str) -> Problem:
    """The code is named, unless it was made of the words of a participant ("in vivo")."""
    passages = delivery.segments.loc[delivery.segments["code"] == key, "text"].dropna()
    spoken = any(normal(name) in normal(text) for text in passages)
    hidden = spoken and len(name.split()) >= IN_VIVO_WORDS
    said = "a code in the words of a participant" if hidden else f"code '{name}'"
    file = f"codebook/crosswalk/{delivered.organisation}-{delivered.wave}-interviews.csv"
    cure = f"map it in {file}, or ignore it there with a note"
    return Problem(f"{said} is not in the codebook", cure, delivered.name, rule="C23")


def coder_map(
    study: Study,
    delivered: Delivered,
    coders: pd.Series,
    changes: list[Change],
    problems: list[Problem],
) -> dict[str, str]:
    """Coder names as written → the study's coders; names that look alike are noted."""
    counts = coders.value_counts()
    mapped = {str(name): study.coder(str(name)) for name in sorted(counts.index)} | {"": ""}
    for name, coder in mapped.items():
        if name.strip() != coder:
            why = "an alias in coders.csv"
            changes.append(_change(delivered, "coder", "renamed", why, int(counts[name])))
    distinct = sorted(set(mapped.values()) - {""})
    problems.extend(
        _look_alike(delivered)
        for one, other in combinations(distinct, 2)
        if alike(one, other)
    )
    return mapped


def _look_alike(delivered: Delivered) -> Problem:
    cure = "if they are one person, say so in codebook/coders.csv; two names fake a second coder"
    what = "two coder names look alike"
    return Problem(what, cure, delivered.name, rule="C23", severity="note")


def alike(one: str, other: str) -> bool:
    """Whether two names could be one person's; names that end in a number are told apart by it.

    >>> alike("Anna", "anna de Wit"), alike("codeur-1", "codeur-2")
    (True, False)
    """
    one, other = normal(one), normal(other)
    if one[-1:].isdigit() and other[-1:].isdigit():
        return False
    within = one in other.split() or other in one.split()
    return within or difflib.SequenceMatcher(None, one, other).ratio() > 0.85


def _change(delivered: Delivered, column: str, change: str, why: str, cells: int) -> Change:
    return Change(
        delivered.name, "segments", "*", column, "C23", change, why, "crosswalk", cells
    )
