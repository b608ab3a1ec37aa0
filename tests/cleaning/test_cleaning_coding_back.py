"""Cleaned coding that goes back to a coding tool: the study's names, and nobody who withdrew."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from lostudy.cleaning.coding_back import cleaned_delivery
from lostudy.cleaning.conversations import tidy_conversations
from lostudy.cleaning.inventory import find_deliveries
from lostudy.deliveries import read_interviews, write_interviews
from lostudy.errors import DataError
from lostudy.study import load_study

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"


@pytest.fixture(scope="module")
def study():
    return load_study(ROOT)


@pytest.fixture(scope="module", params=["A", "B", "C"])
def place(request, study):
    """A delivery of the shipped study with its tidy tables, one conversation withdrawn."""
    (delivered,) = [each for each in find_deliveries(study, RAW)
                    if each.kind == "interviews" and each.organisation == request.param]
    delivery = read_interviews(delivered.path)
    register = delivered.path.with_name("conversations.csv")
    result = tidy_conversations(study, delivered, delivery, register)
    tables = {
        "segments": result.segments,
        "deliveries": pd.DataFrame([{"file": delivered.name, "sha256": delivery.source.sha256}]),
        "cleaning_log": pd.DataFrame([asdict(each) for each in result.changes]),
    }
    return delivered.path, delivery, tables


def test_what_goes_back_are_the_tidy_passages_under_the_studys_names(study, place, tmp_path):
    path, delivery, tables = place
    write_interviews(tmp_path / "a.qdpx", cleaned_delivery(study, path, delivery, tables))
    read = read_interviews(tmp_path / "a.qdpx")
    tidy = tables["segments"]
    assert len(read.segments) == len(tidy) > 50
    assert set(read.segments["offset_status"]) <= {"exact"}
    labels = read.segments["code"].map(read.codes.set_index("code")["name"])
    wanted = tidy["code"].map(lambda code: study.codes[code].label.nl)
    assert labels.value_counts().to_dict() == wanted.value_counts().to_dict()
    assert set(read.segments["coder"].dropna()) == set(tidy["coder"]) - {""}


def test_a_passage_keeps_the_day_on_which_it_was_coded(study, place):
    """Only one that was delivered so: what became one passage of several has no one day."""
    path, delivery, tables = place
    made = cleaned_delivery(study, path, delivery, tables).segments
    if delivery.segments["created"].isna().all():
        assert made["created"].isna().all()
        return
    assert made["created"].notna().mean() > 0.8
    assert set(made["created"].dropna()) <= set(delivery.segments["created"])
    raw = {(document, text): created for document, text, created in zip(
        *(delivery.segments[name] for name in ("document", "text", "created")), strict=True)}
    first = made.dropna(subset=["created"]).iloc[0]
    assert raw[first["document"], first["text"]][:4] == first["created"][:4]


def test_who_withdrew_does_not_go_back(study, place):
    path, delivery, tables = place
    gone = tables["segments"]["interview"].iloc[0]
    log = pd.concat([tables["cleaning_log"], pd.DataFrame([{
        **tables["cleaning_log"].iloc[0], "table": "interviews", "key": gone,
        "column": "interview", "change": "left out", "source": "", "to": ""}])])
    made = cleaned_delivery(study, path, delivery, {**tables, "cleaning_log": log})
    assert len(made.documents) == len(delivery.documents) - 1
    assert len(made.segments) == (tables["segments"]["interview"] != gone).sum()


def test_a_file_that_was_not_cleaned_is_told(study, place):
    path, delivery, tables = place
    other = {**tables, "deliveries": tables["deliveries"].assign(sha256="0" * 64)}
    with pytest.raises(DataError, match="not among the cleaned deliveries"):
        cleaned_delivery(study, path, delivery, other)
