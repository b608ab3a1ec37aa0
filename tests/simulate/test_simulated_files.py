"""The files: the same bytes each time, the shape of their tool, and the truths inside."""

import json
import re
import zipfile

import numpy as np
import pyreadstat
import pytest
from openpyxl import load_workbook
from readback import cells, csv_rows, items

from lostudy.simulate import simulate_study
from lostudy.simulate.model import bounds
from lostudy.simulate.writers.fixed import write_csv, write_xlsx, write_zip

WAVES = ("T0", "T1", "T2")
SUFFIX = {"A": ".csv", "B": ".csv", "C": ".sav", "D": ".xlsx"}


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def survey(raw, organisation, wave):
    return raw / organisation / wave / f"survey{SUFFIX[organisation]}"


def test_two_runs_give_the_same_bytes(study, written, tmp_path, known):
    raw, codebook, _ = written
    again = simulate_study(study, tmp_path / "raw", 20250113, codebook=tmp_path / "codebook")
    assert again == known
    for one, other in ((raw, tmp_path / "raw"), (codebook, tmp_path / "codebook")):
        first, second = files(one), files(other)
        assert first.keys() == second.keys()
        assert [name for name in first if first[name] != second[name]] == []


def test_the_shipped_deliveries_are_these(root, raw):
    shipped, made = files(root / "data" / "raw"), files(raw)
    assert [name for name in made if shipped.get(name) != made[name]] == []


def test_the_shipped_codebook_is_this(root, written):
    for name, content in files(written[1]).items():
        assert (root / "codebook" / name).read_bytes() == content


def test_every_expected_file_is_there_and_no_other(raw):
    expected = {f"{o}/{w}/survey{SUFFIX[o]}" for o in "ABCD" for w in WAVES}
    expected |= {f"{o}/T2/conversations.csv" for o in "ABCD"}
    expected |= {"A/T2/interviews.qdpx", "B/T2/interviews.xlsx", "C/T2/interviews.sqlite3",
                 "D/T2/interviews.xlsx", "README.md", "truths.json"}
    assert set(files(raw)) == expected


def test_the_whole_is_small(raw):
    assert sum(map(len, files(raw).values())) < 3_000_000


def test_truths_stand_beside_the_files(raw, known):
    assert json.loads((raw / "truths.json").read_text(encoding="utf-8")) == known


def test_the_readme_says_what_this_is(raw):
    text = (raw / "README.md").read_text(encoding="utf-8")
    assert "Gesimuleerde leveringen" in text and "Alleen lezen" in text and "20250113" in text


@pytest.mark.parametrize("organisation", "ABCD")
@pytest.mark.parametrize("wave", WAVES)
def test_every_survey_says_it_is_simulated(raw, organisation, wave):
    path = survey(raw, organisation, wave)
    if path.suffix == ".sav":
        _, meta = pyreadstat.read_sav(str(path), metadataonly=True)
        assert meta.file_label.startswith("Gesimuleerde gegevens")
    else:
        assert {"gesimuleerd"} == {
            text for row in cells(path).values() for heading, text in row.items()
            if "gesimuleerd" in heading.casefold()}


@pytest.mark.parametrize("organisation", "ABCD")
def test_true_means_come_back_from_the_files(study, raw, known, organisation):
    """Respondents are a part of the staff: within four standard errors of a mean of that part."""
    for wave in WAVES:
        answers = items(survey(raw, organisation, wave),
                        study.crosswalks[f"{organisation}-{wave}"])
        for scale in study.scales.values():
            found = answers[[item for item in scale.items if item in answers]].astype(float)
            for item in found.columns.intersection(scale.reversed_items):
                found[item] = sum(bounds(study, item)) - found[item]
            scores = found.mean(axis=1).dropna()
            margin = 0.1 + 4 * scores.std() / len(scores) ** 0.5 * 0.75
            true = known["means"][organisation][wave][scale.id]
            assert abs(scores.mean() - true) < margin, (organisation, wave, scale.id)


