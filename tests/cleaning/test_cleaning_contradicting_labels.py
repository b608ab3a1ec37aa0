"""A crosswalk that turns the labels of the file, or those of labels.csv, is never silent."""

import pandas as pd
import pyreadstat
import pytest

from lostudy.cleaning import clean_study
from lostudy.errors import DataError

LABELS = {"Eens": 1.0, "Neutraal": 2.0, "Oneens": 3.0}


def with_pairs(folder, crosswalk_text, rest):
    folder.crosswalk("A-T0", crosswalk_text.replace("s1,s1,,,", f"s1,s1,{rest}"))


def told(folder):
    try:
        problems = clean_study(folder.study, folder.raw, None)[0].problems
    except DataError as error:
        problems = error.problems
    return [each for each in problems if each.topic == "labels.contradict"]


def status(folder, item="s1"):
    table = clean_study(folder.study, folder.raw, None)[0].tables["harmonisation"]
    return table.set_index(["wave", "item"]).loc[("T0", item), "status"]


def in_spss(folder, people):
    """A file whose own codes run the other way: 1 = Eens."""
    frame = pd.DataFrame(people(12))
    for item in ("s1", "s2", "s3", "s4"):
        frame[item] = frame[item].map(LABELS)
    labels = {value: label for label, value in LABELS.items()}
    path = folder.raw / "A" / "T0" / "survey.sav"
    path.parent.mkdir(parents=True)
    pyreadstat.write_sav(
        frame, path, variable_value_labels={item: labels for item in ("s1", "s2", "s3", "s4")}
    )


def test_the_labels_inside_a_file_are_not_overruled(folder, people, crosswalk_text):
    in_spss(folder, people)
    with_pairs(folder, crosswalk_text, "1=1|2=2|3=3,identical,")
    [problem] = told(folder)
    assert (problem.severity, problem.column, problem.rule) == ("error", "s1", "C3")
    assert problem.what == (
        "the crosswalk gives 2 answer labels another value than the file itself, in 8 rows")
    assert problem.cure.startswith("mend row 9 of codebook/crosswalk/A-T0.csv; if it must be so")


def test_pairs_that_say_what_the_file_says_are_fine(folder, people, crosswalk_text):
    in_spss(folder, people)
    with_pairs(folder, crosswalk_text, "1=3|2=2|3=1,identical,")
    assert told(folder) == [] and status(folder) == "recoded"


@pytest.mark.parametrize(("rest", "stops", "kept"), [
    ("Oneens=3|Eens=1,identical,", True, None),
    ("Oneens=3|Eens=1,recoded,", True, None),
    ("Oneens=3|Eens=1,recoded,found: Eens (4)", True, None),
    ("Oneens=3|Eens=1,recoded,de vraag stond andersom op dit formulier", False, "recoded"),
    ("Weet niet=2,identical,", True, None),
    ("Helemaal eens=3,identical,", False, "identical"),
    ("Eens=3,identical,", False, "identical"),
    ("Oneens=3,other_scale,andere vragenlijst", False, "other_scale"),
])
def test_pairs_against_the_label_set(folder, people, crosswalk_text, rest, stops, kept):
    rows = people(12)
    rows[3]["s1"] = "Weet niet"
    folder.deliver(rows)
    with_pairs(folder, crosswalk_text, rest)
    assert bool(told(folder)) == stops
    if kept:
        assert status(folder) == kept
