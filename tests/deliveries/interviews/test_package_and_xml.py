"""The zip around a project and the XML in it."""

from __future__ import annotations

import pytest

from lostudy.deliveries.interviews import package
from lostudy.deliveries.interviews.package import decoded, opened
from lostudy.deliveries.xml import children, every, guid, local, parse


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_source_text_is_read_from_four_encodings(encoding):
    assert decoded("De crèche\r\nis open\r".encode(encoding)) == "De crèche\nis open\n"


def test_bytes_of_no_encoding_still_give_a_text_of_the_same_length():
    assert decoded(b"a\x81b") == "a\ufffdb"


def test_the_qde_nearest_the_root_counts(zipped):
    path = zipped("a.qdpx", {"oud/project.qde": "<a/>", "nieuw.qde": "<b/>"})
    with opened(path) as found:
        assert found.qde == "nieuw.qde"
        assert found.read(found.qde) == b"<b/>"


def test_texts_are_found_whatever_the_case_of_their_folder(zipped):
    path = zipped("a.qdpx", {"project.qde": "<a/>", "SOURCES/AB-1.TXT": "hallo"})
    with opened(path) as found:
        assert found.text("internal://ab-1.txt") == "hallo"
        assert found.text("relative:///map/AB-1.txt") == "hallo"
        assert found.text("internal://weg.txt") is None
        assert found.text("") is None


def test_a_zip_without_a_project_is_refused(zipped, problem_of):
    def read():
        with opened(zipped("a.qdpx", {"a.txt": "x"})):
            pass

    assert problem_of(read).what == (
        "the zip holds no .qde file, so it is no REFI-QDA project")


def test_a_project_far_too_large_is_refused(zipped, problem_of, monkeypatch):
    monkeypatch.setattr(package, "QDE_LIMIT", 3)

    def read():
        with opened(zipped("a.qdpx", {"project.qde": "<abc/>"})):
            pass

    assert problem_of(read).rule == "zip.bomb"


def test_a_stream_that_does_not_unpack_is_refused(zipped, write, problem_of):
    data = bytearray(zipped("a.qdpx", {"project.qde": "<a>" + "xyz" * 400 + "</a>"}).read_bytes())
    start = data.index(b"project.qde") + len("project.qde")
    data[start : start + 6] = b"\xff" * 6

    def read():
        with opened(write("b.qdpx", bytes(data))) as found:
            found.read(found.qde)

    assert problem_of(read).what == "the project is cut off or damaged"


def test_xml_is_searched_by_local_names(write):
    root = parse(write("a", "x"), b'<p:a xmlns:p="urn:x"><p:b/><c><p:b/></c><!-- n --></p:a>')
    assert local(root) == "a"
    assert [local(child) for child in root] == ["b", "c"]
    assert len(list(children(root, "b"))) == 1
    assert len(list(every(root, "b"))) == 2


@pytest.mark.parametrize(("data", "row"), [(b"<a>\n<b>\n</a>", 3), (b"<a", 1), (b"", None)])
def test_xml_that_is_not_well_formed_names_the_line(write, problem_of, data, row):
    problem = problem_of(parse, write("a.qdc", "x"), data)
    assert problem.what.startswith("the XML is not well formed")
    assert row is None or problem.row == row


@pytest.mark.parametrize("doctype", [
    '<!DOCTYPE a [<!ENTITY x "y">]>', '<!DOCTYPE a SYSTEM "http://example.org/x.dtd">',
    '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'])
def test_a_declaration_of_entities_is_refused(write, problem_of, doctype):
    problem = problem_of(parse, write("a.qdc", "x"), f"{doctype}<a/>".encode())
    assert problem.rule in ("xml.entities", "xml.syntax")


@pytest.mark.parametrize(("text", "found"), [
    ("{AB}", "ab"), (" Ab ", "ab"), (None, ""), ("", "")])
def test_guids(text, found):
    assert guid(text) == found
