"""The only kind of table that figures, findings and files accept.

A `Safe` is made by this room alone and remembers a digest of its content: a table that was changed
afterwards is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import pandas as pd

from lostudy.disclosure.claims import Claims
from lostudy.errors import DisclosureError, Problem

_SEAL = object()
PROTECTED, ABSENT = "protected", "absent"
HIDDEN = {
    "": ("", ""),
    PROTECTED: ("te weinig of te gelijk", "too few or too alike"),
    ABSENT: ("niet gemeten", "not measured"),
}


@dataclass(frozen=True)
class Safe:
    """A protected table: rounded, with the reason in column `hidden` where a row is not shown.

    `by` names the identifying columns, `n` counts distinct persons rounded by the policy. What is
    hidden for its own sake and what is hidden because it would give that away have one reason: two
    would tell which of them is small. `claims` is for the ledger and never shown.
    """

    table: pd.DataFrame
    kind: str
    by: tuple[str, ...]
    notes: tuple[str, ...] = ()
    digest: str = ""
    claims: tuple[Claims, ...] = field(default=(), repr=False, compare=False)
    seal: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise DisclosureError(
                Problem(
                    "a table that was not protected",
                    "give it to lostudy.disclosure.protect; only what it returns may be shown",
                )
            )

    @property
    def shown(self) -> pd.DataFrame:
        """The rows that may be seen."""
        return self.table[self.table["hidden"] == ""]


def sealed(
    table: pd.DataFrame,
    kind: str,
    by: tuple[str, ...],
    notes: tuple[str, ...] = (),
    claims: tuple[Claims, ...] = (),
) -> Safe:
    """A Safe; called by the functions of this room when a table has been protected.

    What hangs on a frame and is no cell of it is dropped: attributes, its index, names of axes.
    """
    table = pd.DataFrame({str(each): table[each].array for each in table}, copy=True)
    return Safe(table, kind, by, notes, content_digest(table), claims, _SEAL)


def part_of(safe: Safe, rows: pd.Series) -> Safe:
    """These rows of a protected table; what it tells stands in the ledger with the whole table.

    `rows`: true for a row that stays. Raises DisclosureError where `safe` was not protected.
    """
    whole = require_safe(safe)
    return sealed(whole.table[rows.to_numpy()], whole.kind, whole.by, whole.notes)


def require_safe(table: object) -> Safe:
    """`table` if it is an unchanged Safe; raises DisclosureError otherwise."""
    if not isinstance(table, Safe):
        what = f"a {type(table).__name__} that was not protected cannot be shown or saved"
        raise DisclosureError(
            Problem(what, "give it to protect(table, by=…, people=…, policy=…) first")
        )
    if content_digest(table.table) != table.digest:
        raise DisclosureError(
            Problem("a protected table was changed afterwards", "protect the changed table anew")
        )
    return table


def content_digest(table: pd.DataFrame) -> str:
    """A digest of what a table says: its columns, and its values to six digits."""
    text = table.to_csv(index=False, float_format="%.6g")
    return hashlib.sha256(text.encode()).hexdigest()[:16]
