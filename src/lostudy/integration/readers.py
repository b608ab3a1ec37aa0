"""Two readers confirm what the rule proposed: verdicts.csv, their agreement, what is unexplained.

The rule only proposes. A verdict stands when two readers, apart from each other, give the same one
for what the data say now; where the proposal has changed since, they judge anew. A contradiction
needs an explanation in words, whoever found it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pandas as pd

from lostudy.errors import Problem, StudyError, shown
from lostudy.integration.verdict import VERDICTS
from lostudy.statistics.agreement import krippendorff_alpha
from lostudy.study.sheets import Row, read_sheet

FILE = "verdicts.csv"
COLUMNS = ("question", "code", "organisation", "proposed", "reader", "verdict", "date")
OPTIONAL = ("explanation",)
KEYS = ["code", "organisation"]
LETTERS = 3
ARTICLES = {"organisation": "an"}
STATES = ("confirmed", "undecided", "one_reader", "anew", "unread")


def read_verdicts(
    codebook: Path, known: Mapping[str, Collection[str]] | None = None
) -> pd.DataFrame:
    """The judgements of readers in codebook/verdicts.csv; no rows where there is no such file.

    `known`: column -> the words that may stand there (codes, organisations, questions), where they
    are to be checked. Columns: those of the file. Raises StudyError with every wrong row: an empty
    cell, a verdict or code that does not exist, a date that is none, one reader twice on the same
    cell. Names of readers are the same but for capitals and spaces around them.
    """
    columns = [*COLUMNS, *OPTIONAL]
    path = codebook / FILE
    if not path.exists():
        return pd.DataFrame(columns=columns, dtype="str")
    problems: list[Problem] = []
    rows = read_sheet(path, COLUMNS, OPTIONAL, problems)
    problems += _problems(rows, path, known or {})
    if problems:
        raise StudyError(problems)
    return pd.DataFrame([[row[name] for name in columns] for row in rows], columns=columns)


def _problems(
    rows: Iterable[Row], path: Path, named: Mapping[str, Collection[str]]
) -> list[Problem]:
    problems, seen = [], set()
    known = f"one of {', '.join(VERDICTS)}"
    for row in rows:
        faults = [(name, "an empty cell", "fill it in") for name in COLUMNS if not row[name]]
        faults += [
            (name, "a verdict that does not exist", known)
            for name in ("proposed", "verdict")
            if row[name] and row[name] not in VERDICTS
        ]
        faults += [
            (name, f"{ARTICLES.get(name, 'a')} {name} that does not exist",
             "write it as in the study, or remove the row")
            for name, words in named.items() if row[name] and row[name] not in words
        ]
        if row["date"] and pd.isna(pd.to_datetime(row["date"], format="%Y-%m-%d", errors="coerce")):
            faults.append(("date", "not a date", "write 2026-03-31"))
        key = tuple(row[name] for name in ("question", *KEYS, "proposed"))
        key = (*key, folded(row["reader"]))
        if key in seen:
            faults.append(("reader", "one reader twice on the same verdict", "keep one row"))
        seen.add(key)
        problems += [Problem(what, cure, shown(path), row.number, name)
                     for name, what, cure in faults]  # fmt: skip
    return problems


def folded(name: str) -> str:
    """A reader's name as it is compared.

    >>> folded(" Anna  Bos") == folded("anna bos ")
    True
    """
    return " ".join(name.casefold().split())


def in_words(explanation: str) -> bool:
    """Whether an explanation says something: three letters or more.

    >>> in_words("other people answered"), in_words(" - ?")
    (True, False)
    """
    return sum(map(str.isalpha, explanation)) >= LETTERS


def judged(proposals: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """Each proposed verdict with what readers made of it: a row per code and organisation.

    `proposals`: code, organisation, verdict (of the rule, on the data as they are); `judgements`:
    of `read_verdicts`, of one learning question. Columns: code, organisation, proposed, verdict
    (the readers' where two agree, else the proposed one), state (confirmed, undecided where two
    differ, one_reader, anew where they judged another proposal, unread), explanation.

    >>> told = pd.DataFrame({"code": ["X"], "organisation": ["A"], "verdict": ["adds"]})
    >>> read = pd.DataFrame({"code": "X", "organisation": "A", "proposed": "adds",
    ...                      "reader": ["r1", "r2"], "verdict": "confirms", "explanation": ""})
    >>> judged(told, read)[["proposed", "verdict", "state"]].values.tolist()
    [['adds', 'confirms', 'confirmed']]
    """
    rows = [
        _one(proposal, judgements) for proposal in proposals[[*KEYS, "verdict"]].to_dict("records")
    ]
    return pd.DataFrame(rows, columns=[*KEYS, "proposed", "verdict", "state", "explanation"])


def _one(proposal: dict, judgements: pd.DataFrame) -> dict[str, str]:
    mine = judgements[(judgements["code"] == proposal["code"])
                      & (judgements["organisation"] == proposal["organisation"])]  # fmt: skip
    now = mine[mine["proposed"] == proposal["verdict"]]
    readers, found = now["reader"].map(folded).nunique(), list(dict.fromkeys(now["verdict"]))
    if readers >= 2:
        state = "confirmed" if len(found) == 1 else "undecided"
    else:
        state = "one_reader" if readers else "anew" if len(mine) else "unread"
    told = [each for each in now["explanation"] if in_words(each)]
    return {
        **{name: proposal[name] for name in KEYS}, "proposed": proposal["verdict"],
        "verdict": found[0] if state == "confirmed" else proposal["verdict"], "state": state,
        "explanation": told[0] if told else "",
    }  # fmt: skip


def readers_agree(judgements: pd.DataFrame) -> pd.DataFrame:
    """Krippendorff's alpha of the readers over every cell, and the share they judged alike: a row.

    `judgements`: of `read_verdicts`, also over several learning questions. Columns: estimate, n
    (cells judged by two or more), method, note, alike.

    >>> read = pd.DataFrame({"code": list("XXYY"), "organisation": "A", "proposed": "adds",
    ...                      "reader": ["r1", "r2"] * 2, "verdict": ["adds"] * 3 + ["confirms"]})
    >>> readers_agree(read)[["estimate", "alike", "n"]].values.tolist()
    [[0.0, 0.5, 2.0]]
    """
    keys = [name for name in ("question", *KEYS, "proposed") if name in judgements]
    named = judgements.assign(reader=judgements["reader"].map(folded))
    table = named.pivot(index=keys, columns="reader", values="verdict")
    row = krippendorff_alpha(table.astype(object).where(table.notna(), None))
    twice = table[table.notna().sum(axis=1) >= 2]
    return row.assign(alike=(twice.nunique(axis=1) == 1).mean() if len(twice) else float("nan"))


def unexplained(verdicts: pd.DataFrame) -> pd.DataFrame:
    """The contradictions, proposed or confirmed, that carry no explanation in words.

    `verdicts`: of `judged`. A proposed contradiction that two readers made something else of is
    none.
    """
    against = verdicts["verdict"] == "contradicts"
    silent = ~verdicts["explanation"].map(in_words).astype(bool)
    return verdicts[against & silent].reset_index(drop=True)
