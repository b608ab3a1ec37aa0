"""SPSS: a .sav with value labels and user-missing 8 and 9; in one variable 8 is a valid number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from lostudy.simulate.forms import (
    COMMENT,
    FREE_TEXT,
    LINK,
    TEAM,
    Column,
    Occasion,
    SurveyFile,
    background_values,
    inline,
    number_labels,
    submitted,
)
from lostudy.simulate.model import DONT_KNOW, NOT_ANSWERED, bounds
from lostudy.study import Study

UNKNOWN, OPEN = 8, 9            # user-missing in the items
DAYS_UNKNOWN = 99               # user-missing in `werkdagen`, where 8 means eight days
CREATED = b"02 Mar 26" + b"09:00:00"
CREATED_AT = 92                 # where the header of a .sav says when it was written
PADDED = 10                     # strings are stored with blanks up to their width
MOMENT_FORMAT = "DATETIME20"


def survey(occasion: Occasion) -> SurveyFile:
    """The file of this occasion."""
    def write(path: Path, records: pd.DataFrame) -> None:
        _write(path, records, occasion)
    return SurveyFile(".sav", 1, _columns(occasion.study), "v1", write)


def _columns(study: Study) -> tuple[Column, ...]:
    items = [
        Column(f"v{number:02d}", item.id, "", item.text.nl, _labels(study, item.id), "recoded")
        for number, item in enumerate(study.items.values(), 1)
    ]
    roles, tenures = (
        inline({**dict(enumerate(background_values(study, name), 1)), OPEN: "not_answered"})
        for name in ("role", "tenure")
    )
    return (
        Column("respnr", "record", "", "Respondentnummer"),
        Column("koppelcode", "link", "", LINK),
        Column("team", "team", "", TEAM),
        Column("functie", "role", "", "Functiegroep", roles),
        Column("dienstjr", "tenure", "", "Dienstjaren", tenures),
        Column("begin", "started", "", "Begin van de vragenlijst"),
        Column("eind", "submitted", "", "Einde van de vragenlijst"),
        Column("duur", "seconds", "", "Duur in seconden"),
        *items,
        Column("werkdagen", "ignore", "", "Gewerkte dagen in twee weken", note="niet in de studie"),
        Column("opm", "ignore", "", COMMENT, note=FREE_TEXT),
    )


def _labels(study: Study, item: str) -> str:
    return number_labels(study, item, {str(UNKNOWN): "dont_know", str(OPEN): "not_answered"})


def _write(path: Path, records: pd.DataFrame, occasion: Occasion) -> None:
    study, columns = occasion.study, _columns(occasion.study)
    items = {column.heading: column.target for column in columns if column.target in study.items}
    frame = _frame(records, items, occasion)[[column.heading for column in columns]]
    pyreadstat.write_sav(
        frame,
        str(path),
        file_label=f"Gesimuleerde gegevens: {occasion.organisation}, {occasion.wave.id}",
        column_labels=[column.text[:250] for column in columns],
        variable_value_labels=_value_labels(study, items),
        missing_ranges={**dict.fromkeys(items, [UNKNOWN, OPEN]), "werkdagen": [DAYS_UNKNOWN],
                        "functie": [OPEN], "dienstjr": [OPEN]},
        variable_format={"begin": MOMENT_FORMAT, "eind": MOMENT_FORMAT},
    )
    content = bytearray(path.read_bytes())
    content[CREATED_AT:CREATED_AT + len(CREATED)] = CREATED
    path.write_bytes(content)


def _frame(records: pd.DataFrame, items: dict[str, str], occasion: Occasion) -> pd.DataFrame:
    answers = records[list(items.values())].replace({NOT_ANSWERED: OPEN, DONT_KNOW: UNKNOWN})
    days = occasion.rng.choice([4, 5, 6, 7, 8, 9, 10, DAYS_UNKNOWN], len(records))
    return pd.DataFrame({
        "respnr": records["record"].str.ljust(PADDED),
        "koppelcode": records["link"].str.ljust(PADDED),
        "team": records["team"].str.ljust(PADDED),
        "functie": _positions(occasion.study, "role", records["role"]),
        "dienstjr": _positions(occasion.study, "tenure", records["tenure"]),
        "begin": records["started"],
        "eind": submitted(records),
        "duur": records["seconds"].astype(float),
        **{name: answers[item].astype(float) for name, item in items.items()},
        "werkdagen": days.astype(float),
        "opm": records["comment"],
    }, index=records.index)


def _positions(study: Study, target: str, values: pd.Series) -> np.ndarray:
    names = {value: rank for rank, value in enumerate(background_values(study, target), 1)}
    return values.map(names).fillna(OPEN).to_numpy(float)


def _value_labels(study: Study, items: dict[str, str]) -> dict[str, dict[float, str]]:
    missing = {float(UNKNOWN): "Weet ik niet", float(OPEN): "Geen antwoord"}
    found: dict[str, dict[float, str]] = {}
    for name, item in items.items():
        labels: Any = study.item_labels(item)
        low, high = bounds(study, item)
        texts = {value: labels.labels[value].nl for value in labels.values} if labels else \
            {value: str(value) for value in range(low, high + 1)}
        found[name] = {**{float(value): text for value, text in texts.items()}, **missing}
    for name, target in (("functie", "role"), ("dienstjr", "tenure")):
        sets = {each.id: study.label_sets[each.labels] for each in study.background}
        names = background_values(study, target)
        known = sets[target].labels if target in sets else {}
        texts = {value: known[value].nl if value in known else value for value in names}
        found[name] = {float(rank): texts[value] for rank, value in enumerate(names, 1)}
        found[name][float(OPEN)] = "Geen antwoord"
    found["werkdagen"] = {float(DAYS_UNKNOWN): "Weet ik niet"}
    return found
