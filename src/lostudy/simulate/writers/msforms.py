"""Microsoft Forms: an xlsx with the question texts as headings and nothing else to go by.

At the second wave somebody rebuilt the form: a few items in other words, two left out, one on a
7-point scale, and the blocks in another order.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from lostudy.simulate.forms import (
    COMMENT,
    FREE_TEXT,
    IDENTIFIER,
    LINK,
    SIMULATED,
    TEAM,
    Column,
    Occasion,
    SurveyFile,
    background_texts,
    inline,
    item_texts,
    submitted,
)
from lostudy.simulate.model import DONT_KNOW, NOT_ANSWERED, bounds
from lostudy.simulate.writers.fixed import write_xlsx
from lostudy.study import Study

REWORDED = "In het afgelopen half jaar: "
POINTS = 7
CHANGED_WAVE = 1
NOT_ASKED, OTHER_SCALE, IN_OTHER_WORDS = (1, 4), (2,), (3, 6, 8)    # of items not in the core


def survey(occasion: Occasion) -> SurveyFile:
    """The workbook of this occasion."""
    def write(path: Path, records: pd.DataFrame) -> None:
        _write(path, records, occasion)
    version = "v2" if occasion.number == CHANGED_WAVE else "v1"
    return SurveyFile(".xlsx", 2, _columns(occasion), version, write)


def changed_items(study: Study) -> dict[str, str]:
    """Item -> what happened to it in the rebuilt form: not_asked, other_scale or reworded."""
    able = [item.id for item in study.items.values() if not item.core and not item.reversed]
    planned = {"not_asked": NOT_ASKED, "other_scale": OTHER_SCALE, "reworded": IN_OTHER_WORDS}
    return {
        able[rank]: change
        for change, ranks in planned.items() for rank in ranks if rank < len(able)
    }


def _columns(occasion: Occasion) -> tuple[Column, ...]:
    study = occasion.study
    items = [Column(item.text.nl, item.id) for item in study.items.values()]
    background = [
        Column(LINK, "link"), Column(TEAM, "team"),
        Column("Wat is uw functiegroep?", "role"), Column("Hoe lang werkt u hier?", "tenure"),
    ]
    asked = [*background, *items]
    if occasion.number == CHANGED_WAVE:
        asked = [*_rebuilt(study, items), *background]
    return (
        Column("ID", "record"), Column("Start time", "started"),
        Column("Completion time", "submitted"),
        Column("Email", "ignore", note=IDENTIFIER), Column("Name", "ignore", note=IDENTIFIER),
        *asked,
        Column(COMMENT, "ignore", note=FREE_TEXT),
        Column(SIMULATED, "ignore", note="herinnering"),
    )


def _rebuilt(study: Study, items: list[Column]) -> list[Column]:
    changes = changed_items(study)
    seven = inline({str(point): point for point in range(1, POINTS + 1)})
    found = []
    for column in reversed(items):
        change = changes.get(column.target, "")
        if change == "reworded":
            column = replace(column, heading=reworded(column.heading), status=change,
                             note="andere woorden in versie 2")
        elif change == "other_scale":
            column = replace(column, labels=seven, status=change, note="7-puntsschaal in versie 2")
        if change != "not_asked":
            found.append(column)
    return found


def reworded(text: str) -> str:
    """The same statement in other words.

    >>> reworded("Wij leren ook als niemand erom vraagt.")
    'In het afgelopen half jaar: wij leren ook als niemand erom vraagt.'
    """
    return REWORDED + text[:1].lower() + text[1:]


def _write(path: Path, records: pd.DataFrame, occasion: Occasion) -> None:
    columns = _columns(occasion)
    study, rng = occasion.study, occasion.rng
    records = records.assign(language="nl")
    values = {
        "record": records["record"].astype(int),
        "started": records["started"],
        "submitted": submitted(records),
        "link": records["link"],
        "team": records["team"],
        "role": background_texts(study, "role", records["role"], records["language"]),
        "tenure": background_texts(study, "tenure", records["tenure"], records["language"]),
    }
    fixed = {"Email": "anonymous", "Name": "", SIMULATED: "gesimuleerd"}
    table: list[list[object]] = []
    for column in columns:
        if column.heading in fixed:
            table.append([fixed[column.heading]] * len(records))
        elif column.heading == COMMENT:
            table.append(list(records["comment"]))
        elif column.status == "other_scale":
            table.append(_seven(study, column.target, records[column.target], rng))
        elif column.target in study.items:
            texts = item_texts(study, column.target, records[column.target], records["language"])
            table.append(list(texts))
        else:
            table.append(list(values[column.target]))
    rows = [[_cell(value) for value in row] for row in zip(*table, strict=True)]
    write_xlsx(path, {"Sheet1": [[column.heading for column in columns], *rows]}, occasion.name)


def _cell(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, np.integer):
        return int(value)
    return None if value == "" else value


def _seven(study: Study, item: str, answers: pd.Series, rng: np.random.Generator) -> list[object]:
    low, high = bounds(study, item)
    stretched = 1 + (answers - low) * (POINTS - 1) / (high - low) + rng.normal(0, 0.4, len(answers))
    points = stretched.round().clip(1, POINTS).astype(int)
    return ["" if answer in (NOT_ANSWERED, DONT_KNOW) else point
            for answer, point in zip(answers, points, strict=True)]
