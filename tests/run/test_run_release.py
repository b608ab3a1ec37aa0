"""The gate from end to end: what passes, what is named, who must approve, what is remembered."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from run_helpers import OPEN, write_notebook

from lostudy.errors import DisclosureError, RunError
from lostudy.run import run_study
from lostudy.run.approvals import FILE, approve, code_of
from lostudy.run.release import RELEASES, Review, release, review
from lostudy.study import Study, load_study

LEVELS = "levels = lo.estimate(study, 'VA', by=['organisation', 'wave'])\nlevels"
DRAWN = "lo.plot_levels(levels)"
SPLIT = "lo.estimate(study, 'VA', by=['wave', 'role'])"
OWN = OPEN.replace("language=language)", "language=language, own=True)")


@pytest.fixture(scope="module")
def ran(cleaned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with one public notebook, run over all organisations and for A."""
    folder = tmp_path_factory.mktemp("release") / "study"
    shutil.copytree(cleaned, folder)
    write_notebook(folder / "notebooks" / "00-proof.ipynb", OPEN, LEVELS, DRAWN)
    for who in ("all", "A"):
        assert not run_study(load_study(folder), organisation=who).failed
    return folder


@pytest.fixture
def made(ran: Path, tmp_path: Path) -> Study:
    shutil.copytree(ran, tmp_path / "study")
    return load_study(tmp_path / "study")


def run_with(study: Study, *cells: str, name: str = "10-more", **options: str) -> None:
    write_notebook(study.folder / "notebooks" / f"{name}.ipynb", *cells, **options)
    assert not run_study(study, organisation="all").failed


def said(found: Review) -> str:
    return "\n".join(str(each) for each in found.problems)


def both(study: Study, found: Review) -> None:
    for name in ("Ada Lovelace", "Mary Somerville"):
        approve(study, found.content, name)


def test_what_is_clean_passes_with_two_names(made: Study, tmp_path: Path) -> None:
    found = review(made)
    assert said(found) == ""
    target = tmp_path / "published"
    with pytest.raises(DisclosureError, match="0 of two persons approved this content"):
        release(made, found, target)
    both(made, found)
    record = json.loads(release(made, found, target).read_text(encoding="utf-8"))
    assert record["approved"] == ["Ada Lovelace", "Mary Somerville"]
    assert record["policy"] == found.policy and record["content"] == found.content
    files = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert {"index.html", "findings.json", "release.json", "00-proof/all/index.html"} <= files
    assert len(files) == len(found.files) + 1
    assert not [name for name in files if name.endswith(("manifest.json", ".jsonl", ".parquet"))]
    shown = json.loads((target / "release.json").read_text(encoding="utf-8"))
    assert "approved" not in shown and shown["ledger"] == found.ledger
    assert shown["status"] == "simulated"


def test_one_person_twice_is_one(made: Study, tmp_path: Path) -> None:
    found = review(made)
    approve(made, found.content, "Ada Lovelace")
    approve(made, found.content, "ada  lovelace")
    with pytest.raises(DisclosureError, match="1 of two persons approved"):
        release(made, found, tmp_path / "published")
    assert not (tmp_path / "published").exists()


