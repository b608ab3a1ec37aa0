"""A sheet that somebody made by hand in Dutch, with codes spelled as they came to mind."""

from __future__ import annotations

from pathlib import Path

from lostudy.simulate.coding import CODERS, Coding
from lostudy.simulate.conversations import Conversation
from lostudy.simulate.forms import Occasion
from lostudy.simulate.writers.fixed import write_xlsx
from lostudy.study import Study

SUFFIX = ".xlsx"
DEFECTS: tuple[str, ...] = ("code_spelling", "coder_alias")
HEADINGS = ("Organisatie", "Gesprek", "Fragment", "Code", "Codeur", "Opmerking")
INITIALS = {CODERS[0]: "C1", CODERS[1]: "C2"}


def spellings(study: Study, code: str) -> tuple[str, str, str]:
    """How a code is written here: as it should be, with its group before it, and with a slip.

    The last two are not the codebook's label, so the crosswalk has to know them.
    """
    label = study.codes[code].label.nl
    group = code.split(".")[0]
    slip = f"{label[:-1]}" if len(label) > 6 else f"{label}{label[-1]}"
    return label, f"{group} - {label.lower()}", slip


def code_names(study: Study) -> dict[str, tuple[str, str]]:
    """The spellings that are not the codebook's -> (code, note)."""
    return {
        spelling: (code.id, "schrijfwijze in het blad")
        for code in study.codes.values() if code.assignable
        for spelling in spellings(study, code.id)[1:]
    }


def coder_names() -> dict[str, tuple[str, str]]:
    """Initials -> (coder, note)."""
    return {initials: (coder, "voorletters in het blad") for coder, initials in INITIALS.items()}


def write(
    path: Path, occasion: Occasion, held: list[Conversation], coded: list[Coding]
) -> dict[int, str]:
    """The workbook; which initials stand beside each coding."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    for coding in coded:
        conversation = held[coding.conversation]
        spelling = spellings(occasion.study, coding.code)[(0, 0, 1, 0, 2)[coding.number % 5]]
        rows.append((
            f"{occasion.organisation} (gesimuleerd)", conversation.document,
            conversation.text[coding.start:coding.end], spelling, INITIALS[coding.coder],
            coding.memo,
        ))
    write_xlsx(path, {"Fragmenten": [list(row) for row in rows]}, occasion.name)
    return {coding.number: INITIALS[coding.coder] for coding in coded}
