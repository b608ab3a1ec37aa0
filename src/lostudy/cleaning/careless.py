"""Careless answering: signs in four families, and left out only on two of them (C11–C15).

Time (too fast to have read), invariance (one answer in a row), inconsistency (answers that
contradict each other within scales) and attention (an item that says what to answer). One sign
alone also catches the disaffected, whose answers are true. A straight line contradicts the reversed
items by itself, so invariance and inconsistency never count as two.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy.statistics import careless as signs
from lostudy.study import Scale, Study

FAMILIES = ("speeder", "straightliner", "inconsistent", "inattentive")
FEWEST_TIMES, FEWEST_IN_ROW = 10, 20


def careless_flags(
    study: Study, items: pd.DataFrame, fields: pd.DataFrame, answered: pd.DataFrame
) -> pd.DataFrame:
    """A column of booleans for each of FAMILIES, and `careless` for two independent ones.

    `items` as answered (not reversed), `answered` where a cell holds an answer of any kind.
    """
    flags = pd.DataFrame(index=items.index)
    flags["speeder"] = _speeders(study, answered, fields)
    flags["straightliner"] = _straightliners(study, items)
    flags["inconsistent"] = _inconsistent(study, items)
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


def _straightliners(study: Study, items: pd.DataFrame) -> pd.Series:
    """One answer for at least half of twenty or more items in a row (C12).

    Where nothing is reversed a row of one answer can be true, so then it is no sign.
    """
    asked = items.loc[:, items.notna().any()].select_dtypes("Int8")
    turned = [item for item in asked if study.items[str(item)].reversed]
    if asked.shape[1] < FEWEST_IN_ROW or not turned:
        return pd.Series(False, index=items.index)
    values = asked.astype("float32")
    return signs.longstring(values) >= asked.shape[1] / 2


def _inconsistent(study: Study, items: pd.DataFrame) -> pd.Series:
    """Many Guttman errors within scales, and halves of scales that do not go together (C14).

    Undefined is not a sign: thirty items and three scales of two are needed.
    """
    chosen = {
        scale.id: scale
        for scale in study.scales.values()
        if len(_asked(scale, items)) > 1 and _wordable(scale, items)
    }
    if sum(len(_asked(scale, items)) for scale in chosen.values()) < signs.FEWEST_ITEMS_EVEN_ODD:
        return pd.Series(False, index=items.index)
    turned = pd.concat([_turned(scale, items) for scale in chosen.values()], axis=1)
    turned = turned.loc[:, ~turned.columns.duplicated()]
    members = {name: _asked(scale, items) for name, scale in chosen.items()}
    errors = pd.concat([signs.guttman_errors(turned[each]) for each in members.values()], axis=1)
    many = errors.mean(axis=1) > study.cleaning.guttman_errors
    halves = signs.even_odd(turned[many], members).reindex(items.index)
    return many & (halves < study.cleaning.even_odd)


def _asked(scale: Scale, items: pd.DataFrame) -> list[str]:
    return [item for item in scale.items if items[item].notna().any()]


def _wordable(scale: Scale, items: pd.DataFrame) -> bool:
    """Whether the answers are those of one list: hours and grades have no steps to err on."""
    return all(items[item].dtype == "Int8" for item in scale.items)


def _turned(scale: Scale, items: pd.DataFrame) -> pd.DataFrame:
    """The asked items of a scale in its direction."""
    values = items[_asked(scale, items)].astype("float64")
    ends = scale.minimum + scale.maximum
    return values.assign(**{
        item: ends - values[item] for item in scale.reversed_items if item in values
    })


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
    chosen = {
        name: scale for name, scale in study.scales.items()
        if len(_asked(scale, items)) > 1 and _wordable(scale, items)
    }
    answered = items.loc[:, items.notna().any()].select_dtypes("Int8").astype("float64")
    parts = [_turned(scale, items) for scale in chosen.values()]
    turned = pd.concat(parts, axis=1) if parts else answered
    turned = turned.loc[:, ~turned.columns.duplicated()]
    members = {name: _asked(scale, items) for name, scale in chosen.items()}
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
