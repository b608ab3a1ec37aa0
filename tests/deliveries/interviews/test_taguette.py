"""Taguette: bytes of the text content, coders from the log of commands, and its exports."""

from __future__ import annotations

import json
import sqlite3

import pytest

from lostudy.deliveries import read_interviews
from lostudy.deliveries.interviews.codebooks import lineage
from lostudy.deliveries.interviews.taguette import plain

HTML = "<p>De crèche &amp; wij leren.</p>\n<p>Dat helpt het team veel.</p>"
TEXT = "De crèche & wij leren.\nDat helpt het team veel."


def highlight(key: int, quote: str, shift: int = 0) -> tuple:
    start = len(TEXT[: TEXT.index(quote)].encode()) + shift
    return (key, 1, start, start + len(quote.encode()), f"<p>{quote.replace('&', '&amp;')}</p>")


@pytest.fixture
def taguette(database):
    def make(highlights, users=("anna", "bo"), commands=()):
        return database("a.sqlite3", {
            "users": (["login"], [[user] for user in users]),
            "documents": (["id", "name", "contents"], [[1, "Gesprek 1", HTML]]),
            "tags": (["id", "path", "description"],
                     [[1, "Reflectie", "stilstaan"], [2, "Tijd", ""]]),
            "highlights": (
                ["id", "document_id", "start_offset", "end_offset", "snippet"], highlights),
            "highlight_tags": (["highlight_id", "tag_id"], [[7, 1], [7, 2], [8, 1]]),
            "commands": (["id", "user_login", "payload"], commands),
        })

    return make


HIGHLIGHTS = [highlight(7, "De crèche & wij leren."), highlight(8, "helpt het team")]


@pytest.mark.parametrize(("html", "text"), [
    ("<p>a</p>\n<p>b</p>", "a\nb"), ("caf&eacute; &lt;3", "café <3"), ("a<br/>b", "ab"),
    ("", ""), (None, ""), ("&#128578;", "🙂"),
])
def test_the_text_content_is_what_positions_count(html, text):
    assert plain(html) == text


def test_bytes_become_code_points(taguette):
    delivery = read_interviews(taguette(HIGHLIGHTS))
    assert delivery.source.tool == "taguette"
    assert delivery.documents["text"].iloc[0] == TEXT
    assert list(delivery.segments["offset_status"]) == ["exact"] * 3
    assert list(delivery.segments["text"]) == [
        "De crèche & wij leren."] * 2 + ["helpt het team"]
    assert delivery.segments["start"].tolist() == [0, 0, TEXT.index("helpt het")]
    assert list(delivery.segments["code"]) == ["1", "2", "1"]


def test_the_log_tells_who_made_a_highlight(taguette):
    commands = [
        [1, "anna", json.dumps({"type": "highlight_add", "highlight_id": 7})],
        [2, "bo", json.dumps({"type": "highlight_add", "highlight_id": 8})],
        [3, "bo", json.dumps({"type": "tag_add", "tag_id": 1})],
        [4, "bo", "geen json"],
    ]
    delivery = read_interviews(taguette(HIGHLIGHTS, commands=commands))
    assert list(delivery.segments["coder"]) == ["anna", "anna", "bo"]


def test_an_export_under_one_name_is_noted(taguette):
    delivery = read_interviews(taguette(HIGHLIGHTS, users=("admin",)))
    assert delivery.segments["coder"].isna().all()
    assert delivery.repairs[0].rule == "taguette.admin"


def test_a_highlight_beside_its_snippet_is_repaired(taguette):
    delivery = read_interviews(taguette([HIGHLIGHTS[0], highlight(8, "helpt het team", 1)]))
    assert delivery.segments["offset_status"].tolist()[2] == "repaired"
    assert delivery.segments["text"].tolist()[2] == "helpt het team"


def test_the_highlights_export(write):
    path = write("a.csv", 'id,document,tag,content\n5,G1,Tijd,"Geen tijd, echt"\n5,G1,Rust,x\n')
    delivery = read_interviews(path)
    assert delivery.source.evidence == "the columns are id, document, tag, content"
    assert list(delivery.segments["code"]) == ["Tijd", "Rust"]
    assert list(delivery.segments["row"]) == [2, 3]
    assert delivery.segments["attributes"].iloc[0] == {"highlight": "5"}
    assert list(delivery.segments["offset_status"]) == ["absent", "absent"]
    assert delivery.documents["document"].tolist() == ["G1"]


def test_the_codebook_export(write):
    path = write("a.csv", "tag,description,number of highlights\nTijd,te weinig,3\nRust,,0\n")
    delivery = read_interviews(path)
    assert list(delivery.codes["name"]) == ["Tijd", "Rust"]
    assert delivery.codes["description"].iloc[0] == "te weinig"
    assert len(delivery.segments) == 0


def test_the_history_tells_what_became_of_a_tag(taguette):
    log = [
        {"type": "tag_add", "tag_id": 1, "tag_path": "Reflectie", "description": ""},
        {"type": "tag_add", "tag_id": 2, "tag_path": "Tijd", "description": ""},
        {"type": "tag_add", "tag_id": 2, "tag_path": "Tijd en rust", "description": ""},
        {"type": "tag_merge", "src_tag_id": 2, "dest_tag_id": 1},
        {"type": "tag_delete", "tag_id": 1}, {"type": "document_add"}, [1], "x",
    ]
    commands = [[n, "anna", json.dumps(each)] for n, each in enumerate(log)]
    history = read_interviews(taguette(HIGHLIGHTS, commands=commands)).history
    assert list(history["change"]) == ["added", "added", "renamed", "merged", "deleted"]
    assert history["name"].tolist()[2:] == ["Tijd", "Tijd en rust", "Reflectie"]
    assert history["to"].tolist()[2:4] == ["Tijd en rust", "1"]


