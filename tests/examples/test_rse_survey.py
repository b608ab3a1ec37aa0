"""The first real run: the survey team's own frequency tables are the answer key.

The public exports stand at ../shared/real from the project's root; where they are absent the tests
are skipped, visibly.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from lostudy.cleaning import Cleaned, clean_study
from lostudy.study import Study, load_study

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "rse-survey"
RAW = ROOT.parent / "shared" / "real" / "survey" / "rse_survey_2017"
KEY = RAW / "reported_tables_nl"

pytestmark = pytest.mark.skipif(
    not RAW.is_dir(), reason="the public exports of the 2017 survey are not here"
)

ORDINAL = {
    "affRec1_3": ["affRec1", "affRec3"],
    "affSat1_2": ["affSat1", "affSat2"],
    "percEmp1_2_3_4": ["percEmp1", "percEmp2", "percEmp3", "percEmp4"],
    "perfCheck1_2_3_4_5_6_7": [f"perfCheck{number}" for number in range(1, 8)],
    "progRSE1_2_3_4_5": [f"progRSE{number}" for number in range(1, 6)],
    "turnOver2_4": ["turnOver2", "turnOver4"],
    "satisgen1_2": ["satisgen1", "satisgen2"],
    "time1can_2can_3can_4can_5can": [f"time{number}can" for number in range(1, 6)],
    "rse3": ["rse3"],
    "open1can": ["open1can"],
    "open3can": ["open3can"],
}
CHOICE = {"currentEmp10": "currentEmp10", "currentEmp12": "currentEmp12"}
YES_NO = [
    "rse1",
    "soft2can",
    "conf1can",
    "stability2",
    "open01can",
    "open03can",
    "train1",
    "ukrse1",
]
PAPER = [f"paper{number}" for number in range(1, 6)]


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(EXAMPLE)


@pytest.fixture(scope="module")
def cleaned(study: Study) -> dict[str, Cleaned]:
    return {each.organisation: each for each in clean_study(study, RAW, None)}


def key(name: str) -> list[list[str]]:
    with (KEY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def number(cell: str) -> int:
    return int(float(cell)) if cell.strip() else 0


def counts(cleaned: dict[str, Cleaned], item: str) -> dict[int, int]:
    answers = cleaned["NL"].tables["responses"][item].dropna()
    return {int(value): int(count) for value, count in answers.value_counts().items()}


@pytest.mark.parametrize("name", ORDINAL)
def test_a_matrix_of_answers_equals_the_reported_table(
    name: str, study: Study, cleaned: dict[str, Cleaned]
) -> None:
    for column, item in enumerate(ORDINAL[name], 1):
        labels = study.item_labels(item)
        assert labels is not None
        reported = {}
        for row in key(name)[1:]:
            value = labels.accepted[" ".join(row[0].casefold().split())]
            if number(row[column]):
                reported[int(value)] = number(row[column])
        assert counts(cleaned, item) == reported


@pytest.mark.parametrize("name", CHOICE)
def test_a_choice_equals_the_reported_table(
    name: str, study: Study, cleaned: dict[str, Cleaned]
) -> None:
    labels = study.item_labels(CHOICE[name])
    assert labels is not None
    reported = {int(labels.accepted[row[0].casefold()]): number(row[1]) for row in key(name)[1:]}
    assert counts(cleaned, CHOICE[name]) == reported


@pytest.mark.parametrize("item", YES_NO)
def test_yes_and_no_and_no_answer_equal_the_reported_table(
    item: str, cleaned: dict[str, Cleaned]
) -> None:
    table = key(item)
    reported = dict(zip(table[0][1:], table[1][1:], strict=True))
    found = counts(cleaned, item)
    missing = cleaned["NL"].tables["missing"]
    unanswered = int(((missing["item"] == item) & (missing["reason"] == "not_answered")).sum())
    assert (found.get(1, 0), found.get(0, 0)) == (
        number(reported.get("Yes", "")),
        number(reported.get("No", "")),
    )
    assert unanswered == number(reported.get("", ""))


def test_the_five_questions_on_papers_equal_the_reported_table(cleaned: dict[str, Cleaned]) -> None:
    for item, row in zip(PAPER, key("paper1_2_3_4_5")[1:], strict=True):
        found = counts(cleaned, item)
        assert [found.get(1, 0), found.get(0, 0), 77 - sum(found.values())] == [
            number(cell) for cell in row[1:]
        ]


def test_kinds_of_testing_equal_the_reported_table(cleaned: dict[str, Cleaned]) -> None:
    reported = {row[0].split(" ")[0].lower(): number(row[1]) for row in key("proj4can")[1:]}
    found = {
        word: counts(cleaned, f"proj4can{place}").get(1, 0)
        for place, word in enumerate(["no", "developers", "test", "users"], 1)
    }
    assert found == reported


@pytest.mark.parametrize("item", ["proj1can", "soft1can", "train2", "currentEmp11"])
def test_numbers_equal_the_reported_list(item: str, cleaned: dict[str, Cleaned]) -> None:
    """For numbers the key lists the answer of each record, in the order of the export."""
    reported = {int(row[0]): float(row[1]) for row in key(item)[1:] if row[1].strip()}
    answers = cleaned["NL"].tables["responses"].set_index("row")[item].dropna()
    assert {int(row) - 2: float(value) for row, value in answers.items()} == reported


def test_every_record_of_both_countries_is_accounted_for(cleaned: dict[str, Cleaned]) -> None:
    records = {name: len(each.tables["responses"]) for name, each in cleaned.items()}
    assert records == {"NL": 77, "US": 164}
    for each in cleaned.values():
        table = each.tables["responses"]
        assert (table["included"] | (table["exclusion"] != "")).all()


def test_a_question_the_united_states_asked_in_other_words_says_so(
    cleaned: dict[str, Cleaned],
) -> None:
    status = cleaned["US"].tables["harmonisation"].set_index("item")["status"]
    assert status["perfCheck1"] == "identical"
    assert status["time1can"] == "reworded"
    assert status["currentEmp10"] == "recoded"


def test_a_third_country_needs_a_crosswalk_and_lines_in_the_declaration_only(
    tmp_path: Path,
) -> None:
    """The Dutch export delivered again as a third organisation."""
    import shutil

    folder, raw = tmp_path / "study", tmp_path / "raw"
    shutil.copytree(EXAMPLE, folder)
    raw.mkdir()
    for each in RAW.glob("2017_*.csv"):
        shutil.copy(each, raw)
    shutil.copy(raw / "2017_nl_public_data.csv", raw / "third.csv")
    crosswalks = folder / "codebook" / "crosswalk"
    shutil.copy(crosswalks / "NL-2017.csv", crosswalks / "XX-2017.csv")
    declaration = folder / "study.toml"
    declaration.write_text(
        declaration.read_text(encoding="utf-8")
        + '\n[[organisations]]\nid = "XX"\nname = { nl = "Derde land" }\n'
        + '\n[[deliveries]]\norganisation = "XX"\nwave = "2017"\nfile = "third.csv"\n',
        encoding="utf-8",
    )
    third = {each.organisation: each for each in clean_study(load_study(folder), raw, None)}
    assert isinstance(third["XX"].tables["responses"], pd.DataFrame)
    assert len(third["XX"].tables["responses"]) == 77
