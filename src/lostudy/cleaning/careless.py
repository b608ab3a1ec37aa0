"""Careless answering: signs in four families, and left out only on two of them (C11–C15).

Time (too fast to have read), invariance (one answer in a row), inconsistency (answers that
contradict each other within scales) and attention (an item that says what to answer). One sign
alone also catches the disaffected, whose answers are true. A straight line contradicts the reversed
items by itself, so invariance and inconsistency never count as two.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy.cleaning.answers import as_floats
from lostudy.statistics import careless as signs
from lostudy.study import Study

FAMILIES = ("speeder", "straightliner", "inconsistent", "inattentive")
FEWEST_TIMES, FEWEST_IN_ROW = 10, 20


def careless_flags(
    study: Study, items: pd.DataFrame, fields: pd.DataFrame, answered: pd.DataFrame
) -> pd.DataFrame:
    """A column of booleans for each of FAMILIES, and `careless` for two independent ones.

    `items` as answered (not reversed), `answered` where a cell holds an answer of any kind.
    """
    steps = _steps(items)
    flags = pd.DataFrame(index=items.index)
    flags["speeder"] = _speeders(study, answered, fields)
    flags["straightliner"] = _straightliners(study, steps)
    flags["inconsistent"] = _inconsistent(study, steps, _members(study, items, steps))
    flags["inattentive"] = _inattentive(study, items)
    independent = flags.astype("int8")
    independent["inconsistent"] *= ~flags["straightliner"]
    flags["careless"] = independent.sum(axis=1) >= 2
    return flags


def _speeders(study: Study, answered: pd.DataFrame, fields: pd.DataFrame) -> pd.Series:
    """Faster than the seconds per item and than a third of the median (C11)."""
    if "seconds" not in fields or fields["seconds"].notna().sum() < FEWEST_TIMES:
        return pd.Series(False, index=answered.index)
    seconds = fields["seconds"].astype("float64")
    per_item = signs.seconds_per_item(seconds, answered.sum(axis=1))
    share = study.cleaning.speed_share_of_median * seconds.median()
    return (per_item < study.cleaning.seconds_per_item) & (seconds < share)


def _steps(items: pd.DataFrame) -> pd.DataFrame:
    """The items with answers from a list that anybody answered, as floats: no hours or grades."""
    values = as_floats(items)
    return values.loc[:, (items.dtypes == "Int8") & values.notna().any()]


def _straightliners(study: Study, steps: pd.DataFrame) -> pd.Series:
    """One answer for at least half of twenty or more items in a row (C12).

    Where nothing is reversed a row of one answer can be true, so then it is no sign.
    """
    turned = [item for item in steps if study.items[str(item)].reversed]
    if steps.shape[1] < FEWEST_IN_ROW or not turned:
        return pd.Series(False, index=steps.index)
    return signs.longstring(steps) >= steps.shape[1] / 2


def _inconsistent(
    study: Study, steps: pd.DataFrame, members: dict[str, list[str]]
) -> pd.Series:
    """Many Guttman errors within scales, and halves of scales that do not go together (C14).

    Undefined is not a sign: thirty items and three scales of two are needed.
    """
    if sum(len(each) for each in members.values()) < signs.FEWEST_ITEMS_EVEN_ODD:
        return pd.Series(False, index=steps.index)
    turned = _turned(study, steps, members)
    errors = pd.concat([signs.guttman_errors(turned[each]) for each in members.values()], axis=1)
    many = errors.mean(axis=1) > study.cleaning.guttman_errors
    halves = signs.even_odd(turned[many], members).reindex(steps.index)
    return many & (halves < study.cleaning.even_odd)


def _members(study: Study, items: pd.DataFrame, steps: pd.DataFrame) -> dict[str, list[str]]:
    """The answered items of each scale of two or more; hours and grades have no steps to err on."""
    listed = set(items.columns[items.dtypes == "Int8"])
    asked = {
        scale.id: [item for item in scale.items if item in steps]
        for scale in study.scales.values()
        if listed.issuperset(scale.items)
    }
    return {scale: mine for scale, mine in asked.items() if len(mine) > 1}


def _turned(study: Study, steps: pd.DataFrame, members: dict[str, list[str]]) -> pd.DataFrame:
    """The items of the scales in the direction of their scale (of several: the first)."""
    turned: dict[str, pd.Series] = {}
    for name, mine in members.items():
        scale = study.scales[name]
        for item in mine:
            ends, values = scale.minimum + scale.maximum, steps[item]
            turned.setdefault(item, ends - values if item in scale.reversed_items else values)
    return pd.DataFrame(turned, index=steps.index)


def _inattentive(study: Study, items: pd.DataFrame) -> pd.Series:
    """Another answer than the item asks for ("choose 2 here")."""
    failed = pd.Series(False, index=items.index)
    for item in study.items.values():
        if item.expected is not None and item.id in items:
            failed |= (items[item.id] != item.expected).fillna(False).astype("bool")
    return failed


def indices(study: Study, items: pd.DataFrame, seconds: pd.Series | None = None) -> pd.DataFrame:
    """Every sign per record, for a researcher who looks at the decision: nothing is left out by it.

    `items`: the answers of one delivery, one column per item. Columns: seconds_per_item,
    longstring, irv, even_odd, synonyms, guttman_errors, mahalanobis (p).
    """
    answered = _steps(items)
    members = _members(study, items, answered)
    turned = _turned(study, answered, members) if members else answered
    errors = [signs.guttman_errors(turned[each]) for each in members.values()]
    times = pd.Series(np.nan, index=items.index) if seconds is None else seconds
    return pd.DataFrame({
        "seconds_per_item": signs.seconds_per_item(
            times.astype("float64"), answered.notna().sum(axis=1)
        ),
        "longstring": signs.longstring(answered),
        "irv": signs.irv(answered),
        "even_odd": signs.even_odd(turned, members),
        "synonyms": signs.synonyms(turned),
        "guttman_errors": pd.concat(errors, axis=1).mean(axis=1) if errors else np.nan,
        "mahalanobis": signs.mahalanobis(turned)["p"],
    })
