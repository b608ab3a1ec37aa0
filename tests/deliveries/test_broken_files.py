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
LAUGHS = '<!DOCTYPE P [<!ENTITY b "haha"><!ENTITY a "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
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


def packed(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def xlsx(
    rows: list[list[object]], merge: str = "", far: tuple[int, int] | None = None
) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    if far:
        book.active.cell(*far, value=CANARY)
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


@survey
def merged_headings(folder: Path) -> Path:
    return put(folder / "a.xlsx", xlsx([["id", CANARY, None], [1, 2, 3]], merge="B1:C1"))


@survey
def merged_answers(folder: Path) -> Path:
    return put(folder / "a.xlsx", xlsx([["id", "q1"], [1, CANARY], [2, None]], merge="B2:B3"))


@survey
def a_cell_very_far_from_the_others(folder: Path) -> Path:
    return put(folder / "a.xlsx", xlsx([["id", "q1"], [1, 2]], far=(1_048_576, 16_384)))


@survey
def a_number_that_is_none(folder: Path) -> Path:
    data = xlsx([["id", "q1"], [CANARY, 3]])
    return put(folder / "a.xlsx", repacked(
        data, "xl/worksheets/sheet1.xml",
        lambda content: content.replace(b"<v>3</v>", f"<v>{CANARY}</v>".encode())))


@survey
def a_workbook_with_entities(folder: Path) -> Path:
    data = xlsx([["id", "q1"], [CANARY, 3]])
    return put(folder / "a.xlsx", repacked(
        data, "xl/worksheets/sheet1.xml",
        lambda content: content.replace(b"<worksheet", LAUGHS.encode() + b"<worksheet", 1)))


@survey
def a_mark_of_the_end_of_file(folder: Path) -> Path:
    return put(folder / "a.csv", CSV + "\x1a")


@survey
def utf32(folder: Path) -> Path:
    return put(folder / "a.csv", CSV, "utf-32")


@survey
def text_of_a_mainframe(folder: Path) -> Path:
    return put(folder / "a.csv", CSV, "cp500")


@survey
def a_mark_and_nothing_else(folder: Path) -> Path:
    return put(folder / "a.csv", b"\xef\xbb\xbf")


@survey
def line_ends_only(folder: Path) -> Path:
    return put(folder / "a.csv", "\n\n\n")


@survey
def records_without_a_single_answer(folder: Path) -> Path:
    return put(folder / "a.csv", f"id,{CANARY}\n,\n,\n")


@survey
def a_word_document_called_workbook(folder: Path) -> Path:
    return packed(folder / "a.xlsx", {"word/document.xml": CANARY, "[Content_Types].xml": "<x/>"})


@survey
def a_binary_workbook(folder: Path) -> Path:
    return packed(folder / "a.xlsx", {"xl/workbook.bin": CANARY, "[Content_Types].xml": "<x/>"})


@survey
def a_zip_of_answers(folder: Path) -> Path:
    return packed(folder / "a.csv", {"a.csv": CSV})


@survey
def a_zip_of_answers_that_climbs_out(folder: Path) -> Path:
    return packed(folder / "a.xlsx", {"xl/workbook.xml": "<x/>", "../../a.csv": CSV})


@survey
def a_zip_bomb_called_workbook(folder: Path) -> Path:
    return packed(folder / "a.xlsx", {"xl/workbook.xml": b" " * 60_000_000})


@survey
def an_xml_spreadsheet(folder: Path) -> Path:
    return put(folder / "a.xls", f"<?xml version='1.0'?><Workbook><Cell>{CANARY}</Cell></Workbook>")


@survey
def records_as_json(folder: Path) -> Path:
    return put(folder / "a.csv", f'{{"id":1,"q1":"{CANARY}"}}\n{{"id":2}}\n')


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


@interviews
def a_project_that_laughs_a_billion_times(folder: Path) -> Path:
    return packed(folder / "a.qdpx", {"project.qde": f"{LAUGHS}<Project>&a;{CANARY}</Project>"})


@interviews
def a_project_that_asks_for_a_file(folder: Path) -> Path:
    asks = f'<!DOCTYPE P [<!ENTITY x SYSTEM "file:///{CANARY}">]><Project>&x;</Project>'
    return packed(folder / "a.qdpx", {"project.qde": asks})


@interviews
def a_project_that_is_a_zip_bomb(folder: Path) -> Path:
    return packed(folder / "a.qdpx", {"project.qde": b" " * 60_000_000})


@interviews
def a_project_with_a_name_from_the_root(folder: Path) -> Path:
    return packed(folder / "a.qdpx", {"project.qde": QDE, "/etc/evil": CANARY})


@interviews
def a_project_without_its_project(folder: Path) -> Path:
    return packed(folder / "a.qdpx", {"sources/a.txt": CANARY})


@interviews
def a_project_of_another_kind(folder: Path) -> Path:
    return packed(folder / "a.qdpx", {"project.qde": f"<Koffie>{CANARY}</Koffie>"})


@interviews
def a_project_that_names_the_wrong_encoding(folder: Path) -> Path:
    text = QDE.replace('version="1.0"', 'version="1.0" encoding="UTF-16"')
    return packed(folder / "a.qdpx", {"project.qde": text})


@interviews
def a_word_document_with_entities(folder: Path) -> Path:
    members = {"word/document.xml": f"{LAUGHS}<d>&a;</d>", "word/comments.xml": "<c/>"}
    return packed(folder / "a.docx", {**members, "[Content_Types].xml": "<x/>"})


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
    assert len(SURVEYS) + len(INTERVIEWS) >= 60


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


# odd, yet readable: what was written is what is read, and what was mended is told
ODD = {
    "a mark in the middle": ("id,q1\n1,3\n\ufeff2,4\n", [["1", "3"], ["2", "4"]], "removed"),
    "a heading twice": ("id,q1,q1\n1,3,4\n", [["1", "3", "4"]], "more than one column"),
    "empty rows between": ("id,q1\n1,3\n,\n2,4\n", [["1", "3"], [None, None], ["2", "4"]], "empty"),
    "headings a second time": ("id,q1\n1,3\nid,q1\n2,4\n",
                               [["1", "3"], ["id", "q1"], ["2", "4"]], ""),
    "two decimal marks": ("id;q1\n1;1,5\n2;1.5\n", [["1", "1,5"], ["2", "1.5"]], ""),
    "dates as numbers": ("id,submitdate\n1,46100\n2,2026-03-01\n",
                         [["1", "46100"], ["2", "2026-03-01"]], ""),
    "a cell of a million": ("id,q1,q2\n1," + "x" * 10**6 + ",3\n", [["1", "x" * 10**6, "3"]], ""),
    "formulas as text": ("id,q1\n1,=1+2\n2,@SUM(A1)\n", [["1", "=1+2"], ["2", "@SUM(A1)"]], ""),
    "line ends of three kinds": ("id,q1\r\n1,3\n2,4\r3,5\r\n",
                                 [["1", "3"], ["2", "4"], ["3", "5"]], ""),
    "five thousand columns": (
        ",".join(f"q{n}" for n in range(5000)) + "\n" + ",".join(["3"] * 5000) + "\n",
        [["3"] * 5000], ""),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read_as_written_and_what_was_mended_is_told(write, rows_of, name):
    text, cells, told = ODD[name]
    delivery = read_survey(write("a.csv", text))
    assert rows_of(delivery.answers) == cells
    assert [told in str(repair) for repair in delivery.repairs] == ([True] if told else [])


def test_formatting_down_to_the_last_row_costs_nothing_and_adds_no_record(tmp_path):
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    for row in (["id", "q1"], [1, 3], [2, 4]):
        book.active.append(row)
    book.active.cell(1_048_576, 200).font = Font(bold=True)
    book.save(tmp_path / "a.xlsx")
    assert read_survey(tmp_path / "a.xlsx").answers.shape == (2, 2)
