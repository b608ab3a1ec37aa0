"""The numbers that real projects are known to give; skipped, visibly, where they are not beside us.

The numbers come from the projects' own reports and from counting in the files by other means.
"""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from lostudy.deliveries import read_interviews
from lostudy.deliveries.interviews.codebooks import compare_codebooks, lineage

REAL = Path(__file__).resolve().parents[4] / "shared" / "real" / "interviews"
THEMATIC = REAL / "navarro-taguette" / "transcripts" / "thematic-analysis"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real interviews are not beside us")


@pytest.fixture(scope="module")
def navarro():
    return read_interviews(THEMATIC / "SERDIF_P2_ThematicAnalysis.sqlite3")


def raw_sql(path: Path, query: str) -> list[tuple]:
    connection = sqlite3.connect(path.resolve().as_uri() + "?immutable=1", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_navarro_has_1930_highlight_tags_in_17_transcripts_under_22_tags(navarro):
    assert (len(navarro.segments), len(navarro.documents), len(navarro.codes)) == (1930, 17, 22)
    assert navarro.documents["text"].notna().all()


def test_navarros_merges_stand_in_the_history(navarro):
    history = navarro.history
    assert history["change"].value_counts()["merged"] == 93
    logged = raw_sql(THEMATIC / "SERDIF_P2_ThematicAnalysis.sqlite3",
                     "select payload from commands where payload like '%tag_merge%' order by id")
    merged = history[history["change"] == "merged"]
    assert list(merged["code"]) == [
        str(json.loads(payload)["src_tag_id"]) for (payload,) in logged]
    assert merged["name"].notna().all()
    assert history["when"].is_monotonic_increasing
    told = set(history["code"]) | set(navarro.codes["code"])
    assert set(merged["to"]) <= told, "every merge leads to a tag that the log knows"


def test_the_tags_that_are_left_took_in_what_the_exported_codebooks_lost(navarro):
    """The codebooks of those days, exported one by one, are the witness."""
    origins = lineage(navarro)
    paths = sorted((THEMATIC / "codebooks").glob("codebook_*.csv"),
                   key=lambda path: int(path.stem.rpartition("_")[2]))
    table = compare_codebooks([(path.name, read_interviews(path)) for path in paths])
    assert list(table["codes"]) == [120, 80, 61, 49, 41, 25, 22, 22, 22]
    gone = {name for names in table["gone"] for name in names}
    took = {name for names in origins["from"] for name in names}
    first = set(pd.read_csv(paths[0], dtype=str)["tag"])
    assert len(took & first) > 60
    kept = set(navarro.codes["name"])
    assert took & first <= gone | kept, "a name may live on in the tag that took it in"
    assert origins["merged"].sum() >= 85


def test_every_tag_that_is_left_was_added_and_not_merged_away(navarro):
    history, left = navarro.history, set(navarro.codes["code"])
    gone = set(history.loc[history["change"].isin(["merged", "deleted"]), "code"])
    assert left <= set(history.loc[history["change"] == "added", "code"])
    assert not left & gone


def test_navarros_highlights_know_when_and_by_whom(navarro):
    assert navarro.segments["created"].notna().mean() > 0.99
    assert set(navarro.segments["coder"].dropna()) == {"admin"}
    assert any(problem.rule == "taguette.admin" for problem in navarro.repairs)


def test_nine_codebooks_of_navarro_count_their_own_highlights():
    for path in sorted((THEMATIC / "codebooks").glob("*.csv")):
        read = read_interviews(path)
        rows = pd.read_csv(path, dtype=str)
        assert len(read.codes) == len(rows) == rows["tag"].nunique()


def test_maxqdas_two_files_hold_the_same_402_codings_one_by_one():
    exchange = read_interviews(REAL / "maxqdar" / "test.mex")
    table = read_interviews(REAL / "maxqdar" / "test.xls")
    assert len(exchange.segments) == len(table.segments) == 402

    def keys(delivery):
        names = delivery.documents.set_index("document")["name"]
        codes = delivery.codes.set_index("code")["name"]
        return sorted(zip(
            delivery.segments["document"].map(names), delivery.segments["code"].map(codes),
            [re.sub(r"\W", "", str(text))[:30] for text in delivery.segments["text"]],
            strict=True))

    assert keys(exchange) == keys(table)
    assert (exchange.segments["coder"].value_counts().to_dict()
            == table.segments["coder"].value_counts().to_dict())


@pytest.mark.parametrize("name", ["TestProject.qdpx", "Project.qde"])
def test_the_atlasti_project_has_14_codes_16_codings_8_absent_sources(name):
    read = read_interviews(REAL / "skyloom" / name)
    said = {problem.rule: problem.what for problem in read.repairs}
    twins = int(said["tool.twins"].split()[0])
    assert len(read.codes) == 14
    assert (len(read.segments), len(read.segments) + twins) == (14, 16)
    assert said["refi.absent"].startswith("8 source(s) are not in the zip")
    assert set(read.codes["attributes"].map(lambda each: each.get("codable"))) == {"true"}
    assert len(read.notes) == 3, "two memos, and a remark on a passage without a code"
    assert read.documents["group"].str.contains("gender").sum() >= 3


def test_a_film_keeps_when_its_passage_begins_and_ends():
    read = read_interviews(REAL / "skyloom" / "Project.qde")
    kinds = {each.get("selection"): each for each in read.segments["attributes"] if each}
    assert kinds["VideoSelection"]["begin"] == "14706"
    assert {"page", "firstX"} <= set(kinds["PDFSelection"])


def test_opcw_has_16_documents_8_codes_1023_codings():
    path = REAL / "igo_openness" / "OPCW.rqda"
    read = read_interviews(path)
    assert (len(read.documents), len(read.codes), len(read.segments)) == (16, 8, 1023)
    by_sql = dict(raw_sql(path, "select cid, count(*) from coding where status = 1 group by cid"))
    assert read.segments["code"].value_counts().to_dict() == {
        str(code): count for code, count in by_sql.items()}
    assert read.segments["created"].notna().all()
    assert read.segments["coder"].notna().all()


def overlap() -> pd.DataFrame:
    """A row per statement and column of codes that both had before them, as read and as written.

    The authors' own calculation leaves out the first of the ten statements.
    """
    read = read_interviews(REAL / "frattini-relf" / "interview-data.xlsx")
    rows = pd.DataFrame([
        {"coder": coder, "id": each["key"], "column": each["column"], "read": code,
         "written": each.get("written", code)}
        for coder, each, code in zip(
            read.segments["coder"], read.segments["attributes"],
            read.segments["code"].str.rpartition(" > ")[2], strict=True)])
    wide = rows.pivot(index=["id", "column"], columns="coder", values=["read", "written"])
    both = set(rows.loc[rows["coder"] == "Overlap", "id"]) - {"1"}
    places = pd.MultiIndex.from_product([sorted(both), list(book())], names=["id", "column"])
    return wide.reindex(places).fillna("")


def book() -> dict[str, int]:
    """Column -> how many codes its book has, and one for "no code"."""
    columns = json.loads((REAL / "frattini-relf" / "columns.json").read_text())
    return {one["name"]: len(one["codes"]) + 1 for one in columns if one.get("codes")}


def test_two_coders_agree_on_98_of_117_places_as_the_authors_report():
    """Four of the 19 are the same word with a space behind it: as codes they are the same."""
    table = overlap()
    assert len(table) == 117
    assert (table["written", "Data"] == table["written", "Overlap"]).sum() == 98
    assert (table["read", "Data"] == table["read", "Overlap"]).sum() == 102


def test_mean_s_over_columns_is_the_published_one():
    """Bennett, Alpert and Goldstein's S."""
    table = overlap()
    same = table["written", "Data"] == table["written", "Overlap"]
    agree, chance = same.groupby(level="column").mean(), 1 / pd.Series(book())
    assert ((agree - chance) / (1 - chance)).mean() == pytest.approx(0.8230, abs=5e-5)
