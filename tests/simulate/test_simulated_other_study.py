"""Nothing in the simulation is about the shipped study: another one, small and odd, works too."""

import json

import pytest
from readback import cells, csv_rows

from lostudy.simulate import scale_scores, simulate, simulate_study, truths
from lostudy.simulate.forms import (
    Column,
    inline,
    item_texts,
    label_texts,
    number_labels,
    older_labels,
)
from lostudy.simulate.writers.msforms import changed_items
from lostudy.study.model import (
    Code,
    Item,
    LabelSet,
    Organisation,
    Question,
    Scale,
    Study,
    Text,
    Wave,
)


def labels(values):
    return LabelSet(
        id="often",
        labels={value: Text(nl=f"{value} keer", en=f"{value} times") for value in values},
        accepted={f"{value} keer": value for value in values} | {"nooit": 1},
        missing={"weet ik niet": "dont_know"},
    )


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """Two organisations without sizes, teams, dates or background; ten-point items and a number."""
    items = {
        f"x{number}": Item(id=f"x{number}", scale="XX", labels="often", core=number < 3,
                           reversed=number == 4, text=Text(nl=f"Vraag {number}?"))
        for number in range(1, 6)
    }
    items["age"] = Item(id="age", labels="number", text=Text(nl="Hoeveel jaar?"))
    return Study(
        folder=tmp_path_factory.mktemp("other"),
        about={"id": "other", "title": {"nl": "Anders"}, "status": "simulated"},
        organisations=tuple(Organisation(id=name, name=Text(nl=name)) for name in ("P", "Q")),
        waves=tuple(Wave(id=name, name=Text(nl=name)) for name in ("voor", "na")),
        questions=(Question(id="q1", text=Text(nl="Waarom?"), primary="XX"),),
        items=items,
        scales={"XX": Scale(id="XX", label=Text(nl="X"), minimum=1, maximum=10,
                            items=tuple(list(items)[:5]), reversed_items=("x4",))},
        label_sets={"often": labels(range(1, 11))},
    )


@pytest.fixture(scope="module")
def delivered(other, tmp_path_factory):
    folder = tmp_path_factory.mktemp("delivered")
    return folder, simulate_study(other, folder, 3, organisations=4, codebook=folder / "codebook")


def test_every_tool_writes_it(delivered):
    folder, _ = delivered
    found = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*/survey.*"))
    assert found == [
        "P/na/survey.csv", "P/voor/survey.csv", "Q/na/survey.csv", "Q/voor/survey.csv",
        "S003/na/survey.sav", "S003/voor/survey.sav", "S004/na/survey.xlsx",
        "S004/voor/survey.xlsx"]


def test_without_known_codes_there_are_no_interviews(delivered):
    folder, known = delivered
    assert known["interviews"] == {} and not list(folder.glob("*/*/interviews.*"))


def test_its_crosswalks_name_its_own_items(delivered, other):
    folder, _ = delivered
    rows = csv_rows_of(folder / "codebook/crosswalk/P-voor.csv")
    assert {row["target"] for row in rows} >= set(other.items)


def csv_rows_of(path):
    import csv
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_answers_are_in_the_labels_of_the_item(delivered):
    folder, _ = delivered
    texts = {row["x1. Vraag 1?"].strip() for row in cells(folder / "P/na/survey.csv").values()}
    allowed = {f"{value} {word}" for value in range(1, 11) for word in ("keer", "times")}
    assert texts <= allowed | {"", "Weet ik niet", "Nooit"}


def test_numeric_codes_run_over_the_whole_scale(delivered):
    folder, _ = delivered
    rows = {row["target"]: row for row in csv_rows_of(folder / "codebook/crosswalk/Q-na.csv")}
    found = rows["x1"]["labels"]
    assert found.startswith("1=1|2=2|") and found.endswith("|10=10|-99=dont_know")
    assert csv_rows(folder / "Q/na/survey.csv")[0][17] == "Q1"


def test_scores_span_the_scale(other):
    scores = scale_scores(simulate(other, 3))["XX"]
    assert scores.between(1, 10).all() and scores.max() > 7


def test_organisations_without_sizes_get_a_usual_one(other):
    sizes = truths(simulate(other, 3))["sizes"]
    assert sizes["P"]["voor"]["staff"] == sizes["Q"]["na"]["staff"] == 80


def test_an_organisation_without_teams_is_one_team(other):
    assert set(simulate(other, 3).staff["team"]) == {"P", "Q"}


def test_truths_are_plain_json(delivered):
    _, known = delivered
    assert json.loads(json.dumps(known)) == known


def test_a_form_with_few_items_changes_what_it_can(other):
    assert set(changed_items(other).values()) <= {"not_asked", "other_scale", "reworded"}
    assert "x4" not in changed_items(other) and "x1" not in changed_items(other)


def test_codes_that_the_bank_does_not_know_are_left_out(other):
    coded = other.model_copy(update={"codes": {"EIGEN": Code(id="EIGEN", label=Text(nl="Eigen"))}})
    from lostudy.simulate.conversations import conversations
    assert all(not each.said for each in conversations(coded, 0, 1))


# what a column is and how cells are written ------------------------------------------------------

def test_a_column_is_called_by_its_code_where_it_has_one():
    assert Column("pm01. Tekst", "pm01", "pm01").source == "pm01"
    assert Column("Hoe gaat het?", "pm01").source == "Hoe gaat het?"


def test_inline_labels():
    assert inline({}) == "" and inline({"1": 1, "9": "refused"}) == "1=1|9=refused"


def test_labels_in_two_languages_with_what_is_missing():
    found = label_texts(labels([1, 2]), "en")
    assert found == {1: "1 times", 2: "2 times", 0: "", -1: ""}
    assert label_texts(labels([1, 2]), "nl")[-1] == "Weet ik niet"


def test_older_labels_are_other_accepted_spellings():
    assert older_labels(labels([1, 2])) == {"1 keer": "Nooit"}


def test_texts_follow_the_language_of_the_respondent(other):
    import pandas as pd
    found = item_texts(other, "x1", pd.Series([1, 2, 0, -1, 55]), ["nl", "en", "nl", "nl", "nl"])
    assert found.tolist() == ["1 keer", "2 times", "", "Weet ik niet", "55"]


def test_numbers_stay_numbers(other):
    import pandas as pd
    assert item_texts(other, "age", pd.Series([4, 0]), ["nl", "nl"]).tolist() == ["4", ""]


def test_number_labels_of_a_plain_number_item(other):
    assert number_labels(other, "age", {"9": "refused"}) == "1=1|2=2|3=3|4=4|5=5|9=refused"
