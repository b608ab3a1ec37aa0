"""Tidy tables on disk: the old ones or the new ones, never a mixture."""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from lostudy.cleaning.tables import write_tables

READ = ("responses", "missing", "interviews", "segments", "harmonisation")
PLACE = ["row"]


def replace_tables(
    processed: Path,
    tables: dict[str, dict[str, pd.DataFrame]],
    standing: Iterable[str] = (),
) -> None:
    """The tables per organisation in place of the old ones: written beside, then swapped.

    Those of the organisations in `standing` are kept as they are.
    """
    restore(processed)
    fresh, old = _beside(processed, "new"), _beside(processed, "old")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    for organisation, mine in tables.items():
        write_tables(fresh / organisation, mine)
    for organisation in standing:
        shutil.copytree(processed / organisation, fresh / organisation)
    try:
        if processed.exists():
            processed.rename(old)
        fresh.rename(processed)
    except BaseException:
        restore(processed)
        raise
    shutil.rmtree(old, ignore_errors=True)


def content_hash(folder: Path) -> str:
    """A hash over what runs read of the tables in a folder, whichever delivery it came from.

    Row numbers, the log and the list of deliveries say where an answer stood; a run shows nothing
    of them. The order of the rows is in the hash.
    """
    found = hashlib.sha256()
    for name in READ:
        frame = pd.read_parquet(folder / f"{name}.parquet").drop(columns=PLACE, errors="ignore")
        bytes_of = io.BytesIO()
        frame.to_parquet(bytes_of, index=False)
        found.update(name.encode() + hashlib.sha256(bytes_of.getvalue()).digest())
    return found.hexdigest()[:32]


def restore(processed: Path) -> None:
    """Put the old tables back where a swap was interrupted between its two steps."""
    old = _beside(processed, "old")
    if old.exists() and not processed.exists():
        old.rename(processed)


def _beside(processed: Path, word: str) -> Path:
    return processed.with_name(f"{processed.name}.{word}")
