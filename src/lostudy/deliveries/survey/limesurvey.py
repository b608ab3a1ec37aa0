"""LimeSurvey CSV and Excel exports: one header row in one of four styles.

`code[sub]. question text [subtext]`, `code. text`, `code[sub]._.text`, or codes alone. Answers come
as labels or as codes; the file does not say which, the study's crosswalk does.
"""

from __future__ import annotations

import re

from lostudy.deliveries.survey.grid import Grid, deliver
from lostudy.deliveries.tables import SurveyDelivery

TOOL = "limesurvey"
CODE = r"[A-Za-z][A-Za-z0-9_]*(?:\[[^\]]*\])*"
STYLES = {
    "code[sub]._.text": re.compile(rf"({CODE})\._\.(.*)", re.DOTALL),
    "code. text": re.compile(rf"({CODE})\.\s(.*)", re.DOTALL),
}
CODE_ALONE = re.compile(rf"({CODE})\.?$")
OWN_COLUMNS = frozenset({
    "id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp",
    "ipaddr", "interviewtime", "refurl",
})
SHARE = 0.6


def recognise(grid: Grid) -> str | None:
    """The evidence for a LimeSurvey export, in words, or None."""
    named = [heading.strip() for heading in grid.head[0] if heading.strip()]
    for style, pattern in STYLES.items():
        hits = sum(bool(pattern.match(heading)) for heading in named)
        if named and hits >= max(2, SHARE * len(named)):
            return f"{hits} of {len(named)} headings are written as {style}"
    own = sorted(OWN_COLUMNS & {heading.casefold() for heading in named})
    codes = all(CODE_ALONE.match(heading) for heading in named)
    if codes and {"submitdate", "lastpage", "startlanguage"} & set(own) and len(own) >= 3:
        return "codes alone as headings, with the columns " + ", ".join(own)
    return None


def read(grid: Grid, evidence: str) -> SurveyDelivery:
    """The delivery, with each heading taken apart into code and question text."""
    headings = grid.head[0]
    parts = [split_heading(heading) for heading in headings]
    return deliver(
        grid, TOOL, evidence, header_rows=1, headings=headings, first_unnamed="index",
        codes=[code for code, _ in parts], texts=[text for _, text in parts],
    )


def split_heading(heading: str) -> tuple[str, str]:
    """A heading as code and question text.

    >>> split_heading("likert1[perfCheck4]. [Ik durf twijfel te laten zien]")
    ('likert1[perfCheck4]', '[Ik durf twijfel te laten zien]')
    >>> split_heading("socio1. In which country do you work?")
    ('socio1', 'In which country do you work?')
    >>> split_heading("q2[SQ001]._.Wij leren")
    ('q2[SQ001]', 'Wij leren')
    """
    heading = heading.strip()
    for pattern in STYLES.values():
        found = pattern.match(heading)
        if found:
            return found.group(1), found.group(2).strip()
    alone = CODE_ALONE.match(heading)
    return (alone.group(1), "") if alone else (heading, heading)
