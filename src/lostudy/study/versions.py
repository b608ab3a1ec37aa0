"""The codebook through time: which codes there were from which day, and what became of which."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lostudy.study.model import Code

KINDS = ("added", "renamed", "merged", "split", "ended")


@dataclass(frozen=True)
class CodeChange:
    """What happened to one code on a day; `became` is what took over."""

    day: dt.date
    kind: str
    code: str
    became: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodebookVersion:
    """The codebook as it stood from a day on (None: from the start)."""

    number: int
    since: dt.date | None
    codes: tuple[str, ...]
    changes: tuple[CodeChange, ...]


def code_changes(codes: Mapping[str, Code]) -> list[CodeChange]:
    """Everything that the codebook declares of its own history, by day.

    A code that one other took over, which was new that day, was renamed; where the other was there
    already, or took over several, they were merged.
    """
    takers = Counter(code.became[0] for code in codes.values() if len(code.became) == 1)
    changes = [
        CodeChange(code.since, "added", code.id)
        for code in codes.values() if code.since is not None
    ]
    for code in codes.values():
        if code.until is None:
            continue
        day = code.until + dt.timedelta(days=1)
        changes.append(CodeChange(day, _kind(code, codes, takers, day), code.id, code.became))
    return sorted(changes, key=lambda each: (each.day, KINDS.index(each.kind), each.code))


def _kind(code: Code, codes: Mapping[str, Code], takers: Counter[str], day: dt.date) -> str:
    if not code.became:
        return "ended"
    if len(code.became) > 1:
        return "split"
    new = codes[code.became[0]].since == day
    return "renamed" if new and takers[code.became[0]] == 1 else "merged"


def codebook_versions(codes: Mapping[str, Code]) -> list[CodebookVersion]:
    """A version for each day on which something changed; each has the codes that could be given.

    >>> from lostudy.study import Code, Text
    >>> day = dt.date(2026, 1, 31)
    >>> old = Code(id="OLD", label=Text(nl="Oud"), until=day, became=("NEW",))
    >>> both = {"OLD": old, "NEW": Code(id="NEW", label=Text(nl="Nieuw"))}
    >>> [version.codes for version in codebook_versions(both)]
    [('OLD', 'NEW'), ('NEW',)]
    """
    changes = code_changes(codes)
    days: list[dt.date | None] = [None, *dict.fromkeys(each.day for each in changes)]
    return [
        CodebookVersion(
            number, day, tuple(_on(codes, day)), tuple(each for each in changes if each.day == day))
        for number, day in enumerate(days, start=1)
    ]


def _on(codes: Mapping[str, Code], day: dt.date | None) -> Iterator[str]:
    """Codes that could be given on a day; None is before anything that is dated."""
    for code in (each for each in codes.values() if each.assignable):
        begun = code.since is None or (day is not None and code.since <= day)
        ended = code.until is not None and day is not None and code.until < day
        if begun and not ended:
            yield code.id
