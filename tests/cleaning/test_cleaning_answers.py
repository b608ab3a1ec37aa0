"""Cells of items and fields: looked up exactly, never guessed; messages in full (C2–C6, C18)."""

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostudy.cleaning import clean_study
from lostudy.cleaning.answers import as_number
from lostudy.errors import DataError

FILE = "A/T0/survey.csv"


def cleaned(folder):
    return clean_study(folder.study, folder.raw, None)[0]


def messages(folder):
    with pytest.raises(DataError) as caught:
        clean_study(folder.study, folder.raw, folder.processed)
    assert not folder.processed.exists()
    return str(caught.value).split("\n")


@pytest.mark.parametrize(("cell", "value", "reason"), [
    ("Eens", 3, None),
    ("  EENS ", 3, None),
    ("Ja", 3, None),
    ("3", 3, None),
    ("3.0", 3, None),
    ("", None, "not_answered"),
    ("  ", None, "not_answered"),
    ("weet niet", None, "dont_know"),
    ("N.v.t.", None, "not_applicable"),
    ("4", None, "impossible"),
    ("2,5", None, "impossible"),
])
def test_what_an_item_makes_of_a_cell(folder, somebody, cell, value, reason):
    folder.deliver([somebody(1, s1=cell), somebody(2), somebody(3)])
    tables = cleaned(folder).tables
    person = tables["responses"].query("row == 2")
    assert (None if person["s1"].isna().item() else person["s1"].item()) == value
    missing = tables["missing"].query("item == 's1'")
    assert missing["reason"].tolist() == ([reason] if reason else [])


@pytest.mark.parametrize(("cell", "value"), [
    ("3", 3), ("3,5", 3.5), ("3.5", 3.5), ("-2", -2), ("1e2", 100), ("  7 ", 7), (",5", 0.5),
])
def test_a_number_with_a_point_or_a_comma(folder, somebody, cell, value):
    folder.deliver([somebody(1, dagen=cell)])
    assert cleaned(folder).tables["responses"]["days"].tolist() == [value]


@pytest.mark.parametrize("cell", ["nan", "inf", "1_0", "drie", "1.2.3", "3 dagen"])
def test_words_are_no_numbers(folder, somebody, cell):
    folder.deliver([somebody(1, dagen=cell)])
    assert messages(folder) == [
        f"{FILE}, row 2, column 'dagen': 1 answer label that the study does not know, in 1 row. "
        "To do: `lostudy crosswalk FILE` lists them; add them to labels.csv or to this row of the "
        "crosswalk"
    ]


@given(st.floats(-1e6, 1e6).map(lambda number: round(number, 4)))
def test_numbers_come_back(number):
    assert as_number(str(number)) == as_number(str(number).replace(".", ",")) == number


def test_unknown_labels_are_counted_and_not_shown(folder, somebody):
    folder.deliver([somebody(1, s1="Best wel"), somebody(2, s1="Mwah"), somebody(3, s1="mwah ")])
    assert messages(folder) == [
        f"{FILE}, rows 2, 3 and 4, column 's1': 3 answer labels that the study does not know, "
        "in 3 rows. To do: `lostudy crosswalk FILE` lists them; add them to labels.csv or to this "
        "row of the crosswalk"
    ]


def test_too_many_answers_out_of_range(folder, people):
    rows = people(30)
    for row in rows[:3]:
        row["s2"] = "9"
    folder.deliver(rows)
    assert messages(folder) == [
        f"{FILE}, rows 2, 3 and 4, column 's2': 3 of 30 answers are outside the item's range. "
        "To do: compare the form version and the columns around it: shifted columns or another "
        "scale?"
    ]


def test_labels_in_the_crosswalk(folder, somebody, crosswalk_text):
    folder.crosswalk("A-T0", crosswalk_text.replace("s1,s1,,", "s1,s1,Mwah=2|Geen idee=dont_know,"))
    folder.deliver([somebody(1, s1="mwah"), somebody(2, s1="Geen idee"), somebody(3, s1="Eens")])
    tables = cleaned(folder).tables
    answers = tables["responses"].sort_values("row")["s1"]
    assert answers.astype("object").where(answers.notna(), None).tolist() == [2, None, 3]
    recoded = tables["cleaning_log"].query("change == 'recoded'")
    assert recoded["reason"].tolist() == ["read with 'Mwah=2|Geen idee=dont_know'"]