def test_an_approval_is_for_the_content_as_it_was(made: Study, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Beste lezer", encoding="utf-8")
    both(made, review(made, besides=[tmp_path / "letter.txt"]))
    (tmp_path / "letter.txt").write_text("Beste lezers", encoding="utf-8")
    with pytest.raises(DisclosureError, match="0 of two persons"):
        release(made, review(made, besides=[tmp_path / "letter.txt"]), tmp_path / "published")


def planted_table(reports: Path) -> str:
    """A small table that no search recognises as one about persons."""
    (reports / "00-proof" / "all" / "leaders.csv").write_text("team,n,mean\nB2,2,3.5\n")
    return "00-proof/all/leaders.csv"


def planted_on_top(reports: Path) -> str:
    (reports / "scores.txt").write_text("B2: 3 and 4")
    return "scores.txt"


def changed_number(reports: Path) -> str:
    text = (reports / "findings.json").read_text(encoding="utf-8")
    (reports / "findings.json").write_text(text + " ", encoding="utf-8")
    return "findings.json"


def changed_row(reports: Path) -> str:
    path = sorted((reports / "00-proof" / "all" / "figures").glob("*.csv"))[0]
    path.write_text(path.read_text(encoding="utf-8") + "B,T0,2,3.5\n", encoding="utf-8")
    return path.relative_to(reports).as_posix()


@pytest.mark.parametrize("plant", [planted_table, planted_on_top, changed_number, changed_row])
def test_only_what_the_run_made_leaves_and_a_run_makes_it_again(made: Study, plant) -> None:
    name = plant(made.folder / "reports")
    assert f"{name}: this file is not as the run made it" in said(review(made))
    assert not run_study(made, organisation="all").failed
    assert said(review(made)) == ""


def test_a_run_of_something_else_does_not_make_a_changed_file_its_own(made: Study) -> None:
    name = planted_table(made.folder / "reports")
    write_notebook(made.folder / "notebooks" / "20-other.ipynb", OPEN)
    found = run_study(made, organisation="A")
    assert [outcome.job.name for outcome in found.ran] == ["20-other/A"]
    assert name in said(review(made))


def test_a_page_that_is_lost_holds_everything_back(made: Study) -> None:
    pages = sorted((made.folder / "data" / "ledger" / "current").rglob("*.parquet"))
    pages[0].unlink()
    job = "/".join(pages[0].parts[-3:-1])
    assert f"{job}: what was written down of this report" in said(review(made))
    assert not run_study(made, organisation=job.partition("/")[2]).failed
    assert said(review(made)) == ""


def test_an_earlier_release_that_is_lost_holds_everything_back(made: Study, tmp_path) -> None:
    found = review(made)
    both(made, found)
    kept = release(made, found, tmp_path / "published").parent
    assert said(review(made)) == ""
    kept.rename(tmp_path / "away")
    assert "what the ledger keeps of this release is gone" in said(review(made))
    (tmp_path / "away").rename(kept)
    (kept / "record.json").write_text("{}", encoding="utf-8")
    assert "what the ledger keeps of this release is gone" in said(review(made))


def test_an_approval_needs_a_name_and_an_exception_a_reason(made: Study) -> None:
    with pytest.raises(DisclosureError, match="without first and last name"):
        approve(made, "0" * 16, "Ada")
    with pytest.raises(DisclosureError, match="an exception without a reason"):
        approve(made, "0" * 8, "Ada Lovelace", "why not")


def test_nothing_is_written_over(made: Study, tmp_path: Path) -> None:
    found = review(made)
    both(made, found)
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(DisclosureError, match="the folder to release to is not empty"):
        release(made, found, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name != "study"] == ["kept.txt"]


def test_leaders_over_all_are_named_with_what_mends_it(made: Study) -> None:
    """Enough leaders in all, few in each organisation: three together know the fourth."""
    run_with(made, OPEN, SPLIT)
    found = review(made)
    assert "who knows the other organisations learns of" in said(found)
    assert 'withhold "levels: scale=VA, wave=T' in said(found)
    assert all(each.rule == "D6" for each in found.problems)
    names = {name for each in found.problems for name in each.cure.split('"')[1::2]}
    toml = made.folder / "study.toml"
    lines = ", ".join(f'"{name}"' for name in sorted(names))
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("[disclosure]", f"[disclosure]\nwithheld = [{lines}]", 1), "utf-8")
    mended = load_study(made.folder)
    for who in ("all", "A"):
        assert not run_study(mended, organisation=who).failed
    assert said(review(mended)) == ""


def test_a_problem_is_accepted_by_two_with_a_reason(made: Study, tmp_path: Path) -> None:
    run_with(made, OPEN, SPLIT)
    found = review(made)
    reason = "Alle leidinggevenden stemden in met deze tabel."
    for problem in found.problems:
        approve(made, code_of(problem), "Ada Lovelace", reason)
    assert len(review(made).problems) == len(found.problems), "one person accepts nothing"
    for problem in found.problems:
        approve(made, code_of(problem), "Mary Somerville", reason)
    accepted = review(made)
    assert accepted.problems == () and len(accepted.waived) == len(found.problems)
    both(made, accepted)
    record = json.loads(release(made, accepted, tmp_path / "p").read_text(encoding="utf-8"))
    assert record["exceptions"] == [reason] * len(found.problems)


def test_an_earlier_release_counts_against_the_next(made: Study, tmp_path: Path) -> None:
    """Six records fewer than at the last release: the two means are those persons' answers."""
    found = review(made)
    both(made, found)
    release(made, found, tmp_path / "first")
    assert said(review(made)) == "", "the same again tells nothing new"
    path = made.folder / "data" / "raw" / "A" / "T0" / "survey.csv"
    path.write_bytes(path.read_bytes().rstrip().rsplit(b"\n", 6)[0] + b"\n")
    for who in ("all", "A"):
        assert not run_study(made, organisation=who).failed
    problems = said(review(made))
    assert "of A about VA, from: " in problems and RELEASES in problems
    assert "levels: scale=VA, organisation=A, wave=T0 (00-proof/" in problems
    assert " of  about" not in problems, "who left the data since has an organisation"


