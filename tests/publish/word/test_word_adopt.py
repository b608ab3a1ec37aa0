"""Tokens as authors and editors leave them: wherever they stand, the finding comes in their place."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from publish.word.word_helpers import (
    NS,
    W,
    appended,
    check,
    document,
    edited,
    pandoc,
    refresh,
    states,
    text_of,
    xml_of,
)

NUMBER = "3,40 [3,31; 3,59]"
Q = f"{{{W}}}"


def controls(path: Path, part: str = "word/document.xml") -> list:
    return list(xml_of(path, part).iter(f"{Q}sdt"))


def tags(path: Path, part: str = "word/document.xml") -> list[str]:
    return [each.find(f"{Q}sdtPr/{Q}tag").get(f"{Q}val") for each in controls(path, part)]


def test_a_token_becomes_a_control_with_its_seal_in_tag_and_title(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "In A is het {{lq2.VA.A}}, dus.")
    done = refresh(path, records, figures)
    assert text_of(path) == f"In A is het {NUMBER}, dus."
    (control,) = controls(path)
    properties = {each.tag.removeprefix(Q): each.get(f"{Q}val") for each in control[0]}
    assert properties["tag"] == properties["alias"]
    assert properties["tag"].startswith("lo:lq2.VA.A#") and len(properties["tag"]) <= 64
    assert [(each.did, each.id, each.after) for each in done.changes] == [
        ("adopted", "lq2.VA.A", NUMBER)
    ]


CUT = (
    f"""<w:p {NS}><w:r w:rsidR="00A1"><w:rPr><w:b/><w:color w:val="FF0000"/></w:rPr>
