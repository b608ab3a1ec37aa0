"""A mixed study: the survey team's own files are the answer key for codes, roles and answers.

The public files stand at ../shared/real from the project's root; where they are absent the tests
are skipped, visibly.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import lostudy as lo
from lostudy.cleaning import Cleaned

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "jupyter-2015-ux"
RAW = ROOT.parent / "shared" / "real" / "survey" / "jupyter_2015_ux"

pytestmark = pytest.mark.skipif(
    not RAW.is_dir(), reason="the public files of the 2015 survey are not here"
)
GROUPS = {"NEW": "Less than one year", "EXP": "One year or more"}
THEMES = {"lq1": "pleasant_aspects", "lq2": "difficult_aspects"}


@pytest.fixture(scope="module")
def export() -> pd.DataFrame:
    table = pd.read_csv(next(RAW.glob("*SurveyExport.csv")), dtype=str)
    return table.set_axis([str(place) for place in range(table.shape[1])], axis=1)


def coded(name: str) -> dict[int, list[str]]:
    with (RAW / "analysis" / "prep" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    return {int(row[0]): row[1:] for row in rows}


@pytest.mark.parametrize("question", THEMES)
@pytest.mark.parametrize("group", GROUPS)
def test_codes_are_those_that_the_team_gave(
    question: str, group: str, cleaned: dict[str, Cleaned], export: pd.DataFrame
) -> None:
    mine = set(export.index[export["5"] == GROUPS[group]])
    key = coded(f"{THEMES[question]}_themes")
    wanted = Counter(
        f"{question}.{code}" for at, row in key.items() if at in mine
        for code in row[0].split(",") if code
    )  # fmt: skip
    tables = cleaned[group].tables
    segments = tables["segments"]
    found = segments[segments["code"].str.startswith(question)]
    assert found["code"].value_counts().to_dict() == dict(wanted)
    asked = tables["interviews"]["questions_asked"].str.split(";")
    read = asked.map(lambda each: question in each).sum()
    assert read == sum(at in mine for at in key), "who was read without a theme is silent, not lost"


@pytest.mark.parametrize("group", GROUPS)
def test_closed_answers_and_the_coded_role_are_of_the_same_people(
    group: str, cleaned: dict[str, Cleaned], export: pd.DataFrame
) -> None:
    responses = cleaned[group].tables["responses"]
    mine = export[export["5"] == GROUPS[group]]
    use = {"Less often than monthly": 1, "Monthly": 2, "Weekly": 3, "Daily": 4}
    wanted = mine["3"].map(use).dropna().astype(int).value_counts().to_dict()
    assert responses["use"].dropna().astype(int).value_counts().to_dict() == wanted
    students = [at for at, row in coded("roles").items() if row[2] == "student"]
    daily = int((mine.loc[mine.index.intersection(students), "3"] == "Daily").sum())
    assert daily > 5
    both = responses[(responses["role"] == "student") & (responses["use"] == 4)]
    assert len(both) == daily


def test_no_open_answer_is_a_value_of_the_tidy_survey(
    cleaned: dict[str, Cleaned], export: pd.DataFrame
) -> None:
    texts = export[[str(place) for place in range(17, 23)]].stack().dropna().str.strip()
    written = {each for each in texts if len(each) > 12}
    assert len(written) > 1000
    for each in cleaned.values():
        text = each.tables["responses"].astype("str")
        assert not written & set(text.to_numpy().ravel())


def test_the_study_runs_and_counts_people_over_both_groups(opened: Path) -> None:
    view = lo.open_study().question("lq1")
    voices = lo.code_counts(view).table.set_index(["code", "organisation"])
    key = coded("pleasant_aspects_themes")
    answered = pd.Series({at: row[0].split(",") for at, row in key.items()})
    ease = int(answered.map(lambda codes: "ux" in codes).sum())
    assert voices.loc[("lq1.ux", "all"), "k"] == ease
    by_role = lo.estimate(view, by=["organisation", "role"]).table
    assert {"data_scientist", "student", "all"} <= set(by_role["role"])
    shown = by_role[by_role["hidden"] == ""]
    assert (shown["n"] >= 10).all() and (by_role["hidden"] != "").any()