def test_a_name_in_a_notebook_stops_the_release(made: Study, tmp_path: Path) -> None:
    """A real name from the private list, in prose that a researcher wrote."""
    names = tmp_path / "names.csv"
    names.write_text("kind,text\norganisation,Stichting Zonnedauw\n", encoding="utf-8")
    run_with(made, OPEN, LEVELS, prose="# Bij Stichting Zonnedauw")
    assert said(review(made)) == ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOSTUDY_NAMES", str(names))
        problems = said(review(made))
    assert "10-more/all/index.html: it holds the name of an organisation" in problems
    assert "Zonnedauw" not in problems


def test_words_of_a_conversation_in_a_notebook_stop_the_release(made: Study) -> None:
    segments = pd.read_parquet(made.folder / "data" / "processed" / "A" / "segments.parquet")
    quote = max(segments["text"].dropna(), key=len)
    run_with(made, OPEN, LEVELS, prose=f"# Iemand zei: {quote}")
    assert "it holds words of a person" in said(review(made))
    assert quote not in said(review(made))


def test_reports_cannot_clear_the_words_that_stand_in_them(made: Study) -> None:
    """A quote that findings call checked, of a passage that nobody chose, read or released."""
    segments = pd.read_parquet(made.folder / "data" / "processed" / "A" / "segments.parquet")
    quote = max(segments["text"].dropna(), key=len)
    path = made.folder / "reports" / "findings.json"
    findings = json.loads(path.read_text(encoding="utf-8"))
    more = {"kind": "quote", "status": "checked", "text_nl": quote, "text_en": "", "id": "q.x"}
    path.write_text(json.dumps([*findings, {**findings[0], **more}]), encoding="utf-8")
    found = said(review(made))
    assert "findings.json: it holds words of a person" in found and quote not in found


def test_a_stray_file_in_reports_stops_the_release(made: Study) -> None:
    table = made.folder / "data" / "processed" / "A" / "responses.parquet"
    (made.folder / "reports" / "rows.parquet").write_bytes(table.read_bytes())
    assert "rows.parquet: files of this kind do not leave" in said(review(made))


def test_reports_that_are_not_up_to_date_are_not_released(made: Study) -> None:
    write_notebook(made.folder / "notebooks" / "00-proof.ipynb", OPEN, LEVELS)
    assert "00-proof/all: this report is not up to date" in said(review(made))


def test_reports_whose_claims_were_not_written_down_are_not_released(made: Study) -> None:
    shutil.rmtree(made.folder / "data" / "ledger")
    assert "what this report tells of persons was not written down" in said(review(made))


def test_without_reports_there_is_nothing_to_release(study: Study) -> None:
    with pytest.raises(RunError, match="there are no reports yet"):
        review(study)


def test_an_own_report_is_for_its_organisation_only(made: Study, tmp_path: Path) -> None:
    beside = "lo.beside_others(study, ['VA', 'RP'])"
    write_notebook(made.folder / "notebooks" / "50-own.ipynb", OWN, beside)
    for who in ("all", "B"):
        assert not run_study(made, organisation=who).failed
    reports = made.folder / "reports"
    assert sorted(path.name for path in (reports / "50-own").iterdir()) == ["B"]
    assert "50-own" not in (reports / "index.html").read_text(encoding="utf-8")
    public, own = review(made), review(made, "B")
    assert not [name for name, _ in public.files if "50-own" in name]
    assert {name.split("/")[1] for name, _ in own.files} == {"B"}
    assert said(own) == said(public) == ""
    both(made, own)
    record = release(made, own, tmp_path / "B")
    pages = {path.parent.name for path in record.parent.glob("*/*/*.parquet")}
    assert pages == {"B"} and record.parent.name.endswith("-B")


def test_an_own_threshold_in_a_public_notebook_is_refused(made: Study) -> None:
    write_notebook(made.folder / "notebooks" / "10-more.ipynb", OWN, LEVELS)
    failed = run_study(made, organisation="A").failed
    assert [each.job.name for each in failed] == ["10-more/A"]
    assert failed[0].said.startswith(
        "the own threshold of an organisation, in a report that others"
    )


def test_the_names_stand_under_data_and_nowhere_else(made: Study, tmp_path: Path) -> None:
    found = review(made)
    both(made, found)
    release(made, found, tmp_path / "published")
    with (made.folder / FILE).open(encoding="utf-8") as file:
        assert {row["name"] for row in csv.DictReader(file)} == {"Ada Lovelace", "Mary Somerville"}
    texts = b"".join(path.read_bytes() for path in (tmp_path / "published").rglob("*.*"))
    assert b"Lovelace" not in texts
