"""A survey delivery → the study's items and fields, by its crosswalk (rules C3–C6, C18, C20).

Everything in the delivery is mapped or ignored with a reason; everything else is a problem. An
answer is looked up in its label set exactly (after NFKC, case and spaces); nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lostudy.cleaning.log import Change
from lostudy.deliveries.tables import SurveyDelivery
from lostudy.errors import Problem
from lostudy.study import CrosswalkRow, Item, LabelSet, Organisation, Study
from lostudy.study.codebook import normal

REASONS = ("", "not_asked", "not_answered", "not_applicable", "dont_know", "refused", "impossible")
UNKNOWN = -1
FREE = ("record", "link", "started", "submitted", "seconds", "language", "weight", "preview")


@dataclass
class Harmonised:
    """What harmonising one delivery gives; rows keep the delivery's row numbers as index.

    `items`: one column per item of the study (Int8, or Float64 for numbers). `reasons`: for each
    item an int8 array that points into REASONS (0 = answered). `fields`: the other targets.
    """

    items: pd.DataFrame
    reasons: dict[str, np.ndarray]
    fields: pd.DataFrame
    statuses: list[dict[str, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def harmonise(
    study: Study, name: str, organisation: str, wave: str, delivery: SurveyDelivery
) -> Harmonised:
    """The delivery in the study's terms; problems are collected, not raised."""
    rows = study.crosswalks.get(f"{organisation}-{wave}")
    index = delivery.answers.index
    result = Harmonised(pd.DataFrame(index=index), {}, pd.DataFrame(index=index))
    if rows is None:
        cure = f"`lostudy crosswalk FILE` writes one; save it as codebook/crosswalk/{organisation}-{wave}.csv"
        result.problems.append(Problem("this delivery has no crosswalk", cure, name))
        return result
    matched = _match(
        rows, delivery, name, f"codebook/crosswalk/{organisation}-{wave}.csv", result.problems
    )
    columns: dict[str, pd.Series] = {}
    for heading, row in matched.items():
        if row.target in study.items:
            columns[row.target] = _item(
                study, study.items[row.target], heading, row, delivery, name, result
            )
        elif row.target != "ignore":
            result.fields[row.target] = _field(
                study, study.organisation(organisation), heading, row, delivery, name, result
            )
    result.items = _all_items(study, columns, result)
    result.statuses = _statuses(study, organisation, wave, rows, matched)
    return result


def _match(
    rows: tuple[CrosswalkRow, ...],
    delivery: SurveyDelivery,
    name: str,
    file: str,
    problems: list[Problem],
) -> dict[str, CrosswalkRow]:
    """Heading → crosswalk row: by heading, then by the tool's code, then by pattern."""
    exact = {row.source: row for row in rows if not row.source.endswith("*")}
    loose = {normal(row.source): row for row in exact.values()}
    patterns = [row for row in rows if row.source.endswith("*")]
    matched: dict[str, CrosswalkRow] = {}
    used: set[int] = set()
    for heading, code in zip(delivery.columns["column"], delivery.columns["code"], strict=True):
        row = exact.get(heading) or exact.get(str(code)) or loose.get(normal(heading))
        row = row or next((each for each in patterns if heading.startswith(each.source[:-1])), None)
        if row is None:
            cure = f"map it in {file}, or ignore it there with a note"
            problems.append(
                Problem("a column that the crosswalk does not know", cure, name, 1, heading)
            )
        elif row.row in used and not row.source.endswith("*"):
            cure = f"row {row.row} of {file} names two columns; name each by its whole heading"
            problems.append(
                Problem("two columns for one row of the crosswalk", cure, name, 1, heading)
            )
        else:
            matched[heading] = row
            used.add(row.row)
    for row in (each for each in rows if each.row not in used and each.target != "ignore"):
        cure = "mend the source, or take the row out if it was not asked"
        problems.append(
            Problem("this source is not in the delivery", cure, file, row.row, "source")
        )
    return matched


def _lookups(
    row: CrosswalkRow, default: LabelSet | None, study: Study
) -> tuple[dict[str, int | str], dict[str, str]]:
    """Label → value and label → missing reason for one column."""
    base = study.label_sets.get(row.labels, default) if "=" not in row.labels else default
    accepted = dict(base.accepted) if base else {}
    missing = dict(base.missing) if base else {}
    if "=" in row.labels:
        inline = dict(pair.rsplit("=", 1) for pair in row.labels.split("|") if "=" in pair)
        for label, value in inline.items():
            value = value.strip()
            if value in REASONS:
                missing[normal(label)] = value
                accepted.pop(normal(label), None)
            else:
                accepted[normal(label)] = int(value) if value.lstrip("-").isdigit() else value
    return accepted, missing


