"""The records of an organisation → `responses` and `missing`, one name per person over the waves.

Linking codes and record ids are used here for the last time; neither leaves this module.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from lostudy.cleaning.log import Change
from lostudy.cleaning.people import link, person_keys, study_key
from lostudy.cleaning.survey import SurveyRows, missing_rows
from lostudy.study import Study

CODE = "code"
NAMED = {
    CODE: "a keyed hash of the linking code, which is then forgotten",
    "record": "a keyed hash of wave and record number",
    "content": "a keyed hash of wave and content of the record",
}


def responses_and_missing(
    study: Study, organisation: str, parts: list[SurveyRows], changes: list[Change]
) -> dict[str, pd.DataFrame]:
    """Both tables, with persons linked over the waves; who was is added to `changes`."""
    if not parts:
        return {"responses": pd.DataFrame(), "missing": pd.DataFrame()}
    order = pd.CategoricalDtype([wave.id for wave in study.waves], ordered=True)
    sizes = [len(part.responses) for part in parts]
    everyone = pd.concat([part.responses for part in parts], ignore_index=True)
    for part in parts:
        part.responses = part.responses[["wave"]]
    everyone["person"], near = _persons(study, organisation, everyone, order)
    files = np.repeat([part.file for part in parts], sizes)
    changes += _log_names(parts, files, everyone) + _log_near(files, everyone, near)
    everyone = everyone.drop(columns=["code", "name"])
    missing = _missing(parts, everyone["person"], sizes)
    everyone["linked"] = _linked(everyone)
    changes += _log_links(everyone)
    return {"responses": _ordered(everyone, ["wave", "person", "row"], order), "missing": missing}


def _linked(everyone: pd.DataFrame) -> pd.Series:
    """Whether the person counts at more than one wave."""
    pairs = everyone.loc[everyone["included"], ["person", "wave"]].drop_duplicates()
    often = pairs.loc[pairs["person"].duplicated(), "person"]
    return everyone["person"].isin(often)


def _missing(parts: list[SurveyRows], persons: pd.Series, sizes: list[int]) -> pd.DataFrame:
    ends = pd.Series(sizes).cumsum()
    frames = [
        missing_rows(part.responses, persons.iloc[end - size : end], part.reasons)
        for part, size, end in zip(parts, sizes, ends, strict=True)
    ]
    return stack(frames).sort_values(["wave", "person", "item"], ignore_index=True)


def _ordered(
    frame: pd.DataFrame, columns: list[str], order: pd.CategoricalDtype
) -> pd.DataFrame:
    """The rows in the order of these columns, waves in the order of the study."""
    return frame.sort_values(columns, key=_in_order(order), ignore_index=True)


def _in_order(order: pd.CategoricalDtype) -> Callable[[pd.Series], pd.Series]:
    return lambda column: column.astype(order).cat.codes if column.name == "wave" else column


def _persons(
    study: Study, organisation: str, everyone: pd.DataFrame, order: pd.CategoricalDtype
) -> tuple[pd.Series, pd.Series]:
    """The name of who answered, and which records have it from a code that differs a little."""
    key = study_key(study)
    coded = everyone["included"] & (everyone["code"] != "")
    codes = everyone.loc[coded, ["wave", "code"]]
    found = link(codes.astype({"wave": order}), study.cleaning.link_elements)
    rest = everyone.loc[~coded, ["wave", "name"]]
    alone = [(organisation, *place) for place in rest.itertuples(index=False, name=None)]
    linked = [(organisation, CODE, code) for code in found.tolist()]
    persons = person_keys(key, [*linked, *alone])
    index = found.index.append(rest.index)
    near = (found != codes["code"]).reindex(everyone.index, fill_value=False)
    return pd.Series(persons, index=index, dtype="str").reindex(everyone.index), near


def _log_names(
    parts: list[SurveyRows], files: np.ndarray, everyone: pd.DataFrame
) -> list[Change]:
    """What the persons of each delivery are named after: their code, else record or content."""
    coded = (everyone["included"] & (everyone["code"] != "")).to_numpy()
    changes = []
    for part in parts:
        mine = files == part.file
        for named, cells in ((CODE, coded & mine), (part.named, ~coded & mine)):
            if cells.any():
                what = ("responses", "*", "person", "C17", "named", NAMED[named])
                changes.append(Change(part.file, *what, cells=int(cells.sum()), to=named))
    return changes


def _log_near(files: np.ndarray, everyone: pd.DataFrame, near: pd.Series) -> list[Change]:
    """A line for each record that is linked although its code is not the very same."""
    rows = everyone.loc[near, ["row", "person"]]
    why = "the only code of another wave that differs in one element, and the reverse"
    return [
        Change(file, "responses", str(row), "person", "C16", "linked", why, to=person)
        for file, row, person in zip(files[near], rows["row"], rows["person"], strict=True)
    ]


def _log_links(everyone: pd.DataFrame) -> list[Change]:
    """How many records of each wave were found at another wave; no single link is written."""
    counts = everyone[everyone["linked"] & everyone["included"]].groupby("wave").size()
    return [
        Change("*", "responses", "*", "person", "C16", "linked", _why(wave), cells=int(count))
        for wave, count in counts.items()
    ]


def _why(wave: object) -> str:
    return f"found at another wave than {wave} too"


def stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The filled frames under each other; categories become those of all."""
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    if len(filled) < 2:
        return filled[0] if filled else pd.DataFrame()
    columns = {str(column): [frame[column] for frame in filled] for column in filled[0]}
    return pd.DataFrame({column: _column(parts) for column, parts in columns.items()})


def _column(parts: list[pd.Series]) -> pd.Series:
    if isinstance(parts[0].dtype, pd.CategoricalDtype):
        return pd.Series(pd.api.types.union_categoricals(parts))
    return pd.concat(parts, ignore_index=True)
