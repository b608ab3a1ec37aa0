"""A delivery that goes back to a coding tool: valid, the same after reading, and read by others."""

from __future__ import annotations

import functools
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyrefiqda
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lostudy.deliveries import (
    CASES,
    CODES,
    DOCUMENTS,
    NOTES,
    SEGMENTS,
    InterviewDelivery,
    Source,
    read_interviews,
    write_interviews,
)
from lostudy.deliveries.interviews.assemble import frame, with_paths
from lostudy.deliveries.interviews.write_xml import NOT_XML, key_guid

REAL = Path(__file__).resolve().parents[4] / "shared" / "real" / "interviews"
STANDARD = REAL / "refi_standard"
TEXT = "Wij leren van fouten.\nDat 🙂 helpt het team.\n\nNiemand praat erover."
TABLES = ("documents", "codes", "segments", "cases", "notes")


def made(documents, codes, segments, cases=(), notes=()) -> InterviewDelivery:
    segments = [{"attributes": {}, "offset_status": "exact", "row": n, **each}
                for n, each in enumerate(segments, start=1)]
    return InterviewDelivery(
        Source("x", "refi", "", "0"), frame(documents, DOCUMENTS),
        frame(with_paths(codes), CODES), frame(segments, SEGMENTS), (),
        frame(cases, CASES), frame(notes, NOTES))


def small() -> InterviewDelivery:
    quotes = (("Wij leren", "c1", "Anna", "eerste\nregel"),
              ("Wij leren", "c2", "Bo", "eerste\nregel"),
              ("🙂 helpt", "c2", "Anna", ""), ("Niemand praat", "c3", "", ""))
    return made(
        [{"document": "d1", "name": "Gesprek \"1\" & meer", "text": TEXT, "group": "Org A; kern",
          "memo": "in de tuin", "variables": {"rol": "leider", "case": "Anna"},
          "attributes": {"kind": "TextSource", "created": "2026-01-05T10:00:00Z",
                         "created by": "Bo"}},
         {"document": "d2", "name": "weg", "attributes": {"kind": "TextSource"}}],
        [{"code": "c1", "name": "Reflectie", "description": "stilstaan\nen kijken",
          "attributes": {"codable": "false", "color": "#FF0000"}},
         {"code": "c2", "name": "Tijd", "parent": "c1", "parents": ["c3"],
          "attributes": {"codable": "true", "groups": "kern"}},
         {"code": "c3", "name": "Tijd", "attributes": {"codable": "true"}}],
        [{"document": "d1", "code": code, "coder": coder, "memo": memo, "text": quote,
          "start": TEXT.index(quote), "end": TEXT.index(quote) + len(quote),
          "created": "2026-03-01T10:00:00Z"} for quote, code, coder, memo in quotes],
        [{"case": "k1", "name": "Anna", "document": "d1", "variables": {"jaren": "7"},
          "memo": "nieuw"},
         {"case": "k1", "name": "Anna", "document": "d1", "start": 0, "end": 9,
          "variables": {"jaren": "7"}, "memo": "nieuw"},
         {"case": "k2", "name": "Bo", "variables": {"jaren": "2"}}],
        [{"note": "n1", "name": "dag 1", "text": "druk", "document": "d1", "coder": "Bo",
          "created": "2026-01-06T08:00:00Z"},
         {"note": "n2", "name": "plek", "text": "hier", "document": "d1", "start": 4, "end": 9},
         {"note": "n3", "name": "code", "text": "over tijd", "code": "c2"},
         {"note": "project", "name": "project", "text": "een jaar"}])


def renamed(delivery: InterviewDelivery) -> InterviewDelivery:
    """The delivery with the guids that its keys get when it is written."""
    def key(kind, value):
        return value if value is None or value != value else key_guid(kind, value)

    documents, codes, segments, cases, notes = (
        getattr(delivery, name).copy() for name in TABLES)
    documents["document"] = [key("document", each) for each in documents["document"]]
    for column in ("code", "parent"):
        codes[column] = [key("code", each) for each in codes[column]]
    codes["parents"] = [tuple(key("code", each) for each in above) for above in codes["parents"]]
    for table in (segments, cases, notes):
        table["document"] = [key("document", each) for each in table["document"]]
    for table in (segments, notes):
        table["code"] = [key("code", each) for each in table["code"]]
    cases["case"] = [key("case", each) for each in cases["case"]]
    notes["note"] = [each if each == "project" else key("note", each) for each in notes["note"]]
    return InterviewDelivery(
        delivery.source, documents, codes, segments, (), cases, notes, delivery.history)


