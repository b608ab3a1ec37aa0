"""Which tool wrote a file, told from what is in it, with the evidence in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lostudy.deliveries.files import existing, kind_of, refusal
from lostudy.deliveries.sheets import WORKBOOKS, describe
from lostudy.deliveries.survey import (
    googleforms,
    limesurvey,
    msforms,
    qualtrics,
    spss,
    stata,
    surveymonkey,
    table,
)
from lostudy.deliveries.survey.grid import Grid, open_grid
from lostudy.deliveries.tables import SurveyDelivery

GRID_TOOLS = {
    module.TOOL: module
    for module in (qualtrics, limesurvey, msforms, surveymonkey, googleforms, table)
}
FILE_TOOLS: dict[str, Callable[[Path], SurveyDelivery]] = {
    spss.TOOL: spss.read, stata.TOOL: stata.read,
}
SURVEY_TOOLS = (*GRID_TOOLS, *FILE_TOOLS)
KINDS = {"spss": spss.TOOL, "spss portable": spss.TOOL, "stata": stata.TOOL}
LOOKED_FOR = (
    "SPSS or Stata first bytes, three header rows with ImportId (Qualtrics), headings written as "
    "'code. text' (LimeSurvey), Start time and Completion time (Microsoft Forms), Respondent ID "
    "(SurveyMonkey), Timestamp (Google Forms), one header row (a plain table)"
)


def survey(path: Path | str, tool: str | None = None) -> SurveyDelivery:
    """Read a survey file with the reader that the evidence, or the caller, points to."""
    path = existing(path)
    if tool is not None and tool not in SURVEY_TOOLS:
        raise refusal(
            path, f"there is no survey reader called '{tool}'",
            "choose one of " + ", ".join(sorted(SURVEY_TOOLS)), rule="survey.tool")
    kind = kind_of(path)
    if tool in FILE_TOOLS:
        return FILE_TOOLS[tool](path)
    if tool is None and kind in KINDS:
        return FILE_TOOLS[KINDS[kind]](path)
    if kind not in ("text", "gzip", *WORKBOOKS):
        raise _unknown(path, f"the file is {describe(kind)}")
    grid = open_grid(path)
    return _asked_for(grid, tool) if tool else _recognised(grid)


def _recognised(grid: Grid) -> SurveyDelivery:
    for module in GRID_TOOLS.values():
        evidence = module.recognise(grid)
        if evidence:
            return module.read(grid, evidence)
    reason = table.refuse(grid)
    if reason is not None:
        raise reason
    raise _unknown(grid.path, f"{len(grid.head[0])} column(s) in the first row")


def _asked_for(grid: Grid, tool: str) -> SurveyDelivery:
    module = GRID_TOOLS[tool]
    evidence = module.recognise(grid)
    if evidence is None:
        reason = table.refuse(grid) if tool == table.TOOL else None
        raise reason or refusal(
            grid.path, f"this does not look like a file written by {tool}",
            "leave the tool out to have it recognised, or ask how the file was made",
            row=1, rule="survey.evidence")
    return module.read(grid, evidence)


def _unknown(path: Path, found: str) -> Exception:
    return refusal(
        path, f"no survey tool is recognised; looked for {LOOKED_FOR}; found: {found}",
        "deliver the export as the tool writes it: CSV UTF-8, .xlsx, .ods, .sav or .dta",
        rule="survey.unknown")
