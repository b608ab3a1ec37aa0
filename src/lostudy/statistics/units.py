"""From marked passages to what every coder judged: paragraphs, sentences or characters.

Coders mark passages of any length; coefficients of agreement need units. A unit carries a code for
a coder who marked any of its characters with it. Spaces around sentences and paragraphs belong to
no unit, so a selection that ends one space late marks nothing extra.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import DataError, Problem
from lostudy.statistics.agreement import sorted_values
from lostudy.statistics.estimates import (
    PLACELESS,
    need_choice,
    need_columns,
    need_places,
    need_share,
)
from lostudy.statistics.unitizing import merged

BLANK = 100
UNITS = ("paragraph", "sentence")
COLUMNS = ["conversation", "coder", "code", "start", "end"]
PARAGRAPH = re.compile(r"[^\r\n]+")
END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[\"'“‘„(\[]*[A-ZÀ-ÖØ-Þ0-9])")
SHORT = {"bijv", "bv", "dhr", "mw", "mevr", "dr", "drs", "ir", "ing", "prof", "nr", "blz", "st",
         "jl", "o.a", "d.w.z", "m.b.t", "t.o.v", "e.g", "i.e", "vs", "mr", "mrs", "ms"}  # fmt: skip


def text_units(texts: Mapping[Any, str], unit: str = "sentence") -> pd.DataFrame:
    """The sentences or paragraphs of conversations: a row per unit, in the order of the text.

    `texts`: the text of each conversation; `unit`: "sentence" or "paragraph" (a line). A sentence
    ends at . ! ? or … before a capital or a figure, not after common abbreviations (bijv., dhr.,
    e.g.) and single letters, and at the end of a line. Columns: conversation, start, end
    (characters, end not included).

    >>> text_units({"i": "Dat werkt, bijv. Samen. Soms niet.\\nNee!"})[["start", "end"]].values
    array([[ 0, 23],
           [24, 34],
           [35, 39]])
    """
    need_choice("unit", unit, UNITS)
    rows = [
        (conversation, start, end)
        for conversation, text in texts.items()
        for start, end in _spans(text, unit)
    ]
    frame = pd.DataFrame(rows, columns=["conversation", "start", "end"])
    return frame.astype({"start": "int64", "end": "int64"})


def _spans(text: str, unit: str) -> Iterator[tuple[int, int]]:
    for line in PARAGRAPH.finditer(text):
        cuts = [line.start(), line.end()]
        if unit == "sentence":
            cuts[1:1] = [
                end.end() for end in END.finditer(text, *line.span()) if _ends(text, end.start())
            ]
        for start, end in zip(cuts, cuts[1:], strict=False):
            words = text[start:end]
            if words.strip():
                inner = start + len(words) - len(words.lstrip())
                yield inner, inner + len(words.strip())


def _ends(text: str, point: int) -> bool:
    """Whether the point here ends a sentence, and not an abbreviation or an initial."""
    if text[point] != ".":
        return True
    word = re.split(r"[\s(\[\"'“‘„]", text[max(0, point - 12) : point])[-1].lower()
    return word not in SHORT and not (len(word) == 1 and word.isalpha())


def marked_stretches(
    segments: pd.DataFrame, lengths: Mapping[Any, float], codes: Sequence[Any] | None = None
) -> pd.DataFrame:
    """Per conversation and code the stretches that somebody marked, and who did: for characters.

    Counted by their width they give exactly what a unit per character would, without a row for
    each. `segments`: conversation, coder, code, start, end (end not included); `lengths`: the
    characters of each conversation; `codes`: those to keep (else all). Columns: conversation, code,
    start, end, and a column per coder (1 marked, 0 not).

    >>> marked = pd.DataFrame({"conversation": "i", "coder": ["A", "B"], "code": "trust",
    ...                        "start": [2, 4], "end": [5, 9]})
    >>> marked_stretches(marked, {"i": 9})[["start", "end", "A", "B"]].values.tolist()
    [[2, 4, 1, 0], [4, 5, 1, 1], [5, 9, 0, 1]]
    """
    need_columns(segments, COLUMNS)
    need_places(segments)
    rows = merged(segments if codes is None else segments[segments["code"].isin(codes)])
    _check_lengths(rows, lengths)
    known = [sorted_values(rows[column].unique()) for column in ("code", "coder")]
    names = [pd.Index(list(lengths)), *(pd.Index(each) for each in known)]
    conversation, code, coder = (
        np.tile(index.get_indexer(rows[column]), 2)
        for index, column in zip(names, ("conversation", "code", "coder"), strict=True)
    )
    at = np.concatenate([rows["start"].to_numpy(), rows["end"].to_numpy()])
    change = np.repeat([1, -1], len(rows))
    order = np.lexsort((at, code, conversation))
    stands = np.zeros((len(order), len(names[2])), dtype=np.int32)
    stands[np.arange(len(order)), coder[order]] = change[order]
    stands = np.cumsum(stands, axis=0, dtype=np.int32)
    at, following = at[order], np.append(at[order][1:], 0)
    kept = (stands > 0).any(axis=1) & (following > at)
    frame = pd.DataFrame({
        "conversation": names[0][conversation[order][kept]],
        "code": names[1][code[order][kept]], "start": at[kept], "end": following[kept],
    })  # fmt: skip
    return frame.assign(**{str(name): stands[kept, i] for i, name in enumerate(names[2])})


def _check_lengths(rows: pd.DataFrame, lengths: Mapping[Any, float]) -> None:
    unknown = ~rows["conversation"].isin(list(lengths))
    if unknown.any():
        what = f"{int(unknown.sum())} passages of a conversation without a length"
        raise DataError(Problem(what, "give the length of each conversation"))
    outside = (rows["start"] < 0) | (rows["end"] > rows["conversation"].map(lengths).astype(float))
    if outside.any():
        what = f"{int(outside.sum())} passages reach beyond the conversation"
        raise DataError(Problem(what, "correct their start and end"))


@dataclass(frozen=True)
class Marks:
    """Who marked which unit with which code, as numbers: each combination once.

    `unit`, `coder` and `code` are places in the units, in `coders` and in `codes`.
    """

    unit: np.ndarray
    coder: np.ndarray
    code: np.ndarray
    coders: list[Any]
    codes: list[Any]


def coder_marks(
    segments: pd.DataFrame,
    units: pd.DataFrame,
    codes: Sequence[Any] | None = None,
    least: float = 0.0,
) -> Marks:
    """Which units each coder marked with which code.

    `segments`: conversation, coder, code, start, end (end not included); `units`: of `text_units`.
    `codes`: those of the codebook, also where nobody used them (else those in
    `segments`); passages with other codes are left out. `least`: the share of a unit that must be
    marked; 0 means any character.

    >>> units = pd.DataFrame({"conversation": "i", "start": [0, 10], "end": [9, 20]})
    >>> marked = pd.DataFrame({"conversation": "i", "coder": "A", "code": "trust",
    ...                        "start": [5], "end": [10]})
    >>> coder_marks(marked, units).unit.tolist()
    [0]
    """
    need_columns(segments, COLUMNS)
    need_columns(units, ["conversation", "start", "end"])
    need_share("least", least)
    need_places(segments)
    known = sorted_values(segments["code"].unique()) if codes is None else list(codes)
    rows = segments[segments["code"].isin(known)]
    rows = merged(rows) if least > 0 else rows
    coders = sorted_values(rows["coder"].unique())
    first, last = _reach(rows, units)
    count = np.maximum(last - first, 0)
    unit = np.repeat(first, count) + steps(count)
    which = [pd.Index(names).get_indexer(rows[column])
             for names, column in ((coders, "coder"), (known, "code"))]  # fmt: skip
    coder, code = (np.repeat(each, count) for each in which)
    key = (unit * len(coders) + coder) * len(known) + code
    if least > 0:
        key = key[_covered(rows, units, unit, key, count) >= least - 1e-12]
    key = np.unique(key)
    rest, code = np.divmod(key, max(len(known), 1))
    unit, coder = np.divmod(rest, max(len(coders), 1))
    return Marks(unit, coder, code, coders, known)


def _reach(rows: pd.DataFrame, units: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The first unit that each passage touches, and the one after the last."""
    names = pd.Index(units["conversation"].unique())
    place = names.get_indexer(units["conversation"])
    if (np.diff(place) < 0).any() or (units["start"] >= units["end"]).any():
        raise DataError(Problem("units out of order", "give them as text_units returns them"))
    where = names.get_indexer(rows["conversation"])
    if (where < 0).any():
        what = f"{int((where < 0).sum())} passages of a conversation without units"
        raise DataError(Problem(what, "give the units of every coded conversation"))
    _check_ends(rows, units)
    longest = max((int(each["end"].max()) for each in (units, rows) if len(each)), default=0)
    step = longest + 1
    starts, ends = ((place * step + units[side]).to_numpy() for side in ("start", "end"))
    if (starts[1:] < ends[:-1]).any():
        raise DataError(Problem("units that overlap", "give them as text_units returns them"))
    first = np.searchsorted(ends, where * step + rows["start"].to_numpy(), "right")
    return first, np.searchsorted(starts, where * step + rows["end"].to_numpy(), "left")


