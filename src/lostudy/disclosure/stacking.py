"""Two protected tables under each other, each under its own threshold: nothing new is told."""

from __future__ import annotations

import pandas as pd

from lostudy.disclosure.safe import Safe, require_safe, sealed
from lostudy.errors import DisclosureError, Problem


def stacked(first: Safe, second: Safe, kind: str) -> Safe:
    """The rows of two protected tables that have the same columns, as one.

    Raises DisclosureError where the columns differ or a group would stand in it twice.
    """
    one, other = require_safe(first), require_safe(second)
    if list(one.table) != list(other.table) or one.by != other.by:
        what = "two protected tables with different columns under each other"
        raise DisclosureError(Problem(what, "make both with the same groups and values"))
    table = pd.concat([one.table, other.table], ignore_index=True)
    if table.duplicated(list(one.by)).any():
        what = "two protected tables that hold the same group"
        raise DisclosureError(Problem(what, "leave the group out of one of them"))
    return sealed(table, kind, one.by, one.notes, (*one.claims, *other.claims))
