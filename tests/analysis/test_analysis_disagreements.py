"""The list of where coders part: nothing forgotten, the words of both, never in a run."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

import lostudy as lo
from lostudy.analysis.disagreements import COLUMNS, parted
from lostudy.errors import DisclosureError


@pytest.fixture(scope="module")
def listed(opened: Callable) -> tuple[lo.View, pd.DataFrame]:
    view = opened()
    return view, parted(view)


def marked(view: lo.View) -> pd.DataFrame:
    """The passages of conversations that were coded by two, straight from the tables."""
    interviews = view.processed("interviews")
    twice = interviews[interviews["coders"].str.contains(";")]["interview"]
    said = view.processed("segments").dropna(subset=["start", "end"])
    return said[said["interview"].isin(twice)].astype({"start": "int64", "end": "int64"})


def test_each_passage_that_the_other_did_not_mark_is_listed(
    listed: tuple[lo.View, pd.DataFrame],
) -> None:
    view, table = listed
    alone = set()
    for interview, said in marked(view).groupby("interview"):
        for one, two in combinations(sorted(said["coder"].unique()), 2):
            for coder, other in ((one, two), (two, one)):
                theirs = said[said["coder"] == other]
                for row in said[said["coder"] == coder].itertuples():
                    touching = (theirs["start"] < row.end) & (row.start < theirs["end"])
                    if not touching.any():
                        alone.add((interview, coder, row.code, row.text))
    found = table[(table["kind"] == "not marked") & table["start"].notna()]
    assert alone
    assert set(found[["interview", "coder", "code", "text"]].itertuples(index=False)) == alone
    assert (found["other_text"] == "").all() and found["other_start"].isna().all()


def test_both_passages_stand_there_word_for_word(listed: tuple[lo.View, pd.DataFrame]) -> None:
    view, table = listed
    said = marked(view)
    words = {(row.interview, row.coder, row.code, row.start, row.end): row.text
             for row in said.itertuples()}  # fmt: skip
    borders = table[table["kind"] == "other borders"]
    assert len(borders)
    for row in borders.itertuples():
        assert row.text == words[row.interview, row.coder, row.code, row.start, row.end]
        assert row.other_text == words[
            row.interview, row.other, row.other_code, row.other_start, row.other_end
        ]
        assert (row.start, row.end) != (row.other_start, row.other_end)


def test_passages_without_a_place_are_compared_by_their_words(
    listed: tuple[lo.View, pd.DataFrame],
) -> None:
    view, table = listed
    said = view.processed("segments")
    said = said[said["start"].isna()]
    twice = view.processed("interviews").set_index("interview")["coders"].str.split(";")
    expected = set()
    for row in said[said["interview"].map(twice).str.len() > 1].itertuples():
        theirs = said[(said["interview"] == row.interview) & (said["coder"] != row.coder)]
        if row.text not in set(theirs["text"]):
            expected.add((row.interview, row.coder, row.code, row.text))
    found = table[table["start"].isna()]
    assert len(expected) and found["end"].isna().all()
    alone = found[found["kind"] == "not marked"]
    assert set(alone[["interview", "coder", "code", "text"]].itertuples(index=False)) == expected


def test_only_the_themes_that_were_asked_for(opened: Callable) -> None:
    question = opened().question("lq2")
    codes = set(parted(question)["code"])
    assert codes and codes <= set(question.study.question("lq2").themes)


def test_passages_that_were_joined_keep_the_words_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    class Small:
        """A conversation of two coders, one of whom marked one stretch in two pieces."""

    segments = pd.DataFrame({
        "interview": "g1", "coder": ["a", "a", "b"], "code": "T", "start": [0, 8, 0],
        "end": [10, 20, 12], "text": ["een", "twee", "drie"],
    })  # fmt: skip
    interviews = pd.DataFrame({"interview": ["g1"], "coders": ["a;b"], "wave": ["T0"]})
    view = Small()
    view.processed = {"segments": segments, "interviews": interviews}.get  # type: ignore[attr-defined]
    view.waves, view.question_id = ["T0"], ""  # type: ignore[attr-defined]
    view.study = type("Study", (), {"codes": {"T": None}})()  # type: ignore[attr-defined]
    table = parted(view)  # type: ignore[arg-type]
    assert table[["text", "other_text"]].values.tolist() == [["een … twee", "drie"]]
    view.processed = {"segments": segments[:2], "interviews": interviews}.get  # type: ignore[attr-defined]
    alone = parted(view)  # type: ignore[arg-type]
    assert list(alone) == COLUMNS and set(alone["other"]) == {"b"}
    assert alone[["kind", "text"]].values.tolist() == [
        ["not marked", "een"], ["not marked", "twee"],
    ]  # fmt: skip
    view.processed = {"segments": segments[:0], "interviews": interviews}.get  # type: ignore[attr-defined]
    assert list(parted(view)) == COLUMNS  # type: ignore[arg-type]


def test_a_run_shows_none_of_it(
    opened: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    view = opened()
    assert "Rows" in type(lo.disagreements(view, ["LV2.DIEPTE"])).__name__
    monkeypatch.setenv("LOSTUDY_OUTPUT", str(tmp_path))
    with pytest.raises(DisclosureError, match="a run shows no rows about people"):
        lo.disagreements(view)
