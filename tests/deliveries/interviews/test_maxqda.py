"""MAXQDA: coded segments in three languages, and the exchange file."""

from __future__ import annotations

import pytest

from lostudy.deliveries import read_interviews

ENGLISH = ["Color", "Comment", "Document group", "Document name", "Code", "Beginning", "End",
           "Weight score", "Segment", "Created by", "Created on", "Area", "Coverage %"]
GERMAN = ["Farbe", "Kommentar", "Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende",
          "Gewicht", "Segment", "Erstellt von", "Erstellt am", "Fläche", "Abdeckungsgrad %"]
POLISH = ["Color", "Komentarz", "Grupa dokumentów", "Nazwa dokumentu", "Kod", "Początek",
          "Koniec", "Waga", "Fragment", "Autor", "Data utworzenia", "Objętość", "Obszar %"]
ROW = ["●", "let op", "Anna", "Gesprek 1", "Reflectie\\Tijd", 3, 4, 0, "Geen tijd.", "ab",
       "01.03.2026 10:00", 10, 1.5]


@pytest.mark.parametrize("head", [ENGLISH, GERMAN, POLISH])
def test_coded_segments_are_read_in_each_language(workbook, head):
    delivery = read_interviews(workbook("a.xlsx", [head, ROW]))
    assert delivery.source.tool == "maxqda"
    segment = delivery.segments.iloc[0]
    assert segment["code"] == "Reflectie > Tijd"
    assert segment["document"] == "Anna > Gesprek 1"
    assert (segment["coder"], segment["text"], segment["memo"]) == ("ab", "Geen tijd.", "let op")
    assert segment["attributes"] == {
        "begin": "3", "end": "4", "weight": "0", "area": "10", "coverage": "1.5"}
    assert (segment["row"], segment["offset_status"]) == (2, "absent")
    assert list(delivery.codes["path"]) == ["Reflectie", "Reflectie > Tijd"]
    assert list(delivery.codes["parent"].fillna("")) == ["", "Reflectie"]


def test_one_document_in_two_groups_stays_two_documents(workbook):
    other = ROW.copy()
    other[2] = "Bo"
    delivery = read_interviews(workbook("a.xlsx", [ENGLISH, ROW, other]))
    assert list(delivery.documents["document"]) == ["Anna > Gesprek 1", "Bo > Gesprek 1"]
    assert list(delivery.documents["name"]) == ["Gesprek 1", "Gesprek 1"]
    assert list(delivery.documents["group"]) == ["Anna", "Bo"]


def test_the_path_may_be_written_with_arrows(workbook):
    row = ROW.copy()
    row[4] = "Reflectie > Tijd > Te weinig"
    delivery = read_interviews(workbook("a.xlsx", [ENGLISH, row]))
    assert delivery.segments["code"].iloc[0] == "Reflectie > Tijd > Te weinig"
    assert len(delivery.codes) == 3


def test_the_exchange_file_has_positions_and_no_texts(database):
    path = database("a.mex", {
        "Textgroups": (["ID", "Name"], [[1, "Org B"]]),
        "Texts": (["ID", "GroupID", "Name"], [[2, 1, "Gesprek 1"], [3, 0, "Gesprek 2"]]),
        "Codewords": (["ID", "WordID", "Name"], [[5, 0, "Reflectie"], [6, 5, "Tijd"]]),
        "Codings": (
            ["ID", "TextID", "WordID", "SegPos1X", "SegPos2X", "Preview", "Author", "Date",
             "CommentL", "Weight"],
            [[9, 2, 6, 30, 35, "Geen tijd", "ab", "2026-03-01T10:00:00", "", 0],
             [10, 2, 5, 40, 140, "x" * 63, "ab", "2026-03-01T10:00:00", "noot", 50]]),
    })
    delivery = read_interviews(path)
    assert delivery.source.tool == "maxqda"
    assert list(delivery.documents["group"].fillna("")) == ["Org B", ""]
    assert list(delivery.codes["path"]) == ["Reflectie", "Reflectie > Tijd"]
    assert delivery.segments[["start", "end"]].to_numpy().tolist() == [[30, 35], [40, 140]]
    assert list(delivery.segments["offset_status"]) == ["absent", "absent"]
    assert delivery.segments["attributes"].iloc[1] == {"weight": "50", "text": "cut off"}
    assert delivery.repairs[0].rule == "maxqda.encrypted"


def test_rows_without_a_code_are_no_codings(workbook):
    row = ROW.copy()
    row[4] = None
    delivery = read_interviews(workbook("a.xlsx", [ENGLISH, ROW, row]))
    assert len(delivery.segments) == 1


def test_a_table_without_any_coding_is_refused(workbook, problem_of):
    problem = problem_of(read_interviews, workbook("a.xlsx", [ENGLISH, ["●"] + [None] * 12]))
    assert problem.what == "there is no coded passage in the file"


def test_coded_segments_on_a_later_sheet_are_found(workbook):
    path = workbook("a.xlsx", {"Uitleg": [["Geëxporteerd op"], ["vandaag"]], "B": [ENGLISH, ROW]})
    assert read_interviews(path).source.tool == "maxqda"
