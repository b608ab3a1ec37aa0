"""Two coders' passages side by side: as MAXQDA and NVivo count them, and where they part.

The percentages and kappas here are those that users of these programs know, so that a number from
there can be found again. For a judgement use `agreement_by_code` and `unitizing_alpha`: a kappa by
characters treats neighbouring characters as if they were coded independently, and one by segments
knows nothing of text that neither marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lostudy.errors import Problem, StudyError
from lostudy.statistics.agreement import NO_PAIRS, NO_VARIATION, sorted_values
from lostudy.statistics.estimates import need_columns, need_places, need_share
from lostudy.statistics.kappas import kappa_of
from lostudy.statistics.unitizing import merged
from lostudy.statistics.units import COLUMNS, marked_stretches, steps

WEIGHTS = np.eye(2)
SIDES = ("one", "two")
PLACES = ["conversation", "code", "coder", "start", "end"]


def segment_agreement(
    segments: pd.DataFrame, one: Any, two: Any, least: float = 0.9
) -> pd.DataFrame:
    """Of all passages of two coders, how many the other marked too, as in MAXQDA: a row per code.

    `segments`: conversation, coder, code, start, end; `one`, `two`: the coders. A passage agrees
    where the other coder has one with the same code, and the part they share is at least `least` of
    what the two cover together (MAXQDA's rate of intersection, 90 % unless told). The last row,
    code "all", holds all codes. `kappa`: Brennan & Prediger's (1981), chance being one over the
    number of codes, as Rädiker & Kuckartz's Kappa (RK), in the last row. Columns: code, agree,
    only_one, only_two, percent (a share), kappa, note.

    >>> marked = pd.DataFrame({"conversation": "i", "coder": ["A", "B", "A", "B"],
    ...                        "code": ["trust", "trust", "fear", "fear"],
    ...                        "start": [0, 0, 20, 28], "end": [10, 10, 30, 38]})
    >>> segment_agreement(marked, "A", "B")[["code", "agree", "percent", "kappa"]].values.tolist()
    [['fear', 0, 0.0, nan], ['trust', 2, 1.0, nan], ['all', 2, 0.5, 0.0]]
    """
    need_share("least", least)
    mine, pairs = _pairs(segments, one, two)
    good = pairs[pairs["shared"] >= least - 1e-12]
    mine = mine.assign(agrees=mine.index.isin(good["row_one"]) | mine.index.isin(good["row_two"]))
    apart = {side: (~mine["agrees"]) & (mine["coder"] == coder)
             for side, coder in zip(SIDES, (one, two), strict=True)}  # fmt: skip
    counts = (
        mine.assign(only_one=apart["one"], only_two=apart["two"])
        .groupby("code", sort=True)[["agrees", "only_one", "only_two"]]
        .sum()
        .rename(columns={"agrees": "agree"})
    )
    codes = len(counts)
    table = pd.concat([counts, counts.sum().to_frame("all").T]).astype("int64")
    share = table["agree"] / table.sum(axis=1).replace(0, np.nan)
    table = table.assign(percent=share, kappa=np.nan, note="")
    chance = 1 / codes if codes else np.nan
    table["note"] = table["note"].astype(object)
    if codes > 1:
        table.loc["all", "kappa"] = (share.loc["all"] - chance) / (1 - chance)
    else:
        table.loc["all", "note"] = NO_VARIATION if codes else NO_PAIRS
    return table.rename_axis("code").reset_index()


def character_agreement(
    segments: pd.DataFrame, lengths: Mapping[Any, int], one: Any, two: Any
) -> pd.DataFrame:
    """Percentage and kappa by characters, as in NVivo's coding comparison.

    `segments`: conversation, coder, code, start, end; `lengths`: the characters of each
    conversation; `one`, `two`: the coders. A row per code and conversation, and one with
    conversation "all" per code, its characters taken together. Cohen's (1960) kappa of coded
    against not coded. NVivo writes kappa 1 where neither coded anything; here it is missing, "no
    variation". Columns: code, conversation, both, only_one, only_two, neither (characters), percent
    (a share), kappa, note.

    The example of NVivo's manual: 1,000 characters, 50 coded by both and 150 by one:

    >>> marked = pd.DataFrame({"conversation": "i", "coder": ["A", "B"], "code": "trust",
    ...                        "start": [0, 150], "end": [200, 200]})
    >>> character_agreement(marked, {"i": 1000}, "A", "B")["percent"].tolist()
    [0.85, 0.85]
    """
    found = marked_stretches(_of_two(segments, one, two), lengths)
    width = (found["end"] - found["start"]).astype(float)
    mine, theirs = (
        found[str(coder)] > 0 if str(coder) in found else pd.Series(False, index=found.index)
        for coder in (one, two)
    )
    keys = ["code", "conversation"]
    parts = {"both": mine & theirs, "only_one": mine & ~theirs, "only_two": ~mine & theirs}
    table = found[keys].assign(**{name: width.where(which, 0.0) for name, which in parts.items()})
    codes = sorted_values(found["code"].unique())
    index = pd.MultiIndex.from_product([codes, list(lengths)], names=keys)
    table = table.groupby(keys, sort=False)[list(parts)].sum().reindex(index, fill_value=0.0)
    size = index.get_level_values(1).map(lengths).to_numpy(dtype=float)
    table["neither"] = size - table.sum(axis=1)
    whole = table.groupby("code", sort=False).sum().assign(conversation="all")
    rows = pd.concat([table.reset_index(), whole.reset_index()])
    rows = rows.sort_values("code", kind="stable", key=lambda each: each.map(codes.index))
    return _with_kappa(rows.set_index(keys).astype("int64")).reset_index()


def _with_kappa(table: pd.DataFrame) -> pd.DataFrame:
    counts = table.to_numpy(dtype=float)
    total = counts.sum(axis=1)
    kappas = [
        kappa_of(np.array([[a, b], [c, d]]), WEIGHTS)[0] if a + b + c + d else np.nan
        for a, b, c, d in counts
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        percent = (counts[:, 0] + counts[:, 3]) / total
    note = pd.Series(np.where(np.isfinite(kappas), "", NO_VARIATION), index=table.index)
    return table.assign(percent=percent, kappa=kappas, note=note)


def disagreements(segments: pd.DataFrame, one: Any, two: Any, least: float = 1.0) -> pd.DataFrame:
    """Where two coders part: a row per difference, with the places of both passages.

    `segments`: conversation, coder, code, start, end; `one`, `two`: the coders; `least`: the shared
    part from which two passages are the same (1: to the character). Kinds: "other borders" (both
    marked the code, at places that differ), "other code" (the other coder marked the place, with
    another code: one row for each), "not marked" (the other marked nothing there). For talking
    about, which is what disagreement is good for. Columns: conversation, code, coder, start, end,
    other (coder), other_code, other_start, other_end, shared (of what both cover together), kind.

    >>> marked = pd.DataFrame({"conversation": "i", "coder": ["A", "B", "A"],
    ...                        "code": ["trust", "trust", "fear"], "start": [0, 2, 50],
    ...                        "end": [10, 10, 60]})
    >>> disagreements(marked, "A", "B")[["code", "other_start", "kind"]].values.tolist()
    [['trust', 2, 'other borders'], ['fear', <NA>, 'not marked']]
    """
    need_share("least", least)
    mine, pairs = _pairs(segments, one, two)
    borders = pairs[pairs["shared"] < least - 1e-12].assign(kind="other borders")
    alone = mine[~(mine.index.isin(pairs["row_one"]) | mine.index.isin(pairs["row_two"]))]
    alone = alone.assign(other=np.where(alone["coder"] == one, two, one))
    return _listed(pd.concat([borders, _elsewhere(alone, mine)]))


def _listed(rows: pd.DataFrame) -> pd.DataFrame:
    columns = [*PLACES, "other", "other_code", "other_start", "other_end", "shared", "kind"]
    table = rows.reindex(columns=columns).sort_values(
        ["conversation", "start", "end", "code", "coder", "other_code", "other_start"],
        kind="stable",
    )
    places = ["start", "end", "other_start", "other_end"]
    return table.astype(dict.fromkeys(places, "Int64")).reset_index(drop=True)


def _of_two(segments: pd.DataFrame, one: Any, two: Any) -> pd.DataFrame:
    need_columns(segments, COLUMNS)
    if one == two:
        raise StudyError(Problem("one coder beside themselves", "name two coders"))
    known = set(segments["coder"])
    problems = [Problem(f"no passage is by coder '{coder}'", "write the name as in the passages")
                for coder in (one, two) if len(known) and coder not in known]
    if problems:
        raise StudyError(problems)
    mine = segments[segments["coder"].isin([one, two])]
    need_places(mine)
    return merged(mine)


def _pairs(segments: pd.DataFrame, one: Any, two: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The passages of both, and each pair with one code that overlaps, with the part they share."""
    mine = _of_two(segments, one, two)
    sides = [mine[mine["coder"] == coder].rename_axis("row").reset_index() for coder in (one, two)]
    pairs = sides[0].merge(sides[1], on=["conversation", "code"], suffixes=("_one", "_two"))
    shared = _shared(pairs)
    pairs = pairs.assign(shared=shared, other_code=pairs["code"])[shared > 0]
    names = {f"{name}_one": name for name in ("coder", "start", "end")}
    names |= {"coder_two": "other", "start_two": "other_start", "end_two": "other_end"}
    return mine, pairs.rename(columns=names)


def _shared(pairs: pd.DataFrame) -> np.ndarray:
    sides = [pairs[["start_one", "end_one"]], pairs[["start_two", "end_two"]]]
    (start, end), (low, high) = (side.to_numpy(dtype=float).T for side in sides)
    common = np.maximum(np.minimum(end, high) - np.maximum(start, low), 0)
    return np.asarray(common / (end - start + high - low - common))


def _elsewhere(alone: pd.DataFrame, mine: pd.DataFrame) -> pd.DataFrame:
    """What the other coder marked at the places that only one marked with this code."""
    left, right = _touching(alone, mine)
    both = pd.concat([
        alone.iloc[left].add_suffix("_one").reset_index(drop=True),
        mine.iloc[right].add_suffix("_two").reset_index(drop=True),
    ], axis=1)  # fmt: skip
    other = (both["other_one"] == both["coder_two"]).to_numpy()
    both, rest = both[other], alone[~np.isin(np.arange(len(alone)), left[other])]
    both = both.assign(shared=_shared(both), kind="other code")
    names = {f"{name}_one": name for name in [*PLACES, "other"]}
    names |= {f"{name}_two": f"other_{name}" for name in ("code", "start", "end")}
    return pd.concat([both.rename(columns=names), rest.assign(shared=0.0, kind="not marked")])


def _touching(one: pd.DataFrame, two: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Places in `one` and in `two` of passages that share a character."""
    names = pd.Index(two["conversation"].unique())
    step = 2 * int(two["end"].max() if len(two) else 0) + 1
    (left, left_end), (right, right_end) = (
        (names.get_indexer(rows["conversation"]) * step + rows[["start", "end"]].to_numpy().T)
        for rows in (one, two)
    )
    order = np.argsort(right, kind="stable")
    longest = int((right_end - right).max()) if len(two) else 0
    first = np.searchsorted(right[order], left - longest, "right")
    count = np.maximum(np.searchsorted(right[order], left_end, "left") - first, 0)
    pairs = np.repeat(np.arange(len(one)), count)
    found = order[np.repeat(first, count) + steps(count)]
    kept = right_end[found] > left[pairs]
    return pairs[kept], found[kept]
