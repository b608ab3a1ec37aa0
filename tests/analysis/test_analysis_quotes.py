"""Quotes of the shipped study, from the file of choices to findings and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import lostudy as lo
from lostudy.analysis.quotes import read_quotes
from lostudy.disclosure.quotes import COLUMNS, passage_hash
from lostudy.errors import StudyError


@pytest.fixture
def chosen(shipped: Path, opened: Callable) -> Iterator[pd.DataFrame]:
    """Three passages of people who may be quoted, and one of somebody who may not."""
    view = opened()
    talks, said = view.processed("interviews"), view.processed("segments")
    may = talks.set_index("interview")["consent"]
    said = said[said["code"].str.startswith("LV2") & said["text"].str.len().gt(40)]
    said = said.drop_duplicates("interview")
    rows = pd.concat(
        [said[said["interview"].map(may)].head(3), said[~said["interview"].map(may)].head(1)]
    )
    table = pd.DataFrame({
        "name": [f"lq2.quote.q{i}" for i in range(4)], "question": "lq2",
        "code": rows["code"].to_numpy(), "conversation": rows["interview"].to_numpy(),
        "text": rows["text"].to_numpy(), "text_en": "", "chosen_by": "r1",
        "chosen_on": "2026-03-01", "read_by": ["r2", "r2", "", "r2"], "read_on": "2026-03-08",
        "released": "ja", "passage": [passage_hash(text) for text in rows["text"]],
    })[list(COLUMNS)]  # fmt: skip
    path = shipped / "data" / "quotes.csv"
    table.to_csv(path, index=False)
    yield table
    path.unlink()


def test_quotes_are_shown_with_theme_and_role_and_what_others_wait_for(
    chosen: pd.DataFrame, opened: Callable
) -> None:
    result = lo.quotes(opened().question("lq2"))
    shown = result.table[result.table["hidden"] == ""]
    assert shown["text"].tolist() == chosen["text"].tolist()[:2]
    waiting, spread = result.remarks
    assert waiting.startswith("Wachten nog: 2. geen tweede lezer (1)")
    assert "geen toestemming om te citeren (1)" in waiting
    assert spread.endswith("organisaties, hoogstens twee per persoon.")
    said = repr(result) + result._repr_html_()
    assert chosen["text"][2] not in said and chosen["text"][3] not in said
    assert not any(name in said for name in chosen["conversation"])


def test_without_choices_there_are_no_quotes(opened: Callable) -> None:
    assert lo.quotes(opened().question("lq2")).table.empty


def test_in_a_run_they_are_findings_and_drafts_have_no_words(
    chosen: pd.DataFrame, opened: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOSTUDY_OUTPUT", str(tmp_path))
    lo.quotes(opened().question("lq2"))
    lines = (tmp_path / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    found = {record["id"]: record for record in map(json.loads, lines)}
    assert [found[f"lq2.quote.q{i}"]["status"] for i in range(4)] == ["checked"] * 2 + ["draft"] * 2
    first = found["lq2.quote.q0"]
    assert first["text_nl"] == chosen["text"][0] and first["words"]["who_nl"]
    assert all(found[f"lq2.quote.q{i}"]["text_nl"] == "" for i in (2, 3))
    assert all(record["organisation"] == "all" for record in found.values())


def test_an_organisation_sees_its_own_quotes_only(chosen: pd.DataFrame, opened: Callable) -> None:
    mine = opened(organisation="A").question("lq2")
    names = set(mine.processed("interviews")["interview"])
    own = chosen.loc[chosen["conversation"].isin(names), "name"]
    assert set(lo.quotes(mine).table["name"]) == set(own)


BROKEN = {
    "lq2.q,lq2,X,,Woorden,,r1,,,,,": "an empty cell",
    "a,lq2,X,i,W,,r1,,,,,\na,lq2,X,i,W,,r1,,,,,": "a name that stands twice",
}


@pytest.mark.parametrize("rows", BROKEN)
def test_a_wrong_row_is_told_without_its_words(rows: str, tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{rows}\n")
    with pytest.raises(StudyError, match=BROKEN[rows]) as raised:
        read_quotes(path)
    assert "Woorden" not in str(raised.value)


def test_a_joint_display_has_a_cleared_quote_for_each_theme(
    chosen: pd.DataFrame, opened: Callable
) -> None:
    question = opened().question("lq2")
    themes = list(question.study.question("lq2").pairs)
    chosen = chosen.assign(code=[themes[1], themes[0], themes[0], themes[1]])
    chosen.to_csv(question.study.folder / "data" / "quotes.csv", index=False)
    cleared = lo.quotes(question)
    shown = cleared.table[cleared.table["hidden"] == ""].set_index("code")["text"]
    moved, voices = lo.change_of_scales(question), lo.code_counts(question)
    told = lo.joint_display(moved, voices, quotes=cleared)
    plain = lo.joint_display(moved, voices)
    lines = told.remarks[len(plain.remarks) :]
    assert len(lines) == len(shown) >= 1
    for line, theme in zip(lines, (each for each in themes if each in shown), strict=True):
        assert f"“{shown[theme]}” (" in line
    assert not any(text in repr(told) for text in chosen["text"] if text not in set(shown))
