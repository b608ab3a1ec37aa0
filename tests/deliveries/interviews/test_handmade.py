"""Hand-made tables: long, numbered columns, 0/1 columns, and a sheet per question and coder."""

from __future__ import annotations

import pytest

from lostudy.deliveries import read_interviews
from lostudy.deliveries.interviews.handmade import _coders_of_sheets

DUTCH = ["Organisatie", "Gesprek", "Fragment", "Code", "Codeur", "Opmerking"]
ENGLISH = ["Organisation", "Interview", "Quote", "Code", "Coder", "Comment"]


@pytest.mark.parametrize("head", [DUTCH, ENGLISH])
def test_the_long_form_in_dutch_and_english(workbook, head):
    path = workbook("a.xlsx", [
        head, ["B", "G1", "Wij praten erover.", "Reflectie->Tijd", "Anna", "mooi"],
        ["B", "G1", "Wij praten erover.", "Leiderschap", "Bo", None]])
    delivery = read_interviews(path)
    assert delivery.source.tool == "handmade"
    assert delivery.source.evidence == "one row per passage and code"
    assert list(delivery.segments["code"]) == ["Reflectie > Tijd", "Leiderschap"]
    assert list(delivery.segments["coder"]) == ["Anna", "Bo"]
    assert delivery.segments["memo"].iloc[0] == "mooi"
    assert list(delivery.documents["document"]) == ["B > G1"]
    assert delivery.documents["group"].iloc[0] == "B"


def test_the_long_form_as_csv_with_semicolons(write):
    path = write(
        "a.csv", ";".join(DUTCH) + '\nB;G1;"Eén; twee";Tijd;Anna;\n', "cp1252")
    delivery = read_interviews(path)
    assert delivery.segments["text"].iloc[0] == "Eén; twee"
    assert (delivery.source.encoding, delivery.source.separator) == ("cp1252", ";")


def test_several_codes_in_one_cell_are_several_codings(workbook):
    path = workbook("a.xlsx", [DUTCH, ["B", "G1", "Zo.", "Tijd; Rust", "Anna", None]])
    assert list(read_interviews(path).segments["code"]) == ["Tijd", "Rust"]


def test_numbered_code_columns(workbook):
    path = workbook("a.xlsx", [
        ["Gesprek", "Fragment", "Code 1", "Code 2", "Code 3"],
        ["G1", "Wij leren.", "Tijd", "Rust", None], ["G2", "Wij niet.", "Tijd", None, None]])
    delivery = read_interviews(path)
    assert delivery.source.evidence == "numbered code columns (Code)"
    assert list(delivery.segments["code"]) == ["Tijd", "Rust", "Tijd"]
    assert list(delivery.segments["row"]) == [2, 2, 3]


@pytest.mark.parametrize("head", [
    ["Code", "Code 2", "Code 3"], ["Code", "Code", "Code"], ["Thema", "Thema2", "Thema 3"],
    ["Code", "Code 1", "Code 2"]])
def test_a_code_column_without_a_number_is_one_of_the_family(workbook, head):
    path = workbook("a.xlsx", [
        ["Gesprek", "Fragment", *head], ["G1", "Wij leren.", "Tijd", "Rust", "Ruimte; Lef"],
        ["G2", "Wij niet.", "Tijd", None, "Rust"]])
    segments = read_interviews(path).segments
    assert list(segments["code"]) == ["Tijd", "Rust", "Ruimte", "Lef", "Tijd", "Rust"]
    assert list(segments["text"].iloc[:4]) == ["Wij leren."] * 4


def test_a_code_column_beside_other_families_is_read_too(workbook):
    path = workbook("a.xlsx", [
        ["Gesprek", "Fragment", "Code", "Factor 1", "Factor 2"],
        ["G1", "Wij leren.", "Tijd", "traag", None]])
    assert list(read_interviews(path).segments["code"]) == ["Factor > traag", "Tijd"]


def test_columns_that_are_not_read_are_named_once_per_file(workbook):
    head = ["Gesprek", "Fragment", "Code", "Werking", "Rol"]
    path = workbook("a.xlsx", {
        "V1 - Anna": [[*head, "Leeg"], ["G1", "Een.", "Tijd", "werkt", "leider", None]],
        "V1 - Bo": [head, ["G1", "Een.", "Tijd", None, "leider"]]})
    delivery = read_interviews(path)
    (told,) = [each for each in delivery.repairs if each.rule == "tool.columns"]
    assert (told.what, told.severity) == ("1 column(s) are not read: Rol", "note")
    assert delivery.segments["attributes"].iloc[0]["werking"] == "werkt"