def test_another_scale_is_never_rescaled(folder, people, crosswalk_text):
    folder.crosswalk("A-T0", crosswalk_text.replace("s1,s1,,,", "s1,s1,,other_scale,"))
    folder.deliver(people(5))
    tables = cleaned(folder).tables
    assert tables["responses"]["s1"].isna().all()
    assert set(tables["missing"].query("item == 's1'")["reason"]) == {"impossible"}
    assert tables["cleaning_log"].query("rule == 'C4'")["cells"].tolist() == [5]
    status = tables["harmonisation"].set_index("item")["status"]
    assert status["s1"] == "other_scale" and status["s2"] == "identical"


def test_an_item_that_was_not_asked(folder, people, crosswalk_text):
    folder.crosswalk("A-T0", crosswalk_text.replace("s2,s2,,,\n", ""))
    columns = [name for name in people(1)[0] if name != "s2"]
    folder.deliver(people(5), columns=columns)
    tables = cleaned(folder).tables
    assert set(tables["missing"].query("item == 's2'")["reason"]) == {"not_asked"}
    assert tables["harmonisation"].set_index("item").loc["s2", "status"] == "not_asked"


def test_what_is_on_one_side_only(folder, people, crosswalk_text):
    rows = [{**each, "extra": "x"} for each in people(3)]
    folder.crosswalk("A-T0", crosswalk_text + "s9,ignore,,,weg\nleeftijd,weight,,,\n")
    folder.deliver(rows, columns=list(rows[0]))
    assert messages(folder) == [
        f"{FILE}, row 1, column 'extra': a column that the crosswalk does not know. To do: map it "
        "in codebook/crosswalk/A-T0.csv, or ignore it there with a note",
        f"{FILE}, row 1, column 'leeftijd': this source of the crosswalk is not in the delivery. "
        "To do: mend row 16 of codebook/crosswalk/A-T0.csv, or take it out if this was not asked",
    ]


def test_no_crosswalk(folder, people):
    folder.deliver(people(3), place="B/T1")
    with pytest.raises(DataError) as caught:
        clean_study(folder.study, folder.raw, folder.processed)
    assert str(caught.value) == (
        "B/T1/survey.csv: this delivery has no crosswalk. To do: `lostudy crosswalk FILE` writes "
        "one; save it as codebook/crosswalk/B-T1.csv"
    )


def test_a_file_without_headings_shows_none_of_them(folder, people):
    path = folder.deliver(people(5))
    path.write_text(path.read_text().split("\n", 1)[1].replace("Eens", "Sanne Voorbeeld"))
    (message,) = [each for each in messages(folder) if "hardly" in each]
    assert message == (
        f"{FILE}, row 1: hardly any heading of this delivery is in its crosswalk. To do: is the "
        "first row with headings missing, or is codebook/crosswalk/A-T0.csv of another form? "
        "Compare them"
    )
    assert not any("Sanne" in each for each in messages(folder))


def test_unknown_teams_and_roles(folder, somebody):
    folder.deliver([somebody(1, team="A9", functie="Directeur"), somebody(2, team="team EEN")])
    assert messages(folder) == [
        f"{FILE}, row 2, column 'team': a team that the study does not know: 1 spelling in 1 row. "
        "To do: add it to teams or team_aliases in study.toml",
        f"{FILE}, row 2, column 'functie': a label that the study does not know: 1 spelling in 1 "
        "row. To do: add it to labels.csv or to the crosswalk",
    ]


@pytest.mark.parametrize(("cell", "kind"), [
    ("sanne@example.org", "an e-mail address"),
    ("06-12345678", "a telephone number"),
    ("+31 6 1234 5678", "a telephone number"),
    ("192.168.1.20", "an IP address"),
    ("NL91 ABNA 0417 1643 00", "a bank account"),
    ("1234 AB", "a postal code"),
])
@pytest.mark.parametrize("column", ["team", "functie", "taal"])
def test_direct_identifiers_in_a_mapped_column(folder, somebody, column, cell, kind):
    folder.deliver([somebody(1, **{column: cell}), somebody(2)])
    (message,) = messages(folder)
    assert message.startswith(f"{FILE}, row 2, column '{column}': cells of this column look like ")
    assert kind in message and cell not in message
    assert message.endswith(
        "(1 row). To do: map this column to ignore, with the note 'direct identifier'"
    )


