"""Columns that the crosswalk ignores: left out with a reason, looked through for identifiers."""

from __future__ import annotations

from dataclasses import replace

from lostudy.cleaning.answers import counted
from lostudy.cleaning.columns import Column
from lostudy.cleaning.log import Change
from lostudy.deliveries.identifiers import heading_kind, identifying_rows
from lostudy.errors import Problem
from lostudy.study.codebook import normal

SAID = ("identifier", "herleidbaar", "identif", "persoonsgegeven", "personal")


def left_out(column: Column, changes: list[Change], problems: list[Problem]) -> None:
    """A line in the log for the column; a note where it points at persons: it should not be sent.

    By its heading or the crosswalk's note the whole column is told, else the cells that hold one.
    """
    filled = int(column.cells.notna().sum())
    expected = bool(heading_kind(column.heading, column.row.source, column.row.text)) or any(
        word in normal(column.row.note) for word in SAID
    )
    found = {} if expected else identifying_rows(column.cells)
    rule = "C2" if expected or found else "crosswalk"
    changes.append(Change(
        column.file, "responses", "*", "", rule, "left out", column.row.note, "crosswalk",
        filled, column.heading,
    ))
    if expected and filled:
        what = "this column points at persons; nothing of it is kept"
        cure = "ask the organisation to leave it out of its next delivery"
        problems.append(Problem(
            what, cure, column.file, None, column.heading, "C2", "note", topic="identifier.left-out"
        ))
    for kind, rows in found.items():
        what = f"{kind} stands in {counted(len(rows), 'cell')} of a column that is not kept"
        cure = "ask the organisation to take it out before sending; nothing of it is kept here"
        noted = column.problem(what, cure, rows, "C2", "identifier.seen")
        problems.append(replace(noted, severity="note"))
