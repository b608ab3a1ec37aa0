"""Broken and odd files of coded interviews: refused in plain words, or read with every row."""

from __future__ import annotations

import json
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from deliveries.conftest import store
from lostudy.deliveries import read_interviews, write_interviews
from lostudy.errors import DataError

CANARY = "Kanarievogel"
TEXT = f"Wij leren van fouten. {CANARY} helpt het team."
Case = Callable[[Path], Path]
REFUSED: dict[str, Case] = {}
ODD: dict[str, tuple[Case, int, str]] = {}


def refused(make: Case) -> Case:
    REFUSED[make.__name__] = make
    return make


def odd(segments: int, rule: str = "") -> Callable[[Case], Case]:
    """A file from which so many passages come, and which is told under this rule."""
    def keep(make: Case) -> Case:
        ODD[make.__name__] = (make, segments, rule)
        return make
    return keep


def qdpx(path: Path, inside: str, members: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path / "a.qdpx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", f'<Project xmlns="urn:x">{inside}</Project>')
        for name, data in (members or {"sources/a.txt": TEXT.encode()}).items():
            archive.writestr(name, data)
    return path / "a.qdpx"


def source(inner: str = "", name: str = "a", guid: str = "t") -> str:
    return (f'<Sources><TextSource guid="{guid}" name="G1" plainTextPath="internal://{name}.txt">'
            f"{inner}</TextSource></Sources>")


def passage(start: object, end: object, code: str = "c", guid: str = "s", more: str = "") -> str:
    return (f'<PlainTextSelection guid="{guid}" startPosition="{start}" endPosition="{end}" {more}>'
            f'<Coding guid="k"><CodeRef targetGUID="{code}"/></Coding></PlainTextSelection>')


BOOK = '<CodeBook><Codes><Code guid="c" name="Rust" isCodable="true"/></Codes></CodeBook>'


def sheet(path: Path, rows: list[list]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path / "a.xlsx")
    return path / "a.xlsx"


def qualcoder(path: Path, **more) -> Path:
    tables = {
        "source": (["id", "name", "fulltext"], [[1, "G1", TEXT]]),
        "code_name": (["cid", "name", "memo", "catid"], [[1, "Rust", "", None]]),
        "code_text": (["cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo"],
                      [[1, 1, "Wij leren", 0, 9, "anna", "d", ""]]),
    }
    return store(path / "data.qda", tables | more)


def taguette(path: Path, **more) -> Path:
    tables = {
        "users": (["login"], [["anna"]]),
        "documents": (["id", "name", "contents"], [[1, "G1", f"<p>{TEXT}</p>"]]),
        "tags": (["id", "path", "description"], [[1, "Rust", ""]]),
        "highlights": (["id", "document_id", "start_offset", "end_offset", "snippet"],
                       [[7, 1, 0, 9, "Wij leren"]]),
        "highlight_tags": (["highlight_id", "tag_id"], [[7, 1]]),
        "commands": (["id", "user_login", "payload"], []),
    }
    return store(path / "a.sqlite3", tables | more)


@refused
def a_project_of_which_the_middle_is_gone(path: Path) -> Path:
    data = qdpx(path, BOOK + source(passage(0, 9))).read_bytes()
    (path / "b.qdpx").write_bytes(data[:60] + data[90:])
    return path / "b.qdpx"


@refused
def a_project_that_ends_after_half_of_its_sources(path: Path) -> Path:
    with zipfile.ZipFile(path / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", f"<Project>{BOOK}<Sources><TextSource name='{CANARY}'>")
    return path / "a.qdpx"


@refused
def a_project_whose_name_is_an_entity(path: Path) -> Path:
    with zipfile.ZipFile(path / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", (
            f'<!DOCTYPE Project [<!ENTITY n "{CANARY}">]><Project name="&n;">{BOOK}</Project>'))
    return path / "a.qdpx"


