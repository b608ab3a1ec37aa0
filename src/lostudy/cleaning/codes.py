"""Codes and coders as a tool wrote them → the study's codes and coders (rule C23)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from lostudy.cleaning.dates import read_dates
from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.deliveries.tables import InterviewDelivery
from lostudy.errors import Problem
from lostudy.study import Code, Study
from lostudy.study.codebook import normal

IN_VIVO_WORDS, SHORTEST_SLIP = 3, 4


def code_map(
    study: Study,
    delivered: Delivered,
    delivery: InterviewDelivery,
    changes: list[Change],
    problems: list[Problem],
) -> dict[str, str]:
    """The tool's code key → the study's code: by crosswalk, else by exact id or label."""
    signed, own = _signed(study, delivered), _own_names(study.codes)
    used = delivery.segments["code"].value_counts()
    codes: dict[str, str] = {}
    listed = delivery.codes[["code", "name", "path"]].itertuples(index=False, name=None)
    for key, name, path in (each for each in listed if each[0] in used):
        written = [normal(each) for each in (path, name) if isinstance(each, str)]
        target = _first(written, signed) or _first(written, own)
        rows = rows_of(delivery.segments, "code", key)
        if target is None:
            problems.append(_unknown(delivered, delivery, key, str(name), rows))
            continue
        problems += _not_assignable(study, delivered, target, rows, _first(written, signed))
        changes.append(_code_line(study, delivered, str(key), target, int(used[key])))
        codes[key] = target
    return {key: target for key, target in codes.items() if target != "ignore"}


def _first(written: list[str], known: dict[str, str]) -> str | None:
    return next((known[each] for each in written if each in known), None)


def _code_line(study: Study, delivered: Delivered, key: str, target: str, cells: int) -> Change:
    """What became of a code; a merged one says into which code, and when."""
    code = study.codes.get(target)
    change, why, to = "read", "named in the codebook or the crosswalk", target
    if target == "ignore":
        change, why, to = "left out", "ignored by the crosswalk", ""
    elif "=" in target:
        change, why = "moved", "a code that stands for an attribute"
    elif code is not None and len(code.became) == 1:
        change, to = "recoded", code.became[0]
        why = f"code '{target}' became '{to}' after {code.until}"
    return Change(
        delivered.name, "segments", "*", "code", "C23", change, why, "crosswalk", cells, key, to
    )


def todays(study: Study, codes: dict[str, str]) -> dict[str, str]:
    """The map with merged and renamed codes under the name of today."""
    return {
        key: study.codes[target].became[0]
        if target in study.codes and len(study.codes[target].became) == 1
        else target
        for key, target in codes.items()
    }


def _not_assignable(
    study: Study, delivered: Delivered, target: str, rows: tuple[int, ...], signed: str | None
) -> Iterator[Problem]:
    """A container on a passage, or a code that was split: somebody must choose."""
    code = study.codes.get(target)
    if code is None:
        return
    if len(code.became) > 1:
        what = f"code '{target}' was split after {code.until} into {' and '.join(code.became)}"
        cure = f"code these passages again, or map the code in {_file(delivered)}"
        yield delivered.problem(what, cure, "C23", rows, topic="code.split")
    elif not code.assignable and not signed:
        what = f"code '{target}' is a container: only the codes under it are given"
        cure = f"code these passages again, or map the code in {_file(delivered)}"
        yield delivered.problem(what, cure, "C23", rows, topic="code.container")


def check_dates(
    study: Study,
    delivered: Delivered,
    raw: pd.DataFrame,
    codes: dict[str, str],
    problems: list[Problem],
) -> None:
    """A note where a passage got a code before it was in the codebook, or after its last day."""
    given = _days_of(raw["created"])
    targets = raw["code"].map(codes)
    for name in sorted(set(targets.dropna())):
        code = study.codes.get(name)
        mine = targets == name
        if code and code.since:
            early = mine & (given < pd.Timestamp(code.since))
            _note_days(delivered, name, raw.loc[early, "row"], f"before {code.since}", problems)
        if code and code.until:
            late = mine & (given > pd.Timestamp(code.until))
            _note_days(delivered, name, raw.loc[late, "row"], f"after {code.until}", problems)


def _days_of(created: pd.Series) -> pd.Series:
    """The day of each coding; missing where the tool does not give it."""
    return read_dates(created.astype("str")).dt.normalize()


def _note_days(
    delivered: Delivered, name: str, rows: pd.Series, when: str, problems: list[Problem]
) -> None:
    if len(rows):
        what = f"code '{name}' was given {when}, when it was not in the codebook"
        cure = "check these passages with the codebook of that day, or mend the dates in codes.csv"
        problems.append(
            delivered.problem(what, cure, "C23", rows, severity="note", topic="code.days")
        )


def rows_of(segments: pd.DataFrame, column: str, value: object) -> tuple[int, ...]:
    """The rows of the delivery in which a value stands, each once."""
    rows = segments.loc[segments[column] == value, "row"].dropna()
    return tuple(dict.fromkeys(int(row) for row in rows))


def _file(delivered: Delivered) -> str:
    return f"codebook/crosswalk/{delivered.organisation}-{delivered.wave}-interviews.csv"


def _signed(study: Study, delivered: Delivered) -> dict[str, str]:
    """What the crosswalk of this delivery says; it goes before the codebook's own names."""
    crosswalk = study.crosswalks.get(f"{delivered.organisation}-{delivered.wave}-interviews", ())
    return {normal(row.source): row.target for row in crosswalk}


