"""From a result to findings: numbers by name, and sentences that hold or break with the data."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from lostudy import formats
from lostudy.analysis.origin import origin
from lostudy.analysis.output import output_folder
from lostudy.analysis.result import SIGNED, Identity, Result, label
from lostudy.disclosure import decimals_for, require_safe
from lostudy.errors import Problem, StudyError
from lostudy.findings import LIMITS, Finding, append, finding_id, judge, judge_limits
from lostudy.findings.sentences import sentence_problems
from lostudy.study.plan import EXPLORATORY
from lostudy.words import word

DEFAULT_ROWS = {"change": {"estimand": "workforce"}}


@dataclass(frozen=True, repr=False)
class Said:
    """Findings as a cell shows them: the sentence or the numbers, and whether the claim holds.

    `shown`: the result that is a finding as a whole, above its name.
    """

    findings: tuple[Finding, ...]
    identity: Identity
    sizes: str = ""
    shown: Result | None = None

    def __repr__(self) -> str:
        above = [] if self.shown is None else [repr(self.shown)]
        return "\n".join([*above, *self._lines()])

    def _repr_html_(self) -> str:
        lines = "<br>".join(html.escape(line) for line in self._lines())
        above = "" if self.shown is None else self.shown._repr_html_()
        return f'{above}<p class="lostudy-finding">{lines}</p>'

    def _lines(self) -> list[str]:
        language = self.identity.language
        lines = []
        for each in self.findings:
            text = each.text_nl if language == "nl" else each.text_en
            status = f" [{word(each.status, language)}]" if each.status else ""
            lines.append(f"{each.id}: {text}{status}")
        return [*lines, self.identity.line(self.sizes)]


def numbers(prefix: str, result: Result, where: Mapping[str, str] | None = None) -> Said:
    """Every row of a result as a finding of its own: `prefix`, then what tells the rows apart.

    `where` keeps only rows with these values. Names have at most 52 characters. Only the run over
    all organisations names its numbers: a number has one name and one origin.
    """
    rows = _rows(result, where)
    varying = [
        column
        for column in result.safe.by
        if rows[column].nunique() > 1 or column == "organisation"
    ]
    found = [
        _finding(
            result,
            finding_id(prefix, *(_part(str(row[column])) for column in varying)),
            "interval" if "low" in rows else "number",
            row,
        )
        for _, row in rows.iterrows()
        if row["hidden"] == "" and pd.notna(row.get(_counted(result)))
    ]
    if result.identity.organisation != "all":
        return Said(tuple(found), result.identity, result.sizes)
    return _kept(found, result)


def finding(
    name: str,
    result: Result,
    *,
    says: str,
    says_en: str,
    holds: str,
    at_least: int | None = None,
    than: float | None = None,
    where: Mapping[str, str] | None = None,
) -> Said:
    """A claim: the sentence, and the condition under which it may be said.

    `says` and `says_en` take the slots {organisation}, {estimate}, {interval}, {n}, {wording} and,
    over several organisations, {k} and {all}. `holds`: a condition of
    `lostudy.findings.CONDITIONS`. `at_least`: in how many organisations it must hold; the pooled
    row is used where it is not given. `than`: the number that the whole interval must be above or
    below, for higher_than and lower_than. Raises StudyError where a sentence names a cause, or says
    "rose" by itself instead of by {wording}.
    """
    wrong = [*sentence_problems(says, "nl", name), *sentence_problems(says_en, "en", name)]
    if wrong:
        raise StudyError(wrong)
    rows = _rows(result, {**DEFAULT_ROWS.get(result.safe.kind, {}), **(where or {})})
    over_all = result.identity.organisation == "all"
    each = rows[rows["organisation"] != "all"]
    pooled = rows[rows["organisation"] == "all"] if over_all else each
    pooled = each if pooled.empty else pooled
    counted = each if at_least is not None and over_all else pooled
    if counted.empty:
        raise StudyError(
            Problem(
                f"finding '{name}' rests on no row", "mend `where`, or the result it is made from"
            )
        )
    at_least = at_least if len(counted) > 1 else None
    status, true = _judged(name, counted, holds, at_least, than)
    row = (pooled if len(pooled) else counted).iloc[0]
    suffix = "" if result.identity.organisation == "all" else result.identity.organisation
    texts = {
        language: says_.format(**_slots(result, row, true, len(counted), language))
        for language, says_ in (("nl", says), ("en", says_en))
    }
    made = _finding(
        result, finding_id(name, suffix), "claim", row, texts=texts, status=status, condition=holds
    )
    return _kept([made], result)


def _judged(
    name: str, rows: pd.DataFrame, holds: str, at_least: int | None, than: float | None
) -> tuple[str, int]:
    """Whether the claim holds on these rows, and for how many of them."""
    if holds in LIMITS:
        if than is None:
            cure = "say than what: than=3.0"
            raise StudyError(Problem(f"finding '{name}' compares with nothing", cure))
        ends = [
            None if row["hidden"] or pd.isna(row["low"]) else (row["low"], row["high"])
            for _, row in rows.iterrows()
        ]
        true = sum(judge_limits([each], holds, than) == "holds" for each in ends)
        return judge_limits(ends, holds, than, at_least), true
    wordings = ["" if row["hidden"] else str(row["wording"]) for _, row in rows.iterrows()]
    true = sum(judge([each], holds) == "holds" for each in wordings)
    return judge(wordings, holds, at_least), true


def table(name: str, result: Result) -> Said:
    """A result as a table with a name: its cells as they are read, with its notes.

    Only the run over all organisations names its tables: a table has one name and one origin.
    """
    shown = _telling(result)
    cells = [list(map(str, shown.columns)), *([str(cell) for cell in row] for row in shown.values)]
    made = Finding(
        **origin(result),
        id=finding_id(name),
        kind="table",
        organisation=result.identity.organisation,
        value=None,
        low=None,
        high=None,
        n=None,
        unit=result.unit,
        text_nl=result.title,
        text_en=result.title,
        method="",
        label_nl=result.title,
        label_en=result.title,
        words={"notes": "\n".join(_notes(result))},
        cells=tuple(map(tuple, cells)),
    )
    if result.identity.organisation != "all":
        return Said((made,), result.identity, result.sizes, result)
    return replace(_kept([made], result), shown=result)


def _telling(result: Result) -> pd.DataFrame:
    """The table as it is read, without the groups that are the same in each row: the title has
    those."""
    shown, language = result.display(), result.identity.language
    same = [
        word(column, language)
        for column in result.safe.by
        if column in result.safe.table and result.safe.table[column].nunique() == 1
    ]
    return shown.drop(columns=[each for each in same if each in shown and len(shown.columns) > 2])


def _notes(result: Result) -> list[str]:
    """What stands under a table: unit, identity, methods, what is hidden; that it is simulated."""
    identity = result.identity
    notes = [*([f"{result.unit[:1].upper()}{result.unit[1:]}."] if result.unit else [])]
    notes += result.footnotes
    if identity.study.simulated:
        notes.append(word("simulated_data", identity.language))
    return notes


def _rows(result: Result, where: Mapping[str, str] | None) -> pd.DataFrame:
    rows = require_safe(result.safe).table
    for column, value in (where or {}).items():
        if column not in rows:
            raise StudyError(
                Problem(
                    f"the result has no column '{column}'", f"it has: {', '.join(map(str, rows))}"
                )
            )
        rows = rows[rows[column] == value]
    return rows


def _slots(result: Result, row: pd.Series, true: int, of: int, language: str) -> dict[str, object]:
    study = result.identity.study
    n = int(row["n"]) if pd.notna(row["n"]) else None
    places = decimals_for(n)
    said = str(row.get("wording", ""))
    return {
        "organisation": label(study, "organisation", str(row["organisation"]), language),
        "estimate": formats.number(
            row["estimate"], places, language, sign=result.safe.kind in SIGNED
        ),
        "interval": formats.interval(row["low"], row["high"], places, language),
        "n": formats.count(n, language),
        "wording": word(said or "too_few", language),
        "k": true,
        "all": of,
    }


def _finding(
    result: Result,
    name: str,
    kind: str,
    row: pd.Series,
    *,
    texts: Mapping[str, str] | None = None,
    status: str = "",
    condition: str = "",
) -> Finding:
    identity = result.identity
    n = int(row["n"]) if pd.notna(row.get("n")) else None
    said = texts or {language: _number_text(result, row, n, language) for language in ("nl", "en")}
    if row.get("family") == EXPLORATORY:
        said = {
            language: f"{text} ({word(EXPLORATORY, language)})" for language, text in said.items()
        }
    about = {language: _about(result, row, language) for language in ("nl", "en")}
    count = _counted(result) == "n"
    return Finding(
        **origin(result),
        id=name,
        kind=kind,
        organisation=str(row.get("organisation", identity.organisation)),
        value=_plain(row.get(_counted(result))),
        low=_plain(row.get("low")),
        high=_plain(row.get("high")),
        n=n,
        unit=result.unit,
        text_nl=said["nl"],
        text_en=said["en"],
        method=str(row.get("method", "")),
        status=status,
        condition=condition,
        label_nl=about["nl"],
        label_en=about["en"],
        decimals=0 if count else decimals_for(n),
        signed=result.safe.kind in SIGNED,
        wording=_plain_word(row.get("wording")),
    )


def _about(result: Result, row: pd.Series, language: str) -> str:
    """What a number is about: the kind of result, and the names of its groups."""
    kind = word(f"about_{result.safe.kind}", language)
    groups = [
        word(str(row[column]), language)
        if column in ("estimand", "step", "coefficient")
        else label(result.identity.study, column, str(row[column]), language)
        for column in result.safe.by
    ]
    return f"{kind}: {', '.join(groups)}"


def _plain_word(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _number_text(result: Result, row: pd.Series, n: int | None, language: str) -> str:
    if _counted(result) == "n":
        return formats.count(n, language)
    places = decimals_for(n)
    text = formats.number(row["estimate"], places, language, sign=result.safe.kind in SIGNED)
    return (
        f"{text} {formats.interval(row['low'], row['high'], places, language)}"
        if pd.notna(row.get("low"))
        else text
    )


def _counted(result: Result) -> str:
    """The column that holds the number: the estimate, or the number of persons itself."""
    return "estimate" if "estimate" in result.safe.table else "n"


def _plain(value: object) -> float | None:
    return None if value is None or value is pd.NA or value != value else float(str(value))


def _part(text: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in text)


def _kept(found: list[Finding], result: Result) -> Said:
    folder = output_folder()
    if folder is not None:
        append(folder, found)
    return Said(tuple(found), result.identity, result.sizes)