@refused
def a_project_with_an_external_definition_of_its_own(path: Path) -> Path:
    with zipfile.ZipFile(path / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", (
            '<!DOCTYPE Project [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>'
            f"<Project>{BOOK}</Project>"))
    return path / "a.qdpx"


@refused
def a_project_with_a_drive_in_a_name(path: Path) -> Path:
    return qdpx(path, BOOK, {"C:\\Windows\\a.txt": b"x"})


@refused
def a_project_that_unpacks_to_a_mountain(path: Path) -> Path:
    return qdpx(path, BOOK + source(), {"sources/a.txt": b"0" * 80_000_000})


@refused
def a_project_without_an_end_of_a_tag_in_a_text(path: Path) -> Path:
    return qdpx(path, BOOK + source(f"<PlainTextContent>{CANARY} <3 team</PlainTextContent>"))


@refused
def a_codebook_in_an_encoding_that_is_none(path: Path) -> Path:
    (path / "a.qdc").write_text(f'<?xml version="1.0" encoding="onzin"?><CodeBook>{CANARY}</x>')
    return path / "a.qdc"


@refused
def a_qualcoder_project_without_positions(path: Path) -> Path:
    return qualcoder(path, code_text=(["cid", "fid", "seltext"], [[1, 1, CANARY]]))


@refused
def a_folder_that_is_no_project(path: Path) -> Path:
    (path / "leeg.qda").mkdir()
    return path / "leeg.qda"


@refused
def a_qualcoder_project_in_a_zip(path: Path) -> Path:
    with zipfile.ZipFile(path / "a.zip", "w") as archive:
        archive.write(qualcoder(path), "project.qda/data.qda")
    return path / "a.zip"


@refused
def a_taguette_project_of_an_unknown_version(path: Path) -> Path:
    return taguette(path, highlights=(["id", "document"], [[7, CANARY]]))


@refused
def a_table_with_headings_and_no_passage(path: Path) -> Path:
    return sheet(path, [["Document group", "Document name", "Code", "Segment", "Color"]])


@refused
def a_table_in_which_nobody_coded(path: Path) -> Path:
    return sheet(path, [["Gesprek", "Fragment", "Code", "Codeur"], ["G1", CANARY, None, "bo"]])


@refused
def a_web_page_about_something_else(path: Path) -> Path:
    (path / "a.html").write_text(f"<!DOCTYPE html><html><body><p>{CANARY}</p></body></html>")
    return path / "a.html"


@refused
def a_word_document_whose_comments_are_remarks(path: Path) -> Path:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(path / "a.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml",
                         f"<w:document {w}><w:p><w:t>{CANARY}</w:t></w:p></w:document>")
        archive.writestr("word/comments.xml",
                         f'<w:comments {w}><w:comment w:id="0"><w:p><w:t>mooi</w:t></w:p>'
                         "</w:comment></w:comments>")
    return path / "a.docx"


@odd(3)
def guids_that_differ_in_case_and_braces(path: Path) -> Path:
    book = '<CodeBook><Codes><Code guid="{C}" name="Rust"/></Codes></CodeBook>'
    return qdpx(path, book + source("".join(
        passage(0, 9, code, f"s{n}") for n, code in enumerate(("c", "C", "{c}")))))


@odd(2, "offset.unverified")
def selections_beyond_the_text(path: Path) -> Path:
    return qdpx(path, BOOK + source(passage(0, 9) + passage(900, 950, guid="s2")))


@odd(3)
def selections_of_nothing_backwards_and_below_zero(path: Path) -> Path:
    return qdpx(path, BOOK + source(
        passage(5, 5) + passage(9, 4, guid="s2") + passage(-3, 4, guid="s3")))


@odd(2)
def positions_that_are_no_numbers(path: Path) -> Path:
    return qdpx(path, BOOK + source(passage("x", "NaN") + passage("1e999", "", guid="s2")))