def _own_names(codes: dict[str, Code]) -> dict[str, str]:
    """Ids and labels of the codebook, where they mean one code only."""
    names: dict[str, set[str]] = {}
    for code in codes.values():
        for spelling in {code.id, code.label.nl, code.label.en}:
            names.setdefault(normal(spelling), set()).add(code.id)
    assignable = {each.id for each in codes.values() if each.assignable}
    clear = {name: (ids & assignable or ids) for name, ids in names.items() if name}
    return {name: next(iter(ids)) for name, ids in clear.items() if len(ids) == 1}


def _unknown(
    delivered: Delivered,
    delivery: InterviewDelivery,
    key: str,
    name: str,
    rows: tuple[int, ...],
) -> Problem:
    """The code by its length and rows: coders write names of people and places in codes."""
    passages = delivery.segments.loc[delivery.segments["code"] == key, "text"].dropna()
    spoken = any(normal(name) in normal(text) for text in passages)
    hidden = spoken and len(name.split()) >= IN_VIVO_WORDS
    said = "a code in the words of a participant" if hidden else f"a code of {len(name)} signs"
    cure = f"map it in {_file(delivered)}, or ignore it there with a note"
    what = f"{said} is not in the codebook"
    return delivered.problem(what, cure, "C23", rows, topic="code.unknown")


def coder_map(
    study: Study,
    delivered: Delivered,
    coders: pd.Series,
    rows: pd.Series,
    changes: list[Change],
    problems: list[Problem],
) -> dict[str, str]:
    """Coder names as written → the study's coders; names that look alike are noted."""
    counts = coders[coders != ""].value_counts()
    mapped = {str(name): study.coder(str(name)) for name in sorted(counts.index)}
    for name, coder in mapped.items():
        known = name.strip() == coder
        why = "the name of a coder" if known else "an alias in coders.csv"
        changes.append(Change(
            delivered.name, "segments", "*", "coder", "C23", "read" if known else "renamed", why,
            "crosswalk", int(counts[name]), name, coder,
        ))
    for one, other in combinations(sorted(mapped), 2):
        if mapped[one] != mapped[other] and _one_person(one, other, mapped):
            problems.append(_look_alike(delivered, coders, rows, (one, other)))
    for name in _unlisted(study, mapped):
        what = "a coder that coders.csv does not know"
        cure = "add the name with its coder; two names of one person fake a second coder"
        mine = rows[coders == name].dropna()
        problems.append(
            delivered.problem(what, cure, "C23", mine, severity="note", topic="coder.unknown")
        )
    return mapped | {"": ""}


def _unlisted(study: Study, mapped: dict[str, str]) -> list[str]:
    """Names that coders.csv does not have, where it lists coders under their own name too."""
    complete = any(name == coder for name, coder in study.coders.items())
    return sorted(set(mapped) - {*study.coders, *study.coders.values()}) if complete else []


def _one_person(one: str, other: str, mapped: dict[str, str]) -> bool:
    """Whether two names look alike as written, or as coders.csv calls them."""
    return alike(one, other) or alike(mapped[one], mapped[other])


def _look_alike(
    delivered: Delivered, coders: pd.Series, rows: pd.Series, pair: tuple[str, str]
) -> Problem:
    """The rows are those of the rarer name: there it is looked up soonest."""
    rarer = min(sorted(pair, reverse=True), key=lambda name: int((coders == name).sum()))
    cure = "if they are one person, say so in codebook/coders.csv; two names fake a second coder"
    what, mine = "two coder names look alike", rows[coders == rarer].dropna()
    return delivered.problem(what, cure, "C23", mine, severity="note", topic="coder.alike")


def alike(one: str, other: str) -> bool:
    """Whether two names could be one person's; names that end in numbers are told apart by them.

    >>> alike("Anna", "anna de Wit"), alike("codeur-1", "codeur-2"), alike("codeur-1", "Codeur1")
    (True, False, True)
    >>> alike("Bram", "Bran"), alike("Bram", "Brarn"), alike("Jan", "Jon")
    (True, True, False)
    """
    one, other = normal(one), normal(other)
    numbers = [re.findall(r"\d+$", name) for name in (one, other)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    if min(len(one), len(other)) >= SHORTEST_SLIP and one_edit(one, other.replace("rn", "m")):
        return True
    within = one in other.split() or other in one.split()
    return within or difflib.SequenceMatcher(None, one, other).ratio() > 0.85


def one_edit(one: str, other: str) -> bool:
    """Whether two names are equal or one sign is another, too many or too few.

    >>> one_edit("bram", "bran"), one_edit("bram", "bam"), one_edit("bram", "bas")
    (True, True, False)
    """
    shorter, longer = sorted((one, other), key=len)
    same = next(
        (at for at, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b),
        len(shorter),
    )
    rest = shorter[same + (len(shorter) == len(longer)) :]
    return len(longer) - len(shorter) <= 1 and rest == longer[same + 1 :]