def test_changes_of_a_and_c_are_seen_and_those_of_b_are_not(study, raw):
    def change(organisation, scale):
        means = []
        for wave in ("T0", "T2"):
            answers = items(survey(raw, organisation, wave),
                            study.crosswalks[f"{organisation}-{wave}"])
            members = [item for item in study.scales[scale].items
                       if item not in study.scales[scale].reversed_items]
            means.append(np.nanmean(answers[members].astype(float).to_numpy()))
        return means[1] - means[0]

    assert change("A", "RP") > 0.2 and change("C", "RP") > 0.1 and change("A", "VA") > 0.1
    assert abs(change("B", "VA")) < 0.3


def test_limesurvey_headings_and_own_columns(study, raw):
    rows = csv_rows(raw / "A/T1/survey.csv")
    own = ["id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate",
           "datestamp", "ipaddr"]
    assert [heading.split(". ")[0] for heading in rows[0][:9]] == own
    assert rows[0][-1].startswith("interviewtime. ")
    for item in study.items.values():
        assert f"{item.id}. {item.text.nl}" in rows[0]


def test_limesurvey_has_two_languages_variants_and_trailing_spaces(raw):
    texts = {text for row in cells(raw / "A/T1/survey.csv").values() for text in row.values()}
    assert {"Mee eens", "Agree", "Eens", "Zeer eens", "Mee eens "} <= texts


def test_the_first_delivery_of_a_is_windows_1252_with_semicolons(raw):
    data = (raw / "A/T0/survey.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert "Geïnspireerd" in data.decode("cp1252") or "één" in data.decode("cp1252")
    assert any(re.match(r"\d\d-\d\d-\d{4} \d\d:\d\d$", text)
               for row in cells(raw / "A/T0/survey.csv").values() for text in row.values())


def test_qualtrics_has_three_header_rows_and_import_ids(raw):
    for wave in WAVES:
        rows = csv_rows(raw / "B" / wave / "survey.csv")
        assert rows[0][:3] == ["StartDate", "EndDate", "Status"] and rows[1][0] == "Start Date"
        ids = [json.loads(cell)["ImportId"] for cell in rows[2]]
        assert len(set(ids)) == len(ids)
        assert any("\n" in cell for cell in rows[1])


def test_qualtrics_is_numeric_at_the_second_wave_only(raw):
    for wave in WAVES:
        answers = {row["Q20"] for row in cells(raw / "B" / wave / "survey.csv").values()} - {""}
        numeric = all(text.lstrip("-").isdigit() for text in answers)
        assert numeric == (wave == "T1")


def test_spss_declares_what_is_missing_and_labels_it(study, raw):
    frame, meta = pyreadstat.read_sav(str(raw / "C/T0/survey.sav"), user_missing=True)
    assert meta.variable_value_labels["v01"][8] == "Weet ik niet"
    ranges = {(each["lo"], each["hi"]) for each in meta.missing_ranges["v01"]}
    assert ranges in ({(8, 8), (9, 9)}, {(8, 9)})
    assert 8 not in meta.variable_value_labels["werkdagen"] and (frame["werkdagen"] == 8).any()
    assert meta.column_names_to_labels["v01"] == next(iter(study.items.values())).text.nl


def test_spss_strings_are_padded(raw):
    assert b"R0001     " in (raw / "C/T0/survey.sav").read_bytes()


def test_spss_says_a_fixed_moment_of_making(raw):
    header = (raw / "C/T0/survey.sav").read_bytes()[92:109]
    assert header == b"02 Mar 2609:00:00"


def test_forms_headings_are_question_texts(study, raw):
    first = load_workbook(raw / "D/T0/survey.xlsx").active[1]
    headings = [cell.value for cell in first]
    assert headings[:5] == ["ID", "Start time", "Completion time", "Email", "Name"]
    assert {item.text.nl for item in study.items.values()} <= set(headings)


def test_forms_second_version_differs_as_the_crosswalk_says(study, raw):
    rows = study.crosswalks["D-T1"]
    status = {row.target: row.status for row in rows if row.target in study.items}
    assert len(study.items) - len(status) == 2
    assert sorted(set(status.values())) == ["identical", "other_scale", "reworded"]
    assert list(status.values()).count("reworded") == 3
    seven = next(row for row in rows if row.status == "other_scale")
    points = {row[seven.source] for row in cells(raw / "D/T1/survey.xlsx").values()} - {""}
    assert points <= set("1234567") and points & set("67")
    assert {row.form_version for row in rows} == {"v2"}


def test_forms_second_version_has_another_order(study):
    order = [row.target for row in study.crosswalks["D-T0"] if row.target in study.items]
    other = [row.target for row in study.crosswalks["D-T1"] if row.target in study.items]
    assert [item for item in order if item in other] != other


def test_workbooks_say_simulated_in_their_properties(raw):
    for path in raw.rglob("*.xlsx"):
        properties = load_workbook(path).properties
        assert properties.title.startswith("gesimuleerd") and properties.creator == "gesimuleerd"


def test_no_clock_in_a_zip(tmp_path):
    write_zip(tmp_path / "a.zip", {"één.txt": b"1", "b.txt": b"2"})
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 3, 2, 9, 0, 0)}
        assert archive.read("één.txt") == b"1"


