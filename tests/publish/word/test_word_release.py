"""The copy for the designer, and the blocks to copy from."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest

from lostudy.errors import DocumentError
from lostudy.publish.document import release_document
from lostudy.publish.word.blocks import write_blocks
from lostudy.study import load_study
from publish.word.word_helpers import (
    W,
    check,
    document,
    edited,
    refresh,
    registry,
    soffice,
    states,
    text_of,
    xml_of,
)

ROOT = Path(__file__).parents[3]
Q = f"{{{W}}}"
TEXTS = ("In A is het {{lq2.VA.A}}.", "{{lq2.fig.levels}}", "{{lq2.tab.change}}", "{{lq2.quote.a1}}",
         "Nu {{lq2.VA.rises:begin}}groeit A tot {{lq2.VA.A:value}}{{lq2.VA.rises:eind}}.")  # fmt: skip


@pytest.fixture
def path(tmp_path: Path, records: dict, figures: Path) -> Path:
    made = document(tmp_path / "a.docx", *TEXTS)
    refresh(made, records, figures)
    newer = {**records, "lq2.VA.A": {**records["lq2.VA.A"], "value": 3.5}}
    refresh(made, newer, figures)
    refresh(made, records, figures)
    return made


def release(path: Path, records: dict, language: str = "nl") -> Path:
    target = path.with_name("b.docx")
    release_document(load_study(ROOT), path, records, target, language)
    return target


def test_controls_marks_and_our_comments_go_and_the_text_stays(path: Path, records: dict) -> None:
    before = path.read_bytes()
    target = release(path, records)
    assert path.read_bytes() == before
    body = xml_of(target)
    for kind in ("sdt", "commentReference", "commentRangeStart", "bookmarkStart"):
        assert not list(body.iter(f"{Q}{kind}")), kind
    assert text_of(target).startswith("In A is het 3,40 [3,31; 3,59].")
    assert "Nu groeit A tot 3,40." in text_of(target)
    assert not [name for name in parts_of(target) if "comments" in name]
    with zipfile.ZipFile(target) as file:
        assert b"lo:lq2" not in file.read("word/document.xml")


def parts_of(path: Path) -> list[str]:
    """Parts, and what the package says that it holds or leads to."""
    with zipfile.ZipFile(path) as file:
        listing = [name for name in file.namelist() if name.endswith((".rels", "].xml"))]
        said = [file.read(name).decode() for name in listing]
        return [*file.namelist(), *(line for text in said for line in text.split(">"))]


def test_what_people_said_in_comments_stays_with_a_note(path: Path, records: dict) -> None:
    made = docx.Document(str(path))
    run = made.paragraphs[0].add_run("!")
    made.add_comment(run, text="Klopt dit?", author="Anna")
    made.save(str(path))
    kept = docx.Document(str(release(path, records))).comments
    assert [each.text for each in kept] == ["Klopt dit?"]


def test_the_language_is_set_and_every_picture_has_words(path: Path, records: dict) -> None:
    target = release(path, records)
    langs = {each.get(f"{Q}val") for each in xml_of(target, "word/styles.xml").iter(f"{Q}lang")}
    assert langs == {"nl-NL"}
    assert all(each.get("descr") for each in xml_of(target).iter("{*}docPr"))
    english = release(path.rename(path.with_name("c.docx")), records)
    assert english


def test_an_appendix_says_where_each_finding_comes_from(path: Path, records: dict) -> None:
    made = docx.Document(str(release(path, records)))
    rows = [[cell.text for cell in row.cells] for row in made.tables[-1].rows]
    assert rows[0] == ["naam", "wat er staat", "notebook en cel"]
    assert [row[0] for row in rows[1:]] == [
        "lq2.VA.A", "lq2.VA.rises", "lq2.fig.levels", "lq2.quote.a1", "lq2.tab.change"
    ]  # fmt: skip
    assert rows[1][1] == "3,40 [3,31; 3,59]" and "20-lq2/all" in rows[1][2]
    text = "\n".join(paragraph.text for paragraph in made.paragraphs)
    assert "Herkomst van de bevindingen" in text and "Gesimuleerde gegevens" in text


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [(">3,40 [3,31; 3,59]<", ">ruim 3,4<", "bewerkt"), ("groeit A", "daalt A", "herschreven")],
)
def test_a_document_that_needs_attention_is_not_released(
    old: str, new: str, state: str, path: Path, records: dict
) -> None:
    edited(path, old, new)
    with pytest.raises(DocumentError, match=state):
        release(path, records)
    assert not path.with_name("b.docx").exists()


def test_a_withdrawn_quote_stops_a_release(path: Path, figures: Path) -> None:
    gone = registry(figures, lq2__quote__a1={"status": "withdrawn", "text_nl": "", "words": {}})
    with pytest.raises(DocumentError, match="ingetrokken"):
        release(path, gone)


def test_a_picture_without_words_stops_a_release(path: Path, records: dict) -> None:
    edited(path, 'descr="Gemiddelden. A 3,4."', 'descr=" "')
    with pytest.raises(DocumentError, match="bewerkt|alternative text"):
        release(path, records)


def test_a_release_over_the_document_itself_is_refused(path: Path, records: dict) -> None:
    with pytest.raises(DocumentError, match="a release is a copy"):
        release_document(load_study(ROOT), path, records, path)


def test_a_tagged_pdf_of_the_release_keeps_the_words_of_pictures(
    path: Path, records: dict, tmp_path: Path
) -> None:
    pdf = soffice(release(path, records), "pdf", tmp_path)
    if shutil.which("pdfinfo") is None:
        pytest.skip("pdfinfo is not installed")
    done = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, check=True)
    assert "Pages:" in done.stdout.decode()


def test_blocks_hold_every_finding_that_may_be_used(
    records: dict, figures: Path, tmp_path: Path
) -> None:
    study = load_study(ROOT)
    target = tmp_path / "bouwstenen.docx"
    count = write_blocks(study, records, figures, target, "nl")
    found = states(check(target, records))
    assert count == 7 and set(found.values()) == {"ok"}
    assert {name.partition(":")[0] for name in found} == {
        name for name, each in records.items() if each["status"] not in ("draft", "withdrawn")
    }
    text = text_of(target)
    for name in ("lq2.VA.A", "lq2.fig.levels", "lq2.quote.a1"):
        assert f"{name}" in text
    assert "Gesimuleerde gegevens" in text_of(target, "word/header1.xml")
    assert "{{" not in text


def test_blocks_of_one_question(records: dict, figures: Path, tmp_path: Path) -> None:
    target = tmp_path / "bouwstenen.docx"
    assert write_blocks(load_study(ROOT), records, figures, target, "en", "lq1") == 0
    assert "Building blocks" in text_of(target)


def test_a_block_pasted_into_another_document_is_known_there(
    records: dict, figures: Path, tmp_path: Path
) -> None:
    """A person copies a control from the blocks into an essay, as XML does it."""
    import copy

    blocks = tmp_path / "bouwstenen.docx"
    write_blocks(load_study(ROOT), records, figures, blocks, "nl")
    pasted = next(each for each in docx.Document(str(blocks)).element.body.iter(f"{Q}sdt")
                  if "lq2.quote.a1" in each[0][0].get(f"{Q}val"))  # fmt: skip
    essay = docx.Document()
    essay.add_paragraph("Iemand zei: ")._p.append(copy.deepcopy(pasted))
    essay.save(str(tmp_path / "essay.docx"))
    assert states(check(tmp_path / "essay.docx", records)) == {"lq2.quote.a1": "ok"}


def test_the_preview_of_the_first_page_does_not_leave(path: Path, records: dict) -> None:
    with zipfile.ZipFile(path) as file:
        assert "docProps/thumbnail.jpeg" in file.namelist()
    with zipfile.ZipFile(release(path, records)) as file:
        assert "docProps/thumbnail.jpeg" not in file.namelist()
        assert b"thumbnail" not in file.read("_rels/.rels")
        assert file.testzip() is None
