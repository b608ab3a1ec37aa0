"""Deliveries are fingerprinted on first sight: a raw file that changed is a new delivery.

`data/deliveries.json` lists for each delivery the files that were seen, the first one first. Like
everything in `data/` it never leaves; it is the memory of what was received and when.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from lostudy.cleaning.inventory import Delivered
from lostudy.errors import Problem
from lostudy.study import Study
from lostudy.study.contents import file_hash

Seen = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Receipt:
    """A delivered file: its SHA-256, the day it was first seen, and which delivery it is."""

    sha256: str
    received: str
    version: int


def record_file(study: Study, raw: Path) -> Path:
    """Where the deliveries of this folder are remembered; another folder has its own memory."""
    folder, own = Path(raw).resolve(), study.folder / "data" / "raw"
    suffix = "" if folder == own else "-" + hashlib.sha256(str(folder).encode()).hexdigest()[:8]
    return study.folder / "data" / f"deliveries{suffix}.json"


def receive(
    delivered: list[Delivered], memory: Path, problems: list[Problem]
) -> tuple[dict[str, Receipt], Seen]:
    """The receipt of each file, and the memory with the new ones; a changed file is a note."""
    known: Seen = json.loads(memory.read_text(encoding="utf-8")) if memory.exists() else {}
    receipts = {}
    for each in delivered:
        receipt = _receipt(file_hash(each.path), known.get(each.name, []))
        before = known.get(each.name, [])
        if before and receipt.sha256 != before[-1]["sha256"]:
            problems.append(_changed(each, receipt, before))
        if receipt.version > len(before):
            entry = {"sha256": receipt.sha256, "received": receipt.received}
            known = {**known, each.name: [*before, entry]}
        receipts[each.name] = receipt
    return receipts, known


def remember(memory: Path, seen: Seen) -> None:
    """Write the memory, if there is anything new in it."""
    text = json.dumps(seen, indent=1, sort_keys=True) + "\n"
    if not memory.exists() or memory.read_text(encoding="utf-8") != text:
        memory.parent.mkdir(parents=True, exist_ok=True)
        fresh = memory.with_name(memory.name + ".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(memory)


def _receipt(fingerprint: str, before: list[dict[str, str]]) -> Receipt:
    for version, entry in enumerate(before, 1):
        if entry["sha256"] == fingerprint:
            return Receipt(fingerprint, entry["received"], version)
    return Receipt(fingerprint, dt.date.today().isoformat(), len(before) + 1)


def _changed(each: Delivered, receipt: Receipt, before: list[dict[str, str]]) -> Problem:
    last = before[-1]["received"]
    if receipt.version <= len(before):
        what = f"this file is delivery {receipt.version} again, not the last one of {last}"
    else:
        what = f"this file is not the one received on {last}: it is delivery {receipt.version}"
    cure = "check that it was meant to be replaced, and its crosswalk and corrections still hold"
    return Problem(
        what, cure, each.name, rule="C24", severity="note", topic="file.changed"
    )
