"""Files as survey and coding tools wrote them, read into raw tables.

Nothing here knows a study. `read_survey` and `read_interviews` recognise the tool from what is in
the file, say by which evidence, and return the cells as text. What cannot be read without guessing
is refused with a message that names the place and the cure, never a value.
"""

from __future__ import annotations

from pathlib import Path

from lostudy.deliveries.tables import (
    CASES,
    CODES,
    COLUMNS,
    DOCUMENTS,
    HISTORY,
    NOTES,
    OFFSET_STATUS,
    SEGMENTS,
    InterviewDelivery,
    Source,
    SurveyDelivery,
)

__all__ = [
    "CASES", "CODES", "COLUMNS", "DOCUMENTS", "HISTORY", "NOTES", "OFFSET_STATUS", "SEGMENTS",
    "InterviewDelivery", "Source", "SurveyDelivery", "read_interviews", "read_survey",
    "write_interviews",
]


def read_survey(path: Path | str, tool: str | None = None) -> SurveyDelivery:
    """A survey file as raw tables; `tool=None` recognises the tool from the file itself."""
    from lostudy.deliveries.survey import detection

    return detection.survey(path, tool)


def read_interviews(path: Path | str, tool: str | None = None) -> InterviewDelivery:
    """Coded interviews as raw tables; a QualCoder project may be named by its folder."""
    from lostudy.deliveries.interviews import detection

    return detection.interviews(path, tool)


def write_interviews(path: Path | str, delivery: InterviewDelivery) -> None:
    """Coded interviews as a REFI-QDA project (.qdpx) or codebook (.qdc), by the path's ending.

    Other tools can open it. Everything in the delivery's tables comes back when it is read again,
    except dates that are not written as ISO 8601 and what the standard has no place for, which
    goes into memos.
    """
    from lostudy.deliveries.interviews import write_refi

    write_refi.write(Path(path), delivery)
