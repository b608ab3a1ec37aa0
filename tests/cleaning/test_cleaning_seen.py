""""Seen, fine" for single records: the flag goes, the record counts, the log says who and why."""

import pytest

from lostudy.cleaning import clean_study

HEADER = "delivery,key,column,old,new,reason,who,date\n"


def accept(folder, *lines):
    folder.sheet("corrections.csv", HEADER + "".join(
        f'A/T0/survey.csv,{line},"seen, fine",gebeld,Ans,2026-03-01\n' for line in lines))


def record(folder, row):
    (cleaned,) = clean_study(folder.study, folder.raw, None)
    found = cleaned.tables["responses"].query("row == @row")
    return found["flags"].item(), found["exclusion"].item(), cleaned


@pytest.mark.parametrize("old", ["duplicate", "C8"])
def test_a_record_that_was_left_out_counts_again(folder, people, old):
    rows = people(8)
    rows.append({**rows[2], "nr": "99", "s3": ""})
    folder.deliver(rows)
    assert record(folder, 10)[:2] == ("duplicate", "duplicate")
    accept(folder, f"10,flags,{old}")
    flags, exclusion, cleaned = record(folder, 10)
    assert (flags, exclusion) == ("", "")
    assert cleaned.problems == ()
    log = cleaned.log.query("change == 'seen, fine'")
    assert log[["key", "column", "rule", "reason", "who"]].to_numpy().tolist() == [
        ["10", "flags", old, "gebeld", "Ans"]]


def test_only_the_flag_that_is_named_goes(folder, people):
    rows = people(8)
    rows[3] = {**rows[3], "begin": "2026-01-02 09:00:00", "code": "TEST"}
    folder.deliver(rows)
    assert record(folder, 5)[:2] == ("preview;before_launch", "preview")
    accept(folder, "5,flags,preview")
    assert record(folder, 5)[:2] == ("before_launch", "before_launch")


def test_another_row_or_flag_is_told(folder, people):
    folder.deliver(people(8))
    accept(folder, "5,flags,speeder", "77,flags,duplicate")
    _, _, cleaned = record(folder, 5)
    assert [each.what for each in cleaned.problems] == ["there is nothing to accept here"] * 2


def test_it_changes_no_cell_and_needs_no_old_value(folder, people):
    folder.deliver(people(8))
    before = clean_study(folder.study, folder.raw, None)[0].tables["responses"]
    accept(folder, "5,s1,C7")
    after = clean_study(folder.study, folder.raw, None)[0].tables["responses"]
    assert before.equals(after)
