"""What the readers and the cleaning make of the simulated files, held beside the truths."""

import pytest
from readback import cells

from lostudy.cleaning.inventory import find_deliveries
from lostudy.cleaning.survey import tidy_survey
from lostudy.deliveries import read_interviews, read_survey

TOOLS = {"A": "limesurvey", "B": "qualtrics", "C": "spss", "D": "msforms"}
CODING_TOOLS = {"A": "refi", "B": "maxqda", "C": "taguette", "D": "handmade"}
FLAG = {
    "duplicate": "duplicate", "test": "preview", "preview": "preview", "break_off": "partial",
    "before_launch": "before_launch", "empty": "empty", "speeder": "speeder",
    "straight": "straightliner", "careless": "careless", "late": "late",
}
SURVEYS = [f"{organisation}/{wave}" for organisation in "ABCD" for wave in ("T0", "T1", "T2")]


@pytest.mark.parametrize("folder", SURVEYS)
def test_a_survey_is_recognised_and_read_cell_by_cell(raw, folder):
    path = next((raw / folder).glob("survey.*"))
    delivery = read_survey(path)
    assert delivery.source.tool == TOOLS[folder[0]]
    assert not [each for each in delivery.repairs if each.severity == "error"]
    expected = cells(path)
    assert list(delivery.answers.index) == list(expected)
    first = next(iter(expected))
    assert len(delivery.answers.columns) == len(expected[first])


@pytest.mark.parametrize("folder", SURVEYS)
def test_cleaning_flags_what_was_planted_and_nothing_else(study, raw, known, folder):
    delivered = next(each for each in find_deliveries(study, raw)
                     if each.kind == "survey" and f"{each.organisation}/{each.wave}" == folder)
    rows = tidy_survey(study, delivered, read_survey(delivered.path))
    assert not [each for each in rows.problems if each.severity == "error"]
    flags = dict(zip(rows.responses["row"], rows.responses["flags"].str.split(";"), strict=True))
    planted = {each["row"]: FLAG[each["kind"]] for each in known["defects"]
               if each["file"].startswith(f"{folder}/survey") and each["kind"] in FLAG}
    assert {row for row, found in flags.items() if found != [""]} == set(planted)
    assert [row for row, flag in planted.items() if flag not in flags[row]] == []


@pytest.mark.parametrize("organisation", "ABCD")
def test_interviews_are_recognised_and_in_place(raw, known, organisation):
    delivery = read_interviews(next((raw / organisation / "T2").glob("interviews.*")))
    assert delivery.source.tool == CODING_TOOLS[organisation]
    assert len(delivery.documents) == known["interviews"][organisation]["conversations"]
    status = "exact" if organisation in "AC" else "absent"
    assert set(delivery.segments["offset_status"]) == {status}
    assert set(delivery.segments["coder"]) == set(known["interviews"][organisation]["written_as"])
