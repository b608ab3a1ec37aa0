"""Every planted defect of the shipped deliveries is found at its row, and nothing else is."""

import json

import pytest

EXCLUDED = {
    "test": {"preview"}, "preview": {"preview"}, "before_launch": {"before_launch"},
    "empty": {"empty"}, "break_off": {"partial"}, "duplicate": {"duplicate"},
    "careless": {"careless"},
}
FLAGGED = {"late": "late", "speeder": "speeder", "straight": "straightliner"}


@pytest.fixture(scope="session")
def defects(shipped_raw):
    return json.loads((shipped_raw / "truths.json").read_text(encoding="utf-8"))["defects"]


@pytest.fixture(scope="session")
def records(shipped_tables):
    """(file, row) → the record's exclusion and flags."""
    found = {}
    for each in shipped_tables.values():
        files = each.tables["deliveries"].set_index("wave")
        files = files[files["kind"] == "survey"]["file"]
        for row in each.tables["responses"][["wave", "row", "exclusion", "flags"]].itertuples():
            found[files[row.wave], row.row] = (row.exclusion, set(row.flags.split(";")))
    return found


@pytest.fixture(scope="session")
def log(shipped_tables):
    return [
        row
        for each in shipped_tables.values()
        for row in each.tables["cleaning_log"].itertuples(index=False)
    ]


def planted(defects, kinds):
    return [(each["file"], each["row"], each["kind"]) for each in defects if each["kind"] in kinds]


def test_what_was_planted_is_excluded_for_its_reason(defects, records):
    for file, row, kind in planted(defects, EXCLUDED):
        assert records[file, row][0] in EXCLUDED[kind], (file, row, kind)


def test_nothing_else_is_excluded(defects, records):
    expected = {(file, row) for file, row, _ in planted(defects, EXCLUDED)}
    assert {place for place, (reason, _) in records.items() if reason} == expected


def test_what_was_planted_is_flagged_and_kept(defects, records):
    for file, row, kind in planted(defects, FLAGGED):
        reason, flags = records[file, row]
        assert FLAGGED[kind] in flags and not reason, (file, row, kind)


def test_late_and_speeding_and_straight_are_found_nowhere_else(defects, records):
    expected = {(file, row) for file, row, _ in planted(defects, [*FLAGGED, "careless"])}
    found = {
        place for place, (reason, flags) in records.items()
        if not reason and flags & set(FLAGGED.values())
    }
    assert found <= expected


def test_answers_out_of_range_are_missing_and_logged_at_their_row(defects, log):
    expected = {(file, str(row)) for file, row, _ in planted(defects, ["out_of_range"])}
    found = {(each.delivery, each.key) for each in log if each.rule == "C6" and each.key != "*"}
    assert found == expected


def test_team_aliases_become_teams(defects, shipped, shipped_tables):
    for file, row, _ in planted(defects, ["team_alias"]):
        organisation, wave, _ = file.split("/")
        responses = shipped_tables[organisation].tables["responses"]
        team = responses.loc[(responses["wave"] == wave) & (responses["row"] == row), "team"]
        assert team.item() in shipped.organisation(organisation).teams


def test_no_planted_address_is_in_any_table_or_message(defects, shipped_tables):
    """An e-mail address stands in some remark; remarks are ignored."""
    assert planted(defects, ["email"])
    for each in shipped_tables.values():
        assert not any("@" in str(problem) for problem in each.problems)
        for name, frame in each.tables.items():
            texts = frame.select_dtypes(["object", "string", "category"]).astype("str")
            assert not texts.apply(lambda cells: cells.str.contains("@").any()).any(), name


def test_defects_of_the_conversations_are_logged(defects, log, shipped_tables):
    for each in (each for each in defects if each["kind"] == "coder_alias"):
        assert any(row.delivery == each["file"] and row.change == "renamed" for row in log)
    for each in (each for each in defects if each["kind"] == "code_outside_codebook"):
        changed = [row.change for row in log if row.delivery == each["file"]]
        assert {"left out", "moved"} & set(changed), each["file"]
    for each in shipped_tables.values():
        assert set(each.tables["segments"]["coder"]) <= {"codeur-1", "codeur-2", ""}


def test_cp1252_is_read_as_it_was_meant(defects, shipped_tables):
    (each,) = [each for each in defects if each["kind"] == "cp1252"]
    deliveries = shipped_tables[each["organisation"]].tables["deliveries"].set_index("file")
    assert deliveries.loc[each["file"], "encoding"] == "cp1252"


def test_the_same_people_are_found_again_and_nobody_is_invented(
    shipped_raw, shipped_tables
):
    """Precision is 1; recall at least that of METHODS C16 for codes with errors."""
    persons = json.loads((shipped_raw / "truths.json").read_text(encoding="utf-8"))["persons"]
    stayed = found = 0
    for each in shipped_tables.values():
        kept = each.tables["responses"].query("included")
        files = each.tables["deliveries"].query("kind == 'survey'").set_index("wave")["file"]
        places = zip(kept["wave"], kept["row"], strict=True)
        kept = kept.assign(truth=[persons[files[wave]][str(row)] for wave, row in places])
        assert (kept.groupby("person")["truth"].nunique() == 1).all()
        assert not kept.duplicated(["person", "wave"]).any()
        stayed += (kept.groupby("truth")["wave"].nunique() > 1).sum()
        found += (kept.groupby("person")["wave"].nunique() > 1).sum()
    assert 0.72 <= found / stayed <= 1
