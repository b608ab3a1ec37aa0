"""Scores of the scales as the codebook declares them, one per record."""

from __future__ import annotations

import pandas as pd

from lostudy.statistics.scores import factor_scores, reverse, scale_scores
from lostudy.study import Scale, Study


def mean_scores(study: Study, scale: str, table: pd.DataFrame, share: float) -> pd.Series:
    """The mean of the answered items; where too few of them were asked of everyone, nobody's.

    `share`: of the scale's items that must be asked and answered.
    """
    declared = study.scales[scale]
    scores = pd.Series(float("nan"), index=table.index)
    values = table[list(declared.items)].astype("float64")
    asked = values.notna().groupby([table["organisation"], table["wave"]]).transform("any")
    for _, part in asked.groupby(list(declared.items)):
        rows = part.index
        kept = [item for item in declared.items if part[item].iloc[0]]
        if len(kept) >= share * len(declared.items):
            turned = [item for item in declared.reversed_items if item in kept]
            scores[rows] = scale_scores(
                values.loc[rows, kept], turned, declared.minimum, declared.maximum, share
            )
    return scores


def weighed_scores(study: Study, scale: str, table: pd.DataFrame) -> pd.Series:
    """Items weighing by how well they measure the one thing the scale is about; complete rows."""
    declared = study.scales[scale]
    items = table[list(declared.items)].astype("float64")
    return factor_scores(items, declared.reversed_items, declared.minimum, declared.maximum)


def turned_items(declared: Scale, table: pd.DataFrame) -> pd.DataFrame:
    """The items of a scale that were asked, all in the direction of the scale."""
    asked = [item for item in declared.items if table[item].notna().any()]
    items = table[asked].astype("float64")
    for item in (each for each in declared.reversed_items if each in items):
        items[item] = reverse(items[item], declared.minimum, declared.maximum)
    return items


def asked(study: Study, scale: str, part: pd.DataFrame) -> pd.DataFrame:
    """Who answered anything of a scale."""
    answered = part[part[list(study.scales[scale].items)].notna().any(axis=1)]
    return answered[["wave", "person"]].assign(scale=scale, moment=answered["wave"])
