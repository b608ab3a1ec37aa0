"""Where two coders part, with the words of both: to talk about, and never in a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lostudy.errors import DataError, Problem, StudyError, shown

if TYPE_CHECKING:
    from lostudy.deliveries import InterviewDelivery

COLUMNS = ["document", "kind", "code", "coder", "start", "end", "passage", "other", "other_code",
           "other_start", "other_end", "other_passage", "shared"]


def two_coders(text: str) -> tuple[str, str]:
    """The two names in "Anna,Bo".

    >>> two_coders("Anna, Bo")
    ('Anna', 'Bo')
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) != 2:
        raise StudyError(Problem(f"{len(names)} coders instead of two", "write --apart Anna,Bo"))
    return names[0], names[1]


def listed_apart(delivery: InterviewDelivery, one: str, two: str) -> pd.DataFrame:
    """A row per difference between two coders, with the words of both passages.

    Documents and codes have their names; columns COLUMNS, kinds as of `st.disagreements`.
    """
    from lostudy.statistics import disagreements

    segments = delivery.segments.rename(columns={"document": "conversation"})
    found = disagreements(segments, one, two)
    texts = dict(zip(delivery.documents["document"], delivery.documents["text"], strict=True))
    words = {tuple(row[name] for name in ("conversation", "start", "end")): row["text"]
             for row in segments.to_dict("records")}
    for side, name in (("", "passage"), ("other_", "other_passage")):
        places = zip(*(found[each] for each in ("conversation", f"{side}start", f"{side}end")),
                     strict=True)
        found[name] = [_words(texts.get(place[0]), words, place) for place in places]
    names = delivery.documents.set_index("document")["name"]
    paths = delivery.codes.set_index("code")["path"]
    return found.assign(
        document=found["conversation"].map(names), code=found["code"].map(paths),
        other_code=found["other_code"].map(paths), shared=found["shared"].round(3))[COLUMNS]


def _words(text: object, words: dict[tuple, object], place: tuple) -> str:
    """What stands at a place: in the text, else as the tool quoted it."""
    if pd.isna(place[1]):
        return ""
    if isinstance(text, str):
        return text[place[1] : place[2]]
    said = words.get(place)
    return said if isinstance(said, str) else ""


def write_apart(table: pd.DataFrame, out: Path) -> None:
    """The list as CSV for a spreadsheet; it holds what people said, so not among reports."""
    folders = [folder.name.casefold() for folder in out.resolve().parents]
    problems = []
    if "reports" in folders or "releases" in folders:
        problems.append(Problem("this list holds what people said, and reports are passed on",
                                "write it under data/", shown(out)))
    if out.suffix.casefold() != ".csv":
        problems.append(Problem("the list of disagreements is a table", "let it end in .csv",
                                shown(out)))
    if not out.resolve().parent.is_dir():
        problems.append(Problem("the folder for this file does not exist",
                                "make the folder, or name another one", shown(out)))
    if problems:
        raise DataError(problems)
    table.to_csv(out, index=False, encoding="utf-8-sig")