def test_a_language_is_a_code_or_a_name_of_one(folder, somebody):
    folder.deliver([somebody(1, taal="NL"), somebody(2, taal="English"), somebody(3, taal="")])
    assert sorted(cleaned(folder).tables["responses"]["language"].fillna("")) == [
        "", "English", "NL"
    ]
    folder.deliver([somebody(1, taal="Sanne Voorbeeld")])
    assert messages(folder) == [
        f"{FILE}, row 2, column 'taal': a language that the study does not know: 1 spelling in 1 "
        "row. To do: map the column to ignore, or write label=code in its crosswalk row"
    ]


def test_cells_that_are_no_dates(folder, somebody):
    folder.deliver([somebody(1, begin="gisteren"), somebody(2), somebody(3)])
    log = cleaned(folder).tables["cleaning_log"].query("rule == 'C19' and change == 'set missing'")
    assert log[["key", "column", "reason"]].to_numpy().tolist() == [["2", "started", "not a date"]]
    folder.deliver([somebody(1, begin="gisteren"), somebody(2, begin="nu"), somebody(3)])
    assert messages(folder) == [
        f"{FILE}, rows 2 and 3, column 'begin': 2 of 3 cells are no date. "
        "To do: map another column to it, or ignore this one with a note"
    ]


NUMBERED = "S,Schaal,1,3\nD,Dagen,0,7\n"


@pytest.mark.parametrize(("cell", "value"), [("0", 0), ("7", 7), ("-1", None), ("7,5", None)])
def test_a_number_has_the_range_of_its_scale(folder, somebody, cell, value):
    items = (folder.path / "codebook/items.csv").read_text(encoding="utf-8")
    folder.sheet("items.csv", items.replace("days,,number", "days,D,number"))
    folder.sheet("scales.csv", "scale,label_nl,minimum,maximum\n" + NUMBERED)
    folder.deliver([somebody(1, dagen=cell), *(somebody(number) for number in range(2, 9))])
    found = cleaned(folder)
    days = found.tables["responses"].query("row == 2")["days"].item()
    assert not found.errors and (days == value if value is not None else days is pd.NA)


@pytest.mark.parametrize(("cells", "rows"), [
    (["1.234", "2", "3"], (2,)), (["12,000", "2", "3"], (2,)), (["1.234", "1.5", "3"], ()),
    (["0.125", "2", "3"], ()), (["1,5", "2.5", "1.234"], ()),
])
def test_a_number_with_three_digits_behind_its_mark_is_noted(folder, somebody, cells, rows):
    folder.deliver([somebody(number, dagen=cell) for number, cell in enumerate(cells, 1)])
    notes = [each for each in cleaned(folder).problems if each.topic == "number.thousands"]
    assert [each.rows for each in notes] == ([rows] if rows else [])


def test_a_stray_space_far_below_makes_no_records(folder, people):
    path = folder.raw / "A" / "T0" / "survey.xlsx"
    path.parent.mkdir(parents=True)
    frame = pd.DataFrame(people(12))
    frame.to_excel(path, index=False)
    book = openpyxl.load_workbook(path)
    book.active["A2000"] = " "
    book.save(path)
    assert len(cleaned(folder).tables["responses"]) == 12


def test_an_address_as_a_code_is_noted_and_never_shown(folder, somebody):
    folder.deliver([somebody(1, code="jan.de.vries@voorbeeld.nl"), somebody(2), somebody(3)])
    (problem,) = cleaned(folder).problems
    assert (problem.rule, problem.severity, problem.rows) == ("C2", "note", (2,))
    assert problem.column == "code" and "vries" not in str(problem)


@pytest.mark.parametrize(("times", "noted"), [(0.05, True), (9, False)])
def test_minutes_for_seconds_are_noted(folder, people, crosswalk_text, times, noted):
    folder.crosswalk("A-T0", crosswalk_text.replace("eind,submitted", "eind,seconds"))
    rows = [{**row, "eind": str(times * (4 + number % 3))} for number, row in enumerate(people(15))]
    folder.deliver(rows)
    notes = [each.topic for each in cleaned(folder).problems if each.severity == "note"]
    assert ("time.minutes" in notes) is noted


def test_a_suggestion_that_was_left_in_a_note_is_told(folder, people, crosswalk_text):
    folder.crosswalk("A-T0", crosswalk_text.replace("s1,s1,,,", "s1,s1,,,suggestion: s2"))
    folder.deliver(people(12))
    (note,) = cleaned(folder).problems
    assert (note.file, note.row, note.severity) == ("codebook/crosswalk/A-T0.csv", 9, "note")
    assert note.what == "a suggestion still stands in the note of 1 row(s)"
