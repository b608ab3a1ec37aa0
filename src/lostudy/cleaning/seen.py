"""What a person looked at and found fine: lines of corrections.csv that silence a rule or a flag.

`new` says "seen, fine" and `old` the rule (C7) or flag (speeder); `key` is "*" and `column` an item
or label set, or `key` is a row of the delivery. Each stands in the log with who and why; a line
that silences nothing is told, since the delivery may have changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from lostudy.cleaning.log import Change
from lostudy.errors import Problem
from lostudy.study import Correction, Study

SEEN, FILE = "seen, fine", "codebook/corrections.csv"


class Seen:
    """The lines of one delivery, and which of them were used."""

    def __init__(self, study: Study, delivery: str) -> None:
        self.lines = [
            each for each in study.corrections
            if each.delivery == delivery and is_seen(each)
        ]
        self.used: set[int] = set()

    def accepts(self, rule: str, column: str) -> Change | None:
        """The line of the log, where a person accepted what a rule says of a whole column."""
        for each in self.lines:
            if (each.key, each.old, each.column) == ("*", rule, column):
                self.used.add(each.row)
                return _line(each, column, rule)
        return None

    def flags(self) -> Iterator[tuple[int, str, Change]]:
        """Row, rule or flag, and the line of the log, of everything accepted for one record."""
        for each in self.lines:
            if each.key.isdigit():
                yield int(each.key), each.old, _line(each, "flags", each.old)

    def use(self, row: int, old: str) -> None:
        """Remember that a record's flag was silenced."""
        self.used |= {
            each.row for each in self.lines if (each.key, each.old) == (str(row), old)
        }

    def idle(self) -> list[Problem]:
        """A note for each line that silences nothing."""
        what, cure = "there is nothing to accept here", "take the line out, or mend it"
        return [
            Problem(what, cure, FILE, each.row, "old", each.old, "note")
            for each in self.lines
            if each.row not in self.used
        ]


def is_seen(each: Correction) -> bool:
    """Whether a line accepts something, and changes no cell."""
    return each.new == SEEN


def _line(each: Correction, column: str, rule: str) -> Change:
    return Change(
        each.delivery, "responses", each.key, column, rule, SEEN, each.reason, each.who, to=SEEN
    )