ORDER = {"codes": ["code"],
         "segments": ["document", "start", "end", "code", "coder", "created", "memo"],
         "notes": ["note"], "cases": ["case", "start"]}


def rows_of(delivery: InterviewDelivery, name: str) -> list[dict]:
    table = getattr(delivery, name).drop(columns="row", errors="ignore")
    cells = table.astype("object").where(table.notna(), None)
    rows = cells.to_dict("records")
    if name in ORDER:
        rows.sort(key=lambda row: [str(row[column]) for column in ORDER[name]])
    return rows


def assert_same(one: InterviewDelivery, other: InterviewDelivery) -> None:
    for name in TABLES:
        assert rows_of(one, name) == rows_of(other, name), name


def project_xml(path: Path):
    return etree.fromstring(zipfile.ZipFile(path).read("project.qde"))


needs_schema = pytest.mark.skipif(
    not STANDARD.is_dir(), reason="the schema of the standard is not beside us")


def assert_valid(root, name: str) -> None:
    schema = schema_of(name)
    assert schema.validate(root), schema.error_log


@functools.cache
def schema_of(name: str):
    return etree.XMLSchema(etree.parse(STANDARD / name))


def test_what_is_written_is_read_again_whole(tmp_path):
    write_interviews(tmp_path / "a.qdpx", small())
    read = read_interviews(tmp_path / "a.qdpx")
    assert read.source.evidence.startswith("a zip with project.qde, written by lostudy")
    expected = renamed(small())
    expected.documents.loc[0, "variables"].update(jaren="7")
    assert_same(read, expected)


def test_writing_what_was_read_gives_the_same_bytes(tmp_path):
    write_interviews(tmp_path / "a.qdpx", small())
    (tmp_path / "b").mkdir()
    write_interviews(tmp_path / "b" / "a.qdpx", read_interviews(tmp_path / "a.qdpx"))
    again = read_interviews(tmp_path / "b" / "a.qdpx")
    assert_same(again, read_interviews(tmp_path / "a.qdpx"))
    first = (tmp_path / "a.qdpx").read_bytes()
    write_interviews(tmp_path / "a.qdpx", small())
    assert (tmp_path / "a.qdpx").read_bytes() == first


@needs_schema
def test_the_project_is_valid_by_the_schema_of_the_standard(tmp_path):
    write_interviews(tmp_path / "a.qdpx", small())
    assert_valid(project_xml(tmp_path / "a.qdpx"), "Project.xsd")


@needs_schema
def test_the_codebook_is_valid_and_read_again(tmp_path):
    write_interviews(tmp_path / "a.qdc", small())
    assert_valid(etree.parse(tmp_path / "a.qdc").getroot(), "Codebook_openqda-refi-tools.xsd")
    read = read_interviews(tmp_path / "a.qdc")
    expected = renamed(small()).codes
    assert list(read.codes["code"]) == list(expected["code"])
    assert list(read.codes["path"]) == list(expected["path"])
    assert list(read.codes["attributes"]) == list(expected["attributes"])


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\r\ufeff"),
    min_size=1, max_size=60).filter(lambda text: not NOT_XML.search(text))
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12).filter(
    lambda text: not NOT_XML.search(text))
WORDS = NAMES.filter(lambda name: name == name.strip() and name != "" and "; " not in name)


@st.composite
def deliveries(draw) -> InterviewDelivery:
    """Any texts, any tree of codes, two coders, any passages: also of one character."""
    texts = draw(st.lists(st.one_of(TEXTS, TEXTS.map(lambda t: f"a🙂\n{t}\nb")),
                          min_size=1, max_size=3))
    names = draw(st.lists(NAMES, min_size=1, max_size=4))
    codes = [{"code": f"c{n}", "name": name, "attributes": {"codable": "true"},
              "parent": draw(st.sampled_from([None, *[f"c{m}" for m in range(n)]])),
              "description": draw(st.one_of(st.none(), TEXTS))}
             for n, name in enumerate(names)]
    segments = []
    for number, text in enumerate(texts):
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(text) - 1))
            end = draw(st.integers(start + 1, len(text)))
            segments.append({
                "document": f"d{number}", "code": draw(st.sampled_from(codes))["code"],
                "coder": draw(st.sampled_from([None, "Anna", "Bo van Dijk"])), "start": start,
                "end": end, "text": text[start:end],
                "memo": draw(st.one_of(st.none(), TEXTS)),
                "created": draw(st.sampled_from([None, "2026-03-01T10:00:00Z"]))})
    documents = [
        {"document": f"d{n}", "name": draw(WORDS), "text": text,
         "variables": draw(st.dictionaries(WORDS, WORDS, max_size=2)),
         "attributes": {"kind": "TextSource"}} for n, text in enumerate(texts)]
    return made(documents, codes, segments)


