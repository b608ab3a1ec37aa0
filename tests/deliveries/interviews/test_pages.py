"""Reports laid out as pages, and tables in versions and languages that the tools write."""

from __future__ import annotations

import zipfile

import pytest

from lostudy.deliveries import read_interviews

TAGUETTE = """<!DOCTYPE html>
<html><head><meta charset="UTF-8"><title>Taguette highlights</title>
<style>h1 {{ margin: 1em; }}</style></head><body><h1>Taguette highlights</h1>
<p>Wij leren &amp; praten.</p><p>Elke dag.</p>
<p><strong>Document:</strong> Gesprek 1.docx <strong>Tags:</strong>
  Rust,
  Tijd, en meer</p><hr>
<p>Dat helpt.</p>
<p><strong>{document}:</strong> Gesprek 2 <strong>Tags:</strong> Rust</p></body></html>"""
NVIVO = """Name: Reflectie\\Tijd

<Files\\\\Org B\\\\Gesprek 1> - § 2 references coded  [5.53% Coverage]

Reference 1 - 3.83% Coverage

Wij leren van fouten.
Elke dag.

Reference 2 - 1.70% Coverage

Dat helpt.
<Files\\\\Gesprek 2> - § 1 reference coded  [ 0.50% Coverage]

Reference 1 - 0.50% Coverage

Naam: dat zeggen wij niet.
"""
WORD = ('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body>{}</w:body></w:document>")


def word(path, text: str):
    paragraphs = "".join(f"<w:p><w:r><w:t>{line.replace('<', '&lt;')}</w:t></w:r></w:p>"
                         for line in text.splitlines())
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", WORD.format(paragraphs))
    return path


def test_highlights_as_a_web_page(write):
    read = read_interviews(write("a.html", TAGUETTE.format(document="Document")))
    assert read.source.tool == "taguette"
    assert read.segments["text"].tolist() == ["Wij leren & praten.\nElke dag."] * 2 + ["Dat helpt."]
    assert read.segments["code"].tolist() == ["Rust", "Tijd, en meer", "Rust"]
    assert list(read.documents["name"]) == ["Gesprek 1.docx", "Gesprek 2"]
    assert read.segments["attributes"].iloc[0] == read.segments["attributes"].iloc[1]


@pytest.mark.parametrize("kind", ["text", "word", "windows"])
def test_references_of_nvivo_as_text_and_word(write, tmp_path, kind):
    if kind == "word":
        path = word(tmp_path / "a.docx", NVIVO)
    else:
        text = NVIVO if kind == "text" else NVIVO.replace("\n", "\r\n")
        path = write("a.txt", text, "utf-8-sig" if kind == "windows" else "utf-8")
    read = read_interviews(path)
    assert read.source.tool == "nvivo"
    assert read.segments["text"].tolist() == [
        "Wij leren van fouten.\nElke dag.", "Dat helpt.", "Naam: dat zeggen wij niet."]
    assert set(read.segments["code"]) == {"Reflectie > Tijd"}
    assert list(read.documents["name"]) == ["Gesprek 1", "Gesprek 2"]
    assert read.documents["group"].iloc[0] == "Files\\Org B"
    assert read.segments["attributes"].iloc[0] == {"coverage": "3.83"}
    assert read.repairs == ()


def test_a_report_without_a_code_takes_the_name_of_the_file_and_tells_it(write):
    text = NVIVO.split("\n", 1)[1].replace("§ 2 references", "§ 3 references")
    read = read_interviews(write("Eigenaarschap.txt", text))
    assert set(read.segments["code"]) == {"Eigenaarschap"}
    assert [problem.rule for problem in read.repairs] == ["tool.code-name", "tool.references"]
    assert read.repairs[1].what == "the report announces 4 reference(s) and holds 3"


def test_a_report_of_several_codes_and_speech_that_looks_like_a_name(write):
    second = NVIVO.replace("Name: Reflectie\\Tijd", "Name: Rust").replace(
        "Dat helpt.", "Name: dat vroeg ik mij af.")
    read = read_interviews(write("a.txt", NVIVO + second))
    assert read.segments["code"].tolist() == ["Reflectie > Tijd"] * 3 + ["Rust"] * 3
    assert read.segments["text"].tolist()[4] == "Name: dat vroeg ik mij af."


TABLES = {
    "MAXQDA 24, English": (["Color", "Comment", "Document group", "Document name", "Code",
                            "Beginning", "End", "Weight score", "Segment", "Modified by",
                            "Modified on", "Created by", "Created on", "Area", "Coverage %"],
                           ["●", "", "Org B", "G1", "Thema\\Rust", "3", "3", "0", "Wij leren.",
                            "bo", "1-2-2026", "anna", "1-1-2026", "9", "0.5"], "maxqda"),
    "MAXQDA 2018, English": (["Color", "Comment", "Document group", "Document name", "Code",
                              "Begin", "End", "Weight", "Segment", "Author", "Creation date"],
                             ["●", "", "Org B", "G1", "Thema > Rust", "3", "3", "0",
                              "Wij leren.", "anna", "1-1-2026"], "maxqda"),
    "MAXQDA 2022, German": (["Farbe", "Kommentar", "Dokumentgruppe", "Dokumentname", "Code",
                             "Anfang", "Ende", "Gewicht", "Segment", "Bearbeitet von",
                             "Bearbeitet am", "Erstellt von", "Erstellt am", "Fläche",
                             "Abdeckungsgrad %"],
                            ["●", "", "Org B", "G1", "Thema\\Rust", "3", "3", "0", "Wij leren.",
                             "bo", "", "anna", "1.1.2026", "9", "0,5"], "maxqda"),
    "MAXQDA, only what matters": (["Document group", "Document name", "Code", "Segment",
                                   "Created by"],
                                  ["Org B", "G1", "Thema\\Rust", "Wij leren.", "anna"], "maxqda"),
    "MAXQDA, Spanish": (["Color", "Comentario", "Grupo de documentos", "Nombre del documento",
                         "Código", "Inicio", "Fin", "Ponderación", "Segmento", "Autor"],
                        ["●", "", "Org B", "G1", "Thema\\Rust", "3", "3", "0", "Wij leren.",
                         "anna"], "maxqda"),
    "ATLAS.ti 9": (["ID", "Quotation Name", "Document", "Document Groups", "Quotation Content",
                    "Comment", "Codes", "Reference", "Density", "Created by", "Created"],
                   ["3:10", "3:10 p 2", "G1", "Org B", "Wij leren.", "", "○ Thema::Rust", "3", "1",
                    "anna", "1-1-2026"], "atlasti"),
    "ATLAS.ti 24, German": (["Nr.", "Zitatname", "Dokument", "Dokumentgruppen", "Zitatinhalt",
                             "Kommentar", "Kodes", "Referenz", "Erstellt von", "Erstellt"],
                            ["12", "x", "G1", "Org B", "Wij leren.", "", "Thema::Rust", "3",
                             "anna", "1.1.2026"], "atlasti"),
    "NVivo": (["File Name", "Folder Location", "Hierarchical Name", "Coded Text",
               "Coded By Initials", "Coded On"],
              ["G1", "Org B", "Thema\\Rust", "Wij leren.", "anna", "1-1-2026"], "nvivo"),
    "a person's own": (["Organisatie", "Gesprek", "Fragment", "Code", "Codeur", "Opmerking"],
                       ["Org B", "G1", "Wij leren.", "Thema > Rust", "anna", ""], "handmade"),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("kind", ["xlsx", "csv", "title"])
def test_a_table_of_this_version_keeps_document_code_coder_and_words(workbook, write, name, kind):
    headings, row, tool = TABLES[name]
    rows = [headings, row]
    if kind == "csv":
        path = write("a.csv", "\n".join(";".join(f'"{c}"' for c in each) for each in rows) + "\n")
    else:
        above = [["Overzicht van het project"], ["gemaakt op 1-1-2026", None]]
        path = workbook("a.xlsx", [*above, *rows] if kind == "title" else rows)
    if kind == "title" and tool == "handmade":
        return
    read = read_interviews(path)
    assert read.source.tool == tool
    segment = read.segments.iloc[0]
    assert (segment["text"], segment["code"], segment["coder"]) == (
        "Wij leren.", "Thema > Rust", "anna")
    assert read.documents.iloc[0][["name", "group"]].tolist() == ["G1", "Org B"]
    if kind == "title":
        assert any(problem.rule == "tool.title" for problem in read.repairs)


@pytest.mark.parametrize(("headings", "missing"), [
    (["Color", "Document group", "Document name", "Beginning", "Segment"],
     "most like a table of coded segments of MAXQDA but without a column for 'code'"),
    (["Quotation Name", "Document", "Reference", "Created by", "Comment"],
     "most like a table of quotations of ATLAS.ti but without a column for 'id' and 'codes' and "
     "'quotation content'"),
    (["Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date"],
     "most like a table of excerpts of Dedoose but without a column for 'excerpt copy' and "
     "'codes applied combined'"),
    (["Gesprek", "Fragment", "Codeur", "Opmerking"],
     "most like a hand-made table but without a column for 'code'"),
])
def test_a_table_that_is_almost_one_says_what_it_lacks(workbook, problem_of, headings, missing):
    path = workbook("a.xlsx", [headings, [f"w{n}" for n in range(len(headings))]])
    assert missing in problem_of(read_interviews, path).what


def test_rows_without_a_code_are_told_by_every_reader_of_tables(workbook):
    for name, (headings, row, _) in TABLES.items():
        code = headings.index(next(h for h in headings if h in (
            "Code", "Código", "Codes", "Kodes", "Hierarchical Name")))
        bare = [*row[:code], "", *row[code + 1 :]]
        read = read_interviews(workbook(f"{name}.xlsx", [headings, row, bare]))
        assert len(read.segments) == 1
        assert any("1 row(s) carry no code" in p.what for p in read.repairs), name