<w:t xml:space="preserve">Dus {{{{lq2.</w:t></w:r><w:proofErr w:type="spellStart"/><w:r w:rsidR="00B2">
<w:rPr><w:b/></w:rPr><w:t>VA</w:t></w:r><w:proofErr w:type="spellEnd"/><w:bookmarkStart w:id="7"
w:name="mijn"/><w:r><w:t>.A}}}}</w:t></w:r><w:bookmarkEnd w:id="7"/><w:r><w:t> einde</w:t></w:r></w:p>
""".replace("\n<w:t xml", "<w:t xml")
    .replace('B2">\n', 'B2">')
    .replace('"7"\nw:', '"7" w:')
)


def test_a_token_cut_into_runs_keeps_the_look_of_its_first_letter(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = appended(tmp_path / "a.docx", CUT)
    refresh(path, records, figures)
    assert text_of(path).strip() == f"Dus {NUMBER} einde"
    (control,) = controls(path)
    look = control.find(f"{Q}sdtContent/{Q}r/{Q}rPr")
    assert [each.tag.removeprefix(Q) for each in look] == ["b", "color"]
    names = [each.get(f"{Q}name") for each in xml_of(path).iter(f"{Q}bookmarkStart")]
    assert names == ["mijn"], "what is not ours stays"
    assert not list(xml_of(path).iter(f"{Q}proofErr"))


@pytest.mark.parametrize("cuts", [(2, 6), (1, 9), (3, 4, 5, 6, 7, 8, 9, 10), (11,)])
def test_a_token_cut_anywhere_is_found(
    cuts: tuple, tmp_path: Path, records: dict, figures: Path
) -> None:
    token, parts, at = "{{lq2.VA.A}}", [], 0
    for cut in (*cuts, len(token)):
        parts.append(token[at:cut])
        at = cut
    runs = "".join(f"<w:r><w:t>{part}</w:t></w:r>" for part in parts)
    xml = f"<w:p><w:r><w:t>voor </w:t></w:r>{runs}<w:r><w:tab/><w:t>na</w:t></w:r></w:p>"
    path = appended(tmp_path / "a.docx", xml)
    refresh(path, records, figures)
    assert NUMBER in text_of(path) and "{" not in text_of(path)
    assert len(controls(path)) == 1


def test_two_tokens_in_one_run_and_a_tab_between_them(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    xml = "<w:p><w:r><w:t>a {{lq2.VA.A:value}}</w:t><w:tab/><w:t>{{lq2.VA.B:value}} b</w:t></w:r></w:p>"
    path = appended(tmp_path / "a.docx", xml)
    refresh(path, records, figures)
    assert text_of(path).strip() == "a 3,402,50 b"
    assert len(list(xml_of(path).iter(f"{Q}tab"))) == 1
    assert len(controls(path)) == 2


INSERTED = """<w:p><w:r><w:t xml:space="preserve">voor </w:t></w:r><w:ins w:id="5" w:author="Truus"
w:date="2026-01-01T00:00:00Z"><w:r><w:t>nieuw {{lq2.VA.A}} ook</w:t></w:r></w:ins></w:p>"""


def test_a_token_in_a_tracked_insertion_is_adopted_and_stays_an_insertion(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = appended(tmp_path / "a.docx", INSERTED)
    refresh(path, records, figures)
    assert text_of(path).strip() == f"voor nieuw {NUMBER} ook"
    (control,) = controls(path)
    assert control.getparent().tag == f"{Q}p", "Word wants the control around the insertion"
    inside = control.find(f"{Q}sdtContent/{Q}ins")
    assert inside.get(f"{Q}author") == "Truus"
    assert len(list(xml_of(path).iter(f"{Q}ins"))) == 3
    assert states(check(path, records)) == {"lq2.VA.A": "ok"}


@pytest.mark.parametrize("around", ['del w:id="5" w:author="T"', 'moveFrom w:id="5" w:author="T"'])
def test_a_token_in_a_tracked_deletion_is_left_alone(
    around: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    letter = "delText" if around.startswith("del") else "t"
    end = around.split()[0]
    xml = f"<w:p><w:{around}><w:r><w:{letter}>{{{{lq2.VA.A}}}}</w:{letter}></w:r></w:{end}></w:p>"
    path = appended(tmp_path / "a.docx", xml)
    before = path.read_bytes()
    assert check(path, records).rows == ()
    assert refresh(path, records, figures).changes == ()
    assert path.read_bytes() == before


def test_a_token_of_which_a_letter_was_replaced_with_changes_tracked(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    xml = """<w:p><w:r><w:t>{{lq2.VA.</w:t></w:r><w:del w:id="1" w:author="T"><w:r><w:delText>B</w:delText>
</w:r></w:del><w:ins w:id="2" w:author="T"><w:r><w:t>A</w:t></w:r></w:ins><w:r><w:t>}} na</w:t></w:r></w:p>"""
    path = appended(tmp_path / "a.docx", xml)
    refresh(path, records, figures)
    assert text_of(path).strip() == f"{NUMBER} na"


def test_header_footer_and_table_cell(tmp_path: Path, records: dict, figures: Path) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "kop {{lq2.VA.A:value}}"
    made.sections[0].footer.paragraphs[0].text = "voet {{lq2.VA.A:n}}"
    made.add_table(1, 2).rows[0].cells[1].text = "cel {{lq2.VA.B}}"
    path = tmp_path / "a.docx"
    made.save(str(path))
    done = refresh(path, records, figures)
    assert "kop 3,40" in text_of(path, "word/header1.xml")
    assert "voet 50" in text_of(path, "word/footer1.xml")
    assert "cel 2,50 [2,20; 2,70]" in text_of(path)
    assert {row.where for row in done.report.rows} == {
        "alinea 2", "koptekst, alinea 1", "voettekst, alinea 1"
    }  # fmt: skip


def test_a_footnote_that_pandoc_made(tmp_path: Path, records: dict, figures: Path) -> None:
    path = pandoc("Tekst.[^1]\n\n[^1]: In A **{{lq2.VA.A}}**.\n", tmp_path / "a.docx")
    refresh(path, records, figures)
    assert f"In A {NUMBER}." in text_of(path, "word/footnotes.xml")
    (control,) = controls(path, "word/footnotes.xml")
    assert control.find(f"{Q}sdtContent/{Q}r/{Q}rPr/{Q}b") is not None
    assert check(path, records).rows[0].where.startswith("voetnoten")


BOX = f"""<w:p {NS} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:v="urn:schemas-microsoft-com:vml"><w:r><mc:AlternateContent><mc:Choice Requires="wps">
<wps:txbx><w:txbxContent><w:p><w:r><w:t>vak {{{{lq2.VA.A}}}}</w:t></w:r></w:p></w:txbxContent></wps:txbx>
</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>vak {{{{lq2.VA.A}}}}</w:t></w:r>
</w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>
<w:r><w:t>buiten {{{{lq2.VA.B:n}}}}</w:t></w:r></w:p>"""


def test_a_text_box_has_two_halves_that_say_the_same_and_count_as_one(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = appended(tmp_path / "a.docx", BOX)
    done = refresh(path, records, figures)
    boxes = ["".join(each.itertext()).strip() for each in xml_of(path).iter(f"{Q}txbxContent")]
    assert boxes == [f"vak {NUMBER}"] * 2
    assert len(controls(path)) == 3
    assert sorted(states(done.report)) == ["lq2.VA.A", "lq2.VA.B:n"]
    assert len(done.report.rows) == 2


def test_hyperlinks_and_runs_in_fields(tmp_path: Path, records: dict, figures: Path) -> None:
    xml = """<w:p><w:hyperlink w:anchor="x"><w:r><w:t>zie {{lq2.VA.A:value}}</w:t></w:r></w:hyperlink>