@settings(deadline=None, max_examples=40)
@given(deliveries())
def test_any_delivery_comes_back_as_it_was(tmp_path_factory, delivery):
    path = tmp_path_factory.mktemp("any") / "a.qdpx"
    write_interviews(path, delivery)
    if STANDARD.is_dir():
        assert_valid(project_xml(path), "Project.xsd")
    assert_same(read_interviews(path), renamed(delivery))


def test_a_name_of_ones_own_goes_back_as_a_name(tmp_path):
    named = {"document": "d", "code": "c", "start": 0, "end": 20, "text": "een dag vol met leren",
             "attributes": {"name": "De kern van het gesprek"}}
    delivery = made([{"document": "d", "text": "een dag vol met leren"}],
                    [{"code": "c", "name": "c"}], [named])
    write_interviews(tmp_path / "a.qdpx", delivery)
    selection = next(project_xml(tmp_path / "a.qdpx").iter("{*}PlainTextSelection"))
    assert selection.get("name") == "De kern van het gesprek"
    again = read_interviews(tmp_path / "a.qdpx").segments
    assert again["attributes"].iloc[0] == {"name": "De kern van het gesprek"}
    assert again["memo"].isna().all()


def test_an_unverified_place_stays_unverified(tmp_path):
    """Neither the words at the place nor the writing of them makes it sure."""
    text = "een dag vol met leren en praten"
    rows = [(2, 6, "n da", {}), (4, 11, "iets heel anders", {}),
            (9, 17, "ol met l", {"name": "De kern van het gesprek"}), (0, 7, "een dag", {})]
    segments = [{"document": "d", "code": "c", "start": start, "end": end, "text": words,
                 "memo": memo, "attributes": attributes, "offset_status": "unverified"}
                for (start, end, words, attributes), memo in zip(
                    rows, [None, "noot", "noot", None], strict=True)]
    first = made([{"document": "d", "text": text}], [{"code": "c", "name": "c"}], segments)
    write_interviews(tmp_path / "a.qdpx", first)
    selections = list(project_xml(tmp_path / "a.qdpx").iter("{*}PlainTextSelection"))
    assert [each.get("name") for each in selections] == [
        None, "iets heel anders", "De kern van het gesprek", None]
    again = read_interviews(tmp_path / "a.qdpx")
    assert set(again.segments["offset_status"]) == {"unverified"}
    for column in ("start", "end", "text", "attributes"):
        assert list(again.segments[column]) == list(first.segments[column]), column
    assert list(again.segments["memo"].fillna("")) == ["", "noot", "noot", ""]
    write_interviews(tmp_path / "b.qdpx", again)
    assert list(read_interviews(tmp_path / "b.qdpx").segments["text"]) == [row[2] for row in rows]


def inside(path: Path) -> tuple[set[str], dict[str, str]]:
    """The paths a project names inside its zip, and the texts there; read without any of ours."""
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
        named = {value.removeprefix("internal://") for each in root.iter()
                 for value in each.attrib.values() if value.startswith("internal://")}
        texts = {name.removeprefix("sources/"): archive.read(name).decode("utf-8")
                 for name in archive.namelist() if name != "project.qde"}
    return named, texts