def test_families_of_numbered_columns_head_their_codes(workbook):
    path = workbook("a.xlsx", [
        ["ID", "P", "Factor 1", "Factor 2", "Effect 1", "Effect 2"],
        [1, "p1", "traag", None, "+1", "-2"]])
    delivery = read_interviews(path)
    assert list(delivery.segments["code"]) == ["Factor > traag", "Effect > +1", "Effect > -2"]
    assert delivery.segments["attributes"].iloc[0] == {"key": "1", "column": "Factor 1"}
    assert delivery.documents["document"].tolist() == ["p1"]


@pytest.mark.parametrize("yes", [1, "x", "ja", "TRUE"])
def test_a_column_per_code(workbook, yes):
    path = workbook("a.xlsx", [
        ["Gesprek", "Fragment", "Tijd", "Rust", "Ruimte"],
        ["G1", "Wij leren.", yes, None, yes], ["G2", "Wij niet.", 0, yes, None]])
    delivery = read_interviews(path)
    assert delivery.source.evidence == "3 columns of 0 and 1, one per code"
    assert list(delivery.segments["code"]) == ["Tijd", "Ruimte", "Rust"]


def test_the_passage_may_stand_under_the_question_itself(workbook):
    question = "Beschrijf kort wat er in uw team gebeurt"
    path = workbook("a.xlsx", [
        ["ResponseID", question, "Thema Tijd", "Thema Rust"],
        ["R1", "Wij hebben nooit tijd om ergens over te praten.", 1, None],
        ["R2", "Wij gaan elke week een uur met elkaar zitten.", None, 1]])
    delivery = read_interviews(path)
    assert list(delivery.segments["text"].str[:10]) == ["Wij hebben", "Wij gaan e"]
    assert list(delivery.segments["document"]) == ["R1", "R2"]


def test_a_sheet_per_question_and_coder(workbook):
    head = ["Gesprek", "Fragment", "Code 1", "Code 2"]
    path = workbook("a.xlsx", {
        "V1 - Anna": [head, ["G1", "Een.", "Tijd", "Rust"]],
        "V1 - Bo": [head, ["G1", "Een.", "Tijd", None], ["G2", "Leeg.", None, None]],
        "V2 - Anna": [head, ["G1", "Twee.", "Tijd", "Rust"]],
        "Codeboek": [["Code", "Betekenis"], ["Tijd", "te weinig"]],
    })
    # Bo's sheet has an empty second code column; the family still begins at 1 and 2
    delivery = read_interviews(path)
    assert delivery.source.evidence == "numbered code columns (Code), in 3 sheets"
    assert list(delivery.segments["coder"]) == ["Anna", "Anna", "Bo", "Anna", "Anna"]
    assert delivery.segments["attributes"].iloc[0] == {
        "sheet": "V1 - Anna", "question": "V1", "column": "Code 1"}
    assert any(p.what.startswith("1 sheet(s) hold no coded passages") for p in delivery.repairs)


def test_an_overlap_sheet_is_a_second_coder(workbook):
    head = ["ID", "Fragment", "Code 1", "Code 2"]
    path = workbook("a.xlsx", {
        "Data": [head, [1, "Een.", "Tijd", "Rust"]], "Overlap": [head, [1, "Een.", "Rust", None]]})
    assert list(read_interviews(path).segments["coder"]) == ["Data", "Data", "Overlap"]


@pytest.mark.parametrize(("names", "expected"), [
    (["V1 - Anna", "V2 - Anna", "V1 - Bo"], {
        "V1 - Anna": ("Anna", "V1"), "V2 - Anna": ("Anna", "V2"), "V1 - Bo": ("Bo", "V1")}),
    (["V1_Anna", "V1_Bo"], {"V1_Anna": ("Anna", "V1"), "V1_Bo": ("Bo", "V1")}),
    (["Anna - V1", "Anna - V2"], {"Anna - V1": ("Anna", "V1"), "Anna - V2": ("Anna", "V2")}),
    (["Data", "Overlap"], {}), (["V1 - Anna"], {}), (["a - b", "c - d"], {}),
])
def test_coders_from_the_names_of_sheets(names, expected):
    assert _coders_of_sheets(names) == expected


def test_a_table_that_holds_no_codings_is_refused(workbook, problem_of):
    path = workbook("a.xlsx", [["Naam", "Leeftijd"], ["A", 3]])
    problem = problem_of(read_interviews, path, "handmade")
    assert problem.what.startswith("no sheet holds coded passages; looked for a text column")


def test_an_answer_column_is_no_code_column(workbook, problem_of):
    long = "Een heel lang antwoord op een vraag, veel langer dan een code ooit wordt, echt waar."
    path = workbook("a.xlsx", [["ID", "Vraag 1", "Vraag 2"], [1, long, long]])
    assert problem_of(read_interviews, path).rule == "interviews.unknown"