@odd(1, "refi.absent")
def a_source_that_was_left_out(path: Path) -> Path:
    return qdpx(path, BOOK + source(passage(0, 9), name="weg"))


@odd(1, "refi.absent")
def a_source_outside_the_project(path: Path) -> Path:
    return qdpx(path, BOOK + source(passage(0, 9)).replace("internal://", "absolute:///etc/"),
                {"sources/b.txt": b"x"})


@odd(1, "refi.code")
def a_coding_with_a_code_that_is_gone(path: Path) -> Path:
    return qdpx(path, BOOK + source(passage(0, 9, "weg")))


@odd(1)
def a_code_and_a_source_without_a_guid(path: Path) -> Path:
    return qdpx(path, '<CodeBook><Codes><Code name="Rust"/></Codes></CodeBook>'
                + source(passage(0, 9, "")).replace(' guid="t"', "").replace(
                    '<CodeRef targetGUID=""/>', '<CodeRef targetGUID="c"/>'))


@odd(2, "coder.same")
def two_users_with_one_name(path: Path) -> Path:
    users = '<Users><User guid="u1" name="Anna"/><User guid="u2" name="anna "/></Users>'
    return qdpx(path, users + BOOK + source(
        passage(0, 9, more='creatingUser="u1"')
        + passage(0, 9, guid="s2", more='creatingUser="u2"')))


@odd(2, "coder.alike")
def one_person_under_two_names(path: Path) -> Path:
    users = '<Users><User guid="u1" name="Anna"/><User guid="u2" name="Anna de Wit"/></Users>'
    return qdpx(path, users + BOOK + source(
        passage(0, 9, more='creatingUser="u1"')
        + passage(0, 9, guid="s2", more='creatingUser="u2"')))


@odd(1)
def a_coder_who_is_not_among_the_users(path: Path) -> Path:
    return qdpx(path, BOOK + source(passage(0, 9, more='creatingUser="u9"')))


@odd(2, "tool.twice")
def two_sources_under_one_guid(path: Path) -> Path:
    one = source(passage(0, 9)).replace("<Sources>", "").replace("</Sources>", "")
    other = one.replace('guid="s"', 'guid="s2"')
    return qdpx(path, f"{BOOK}<Sources>{one}{other}</Sources>")


@odd(1, "tool.circle")
def categories_in_a_circle(path: Path) -> Path:
    return qualcoder(
        path, code_cat=(["catid", "name", "supercatid"], [[1, "a", 2], [2, "b", 3], [3, "c", 1]]),
        code_name=(["cid", "name", "memo", "catid"], [[1, "Rust", "", 1]]))


@odd(1, "tool.circle")
def a_category_above_itself(path: Path) -> Path:
    return qualcoder(path, code_cat=(["catid", "name", "supercatid"], [[1, "a", 1]]))


@odd(2, "tool.documents")
def passages_of_a_source_that_was_deleted(path: Path) -> Path:
    return qualcoder(path, code_text=(
        ["cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo"],
        [[1, 1, "Wij leren", 0, 9, "anna", "d", ""], [1, 99, "weg", 0, 3, "anna", "d", ""]]))


@odd(2)
def positions_of_text_in_a_database(path: Path) -> Path:
    return qualcoder(path, code_text=(
        ["cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo"],
        [[1, 1, "Wij leren", "nul", None, "anna", "d", ""],
         [1, 1, None, -5, 10**12, None, None, None]]))


@odd(1)
def bytes_that_are_no_text_in_a_database(path: Path) -> Path:
    return qualcoder(path, source=(["id", "name", "fulltext"], [[1, "G1", b"\xff\xfe\x00raar"]]))


@odd(1, "taguette.loose")
def a_tag_on_a_highlight_that_is_gone(path: Path) -> Path:
    return taguette(path, highlight_tags=(["highlight_id", "tag_id"], [[7, 1], [99, 1]]))


