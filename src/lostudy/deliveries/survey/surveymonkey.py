"""SurveyMonkey exports: a row of questions above a row of options."""

from __future__ import annotations

from lostudy.deliveries.survey.grid import Grid, deliver
from lostudy.deliveries.tables import SurveyDelivery

TOOL = "surveymonkey"
OWN_COLUMNS = frozenset({
    "respondent id", "collector id", "start date", "end date", "ip address", "email address",
    "first name", "last name", "custom data 1", "respondentid", "collectorid", "startdate",
    "enddate", "custom data",
})
FREE = frozenset({"response", "open-ended response", "antwoord", "open antwoord", "reactie"})


def recognise(grid: Grid) -> str | None:
    """The evidence for a SurveyMonkey export, in words, or None."""
    if len(grid.head) < 2:
        return None
    first = [cell.strip() for cell in grid.head[0]]
    second = [cell.strip() for cell in grid.head[1]]
    known = [cell for cell in first if cell.casefold() in OWN_COLUMNS]
    free = sum(cell.casefold() in FREE for cell in second)
    own = [number for number, cell in enumerate(first) if cell.casefold() in OWN_COLUMNS]
    clear = all(not cell for number, cell in enumerate(second) if number in own)
    if len(known) >= 2 and any(second) and clear:
        return "two header rows with the columns " + ", ".join(known[:4])
    if free >= 2 and "" in first[1:]:
        return f"two header rows, the second says Response above {free} columns"
    return None


def read(grid: Grid, evidence: str) -> SurveyDelivery:
    """The delivery; a heading is the question, with the option in brackets where there is one."""
    questions = _carried_on(grid.head[0])
    options = [cell.strip() for cell in grid.head[1]] + [""] * len(questions)
    headings = [heading(*pair) for pair in zip(questions, options, strict=False)]
    return deliver(grid, TOOL, evidence, header_rows=2, headings=headings)


def heading(question: str, option: str) -> str:
    """Question and option in one heading.

    >>> heading("Wie helpt u?", "Collega"), heading("Wie helpt u?", "Response")
    ('Wie helpt u? [Collega]', 'Wie helpt u?')
    """
    if not option or option.casefold() in FREE:
        return question
    return f"{question} [{option}]" if question else option


def _carried_on(cells: list[str]) -> list[str]:
    """A question stands once, above the first of its options."""
    filled: list[str] = []
    for cell in cells:
        filled.append(cell.strip() or (filled[-1] if filled else ""))
    return filled
