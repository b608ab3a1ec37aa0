"""Whether a form had the answers that the study's item has (rule C4).

A form with four answers reads like one with five where nobody chose the middle; taken for it, its
answers would be rescaled in silence. Answers that nobody gives show in the delivery as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lostudy.study import LabelSet, Study

FEWEST_ITEMS, FEWEST_ANSWERS, MANY_ANSWERS = 3, 200, 1_000
FEWEST_ELSEWHERE, EXPECTED, BY_CHANCE = 50, 30.0, 1e-6


@dataclass(frozen=True)
class Unused:
    """A label set of a delivery with answers that nobody gave; `inside` where others lie around."""

    labels: str
    values: tuple[int, ...]
    items: int
    answers: int
    inside: bool


def unused_answers(
    study: Study, answers: pd.DataFrame, items: list[str]
) -> Iterator[Unused]:
    """Each label set with an answer that nobody gave, where chance cannot be the reason.

    An answer between others: from three items and 200 answers on. The first or last one: from 1,000
    answers on, since strong words can be nobody's.
    """
    for name, labels in study.label_sets.items():
        mine = [item for item in items if study.items[item].labels == name]
        if len(mine) < FEWEST_ITEMS or not labels.numeric or len(labels.values) < 3:
            continue
        values = sorted(int(value) for value in labels.values)
        given = answers[mine].to_numpy(dtype="float64", na_value=np.nan)
        counts = {value: int((given == value).sum()) for value in values}
        yield from _unused(labels, counts, len(mine))


def _unused(labels: LabelSet, counts: dict[int, int], items: int) -> Iterator[Unused]:
    values = list(counts)
    given = [value for value in values if counts.get(value)]
    answers = sum(counts.values())
    if not given or answers < FEWEST_ANSWERS:
        return
    absent = [value for value in values if value not in given]
    inside = tuple(value for value in absent if given[0] < value < given[-1])
    outside = tuple(value for value in absent if value not in inside)
    if inside:
        yield Unused(labels.id, inside, items, answers, inside=True)
    if outside and answers >= MANY_ANSWERS:
        yield Unused(labels.id, outside, items, answers, inside=False)


def expected(
    here: pd.DataFrame, elsewhere: pd.DataFrame, items: list[str], values: tuple[int, ...]
) -> float:
    """How often these answers would be given here, were they given as in the other waves."""
    known = [item for item in items if elsewhere[item].notna().sum() >= FEWEST_ELSEWHERE]
    shares = (elsewhere[item].dropna().isin(values).mean() for item in known)
    counts = (here[item].notna().sum() for item in known)
    return float(sum(share * count for share, count in zip(shares, counts, strict=True)))


def narrower_items(
    study: Study, here: pd.DataFrame, elsewhere: pd.DataFrame, items: list[str]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Items of which answers that other waves give are nobody's here, where chance is no reason.

    The chance that nobody gives an answer, were it given as elsewhere, is under one in a million.
    """
    ones, others = (
        each[items].to_numpy(dtype="float64", na_value=np.nan).T for each in (here, elsewhere)
    )
    for item, own, other in zip(items, ones, others, strict=True):
        labels, n = study.item_labels(item), int((~np.isnan(own)).sum())
        many = int((~np.isnan(other)).sum())
        if labels is None or not labels.numeric or many < FEWEST_ELSEWHERE:
            continue
        absent = tuple(
            int(value) for value in labels.values
            if not (own == value).any()
            and (1 - (other == value).sum() / many) ** n < BY_CHANCE
        )
        if absent:
            yield item, absent
