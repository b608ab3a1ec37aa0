"""Passages that one coder gave the same code more than once: the same, or overlapping (C23).

Counted twice they would make a theme look heavier than it is. Overlapping passages become one that
runs from the first start to the last end; each row that went up in another is a line in the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

from lostudy.cleaning.inventory import Delivered
from lostudy.cleaning.log import Change

SAME = ["interview", "code", "coder"]
TWICE = "the same code by the same coder on the same passage"
OVERLAP = "the same code by the same coder on an overlapping passage"


def merged(
    raw: pd.DataFrame, texts: Mapping[str, str], delivered: Delivered, changes: list[Change]
) -> pd.DataFrame:
    """One row where a coder put the same code on the same or an overlapping passage.

    `texts`: conversation -> its text, where the delivery holds it.
    """
    raw = raw.sort_values(
        [*SAME, "start", "end", "text", "attributes"], na_position="last", kind="stable"
    )
    kept: list[dict] = []
    for row in raw.to_dict("records"):
        why = _why(kept[-1], row) if kept else ""
        if why:
            kept[-1] = _joined(kept[-1], row, texts)
            changes.append(Change(
                delivered.name, "segments", str(row["row"]), "code", "C23", "merged", why,
                to=_place(kept[-1]),
            ))
        else:
            kept.append(row)
    if not kept:
        return raw
    whole = pd.DataFrame(kept, columns=raw.columns).astype(raw.dtypes)
    return whole.sort_values(["interview", "start", "end", "text", "code", "coder"])


def _why(before: dict, row: dict) -> str:
    """The reason to merge a row with the one before it in order, "" for none."""
    if any(before[name] != row[name] for name in SAME):
        return ""
    placed = all(not pd.isna(each["start"]) and not pd.isna(each["end"]) for each in (before, row))
    if placed:
        if (before["start"], before["end"]) == (row["start"], row["end"]):
            return TWICE
        return OVERLAP if row["start"] < before["end"] else ""
    alone = pd.isna(before["start"]) and pd.isna(row["start"])
    return TWICE if alone and before["text"] == row["text"] else ""


def _joined(before: dict, row: dict, texts: Mapping[str, str]) -> dict:
    """Both as one passage; where attributes differ, those of the first stay."""
    notes = json.dumps(
        {**json.loads(row["attributes"]), **json.loads(before["attributes"])},
        ensure_ascii=False, sort_keys=True,
    )
    if pd.isna(before["start"]):
        return {**before, "attributes": notes}
    end = max(before["end"], row["end"])
    whole = texts.get(before["interview"])
    longest = max(before["text"], row["text"], key=lambda text: len(str(text)))
    text = before["text"] if end == before["end"] else longest
    if whole is not None:
        text = whole[before["start"] : end]
    exact = before["offset_status"] == row["offset_status"] == "exact"
    status = "exact" if exact else before["offset_status"]
    return {**before, "end": end, "text": text, "attributes": notes, "offset_status": status}


def _place(row: dict) -> str:
    return "" if pd.isna(row["start"]) else f"{row['start']}-{row['end']}"
