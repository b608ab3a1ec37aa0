"""LibreOffice workbooks: what is stored, not what is shown; repeats written out, bombs refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from lostudy.deliveries import read_interviews, read_survey
from lostudy.deliveries.sheets import read_sheets
from lostudy.errors import DataError

KIND = "application/vnd.oasis.opendocument.spreadsheet"
HEAD = (
    '<?xml version="1.0"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    "<office:body><office:spreadsheet>"
)
TAIL = "</office:spreadsheet></office:body></office:document-content>"


def text(value, more=""):
    return (f'<table:table-cell office:value-type="string" {more}><text:p>{value}</text:p>'
            "</table:table-cell>")


def number(value, shown="", kind="float"):
    return (f'<table:table-cell office:value-type="{kind}" office:value="{value}">'
            f"<text:p>{shown or value}</text:p></table:table-cell>")


def row(*cells, times=1):
    repeat = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{repeat}>{''.join(cells)}</table:table-row>"


def empty(times):
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


def ods(path, *tables, head=HEAD, members=None):
    """A workbook with these sheets, each a name and its rows."""
    sheets = "".join(f'<table:table table:name="{name}">{rows}</table:table>'
                     for name, rows in tables)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", KIND)
        archive.writestr("content.xml", head + sheets + TAIL)
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return path


def rows_of(path):
    (sheet,) = read_sheets(path)
    return sheet.rows


HEADINGS = row(text("nr"), text("team"), text("s1"))


def test_a_plain_table_of_answers(tmp_path):
    path = ods(tmp_path / "survey.ods", ("Blad1", HEADINGS + row(
        number(1), text("A1"), text("Eens")) + row(number(2), text("A2"), text("Oneens"))))
    delivery = read_survey(path)
    assert delivery.source.tool == "table"
    assert delivery.answers.astype("object").to_numpy().tolist() == [
        ["1", "A1", "Eens"], ["2", "A2", "Oneens"]]
    assert list(delivery.answers.index) == [2, 3]


@pytest.mark.parametrize(("cell", "expected"), [
    (number("3", "drie"), "3"), (number("3.50", "3,5"), "3.5"),
    (number("0.58", "58%", "percentage"), "0.58"), (number("12", "€ 12", "currency"), "12"),
    (text("  a b "), "  a b "),
    ('<table:table-cell office:value-type="date" office:date-value="2026-01-13"/>', "2026-01-13"),
    ('<table:table-cell office:value-type="date" office:date-value="2026-01-13T09:30:00">'
     "<text:p>13-01-26</text:p></table:table-cell>", "2026-01-13T09:30:00"),
    ('<table:table-cell office:value-type="time" office:time-value="PT09H05M00S"/>', "09:05:00"),
    ('<table:table-cell office:value-type="boolean" office:boolean-value="true"/>', "TRUE"),
    ('<table:table-cell office:value-type="string"><text:p>een</text:p><text:p>twee</text:p>'
     "</table:table-cell>", "een\ntwee"),
    ('<table:table-cell office:value-type="string"><text:p>a<text:s text:c="3"/>b<text:tab/>c'
     '<text:span>d</text:span><office:annotation><text:p>een opmerking</text:p>'
     "</office:annotation></text:p></table:table-cell>", "a   b\tcd"),
])
def test_what_a_cell_holds(tmp_path, cell, expected):
    path = ods(tmp_path / "a.ods", ("x", row(text("kop")) + row(cell)))
    assert rows_of(path) == [["kop"], [expected]]


def test_repeats_are_written_out_where_something_follows(tmp_path):
    path = ods(tmp_path / "a.ods", ("x", (
        row(text("a"), empty(2), text("d", 'table:number-columns-repeated="2"'), empty(16_000))
        + row(empty(16_384), times=3) + row(text("z"), times=2)
        + row(empty(16_384), times=1_048_000)
    )))
    assert rows_of(path) == [
        ["a", "", "", "d", "d"], *[[""] * 5] * 3, *[["z", "", "", "", ""]] * 2,
    ]


def test_rows_in_groups_and_header_rows(tmp_path):
    grouped = (f"<table:table-header-rows>{HEADINGS}</table:table-header-rows>"
               f"<table:table-row-group>{row(number(1), text('A'), number(4))}"
               "</table:table-row-group>")
    assert rows_of(ods(tmp_path / "a.ods", ("x", grouped))) == [
        ["nr", "team", "s1"], ["1", "A", "4"]]


def test_merged_cells_and_formulas_nobody_calculated_are_refused(tmp_path):
    wide = text("titel", 'table:number-columns-spanned="3"')
    path = ods(tmp_path / "a.ods", ("x", row(wide, "<table:covered-table-cell/>") + HEADINGS))
    with pytest.raises(DataError, match="cells are merged \\(A1:C1\\)"):
        read_survey(path)
    formula = '<table:table-cell table:formula="of:=1+1"/>'
    path = ods(tmp_path / "b.ods", ("x", HEADINGS + row(number(1), text("A"), formula)))
    with pytest.raises(DataError, match="formula.*no stored value.*column C"):
        read_survey(path)


def test_only_the_first_filled_sheet_is_read_and_told(tmp_path):
    body = HEADINGS + row(number(1), text("A"), number(4))
    path = ods(tmp_path / "a.ods", ("leeg", row(empty(5))), ("een", body), ("twee", body))
    delivery = read_survey(path)
    assert [each.rule for each in delivery.repairs] == ["survey.sheets"]
    assert delivery.answers.shape == (1, 3)


def test_coded_passages_in_a_workbook_of_libreoffice(tmp_path):
    body = row(*map(text, ("Gesprek", "Fragment", "Code", "Codeur"))) + row(
        *map(text, ("G1", "Wij leren veel", "Leren", "Ans")))
    delivery = read_interviews(ods(tmp_path / "interviews.ods", ("Blad1", body)))
    assert delivery.source.tool == "handmade"
    assert delivery.segments[["text", "code", "coder"]].to_numpy().tolist() == [
        ["Wij leren veel", "Leren", "Ans"]]


def refused(path):
    with pytest.raises(DataError) as caught:
        read_survey(path)
    (problem,) = caught.value.problems
    return problem.rule


CANARY = "Zwartkopmees-7731"


@pytest.mark.parametrize(("rows", "rule"), [
    (HEADINGS + row(text(CANARY), times=1_048_576) * 2, "ods.bomb"),
    (HEADINGS + row(text(CANARY, 'table:number-columns-repeated="1000000"')), "ods.bomb"),
    (HEADINGS + row(empty(3), times=5_000_000) + row(text(CANARY)), "ods.bomb"),
    (HEADINGS + row(text(CANARY, 'table:number-columns-repeated="9000"'), times=9_000), "ods.bomb"),
    (HEADINGS + f"<table:table-row><oeps>{CANARY}", "xml.syntax"),
])
def test_what_would_unpack_to_too_much_or_is_no_xml(tmp_path, rows, rule):
    assert refused(ods(tmp_path / "a.ods", ("x", rows))) == rule


def test_entities_passwords_and_damage(tmp_path):
    entity = f'<!DOCTYPE x [<!ENTITY a "{CANARY}">]>'
    bomb = HEAD.replace("<office:document", f"{entity}<office:document", 1)
    assert refused(ods(tmp_path / "a.ods", ("x", row(text("&a;"))), head=bomb)) == "xml.entities"
    secret = {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}
    assert refused(ods(tmp_path / "b.ods", ("x", HEADINGS), members=secret)) == "ods.encrypted"
    whole = ods(tmp_path / "c.ods", ("x", HEADINGS)).read_bytes()
    cut = tmp_path / "d.ods"
    cut.write_bytes(whole[: len(whole) // 2])
    assert refused(cut) == "zip.damaged"
    with zipfile.ZipFile(tmp_path / "e.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", CANARY)
    assert refused(tmp_path / "e.ods") == "survey.unknown"


REAL = Path(__file__).parents[3] / "shared" / "real" / "interviews"


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")
def test_a_text_document_of_libreoffice_is_no_workbook():
    documents = sorted(REAL.rglob("*.odt"))
    assert documents
    for path in documents:
        assert refused(path) == "survey.unknown"
