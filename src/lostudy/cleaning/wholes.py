"""What only shows in a delivery as a whole, or in the deliveries of an organisation together.

Wrong form (C4), shifted cells (C6), turned items (C7), a delivery that came twice (C8), that of
another wave (C19): each stops, with the rows or columns where it shows. What a person accepted in
corrections.csv stands in the log instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from lostudy.cleaning.answers import as_floats
from lostudy.cleaning.direction import (
    Pointing,
    goes_against_itself,
    pointings,
    reversed_here,
    scores,
    turned_scales,
    usual_z,
)
from lostudy.cleaning.rules import answer_hashes
from lostudy.cleaning.seen import SEEN
from lostudy.cleaning.shifted import (
    pushed_blocks,
    shifted_columns,
    shifted_rows,
    swapped_columns,
)
from lostudy.cleaning.survey import SurveyRows
from lostudy.cleaning.unusable import averages, emptied
from lostudy.cleaning.widths import EXPECTED, Unused, expected, narrower_items, unused_answers
from lostudy.errors import Problem
from lostudy.study import Study

OTHER_WAVE, FEWEST_MOMENTS, FEWEST_TWINS, TWIN_SHARE = 0.5, 5, 3, 0.1


def check_wholes(study: Study, parts: list[SurveyRows]) -> None:
    """Add the problems, and the accepted ones as lines of the log, to each delivery's own."""
    found: dict[str, list[Pointing]] = {}
    moved: dict[str, set[str]] = {}
    answers = {part.file: as_floats(part.responses[list(study.items)]) for part in parts}
    kept = {part.file: answers[part.file][part.responses["included"]] for part in parts}
    for part in parts:
        included = part.responses["included"].to_numpy()
        found[part.file] = list(pointings(study.scales.values(), answers[part.file], included))
        _tell(part, _other_wave(study, part))
        _tell(part, _unusable(part))
        _tell(part, _widths(study, part, kept[part.file], _elsewhere(kept, part)))
        shifts = list(_shifts(study, part, answers[part.file], kept[part.file]))
        moved[part.file] = _with_neighbours(part, [item for _, items in shifts for item in items])
        _tell(part, [problem for problem, _ in shifts])
    for part in parts:
        _tell(part, _turned(study, part, found, moved[part.file]))
    for later, problem in [
        *_twice(study, parts, answers), *_turned_scales(study, parts, kept)
    ]:
        _tell(later, [problem])


def _tell(part: SurveyRows, problems: Iterator[Problem] | list[Problem]) -> None:
    for problem in problems:
        accepted = part.seen.accepts(problem.rule, _about(part, problem))
        if accepted is None:
            part.problems.append(problem)
        else:
            part.changes.append(accepted)


def _about(part: SurveyRows, problem: Problem) -> str:
    """What corrections.csv calls the column of a problem: its item, a label set, or "*"."""
    items = {heading: item for item, heading in part.headings.items()}
    return items.get(problem.column or "", problem.column or "*")


def _accept(part: SurveyRows, column: str, rule: str) -> str:
    return f"if it is right, add to corrections.csv: {part.file}, *, {column}, {rule}, {SEEN}"


def _other_wave(study: Study, part: SurveyRows) -> Iterator[Problem]:
    """More than half of the records outside the wave: the delivery of another one? (C19)"""
    started = part.responses["started"]
    flags = part.responses["flags"].str.split(";")
    outside = flags.map(lambda each: bool({"before_launch", "late"} & set(each))).to_numpy()
    known = started.notna().to_numpy()
    if known.sum() < FEWEST_MOMENTS or outside.sum() <= OTHER_WAVE * known.sum():
        return
    fits = [
        wave.id for wave in study.waves
        if wave.id != part.delivered.wave and wave.opens and wave.closes
        and _within(started, wave.opens, wave.closes) > OTHER_WAVE * known.sum()
    ]
    said = f"; they fit wave {fits[0]}" if fits else ""
    counted = f"{outside.sum()} of {known.sum()} records"
    what = f"{counted} started outside wave {part.delivered.wave}{said}"
    cure = (
        "was another delivery put here, or is the wave declared wrongly? "
        f"{_accept(part, '*', 'C19')}"
    )
    rows = part.responses["row"][outside]
    yield part.delivered.problem(what, cure, "C19", rows, topic="wave.other")


def _within(started: pd.Series, opens: object, closes: object) -> int:
    first, last = pd.Timestamp(str(opens)), pd.Timestamp(str(closes)) + pd.Timedelta(days=1)
    return int(((started >= first) & (started < last)).sum())


