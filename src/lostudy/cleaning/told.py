"""Everything there is to tell of a delivery, a row each: what stops, what was mended, what is odd.

Problems are told as they are; a change of a single record or cell stands in the log and is told
from there. Never a value: the row, the column and the rule say enough.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from lostudy.cleaning.pipeline import Cleaned
from lostudy.errors import Problem

SEVERITY = {"excluded": "repair", "set missing": "repair", "merged": "repair", "flagged": "note",
            "code not used": "note"}
SAID = {
    "excluded": "the record is left out ({to}): {reason}",
    "flagged": "the record is flagged ({to}) and counts: {reason}",
    "set missing": "the cell counts as unanswered: {reason}",
    "code not used": "the record counts and is linked to nobody by its code: {reason}",
    "merged": "the passage went up in another: {reason}",
}
CURE = {
    "excluded": "nothing, if that is right; else accept it in corrections.csv (old {to})",
    "flagged": "look at the record; accept it in corrections.csv (old {to}) if it is fine",
    "set missing": "mend the cell in the tool, or correct it in corrections.csv",
    "code not used": "nothing, or correct the code in corrections.csv",
    "merged": "nothing",
}


def everything(cleaned: list[Cleaned]) -> list[Problem]:
    """The problems and the changes of single records and cells, by delivery and row.

    Of a record that is left out only that is told, not what else was odd about it.
    """
    found = [
        problem for each in cleaned for problem in (*each.problems, *_changes(each.log))
    ]
    return sorted(found, key=lambda problem: (problem.file, problem.row or 0))


def _changes(log: pd.DataFrame) -> Iterator[Problem]:
    single = log[log["change"].isin(list(SEVERITY)) & (log["key"] != "*")]
    out = single[single["change"] == "excluded"]
    gone = set(zip(out["delivery"], out["key"], strict=True))
    for cells in single.to_dict("records"):
        line = {str(column): cell for column, cell in cells.items()}
        change = str(line["change"])
        if change == "flagged" and (line["delivery"], line["key"]) in gone:
            continue
        yield Problem(
            SAID[change].format(**line), CURE[change].format(**line), line["delivery"],
            int(line["key"]) if str(line["key"]).isdigit() else None,
            line["source"] or None, line["rule"], SEVERITY[change],
            topic=_topic(change, line),
        )


def _topic(change: str, line: dict[str, str]) -> str:
    """What a letter calls it: the flag of a record, what a cell is not, or the change."""
    if change == "set missing":
        topics = {"C6": "cell.outside", "C11": "time.negative", "C19": "cell.no-date"}
        return topics.get(line["rule"], "cell.outside")
    if change in ("excluded", "flagged"):
        return f"{change}.{line['to']}"
    return change.replace(" ", "-")
