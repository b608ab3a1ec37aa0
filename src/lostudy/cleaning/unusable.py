"""Records and columns of which nothing can be used: what is no person, or no question asked (C6).

A row of averages below the records has answers everywhere and not one that the form had; counted,
it would be a person more. A column in which nobody answered was perhaps not asked, or got lost.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy.cleaning.answers import IMPOSSIBLE, NOT_ANSWERED

FEWEST_ITEMS, FEWEST_RECORDS = 10, 10


def averages(responses: pd.DataFrame, reasons: dict[str, np.ndarray]) -> pd.Series:
    """Which records count, and yet have at least ten answers and none that the form had.

    `reasons`: item -> per record why it has no value (0: it has one), of the items to look at.
    """
    included = responses["included"].astype("bool")
    if len(reasons) < FEWEST_ITEMS:
        return included & False
    table = np.column_stack(list(reasons.values()))
    outside = (table == IMPOSSIBLE).sum(axis=1)
    return included & (outside >= FEWEST_ITEMS) & ~(table == 0).any(axis=1)


def emptied(reasons: dict[str, np.ndarray]) -> list[str]:
    """Items that at least ten records were asked and nobody answered, beside items with answers."""
    empty = [item for item, why in reasons.items() if (why == NOT_ANSWERED).all()]
    enough = any(len(why) >= FEWEST_RECORDS for why in reasons.values())
    return empty if enough and len(empty) < len(reasons) else []
