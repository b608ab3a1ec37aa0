"""What is written is what the standard allows: order of elements, links, numbers, pictures, names.

Where a folder of the ISO/IEC 29500 schemas is given in LOSTUDY_OOXML_SCHEMAS (wml.xsd and what it
imports), the body is validated against it too; the schemas are not ours to ship.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from lxml import etree

from lostudy.publish.word.names import TR
from lostudy.publish.word.table import GRID, new_table, set_rows
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
    xml_of,
)

Q = f"{{{W}}}"
ORDER = {
    "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex "
             "equation comboBox date docPartObj docPartList dropDownList picture richText text",
    "sdt": "sdtPr sdtEndPr sdtContent",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
             "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tr": "tblPrEx trPr tc",
    "tc": "tcPr p tbl sdt",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
           "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
           "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
           "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
           "rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
           "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
           "effect bdr shd fitText vertAlign rtl cs em lang",
    "comment": "p",
}  # fmt: skip
MUST = {"sdt": ["sdtContent"], "tc": ["p"], "tbl": ["tblPr", "tblGrid"]}


def disorder(root: etree._Element) -> list[str]:
    """Elements whose children stand in another order than the standard has."""
    wrong = []
    for each in root.iter():
        kind = str(each.tag).removeprefix(Q)
        order = ORDER.get(kind, "").split()
        if not order:
            continue
        children = [str(child.tag).removeprefix(Q) for child in each]
        known = [order.index(child) for child in children if child in order]
        if kind not in ("tc",) and known != sorted(known):
            wrong.append(f"{kind}: {' '.join(children)}")
        wrong += [
            f"{kind} without {child}" for child in MUST.get(kind, []) if child not in children
        ]
        if kind == "tc" and children[-1] != "p":
            wrong.append("a cell that does not end with a paragraph")
    return wrong


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory, figures: Path) -> Path:
    """A document with every kind in body, header, cell; refreshed twice, with comments."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "kop {{lq2.VA.A:n}} {{lq2.fig.levels}}"
    for text in ("{{lq2.VA.A}}", "{{lq2.fig.levels}}", "{{lq2.tab.change}}", "{{lq2.VA.rises}}",
                 "{{lq2.VA.rises:begin}}zelf {{lq2.VA.A:value}}{{lq2.VA.rises:eind}}"):  # fmt: skip
        made.add_paragraph(text)
    made.add_table(1, 2).rows[0].cells[1].text = "{{lq2.tab.change}}"
    path = tmp_path_factory.mktemp("all") / "a.docx"
    made.save(str(path))
    refresh(path, registry(figures), figures)
    refresh(path, registry(figures, **CHANGED), figures)
    return path