<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>
<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>kop {{lq2.VA.A:n}}</w:t></w:r>
<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"""
    path = appended(tmp_path / "a.docx", xml)
    refresh(path, records, figures)
    assert "zie 3,40" in text_of(path) and "kop 50" in text_of(path)
    assert tags(path)[0].startswith("lo:lq2.VA.A:value#") and len(controls(path)) == 1
    assert controls(path)[0].getparent().tag == f"{Q}hyperlink"


@pytest.mark.parametrize(
    "token",
    ["{{ lq2.VA.A }}", "{{Lq2.va.a}}", "{{\u00a0lq2.VA.A\u200b}}", "{{lq2.VA.A : value}}"],
)
def test_what_autocorrection_makes_of_a_token(
    token: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", f"Het is {token}.")
    refresh(path, records, figures)
    assert text_of(path) in (f"Het is {NUMBER}.", "Het is 3,40.")


@pytest.mark.parametrize(
    ("text", "state", "said"),
    [
        ("{{lq2.VA.Z}}", "unknown", "Bedoel je: lq2.VA."),
        ("{{naam van de auteur}}", "unknown", ""),
        ("{{lq2.VA.A:gemiddelde}}", "unknown", "wel: value, abs, interval"),
        ("{{lq2.VA.A} en", "token", "niet gesloten"),
        ("{{lq2.VA.rises:begin}} zin", "token", "in één alinea"),
        ("zin {{lq2.VA.rises:eind}}", "token", "in één alinea"),
        ("{{lq2.quote.a2}}", "token", "tweede lezer"),
        ("{{lq2.quote.a3}}", "withdrawn", ""),
        ("tabel {{lq2.tab.change}} hier", "token", "alleen in een alinea"),
    ],
)
def test_a_token_that_cannot_be_filled_in_stays_and_says_why(
    text: str, state: str, said: str, tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", text)
    before = path.read_bytes()
    done = refresh(path, records, figures)
    assert [row.state for row in done.report.rows] == [state]
    assert said in done.report.rows[0].line()
    assert path.read_bytes() == before and done.backup is None


def test_a_field_of_an_institutes_template_is_left_alone_with_the_reason(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    xml = """<w:p><w:sdt><w:sdtPr><w:alias w:val="Titel"/><w:text/></w:sdtPr><w:sdtContent><w:r>
<w:t>{{lq2.VA.A}}</w:t></w:r></w:sdtContent></w:sdt></w:p>"""
    path = appended(tmp_path / "a.docx", xml)
    before = path.read_bytes()
    done = refresh(path, records, figures)
    assert "invulveld van het sjabloon" in done.report.rows[0].note
    assert path.read_bytes() == before


def test_a_rich_field_of_a_template_may_hold_a_finding(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    xml = """<w:p><w:sdt><w:sdtPr><w:alias w:val="Tekst"/></w:sdtPr><w:sdtContent><w:r>
<w:t>is {{lq2.VA.A}}</w:t></w:r></w:sdtContent></w:sdt></w:p>"""
    path = appended(tmp_path / "a.docx", xml)
    refresh(path, records, figures)
    assert states(check(path, records)) == {"lq2.VA.A": "ok"}


def test_a_table_is_native_with_a_header_row_and_its_notes(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "voor", "{{lq2.tab.change}}", "na")
    refresh(path, records, figures)
    (block,) = [each for each in xml_of(path)[0] if each.tag == f"{Q}sdt"]
    rows = list(block.iter(f"{Q}tr"))
    assert [["".join(cell.itertext()) for cell in row.iter(f"{Q}tc")] for row in rows] == [
        ["organisatie", "schatting", "n"], ["A", "0,35", "50"], ["B", "−0,2", "40"]
    ]  # fmt: skip
    assert rows[0].find(f"{Q}trPr/{Q}tblHeader") is not None
    assert all(row.find(f"{Q}trPr/{Q}cantSplit") is not None for row in rows)
    assert "n afgerond op 5" in text_of(path)
    assert states(check(path, records)) == {"lq2.tab.change": "ok", "lq2.tab.change:notes": "ok"}


def test_a_table_in_a_cell_leaves_the_paragraph_that_a_cell_must_end_with(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    records["lq2.tab.change"]["words"] = {}
    made = docx.Document()
    made.add_table(1, 1).rows[0].cells[0].text = "{{lq2.tab.change}}"
    path = tmp_path / "a.docx"
    made.save(str(path))
    refresh(path, records, figures)
    cell = next(xml_of(path).iter(f"{Q}tc"))
    assert [each.tag.removeprefix(Q) for each in cell] == ["tcPr", "sdt", "p"]


def test_an_own_sentence_is_wrapped_with_the_numbers_inside_it(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    text = "Nu {{lq2.VA.rises:begin}}groeit A tot {{lq2.VA.A:value}} (n = {{lq2.VA.A:n}}){{lq2.VA.rises:eind}}."
    path = document(tmp_path / "a.docx", text)
    refresh(path, records, figures)
    assert text_of(path) == "Nu groeit A tot 3,40 (n = 50)."
    assert [tag.partition("#")[0] for tag in tags(path)] == [
        "lo:lq2.VA.rises:own", "lo:lq2.VA.A:value", "lo:lq2.VA.A:n"
    ]  # fmt: skip
    assert set(states(check(path, records)).values()) == {"ok"}
    changed = {**records, "lq2.VA.A": {**records["lq2.VA.A"], "value": 3.9}}
    refresh(path, changed, figures, comments=False)
    assert text_of(path) == "Nu groeit A tot 3,90 (n = 50)."
    assert states(check(path, changed))["lq2.VA.rises:own"] == "ok"
    edited(path, "groeit A tot", "daalt A tot")
    assert states(check(path, changed))["lq2.VA.rises:own"] == "reworded"


def test_a_broken_claim_is_never_written(tmp_path: Path, records: dict, figures: Path) -> None:
    records["lq2.VA.rises"]["status"] = "broken"
    path = document(tmp_path / "a.docx", "{{lq2.VA.rises}}")
    done = refresh(path, records, figures)
    assert text_of(path) == "{{lq2.VA.rises}}"
    assert [row.state for row in done.report.rows] == ["broken"]


def test_an_id_may_be_fifty_two_characters_and_a_form_must_fit_too(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    name = "lq2." + "a" * 48
    records[name] = {**records["lq2.VA.A"], "id": name}
    path = document(tmp_path / "a.docx", f"{{{{{name}}}}} {{{{{name}:n}}}}")
    done = refresh(path, records, figures)
    assert [len(tag) for tag in tags(path)] == [64]
    assert [(row.state, row.note) for row in done.report.rows if row.form] == [
        ("token", "Naam en vorm samen zijn langer dan 52 tekens.")
    ]


def test_control_numbers_are_unique_and_the_same_each_time(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    made = []
    for name in ("a.docx", "b.docx"):
        path = document(tmp_path / name, *["{{lq2.VA.A}} {{lq2.VA.A}}"] * 20)
        refresh(path, records, figures)
        numbers = [each.find(f"{Q}sdtPr/{Q}id").get(f"{Q}val") for each in controls(path)]
        assert len(set(numbers)) == 40
        made.append(numbers)
    assert made[0] == made[1]


def test_duplicate_control_numbers_of_a_pasted_text_are_told_apart(
    tmp_path: Path, records: dict, figures: Path
) -> None:
    path = document(tmp_path / "a.docx", "{{lq2.VA.A}}", "{{lq2.VA.B}}")
    refresh(path, records, figures)
    made = docx.Document(str(path))
    body = made.element.body
    body.insert(0, parse_xml(docx.oxml.xmlchemy.serialize_for_reading(body[0])))
    made.save(str(path))
    assert list(states(check(path, records))) == ["lq2.VA.A", "lq2.VA.B"]
    records["lq2.VA.B"]["text_nl"] = "9,99"
    refresh(path, records, figures)
    numbers = [each.find(f"{Q}sdtPr/{Q}id").get(f"{Q}val") for each in controls(path)]
    assert len(numbers) == len(set(numbers)) == 3