def _item(
    study: Study,
    item: Item,
    heading: str,
    row: CrosswalkRow,
    delivery: SurveyDelivery,
    name: str,
    result: Harmonised,
) -> pd.Series:
    cells = delivery.answers[heading].astype("category")
    known = study.item_labels(item.id)
    accepted, missing = _lookups(row, known, study)
    numeric = item.labels == "number"
    values, reasons = _categories(cells, heading, delivery, accepted, missing, known, numeric)
    codes = cells.cat.codes.to_numpy()
    value = np.append(values, np.nan)[codes]
    reason = np.append(reasons, REASONS.index("not_answered"))[codes].astype("int8")
    _report_unknown(cells, reason, heading, name, row, result)
    if row.status == "other_scale":
        changed = reason == 0
        reason[changed] = REASONS.index("impossible")
        result.changes.append(
            Change(
                name,
                "responses",
                "*",
                item.id,
                "C4",
                "set missing",
                "answered on another scale; never rescaled silently",
                "crosswalk",
                int(changed.sum()),
            )
        )
    elif row.labels or row.status == "recoded":
        result.changes.append(
            Change(
                name,
                "responses",
                "*",
                item.id,
                "C3",
                "recoded",
                f"read with '{row.labels or item.labels}'",
                "crosswalk",
                int((reason == 0).sum()),
            )
        )
    _report_impossible(study, cells, reason, heading, name, item, row, result)
    value[reason != 0] = np.nan
    result.reasons[item.id] = reason
    series = pd.Series(value, index=cells.index, dtype="Float64" if numeric else "Int8")
    return series


