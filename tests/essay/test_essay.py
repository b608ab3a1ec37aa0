"""The shipped essay: every finding in it holds on the shipped data, and it claims nothing real."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest

from lostudy.findings import read_registry
from lostudy.publish.document import check_document, refresh_document
from lostudy.publish.wish import Wish

SAID = "Gesimuleerde gegevens: niets hiervan is echt gebeurd."


@pytest.fixture(scope="session")
def records(whole: Path) -> dict[str, dict]:
    return read_registry(whole / "reports")


@pytest.fixture
def essay(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole / "essay" / "essay.docx", tmp_path / "essay.docx"))


def call(whole: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lostudy.cli", *words, "--study", str(whole)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_number_figure_table_and_sentence_is_that_of_the_data(
    whole: Path, records: dict, essay: Path
) -> None:
    report = check_document(essay, records, whole / "reports")
    assert [row.line() for row in report.failing(strict=True)] == []
    used = {row.id for row in report.rows}
    assert len(used) >= 60
    kinds = {records[name]["kind"] for name in used}
    assert kinds >= {"number", "interval", "claim", "figure", "table"}


def test_numbers_in_the_text_are_those_of_the_pages_of_the_study(
    whole: Path, records: dict, essay: Path
) -> None:
    """Recomputed from the CSV files behind the figures, which the registry does not make."""
    text = "\n".join(paragraph_text(each) for each in docx.Document(str(essay)).paragraphs)
    levels = pd.read_csv(whole / "reports/10-lq1/all/figures/lq1-levels-LG.csv")
    for _, row in levels[levels["wave"] != "T1"].iterrows():
        places = 2 if row["n"] >= 50 else 1
        mean = f"{row['estimate']:.{places}f}".replace(".", ",")
        ends = "; ".join(f"{row[end]:.{places}f}".replace(".", ",") for end in ("low", "high"))
        assert f"{mean} [{ends}]" in text, row["organisation"]


def paragraph_text(paragraph: docx.text.paragraph.Paragraph) -> str:
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
    return "".join(paragraph._p.itertext(space))


def test_it_says_everywhere_that_it_is_simulated(essay: Path) -> None:
    made = docx.Document(str(essay))
    for section in made.sections:
        assert SAID in "\n".join(each.text for each in section.header.paragraphs)
    texts = [paragraph_text(each) for each in made.paragraphs]
    assert "oefenessay" in texts[1].lower() and "gesimuleerde" in texts[1]
    warning = next(text for text in texts if text.startswith("Dit is een oefenessay"))
    assert "Geen van de organisaties, medewerkers en gesprekken bestaat" in warning
    captions = [each for each in made.paragraphs if each.style.name == "Bijschrift"]
    assert len(captions) >= 7
    with zipfile.ZipFile(essay) as file:
        body = file.read("word/document.xml").decode()
    for alt in re.findall(r'<wp:docPr[^>]*descr="([^"]*)"', body):
        assert len(alt) > 40
    assert made.core_properties.comments == SAID


def test_it_never_sounds_as_if_it_were_about_real_organisations(essay: Path) -> None:
    text = "\n".join(paragraph_text(each) for each in docx.Document(str(essay)).paragraphs)
    chapters = re.split(r"\n(?=Vier verzonnen|Leren in de genen\n|De reflectieve|Overtuigingen, "
                        r"|De rol van|Uitdagingen\n|Tegenstemmen\n|Grenzen\n)", text)  # fmt: skip
    assert len(chapters) == 9
    for chapter in chapters[:-2]:
        said = re.search(r"verzonnen|gesimuleerd|zou doen|bestaan niet", chapter)
        assert said, chapter[:80]
    causal = r"\b(leidde tot|dankzij|als gevolg van|veroorzaakte|heeft gezorgd voor)\b"
    assert not re.search(causal, text)
    assert "Nederlands Jeugdinstituut" not in text and "NJi" not in text


def test_it_has_the_outline_of_the_real_thing(essay: Path) -> None:
    heads = [each.text for each in docx.Document(str(essay)).paragraphs
             if each.style.style_id == "Heading1"]  # fmt: skip
    assert heads == [
        "Inleiding", "Vier verzonnen organisaties", "Leren in de genen",
        "De reflectieve werkpraktijk", "Overtuigingen, identiteit en zingeving",
        "De rol van leiderschap", "Uitdagingen", "Tegenstemmen", "Grenzen",
        "Hoe dit essay aan zijn cijfers vastzit",
    ]  # fmt: skip


def test_a_refresh_finds_nothing_to_do(whole: Path, records: dict, essay: Path) -> None:
    before = essay.read_bytes()
    done = refresh_document(essay, records, whole / "reports", Wish())
    assert done.changes == () and essay.read_bytes() == before


def test_when_data_change_the_check_names_what_no_longer_holds(
    whole: Path, records: dict, essay: Path
) -> None:
    broken = {**records, "lq2.VA.rises": {**records["lq2.VA.rises"], "status": "broken"}}
    broken["lq1.LG.A.T0"] = {**broken["lq1.LG.A.T0"], "text_nl": "1,11 [1,00; 1,20]"}
    report = check_document(essay, broken, whole / "reports")
    found = {row.id: row.line() for row in report.failing()}
    assert set(found) == {"lq2.VA.rises", "lq1.LG.A.T0"}
    assert "In minstens twee van de vier verzonnen organisaties" in found["lq2.VA.rises"]
    assert "het is nu '1,11 [1,00; 1,20]'" in found["lq1.LG.A.T0"]


def test_the_commands_of_an_author(whole: Path, essay: Path, tmp_path: Path) -> None:
    checked = call(whole, "essay", "check", str(essay), "--strict")
    assert checked.returncode == 0, checked.stdout
    assert re.search(r"\d+ ok, \d+ unused\.", checked.stdout)
    as_json = json.loads(call(whole, "essay", "check", str(essay), "--json").stdout)
    assert as_json["counts"]["ok"] >= 100 and as_json["counts"]["stale"] == 0
    nothing = call(whole, "essay", "refresh", str(essay))
    assert nothing.returncode == 0 and "0 places written" in nothing.stdout
    target = tmp_path / "definitief.docx"
    released = call(whole, "essay", "release", str(essay), "-o", str(target))
    assert released.returncode == 0, released.stderr
    assert "lo:lq" not in zipfile.ZipFile(target).read("word/document.xml").decode()
    blocks = call(whole, "essay", "blocks", "-o", str(tmp_path / "bouwstenen.docx"))
    assert blocks.returncode == 0 and "findings. Written" in blocks.stdout


def test_exit_codes_tell_what_is_wrong(whole: Path, tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("{{lq2.VA.Z}}")
    made.save(str(tmp_path / "a.docx"))
    unknown = call(whole, "essay", "check", str(tmp_path / "a.docx"))
    assert unknown.returncode == 14 and "Bedoel je" in unknown.stdout
    (tmp_path / "b.docx").write_text("geen Word", encoding="utf-8")
    none = call(whole, "essay", "check", str(tmp_path / "b.docx"))
    assert none.returncode == 14
    assert none.stderr.startswith("error: b.docx: it is no Word document. To do: ")


def test_the_trail_of_the_essay_leads_to_the_deliveries(whole: Path, essay: Path) -> None:
    said = call(whole, "trace", str(essay))
    assert said.returncode == 0, said.stderr
    assert "bevindingen op" in said.stdout.splitlines()[0]
    assert "A/T0/survey.csv (limesurvey" in said.stdout
    found = json.loads(call(whole, "trace", str(essay), "--json").stdout)
    assert len(found["trails"]) >= 60