@odd(1)
def a_log_of_commands_of_nonsense(path: Path) -> Path:
    payloads = ["{", "[]", "null", "3", json.dumps({"type": "tag_merge"}),
                json.dumps({"type": "tag_add", "tag_id": [1]}),
                json.dumps({"type": "highlight_add", "highlight_id": {"a": 1}})]
    return taguette(path, commands=(
        ["id", "user_login", "payload"], [[n, "anna", each] for n, each in enumerate(payloads)]))


@odd(1)
def a_highlight_in_the_middle_of_a_character(path: Path) -> Path:
    return taguette(path, documents=(["id", "name", "contents"], [[1, "G1", "<p>é🙂é</p>"]]),
                    highlights=(["id", "document_id", "start_offset", "end_offset", "snippet"],
                                [[7, 1, 1, 4, "<p>🙂"]]))


@odd(2)
def a_table_with_gaps_and_stray_spaces(path: Path) -> Path:
    return sheet(path, [
        [" Document group ", "Document name", "CODE", "Segment", "Color", None],
        ["Org B", " G1 ", "  Rust ", " Wij leren. ", None, "x"], [None] * 6,
        [None, None, "Rust", None, None, None]])


@odd(1, "refi.absent")
def a_project_of_which_only_the_xml_is_left(path: Path) -> Path:
    (path / "a.qde").write_text(
        f'<Project xmlns="urn:x">{BOOK}{source(passage(0, 9))}</Project>', "utf-8")
    return path / "a.qde"


@odd(1)
def an_empty_source(path: Path) -> Path:
    return qdpx(path, BOOK + source(passage(0, 0)), {"sources/a.txt": b""})


@odd(1)
def a_source_of_bytes_that_are_no_encoding(path: Path) -> Path:
    return qdpx(path, BOOK + source(passage(0, 3)), {"sources/a.txt": b"Wij \x81\x8d\x9d"})


@odd(1)
def a_project_in_utf16(path: Path) -> Path:
    with zipfile.ZipFile(path / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", (
            '<?xml version="1.0" encoding="utf-16"?>'
            f"<Project>{BOOK}{source(passage(0, 9))}</Project>").encode("utf-16"))
        archive.writestr("sources/a.txt", TEXT.encode("utf-16"))
    return path / "a.qdpx"


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_in_plain_words_without_a_value(tmp_path, name):
    path = REFUSED[name](tmp_path)
    with pytest.raises(DataError) as caught:
        read_interviews(path)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.problems)
    assert CANARY not in shown
    for problem in caught.value.problems:
        assert problem.what
        assert problem.cure
        assert problem.rule
        assert problem.severity == "error"


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_loses_no_row_and_what_is_odd_is_told(tmp_path, name):
    make, segments, rule = ODD[name]
    read = read_interviews(make(tmp_path))
    assert len(read.segments) == segments
    assert rule == "" or rule in {problem.rule for problem in read.repairs}
    assert CANARY not in repr(read.repairs)
    assert set(read.segments["document"]) <= set(read.documents["document"])
    sure = read.segments[read.segments["offset_status"].isin(["exact", "repaired"])]
    texts = read.documents.set_index("document")["text"]
    for each in sure.itertuples():
        assert texts[each.document][each.start : each.end] == each.text


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_can_be_written_for_another_tool_without_losing_a_row(tmp_path, name):
    make, segments, _ = ODD[name]
    write_interviews(tmp_path / "back.qdpx", read_interviews(make(tmp_path)))
    assert len(read_interviews(tmp_path / "back.qdpx").segments) == segments


def test_where_a_passage_was_said_to_be_is_kept_though_it_is_nowhere(tmp_path):
    read = read_interviews(selections_beyond_the_text(tmp_path))
    assert read.segments["attributes"].iloc[1] == {"position": "900-950"}
    assert read.segments["start"].isna().tolist() == [False, True]


def test_there_are_enough_broken_interviews():
    assert len(REFUSED) + len(ODD) >= 40
