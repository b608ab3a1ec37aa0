"""Real files that other people and tools wrote; skipped, visibly, where they are not beside us.

Only shapes, counts and agreement between files are asserted: no text of a real file stands here.
"""

from __future__ import annotations

import csv
import gzip
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from lostudy.deliveries import CODES, DOCUMENTS, OFFSET_STATUS, SEGMENTS
from lostudy.deliveries import read_interviews as interviews
from lostudy.deliveries import read_survey as survey

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
SURVEY, INTERVIEWS = REAL / "survey", REAL / "interviews"
SAMPLES = SURVEY / "spss_stata" / "pyreadstat"
HAVEN = SURVEY / "spss_stata" / "haven"
TAGUETTE = INTERVIEWS / "navarro-taguette" / "transcripts" / "thematic-analysis"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real files are not in {REAL.name}")


def under(folder: Path, *patterns: str) -> list[Path]:
    """Files below a folder, [] where it is absent (so that collecting never fails)."""
    found = {path for pattern in patterns for path in folder.rglob(pattern)}
    return sorted(path for path in found if path.is_file())


def by_csv_module(path: Path) -> list[list[str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.reader(stream) if row]


def check_survey(delivery) -> None:
    """What holds for every survey delivery."""
    assert list(delivery.columns.columns) == ["column", "code", "text"]
    assert list(delivery.columns["column"]) == list(delivery.answers.columns)
    assert delivery.answers.columns.is_unique
    assert delivery.answers.index.is_unique
    assert delivery.answers.index.name == "row"
    assert all(isinstance(kind, pd.CategoricalDtype) for kind in delivery.answers.dtypes)
    assert all(column.cat.categories.dtype == "str" for _, column in delivery.answers.items())
    assert not any("" in column.cat.categories for _, column in delivery.answers.items())
    assert delivery.source.evidence
    assert len(delivery.source.sha256) == 64
    assert set(delivery.value_labels) | set(delivery.user_missing) <= set(delivery.answers)


def check_interviews(delivery) -> None:
    """What holds for every interview delivery."""
    assert list(delivery.documents.columns) == DOCUMENTS
    assert list(delivery.codes.columns) == CODES
    assert list(delivery.segments.columns) == SEGMENTS
    assert delivery.documents["document"].is_unique
    assert delivery.codes["code"].is_unique
    assert set(delivery.segments["document"]) <= set(delivery.documents["document"])
    assert set(delivery.segments["offset_status"]) <= set(OFFSET_STATUS)
    assert set(delivery.codes["parent"].dropna()) <= set(delivery.codes["code"])
    texts = delivery.documents.set_index("document")["text"]
    sure = delivery.segments[delivery.segments["offset_status"].isin(["exact", "repaired"])]
    for segment in sure.itertuples():
        text = texts[segment.document]
        assert 0 <= segment.start < segment.end <= len(text)
        assert text[segment.start : segment.end] == segment.text


@pytest.mark.parametrize(("country", "records", "columns"), [("nl", 77, 131), ("us", 164, 242)])
def test_limesurvey_of_research_software_engineers(country, records, columns):
    path = SURVEY / "rse_survey_2017" / f"2017_{country}_public_data.csv"
    delivery = survey(path)
    check_survey(delivery)
    assert delivery.source.tool == "limesurvey"
    assert delivery.answers.shape == (records, columns)
    assert delivery.answers.columns[0] == "index"
    rows = by_csv_module(path)
    assert [[None if c != c else c for c in row] for row in
            delivery.answers.astype("object").to_numpy()] == [
        [cell or None for cell in row] for row in rows[1:]]


def test_codes_and_texts_of_limesurvey_headings():
    columns = survey(SURVEY / "rse_survey_2017" / "2017_nl_public_data.csv").columns
    codes = set(columns["code"])
    assert {"socio1", "rse3[SQ001]", "ukrse2[4]"} <= codes
    assert not any(". " in code for code in codes)


def test_the_survey_teams_own_tables_are_found_again():
    """The team's frequency tables are an answer key for what was read."""
    folder = SURVEY / "rse_survey_2017"
    delivery = survey(folder / "2017_nl_public_data.csv")
    checked = 0
    codes = delivery.columns.set_index("code")["column"]
    for name in ("socio1", "edu1", "edu2", "currentEmp1", "currentEmp10", "stability1"):
        table = by_csv_module(folder / "reported_tables_nl" / f"{name}.csv")
        counts = delivery.answers[codes[name]].value_counts().to_dict()
        for label, count in table[1:]:
            if label and count:
                assert counts.get(label, 0) == int(float(count))
                checked += 1
    assert checked > 15


QUALTRICS = under(SURVEY / "qualtrics", "*.csv", "*.csv ")


@pytest.mark.parametrize("path", QUALTRICS, ids=lambda path: path.name)
def test_every_qualtrics_csv(path):
    delivery = survey(path)
    check_survey(delivery)
    assert delivery.source.tool == "qualtrics"
    rows = by_csv_module(path)
    three = "ImportId" in rows[2][0]
    assert delivery.source.evidence.startswith("three" if three else "two")
    assert len(delivery.answers) == len(rows) - (3 if three else 2)
    assert delivery.answers.index[0] == (4 if three else 3)
    cells = [None if cell != cell else cell for cell in delivery.answers.iloc[-1]]
    assert cells == [cell or None for cell in rows[-1]][: len(cells)]


@pytest.mark.parametrize(
    "path", under(SURVEY / "qualtrics", "*.xlsx"), ids=lambda path: path.parent.name)
def test_every_workbook_beside_the_qualtrics_files(path):
    delivery = survey(path)
    check_survey(delivery)
    assert delivery.source.tool == "table"


@pytest.mark.parametrize("name", ["sample.sav", "sample.zsav", "sample.por", "sample.dta"])
def test_spss_and_stata_agree_with_the_csv_beside_them(name):
    delivery = survey(SAMPLES / "basic" / name)
    check_survey(delivery)
    answers = delivery.answers
    expected = survey(SAMPLES / "basic" / "sample.csv").answers
    names = {str(column).lower(): column for column in answers.columns}
    for column in ("mychar", "mynum", "mylabl", "myord"):
        assert answers[names[column]].tolist() == expected[column].tolist()
    dates = answers[names["mydate"]].astype("object").tolist()
    assert [d for d in dates if d == d] == [
        d for d in expected["mydate"].astype("object").tolist() if d == d]


def test_values_that_spss_declares_missing_stay_visible():
    delivery = survey(SAMPLES / "basic" / "sample_missing.sav")
    check_survey(delivery)
    expected = survey(SAMPLES / "basic" / "sample_missing_user.csv").answers
    numbers = [float(cell) for cell in delivery.answers["mynum"].dropna()]
    assert numbers == [float(cell) for cell in expected["mynum"] if cell != "#NULL!"]
    assert {"-1", "2500"} <= delivery.user_missing["mynum"]
    assert delivery.user_missing["myord"] == frozenset({"-1", "-2", "-3"})
    assert delivery.value_labels["myord"]["1"] == "low"


def test_dates_of_spss_are_iso_text():
    delivery = survey(HAVEN / "datetime.sav")
    check_survey(delivery)
    assert any("outside the calendar" in problem.what for problem in delivery.repairs)


@pytest.mark.parametrize("name", ["tagged-na-double.dta", "tagged-na-int.dta"])
def test_tagged_missing_values_of_stata(name):
    delivery = survey(HAVEN / name)
    check_survey(delivery)
    assert delivery.answers.iloc[:, 0].tolist() == [
        "1", "2", "3", "4", "5", ".a", ".h", ".z"]
    assert delivery.user_missing == {delivery.answers.columns[0]: frozenset({".a", ".h", ".z"})}
    assert set(delivery.value_labels[delivery.answers.columns[0]]) >= {".a", ".z"}


def test_stata_keeps_every_tag():
    delivery = survey(SAMPLES / "missing_data" / "missing_test.dta")
    expected = by_csv_module(SAMPLES / "missing_data" / "missing_dta_formatted.csv")[1]
    cells = delivery.answers.astype("object").iloc[0].tolist()
    assert cells[:6] == ["." + tag for tag in expected[:6]]


@pytest.mark.parametrize(
    "path", under(SURVEY / "spss_stata", "*.sav", "*.zsav", "*.por", "*.dta"),
    ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_spss_and_stata_file_can_be_read(path):
    delivery = survey(path)
    check_survey(delivery)
    assert list(delivery.answers.index) == list(range(1, len(delivery.answers) + 1))


def test_a_care_survey_with_labels():
    delivery = survey(SURVEY / "efc" / "efc_labelled.sav")
    check_survey(delivery)
    assert delivery.answers.shape == (908, 26)
    book = by_csv_module(SURVEY / "efc" / "efc_codebook.csv")[1:]
    labels = {(name, value): label for name, _, value, label in book if value}
    found = {
        (name, value): label
        for name, pairs in delivery.value_labels.items() for value, label in pairs.items()}
    assert labels.items() <= found.items()
    texts = dict(zip(delivery.columns["column"], delivery.columns["text"], strict=True))
    assert all(texts[name] == text.strip() for name, text, *_ in book)


@pytest.mark.parametrize(("year", "shape"), [(2019, (259, 24)), (2020, (239, 25))])
def test_google_forms_of_two_years(year, shape):
    path = SURVEY / "dask_waves" / f"{year}-user-survey-results.csv.gz"
    delivery = survey(path)
    check_survey(delivery)
    assert delivery.source.tool == "googleforms"
    assert delivery.answers.shape == shape
    assert len(by_csv_module(path)) == shape[0] + 1


@pytest.mark.parametrize(("path", "shape"), [
    ("carpentries/20180908_post_clean.csv", (967, 41)),
    ("carpentries/data_20170701.csv", (476, 75)),
    ("jupyter_2015_ux/20160115235816-SurveyExport.csv", (1706, 37)),
    ("careless/careless_dataset.csv", (200, 50)),
    ("careless/careless_dataset2.csv", (1000, 100)),
])
def test_plain_tables(path, shape):
    delivery = survey(SURVEY / path)
    check_survey(delivery)
    assert delivery.source.tool == "table"
    assert delivery.answers.shape == shape


@pytest.mark.parametrize(
    "path", under(SURVEY / "jupyter_2015_ux" / "analysis", "*.csv"), ids=lambda path: path.name)
def test_codes_with_semicolons(path):
    delivery = survey(path)
    check_survey(delivery)
    assert delivery.source.separator == ";"
    assert delivery.answers.columns[0] == "index"


@pytest.mark.parametrize("name", ["cases123.csv", "survey456.csv", "cases456.xlsx",
                                  "survey789.xlsx", "survey789_more_data.xlsx",
                                  "survey789_replace_data.xlsx", "cases456_more_data.xlsx"])
def test_survey_files_of_qualcoder(name):
    delivery = survey(INTERVIEWS / "qualcoder-examples" / name)
    check_survey(delivery)
    assert 1 <= len(delivery.answers) <= 3


@pytest.mark.parametrize("name", ["test.mex", "test.xls"])
def test_maxqda_exchange_and_table_hold_the_same_codings(name):
    delivery = interviews(INTERVIEWS / "maxqdar" / name)
    check_interviews(delivery)
    assert delivery.source.tool == "maxqda"
    assert len(delivery.segments) == 402
    assert len(delivery.documents) == 39
    assert len(delivery.codes) == 7


def test_maxqda_counts_per_document_and_code_agree():
    exchange = interviews(INTERVIEWS / "maxqdar" / "test.mex")
    table = interviews(INTERVIEWS / "maxqdar" / "test.xls")

    def counts(delivery):
        names = delivery.documents.set_index("document")["name"]
        codes = delivery.codes.set_index("code")["name"]
        keys = zip(
            delivery.segments["document"].map(names), delivery.segments["code"].map(codes),
            strict=True)
        return pd.Series(list(keys)).value_counts().to_dict()

    assert counts(exchange) == counts(table)


@pytest.mark.parametrize("name", ["TestProject.qdpx", "Project.qde"])
def test_an_atlasti_project_without_its_sources(name):
    path = INTERVIEWS / "skyloom" / name
    delivery = interviews(path)
    check_interviews(delivery)
    assert len(delivery.codes) == 14
    assert any(problem.what.startswith("8 source(s) are not in the zip")
               for problem in delivery.repairs)
    text = path.read_bytes() if name.endswith("qde") else zipfile.ZipFile(path).read("Project.qde")
    assert text.count(b"<CodeRef ") == 16, "16 codings stand in the file"
    assert len(delivery.segments) == 14, "two are twins of a PDF selection and count once"
    assert set(delivery.segments["offset_status"]) == {"absent"}
    assert delivery.segments["coder"].notna().all()


def test_rqda_projects():
    delivery = interviews(INTERVIEWS / "igo_openness" / "OPCW.rqda")
    check_interviews(delivery)
    assert (len(delivery.documents), len(delivery.codes), len(delivery.segments)) == (16, 8, 1023)
    status = delivery.segments["offset_status"].value_counts()
    assert status["exact"] >= 1020
    assert status.get("unverified", 0) == 0


@pytest.mark.parametrize("name", ["CSP-reports-revconf.rqda", "OPCW-CSP-DG.rqda"])
def test_other_rqda_projects_are_exact(name):
    delivery = interviews(INTERVIEWS / "igo_openness" / name)
    check_interviews(delivery)
    assert set(delivery.segments["offset_status"]) == {"exact"}


def test_a_taguette_project():
    delivery = interviews(TAGUETTE / "SERDIF_P2_ThematicAnalysis.sqlite3")
    check_interviews(delivery)
    assert (len(delivery.documents), len(delivery.codes)) == (17, 22)
    assert len(delivery.segments) == 1930
    assert (delivery.segments["offset_status"] == "exact").sum() >= 1920


def test_the_taguette_project_and_its_export_agree():
    project = interviews(TAGUETTE / "SERDIF_P2_ThematicAnalysis.sqlite3")
    export = interviews(TAGUETTE / "tags" / "csv" / "all_tags_20220303.csv")
    check_interviews(export)
    names = project.codes.set_index("code")["name"]
    assert (project.segments["code"].map(names).value_counts().to_dict()
            == export.segments["code"].value_counts().to_dict())


@pytest.mark.parametrize(
    ("number", "codes"), list(enumerate((120, 80, 61, 49, 41, 25, 22))))
def test_taguette_codebooks_shrink(number, codes):
    path = next((TAGUETTE / "codebooks").glob(f"codebook_*_{number}.csv"))
    delivery = interviews(path)
    check_interviews(delivery)
    assert len(delivery.codes) == codes


@pytest.mark.parametrize(("coder", "codings"), [("a", 6), ("b", 5), ("c", 5)])
def test_dedoose_documents_of_three_coders(coder, codings):
    delivery = interviews(INTERVIEWS / "dedoose-irr-tool" / f"coder_{coder}.docx")
    check_interviews(delivery)
    assert delivery.source.tool == "dedoose"
    assert len(delivery.segments) == codings
    assert set(delivery.segments["offset_status"]) == {"exact"}


def test_a_hand_made_workbook_and_its_overlap():
    delivery = interviews(INTERVIEWS / "frattini-relf" / "interview-data.xlsx")
    check_interviews(delivery)
    assert delivery.source.tool == "handmade"
    rows = delivery.segments.groupby("coder")["row"].nunique()
    assert set(rows.index) == {"Data", "Overlap"}
    assert rows["Overlap"] == 10
    assert rows["Data"] == 83
    assert any(problem.what.startswith("25 row(s) carry no code") for problem in delivery.repairs)


def test_coded_comments_with_a_column_per_category():
    path = SURVEY / "qualtrics" / "Sample Coded Comments" / "Q5 Coded.xlsx"
    delivery = interviews(path)
    check_interviews(delivery)
    assert len(delivery.codes) == 3
    assert delivery.segments["text"].notna().all()


@pytest.mark.parametrize(
    "path", under(TAGUETTE / "tags" / "text", "*.docx"), ids=lambda path: path.name)
def test_highlights_as_a_word_document_are_those_of_the_table_of_that_day(path):
    delivery = interviews(path)
    check_interviews(delivery)
    assert delivery.source.tool == "taguette"
    table = interviews(TAGUETTE / "tags" / "csv" / f"{path.stem}.csv")
    assert len(delivery.segments) == len(table.segments)
    assert set(delivery.documents["name"]) == set(table.documents["name"])
    assert len(delivery.codes) == len(table.codes)