def test_a_conversation_that_was_read_and_got_no_code_is_there(workbook):
    """Silence is something else than not being read; a row of totals is no conversation."""
    path = workbook("a.xlsx", [
        DUTCH, ["B", "G1", "Zo.", "Tijd", "Anna", None], ["B", "G2", "Niets.", None, "Anna", None],
        ["B", "G1", "Ook.", None, "Anna", None], [None, None, "Totaal", None, None, None]])
    delivery = read_interviews(path)
    assert sorted(delivery.documents["name"]) == ["G1", "G2"]
    assert list(delivery.segments["document"]) == ["B > G1"]
    assert any("3 row(s) carry no code" in str(each) for each in delivery.repairs)


def test_places_are_read_where_they_fit_the_words(workbook):
    """Two passages of the same words are two, when the table says where they stand."""
    path = workbook("a.xlsx", [
        ["Gesprek", "Fragment", "Code", "Codeur", "Begin", "Eind"],
        ["G1", "iets", "Tijd", "Anna", "30", "34"], ["G1", "iets", "Tijd", "Anna", "40", "44"]])
    delivery = read_interviews(path)
    assert delivery.segments["start"].tolist() == [30, 40]
    assert delivery.segments["end"].tolist() == [34, 44]
    assert set(delivery.segments["offset_status"]) == {"unverified"}


def test_places_that_are_no_signs_are_left_alone_and_told(workbook):
    path = workbook("a.xlsx", [
        ["Gesprek", "Fragment", "Code", "Codeur", "Begin", "Eind"],
        ["G1", "iets anders", "Tijd", "Anna", "3", "4"], ["G1", "niets", "Tijd", "Anna", "9", "2"]])
    delivery = read_interviews(path)
    assert delivery.segments["start"].isna().all()
    (told,) = [each for each in delivery.repairs if each.rule == "handmade.places"]
    assert (told.severity, told.row) == ("note", 2)
    assert told.what == (
        "begin and end of 2 passage(s) do not fit the length of the words: not read as places in "
        "the text")


BLANKS = [["Gesprek", "Fragment", "Code"], ["G1", "Een.", "Tijd"], [None, "Twee.", "Rust"],
          [None, "Drie.", "Tijd"], ["G2", "Vier.", "Tijd"]]


def test_a_merged_cell_counts_for_all_its_rows(workbook):
    delivery = read_interviews(workbook("a.xlsx", BLANKS, merge="A2:A4"))
    assert list(delivery.segments["document"]) == ["G1", "G1", "G1", "G2"]
    (told,) = [each for each in delivery.repairs if each.rule == "tool.merged"]
    assert (told.rows, told.severity) == ((3, 4), "note")


def test_an_empty_cell_is_not_the_one_above_it_and_is_told(workbook):
    delivery = read_interviews(workbook("a.xlsx", BLANKS))
    assert delivery.segments["document"].isna().tolist() == [False, True, True, False]
    (told,) = [each for each in delivery.repairs if each.rule == "tool.document"]
    assert "rows 3 and 4: 2 row(s) do not say in which document" in str(told)


def test_a_merged_cell_over_empty_rows_or_headings_adds_nothing(workbook):
    rows = [["Gesprek", "Fragment", "Code"], ["G1", "Een.", "Tijd"], [None, None, None],
            ["G2", "Vier.", "Tijd"]]
    delivery = read_interviews(workbook("a.xlsx", rows, merge="A2:A3"))
    assert list(delivery.segments["row"]) == [2, 4]
    assert not [each for each in delivery.repairs if each.rule in ("tool.merged", "tool.uncoded")]


@pytest.mark.parametrize(("sheets", "documents", "coders"), [
    (("interview 1", "interview 2"), ["interview 1", "interview 2"], [None, None]),
    (("Gesprek-03 Noord", "Gesprek-04 Zuid"), ["Gesprek-03 Noord", "Gesprek-04 Zuid"],
     [None, None]),
    (("Blad1", "Blad2"), [None, None], [None, None]),
    (("Vraag 1", "Vraag 2"), [None, None], [None, None]),
    (("Anna", "Bo"), [None, None], ["Anna", "Bo"]),
])
def test_a_sheet_called_after_a_conversation_is_no_coder(workbook, sheets, documents, coders):
    head = ["Fragment", "Code"]
    delivery = read_interviews(workbook(
        "a.xlsx", {name: [head, [f"Woorden van {name}.", "Tijd"]] for name in sheets}))
    segments = delivery.segments.astype(object).where(delivery.segments.notna(), None)
    assert list(segments["document"]) == documents
    assert list(segments["coder"]) == coders


def test_a_sheet_called_after_a_conversation_leaves_documents_and_coders_as_written(workbook):
    head = ["Gesprek", "Fragment", "Code", "Codeur"]
    delivery = read_interviews(workbook("a.xlsx", {
        "interview 1": [head, ["G1", "Een.", "Tijd", "Anna"]],
        "interview 2": [head, ["G2", "Twee.", "Rust", None]]}))
    assert list(delivery.segments["document"]) == ["G1", "G2"]
    assert delivery.segments["coder"].isna().tolist() == [False, True]
