"""Items that go against the rest of their scale stop: verkeerd om? (rule C7)"""

import pytest

from lostudy.cleaning import clean_study
from lostudy.errors import DataError

MESSAGE = (
    "A/T0/survey.csv, column 's4': item 's4' goes against the rest of scale S (r < -.2, {} "
    "answers): verkeerd om?. To do: compare the wording and the labels with items.csv (reversed "
    "twice, or not at all?); if it is right, add to corrections.csv: A/T0/survey.csv, *, s4, C7, "
    "seen, fine"
)
HEADER = "delivery,key,column,old,new,reason,who,date\n"


def turned(people, count):
    """Respondents whose panel tool turned the reversed item once more."""
    return [{**each, "s4": each["s1"]} for each in people(count)]


def messages(folder):
    with pytest.raises(DataError) as caught:
        clean_study(folder.study, folder.raw, folder.processed)
    assert caught.value.exit_code == 11
    return str(caught.value).split("\n")


def test_an_item_reversed_twice_stops(folder, people):
    folder.deliver(turned(people, 33))
    assert messages(folder) == [MESSAGE.format(33)]


def test_under_thirty_answers_nothing_is_said(folder, people):
    folder.deliver(turned(people, 29))
    assert clean_study(folder.study, folder.raw, None)[0].errors == ()


def test_the_right_direction_passes(folder, people):
    folder.deliver(people(60))
    assert clean_study(folder.study, folder.raw, None)[0].problems == ()


def test_seen_and_fine_stands_in_the_log(folder, people):
    folder.deliver(turned(people, 33))
    line = 'A/T0/survey.csv,*,s4,C7,"seen, fine",zo bedoeld,Ans,2026-03-01\n'
    folder.sheet("corrections.csv", HEADER + line)
    (cleaned,) = clean_study(folder.study, folder.raw, folder.processed)
    log = cleaned.tables["cleaning_log"].query("rule == 'C7'")
    assert log[["delivery", "column", "change", "reason", "who"]].to_numpy().tolist() == [
        ["A/T0/survey.csv", "s4", "seen, fine", "zo bedoeld", "Ans"]
    ]
