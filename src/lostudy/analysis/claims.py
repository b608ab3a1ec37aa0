"""From a result to findings: numbers by name, and sentences that hold or break with the data."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from lostudy import formats
from lostudy.analysis.output import notebook_name, output_folder
from lostudy.analysis.result import SIGNED, Identity, Result, label
from lostudy.cleaning.freshness import code_hash, recorded
from lostudy.disclosure import decimals_for, require_safe
from lostudy.errors import Problem, StudyError
from lostudy.findings import Finding, append, finding_id, judge
from lostudy.findings.sentences import sentence_problems
from lostudy.study.plan import EXPLORATORY, plan_hash
from lostudy.words import word

DEFAULT_ROWS = {"change": {"estimand": "workforce"}}


@dataclass(frozen=True, repr=False)
class Said:
    """Findings as a cell shows them: the sentence or the numbers, and whether the claim holds."""

    findings: tuple[Finding, ...]
    identity: Identity
    sizes: str = ""

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        lines = "<br>".join(html.escape(line) for line in self._lines())
        return f'<p class="lostudy-finding">{lines}</p>'

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
    where: Mapping[str, str] | None = None,
) -> Said:
    """A claim: the sentence, and the condition under which it may be said.

    `says` and `says_en` take the slots {organisation}, {estimate}, {interval}, {n}, {wording} and,
    over several organisations, {k} and {all}. `holds`: a condition of
    `lostudy.findings.CONDITIONS`. `at_least`: in how many organisations it must hold; the pooled
    row is used where it is not given. Raises StudyError where a sentence names a cause, or says
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
    wordings = ["" if row["hidden"] else str(row["wording"]) for _, row in counted.iterrows()]
    status = judge(wordings, holds, at_least if len(counted) > 1 else None)
    row = (pooled if len(pooled) else counted).iloc[0]
    suffix = "" if result.identity.organisation == "all" else result.identity.organisation
    texts = {
        language: says_.format(**_slots(result, row, wordings, holds, language))
        for language, says_ in (("nl", says), ("en", says_en))
    }
    made = _finding(
        result, finding_id(name, suffix), "claim", row, texts=texts, status=status, condition=holds
    )
    return _kept([made], result)


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


def _slots(
    result: Result, row: pd.Series, wordings: list[str], holds: str, language: str
) -> dict[str, object]:
    study = result.identity.study
    n = int(row["n"]) if pd.notna(row["n"]) else None
    places = decimals_for(n)
    return {
        "organisation": label(study, "organisation", str(row["organisation"]), language),
        "estimate": formats.number(
            row["estimate"], places, language, sign=result.safe.kind in SIGNED
        ),
        "interval": formats.interval(row["low"], row["high"], places, language),
        "n": formats.count(n, language),
        "wording": word(str(row["wording"]), language)
        if row["wording"]
        else word("too_few", language),
        "k": sum(judge([wording], holds) == "holds" for wording in wordings),
        "all": len(wordings),
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
    processed = identity.study.folder / "data" / "processed"
    return Finding(
        id=name,
        kind=kind,
        question=identity.question,
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
        evidence=(result.safe.digest,),
        notebook=notebook_name(),
        parameters={"organisation": identity.organisation, "wave": identity.wave},
        plan=plan_hash(identity.study),
        tables=recorded(processed).get("raw", "")[:16],
        code=code_hash(("statistics", "analysis", "cleaning", "disclosure"))[:16],
    )


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
