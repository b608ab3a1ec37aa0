"""Whether an item points the way its scale does (rule C7): double reversal is the classic.

An item that goes against the rest of its scale after reversal was reversed once too often, or not
at all; scores made of it would be wrong without anybody seeing it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.errors import Problem
from lostudy.study import Correction, Scale, Study

LOWEST, ENOUGH = -0.2, 30
RULE, SEEN = "C7", "seen, fine"


def check_direction(
    study: Study,
    delivered: Delivered,
    responses: pd.DataFrame,
    changes: list[Change],
    problems: list[Problem],
) -> None:
    """A problem for each item below −.2 with the rest of its scale, among 30 or more answers.

    A line in corrections.csv with key "*", the item as column, "C7" as old and "seen, fine" as new
    value silences it, and stands in the log.
    """
    kept = responses[responses["included"]]
    accepted = {each.column: each for each in study.corrections if _seen(each, delivered)}
    for scale in study.scales.values():
        for item, correlation, n in rest_correlations(scale, kept):
            if n < ENOUGH or not correlation < LOWEST:
                continue
            if item in accepted:
                changes.append(_accepted(accepted[item], delivered, item))
            else:
                problems.append(_problem(delivered, scale, item, n))


def rest_correlations(scale: Scale, answers: pd.DataFrame) -> Iterator[tuple[str, float, int]]:
    """Of each answered item: its correlation with the mean of the others, and over how many.

    >>> scale = Scale(id="S", label={"nl": "S"}, minimum=1, maximum=5, items=("a", "b"))
    >>> [(i, round(r, 2), n) for i, r, n in rest_correlations(
    ...     scale, pd.DataFrame({"a": [1, 2, 5], "b": [5, 3, 1]}))]
    [('a', -0.96, 3), ('b', -0.96, 3)]
    """
    asked = [item for item in scale.items if answers[item].notna().any()]
    values = answers[asked].to_numpy(dtype="float64", na_value=np.nan)
    turned = [item in scale.reversed_items for item in asked]
    values[:, turned] = scale.minimum + scale.maximum - values[:, turned]
    filled = ~np.isnan(values)
    total, count = np.where(filled, values, 0).sum(axis=1), filled.sum(axis=1)
    for place, item in enumerate(asked):
        both = filled[:, place] & (count > 1)
        own = values[both, place]
        rest = (total[both] - own) / (count[both] - 1)
        yield item, _correlation(own, rest), int(both.sum())


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    if len(one) < 3 or one.std() == 0 or other.std() == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _seen(each: Correction, delivered: Delivered) -> bool:
    return (each.delivery, each.key, each.old, each.new) == (delivered.name, "*", RULE, SEEN)


def _accepted(each: Correction, delivered: Delivered, item: str) -> Change:
    return Change(delivered.name, "responses", "*", item, RULE, SEEN, each.reason, each.who)


def _problem(delivered: Delivered, scale: Scale, item: str, n: int) -> Problem:
    what = (
        f"item '{item}' goes against the rest of scale {scale.id} "
        f"(r < -.2, {n} answers): verkeerd om?"
    )
    cure = (
        "compare the wording and the labels with items.csv (reversed twice, or not at all?); if it "
        f"is right, add to corrections.csv: {delivered.name}, *, {item}, {RULE}, {SEEN}"
    )
    return Problem(what, cure, delivered.name, column=item, rule=RULE)
