"""What is wrong with the deliveries on purpose: planted in the records, each one remembered.

defects.csv says how many of which kind stand where. No record carries two defects, so that each
can be looked for by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from lostudy.simulate.effects import PROFILES
from lostudy.simulate.forms import Occasion, SurveyFile, day
from lostudy.simulate.model import NOT_ANSWERED, bounds, wave_window

RULES = {
    "cp1252": "C1", "email": "C2", "out_of_range": "C6", "duplicate": "C8", "test": "C9",
    "preview": "C9", "before_launch": "C9", "break_off": "C10", "empty": "C10", "speeder": "C11",
    "straight": "C12", "careless": "C15", "team_alias": "C18", "late": "C19",
    "utf16_offsets": "C23", "byte_offsets": "C23", "coder_alias": "C23", "code_spelling": "C23",
    "code_outside_codebook": "C23",
}
NOBODY = ("test", "preview", "empty")       # rows behind which no respondent stands
OUT_OF_RANGE = (6, 55)
COMMENTS = (
    "Geïnspireerd door het gesprek van vorige week.",
    "Deze vragen zijn vóór de crèche-teams niet allemaal passend.",
    "Lange lijst, wel herkenbaar.",
    "Ik mis een vraag over samenwerken met scholen.",
)
EMAIL_COMMENT = "Graag een terugkoppeling naar iemand.{number}@example.org"


@dataclass(frozen=True)
class Defect:
    """One planted defect; `row` counts as a spreadsheet does, None where it is the whole file."""

    organisation: str
    wave: str
    file: str
    kind: str
    rule: str
    row: int | None = None
    column: str = ""
    other_row: int | None = None


def plant(records: pd.DataFrame, occasion: Occasion) -> pd.DataFrame:
    """The records with their defects, in the order in which a tool writes them.

    Columns `defect`, `defect_item` and `twin` say what was planted; writers do not look at them.
    """
    rng = np.random.default_rng([occasion.seed, occasion.rank, occasion.number, 202])
    records = _prepared(records, rng)
    for kind, count in planned(occasion).items():
        if kind in PLANTERS:
            rows = _free(records, kind, count, occasion, rng)
            records = PLANTERS[kind](records, rows, occasion, rng)
    records = records.sort_values(["started", "person"], kind="stable").reset_index(drop=True)
    return records.assign(record=_record_numbers(len(records), occasion, rng))


def planned(occasion: Occasion) -> dict[str, int]:
    """Kind of defect -> how many at this occasion."""
    with (files("lostudy.simulate") / "defects.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    here = (table["profile"] == occasion.rank % PROFILES + 1) & (table["wave"] == occasion.number)
    return dict(zip(table[here]["kind"], table[here]["count"], strict=True))


def found_at(records: pd.DataFrame, occasion: Occasion, survey: SurveyFile) -> list[Defect]:
    """Where each planted defect stands in the written file."""
    file = f"{occasion.organisation}/{occasion.wave.id}/survey{survey.suffix}"
    headings = {column.target: column.heading for column in survey.columns}
    rows = range(survey.first_row, survey.first_row + len(records))
    row_of = dict(zip(records["person"] + records["defect"], rows, strict=True))
    found = in_file(occasion, file, ["cp1252"] if "cp1252" in planned(occasion) else [])
    columns = (records[name] for name in ("defect", "defect_item", "twin"))
    for row, kind, item, twin in zip(rows, *columns, strict=True):
        if kind:
            found.append(Defect(
                occasion.organisation, occasion.wave.id, file, kind, RULES[kind], row,
                headings.get(item, ""), row_of.get(twin) if twin else None,
            ))
    return found


def persons_by_row(records: pd.DataFrame, survey: SurveyFile) -> dict[str, str]:
    """Row in the written file -> who really answered there; rows of nobody are left out."""
    rows = range(survey.first_row, survey.first_row + len(records))
    triples = zip(rows, records["person"], records["defect"], strict=True)
    return {str(row): person for row, person, defect in triples if defect not in NOBODY}


def in_file(occasion: Occasion, file: str, kinds: Iterable[str]) -> list[Defect]:
    """Defects of a whole file: how a coding tool counts, spells or names."""
    place = (occasion.organisation, occasion.wave.id, file)
    return [Defect(*place, kind, RULES[kind]) for kind in kinds]


def _prepared(records: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    said = rng.random(len(records)) < 0.06
    comments = np.where(said, rng.choice(np.array(COMMENTS), len(records)), "")
    return records.reset_index(drop=True).assign(
        comment=comments, preview=False, defect="", defect_item="", twin=""
    )


def _free(
    records: pd.DataFrame, kind: str, count: int, occasion: Occasion, rng: np.random.Generator
) -> np.ndarray:
    """Rows that carry no defect yet and can carry this one."""
    fit = (records["defect"] == "") & ~records["twin"].ne("") & (records["comment"] == "")
    fit &= (records["link"] != "") & (records["seconds"] < 1800) & (records["role"] != "leader")
    fit &= ~records["person"].isin(records["twin"])
    if kind == "team_alias":
        fit &= records["team"].isin(set(_aliases(occasion).values()))
    chosen = rng.permutation(records.index[fit])[:count]
    return np.sort(chosen)


def _aliases(occasion: Occasion) -> dict[str, str]:
    return occasion.study.organisation(occasion.organisation).team_aliases


def _items(occasion: Occasion) -> list[str]:
    return list(occasion.study.items)


def _marked(records: pd.DataFrame, rows: np.ndarray, kind: str) -> pd.DataFrame:
    records = records.copy()
    records.loc[rows, "defect"] = kind
    return records


def _duplicate(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    """A first attempt, without the last quarter, an hour before the complete one."""
    items = _items(occasion)
    first = records.loc[rows].copy()
    first.loc[:, items[3 * len(items) // 4:]] = NOT_ANSWERED
    first = first.assign(
        started=first["started"] - pd.Timedelta(hours=1),
        seconds=(first["seconds"] * 0.75).round(), defect="duplicate", twin=first["person"],
    )
    return pd.concat([records, first], ignore_index=True)


def _trial(kind: str, **changes: Any) -> Callable[..., pd.DataFrame]:
    def plant_trial(
        records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
    ) -> pd.DataFrame:
        """Rows of whoever tried the form before it opened."""
        opens = day(wave_window(occasion.study, occasion.wave)[0])
        tried = [opens - dt.timedelta(days=2, minutes=int(minute))
                 for minute in rng.permutation(300)[:len(rows)]]
        people = [f"{kind}-{number}" for number in range(len(rows))]
        extra = records.loc[rows].assign(
            person=people, started=tried, seconds=240.0, defect=kind, **changes
        )
        values = {item: rng.integers(low, high + 1, len(rows))
                  for item in _items(occasion) for low, high in [bounds(occasion.study, item)]}
        return pd.concat([records, extra.assign(**values)], ignore_index=True)
    return plant_trial


def _empty(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    """Somebody opened the form and closed it again."""
    blank = dict.fromkeys(_items(occasion), NOT_ANSWERED)
    extra = records.loc[rows].assign(
        person=[f"empty-{number}" for number in range(len(rows))], defect="empty", seconds=12.0,
        link="", team="", role="", tenure="", **blank,
    )
    return pd.concat([records, extra], ignore_index=True)


def _break_off(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    records = _marked(records, rows, "break_off")
    items = _items(occasion)
    for row in rows:
        stop = int(rng.integers(len(items) // 4, len(items) // 2))
        records.loc[row, items[stop:]] = NOT_ANSWERED
        records.loc[row, "seconds"] = np.round(records.loc[row, "seconds"] * stop / len(items))
    return records


def _straight(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    """The same answer to everything, reversed items too."""
    records = _marked(records, rows, "straight")
    limits = [bounds(occasion.study, item) for item in _items(occasion)]
    answers = np.array([min(high - 1, low + 3) for low, high in limits], dtype="int8")
    records.loc[rows, _items(occasion)] = np.tile(answers, (len(rows), 1))
    return records


def _speeder(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    """Done in a second an item; the answers look ordinary."""
    records = _marked(records, rows, "speeder")
    per_item = rng.uniform(0.7, 1.2, len(rows))
    records.loc[rows, "seconds"] = (len(_items(occasion)) * per_item).round()
    return records


def _careless(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    """Both at once: two independent families of evidence, which the frozen rule leaves out."""
    records = _speeder(_straight(records, rows, occasion, rng), rows, occasion, rng)
    return _marked(records, rows, "careless")


def _out_of_range(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    records = _marked(records, rows, "out_of_range")
    items = rng.permutation(_items(occasion))[:len(rows)]
    for number, (row, item) in enumerate(zip(rows, items, strict=True)):
        records.loc[row, item] = OUT_OF_RANGE[number % len(OUT_OF_RANGE)]
        records.loc[row, "defect_item"] = item
    return records


def _team_alias(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    """A name of a team that only the organisation itself uses."""
    records = _marked(records, rows, "team_alias")
    spoken = {team: alias for alias, team in _aliases(occasion).items()}
    records.loc[rows, "team"] = records.loc[rows, "team"].map(spoken)
    records.loc[rows, "defect_item"] = "team"
    return records


def _email(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    records = _marked(records, rows, "email")
    records.loc[rows, "comment"] = [EMAIL_COMMENT.format(number=int(row)) for row in rows]
    return records


def _before_launch(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    records = _marked(records, rows, "before_launch")
    opens = day(wave_window(occasion.study, occasion.wave)[0])
    records.loc[rows, "started"] = opens - pd.Timedelta(days=5) + pd.Timedelta(hours=14)
    return records


def _late(
    records: pd.DataFrame, rows: np.ndarray, occasion: Occasion, rng: np.random.Generator
) -> pd.DataFrame:
    records = _marked(records, rows, "late")
    closes = day(wave_window(occasion.study, occasion.wave)[1])
    records.loc[rows, "started"] = closes + pd.Timedelta(days=4) + pd.Timedelta(hours=10)
    return records


def _record_numbers(size: int, occasion: Occasion, rng: np.random.Generator) -> list[str]:
    """The tool's own number of each record, as text."""
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))
    if occasion.rank % PROFILES == 1:
        return ["R_" + "".join(row) for row in rng.choice(letters, (size, 15))]
    if occasion.rank % PROFILES == 2:
        return [f"R{number:04d}" for number in range(1, size + 1)]
    return [str(number) for number in range(1, size + 1)]


PLANTERS: dict[str, Callable[..., pd.DataFrame]] = {
    "duplicate": _duplicate,
    "test": _trial("test", link="TEST"),
    "preview": _trial("preview", preview=True, link=""),
    "empty": _empty,
    "break_off": _break_off,
    "straight": _straight,
    "speeder": _speeder,
    "careless": _careless,
    "out_of_range": _out_of_range,
    "team_alias": _team_alias,
    "email": _email,
    "before_launch": _before_launch,
    "late": _late,
}
