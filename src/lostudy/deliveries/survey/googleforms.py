"""Google Forms exports: a moment in the first column, then one column per question text."""

from __future__ import annotations

from lostudy.deliveries.survey.grid import Grid, deliver
from lostudy.deliveries.tables import SurveyDelivery

TOOL = "googleforms"
MOMENTS = frozenset({"timestamp", "tijdstempel", "zeitstempel", "horodateur"})


def recognise(grid: Grid) -> str | None:
    """The evidence for a Google Forms export, in words, or None."""
    first = grid.head[0]
    if first[0].strip().casefold() in MOMENTS and len(first) > 1:
        return f"the first column is {first[0].strip()}, the others are question texts"
    return None


def read(grid: Grid, evidence: str) -> SurveyDelivery:
    """The delivery; the question text is the only key there is."""
    return deliver(grid, TOOL, evidence, header_rows=1, headings=grid.head[0])
