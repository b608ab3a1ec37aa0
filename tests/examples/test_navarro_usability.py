"""A mixed study of the same people: the public files, read by other means, are the answer key.

The public files stand at ../shared/real from the project's root; where they are absent the tests
are skipped, visibly.
"""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

import lostudy as lo
from lostudy.cleaning import Cleaned
from lostudy.disclosure.voices import band

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "navarro-usability"
RAW = ROOT.parent / "shared" / "real" / "interviews" / "navarro-taguette"
PROJECT = RAW / "transcripts" / "thematic-analysis" / "SERDIF_P2_ThematicAnalysis.sqlite3"

pytestmark = pytest.mark.skipif(
    not RAW.is_dir(), reason="the public files of the usability study are not here"
)


def sessions_with(*tags: int) -> int:
    """How many documents have one of these tags, by SQL on the project itself."""
    connection = sqlite3.connect(PROJECT.resolve().as_uri() + "?immutable=1", uri=True)
    query = (
        "select count(distinct h.document_id) from highlights h join highlight_tags t "
        f"on t.highlight_id = h.id where t.tag_id in ({', '.join(map(str, tags))})"
    )
    try:
        return int(connection.execute(query).fetchone()[0])
    finally:
        connection.close()


def scores() -> pd.DataFrame:
    """Person by statement of the second phase, by the csv module."""
    path = RAW / "PSSUQ" / "scores" / "SERDIF_PSSUQ_P2.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return pd.DataFrame({row[1]: [float(each or "nan") for each in row[2::2]] for row in rows}).T


@pytest.mark.parametrize(("code", "tags"), [
    ("NAVIGATION", (22,)), ("QUERY", (13, 15, 17)), ("VISUAL", (10, 18)), ("METADATA", (19, 20)),
    ("HELP", (1,)), ("EXPORT", (4, 9)),
])  # fmt: skip
def test_sessions_of_a_code_are_those_of_its_tags(
    code: str, tags: tuple[int, ...], cleaned: dict[str, Cleaned]
) -> None:
    segments = cleaned["PH2"].tables["segments"]
    assert segments.loc[segments["code"] == code, "interview"].nunique() == sessions_with(*tags)


def test_every_passage_is_there_or_went_up_in_another(cleaned: dict[str, Cleaned]) -> None:
    tables = cleaned["PH2"].tables
    merged = (tables["cleaning_log"]["change"] == "merged").sum()
    assert len(tables["segments"]) + merged == 1930
    assert len(tables["interviews"]) == 17
    readme = (EXAMPLE / "README.md").read_text("utf-8")
    assert f"{len(tables['segments']):,} are left" in " ".join(readme.split())


def test_scores_and_tasks_are_those_of_the_public_tables(cleaned: dict[str, Cleaned]) -> None:
    responses = cleaned["PH2"].tables["responses"]
    items = [f"q{number:02d}" for number in range(1, 20)]
    assert responses[items].mean().tolist() == pytest.approx(scores().mean().tolist())
    text = (RAW / "tasks" / "completion" / "taskSuccess.csv").read_bytes().decode("utf-16")
    totals = [int(row[-1]) for row in csv.reader(text.splitlines()) if row[0].startswith("T")
              and row[0] != "Total" and row[-1].isdigit()]
    assert int(responses["tasks"].sum()) == sum(totals)
    assert len(cleaned["PH1"].tables["responses"]) == 10


def test_nothing_that_people_said_or_wrote_stands_in_the_example() -> None:
    said = pd.read_sql_query(
        "select snippet from highlights", sqlite3.connect(
            PROJECT.resolve().as_uri() + "?immutable=1", uri=True))["snippet"]
    words = {text for text in said if len(text) > 40}
    assert len(words) > 500
    files = [path for path in EXAMPLE.rglob("*") if path.suffix in (".md", ".py", ".csv", ".ipynb",
                                                                   ".toml")]
    for path in files:
        content = path.read_text("utf-8")
        assert not any(text[:60] in content for text in words)


def test_the_study_runs_and_tells_silence_from_not_asked(opened: Path) -> None:
    view = lo.open_study().question("lq1")
    voices = lo.code_counts(view).table.set_index(["code", "organisation"])
    for code, tags in (("NAVIGATION", (22,)), ("HOME", (2,)), ("HELP", (1,))):
        assert voices.loc[(code, "PH2"), "band"] == band(sessions_with(*tags), 17)
        assert voices.loc[(code, "PH1"), "hidden"] == "absent", "not asked is no silence"
    assert voices["k"].isna().all(), "over all it would be exactly the number of one phase"
    assert voices.loc[("NAVIGATION", "PH2"), "valence"] == "works_not"
    ease = lo.estimate(view, by=["organisation"]).table.set_index("organisation")
    mine = scores().iloc[:, :8].mean(axis=1).mean()
    assert ease.loc["PH2", "estimate"] == pytest.approx(mine, abs=0.05)


def test_a_group_without_a_single_interview_has_a_report_of_its_own(opened: Path) -> None:
    voices = lo.code_counts(lo.open_study(organisation="PH1").question("lq1"))
    assert set(voices.table["hidden"]) == {"absent"}
    assert lo.plot_codes(voices) is not None
