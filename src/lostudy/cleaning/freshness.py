"""Whether the tidy tables are those of these deliveries, this declaration and this code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from lostudy.errors import Problem
from lostudy.study import Study
from lostudy.study.contents import KEY, cleaning_key, deliveries_behind, tidy_is_current


def ensure_clean(
    study: Study,
    processed: Path,
    raw: Path | None = None,
    *,
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
    told: Callable[[Problem], None] = lambda _: None,
) -> bool:
    """Make the tidy tables unless they are up to date; True if they were made.

    `raw`: the folder of deliveries; default the one the tables were made from, else data/raw.
    `told` hears every repair and note, such as a raw file that is not the one of before.
    """
    from lostudy.cleaning.pipeline import clean_study
    from lostudy.cleaning.storing import restore

    restore(processed)
    if not force and tidy_is_current(study, processed, raw):
        return False
    raw = deliveries_behind(study, processed, raw)
    key = cleaning_key(study, raw)
    for cleaned in clean_study(study, raw, processed, progress):
        for problem in cleaned.problems:
            told(problem)
    (processed / KEY).write_text(json.dumps(key, indent=1), encoding="utf-8")
    return True
