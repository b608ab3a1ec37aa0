"""Which records count: test rows, duplicates, partials and careless answers (rules C8–C15).

A rule only flags. Exclusion happens once, at the end, by the first reason that applies in
EXCLUSIONS; nothing is dropped, and the flow counts everyone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lostudy.cleaning.people import normal_codes, row_hashes
from lostudy.study import Study

EXCLUSIONS = ("preview", "empty", "before_launch", "duplicate", "partial", "careless")
PREVIEW = {
    "survey preview",
    "preview",
    "test",
    "testrij",
    "voorbeeld",
    "1",
    "1.0",
    "yes",
    "ja",
    "true",
}
TEST = r"(?i)\s*test\d*\s*"


def flag(
    study: Study, wave: str, items: pd.DataFrame, fields: pd.DataFrame, raw: pd.DataFrame
) -> pd.DataFrame:
    """A column of booleans per flag, one row per record.

    `items` as answered (not reversed), `fields` with started and seconds already read, `raw` the
    record as delivered, whose content breaks ties without looking at the order of rows.
    """
    answered = items.notna()
    flags = pd.DataFrame(index=items.index)
    flags["preview"] = _preview(fields)
    flags["empty"] = ~answered.any(axis=1)
    opens, closes = study.wave(wave).opens, study.wave(wave).closes
    started = _started(fields)
    flags["before_launch"] = started < pd.Timestamp(opens) if opens else False
    flags["late"] = started >= pd.Timestamp(closes) + pd.Timedelta(days=1) if closes else False
    flags["partial"] = ~_enough(study, answered)
    flags["speeder"] = _speeders(study, answered, fields)
    flags["straightliner"] = _straightliners(items)
    aside = flags["preview"] | flags["empty"] | flags["before_launch"]
    flags["duplicate"] = _duplicates(study, items, fields, raw, aside)
    flags["careless"] = flags["speeder"] & flags["straightliner"]
    return flags.fillna(False).astype("bool")


def _started(fields: pd.DataFrame) -> pd.Series:
    return fields.get("started", pd.Series(pd.NaT, index=fields.index, dtype="datetime64[ns]"))


def exclusion(study: Study, flags: pd.DataFrame) -> pd.Series:
    """The reason for which a record is left out, or "" where it counts."""
    rules = [name for name in EXCLUSIONS if name != "careless" or study.plan.exclude_careless]
    reason = pd.Series("", index=flags.index, dtype="str")
    for name in reversed(rules):
        reason = reason.mask(flags[name], name)
    return reason


def _preview(fields: pd.DataFrame) -> pd.Series:
    """Rows that the tool or the researcher marked as a test (C9)."""
    marked = pd.Series(False, index=fields.index)
    if "preview" in fields:
        marked |= fields["preview"].astype("str").str.strip().str.casefold().isin(PREVIEW)
    for column in ("record", "link"):
        if column in fields:
            marked |= fields[column].str.fullmatch(TEST).fillna(False).astype("bool")
    return marked


def _enough(study: Study, answered: pd.DataFrame) -> pd.Series:
    """Whether at least the partial share of some primary scale is answered (C10)."""
    enough = pd.Series(False, index=answered.index)
    for scale in {question.primary for question in study.questions}:
        members = [item for item in study.scales[scale].items if answered[item].any()]
        if members:
            enough |= answered[members].mean(axis=1) >= study.cleaning.partial_share
    return enough if study.questions else answered.any(axis=1)


def _speeders(study: Study, answered: pd.DataFrame, fields: pd.DataFrame) -> pd.Series:
    """Faster than the seconds per item and than a third of the median (C11)."""
    if "seconds" not in fields or fields["seconds"].notna().sum() < 10:
        return pd.Series(False, index=answered.index)
    seconds = fields["seconds"].astype("float64")
    per_item = seconds < study.cleaning.seconds_per_item * answered.sum(axis=1)
    return per_item & (seconds < study.cleaning.speed_share_of_median * seconds.median())


def _straightliners(items: pd.DataFrame) -> pd.Series:
    """One answer for at least half of twenty or more items in a row, or no spread at all (C12)."""
    asked = items.loc[:, items.notna().any()].select_dtypes("Int8")
    if asked.shape[1] < 20:
        return pd.Series(False, index=items.index)
    values = asked.to_numpy(dtype="float32", na_value=np.nan)
    run = np.ones(len(values), dtype="int16")
    longest = run.copy()
    for place in range(1, values.shape[1]):
        run = np.where(values[:, place] == values[:, place - 1], run + 1, 1).astype("int16")
        np.maximum(longest, run, out=longest)
    return pd.Series(longest >= asked.shape[1] / 2, index=items.index)


def _duplicates(
    study: Study, items: pd.DataFrame, fields: pd.DataFrame, raw: pd.DataFrame, aside: pd.Series
) -> pd.Series:
    """The less complete, later records of one token, one code, or one moment and answers (C8)."""
    double = pd.Series(False, index=items.index)
    for keys in _same(study, items, fields):
        keys = keys[~aside & keys.notna()]
        keys = keys[keys.duplicated(keep=False)]
        if keys.empty:
            continue
        order = _order(items.loc[keys.index], fields.loc[keys.index], raw.loc[keys.index])
        keys = keys.loc[order]
        double[keys.index[keys.duplicated()]] = True
    return double


def _order(items: pd.DataFrame, fields: pd.DataFrame, raw: pd.DataFrame) -> pd.Index:
    """The rows, most complete first, then earliest, then by content."""
    order = pd.DataFrame(
        {
            "answered": -items.notna().sum(axis=1),
            "started": _started(fields),
            "content": row_hashes(raw),
        }
    )
    return order.sort_values(["answered", "started", "content"]).index


def _same(study: Study, items: pd.DataFrame, fields: pd.DataFrame) -> list[pd.Series]:
    """What must not occur twice: a record id, a linking code, a start with the same answers."""
    keys = []
    if "record" in fields:
        keys.append(fields["record"].where(fields["record"] != ""))
    if "link" in fields:
        codes = normal_codes(fields["link"])
        keys.append(codes.where(codes != ""))
    if "started" in fields:
        started = fields["started"]
        rows = started.notna() & started.duplicated(keep=False)
        rows &= items.notna().sum(axis=1) >= study.cleaning.duplicate_items
        answers = pd.util.hash_pandas_object(items[rows].astype("float32"), index=False)
        keys.append(started[rows].astype("str") + answers.astype("str"))
    return [key.reindex(items.index) for key in keys]