def _check_ends(rows: pd.DataFrame, units: pd.DataFrame) -> None:
    """Passages beyond the last unit of their conversation; some blank lines may follow that."""
    last = rows["conversation"].map(units.groupby("conversation")["end"].max()).astype(float)
    beyond = (rows["start"] >= last) | (rows["end"] > last + BLANK)
    if beyond.any():
        what = f"{int(beyond.sum())} of {len(rows)} passages reach beyond the text"
        raise DataError(Problem(what, f"correct their start and end; else {PLACELESS}"))


def steps(count: np.ndarray) -> np.ndarray:
    """0, 1, … up to each of `count`, one after the other.

    >>> steps(np.array([2, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    ends = np.cumsum(count)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - count, count)


def _covered(
    rows: pd.DataFrame, units: pd.DataFrame, unit: np.ndarray, key: np.ndarray, count: np.ndarray
) -> np.ndarray:
    """Per mark, the share of its unit that the passages of this coder and code cover together."""
    start, end = units["start"].to_numpy()[unit], units["end"].to_numpy()[unit]
    low = np.maximum(start, np.repeat(rows["start"].to_numpy(), count))
    high = np.minimum(end, np.repeat(rows["end"].to_numpy(), count))
    _, place = np.unique(key, return_inverse=True)
    together = np.bincount(place, weights=high - low)
    return np.asarray(together[place] / (end - start))


def ratings_of(marks: Marks, code: Any, units: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """What each coder said of each unit about one code: a row per unit, a column per coder.

    `marks`: of `coder_marks`, made with the same `units`; `code`: the code; `coded`: conversation
    and coder, a row for each conversation that a coder judged. 1 marked, 0 not marked, missing
    where the coder did not judge the conversation: what `krippendorff_alpha` and `code_agreement`
    take.

    >>> units = pd.DataFrame({"conversation": "i", "start": [0, 10], "end": [9, 20]})
    >>> marked = pd.DataFrame({"conversation": "i", "coder": "A", "code": "trust",
    ...                        "start": [5], "end": [10]})
    >>> both = pd.DataFrame({"conversation": "i", "coder": ["A", "B"]})
    >>> ratings_of(coder_marks(marked, units), "trust", units, both).values.tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    need_choice("code", code, marks.codes)
    need_columns(coded, ["conversation", "coder"])
    coders = sorted_values(coded["coder"].unique())
    pairs = pd.MultiIndex.from_frame(coded[["conversation", "coder"]].drop_duplicates())
    table = {}
    for coder in coders:
        asked = units["conversation"].isin(pairs[pairs.get_level_values(1) == coder]
                                           .get_level_values(0)).to_numpy()  # fmt: skip
        said = np.zeros(len(units))
        if coder in marks.coders:
            mine = (marks.coder == marks.coders.index(coder)) & (
                marks.code == marks.codes.index(code)
            )
            said[marks.unit[mine]] = 1.0
        table[coder] = np.where(asked, said, np.nan)
    return pd.DataFrame(table, index=units.index)
