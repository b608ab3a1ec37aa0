"""Encodings, separators and decimal marks: guessed in one order, shown, and refused when lost."""

from __future__ import annotations

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.deliveries import text as text_module
from lostudy.deliveries.text import (
    head_records,
    open_text,
    sniff_decimal,
    sniff_separator,
)

DUTCH = "vraag;antwoord\n1;de crèche is niet één van de beste\n"


@pytest.mark.parametrize(("encoding", "named"), [
    ("utf-8", "utf-8"),
    ("utf-8-sig", "utf-8-sig"),
    ("utf-16", "utf-16"),
    ("cp1252", "cp1252"),
])
def test_the_same_dutch_text_is_read_from_four_encodings(write, encoding, named):
    text = open_text(write("a.csv", DUTCH, encoding))
    assert text.encoding == named
    assert text.everything() == DUTCH
    assert text.head == DUTCH
    assert text.whole


def test_utf16_big_endian_with_a_mark_is_read(write):
    data = codecs.BOM_UTF16_BE + DUTCH.encode("utf-16-be")
    assert open_text(write("a.csv", data)).everything() == DUTCH


def test_a_file_that_is_utf8_already_is_not_held_in_memory(write):
    assert open_text(write("a.csv", DUTCH)).data is None
    assert open_text(write("b.csv", DUTCH, "cp1252")).data is not None


def test_lines_are_the_physical_lines_with_their_ends(write):
    assert list(open_text(write("a.csv", "a\r\nb\n")).lines()) == ["a\r\n", "b\n"]
    assert list(open_text(write("b.csv", "é\r\nb\n", "cp1252")).lines()) == ["é\r\n", "b\n"]


def test_gzip_is_unpacked_and_the_fingerprint_is_that_of_the_file(write):
    path = write("a.csv.gz", gzip.compress(DUTCH.encode()))
    text = open_text(path)
    assert text.everything() == DUTCH
    assert text.sha256 == __import__("hashlib").sha256(path.read_bytes()).hexdigest()


def test_a_gzip_that_was_cut_off_says_so(write, problem_of):
    data = gzip.compress(DUTCH.encode() * 50)
    problem = problem_of(open_text, write("a.csv.gz", data[:-20]))
    assert problem.what == "the gzip file is cut off or damaged"


def test_a_gzip_bomb_is_refused(write, problem_of, monkeypatch):
    monkeypatch.setattr(text_module, "GZIP_LIMIT", 1000)
    problem = problem_of(open_text, write("a.csv.gz", gzip.compress(b"a" * 2000)))
    assert problem.rule == "gzip.bomb"


def test_a_lost_character_stops_and_names_the_row(write, problem_of):
    problem = problem_of(open_text, write("a.csv", "a;b\n1;2\n3;cr\ufffdche\n"))
    assert problem.what == (
        "a character was lost in an earlier conversion (U+FFFD stands in its place)")
    assert problem.row == 3
    assert "crche" not in str(problem)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_nul_bytes_stop(write, problem_of, encoding):
    problem = problem_of(open_text, write("a.csv", "a;b\n1;\0\n", encoding))
    assert problem.what == "the text holds NUL bytes, so it is not a plain text file"
    assert problem.row == 2


@pytest.mark.parametrize("sign", ["č", "ď", "ŕ"])
def test_a_sign_of_the_wrong_encoding_in_dutch_text_stops(write, problem_of, sign):
    problem = problem_of(open_text, write("a.csv", f"a;b\n1;de cr{sign}che is niet open\n"))
    assert problem.what == (
        f"'{sign}' stands in Dutch text: è, ï or à was read with the wrong encoding")
    assert problem.row == 2


def test_a_slavic_name_among_its_own_letters_does_not_stop(write):
    text = "a;b\n1;de heer Dvořáček is niet hier\n"
    assert open_text(write("a.csv", text)).everything() == text


def test_those_signs_in_text_that_is_not_dutch_do_not_stop(write):
    text = "ime;odgovor\n1;človek\n"
    assert open_text(write("a.csv", text)).everything() == text


