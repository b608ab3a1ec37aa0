"""Corrections by hand: the old value must stand there, and the log says who and why."""

import pytest

from lostudy.cleaning import clean_study
from lostudy.errors import DataError, StudyError

HEADER = "delivery,key,column,old,new,reason,who,date\n"
FILE = "codebook/corrections.csv"


def correct(folder, *lines):
    folder.sheet("corrections.csv", HEADER + "".join(f"{line}\n" for line in lines))


def messages(folder):
    with pytest.raises(DataError) as caught:
        clean_study(folder.study, folder.raw, folder.processed)
    return str(caught.value).split("\n")


def test_a_correction_is_applied_and_logged(folder, somebody):
    folder.deliver([somebody(1, s1="Eens"), somebody(2, s1="")])
    correct(folder, "A/T0/survey.csv,2,s1,Eens,Oneens,tikfout,Ans,2026-03-01",
            "A/T0/survey.csv,3,s1,,Neutraal,nagebeld,Ans,2026-03-02")
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    assert cleaned.tables["responses"].sort_values("row")["s1"].tolist() == [1, 2]
    log = cleaned.tables["cleaning_log"].query("rule == 'correction'")
    assert log[["key", "column", "change", "reason", "who"]].to_numpy().tolist() == [
        ["2", "s1", "corrected", "tikfout", "Ans"], ["3", "s1", "corrected", "nagebeld", "Ans"],
    ]


def test_a_cell_can_be_emptied(folder, somebody):
    folder.deliver([somebody(1), somebody(2)])
    correct(folder, "A/T0/survey.csv,2,s1,Neutraal,,per ongeluk,Ans,2026-03-01")
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    assert cleaned.tables["missing"][["item", "reason"]].to_numpy().tolist() == [
        ["s1", "not_answered"]
    ]


@pytest.mark.parametrize(("line", "message"), [
    ("A/T0/survey.csv,2,s1,Oneens,Eens,x,Ans,2026-03-01",
     "row 2, column 'old': the old value of this correction does not stand there. To do: look at "
     "the row again: the delivery changed, or the correction is of another row"),
    ("A/T0/survey.csv,99,s1,Oneens,Eens,x,Ans,2026-03-01",
     "row 2, column 'key': a correction of a row that is not there. "
     "To do: give the row as a spreadsheet counts"),
    ("A/T0/survey.csv,twee,s1,Oneens,Eens,x,Ans,2026-03-01",
     "row 2, column 'key': a correction of a row that is not there. "
     "To do: give the row as a spreadsheet counts"),
    ("A/T0/survey.csv,2,s9,Oneens,Eens,x,Ans,2026-03-01",
     "row 2, column 'column': a correction of a column that is not there. "
     "To do: mend the column's name"),
    ("A/T7/survey.csv,2,s1,Oneens,Eens,x,Ans,2026-03-01",
     "row 2, column 'delivery': a correction of a delivery that is not there. "
     "To do: mend its name"),
])
def test_corrections_that_do_not_fit(folder, people, line, message):
    folder.deliver(people(3))
    correct(folder, line)
    assert messages(folder) == [f"{FILE}, {message}"]


def test_every_misfit_at_once(folder, people):
    folder.deliver(people(3))
    correct(folder, "A/T0/survey.csv,2,s9,a,b,x,Ans,2026-03-01",
            "A/T0/survey.csv,88,s1,a,b,x,Ans,2026-03-01")
    assert len(messages(folder)) == 2


def test_a_cell_that_is_corrected_twice_stops_and_names_both_lines(folder, somebody):
    folder.deliver([somebody(1, s1="Eens"), somebody(2)])
    correct(folder, "A/T0/survey.csv,2,s1,Eens,Oneens,tikfout,Ans,2026-03-01",
            "A/T0/survey.csv,2,s1,Oneens,Neutraal,nagebeld,Ans,2026-03-02")
    assert messages(folder) == [
        f"{FILE}, row 3, column 'key': this cell is corrected in row 2 too. To do: keep one line "
        "for it: old as delivered, new as it must be, and why in its reason"]


@pytest.mark.parametrize(("day", "fits"), [
    ("2026-03-01", True), ("1-3-2026", True), ("01/03/2026", True), ("gisteren", False),
    ("2026-02-30", False),
])
def test_a_correction_has_a_day(folder, somebody, day, fits):
    folder.deliver([somebody(1, s1="Eens"), somebody(2)])
    correct(folder, f"A/T0/survey.csv,2,s1,Eens,Oneens,tikfout,Ans,{day}")
    if fits:
        assert not clean_study(folder.study, folder.raw, None)[0].errors
        return
    with pytest.raises(StudyError) as caught:
        clean_study(folder.study, folder.raw, None)
    assert str(caught.value) == (
        f"{FILE}, row 2, column 'date': not a date. "
        "To do: write the day of the correction as year-month-day")