def test_no_clock_in_a_workbook(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", {"Blad": [["kop"], ["cel"]]}, "gesimuleerd")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.properties.modified.year == 2026 and book.active["A2"].value == "cel"


def test_a_csv_is_quoted_only_where_needed(tmp_path):
    write_csv(tmp_path / "a.csv", [["a", "b;c"], ["één", 'd"e']], separator=";", encoding="cp1252")
    assert (tmp_path / "a.csv").read_bytes() == 'a;"b;c"\r\néén;"d""e"\r\n'.encode("cp1252")


def test_a_wider_study_writes_every_tool_again(study, tmp_path):
    simulate_study(study, tmp_path, 5, organisations=8)
    assert sorted(path.suffix for path in tmp_path.glob("S00*/T0/*")) == [
        ".csv", ".csv", ".sav", ".xlsx"]
    assert sorted(path.name for path in tmp_path.glob("S00*/T2/interviews.*")) == [
        "interviews.qdpx", "interviews.sqlite3", "interviews.xlsx", "interviews.xlsx"]


def test_truths_say_who_stands_in_each_row(raw, known, population):
    """The same person may have two codes; the truth behind linkage is who really answered."""
    persons = known["persons"]
    assert set(persons) == {path.relative_to(raw).as_posix() for path in raw.rglob("survey.*")}
    staff = set(population.staff["person"])
    nobody = {(each["file"], each["row"]) for each in known["defects"]
              if each["kind"] in ("test", "preview", "empty")}
    for file, rows in persons.items():
        table = cells(raw / file)
        assert set(rows.values()) <= staff
        assert {number for number in table if str(number) not in rows} == {
            row for name, row in nobody if name == file}


def test_the_same_person_mostly_gives_the_same_code(raw, known):
    def codes(file, heading):
        table = cells(raw / file)
        return {person: table[int(row)][heading] for row, person in known["persons"][file].items()}

    first = codes("C/T0/survey.sav", "koppelcode")
    last = codes("C/T2/survey.sav", "koppelcode")
    both = [person for person in first if person in last and first[person] and last[person]]
    same = sum(first[person] == last[person] for person in both) / len(both)
    near = sum(sum(a != b for a, b in zip(first[person], last[person], strict=True)) <= 1
               for person in both) / len(both)
    assert len(both) > 40 and 0.5 < same < 0.9 < near