def test_a_mark_inside_the_text_is_removed_and_reported(write):
    text = open_text(write("a.csv", "a;b\n1;\ufeffx\n\ufeff2;y\n"))
    assert text.everything() == "a;b\n1;x\n2;y\n"
    (problem,) = text.repairs
    assert problem.what == "2 byte order mark(s) stood inside the text and were removed"
    assert (problem.row, problem.severity) == (2, "repair")


def test_bytes_that_are_no_text_are_refused(write, problem_of):
    problem = problem_of(open_text, write("a.csv", b"a;b\n\x81\x8d\xff\n"))
    assert problem.what == "the text is neither UTF-8, nor UTF-16 with a mark, nor Windows-1252"
    assert problem.cure == "export it again as CSV UTF-8"


def test_a_character_across_two_pieces_is_read_whole(write, monkeypatch):
    monkeypatch.setattr(text_module, "CHUNK", 7)
    text = "a;b\n" + "é;ë\n" * 20
    found = open_text(write("a.csv", text))
    assert found.everything() == text
    assert found.encoding == "utf-8"


def test_a_utf8_file_that_ends_inside_a_character_is_not_taken_for_utf8(write):
    assert open_text(write("a.csv", "a;é".encode()[:-1])).encoding == "cp1252"


@pytest.mark.parametrize(("text", "separator"), [
    ("a,b,c\n1,2,3\n", ","),
    ("a;b;c\n1,5;2;3\n", ";"),
    ("a\tb\n1\t2\n", "\t"),
    ('"a, of b";c\n"x, y, z";2\n', ";"),
    ("alleen een kolom\nja\nnee\n", ","),
    ("a;b\nhallo, daar;2\nnee, dank u, nee;3\n", ";"),
])
def test_the_separator_splits_the_rows_evenly(write, text, separator):
    assert sniff_separator(open_text(write("a.csv", text))) == separator


@pytest.mark.parametrize(("cells", "decimal"), [
    ([["3,5", "x"], ["7"]], ","),
    ([["3.5"], ["7.25"], ["1,5"]], "."),
    ([["7", "een"]], ""),
    ([], ""),
])
def test_the_decimal_mark_is_the_one_seen_most(cells, decimal):
    assert sniff_decimal(cells) == decimal


def test_a_record_that_the_head_cuts_is_left_out(write, monkeypatch):
    monkeypatch.setattr(text_module, "HEAD", 12)
    text = open_text(write("a.csv", "a,b\n1,2\n3,4444444\n5,6\n"))
    assert not text.whole
    assert head_records(text, ",") == [["a", "b"], ["1", "2"]]


@given(st.text(alphabet=st.characters(codec="cp1252", exclude_characters="\0"), min_size=1))
def test_any_windows_1252_text_comes_back_or_is_refused_as_a_whole(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("t") / "a.csv"
    path.write_bytes(content.encode("utf-8-sig"))
    assert open_text(path).everything() == content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_that_was_converted_twice_is_noted(write, encoding):
    text = open_text(write("a.csv", "a;b\n1;x\n2;coÃ«rdinator\n", encoding))
    (note,) = text.repairs
    assert note.what == "'Ã«' shows that the text was converted once too often"
    assert (note.row, note.severity) == (3, "note")


def test_a_capital_with_a_tilde_alone_is_just_a_letter(write):
    assert open_text(write("a.csv", "a;b\n1;SÃO PAULO\n")).repairs == ()


def test_something_below_the_headings_is_seen_however_long(write):
    text = open_text(write("a.csv", "a,b\n1," + "x" * 200_000 + "\n"))
    assert text.anything_below(1)
    assert not text.anything_below(2)


@pytest.mark.parametrize(("hint", "separator"), [("sep=;", ";"), ("sep=,", ","), ("sep=\t", "\t")])
def test_a_first_line_that_announces_the_separator_is_believed_and_left_out(
    write, hint, separator
):
    text = open_text(write("a.csv", f"{hint}\r\nid{separator}q1\r\n1{separator}2\r\n"))
    assert text.hint == separator
    assert sniff_separator(text) == separator
    assert head_records(text, separator) == [["id", "q1"], ["1", "2"]]