def xml_parts(path: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(path) as file:
        return {name: etree.fromstring(file.read(name)) for name in file.namelist()
                if name.endswith((".xml", ".rels"))}  # fmt: skip


def test_children_stand_in_the_order_of_the_standard(everything: Path) -> None:
    for name, root in xml_parts(everything).items():
        if name.startswith("word/") and not name.endswith(".rels"):
            assert disorder(root) == [], name


def test_the_lint_sees_disorder() -> None:
    xml = f'<w:sdt xmlns:w="{W}"><w:sdtPr><w:id/><w:alias/></w:sdtPr></w:sdt>'
    assert disorder(etree.fromstring(xml)) == ["sdt without sdtContent", "sdtPr: id alias"]


def test_controls_of_libreoffice_are_put_in_order_when_the_document_is_saved(
    everything: Path, figures: Path, tmp_path: Path
) -> None:
    path = soffice(everything, "docx", tmp_path)
    assert any("sdtPr" in each for each in disorder(xml_of(path)))
    newer = registry(figures, lq2__VA__A={"text_nl": "3,99", "value": 3.99})
    refresh(path, newer, figures)
    assert not [each for each in disorder(xml_of(path)) if each.startswith("sdt")]


def test_every_link_leads_to_a_part_and_every_part_has_a_type(everything: Path) -> None:
    parts = xml_parts(everything)
    names = set(zipfile.ZipFile(everything).namelist())
    for name, root in parts.items():
        if not name.endswith(".rels"):
            continue
        home = posixpath.dirname(posixpath.dirname(name))
        ids = [each.get("Id") for each in root]
        assert len(ids) == len(set(ids))
        for each in root:
            if each.get("TargetMode") != "External":
                target = each.get("Target")
                place = posixpath.normpath(posixpath.join(home, target)).lstrip("/")
                assert place in names, target
    types = parts["[Content_Types].xml"]
    endings = {each.get("Extension") for each in types if each.get("Extension")}
    own = {each.get("PartName").lstrip("/") for each in types if each.get("PartName")}
    for name in names - {"[Content_Types].xml"}:
        assert name in own or name.rsplit(".", 1)[-1] in endings, name


def test_every_relation_that_is_used_exists(everything: Path) -> None:
    parts = xml_parts(everything)
    for name in ("word/document.xml", "word/header1.xml"):
        rels = parts[f"word/_rels/{posixpath.basename(name)}.rels"]
        known = {each.get("Id") for each in rels}
        used = {value for each in parts[name].iter() for key, value in each.attrib.items()
                if "officeDocument/2006/relationships" in key}  # fmt: skip
        assert used <= known, name


def test_numbers_of_drawings_controls_comments_and_bookmarks_are_unique(everything: Path) -> None:
    body = xml_parts(everything)["word/document.xml"]
    for path in ("{*}docPr", f"{Q}sdtPr/{Q}id", f"{Q}commentRangeStart", f"{Q}bookmarkStart"):
        numbers = [each.get("id") or each.get(f"{Q}val") or each.get(f"{Q}id")
                   for each in body.iterfind(f".//{path}")]  # fmt: skip
        assert numbers and len(numbers) == len(set(numbers)), path


def test_each_comment_has_a_start_an_end_and_a_reference(everything: Path) -> None:
    parts = xml_parts(everything)
    numbers = {each.get(f"{Q}id") for each in parts["word/comments.xml"]}
    assert numbers
    for kind in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        found = [each.get(f"{Q}id") for each in parts["word/document.xml"].iter(f"{Q}{kind}")]
        assert sorted(found) == sorted(numbers)
    assert "commentReference" not in etree.tostring(parts["word/header1.xml"]).decode()


def test_the_body_is_valid_against_the_schema(everything: Path) -> None:
    folder = os.environ.get("LOSTUDY_OOXML_SCHEMAS")
    if not folder:
        pytest.skip("LOSTUDY_OOXML_SCHEMAS names no folder with wml.xsd")
    schema = etree.XMLSchema(etree.parse(str(Path(folder) / "wml.xsd")))
    root = xml_of(everything)
    root.attrib.pop("{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable", None)
    assert schema.validate(root), schema.error_log


OURS = ("/word/document.xml", "/word/comments.xml", "/word/footnotes.xml", "/word/header1.xml")


def test_another_validator_finds_nothing_in_what_was_written(everything: Path) -> None:
    """The rules of the Open XML SDK, in Python: the parts that a refresh writes break none."""
    from openxml_audit import OpenXmlValidator

    found = OpenXmlValidator().validate(str(everything)).errors
    told = [(str(each.part_uri), each.description) for each in found]
    assert [each for each in told if each[0] in OURS] == []


def test_a_picture_is_a_png_with_the_svg_beside_it_and_real_words(everything: Path) -> None:
    body = xml_of(everything)
    drawing = next(body.iter(f"{Q}drawing"))
    properties = next(drawing.iter("{*}docPr"))
    assert properties.get("descr") == "Gemiddelden. A 3,4."
    assert properties.get("name").startswith("lo:lq2.fig.levels#")
    blip, svg = next(drawing.iter("{*}blip")), next(drawing.iter("{*}svgBlip"))
    rels = {each.get("Id"): each.get("Target") for each in
            xml_parts(everything)["word/_rels/document.xml.rels"]}  # fmt: skip
    key = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
    assert rels[blip.get(key)].endswith(".png") and rels[svg.get(key)].endswith(".svg")
    extent = next(drawing.iter("{*}extent"))
    assert abs(int(extent.get("cx")) / 36000 - 152.4) < 0.2, "the width of the text: 6 inches"
    assert abs(int(extent.get("cx")) / int(extent.get("cy")) - 2) < 0.001


def test_the_same_picture_in_two_places_is_stored_once(everything: Path) -> None:
    names = [each for each in zipfile.ZipFile(everything).namelist() if "media/" in each]
    assert len(names) == 2, names


def test_pandoc_reads_the_picture_and_its_words(everything: Path) -> None:
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    done = subprocess.run(
        ["pandoc", "-t", "markdown", str(everything)], capture_output=True, check=True
    )
    text = done.stdout.decode()
    assert "![Gemiddelden. A 3,4.](media/lo-" in text.replace("\n", " ")


def test_the_picture_is_as_wide_as_it_was_drawn_where_there_is_room(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    made = docx.Document()
    made.sections[0].page_width = docx.shared.Mm(210)
    made.sections[0].left_margin = made.sections[0].right_margin = docx.shared.Mm(25)
    made.add_paragraph("{{lq2.fig.levels}}")
    path = tmp_path / "a.docx"
    made.save(str(path))
    refresh(path, records, figures)
    assert abs(int(next(xml_of(path).iter("{*}extent")).get("cx")) / 36000 - 160) < 0.1


def test_alternative_text_by_hand_stays_and_is_told(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.fig.levels}}")
    refresh(path, records, figures)
    edited(path, 'descr="Gemiddelden. A 3,4."', 'descr="Mijn woorden."')
    assert states(check(path, records)) == {"lq2.fig.levels": "edited"}
    newer = registry(figures, lq2__fig__levels={"text_nl": "Nieuwe titel"})
    refresh(path, newer, figures, comments=False)
    drawing = next(xml_of(path).iter("{*}docPr"))
    assert drawing.get("descr") == "Mijn woorden."
    row = check(path, newer).rows[0]
    assert row.state == "edited" and "alternatieve tekst" in row.note


def test_alternative_text_by_hand_can_be_accepted_as_that_of_this_figure(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.fig.levels}}")
    refresh(path, records, figures)
    edited(path, 'descr="Gemiddelden. A 3,4."', 'descr="Mijn woorden."')
    done = refresh(path, records, figures, accept=("lq2.fig.*",))
    assert [(each.did, each.after) for each in done.changes] == [("accepted", "Mijn woorden.")]
    assert states(check(path, records)) == {"lq2.fig.levels": "ok"}
    assert not refresh(path, records, figures, accept=("lq2.fig.*",)).changes
    newer = registry(figures, lq2__fig__levels={"text_nl": "Nieuwe titel"})
    refresh(path, newer, figures, comments=False)
    assert next(xml_of(path).iter("{*}docPr")).get("descr") == "Gemiddelden. A 3,4."
    assert states(check(path, newer)) == {"lq2.fig.levels": "ok"}


