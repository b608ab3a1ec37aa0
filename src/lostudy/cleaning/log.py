"""The cleaning log: a line per change, by delivery, key and column, with rule and reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

LOG_COLUMNS = ["delivery", "table", "key", "column", "rule", "change", "reason", "who", "cells"]


@dataclass(frozen=True)
class Change:
    """A change: `key` is a row number of the delivery, or "*" for a rule over a whole column."""

    delivery: str
    table: str
    key: str
    column: str
    rule: str
    change: str
    reason: str
    who: str = "rule"
    cells: int = 1


def log_table(changes: Iterable[Change]) -> pd.DataFrame:
    """The changes as a table, in an order that does not depend on the order of the delivery."""
    frame = pd.DataFrame([asdict(change) for change in changes], columns=LOG_COLUMNS)
    frame = frame.astype({**dict.fromkeys(LOG_COLUMNS, "str"), "cells": "int64"})
    return frame.sort_values(LOG_COLUMNS, kind="stable").reset_index(drop=True)