def test_what_is_no_coded_passage_is_counted(taguette):
    alone = read_interviews(taguette([*HIGHLIGHTS[:1], highlight(9, "Dat helpt")]))
    assert sorted(p.what for p in alone.repairs if p.rule == "taguette.loose") == [
        "1 highlight(s) carry no tag and give no segment",
        "1 tagged highlight(s) are not in the project"]


@pytest.mark.parametrize(("change", "where"), [
    ("update highlights set snippet = x'ff00'", "highlights.snippet"),
    ("update documents set contents = x'fffe00ff'", "documents.contents"),
    ("update documents set name = x'ff'", "documents.name"),
    ("update tags set path = x'ff'", "tags.path")])
def test_bytes_where_words_should_be_are_refused(taguette, problem_of, change, where):
    path = taguette(HIGHLIGHTS)
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    problem = problem_of(read_interviews, path)
    assert problem.what == f"a cell of {where} holds bytes that are no text"


def test_words_that_were_stored_as_bytes_are_words(taguette):
    path = taguette(HIGHLIGHTS)
    with sqlite3.connect(path) as connection:
        connection.execute("update documents set contents = cast(contents as blob)")
    assert list(read_interviews(path).segments["offset_status"]) == ["exact"] * 3


def test_a_tag_that_is_gone_is_told_and_its_highlights_kept(taguette, tmp_path):
    path = taguette(HIGHLIGHTS)
    with sqlite3.connect(path) as connection:
        connection.execute("delete from tags where id = 2")
    delivery = read_interviews(path)
    (told,) = [each for each in delivery.repairs if each.rule == "taguette.code"]
    assert told.what.startswith("1 coding(s) point to a code")
    assert list(delivery.segments["code"]) == ["1", "2", "1"]


def test_several_projects_in_one_database_are_groups(database):
    path = database("b.sqlite3", {
        "projects": (["id", "name"], [[1, "Org A"], [2, "Org B"]]),
        "documents": (["id", "name", "contents", "project_id", "description", "created"],
                      [[1, "Gesprek 1", HTML, 1, "in de tuin", "2026-01-05"],
                       [2, "Gesprek 1", HTML, 2, "", None]]),
        "tags": (["id", "path", "description", "project_id"],
                 [[1, "Rust", "", 1], [2, "Rust", "", 2]]),
        "highlights": (["id", "document_id", "start_offset", "end_offset", "snippet"],
                       [highlight(7, "De crèche & wij leren.")]),
        "highlight_tags": (["highlight_id", "tag_id"], [[7, 1]]), "users": (["login"], [["anna"]]),
        "commands": (["id", "user_login", "payload"], []),
    })
    delivery = read_interviews(path)
    assert list(delivery.documents["group"]) == ["Org A", "Org B"]
    assert delivery.documents["memo"].iloc[0] == "in de tuin"
    assert delivery.documents["attributes"].iloc[0] == {"created": "2026-01-05"}
    assert list(delivery.codes["attributes"]) == [{"groups": "Org A"}, {"groups": "Org B"}]
    (told,) = [each for each in delivery.repairs if each.rule == "taguette.projects"]
    assert told.what == (
        "the database holds 2 projects: Org A, Org B; each is a group of documents")


def test_in_an_exported_project_a_merge_leads_to_the_tag_that_is_left(taguette):
    """The export gave 109 and 111 the new numbers 1 and 2; the merge still says 111."""
    log = [{"type": "tag_add", "tag_id": 1, "tag_path": "Reflectie"},
           {"type": "tag_add", "tag_id": -110, "tag_path": "Stilte"},
           {"type": "tag_add", "tag_id": 2, "tag_path": "Tijd"},
           {"type": "tag_merge", "src_tag_id": -110, "dest_tag_id": 111}]
    commands = [[n, "admin", json.dumps(each)] for n, each in enumerate(log)]
    read = read_interviews(taguette(HIGHLIGHTS, commands=commands))
    assert read.history["to"].tolist()[-1] == "2"
    origins = lineage(read).set_index("code")["from"]
    assert (origins["1"], origins["2"]) == ([], ["Stilte"])


def test_merges_in_a_row_all_count_for_the_last_tag(taguette):
    log = [{"type": "tag_add", "tag_id": key, "tag_path": name} for key, name in
           ((1, "Reflectie"), (3, "Stilte"), (4, "Adem"))]
    log += [{"type": "tag_merge", "src_tag_id": 4, "dest_tag_id": 3},
            {"type": "tag_merge", "src_tag_id": 3, "dest_tag_id": 1}]
    commands = [[n, "anna", json.dumps(each)] for n, each in enumerate(log)]
    origins = lineage(read_interviews(taguette(HIGHLIGHTS, commands=commands)))
    assert sorted(origins["from"].iloc[0]) == ["Adem", "Stilte"]
