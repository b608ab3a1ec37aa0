"""Microsoft Forms workbooks: a few fixed columns, then one column per question text."""

from __future__ import annotations

import re
from dataclasses import replace

from lostudy.deliveries.files import repair
from lostudy.deliveries.sheets import cell_text
from lostudy.deliveries.survey.csvbody import categorical
from lostudy.deliveries.survey.grid import Grid, deliver
from lostudy.deliveries.tables import SurveyDelivery

TOOL = "msforms"
STARTED = frozenset({"start time", "begintijd", "startzeit", "heure de début"})
FINISHED = frozenset({
    "completion time", "tijd van voltooien", "voltooiingstijd", "fertigstellungszeit",
    "heure de fin",
})
OTHER = frozenset({
    "id", "email", "e-mail", "e-mailadres", "name", "naam", "last modified time",
    "tijd van laatste wijziging", "tijdstip van laatste wijziging", "total points",
    "totaal aantal punten", "quiz feedback", "e-mail-adresse",
})
MOMENTS = STARTED | FINISHED | {
    "last modified time", "tijd van laatste wijziging", "tijdstip van laatste wijziging",
}
SERIAL = re.compile(r"[2-6]\d{4}(\.\d+)?")


def recognise(grid: Grid) -> str | None:
    """The evidence for a Microsoft Forms export, in words, or None."""
    first = [cell.strip() for cell in grid.head[0][:8]]
    known = [cell for cell in first if cell.casefold() in OTHER | MOMENTS]
    folded = {cell.casefold() for cell in known}
    if folded & STARTED and folded & FINISHED and len(folded) >= 3:
        return "the first columns are " + ", ".join(known)
    return None


def read(grid: Grid, evidence: str) -> SurveyDelivery:
    """The delivery; moments that Excel kept as serial numbers become ISO text."""
    headings = [heading.strip().rstrip("\xa0").strip() for heading in grid.head[0]]
    delivery = deliver(grid, TOOL, evidence, header_rows=1, headings=headings)
    answers, problems = delivery.answers.copy(deep=False), []
    for name in answers.columns:
        texts = [str(text) for text in answers[name].cat.categories]
        serials = [text for text in texts if SERIAL.fullmatch(text)]
        if name.casefold() in MOMENTS and serials:
            answers[name] = categorical(
                [None if cell != cell else moment(str(cell)) for cell in answers[name]])
            problems.append(repair(
                grid.path, "dates stood as Excel serial numbers and were written out", "nothing",
                column=name, rule="date.serial"))
    return replace(delivery, answers=answers, repairs=(*delivery.repairs, *problems))


def moment(text: str) -> str:
    """An Excel serial number as ISO text; any other text as it stands.

    >>> moment("46082.5"), moment("2026-03-01")
    ('2026-03-01T12:00:00', '2026-03-01')
    """
    from openpyxl.utils.datetime import from_excel

    return cell_text(from_excel(float(text))) if SERIAL.fullmatch(text) else text