def _categories(
    cells: pd.Series,
    heading: str,
    delivery: SurveyDelivery,
    accepted: dict,
    missing: dict,
    known: LabelSet | None,
    numeric: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """The value and the missing reason of each distinct cell text."""
    labels = delivery.value_labels.get(heading, {})
    declared = delivery.user_missing.get(heading, frozenset())
    values, reasons = [], []
    for text in cells.cat.categories:
        value, reason = _read_cell(
            str(text), labels.get(str(text)), accepted, missing, known, numeric
        )
        if str(text) in declared and reason in ("", "unknown", "impossible"):
            reason = "not_answered"
        values.append(value)
        reasons.append(UNKNOWN if reason == "unknown" else REASONS.index(reason))
    return np.array(values, dtype="float64"), np.array(reasons, dtype="int8")


def _read_cell(
    text: str,
    label: str | None,
    accepted: dict,
    missing: dict,
    known: LabelSet | None,
    numeric: bool,
) -> tuple[float, str]:
    for spelling in (normal(text), normal(label) if label else None):
        if spelling in missing:
            return np.nan, missing[spelling]
        if spelling in accepted and not isinstance(accepted[spelling], str):
            return float(accepted[spelling]), ""
    if not normal(text):
        return np.nan, "not_answered"
    number = _number(text)
    if number is None or label:
        return np.nan, "unknown"
    if numeric or (known is not None and number in known.labels):
        return number, ""
    return np.nan, "impossible"


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _report_unknown(
    cells: pd.Series,
    reason: np.ndarray,
    heading: str,
    name: str,
    row: CrosswalkRow,
    result: Harmonised,
) -> None:
    unknown = reason == UNKNOWN
    if unknown.any():
        labels = cells[unknown].nunique()
        cure = "`lostudy crosswalk FILE` lists them; add them to labels.csv or to this row of the crosswalk"
        what = f"{_count(labels, 'answer label')} that the study does not know, in {_count(int(unknown.sum()), 'row')}"
        result.problems.append(
            Problem(what, cure, name, int(cells.index[unknown][0]), heading, rule="C3")
        )
        reason[unknown] = REASONS.index("impossible")


def _report_impossible(
    study: Study,
    cells: pd.Series,
    reason: np.ndarray,
    heading: str,
    name: str,
    item: Item,
    row: CrosswalkRow,
    result: Harmonised,
) -> None:
    if row.status == "other_scale":
        return
    outside = reason == REASONS.index("impossible")
    for number in cells.index[outside]:
        result.changes.append(
            Change(
                name,
                "responses",
                str(number),
                item.id,
                "C6",
                "set missing",
                "not an answer of this item",
            )
        )
    allowed = max(2, study.cleaning.impossible_share * len(cells))
    if outside.sum() > allowed and not any(
        problem.column == heading for problem in result.problems
    ):
        what = f"{int(outside.sum())} of {len(cells)} answers are outside the item's range"
        cure = (
            "compare the form version and the columns around it: shifted columns or another scale?"
        )
        result.problems.append(
            Problem(what, cure, name, int(cells.index[outside][0]), heading, rule="C6")
        )


def _field(
    study: Study,
    organisation: Organisation,
    heading: str,
    row: CrosswalkRow,
    delivery: SurveyDelivery,
    name: str,
    result: Harmonised,
) -> pd.Series:
    cells = delivery.answers[heading].astype("category")
    if row.target == "team":
        known = {normal(team): team for team in organisation.teams}
        known |= {normal(alias): team for alias, team in organisation.team_aliases.items()}
        if "=" in row.labels:
            known |= {
                normal(label): value
                for label, value in (pair.rsplit("=", 1) for pair in row.labels.split("|"))
            }
        return _closed(
            cells,
            heading,
            delivery,
            known,
            {},
            "a team",
            "add it to teams or team_aliases in study.toml",
            name,
            result,
        )
    if row.target in ("role", "tenure"):
        label_set = next((each.labels for each in study.background if each.id == row.target), "")
        accepted, missing = _lookups(row, study.label_sets.get(label_set), study)
        return _closed(
            cells,
            heading,
            delivery,
            accepted,
            missing,
            "a label",
            "add it to labels.csv or to the crosswalk",
            name,
            result,
        )
    if row.labels and "=" in row.labels:
        accepted, _ = _lookups(row, None, study)
        return cells.astype("str").map(
            lambda text: str(accepted.get(normal(text), text)), na_action="ignore"
        )
    return cells.astype("str")


def _closed(
    cells: pd.Series,
    heading: str,
    delivery: SurveyDelivery,
    accepted: dict,
    missing: dict,
    what: str,
    cure: str,
    name: str,
    result: Harmonised,
) -> pd.Series:
    """A column whose values come from a closed list; what is not on it is a problem."""
    labels = delivery.value_labels.get(heading, {})
    mapping: dict[str, str | None] = {}
    unknown = []
    for text in map(str, cells.cat.categories):
        spellings = [normal(text), *([normal(labels[text])] if text in labels else [])]
        value = next((accepted[each] for each in spellings if each in accepted), None)
        if value is None and not any(each in missing or not each for each in spellings):
            unknown.append(text)
        mapping[text] = None if value is None else str(value)
    if unknown:
        rows = cells.index[cells.isin(unknown)]
        problem = f"{what} that the study does not know: {_count(len(unknown), 'spelling')} in {_count(len(rows), 'row')}"
        result.problems.append(Problem(problem, cure, name, int(rows[0]), heading, rule="C18"))
    return cells.astype("str").map(mapping).astype("str")


def _all_items(study: Study, columns: dict[str, pd.Series], result: Harmonised) -> pd.DataFrame:
    index = result.items.index
    for item in study.items.values():
        if item.id not in columns:
            kind = "Float64" if item.labels == "number" else "Int8"
            columns[item.id] = pd.Series(pd.NA, index=index, dtype=kind)
            result.reasons[item.id] = np.full(len(index), REASONS.index("not_asked"), dtype="int8")
    return pd.DataFrame({item: columns[item] for item in study.items}, index=index)


def _statuses(
    study: Study,
    organisation: str,
    wave: str,
    rows: tuple[CrosswalkRow, ...],
    matched: dict[str, CrosswalkRow],
) -> list[dict[str, str]]:
    by_item = {row.target: row for row in matched.values()}
    return [
        {
            "organisation": organisation,
            "wave": wave,
            "item": item,
            "status": by_item[item].status if item in by_item else "not_asked",
            "evidence": _evidence(by_item.get(item)),
        }
        for item in study.items
    ]


def _evidence(row: CrosswalkRow | None) -> str:
    if row is None:
        return "not in the crosswalk"
    version = f", form {row.form_version}" if row.form_version else ""
    return f"crosswalk row {row.row}{version}{': ' + row.note if row.note else ''}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