def _unusable(part: SurveyRows) -> Iterator[Problem]:
    """Rows of averages stop; columns without a single answer are noted."""
    statuses = {each["item"]: each["status"] for each in part.statuses}
    reasons = {item: part.reasons[item] for item in part.headings
               if statuses[item] != "other_scale"}
    rows = part.responses["row"][averages(part.responses, reasons)]
    if len(rows):
        what = "answers everywhere, and not one that the form had: is this a row of averages?"
        cure = f"leave averages out of the delivery; {_accept(part, '*', 'C6')}"
        yield part.delivered.problem(what, cure, "C6", rows, topic="record.averages")
    for item in emptied(reasons):
        what = "nobody answered this item: was it not asked, or did its answers get lost?"
        cure = (
            "ask the organisation; if it was not asked, take it out of the crosswalk; "
            f"{_accept(part, item, 'C5')}"
        )
        yield part.delivered.problem(
            what, cure, "C5", column=part.headings[item], severity="note", topic="answers.none"
        )


def _elsewhere(kept: dict[str, pd.DataFrame], part: SurveyRows) -> pd.DataFrame:
    """The kept answers of the organisation's other waves."""
    others = [answers for file, answers in kept.items() if file != part.file]
    return pd.concat(others) if others else kept[part.file].head(0)


def _widths(
    study: Study, part: SurveyRows, kept: pd.DataFrame, elsewhere: pd.DataFrame
) -> Iterator[Problem]:
    statuses = {each["item"]: each["status"] for each in part.statuses}
    items = [item for item in part.headings if statuses[item] != "other_scale"]
    told: set[tuple[str, int]] = set()
    for each in unused_answers(study, kept, items):
        mine = [item for item in items if study.items[item].labels == each.labels]
        told |= {(item, value) for item in mine for value in each.values}
        usual = expected(kept, elsewhere, mine, each.values) >= EXPECTED
        yield _width(part, each, stops=each.inside or usual)
    for item, values in narrower_items(study, kept, elsewhere, items):
        if not {(item, value) for value in values} <= told:
            what = (
                f"nobody gave answer {', '.join(map(str, values))} of this item, which other waves "
                "give: did the form have fewer answers?"
            )
            cure = (
                "compare the form; if it had fewer answers, give this item status other_scale in "
                f"the crosswalk; {_accept(part, item, 'C4')}"
            )
            yield part.delivered.problem(
                what, cure, "C4", column=part.headings[item], severity="note",
                topic="answers.fewer",
            )


def _width(part: SurveyRows, each: Unused, *, stops: bool) -> Problem:
    values = ", ".join(map(str, each.values))
    what = (
        f"nobody gave answer {values} of label set '{each.labels}' in {each.items} items "
        f"({each.answers} answers): did the form have fewer answers?"
    )
    cure = (
        "compare the form; if it had fewer answers, give these items status other_scale in the "
        f"crosswalk; {_accept(part, each.labels, 'C4')}"
    )
    severity = "error" if stops else "note"
    return part.delivered.problem(
        what, cure, "C4", column=each.labels, severity=severity, topic="answers.fewer"
    )


def _shifts(
    study: Study, part: SurveyRows, answers: pd.DataFrame, kept: pd.DataFrame
) -> Iterator[tuple[Problem, list[str]]]:
    """Columns or cells that were pushed aside, with the items they concern (C6)."""
    order = list(part.headings)
    columns = shifted_columns(study, kept, order)
    if columns is not None:
        swapped = swapped_columns(study, kept, order, columns[1])
        yield _swapped(part, *swapped) if swapped else _shifted(part, *columns)
        return
    blocks, answers = pushed_blocks(answers, order)
    alone = shifted_rows(study, answers).items()
    named = {item for _, items in blocks for item in items}
    for far, items in [*blocks, *((far, [item]) for item, far in alone if item not in named)]:
        yield _pushed(part, far, items), items


def _shifted(part: SurveyRows, far: int, items: list[str]) -> tuple[Problem, list[str]]:
    first, last = part.headings[items[0]], part.headings[items[-1]]
    side = "right" if far > 0 else "left"
    what = (
        f"the answers of {len(items)} columns up to '{last}' go with the items of the columns "
        f"to the {side}: were columns shifted?"
    )
    cure = f"compare headings and answers with the tool; {_accept(part, items[0], 'C6')}"
    return part.delivered.problem(what, cure, "C6", column=first, topic="shift.columns"), items


def _swapped(part: SurveyRows, one: str, other: str) -> tuple[Problem, list[str]]:
    first, last = part.headings[one], part.headings[other]
    what = (
        f"the answers of this column and of '{last}' go with each other's items: "
        "were they swapped?"
    )
    cure = f"compare headings and answers with the tool; {_accept(part, one, 'C6')}"
    problem = part.delivered.problem(what, cure, "C6", column=first, topic="shift.swapped")
    return problem, [one, other]


