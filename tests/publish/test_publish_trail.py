"""From a name, a stray picture or a document back to the deliveries; and what a deposit holds."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lostudy.errors import DocumentError, StudyError
from lostudy.findings import read_registry
from lostudy.publish.deposit import crate_of
from lostudy.publish.exports import write_exports
from lostudy.publish.provenance import read_provenance
from lostudy.publish.trail import trail_of
from lostudy.study import Study, load_study

FIGURE = "20-lq2/all/figures/lq2-levels-VA"


@pytest.fixture(scope="module")
def study(whole: Path) -> Study:
    return load_study(whole)


@pytest.fixture(scope="module")
def records(whole: Path) -> dict[str, dict]:
    return read_registry(whole / "reports")


def test_a_number_leads_to_its_cell_tables_and_raw_files(study: Study) -> None:
    found = trail_of(study, "lq2.change.VA.A")
    (trail,) = found.trails
    assert (trail.notebook, trail.parameters["organisation"]) == ("20-lq2/all", "all")
    notebook = json.loads((study.folder / "reports/20-lq2/all/notebook.ipynb").read_text("utf-8"))
    cell = next(each for each in notebook["cells"] if each["id"] == trail.cell)
    assert "lo.numbers" in "".join(cell["source"])
    assert set(trail.tables) == {"A", "B", "C", "D"}
    assert all(then == now for then, now in trail.tables.values())
    files = {each.file: each for each in trail.deliveries}
    raw = study.folder / "data" / "raw"
    for name, each in files.items():
        if (raw / name).is_file():
            assert each.sha256 == hashlib.sha256((raw / name).read_bytes()).hexdigest()
    assert files["A/T0/survey.csv"].tool == "limesurvey" and files["A/T0/survey.csv"].steps
    text = found.as_text()
    for piece in ("+0,35", "20-lq2/all", trail.plan, "A/T0/survey.csv", "lostudy 0.1.0"):
        assert piece in text
    assert json.loads(found.as_json())["trails"][0]["id"] == "lq2.change.VA.A"


def test_a_beginning_of_names_gives_several(study: Study) -> None:
    found = trail_of(study, "lq2.change.VA")
    assert [each.id for each in found.trails] == [f"lq2.change.VA.{name}" for name in "ABCD"]
    assert found.as_text().count("A/T0/survey.csv") == 1
    with pytest.raises(StudyError, match="near: "):
        trail_of(study, "lq2.change.VX")


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_stray_picture_knows_where_it_comes_from(
    ending: str, study: Study, tmp_path: Path
) -> None:
    stray = tmp_path / f"plaatje1.{ending}"
    shutil.copy(study.folder / "reports" / f"{FIGURE}.{ending}", stray)
    facts = read_provenance(stray)
    assert facts is not None and facts["id"] == "lq2.fig.levels.VA"
    assert facts["status"] == "simulated" and facts["plan"] and facts["tables"]
    found = trail_of(study, str(stray))
    assert found.remarks == () and found.trails[0].id == "lq2.fig.levels.VA"


def altered(path: Path) -> None:
    """Somebody paints in it; the record stays, as image programs leave it."""
    picture = Image.open(path).convert("RGB")
    facts = PngInfo()
    facts.add_itxt("lostudy", Image.open(path).text["lostudy"])  # type: ignore[attr-defined]
    picture.putpixel((9, 9), (255, 0, 0))
    picture.save(path, pnginfo=facts)


def test_a_picture_altered_by_hand_is_told(study: Study, tmp_path: Path) -> None:
    stray = tmp_path / "a.png"
    shutil.copy(study.folder / "reports" / f"{FIGURE}.png", stray)
    altered(stray)
    found = trail_of(study, str(stray))
    assert "niet gelijk aan dat van lq2.fig.levels.VA" in found.remarks[0]


def test_an_older_picture_of_another_study_and_one_that_went(study: Study, tmp_path: Path) -> None:
    source = (study.folder / "reports" / f"{FIGURE}.svg").read_text(encoding="utf-8")
    facts = read_provenance(study.folder / "reports" / f"{FIGURE}.svg")
    assert facts is not None
    cases = {
        "ouder": (facts["evidence"][0], "0" * 16, "is een oudere"),
        "ander": ("lerende-organisaties", "andere-studie", "komt uit een andere studie"),
        "weg": ("lq2.fig.levels.VA", "lq2.fig.levels.XX", "staat niet meer in de rapporten"),
    }
    for name, (old, new, said) in cases.items():
        path = tmp_path / f"{name}.svg"
        path.write_text(source.replace(old, new), encoding="utf-8")
        assert any(said in each for each in trail_of(study, str(path)).remarks), name


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_pictures_without_a_record_and_broken_ones(
    ending: str, study: Study, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"geen plaatje")
    with pytest.raises(DocumentError, match=f"it is no whole {ending.upper()}"):
        trail_of(study, str(path))
    whole = (study.folder / "reports" / f"{FIGURE}.{ending}").read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if ending != "pdf" else whole[:200])
    try:
        read_provenance(path)
    except DocumentError as error:
        assert "a." in str(error)
    bare = {"png": lambda: Image.new("RGB", (9, 9)).save(path),
            "svg": lambda: path.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
            "pdf": lambda: path.write_bytes(b"%PDF-1.4\n%%EOF")}  # fmt: skip
    bare[ending]()
    with pytest.raises(DocumentError, match="it carries no record of where it comes from"):
        trail_of(study, str(path))


def test_tables_that_changed_since_are_told(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(whole, folder)
    for path in (folder / "data/processed/A").glob("segments.parquet"):
        pd.read_parquet(path).iloc[:-1].to_parquet(path)
    (trail,) = trail_of(load_study(folder), "lq2.change.VA.A").trails
    assert trail.tables["A"][0] != trail.tables["A"][1]
    assert trail.tables["B"][0] == trail.tables["B"][1]
    assert any("tabellen zijn sindsdien veranderd" in each for each in trail.remarks)


def test_the_crate_describes_each_run_and_every_file_it_names_is_there(whole: Path) -> None:
    reports = whole / "reports"
    crate = json.loads((reports / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    graph = {each["@id"]: each for each in crate["@graph"]}
    assert len(graph) == len(crate["@graph"]), "each thing once"
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    for field in ("name", "description", "datePublished", "license", "hasPart", "mentions"):
        assert graph["./"][field]
    runs = [each for each in graph.values() if each["@type"] == "CreateAction"]
    assert len(runs) == len(list((whole / "notebooks").glob("*.ipynb"))) - 1, "own reports apart"
    for run in runs:
        for role in ("instrument", "object", "result"):
            targets = run[role] if isinstance(run[role], list) else [run[role]]
            assert targets and all(each["@id"] in graph for each in targets), run["@id"]
    for each in (each for each in graph.values() if each["@type"] == "File"):
        content = (reports / each["@id"]).read_bytes()
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
    assert not [key for key in graph if "raw" in key or "findings" in key]


def test_pages_that_show_quotes_never_enter_the_crate(
    study: Study, records: dict, whole: Path
) -> None:
    quote = {**records["lq2.VA.rises"], "id": "lq2.quote.a1", "kind": "quote", "status": "checked",
             "notebook": "20-lq2/all", "text_nl": "dit heeft iemand gezegd"}  # fmt: skip
    crate = crate_of(study, whole / "reports", [*records.values(), quote], "nl")
    text = json.dumps(crate, ensure_ascii=False)
    assert "dit heeft iemand gezegd" not in text
    names = {each["@id"] for each in crate["@graph"]}
    assert "20-lq2/all/notebook.ipynb" not in names and "10-lq1/all/notebook.ipynb" in names


def test_checklists_are_filled_with_what_is_known_and_show_the_gaps(whole: Path) -> None:
    text = (whole / "reports" / "checklists.html").read_text(encoding="utf-8")
    for name, items in {"CROSS": 19, "COREQ": 32, "SRQR": 21, "GRAMMS": 6}.items():
        found = re.search(rf"<h2>{name}</h2>\n<p class=\"meta\">(\d+) van {items} ingevuld", text)
        assert found and 2 <= int(found[1]) < items
    assert "nog te schrijven" in text and "A T0: 65" in text and "31 gesprekken" in text


def test_the_citation_file_leaves_the_authors_to_be_filled_in(whole: Path) -> None:
    text = (whole / "reports" / "CITATION.cff").read_text(encoding="utf-8")
    assert text.startswith("cff-version: 1.2.0\n") and "nog in te vullen" in text
    assert "Gesimuleerde gegevens" in text


def test_findings_for_latex_and_yaml(records: dict, tmp_path: Path) -> None:
    draft = {**records["lq2.VA.rises"], "id": "lq2.draft", "status": "broken"}
    write_exports(tmp_path, [*records.values(), draft], "nl")
    tex = (tmp_path / "findings.tex").read_text(encoding="utf-8")
    assert r"\expandafter\def\csname finding:lq2.VA.A.T2\endcsname{" in tex
    assert "lq2.draft" not in tex, "a sentence that does not hold is not given out"
    pairs = dict(
        json.loads(f"[{line.replace(': ', ', ', 1)}]")
        for line in (tmp_path / "findings.yml").read_text(encoding="utf-8").splitlines()
    )
    assert pairs["lq2.VA.A.T2"] == records["lq2.VA.A.T2"]["text_nl"]
    assert pairs["lq2.change.VA.A:abs"].startswith("0,")


def test_tables_stand_beside_the_reports_in_each_form(whole: Path, records: dict) -> None:
    record = records["lq2.tab.change"]
    assert set(record["files"]) == {"csv", "html", "tex"}
    place = whole / "reports" / record["files"]["csv"]
    rows = list(csv.reader(place.open(encoding="utf-8", newline=""), delimiter=";"))
    assert rows[: len(record["cells"])] == record["cells"]


def test_the_registry_stays_deterministic(whole: Path) -> None:
    """Written again from the same runs, the registry, page and crate are the same bytes."""
    names = ("findings.json", "index.html", "ro-crate-metadata.json", "checklists.html")
    before = {name: (whole / "reports" / name).read_bytes() for name in names}
    command = [sys.executable, "-m", "lostudy.cli", "run", "--study", str(whole)]
    command += ["--organisation", "all", "--question", "lq3", "--force"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert {name: (whole / "reports" / name).read_bytes() for name in names} == before
