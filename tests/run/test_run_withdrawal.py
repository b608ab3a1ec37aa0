"""Who withdraws is gone everywhere at the next run, and the essay says where they stood."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import docx
import pandas as pd
import pytest
from run_helpers import OPEN, write_notebook

from lostudy.disclosure.files.parts import parts_of
from lostudy.disclosure.quotes import COLUMNS, passage_hash
from lostudy.findings.registry import read_registry
from lostudy.publish.document import check_document, refresh_document
from lostudy.publish.wish import Wish
from lostudy.run import run_study
from lostudy.study import Study, load_study

NAME = "lq2.quote.terug"


def chosen(study: Study) -> tuple[str, str]:
    """A quote of somebody of A who may be quoted, in data/quotes.csv: conversation and words."""
    tables = study.folder / "data" / "processed" / "A"
    talks = pd.read_parquet(tables / "interviews.parquet")
    said = pd.read_parquet(tables / "segments.parquet")
    may = talks.loc[talks["consent"], "interview"]
    placed = said["offset_status"].isin(["exact", "repaired"]) & said["text"].str.len().gt(40)
    fits = said[said["interview"].isin(may) & said["code"].str.startswith("LV2") & placed]
    row = fits.iloc[0]
    quote = {
        "name": NAME, "question": "lq2", "code": row["code"], "conversation": row["interview"],
        "text": row["text"], "text_en": "", "chosen_by": "Ada Lovelace", "chosen_on": "2026-03-01",
        "read_by": "Mary Somerville", "read_on": "2026-03-08", "released": "yes",
        "passage": passage_hash(row["text"]),
    }  # fmt: skip
    path = study.folder / "data" / "quotes.csv"
    pd.DataFrame([[quote[name] for name in COLUMNS]], columns=list(COLUMNS)).to_csv(
        path, index=False
    )
    return row["interview"], row["text"]


def withdraws(study: Study, conversation: str) -> None:
    """The register of A with a yes under withdrawn."""
    (path,) = (study.folder / "data" / "raw" / "A").rglob("conversations.csv")
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    for row in rows:
        if row["conversation"] == conversation:
            row["withdrawn"] = "yes"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def holding(folder: Path, words: str) -> Iterator[str]:
    """The files in which these words stand, in whatever part of them."""
    for path in folder.rglob("*"):
        if path.is_file() and any(
            words in " ".join(part.text.split())
            for part in parts_of(path.name, path.read_bytes())
        ):
            yield path.name


@pytest.mark.parametrize("named", ["", "quotes=lo.quotes(question)"])
def test_the_words_of_who_withdraws_are_gone_and_the_essay_names_the_place(
    study: Study, tmp_path: Path, named: str
) -> None:
    conversation, words = chosen(study)
    joint = f"lo.joint_display(lo.change_of_scales(question), lo.code_counts(question), {named})"
    write_notebook(
        study.folder / "notebooks" / "20-voices.ipynb",
        OPEN, 'question = study.question("lq2")\nlo.quotes(question)', joint,
    )  # fmt: skip
    assert not run_study(study, organisation="all").failed
    reports, essay = study.folder / "reports", tmp_path / "essay.docx"
    assert {"findings.json", "index.html", "notebook.ipynb"} <= set(holding(reports, words))
    document = docx.Document()
    document.add_paragraph(f"Iemand zei: {{{{{NAME}}}}}")
    document.save(str(essay))
    refresh_document(essay, read_registry(reports), reports, Wish("nl"))
    assert list(holding(tmp_path, words)).count("essay.docx") == 1

    withdraws(study, conversation)
    assert not run_study(load_study(study.folder), organisation="all").failed
    records = read_registry(reports)
    assert not list(holding(reports, words))
    assert records[NAME]["status"] == "withdrawn" and records[NAME]["text_nl"] == ""
    assert not list(holding(study.folder / "data" / "processed", words))
    (state,) = [row.state for row in check_document(essay, records, reports).rows]
    assert state == "withdrawn"