def _pushed(part: SurveyRows, far: int, items: list[str]) -> Problem:
    side, back = ("lower", "higher") if far > 0 else ("higher", "lower")
    first, last = part.headings[items[0]], part.headings[items[-1]]
    which = "this column" if len(items) == 1 else f"{len(items)} columns up to '{last}'"
    what = (
        f"the answers of {which} stand a row {side} than the rest of their records, "
        f"or the rest a row {back}"
    )
    cure = f"look for a cell that was put in or taken out; {_accept(part, items[0], 'C6')}"
    return part.delivered.problem(what, cure, "C6", column=first, topic="shift.rows")


def _with_neighbours(part: SurveyRows, items: list[str]) -> set[str]:
    """The items, and those whose columns stand beside them: they got or lost answers too."""
    order = list(part.headings)
    places = {order.index(item) + step for item in items for step in (-1, 0, 1)}
    return {order[place] for place in places if 0 <= place < len(order)}


def _turned(
    study: Study, part: SurveyRows, found: dict[str, list[Pointing]], moved: set[str]
) -> Iterator[Problem]:
    """Items that go against the rest of their scale (C7); not those that stand elsewhere."""
    elsewhere: dict[tuple[str, str], list[Pointing]] = {}
    for file, each in ((file, each) for file, mine in found.items() for each in mine):
        if file != part.file:
            elsewhere.setdefault((each.scale, each.item), []).append(each)
    usual, count = usual_z(each for mine in found.values() for each in mine), study.organisations
    for each in found[part.file]:
        others = elsewhere.get((each.scale, each.item), [])
        if each.item in moved or not reversed_here(each, others, usual, len(count)):
            continue
        said = "r < -.2" if each.r < -0.2 else "and against its other waves"
        what = (
            f"item '{each.item}' goes against the rest of scale {each.scale} "
            f"({said}, {each.n} answers): verkeerd om?"
        )
        cure = (
            "compare the wording and the labels with items.csv (reversed twice, or not at all?); "
            f"{_accept(part, each.item, 'C7')}"
        )
        heading = part.headings.get(each.item, each.item)
        yield part.delivered.problem(what, cure, "C7", column=heading, topic="item.turned")


def _turned_scales(
    study: Study, parts: list[SurveyRows], kept: dict[str, pd.DataFrame]
) -> Iterator[tuple[SurveyRows, Problem]]:
    """Scales that go against themselves among the persons of two waves (C7)."""
    codes = {part.file: part.responses["code"][part.responses["included"]] for part in parts}
    own = {file: scores(study.scales.values(), kept[file], codes[file]) for file in codes}
    for earlier, later in combinations(parts, 2):
        for scale, r, n in turned_scales(own[earlier.file], own[later.file]):
            if not np.isnan(r) and goes_against_itself(r, n):
                what = (
                    f"scale {scale} goes against itself in {earlier.file}, among {n} persons "
                    "of both: were all its items turned in one of the two?"
                )
                cure = (
                    "compare the labels of both forms with labels.csv; "
                    f"{_accept(later, scale, 'C7')}"
                )
                yield later, later.delivered.problem(
                    what, cure, "C7", column=scale, topic="scale.turned"
                )


def _twice(
    study: Study, parts: list[SurveyRows], answers: dict[str, pd.DataFrame]
) -> Iterator[tuple[SurveyRows, Problem]]:
    """Deliveries of two waves that share records: nobody gives sixty answers alike twice (C8)."""
    asked = {file: each.notna().any() for file, each in answers.items()}
    for place, part in enumerate(parts):
        for earlier in parts[:place]:
            both = asked[part.file] & asked[earlier.file]
            here, there = (
                _fingerprints(study, each, answers[each.file].loc[:, both])
                for each in (part, earlier)
            )
            same = here.isin(set(there.dropna())) & here.notna()
            smallest = min(int(there.notna().sum()), int(here.notna().sum()))
            if same.sum() >= max(FEWEST_TWINS, TWIN_SHARE * smallest):
                what = f"{same.sum()} records are also in {earlier.file}: was one file sent twice?"
                cure = f"ask for the right delivery; {_accept(part, '*', 'C8')}"
                rows = part.responses["row"][same.to_numpy()]
                yield part, part.delivered.problem(
                    what, cure, "C8", rows, topic="delivery.twice"
                )


def _fingerprints(study: Study, part: SurveyRows, answers: pd.DataFrame) -> pd.Series:
    """The answers of each record as a number, where they are many and not one straight line."""
    enough = answers.notna().sum(axis=1) >= study.cleaning.duplicate_items
    straight = part.responses["flags"].str.contains("straightliner")
    return answer_hashes(answers).where(enough & ~straight)