def without_texts() -> InterviewDelivery:
    """Sources of every kind whose texts did not come: with and without words of passages."""
    kinds = ("TextSource", "TextSource", "PDFSource", "PDFSource", "PictureSource", "AudioSource",
             "TextSource")
    documents = [{"document": f"d{number}", "name": f"G{number}", "attributes": {
        "kind": kind, "path": f"internal://{number}.bin"}} for number, kind in enumerate(kinds)]
    documents[-1]["text"] = "er is een tekst"
    rows = [("d0", 40, 49, "Wij leren"), ("d0", 4, 9, None), ("d0", None, None, "Dat helpt"),
            ("d1", 3, 8, None), ("d2", 12, 21, "Wij leren"), ("d3", 3, 8, None),
            ("d6", 0, 5, "er is")]
    segments = [{"document": document, "code": "c", "start": start, "end": end, "text": words,
                 "offset_status": "exact" if document == "d6" else "absent"}
                for document, start, end, words in rows]
    cases = [{"case": "k", "name": "Anna", "document": "d0", "start": 3, "end": 9}]
    notes = [{"note": "n", "text": "let op", "document": "d2", "start": 3, "end": 9}]
    return made(documents, [{"code": "c", "name": "c"}], segments, cases, notes)


def test_every_path_in_a_written_project_exists(tmp_path):
    write_interviews(tmp_path / "a.qdpx", without_texts())
    named, texts = inside(tmp_path / "a.qdpx")
    assert named == set(texts) and len(named) == 4
    assert sorted(texts.values()) == [
        "", "Wij leren", "Wij leren\n\nDat helpt", "er is een tekst"]
    selections = list(project_xml(tmp_path / "a.qdpx").iter("{*}PlainTextSelection"))
    assert sorted((int(each.get("startPosition")), int(each.get("endPosition")))
                  for each in selections) == [(0, 5), (0, 9), (0, 9), (11, 20)]
    again = read_interviews(tmp_path / "a.qdpx")
    assert len(again.segments) == 7
    assert "position: 40-49" in set(again.segments["memo"])
    assert list(again.cases["name"]) == ["Anna"]
    assert list(again.notes["text"].dropna()) == ["let op"]
    assert len(pyrefiqda.RefiProject.load(tmp_path / "a.qdpx", tmp_path / "b").sources.text_source)


def test_numbers_and_dates_stay_numbers_and_dates(tmp_path):
    kinds = {"jaren": "Integer", "vlag": "Boolean", "score": "Float", "dag": "Date",
             "moment": "DateTime", "rol": "Text", "team": "Integer", "week": "Date"}
    values = {"jaren": "34", "vlag": "true", "score": "1.5", "dag": "2026-03-01",
              "moment": "2026-03-01T10:00:00Z", "rol": "7", "team": "3; 4", "week": "2026-02-31"}
    delivery = made([{"document": "d", "text": "een dag", "variables": values}],
                    [{"code": "c", "name": "c"}], [],
                    [{"case": "k", "name": "Anna", "variables": {"jaren": "7"}}])
    write_interviews(tmp_path / "a.qdpx", replace(delivery, kinds=kinds))
    root = project_xml(tmp_path / "a.qdpx")
    written = {each.get("name"): each.get("typeOfVariable") for each in root.iter("{*}Variable")}
    assert written == kinds | {"team": "Text", "week": "Text"}
    assert {each.text for each in root.iter("{*}IntegerValue")} == {"34", "7"}
    if STANDARD.is_dir():
        assert_valid(root, "Project.xsd")
    again = read_interviews(tmp_path / "a.qdpx")
    assert again.documents["variables"].iloc[0] == values
    assert again.kinds == {name: kind for name, kind in written.items() if kind != "Text"}


@needs_schema
def test_a_project_without_texts_is_valid_too(tmp_path):
    write_interviews(tmp_path / "a.qdpx", without_texts())
    assert_valid(project_xml(tmp_path / "a.qdpx"), "Project.xsd")


def test_the_same_code_twice_on_one_place_stays_twice(tmp_path):
    twice = {"document": "d", "code": "c", "coder": "Anna", "start": 0, "end": 3, "text": "een"}
    delivery = made([{"document": "d", "text": "een dag"}], [{"code": "c", "name": "c"}],
                    [twice, twice])
    write_interviews(tmp_path / "a.qdpx", delivery)
    assert len(read_interviews(tmp_path / "a.qdpx").segments) == 2


