"""Whether the tidy tables are those of these deliveries, this declaration and this code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from lostudy.errors import Problem
from lostudy.study import Study
from lostudy.study.contents import (
    FILES,
    KEY,
    OWN,
    cleaning_key,
    delivered_files,
    deliveries_behind,
    files_hash,
    recorded,
    tables_hash,
    tidy_is_current,
)


def ensure_clean(
    study: Study,
    processed: Path,
    raw: Path | None = None,
    *,
    force: bool = False,
    workers: int = 1,
    progress: Callable[[str], None] = lambda _: None,
    told: Callable[[Problem], None] = lambda _: None,
) -> bool:
    """Make the tidy tables unless they are up to date; True if they were made.

    Where only deliveries changed, only the organisations they are of are cleaned again; with
    `force` all are. `raw`: the folder of deliveries; default the one the tables were made from,
    else data/raw. `workers`: processes among which many organisations are divided. `told` hears
    every repair and note, such as a raw file that is not the one of before.
    """
    from lostudy.cleaning.pipeline import clean_study
    from lostudy.cleaning.storing import content_hash, restore

    restore(processed)
    if not force and tidy_is_current(study, processed, raw):
        return False
    raw = deliveries_behind(study, processed, raw)
    files = delivered_files(raw) if raw.exists() else {}
    key, own = cleaning_key(study, raw, files), _deliveries(study, raw)
    standing = set() if force else _standing(processed, key, own)
    before = recorded(processed).get(OWN, {})
    for cleaned in clean_study(
        study, raw, processed, progress, workers=workers, standing=standing
    ):
        for problem in cleaned.problems:
            told(problem)
    made = {
        name: before[name]
        if name in standing
        else [each, tables_hash(processed / name), content_hash(processed / name)]
        for name, each in own.items()
    }
    known = {**key, OWN: made, FILES: files}
    (processed / KEY).write_text(json.dumps(known, indent=1), encoding="utf-8")
    return True


def _deliveries(study: Study, raw: Path) -> dict[str, str]:
    """Organisation → a hash over the files that it delivered, by name and content."""
    from lostudy.cleaning.inventory import look

    files: dict[str, list[Path]] = {}
    for each in look(study, raw)[0]:
        files.setdefault(each.organisation, []).append(each.path)
    return {name: files_hash(paths, raw) for name, paths in files.items()}


def _standing(processed: Path, key: dict[str, str], own: dict[str, str]) -> set[str]:
    """The organisations whose tables are as they were made from these same deliveries."""
    known = recorded(processed)
    if any(known.get(part) != key[part] for part in key if part != "raw"):
        return set()
    before = known.get(OWN, {})
    return {
        name
        for name, files in own.items()
        if before.get(name, [])[:2] == [files, tables_hash(processed / name)]
    }
