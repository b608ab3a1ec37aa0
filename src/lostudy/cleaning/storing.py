"""Tidy tables on disk: the old ones or the new ones, never a mixture."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from lostudy.cleaning.tables import write_tables


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


def restore(processed: Path) -> None:
    """Put the old tables back where a swap was interrupted between its two steps."""
    old = _beside(processed, "old")
    if old.exists() and not processed.exists():
        old.rename(processed)


def _beside(processed: Path, word: str) -> Path:
    return processed.with_name(f"{processed.name}.{word}")
