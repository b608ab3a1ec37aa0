"""A document goes through LibreOffice and comes back: what it loses is found by another anchor."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest

from publish.word.word_helpers import (
    CHANGED,
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

Q = f"{{{W}}}"
TABLE = (("organisatie", "schatting", "n", "soort"), ("A", "0,40", "55", "x"), ("B", "0", "40", "y"),
         ("C", "0,1", "90", "z"))  # fmt: skip


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, figures: Path) -> Path:
    """A document with a finding of each kind in place."""
    path = document(
        tmp_path_factory.mktemp("lo") / "a.docx",
        "In A is het {{lq2.VA.A}}, dus {{lq2.VA.A:value}} bij n = {{lq2.VA.A:n}}.",
        "{{lq2.tab.change}}", "{{lq2.fig.levels}}", "{{lq2.fig.levels:caption}}",
        "{{lq2.quote.a1}}", "{{lq2.VA.rises}}",
        "Nu {{lq2.VA.rises:begin}}zegt A zelf {{lq2.VA.B:value}} en meer{{lq2.VA.rises:eind}}, dus.",
        "{{lq2.VA.Z}}",
    )  # fmt: skip
    refresh(path, registry(figures), figures)
    return path


@pytest.fixture(scope="module")
def saved(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document as LibreOffice saves it as .docx."""
    return soffice(before, "docx", tmp_path_factory.mktemp("saved"))


@pytest.fixture
def back(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(saved, tmp_path / "terug.docx"))


def test_libreoffice_takes_tags_and_keeps_titles(saved: Path) -> None:
    """What the anchors are built on; another version may differ, then this says so."""
    assert not list(xml_of(saved).iter(f"{Q}tag"))
    assert len(list(xml_of(saved).iter(f"{Q}alias"))) >= 6


def test_every_finding_is_found_again(saved: Path, records: dict) -> None:
    found = states(check(saved, records))
    assert found.pop("lq2.VA.Z") == "unknown"
    assert set(found) == {
        "lq2.VA.A", "lq2.VA.A:value", "lq2.VA.A:n", "lq2.tab.change", "lq2.tab.change:notes",
        "lq2.fig.levels", "lq2.fig.levels:caption", "lq2.quote.a1", "lq2.VA.rises",
        "lq2.VA.rises:own", "lq2.VA.B:value",
    }  # fmt: skip
    assert set(found.values()) == {"ok"}


def test_edits_between_refreshes_are_told_apart(back: Path, figures: Path) -> None:
    edited(back, ">50<", ">ruim 50<")
    gone = {"status": "withdrawn", "text_nl": "", "words": {}}
    later = registry(figures, **CHANGED, lq2__quote__a1=gone)
    later["lq2.VA.A"]["n"] = 55
    found = states(check(back, later))
    assert found["lq2.VA.A"] == "stale" and found["lq2.VA.A:n"] == "conflict"
    assert found["lq2.quote.a1"] == "withdrawn" and found["lq2.VA.Z"] == "unknown"
    refresh(back, later, figures)
    assert "In A is het 3,60 [3,40; 3,80], dus 3,60 bij n = ruim 50." in text_of(back)


def test_a_table_whose_control_was_moved_into_a_cell_grows_and_gets_it_back(
    back: Path, figures: Path
) -> None:
    later = registry(figures, lq2__tab__change={"cells": TABLE})
    refresh(back, later, figures, comments=False)
    (table,) = docx.Document(str(back)).element.body.iter(f"{Q}tbl")
    assert table.getparent().getparent().tag == f"{Q}sdt"
    rows = [["".join(t.text for t in cell.iter(f"{Q}t")) for cell in row.iter(f"{Q}tc")]
            for row in table.iter(f"{Q}tr")]  # fmt: skip
    assert rows == [list(row) for row in TABLE]
    assert len(table.find(f"{Q}tblGrid")) == 4
    bold = [cell.find(f".//{Q}rPr/{Q}b") is not None for cell in next(table.iter(f"{Q}tr"))
            if cell.tag == f"{Q}tc"]  # fmt: skip
    assert all(bold), "the look that LibreOffice dropped comes from the cell beside it"
    assert states(check(back, later))["lq2.tab.change"] == "ok"


def test_a_picture_is_renewed_in_the_width_it_has(back: Path, figures: Path) -> None:
    extents = list(xml_of(back).iter("{*}extent"))
    wide = extents[0].get("cx")
    edited(back, f'cx="{wide}"', 'cx="2000000"')
    later = registry(figures, lq2__fig__levels={"text_nl": "Andere titel"})
    assert states(check(back, later))["lq2.fig.levels"] == "stale"
    refresh(back, later, figures, comments=False)
    extent = next(xml_of(back).iter("{*}extent"))
    assert extent.get("cx") == "2000000"
    assert abs(int(extent.get("cy")) / 2_000_000 - 945 / 1890) < 0.001
    assert states(check(back, later))["lq2.fig.levels"] == "ok"


def test_an_own_sentence_is_still_guarded(back: Path, records: dict) -> None:
    edited(back, "zegt A zelf", "zegt A niet")
    assert states(check(back, records))["lq2.VA.rises:own"] == "reworded"


def test_a_refresh_after_libreoffice_is_stable(back: Path, figures: Path) -> None:
    later = registry(figures, **CHANGED)
    refresh(back, later, figures)
    before = back.read_bytes()
    assert refresh(back, later, figures).changes == ()
    assert back.read_bytes() == before


def test_a_number_goes_on_through_a_second_round(back: Path, figures: Path, tmp_path: Path) -> None:
    refresh(back, registry(figures, **CHANGED), figures)
    again = soffice(back, "docx", tmp_path / "twee")
    newest = registry(figures, lq2__VA__A={"text_nl": "3,99", "value": 3.99})
    assert states(check(again, newest))["lq2.VA.A"] == "stale"
    refresh(again, newest, figures)
    assert "In A is het 3,99, dus 3,99" in text_of(again)


def test_what_goes_through_odt_keeps_the_figure_and_the_sentence(
    before: Path, records: dict, tmp_path: Path
) -> None:
    odt = soffice(before, "odt", tmp_path)
    (tmp_path / "via").mkdir()
    found = states(check(soffice(odt, "docx", tmp_path / "via"), records))
    assert found["lq2.fig.levels"] == "ok" and "lq2.VA.rises:own" in found


def test_libreoffice_reads_what_a_refresh_wrote(
    before: Path, records: dict, figures: Path, tmp_path: Path
) -> None:
    """Renewed, with comments: as a PDF every text is there, and the picture has its words."""
    path = Path(shutil.copy(before, tmp_path / "b.docx"))
    refresh(path, registry(figures, **CHANGED), figures)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    import subprocess

    pdf = soffice(path, "pdf", tmp_path)
    words = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True)
    text = " ".join(words.stdout.decode().split())
    for piece in ("3,60 [3,40; 3,80]", "schatting", "−0,2", "we kijken nu samen terug",
                  "Verankering wijst op een stijging.", "zegt A zelf 2,50 en meer"):  # fmt: skip
        assert piece in text
