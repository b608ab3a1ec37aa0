"""What coders noted beside a passage: in a memo, in the tool's own columns, or as codes (C23)."""

from __future__ import annotations

import json

import pandas as pd

from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change
from lostudy.errors import Problem
from lostudy.study import Study

PLACE = ["interview", "start", "end", "text", "coder"]
Told = dict[tuple, dict[str, str]]


def with_attributes(
    study: Study,
    raw: pd.DataFrame,
    delivered: Delivered,
    changes: list[Change],
    problems: list[Problem],
) -> pd.DataFrame:
    """The coded rows, each with its attributes as text: of memo, of tool, of other codes.

    `raw` has the study's codes, or "name=value" for a code that stands for an attribute, or none.
    """
    own = [
        {**noted(memo), **(each or {})}
        for memo, each in zip(raw["memo"], raw["attributes"], strict=True)
    ]
    notes = pd.Series(own, index=raw.index, dtype="object")
    coded = raw[raw["code"].notna()]
    marks = coded["code"].str.contains("=")
    told = _told_by_codes(coded[marks])
    coded = coded[~marks]
    keys = list(coded[PLACE].itertuples(index=False, name=None))
    changes += _log(told, set(keys), delivered)
    found = [
        {**notes[row], **told.get(key, {})} for row, key in zip(coded.index, keys, strict=True)
    ]
    problems += _out_of_range(study, coded["row"], found, delivered)
    texts = [json.dumps(each, ensure_ascii=False, sort_keys=True) for each in found]
    return coded.assign(attributes=pd.Series(texts, index=coded.index, dtype="str"))


def noted(memo: object) -> dict[str, str]:
    """What a memo says as "name: value" or "name=value", a line each.

    >>> noted("werking: werkt\\nmooi citaat")
    {'werking': 'werkt'}
    """
    lines = memo.splitlines() if isinstance(memo, str) else []
    pairs = [
        line.replace("=", ":", 1).split(":", 1) for line in lines if ":" in line or "=" in line
    ]
    return {
        name.strip().lower(): value.strip() for name, value in pairs if name.strip().isidentifier()
    }


def _told_by_codes(marks: pd.DataFrame) -> Told:
    """Codes that stand for an attribute ("werking=werkt" in the crosswalk), by passage."""
    told: Told = {}
    for *place, code in marks[[*PLACE, "code"]].itertuples(index=False, name=None):
        name, value = code.split("=", 1)
        told.setdefault(tuple(place), {})[name] = value
    return told


def _log(told: Told, coded: set[tuple], delivered: Delivered) -> list[Change]:
    """How many codes became an attribute, and how many had no code to be an attribute of."""
    moved = sum(len(each) for place, each in told.items() if place in coded)
    lost = sum(len(each) for place, each in told.items() if place not in coded)
    why = "a code that stands for an attribute of the passage's other codes"
    alone = "a code for an attribute, on a passage that its coder gave no other code"
    return [
        Change(
            delivered.name, "segments", "*", "attributes", "C23", change, reason, "crosswalk", cells
        )
        for change, reason, cells in (("moved", why, moved), ("left out", alone, lost))
        if cells
    ]


def _out_of_range(
    study: Study, rows: pd.Series, found: list[dict[str, str]], delivered: Delivered
) -> list[Problem]:
    """Values that attributes.csv does not have for an attribute that it names."""
    problems = []
    for name, values in study.attributes.items():
        odd = [
            int(row) for row, each in zip(rows, found, strict=True)
            if name in each and each[name] not in values
        ]
        if odd:
            what = f"attribute '{name}' has a value that attributes.csv does not have"
            cure = "mend the memo in the coding tool, or add the value to attributes.csv"
            problems.append(
                delivered.problem(what, cure, "C23", odd, name, topic="attribute.unknown")
            )
    return problems
