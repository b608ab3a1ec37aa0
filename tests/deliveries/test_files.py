"""What a file is, told by its first bytes; zips are looked into before they are trusted."""

from __future__ import annotations

import gzip
import hashlib
import struct
import zipfile

import pytest

from lostudy.deliveries import files
from lostudy.deliveries.files import check_zip, existing, kind_of, refusal, repair, sha256


def test_refusal_names_the_file_the_row_and_the_cure():
    error = refusal("/home/x/A/T0/survey.csv", "it is wrong", "mend it", row=3, column="a")
    assert str(error) == "T0/survey.csv, row 3, column 'a': it is wrong. To do: mend it"
    assert error.problems[0].severity == "error"


def test_repair_is_a_problem_of_another_severity():
    assert repair("a.csv", "x", "y").severity == "repair"
    assert repair("a.csv", "x", "y", severity="note").severity == "note"


def test_fingerprint_is_the_sha256_of_the_bytes(write):
    path = write("a.csv", b"a;b\n")
    assert sha256(path) == hashlib.sha256(b"a;b\n").hexdigest()


def test_a_missing_file_says_so(tmp_path, problem_of):
    problem = problem_of(existing, tmp_path / "gone.csv")
    assert problem.what == "there is no such file, or it may not be opened"
    assert problem.file.endswith("gone.csv")
    assert problem.rule == "file.missing"


def test_a_folder_is_not_a_file(tmp_path, problem_of):
    problem = problem_of(existing, tmp_path)
    assert problem.what == "this is a folder, not a file"
    assert problem.cure == "name the file inside it"


def test_an_empty_file_says_so(write, problem_of):
    problem = problem_of(existing, write("a.csv", b""))
    assert problem.what == "the file is empty (0 bytes)"
    assert problem.cure == "ask for the delivery again"


@pytest.mark.parametrize(("first", "kind"), [
    (b"a,b\n1,2\n", "text"),
    (b"\xef\xbb\xbfa,b\n", "text"),
    (b"$FL2@(#) SPSS DATA FILE", "spss"),
    (b"$FL3@(#) SPSS DATA FILE", "spss"),
    (b"<stata_dta><header>", "stata"),
    (b"\x72\x02\x01\x00rest", "stata"),
    (b"SQLite format 3\x00....", "sqlite"),
    (b"%PDF-1.7 ...", "pdf"),
    (b"<?xml version='1.0'?><a/>", "xml"),
    (b"\xef\xbb\xbf<Project/>", "xml"),
    (b"\x89PNG\r\n", "image"),
    (b"{\\rtf1 hello}", "rtf"),
    (b"ASCII SPSS PORT FILE " * 10, "spss portable"),
    (gzip.compress(b"a,b\n", mtime=0), "gzip"),
])
def test_the_kind_follows_the_first_bytes_and_not_the_extension(write, first, kind):
    assert kind_of(write("survey.pdf", first)) == kind


@pytest.mark.parametrize(("members", "kind"), [
    ({"xl/workbook.xml": "<a/>"}, "xlsx"),
    ({"word/document.xml": "<a/>"}, "docx"),
    ({"project.qde": "<a/>"}, "qdpx"),
    ({"Project.QDE": "<a/>", "Sources/": ""}, "qdpx"),
    ({"content.xml": "<a/>", "mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "ods"),
    ({"content.xml": "<a/>", "mimetype": "application/vnd.oasis.opendocument.text"}, "odt"),
    ({"xl/workbook.bin": "x"}, "xlsb"),
    ({"survey.csv": "a,b"}, "zip"),
])
def test_a_zip_is_looked_into(zipped, members, kind):
    assert kind_of(zipped("delivery.bin", members)) == kind


def test_an_old_workbook_and_a_protected_one_both_begin_as_ole(write):
    assert kind_of(write("a.xls", files.OLE + b"rest")) == "xls"
    protected = files.OLE + "EncryptedPackage".encode("utf-16-le")
    assert kind_of(write("b.xlsx", protected)) == "encrypted"


def test_a_zip_that_was_cut_off_says_so(zipped, write, problem_of):
    whole = zipped("a.xlsx", {"xl/workbook.xml": "<a/>" * 500}).read_bytes()
    problem = problem_of(kind_of, write("cut.xlsx", whole[: len(whole) // 2]))
    assert problem.what == "the file starts as a zip but is cut off or damaged"
    assert problem.rule == "zip.damaged"


def test_a_zip_with_a_password_is_refused(zipped, write, problem_of):
    data = bytearray(zipped("a.zip", {"a.csv": "a,b"}, deflate=False).read_bytes())
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[local + 6] |= 1
    data[central + 8] |= 1
    problem = problem_of(kind_of, write("locked.zip", bytes(data)))
    assert problem.what == "the zip is protected with a password"


def test_a_zip_bomb_is_refused_by_what_it_claims_before_anything_is_unpacked(tmp_path, problem_of):
    path = tmp_path / "bomb.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b"\0" * 60_000_000)
    problem = problem_of(kind_of, path)
    assert problem.what == "the zip would unpack to far more than a delivery can hold"
    assert problem.rule == "zip.bomb"


def test_a_zip_that_claims_gigabytes_is_refused(zipped, write, problem_of):
    data = bytearray(zipped("a.zip", {"a.csv": "a,b"}, deflate=False).read_bytes())
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 3_000_000_000)
    assert problem_of(kind_of, write("huge.zip", bytes(data))).rule == "zip.bomb"


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "a/../../b", "C:/evil", "..\\evil"])
def test_a_member_that_points_outside_is_refused(zipped, problem_of, name):
    problem = problem_of(kind_of, zipped("path.qdpx", {"project.qde": "<a/>", name: "x"}))
    assert problem.what == "the zip holds a name that points outside the zip"


def test_too_many_members_are_refused(zipped, problem_of, monkeypatch):
    monkeypatch.setattr(files, "MEMBER_LIMIT", 2)
    path = zipped("many.zip", {"a": "1", "b": "2", "c": "3"})
    with zipfile.ZipFile(path) as archive:
        assert problem_of(check_zip, path, archive).rule == "zip.bomb"
