"""Broken deliveries: each its own clear message, and never a value in it.

Every case plants the canary among the answers or passages, breaks the file, and looks at all that a
person or a log could see: the message, the problems, and the traceback as Python prints it.
"""

from __future__ import annotations

import gzip
import io
import sqlite3
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from lostudy.deliveries import read_interviews, read_survey
from lostudy.deliveries.files import OLE
from lostudy.errors import DataError

CANARY = "Zwartkopmees-7731"
CSV = f"id,naam,q1\n1,{CANARY},3\n2,b,4\n"
QDE = (
    '<?xml version="1.0"?><Project xmlns="urn:QDA-XML:project:1.0"><Sources>'
    f'<TextSource guid="t" name="x"><PlainTextContent>{CANARY}</PlainTextContent></TextSource>'
    "</Sources></Project>")
Case = Callable[[Path], "Path"]
SURVEYS: dict[str, Case] = {}
INTERVIEWS: dict[str, Case] = {}


def survey(make: Case) -> Case:
    SURVEYS[make.__name__] = make
    return make


def interviews(make: Case) -> Case:
    INTERVIEWS[make.__name__] = make
    return make


def put(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def xlsx(rows: list[list[object]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sav(path: Path) -> bytes:
    pyreadstat.write_sav(pd.DataFrame({"a": [CANARY] * 40, "b": range(40)}), str(path))
    return path.read_bytes()


def repacked(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == member else content)
    return stream.getvalue()


@survey
def too_many_cells(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f"3,{CANARY},x,y\n")


@survey
def too_few_cells(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f"3,{CANARY}\n4,b,5\n")


@survey
def cut_off_in_the_last_row(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f"3,{CANARY}")


@survey
def a_quote_that_never_closes(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f'3,"{CANARY},4\n4,b,5\n')


@survey
def a_quote_that_never_closes_in_the_last_cell(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f'3,4,"{CANARY}')


@survey
def quotes_inside_a_quoted_cell(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f'3,"{CANARY}" zei "hij,4\n')


@survey
def lost_characters(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f"3,{CANARY}\ufffd,4\n")


@survey
def nul_bytes(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f"3,{CANARY}\0,4\n")


@survey
def utf16_without_a_mark(folder: Path) -> Path:
    return put(folder / "a.csv", CSV, "utf-16-le")


@survey
def bytes_of_no_encoding(folder: Path) -> Path:
    return put(folder / "a.csv", CSV.encode() + b"3,\x81\x8d\x90,4\n")


@survey
def dutch_read_as_central_european(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + f"3,{CANARY} de crčche van het dorp,4\n")


@survey
def headings_only(folder: Path) -> Path:
    return put(folder / "a.csv", f"id,{CANARY},q1\n")


@survey
def a_title_above_the_headings(folder: Path) -> Path:
    return put(folder / "a.xlsx", xlsx([[CANARY, None, None], ["id", "a", "b"], [1, 2, 3]]))


@survey
def no_headings_at_all(folder: Path) -> Path:
    return put(folder / "a.csv", f"1,2,{CANARY}\n3,4,5\n")


@survey
def totals_below_the_records(folder: Path) -> Path:
    return put(folder / "a.csv", f"team,q1\n{CANARY},3\nTotaal,3\n")


@survey
def a_formula_nobody_calculated(folder: Path) -> Path:
    return put(folder / "a.xlsx", xlsx([["id", "a"], [1, f'="{CANARY}"']]))


@survey
def a_gzip_cut_off(folder: Path) -> Path:
    return put(folder / "a.csv.gz", gzip.compress(CSV.encode() * 30)[:-12])


@survey
def a_workbook_cut_off(folder: Path) -> Path:
    return put(folder / "a.xlsx", xlsx([["id"], [CANARY]])[:-900])


@survey
def a_workbook_with_broken_xml(folder: Path) -> Path:
    data = xlsx([["id", "a"], [CANARY, CANARY]])
    return put(folder / "a.xlsx", repacked(
        data, "xl/worksheets/sheet1.xml", lambda content: content[:-60]))


@survey
def a_workbook_whose_strings_are_gone(folder: Path) -> Path:
    data = xlsx([["id", "a"], [CANARY, CANARY]])
    return put(folder / "a.xlsx", repacked(data, "xl/workbook.xml", lambda content: b"<x/>"))


@survey
def a_workbook_with_a_password(folder: Path) -> Path:
    return put(folder / "a.xlsx", OLE + CANARY.encode() + "EncryptedPackage".encode("utf-16-le"))


@survey
def an_old_workbook_of_noise(folder: Path) -> Path:
    return put(folder / "a.xls", OLE + CANARY.encode() * 90)


@survey
def a_sav_cut_off(folder: Path) -> Path:
    return put(folder / "b.sav", sav(folder / "a.sav")[:-300])


@survey
def a_sav_of_noise(folder: Path) -> Path:
    return put(folder / "a.sav", b"$FL2@(#)" + CANARY.encode() * 40)


@survey
def a_portable_file_of_noise(folder: Path) -> Path:
    return put(folder / "a.por", b"ASCII SPSS PORT FILE " * 10 + CANARY.encode())


@survey
def a_dta_of_noise(folder: Path) -> Path:
    return put(folder / "a.dta", b"<stata_dta><header>" + CANARY.encode())


@survey
def a_pdf(folder: Path) -> Path:
    return put(folder / "survey.csv", b"%PDF-1.7 " + CANARY.encode())


@survey
def a_web_page(folder: Path) -> Path:
    return put(folder / "survey.xls", f"<html><table><tr><td>{CANARY}</td></tr></table></html>")


@survey
def an_empty_file(folder: Path) -> Path:
    return put(folder / "a.csv", b"")


@survey
def a_folder(folder: Path) -> Path:
    return folder


@survey
def nothing(folder: Path) -> Path:
    return folder / "weg.csv"


@interviews
def a_project_cut_off(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", QDE * 3)
    return put(folder / "b.qdpx", (folder / "a.qdpx").read_bytes()[:-50])


@interviews
def a_project_whose_member_is_damaged(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", QDE)
    data = (folder / "a.qdpx").read_bytes().replace(CANARY.encode(), CANARY[::-1].encode())
    return put(folder / "b.qdpx", data)


@interviews
def a_project_of_bad_xml(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", f"<Project><Sources {CANARY}><</Sources>")
    return folder / "a.qdpx"


@interviews
def a_project_that_climbs_out(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.qdpx", "w") as archive:
        archive.writestr("project.qde", QDE)
        archive.writestr("../../evil.txt", CANARY)
    return folder / "a.qdpx"


@interviews
def a_project_with_entities(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.qdpx", "w") as archive:
        archive.writestr(
            "project.qde", f'<!DOCTYPE P [<!ENTITY x "{CANARY}">]><Project>&x;</Project>')
    return folder / "a.qdpx"


@interviews
def a_codebook_of_bad_xml(folder: Path) -> Path:
    return put(folder / "a.qdc", f"<CodeBook><Codes><Code name='{CANARY}'></Codes></CodeBook>")


@interviews
def a_database_cut_off(folder: Path) -> Path:
    connection = sqlite3.connect(folder / "a.rqda")
    connection.execute("create table coding (seltext)")
    connection.execute("create table freecode (name)")
    connection.execute("create table source (file)")
    connection.executemany("insert into source values (?)", [[CANARY * 200]] * 60)
    connection.commit()
    connection.close()
    return put(folder / "b.rqda", (folder / "a.rqda").read_bytes()[:9000])


@interviews
def a_database_of_noise(folder: Path) -> Path:
    return put(folder / "a.qda", b"SQLite format 3\x00" + CANARY.encode() * 100)


@interviews
def a_database_of_another_program(folder: Path) -> Path:
    connection = sqlite3.connect(folder / "a.sqlite3")
    connection.execute(f'create table "{CANARY}" (a)')
    connection.commit()
    connection.close()
    return folder / "a.sqlite3"


@interviews
def a_table_of_something_else(folder: Path) -> Path:
    return put(folder / "a.csv", f"team,q1\n{CANARY},3\n")


@interviews
def a_ragged_table_of_highlights(folder: Path) -> Path:
    return put(folder / "a.csv", f"id,document,tag,content\n1,G1,Tijd,{CANARY},over\n")


@interviews
def a_word_document_cut_off(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", f"<document>{CANARY}")
        archive.writestr("word/comments.xml", "<comments/>")
    return folder / "a.docx"


def refused(read: Callable[[Path], object], path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        read(path)
    return caught.value


@pytest.mark.parametrize(("read", "make"), [
    *(pytest.param(read_survey, make, id=name) for name, make in SURVEYS.items()),
    *(pytest.param(read_interviews, make, id=name) for name, make in INTERVIEWS.items()),
])
def test_a_broken_file_is_refused_in_plain_words_without_a_value(tmp_path, read, make):
    error = refused(read, make(tmp_path))
    shown = "".join(traceback.format_exception(error)) + repr(error.problems)
    assert CANARY not in shown
    assert CANARY[::-1] not in shown
    for problem in error.problems:
        assert problem.what
        assert problem.cure
        assert problem.rule
        assert problem.file
        assert problem.severity == "error"


def test_there_are_enough_broken_files():
    assert len(SURVEYS) + len(INTERVIEWS) >= 40


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("kind", ["xlsx", "sav"])
def test_a_binary_file_cut_anywhere_is_refused_or_read(tmp_path, kind, share):
    data = xlsx([["id", "a"]] + [[n, CANARY] for n in range(200)]) if kind == "xlsx" else sav(
        tmp_path / "a.sav")
    path = put(tmp_path / f"b.{kind}", data[: int(len(data) * share)])
    error = refused(read_survey, path)
    assert CANARY not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("reader", [read_survey, read_interviews])
def test_a_message_tells_folder_and_name_only(tmp_path, reader):
    path = tmp_path / "diep" / "A" / "T0" / "survey.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    assert str(refused(reader, path)).startswith("T0/survey.csv: the file is empty (0 bytes).")