def test_a_picture_that_was_taken_out_is_an_edit(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.fig.levels}}")
    refresh(path, records, figures)
    with zipfile.ZipFile(path) as file:
        text = file.read("word/document.xml").decode()
    drawing = text[text.index("<w:drawing") : text.index("</w:drawing>") + len("</w:drawing>")]
    edited(path, drawing, "")
    assert states(check(path, records)) == {"lq2.fig.levels": "edited"}


def test_an_old_picture_does_not_stay_behind(tmp_path: Path, records: dict, figures: Path) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.fig.levels}}")
    refresh(path, records, figures)
    other = tmp_path / "other"
    newer = registry(other, lq2__fig__levels={"text_nl": "Nieuwe titel"})
    picture = (other / "fig" / "levels.png").read_bytes()
    (other / "fig" / "levels.png").write_bytes(picture + b"\0")
    refresh(path, newer, other, comments=False)
    media = [each for each in zipfile.ZipFile(path).namelist() if each.endswith(".png")]
    assert len(media) == 1
    with zipfile.ZipFile(path) as file:
        assert file.read(media[0]) == picture + b"\0"


def test_a_figure_whose_file_is_gone_is_told_before_anything_is_written(
    tmp_path: Path, records: dict
) -> None:
    from lostudy.errors import DocumentError

    path = document(tmp_path / "a.docx", "{{lq2.fig.levels}}")
    before = path.read_bytes()
    with pytest.raises(
        DocumentError, match="the picture of 'lq2.fig.levels' is not in the reports"
    ):
        refresh(path, records, tmp_path / "nowhere")
    assert path.read_bytes() == before


def test_a_table_that_gets_a_column_shares_its_room_by_what_the_columns_hold() -> None:
    before = new_table([["organisatie", "n"], ["A", "65"]], "Wie", room=9000)
    rows = [["organisatie", "vergelijking", "n"], ["A", "het hele personeel", "65"]]
    set_rows(before, rows)
    widths = [int(each.get(f"{Q}w")) for each in before.find(GRID)]
    assert sum(widths) == pytest.approx(9000, abs=3)
    assert widths[1] > widths[0] > widths[2], "an equal share would break the longest words"
    cells = [[int(each.get(f"{Q}w")) for each in row.iter(f"{Q}tcW")]
             for row in before.iter(TR)]  # fmt: skip
    assert cells == [widths] * 2


def test_a_number_fits_in_its_column_beside_long_words() -> None:
    """A digit of 8.5 points is about 95 twips wide: a cell with the usual margins broke 105."""
    rows = [["organisatie", "vergelijking", "schatting", "95%-BI", "n", "opmerking", "oordeel"],
            ["alle organisaties", "dezelfde mensen", "+0,13", "[−0,03; 0,30]", "1.105",
             "te weinig teams: niet toetsen", "te onzeker om te zeggen"]]  # fmt: skip
    table = new_table(rows, "Wie", room=8640)
    sides = [int(each.get(f"{Q}w")) for each in table.find(f"{Q}tblPr/{Q}tblCellMar")]
    widths = [int(each.get(f"{Q}w")) for each in table.find(GRID)]
    assert len(sides) == 2 and sum(widths) <= 8640
    for at, width in enumerate(widths):
        longest = max(len(word) for row in rows for word in row[at].split(" "))
        assert width - sum(sides) >= 95 * longest, rows[0][at]
