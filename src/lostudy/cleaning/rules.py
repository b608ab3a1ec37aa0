"""Which records count: test rows, duplicates, partials and careless answers (rules C8–C15, C19).

A rule only flags. Exclusion happens once, at the end, by the first reason that applies in
EXCLUSIONS; nothing is dropped, and the flow counts everyone.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from lostudy.cleaning.answers import as_floats
from lostudy.cleaning.careless import FAMILIES, careless_flags
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
    study: Study,
    wave: str,
    items: pd.DataFrame,
    fields: pd.DataFrame,
    raw: pd.DataFrame,
    answered: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A column of booleans per flag, one row per record.

    `items` as answered (not reversed), `fields` with started and seconds already read, `raw` the
    record as delivered, whose content breaks ties without looking at the order of rows. `answered`:
    where a cell holds an answer, also one out of range (default: where `items` has a value).
    """
    given = as_floats(items)
    answered = given.notna() if answered is None else answered
    flags = pd.DataFrame(index=items.index)
    flags["preview"] = _preview(fields)
    flags["empty"] = ~answered.any(axis=1)
    closes, started = study.wave(wave).closes, _started(fields)
    flags["before_launch"] = _too_early(study, wave, fields)
    flags["late"] = started >= pd.Timestamp(closes) + pd.Timedelta(days=1) if closes else False
    flags["partial"] = ~_enough(study, answered)
    aside = set_aside(study, wave, fields, answered)
    signs = careless_flags(study, items, fields, answered)
    signs &= ~np.asarray(aside, dtype=bool)[:, None]
    flags[list(FAMILIES)] = signs[list(FAMILIES)]
    filled = given.notna().sum(axis=1)
    keys = _same(study, given, filled, fields, signs["straightliner"])
    flags["duplicate"] = _duplicates(keys, filled, fields, raw, aside)
    flags["careless"] = signs["careless"]
    return flags.fillna(False).astype("bool")


def set_aside(
    study: Study, wave: str, fields: pd.DataFrame, answered: pd.DataFrame
) -> pd.Series:
    """Tests, empty records and those from before the wave: nobody's answers, whatever they hold."""
    return _preview(fields) | ~answered.any(axis=1) | _too_early(study, wave, fields)


def _too_early(study: Study, wave: str, fields: pd.DataFrame) -> pd.Series:
    opens = study.wave(wave).opens
    if not opens:
        return pd.Series(False, index=fields.index)
    return _started(fields) < pd.Timestamp(opens)


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


def _duplicates(
    same: list[pd.Series],
    filled: pd.Series,
    fields: pd.DataFrame,
    raw: pd.DataFrame,
    aside: pd.Series,
) -> pd.Series:
    """The less complete, later records of one token, one code, or one set of answers (C8).

    A record that shares its code with one and its answers with another joins two persons: it goes,
    and they stay.
    """
    groups: dict[Hashable, list[tuple[int, object]]] = {}
    sizes: dict[tuple[int, object], list[Hashable]] = {}
    for number, keys in enumerate(same):
        keys = keys[~aside & keys.notna()]
        for row, key in keys[keys.duplicated(keep=False)].items():
            groups.setdefault(row, []).append((number, key))
            sizes.setdefault((number, key), []).append(row)
    double = pd.Series(False, index=filled.index)
    taken: set[tuple[int, object]] = set()
    rows = pd.Index(list(groups), dtype=filled.index.dtype)
    partners = [len(set().union(*(sizes[group] for group in groups[row]))) for row in rows]
    for row in _order(filled[rows], _started(fields)[rows], raw.loc[rows], partners):
        if taken.isdisjoint(groups[row]):
            taken.update(groups[row])
        else:
            double[row] = True
    return double


def _order(
    filled: pd.Series, started: pd.Series, raw: pd.DataFrame, partners: list[int]
) -> pd.Index:
    """The rows, those with the fewest partners first, then most complete, earliest, by content."""
    order = pd.DataFrame(
        {
            "partners": partners,
            "answered": -filled,
            "started": started,
            "content": row_hashes(raw),
        }
    )
    return order.sort_values(["partners", "answered", "started", "content"]).index


def _same(
    study: Study,
    items: pd.DataFrame,
    filled: pd.Series,
    fields: pd.DataFrame,
    straight: pd.Series,
) -> list[pd.Series]:
    """What must not occur twice: a record id, a linking code, the same answers.

    Answers count from twenty items on; a straight line is no fingerprint, unless it also started
    at the same moment.
    """
    keys = []
    if "record" in fields:
        keys.append(fields["record"].where(fields["record"] != ""))
    if "link" in fields:
        codes = normal_codes(fields["link"])
        keys.append(codes.where(codes != ""))
    enough = filled >= study.cleaning.duplicate_items
    answers = answer_hashes(items)
    keys.append(answers.where(enough & ~straight))
    if "started" in fields:
        moment = fields["started"].to_numpy().view("uint64")
        both = answers ^ pd.Series(moment, index=items.index, dtype="UInt64")
        keys.append(both.where(enough & fields["started"].notna()))
    return keys


def answer_hashes(items: pd.DataFrame) -> pd.Series:
    """A number per record from its answers; equal answers give equal numbers.

    >>> answer_hashes(pd.DataFrame({"a": [1, 1, 2], "b": [3, 3, 3]})).duplicated().tolist()
    [False, True, False]
    """
    total = np.zeros(len(items), dtype="uint64")
    for column in items:
        values = items[column].to_numpy(dtype="float64", na_value=np.nan)
        total = total * np.uint64(0x9E3779B97F4A7C15) + values.view("uint64")
        total ^= total >> np.uint64(29)
    return pd.Series(total, index=items.index, dtype="UInt64")
