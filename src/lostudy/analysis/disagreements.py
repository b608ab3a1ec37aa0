"""Where coders part, with what both marked: to talk about, while working; never in a run."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from lostudy import statistics as st
from lostudy.analysis.coding import FAR, coded_twice, conversations_asked, placed, wanted_themes
from lostudy.analysis.looking import Rows, outside_a_run
from lostudy.analysis.opening import View

COLUMNS = [
    "interview", "kind", "code", "coder", "start", "end", "text", "other", "other_code",
    "other_start", "other_end", "other_text", "shared",
]  # fmt: skip


def disagreements(view: View, themes: list[str] | None = None) -> Rows:
    """Each place where two coders of one conversation part, with both passages.

    `themes`: codes, default those of the question or all that were given; each as it was given,
    without what stands under it. Kinds as in `lostudy.statistics.disagreements`. Passages without a
    place in a text are at the same place where their words are the same; no place is shown for
    them. Raises DisclosureError in a run: the rows hold what people said.
    """
    outside_a_run()
    return Rows(parted(view, themes))


def parted(view: View, themes: list[str] | None = None) -> pd.DataFrame:
    """The rows of `disagreements`: COLUMNS."""
    wanted = wanted_themes(view, themes)
    judged = coded_twice(conversations_asked(view))
    said = view.processed("segments")
    said = said[said["code"].isin(wanted) & said["interview"].isin(judged["interview"])]
    said = placed(said.rename(columns={"interview": "conversation"}))
    coders = {str(name): sorted(set(each)) for name, each in judged.groupby("interview")["coder"]}
    couples = sorted({couple for each in coders.values() for couple in combinations(each, 2)})
    rows = []
    for one, two in couples:
        both = [name for name, each in coders.items() if one in each and two in each]
        own = said[said["conversation"].isin(both) & said["coder"].isin([one, two])]
        if len(own):
            rows.append(_between(own, one, two))
    if not rows:
        return pd.DataFrame(columns=COLUMNS)
    places = ["start", "end", "other_start", "other_end"]
    table = pd.concat(rows, ignore_index=True).rename(columns={"conversation": "interview"})
    table = table.reindex(columns=COLUMNS).astype(dict.fromkeys(places, "Int64"))
    table["text"] = _texts(table, said, "coder", "code", "start", "end")
    table["other_text"] = _texts(table, said, "other", "other_code", "other_start", "other_end")
    for start, end in (("start", "end"), ("other_start", "other_end")):
        unknown = (table[start] >= FAR).fillna(False)
        table[[start, end]] = table[[start, end]].mask(unknown)
    return table


def _between(own: pd.DataFrame, one: str, two: str) -> pd.DataFrame:
    """Where two part; a coder who marked nothing at all parts from the other at each passage."""
    if own["coder"].nunique() == 2:
        return st.disagreements(own, one, two)
    other = own["coder"].map({one: two, two: one})
    return own.assign(other=other, shared=0.0, kind="not marked")


def _texts(table: pd.DataFrame, said: pd.DataFrame, *place: str) -> list[str]:
    """What each passage says; of passages that were joined the words of each."""
    known = dict(iter(said.groupby(["conversation", "coder", "code"])))
    nothing = said.iloc[:0]
    found = []
    for conversation, coder, code, start, end in table[["interview", *place]].itertuples(
        index=False, name=None
    ):
        own = nothing if pd.isna(start) else known.get((conversation, coder, code), nothing)
        inside = own[(own["start"] >= start) & (own["end"] <= end)] if len(own) else own
        texts = inside.sort_values(["start", "end"])["text"].fillna("")
        found.append(" … ".join(dict.fromkeys(texts)))
    return found
