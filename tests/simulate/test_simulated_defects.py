"""Each planted defect really stands where the truths say, and nowhere else."""

from collections import Counter

import pytest
from readback import cells

from lostudy.simulate.defects import RULES

SURVEY_KINDS = {
    "cp1252", "email", "out_of_range", "duplicate", "test", "preview", "before_launch",
    "break_off", "empty", "speeder", "straight", "careless", "team_alias", "late",
}
FIELDS = ("link", "started", "submitted", "seconds", "team", "preview")


@pytest.fixture(scope="module")
def tables(raw):
    return {path.relative_to(raw).as_posix(): cells(path) for path in raw.rglob("survey.*")}


class Record:
    """A row of a file with the study's names for its columns."""

    def __init__(self, study, tables, file, row):
        organisation, wave, _ = file.split("/")
        row_cells = tables[file][row]
        short = {heading.split(". ")[0]: heading for heading in row_cells}
        self.cells = row_cells
        self.by_target = {
            each.target: row_cells[short.get(each.source, each.source)].strip()
            for each in study.crosswalks[f"{organisation}-{wave}"] if each.target != "ignore"
        }
        self.items = {item: self.by_target[item] for item in study.items if item in self.by_target}
        self.wave = study.wave(wave)

    def __getitem__(self, target):
        return self.by_target.get(target, "")

    @property
    def answered(self):
        return sum(text not in ("", "9") for text in self.items.values())

    @property
    def started(self):
        day = self["started"][:10]
        if day[2:3] == "-":
            day = f"{day[6:]}-{day[3:5]}-{day[:2]}"
        return day

    @property
    def seconds(self):
        import pandas as pd
        if self["seconds"]:
            return float(self["seconds"])
        return (pd.Timestamp(self["submitted"]) - pd.Timestamp(self["started"])).total_seconds()


@pytest.fixture(scope="module")
def planted(study, tables, known):
    def of(kind):
        return [
            (defect, Record(study, tables, defect["file"], defect["row"]))
            for defect in known["defects"] if defect["kind"] == kind
        ]
    return of


def test_every_kind_is_planted_and_has_a_rule(known):
    kinds = {defect["kind"] for defect in known["defects"]}
    assert kinds >= SURVEY_KINDS and kinds <= set(RULES)
    assert all(defect["rule"] == RULES[defect["kind"]] for defect in known["defects"])


def test_no_row_carries_two_defects(known):
    rows = Counter((each["file"], each["row"]) for each in known["defects"] if each["row"])
    assert max(rows.values()) == 1


def test_duplicates_have_a_more_complete_twin_with_the_same_code(study, tables, planted):
    assert len(planted("duplicate")) >= 5
    for defect, record in planted("duplicate"):
        twin = Record(study, tables, defect["file"], defect["other_row"])
        assert record["link"] and record["link"] == twin["link"]
        assert record.answered < twin.answered and record.answered > 0.6 * len(record.items)
        assert record.started <= twin.started
        same = [record.items[item] == twin.items[item] for item in record.items
                if record.items[item] not in ("", "9")]
        assert sum(same) > 0.9 * len(same)


def test_no_code_occurs_twice_but_in_the_planted_duplicates(study, tables, known):
    planted = {(each["file"], each["row"]) for each in known["defects"]
               if each["kind"] in ("duplicate", "test")}
    for file, rows in tables.items():
        codes = Counter(Record(study, tables, file, row)["link"] for row in rows
                        if (file, row) not in planted)
        del codes[""]
        assert max(codes.values()) == 1, file


def test_trial_rows_say_test_and_are_dated_before_the_opening(planted):
    for _, record in planted("test"):
        assert record["link"] == "TEST" and record.started < str(record.wave.opens)


def test_previews_are_marked_by_the_tool(planted):
    assert len(planted("preview")) == 4
    for _, record in planted("preview"):
        assert record["preview"] in ("Survey Preview", "1")


def test_early_and_late_answers_have_their_dates(planted):
    for _, record in planted("before_launch"):
        assert record.started < str(record.wave.opens) and record["link"] != "TEST"
    for _, record in planted("late"):
        assert record.started > str(record.wave.closes)


def test_nobody_else_answers_outside_the_window(study, tables, known):
    outside = {(each["file"], each["row"]) for each in known["defects"]
               if each["kind"] in ("test", "preview", "before_launch", "late")}
    for file, rows in tables.items():
        for row in rows:
            record = Record(study, tables, file, row)
            inside = str(record.wave.opens) <= record.started <= str(record.wave.closes)
            assert inside or (file, row) in outside


def test_straight_liners_give_one_answer_to_everything(planted):
    for kind in ("straight", "careless"):
        for defect, record in planted(kind):
            answers = Counter(text.casefold().strip() for text in record.items.values())
            odd = 1 if defect["file"] == "D/T1/survey.xlsx" else 0      # the 7-point item
            assert len(answers) <= 2 + odd and answers.most_common(1)[0][1] >= 55


def test_speeders_take_about_a_second_an_item(planted):
    for kind in ("speeder", "careless"):
        for _, record in planted(kind):
            assert record.seconds < 1.3 * 60
    for _, record in planted("straight"):
        assert record.seconds > 120


def test_break_offs_stop_before_the_primary_scales(study, planted):
    primary = [item for question in study.questions
               for item in study.scales[question.primary].items]
    for _, record in planted("break_off"):
        assert all(record.items[item] in ("", "9") for item in primary)
        assert record.answered > 10


def test_empty_records_hold_no_answer(planted):
    assert len(planted("empty")) == 2
    for _, record in planted("empty"):
        assert record.answered == 0 and record["link"] == ""


def test_answers_out_of_range_stand_in_the_named_column(planted):
    values = [record.cells[defect["column"]] for defect, record in planted("out_of_range")]
    assert sorted(set(values)) == ["55", "6"]


def test_out_of_range_stays_under_the_share_that_stops_a_run(study, tables, known):
    for defect in known["defects"]:
        if defect["kind"] == "out_of_range":
            assert 1 / len(tables[defect["file"]]) < study.cleaning.impossible_share


def test_every_unknown_team_is_an_alias_in_the_study(study, planted):
    assert len(planted("team_alias")) >= 8
    for defect, record in planted("team_alias"):
        organisation = study.organisation(defect["organisation"])
        assert record["team"] not in organisation.teams
        assert record["team"] in organisation.team_aliases
        assert defect["column"]


def test_all_other_teams_are_the_study_s(study, tables, known):
    planted = {(each["file"], each["row"]) for each in known["defects"]
               if each["kind"] in ("team_alias", "empty")}
    for file, rows in tables.items():
        teams = study.organisation(file[0]).teams
        for row in rows:
            if (file, row) not in planted:
                assert Record(study, tables, file, row)["team"] in teams


def test_an_e_mail_address_stands_in_the_planted_remarks_only(tables, known):
    planted = {(each["file"], each["row"]) for each in known["defects"] if each["kind"] == "email"}
    found = {(file, row) for file, rows in tables.items() for row, record in rows.items()
             if any("@example.org" in text for text in record.values())}
    assert found == planted and len(found) == 5


def test_defects_of_whole_files_have_no_row(known):
    whole = {each["kind"] for each in known["defects"] if each["row"] is None}
    assert whole == {"cp1252", "utf16_offsets", "byte_offsets", "coder_alias", "code_spelling",
                     "code_outside_codebook"}