def test_crlf_of_a_delivered_text_does_not_move_a_passage(tmp_path, zipped):
    qde = (
        '<Project xmlns="urn:x"><CodeBook><Codes><Code guid="c" name="n"/></Codes></CodeBook>'
        '<Sources><TextSource guid="t" name="x" plainTextPath="internal://a.txt">'
        '<PlainTextSelection guid="s" startPosition="11" endPosition="15" name="regel twee">'
        '<Coding guid="k"><CodeRef targetGUID="c"/></Coding></PlainTextSelection></TextSource>'
        "</Sources></Project>").replace('endPosition="15"', 'endPosition="21"')
    path = zipped("a.qdpx", {"p.qde": qde, "sources/a.txt": b"regel een\r\nregel twee\r\n"})
    first = read_interviews(path)
    write_interviews(tmp_path / "b.qdpx", first)
    again = read_interviews(tmp_path / "b.qdpx")
    for read in (first, again):
        assert read.segments["text"].tolist() == ["regel twee"]
        assert read.segments["start"].tolist() == [10]


def test_a_table_of_passages_becomes_documents_of_passages(tmp_path, workbook):
    path = workbook("a.xlsx", [
        ["Gesprek", "Fragment", "Code", "Codeur", "Meting"],
        ["G1", "Wij leren.", "Reflectie > Tijd", "Anna", "T2"],
        ["G1", "Wij leren.", "Rust", "Bo", "T2"], ["G1", "Dat helpt.", "Rust", "Bo", "T2"]])
    table = read_interviews(path)
    write_interviews(tmp_path / "b.qdpx", table)
    read = read_interviews(tmp_path / "b.qdpx")
    assert read.documents["text"].tolist() == ["Wij leren.\n\nDat helpt."]
    assert read.segments["text"].tolist() == ["Wij leren.", "Wij leren.", "Dat helpt."]
    assert set(read.segments["offset_status"]) == {"exact"}
    assert read.segments["memo"].iloc[0] == "wave: T2"
    assert sorted(read.codes["path"]) == ["Reflectie", "Reflectie > Tijd", "Rust"]


def test_a_name_of_another_kind_is_refused(tmp_path, problem_of):
    problem = problem_of(write_interviews, tmp_path / "a.docx", small())
    assert problem.what == "only REFI-QDA projects (.qdpx) and codebooks (.qdc) are written"


def test_another_reader_finds_the_same_codes_coders_and_passages(tmp_path):
    """pyrefiqda parses strictly into the standard's types; it shares no code with us."""
    write_interviews(tmp_path / "a.qdpx", small())
    read = pyrefiqda.RefiProject.load(tmp_path / "a.qdpx", tmp_path / "unpacked")
    users = {user.guid: user.name for user in read.users.user}
    names = {}

    def walk(codes, above=""):
        for code in codes:
            names[code.guid] = f"{above}{code.name}"
            walk(code.code, f"{above}{code.name} > ")

    walk(read.code_book.codes.code)
    source = read.sources.text_source[0]
    text = (tmp_path / "unpacked" / "sources" / f"{source.guid}.txt").read_text("utf-8")
    found = sorted(
        (users.get(coding.creating_user, ""), names[coding.code_ref.target_guid],
         text[selection.start_position : selection.end_position])
        for selection in source.plain_text_selection for coding in selection.coding)
    expected = small()
    paths = expected.codes.set_index("code")["path"]
    assert found == sorted(zip(
        expected.segments["coder"].fillna(""), expected.segments["code"].map(paths),
        expected.segments["text"], strict=True))
    assert [case.name for case in read.cases.case] == ["Anna", "Bo"]


@needs_schema
@pytest.mark.parametrize("name", [
    "navarro-taguette/transcripts/thematic-analysis/SERDIF_P2_ThematicAnalysis.sqlite3",
    "skyloom/TestProject.qdpx", "igo_openness/OPCW.rqda", "maxqdar/test.xls", "maxqdar/test.mex",
    "frattini-relf/interview-data.xlsx", "dedoose-irr-tool/coder_a.docx"])
def test_a_real_project_can_go_to_another_tool(tmp_path, name):
    first = read_interviews(REAL / name)
    write_interviews(tmp_path / "a.qdpx", first)
    assert_valid(project_xml(tmp_path / "a.qdpx"), "Project.xsd")
    named, texts = inside(tmp_path / "a.qdpx")
    assert named == set(texts)
    again = read_interviews(tmp_path / "a.qdpx")
    assert [len(getattr(again, table)) for table in ("documents", "codes", "segments")] == [
        len(getattr(first, table)) for table in ("documents", "codes", "segments")]

    def counts(read):
        keys = read.segments["code"].map(read.codes.set_index("code")["path"])
        return pd.Series(keys).value_counts().to_dict()

    assert counts(again) == counts(first)
