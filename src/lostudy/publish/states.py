"""What became of each finding in a document: nothing, or it went stale, was edited, or is untrue.

Three digests are compared: of the text that stands there, of the text that was written there, and
of the text that the finding has now. No file beside the document is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lostudy.findings.forms import OWN
from lostudy.words import word

STATES = ("ok", "stale", "edited", "conflict", "unknown", "withdrawn", "broken", "reworded",
          "token", "unused")  # fmt: skip
FAILING = ("stale", "conflict", "unknown", "withdrawn", "broken")
STRICT = (*FAILING, "edited", "reworded", "token")


@dataclass(frozen=True)
class Row:
    """One place in a document: which finding, where, in which state, and what to do.

    `where`: part and paragraph; `shown`: the text that stands there; `now`: the text that the
    finding has now.
    """

    state: str
    id: str
    form: str
    where: str
    shown: str = ""
    now: str = ""
    note: str = ""

    def line(self, language: str = "nl") -> str:
        """The row in words."""
        name = f"{self.id}:{self.form}" if self.form else self.id
        block = self.state == "stale" and self.shown == self.now
        key = "essay_block" if block else f"essay_{self.state}"
        said = word(key, language, _short(self.shown), _short(self.now))
        note = f" {self.note}" if self.note else ""
        return f"{word(f'state_{self.state}', language):<12} {name} ({self.where}): {said}{note}"


@dataclass(frozen=True)
class Report:
    """What a check found; `unused`: findings that the document does not mention; `notes` about it
    as a whole."""

    rows: tuple[Row, ...]
    unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def failing(self, strict: bool = False) -> list[Row]:
        """The rows that stop a document from being published."""
        wrong = STRICT if strict else FAILING
        return [row for row in self.rows if row.state in wrong]

    def counts(self) -> dict[str, int]:
        """How many rows are in each state, in the order of STATES."""
        found = {state: sum(row.state == state for row in self.rows) for state in STATES}
        return {**found, "unused": len(self.unused)}

    def as_dict(self) -> dict[str, Any]:
        """For a machine to read."""
        rows = [asdict(row) for row in self.rows]
        return {"counts": self.counts(), "rows": rows, "unused": list(self.unused),
                "notes": list(self.notes)}  # fmt: skip


def _short(text: str, most: int = 90) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def state_of(
    record: Mapping[str, Any] | None, form: str, shown: str, written: str, latest: str
) -> str:
    """The state of a place from the digests of three texts.

    `shown`: of what stands there; `written`: of what was written there ("" where nothing was);
    `latest`: of what the finding says now.

    >>> number = {"kind": "number", "status": ""}
    >>> [state_of(number, "", *each) for each in (("a", "a", "a"), ("a", "a", "b"),
    ...                                           ("x", "a", "a"), ("x", "a", "b"))]
    ['ok', 'stale', 'edited', 'conflict']
    """
    if record is None:
        return "unknown"
    if record["status"] == "withdrawn":
        return "withdrawn"
    claim = record["kind"] == "claim" and form in ("", OWN)
    if claim and record["status"] != "holds":
        return "broken"
    if claim and shown != written and (form == OWN or shown != latest):
        return "reworded"
    if form == OWN or shown == latest:
        return "ok"
    if shown == written:
        return "stale"
    return "edited" if written == latest else "conflict"


def unused(records: Mapping[str, Any], rows: Iterable[Row]) -> tuple[str, ...]:
    """The findings that no row mentions."""
    used = {row.id for row in rows}
    return tuple(name for name in records if name not in used)
