"""A study of many organisations: what of them a figure on one page can still show."""

from __future__ import annotations

from dataclasses import replace

from lostudy.analysis.asking import ALL
from lostudy.analysis.opening import MOST
from lostudy.analysis.result import Result
from lostudy.disclosure import part_of
from lostudy.words import word


def drawable(result: Result) -> Result:
    """The result as a figure can hold it; of at most MOST organisations it is the result itself.

    Of more, all together where the table has such a row, else the first MOST in the order of
    study.toml. The caption says so: all of them stand in the table, each in its own notebook.
    """
    table, study = result.safe.table, result.identity.study
    if "organisation" not in result.safe.by:
        return result
    there = set(table["organisation"]) - {ALL}
    known = [each.id for each in study.organisations if each.id in there]
    if len(known) <= MOST:
        return result
    whole = (table["organisation"] == ALL).any()
    kept = [ALL] if whole else known[:MOST]
    safe = part_of(result.safe, table["organisation"].isin(kept))
    said = (
        word("many_together", result.identity.language, len(known))
        if whole
        else word("many_first", result.identity.language, MOST, len(known))
    )
    return replace(result, safe=safe, limits=(*result.limits, said))
