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
    rows = responses["included"].to_numpy()
    accepted = {each.column: each for each in study.corrections if _seen(each, delivered)}
    for scale in study.scales.values():
        for item, correlation, n in rest_correlations(scale, responses, rows):
            if n < ENOUGH or not correlation < LOWEST:
                continue
            if item in accepted:
                changes.append(_accepted(accepted[item], delivered, item))
            else:
                problems.append(_problem(delivered, scale, item, n))


def rest_correlations(
    scale: Scale, answers: pd.DataFrame, rows: np.ndarray
) -> Iterator[tuple[str, float, int]]:
    """Of each answered item: its correlation with the mean of the others, and over how many.

    >>> scale = Scale(id="S", label={"nl": "S"}, minimum=1, maximum=5, items=("a", "b"))
    >>> answers = pd.DataFrame({"a": [1, 2, 5], "b": [5, 3, 1]})
    >>> [(item, round(r, 2), n) for item, r, n in rest_correlations(scale, answers, np.arange(3))]
    [('a', -0.96, 3), ('b', -0.96, 3)]
    """
    columns = {item: _turned(scale, item, answers[item], rows) for item in scale.items}
    filled = {item: ~np.isnan(values) for item, values in columns.items()}
    asked = [item for item in scale.items if filled[item].any()]
    if len(asked) < 2:
        return
    total = np.sum([np.nan_to_num(columns[item]) for item in asked], axis=0)
    count = np.sum([filled[item] for item in asked], axis=0)
    for item in asked:
        both = filled[item] & (count > 1)
        own = columns[item][both]
        rest = (total[both] - own) / (count[both] - 1)
        yield item, _correlation(own, rest), len(own)


def _turned(scale: Scale, item: str, answers: pd.Series, rows: np.ndarray) -> np.ndarray:
    """The answers in the direction of the scale."""
    values = answers.to_numpy(dtype="float32", na_value=np.nan)[rows]
    return scale.minimum + scale.maximum - values if item in scale.reversed_items else values


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    if len(one) < 3:
        return float("nan")
    one, other = one - one.mean(dtype="float64"), other - other.mean(dtype="float64")
    spread = np.sqrt((one @ one) * (other @ other))
    return float(one @ other / spread) if spread > 0 else float("nan")


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
