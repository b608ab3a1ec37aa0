"""The cleaning log: a line per change, by delivery, key and column, with rule and reason.

With the delivery itself the log is enough to make the tidy tables again (`audit` does so): it says
what each column became and which cells and records are otherwise. What stood in a cell before
stands in the delivery alone; `to` says what came.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import pandas as pd

LOG_COLUMNS = [
    "delivery", "table", "key", "source", "column", "rule", "change", "to", "reason", "who",
    "cells",
]
EVERY_OTHER = "*"


@dataclass(frozen=True)
class Change:
    """A change: `key` is a row number of the delivery, or "*" for a rule over a whole column.

    `column` is of the tidy table, `source` is the heading in the delivery from which it comes.
    `to` is what came: a value, a reason why there is none, or a meaning per cell text.
    """

    delivery: str
    table: str
    key: str
    column: str
    rule: str
    change: str
    reason: str
    who: str = "rule"
    cells: int = 1
    source: str = ""
    to: str = ""


def meaning(texts: Mapping[str, object]) -> str:
    """What each cell text of a column means, as the log writes it; "*" is every other filled cell.

    >>> meaning({"Eens": 4, "weet niet": "dont_know"})
    '{"Eens": 4, "weet niet": "dont_know"}'
    """
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)


def log_table(changes: Iterable[Change]) -> pd.DataFrame:
    """The changes as a table, in an order that does not depend on the order of the delivery."""
    frame = pd.DataFrame([asdict(change) for change in changes], columns=LOG_COLUMNS)
    frame = frame.astype({**dict.fromkeys(LOG_COLUMNS, "str"), "cells": "int64"})
    return frame.sort_values(LOG_COLUMNS, kind="stable").reset_index(drop=True)
