"""Which items an organisation did not ask as the study did, and the line that says so.

The line stands under every table and figure that uses such an item (METHODS C5).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lostudy.analysis.opening import MOST, View
from lostudy.analysis.result import label
from lostudy.words import word

ALIKE = ("identical", "recoded")


def odd_items(view: View, scales: Sequence[str], waves: Sequence[str]) -> pd.DataFrame:
    """The items of scales that were asked otherwise: organisation, wave, item and status."""
    items = [item for scale in scales for item in view.study.scales[scale].items]
    table = view.processed("harmonisation")
    asked = table["wave"].isin(list(waves)) & table["item"].isin(items)
    return table[asked & ~table["status"].isin(ALIKE)]


def limits_of(view: View, scales: Sequence[str], waves: Sequence[str]) -> tuple[str, ...]:
    """A line that names where items of these scales cannot be compared without thought; or none.

    Of more than MOST organisations their number is told; `lo.comparability` has which.
    An organisation that was not asked any of them at a wave has no number there, and needs no line.
    """
    count = sum(len(view.study.scales[scale].items) for scale in scales)
    parts, places = [], []
    odd = odd_items(view, scales, waves)
    for (organisation, wave), rows in odd.groupby(["organisation", "wave"], sort=False):
        if len(rows) == count and (rows["status"] == "not_asked").all():
            continue
        why = ", ".join(word(status, view.language) for status in dict.fromkeys(rows["status"]))
        who = label(view.study, "organisation", str(organisation), view.language)
        places.append(organisation)
        parts.append(word("odd_items", view.language, who, wave, len(rows), count, why))
    if len(set(places)) > MOST:
        parts = [word("odd_in_many", view.language, len(set(places)))]
    return (word("not_comparable", view.language, "; ".join(parts)),) if parts else ()
