"""Reporting checklists, filled with what a run knows; what people must still write stays open.

Topics after CROSS (Sharma et al. 2021), COREQ (Tong et al. 2007), SRQR (O'Brien et al. 2014) and
GRAMMS (O'Cathain et al. 2008), in words of our own.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lostudy
from lostudy import formats
from lostudy.publish.page import style, template
from lostudy.study import Study
from lostudy.words import word

Records = Sequence[Mapping[str, Any]]


def write_checklists(study: Study, reports: Path, records: Records, language: str) -> Path:
    """Write checklists.html; what is known is filled in, and each gap is marked."""
    known = facts(study, records, language)
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for row in _items():
        said = known.get(row["fact"], "")
        rows.setdefault(row["checklist"], []).append((row["item"], row[f"topic_{language}"], said))
    filled = {name: sum(bool(said) for _, _, said in each) for name, each in rows.items()}
    text = template("checklists.html.j2").render(
        study=study,
        language=language,
        rows=rows,
        filled=filled,
        style=style(),
        word=lambda key, *values: word(key, language, *values),
    )
    path = reports / "checklists.html"
    path.write_text(text, encoding="utf-8")
    return path


def _items() -> list[dict[str, str]]:
    path = Path(__file__).parent / "checklists.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(study: Study, records: Records, language: str) -> dict[str, str]:
    """What the declaration and the findings say for each subject of a checklist."""
    plan, policy, nl = study.plan, study.disclosure, language == "nl"
    waves = "; ".join(
        f"{each.id} ({each.name(language)}): {each.opens} – {each.closes}" for each in study.waves
    )
    kinds = {kind: sum(each["kind"] == kind for each in records) for kind in ("quote", "claim")}
    questions = "; ".join(f"{each.id}: {each.text(language)}" for each in study.questions)
    methods = sorted({str(each["method"]) for each in records if each["method"]})
    status = word("simulated_data", language) if study.simulated else ""
    return {
        "title": f"{study.about.title(language)}. {status}".strip(),
        "design": word("fact_design", language, len(study.organisations), len(study.waves)),
        "questions": questions,
        "instrument": word("fact_instrument", language, len(study.items), len(study.scales)),
        "population": "; ".join(
            f"{each.name(language)}: {_counts(each.invited, language)}"
            for each in study.organisations
        ),
        "waves": waves,
        "cleaning": word("fact_cleaning", language),
        "analysis": "; ".join(word(each, language) for each in methods),
        "missing": word("fact_missing", language, formats.percent(plan.answered_share, language)),
        "response": _response(records, language),
        "background": ", ".join(each.name(language) for each in study.background),
        "findings": word("fact_findings", language, len(records), kinds["claim"]),
        "limits": status,
        "software": f"lostudy {lostudy.__version__}; {word('fact_open', language)}",
        "integration": word("fact_integration", language),
        "conversations": _conversations(records, language),
        "codes": word("fact_codes", language, len(study.codes)),
        "coders": word("fact_coders", language),
        "quotes": word("fact_quotes", language, kinds["quote"]) if kinds["quote"] else "",
        "policy": word("threshold", "nl" if nl else "en", policy.threshold),
    }


def _counts(invited: Mapping[str, int], language: str) -> str:
    return ", ".join(f"{wave} {formats.count(n, language)}" for wave, n in invited.items())


def _response(records: Records, language: str) -> str:
    """Kept answers by organisation and wave, as the findings have them."""
    kept = [each for each in records if each["id"].startswith("response.")
            and each["id"].endswith(".kept")]  # fmt: skip
    return "; ".join(
        f"{each['id'].split('.')[1]} {each['id'].split('.')[2]}: {each[f'text_{language}']}"
        for each in kept
    )


def _conversations(records: Records, language: str) -> str:
    """The largest number of conversations that a figure of themes counts."""
    tables = [
        each["cells"]
        for each in records
        if each["cells"] and "band" in each["cells"][0] and "estimate" not in each["cells"][0]
    ]
    found = [int(row[rows[0].index("n")] or 0) for rows in tables for row in rows[1:]]
    return f"{formats.count(max(found), language)} {word('k', language)}" if found else ""
